//! Finds the checklist in a workbook nobody has seen before: its sheet, its columns, its rows, and for each row the item of ours it
//! most likely is. Everything is decided from what stands in the cells; nothing is taken on trust from places.
//!
//! The result is deterministic: the same workbook and the same known rows give the same recognition.

mod columns;
mod fields;
mod likeness;
mod matching;
mod rows;
mod slots;
mod texts;
pub(crate) mod words;

use serde::{Deserialize, Serialize};

use crate::answer::Choices;
use crate::grid::{Address, Sheet, Workbook};
use crate::number::ItemNumber;

pub use fields::{FieldKind, FormField};
pub use words::Scope;

use rows::FoundRow;
use texts::Known;

/// An item of ours that the form may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRow {
    /// Our name for it; unique among the known rows.
    pub key: String,
    /// The number as printed (`2-⑬`); anything without digits if it is printed without a number.
    pub number: String,
    /// The number in plain digits (`2-13`); `0` if it is printed without a number.
    pub number_ascii: String,
    /// The section it stands in (`2`).
    pub section: String,
    /// The equipment it speaks of, where a number is printed several times.
    pub scope: Option<Scope>,
    /// Our own words for it in Japanese: question, title, keywords.
    pub texts: Vec<String>,
}

/// How certain a match is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Nothing of ours is like it.
    Unknown,
    /// The best there is, but a person must look.
    Unsure,
    /// Number or text speak for it and nothing against it.
    Likely,
    /// Number and text agree.
    Sure,
}

/// Why a match is as certain as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// The printed number is the one we expected.
    NumberAgrees,
    /// The printed number is another one.
    NumberDiffers {
        /// The number we expected.
        expected: String,
    },
    /// The row has no number, or we expected none.
    NoNumber,
    /// The texts are clearly alike.
    TextAlike,
    /// The texts have something in common.
    TextSomewhatAlike,
    /// The texts have next to nothing in common.
    TextUnlike,
    /// The equipment agrees.
    ScopeAgrees,
    /// The equipment is another.
    ScopeDiffers,
    /// Another item of ours is nearly as like.
    AlsoLike {
        /// Its key.
        key: String,
    },
}

/// Where one round of checking is written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RoundSlot {
    /// The answer.
    pub answer: Option<AnswerSlot>,
    /// The date of the check, where it has a cell of its own.
    pub date: Option<Address>,
}

/// How the form wants the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AnswerSlot {
    /// One of a drop-down's values.
    DropDown {
        /// The cell.
        cell: Address,
        /// The values it offers.
        values: Vec<String>,
    },
    /// A mark in one of several columns.
    Marks {
        /// The cell for yes.
        yes: Address,
        /// The cell for no.
        no: Address,
        /// The cell for not applicable.
        not_applicable: Option<Address>,
    },
    /// A cell that prints its choices.
    Printed {
        /// The cell.
        cell: Address,
        /// What is printed.
        choices: Choices,
    },
    /// An empty cell under a heading for answers.
    Free {
        /// The cell.
        cell: Address,
        /// Whether the heading asks for ○ and ×.
        marks: bool,
    },
}

/// One checkpoint of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecognisedRow {
    /// The cell that holds the sentence; also the row's place.
    pub at: Address,
    /// The sheet's row, from zero.
    pub row: u32,
    /// The number, with the section it stands in.
    pub number: Option<ItemNumber>,
    /// The number as it is printed; empty if none.
    pub number_text: String,
    /// The heading above, if any.
    pub section: Option<String>,
    /// The equipment, by a column, a heading above or the sentence itself.
    pub scopes: Vec<Scope>,
    /// The form's own sentence, line breaks removed.
    pub sentence: String,
    /// Our item; `None` if unknown.
    pub key: Option<String>,
    /// Further known rows this one row covers (one row for what we keep apart by equipment).
    pub also: Vec<String>,
    /// For a row without `key`: the item it resembles, which another row has a better claim to.
    pub resembles: Option<String>,
    /// How certain `key` is.
    pub confidence: Confidence,
    /// Why.
    pub reasons: Vec<Reason>,
    /// How alike the texts are, in thousandths.
    pub likeness: u16,
    /// Whether a person opening the workbook does not see the row.
    pub hidden: bool,
    /// The rounds of checking.
    pub rounds: Vec<RoundSlot>,
    /// The target date for a no.
    pub target: Option<Address>,
    /// The remark.
    pub remark: Option<Address>,
}

/// Which of the ministry's forms it says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormKind {
    /// 医療機関確認用
    Institution,
    /// 薬局確認用
    Pharmacy,
    /// 医療機関・薬局確認用
    InstitutionPharmacy,
    /// 事業者確認用
    Vendor,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recognition {
    /// The sheet's name.
    pub sheet: String,
    /// The sheet's place among the tabs, from zero.
    pub sheet_index: usize,
    /// The form's title, if it has one.
    pub title: Option<String>,
    /// The fiscal year it names (2026 for 令和8年度).
    pub fiscal_year: Option<i32>,
    /// The variant it names.
    pub form: Option<FormKind>,
    /// The heading rows, from zero; first and last of each block.
    pub headings: Vec<(u32, u32)>,
    /// Every checkpoint, from top to bottom.
    pub rows: Vec<RecognisedRow>,
    /// Keys of known rows that no row of the form is.
    pub missing: Vec<String>,
    /// Cells for the institution's name, the date and the like.
    pub fields: Vec<FormField>,
}

