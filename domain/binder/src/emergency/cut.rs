//! What to cut, in which order, where it is and how, and who may decide: for whoever stands before the box.

use crate::gather::connected::{ends_text, line_name, outside};
use crate::pack::{Cell, Group, Look, Part, columns};
use crate::t;
use komainu_contact::words::duty_text;
use komainu_contact::{Contact, Duty};
use komainu_exposure::model::Control;
use komainu_i18n::Lang;
use komainu_inventory::words::{asset_kind_text, fact_label};
use komainu_inventory::{Asset, AssetKind, Connection, End, Fact, Index, Ledger, Thing};

/// Room to write in.
const BLANK: &str = "\u{3000}";

/// The part: the ways to the copies, then the lines to the outside, then things that know how they are taken off the network.
pub(super) fn part(lang: Lang, ledger: &Ledger, contacts: &[Contact]) -> Part {
    let index = ledger.index();
    let to_copy = |line: &&Connection| is_copy(&index, line.details.from) || is_copy(&index, line.details.to);
    let line = |line: &Connection| line_row(lang, &index, line);
    let thing = |asset: &Asset| thing_row(lang, &index, asset);
    let copies = ledger.connections.iter().filter(to_copy).map(line);
    let copies = copies.chain(unlined_copies(ledger).map(thing));
    let lines = outside(ledger).into_iter().filter(|line| !to_copy(line)).map(line);
    let things = ledger.assets.iter().filter(|asset| {
        asset.details.kind != AssetKind::Backup && asset.details.facts.known(Fact::HowToDisconnect)
    });
    let groups = [
        (t!(lang, "cut-copies"), copies.collect::<Vec<_>>()),
        (t!(lang, "cut-lines"), lines.collect()),
        (t!(lang, "cut-things"), things.map(thing).collect()),
    ];
    Part {
        heading: t!(lang, "pack-cut"),
        intro: format!("{}\n{}", t!(lang, "cut-intro"), who_decides(lang, contacts)),
        columns: columns([
            (t!(lang, "column-order"), 8),
            (t!(lang, "column-line"), 34),
            (t!(lang, "column-place"), 20),
            (fact_label(lang, Fact::HowToCut), 44),
            (t!(lang, "cut-done"), 16),
        ]),
        groups: numbered(groups),
        empty: t!(lang, "pack-lines-empty"),
        picture: None,
        look: Look::Large,
    }
}

/// Groups with something in them, with one count through all of them.
fn numbered<const N: usize>(groups: [(String, Vec<[String; 4]>); N]) -> Vec<Group> {
    let mut count = 0_usize;
    let group = |(heading, rows): (String, Vec<[String; 4]>)| {
        let rows = rows.into_iter().map(|row| {
            count += 1;
            std::iter::once(count.to_string()).chain(row).map(Cell::Text).collect()
        });
        Group { heading, rows: rows.collect() }
    };
    let filled = groups.into_iter().filter(|(_, rows)| !rows.is_empty());
    filled.map(group).collect()
}

fn is_copy(index: &Index<'_>, end: End) -> bool {
    let asset = end.thing().and_then(Thing::asset).and_then(|id| index.asset(id));
    asset.is_some_and(|asset| asset.details.kind == AssetKind::Backup)
}

/// Copies of which the ledger has no line, but for those that lie apart anyway.
fn unlined_copies(ledger: &Ledger) -> impl Iterator<Item = &Asset> {
    let has_line = move |id| {
        let end = End::Thing(Thing::Asset(id));
        ledger.connections.iter().any(|line| line.details.from == end || line.details.to == end)
    };
    let copies = ledger.of_kind(AssetKind::Backup);
    copies.filter(move |copy| copy.details.control(Control::OfflineCopy) != Some(true) && !has_line(copy.id))
}

/// What it is, where, how to cut it, room for when it was.
fn line_row(lang: Lang, index: &Index<'_>, line: &Connection) -> [String; 4] {
    let details = &line.details;
    let places = [details.from, details.to].map(|end| place_of(index, end));
    let mut places: Vec<&str> = places.into_iter().filter(|place| !place.is_empty()).collect();
    places.dedup();
    let end = [details.from, details.to].into_iter().find_map(End::vendor);
    let vendor = details.vendor.or(end).and_then(|id| index.vendor(id));
    let tell = vendor.map(|vendor| {
        let numbers = [vendor.phone.as_str(), vendor.night_phone.as_str()];
        let numbers: Vec<&str> = numbers.into_iter().filter(|number| !number.is_empty()).collect();
        let who = format!("{} {}", vendor.name, numbers.join(" / "));
        t!(lang, "cut-tell", who = who.trim_end())
    });
    let opened = details.facts.text(Fact::OpenedBy);
    let opened = (!opened.is_empty()).then(|| fact_line(lang, Fact::OpenedBy, opened));
    let how = std::iter::once(how_text(lang, details.facts.text(Fact::HowToCut)));
    [
        format!("{}\n{}", line_name(lang, line), ends_text(lang, index, line)),
        places.join("\n"),
        how.chain(tell).chain(opened).collect::<Vec<_>>().join("\n"),
        BLANK.to_owned(),
    ]
}

fn thing_row(lang: Lang, index: &Index<'_>, asset: &Asset) -> [String; 4] {
    [
        format!("{}\n{}", asset.details.name, asset_kind_text(lang, asset.details.kind)),
        asset_place(index, asset).to_owned(),
        how_text(lang, asset.details.facts.text(Fact::HowToDisconnect)),
        BLANK.to_owned(),
    ]
}

