//! Lines of values: told from bytes in any encoding that offices use, and written so that no cell is a formula.

use crate::model::{FileRefusal, Table};
use encoding_rs::{SHIFT_JIS, UTF_16BE, UTF_16LE};

/// What parts columns, the likeliest first.
const MARKS: [char; 3] = [',', '\t', ';'];
/// So many lines tell what parts columns.
const LOOKED_AT: usize = 20;
/// How a spreadsheet program takes a cell for a formula, in half and full width.
const SIGNS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
/// What stands in Shift_JIS for a character that it does not have, as Japanese printers have always set it.
const GETA: &str = "〓";

/// How a text file is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 with its mark, by which Excel knows it.
    #[default]
    Utf8,
    /// Shift_JIS, for old Japanese programs.
    ShiftJis,
}

/// A text file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How many characters the encoding does not have; 〓 stands for each.
    pub replaced: usize,
}

/// A cell that no spreadsheet program takes for a formula. What begins with an apostrophe gets another one, so that
/// [`unguarded`] gives back every text.
pub fn guarded(text: &str) -> String {
    if text.starts_with(SIGNS) || text.starts_with('\'') { format!("'{text}") } else { text.to_owned() }
}

/// A cell without the apostrophe that guards it.
pub fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(SIGNS) || rest.starts_with('\'') => rest,
        _ => text,
    }
}

/// Writes lines of values, ended as Windows ends lines.
pub fn write_csv(rows: &[Vec<String>], encoding: Encoding) -> Written {
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| quoted(&guarded(cell))).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    match encoding {
        Encoding::Utf8 => Written { bytes: [b"\xEF\xBB\xBF", text.as_bytes()].concat(), replaced: 0 },
        Encoding::ShiftJis => shift_jis(&text),
    }
}

fn quoted(cell: &str) -> String {
    let plain = !cell.contains([',', '"', '\n', '\r', '\t', ';']) && cell.trim() == cell;
    if plain { cell.to_owned() } else { format!("\"{}\"", cell.replace('"', "\"\"")) }
}

/// Characters that Unicode has twice and Shift_JIS once.
fn as_in_shift_jis(c: char) -> char {
    match c {
        '\u{301C}' => '\u{FF5E}',
        '\u{2016}' => '\u{2225}',
        '\u{2014}' => '\u{2015}',
        c => c,
    }
}

fn shift_jis(text: &str) -> Written {
    let text: String = text.chars().map(as_in_shift_jis).collect();
    let (whole, _, lossy) = SHIFT_JIS.encode(&text);
    if !lossy {
        return Written { bytes: whole.into_owned(), replaced: 0 };
    }
    let (geta, _, _) = SHIFT_JIS.encode(GETA);
    let mut written = Written { bytes: Vec::with_capacity(text.len()), replaced: 0 };
    let mut buffer = [0_u8; 4];
    for c in text.chars() {
        let (bytes, _, unknown) = SHIFT_JIS.encode(c.encode_utf8(&mut buffer));
        if unknown {
            written.bytes.extend_from_slice(&geta);
            written.replaced += 1;
        } else {
            written.bytes.extend_from_slice(&bytes);
        }
    }
    written
}

/// The text of a file in UTF-8, UTF-16 or Shift_JIS.
///
/// # Errors
/// [`FileRefusal::Unknown`] where it is no text, [`FileRefusal::Encoding`] where it is one in another encoding.
pub(super) fn decoded(bytes: &[u8]) -> Result<String, FileRefusal> {
    let (text, damaged) = match bytes {
        [0xFF, 0xFE, rest @ ..] => UTF_16LE.decode_without_bom_handling(rest),
        [0xFE, 0xFF, rest @ ..] => UTF_16BE.decode_without_bom_handling(rest),
        _ => {
            let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            if body.contains(&0) {
                return Err(FileRefusal::Unknown);
            }
            match std::str::from_utf8(body) {
                Ok(text) => (text.into(), false),
                Err(_) => SHIFT_JIS.decode_without_bom_handling(body),
            }
        }
    };
    let strange = text.chars().take(100_000).filter(|c| c.is_control() && !c.is_whitespace()).count();
    if strange * 100 > text.chars().take(100_000).count() {
        return Err(FileRefusal::Unknown);
    }
    if damaged { Err(FileRefusal::Encoding) } else { Ok(text.into_owned()) }
}

/// The rows of a text.
pub(super) fn table(name: &str, text: &str) -> Result<Table, FileRefusal> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mark = parted_by(&text).ok_or(FileRefusal::OneColumn)?;
    let mut table = Table { name: name.to_owned(), rows: Vec::new() };
    let mut row = Row { first: 1, ..Row::default() };
    let mut line = 1;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        line += u64::from(c == '\n');
        match c {
            '"' if row.inside && rest.next_if_eq(&'"').is_some() => row.cell.push('"'),
            '"' if row.inside => row.inside = false,
            _ if row.inside => row.cell.push(c),
            '"' if row.cell.trim().is_empty() => row.inside = true,
            '\n' => {
                row.end_cell();
                super::file::keep(&mut table, row.first, std::mem::take(&mut row.cells))?;
                row.first = line;
            }
            c if c == mark => row.end_cell(),
            c => row.cell.push(c),
        }
    }
    if row.inside {
        return Err(FileRefusal::OpenQuote(row.first));
    }
    row.end_cell();
    super::file::keep(&mut table, row.first, row.cells)?;
    Ok(table)
}

