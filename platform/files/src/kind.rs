//! What a file is, told from its bytes and never from its name.

use std::borrow::Cow;
use std::io::{Cursor, Read as _};
use thiserror::Error;

/// A kind of file that may be handed in as evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The media type it is kept and served as.
    pub media_type: &'static str,
    /// The usual ending of its name, without the dot.
    pub ending: &'static str,
    /// Whether a browser may show it beside our pages.
    pub preview: bool,
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Larger than [`crate::LIMIT`].
    #[error("the file is too large")]
    TooLarge,
    /// An Office file that carries a program.
    #[error("the file carries macros")]
    Macros,
    /// None of the kinds that are taken.
    #[error("the file is of a kind that is not taken")]
    Kind,
}

const fn kind(media_type: &'static str, ending: &'static str, preview: bool) -> Kind {
    Kind { media_type, ending, preview }
}

/// Kinds that `infer` tells from the first bytes.
const KINDS: [Kind; 8] = [
    kind("application/pdf", "pdf", true),
    kind("image/png", "png", true),
    kind("image/jpeg", "jpg", true),
    kind("image/gif", "gif", true),
    kind("image/webp", "webp", true),
    kind("image/heif", "heic", false),
    kind("image/tiff", "tif", false),
    kind("image/bmp", "bmp", false),
];

const OFFICE: [(&str, Kind); 3] = [
    ("word/", kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", false)),
    ("xl/", kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", false)),
    (
        "ppt/",
        kind("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx", false),
    ),
];

/// Word, Excel and their sister before 2007 share one container; only the name tells them apart.
const OLD_OFFICE: Kind = kind("application/x-ole-storage", "doc", false);
/// A stream in such a container that makes it a document; the last is a newer one behind a password.
const OLD_DOCUMENTS: [&str; 5] =
    ["WordDocument", "Workbook", "Book", "PowerPoint Document", "EncryptedPackage"];
const OLD_MACROS: &str = "_VBA_PROJECT";
const TEXT: Kind = kind("text/plain; charset=utf-8", "txt", false);
/// What Windows calls Unicode text, and what its shell writes into files.
const TEXT_16: Kind = kind("text/plain; charset=utf-16", "txt", false);

/// Entries of an archive that are looked at; an Office file has far fewer.
const ENTRIES: usize = 10_000;
/// Bytes of the list of an Office file's parts that are read; it has a few thousand.
const PARTS: u64 = 1024 * 1024;
/// How the list names a part that is a program, whatever the part is called.
const PROGRAMS: [&str; 4] = ["vbaproject", "macroenabled", "macrosheet", "activex"];

/// Tells what a file is.
///
/// # Errors
/// The reason why it is not taken.
pub fn kind_of(bytes: &[u8]) -> Result<Kind, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if bytes.len() > crate::LIMIT {
        return Err(Refusal::TooLarge);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return office(bytes);
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        return old_office(bytes);
    }
    match infer::get(bytes) {
        // A PDF may begin later, behind anything at all: then it is two files in one.
        Some(found) if found.mime_type() == "application/pdf" && !bytes.starts_with(b"%PDF") => {
            Err(Refusal::Kind)
        }
        // Two letters make a bitmap, and a text about the BMI.
        Some(found) if found.mime_type() == "image/bmp" => text(bytes).or_else(|_| known(found)),
        Some(found) => known(found),
        None => text(bytes),
    }
}

fn known(found: infer::Type) -> Result<Kind, Refusal> {
    KINDS.into_iter().find(|kind| kind.media_type == found.mime_type()).ok_or(Refusal::Kind)
}

fn office(bytes: &[u8]) -> Result<Kind, Refusal> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Kind)?;
    if archive.len() > ENTRIES {
        return Err(Refusal::Kind);
    }
    let names: Result<Vec<_>, _> = archive.file_names().map(|name| name.map(Cow::into_owned)).collect();
    let names = names.map_err(|_| Refusal::Kind)?;
    let mut parts = Vec::new();
    let list = archive.by_name("[Content_Types].xml").map_err(|_| Refusal::Kind)?;
    list.take(PARTS).read_to_end(&mut parts).map_err(|_| Refusal::Kind)?;
    let parts = String::from_utf8_lossy(&parts).to_ascii_lowercase();
    let is_program = |name: &String| {
        let name = name.to_ascii_lowercase();
        name.ends_with("vbaproject.bin") || name.contains("/macrosheets/") || name.contains("/activex/")
    };
    if names.iter().any(is_program) || PROGRAMS.iter().any(|program| parts.contains(program)) {
        return Err(Refusal::Macros);
    }
    OFFICE
        .into_iter()
        .find(|(folder, _)| names.iter().any(|name| name.starts_with(folder)))
        .map(|(_, kind)| kind)
        .ok_or(Refusal::Kind)
}

/// Installers and mails come in the same container; what is no document is not taken.
fn old_office(bytes: &[u8]) -> Result<Kind, Refusal> {
    let has = |stream: &str| {
        let wide: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wide.len()).any(|window| window == wide)
    };
    if has(OLD_MACROS) {
        Err(Refusal::Macros)
    } else if OLD_DOCUMENTS.iter().any(|stream| has(stream)) {
        Ok(OLD_OFFICE)
    } else {
        Err(Refusal::Kind)
    }
}

