//! From a round's answers to the values of the workbook's cells. Pure.

use super::model::{OfficialForm, OfficialRow};
use crate::model::{Answer, AnswerContent, AnswerKind};
use chrono::NaiveDate;
use komainu_catalog::PlacementId;
use komainu_workbook::{
    Answer as Mark, Check, FieldKind, FieldValue, Fill, FillError, FilledWorkbook, Place, WhyNot, fill,
};
use std::collections::{BTreeMap, BTreeSet};

/// The answers of a round by row; those that wait to be confirmed count as none.
pub(super) type Answers = BTreeMap<PlacementId, Answer>;

/// What every row of the workbook is to hold. A row that covers several of ours is yes only where all of them are.
pub(super) fn fills(rows: &[OfficialRow], answers: &Answers, columns: usize) -> Vec<Fill> {
    let settled = |placement: &PlacementId| {
        answers.get(placement).filter(|answer| !answer.carried).map(|answer| &answer.content)
    };
    rows.iter()
        .filter(|row| row.usage.placement().is_some())
        .map(|row| {
            let covered: Vec<&PlacementId> = match &row.usage {
                super::Usage::Own(own) => vec![own],
                _ => row.covers().collect(),
            };
            let parts: Vec<Option<&AnswerContent>> = covered.into_iter().map(settled).collect();
            fill_of(row.position, &parts, columns)
        })
        .collect()
}

fn fill_of(row: usize, parts: &[Option<&AnswerContent>], columns: usize) -> Fill {
    let answer = together(parts);
    let written: Vec<&AnswerContent> = parts.iter().copied().flatten().collect();
    let date = |column: usize| {
        written.iter().filter_map(|content| content.checked.get(column).copied().flatten()).max()
    };
    let dates: Vec<Option<NaiveDate>> = (0..columns.max(1)).map(date).collect();
    // Only today's answer is known: earlier checks keep their date, and no answer is put into their mouth.
    let last = dates.iter().rposition(Option::is_some).unwrap_or(0);
    let checks = dates
        .iter()
        .enumerate()
        .map(|(at, date)| Check { answer: if at == last { answer } else { Mark::Blank }, date: *date });
    let words: BTreeSet<&str> = written
        .iter()
        .flat_map(|content| [content.reason.as_str(), content.note.as_str()])
        .filter(|text| !text.is_empty())
        .collect();
    let remark: Vec<&str> = words.into_iter().collect();
    Fill {
        row,
        checks: checks.collect(),
        target: written.iter().filter_map(|content| content.target).max(),
        remark: (!remark.is_empty()).then(|| remark.join("\n")),
    }
}

/// One answer for several rows of ours: unanswered where one is, no where one is no or not sure.
fn together(parts: &[Option<&AnswerContent>]) -> Mark {
    let kinds: Option<Vec<AnswerKind>> = parts.iter().map(|part| part.and_then(|part| part.kind)).collect();
    let Some(kinds) = kinds.filter(|kinds| !kinds.is_empty()) else { return Mark::Blank };
    if kinds.iter().any(|kind| kind.counts_as_no()) {
        Mark::No
    } else if kinds.iter().all(|kind| *kind == AnswerKind::NotApplicable) {
        Mark::NotApplicable
    } else {
        Mark::Yes
    }
}

/// A value that the workbook has no place for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortfall {
    /// The row's printed number; empty for a field outside the table and for a row without number.
    pub number: String,
    /// The row's sentence; empty for a field outside the table.
    pub sentence: String,
    /// What could not be written.
    pub value: Place,
    /// Why.
    pub why: WhyNot,
}

/// Writes into a copy of the original. Slow enough to leave the async threads.
pub fn fill_in(
    original: &[u8],
    form: &OfficialForm,
    fills: &[Fill],
    fields: &[(FieldKind, FieldValue)],
) -> Result<FilledWorkbook, FillError> {
    // A field that the form does not have is no loss.
    let has = |kind: FieldKind| form.recognition.fields.iter().any(|field| field.kind == kind);
    let fields: Vec<_> = fields.iter().filter(|(kind, _)| has(*kind)).cloned().collect();
    fill(original, &form.recognition, fills, &fields)
}

/// What could not be written, with the row it belongs to.
pub fn shortfalls(form: &OfficialForm, filled: &FilledWorkbook) -> Vec<Shortfall> {
    let not_placed = filled.report.not_placed.iter();
    not_placed
        .map(|not| {
            let row = match not.value {
                Place::Answer { row, .. }
                | Place::CheckDate { row, .. }
                | Place::Target { row }
                | Place::Remark { row } => form.recognition.rows.get(row),
                Place::Field { .. } => None,
            };
            Shortfall {
                number: row.map(|row| row.number_text.clone()).unwrap_or_default(),
                sentence: row.map(|row| row.sentence.clone()).unwrap_or_default(),
                value: not.value,
                why: not.why,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn content(kind: Option<AnswerKind>) -> AnswerContent {
        AnswerContent { kind, ..AnswerContent::default() }
    }

    #[test]
    fn several_rows_make_one_answer() {
        use AnswerKind::{No, NotApplicable, NotSure, Yes};
        for (kinds, mark) in [
            (&[Some(Yes)][..], Mark::Yes),
            (&[Some(Yes), Some(Yes)], Mark::Yes),
            (&[Some(Yes), Some(No)], Mark::No),
            (&[Some(Yes), Some(NotSure)], Mark::No),
            (&[Some(Yes), None], Mark::Blank),
            (&[Some(No), None], Mark::Blank),
            (&[Some(NotApplicable)], Mark::NotApplicable),
            (&[Some(NotApplicable), Some(Yes)], Mark::Yes),
            (&[], Mark::Blank),
        ] {
            let contents: Vec<_> = kinds.iter().map(|kind| content(*kind)).collect();
            let parts: Vec<_> = contents.iter().map(Some).collect();
            assert_eq!(together(&parts), mark, "{kinds:?}");
        }
        assert_eq!(together(&[None]), Mark::Blank);
    }

    #[test]
    fn the_answer_stands_at_the_latest_check() {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let mut one = content(Some(AnswerKind::Yes));
        one.checked = vec![day("2026-06-01"), day("2026-09-01"), None];
        one.note = "台帳は総務課".to_owned();
        let fill = fill_of(4, &[Some(&one)], 3);
        let blank = |date| Check { answer: Mark::Blank, date };
        let yes = Check { answer: Mark::Yes, date: day("2026-09-01") };
        assert_eq!(fill.checks, [blank(day("2026-06-01")), yes, blank(None)]);
        assert_eq!((fill.row, fill.remark.as_deref()), (4, Some("台帳は総務課")));
    }

    proptest! {
        /// No is never hidden: where one part is no, the printed row is never yes.
        #[test]
        fn a_no_is_never_lost(kinds in prop::collection::vec(
            prop::option::of(prop::sample::select(AnswerKind::ALL.to_vec())), 1..6)) {
            let contents: Vec<_> = kinds.iter().map(|kind| content(*kind)).collect();
            let parts: Vec<_> = contents.iter().map(Some).collect();
            let mark = together(&parts);
            if kinds.iter().flatten().any(|kind| kind.counts_as_no()) {
                prop_assert!(matches!(mark, Mark::No | Mark::Blank));
            }
            prop_assert_eq!(mark == Mark::Blank, kinds.contains(&None));
        }
    }
}
