//! One sheet's XML.

use std::str::FromStr;

use quick_xml::events::BytesStart;

use super::strings::RichText;
use super::styles::{Shape, date_of};
use super::validation::{ListRule, MAX_AREAS, MAX_RULES};
use crate::grid::{Address, Area, Cell, MAX_COLUMNS, MAX_ROWS, Sheet, Value};
use crate::guard::WorkbookRefusal;
use crate::xml::{BadXml, Node, Xml, attribute, flag, local, number_attribute};

/// Runs of hidden columns that are minded.
const MAX_HIDDEN: usize = 500;

/// What is needed to read any sheet of the workbook.
pub(super) struct Context<'w> {
    pub(super) strings: &'w [String],
    pub(super) styles: &'w [Shape],
    pub(super) date_1904: bool,
    /// The most cells in all sheets together.
    pub(super) cells: usize,
    pub(super) cells_left: usize,
    /// Bytes of text that may still be taken: one long shared string can stand in very many cells.
    pub(super) text_left: usize,
}

/// A sheet, and what can only be finished when all sheets are read.
#[derive(Default)]
pub(super) struct SheetParts {
    pub(super) sheet: Sheet,
    pub(super) lists: Vec<ListRule>,
    pub(super) formulas: bool,
}

/// A cell while it is read.
struct Draft {
    at: Address,
    kind: String,
    style: u32,
    value: String,
    formula: bool,
    rich: RichText,
}

struct SheetReader<'c, 'w> {
    context: &'c mut Context<'w>,
    parts: SheetParts,
    next: Address,
    last_row: Option<u32>,
    cell: Option<Draft>,
    /// The element whose text is wanted now.
    inside: Inside,
    rule: Option<RuleDraft>,
    too_many: bool,
}

#[derive(PartialEq)]
enum Inside {
    Nothing,
    Value,
    Rule,
    RuleAreas,
}

#[derive(Default)]
struct RuleDraft {
    areas: String,
    formula: String,
    list: bool,
}

/// Reads a sheet's cells, merged areas, hidden rows and columns and list validations.
pub(super) fn read(text: &str, context: &mut Context<'_>, part: &str) -> Result<SheetParts, WorkbookRefusal> {
    let limit = context.cells;
    let mut reader = SheetReader {
        context,
        parts: SheetParts::default(),
        next: Address::new(0, 0),
        last_row: None,
        cell: None,
        inside: Inside::Nothing,
        rule: None,
        too_many: false,
    };
    let outcome = reader.run(text);
    if reader.too_many {
        return Err(WorkbookRefusal::TooManyCells { limit });
    }
    outcome.map_err(|BadXml| WorkbookRefusal::damaged(part))?;
    let mut parts = reader.parts;
    let filled = parts.sheet.cells.iter().filter(|(_, cell)| !cell.text.is_empty());
    parts.sheet.extent =
        filled.fold((0, 0), |(rows, cols), (at, _)| (rows.max(at.row + 1), cols.max(at.col + 1)));
    let rows = parts.sheet.cells.keys().map(|at| at.row).max().unwrap_or(0);
    let columns = parts.sheet.cells.keys().map(|at| at.col).max().unwrap_or(0);
    parts.sheet.covered =
        super::cover(&parts.sheet.merges, rows, columns).ok_or(WorkbookRefusal::TooManyCells { limit })?;
    Ok(parts)
}

impl SheetReader<'_, '_> {
    fn run(&mut self, text: &str) -> Result<(), BadXml> {
        let mut xml = Xml::new(text);
        while let Some(node) = xml.next()? {
            match node {
                Node::Open { tag, empty } => self.open(&tag, empty)?,
                Node::Text(piece) => self.text(&piece),
                Node::Close(name) => self.close(&name),
            }
            if self.too_many {
                return Err(BadXml);
            }
        }
        Ok(())
    }

    fn open(&mut self, tag: &BytesStart<'_>, empty: bool) -> Result<(), BadXml> {
        match local(tag) {
            "row" => self.open_row(tag)?,
            "c" => self.open_cell(tag, empty)?,
            "v" if self.cell.is_some() && !empty => self.inside = Inside::Value,
            "f" => {
                self.parts.formulas = true;
                if let Some(cell) = &mut self.cell {
                    cell.formula = true;
                }
            }
            "col" if flag(tag, "hidden") => {
                let edge = |name| number_attribute(tag, name).and_then(|n: u32| n.checked_sub(1));
                if let (Some(from), Some(to)) = (edge("min"), edge("max"))
                    && self.parts.sheet.hidden_columns.len() < MAX_HIDDEN
                {
                    self.parts.sheet.hidden_columns.push((from, to));
                }
            }
            "mergeCell" => {
                let area = attribute(tag, "ref").and_then(|text| Area::parse(&text)).ok_or(BadXml)?;
                self.parts.sheet.merges.push(area);
            }
            "dataValidation" => {
                self.rule = Some(RuleDraft {
                    areas: attribute(tag, "sqref").unwrap_or_default(),
                    formula: String::new(),
                    list: attribute(tag, "type").as_deref() == Some("list"),
                });
            }
            "formula1" if self.rule.is_some() && !empty => self.inside = Inside::Rule,
            "sqref" if self.rule.is_some() && !empty => self.inside = Inside::RuleAreas,
            name => {
                if let Some(cell) = &mut self.cell {
                    cell.rich.open(name, empty);
                }
            }
        }
        Ok(())
    }