/// Why a sound workbook is not the checklist. The sentences are for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum NotTheChecklist {
    /// Every sheet is hidden or empty.
    #[error("no visible sheet holds anything")]
    NothingToSee,
    /// No row asks anything.
    #[error("no row looks like a checkpoint")]
    NoQuestions,
    /// It asks, but other things.
    #[error("only {matched} of {rows} rows are like ours; {needed} would be needed")]
    OtherQuestions {
        /// Rows that look like checkpoints in the most promising sheet.
        rows: usize,
        /// Of these, the rows that are surely or likely ours.
        matched: usize,
        /// How many would be enough.
        needed: usize,
    },
}

/// Finds the checklist whose items are `known` in the workbook.
pub fn recognise(workbook: &Workbook, known: &[KnownRow]) -> Result<Recognition, NotTheChecklist> {
    Questions::of(workbook).recognise(known)
}

/// What a workbook asks, read once, to be held against the items of as many forms as there are.
#[derive(Debug)]
pub struct Questions<'w> {
    sheets: Vec<Asked<'w>>,
    /// Whether any sheet that can be seen holds anything.
    seen: bool,
}

/// What one sheet asks.
#[derive(Debug)]
struct Asked<'w> {
    index: usize,
    sheet: &'w Sheet,
    headings: Vec<(u32, u32)>,
    rows: Vec<FoundRow>,
}

/// The most checkpoints in all sheets together; what more sheets ask is not looked at.
const MAX_ROWS_IN_ALL: usize = 400;

impl<'w> Questions<'w> {
    /// Reads every sheet that can be seen.
    pub fn of(workbook: &'w Workbook) -> Self {
        let visible =
            workbook.sheets.iter().enumerate().filter(|(_, sheet)| sheet.visible && sheet.extent() != (0, 0));
        let mut questions = Self { sheets: Vec::new(), seen: false };
        let mut left = MAX_ROWS_IN_ALL;
        for (index, sheet) in visible {
            questions.seen = true;
            let tables = columns::tables(workbook, sheet);
            let rows = rows::read(workbook, sheet, &tables);
            left = left.saturating_sub(rows.len());
            let headings = tables.iter().filter_map(|table| table.heading).collect();
            questions.sheets.push(Asked { index, sheet, headings, rows });
            if left == 0 {
                break;
            }
        }
        questions
    }

    /// Finds the checklist whose items are `known`.
    pub fn recognise(&self, known: &[KnownRow]) -> Result<Recognition, NotTheChecklist> {
        // A third of the items, and never fewer than three unless fewer are known.
        let needed = known.len().div_ceil(3).max(3).min(known.len().max(1));
        let prepared = Known::of(known);
        let mut best: Option<(i64, &Asked<'_>, Vec<RecognisedRow>)> = None;
        let asking = self.sheets.iter().map(|asked| asked.rows.len()).max().unwrap_or(0);
        for asked in self.sheets.iter().filter(|asked| asked.rows.len() >= needed) {
            let rows = matching::match_rows(asked.sheet, &asked.rows, &prepared);
            let worth = worth(&rows);
            if !rows.is_empty() && best.as_ref().is_none_or(|(most, ..)| worth > *most) {
                best = Some((worth, asked, rows));
            }
        }
        let Some((_, asked, rows)) = best else {
            return Err(match asking {
                _ if !self.seen => NotTheChecklist::NothingToSee,
                0 => NotTheChecklist::NoQuestions,
                rows => NotTheChecklist::OtherQuestions { rows, matched: 0, needed },
            });
        };
        let matched = rows.iter().filter(|row| row.confidence >= Confidence::Likely).count();
        if matched < needed {
            return Err(NotTheChecklist::OtherQuestions { rows: rows.len(), matched, needed });
        }
        Ok(asked.recognition(rows, known))
    }
}

/// Matches count for a sheet, rows we do not know a little against it: the vendors' form also holds most of the institutions' items.
fn worth(rows: &[RecognisedRow]) -> i64 {
    rows.iter()
        .map(|row| match row.confidence {
            Confidence::Sure => 10,
            Confidence::Likely => 8,
            Confidence::Unsure => 2,
            Confidence::Unknown => -2,
        })
        .sum()
}

impl Asked<'_> {
    fn recognition(&self, rows: Vec<RecognisedRow>, known: &[KnownRow]) -> Recognition {
        let sheet = self.sheet;
        let first = rows.first().map_or(u32::MAX, |row| row.row);
        let last = rows.last().map_or(0, |row| row.row);
        let top = self.headings.iter().map(|(top, _)| *top).min().unwrap_or(first).min(first);
        let is = |item: &KnownRow| {
            rows.iter().any(|row| row.key.as_ref() == Some(&item.key) || row.also.contains(&item.key))
        };
        let missing = known.iter().filter(|item| !is(item)).map(|item| item.key.clone()).collect();
        let (title, fiscal_year, form) = fields::title(sheet, first);
        Recognition {
            sheet: sheet.name.clone(),
            sheet_index: self.index,
            title,
            fiscal_year,
            form,
            headings: self.headings.clone(),
            fields: fields::find(sheet, top, first, last),
            rows,
            missing,
        }
    }
}

/// No form is longer or wider.
const MAX_ROWS: u32 = 500;
const MAX_COLUMNS: u32 = 120;

/// The part of a sheet that is looked at. Cells to fill in are empty, so that columns count as soon as
/// they have a style or a drop-down.
fn bounds(sheet: &Sheet) -> (u32, u32) {
    (sheet.extent().0.min(MAX_ROWS), sheet.columns.min(MAX_COLUMNS))
}
