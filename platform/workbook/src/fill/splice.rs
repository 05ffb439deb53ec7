//! Replaces single cells in a sheet's XML and leaves every other byte as it is.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use super::plan::{Planned, Write};
use super::{FillReport, NotPlaced, WhyNot, stale};
use crate::grid::{Address, Area, Workbook};
use crate::read::styles::serial_of;
use crate::xml::{BadXml, Node, Xml, attribute, local, number_attribute};

/// Excel's bound on the text of a cell, in UTF-16 units.
const MAX_TEXT: usize = 32_767;

/// A formula of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Formula {
    None,
    Own,
    /// Other cells hang on it.
    Shared,
}

struct CellSpan {
    col: u32,
    span: Range<usize>,
    style: Option<u32>,
    formula: Formula,
}

struct RowSpan {
    row: u32,
    tag: Range<usize>,
    empty: bool,
    style: Option<u32>,
    /// Where its cells end.
    end: usize,
    cells: Vec<CellSpan>,
}

/// Where everything stands in the sheet's XML.
#[derive(Default)]
struct Index {
    prefix: String,
    rows: Vec<RowSpan>,
    column_styles: Vec<(u32, u32, u32)>,
    dimension: Option<(Range<usize>, String)>,
    /// The tag of `sheetData`, whether it is empty, and where its content ends.
    data: Option<(Range<usize>, bool, usize)>,
    arrays: Vec<Area>,
    formulas: Vec<stale::Formula>,
}

/// The sheet's XML with the planned cells in it. Cells that belong to a formula over several cells are left and reported.
pub(super) fn write_cells(
    xml: &str,
    workbook: &Workbook,
    sheet: &str,
    planned: BTreeMap<Address, Planned>,
    report: &mut FillReport,
) -> Result<String, BadXml> {
    let index = index(xml)?;
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let mut rows: BTreeMap<u32, Vec<(Address, Planned)>> = BTreeMap::new();
    for (at, plan) in planned {
        let cell = index.cell(at);
        let shared = cell.is_some_and(|cell| cell.formula == Formula::Shared)
            || index.arrays.iter().any(|area| area.contains(at));
        if shared {
            report.not_placed.push(NotPlaced { value: plan.place, why: WhyNot::SharedFormula });
            continue;
        }
        if cell.is_some_and(|cell| cell.formula == Formula::Own) {
            report.formulas_replaced.push(at);
        }
        rows.entry(at.row).or_default().push((at, plan));
    }
    let mut used: Option<Area> = None;
    let mut new_rows = String::new();
    for (row, cells) in rows {
        let written: Vec<(Address, String)> = cells
            .iter()
            .map(|(at, plan)| (*at, element(&index, workbook, *at, &plan.write, report)))
            .collect();
        for (at, _) in &written {
            report.written.push(*at);
            used = Some(widen(used, *at));
        }
        match index.row(row) {
            Some(span) => edit_row(xml, &index, span, written, &mut edits),
            None => new_row(&index, row, &written, &mut edits, &mut new_rows)?,
        }
    }
    finish_data(xml, &index, new_rows, &mut edits)?;
    edits.extend(dimension_edit(xml, &index, used));
    let stale = stale::stale(&index.formulas, &report.written, sheet);
    edits.extend(stale.into_iter().map(|kept| (kept, String::new())));
    Ok(apply(xml, edits))
}

impl Index {
    /// Rows stand in order; the door lets no others in.
    fn row(&self, row: u32) -> Option<&RowSpan> {
        let at = self.rows.binary_search_by_key(&row, |span| span.row).ok()?;
        self.rows.get(at)
    }

    fn cell(&self, at: Address) -> Option<&CellSpan> {
        let row = self.row(at.row)?;
        row.cells.iter().find(|cell| cell.col == at.col)
    }

    /// The style of a cell that may not exist yet: its own, its row's, its column's.
    fn style(&self, at: Address) -> u32 {
        let row = self.row(at.row);
        let column =
            self.column_styles.iter().find(|(from, to, _)| (*from..=*to).contains(&at.col)).map(|(_, _, s)| *s);
        match self.cell(at) {
            Some(cell) => cell.style.unwrap_or(0),
            None => row.and_then(|row| row.style).or(column).unwrap_or(0),
        }
    }
}

