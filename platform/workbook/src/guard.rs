//! The door: a stranger's bytes become a [`Workbook`] or are refused with a reason that can be explained to a layman.
//!
//! Nothing the file says of itself is believed. Sizes are counted while unpacking, not read from headers; no entry inside an
//! entry is ever unpacked; links to other files are noted and never followed; XML with a document type declaration (the seat of
//! entity expansion) is refused outright.

use std::collections::HashSet;
use std::io::{Cursor, Read};

use serde::{Deserialize, Serialize};
use zip::ZipArchive;

use crate::grid::Workbook;
use crate::sniff::{self, LooksLike};

/// The largest file taken, in bytes. The ministry's forms are a few dozen kilobytes.
pub const MAX_FILE_BYTES: usize = 20 * 1024 * 1024;
/// The most bytes all entries together may unpack to.
pub const MAX_UNPACKED_BYTES: u64 = 96 * 1024 * 1024;
/// The most bytes of XML among them: more than any form has, and a bound on the time it takes to read one.
pub const MAX_XML_BYTES: u64 = 24 * 1024 * 1024;
/// The most entries in the archive.
pub const MAX_ENTRIES: usize = 2000;
/// The most cells in all sheets together, empty ones with a style included.
pub const MAX_CELLS: usize = 300_000;
/// The most text in all cells together, in bytes.
pub const MAX_TEXT_BYTES: usize = 32 * 1024 * 1024;
/// An entry over [`RATIO_FROM_BYTES`] may not unpack to more than this many times its packed size.
pub const MAX_RATIO: u64 = 200;
/// Below this unpacked size (bytes) the ratio is not judged: a small sheet of equal cells packs very well.
pub const RATIO_FROM_BYTES: u64 = 8 * 1024 * 1024;

/// How much a workbook may hold, where that differs by what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The most cells in all sheets together, empty ones with a style included.
    pub cells: usize,
    /// The most bytes of XML that all entries together may unpack to.
    pub xml_bytes: u64,
}

impl Bounds {
    /// A form to be filled in.
    pub const FORM: Bounds = Bounds { cells: MAX_CELLS, xml_bytes: MAX_XML_BYTES };
    /// A list of things: 10,000 rows of 90 columns and some room.
    pub const LIST: Bounds = Bounds { cells: 1_000_000, xml_bytes: MAX_UNPACKED_BYTES };
}

/// Why a file is not taken. The sentences here are for the log; the user's words are made elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum WorkbookRefusal {
    /// Not one byte.
    #[error("the file is empty")]
    Empty,
    /// More bytes than a form can have.
    #[error("the file has {bytes} bytes, more than {limit}")]
    TooLarge {
        /// The file's size in bytes.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// Something else, whatever its name says.
    #[error("not a workbook: looks like {looks_like:?}")]
    NotAWorkbook {
        /// What it seems to be.
        looks_like: LooksLike,
    },
    /// Excel 97-2003 (`.xls`). To be saved as `.xlsx` first.
    #[error("an Excel 97-2003 workbook")]
    LegacyXls,
    /// A spreadsheet in a format that is not read.
    #[error("a spreadsheet in a format that is not read: {format:?}")]
    NotSupported {
        /// Which format.
        format: OtherFormat,
    },
    /// Encrypted with a password to open.
    #[error("the workbook is protected by a password")]
    PasswordProtected,
    /// It would unpack to far more than it shows.
    #[error("the archive looks like a bomb: {sign:?}")]
    ZipBomb {
        /// What gave it away.
        sign: BombSign,
    },
    /// Two entries of one name: two readers would see two different workbooks.
    #[error("two entries are called {name}")]
    DuplicateEntry {
        /// The name.
        name: String,
    },
    /// An entry whose name leads out of the archive.
    #[error("unsafe entry name {name}")]
    UnsafeName {
        /// The name.
        name: String,
    },
    /// XML with a document type declaration, which no spreadsheet program writes.
    #[error("{part} declares a document type")]
    DocumentType {
        /// The part's name.
        part: String,
    },
    /// It holds a program (VBA or an Excel 4 macro sheet).
    #[error("the workbook holds macros")]
    MacroEnabled,
    /// More cells than a form can have.
    #[error("more than {limit} cells")]
    TooManyCells {
        /// The limit.
        limit: usize,
    },
    /// A part is missing, cut off or contradicts itself.
    #[error("damaged: {part}")]
    Damaged {
        /// The part's name.
        part: String,
    },
}

impl WorkbookRefusal {
    pub(crate) fn damaged(part: &str) -> Self {
        Self::Damaged { part: part.to_owned() }
    }
}

/// A spreadsheet format this crate does not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OtherFormat {
    /// Excel binary workbook (`.xlsb`).
    Xlsb,
    /// `OpenDocument` spreadsheet (`.ods`).
    Ods,
    /// The XML workbook of Excel 2003.
    Xml2003,
}

