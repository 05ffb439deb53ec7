//! Entries into an empty database, and the proof that all of them arrived.

use crate::model::{End, FORMAT, VERSION};
use crate::snapshot::{snapshot, tell};
use crate::{Archive, ArchiveError, BrokenChain, Manifest, Report, Sink, Source, Stage, Tally, Watch, lines};
use komainu_access::OrganisationId;
use komainu_audit::{Broken, Verdict};
use komainu_clock::Nature;
use komainu_db::{Db, References, STEPS, Table, Tx, Url};
use sha2::{Digest as _, Sha256};
use std::collections::HashSet;
use std::fs::{self, File};
use std::io;
use std::path::Path;

/// How the place of a proof is called, and the file in it that is held meanwhile.
const PROOF: &str = "proof-";
const LOCK: &str = "lock";

/// Where secrets and evidence go.
pub trait Landing {
    /// Keeps a secret under its file's name. Secrets come before anything that they open.
    fn secret(&mut self, name: &str, bytes: &[u8]) -> Result<(), ArchiveError>;

    /// Keeps a file whose digest was found right.
    fn file(&mut self, organisation: OrganisationId, digest: &str, bytes: &[u8]) -> Result<(), ArchiveError>;

    /// Opens a file that was kept and holds it against its digest.
    fn prove(&mut self, organisation: OrganisationId, digest: &str) -> Result<(), ArchiveError>;
}

/// A landing that keeps nothing: for a proof, and for moving a database alone.
pub struct Nowhere;

impl Landing for Nowhere {
    fn secret(&mut self, _: &str, _: &[u8]) -> Result<(), ArchiveError> {
        Ok(())
    }

    fn file(&mut self, _: OrganisationId, _: &str, _: &[u8]) -> Result<(), ArchiveError> {
        Ok(())
    }

    fn prove(&mut self, _: OrganisationId, _: &str) -> Result<(), ArchiveError> {
        Ok(())
    }
}

