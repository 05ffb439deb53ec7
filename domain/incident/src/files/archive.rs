//! The whole case in one archive for those who look into it: what was written, timeline, STIX, reports, evidence as it came in,
//! and the hash of each file (`sha256sum --check` reads the list).

use super::{Desk, bundle, fill, named, plain, timeline_csv};
use crate::api;
use crate::model::{Case, ExhibitId, Report};
use komainu_files::digest_of;
use std::io::{Cursor, Write as _};
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Evidence that one archive holds at most, in bytes; what goes beyond is named and left out.
pub(crate) const EVIDENCE_LIMIT: usize = 200 * 1000 * 1000;

/// An archive and its hash.
pub(crate) struct Export {
    /// The file.
    pub(crate) bytes: Vec<u8>,
    /// Its SHA-256.
    pub(crate) sha256: String,
}

struct Writing {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    sums: String,
}

impl Writing {
    fn put(&mut self, path: &str, bytes: &[u8], compress: bool) -> ZipResult<()> {
        let method = if compress { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        self.sums.push_str(&format!("{}  {path}\n", digest_of(bytes)));
        self.zip.start_file(path, SimpleFileOptions::default().compression_method(method))?;
        Ok(self.zip.write_all(bytes)?)
    }
}

/// Makes the archive; `evidence` are the files that were read, by the piece that each belongs to.
pub(crate) fn archive(
    desk: &Desk<'_>,
    case: &Case,
    evidence: &[(ExhibitId, Vec<u8>)],
) -> Result<Export, String> {
    let told = |error: &dyn std::fmt::Display| error.to_string();
    let whole = api::CaseShown::new(desk.catalog, desk.lang, case.clone());
    let whole = serde_json::to_vec_pretty(&whole).map_err(|error| told(&error))?;
    let duties = api::DutiesShown::new(desk.catalog, desk.lang, case);
    let duties = serde_json::to_vec_pretty(&duties).map_err(|error| told(&error))?;
    let stix = serde_json::to_vec_pretty(&bundle(desk, case)).map_err(|error| told(&error))?;
    let mut writing = Writing { zip: ZipWriter::new(Cursor::new(Vec::new())), sums: String::new() };
    written(&mut writing, desk, case, (&whole, &duties, &stix), evidence).map_err(|error| told(&error))?;
    let bytes = writing.zip.finish().map_err(|error| told(&error))?.into_inner();
    Ok(Export { sha256: digest_of(&bytes), bytes })
}

fn written(
    writing: &mut Writing,
    desk: &Desk<'_>,
    case: &Case,
    (whole, duties, stix): (&[u8], &[u8], &[u8]),
    evidence: &[(ExhibitId, Vec<u8>)],
) -> ZipResult<()> {
    writing.put("incident.json", whole, true)?;
    writing.put("duties.json", duties, true)?;
    writing.put("timeline.csv", &timeline_csv(desk, case), true)?;
    writing.put("stix.json", stix, true)?;
    for report in Report::ALL {
        let text = plain(&fill(desk, case, *report));
        writing.put(&format!("reports/{}.txt", report.code()), text.as_bytes(), true)?;
    }
    let mut left_out = String::new();
    for (number, exhibit) in case.evidence.iter().enumerate() {
        let path = format!("evidence/{:03}_{}", number + 1, exhibit.name);
        match evidence.iter().find(|(id, _)| *id == exhibit.id) {
            Some((_, bytes)) => writing.put(&path, bytes, false)?,
            None if exhibit.file.is_empty() => {}
            None => left_out.push_str(&format!("{}  {path}\n", exhibit.file)),
        }
    }
    // A file of its own: a line that is no sum would make `sha256sum --check` complain.
    if !left_out.is_empty() {
        writing.put("LEFT-OUT.txt", left_out.as_bytes(), true)?;
    }
    let sums = writing.sums.clone();
    writing.zip.start_file("SHA256SUMS.txt", SimpleFileOptions::default())?;
    Ok(writing.zip.write_all(sums.as_bytes())?)
}

/// What the archive is called.
pub(crate) fn file_name(desk: &Desk<'_>, case: &Case) -> String {
    let title = format!("{} {}", named(desk.lang, &case.incident), case.incident.detail.title);
    format!("{}.zip", komainu_files::clean_name(&title.replace(['/', '\\'], "_")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::{House, testing::case};
    use komainu_catalog::Catalog;
    use komainu_i18n::Lang;
    use std::collections::BTreeMap;
    use std::io::Read as _;

    /// Packs the case with the files of those pieces, and reads every file of the archive.
    fn packed(case: &Case, evidence: &[(ExhibitId, Vec<u8>)]) -> BTreeMap<String, Vec<u8>> {
        let (catalog, house) = (Catalog::embedded().unwrap(), House::default());
        let desk = Desk { lang: Lang::Ja, catalog: &catalog, house: &house, at: case.incident.declared_at };
        let export = archive(&desk, case, evidence).unwrap();
        assert_eq!(export.sha256, digest_of(&export.bytes));
        assert!(file_name(&desk, case).starts_with("訓練_2024-01"), "an exercise says so in its name");
        let mut zip = zip::ZipArchive::new(Cursor::new(export.bytes)).unwrap();
        (0..zip.len())
            .map(|index| {
                let mut file = zip.by_index(index).unwrap();
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).unwrap();
                (file.name().unwrap().into_owned(), bytes)
            })
            .collect()
    }

    #[test]
    fn every_file_is_in_the_list_of_sums_and_every_line_of_it_is_a_sum() {
        let case = case();
        let all: Vec<(ExhibitId, Vec<u8>)> =
            case.evidence.iter().map(|exhibit| (exhibit.id, b"MZ".to_vec())).collect();
        for (evidence, left_out) in [(&all[..], 0), (&all[..1], 1)] {
            let files = packed(&case, evidence);
            let sums = String::from_utf8(files["SHA256SUMS.txt"].clone()).unwrap();
            let listed: BTreeMap<&str, &str> = sums
                .lines()
                .map(|line| {
                    let (sum, path) = line.split_once("  ").unwrap();
                    (path, sum)
                })
                .collect();
            assert_eq!(listed.len() + 1, files.len(), "all but the list itself: {sums}");
            for (path, sum) in listed {
                assert_eq!(digest_of(&files[path]), sum, "{path}");
                assert!(!path.contains("..") && !path.starts_with('/') && !path.contains('\\'), "{path}");
            }
            let named =
                files.get("LEFT-OUT.txt").map_or(0, |text| String::from_utf8_lossy(text).lines().count());
            assert_eq!(named, left_out, "what was too large is named");
        }
    }
}
