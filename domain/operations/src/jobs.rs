//! Making and proving backups in the background.

use crate::model::{Amount, BACKUP, Backup, BackupId, Cause, Finding, PROOF, Proof, Trouble};
use crate::rules::{Keep, next_at, proof_is_due, thinned};
use crate::store;
use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use komainu_archive::{
    Archive, ArchiveError, Made, Origin, RECOVERY_KEY, RecoveryKey, Report, Secret, Source, Stage, backup,
    clear_halves, file_name, made_at, prove,
};
use komainu_clock::in_japan;
use komainu_db::DbError;
use komainu_jobs::routine::{self, Routine, Turn};
use komainu_web::{App, BackupSettings};
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// A failed backup is tried again after this long: perhaps the disk is plugged in by then.
const AGAIN: Duration = Duration::hours(1);
/// What is written about attempts is kept this long.
const MEMORY: Duration = Duration::days(400);

/// Makes the daily backup and thins out older ones.
pub struct BackupRoutine {
    app: App,
    settings: BackupSettings,
}

/// Proves the newest backup.
pub struct ProofRoutine {
    app: App,
    settings: BackupSettings,
}

impl BackupRoutine {
    /// With the program's parts, and where and when.
    pub fn new(app: App, settings: BackupSettings) -> BackupRoutine {
        BackupRoutine { app, settings }
    }

    fn make(&self, origin: &Origin, to: &Path, turn: &Turn<'_>) -> Result<Made, ArchiveError> {
        let folder = &self.settings.folder;
        clear_halves(folder).map_err(ArchiveError::at(folder))?;
        let key = recovery_key(&self.app)?;
        let secrets = Secret::all(&self.app.settings.data)?;
        let source = Source { files: Some(&self.app.files), secrets: &secrets, origin: origin.clone() };
        backup(&self.app.db, &source, &key, to, &|stage, done, of| step(turn, stage, done, of))
    }

    /// Removes what is not kept any more. A disk that keeps everything for ever may refuse; that is its right.
    fn thin_out(&self, proved: Option<&Proof>) -> Result<(), ArchiveError> {
        let folder = &self.settings.folder;
        let keep =
            Keep { daily: self.settings.daily, weekly: self.settings.weekly, monthly: self.settings.monthly };
        let made = archives(folder)?;
        let moments: Vec<NaiveDateTime> = made.iter().map(|(moment, _)| *moment).collect();
        let gone = thinned(&moments, proved.and_then(|proof| made_at(&proof.file)), keep);
        for (_, path) in made.iter().filter(|(moment, _)| gone.contains(moment)) {
            if let Err(error) = fs::remove_file(path) {
                tracing::warn!(file = %path.display(), %error, "an old backup could not be removed");
            }
        }
        Ok(())
    }

    fn note(&self, backup: &Backup) -> Result<Option<Proof>, DbError> {
        self.app.db.write(|tx| {
            store::insert(tx, backup)?;
            store::forget(tx, backup.ended_at - MEMORY)?;
            let (last, good) = store::proofs(tx)?;
            if backup.outcome.is_ok() && proof_is_due(last.as_ref(), backup.ended_at) {
                routine::ask(tx, PROOF, "", backup.ended_at)?;
            }
            Ok(good)
        })
    }
}