/// Restores an archive into an empty database, proves it, and runs `settle` before the whole is committed. The schema is
/// the archive's; bringing it up to date is the next start's business.
pub fn restore(
    archive: Archive,
    db: &Db,
    landing: &mut dyn Landing,
    nature: &Nature,
    watch: Watch<'_>,
    settle: impl FnOnce(&mut Tx<'_>, &Report) -> Result<(), ArchiveError>,
) -> Result<Report, ArchiveError> {
    db.write(|tx| {
        let mut loader = Loader::new(tx, landing, nature)?;
        archive.pour(&mut loader, watch)?;
        let report = loader.finish(watch)?;
        settle(tx, &report)?;
        Ok(report)
    })
}

/// Proves an archive by restoring it into a temporary database inside `folder`, which is gone afterwards.
pub fn prove(
    archive: Archive,
    folder: &Path,
    nature: &Nature,
    watch: Watch<'_>,
) -> Result<Report, ArchiveError> {
    clear_proofs(folder).map_err(ArchiveError::at(folder))?;
    let place =
        tempfile::Builder::new().prefix(PROOF).tempdir_in(folder).map_err(ArchiveError::at(folder))?;
    // Held while the proof goes on, so that nobody takes its place for a leftover.
    let lock = place.path().join(LOCK);
    let lock =
        File::create(&lock).and_then(|file| file.lock().map(|()| file)).map_err(ArchiveError::at(&lock))?;
    let db = Db::open(&Url::Sqlite(place.path().join("proof.db")))?;
    let report = restore(archive, &db, &mut Nowhere, nature, watch, |_, _| Ok(()));
    drop((db, lock));
    report
}

/// Removes what a proof left behind that was killed in the middle: everything is readable there.
fn clear_proofs(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let busy = File::open(entry.path().join(LOCK)).is_ok_and(|file| file.try_lock().is_err());
        if entry.file_name().to_string_lossy().starts_with(PROOF) && entry.file_type()?.is_dir() && !busy {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Copies a database into an empty one of either kind, proves it, and runs `settle` before the whole is committed.
pub fn copy_over(
    (from, to): (&Db, &Db),
    source: &Source<'_>,
    nature: &Nature,
    watch: Watch<'_>,
    settle: impl FnOnce(&mut Tx<'_>) -> Result<(), ArchiveError>,
) -> Result<Report, ArchiveError> {
    let mut nowhere = Nowhere;
    to.write(|tx| {
        let mut loader = Loader::new(tx, &mut nowhere, nature)?;
        from.read(|tx| snapshot(tx, source, &mut loader, watch))?;
        let report = loader.finish(watch)?;
        settle(tx)?;
        Ok(report)
    })
}

/// Takes entries into the transaction of an empty database.
struct Loader<'a, 't> {
    tx: &'a mut Tx<'t>,
    landing: &'a mut dyn Landing,
    nature: &'a Nature,
    manifest: Option<Manifest>,
    references: Option<References>,
    files: u64,
    end: Option<End>,
}

impl<'a, 't> Loader<'a, 't> {
    fn new(
        tx: &'a mut Tx<'t>,
        landing: &'a mut dyn Landing,
        nature: &'a Nature,
    ) -> Result<Loader<'a, 't>, ArchiveError> {
        if !tx.tables()?.is_empty() {
            return Err(ArchiveError::NotEmpty("the database".to_owned()));
        }
        let (manifest, references, end) = (None, None, None);
        Ok(Loader { tx, landing, nature, manifest, references, files: 0, end })
    }

    fn begin(&mut self, bytes: &[u8]) -> Result<(), ArchiveError> {
        let about: serde_json::Value = serde_json::from_slice(bytes).map_err(|_| ArchiveError::Foreign)?;
        if about["format"] != FORMAT {
            return Err(ArchiveError::Foreign);
        }
        if about["version"].as_u64().is_none_or(|version| version > u64::from(VERSION)) {
            return Err(ArchiveError::Newer(about["program"].as_str().unwrap_or("?").to_owned()));
        }
        let manifest: Manifest =
            serde_json::from_value(about).map_err(|error| ArchiveError::Damaged(error.to_string()))?;
        self.tx.schema_make(&manifest.schema, self.nature.now()).map_err(|error| match error.into() {
            ArchiveError::Newer(_) => ArchiveError::Newer(manifest.origin.program.clone()),
            other => other,
        })?;
        let ours: Vec<Table> = self.tx.tables()?.into_iter().filter(|table| table.name != STEPS).collect();
        if ours != manifest.tables {
            return Err(ArchiveError::Damaged("its tables are not those of its schema".to_owned()));
        }
        self.references = Some(self.tx.references_aside()?);
        self.manifest = Some(manifest);
        Ok(())
    }

    fn rows(&mut self, table: &str, bytes: &[u8]) -> Result<(), ArchiveError> {
        let manifest = self.manifest.as_ref().ok_or(ArchiveError::Foreign)?;
        let table = manifest
            .tables
            .iter()
            .find(|known| known.name == table)
            .ok_or_else(|| ArchiveError::Damaged(format!("rows of no table: {table}")))?;
        Ok(self.tx.table_fill(table, &lines::read(table, bytes)?)?)
    }

    fn file(&mut self, organisation: &str, digest: &str, bytes: &[u8]) -> Result<(), ArchiveError> {
        let wrong = || ArchiveError::Damaged(format!("the evidence {digest}"));
        let organisation: OrganisationId = organisation.parse().map_err(|_| wrong())?;
        if hex(&Sha256::digest(bytes)) != digest {
            return Err(wrong());
        }
        self.files += 1;
        self.landing.file(organisation, digest, bytes)
    }

    /// Reads everything back and compares.
    fn finish(self, watch: Watch<'_>) -> Result<Report, ArchiveError> {
        let cut_off = || ArchiveError::Damaged("its end is missing".to_owned());
        let (manifest, end) = (self.manifest.ok_or(ArchiveError::Foreign)?, self.end.ok_or_else(cut_off)?);
        if let Some(references) = self.references {
            self.tx.references_back(references)?;
        }
        let tables = compare_rows(self.tx, &manifest, &end, watch)?;
        if manifest.evidence {
            compare_files(self.tx, self.landing, &end, self.files)?;
        }
        let (logs, entries, broken) = prove_logs(self.tx)?;
        Ok(Report {
            origin: manifest.origin,
            schema: manifest.schema.last().map_or(0, |step| step.number),
            tables,
            files: end.files,
            bytes: end.bytes,
            unreadable: end.unreadable,
            logs,
            entries,
            broken,
        })
    }
}

impl Sink for Loader<'_, '_> {
    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), ArchiveError> {
        let parts: Vec<&str> = name.split('/').collect();
        match parts[..] {
            ["manifest.json"] if self.manifest.is_none() => self.begin(bytes),
            _ if self.manifest.is_none() || self.end.is_some() => Err(ArchiveError::Foreign),
            ["secrets", name] => self.landing.secret(name, bytes),
            ["tables", table, _] => self.rows(table, bytes),
            ["files", organisation, digest] => self.file(organisation, digest, bytes),
            ["end.json"] => {
                let end = serde_json::from_slice(bytes);
                self.end = Some(end.map_err(|error| ArchiveError::Damaged(error.to_string()))?);
                Ok(())
            }
            _ => Err(ArchiveError::Damaged(format!("an entry {name}"))),
        }
    }
}

fn compare_rows(
    tx: &mut Tx<'_>,
    manifest: &Manifest,
    end: &End,
    watch: Watch<'_>,
) -> Result<Vec<(String, u64)>, ArchiveError> {
    let mut found = Vec::new();
    let count = manifest.tables.len() as u64;
    for (done, table) in (0..).zip(&manifest.tables) {
        let (mut tally, mut line) = (Tally::default(), Vec::new());
        tx.table_rows(table, |row| {
            if tally.rows % 1_000 == 0 {
                tell(watch, Stage::Comparing, done, count)?;
            }
            line.clear();
            lines::write(&row, &mut line)?;
            tally.add(&line);
            Ok::<_, ArchiveError>(())
        })?;
        let wanted = end.tallies.get(found.len()).copied().unwrap_or_default();
        if tally != wanted {
            let (name, rows, wanted) = (&table.name, tally.rows, wanted.rows);
            return Err(ArchiveError::Differs(format!(
                "table {name} has {rows} rows instead of {wanted}, or others"
            )));
        }
        found.push((table.name.clone(), tally.rows));
    }
    Ok(found)
}

/// Every listed file was in the archive, or is named as unreadable, and opens where it is now.
fn compare_files(
    tx: &mut Tx<'_>,
    landing: &mut dyn Landing,
    end: &End,
    poured: u64,
) -> Result<(), ArchiveError> {
    let mut proved = 0;
    let unreadable: HashSet<(OrganisationId, &str)> =
        end.unreadable.iter().map(|file| (file.organisation, file.digest.as_str())).collect();
    komainu_files::listed(tx, |organisation, digest| {
        if unreadable.contains(&(organisation, digest)) {
            return Ok(());
        }
        proved += 1;
        landing.prove(organisation, digest)
    })?;
    if (poured, proved) == (end.files, end.files) {
        return Ok(());
    }
    Err(ArchiveError::Differs(format!(
        "{poured} evidence files came and {proved} are listed, instead of {}",
        end.files
    )))
}

fn prove_logs(tx: &mut Tx<'_>) -> Result<(usize, i64, Vec<BrokenChain>), ArchiveError> {
    let (mut logs, mut entries, mut broken) = (0, 0, Vec::new());
    komainu_audit::verify_all(tx, |Verdict { organisation, sound, broken: fault, .. }| {
        logs += 1;
        entries += sound;
        if let Some(Broken::Changed(entry) | Broken::Missing(entry) | Broken::Beyond(entry)) = fault {
            broken.push(BrokenChain { organisation, entry });
        }
    })?;
    Ok((logs, entries, broken))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
