//! The rows of a table: which are checkpoints, which are headings, which are notes.

use super::columns::{AnswerColumns, Table, asks, is_dateish};
use super::words::{Role, Scope, is_note, is_sentence, names_all_scopes, scopes_in};
use super::{AnswerSlot, RoundSlot};
use crate::answer::{is_markable, printed_choices};
use crate::fold::{fold, tidy};
use crate::grid::{Address, Area, Sheet, Value, Workbook};
use crate::number::{ItemNumber, heading};

/// A checkpoint as it stands in the sheet, not yet matched.
#[derive(Debug, Clone)]
pub(super) struct FoundRow {
    pub(super) at: Address,
    pub(super) row: u32,
    pub(super) number: Option<ItemNumber>,
    pub(super) number_text: String,
    pub(super) section: Option<String>,
    pub(super) scopes: Vec<Scope>,
    pub(super) sentence: String,
    /// Neither number nor anything that asks: only a clear likeness makes it a checkpoint.
    pub(super) weak: bool,
    pub(super) rounds: Vec<RoundSlot>,
    pub(super) target: Option<Address>,
    pub(super) remark: Option<Address>,
}

/// More checkpoints than any form has.
const MAX_FOUND: usize = 400;

/// What headings above a row have said.
#[derive(Default)]
struct Above {
    section: Option<u32>,
    section_text: Option<String>,
    scopes: Vec<Scope>,
    /// Whether the section's label has no number of its own.
    unnumbered: bool,
    previous: Option<ItemNumber>,
}

/// One row's cells, told apart.
#[derive(Default)]
struct Pieces {
    numbers: Vec<(ItemNumber, String, bool)>,
    section: Option<String>,
    scopes: Vec<Scope>,
    sentence: String,
    sentence_at: Option<Area>,
    own: bool,
}

/// Every checkpoint of the sheet.
pub(super) fn read(workbook: &Workbook, sheet: &Sheet, tables: &[Table]) -> Vec<FoundRow> {
    let mut found = above_tables(workbook, sheet, tables);
    let mut above = Above::default();
    for table in tables {
        let asking = (table.body.0..table.body.1).filter(|row| row_asks(sheet, table, *row)).count() >= 3;
        for row in table.body.0..table.body.1 {
            if found.len() >= MAX_FOUND {
                return found;
            }
            found.extend(read_row(sheet, table, row, &mut above, asking));
        }
    }
    found
}

/// A gate question often stands above the table: a sentence with an answer cell to its right.
fn above_tables(workbook: &Workbook, sheet: &Sheet, tables: &[Table]) -> Vec<FoundRow> {
    let Some((top, _)) = tables.first().and_then(|table| table.heading) else { return Vec::new() };
    let (_, columns) = super::bounds(sheet);
    let mut found = Vec::new();
    for row in 0..top {
        let Some((at, cell)) = sheet.row(row).find(|(_, cell)| {
            cell.text.chars().count() >= 8
                && cell.value == Value::Text
                && printed_choices(&cell.text).is_none()
        }) else {
            continue;
        };
        let right = sheet.area(at).to.col + 1;
        let Some(answer) = (right..columns.max(right) + 2)
            .map(|col| sheet.anchor(Address::new(row, col)))
            .find(|cell| cell.row == row && asks(sheet, *cell))
        else {
            continue;
        };
        let after = sheet.area(answer).to.col + 1;
        let date = sheet.anchor(Address::new(row, after));
        let (number, sentence) = split_number(&cell.text);
        found.push(FoundRow {
            at,
            row,
            number: number.as_ref().map(|(number, _)| *number),
            number_text: number.map(|(_, text)| text).unwrap_or_default(),
            section: None,
            scopes: Vec::new(),
            sentence,
            weak: false,
            rounds: vec![RoundSlot {
                answer: Some(answer_slot(sheet, answer, false)),
                date: is_dateish(workbook, sheet, date).then_some(date),
            }],
            target: None,
            remark: None,
        });
    }
    found
}