fn index(text: &str) -> Result<Index, BadXml> {
    let mut xml = Xml::new(text);
    let mut index = Index::default();
    let mut next = Address::new(0, 0);
    let mut in_data = false;
    let mut in_formula = false;
    while let Some(node) = xml.next()? {
        let span = xml.span.clone();
        match node {
            Node::Open { tag, empty } => match local(&tag) {
                "dimension" => {
                    index.dimension = Some((span, attribute(&tag, "ref").unwrap_or_default()));
                }
                "col" => {
                    let edge = |name| number_attribute(&tag, name).and_then(|n: u32| n.checked_sub(1));
                    if let (Some(from), Some(to), Some(style)) =
                        (edge("min"), edge("max"), number_attribute(&tag, "style"))
                    {
                        index.column_styles.push((from, to, style));
                    }
                }
                "sheetData" => {
                    let name = tag.name().into_inner().to_owned();
                    index.prefix = name.strip_suffix("sheetData").unwrap_or_default().to_owned();
                    index.data = Some((span.clone(), empty, span.end));
                    in_data = !empty;
                }
                "row" if in_data => {
                    if let Some(number) = number_attribute(&tag, "r") {
                        next.row = number.checked_sub(1).ok_or(BadXml)?;
                    }
                    next.col = 0;
                    index.rows.push(RowSpan {
                        row: next.row,
                        tag: span.clone(),
                        empty,
                        style: number_attribute(&tag, "s").filter(|_| crate::xml::flag(&tag, "customFormat")),
                        end: span.end,
                        cells: Vec::new(),
                    });
                    next.row += u32::from(empty);
                }
                "c" if in_data => {
                    let at = attribute(&tag, "r").and_then(|r| Address::parse(&r)).unwrap_or(next);
                    next.col = at.col + 1;
                    let row = index.rows.last_mut().ok_or(BadXml)?;
                    row.cells.push(CellSpan {
                        col: at.col,
                        span,
                        style: number_attribute(&tag, "s"),
                        formula: Formula::None,
                    });
                }
                "f" if in_data => {
                    index.formula(&tag, next);
                    in_formula = !empty;
                }
                "v" if in_data && !empty => {
                    if let Some(formula) = index.formula_of(next) {
                        formula.kept = Some(span);
                    }
                }
                _ => {}
            },
            Node::Close(name) if in_data => match name.as_str() {
                "f" => in_formula = false,
                "v" => {
                    if let Some(kept) = index.formula_of(next).and_then(|formula| formula.kept.as_mut()) {
                        kept.end = span.end;
                    }
                }
                "c" => {
                    if let Some(cell) = index.rows.last_mut().and_then(|row| row.cells.last_mut()) {
                        cell.span.end = span.end;
                    }
                }
                "row" => {
                    if let Some(row) = index.rows.last_mut() {
                        row.end = span.start;
                    }
                    next.row += 1;
                }
                "sheetData" => {
                    in_data = false;
                    if let Some(data) = &mut index.data {
                        data.2 = span.start;
                    }
                }
                _ => {}
            },
            Node::Text(text) if in_formula => {
                if let Some(formula) = index.formulas.last_mut() {
                    formula.text.push_str(&text);
                }
            }
            Node::Close(_) | Node::Text(_) => {}
        }
    }
    Ok(index)
}

impl Index {
    /// The formula of the cell before `next`, if it is the last one seen.
    fn formula_of(&mut self, next: Address) -> Option<&mut stale::Formula> {
        self.formulas.last_mut().filter(|formula| formula.at.row == next.row && formula.at.col + 1 == next.col)
    }

    fn formula(&mut self, tag: &quick_xml::events::BytesStart<'_>, next: Address) {
        let at = Address::new(next.row, next.col.saturating_sub(1));
        self.formulas.push(stale::Formula { at, text: String::new(), kept: None });
        let area = attribute(tag, "ref").and_then(|text| Area::parse(&text));
        let kind = attribute(tag, "t").unwrap_or_default();
        let many = area.is_some_and(|area| area.size() > 1);
        if let (true, Some(area)) = (kind == "array" || kind == "dataTable", area) {
            self.arrays.push(area);
        }
        if let Some(cell) = self.rows.last_mut().and_then(|row| row.cells.last_mut()) {
            cell.formula = if kind == "shared" && many { Formula::Shared } else { Formula::Own };
        }
    }
}

