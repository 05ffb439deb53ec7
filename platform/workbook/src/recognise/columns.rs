//! Tables in a sheet: their heading rows and what each column is for.

use std::collections::BTreeMap;

use super::words::{Role, label_role, round_of};
use crate::answer::{Answer, is_answer_list, is_box, is_date_blank, meaning, printed_choices};
use crate::grid::{Address, Sheet, Value, Workbook};
use crate::number::ItemNumber;

/// The columns of one answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum AnswerColumns {
    One { col: u32, marks: bool },
    Marks { yes: u32, no: u32, not_applicable: Option<u32> },
}

/// One round's columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Round {
    pub(super) answer: Option<AnswerColumns>,
    pub(super) date: Option<u32>,
}

/// A stretch of rows under one heading.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) heading: Option<(u32, u32)>,
    /// First row of the body and one past its last.
    pub(super) body: (u32, u32),
    pub(super) roles: BTreeMap<u32, Role>,
    pub(super) rounds: Vec<Round>,
}

impl Table {
    pub(super) fn role(&self, col: u32) -> Option<Role> {
        self.roles.get(&col).copied()
    }

    pub(super) fn first(&self, role: Role) -> Option<u32> {
        self.roles.iter().find(|(_, r)| **r == role).map(|(col, _)| *col)
    }

    pub(super) fn last_text(&self) -> Option<u32> {
        self.roles.iter().rev().find(|(_, role)| **role == Role::Text).map(|(col, _)| *col)
    }
}

/// More tables than any form has in a sheet.
const MAX_TABLES: usize = 60;

/// Whether the cell itself shows that an answer goes there.
pub(super) fn asks(sheet: &Sheet, at: Address) -> bool {
    sheet.choices(at).is_some_and(is_answer_list) || printed_choices(sheet.text(at)).is_some()
}

/// Whether the cell holds a date, is styled for one, or prints the frame of one.
pub(super) fn is_dateish(workbook: &Workbook, sheet: &Sheet, at: Address) -> bool {
    let Some(cell) = sheet.cell(sheet.anchor(at)) else { return false };
    match cell.value {
        Value::Date(_) => true,
        Value::Empty => workbook.is_date_style(cell.style),
        Value::Text => is_date_blank(&cell.text),
        _ => false,
    }
}

/// The tables of a sheet, from top to bottom. Without any heading the whole sheet is one.
pub(super) fn tables(workbook: &Workbook, sheet: &Sheet) -> Vec<Table> {
    let (rows, columns) = super::bounds(sheet);
    let blocks = heading_blocks(sheet, rows, columns);
    if blocks.is_empty() {
        let mut table = Table { heading: None, body: (0, rows), roles: BTreeMap::new(), rounds: Vec::new() };
        roles_by_content(workbook, sheet, &mut table, columns);
        finish(sheet, &mut table, &BTreeMap::new());
        return vec![table];
    }
    let mut tables = Vec::new();
    for (index, (top, bottom)) in blocks.iter().enumerate() {
        let end = blocks.get(index + 1).map_or(rows, |next| next.0);
        let labels = labels(sheet, *top, *bottom, columns);
        let roles = labels.iter().filter_map(|(col, labels)| Some((*col, role_of(labels)?))).collect();
        let mut table =
            Table { heading: Some((*top, *bottom)), body: (bottom + 1, end), roles, rounds: Vec::new() };
        refine(workbook, sheet, &mut table, columns);
        finish(sheet, &mut table, &labels);
        tables.push(table);
    }
    tables
}

/// First and last row of each block of heading rows.
fn heading_blocks(sheet: &Sheet, rows: u32, columns: u32) -> Vec<(u32, u32)> {
    let mut blocks: Vec<(u32, u32)> = Vec::new();
    let mut row = 0;
    while row < rows && blocks.len() < MAX_TABLES {
        let Some(text_col) = main_heading(sheet, row, columns) else {
            row += 1;
            continue;
        };
        let mut bottom = sheet.area(Address::new(row, text_col)).to.row.min(rows - 1);
        while bottom + 1 < rows && continues_heading(sheet, bottom + 1, text_col) {
            bottom += 1;
        }
        let floor = blocks.last().map_or(0, |last| last.1 + 1);
        let mut top = row;
        while top > floor && row - top < 2 && spans_columns(sheet, top - 1) {
            top -= 1;
        }
        blocks.push((top, bottom));
        row = bottom + 1;
    }
    blocks
}

/// The column of the heading over the sentences, if this row is the main row of a heading.
fn main_heading(sheet: &Sheet, row: u32, columns: u32) -> Option<u32> {
    let mut roles = BTreeMap::new();
    for (at, cell) in sheet.row(row).filter(|(at, _)| at.col < columns) {
        if printed_choices(&cell.text).is_some_and(|choices| choices.boxed) || cell.text.chars().count() > 60
        {
            return None;
        }
        if let Some(role) = label_role(&cell.text) {
            roles.entry(role).or_insert(at.col);
        }
    }
    let filled = [Role::Answer, Role::Yes, Role::Date, Role::Target, Role::Remark, Role::No];
    let others = roles.keys().filter(|role| filled.contains(role)).count();
    let Some(text) = roles.get(&Role::Text).or_else(|| roles.get(&Role::Number)) else {
        // The sentences stand under words of the form's own; what is filled in shows the heading.
        return (others >= 2 && roles.contains_key(&Role::Answer)).then_some(0);
    };
    // The second level may hold all the columns to fill in; then number and sentence alone must do.
    let below = sheet.area(Address::new(row, *text)).to.row;
    let enough = others >= 1
        || (roles.contains_key(&Role::Text) && roles.contains_key(&Role::Number))
        || (below > row && roles.contains_key(&Role::Text));
    enough.then_some(*text)
}

