//! Writes answers into a copy of the very workbook they were asked in.
//!
//! Only the bytes of the cells that change are replaced in the sheet's XML; every other part of the archive is copied packed as it
//! is. A formula among the changed cells is given up and, with it, the calculation chain; where formulas remain, the copy asks to
//! be recalculated when it is opened, and results kept in the sheet that hang on an answer are taken away.

mod dates;
mod index;
mod package;
mod plan;
mod splice;
mod stale;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::grid::{Address, Sheet, Workbook};
use crate::guard::WorkbookRefusal;
use crate::recognise::{FieldKind, RecognisedRow, Recognition};

/// One round of checking of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Check {
    /// The answer.
    pub answer: Answer,
    /// The day of the check.
    pub date: Option<NaiveDate>,
}

/// What to write into one row.
///
/// `checks` are the rounds in order. A form with one answer cell but several dates gets the latest answer that is not blank.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Fill {
    /// Place of the row in [`Recognition::rows`].
    pub row: usize,
    /// The rounds, first to last.
    pub checks: Vec<Check>,
    /// The target date for a no.
    pub target: Option<NaiveDate>,
    /// A remark.
    pub remark: Option<String>,
}

/// What to write into a field outside the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldValue {
    /// Text.
    Text(String),
    /// A day.
    Date(NaiveDate),
}

/// The copy with the answers in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledWorkbook {
    /// The workbook.
    pub bytes: Vec<u8>,
    /// What was and was not written.
    pub report: FillReport,
}

/// What became of the values.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FillReport {
    /// Cells that were written.
    pub written: Vec<Address>,
    /// Values that have no place in the form.
    pub not_placed: Vec<NotPlaced>,
    /// Cells whose formula gave way to a value.
    pub formulas_replaced: Vec<Address>,
    /// Cells whose text was longer than Excel takes and was cut.
    pub shortened: Vec<Address>,
    /// Whether the original bore a digital signature, which the copy no longer satisfies.
    pub signature_broken: bool,
}

/// A value that could not be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotPlaced {
    /// Which value.
    pub value: Place,
    /// Why.
    pub why: WhyNot,
}

/// Where a value belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "place", rename_all = "snake_case")]
pub enum Place {
    /// The answer of a round (from zero).
    Answer {
        /// Place of the row in [`Recognition::rows`].
        row: usize,
        /// The round.
        round: usize,
    },
    /// The date of a round (from zero).
    CheckDate {
        /// Place of the row in [`Recognition::rows`].
        row: usize,
        /// The round.
        round: usize,
    },
    /// The target date.
    Target {
        /// Place of the row in [`Recognition::rows`].
        row: usize,
    },
    /// The remark.
    Remark {
        /// Place of the row in [`Recognition::rows`].
        row: usize,
    },
    /// A field outside the table.
    Field {
        /// Which.
        kind: FieldKind,
    },
}

/// Why a value could not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyNot {
    /// The form has no cell for it.
    NoCell,
    /// The form does not offer that answer.
    NoSuchChoice,
    /// The cell belongs to a formula over several cells.
    SharedFormula,
}

/// Why nothing was written at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FillError {
    /// The bytes are not a workbook that may be opened.
    #[error(transparent)]
    Refused(#[from] WorkbookRefusal),
    /// The workbook is not the one that was recognised.
    #[error("not the workbook that was recognised: differs at {at}")]
    AnotherWorkbook {
        /// The first place that differs.
        at: String,
    },
    /// A fill speaks of a row the recognition does not have.
    #[error("the recognition has no row {row}")]
    NoSuchRow {
        /// The row's place.
        row: usize,
    },
    /// The copy could not be put together.
    #[error("the copy cannot be written: {part}")]
    CannotWrite {
        /// The part at fault.
        part: String,
    },
}

/// Writes the answers into a copy of `original`, the workbook that `recognition` was made from.
pub fn fill(
    original: &[u8],
    recognition: &Recognition,
    fills: &[Fill],
    fields: &[(FieldKind, FieldValue)],
) -> Result<FilledWorkbook, FillError> {
    let bounds = crate::guard::Bounds::FORM;
    let package = crate::guard::unpack(original, bounds)?;
    let workbook = crate::read::workbook(&package, bounds)?;
    let sheet = same_sheet(&workbook, recognition, fills)?;
    let mut report = FillReport { signature_broken: workbook.signed, ..FillReport::default() };
    let planned = plan::plan(sheet, recognition, fills, fields, &mut report);
    let xml = package.text(&sheet.part)?;
    let cannot_write = |part: &str| FillError::CannotWrite { part: part.to_owned() };
    let edited = splice::write_cells(xml, &workbook, &sheet.name, planned, &mut report)
        .map_err(|crate::xml::BadXml| cannot_write(&sheet.part))?;
    let changes =
        package::changes(&package, &workbook, &sheet.part, edited, !report.formulas_replaced.is_empty())
            .map_err(|crate::xml::BadXml| cannot_write(&workbook.part))?;
    let bytes = package::repack(original, &changes).map_err(|_| cannot_write("zip"))?;
    // A workbook we cannot read ourselves is never handed out.
    crate::guard::open(&bytes).map_err(|_| cannot_write(&sheet.part))?;
    Ok(FilledWorkbook { bytes, report })
}

/// The recognised sheet, if the workbook still says at the rows to fill what was recognised there.
fn same_sheet<'w>(
    workbook: &'w Workbook,
    recognition: &Recognition,
    fills: &[Fill],
) -> Result<&'w Sheet, FillError> {
    let another = |at: String| FillError::AnotherWorkbook { at };
    let sheet = workbook
        .sheets
        .get(recognition.sheet_index)
        .filter(|sheet| sheet.name == recognition.sheet)
        .ok_or_else(|| another(recognition.sheet.clone()))?;
    for fill in fills {
        let row: &RecognisedRow =
            recognition.rows.get(fill.row).ok_or(FillError::NoSuchRow { row: fill.row })?;
        let (here, there) = (crate::fold::fold(sheet.text(row.at)), crate::fold::fold(&row.sentence));
        if here.is_empty() || !(here.contains(&there) || there.contains(&here)) {
            return Err(another(row.at.to_string()));
        }
    }
    Ok(sheet)
}
