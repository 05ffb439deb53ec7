//! Everything that is connected: things with what the checklist asks of them, lines to the outside, and what to cut first.

use crate::pack::{Cell, Drawing, Group, Look, Part, columns};
use crate::t;
use komainu_exposure::model::{ConnectionKind, Control, State};
use komainu_i18n::{Lang, collate};
use komainu_inventory::words::{
    asset_kind_text, connection_kind_text, control_label, end_text, fact_label, fact_text, state_text,
};
use komainu_inventory::{Asked, Asset, AssetKind, Connection, Fact, Index, Ledger, Subject};
use komainu_map::paper::Picture;
use std::cmp::Ordering;

/// Things by kind, each with the facts that the checklist asks for.
pub(super) fn things_part(lang: Lang, ledger: &Ledger) -> Part {
    let index = ledger.index();
    let groups = AssetKind::ALL.iter().map(|kind| {
        let mut things: Vec<&Asset> = ledger.of_kind(*kind).collect();
        things.sort_by(|a, b| {
            let named = collate(lang, &a.details.name, &b.details.name);
            named.then_with(|| a.id.cmp(&b.id))
        });
        let rows = things.into_iter().map(|thing| thing_row(lang, &index, thing)).collect();
        Group { heading: asset_kind_text(lang, *kind), rows }
    });
    Part {
        heading: t!(lang, "pack-things"),
        intro: t!(lang, "pack-sensitive"),
        columns: columns([
            (t!(lang, "column-name"), 26),
            (t!(lang, "column-place"), 18),
            (t!(lang, "column-vendor"), 20),
            (t!(lang, "column-system"), 18),
            (t!(lang, "column-facts"), 48),
        ]),
        groups: groups.filter(|group| !group.rows.is_empty()).collect(),
        empty: t!(lang, "pack-things-empty"),
        picture: None,
        look: Look::Table,
    }
}

/// The ledger as a picture.
pub(crate) fn map_part(lang: Lang, picture: Option<Picture>) -> Part {
    Part {
        heading: t!(lang, "pack-map"),
        intro: picture.as_ref().map(|picture| picture.lead.clone()).unwrap_or_default(),
        columns: Vec::new(),
        groups: Vec::new(),
        empty: t!(lang, "pack-map-empty"),
        picture: picture.map(Drawing::Map),
        look: Look::Table,
    }
}

fn thing_row(lang: Lang, index: &Index<'_>, thing: &Asset) -> Vec<Cell> {
    let details = &thing.details;
    let place = details.place.and_then(|place| index.asset(place));
    let vendor = details.vendor.and_then(|vendor| index.vendor(vendor));
    let system = details.system.and_then(|system| index.system(system));
    [
        details.name.clone(),
        place.map(|place| place.details.name.clone()).unwrap_or_default(),
        vendor.map(|vendor| vendor.name.clone()).unwrap_or_default(),
        system.map(|system| system.name.clone()).unwrap_or_default(),
        facts_text(lang, thing),
    ]
    .map(Cell::Text)
    .to_vec()
}