fn split_number(text: &str) -> (Option<(ItemNumber, String)>, String) {
    match ItemNumber::split(text) {
        Some((number, rest)) => {
            let head = text.trim_start();
            let printed = head[..head.len() - rest.len()].trim().to_owned();
            (Some((number, printed)), tidy(rest))
        }
        None => (None, tidy(text)),
    }
}

fn read_row(sheet: &Sheet, table: &Table, row: u32, above: &mut Above, asking: bool) -> Option<FoundRow> {
    let mut pieces = pieces(sheet, table, row);
    if !pieces.own || (pieces.sentence.is_empty() && pieces.numbers.is_empty()) {
        return None;
    }
    let row_asks = row_asks(sheet, table, row);
    if let Some(label) = &pieces.section {
        enter_section(label, None, above);
    }
    // A number in front of the sentence itself.
    if pieces.numbers.is_empty() {
        let (number, sentence) = split_number(&pieces.sentence);
        let is_heading = !row_asks && heading(&pieces.sentence).is_some() && !is_sentence(&sentence);
        if let Some((number, printed)) = number.filter(|_| !is_heading) {
            pieces.numbers.push((number, printed, false));
            pieces.sentence = sentence;
        }
    }
    let (number, number_text) = number(&pieces, above);
    if !row_asks {
        if is_note(&pieces.sentence) && number.is_none() {
            return None;
        }
        if heads(&pieces, number, asking, table, above) {
            return None;
        }
    }
    if pieces.sentence.chars().count() < 3 {
        return None;
    }
    let slots = slots(sheet, table, row, pieces.sentence_at);
    let has_answer = slots.rounds.iter().any(|round| round.answer.is_some());
    if !row_asks && asking && (number.is_none() || !has_answer) {
        return None;
    }
    if let Some(number) = number {
        above.section = number.section.or(above.section);
        above.unnumbered = false;
        above.previous = Some(number);
    }
    let scopes = if pieces.scopes.is_empty() { above.scopes.clone() } else { pieces.scopes };
    Some(FoundRow {
        at: pieces.sentence_at.map_or(Address::new(row, 0), |area| area.from),
        row,
        number,
        number_text,
        section: above.section_text.clone(),
        scopes,
        weak: !row_asks && number.is_none(),
        sentence: pieces.sentence,
        rounds: slots.rounds,
        target: slots.target,
        remark: slots.remark,
    })
}

/// A cell with words, or a merged area.
struct Words {
    area: Area,
    text: String,
    role: Option<Role>,
}

/// Tells the cells of a row apart.
fn pieces(sheet: &Sheet, table: &Table, row: u32) -> Pieces {
    let (_, columns) = super::bounds(sheet);
    let last_text = table.last_text().unwrap_or(columns);
    let mut pieces = Pieces::default();
    let mut words: Vec<Words> = Vec::new();
    let mut seen: Vec<Address> = Vec::new();
    for col in 0..columns {
        let role = table.role(col);
        let reads = match role {
            Some(Role::Number | Role::Section | Role::Scope | Role::Text) => true,
            None => col < last_text,
            Some(_) => false,
        };
        let area = sheet.area(Address::new(row, col));
        if !reads || seen.contains(&area.from) {
            continue;
        }
        seen.push(area.from);
        let text = tidy(sheet.text(area.from));
        if text.is_empty() {
            continue;
        }
        let own = area.from.row == row;
        if let Some(number) = number_in(sheet, area.from) {
            let cell = sheet.cell(area.from);
            let decimal = cell.is_some_and(|cell| matches!(cell.value, Value::Number(n) if n.fract() != 0.0));
            pieces.numbers.push((number, text, decimal));
            pieces.own |= own;
        } else if names_scope(&text, role, area, !words.is_empty()) {
            pieces.scopes.extend(scopes_in(&text));
            pieces.own |= own;
        } else {
            words.push(Words { area, text, role });
        }
    }
    take_section(&mut pieces, &mut words);
    for words in words {
        take_words(&mut pieces, words, row);
    }
    pieces
}

