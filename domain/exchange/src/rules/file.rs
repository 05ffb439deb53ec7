//! What files are, by their content, and what they hold.

use super::delimited;
use crate::model::{Content, FileKind, FileRefusal, Found, Record, Table};
use komainu_discovery::{Findings, recognise};
use komainu_workbook::{Address, Bounds, Sheet, open_within};

/// At most so many files at once.
pub const MOST_FILES: usize = 200;
/// At most so many bytes at once, all files together (50 MB).
pub const MOST_BYTES: usize = 50 * 1000 * 1000;
/// At most so many rows at once, all tables together.
pub const MOST_ROWS: usize = 100_000;
/// At most so many columns of a table.
pub const MOST_COLUMNS: usize = 300;
/// A cell's text is cut to so many characters; nothing in a ledger is so long.
const MOST_TEXT: usize = 5_000;

/// What files hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// All of it.
    pub content: Content,
    /// What the files are, each kind once.
    pub kinds: Vec<FileKind>,
}

/// Reads files, given by name and bytes.
///
/// # Errors
/// The name of the first file that is not taken, and why; the name is empty where it is all of them together.
pub fn read_files(files: &[(String, Vec<u8>)]) -> Result<Read, (String, FileRefusal)> {
    let of_all = |why| Err((String::new(), why));
    if files.is_empty() {
        return of_all(FileRefusal::None);
    }
    if files.len() > MOST_FILES {
        return of_all(FileRefusal::TooMany(MOST_FILES));
    }
    if files.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() > MOST_BYTES {
        return of_all(FileRefusal::TooLarge(MOST_BYTES / 1_000_000));
    }
    let mut read = Read { content: Content::default(), kinds: Vec::new() };
    for (name, bytes) in files {
        let kind = read_file(name, bytes, &mut read.content).map_err(|why| (name.clone(), why))?;
        if !read.kinds.contains(&kind) {
            read.kinds.push(kind);
        }
        let rows: usize = read.content.tables.iter().map(|table| table.rows.len()).sum();
        if rows > MOST_ROWS {
            return Err((name.clone(), FileRefusal::TooManyRows(MOST_ROWS)));
        }
    }
    Ok(read)
}

fn read_file(name: &str, bytes: &[u8], into: &mut Content) -> Result<FileKind, FileRefusal> {
    if bytes.is_empty() {
        return Err(FileRefusal::Empty);
    }
    if let Some(source) = recognise(bytes) {
        let findings = komainu_discovery::read(bytes, source).map_err(FileRefusal::Discovery)?;
        if findings.hosts.is_empty() {
            return Err(FileRefusal::NoMachines);
        }
        into.found.push(Found { name: name.to_owned(), findings: without_software(findings) });
        return Ok(source.into());
    }
    const ZIP: &[u8] = b"PK";
    const OLE2: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];
    if bytes.starts_with(ZIP) || bytes.starts_with(OLE2) {
        into.tables.extend(workbook(name, bytes)?);
        return Ok(FileKind::Excel);
    }
    let text = delimited::decoded(bytes)?;
    if text.trim().is_empty() {
        return Err(FileRefusal::Empty);
    }
    if text.trim_start().starts_with(['<', '{']) {
        return Err(FileRefusal::Unknown);
    }
    into.tables.push(delimited::table(name, &text)?);
    Ok(FileKind::Csv)
}

/// The lists of all programs on a machine are long and no part of a ledger.
fn without_software(mut findings: Findings) -> Findings {
    for host in &mut findings.hosts {
        host.software = Vec::new();
        host.services = Vec::new();
    }
    findings
}

/// The sheets of a workbook that a person sees and that hold more than one column.
fn workbook(name: &str, bytes: &[u8]) -> Result<Vec<Table>, FileRefusal> {
    let workbook = open_within(bytes, Bounds::LIST).map_err(FileRefusal::Workbook)?;
    let shown: Vec<&Sheet> =
        workbook.sheets.iter().filter(|sheet| sheet.visible && sheet.extent() != (0, 0)).collect();
    if shown.is_empty() {
        return Err(FileRefusal::Empty);
    }
    let mut tables = Vec::new();
    for sheet in &shown {
        let own = if shown.len() > 1 { format!("{name}（{}）", sheet.name) } else { name.to_owned() };
        tables.push(sheet_table(&own, sheet)?);
    }
    tables.retain(|table| table.width() > 1);
    if tables.is_empty() { Err(FileRefusal::OneColumn) } else { Ok(tables) }
}

