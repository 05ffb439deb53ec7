//! The ledger as files.

use crate::model::{Column, Sheet};
use crate::rules::{Encoding, Namer, Written, sheet_rows, word_rows, write_csv};
use crate::t;
use crate::vocabulary::{Vocabulary, choices_of};
use crate::words::{sheet_text, state_choices, yes_no_text};
use chrono::{DateTime, Utc};
use komainu_exposure::model::ConnectionKind;
use komainu_i18n::Lang;
use komainu_inventory::words::{asset_kind_text, connection_kind_text, fact_text};
use komainu_inventory::{AssetKind, FactType, Ledger};
use komainu_web::Failure;
use komainu_workbook::own::{Column as OwnColumn, Entry, Properties, Table, write};
use std::collections::BTreeMap;

/// The media type of a workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn rows(lang: Lang, ledger: &Ledger, sheet: Sheet) -> Vec<Vec<String>> {
    let namer = Namer::new(Vocabulary::of(lang), ledger, &BTreeMap::new());
    sheet_rows(lang, sheet, ledger, &namer)
}

/// A sheet as a text file.
pub fn csv(lang: Lang, ledger: &Ledger, sheet: Sheet, encoding: Encoding) -> Written {
    write_csv(&rows(lang, ledger, sheet), encoding)
}

/// Both sheets and the words that may stand in them as a workbook.
pub fn workbook(lang: Lang, ledger: &Ledger, made: DateTime<Utc>) -> Result<Vec<u8>, Failure> {
    let mut tables: Vec<Table> = Sheet::ALL.into_iter().map(|sheet| table(lang, ledger, sheet)).collect();
    tables.push(Table {
        name: t!(lang, "sheet-words"),
        lead: Vec::new(),
        columns: vec![
            OwnColumn::new(t!(lang, "sheet-words-column"), 30.0),
            OwnColumn::new(t!(lang, "sheet-words-words"), 100.0),
        ],
        rows: word_rows(lang)
            .into_iter()
            .map(|(column, words)| vec![Entry::Text(column), Entry::Text(words)])
            .collect(),
        landscape: true,
    });
    let properties =
        Properties { title: t!(lang, "export-title"), author: "Komainu".to_owned(), created: made };
    write(&tables, &properties).map_err(Failure::internal)
}

fn table(lang: Lang, ledger: &Ledger, sheet: Sheet) -> Table {
    let mut all = rows(lang, ledger, sheet).into_iter();
    let headings = all.next().unwrap_or_default();
    let column = |(column, heading): (Column, String)| {
        OwnColumn::new(heading, width(column)).choices(words(lang, sheet, column))
    };
    let entry = |cell: String| if cell.is_empty() { Entry::Empty } else { Entry::Text(cell) };
    Table {
        name: sheet_text(lang, sheet),
        lead: Vec::new(),
        columns: sheet.columns().into_iter().zip(headings).map(column).collect(),
        rows: all.map(|row| row.into_iter().map(entry).collect()).collect(),
        landscape: true,
    }
}

const fn width(column: Column) -> f64 {
    match column {
        Column::Id => 38.0,
        Column::Note => 40.0,
        Column::Name | Column::From | Column::To => 26.0,
        _ => 16.0,
    }
}

/// The words to choose from in a column; none where it takes anything, or where a list could not hold one of them.
fn words(lang: Lang, sheet: Sheet, column: Column) -> Vec<String> {
    let words: Vec<String> = match column {
        Column::Kind if sheet == Sheet::Things => {
            AssetKind::ALL.iter().map(|kind| asset_kind_text(lang, *kind)).collect()
        }
        Column::Kind => ConnectionKind::ALL.iter().map(|kind| connection_kind_text(lang, *kind)).collect(),
        Column::Fact(fact) if matches!(fact.kind(), FactType::YesNo | FactType::Choice(_)) => {
            choices_of(fact).iter().map(|word| fact_text(lang, fact, word)).collect()
        }
        Column::Control(_) => state_choices(lang),
        Column::BothWays => [true, false].map(|yes| yes_no_text(lang, yes)).to_vec(),
        _ => Vec::new(),
    };
    if words.iter().any(|word| word.contains(',')) { Vec::new() } else { words }
}
