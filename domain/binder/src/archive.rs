//! The pack as one archive: PDF, workbook, every evidence file, and the hash of each (`sha256sum --check` reads it).

use crate::pack::EvidenceFile;
use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use komainu_calendar::fold;
use komainu_i18n::steers;
use std::collections::BTreeSet;
use std::io::{Cursor, Write as _};
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Evidence that one archive holds at most, in bytes; what goes beyond is named and left out.
pub(crate) const EVIDENCE_LIMIT: usize = 200 * 1000 * 1000;

/// The list of hashes.
const SUMS: &str = "SHA256SUMS.txt";

/// An archive under way.
pub(crate) struct Archive {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    options: SimpleFileOptions,
    sums: String,
}

impl Archive {
    /// An empty archive, whose files bear the time in Japan.
    pub(crate) fn new(made_at: DateTime<Utc>) -> Archive {
        let zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().last_modified_time(dos_time(made_at));
        Archive { zip, options, sums: String::new() }
    }

    /// Puts a file in. Evidence is compressed already as a rule, so it is only stored.
    pub(crate) fn put(&mut self, path: &str, bytes: &[u8], compress: bool) -> ZipResult<()> {
        self.sums.push_str(&format!("{}  {path}\n", komainu_files::digest_of(bytes)));
        self.write(path, bytes, compress)
    }

    fn write(&mut self, path: &str, bytes: &[u8], compress: bool) -> ZipResult<()> {
        let method = if compress { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        self.zip.start_file(path, self.options.compression_method(method))?;
        self.zip.write_all(bytes)?;
        Ok(())
    }

    /// Closes the archive with the list of hashes, which also names what is missing; answers its bytes.
    pub(crate) fn finish(mut self, left_out: &[String]) -> ZipResult<Vec<u8>> {
        let mut sums = std::mem::take(&mut self.sums);
        for path in left_out {
            sums.push_str(&format!("# -  {path}\n"));
        }
        self.write(SUMS, sums.as_bytes(), true)?;
        self.zip.finish().map(Cursor::into_inner)
    }
}

fn dos_time(at: DateTime<Utc>) -> zip::DateTime {
    let at = komainu_clock::in_japan(at);
    let small = |number: u32| u8::try_from(number).ok();
    let parts = (u16::try_from(at.year()).ok(), small(at.month()), small(at.day()), small(at.hour()));
    let (Some(year), Some(month), Some(day), Some(hour)) = parts else { return zip::DateTime::default() };
    let (minute, second) = (small(at.minute()).unwrap_or(0), small(at.second()).unwrap_or(0));
    zip::DateTime::from_date_and_time(year, month, day, hour, minute, second).unwrap_or_default()
}

/// The paths of the evidence inside an archive, each once however much the names are alike.
pub(crate) fn paths(files: &[EvidenceFile]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut free = |path: &String| taken.insert(fold(path));
    files
        .iter()
        .map(|file| {
            let folder = match file.vendor.as_deref() {
                Some(vendor) => format!("evidence/vendors/{}", plain_name(vendor, "vendor")),
                None => "evidence".to_owned(),
            };
            let name = if file.number.is_empty() {
                plain_name(&file.name, "file")
            } else {
                plain_name(&format!("{}_{}", file.number, file.name), "file")
            };
            let (stem, ending) = parted(&name);
            let mut path = format!("{folder}/{name}");
            let mut nth = 1;
            while !free(&path) {
                nth += 1;
                path = format!("{folder}/{stem} ({nth}){ending}");
            }
            path
        })
        .collect()
}

/// The longest name in bytes; file systems take 255, and a number may be added.
const NAME_BYTES: usize = 200;

/// Names that are devices on Windows, whatever their ending.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// A text as the name of one file on every system: no folders, nothing that steers, no device, not too long.
pub(crate) fn plain_name(text: &str, fallback: &str) -> String {
    let plain: String = text
        .chars()
        .filter(|c| !steers(*c))
        .map(|c| if "/\\:*?\"<>|".contains(c) { '_' } else { c })
        .collect();
    let (stem, ending) = parted(plain.trim_matches(['.', ' ', '\u{3000}']));
    let mut stem = stem.to_owned();
    while stem.len() + ending.len() > NAME_BYTES {
        stem.pop();
    }
    let device = stem.to_ascii_lowercase();
    let port = device.strip_prefix("com").or_else(|| device.strip_prefix("lpt")).unwrap_or_default();
    match stem.as_str() {
        "" => format!("{fallback}{ending}"),
        _ if DEVICES.contains(&device.as_str())
            || (port.len() == 1 && port.bytes().all(|b| b.is_ascii_digit())) =>
        {
            format!("_{stem}{ending}")
        }
        _ => format!("{stem}{ending}"),
    }
}

/// A name and its ending with the dot; what is long behind a dot is no ending.
fn parted(name: &str) -> (&str, &str) {
    let dot = name.rfind('.').filter(|dot| name.len() - dot <= 16);
    name.split_at(dot.unwrap_or(name.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_file_on_every_system() {
        for (given, name) in [
            ("1-①_規程.pdf", "1-①_規程.pdf"),
            ("../../x", "_.._x"),
            ("..\\..\\x.pdf", "_.._x.pdf"),
            ("/etc/passwd", "_etc_passwd"),
            ("C:\\a?.pdf", "C__a_.pdf"),
            ("...", "file"),
            (" . ", "file"),
            ("", "file"),
            ("a\u{202e}fdp.exe\n", "afdp.exe"),
            ("con.txt", "_con.txt"),
            ("LPT1", "_LPT1"),
            ("컴 com.txt", "컴 com.txt"),
            (".bashrc", "bashrc"),
        ] {
            assert_eq!(plain_name(given, "file"), name, "{given:?}");
        }
        let long = plain_name(&format!("{}.docx", "証".repeat(300)), "file");
        assert!(long.len() <= NAME_BYTES && long.ends_with("証.docx"), "{long}");
        let endless = plain_name(&format!("a.{}", "b".repeat(300)), "file");
        assert_eq!(endless.len(), NAME_BYTES);
    }

    #[test]
    fn no_path_comes_twice() {
        let file = |vendor: Option<&str>, name: &str| EvidenceFile {
            vendor: vendor.map(str::to_owned),
            number: "1-①".to_owned(),
            name: name.to_owned(),
            digest: String::new(),
        };
        let files = [
            file(None, "a.pdf"),
            file(None, "A.PDF"),
            file(None, "a (2).pdf"),
            file(None, "か\u{3099}.txt"),
            file(None, "が.txt"),
            file(Some("../A社"), "a.pdf"),
            file(Some(".."), "a.pdf"),
        ];
        assert_eq!(
            paths(&files),
            [
                "evidence/1-①_a.pdf",
                "evidence/1-①_A (2).PDF",
                "evidence/1-①_a (2) (2).pdf",
                "evidence/1-①_か\u{3099}.txt",
                "evidence/1-①_が (2).txt",
                "evidence/vendors/_A社/1-①_a.pdf",
                "evidence/vendors/vendor/1-①_a.pdf",
            ]
        );
    }
}