/// Whether the cell does nothing but name equipment.
fn names_scope(text: &str, role: Option<Role>, area: Area, after_words: bool) -> bool {
    let tall = area.to.row > area.from.row;
    let only = text.chars().count() <= 16 && !is_sentence(text) && !scopes_in(text).is_empty();
    role == Some(Role::Scope) || (only && (role != Some(Role::Text) || tall || after_words))
}

/// Takes the section's label off the front: under its own heading, over several rows, or with a number of its own.
fn take_section(pieces: &mut Pieces, words: &mut Vec<Words>) {
    while let Some(first) = words.first() {
        let short = first.text.chars().count() <= 40 && !is_sentence(&first.text);
        let tall = first.area.to.row > first.area.from.row;
        let in_front = words.len() > 1 || first.role.is_none_or(|role| role == Role::Number);
        let labels = first.role == Some(Role::Section)
            || (short && in_front && tall)
            || (short && words.len() > 1 && heading(&first.text).is_some());
        if !labels {
            return;
        }
        pieces.section = Some(words.remove(0).text);
    }
}

fn take_words(pieces: &mut Pieces, words: Words, row: u32) {
    let own = words.area.from.row == row;
    pieces.own |= own;
    let Some(first) = &pieces.sentence_at else {
        pieces.sentence = words.text;
        pieces.sentence_at = Some(words.area);
        return;
    };
    // The sentence goes on beside; where the first part is shared with rows above, this part is what the row is about.
    if first.from.row < row && own {
        pieces.sentence_at = Some(words.area);
    }
    if !pieces.sentence.ends_with(&words.text) {
        pieces.sentence.push(' ');
        pieces.sentence.push_str(&words.text);
    }
}

fn number_in(sheet: &Sheet, at: Address) -> Option<ItemNumber> {
    let cell = sheet.cell(at)?;
    match cell.value {
        // Excel makes a date of a typed 1-3.
        Value::Date(day) => {
            use chrono::Datelike;
            Some(ItemNumber { section: Some(day.month()), item: day.day() })
        }
        Value::Error | Value::Bool(_) => None,
        _ => ItemNumber::parse(&cell.text),
    }
}

/// The row's number, with the section from its own cells or from above.
fn number(pieces: &Pieces, above: &Above) -> (Option<ItemNumber>, String) {
    let (mut number, text, decimal) = match pieces.numbers.as_slice() {
        [] => return (None, String::new()),
        [one] => one.clone(),
        // A column for the section and one for the item.
        [(first, left, _), .., (last, right, _)] => {
            let section = first.section.or(Some(first.item));
            let item = ItemNumber { section: last.section.or(section), item: last.item };
            (item, format!("{left}-{right}"), false)
        }
    };
    // 2.10 kept as a number has lost its zero.
    if let (true, Some(previous)) = (decimal, above.previous)
        && number.section == previous.section
        && number.item * 10 == previous.item + 1
    {
        number.item *= 10;
    }
    // A label without a number of its own opens a new section if the numbers begin anew under it.
    let section = match above.section {
        Some(section) if above.unnumbered && number.item == 1 => Some(section + 1),
        None if above.unnumbered => Some(1),
        section => section,
    };
    number.section = number.section.or(section);
    (Some(number), text)
}

/// Enters the section a label names.
fn enter_section(label: &str, number: Option<u32>, above: &mut Above) {
    if above.section_text.as_deref() == Some(label) {
        return;
    }
    let own = number.or_else(|| heading(label).map(|(number, _)| number)).or_else(|| {
        ItemNumber::split(label).filter(|(number, _)| number.section.is_none()).map(|(number, _)| number.item)
    });
    above.section = own.or(above.section);
    above.unnumbered = own.is_none();
    above.section_text = Some(label.to_owned());
    above.scopes.clear();
}

