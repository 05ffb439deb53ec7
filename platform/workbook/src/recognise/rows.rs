//! The rows of a table: which are checkpoints, which are headings, which are notes.

use super::RoundSlot;
use super::columns::{AnswerColumns, Table, asks, is_dateish};
use super::slots::{Finder, Slots, answer_slot, row_asks};
use super::words::{Role, Scope, is_example, is_note, is_sentence, names_all_scopes, scopes_in};
use crate::answer::printed_choices;
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
    /// The beginning of the sentence, folded.
    pub(super) folded: String,
    /// Neither number nor anything that asks: only a clear likeness makes it a checkpoint.
    pub(super) weak: bool,
    pub(super) rounds: Vec<RoundSlot>,
    pub(super) target: Option<Address>,
    pub(super) remark: Option<Address>,
}

/// More checkpoints than any form has.
const MAX_FOUND: usize = 120;
/// As much of a sentence as is compared, in characters.
const MAX_COMPARED: usize = 400;

/// The beginning of a sentence, as it is compared.
fn folded(sentence: &str) -> String {
    let beginning: String = sentence.chars().take(MAX_COMPARED).collect();
    fold(&beginning)
}

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
#[derive(Clone, Default)]
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
        let reader = Reader::new(workbook, sheet, table);
        for row in table.body.0..table.body.1 {
            if found.len() >= MAX_FOUND {
                return found;
            }
            found.extend(reader.read(row, &mut above));
        }
    }
    found
}

/// One table, its rows told apart.
struct Reader<'s> {
    workbook: &'s Workbook,
    sheet: &'s Sheet,
    table: &'s Table,
    /// Of every row of the body.
    pieces: Vec<Pieces>,
    /// Whether so many rows show where they are answered that one that does not is no checkpoint.
    asking: bool,
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
            folded: folded(&sentence),
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

impl<'s> Reader<'s> {
    fn new(workbook: &'s Workbook, sheet: &'s Sheet, table: &'s Table) -> Self {
        let body = table.body.0..table.body.1;
        let asking = body.clone().filter(|row| row_asks(sheet, table, *row)).take(3).count() == 3;
        let pieces = body.map(|row| pieces(sheet, table, row)).collect();
        Self { workbook, sheet, table, pieces, asking }
    }

    /// The rows after one, with their pieces.
    fn after(&self, row: u32, count: u32) -> impl Iterator<Item = (u32, &Pieces)> {
        let next = (row + 1).saturating_sub(self.table.body.0) as usize;
        (row + 1..).zip(self.pieces.iter().skip(next)).take(count as usize)
    }

    fn read(&self, row: u32, above: &mut Above) -> Option<FoundRow> {
        let mut pieces = self.pieces.get((row - self.table.body.0) as usize)?.clone();
        let empty = pieces.sentence.is_empty() && pieces.numbers.is_empty();
        if !pieces.own || empty || is_example(&pieces.sentence) {
            return None;
        }
        // A drop-down often hangs on the whole column, headings included.
        let row_asks = row_asks(self.sheet, self.table, row) && !self.opens_section(row, &pieces);
        if let Some(label) = &pieces.section {
            enter_section(label, None, above);
        }
        pieces.take_number(row_asks);
        let (number, number_text) = number(&pieces, above);
        if !row_asks && (is_note(&pieces.sentence) && number.is_none() || self.heads(&pieces, number, above))
            || pieces.sentence.chars().count() < 3
        {
            return None;
        }
        let slots = self.slots(row, pieces.sentence_at);
        let has_answer = slots.rounds.iter().any(|round| round.answer.is_some());
        if !row_asks && self.asking && (number.is_none() || !has_answer) {
            return None;
        }
        if let Some(number) = number {
            above.section = number.section.or(above.section);
            above.unnumbered = false;
            above.previous = Some(number);
        }
        Some(FoundRow {
            at: pieces.sentence_at.map_or(Address::new(row, 0), |area| area.from),
            row,
            number,
            number_text,
            section: above.section_text.clone(),
            scopes: if pieces.scopes.is_empty() { above.scopes.clone() } else { pieces.scopes },
            weak: !row_asks && number.is_none(),
            folded: folded(&pieces.sentence),
            sentence: pieces.sentence,
            rounds: slots.rounds,
            target: slots.target,
            remark: slots.remark,
        })
    }

