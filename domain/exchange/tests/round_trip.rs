//! What is taken out and in again changes nothing, whatever stands in the ledger.
#![allow(clippy::unwrap_used)]

use chrono::{DateTime, NaiveDate, Utc};
use komainu_db::uuid::Uuid;
use komainu_exchange::export::{csv, workbook};
use komainu_exchange::rules::{Encoding, guess, read_files, settle, table_rows};
use komainu_exchange::vocabulary::Vocabulary;
use komainu_exchange::{Choices, Counts, Settled, Sheet};
use komainu_exposure::model::{ConnectionKind, Control, State};
use komainu_i18n::Lang;
use komainu_inventory::actions::{asset_fitting, connection_fitting};
use komainu_inventory::{
    Asset, AssetDetails, AssetId, AssetKind, Connection, ConnectionDetails, ConnectionId, End, Fact,
    FactType, Facts, Hosting, Ledger, RelationKind, SystemDetails, SystemId, SystemRecord, Thing, other_kind,
};
use komainu_vendor::{Vendor, VendorDetails, VendorId};
use proptest::collection::vec;
use proptest::prelude::*;

/// So many things at most.
const THINGS: usize = 12;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn name() -> impl Strategy<Value = String> {
    "[-=+@'A-Za-zあア亜ｱ1 ;]{0,7}[a-z亜]".prop_map(|name| name.trim().to_owned())
}

fn free() -> impl Strategy<Value = String> {
    "[-=+@'\",;a-z0-9あ〜髙 \n]{0,20}".prop_map(|text| text.trim().to_owned())
}

/// Texts and numbers enough for every fact.
fn facts() -> impl Strategy<Value = Vec<(bool, String, u32)>> {
    vec((any::<bool>(), free(), any::<u32>()), Fact::ALL.len())
}

fn facts_of(made: &[(bool, String, u32)]) -> Facts {
    let mut facts = Facts::default();
    for (fact, (_, text, number)) in Fact::ALL.iter().zip(made).filter(|(_, (known, ..))| *known) {
        let text = match fact.kind() {
            FactType::Line(_) | FactType::Text(_) => text.clone(),
            FactType::Day => {
                let day = NaiveDate::from_ymd_opt(1990, 1, 1).unwrap()
                    + chrono::Days::new(u64::from(number % 20_000));
                day.to_string()
            }
            FactType::YesNo => if number % 2 == 0 { "yes" } else { "no" }.to_owned(),
            FactType::Number(least, most) => (least + number % (most - least + 1)).to_string(),
            FactType::Choice(words) => words[*number as usize % words.len()].to_owned(),
        };
        facts.set(*fact, &text).unwrap();
    }
    facts
}

fn controls(bits: u64) -> komainu_exposure::model::Controls {
    let states =
        Control::ALL.iter().enumerate().filter_map(|(place, control)| match (bits >> (place % 30 * 2)) & 3 {
            0 => Some((*control, State::Present)),
            1 => Some((*control, State::Absent)),
            _ => None,
        });
    states.collect()
}

type Made = (usize, String, Vec<(bool, String, u32)>, u64, [usize; 6], String);

fn made() -> impl Strategy<Value = Made> {
    (any::<usize>(), name(), facts(), any::<u64>(), any::<[usize; 6]>(), free())
}

fn ledgers() -> impl Strategy<Value = Ledger> {
    (vec(made(), 1..THINGS), vec(made(), 1..6), vec(name(), 0..3), vec(name(), 0..3)).prop_map(
        |(things, lines, systems, vendors)| {
            let mut ledger = Ledger { revision: 1, ..Ledger::default() };
            for (number, name) in (1000_u128..).zip(systems) {
                let details = SystemDetails::named(other_kind(), &name, Hosting::Unknown);
                ledger.systems.push(SystemRecord::new(SystemId(Uuid::from_u128(number)), 1, &details));
            }
            for (number, name) in (2000_u128..).zip(vendors) {
                let details = VendorDetails { name, ..VendorDetails::default() };
                ledger.vendors.push(Vendor::new(VendorId(Uuid::from_u128(number)), 1, &details));
            }
            let kinds: Vec<AssetKind> =
                things.iter().map(|thing| AssetKind::ALL[thing.0 % AssetKind::ALL.len()]).collect();
            for (number, thing) in things.iter().enumerate() {
                let asset = asset(number, thing, &kinds, &ledger);
                ledger.assets.push(asset);
            }
            for (number, line) in lines.iter().enumerate() {
                let line = connection(number, line, &ledger);
                ledger.connections.extend(line);
            }
            ledger
        },
    )
}

