//! What the pages of things and lines share: choices out of the ledger, links to what belongs together, addresses.

use crate::rules::{Gap, Record, Wanted};
use crate::words::{
    asset_kind_text, connection_kind_text, control_label, end_text, fact_label, known_text, relation_hint,
    relation_text, state_text,
};
use crate::{
    Asset, AssetId, AssetKind, Connection, End, Fact, Facts, Index, Ledger, RelationKind, Relations,
    SystemId, Thing, t,
};
use askama::Template;
use komainu_exposure::model::{ConnectionKind, Control, Controls};
use komainu_i18n::{Lang, collate};
use komainu_institution::parts::FormWords;
use komainu_institution::rules::by_reading;
use komainu_vendor::VendorId;
use komainu_web::{Choice, Crumb, Shell};

pub(crate) const ASSETS: &str = "/ledger/assets";
pub(crate) const CONNECTIONS: &str = "/ledger/connections";

/// How many rows a list shows at once.
pub(crate) const ROWS: usize = 200;
/// How many of those that name a record are told before it is removed.
const NAMED: usize = 20;

/// A row that leads somewhere.
pub(crate) struct Linked {
    pub(crate) href: String,
    pub(crate) words: String,
    /// A second line; may be empty.
    pub(crate) below: String,
}

/// The question of which kind something new is.
#[derive(Template)]
#[template(path = "kinds.html")]
pub(crate) struct KindsPage {
    pub(crate) page: Shell,
    pub(crate) crumbs: Vec<Crumb>,
    pub(crate) ledger: String,
    pub(crate) lead: String,
    pub(crate) tiles: Vec<Linked>,
}

/// The question before a record is removed.
#[derive(Template)]
#[template(path = "record_remove.html")]
pub(crate) struct RemovePage {
    pub(crate) page: Shell,
    pub(crate) lang: Lang,
    pub(crate) words: FormWords,
    pub(crate) record_name: String,
    /// How many lines go with it.
    pub(crate) lines: i64,
    pub(crate) mentions: Mentions,
    pub(crate) version: i64,
    pub(crate) action: String,
    pub(crate) back: String,
    pub(crate) changed: bool,
}

/// Things that name a record which is to be removed, and lose that with it.
pub(crate) struct Mentions {
    /// The first of them.
    pub(crate) first: Vec<Linked>,
    /// What becomes of all of them.
    pub(crate) told: String,
    /// That there are more; empty where there are none.
    pub(crate) rest: String,
}

impl Mentions {
    pub(crate) fn of(lang: Lang, named: &[(AssetId, String)]) -> Mentions {
        let link = |(id, name): &(AssetId, String)| Linked {
            href: format!("{ASSETS}/{id}"),
            words: name.clone(),
            below: String::new(),
        };
        Mentions {
            first: named.iter().take(NAMED).map(link).collect(),
            told: t!(lang, "remove-naming", count = named.len().to_string()),
            rest: match named.len().saturating_sub(NAMED) {
                0 => String::new(),
                rest => t!(lang, "remove-naming-more", count = rest.to_string()),
            },
        }
    }

    /// Where removing is asked for by somebody who has read this.
    pub(crate) fn action(&self, path: String) -> String {
        if self.first.is_empty() { path } else { path + "?clear=yes" }
    }
}

/// Things that a thing has to do with in one way.
pub(crate) struct RelationField {
    pub(crate) id: &'static str,
    pub(crate) words: String,
    pub(crate) help: String,
    pub(crate) options: Vec<Choice>,
    pub(crate) chosen: usize,
    pub(crate) fault: String,
}

impl RelationField {
    /// Whether something is chosen or wrong, so that it is not hidden.
    pub(crate) fn open(&self) -> bool {
        self.chosen > 0 || !self.fault.is_empty()
    }

    /// Whether looking for one by its name is of use.
    pub(crate) fn long(&self) -> bool {
        self.options.len() > 12
    }
}

/// Choices of one sort, under the sort's name.
pub(crate) struct Group {
    pub(crate) words: String,
    pub(crate) options: Vec<Choice>,
}

/// Things of a kind to choose one from, by name.
pub(crate) fn asset_choices(
    lang: Lang,
    ledger: &Ledger,
    kind: AssetKind,
    but: Option<AssetId>,
    chosen: Option<AssetId>,
) -> Vec<Choice> {
    let mut all: Vec<&Asset> = ledger.of_kind(kind).filter(|asset| Some(asset.id) != but).collect();
    all.sort_by(|a, b| collate(lang, &a.details.name, &b.details.name));
    let choice = |asset: &&Asset| {
        Choice::new(asset.id.to_string(), &asset.details.name).chosen(Some(asset.id) == chosen)
    };
    all.iter().map(choice).collect()
}

