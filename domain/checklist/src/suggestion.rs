//! What the ledger says about a row, in words, and the extract of the ledger that is attached as evidence.

use crate::model::RowView;
use crate::rules::{FILLED, Ground, Suggestion, outside, things_of, ways_in};
use crate::{t, words};
use chrono::{DateTime, NaiveDate, Utc};
use komainu_exposure::model::{Control, Place, State};
use komainu_i18n::Lang;
use komainu_inventory::words::{
    asset_kind_text, connection_kind_text, control_label, end_text, fact_label, fact_text, state_text,
};
use komainu_inventory::{Asked, Asset, AssetKind, Connection, Fact, Ledger, Subject};
use komainu_web::{Failure, date_text};
use komainu_workbook::own::{Column, Entry, Properties, Table, write};

/// What speaks for an answer or against it, in a sentence.
pub(crate) fn ground_text(lang: Lang, ground: Ground) -> String {
    let n = |count: usize| count.to_string();
    match ground {
        Ground::Things(kind, count) => {
            t!(lang, "ground-things", kind = asset_kind_text(lang, kind), n = n(count))
        }
        Ground::NoneOf(kind) => t!(lang, "ground-none-of", kind = asset_kind_text(lang, kind)),
        Ground::AllElsewhere => t!(lang, "ground-all-elsewhere"),
        Ground::Filled(known, asked) => t!(lang, "ground-filled", known = n(known), asked = n(asked)),
        Ground::Unfilled(known, asked) => {
            t!(lang, "ground-unfilled", known = n(known), asked = n(asked), share = n(FILLED))
        }
        Ground::StockTaken(day) => t!(lang, "ground-stock-taken", day = date_text(lang, day)),
        Ground::StockTakeOld(day) => t!(lang, "ground-stock-take-old", day = date_text(lang, day)),
        Ground::NoStockTake => t!(lang, "ground-no-stock-take"),
        Ground::EntryKnown(count) => t!(lang, "ground-entry-known", n = n(count)),
        Ground::EntryUnknown(count) => t!(lang, "ground-entry-unknown", n = n(count)),
        Ground::EntryWithoutLine(count) => t!(lang, "ground-entry-without-line", n = n(count)),
        Ground::ProgramsWithoutLine(count) => t!(lang, "ground-programs-without-line", n = n(count)),
        Ground::OpenerKnown(count) => t!(lang, "ground-opener-known", n = n(count)),
        Ground::OpenerUnknown(count) => t!(lang, "ground-opener-unknown", n = n(count)),
        Ground::Present(control, count) => {
            t!(lang, "ground-present", control = control_label(lang, control), n = n(count))
        }
        Ground::Absent(control, count) => {
            t!(lang, "ground-absent", control = control_label(lang, control), n = n(count))
        }
        Ground::Unsaid(control, count) => {
            t!(lang, "ground-unsaid", control = control_label(lang, control), n = n(count))
        }
        Ground::SupportEnded(count) => t!(lang, "ground-support-ended", n = n(count)),
        Ground::Unpatchable(count) => t!(lang, "ground-unpatchable", n = n(count)),
        Ground::Copies(count) => t!(lang, "ground-copies", n = n(count)),
        Ground::NoCopy => t!(lang, "ground-no-copy"),
        Ground::RhythmUnsaid(count) => t!(lang, "ground-rhythm-unsaid", n = n(count)),
        Ground::FewKept(count) => t!(lang, "ground-few-kept", n = n(count)),
        Ground::RestoreTried(day) => t!(lang, "ground-restore-tried", day = date_text(lang, day)),
        Ground::RestoreOld(day) => t!(lang, "ground-restore-old", day = date_text(lang, day)),
        Ground::RestoreUnsaid => t!(lang, "ground-restore-unsaid"),
    }
}

/// Several of them.
pub(crate) fn ground_texts(lang: Lang, grounds: &[Ground]) -> Vec<String> {
    grounds.iter().map(|ground| ground_text(lang, *ground)).collect()
}

/// The note that a row gets: that the answer was drafted from the ledger of a day, and why.
pub(crate) fn note(lang: Lang, said: &Suggestion, today: NaiveDate) -> String {
    let answer = words::answer(lang, Some(said.answer));
    let mut lines = vec![t!(lang, "suggestion-note", day = date_text(lang, today), answer = answer)];
    for grounds in [&said.in_favour, &said.against] {
        lines.extend(ground_texts(lang, grounds).into_iter().map(|text| format!("・{text}")));
    }
    lines.join("\n")
}

/// What the extract is called.
pub(crate) fn extract_name(lang: Lang, today: NaiveDate) -> String {
    format!("{}_{}.xlsx", t!(lang, "extract-name"), today.format("%Y%m%d"))
}