/// The XML of one cell.
fn element(
    index: &Index,
    workbook: &Workbook,
    at: Address,
    write: &Write,
    report: &mut FillReport,
) -> String {
    let prefix = &index.prefix;
    let style = index.style(at);
    let head = if style == 0 { format!("<{prefix}c r=\"{at}\"") } else { format!("<{prefix}c r=\"{at}\" s=\"{style}\"") };
    let text = |text: &str, report: &mut FillReport| {
        let (escaped, cut) = escape(text);
        if cut {
            report.shortened.push(at);
        }
        format!(
            "{head} t=\"inlineStr\"><{prefix}is><{prefix}t xml:space=\"preserve\">{escaped}</{prefix}t></{prefix}is></{prefix}c>"
        )
    };
    match write {
        Write::Text(value) => text(value, report),
        Write::Date(date, value) => match serial_of(*date, workbook.date_1904) {
            Some(serial) if workbook.is_date_style(style) => {
                format!("{head}><{prefix}v>{serial}</{prefix}v></{prefix}c>")
            }
            _ => text(value, report),
        },
        Write::Bool(value) => format!("{head} t=\"b\"><{prefix}v>{}</{prefix}v></{prefix}c>", u8::from(*value)),
        Write::Clear => format!("{head}/>"),
    }
}

/// Text as it must stand in a cell: marked up, without characters XML does not have, within Excel's length.
fn escape(text: &str) -> (String, bool) {
    let mut out = String::with_capacity(text.len());
    let mut units = 0;
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        units += character.len_utf16();
        if units > MAX_TEXT {
            return (out, true);
        }
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => {}
            // What looks like Excel's own escape is escaped, or it would be read as one.
            '_' if looks_escaped(rest) => out.push_str("_x005F_"),
            '\t' | '\n' => out.push(character),
            '\u{FFFE}' | '\u{FFFF}' => {}
            other if u32::from(other) < 0x20 => {}
            other => out.push(other),
        }
        rest = &rest[character.len_utf8()..];
    }
    (out, false)
}

fn looks_escaped(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 7
        && bytes[1] == b'x'
        && bytes[6] == b'_'
        && bytes[2..6].iter().all(u8::is_ascii_hexdigit)
}

fn edit_row(
    xml: &str,
    index: &Index,
    row: &RowSpan,
    written: Vec<(Address, String)>,
    edits: &mut Vec<(Range<usize>, String)>,
) {
    let mut inserted: BTreeMap<usize, String> = BTreeMap::new();
    let mut widest = None;
    for (at, element) in written {
        if let Some(cell) = row.cells.iter().find(|cell| cell.col == at.col) {
            edits.push((cell.span.clone(), element));
            continue;
        }
        let place = row.cells.iter().find(|cell| cell.col > at.col).map_or(row.end, |cell| cell.span.start);
        inserted.entry(place).or_default().push_str(&element);
        widest = Some(at);
    }
    if widest.is_none() {
        return;
    }
    // `spans` is a hint that may now be wrong; without it the row is read as it is.
    let tag = set_attribute(&xml[row.tag.clone()], "spans", None);
    if row.empty {
        let open = tag.trim_end_matches("/>").trim_end();
        let cells: String = inserted.into_values().collect();
        edits.push((row.tag.clone(), format!("{open}>{cells}</{}row>", index.prefix)));
        return;
    }
    edits.push((row.tag.clone(), tag));
    edits.extend(inserted.into_iter().map(|(place, cells)| (place..place, cells)));
}

fn new_row(
    index: &Index,
    row: u32,
    written: &[(Address, String)],
    edits: &mut Vec<(Range<usize>, String)>,
    at_end: &mut String,
) -> Result<(), BadXml> {
    let prefix = &index.prefix;
    let mut element = format!("<{prefix}row r=\"{}\">", row + 1);
    written.iter().for_each(|(_, cell)| element.push_str(cell));
    write!(element, "</{prefix}row>").map_err(|_| BadXml)?;
    match index.rows.iter().find(|span| span.row > row) {
        Some(next) => edits.push((next.tag.start..next.tag.start, element)),
        None => at_end.push_str(&element),
    }
    Ok(())
}

