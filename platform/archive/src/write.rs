//! Writing an archive into a file that is there whole or not at all.

use crate::snapshot::snapshot;
use crate::{ArchiveError, RecoveryKey, Sink, Source, Watch};
use age::Encryptor;
use age::stream::StreamWriter;
use chrono::{DateTime, NaiveDateTime, Utc};
use komainu_clock::in_japan;
use komainu_db::Db;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// How an archive's name ends.
pub const ENDING: &str = ".age";
const BEGINNING: &str = "komainu-";
const MOMENT: &str = "%Y%m%d-%H%M%S";
/// What an archive is called while it is being written.
const HALF: (&str, &str) = (".komainu-", ".part");
/// Cost of a guess, as a power of two; the key itself cannot be guessed, so little will do.
const WORK: u8 = 12;
const LEVEL: i32 = 3;

/// A finished archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Where it is.
    pub path: PathBuf,
    /// Its bytes.
    pub size: u64,
    /// Rows of all tables.
    pub rows: u64,
    /// Evidence files in it.
    pub files: u64,
    /// Evidence files that could not be opened.
    pub unreadable: u64,
}

/// The name of an archive made at this moment: `komainu-20261123-030000.age`, by the wall clock in Japan.
pub fn file_name(at: DateTime<Utc>) -> String {
    format!("{BEGINNING}{}{ENDING}", in_japan(at).format(MOMENT))
}

/// The moment in an archive's name, by the wall clock in Japan; none for a file that is called otherwise.
pub fn made_at(name: &str) -> Option<NaiveDateTime> {
    let moment = name.strip_prefix(BEGINNING)?.strip_suffix(ENDING)?;
    NaiveDateTime::parse_from_str(moment, MOMENT).ok()
}

/// Writes an archive of the database and what belongs to it, while others go on working.
///
/// It is written beside its place and renamed when it is whole and on the disk.
pub fn backup(
    db: &Db,
    source: &Source<'_>,
    key: &RecoveryKey,
    to: &Path,
    watch: Watch<'_>,
) -> Result<Made, ArchiveError> {
    if to.exists() {
        return Err(ArchiveError::NotEmpty(to.display().to_string()));
    }
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let half = tempfile::Builder::new()
        .prefix(HALF.0)
        .suffix(HALF.1)
        .tempfile_in(folder)
        .map_err(ArchiveError::at(folder))?;
    // Held while it is written, so that nobody takes it for a leftover. A folder on a network may know no locks.
    let _ = half.as_file().lock();
    let mut writer = Writer::new(half, key, source.origin.at).map_err(ArchiveError::at(to))?;
    let end = db.read(|tx| snapshot(tx, source, &mut writer, watch)).map_err(|error| match error {
        ArchiveError::Io(_, error) => ArchiveError::Io(to.display().to_string(), error),
        other => other,
    })?;
    let half = writer.finish().map_err(ArchiveError::at(to))?;
    let size = half.as_file().metadata().map_err(ArchiveError::at(to))?.len();
    half.persist(to).map_err(|error| error.error).map_err(ArchiveError::at(to))?;
    // Some disks that are plugged in cannot do this for a folder; then the rename is all there is.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(Made {
        path: to.to_owned(),
        size,
        rows: end.tallies.iter().map(|tally| tally.rows).sum(),
        files: end.files,
        unreadable: end.unreadable.len() as u64,
    })
}

/// Removes what a backup left behind that was killed in the middle; answers how many there were.
pub fn clear_halves(folder: &Path) -> io::Result<usize> {
    let mut cleared = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(HALF.0)
            && name.ends_with(HALF.1)
            && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok())
        {
            fs::remove_file(entry.path())?;
            cleared += 1;
        }
    }
    Ok(cleared)
}

/// Entries on their way into a file: tar in zstd in age.
struct Writer {
    tar: tar::Builder<zstd::Encoder<'static, StreamWriter<BufWriter<NamedTempFile>>>>,
    at: u64,
}

impl Writer {
    fn new(out: NamedTempFile, key: &RecoveryKey, at: DateTime<Utc>) -> io::Result<Writer> {
        let mut recipient = age::scrypt::Recipient::new(key.passphrase());
        recipient.set_work_factor(WORK);
        let encryptor = Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
            .map_err(io::Error::other)?;
        let sealed = encryptor.wrap_output(BufWriter::new(out))?;
        let tar = tar::Builder::new(zstd::Encoder::new(sealed, LEVEL)?);
        let at = u64::try_from(at.timestamp()).unwrap_or_default();
        Ok(Writer { tar, at })
    }

    fn finish(self) -> io::Result<NamedTempFile> {
        let sealed = self.tar.into_inner()?.finish()?;
        let mut file = sealed.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.flush()?;
        file.as_file().sync_all()?;
        Ok(file)
    }
}

impl Sink for Writer {
    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), ArchiveError> {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        header.set_mtime(self.at);
        self.tar.append_data(&mut header, name, bytes).map_err(|error| ArchiveError::Io(String::new(), error))
    }
}
