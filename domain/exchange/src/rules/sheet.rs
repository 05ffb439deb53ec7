//! The ledger as sheets: what stands in each cell, in the words of a reader.

use super::names::Namer;
use crate::model::{Body, Column, Sheet};
use crate::vocabulary::{CLEAR, choices_of};
use crate::words::{column_label, headings, internet_text, state_choices, yes_no_text};
use komainu_exposure::model::{ConnectionKind, Control, State};
use komainu_i18n::Lang;
use komainu_inventory::words::{asset_kind_text, connection_kind_text, fact_text, state_text};
use komainu_inventory::{
    AssetDetails, AssetId, AssetKind, ConnectionDetails, End, Fact, FactType, Facts, Ledger, Thing,
};

/// How names stand in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// As people read them.
    Plain,
    /// So that they lead back to the very record.
    Exact,
}

struct Writer<'a> {
    lang: Lang,
    namer: &'a Namer<'a>,
    style: Style,
}

/// A sheet with its headings, every record a row.
pub fn sheet_rows(lang: Lang, sheet: Sheet, ledger: &Ledger, namer: &Namer<'_>) -> Vec<Vec<String>> {
    let (writer, columns) = (Writer { lang, namer, style: Style::Exact }, sheet.columns());
    let mut rows = vec![headings(lang, sheet)];
    match sheet {
        Sheet::Things => rows.extend(ledger.assets.iter().map(|asset| {
            let cell = |column: &Column| match column {
                Column::Id => asset.id.to_string(),
                column => writer.of_thing(*column, &asset.details),
            };
            columns.iter().map(cell).collect::<Vec<_>>()
        })),
        Sheet::Lines => rows.extend(ledger.connections.iter().map(|line| {
            let cell = |column: &Column| match column {
                Column::Id => line.id.to_string(),
                column => writer.of_line(*column, &line.details),
            };
            columns.iter().map(cell).collect::<Vec<_>>()
        })),
    }
    rows
}

/// A column of a record as people read it.
pub fn body_cell(lang: Lang, column: Column, body: &Body, namer: &Namer<'_>) -> String {
    let writer = Writer { lang, namer, style: Style::Plain };
    match body {
        Body::Thing(details) => writer.of_thing(column, details),
        Body::Line(details) => writer.of_line(column, details),
    }
}

/// The words that may stand in columns which take only some, for a sheet of their own: column, words.
pub fn word_rows(lang: Lang) -> Vec<(String, String)> {
    let kinds = AssetKind::ALL.iter().map(|kind| asset_kind_text(lang, *kind));
    let lines = ConnectionKind::ALL.iter().map(|kind| connection_kind_text(lang, *kind));
    let list = |words: Vec<String>| words.join(" / ");
    let mut rows = vec![
        (crate::words::sheet_text(lang, Sheet::Things), list(kinds.collect())),
        (crate::words::sheet_text(lang, Sheet::Lines), list(lines.collect())),
    ];
    for fact in Fact::ALL {
        let words: Vec<String> = choices_of(*fact).iter().map(|word| fact_text(lang, *fact, word)).collect();
        if !words.is_empty() {
            rows.push((column_label(lang, Column::Fact(*fact)), list(words)));
        }
    }
    let states = list(state_choices(lang));
    rows.extend(
        Control::ALL.iter().map(|control| (column_label(lang, Column::Control(*control)), states.clone())),
    );
    rows.push((
        column_label(lang, Column::BothWays),
        list([true, false].map(|yes| yes_no_text(lang, yes)).to_vec()),
    ));
    rows.push((crate::words::clear_text(lang), CLEAR[lang as usize].to_owned()));
    rows
}

impl Writer<'_> {
    fn of_thing(&self, column: Column, details: &AssetDetails) -> String {
        let asset = |id: Option<AssetId>| self.end(id.map(|id| End::Thing(Thing::Asset(id))));
        match column {
            Column::Kind => asset_kind_text(self.lang, details.kind),
            Column::Name => details.name.clone(),
            Column::Zone => asset(details.zone),
            Column::Place => asset(details.place),
            Column::System => self.end(details.system.map(|id| End::Thing(Thing::System(id)))),
            Column::Vendor => self.end(details.vendor.map(End::Vendor)),
            Column::Fact(fact) => self.fact(fact, &details.facts),
            Column::Control(control) => self.state(details.controls.get(&control)),
            Column::Relation(kind) => {
                let names: Vec<String> =
                    details.related(kind).map(|thing| self.end(Some(End::Thing(thing)))).collect();
                names.join("; ")
            }
            Column::Note => details.note.clone(),
            Column::Id | Column::Remove | Column::From | Column::To | Column::BothWays => String::new(),
        }
    }

    fn of_line(&self, column: Column, details: &ConnectionDetails) -> String {
        match column {
            Column::Kind => connection_kind_text(self.lang, details.kind),
            Column::Name => details.name.clone(),
            Column::From => self.end(Some(details.from)),
            Column::To => self.end(Some(details.to)),
            Column::BothWays => yes_no_text(self.lang, details.both_ways),
            Column::Vendor => self.end(details.vendor.map(End::Vendor)),
            Column::Fact(fact) => self.fact(fact, &details.facts),
            Column::Control(control) => self.state(details.controls.get(&control)),
            Column::Note => details.note.clone(),
            Column::Id
            | Column::Remove
            | Column::Zone
            | Column::Place
            | Column::System
            | Column::Relation(_) => String::new(),
        }
    }

    fn end(&self, end: Option<End>) -> String {
        match (end, self.style) {
            (None, _) => String::new(),
            (Some(End::Internet), _) => internet_text(self.lang),
            (Some(end), Style::Exact) => self.namer.exact(end),
            (Some(end), Style::Plain) => self.namer.plain(end).to_owned(),
        }
    }

    /// Words in the reader's language; days, numbers and free texts as they are kept, so that they are read back.
    fn fact(&self, fact: Fact, facts: &Facts) -> String {
        match (facts.text(fact), fact.kind()) {
            ("", _) => String::new(),
            (text, FactType::YesNo | FactType::Choice(_)) => fact_text(self.lang, fact, text),
            (text, _) => text.to_owned(),
        }
    }

    fn state(&self, state: Option<&State>) -> String {
        state.map_or_else(String::new, |state| state_text(self.lang, *state))
    }
}
