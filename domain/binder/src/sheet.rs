//! The pack as a workbook: a sheet for each part with a table.

use crate::pack::{Cell, Pack, Part, answer_text};
use crate::t;
use chrono::{DateTime, Utc};
use komainu_i18n::Lang;
use komainu_workbook::own::{Column, Entry, Properties, Table, WriteError, write};

/// Writes the pack.
pub(crate) fn make(pack: &Pack, made_at: DateTime<Utc>) -> Result<Vec<u8>, WriteError> {
    let lang = pack.lang;
    let cover = Table {
        name: t!(lang, "sheet-cover"),
        lead: vec![pack.title.clone(), pack.owner.clone()],
        columns: vec![
            Column::new(t!(lang, "column-fact"), 28.0),
            Column::new(t!(lang, "column-value"), 60.0),
        ],
        rows: pack.facts.iter().map(|(label, value)| vec![text(label), text(value)]).collect(),
        landscape: false,
    };
    let parts = pack.parts.iter().filter(|part| !part.columns.is_empty());
    let tables: Vec<Table> = std::iter::once(cover).chain(parts.map(|part| table(lang, part))).collect();
    let properties = Properties { title: pack.title.clone(), author: pack.owner.clone(), created: made_at };
    write(&tables, &properties)
}

fn table(lang: Lang, part: &Part) -> Table {
    let mut rows = Vec::new();
    for group in &part.groups {
        if !group.heading.is_empty() {
            rows.push(vec![text(&group.heading)]);
        }
        rows.extend(group.rows.iter().map(|row| row.iter().map(|cell| entry(lang, cell)).collect()));
    }
    if part.is_empty() {
        rows.push(vec![text(&part.empty)]);
    }
    let mut lead = vec![part.heading.clone()];
    lead.extend(part.intro.lines().map(str::to_owned));
    Table {
        name: part.heading.clone(),
        lead,
        columns: part
            .columns
            .iter()
            .map(|column| Column::new(column.heading.clone(), f64::from(column.width) * 0.9))
            .collect(),
        rows,
        landscape: true,
    }
}

fn entry(lang: Lang, cell: &Cell) -> Entry {
    match cell {
        Cell::Text(value) | Cell::Qr(value) => text(value),
        Cell::Unconfirmed(value) => text(&t!(lang, "with-unconfirmed", text = value.as_str())),
        Cell::Date(Some(date)) => Entry::Date(*date),
        Cell::Date(None) | Cell::Answer(None) => Entry::Empty,
        Cell::Answer(Some(answer)) => text(&answer_text(lang, *answer)),
    }
}

fn text(value: &str) -> Entry {
    if value.is_empty() { Entry::Empty } else { Entry::Text(value.to_owned()) }
}
