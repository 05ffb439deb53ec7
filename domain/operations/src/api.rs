//! The state of the installation over the API, for those who watch it with a program of their own.

use crate::actions::{self, Disks, Overview, Runner, overview};
use crate::model::{Backup, Finding, Proof};
use crate::rules::{self, Warning};
use crate::words::{finding_text, is_grave, warning_text};
use chrono::{DateTime, Utc};
use komainu_access::Permission;
use komainu_db::Tx;
use komainu_web::api::{Caller, Resource};
use komainu_web::{App, Failure, Outcome};
use serde::Serialize;
use utoipa::ToSchema;

/// The installation: what it keeps, and whether a backup could bring it back.
#[derive(Debug, Serialize, ToSchema)]
pub struct Installation {
    /// The program's version.
    version: String,
    /// Name and version of the database program.
    server: String,
    /// The last step of the schema.
    schema: i64,
    /// Bytes of the database.
    #[schema(minimum = 0)]
    database_size: u64,
    /// Evidence files.
    #[schema(minimum = 0)]
    evidence_count: u64,
    /// Their bytes.
    #[schema(minimum = 0)]
    evidence_size: u64,
    /// Free bytes on the data's disk; null where it lies elsewhere.
    free_for_data: Option<u64>,
    /// Free bytes on the backups' disk; null where there is none.
    free_for_backups: Option<u64>,
    /// What has to be done, the most urgent first; empty where all is well.
    warnings: Vec<WarningShown>,
    /// Whether a folder for daily backups is set.
    folder_is_set: bool,
    /// Whether that folder can be reached now.
    folder_is_there: bool,
    /// Whether a backup is being made or about to be.
    backing_up: bool,
    /// Whether one is being proved or about to be.
    proving: bool,
    /// The newest backup that was made; null where there is none.
    newest: Option<BackupShown>,
    /// The last proof that could restore; null where there is none.
    proved: Option<ProofShown>,
    /// When somebody confirmed that the recovery key is on paper; null where nobody did.
    key_on_paper: Option<DateTime<Utc>>,
    /// The last attempts, newest first.
    backups: Vec<BackupShown>,
}

/// Something that an administrator must do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InstallationWarning)]
pub struct WarningShown {
    /// A word for programs, such as `folder_gone`.
    kind: &'static str,
    /// Whether data may be lost today.
    grave: bool,
    /// What is the matter.
    what: String,
    /// What to do.
    todo: String,
}

/// A backup, or an attempt at one.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Backup)]
pub struct BackupShown {
    /// `daily`, `asked` or `console`.
    cause: &'static str,
    /// Who asked for it; empty for the daily one.
    by_name: String,
    /// The moment that it holds.
    begun_at: DateTime<Utc>,
    ended_at: DateTime<Utc>,
    /// Where it lies, or should.
    file: String,
    /// Whether it was made.
    made: bool,
    /// A word for why not; null where it was made.
    trouble: Option<&'static str>,
    /// Bytes of the archive; null where it was not made.
    size: Option<i64>,
    /// Evidence files in it; null where it was not made.
    files: Option<i64>,
    /// Evidence files that could not be opened, and are not in it; null where it was not made.
    unreadable: Option<i64>,
}

/// The proof of a backup.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BackupProof)]
pub struct ProofShown {
    at: DateTime<Utc>,
    /// The archive's file.
    file: String,
    /// Whether everything in it is sound.
    sound: bool,
    /// What was found, in words.
    finding: String,
}

impl Resource for Installation {}

impl From<&Backup> for BackupShown {
    fn from(backup: &Backup) -> Self {
        let amount = backup.outcome.as_ref().ok();
        BackupShown {
            cause: backup.cause.code(),
            by_name: backup.by_name.clone(),
            begun_at: backup.begun_at,
            ended_at: backup.ended_at,
            file: backup.file.clone(),
            made: amount.is_some(),
            trouble: backup.outcome.as_ref().err().map(|(trouble, _)| trouble.code()),
            size: amount.map(|amount| amount.size),
            files: amount.map(|amount| amount.files),
            unreadable: amount.map(|amount| amount.unreadable),
        }
    }
}

