//! `/ledger/templates`: what is usual in a house like this, ticked beforehand, put into the ledger with a few taps.

use crate::actions::{Taken, ledger, template_apply, template_preview, templates as offered};
use crate::model::Ledger;
use crate::rules::template::{Group, Offer, Ticks, group_of_piece, group_of_thing};
use crate::t;
use crate::words::kind_name;
use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use komainu_catalog::{Catalog, Piece, PieceId, SystemKindId};
use komainu_i18n::Lang;
use komainu_vendor::pages::ledger_name;
use komainu_web::{
    Choice, Crumb, Failure, Form, Member, NoticeKind, Outcome, Refused, Section, Shell, page,
    page_with_status, redirect, with_flash,
};
use std::collections::{BTreeMap, BTreeSet};

const HERE: &str = "/ledger/templates";
const DONE: &str = "/ledger/templates/done";

/// Pieces of one group as tiles.
#[derive(Clone, Debug, Default)]
pub struct TileGroup {
    /// The group's words.
    pub legend: String,
    /// Keeps the ids of tiles apart.
    pub prefix: String,
    /// What can be ticked.
    pub tiles: Vec<Choice>,
    /// How many of them are ticked.
    pub ticked: usize,
    /// Names of pieces that the ledger has.
    pub there: Vec<String>,
}

/// Where it was read that pieces are usual.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PieceSource {
    /// What it is.
    pub what: String,
    /// Its address; may be empty.
    pub url: String,
}

/// A line of the preview.
struct Count {
    label: String,
    names: Vec<String>,
}

#[derive(Template)]
#[template(path = "ledger_template_systems.html")]
struct SystemsPage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    ledger: String,
    systems: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "ledger_templates.html")]
struct PiecesPage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    ledger: String,
    groups: Vec<TileGroup>,
    chosen: Vec<String>,
    sources: Vec<PieceSource>,
    /// Nothing was ticked.
    nothing: bool,
    /// Everything that is usual is there.
    complete: bool,
}

#[derive(Template)]
#[template(path = "ledger_template_preview.html")]
struct PreviewPage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    ledger: String,
    counts: Vec<Count>,
    left_out: Vec<String>,
    chosen: Vec<String>,
    pieces: Vec<String>,
    revision: i64,
    changed: bool,
}

#[derive(Template)]
#[template(path = "ledger_template_done.html")]
struct DonePage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    ledger: String,
    counts: Vec<(String, usize)>,
}

/// The words of a group.
pub fn group_text(lang: Lang, group: Group) -> String {
    match group {
        Group::Zones => t!(lang, "template-group-zones"),
        Group::Outside => t!(lang, "template-group-outside"),
        Group::Network => t!(lang, "template-group-network"),
        Group::Servers => t!(lang, "template-group-servers"),
        Group::Terminals => t!(lang, "template-group-terminals"),
        Group::Devices => t!(lang, "template-group-devices"),
        Group::Inside => t!(lang, "template-group-inside"),
        Group::Copies => t!(lang, "template-group-copies"),
        Group::Accounts => t!(lang, "template-group-accounts"),
        Group::Care => t!(lang, "template-group-care"),
    }
}

/// The pieces of an offer as tiles; what is ticked unasked is ticked, or what somebody `ticked` already.
pub fn tile_groups(
    catalog: &Catalog,
    lang: Lang,
    offer: &Offer,
    ticked: Option<&BTreeSet<PieceId>>,
) -> Vec<TileGroup> {
    let mut groups: BTreeMap<Group, TileGroup> = BTreeMap::new();
    for offered in &offer.pieces {
        let Some(piece) = catalog.piece(&offered.id) else { continue };
        let which = group_of_piece(piece);
        let group = groups.entry(which).or_insert_with(|| TileGroup {
            legend: group_text(lang, which),
            prefix: format!("g{}-", which as u8),
            ..TileGroup::default()
        });
        if offered.there {
            group.there.push(piece.name.get(lang).to_owned());
            continue;
        }
        let is_ticked = ticked.map_or(offered.ticked, |ticked| ticked.contains(&offered.id));
        group.ticked += usize::from(is_ticked);
        group.tiles.push(tile(lang, piece).chosen(is_ticked));
    }
    groups.into_values().collect()
}

