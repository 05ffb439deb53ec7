//! A workbook as people see it: sheets of text with merged areas, hidden rows and the values a cell's drop-down offers.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The most rows a sheet may have (Excel's own bound).
pub(crate) const MAX_ROWS: u32 = 1_048_576;
/// The most columns a sheet may have (Excel's own bound).
pub(crate) const MAX_COLUMNS: u32 = 16_384;

/// A cell's place, counted from zero. Shown and parsed as Excel writes it (`B12`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Address {
    /// Row, from zero.
    pub row: u32,
    /// Column, from zero.
    pub col: u32,
}

impl Address {
    /// The place in row `row`, column `col`, both counted from zero.
    pub fn new(row: u32, col: u32) -> Self {
        Self { row, col }
    }

    /// Reads `B12` or `$B$12`; `None` if it is no place Excel has.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('$').unwrap_or(text);
        let digits = text.find(|c: char| !c.is_ascii_alphabetic())?;
        let (letters, rest) = text.split_at(digits);
        let rest = rest.strip_prefix('$').unwrap_or(rest);
        if letters.is_empty() || letters.len() > 3 || !rest.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let col = letters
            .bytes()
            .fold(0_u32, |sum, letter| sum * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
        let row: u32 = rest.parse().ok()?;
        ((1..=MAX_ROWS).contains(&row) && col <= MAX_COLUMNS).then(|| Self { row: row - 1, col: col - 1 })
    }

    /// The column's letters.
    pub fn column_letters(self) -> String {
        let mut left = self.col + 1;
        let mut letters = Vec::new();
        while left > 0 {
            let digit = (left - 1) % 26;
            letters.push(char::from(b'A' + u8::try_from(digit).unwrap_or(0)));
            left = (left - 1) / 26;
        }
        letters.iter().rev().collect()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.column_letters(), self.row + 1)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.to_string()
    }
}

impl TryFrom<String> for Address {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or(format!("no cell is called {text}"))
    }
}

/// A rectangle of cells, both corners included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// Top-left cell.
    pub from: Address,
    /// Bottom-right cell.
    pub to: Address,
}

impl Area {
    /// Reads `A1:B2` or `A1`.
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once(':').unwrap_or((text, text));
        let (a, b) = (Address::parse(from)?, Address::parse(to)?);
        Some(Self {
            from: Address::new(a.row.min(b.row), a.col.min(b.col)),
            to: Address::new(a.row.max(b.row), a.col.max(b.col)),
        })
    }

    /// Whether the cell lies in it.
    pub fn contains(&self, at: Address) -> bool {
        (self.from.row..=self.to.row).contains(&at.row) && (self.from.col..=self.to.col).contains(&at.col)
    }

    /// How many cells it has.
    pub fn size(&self) -> u64 {
        u64::from(self.to.row - self.from.row + 1) * u64::from(self.to.col - self.from.col + 1)
    }

    pub(crate) fn single(at: Address) -> Self {
        Self { from: at, to: at }
    }

    pub(crate) fn cells(self) -> impl Iterator<Item = Address> {
        (self.from.row..=self.to.row)
            .flat_map(move |row| (self.from.col..=self.to.col).map(move |col| Address::new(row, col)))
    }
}

/// What kind of value a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// Nothing, though the cell may have a style.
    Empty,
    /// Text.
    Text,
    /// A number that is no date.
    Number(f64),
    /// A number shown as a date.
    Date(NaiveDate),
    /// True or false, also what a check box in a cell is.
    Bool(bool),
    /// An error such as `#N/A`.
    Error,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The text a reader sees; a date as `2026-05-01`, a formula as its last result.
    pub text: String,
    /// The value behind it.
    pub value: Value,
    /// Whether a formula makes the value.
    pub formula: bool,
    /// Index of the style in the workbook's table.
    pub style: u32,
}