fn id_of(number: usize) -> AssetId {
    AssetId(Uuid::from_u128(1 + number as u128))
}

fn asset(number: usize, made: &Made, kinds: &[AssetKind], ledger: &Ledger) -> Asset {
    let (_, name, facts, bits, picks, note) = made;
    let among = |kind: AssetKind, pick: usize| {
        let all: Vec<usize> = (0..kinds.len()).filter(|at| kinds[*at] == kind).collect();
        (!all.is_empty() && pick.is_multiple_of(2)).then(|| id_of(all[pick / 2 % all.len()]))
    };
    let system = (!ledger.systems.is_empty()).then(|| ledger.systems[picks[2] % ledger.systems.len()].id);
    let relations = RelationKind::ALL.iter().enumerate().filter_map(|(at, kind)| {
        let target = picks[at % picks.len()];
        let thing = match system {
            Some(system) if target % 3 == 0 => Thing::System(system),
            _ => Thing::Asset(id_of(target % kinds.len())),
        };
        (target % 2 == 0).then_some((*kind, thing))
    });
    let details = AssetDetails {
        zone: among(AssetKind::Zone, picks[0]),
        place: among(AssetKind::Place, picks[1]),
        system,
        vendor: (!ledger.vendors.is_empty()).then(|| ledger.vendors[picks[3] % ledger.vendors.len()].id),
        facts: facts_of(facts),
        controls: controls(*bits),
        relations: relations.collect(),
        note: note.clone(),
        ..AssetDetails::named(kinds[number], name)
    };
    Asset { id: id_of(number), details: asset_fitting(&details), version: 1 }
}

fn connection(number: usize, made: &Made, ledger: &Ledger) -> Option<Connection> {
    let (kind, name, facts, bits, picks, note) = made;
    let thing = |pick: usize| End::Thing(Thing::Asset(ledger.assets[pick % ledger.assets.len()].id));
    let outside = match ledger.vendors.first() {
        Some(vendor) if picks[1] % 2 == 0 => End::Vendor(vendor.id),
        _ => End::Internet,
    };
    let from = if picks[0] % 3 == 0 { outside } else { thing(picks[0]) };
    let to = thing(picks[2]);
    let details = ConnectionDetails {
        name: if picks[3] % 2 == 0 { String::new() } else { name.clone() },
        both_ways: picks[4] % 2 == 0,
        vendor: ledger.vendors.last().map(|vendor| vendor.id),
        facts: facts_of(facts),
        controls: controls(*bits),
        note: note.clone(),
        ..ConnectionDetails::between(ConnectionKind::ALL[kind % ConnectionKind::ALL.len()], from, to)
    };
    let id = ConnectionId(Uuid::from_u128(5000 + number as u128));
    (from != to).then(|| Connection { id, details: connection_fitting(&details), version: 1 })
}

/// Files of a ledger taken in again by a reader of another language, or the same.
fn again(ledger: &Ledger, files: &[(String, Vec<u8>)], reader: Lang) -> Settled {
    let read = read_files(files).unwrap();
    let (words, tables) = (Vocabulary::of(reader), &read.content.tables);
    let mut rows = Vec::new();
    for (source, table) in tables.iter().enumerate() {
        let mapping = guess(table, words, today(), tables.len() == 1);
        rows.extend(table_rows(source, table, &mapping, words, today()));
    }
    settle(ledger, &rows, &Choices::default(), &mut || Uuid::nil())
}

