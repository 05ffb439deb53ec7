//! Where a row is filled in.

use super::columns::{AnswerColumns, Table, asks, is_dateish};
use super::words::Role;
use super::{AnswerSlot, RoundSlot};
use crate::answer::{Answer, is_markable, meaning, printed_choices};
use crate::grid::{Address, Area, Sheet, Value, Workbook};

/// Whether any cell under the answer columns of the row asks.
pub(super) fn row_asks(sheet: &Sheet, table: &Table, row: u32) -> bool {
    table.rounds.iter().filter_map(|round| round.answer.as_ref()).any(|answer| match answer {
        AnswerColumns::One { col, .. } => {
            let at = Address::new(row, *col);
            sheet.anchor(at).row == row && (asks(sheet, at) || ticks(sheet.text(at), Answer::Yes))
        }
        AnswerColumns::Marks { yes, no, .. } => [yes, no].iter().any(|col| {
            let at = Address::new(row, **col);
            let marked = sheet
                .cell(at)
                .is_some_and(|cell| matches!(cell.value, Value::Bool(_)) || is_markable(&cell.text));
            sheet.anchor(at) == at && (sheet.choices(at).is_some() || marked)
        }),
    })
}

/// Whether the cell prints one answer to be marked, such as `□はい`.
fn ticks(text: &str, answer: Answer) -> bool {
    is_markable(text) && meaning(text) == Some(answer)
}

/// Where a row is filled in.
pub(super) struct Slots {
    pub(super) rounds: Vec<RoundSlot>,
    pub(super) target: Option<Address>,
    pub(super) remark: Option<Address>,
}

/// Finds the cells of one checkpoint that takes up the sheet's rows `rows`, first and last.
pub(super) struct Finder<'s> {
    pub(super) workbook: &'s Workbook,
    pub(super) sheet: &'s Sheet,
    pub(super) table: &'s Table,
    pub(super) rows: (u32, u32),
    /// The sentence's own cells, which nothing may be written into.
    pub(super) sentence: Option<Area>,
}

impl Finder<'_> {
    /// Only cells that begin in the first row and are not the sentence's own; dates and second answers may stand below.
    pub(super) fn slots(&self) -> Slots {
        let rounds = self.table.rounds.iter().map(|round| {
            let answer = round.answer.as_ref().and_then(|answer| self.answer(answer));
            let below = || match &answer {
                Some(AnswerSlot::DropDown { cell, .. } | AnswerSlot::Printed { cell, .. }) => {
                    self.below(*cell).find(|at| is_dateish(self.workbook, self.sheet, *at))
                }
                _ => None,
            };
            RoundSlot { date: round.date.and_then(|col| self.own(col)).or_else(below), answer }
        });
        let of = |role| self.table.first(role).and_then(|col| self.own(col));
        Slots { rounds: rounds.collect(), target: of(Role::Target), remark: of(Role::Remark) }
    }

    fn own(&self, col: u32) -> Option<Address> {
        let at = self.sheet.anchor(Address::new(self.rows.0, col));
        (at.row == self.rows.0 && self.is_free(at)).then_some(at)
    }

    fn is_free(&self, at: Address) -> bool {
        self.sentence.is_none_or(|area| !area.contains(at))
    }

    /// The cells under one, down to the checkpoint's last row.
    fn below(&self, at: Address) -> impl Iterator<Item = Address> {
        let first = self.sheet.area(at).to.row + 1;
        (first..=self.rows.1)
            .map(move |row| Address::new(row, at.col))
            .filter(|below| self.sheet.anchor(*below) == *below && self.is_free(*below))
    }

    fn answer(&self, answer: &AnswerColumns) -> Option<AnswerSlot> {
        match answer {
            AnswerColumns::One { col, marks } => {
                let at = self.own(*col)?;
                Some(self.stacked(at).unwrap_or_else(|| answer_slot(self.sheet, at, *marks)))
            }
            AnswerColumns::Marks { yes, no, not_applicable } => {
                let (yes, no) = (self.own(*yes)?, self.own(*no)?);
                let not_applicable = not_applicable.and_then(|col| self.own(col));
                (yes != no).then_some(AnswerSlot::Marks { yes, no, not_applicable })
            }
        }
    }

    /// `□はい` above `□いいえ`.
    fn stacked(&self, yes: Address) -> Option<AnswerSlot> {
        let is = |at: Address, answer| ticks(self.sheet.text(at), answer);
        let find = |answer| self.below(yes).find(|at| is(*at, answer));
        let no = find(Answer::No).filter(|_| is(yes, Answer::Yes))?;
        Some(AnswerSlot::Marks { yes, no, not_applicable: find(Answer::NotApplicable) })
    }
}

/// How the cell wants its answer.
pub(super) fn answer_slot(sheet: &Sheet, at: Address, marks: bool) -> AnswerSlot {
    // Values that are no answers we know are kept too: nothing else may be written there.
    if let Some(values) = sheet.choices(at) {
        return AnswerSlot::DropDown { cell: at, values: values.to_vec() };
    }
    match printed_choices(sheet.text(at)) {
        Some(choices) => AnswerSlot::Printed { cell: at, choices },
        None => AnswerSlot::Free { cell: at, marks },
    }
}