/// Whether the row is a heading; if so, remembers what it says.
fn heads(
    pieces: &Pieces,
    number: Option<ItemNumber>,
    asking: bool,
    table: &Table,
    above: &mut Above,
) -> bool {
    let sentence = &pieces.sentence;
    let short = sentence.chars().count() <= 40;
    // `サーバについて、以下を実施している。`
    if number.is_none() && short && (!scopes_in(sentence).is_empty() || names_all_scopes(sentence)) {
        let about = fold(sentence);
        let announces = ["ニツイテ", "以下", "ニ関シテ"].iter().any(|word| about.contains(word))
            || !is_sentence(sentence);
        if announces && (asking || !is_sentence(sentence) || about.contains("以下")) {
            if heading(sentence).is_some() {
                enter_section(sentence, None, above);
            }
            above.scopes = if names_all_scopes(sentence) { Vec::new() } else { scopes_in(sentence) };
            return true;
        }
    }
    let covers_answers = table.rounds.iter().filter_map(|round| round.answer.as_ref()).any(|answer| {
        let (AnswerColumns::One { col, .. } | AnswerColumns::Marks { yes: col, .. }) = answer;
        pieces.sentence_at.is_some_and(|area| area.to.col >= *col && area.from.col < *col)
    });
    let is_label = covers_answers || !is_sentence(sentence);
    if !is_label || !short {
        return false;
    }
    let own = match (number, heading(sentence)) {
        (None, Some((section, _))) => Some(section),
        // The number in a cell of its own: `2 | 管理・運用`.
        (Some(_), _) if pieces.numbers.len() == 1 && pieces.numbers[0].0.section.is_none() => {
            Some(pieces.numbers[0].0.item)
        }
        (None, None) if covers_answers || asking => None,
        _ => return false,
    };
    if !sentence.is_empty() {
        enter_section(sentence, own, above);
    }
    true
}

/// Whether any cell under the answer columns of the row asks.
fn row_asks(sheet: &Sheet, table: &Table, row: u32) -> bool {
    table.rounds.iter().filter_map(|round| round.answer.as_ref()).any(|answer| match answer {
        AnswerColumns::One { col, .. } => {
            let at = Address::new(row, *col);
            sheet.anchor(at).row == row && asks(sheet, at)
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

struct Slots {
    rounds: Vec<RoundSlot>,
    target: Option<Address>,
    remark: Option<Address>,
}

/// Where the row is filled in: only cells that begin in this row and are not the sentence's own.
fn slots(sheet: &Sheet, table: &Table, row: u32, sentence: Option<Area>) -> Slots {
    let own = |col: u32| {
        let at = sheet.anchor(Address::new(row, col));
        (at.row == row && sentence.is_none_or(|area| !area.contains(at))).then_some(at)
    };
    let rounds = table
        .rounds
        .iter()
        .map(|round| RoundSlot {
            answer: round.answer.as_ref().and_then(|answer| match answer {
                AnswerColumns::One { col, marks } => own(*col).map(|at| answer_slot(sheet, at, *marks)),
                AnswerColumns::Marks { yes, no, not_applicable } => {
                    let (yes, no) = (own(*yes)?, own(*no)?);
                    (yes != no).then(|| AnswerSlot::Marks {
                        yes,
                        no,
                        not_applicable: not_applicable.and_then(own),
                    })
                }
            }),
            date: round.date.and_then(own),
        })
        .collect();
    let of = |role| table.first(role).and_then(own);
    Slots { rounds, target: of(Role::Target), remark: of(Role::Remark) }
}

fn answer_slot(sheet: &Sheet, at: Address, marks: bool) -> AnswerSlot {
    // Values that are no answers we know are kept too: nothing else may be written there.
    if let Some(values) = sheet.choices(at) {
        return AnswerSlot::DropDown { cell: at, values: values.to_vec() };
    }
    match printed_choices(sheet.text(at)) {
        Some(choices) => AnswerSlot::Printed { cell: at, choices },
        None => AnswerSlot::Free { cell: at, marks },
    }
}