/// A further level below: only labels, and nothing under the heading of the sentences.
fn continues_heading(sheet: &Sheet, row: u32, text_col: u32) -> bool {
    let mut any = false;
    for (at, cell) in sheet.row(row) {
        if at.col == text_col || ItemNumber::parse(&cell.text).is_some() {
            return false;
        }
        // A cell of the body may print its choices just as a heading does; but there, a sentence stands before it.
        if label_role(&cell.text).is_none() && round_of(&cell.text).is_none() {
            return false;
        }
        any = true;
    }
    any
}

/// A level above: at least one label over several columns.
fn spans_columns(sheet: &Sheet, row: u32) -> bool {
    sheet.row(row).any(|(at, cell)| {
        let area = sheet.area(at);
        let labels = label_role(&cell.text).is_some() || round_of(&cell.text).is_some();
        labels && area.to.col > area.from.col
    })
}

/// For each column the labels over it, from the top level down.
fn labels(sheet: &Sheet, top: u32, bottom: u32, columns: u32) -> BTreeMap<u32, Vec<String>> {
    let mut labels = BTreeMap::new();
    for col in 0..columns {
        let mut seen = Vec::new();
        for row in top..=bottom {
            let at = sheet.anchor(Address::new(row, col));
            if !seen.contains(&at) {
                seen.push(at);
            }
        }
        let texts: Vec<String> = seen
            .into_iter()
            .filter(|at| at.row >= top)
            .map(|at| sheet.text(at).to_owned())
            .filter(|text| !text.trim().is_empty())
            .collect();
        labels.insert(col, texts);
    }
    labels
}

/// The lowest label decides; one that only names a round leaves it to the one above.
fn role_of(labels: &[String]) -> Option<Role> {
    for label in labels.iter().rev() {
        if let Some(role) = label_role(label) {
            return Some(role);
        }
        round_of(label)?;
    }
    // `1回目` and nothing more: the round's result.
    labels.iter().any(|label| round_of(label).is_some()).then_some(Role::Answer)
}

/// What the bodies of the columns show.
struct Shown {
    asks: usize,
    dates: usize,
}

fn shown(workbook: &Workbook, sheet: &Sheet, body: (u32, u32), col: u32) -> Shown {
    let mut shown = Shown { asks: 0, dates: 0 };
    for row in body.0..body.1 {
        let at = Address::new(row, col);
        if sheet.anchor(at).row != row || sheet.anchor(at).col != col {
            continue;
        }
        if asks(sheet, at) {
            shown.asks += 1;
        } else if is_dateish(workbook, sheet, at) {
            shown.dates += 1;
        }
    }
    shown
}

/// Corrects what the headings say by what the columns hold.
fn refine(workbook: &Workbook, sheet: &Sheet, table: &mut Table, columns: u32) {
    let all: Vec<Shown> = (0..columns).map(|col| shown(workbook, sheet, table.body, col)).collect();
    let is_answer = |role: Option<Role>| matches!(role, Some(Role::Answer | Role::Yes | Role::No));
    // One heading `確認結果` over an answer and its date.
    let asking = (0..columns).any(|col| is_answer(table.role(col)) && all[col as usize].asks > 0);
    for col in 0..columns {
        let here = &all[col as usize];
        if table.role(col) == Some(Role::Answer) && here.asks == 0 && here.dates > 0 && asking {
            table.roles.insert(col, Role::Date);
        }
    }
    word_columns(sheet, table, columns);
    // The cells ask, but the heading has a word of its own.
    if !(0..columns).any(|col| is_answer(table.role(col))) {
        for col in 0..columns {
            if all[col as usize].asks >= 2 {
                table.roles.insert(col, Role::Answer);
            }
        }
    }
    if table.first(Role::Text).is_none()
        && let Some(col) = wordiest(sheet, table, columns)
    {
        table.roles.insert(col, Role::Text);
    }
}