/// Plain text in UTF-8 or UTF-16, or in what old Japanese programs write; nothing that a browser would run.
fn text(bytes: &[u8]) -> Result<Kind, Refusal> {
    let wide = |big| wide(bytes, big).map(Cow::Owned).ok_or(Refusal::Kind);
    let (kind, text) = match bytes {
        [0xFF, 0xFE, ..] => (TEXT_16, wide(false)?),
        [0xFE, 0xFF, ..] => (TEXT_16, wide(true)?),
        _ => (TEXT, String::from_utf8_lossy(bytes)),
    };
    // Shift_JIS and its like have no control characters of their own; ISO-2022-JP has the escape.
    let control = |c: char| u32::from(c) < 0x20 && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{1b}');
    if text.chars().any(control) {
        return Err(Refusal::Kind);
    }
    let start: String = text.chars().take(4096).collect::<String>().to_ascii_lowercase();
    let start = start.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with("#!")
        || ["<!doctype", "<html", "<script", "<svg", "<?xml", "<body"].iter().any(|tag| start.contains(tag))
    {
        return Err(Refusal::Kind);
    }
    Ok(kind)
}

/// The text behind a UTF-16 byte order mark, with the higher byte first or last; none if it is no text after all.
fn wide(bytes: &[u8], big: bool) -> Option<String> {
    let units = bytes.chunks_exact(2).map(|pair| {
        let pair = [pair[0], pair[1]];
        if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    });
    char::decode_utf16(units).collect::<Result<String, _>>().ok().filter(|_| bytes.len().is_multiple_of(2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn archive(names: &[&str]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for name in names {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(b"x").unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn container(stream: &str) -> Vec<u8> {
        [&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1][..], &[0; 504], &utf16(stream), &[0; 64]].concat()
    }

    /// An Office file whose list of parts says what is given.
    fn listing(parts: &str) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in [("[Content_Types].xml", parts), ("xl/workbook.xml", "x"), ("xl/a.bin", "x")] {
            writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(content.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn kinds_are_told_by_content() {
        let ending = |bytes: &[u8]| kind_of(bytes).map(|kind| kind.ending);
        assert_eq!(ending(b"%PDF-1.7\n"), Ok("pdf"));
        assert_eq!(ending(b"\x89PNG\r\n\x1a\n0000"), Ok("png"));
        assert_eq!(ending(&[0xFF, 0xD8, 0xFF, 0xE0, 0, 0]), Ok("jpg"));
        assert_eq!(ending(&archive(&["[Content_Types].xml", "xl/workbook.xml"])), Ok("xlsx"));
        assert_eq!(ending(&archive(&["[Content_Types].xml", "word/document.xml"])), Ok("docx"));
        assert_eq!(ending("点検の記録\r\n1, 済み\r\n".as_bytes()), Ok("txt"));
        assert_eq!(ending(&[0x93, 0x5F, 0x8C, 0x9F]), Ok("txt"), "Shift_JIS");
        assert_eq!(ending("BMIの記録".as_bytes()), Ok("txt"));
        assert_eq!(ending(b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0"), Ok("bmp"));
        assert_eq!(kind_of(&utf16("\u{feff}点検の記録\r\n")), Ok(TEXT_16));
        for stream in OLD_DOCUMENTS {
            assert_eq!(kind_of(&container(stream)), Ok(OLD_OFFICE), "{stream}");
        }
    }

    #[test]
    fn what_could_run_is_refused() {
        for (bytes, refusal) in [
            (&b""[..], Refusal::Empty),
            (b"MZ\x90\x00\x03\x00", Refusal::Kind),
            (b"\x7fELF\x02\x01\x01", Refusal::Kind),
            (b"#!/bin/sh\nrm -rf /\n", Refusal::Kind),
            (b"<!DOCTYPE html><script>alert(1)</script>", Refusal::Kind),
            (b"\xef\xbb\xbf  <svg onload=alert(1)>", Refusal::Kind),
            (b"PK\x03\x04not a zip at all", Refusal::Kind),
            (b"\x00\x01\x02\x03", Refusal::Kind),
        ] {
            assert_eq!(kind_of(bytes), Err(refusal), "{:?}", String::from_utf8_lossy(bytes));
        }
        assert_eq!(kind_of(&archive(&["readme.txt"])), Err(Refusal::Kind));
        for page in ["\u{feff}<html><script>alert(1)</script>", "\u{feff}a\0b"] {
            assert_eq!(kind_of(&utf16(page)), Err(Refusal::Kind), "{page}");
        }
        let behind = b"<html><script>alert(1)</script>\n%PDF-1.4\n%%EOF";
        assert_eq!(kind_of(behind), Err(Refusal::Kind), "a page with a PDF behind it");
        assert_eq!(kind_of(&container("_StringPool")), Err(Refusal::Kind), "an installer");
    }

    #[test]
    fn a_program_is_found_under_any_name() {
        for part in ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml", "word/activeX/activeX1.xml"] {
            let file = archive(&["[Content_Types].xml", "xl/workbook.xml", part]);
            assert_eq!(kind_of(&file), Err(Refusal::Macros), "{part}");
        }
        for said in
            ["application/vnd.ms-office.vbaProject", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"]
        {
            let file = listing(&format!("<Override PartName=\"/xl/a.bin\" ContentType=\"{said}\"/>"));
            assert_eq!(kind_of(&file), Err(Refusal::Macros), "{said}");
        }
        assert_eq!(kind_of(&listing("<Types/>")).map(|kind| kind.ending), Ok("xlsx"));
        assert_eq!(
            kind_of(&[container("Workbook"), utf16("_VBA_PROJECT_CUR")].concat()),
            Err(Refusal::Macros)
        );
        assert_eq!(kind_of(&vec![b'a'; crate::LIMIT + 1]), Err(Refusal::TooLarge));
    }
}