    fn open_row(&mut self, tag: &BytesStart<'_>) -> Result<(), BadXml> {
        if let Some(number) = attribute(tag, "r") {
            self.next.row = number.parse::<u32>().ok().and_then(|n| n.checked_sub(1)).ok_or(BadXml)?;
        }
        // Rows go down the sheet: one told twice would be read differently by different programs.
        if self.next.row >= MAX_ROWS || self.last_row.is_some_and(|last| last >= self.next.row) {
            return Err(BadXml);
        }
        self.last_row = Some(self.next.row);
        self.next.col = 0;
        if flag(tag, "hidden") {
            self.parts.sheet.hidden_rows.insert(self.next.row);
        }
        Ok(())
    }

    fn open_cell(&mut self, tag: &BytesStart<'_>, empty: bool) -> Result<(), BadXml> {
        let at = match attribute(tag, "r") {
            Some(text) => Address::parse(&text).ok_or(BadXml)?,
            None => self.next,
        };
        if at.row != self.next.row || at.col >= MAX_COLUMNS {
            return Err(BadXml);
        }
        self.next.col = at.col + 1;
        if self.context.cells_left == 0 {
            self.too_many = true;
            return Ok(());
        }
        self.context.cells_left -= 1;
        self.cell = Some(Draft {
            at,
            kind: attribute(tag, "t").unwrap_or_default(),
            style: number_attribute(tag, "s").unwrap_or(0),
            value: String::new(),
            formula: false,
            rich: RichText::default(),
        });
        if empty {
            self.finish_cell();
        }
        Ok(())
    }

    fn text(&mut self, piece: &str) {
        match (&self.inside, &mut self.cell, &mut self.rule) {
            (Inside::Value, Some(cell), _) => cell.value.push_str(piece),
            (Inside::Rule, _, Some(rule)) => rule.formula.push_str(piece),
            (Inside::RuleAreas, _, Some(rule)) => rule.areas.push_str(piece),
            (_, Some(cell), _) => cell.rich.text(piece),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "row" => self.next.row += 1,
            "c" => self.finish_cell(),
            "v" | "formula1" | "sqref" => self.inside = Inside::Nothing,
            "dataValidation" => {
                let Some(rule) = self.rule.take() else { return };
                if rule.list && self.parts.lists.len() < MAX_RULES {
                    let areas =
                        rule.areas.split_whitespace().take(MAX_AREAS).filter_map(Area::parse).collect();
                    self.parts.lists.push(ListRule { areas, formula: rule.formula });
                }
            }
            name => {
                if let Some(cell) = &mut self.cell {
                    cell.rich.close(name);
                }
            }
        }
    }

    fn finish_cell(&mut self) {
        let Some(mut draft) = self.cell.take() else { return };
        self.inside = Inside::Nothing;
        let (text, value) = self.content(&mut draft);
        let Some(left) = self.context.text_left.checked_sub(text.len()) else {
            self.too_many = true;
            return;
        };
        self.context.text_left = left;
        let cell = Cell { text, value, formula: draft.formula, style: draft.style };
        self.parts.sheet.cells.insert(draft.at, cell);
    }

    fn content(&self, draft: &mut Draft) -> (String, Value) {
        let raw = draft.value.trim();
        let text = |text: String| {
            let value = if text.is_empty() { Value::Empty } else { Value::Text };
            (text, value)
        };
        match draft.kind.as_str() {
            "s" => text(
                raw.parse::<usize>()
                    .ok()
                    .and_then(|i| self.context.strings.get(i))
                    .cloned()
                    .unwrap_or_default(),
            ),
            "inlineStr" => text(draft.rich.take()),
            "str" => text(super::strings::unescape(&draft.value)),
            "b" => (if raw == "1" { "TRUE" } else { "FALSE" }.to_owned(), Value::Bool(raw == "1")),
            "e" => (raw.to_owned(), Value::Error),
            // The strict form of the standard writes dates as dates.
            "d" => match raw.get(..10).and_then(|day| chrono::NaiveDate::from_str(day).ok()) {
                Some(day) => (day.to_string(), Value::Date(day)),
                None => text(raw.to_owned()),
            },
            _ => self.number(raw, draft.style),
        }
    }

    fn number(&self, raw: &str, style: u32) -> (String, Value) {
        let Some(number) = raw.parse::<f64>().ok().filter(|number| number.is_finite()) else {
            return (raw.to_owned(), if raw.is_empty() { Value::Empty } else { Value::Text });
        };
        let shape = self.context.styles.get(style as usize).unwrap_or(&Shape::General);
        match date_of(number, self.context.date_1904).filter(|_| shape.is_date()) {
            Some(day) => (day.to_string(), Value::Date(day)),
            None => (shape.show(number), Value::Number(number)),
        }
    }
}