/// One sheet.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// The name on its tab.
    pub name: String,
    /// Whether a person opening the workbook can see it.
    pub visible: bool,
    /// The merged areas.
    pub merges: Vec<Area>,
    pub(crate) part: String,
    pub(crate) cells: BTreeMap<Address, Cell>,
    pub(crate) covered: HashMap<Address, usize>,
    pub(crate) hidden_rows: BTreeSet<u32>,
    pub(crate) hidden_columns: Vec<(u32, u32)>,
    pub(crate) lists: Vec<DropDown>,
    /// One past the last column with a cell, text or not, or a drop-down.
    pub(crate) columns: u32,
    /// One past the last row and column that hold any text.
    pub(crate) extent: (u32, u32),
}

/// A drop-down: where it hangs and, if they can be told, the values it offers.
#[derive(Debug, Clone)]
pub(crate) struct DropDown {
    pub(crate) areas: Vec<Area>,
    pub(crate) values: Vec<String>,
}

impl Sheet {
    /// The merged area the cell belongs to, or the cell itself.
    pub fn area(&self, at: Address) -> Area {
        self.covered.get(&at).map_or(Area::single(at), |index| self.merges[*index])
    }

    /// The cell that holds the content shown at `at`: the top-left one of its merged area.
    pub fn anchor(&self, at: Address) -> Address {
        self.area(at).from
    }

    /// The cell at exactly that place, if the sheet has one.
    pub fn cell(&self, at: Address) -> Option<&Cell> {
        self.cells.get(&at)
    }

    /// The text shown at `at`, merged areas minded; empty if none.
    pub fn text(&self, at: Address) -> &str {
        self.cell(self.anchor(at)).map_or("", |cell| cell.text.as_str())
    }

    /// The values the drop-down of that cell offers, if it has one whose values can be told.
    pub fn choices(&self, at: Address) -> Option<&[String]> {
        let at = self.anchor(at);
        self.lists
            .iter()
            .find(|list| list.areas.iter().any(|area| area.contains(at)))
            .map(|list| list.values.as_slice())
    }

    /// Whether the row or the column is hidden.
    pub fn hidden(&self, at: Address) -> bool {
        self.hidden_rows.contains(&at.row)
            || self.hidden_columns.iter().any(|(from, to)| (*from..=*to).contains(&at.col))
    }

    /// One past the last row and column that hold any text.
    pub fn extent(&self) -> (u32, u32) {
        self.extent
    }

    /// The cells of a row that hold text, from left to right.
    pub(crate) fn row(&self, row: u32) -> impl Iterator<Item = (Address, &Cell)> {
        self.cells
            .range(Address::new(row, 0)..Address::new(row + 1, 0))
            .filter(|(_, cell)| !cell.text.trim().is_empty())
            .map(|(at, cell)| (*at, cell))
    }
}

/// A workbook that passed the door, read into memory.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools)] // Four things that are so or not, independent of each other.
pub struct Workbook {
    /// Its sheets, in the order of their tabs.
    pub sheets: Vec<Sheet>,
    /// Whether days are counted from 1904 (workbooks of old Macintosh Excel).
    pub date_1904: bool,
    /// Whether it refers to other files. They are never opened.
    pub external_links: bool,
    /// Whether it bears a digital signature, which any change breaks.
    pub signed: bool,
    pub(crate) date_styles: Vec<bool>,
    pub(crate) part: String,
    pub(crate) has_formulas: bool,
}

impl Workbook {
    /// Whether cells of that style show numbers as dates.
    pub(crate) fn is_date_style(&self, style: u32) -> bool {
        self.date_styles.get(style as usize).copied().unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_and_write_as_excel_does() {
        for (text, row, col) in
            [("A1", 0, 0), ("Z9", 8, 25), ("AA10", 9, 26), ("$XFD$1048576", MAX_ROWS - 1, 16383)]
        {
            assert_eq!(Address::parse(text), Some(Address::new(row, col)));
            assert_eq!(Address::new(row, col).to_string(), text.replace('$', ""));
        }
        for bad in ["", "A", "1", "A0", "XFE1", "A1048577", "ABCD1", "A-1", "あ1"] {
            assert_eq!(Address::parse(bad), None, "{bad}");
        }
        assert_eq!(Area::parse("C3:A1").map(|area| area.size()), Some(9));
    }
}