fn tile(lang: Lang, piece: &Piece) -> Choice {
    let question = piece.question.get(lang);
    let hint =
        if piece.confirmed { question.to_owned() } else { t!(lang, "template-usual", question = question) };
    Choice::new(piece.id.as_str(), piece.name.get(lang)).hint(hint)
}

/// The sources of the pieces of an offer, each once, in the order of the pieces.
pub fn piece_sources(catalog: &Catalog, lang: Lang, offer: &Offer) -> Vec<PieceSource> {
    let mut sources: Vec<PieceSource> = Vec::new();
    let pieces = offer.pieces.iter().filter_map(|offered| catalog.piece(&offered.id));
    for source in pieces.flat_map(|piece| catalog.sources(&piece.sources)) {
        let read = PieceSource {
            what: source.what.get(lang).to_owned(),
            url: source.url.clone().unwrap_or_default(),
        };
        if !sources.contains(&read) {
            sources.push(read);
        }
    }
    sources
}

fn crumbs(lang: Lang) -> Vec<Crumb> {
    vec![Crumb { href: "/ledger/systems".to_owned(), label: t!(lang, "systems-title") }]
}

/// What a form ticks; what the catalogue does not have is left out.
fn ticks(catalog: &Catalog, form: &Form) -> Ticks {
    let known_system = |kind: &SystemKindId| catalog.system_kinds().iter().any(|known| *known.id == *kind);
    Ticks {
        systems: form
            .all("system")
            .filter_map(|kind| kind.parse::<SystemKindId>().ok())
            .filter(known_system)
            .collect(),
        pieces: form
            .all("piece")
            .filter_map(|piece| piece.parse::<PieceId>().ok())
            .filter(|piece| catalog.piece(piece).is_some())
            .collect(),
    }
}

async fn load(member: &Member, chosen: &BTreeSet<SystemKindId>) -> Result<Offer, Failure> {
    let (scope, catalog, chosen) = (member.scope.clone(), member.app.catalog.clone(), chosen.clone());
    member.read(move |tx| offered(tx, &scope, &catalog, &chosen)).await
}

/// The systems, where there are none yet or others are asked for; else the pieces.
pub async fn templates(member: Member, RawQuery(query): RawQuery) -> Outcome {
    let form = Form::read(query.unwrap_or_default().as_bytes())?;
    let ticks = ticks(&member.app.catalog, &form);
    let offer = load(&member, &ticks.systems).await?;
    let none = offer.systems.iter().all(|system| !system.there);
    if form.has("more") || (none && !form.has("go")) {
        return page(&systems_page(&member, &offer));
    }
    page(&pieces_page(&member, &offer, &ticks.systems, None))
}

fn systems_page(member: &Member, offer: &Offer) -> SystemsPage {
    let (lang, catalog) = (member.lang, &member.app.catalog);
    let open = offer.systems.iter().filter(|system| !system.there);
    let tile = |kind: &SystemKindId| {
        let known = catalog.system_kinds().iter().find(|known| *known.id == *kind);
        let hint = known.map(|known| known.explanation.get(lang).to_owned()).unwrap_or_default();
        Choice::new(kind.as_str(), kind_name(catalog, lang, kind)).hint(hint)
    };
    SystemsPage {
        page: member.shell(&t!(lang, "template-title"), Section::Ledger),
        lang,
        crumbs: crumbs(lang),
        ledger: ledger_name(lang),
        systems: open.map(|system| tile(&system.kind).chosen(system.ticked)).collect(),
    }
}

fn pieces_page(
    member: &Member,
    offer: &Offer,
    chosen: &BTreeSet<SystemKindId>,
    ticked: Option<&BTreeSet<PieceId>>,
) -> PiecesPage {
    let (lang, catalog) = (member.lang, &member.app.catalog);
    PiecesPage {
        page: member.shell(&t!(lang, "template-title"), Section::Ledger),
        lang,
        crumbs: crumbs(lang),
        ledger: ledger_name(lang),
        groups: tile_groups(catalog, lang, offer, ticked),
        chosen: chosen.iter().map(ToString::to_string).collect(),
        sources: piece_sources(catalog, lang, offer),
        nothing: false,
        complete: offer.pieces.iter().all(|piece| !piece.ticked) && chosen.is_empty(),
    }
}

