//! What an administrator of the installation sees and asks for.

use crate::model::{BACKUP, Backup, PROOF, Proof};
use crate::rules::Situation;
use crate::store;
use chrono::{DateTime, Utc};
use komainu_access::{Permission, Scope, Session};
use komainu_audit::Change;
use komainu_clock::Nature;
use komainu_db::{DbError, Tx};
use komainu_jobs::routine::{self, Standing};
use komainu_web::{App, Failure, Settings};
use std::path::Path;

/// Attempts shown on the page.
const SHOWN: i64 = 10;

/// Everything that the page shows.
#[derive(Clone, Debug)]
pub struct Overview {
    /// What the warnings are made of.
    pub situation: Situation,
    /// The last attempts, newest first.
    pub backups: Vec<Backup>,
    /// The newest backup that was made.
    pub newest: Option<Backup>,
    /// The last proof that could restore.
    pub proved: Option<Proof>,
    /// The routine that makes backups.
    pub backing_up: Option<Standing>,
    /// The routine that proves them.
    pub proving: Option<Standing>,
    /// When somebody confirmed that the key is on paper.
    pub key_on_paper: Option<DateTime<Utc>>,
    /// Name and version of the database program.
    pub server: String,
    /// The last step of the schema.
    pub schema: i64,
    /// Bytes of the database.
    pub database_size: u64,
    /// Evidence files, and their bytes.
    pub files: (u64, u64),
}

/// The disks, looked at outside any transaction: a folder on a network that is gone may take its time.
#[derive(Clone, Copy, Debug)]
pub struct Disks {
    folder_is_there: bool,
    same_disk: bool,
    free_for_data: Option<u64>,
    free_for_backups: Option<u64>,
}

impl Disks {
    /// Looks at them.
    pub fn look(settings: &Settings) -> Disks {
        let folder = settings.backup.as_ref().map(|backup| backup.folder.as_path());
        let disk = folder.and_then(device);
        Disks {
            folder_is_there: folder.is_some_and(Path::is_dir),
            same_disk: disk.is_some() && disk == device(&settings.data),
            free_for_data: free(&settings.data),
            free_for_backups: folder.and_then(free),
        }
    }
}

/// Whoever runs the installation: to have one is to have been let in.
#[derive(Clone, Debug)]
pub struct Runner {
    name: String,
    /// Where they act from; the log there tells of it.
    scope: Option<Scope>,
}

impl Runner {
    /// The signed-in administrator.
    ///
    /// # Errors
    /// [`Failure::NotFound`] for everybody else.
    pub fn signed_in(session: &Session) -> Result<Runner, Failure> {
        if session.administrator {
            Ok(Runner { name: session.person_name.clone(), scope: session.scope() })
        } else {
            Err(Failure::NotFound)
        }
    }

    /// An administrator's program, with one of the permissions of the installation.
    ///
    /// # Errors
    /// [`Failure::Denied`] where the token does not have it.
    pub fn program(scope: &Scope, permission: Permission) -> Result<Runner, Failure> {
        scope.require(permission)?;
        Ok(Runner { name: scope.person_name().to_owned(), scope: Some(scope.clone()) })
    }
}

/// The state of the installation.
pub fn overview(tx: &mut Tx<'_>, app: &App, _: &Runner, disks: Disks) -> Result<Overview, Failure> {
    let (backups, newest) = (store::recent(tx, SHOWN)?, store::newest(tx)?);
    let (last, proved) = store::proofs(tx)?;
    let key_on_paper = store::key_on_paper(tx)?;
    let database_size = u64::try_from(tx.size()?).unwrap_or_default();
    let (count, bytes) = komainu_files::total(tx)?;
    let files = (u64::try_from(count).unwrap_or_default(), u64::try_from(bytes).unwrap_or_default());
    let amount = newest.as_ref().and_then(|backup| backup.outcome.as_ref().ok());
    let situation = Situation {
        now: app.nature.now(),
        folder_is_set: app.settings.backup.is_some(),
        folder_is_there: disks.folder_is_there,
        same_disk: disks.same_disk,
        made_at: newest.as_ref().map(|backup| backup.begun_at),
        unreadable: amount.map(|amount| amount.unreadable).unwrap_or_default(),
        failed: backups.first().and_then(|last| last.outcome.as_ref().err()).map(|(trouble, _)| *trouble),
        proof: last,
        proved_at: proved.as_ref().map(|proof| proof.at),
        key_is_on_paper: key_on_paper.is_some(),
        free_for_data: disks.free_for_data,
        free_for_backups: disks.free_for_backups,
        backup_size: amount.and_then(|amount| u64::try_from(amount.size).ok()).unwrap_or_default(),
        data_size: database_size + files.1,
    };
    Ok(Overview {
        situation,
        backups,
        newest,
        proved,
        backing_up: routine::look(tx, BACKUP)?,
        proving: routine::look(tx, PROOF)?,
        key_on_paper,
        server: tx.server()?,
        schema: tx.schema()?.last().map_or(0, |step| step.number),
        database_size,
        files,
    })
}

/// Asks for a backup now.
///
/// # Errors
/// [`Failure::NotFound`] where no folder is set.
pub fn backup_ask(tx: &mut Tx<'_>, app: &App, runner: &Runner) -> Result<(), Failure> {
    ask(tx, app, runner, BACKUP, "backup_ask")
}

/// Asks for a proof of the newest backup now.
///
/// # Errors
/// [`Failure::NotFound`] where no folder is set.
pub fn proof_ask(tx: &mut Tx<'_>, app: &App, runner: &Runner) -> Result<(), Failure> {
    ask(tx, app, runner, PROOF, "backup_prove")
}

fn ask(
    tx: &mut Tx<'_>,
    app: &App,
    runner: &Runner,
    name: &'static str,
    action: &'static str,
) -> Result<(), Failure> {
    if app.settings.backup.is_none() {
        return Err(Failure::NotFound);
    }
    routine::ask(tx, name, &runner.name, app.nature.now())?;
    record(tx, &app.nature, runner, action)
}

/// Notes that the recovery key is on paper.
pub fn key_keep(tx: &mut Tx<'_>, nature: &Nature, runner: &Runner) -> Result<(), Failure> {
    store::key_on_paper_set(tx, nature.now())?;
    record(tx, nature, runner, "backup_key_keep")
}

/// Writes down what came of a backup.
pub fn backup_note(tx: &mut Tx<'_>, backup: &Backup) -> Result<(), DbError> {
    store::insert(tx, backup)
}

/// The installation has no log of its own: what is done to it stands in that of the organisation from which its
/// administrator did it.
fn record(tx: &mut Tx<'_>, nature: &Nature, runner: &Runner, action: &'static str) -> Result<(), Failure> {
    let Some(scope) = &runner.scope else { return Ok(()) };
    let change = Change { action, object_kind: "backup", object_id: "", before: (), after: () };
    Ok(komainu_audit::record(tx, scope, nature.now(), &change)?)
}

/// Which disk a folder lies on.
fn device(folder: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(folder).ok().map(|about| about.dev())
}

/// Free bytes on a folder's disk, as far as the program may use them.
fn free(folder: &Path) -> Option<u64> {
    let about = rustix::fs::statvfs(folder).ok()?;
    Some(about.f_bavail.saturating_mul(about.f_frsize))
}
