//! What files hold.

use crate::model::column::{Column, Sheet};
use komainu_discovery::{Findings, Refusal, Source};
use komainu_exposure::model::ConnectionKind;
use komainu_inventory::AssetKind;
use komainu_workbook::WorkbookRefusal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LedgerFileKind)]
pub enum FileKind {
    /// Lines of values.
    Csv,
    /// A workbook.
    Excel,
    /// A scan by nmap.
    Nmap,
    /// An inventory by an agent of GLPI.
    Glpi,
    /// A bill of materials.
    CycloneDx,
    /// A recording of traffic.
    Capture,
}

impl FileKind {
    /// The word used in the log and over the API.
    pub const fn code(self) -> &'static str {
        match self {
            FileKind::Csv => "csv",
            FileKind::Excel => "excel",
            FileKind::Nmap => "nmap",
            FileKind::Glpi => "glpi",
            FileKind::CycloneDx => "cyclone_dx",
            FileKind::Capture => "capture",
        }
    }
}

impl From<Source> for FileKind {
    fn from(source: Source) -> FileKind {
        match source {
            Source::Nmap => FileKind::Nmap,
            Source::Glpi => FileKind::Glpi,
            Source::CycloneDx => FileKind::CycloneDx,
            Source::Capture => FileKind::Capture,
        }
    }
}

/// Everything that was handed in at once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// CSV files and sheets of workbooks.
    pub tables: Vec<Table>,
    /// What other programs found out.
    pub found: Vec<Found>,
}

/// A CSV file or a sheet of a workbook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// The file's name, and the sheet's where there are several.
    pub name: String,
    /// Its rows that are not empty, headings and all.
    pub rows: Vec<Record>,
}

impl Table {
    /// The number of columns of its widest row.
    pub fn width(&self) -> usize {
        self.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0)
    }
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The line or row that a person finds it at, from 1.
    pub number: u64,
    /// Its cells as text.
    pub cells: Vec<String>,
}

/// What one file of another program tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// The file's name.
    pub name: String,
    /// What it tells.
    pub findings: Findings,
}

/// What a table's columns are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// What its rows are; none where the table is left out.
    pub sheet: Option<Sheet>,
    /// Which of its rows, from 0, holds the headings; none where there are none.
    pub heading: Option<usize>,
    /// What each column is; none where it is left out.
    pub columns: Vec<Option<Column>>,
    /// What things are where their row does not say.
    pub thing_kind: Option<AssetKind>,
    /// What lines are where their row does not say.
    pub line_kind: Option<ConnectionKind>,
}

/// Why a file is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileRefusal {
    /// No file was chosen.
    None,
    /// More files than are taken at once.
    TooMany(usize),
    /// Nothing in it.
    Empty,
    /// More bytes than are taken at once, in megabytes.
    TooLarge(usize),
    /// More rows than are taken at once.
    TooManyRows(usize),
    /// More columns than a ledger has.
    TooManyColumns(usize),
    /// Neither text nor any other kind that is read.
    Unknown,
    /// Text in an encoding that is not read, or damaged.
    Encoding,
    /// A quotation mark of the row that begins in this line is never closed.
    OpenQuote(u64),
    /// Nothing in it parts columns.
    OneColumn,
    /// A workbook, and why it is not read.
    Workbook(WorkbookRefusal),
    /// A file of another program, and why it is not read.
    Discovery(Refusal),
    /// A file of another program that tells of no machine.
    NoMachines,
}