/// What gave a bomb away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BombSign {
    /// More entries than [`MAX_ENTRIES`].
    TooManyEntries,
    /// More than [`MAX_UNPACKED_BYTES`], or [`MAX_XML_BYTES`] of XML, in all.
    UnpacksTooLarge,
    /// An entry packed better than any sheet is.
    RatioTooHigh,
    /// Entries that share bytes.
    Overlap,
}

/// One entry of the archive, unpacked if it is XML.
pub(crate) struct Part {
    /// The name as it stands in the archive.
    pub(crate) name: String,
    /// The bytes, if the entry is XML; pictures and the like are counted and let go.
    pub(crate) xml: Option<Vec<u8>>,
}

/// The unpacked archive of a workbook that passed the door.
pub(crate) struct Package {
    /// In the archive's order.
    pub(crate) parts: Vec<Part>,
}

impl Package {
    /// The text of an XML part, by its name without regard to case (as the packaging standard wants).
    pub(crate) fn text(&self, name: &str) -> Result<&str, WorkbookRefusal> {
        self.optional_text(name)?.ok_or_else(|| WorkbookRefusal::damaged(name))
    }

    /// The text of a part that may be absent.
    pub(crate) fn optional_text(&self, name: &str) -> Result<Option<&str>, WorkbookRefusal> {
        let Some(part) = self.parts.iter().find(|part| part.name.eq_ignore_ascii_case(name)) else {
            return Ok(None);
        };
        let text = part.xml.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok());
        text.map(Some).ok_or_else(|| WorkbookRefusal::damaged(name))
    }

    fn has(&self, name: &str) -> bool {
        self.parts.iter().any(|part| part.name.eq_ignore_ascii_case(name))
    }

    fn has_under(&self, folder: &str) -> bool {
        self.parts.iter().any(|part| part.name.to_ascii_lowercase().starts_with(folder))
    }
}

/// Opens a stranger's workbook, or says precisely why not. Time and memory are bounded by the limits above; it never panics.
pub fn open(bytes: &[u8]) -> Result<Workbook, WorkbookRefusal> {
    open_within(bytes, Bounds::FORM)
}

/// As [`open`], with bounds of its own.
pub fn open_within(bytes: &[u8], bounds: Bounds) -> Result<Workbook, WorkbookRefusal> {
    let package = unpack(bytes, bounds)?;
    crate::read::workbook(&package, bounds)
}

/// The archive's parts, after every check that needs no understanding of sheets.
pub(crate) fn unpack(bytes: &[u8], bounds: Bounds) -> Result<Package, WorkbookRefusal> {
    if bytes.is_empty() {
        return Err(WorkbookRefusal::Empty);
    }
    if bytes.len() > MAX_FILE_BYTES {
        return Err(WorkbookRefusal::TooLarge { bytes: bytes.len(), limit: MAX_FILE_BYTES });
    }
    if bytes.starts_with(sniff::OLE2) {
        return Err(ole2_refusal(bytes));
    }
    if bytes.starts_with(sniff::EMPTY_ZIP) {
        return Err(WorkbookRefusal::NotAWorkbook { looks_like: LooksLike::Zip });
    }
    if !bytes.starts_with(sniff::ZIP) {
        return Err(text_refusal(bytes));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| WorkbookRefusal::damaged("zip"))?;
    check_directory(&mut archive)?;
    let package = unpack_entries(&mut archive, bounds)?;
    check_kind(&package)?;
    Ok(package)
}

fn ole2_refusal(bytes: &[u8]) -> WorkbookRefusal {
    if sniff::has_stream(bytes, "EncryptedPackage") {
        WorkbookRefusal::PasswordProtected
    } else if sniff::has_stream(bytes, "WordDocument") || sniff::has_stream(bytes, "PowerPoint Document") {
        WorkbookRefusal::NotAWorkbook { looks_like: LooksLike::OldOffice }
    } else if sniff::has_stream(bytes, "Workbook") || sniff::has_stream(bytes, "Book") {
        WorkbookRefusal::LegacyXls
    } else {
        WorkbookRefusal::NotAWorkbook { looks_like: LooksLike::Unknown }
    }
}

fn text_refusal(bytes: &[u8]) -> WorkbookRefusal {
    let looks_like = sniff::looks_like(bytes);
    let head = &bytes[..bytes.len().min(4096)];
    if looks_like == LooksLike::Xml
        && (sniff::contains(head, b"Excel.Sheet")
            || sniff::contains(head, b"urn:schemas-microsoft-com:office:spreadsheet"))
    {
        return WorkbookRefusal::NotSupported { format: OtherFormat::Xml2003 };
    }
    WorkbookRefusal::NotAWorkbook { looks_like }
}