fn finish_data(
    xml: &str,
    index: &Index,
    new_rows: String,
    edits: &mut Vec<(Range<usize>, String)>,
) -> Result<(), BadXml> {
    if new_rows.is_empty() {
        return Ok(());
    }
    let (tag, empty, end) = index.data.clone().ok_or(BadXml)?;
    if empty {
        let open = xml[tag.clone()].trim_end_matches("/>").trim_end().to_owned();
        edits.push((tag, format!("{open}>{new_rows}</{}sheetData>", index.prefix)));
    } else {
        edits.push((end..end, new_rows));
    }
    Ok(())
}

fn widen(used: Option<Area>, at: Address) -> Area {
    let Some(mut area) = used else { return Area { from: at, to: at } };
    area.from = Address::new(area.from.row.min(at.row), area.from.col.min(at.col));
    area.to = Address::new(area.to.row.max(at.row), area.to.col.max(at.col));
    area
}

fn dimension_edit(xml: &str, index: &Index, used: Option<Area>) -> Option<(Range<usize>, String)> {
    let (span, stated) = index.dimension.clone()?;
    let (stated, used) = (Area::parse(&stated)?, used?);
    if stated.contains(used.from) && stated.contains(used.to) {
        return None;
    }
    let all = widen(Some(widen(Some(stated), used.from)), used.to);
    let reference = format!("{}:{}", all.from, all.to);
    Some((span.clone(), set_attribute(&xml[span], "ref", Some(&reference))))
}

/// The tag with the attribute set to the value, or without it.
pub(super) fn set_attribute(tag: &str, name: &str, value: Option<&str>) -> String {
    let found = tag.match_indices(name).find_map(|(at, _)| {
        let before = tag[..at].chars().next_back()?;
        let after = tag[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
        let quote = after.chars().next().filter(|c| *c == '"' || *c == '\'')?;
        let start = tag.len() - after.len() + 1;
        let end = start + tag[start..].find(quote)?;
        before.is_whitespace().then_some((at, start, end))
    });
    match (found, value) {
        (Some((_, start, end)), Some(value)) => format!("{}{value}{}", &tag[..start], &tag[end..]),
        (Some((at, _, end)), None) => format!("{}{}", tag[..at].trim_end(), &tag[end + 1..]),
        (None, None) => tag.to_owned(),
        (None, Some(value)) => {
            let close = if tag.ends_with("/>") { "/>" } else { ">" };
            format!("{} {name}=\"{value}\"{close}", tag[..tag.len() - close.len()].trim_end())
        }
    }
}

/// Applies edits that do not overlap.
pub(super) fn apply(source: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(span, _)| (span.start, span.end));
    let mut out = String::with_capacity(source.len() + 256);
    let mut done = 0;
    for (span, text) in edits {
        out.push_str(&source[done..span.start]);
        out.push_str(&text);
        done = span.end;
    }
    out.push_str(&source[done..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_set_in_place() {
        assert_eq!(set_attribute("<row r=\"1\" spans=\"1:3\" ht='9'>", "spans", None), "<row r=\"1\" ht='9'>");
        assert_eq!(set_attribute("<dimension ref='A1:B2'/>", "ref", Some("A1:C9")), "<dimension ref='A1:C9'/>");
        assert_eq!(set_attribute("<calcPr calcId=\"1\"/>", "fullCalcOnLoad", Some("1")), "<calcPr calcId=\"1\" fullCalcOnLoad=\"1\"/>");
        assert_eq!(set_attribute("<a xref=\"1\">", "ref", None), "<a xref=\"1\">");
    }

    #[test]
    fn text_is_made_fit_for_a_cell() {
        assert_eq!(escape("a<b>&\u{1}c\r\n").0, "a&lt;b&gt;&amp;c\n");
        assert_eq!(escape("_x0041_ _x").0, "_x005F_x0041_ _x");
        let (cut, shortened) = escape(&"あ".repeat(40_000));
        assert!(shortened && cut.chars().count() == MAX_TEXT);
    }
}