/// The word for programs; it does not change while the API is v1.
const fn kind(warning: Warning) -> &'static str {
    match warning {
        Warning::NoFolderSet => "no_folder_set",
        Warning::FolderGone => "folder_gone",
        Warning::Failed(_) => "failed",
        Warning::NeverMade => "never_made",
        Warning::Old(_) => "old",
        Warning::ProofFailed(_) => "proof_failed",
        Warning::NotProved(_) => "not_proved",
        Warning::KeyNotOnPaper => "key_not_on_paper",
        Warning::Amiss => "amiss",
        Warning::SameDisk => "same_disk",
        Warning::LittleRoomForData => "little_room_for_data",
        Warning::LittleRoomForBackups => "little_room_for_backups",
    }
}

fn shown(at: &Caller, state: &Overview) -> Installation {
    let (lang, now) = (at.lang, state.situation.now);
    let warning = |warning: Warning| {
        let (what, todo) = warning_text(lang, warning);
        WarningShown { kind: kind(warning), grave: is_grave(warning), what, todo }
    };
    let proof = |proof: &Proof| ProofShown {
        at: proof.at,
        file: proof.file.clone(),
        sound: matches!(proof.finding, Finding::Sound { .. }),
        finding: finding_text(lang, &proof.finding),
    };
    Installation {
        version: at.app.settings.version.clone(),
        server: state.server.clone(),
        schema: state.schema,
        database_size: state.database_size,
        evidence_count: state.files.0,
        evidence_size: state.files.1,
        free_for_data: state.situation.free_for_data,
        free_for_backups: state.situation.free_for_backups,
        warnings: rules::warnings(&state.situation).into_iter().map(warning).collect(),
        folder_is_set: state.situation.folder_is_set,
        folder_is_there: state.situation.folder_is_there,
        backing_up: state.backing_up.as_ref().is_some_and(|routine| routine.is_busy(now)),
        proving: state.proving.as_ref().is_some_and(|routine| routine.is_busy(now)),
        newest: state.newest.as_ref().map(BackupShown::from),
        proved: state.proved.as_ref().map(proof),
        key_on_paper: state.key_on_paper,
        backups: state.backups.iter().map(BackupShown::from).collect(),
    }
}

async fn disks(caller: &Caller) -> Result<Disks, Failure> {
    let app = caller.app.clone();
    tokio::task::spawn_blocking(move || Disks::look(&app.settings)).await.map_err(Failure::internal)
}

async fn asked(caller: Caller, action: fn(&mut Tx<'_>, &App, &Runner) -> Result<(), Failure>) -> Outcome {
    let disks = disks(&caller).await?;
    caller
        .change(move |tx, at| {
            let runner = Runner::program(&at.scope, Permission::InstallationManage)?;
            action(tx, &at.app, &runner)?;
            overview(tx, &at.app, &runner, disks).map(|state| shown(at, &state))
        })
        .await
}

/// The state of the installation and its backups
#[utoipa::path(get, path = "/operations", responses((status = 200, body = Installation)))]
pub async fn operations(caller: Caller) -> Outcome {
    let disks = disks(&caller).await?;
    caller
        .show(move |tx, at| {
            let runner = Runner::program(&at.scope, Permission::InstallationSee)?;
            overview(tx, &at.app, &runner, disks).map(|state| shown(at, &state))
        })
        .await
}

/// Ask for a backup now; there is nothing at this address where no folder for backups is set
#[utoipa::path(post, path = "/operations/backup", responses((status = 200, body = Installation)))]
pub async fn backup_ask(caller: Caller) -> Outcome {
    asked(caller, actions::backup_ask).await
}

/// Ask for a proof of the newest backup now; there is nothing at this address where no folder for backups is set
#[utoipa::path(post, path = "/operations/proof", responses((status = 200, body = Installation)))]
pub async fn proof_ask(caller: Caller) -> Outcome {
    asked(caller, actions::proof_ask).await
}

/// Note that the recovery key is on paper
#[utoipa::path(post, path = "/operations/key", responses((status = 200, body = Installation)))]
pub async fn key_keep(caller: Caller) -> Outcome {
    asked(caller, |tx, app, runner| actions::key_keep(tx, &app.nature, runner)).await
}