/// Systems to choose one from.
pub(crate) fn system_choices(lang: Lang, ledger: &Ledger, chosen: Option<SystemId>) -> Vec<Choice> {
    let mut all: Vec<_> = ledger.systems.iter().collect();
    all.sort_by(|a, b| collate(lang, &a.name, &b.name));
    all.iter().map(|it| Choice::new(it.id.to_string(), &it.name).chosen(Some(it.id) == chosen)).collect()
}

/// Vendors to choose one from.
pub(crate) fn vendor_choices(lang: Lang, ledger: &Ledger, chosen: Option<VendorId>) -> Vec<Choice> {
    let mut all: Vec<_> = ledger.vendors.iter().collect();
    all.sort_by(|a, b| by_reading(lang, (&a.name, &a.name_kana), (&b.name, &b.name_kana)));
    all.iter().map(|it| Choice::new(it.id.to_string(), &it.name).chosen(Some(it.id) == chosen)).collect()
}

/// What a thing of a kind can have to do with others in one way: what is at hand, and what is chosen already.
pub(crate) fn relation_field(
    lang: Lang,
    ledger: &Ledger,
    (kind, own): (AssetKind, Option<AssetId>),
    relation: RelationKind,
    relations: &Relations,
    fault: &str,
) -> RelationField {
    let is_chosen = |thing: Thing| relations.contains(&(relation, thing));
    let care = kind == AssetKind::CareProcess;
    let fits = |asset: &&Asset| {
        let at_hand = asset.details.kind.is_host() || (care && asset.details.kind == AssetKind::CareProcess);
        Some(asset.id) != own && (at_hand || is_chosen(Thing::Asset(asset.id)))
    };
    let word = t!(lang, "system-word");
    let systems = ledger.systems.iter().map(|it| (Thing::System(it.id), it.name.as_str(), word.clone()));
    let assets =
        ledger.assets.iter().filter(fits).map(|it| {
            (Thing::Asset(it.id), it.details.name.as_str(), asset_kind_text(lang, it.details.kind))
        });
    let mut all: Vec<_> = systems.chain(assets).collect();
    // What is chosen stands in front.
    all.sort_by(|a, b| is_chosen(b.0).cmp(&is_chosen(a.0)).then_with(|| collate(lang, a.1, b.1)));
    let options: Vec<Choice> = all
        .into_iter()
        .map(|(thing, name, sort)| Choice::new(thing.to_string(), name).hint(sort).chosen(is_chosen(thing)))
        .collect();
    RelationField {
        id: relation.code(),
        words: relation_text(lang, relation),
        help: relation_hint(lang, relation),
        chosen: options.iter().filter(|option| option.chosen).count(),
        options,
        fault: fault.to_owned(),
    }
}

/// What a line can end at: the Internet, vendors, systems, things by kind.
pub(crate) fn end_groups(lang: Lang, ledger: &Ledger, chosen: Option<End>) -> Vec<Group> {
    let choice = |end: End, name: &str| Choice::new(end.to_string(), name).chosen(Some(end) == chosen);
    let mut groups = vec![Group {
        words: t!(lang, "end-outside"),
        options: vec![choice(End::Internet, &t!(lang, "end-internet"))],
    }];
    let vendors = ledger.vendors.iter().map(|it| (End::Vendor(it.id), it.name.as_str())).collect();
    let systems =
        ledger.systems.iter().map(|it| (End::Thing(Thing::System(it.id)), it.name.as_str())).collect();
    let mut sorts: Vec<(String, Vec<(End, &str)>)> =
        vec![(t!(lang, "end-vendors"), vendors), (t!(lang, "end-systems"), systems)];
    for kind in AssetKind::ALL.iter().copied() {
        let of = ledger.of_kind(kind);
        let things = of.map(|it| (End::Thing(Thing::Asset(it.id)), it.details.name.as_str())).collect();
        sorts.push((asset_kind_text(lang, kind), things));
    }
    for (words, mut ends) in sorts {
        ends.sort_by(|a, b| collate(lang, a.1, b.1));
        let options: Vec<Choice> = ends.into_iter().map(|(end, name)| choice(end, name)).collect();
        if !options.is_empty() {
            groups.push(Group { words, options });
        }
    }
    groups
}

/// Things and lines as rows that lead to them.
pub(crate) fn asset_link(lang: Lang, asset: &Asset) -> Linked {
    Linked {
        href: format!("{ASSETS}/{}", asset.id),
        words: asset.details.name.clone(),
        below: asset_kind_text(lang, asset.details.kind),
    }
}

/// A line as people name it: by its own name, or by its ends.
pub(crate) fn line_name(lang: Lang, index: &Index<'_>, line: &Connection) -> String {
    if line.details.name.is_empty() { line_ends(lang, index, line) } else { line.details.name.clone() }
}