/// A row while it is read.
#[derive(Default)]
struct Row {
    /// The line it begins in.
    first: u64,
    cells: Vec<String>,
    cell: String,
    /// Whether the cell is between quotation marks.
    inside: bool,
}

impl Row {
    fn end_cell(&mut self) {
        let text = std::mem::take(&mut self.cell);
        self.cells.push(super::file::clean(unguarded(text.trim())));
    }
}

/// What parts the columns: what the most of the first lines hold, and of several what they hold most of. What stands
/// between quotation marks parts nothing.
fn parted_by(text: &str) -> Option<char> {
    let (mut lines, mut counts, mut inside) = (0, [[0_usize; LOOKED_AT]; MARKS.len()], false);
    for c in text.chars() {
        match c {
            '"' => inside = !inside,
            '\n' if !inside => lines += 1,
            c if !inside => {
                let place = MARKS.iter().position(|mark| *mark == c);
                if let Some(count) = place.and_then(|place| counts[place].get_mut(lines)) {
                    *count += 1;
                }
            }
            _ => {}
        }
        if lines == LOOKED_AT {
            break;
        }
    }
    let weight = |counts: [usize; LOOKED_AT]| {
        (counts.iter().filter(|count| **count > 0).count(), counts.iter().sum::<usize>())
    };
    let weighed = MARKS.into_iter().zip(counts).rev().map(|(mark, counts)| (weight(counts), mark));
    weighed.filter(|((with, _), _)| *with > 0).max_by_key(|(weight, _)| *weight).map(|(_, mark)| mark)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_are_guarded_and_come_back() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("＠SUM", "'＠SUM"),
            ("-", "'-"),
            ("'=1", "''=1"),
            ("'quoted'", "''quoted'"),
            ("1-2", "1-2"),
            ("", ""),
        ] {
            assert_eq!(guarded(text), cell);
            assert_eq!(unguarded(cell), text);
        }
        assert_eq!(unguarded("'99年製"), "'99年製", "somebody's own apostrophe stays");
    }

    #[test]
    fn encodings_are_told_apart() {
        let text = "管理番号,名前\r\n0012,ｶﾙﾃ端末\r\n";
        let wide = |little: bool| -> Vec<u8> {
            let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
            units.flat_map(|unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
        };
        let sjis = SHIFT_JIS.encode(text).0.into_owned();
        let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        for bytes in [text.as_bytes().to_vec(), marked, wide(true), wide(false), sjis] {
            let read = table("台帳", &decoded(&bytes).unwrap()).unwrap();
            assert_eq!(read.rows[1].cells, ["0012", "ｶﾙﾃ端末"]);
            assert_eq!((read.rows[0].number, read.rows[1].number), (1, 2));
        }
        assert_eq!(decoded(b"\x00\x01\x02\x03junk"), Err(FileRefusal::Unknown));
        assert_eq!(decoded(b"abc,\xFF\xFF\xFE"), Err(FileRefusal::Encoding));
        assert_eq!(table("x", "名前\r\n端末\r\n"), Err(FileRefusal::OneColumn));
    }

    #[test]
    fn what_parts_columns_is_found() {
        for (text, mark) in [
            ("a,b\nc,d", Some(',')),
            ("a\tb,c\nd\te", Some('\t')),
            ("a;b\nc;d", Some(';')),
            ("a,\"b;\n;\n;\"\nc,d", Some(',')),
            ("a\nb", None),
        ] {
            assert_eq!(parted_by(text), mark, "{text:?}");
        }
    }

    #[test]
    fn rows_are_counted_as_lines_and_quotation_marks_are_minded() {
        let read = table("x", "a,b\n\n\"c\nd\",\"e \"\"f\"\"\"\ng,h\"i").unwrap();
        let rows: Vec<_> = read.rows.iter().map(|row| (row.number, row.cells.join("|"))).collect();
        assert_eq!(rows, [(1, "a|b".into()), (3, "c\nd|e \"f\"".into()), (5, "g|h\"i".to_owned())]);
        assert_eq!(table("x", "a,b\nc,\"d\ne,f"), Err(FileRefusal::OpenQuote(2)));
    }

    #[test]
    fn what_shift_jis_has_not_is_seen_and_counted() {
        let rows = [vec!["髙橋〜①".to_owned(), "😀한".to_owned()]];
        let written = write_csv(&rows, Encoding::ShiftJis);
        assert_eq!(written.replaced, 2);
        let text = SHIFT_JIS.decode_without_bom_handling(&written.bytes).0.into_owned();
        assert_eq!(text, "髙橋～①,〓〓\r\n");
    }

    proptest! {
        #[test]
        fn every_cell_comes_back(cells in proptest::collection::vec("[-=+@'\"a-z0-9,;あ\n]{0,8}", 2..5)) {
            let cells: Vec<String> = cells.iter().map(|cell| cell.trim().to_owned()).collect();
            prop_assume!(cells.iter().any(|cell| !cell.is_empty()));
            let heading: Vec<String> = cells.iter().map(|_| "x".to_owned()).collect();
            let written = write_csv(&[heading, cells.clone()], Encoding::Utf8);
            let read = table("x", &decoded(&written.bytes).unwrap()).unwrap();
            let mut found = read.rows[1].cells.clone();
            found.resize(cells.len(), String::new());
            prop_assert_eq!(found, cells);
        }
    }
}
