//! Reading an archive. It is sealed by the key as a whole, so a stranger cannot have written it; what is damaged or cut
//! off is noticed at the latest at its end.

use crate::snapshot::tell;
use crate::{ArchiveError, RecoveryKey, Sink, Stage, Watch};
use age::stream::StreamReader;
use age::{DecryptError, Decryptor};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

/// How every age file begins.
const MAGIC: &[u8] = b"age-encryption.org/v1\n";
/// The highest cost of opening that is accepted; ours are far below.
const WORK_LIMIT: u8 = 20;
/// The largest entry that is accepted: more than any evidence and any pack.
const ENTRY_LIMIT: u64 = 1_000_000_000;

/// An archive that the key opens.
pub struct Archive {
    plain: StreamReader<BufReader<Counted>>,
    read: Rc<Cell<u64>>,
    size: u64,
}

impl Archive {
    /// Opens the file's envelope.
    ///
    /// # Errors
    /// [`ArchiveError::Foreign`] for any other file and [`ArchiveError::Key`] for another key, before anything is read.
    pub fn open(path: &Path, key: &RecoveryKey) -> Result<Archive, ArchiveError> {
        let file = File::open(path).map_err(ArchiveError::at(path))?;
        let about = file.metadata().map_err(ArchiveError::at(path))?;
        if !about.is_file() {
            return Err(ArchiveError::Foreign);
        }
        let read = Rc::new(Cell::new(0));
        let mut file = BufReader::new(Counted { file, read: Rc::clone(&read) });
        if !io::BufRead::fill_buf(&mut file).map_err(ArchiveError::at(path))?.starts_with(MAGIC) {
            return Err(ArchiveError::Foreign);
        }
        let damaged = |error: DecryptError| ArchiveError::Damaged(error.to_string());
        let sealed = Decryptor::new_buffered(file).map_err(damaged)?;
        if !sealed.is_scrypt() {
            return Err(ArchiveError::Foreign);
        }
        let mut identity = age::scrypt::Identity::new(key.passphrase());
        identity.set_max_work_factor(WORK_LIMIT);
        let plain =
            sealed.decrypt(std::iter::once(&identity as &dyn age::Identity)).map_err(
                |error| match error {
                    DecryptError::DecryptionFailed
                    | DecryptError::KeyDecryptionFailed
                    | DecryptError::NoMatchingKeys => ArchiveError::Key,
                    other => damaged(other),
                },
            )?;
        Ok(Archive { plain, read, size: about.len() })
    }

    /// Pours every entry into the sink.
    pub(crate) fn pour(self, sink: &mut dyn Sink, watch: Watch<'_>) -> Result<(), ArchiveError> {
        let Archive { plain, read, size } = self;
        let mut tar = tar::Archive::new(zstd::Decoder::new(plain).map_err(damaged)?);
        for entry in tar.entries().map_err(damaged)? {
            let mut entry = entry.map_err(damaged)?;
            if entry.size() > ENTRY_LIMIT {
                return Err(ArchiveError::Damaged("an entry without end".to_owned()));
            }
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).map_err(damaged)?;
            tell(watch, Stage::Reading, read.get(), size)?;
            sink.put(&name, &bytes)?;
        }
        // Only the end of the envelope proves that nothing was cut off.
        io::copy(&mut tar.into_inner(), &mut io::sink()).map_err(damaged)?;
        Ok(())
    }
}

fn damaged(error: io::Error) -> ArchiveError {
    // A number means that the disk or the network failed, not what it holds.
    match error.raw_os_error() {
        Some(_) => ArchiveError::Io("reading the archive".to_owned(), error),
        None => ArchiveError::Damaged(error.to_string()),
    }
}

/// The file, and how much of it was read.
struct Counted {
    file: File,
    read: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.read.set(self.read.get() + count as u64);
        Ok(count)
    }
}
