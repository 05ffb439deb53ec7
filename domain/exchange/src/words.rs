//! Names of columns, and what is told about files and rows, in the reader's language.

mod refusal;
mod row;

pub(crate) use refusal::{Refusal, refusal_text, remark_text};
pub(crate) use row::{badge, evidence_text, fault_text, outcome_text, reason_text, row_place, warning_text};

use crate::model::{Column, Sheet};
use crate::rules::FoundWords;
use crate::t;
use crate::vocabulary::fold_heading;
use komainu_exposure::model::State;
use komainu_i18n::Lang;
use komainu_inventory::words::{control_label, fact_label, relation_text, state_text};
use std::collections::HashMap;

/// What a column is called.
pub(crate) fn column_label(lang: Lang, column: Column) -> String {
    match column {
        Column::Id => t!(lang, "column-id"),
        Column::Remove => t!(lang, "column-remove"),
        Column::Kind => t!(lang, "column-kind"),
        Column::Name => t!(lang, "column-name"),
        Column::From => t!(lang, "column-from"),
        Column::To => t!(lang, "column-to"),
        Column::BothWays => t!(lang, "column-both-ways"),
        Column::Zone => t!(lang, "column-zone"),
        Column::Place => t!(lang, "column-place"),
        Column::System => t!(lang, "column-system"),
        Column::Vendor => t!(lang, "column-vendor"),
        Column::Fact(fact) => fact_label(lang, fact),
        Column::Control(control) => control_label(lang, control),
        Column::Relation(kind) => relation_text(lang, kind),
        Column::Note => t!(lang, "column-note"),
    }
}

/// The headings of a sheet. Where two columns are called the same, each bears its code as well.
pub(crate) fn headings(lang: Lang, sheet: Sheet) -> Vec<String> {
    let labels: Vec<(Column, String)> =
        sheet.columns().into_iter().map(|column| (column, column_label(lang, column))).collect();
    let mut bearers: HashMap<String, usize> = HashMap::new();
    for (_, label) in &labels {
        *bearers.entry(fold_heading(label)).or_default() += 1;
    }
    let heading = |(column, label): (Column, String)| {
        let alone = bearers.get(&fold_heading(&label)) == Some(&1) && !label.ends_with(']');
        if alone { label } else { format!("{label} [{}]", column.code()) }
    };
    labels.into_iter().map(heading).collect()
}

/// What a sheet is called.
pub(crate) fn sheet_text(lang: Lang, sheet: Sheet) -> String {
    match sheet {
        Sheet::Things => t!(lang, "sheet-things"),
        Sheet::Lines => t!(lang, "sheet-lines"),
    }
}

/// What the Internet is called in a cell.
pub(crate) fn internet_text(lang: Lang) -> String {
    t!(lang, "cell-internet")
}

/// Yes or no in a cell.
pub(crate) fn yes_no_text(lang: Lang, yes: bool) -> String {
    if yes { t!(lang, "cell-yes") } else { t!(lang, "cell-no") }
}

/// The words for controls that are there and that are not.
pub(crate) fn state_choices(lang: Lang) -> Vec<String> {
    vec![state_text(lang, State::Present), state_text(lang, State::Absent)]
}

/// "To take away what is known", beside the word that does.
pub(crate) fn clear_text(lang: Lang) -> String {
    t!(lang, "cell-clear")
}

/// What is written into the ledger about what files only let one suppose.
pub(crate) fn found_words(lang: Lang) -> FoundWords {
    FoundWords { confirm: t!(lang, "found-confirm") }
}

/// That a person has begun too many imports, and what to do.
pub(crate) fn too_many_imports(lang: Lang, most: usize) -> String {
    t!(lang, "imports-too-many", most = most.to_string())
}
