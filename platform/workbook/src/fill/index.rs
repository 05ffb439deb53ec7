//! Where everything stands in a sheet's XML, byte for byte.

use std::ops::Range;

use quick_xml::events::BytesStart;

use super::stale;
use crate::grid::{Address, Area};
use crate::xml::{BadXml, Node, Xml, attribute, flag, local, number_attribute};

/// What a cell's formula is to others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Formula {
    None,
    Own,
    /// Other cells hang on it.
    Shared,
}

pub(super) struct CellSpan {
    pub(super) col: u32,
    pub(super) span: Range<usize>,
    pub(super) style: Option<u32>,
    pub(super) formula: Formula,
}

pub(super) struct RowSpan {
    pub(super) row: u32,
    pub(super) tag: Range<usize>,
    pub(super) empty: bool,
    pub(super) style: Option<u32>,
    /// Where its cells end.
    pub(super) end: usize,
    pub(super) cells: Vec<CellSpan>,
}

/// The `sheetData` element.
#[derive(Clone)]
pub(super) struct Data {
    pub(super) tag: Range<usize>,
    pub(super) empty: bool,
    /// Where its rows end.
    pub(super) end: usize,
}

/// Where everything stands.
#[derive(Default)]
pub(super) struct Index {
    /// What stands before the colon in every tag, colon included.
    pub(super) prefix: String,
    pub(super) rows: Vec<RowSpan>,
    column_styles: Vec<(u32, u32, u32)>,
    pub(super) dimension: Option<(Range<usize>, String)>,
    pub(super) data: Option<Data>,
    pub(super) arrays: Vec<Area>,
    pub(super) formulas: Vec<stale::Formula>,
}

impl Index {
    /// Rows stand in order; the door lets no others in.
    pub(super) fn row(&self, row: u32) -> Option<&RowSpan> {
        let at = self.rows.binary_search_by_key(&row, |span| span.row).ok()?;
        self.rows.get(at)
    }

    pub(super) fn cell(&self, at: Address) -> Option<&CellSpan> {
        self.row(at.row)?.cells.iter().find(|cell| cell.col == at.col)
    }

    /// The style of a cell that may not exist yet: its own, its row's, its column's.
    pub(super) fn style(&self, at: Address) -> u32 {
        if let Some(cell) = self.cell(at) {
            return cell.style.unwrap_or(0);
        }
        let column = self.column_styles.iter().find(|(from, to, _)| (*from..=*to).contains(&at.col));
        self.row(at.row).and_then(|row| row.style).or(column.map(|(_, _, style)| *style)).unwrap_or(0)
    }
}

/// Reads the sheet through once.
pub(super) fn read(text: &str) -> Result<Index, BadXml> {
    let mut reader = Reader { index: Index::default(), at: Address::new(0, 0), inside: Inside::Nothing };
    let mut xml = Xml::new(text);
    while let Some(node) = xml.next()? {
        let span = xml.span.clone();
        match node {
            Node::Open { tag, empty } => reader.open(&tag, empty, span)?,
            Node::Text(piece) => {
                if let (Inside::Formula, Some(formula)) = (reader.inside, reader.index.formulas.last_mut()) {
                    formula.text.push_str(&piece);
                }
            }
            Node::Close(name) => reader.close(&name, span),
        }
    }
    Ok(reader.index)
}

#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Nothing,
    Data,
    Formula,
}

struct Reader {
    index: Index,
    /// The row being read and the column after the cell being read.
    at: Address,
    inside: Inside,
}