/// Shows what would come of the ticks, goes back to them, or takes them.
pub async fn templates_send(member: Member, form: Form) -> Outcome {
    let ticks = ticks(&member.app.catalog, &form);
    match form.text("step") {
        "apply" => apply(member, ticks, form.parse("revision")).await,
        "edit" => {
            let offer = load(&member, &ticks.systems).await?;
            page(&pieces_page(&member, &offer, &ticks.systems, Some(&ticks.pieces)))
        }
        _ => {
            let preview = preview(&member, &ticks, false).await?;
            if preview.counts.is_empty() {
                let offer = load(&member, &ticks.systems).await?;
                let filled = pieces_page(&member, &offer, &ticks.systems, Some(&ticks.pieces));
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                return page_with_status(status, &PiecesPage { nothing: true, ..filled });
            }
            page(&preview)
        }
    }
}

async fn preview(member: &Member, ticks: &Ticks, changed: bool) -> Result<PreviewPage, Failure> {
    let (lang, scope, app, sent) = (member.lang, member.scope.clone(), member.app.clone(), ticks.clone());
    let taken =
        member.read(move |tx| template_preview(tx, &app.nature, &scope, &app.catalog, lang, &sent)).await?;
    let catalog = &member.app.catalog;
    let name = |id: &PieceId| catalog.piece(id).map(|piece| piece.name.get(lang).to_owned());
    Ok(PreviewPage {
        page: member.shell(&t!(lang, "template-preview-title"), Section::Ledger),
        lang,
        crumbs: crumbs(lang),
        ledger: ledger_name(lang),
        counts: counts(catalog, lang, &taken),
        left_out: taken.plan.left_out.iter().filter_map(name).collect(),
        chosen: ticks.systems.iter().map(ToString::to_string).collect(),
        pieces: ticks.pieces.iter().map(ToString::to_string).collect(),
        revision: taken.revision,
        changed,
    })
}

/// What would be added: systems first, then the groups.
fn counts(catalog: &Catalog, lang: Lang, taken: &Taken) -> Vec<Count> {
    let systems = taken.systems.iter().map(|system| system.name.clone()).collect();
    let mut counts = vec![Count { label: t!(lang, "systems-title"), names: systems }];
    let pieces: Vec<&Piece> = taken.plan.taken.iter().filter_map(|id| catalog.piece(id)).collect();
    for group in Group::ALL {
        let of_group = pieces.iter().filter(|piece| group_of_piece(piece) == group);
        let names = of_group.map(|piece| piece.name.get(lang).to_owned()).collect();
        counts.push(Count { label: group_text(lang, group), names });
    }
    counts.retain(|count| !count.names.is_empty());
    counts
}

async fn apply(member: Member, ticks: Ticks, revision: Option<i64>) -> Outcome {
    let (lang, scope, app, sent) = (member.lang, member.scope.clone(), member.app.clone(), ticks.clone());
    let taken = member
        .write(move |tx| template_apply(tx, &app.nature, &scope, &app.catalog, lang, revision, &sent))
        .await;
    match taken {
        Ok(taken) => {
            let added = taken.systems.len() + taken.plan.edits.len();
            let told = t!(lang, "template-added", count = added);
            Ok(with_flash(&member.app, redirect(DONE), NoticeKind::Success, &told))
        }
        Err(Refused::Because(_)) => {
            page_with_status(StatusCode::CONFLICT, &preview(&member, &ticks, true).await?)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// What the ledger holds now, and what to do with it next.
pub async fn done(member: Member) -> Outcome {
    let (lang, scope) = (member.lang, member.scope.clone());
    let ledger = member.read(move |tx| ledger(tx, &scope)).await?;
    page(&DonePage {
        page: member.shell(&t!(lang, "template-done-title"), Section::Ledger),
        lang,
        crumbs: vec![Crumb { href: HERE.to_owned(), label: t!(lang, "template-title") }],
        ledger: ledger_name(lang),
        counts: held(lang, &ledger),
    })
}

fn held(lang: Lang, ledger: &Ledger) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<Group, usize> = BTreeMap::new();
    for asset in &ledger.assets {
        *counts.entry(group_of_thing(asset.details.kind)).or_default() += 1;
    }
    for line in &ledger.connections {
        let group = if line.details.is_outside() { Group::Outside } else { Group::Inside };
        *counts.entry(group).or_default() += 1;
    }
    let groups = counts.into_iter().map(|(group, count)| (group_text(lang, group), count));
    std::iter::once((t!(lang, "systems-title"), ledger.systems.len())).chain(groups).collect()
}