    /// Where the checkpoint is filled in. It goes on below as far as its sentence does, and over rows that say nothing of their own.
    fn slots(&self, row: u32, sentence: Option<Area>) -> Slots {
        let goes_on =
            |next: u32, pieces: &Pieces| sentence.is_some_and(|area| area.to.row >= next) || !pieces.own;
        let below = self.after(row, MAX_HEIGHT - 1).take_while(|(next, pieces)| goes_on(*next, pieces));
        let rows = (row, below.last().map_or(row, |(last, _)| last));
        Finder { workbook: self.workbook, sheet: self.sheet, table: self.table, rows, sentence }.slots()
    }

    /// Whether the row's words are the heading of the numbers that follow: `【2】管理・運用` before `2-(1)`, or before a `(1)`. Where
    /// every row is as short as a heading, the next number tells them apart.
    fn opens_section(&self, row: u32, pieces: &Pieces) -> bool {
        if is_sentence(&pieces.sentence) {
            return false;
        }
        if pieces.numbers.is_empty() && is_marked_heading(&pieces.sentence) {
            return true;
        }
        let number = match pieces.numbers.as_slice() {
            [] => heading(&pieces.sentence).map(|(number, _)| number),
            [(number, ..)] if number.section.is_none() => Some(number.item),
            _ => None,
        };
        let next = self.after(row, MAX_APART).find_map(|(_, pieces)| {
            let own = pieces.numbers.last().map(|(number, ..)| *number).filter(|_| pieces.own);
            own.or_else(|| ItemNumber::split(&pieces.sentence).map(|(number, _)| number))
        });
        number.zip(next).is_some_and(|(number, next)| match next.section {
            Some(section) => section == number,
            None => next.item == 1,
        })
    }

    /// Whether the row is a heading; if so, remembers what it says.
    fn heads(&self, pieces: &Pieces, number: Option<ItemNumber>, above: &mut Above) -> bool {
        let sentence = &pieces.sentence;
        let short = sentence.chars().count() <= 40;
        // `サーバについて、以下を実施している。`
        if number.is_none() && short && (!scopes_in(sentence).is_empty() || names_all_scopes(sentence)) {
            let about = fold(sentence);
            let announces = ["ニツイテ", "以下", "ニ関シテ"].iter().any(|word| about.contains(word))
                || !is_sentence(sentence);
            if announces && (self.asking || !is_sentence(sentence) || about.contains("以下")) {
                if heading(sentence).is_some() {
                    enter_section(sentence, None, above);
                }
                above.scopes = if names_all_scopes(sentence) { Vec::new() } else { scopes_in(sentence) };
                return true;
            }
        }
        let covers_answers =
            self.table.rounds.iter().filter_map(|round| round.answer.as_ref()).any(|answer| {
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
            (None, None) if covers_answers || self.asking => None,
            _ => return false,
        };
        if !sentence.is_empty() {
            enter_section(sentence, own, above);
        }
        true
    }
}

impl Pieces {
    /// Takes a number in front of the sentence itself, unless the words are a heading's.
    fn take_number(&mut self, row_asks: bool) {
        if !self.numbers.is_empty() {
            return;
        }
        let (number, sentence) = split_number(&self.sentence);
        let is_heading = !row_asks && heading(&self.sentence).is_some() && !is_sentence(&sentence);
        if let Some((number, printed)) = number.filter(|_| !is_heading) {
            self.numbers.push((number, printed, false));
            self.sentence = sentence;
        }
    }
}

/// How many rows of the sheet one checkpoint takes up at most.
const MAX_HEIGHT: u32 = 4;
/// How far below a section's heading its first number is looked for, in rows.
const MAX_APART: u32 = 4;

/// `■体制構築`, `【管理・運用】`: dressed as a heading and nothing after it.
fn is_marked_heading(text: &str) -> bool {
    text.starts_with(['■', '●', '◆', '▼', '◎', '＜', '<'])
        || text.starts_with(['【', '〔', '［']) && text.ends_with(['】', '〕', '］'])
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
