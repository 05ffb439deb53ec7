//! The whole case in one archive for those who look into it: what was written, timeline, STIX, reports, evidence as it came in,
//! and the hash of each file (`sha256sum --check` reads the list).

use super::{Desk, bundle, fill, plain, timeline_csv};
use crate::model::{Case, ExhibitId, Report};
use crate::{api, words};
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
    let stix = serde_json::to_vec_pretty(&bundle(desk, case)).map_err(|error| told(&error))?;
    let mut writing = Writing { zip: ZipWriter::new(Cursor::new(Vec::new())), sums: String::new() };
    written(&mut writing, desk, case, (&whole, &stix), evidence).map_err(|error| told(&error))?;
    let bytes = writing.zip.finish().map_err(|error| told(&error))?.into_inner();
    Ok(Export { sha256: digest_of(&bytes), bytes })
}

fn written(
    writing: &mut Writing,
    desk: &Desk<'_>,
    case: &Case,
    (whole, stix): (&[u8], &[u8]),
    evidence: &[(ExhibitId, Vec<u8>)],
) -> ZipResult<()> {
    writing.put("incident.json", whole, true)?;
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
            None => left_out.push_str(&format!("# {}  {path}\n", exhibit.file)),
        }
    }
    let sums = format!("{}{left_out}", writing.sums);
    writing.zip.start_file("SHA256SUMS.txt", SimpleFileOptions::default())?;
    Ok(writing.zip.write_all(sums.as_bytes())?)
}

/// What the archive is called.
pub(crate) fn file_name(desk: &Desk<'_>, case: &Case) -> String {
    let title = words::title_text(desk.lang, &case.incident);
    format!("{}.zip", komainu_files::clean_name(&title.replace(['/', '\\'], "_")))
}