/// From where to where a line leads.
pub(crate) fn line_ends(lang: Lang, index: &Index<'_>, line: &Connection) -> String {
    let (from, to) = (end_text(lang, index, line.details.from), end_text(lang, index, line.details.to));
    let arrow = if line.details.both_ways { "⇄" } else { "→" };
    format!("{from} {arrow} {to}")
}

/// The lines at a thing or system.
pub(crate) fn lines_of(lang: Lang, ledger: &Ledger, index: &Index<'_>, thing: Thing) -> Vec<Linked> {
    let end = End::Thing(thing);
    let at = ledger.connections.iter().filter(|it| it.details.from == end || it.details.to == end);
    at.map(|line| Linked {
        href: format!("{CONNECTIONS}/{}", line.id),
        words: line_ends(lang, index, line),
        below: [connection_kind_text(lang, line.details.kind), line.details.name.clone()]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" / "),
    })
    .collect()
}

/// Rows of label, mine, theirs for facts and controls.
pub(crate) fn known_rows(
    lang: Lang,
    (my_facts, my_controls): (&Facts, &Controls),
    (their_facts, their_controls): (&Facts, &Controls),
) -> Vec<(String, String, String)> {
    let text = |facts: &Facts, fact: Fact| crate::words::fact_text(lang, fact, facts.text(fact));
    let facts = Fact::ALL
        .iter()
        .map(|fact| (fact_label(lang, *fact), text(my_facts, *fact), text(their_facts, *fact)));
    let state = |controls: &Controls, control: Control| {
        state_text(lang, controls.get(&control).copied().unwrap_or_default())
    };
    let controls = Control::ALL.iter().map(|control| {
        (control_label(lang, *control), state(my_controls, *control), state(their_controls, *control))
    });
    facts.chain(controls).collect()
}

/// Yes or no, for the two texts of a conflict.
pub(crate) fn yes_text(lang: Lang, yes: bool) -> String {
    known_text(lang, Some(yes))
}

/// What a gap is called.
pub(crate) fn wanted_text(lang: Lang, wanted: Wanted) -> String {
    match wanted {
        Wanted::Fact(fact) => fact_label(lang, fact),
        Wanted::Control(control) => control_label(lang, control),
        Wanted::Zone => t!(lang, "asset-zone"),
        Wanted::Needs => relation_text(lang, RelationKind::Needs),
        Wanted::CopyOf => relation_text(lang, RelationKind::CopyOf),
        Wanted::Opens => relation_text(lang, RelationKind::Opens),
        Wanted::Hosting => t!(lang, "system-hosting"),
        Wanted::Things => t!(lang, "gap-things"),
        Wanted::Remote => t!(lang, "system-remote-short"),
        Wanted::RemoteLine => t!(lang, "gap-remote-line"),
    }
}

/// Where a gap is filled.
pub(crate) fn gap_href(gap: &Gap) -> String {
    let field = match gap.wanted {
        Wanted::Fact(fact) => super::fields::fact_field(fact),
        Wanted::Control(control) => super::fields::control_field(control),
        Wanted::Zone => "zone".to_owned(),
        Wanted::Needs => RelationKind::Needs.code().to_owned(),
        Wanted::CopyOf => RelationKind::CopyOf.code().to_owned(),
        Wanted::Opens => RelationKind::Opens.code().to_owned(),
        Wanted::Hosting => "hosting".to_owned(),
        Wanted::Remote => "remote".to_owned(),
        Wanted::Things | Wanted::RemoteLine => String::new(),
    };
    match (gap.record, gap.wanted) {
        (Record::System(id), Wanted::Things) => format!("{ASSETS}/new?system={id}"),
        (Record::System(id), Wanted::RemoteLine) => {
            let kind = ConnectionKind::RemoteMaintenance.code();
            format!("{CONNECTIONS}/new?kind={kind}&to={}", Thing::System(id))
        }
        (Record::System(id), _) => format!("/ledger/systems/{id}#f-{field}"),
        (Record::Asset(id), _) => format!("{ASSETS}/{id}#f-{field}"),
        (Record::Connection(id), _) => format!("{CONNECTIONS}/{id}#f-{field}"),
    }
}

/// The name of a record.
pub(crate) fn record_name(lang: Lang, index: &Index<'_>, record: Record) -> String {
    let name = match record {
        Record::System(id) => index.system(id).map(|it| it.name.clone()),
        Record::Asset(id) => index.asset(id).map(|it| it.details.name.clone()),
        Record::Connection(id) => index.connection(id).map(|it| line_name(lang, index, it)),
    };
    name.unwrap_or_default()
}
