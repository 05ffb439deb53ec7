//! Decides which cell gets what, before any byte is touched.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::dates::{in_shape, shape_of};
use super::{Check, FieldValue, Fill, FillReport, NotPlaced, Place, WhyNot};
use crate::answer::{Answer, choose, is_box, is_date_blank, is_markable, mark, meaning};
use crate::grid::{Address, Sheet, Value};
use crate::own::guarded;
use crate::recognise::{AnswerSlot, FieldKind, FormField, RecognisedRow, Recognition};

/// What a cell is to hold.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Write {
    /// Text.
    Text(String),
    /// A date: a serial number where the cell shows dates, else the text.
    Date(NaiveDate, String),
    /// A ticked or empty check box.
    Bool(bool),
    /// Nothing.
    Clear,
}

/// A value on its way to a cell.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    pub(super) write: Write,
    pub(super) place: Place,
}

struct Planner<'s> {
    sheet: &'s Sheet,
    cells: BTreeMap<Address, Planned>,
    report: &'s mut FillReport,
    date_shape: String,
}

/// Every cell to write.
pub(super) fn plan(
    sheet: &Sheet,
    recognition: &Recognition,
    fills: &[Fill],
    fields: &[(FieldKind, FieldValue)],
    report: &mut FillReport,
) -> BTreeMap<Address, Planned> {
    let mut planner = Planner { sheet, cells: BTreeMap::new(), report, date_shape: shape_of(sheet) };
    for fill in fills {
        let row = &recognition.rows[fill.row];
        planner.checks(fill, row);
        if let Some(target) = fill.target {
            planner.date(row.target, target, Place::Target { row: fill.row });
        }
        if let Some(remark) = &fill.remark {
            let place = Place::Remark { row: fill.row };
            match row.remark {
                Some(cell) => planner.put(cell, Write::Text(guarded(remark)), place),
                None => planner.fail(place, WhyNot::NoCell),
            }
        }
    }
    for (kind, value) in fields {
        let place = Place::Field { kind: *kind };
        match recognition.fields.iter().find(|field| field.kind == *kind) {
            Some(field) => planner.field(field, value, place),
            None => planner.fail(place, WhyNot::NoCell),
        }
    }
    planner.cells
}