fn how_text(lang: Lang, how: &str) -> String {
    if how.is_empty() { t!(lang, "cut-unknown") } else { how.to_owned() }
}

fn fact_line(lang: Lang, fact: Fact, text: &str) -> String {
    t!(lang, "fact-line", label = fact_label(lang, fact), text = text)
}

/// Where an end of the house stands; empty where nobody said.
fn place_of<'a>(index: &Index<'a>, end: End) -> &'a str {
    match end.thing() {
        Some(Thing::Asset(id)) => index.asset(id).map_or("", |asset| asset_place(index, asset)),
        Some(Thing::System(id)) => index.system(id).map_or("", |system| system.place.as_str()),
        None => "",
    }
}

fn asset_place<'a>(index: &Index<'a>, asset: &Asset) -> &'a str {
    let place = asset.details.place.and_then(|place| index.asset(place));
    place.map_or("", |place| place.details.name.as_str())
}

/// Those in charge as the network has them; who decides in their absence, the house writes down itself.
fn who_decides(lang: Lang, contacts: &[Contact]) -> String {
    let in_charge = [Duty::SafetyManager, Duty::Director, Duty::Deputy, Duty::SystemOperator].map(Duty::code);
    let people = contacts.iter().filter(|contact| !contact.outside);
    let named = people.filter(|contact| in_charge.contains(&contact.duty.as_str())).map(|contact| {
        let numbers = [contact.phone.as_str(), contact.night_phone.as_str()];
        let numbers: Vec<&str> = numbers.into_iter().filter(|number| !number.is_empty()).collect();
        let duty = duty_text(lang, &contact.duty);
        let name = if contact.name == duty { "" } else { contact.name.as_str() };
        let numbers = numbers.join(" / ");
        let parts = [duty.as_str(), name, numbers.as_str()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    });
    let named: Vec<String> = named.collect();
    let known = if named.is_empty() {
        t!(lang, "cut-nobody")
    } else {
        t!(lang, "cut-who", people = named.join("\n"))
    };
    format!("{known}\n{}", t!(lang, "cut-absent"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use komainu_contact::{ContactDetails, ContactId};
    use komainu_db::uuid::Uuid;
    use komainu_exposure::model::{ConnectionKind, State};
    use komainu_inventory::{AssetDetails, AssetId, ConnectionDetails, ConnectionId, Facts};

    fn asset(n: u128, kind: AssetKind, name: &str) -> Asset {
        Asset { id: AssetId(Uuid::from_u128(n)), details: AssetDetails::named(kind, name), version: 1 }
    }

    fn line(n: u128, kind: ConnectionKind, from: End, to: End) -> Connection {
        let details = ConnectionDetails::between(kind, from, to);
        Connection { id: ConnectionId(Uuid::from_u128(n)), details, version: 1 }
    }

    fn thing(asset: &Asset) -> End {
        End::Thing(Thing::Asset(asset.id))
    }

    #[test]
    fn the_ways_to_the_copies_are_cut_first_and_each_line_says_where_and_how() {
        let place = asset(1, AssetKind::Place, "2階の配線盤");
        let mut router = asset(2, AssetKind::NetworkDevice, "ルータ");
        router.details.place = Some(place.id);
        let copy = asset(3, AssetKind::Backup, "毎晩の控え");
        let mut apart = asset(4, AssetKind::Backup, "金庫のテープ");
        apart.details.controls.insert(Control::OfflineCopy, State::Present);
        let forgotten = asset(5, AssetKind::Backup, "線の分からない控え");
        let mut pump = asset(6, AssetKind::MedicalDevice, "輸液ポンプ");
        pump.details.facts = Facts::default().with(Fact::HowToDisconnect, "看護師に断ってから抜く");
        let mut out = line(1, ConnectionKind::Vpn, End::Internet, thing(&router));
        out.details.facts = Facts::default().with(Fact::HowToCut, "青い線を抜く");
        let inside = line(2, ConnectionKind::Dicom, thing(&router), thing(&copy));
        let ledger = Ledger {
            assets: vec![place, router, copy, apart, forgotten, pump],
            connections: vec![out, inside],
            ..Ledger::default()
        };
        let director = ContactDetails {
            name: "院長".to_owned(),
            duty: "director".to_owned(),
            phone: "03-0000-0001".to_owned(),
            ..ContactDetails::default()
        };
        let director = Contact::new(ContactId(Uuid::from_u128(1)), 1, 1, &director);
        for lang in Lang::ALL {
            let made = part(lang, &ledger, std::slice::from_ref(&director));
            let rows: Vec<&Vec<Cell>> = made.groups.iter().flat_map(|group| &group.rows).collect();
            let said: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
            for (at, words) in
                ["毎晩の控え", "線の分からない控え", "青い線を抜く", "看護師に断って"].into_iter().enumerate()
            {
                let number = format!("[Text(\"{}\")", at + 1);
                assert!(said[at].starts_with(&number) && said[at].contains(words), "{lang}: {said:?}");
            }
            assert_eq!((said.len(), made.groups.len()), (4, 3), "what lies apart anyway is not cut");
            assert!(said[2].contains("2階の配線盤") && made.intro.contains("03-0000-0001"), "{lang}");
            assert!(part(lang, &Ledger::default(), &[]).is_empty());
        }
    }
}
