//! What lies where in a data folder, and the folder while it is being restored.

use crate::Trouble;
use chrono::{DateTime, Utc};
use komainu_access::OrganisationId;
use komainu_archive::{ArchiveError, FILES_KEY, Landing, RECOVERY_KEY, SECRETS};
use komainu_clock::Nature;
use komainu_db::Db;
use komainu_files::{Files, Key};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// The database, where no other is named.
pub(crate) const DATABASE: &str = "komainu.db";
/// The sealed files.
pub(crate) const FILES: &str = "files";
/// There while a restore is not finished; holds a word that its last step writes into the database.
const RESTORING: &str = "restoring";
/// The note in which that word stands.
const RESTORED: &str = "restored";
/// The note that says to which database this one was moved.
const MOVED: &str = "moved";
/// Makes a folder that only the program's user may look into, or leaves the one that is there.
pub(crate) fn make(folder: &Path) -> Result<(), Trouble> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| Trouble::Settings(format!("the data folder {}: {error}", folder.display())))
}

/// Refuses a folder for backups inside the data folder: whatever takes the one would take the other.
pub(crate) fn refuse_inside(data: &Path, backups: &Path) -> Result<(), Trouble> {
    let real = |path: &Path| fs::canonicalize(path).or_else(|_| std::path::absolute(path));
    if real(backups)?.starts_with(real(data)?) {
        return Err(Trouble::Settings(format!(
            "--backup-folder {}: it lies inside the data folder; choose one on another disk",
            backups.display()
        )));
    }
    Ok(())
}

/// Refuses a folder whose restore was cut off; clears the mark where only the mark was left to clear.
pub(crate) fn refuse_half_restored(folder: &Path, db: &Db) -> Result<(), Trouble> {
    let mark = folder.join(RESTORING);
    let Ok(word) = fs::read_to_string(&mark) else { return Ok(()) };
    // A database without tables has no notes.
    let restored = db.read(|tx| tx.note(RESTORED)).unwrap_or_default();
    if restored.is_some_and(|restored| restored == word) {
        return Ok(fs::remove_file(mark)?);
    }
    Err(Trouble::Settings(format!(
        "{}: a restore was cut off here; run `komainu restore` again, it begins anew",
        folder.display()
    )))
}

/// Refuses a database that was moved elsewhere, so that nobody goes on writing into the old one.
pub(crate) fn refuse_moved(db: &Db) -> Result<(), Trouble> {
    match db.read(|tx| tx.note(MOVED))?.filter(|to| !to.is_empty()) {
        Some(to) => Err(Trouble::Settings(format!(
            "this database was moved to {to}: name that one with --database-url, or copy this one with \
             `komainu migrate` into an empty one to go on from here"
        ))),
        None => Ok(()),
    }
}

/// Notes in a database to which one it was moved; empty for the one that is in use.
pub(crate) fn note_moved(tx: &mut komainu_db::Tx<'_>, to: &str) -> Result<(), komainu_db::DbError> {
    tx.set_note(MOVED, to)
}

/// A data folder that is being restored. Until [`Restoring::done`] nobody takes it for an installation.
pub(crate) struct Restoring {
    folder: PathBuf,
    /// The database's file; none for one that lies elsewhere.
    database: Option<PathBuf>,
    word: String,
    nature: Nature,
    files: Option<Files>,
}

impl Restoring {
    /// Takes an empty folder, or one with the remains of a restore that was cut off.
    pub(crate) fn begin(
        folder: &Path,
        database: Option<&Path>,
        nature: &Nature,
    ) -> Result<Restoring, Trouble> {
        make(folder)?;
        let word = nature.id().to_string();
        let (database, nature) = (database.map(Path::to_owned), nature.clone());
        let restoring = Restoring { folder: folder.to_owned(), database, word, nature, files: None };
        if folder.join(RESTORING).exists() {
            restoring.clear()?;
        }
        if let Some(there) = restoring.own().into_iter().find(|path| path.exists()) {
            return Err(Trouble::Settings(format!(
                "{} is there already: restore into an empty data folder (--data) and an empty database",
                there.display()
            )));
        }
        write(&folder.join(RESTORING), restoring.word.as_bytes())?;
        Ok(restoring)
    }

    /// Everything that a restore makes, the mark last.
    fn own(&self) -> Vec<PathBuf> {
        let mut own: Vec<PathBuf> =
            [FILES, FILES_KEY, RECOVERY_KEY].map(|name| self.folder.join(name)).into();
        for ending in ["", "-wal", "-shm"] {
            own.extend(self.database.iter().map(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                path.with_file_name(format!("{name}{ending}"))
            }));
        }
        own.push(self.folder.join(RESTORING));
        own
    }

    /// The last step inside the database's transaction.
    pub(crate) fn settle(
        word: &str,
        now: DateTime<Utc>,
    ) -> impl FnOnce(&mut komainu_db::Tx<'_>, &komainu_archive::Report) -> Result<(), ArchiveError> {
        move |tx, _| {
            komainu_access::Sessions::end_all(tx)?;
            komainu_access::Tokens::end_all(tx, now)?;
            komainu_access::Links::end_all(tx, now)?;
            note_moved(tx, "")?;
            Ok(tx.set_note(RESTORED, word)?)
        }
    }

    /// The word that the database notes at the end.
    pub(crate) fn word(&self) -> String {
        self.word.clone()
    }

    /// The last step of all.
    pub(crate) fn done(self) -> io::Result<()> {
        fs::remove_file(self.folder.join(RESTORING))
    }

    /// Leaves nothing behind.
    pub(crate) fn clear(&self) -> io::Result<()> {
        for path in self.own() {
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            match removed {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    fn files(&mut self) -> Result<&Files, ArchiveError> {
        if self.files.is_none() {
            let key = Key::open(&self.folder.join(FILES_KEY), &self.nature);
            let key = key.map_err(|error| ArchiveError::Damaged(error.to_string()))?;
            let path = self.folder.join(FILES);
            self.files = Some(Files::open(&path, key).map_err(ArchiveError::at(&path))?);
        }
        self.files.as_ref().ok_or(ArchiveError::Foreign)
    }
}

impl Landing for Restoring {
    fn secret(&mut self, name: &str, bytes: &[u8]) -> Result<(), ArchiveError> {
        let known = SECRETS.iter().find(|known| **known == name);
        let name = known.ok_or_else(|| ArchiveError::Damaged(format!("an unknown secret {name}")))?;
        let path = self.folder.join(name);
        write(&path, bytes).map_err(ArchiveError::at(&path))
    }

    fn file(&mut self, organisation: OrganisationId, digest: &str, bytes: &[u8]) -> Result<(), ArchiveError> {
        let nature = self.nature.clone();
        Ok(self.files()?.put_back(organisation, digest, &nature, bytes)?)
    }

    fn prove(&mut self, organisation: OrganisationId, digest: &str) -> Result<(), ArchiveError> {
        Ok(self.files()?.get(organisation, digest).map(drop)?)
    }
}

/// Writes a private file that was not there, so that it is on the disk.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file: File = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