/// `□はい` and `□いいえ` in cells of their own, with the box before the word or in a cell before it.
fn word_columns(sheet: &Sheet, table: &mut Table, columns: u32) {
    let count = |col: u32, wanted: &dyn Fn(&str) -> bool| {
        (table.body.0..table.body.1).filter(|row| wanted(own_text(sheet, Address::new(*row, col)))).count()
    };
    let words = |answer| {
        let is =
            move |text: &str| meaning(text) == Some(answer) && text.contains(|c: char| c.is_alphabetic());
        (0..columns)
            .find(|col| matches!(table.role(*col), None | Some(Role::Answer)) && count(*col, &is) >= 3)
    };
    let (Some(yes), Some(no)) = (words(Answer::Yes), words(Answer::No)) else { return };
    // `□はい` above `□いいえ` is one column.
    if yes == no {
        return;
    }
    let not_applicable = words(Answer::NotApplicable);
    let boxed = |col: u32| col > 0 && count(col - 1, &|text| is_box(text.trim())) >= 3;
    let found = [(Some(yes), Role::Yes), (Some(no), Role::No), (not_applicable, Role::NotApplicable)];
    let placed: Vec<(u32, Role)> = found
        .into_iter()
        .filter_map(|(col, role)| Some((col?, role)))
        .flat_map(
            |(col, role)| {
                if boxed(col) { vec![(col - 1, role), (col, Role::Other)] } else { vec![(col, role)] }
            },
        )
        .collect();
    table.roles.extend(placed);
}

/// Without headings: what each column holds decides.
fn roles_by_content(workbook: &Workbook, sheet: &Sheet, table: &mut Table, columns: u32) {
    for col in 0..columns {
        let shown = shown(workbook, sheet, table.body, col);
        let numbers = (table.body.0..table.body.1)
            .filter(|row| ItemNumber::parse(own_text(sheet, Address::new(*row, col))).is_some())
            .count();
        if shown.asks >= 2 {
            table.roles.insert(col, Role::Answer);
        } else if shown.dates >= 2 {
            table.roles.insert(col, Role::Date);
        } else if numbers >= 3 {
            table.roles.insert(col, Role::Number);
        }
    }
    if let Some(col) = wordiest(sheet, table, columns) {
        table.roles.insert(col, Role::Text);
    }
}

fn own_text(sheet: &Sheet, at: Address) -> &str {
    sheet.cell(at).map_or("", |cell| cell.text.as_str())
}

/// The column without a role that holds most sentences.
fn wordiest(sheet: &Sheet, table: &Table, columns: u32) -> Option<u32> {
    let letters = |col: u32| -> usize {
        (table.body.0..table.body.1)
            .map(|row| own_text(sheet, Address::new(row, col)).chars().count())
            .filter(|count| *count >= 8)
            .map(|count| count.min(80))
            .sum()
    };
    (0..columns)
        .filter(|col| table.role(*col).is_none())
        .map(|col| (letters(col), std::cmp::Reverse(col)))
        .filter(|(count, _)| *count > 0)
        .max()
        .map(|(_, std::cmp::Reverse(col))| col)
}

/// Puts answer and date columns together into rounds.
fn finish(sheet: &Sheet, table: &mut Table, labels: &BTreeMap<u32, Vec<String>>) {
    let round = |col: u32| labels.get(&col)?.iter().find_map(|label| round_of(label));
    let marks = |col: u32| {
        labels
            .get(&col)
            .is_some_and(|all| all.iter().any(|l| l.contains(['○', '〇', '◯']) && l.contains('×')))
    };
    let mut slots: BTreeMap<usize, Round> = BTreeMap::new();
    let mut answers: Vec<(usize, u32)> = Vec::new();
    let mut last_anchor = None;
    for (col, role) in &table.roles {
        if !matches!(role, Role::Answer | Role::Yes) {
            continue;
        }
        // One answer cell merged over several columns is one answer.
        let anchor = sheet.anchor(Address::new(table.body.0, *col));
        if last_anchor.replace(anchor) == Some(anchor) && anchor.col != *col {
            continue;
        }
        let answer = match role {
            Role::Answer => AnswerColumns::One { col: *col, marks: marks(*col) },
            _ => match mark_columns(table, *col) {
                Some(columns) => columns,
                None => AnswerColumns::One { col: *col, marks: true },
            },
        };
        let number = round(*col).unwrap_or(answers.len() + 1);
        let slot = slots.entry(number).or_default();
        if slot.answer.is_none() {
            slot.answer = Some(answer);
            answers.push((number, *col));
        }
    }
    let dates: Vec<u32> =
        table.roles.iter().filter(|(_, role)| **role == Role::Date).map(|(col, _)| *col).collect();
    for (index, col) in dates.iter().enumerate() {
        let beside = answers.iter().rev().find(|(_, answer)| answer < col).map(|(number, _)| *number);
        let number =
            round(*col).or(if dates.len() <= answers.len() { beside } else { None }).unwrap_or(index + 1);
        let slot = slots.entry(number).or_default();
        slot.date.get_or_insert(*col);
    }
    table.rounds = slots.into_values().collect();
}

/// The columns for no and not applicable that belong to the one for yes: the next ones before another yes.
fn mark_columns(table: &Table, yes: u32) -> Option<AnswerColumns> {
    let mut no = None;
    let mut not_applicable = None;
    for (col, role) in table.roles.range(yes + 1..) {
        match role {
            Role::No if no.is_none() => no = Some(*col),
            Role::NotApplicable if not_applicable.is_none() => not_applicable = Some(*col),
            Role::Yes => break,
            _ => {}
        }
    }
    no.map(|no| AnswerColumns::Marks { yes, no, not_applicable })
}
