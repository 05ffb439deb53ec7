//! What a file that is no Excel workbook looks like, told from its first bytes, so that the refusal can name it.

use serde::{Deserialize, Serialize};

/// The kind of file somebody chose instead of a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LooksLike {
    /// Lines of values separated by commas or tabs, often a renamed CSV.
    Csv,
    /// Plain text.
    Text,
    /// A PDF document.
    Pdf,
    /// A web page; some systems export one under the name of a workbook.
    Html,
    /// A ZIP archive that holds no office document.
    Zip,
    /// A Word document.
    Docx,
    /// A `PowerPoint` presentation.
    Pptx,
    /// A picture.
    Picture,
    /// Some other office document of the age before 2007 (Word, `PowerPoint`).
    OldOffice,
    /// Another archive (7z, RAR, gzip).
    Archive,
    /// Other XML.
    Xml,
    /// None of these.
    Unknown,
}

/// The first bytes of an OLE2 compound file, the shell of `.xls` and of encrypted workbooks.
pub(crate) const OLE2: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// The first bytes of a ZIP archive's first entry.
pub(crate) const ZIP: &[u8] = b"PK\x03\x04";
/// A ZIP archive without any entry.
pub(crate) const EMPTY_ZIP: &[u8] = b"PK\x05\x06";

/// What the bytes look like, given that they are neither a ZIP archive nor an OLE2 file.
pub(crate) fn looks_like(bytes: &[u8]) -> LooksLike {
    const MAGIC: &[(&[u8], LooksLike)] = &[
        (b"%PDF", LooksLike::Pdf),
        (b"\x89PNG", LooksLike::Picture),
        (b"\xFF\xD8\xFF", LooksLike::Picture),
        (b"GIF8", LooksLike::Picture),
        (b"7z\xBC\xAF\x27\x1C", LooksLike::Archive),
        (b"Rar!", LooksLike::Archive),
        (b"\x1F\x8B", LooksLike::Archive),
        (b"{\\rtf", LooksLike::OldOffice),
    ];
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return *kind;
    }
    let head = &bytes[..bytes.len().min(8192)];
    if is_utf16(head) {
        return text_kind(&decode_utf16(head));
    }
    if head.contains(&0) {
        return LooksLike::Unknown;
    }
    // A Japanese CSV is as often Shift_JIS as UTF-8: commas, tabs and line ends are the same bytes in both.
    text_kind(&String::from_utf8_lossy(head))
}

fn is_utf16(head: &[u8]) -> bool {
    head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF])
}

fn decode_utf16(head: &[u8]) -> String {
    let big = head.starts_with(&[0xFE, 0xFF]);
    let units = head[2..].chunks_exact(2).map(|pair| {
        let pair = [pair[0], pair[1]];
        if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    });
    char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{FFFD}')).collect()
}

fn text_kind(text: &str) -> LooksLike {
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    let start: String = text.chars().take(200).collect::<String>().to_ascii_lowercase();
    if start.contains("<html") || start.starts_with("<!doctype html") || start.starts_with("<table") {
        return LooksLike::Html;
    }
    if start.starts_with("<?xml") {
        return LooksLike::Xml;
    }
    let control = text.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    if control * 50 > text.chars().count() {
        return LooksLike::Unknown;
    }
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(20).collect();
    let separated = |mark: char| lines.iter().filter(|line| line.contains(mark)).count();
    if !lines.is_empty() && separated(',').max(separated('\t')) * 4 >= lines.len() * 3 {
        return LooksLike::Csv;
    }
    LooksLike::Text
}

/// Whether `needle` stands in `bytes` as the UTF-16 name of a stream inside an OLE2 file.
pub(crate) fn has_stream(bytes: &[u8], needle: &str) -> bool {
    let wide: Vec<u8> = needle.encode_utf16().flat_map(u16::to_le_bytes).collect();
    contains(bytes, &wide)
}

/// Whether `needle` stands anywhere in `bytes`.
pub(crate) fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_was_chosen_by_mistake() {
        assert_eq!(looks_like(b"%PDF-1.7 ..."), LooksLike::Pdf);
        assert_eq!(looks_like("氏名,年齢\n甲,30\n乙,40\n".as_bytes()), LooksLike::Csv);
        assert_eq!(looks_like(b"\x8e\x81\x96\xbc,\x94N\n\x8d\x62,30\n"), LooksLike::Csv, "Shift_JIS");
        assert_eq!(looks_like("お知らせ\n本日休診です\n".as_bytes()), LooksLike::Text);
        assert_eq!(looks_like(b"\xEF\xBB\xBF<html><body><table>"), LooksLike::Html);
        assert_eq!(looks_like(b"\xFF\xFEa\0\t\0b\0\n\0"), LooksLike::Csv);
        assert_eq!(looks_like(b"\x89PNG\r\n\x1a\n"), LooksLike::Picture);
        assert_eq!(looks_like(&[1, 0, 2, 0, 9]), LooksLike::Unknown);
    }
}