impl Routine for BackupRoutine {
    fn name(&self) -> &'static str {
        BACKUP
    }

    fn next(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        next_at(in_japan(after), self.settings.hour)
    }

    fn run(&self, turn: &Turn<'_>) -> Result<(), Duration> {
        let nature = &self.app.nature;
        let program = self.app.settings.version.clone();
        let origin = Origin { id: nature.id(), at: nature.now(), program };
        let to = self.settings.folder.join(file_name(origin.at));
        let made = self.make(&origin, &to, turn);
        if matches!(made, Err(ArchiveError::Stopped)) {
            return Err(Duration::zero());
        }
        let outcome =
            made.as_ref().map(Amount::from).map_err(|error| (Trouble::from(error), error.to_string()));
        let backup = Backup {
            id: BackupId(origin.id),
            cause: if turn.asked_by.is_empty() { Cause::Daily } else { Cause::Asked },
            by_name: turn.asked_by.clone(),
            begun_at: origin.at,
            ended_at: nature.now(),
            file: to.display().to_string(),
            outcome,
        };
        let noted = self.note(&backup);
        match &backup.outcome {
            Err((_, detail)) => {
                tracing::error!(detail, "the backup failed");
                return Err(AGAIN);
            }
            Ok(amount) if amount.unreadable > 0 => {
                // Older ones may hold what this one lacks.
                tracing::error!(
                    file = backup.file,
                    "a backup was made, but some evidence could not be opened"
                );
                return Ok(());
            }
            Ok(_) => {}
        }
        match noted.map_err(ArchiveError::from).and_then(|proved| self.thin_out(proved.as_ref())) {
            Ok(()) => tracing::info!(file = backup.file, "a backup was made"),
            Err(error) => {
                tracing::error!(%error, "the backup was made, but older ones could not be thinned out");
            }
        }
        Ok(())
    }
}

impl ProofRoutine {
    /// With the program's parts, and where backups are.
    pub fn new(app: App, settings: BackupSettings) -> ProofRoutine {
        ProofRoutine { app, settings }
    }

    fn prove(&self, newest: &Path, turn: &Turn<'_>) -> Result<Report, ArchiveError> {
        let archive = Archive::open(newest, &recovery_key(&self.app)?)?;
        let (place, nature) = (&self.app.settings.data, &self.app.nature);
        prove(archive, place, nature, &|stage, done, of| step(turn, stage, done, of))
    }
}

impl Routine for ProofRoutine {
    fn name(&self) -> &'static str {
        PROOF
    }

    fn next(&self, _: DateTime<Utc>) -> Option<DateTime<Utc>> {
        None
    }

    fn run(&self, turn: &Turn<'_>) -> Result<(), Duration> {
        let found = archives(&self.settings.folder).and_then(|made| {
            let newest = made.into_iter().max().map(|(_, path)| path);
            newest.ok_or_else(|| ArchiveError::at(&self.settings.folder)(std::io::ErrorKind::NotFound.into()))
        });
        let file =
            found.as_ref().map(|path| path.file_name().unwrap_or_default().to_string_lossy().into_owned());
        let file = file.unwrap_or_default();
        let finding = match found.and_then(|newest| self.prove(&newest, turn)) {
            Err(ArchiveError::Stopped) => return Err(Duration::zero()),
            Ok(report) if report.is_sound() => {
                Finding::Sound { rows: report.rows(), files: report.files, entries: report.entries }
            }
            Ok(report) => Finding::Amiss { unreadable: report.unreadable.len(), broken: report.broken.len() },
            Err(error) => {
                tracing::error!(file, %error, "the backup could not be proved");
                Finding::Failed { trouble: Trouble::from(&error), detail: error.to_string() }
            }
        };
        let proof = Proof { at: self.app.nature.now(), file, finding };
        if let Err(error) = self.app.db.write(|tx| store::proof_set(tx, &proof)) {
            tracing::error!(%error, "the proof could not be noted");
            return Err(AGAIN);
        }
        Ok(())
    }
}

fn recovery_key(app: &App) -> Result<RecoveryKey, ArchiveError> {
    let path = app.settings.data.join(RECOVERY_KEY);
    RecoveryKey::open(&path, &app.nature)
        .map_err(|error| ArchiveError::at(&path)(std::io::Error::other(error.to_string())))
}

/// The archives of a folder with the moments in their names.
fn archives(folder: &Path) -> Result<Vec<(NaiveDateTime, PathBuf)>, ArchiveError> {
    let entries = fs::read_dir(folder).map_err(ArchiveError::at(folder))?;
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(ArchiveError::at(folder))?;
        if let Some(moment) = made_at(&entry.file_name().to_string_lossy()) {
            found.push((moment, entry.path()));
        }
    }
    Ok(found)
}

fn step(turn: &Turn<'_>, stage: Stage, done: u64, of: u64) -> ControlFlow<()> {
    let word = match stage {
        Stage::Rows => "rows",
        Stage::Files => "files",
        Stage::Reading => "reading",
        Stage::Comparing => "comparing",
    };
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    turn.step(word, number(done), number(of))
}
