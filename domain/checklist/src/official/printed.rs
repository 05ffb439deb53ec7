//! A round's rows in the order of the paper: ours, and between them those that only the workbook has.

use super::actions::{OwnRow, answers, own_row};
use super::store;
use crate::model::{RoundView, RowView};
use komainu_access::{Permission, Scope};
use komainu_catalog::PlacementId;
use komainu_db::Tx;
use komainu_web::Failure;
use komainu_workbook::ItemNumber;
use std::collections::BTreeMap;

/// A row as the form prints it.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "a form has some dozens of rows, held for a moment")]
pub enum PrintedRow<'a> {
    /// One of ours.
    Ours(&'a RowView),
    /// One that only the confirmed workbook has, with the number of the section it stands in.
    Own(Option<u8>, OwnRow),
}

impl PrintedRow<'_> {
    /// The number of the section it stands in; none for the gate and where the form tells none.
    pub fn section(&self) -> Option<u8> {
        match self {
            PrintedRow::Ours(row) => row.section,
            PrintedRow::Own(section, _) => *section,
        }
    }
}

/// The gate and the rows of a round, from the top of the form to its end: in the workbook's order where one was
/// confirmed, otherwise in the catalogue's. A row of ours that the workbook lacks stays behind the one before it.
pub fn printed_rows<'a>(
    tx: &mut Tx<'_>,
    scope: &Scope,
    view: &'a RoundView,
) -> Result<Vec<PrintedRow<'a>>, Failure> {
    scope.require(Permission::ChecklistRead)?;
    let spoken = store::round_sentences(tx, scope, view.round.id)?;
    let mut place: BTreeMap<&PlacementId, usize> = BTreeMap::new();
    for (at, (placement, _)) in spoken.iter().enumerate() {
        place.entry(placement).or_insert(at);
    }
    let mut rows: Vec<(usize, PrintedRow<'a>)> = Vec::new();
    let mut last = 0;
    for row in view.all() {
        last = place.get(&row.placement).copied().unwrap_or(last);
        rows.push((last, PrintedRow::Ours(row)));
    }
    let mut answers = answers(tx, scope, view.round.id)?;
    for (at, (placement, sentence)) in spoken.iter().enumerate() {
        if super::model::is_own(placement) {
            let own = own_row(placement.clone(), sentence.clone(), &mut answers);
            rows.push((at, PrintedRow::Own(section_of(&own.number), own)));
        }
    }
    rows.sort_by_key(|(at, _)| *at);
    let mut rows: Vec<PrintedRow<'a>> = rows.into_iter().map(|(_, row)| row).collect();
    let mut before = None;
    for row in &mut rows {
        if let PrintedRow::Own(section @ None, _) = row {
            *section = before;
        }
        before = row.section();
    }
    Ok(rows)
}

/// The section that a printed number names.
fn section_of(number: &str) -> Option<u8> {
    u8::try_from(ItemNumber::parse(number)?.section?).ok()
}