impl Reader {
    fn open(&mut self, tag: &BytesStart<'_>, empty: bool, span: Range<usize>) -> Result<(), BadXml> {
        if self.inside == Inside::Nothing {
            self.open_outside(tag, empty, span);
            return Ok(());
        }
        match local(tag) {
            "row" => self.open_row(tag, empty, span)?,
            "c" => {
                let next = self.at;
                let at = attribute(tag, "r").and_then(|r| Address::parse(&r)).unwrap_or(next);
                self.at.col = at.col + 1;
                let row = self.index.rows.last_mut().ok_or(BadXml)?;
                let style = number_attribute(tag, "s");
                row.cells.push(CellSpan { col: at.col, span, style, formula: Formula::None });
            }
            "f" => {
                self.open_formula(tag);
                self.inside = if empty { Inside::Data } else { Inside::Formula };
            }
            "v" if !empty => {
                if let Some(formula) = self.formula() {
                    formula.kept = Some(span);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn open_outside(&mut self, tag: &BytesStart<'_>, empty: bool, span: Range<usize>) {
        match local(tag) {
            "dimension" => self.index.dimension = Some((span, attribute(tag, "ref").unwrap_or_default())),
            "col" => {
                let edge = |name| number_attribute(tag, name).and_then(|n: u32| n.checked_sub(1));
                if let (Some(from), Some(to), Some(style)) =
                    (edge("min"), edge("max"), number_attribute(tag, "style"))
                {
                    self.index.column_styles.push((from, to, style));
                }
            }
            "sheetData" => {
                let name = tag.name().into_inner();
                name.strip_suffix("sheetData").unwrap_or_default().clone_into(&mut self.index.prefix);
                self.index.data = Some(Data { end: span.end, tag: span, empty });
                self.inside = if empty { Inside::Nothing } else { Inside::Data };
            }
            _ => {}
        }
    }

    fn open_row(&mut self, tag: &BytesStart<'_>, empty: bool, span: Range<usize>) -> Result<(), BadXml> {
        if let Some(number) = number_attribute(tag, "r") {
            self.at.row = number.checked_sub(1).ok_or(BadXml)?;
        }
        self.at.col = 0;
        self.index.rows.push(RowSpan {
            row: self.at.row,
            end: span.end,
            tag: span,
            empty,
            style: number_attribute(tag, "s").filter(|_| flag(tag, "customFormat")),
            cells: Vec::new(),
        });
        self.at.row += u32::from(empty);
        Ok(())
    }

    fn open_formula(&mut self, tag: &BytesStart<'_>) {
        let at = Address::new(self.at.row, self.at.col.saturating_sub(1));
        self.index.formulas.push(stale::Formula { at, text: String::new(), kept: None });
        let area = attribute(tag, "ref").and_then(|text| Area::parse(&text));
        let kind = attribute(tag, "t").unwrap_or_default();
        let many = area.is_some_and(|area| area.size() > 1);
        if let (true, Some(area)) = (kind == "array" || kind == "dataTable", area) {
            self.index.arrays.push(area);
        }
        if let Some(cell) = self.index.rows.last_mut().and_then(|row| row.cells.last_mut()) {
            cell.formula = if kind == "shared" && many { Formula::Shared } else { Formula::Own };
        }
    }

    /// The formula of the cell being read.
    fn formula(&mut self) -> Option<&mut stale::Formula> {
        let (row, next) = (self.at.row, self.at.col);
        self.index.formulas.last_mut().filter(|formula| formula.at.row == row && formula.at.col + 1 == next)
    }

    fn close(&mut self, name: &str, span: Range<usize>) {
        if self.inside == Inside::Nothing {
            return;
        }
        match name {
            "f" => self.inside = Inside::Data,
            "v" => {
                if let Some(kept) = self.formula().and_then(|formula| formula.kept.as_mut()) {
                    kept.end = span.end;
                }
            }
            "c" => {
                if let Some(cell) = self.index.rows.last_mut().and_then(|row| row.cells.last_mut()) {
                    cell.span.end = span.end;
                }
            }
            "row" => {
                if let Some(row) = self.index.rows.last_mut() {
                    row.end = span.start;
                }
                self.at.row += 1;
            }
            "sheetData" => {
                self.inside = Inside::Nothing;
                if let Some(data) = &mut self.index.data {
                    data.end = span.start;
                }
            }
            _ => {}
        }
    }
}