/// What the checklist asks of a thing and somebody wrote down, a line each.
fn facts_text(lang: Lang, thing: &Asset) -> String {
    let subject = Subject::Asset(thing.details.kind);
    let asked = thing
        .details
        .facts
        .iter()
        .filter(|(fact, _)| matches!(fact.asked(subject), Some(Asked::Checklist(_))));
    let lines = asked.map(|(fact, text)| {
        t!(lang, "fact-line", label = fact_label(lang, fact), text = fact_text(lang, fact, text))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The lines to the outside and those by which somebody can come in, the most open first.
pub(crate) fn outside(ledger: &Ledger) -> Vec<&Connection> {
    let mut lines: Vec<&Connection> = ledger.connections.iter().filter(|line| leads_out(line)).collect();
    lines.sort_by(|a, b| urgency(a).cmp(&urgency(b)).then_with(|| a.id.cmp(&b.id)));
    lines
}

fn leads_out(line: &Connection) -> bool {
    let kind = line.details.kind;
    line.details.is_outside()
        || matches!(
            kind,
            ConnectionKind::Internet
                | ConnectionKind::Vpn
                | ConnectionKind::IpVpn
                | ConnectionKind::IpsecIke
                | ConnectionKind::RemoteMaintenance
                | ConnectionKind::LteRouter
                | ConnectionKind::RemoteDesktop
                | ConnectionKind::Cloud
        )
}

/// The smaller, the earlier it is cut: by how attackers mostly came in, then what stands in their way.
pub(super) fn urgency(line: &Connection) -> (u8, u8) {
    let kind = match line.details.kind {
        ConnectionKind::RemoteDesktop => 0,
        ConnectionKind::Vpn => 1,
        ConnectionKind::RemoteMaintenance => 2,
        ConnectionKind::LteRouter => 3,
        ConnectionKind::Internet => 4,
        ConnectionKind::Cloud => 6,
        ConnectionKind::IpVpn => 7,
        ConnectionKind::IpsecIke => 8,
        _ => 5,
    };
    let open = match line.details.control(Control::SourceLimited) {
        Some(false) => 0,
        None => 1,
        Some(true) => 2,
    };
    (kind, open)
}

/// What a line is called: its name, or its kind.
pub(crate) fn line_name(lang: Lang, line: &Connection) -> String {
    let kind = connection_kind_text(lang, line.details.kind);
    if line.details.name.is_empty() { kind } else { format!("{}\n{kind}", line.details.name) }
}

/// What it joins, and in which direction it is opened.
pub(crate) fn ends_text(lang: Lang, index: &Index<'_>, line: &Connection) -> String {
    let (from, to) = (end_text(lang, index, line.details.from), end_text(lang, index, line.details.to));
    if line.details.both_ways { format!("{from}\n⇔ {to}") } else { format!("{from}\n→ {to}") }
}

fn control_text(lang: Lang, line: &Connection, control: Control) -> String {
    state_text(lang, line.details.controls.get(&control).copied().unwrap_or(State::Unknown))
}

/// Who comes in and goes out, and what stands in the way.
pub(super) fn lines_part(lang: Lang, ledger: &Ledger) -> Part {
    let index = ledger.index();
    let mut lines = outside(ledger);
    lines.sort_by(|a, b| by_name(lang, a, b));
    let rows = lines.into_iter().map(|line| {
        let details = &line.details;
        let vendor = details.vendor.and_then(|vendor| index.vendor(vendor));
        [
            line_name(lang, line),
            ends_text(lang, &index, line),
            vendor.map(|vendor| vendor.name.clone()).unwrap_or_default(),
            details.facts.text(Fact::OpenedBy).to_owned(),
            control_text(lang, line, Control::SourceLimited),
            control_text(lang, line, Control::TwoFactor),
            details.facts.text(Fact::HowToCut).to_owned(),
        ]
        .map(Cell::Text)
        .to_vec()
    });
    Part {
        heading: t!(lang, "pack-lines"),
        intro: t!(lang, "pack-sensitive"),
        columns: columns([
            (t!(lang, "column-line"), 22),
            (t!(lang, "column-ends"), 28),
            (t!(lang, "column-vendor"), 18),
            (fact_label(lang, Fact::OpenedBy), 18),
            (control_label(lang, Control::SourceLimited), 16),
            (control_label(lang, Control::TwoFactor), 16),
            (fact_label(lang, Fact::HowToCut), 28),
        ]),
        groups: vec![Group { heading: String::new(), rows: rows.collect() }],
        empty: t!(lang, "pack-lines-empty"),
        picture: None,
        look: Look::Table,
    }
}

fn by_name(lang: Lang, a: &Connection, b: &Connection) -> Ordering {
    collate(lang, &line_name(lang, a), &line_name(lang, b)).then_with(|| a.id.cmp(&b.id))
}

/// What to cut first when it comes to it, and how: to hang up beside the network box.
pub(super) fn cut_part(lang: Lang, ledger: &Ledger) -> Part {
    let index = ledger.index();
    let rows = outside(ledger).into_iter().enumerate().map(|(at, line)| {
        let how = line.details.facts.text(Fact::HowToCut);
        [
            (at + 1).to_string(),
            line_name(lang, line),
            ends_text(lang, &index, line),
            if how.is_empty() { t!(lang, "cut-unknown") } else { how.to_owned() },
        ]
        .map(Cell::Text)
        .to_vec()
    });
    Part {
        heading: t!(lang, "pack-cut"),
        intro: t!(lang, "pack-cut-intro"),
        columns: columns([
            (t!(lang, "column-order"), 8),
            (t!(lang, "column-line"), 30),
            (t!(lang, "column-ends"), 34),
            (fact_label(lang, Fact::HowToCut), 50),
        ]),
        groups: vec![Group { heading: String::new(), rows: rows.collect() }],
        empty: t!(lang, "pack-lines-empty"),
        picture: None,
        look: Look::Table,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use komainu_db::uuid::Uuid;
    use komainu_inventory::{ConnectionDetails, ConnectionId, End};

    fn line(kind: ConnectionKind, limited: Option<State>) -> Connection {
        let mut details = ConnectionDetails::between(kind, End::Internet, End::Internet);
        details.controls.extend(limited.map(|state| (Control::SourceLimited, state)));
        Connection { id: ConnectionId(Uuid::nil()), details, version: 1 }
    }

    #[test]
    fn the_most_open_way_in_is_cut_first() {
        use ConnectionKind::{IpsecIke, RemoteDesktop, RemoteMaintenance, Vpn};
        let order = [
            line(RemoteDesktop, Some(State::Present)),
            line(Vpn, Some(State::Absent)),
            line(Vpn, None),
            line(Vpn, Some(State::Present)),
            line(RemoteMaintenance, Some(State::Absent)),
            line(IpsecIke, Some(State::Absent)),
        ];
        assert!(order.is_sorted_by_key(urgency), "{:?}", order.iter().map(urgency).collect::<Vec<_>>());
        assert!(!leads_out(&Connection {
            details: ConnectionDetails::between(
                ConnectionKind::Dicom,
                End::Thing(komainu_inventory::Thing::Asset(komainu_inventory::AssetId(Uuid::nil()))),
                End::Thing(komainu_inventory::Thing::Asset(komainu_inventory::AssetId(Uuid::nil()))),
            ),
            ..line(Vpn, None)
        }));
    }
}