/// The part of the ledger that a row asks about, as a workbook: only what the item asks for, no addresses.
pub(crate) fn extract(
    lang: Lang,
    row: &RowView,
    ledger: &Ledger,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, Failure> {
    let item = row.item.as_str();
    let tables = match item {
        "remote-maintenance" => {
            vec![lines_table(lang, item, ledger, &ways_in(ledger)), systems_table(lang, ledger)]
        }
        "source-restriction" => vec![lines_table(lang, item, ledger, &outside(ledger))],
        "backup-restore" => {
            let copies: Vec<&Asset> = ledger.of_kind(AssetKind::Backup).collect();
            vec![things_table(lang, item, ledger, &copies)]
        }
        "asset-ledger" => {
            let things: Vec<&Asset> = komainu_stocktake::rules::things(&ledger.assets).collect();
            vec![things_table(lang, item, ledger, &things)]
        }
        _ => vec![things_table(lang, item, ledger, &things_of(&row.scopes, ledger))],
    };
    let properties = Properties { title: t!(lang, "extract-name"), author: String::new(), created: now };
    write(&tables, &properties).map_err(Failure::internal)
}

fn entry(text: String) -> Entry {
    if text.is_empty() { Entry::Empty } else { Entry::Text(text) }
}

/// The controls that putting in place helps to answer an item.
fn controls_for(item: &str, place: Place) -> Vec<Control> {
    let wanted = |control: &Control| control.items().contains(&item) && control.fits(place);
    Control::ALL.iter().copied().filter(wanted).collect()
}

fn table(lang: Lang, name: String, columns: Vec<Column>, rows: Vec<Vec<Entry>>) -> Table {
    let lead = vec![name.clone(), t!(lang, "extract-lead")];
    Table { name, lead, columns, rows, landscape: true }
}

fn things_table(lang: Lang, item: &str, ledger: &Ledger, things: &[&Asset]) -> Table {
    let asks = |asset: &Asset, fact: Fact| {
        let asked = fact.asked(Subject::Asset(asset.details.kind));
        matches!(asked, Some(Asked::Checklist(by)) if by == item)
    };
    let wanted = |fact: &Fact| things.iter().any(|asset| asks(asset, *fact));
    let facts: Vec<Fact> = Fact::ALL.iter().copied().filter(wanted).collect();
    let controls = controls_for(item, Place::Node);
    let mut columns = vec![
        Column::new(t!(lang, "extract-thing"), 28.0),
        Column::new(t!(lang, "extract-kind"), 20.0),
        Column::new(t!(lang, "extract-place"), 20.0),
    ];
    columns.extend(facts.iter().map(|fact| Column::new(fact_label(lang, *fact), 18.0)));
    columns.extend(controls.iter().map(|control| Column::new(control_label(lang, *control), 18.0)));
    let index = ledger.index();
    let rows = things.iter().map(|asset| {
        let details = &asset.details;
        let place = details.place.and_then(|place| index.asset(place));
        let mut row = vec![
            details.name.clone(),
            asset_kind_text(lang, details.kind),
            place.map(|place| place.details.name.clone()).unwrap_or_default(),
        ];
        row.extend(facts.iter().map(|fact| match details.facts.text(*fact) {
            "" => String::new(),
            text => fact_text(lang, *fact, text),
        }));
        row.extend(controls.iter().map(|control| {
            state_text(lang, details.controls.get(control).copied().unwrap_or(State::Unknown))
        }));
        row.into_iter().map(entry).collect()
    });
    table(lang, t!(lang, "extract-things"), columns, rows.collect())
}

fn lines_table(lang: Lang, item: &str, ledger: &Ledger, lines: &[&Connection]) -> Table {
    let controls = controls_for(item, Place::Connection);
    let mut columns = vec![
        Column::new(t!(lang, "extract-line"), 28.0),
        Column::new(t!(lang, "extract-kind"), 22.0),
        Column::new(t!(lang, "extract-from"), 24.0),
        Column::new(t!(lang, "extract-to"), 24.0),
        Column::new(fact_label(lang, Fact::OpenedBy), 24.0),
    ];
    columns.extend(controls.iter().map(|control| Column::new(control_label(lang, *control), 18.0)));
    let index = ledger.index();
    let rows = lines.iter().map(|line| {
        let details = &line.details;
        let mut row = vec![
            details.name.clone(),
            connection_kind_text(lang, details.kind),
            end_text(lang, &index, details.from),
            end_text(lang, &index, details.to),
            details.facts.text(Fact::OpenedBy).to_owned(),
        ];
        row.extend(controls.iter().map(|control| {
            state_text(lang, details.controls.get(control).copied().unwrap_or(State::Unknown))
        }));
        row.into_iter().map(entry).collect()
    });
    table(lang, t!(lang, "extract-lines"), columns, rows.collect())
}

fn systems_table(lang: Lang, ledger: &Ledger) -> Table {
    let index = ledger.index();
    let columns = vec![
        Column::new(t!(lang, "extract-system"), 28.0),
        Column::new(t!(lang, "extract-vendor"), 28.0),
        Column::new(t!(lang, "extract-entry"), 22.0),
    ];
    let rows = ledger.systems.iter().map(|system| {
        let vendor = system.vendor.and_then(|vendor| index.vendor(vendor));
        let entered = komainu_inventory::words::known_text(lang, system.remote_maintenance);
        let vendor = vendor.map(|vendor| vendor.name.clone()).unwrap_or_default();
        [system.name.clone(), vendor, entered].map(entry).to_vec()
    });
    table(lang, t!(lang, "extract-systems"), columns, rows.collect())
}