fn sheet_table(name: &str, sheet: &Sheet) -> Result<Table, FileRefusal> {
    let mut table = Table { name: name.to_owned(), rows: Vec::new() };
    let (rows, columns) = sheet.extent();
    if usize::try_from(columns).is_ok_and(|columns| columns > MOST_COLUMNS) {
        return Err(FileRefusal::TooManyColumns(MOST_COLUMNS));
    }
    for row in 0..rows {
        let cells = (0..columns).map(|column| clean(sheet.text(Address::new(row, column)).trim())).collect();
        keep(&mut table, u64::from(row) + 1, cells)?;
    }
    Ok(table)
}

/// Adds a row, unless it is empty.
pub(super) fn keep(table: &mut Table, number: u64, mut cells: Vec<String>) -> Result<(), FileRefusal> {
    while cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    if cells.is_empty() {
        return Ok(());
    }
    if cells.len() > MOST_COLUMNS {
        return Err(FileRefusal::TooManyColumns(MOST_COLUMNS));
    }
    if table.rows.len() == MOST_ROWS {
        return Err(FileRefusal::TooManyRows(MOST_ROWS));
    }
    table.rows.push(Record { number, cells });
    Ok(())
}

/// A cell's text without characters that nobody types, with one kind of line end.
pub(super) fn clean(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}');
    let kept = text.chars().filter(|c| !turns(*c) && (!c.is_control() || matches!(c, '\t' | '\n')));
    kept.take(MOST_TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use komainu_workbook::WorkbookRefusal;

    fn one(bytes: &[u8]) -> Result<Read, FileRefusal> {
        read_files(&[("台帳".to_owned(), bytes.to_vec())]).map_err(|(_, why)| why)
    }

    #[test]
    fn what_is_not_taken_is_said() {
        assert_eq!(read_files(&[]).unwrap_err().1, FileRefusal::None);
        assert_eq!(one(b"").unwrap_err(), FileRefusal::Empty);
        assert_eq!(one(b" \r\n\r\n").unwrap_err(), FileRefusal::Empty);
        assert_eq!(one(&[0, 1, 2, 3, 4, 0, 9]).unwrap_err(), FileRefusal::Unknown);
        assert_eq!(one(b"\x89PNG\r\n\x1a\n\0\0").unwrap_err(), FileRefusal::Unknown);
        assert_eq!(one(b"<html><body>a,b</body></html>").unwrap_err(), FileRefusal::Unknown);
        assert_eq!(one("名前\n端末\n".as_bytes()).unwrap_err(), FileRefusal::OneColumn);
        let broken = one(b"PK\x03\x04broken").unwrap_err();
        assert!(matches!(broken, FileRefusal::Workbook(WorkbookRefusal::Damaged { .. })), "{broken:?}");
        let large = one(&vec![b'a'; MOST_BYTES + 1]).unwrap_err();
        assert_eq!(large, FileRefusal::TooLarge(50));
        assert_eq!(
            one("a,b\n".repeat(MOST_ROWS + 1).as_bytes()).unwrap_err(),
            FileRefusal::TooManyRows(MOST_ROWS)
        );
        let wide = ",a".repeat(MOST_COLUMNS);
        assert_eq!(one(wide.as_bytes()).unwrap_err(), FileRefusal::TooManyColumns(MOST_COLUMNS));
    }

    #[test]
    fn the_name_of_the_file_that_is_not_taken_is_told() {
        let good = ("良い.csv".to_owned(), b"a,b\nc,d\n".to_vec());
        let bad = ("空.csv".to_owned(), Vec::new());
        assert_eq!(read_files(&[good.clone(), bad]).unwrap_err(), ("空.csv".to_owned(), FileRefusal::Empty));
        let read = read_files(&[good.clone(), good]).unwrap();
        assert_eq!((read.content.tables.len(), read.kinds), (2, vec![FileKind::Csv]));
    }
}
