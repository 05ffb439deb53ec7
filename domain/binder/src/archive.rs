//! The pack as one archive: PDF, workbook and every evidence file.

use std::io::{Cursor, Write as _};
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Evidence that one archive holds at most, in bytes; what goes beyond is named and left out.
pub(crate) const EVIDENCE_LIMIT: usize = 200 * 1000 * 1000;

/// An archive under way.
pub(crate) struct Archive(ZipWriter<Cursor<Vec<u8>>>);

impl Archive {
    /// An empty archive.
    pub(crate) fn new() -> Archive {
        Archive(ZipWriter::new(Cursor::new(Vec::new())))
    }

    /// Puts a file in. Evidence is compressed already as a rule, so it is only stored.
    pub(crate) fn put(&mut self, name: &str, bytes: &[u8], compress: bool) -> ZipResult<()> {
        let method = if compress { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        self.0.start_file(name, SimpleFileOptions::default().compression_method(method))?;
        self.0.write_all(bytes)?;
        Ok(())
    }

    /// The archive's bytes.
    pub(crate) fn finish(self) -> ZipResult<Vec<u8>> {
        self.0.finish().map(Cursor::into_inner)
    }
}
