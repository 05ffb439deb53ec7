//! One moment of an installation as a stream of entries.

use crate::model::{End, FORMAT, VERSION};
use crate::{ArchiveError, Manifest, Origin, Sink, Stage, Tally, Unreadable, Watch, lines};
use komainu_db::{STEPS, Table, Tx};
use komainu_files::{FileError, Files};
use std::path::Path;
use zeroize::Zeroizing;

/// Bytes of rows after which an entry is closed.
const ENTRY: usize = 1_000_000;

/// A key or the like, by the name of its file.
pub struct Secret {
    /// The file's name in the data folder.
    pub name: &'static str,
    /// What is in it.
    pub bytes: Zeroizing<Vec<u8>>,
}

/// The key that seals evidence, in the data folder.
pub const FILES_KEY: &str = "files.key";
/// The recovery key, which opens archives, in the data folder.
pub const RECOVERY_KEY: &str = "backup.key";
/// What opens what is sealed: an archive carries these files along.
pub const SECRETS: [&str; 2] = [FILES_KEY, RECOVERY_KEY];

impl Secret {
    /// The secrets of a data folder.
    pub fn all(folder: &Path) -> Result<Vec<Secret>, ArchiveError> {
        let read = |name: &'static str| {
            let path = folder.join(name);
            let bytes = std::fs::read(&path).map_err(ArchiveError::at(&path))?;
            Ok(Secret { name, bytes: bytes.into() })
        };
        SECRETS.into_iter().map(read).collect()
    }
}

/// What goes into an archive besides the database.
pub struct Source<'a> {
    /// The sealed files; none where only the database is wanted.
    pub files: Option<&'a Files>,
    /// What is needed to open what is sealed.
    pub secrets: &'a [Secret],
    /// Who makes it, and when.
    pub origin: Origin,
}

/// Puts everything that the transaction sees into the sink, and answers the last entry.
pub(crate) fn snapshot(
    tx: &mut Tx<'_>,
    source: &Source<'_>,
    sink: &mut dyn Sink,
    watch: Watch<'_>,
) -> Result<End, ArchiveError> {
    let schema = tx.schema()?;
    let tables: Vec<Table> = tx.tables()?.into_iter().filter(|table| table.name != STEPS).collect();
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        version: VERSION,
        origin: source.origin.clone(),
        schema,
        evidence: source.files.is_some(),
        tables,
    };
    put_json(sink, "manifest.json", &manifest)?;
    for secret in source.secrets {
        sink.put(&format!("secrets/{}", secret.name), &secret.bytes)?;
    }
    let mut end = End { tallies: Vec::new(), files: 0, bytes: 0, unreadable: Vec::new() };
    let count = manifest.tables.len() as u64;
    for (done, table) in (0..).zip(&manifest.tables) {
        let told = || tell(watch, Stage::Rows, done, count);
        end.tallies.push(rows(tx, table, sink, &told)?);
    }
    if let Some(files) = source.files {
        evidence(tx, files, sink, watch, &mut end)?;
    }
    put_json(sink, "end.json", &end)?;
    Ok(end)
}

fn rows(
    tx: &mut Tx<'_>,
    table: &Table,
    sink: &mut dyn Sink,
    told: &dyn Fn() -> Result<(), ArchiveError>,
) -> Result<Tally, ArchiveError> {
    told()?;
    let (mut tally, mut entry, mut number) = (Tally::default(), Vec::new(), 0_u32);
    let mut close = |entry: &mut Vec<u8>| {
        number += 1;
        sink.put(&format!("tables/{}/{number:08}.jsonl", table.name), entry)?;
        entry.clear();
        told()
    };
    tx.table_rows(table, |row| {
        let start = entry.len();
        lines::write(&row, &mut entry)?;
        tally.add(&entry[start..]);
        entry.push(b'\n');
        if entry.len() < ENTRY { Ok(()) } else { close(&mut entry) }
    })?;
    if !entry.is_empty() {
        close(&mut entry)?;
    }
    Ok(tally)
}

/// Puts every listed file in. One that cannot be opened must not keep all others out: it is named in the end.
fn evidence(
    tx: &mut Tx<'_>,
    files: &Files,
    sink: &mut dyn Sink,
    watch: Watch<'_>,
    end: &mut End,
) -> Result<(), ArchiveError> {
    let (count, _) = komainu_files::total(tx)?;
    let count = u64::try_from(count).unwrap_or_default();
    komainu_files::listed(tx, |organisation, digest| {
        tell(watch, Stage::Files, end.files, count)?;
        match files.get(organisation, digest) {
            Ok(bytes) => {
                end.files += 1;
                end.bytes += bytes.len() as u64;
                sink.put(&format!("files/{organisation}/{digest}"), &bytes)
            }
            Err(FileError::Damaged(_) | FileError::Io(_)) => {
                end.unreadable.push(Unreadable { organisation, digest: digest.to_owned() });
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    })?;
    // One may be damaged; all of them are a folder that is not where it should be, and no backup at all.
    if end.files == 0 && !end.unreadable.is_empty() {
        return Err(ArchiveError::NoEvidence);
    }
    Ok(())
}

/// Tells how far the work is.
pub(crate) fn tell(watch: Watch<'_>, stage: Stage, done: u64, of: u64) -> Result<(), ArchiveError> {
    if watch(stage, done, of).is_break() { Err(ArchiveError::Stopped) } else { Ok(()) }
}

fn put_json(sink: &mut dyn Sink, name: &str, value: &impl serde::Serialize) -> Result<(), ArchiveError> {
    let bytes = serde_json::to_vec_pretty(value).map_err(|error| ArchiveError::Damaged(error.to_string()))?;
    sink.put(name, &bytes)
}