fn all_the_same(ledger: &Ledger, settled: &Settled) {
    for seen in &settled.rows {
        assert!(seen.faults.is_empty() && seen.changes.is_empty() && seen.warnings.is_empty(), "{seen:#?}");
    }
    let same = ledger.assets.len() + ledger.connections.len();
    assert_eq!(settled.counts, Counts { same, ..Counts::default() });
    assert!(settled.edits.is_empty() && settled.creations.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn text_files(ledger in ledgers(), lang in prop::sample::select(Lang::ALL.to_vec())) {
        let file = |sheet: Sheet| (sheet.code().to_owned(), csv(lang, &ledger, sheet, Encoding::Utf8).bytes);
        all_the_same(&ledger, &again(&ledger, &Sheet::ALL.map(file), lang));
    }

    #[test]
    fn workbooks(ledger in ledgers(), lang in prop::sample::select(Lang::ALL.to_vec())) {
        let bytes = workbook(lang, &ledger, DateTime::<Utc>::UNIX_EPOCH).unwrap();
        all_the_same(&ledger, &again(&ledger, &[("台帳.xlsx".to_owned(), bytes)], lang));
    }
}

fn with_note(kind: AssetKind, name: &str, note: &str) -> Asset {
    let facts = Facts::default();
    let facts = if kind == AssetKind::Terminal { facts.with(Fact::Serial, "000123") } else { facts };
    let details = AssetDetails { facts, note: note.to_owned(), ..AssetDetails::named(kind, name) };
    Asset { id: id_of(0), details, version: 1 }
}

#[test]
fn shift_jis_keeps_leading_zeros_and_half_width_kana() {
    let ledger = Ledger {
        revision: 1,
        assets: vec![with_note(AssetKind::Terminal, "ｳｹﾂｹ端末①", "髙橋さんの机")],
        ..Ledger::default()
    };
    let written = csv(Lang::Ja, &ledger, Sheet::Things, Encoding::ShiftJis);
    assert_eq!(written.replaced, 0);
    assert!(String::from_utf8(written.bytes.clone()).is_err(), "it is Shift_JIS");
    all_the_same(&ledger, &again(&ledger, &[("台帳.csv".to_owned(), written.bytes)], Lang::Ja));
}

#[test]
fn no_cell_is_a_formula_and_every_text_comes_back() {
    for note in ["=HYPERLINK(\"http://x\")", "+81-3", "-1", "@SUM(A1)", "'=1", "＝1", "=cmd|'/C calc'!A0"] {
        let ledger = Ledger {
            revision: 1,
            assets: vec![with_note(AssetKind::Terminal, "x", note)],
            ..Ledger::default()
        };
        let text = String::from_utf8(csv(Lang::Ja, &ledger, Sheet::Things, Encoding::Utf8).bytes).unwrap();
        assert!(!text.contains(&format!(",{note}")), "{text}");
        for (name, bytes) in [
            ("a.csv", text.into_bytes()),
            ("a.xlsx", workbook(Lang::Ja, &ledger, DateTime::<Utc>::UNIX_EPOCH).unwrap()),
        ] {
            all_the_same(&ledger, &again(&ledger, &[(name.to_owned(), bytes)], Lang::Ja));
        }
    }
}

#[test]
fn a_file_in_one_language_is_read_in_another() {
    let ledger = Ledger {
        revision: 1,
        assets: vec![with_note(AssetKind::Terminal, "端末", "備考")],
        ..Ledger::default()
    };
    for lang in Lang::ALL {
        for reader in Lang::ALL {
            let bytes = csv(lang, &ledger, Sheet::Things, Encoding::Utf8).bytes;
            let settled = again(&ledger, &[("x.csv".to_owned(), bytes)], reader);
            assert_eq!(settled.counts.faulty + settled.counts.change, 0, "{lang} read in {reader}");
        }
    }
}
