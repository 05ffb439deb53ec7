//! What a file is, told from its bytes and never from its name.

use std::io::Cursor;
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
const TEXT: Kind = kind("text/plain; charset=utf-8", "txt", false);

/// Entries of an archive that are looked at; an Office file has far fewer.
const ENTRIES: usize = 10_000;

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
        return Ok(OLD_OFFICE);
    }
    match infer::get(bytes) {
        Some(found) => {
            KINDS.into_iter().find(|kind| kind.media_type == found.mime_type()).ok_or(Refusal::Kind)
        }
        None => text(bytes),
    }
}

fn office(bytes: &[u8]) -> Result<Kind, Refusal> {
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Kind)?;
    if archive.len() > ENTRIES {
        return Err(Refusal::Kind);
    }
    let names: Result<Vec<_>, _> = archive.file_names().collect();
    let names = names.map_err(|_| Refusal::Kind)?;
    if !names.iter().any(|name| name == "[Content_Types].xml") {
        return Err(Refusal::Kind);
    }
    if names.iter().any(|name| name.to_ascii_lowercase().ends_with("vbaproject.bin")) {
        return Err(Refusal::Macros);
    }
    OFFICE
        .into_iter()
        .find(|(folder, _)| names.iter().any(|name| name.starts_with(folder)))
        .map(|(_, kind)| kind)
        .ok_or(Refusal::Kind)
}

/// Plain text in UTF-8, or in what old Japanese programs write; nothing that a browser would run.
fn text(bytes: &[u8]) -> Result<Kind, Refusal> {
    let control = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B);
    if bytes.iter().any(|byte| control(*byte)) {
        return Err(Refusal::Kind);
    }
    let start: String = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let start = start.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with("#!")
        || ["<!doctype", "<html", "<script", "<svg", "<?xml", "<body"].iter().any(|tag| start.contains(tag))
    {
        return Err(Refusal::Kind);
    }
    Ok(TEXT)
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
        let macros = archive(&["[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"]);
        assert_eq!(kind_of(&macros), Err(Refusal::Macros));
        assert_eq!(kind_of(&vec![b'a'; crate::LIMIT + 1]), Err(Refusal::TooLarge));
    }
}