fn check_directory(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<(), WorkbookRefusal> {
    let damaged = |_| WorkbookRefusal::damaged("zip");
    if archive.len() > MAX_ENTRIES {
        return Err(WorkbookRefusal::ZipBomb { sign: BombSign::TooManyEntries });
    }
    let mut seen = HashSet::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(damaged)?;
        let name = entry.name().map_err(damaged)?.into_owned();
        if unsafe_name(&name) {
            return Err(WorkbookRefusal::UnsafeName { name });
        }
        if entry.encrypted() {
            return Err(WorkbookRefusal::PasswordProtected);
        }
        if !seen.insert(name.to_lowercase()) {
            return Err(WorkbookRefusal::DuplicateEntry { name });
        }
    }
    if archive.has_duplicate_names() {
        // The directory lists a name twice; the reader keeps only one of the two and its name is not told.
        return Err(WorkbookRefusal::DuplicateEntry { name: String::new() });
    }
    if archive.has_overlapping_entries().map_err(damaged)? {
        return Err(WorkbookRefusal::ZipBomb { sign: BombSign::Overlap });
    }
    Ok(())
}

fn unsafe_name(name: &str) -> bool {
    name.is_empty()
        || name.starts_with('/')
        || name.contains(['\\', ':', '\0'])
        || name.chars().any(char::is_control)
        || name.split('/').any(|step| step == ".." || step == ".")
}

fn unpack_entries(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    bounds: Bounds,
) -> Result<Package, WorkbookRefusal> {
    let mut parts = Vec::with_capacity(archive.len());
    let (mut all_left, mut xml_left) = (MAX_UNPACKED_BYTES, bounds.xml_bytes);
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|_| WorkbookRefusal::damaged("zip"))?;
        let name = entry.name().map_err(|_| WorkbookRefusal::damaged("zip"))?.into_owned();
        let packed = entry.compressed_size().max(1);
        let is_xml = is_xml_name(&name);
        let left = if is_xml { all_left.min(xml_left) } else { all_left };
        let mut bytes = Vec::new();
        let mut chunk = [0_u8; 16 * 1024];
        let mut size: u64 = 0;
        loop {
            let read = entry.read(&mut chunk).map_err(|_| WorkbookRefusal::damaged(&name))?;
            if read == 0 {
                break;
            }
            size += read as u64;
            if size > left {
                return Err(WorkbookRefusal::ZipBomb { sign: BombSign::UnpacksTooLarge });
            }
            if size > RATIO_FROM_BYTES && size / packed > MAX_RATIO {
                return Err(WorkbookRefusal::ZipBomb { sign: BombSign::RatioTooHigh });
            }
            if is_xml {
                bytes.extend_from_slice(&chunk[..read]);
            }
        }
        all_left -= size;
        xml_left -= if is_xml { size } else { 0 };
        if is_xml && declares_document_type(&bytes) {
            return Err(WorkbookRefusal::DocumentType { part: name });
        }
        parts.push(Part { name, xml: is_xml.then_some(bytes) });
    }
    Ok(Package { parts })
}

fn is_xml_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".xml", ".rels", ".vml"].iter().any(|ending| name.ends_with(ending))
}

fn declares_document_type(bytes: &[u8]) -> bool {
    const MARK: &[u8] = b"<!DOCTYPE";
    let wide: Vec<u8> = MARK.iter().flat_map(|byte| [*byte, 0]).collect();
    bytes.contains(&b'!')
        && (bytes.windows(MARK.len()).any(|window| window.eq_ignore_ascii_case(MARK))
            || bytes.windows(wide.len()).any(|window| window.eq_ignore_ascii_case(&wide)))
}

fn check_kind(package: &Package) -> Result<(), WorkbookRefusal> {
    let other = |looks_like| Err(WorkbookRefusal::NotAWorkbook { looks_like });
    if package.has("xl/workbook.bin") {
        return Err(WorkbookRefusal::NotSupported { format: OtherFormat::Xlsb });
    }
    if package.has("word/document.xml") {
        return other(LooksLike::Docx);
    }
    if package.has("ppt/presentation.xml") {
        return other(LooksLike::Pptx);
    }
    if package.has("mimetype") && package.has("content.xml") {
        return Err(WorkbookRefusal::NotSupported { format: OtherFormat::Ods });
    }
    if !package.has("[Content_Types].xml") {
        return other(LooksLike::Zip);
    }
    let types = package.text("[Content_Types].xml")?.to_ascii_lowercase();
    let has_program =
        package.parts.iter().any(|part| part.name.to_ascii_lowercase().ends_with("vbaproject.bin"));
    if has_program
        || package.has_under("xl/macrosheets/")
        || types.contains("macroenabled")
        || types.contains("vbaproject")
    {
        return Err(WorkbookRefusal::MacroEnabled);
    }
    Ok(())
}