impl Planner<'_> {
    fn put(&mut self, at: Address, write: Write, place: Place) {
        self.cells.insert(at, Planned { write, place });
    }

    fn fail(&mut self, value: Place, why: WhyNot) {
        self.report.not_placed.push(NotPlaced { value, why });
    }

    fn checks(&mut self, fill: &Fill, row: &RecognisedRow) {
        let answers: Vec<usize> =
            (0..row.rounds.len()).filter(|round| row.rounds[*round].answer.is_some()).collect();
        let dates: Vec<usize> =
            (0..row.rounds.len()).filter(|round| row.rounds[*round].date.is_some()).collect();
        if answers.len() <= 1 {
            let latest = fill
                .checks
                .iter()
                .rposition(|check| check.answer != Answer::Blank)
                .or(fill.checks.len().checked_sub(1));
            if let Some(round) = latest {
                let slot = answers.first().and_then(|round| row.rounds[*round].answer.as_ref());
                self.answer(slot, fill.checks[round], Place::Answer { row: fill.row, round });
            }
        } else {
            for (round, check) in fill.checks.iter().enumerate() {
                let slot = row.rounds.get(round).and_then(|round| round.answer.as_ref());
                if slot.is_some() || check.answer != Answer::Blank {
                    self.answer(slot, *check, Place::Answer { row: fill.row, round });
                }
            }
        }
        let checked_on: Vec<(usize, NaiveDate)> =
            fill.checks.iter().enumerate().filter_map(|(round, check)| Some((round, check.date?))).collect();
        // One date cell holds the latest check.
        let kept = if dates.len() == 1 {
            &checked_on[checked_on.len().saturating_sub(1)..]
        } else {
            &checked_on[..]
        };
        for (round, date) in kept {
            let own = if dates.len() == 1 { dates.first() } else { dates.iter().find(|d| *d == round) };
            let cell = own.and_then(|round| row.rounds[*round].date);
            if cell.is_none() && in_answer_cell(row, *round) {
                continue;
            }
            self.date(cell, *date, Place::CheckDate { row: fill.row, round: *round });
        }
    }

    fn answer(&mut self, slot: Option<&AnswerSlot>, check: Check, place: Place) {
        let answer = check.answer;
        match slot {
            None if answer == Answer::Blank => {}
            None => self.fail(place, WhyNot::NoCell),
            Some(AnswerSlot::DropDown { cell, values }) => {
                let value = values.iter().find(|value| meaning(value) == Some(answer));
                match value {
                    Some(value) => self.put(*cell, Write::Text(value.clone()), place),
                    None if answer == Answer::Blank => self.put(*cell, Write::Clear, place),
                    None => self.fail(place, WhyNot::NoSuchChoice),
                }
            }
            Some(AnswerSlot::Marks { yes, no, not_applicable }) => {
                if answer == Answer::NotApplicable && not_applicable.is_none() {
                    return self.fail(place, WhyNot::NoSuchChoice);
                }
                self.mark(*yes, answer == Answer::Yes, place);
                self.mark(*no, answer == Answer::No, place);
                if let Some(cell) = not_applicable {
                    self.mark(*cell, answer == Answer::NotApplicable, place);
                }
            }
            Some(AnswerSlot::Printed { cell, choices }) => {
                let date =
                    check.date.zip(choices.date_blank.as_ref()).map(|(date, blank)| in_shape(date, blank));
                match choose(self.sheet.text(*cell), choices, answer, date.as_deref()) {
                    Some(text) => self.put(*cell, Write::Text(text), place),
                    None => self.fail(place, WhyNot::NoSuchChoice),
                }
            }
            // The form has one box to tick and no word for no: it stays empty.
            Some(AnswerSlot::Free { cell, .. }) if is_box(self.sheet.text(*cell).trim()) => {
                if answer == Answer::NotApplicable {
                    return self.fail(place, WhyNot::NoSuchChoice);
                }
                self.mark(*cell, answer == Answer::Yes, place);
            }
            Some(AnswerSlot::Free { cell, marks }) => {
                let word = match (answer, marks) {
                    (Answer::Yes, true) => "○",
                    (Answer::No, true) => "×",
                    (Answer::NotApplicable, true) => "－",
                    (Answer::Yes, false) => "はい",
                    (Answer::No, false) => "いいえ",
                    (Answer::NotApplicable, false) => "該当なし",
                    (Answer::Blank, _) => return self.put(*cell, Write::Clear, place),
                };
                self.put(*cell, Write::Text(word.to_owned()), place);
            }
        }
    }

    /// Marks or clears one of several columns, in the manner of the cell.
    fn mark(&mut self, at: Address, marked: bool, place: Place) {
        let cell = self.sheet.cell(at);
        let text = cell.map_or("", |cell| cell.text.trim());
        let write = if matches!(cell.map(|cell| &cell.value), Some(Value::Bool(_))) {
            Write::Bool(marked)
        } else if is_markable(text) {
            Write::Text(mark(text, marked))
        } else if marked {
            let offered = self.sheet.choices(at).and_then(|values| {
                values.iter().find(|value| meaning(value) == Some(Answer::Yes)).or(values.first())
            });
            Write::Text(offered.map_or("○", String::as_str).to_owned())
        } else {
            Write::Clear
        };
        self.put(at, write, place);
    }

    fn date(&mut self, cell: Option<Address>, date: NaiveDate, place: Place) {
        let Some(at) = cell else { return self.fail(place, WhyNot::NoCell) };
        let printed = self.sheet.text(at);
        let shape = if is_date_blank(printed) { printed } else { self.date_shape.as_str() };
        let text = in_shape(date, shape);
        self.put(at, Write::Date(date, text), place);
    }

    fn field(&mut self, field: &FormField, value: &FieldValue, place: Place) {
        if !field.inline {
            return match value {
                FieldValue::Text(text) => self.put(field.cell, Write::Text(guarded(text)), place),
                FieldValue::Date(date) => self.date(Some(field.cell), *date, place),
            };
        }
        let printed = self.sheet.text(field.cell);
        let (head, tail) = match printed.find(['：', ':']) {
            Some(at) => {
                let mark = printed[at..].chars().next().map_or(0, char::len_utf8);
                printed.split_at(at + mark)
            }
            None => (printed, ""),
        };
        let text = match value {
            FieldValue::Text(text) => text.clone(),
            FieldValue::Date(date) if is_date_blank(tail) => in_shape(*date, tail),
            FieldValue::Date(date) => in_shape(*date, &self.date_shape),
        };
        let colon = if tail.is_empty() && !head.ends_with(['：', ':']) { "：" } else { "" };
        let whole = format!("{}{colon}{text}", head.trim_end());
        self.put(field.cell, Write::Text(guarded(&whole)), place);
    }
}

/// Whether the round's answer cell takes the date too.
fn in_answer_cell(row: &RecognisedRow, round: usize) -> bool {
    let slot = row.rounds.get(round).or(row.rounds.first()).and_then(|round| round.answer.as_ref());
    matches!(slot, Some(AnswerSlot::Printed { choices, .. }) if choices.date_blank.is_some())
}
