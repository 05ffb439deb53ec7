//! Replaces single cells in a sheet's XML and leaves every other byte as it is.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use super::index::{self, Data, Formula, Index, RowSpan};
use super::plan::{Planned, Write};
use super::{FillReport, NotPlaced, WhyNot, stale};
use crate::grid::{Address, Area, Workbook};
use crate::read::styles::serial_of;
use crate::xml::BadXml;

/// Excel's bound on the text of a cell, in UTF-16 units.
const MAX_TEXT: usize = 32_767;

/// The sheet's XML with the planned cells in it. Cells that belong to a formula over several cells are left and reported.
pub(super) fn write_cells(
    xml: &str,
    workbook: &Workbook,
    sheet: &str,
    planned: BTreeMap<Address, Planned>,
    report: &mut FillReport,
) -> Result<String, BadXml> {
    let index = index::read(xml)?;
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
    let head = if style == 0 {
        format!("<{prefix}c r=\"{at}\"")
    } else {
        format!("<{prefix}c r=\"{at}\" s=\"{style}\"")
    };
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
        Write::Bool(value) => {
            format!("{head} t=\"b\"><{prefix}v>{}</{prefix}v></{prefix}c>", u8::from(*value))
        }
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
            // What looks like Excel's own escape is escaped, or it would be read as one.
            '_' if looks_escaped(rest) => out.push_str("_x005F_"),
            '\t' | '\n' => out.push(character),
            '\r' | '\u{FFFE}' | '\u{FFFF}' => {}
            other if u32::from(other) < 0x20 => {}
            other => out.push(other),
        }
        rest = &rest[character.len_utf8()..];
    }
    (out, false)
}

fn looks_escaped(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 7 && bytes[1] == b'x' && bytes[6] == b'_' && bytes[2..6].iter().all(u8::is_ascii_hexdigit)
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
    for (_, cell) in written {
        element.push_str(cell);
    }
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
    let Data { tag, empty, end } = index.data.clone().ok_or(BadXml)?;
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
        assert_eq!(
            set_attribute("<row r=\"1\" spans=\"1:3\" ht='9'>", "spans", None),
            "<row r=\"1\" ht='9'>"
        );
        assert_eq!(
            set_attribute("<dimension ref='A1:B2'/>", "ref", Some("A1:C9")),
            "<dimension ref='A1:C9'/>"
        );
        assert_eq!(
            set_attribute("<calcPr calcId=\"1\"/>", "fullCalcOnLoad", Some("1")),
            "<calcPr calcId=\"1\" fullCalcOnLoad=\"1\"/>"
        );
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
