//! Backups that were made or failed, and their proofs.

use chrono::{DateTime, Utc};
use komainu_archive::{ArchiveError, Made};
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;

komainu_db::id! {
    /// One backup that was made, or one attempt at it.
    BackupId
}

/// The routine that makes backups.
pub const BACKUP: &str = "backup";
/// The routine that proves them.
pub const PROOF: &str = "proof";

/// Why a backup was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Its daily time had come.
    Daily,
    /// Somebody pressed the button.
    Asked,
    /// From the command line.
    Console,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Cause; 3] = [Cause::Daily, Cause::Asked, Cause::Console];

    /// The word stored in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Cause::Daily => "daily",
            Cause::Asked => "asked",
            Cause::Console => "console",
        }
    }

    /// The cause for a stored word.
    pub fn from_code(code: &str) -> Option<Cause> {
        Cause::ALL.into_iter().find(|cause| cause.code() == code)
    }
}

/// Why a backup or its proof came to nothing, as far as somebody can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The folder is not there: a disk that is not plugged in.
    NoFolder,
    /// The disk is full.
    NoRoom,
    /// The program may not write or read there.
    NotAllowed,
    /// The key does not open the archive.
    Key,
    /// The archive is damaged, or comes out different.
    Damaged,
    /// Not one evidence file can be opened.
    NoEvidence,
    /// Anything else; the detail says what.
    Other,
}

impl Trouble {
    /// Every trouble.
    pub const ALL: [Trouble; 7] = [
        Trouble::NoFolder,
        Trouble::NoRoom,
        Trouble::NotAllowed,
        Trouble::Key,
        Trouble::Damaged,
        Trouble::NoEvidence,
        Trouble::Other,
    ];

    /// The word stored in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Trouble::NoFolder => "no_folder",
            Trouble::NoRoom => "no_room",
            Trouble::NotAllowed => "not_allowed",
            Trouble::Key => "key",
            Trouble::Damaged => "damaged",
            Trouble::NoEvidence => "no_evidence",
            Trouble::Other => "other",
        }
    }

    /// The trouble for a stored word; an unknown one is another.
    pub fn from_code(code: &str) -> Trouble {
        Trouble::ALL.into_iter().find(|trouble| trouble.code() == code).unwrap_or(Trouble::Other)
    }
}

impl From<&ArchiveError> for Trouble {
    fn from(error: &ArchiveError) -> Self {
        match error {
            ArchiveError::Io(_, error) => match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory => Trouble::NoFolder,
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Trouble::NoRoom,
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Trouble::NotAllowed,
                _ => Trouble::Other,
            },
            ArchiveError::Db(komainu_db::DbError::Full(_)) => Trouble::NoRoom,
            ArchiveError::Key => Trouble::Key,
            ArchiveError::NoEvidence => Trouble::NoEvidence,
            ArchiveError::Damaged(_) | ArchiveError::Foreign | ArchiveError::Differs(_) => Trouble::Damaged,
            _ => Trouble::Other,
        }
    }
}

/// A backup that was made, or an attempt at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// The archive's own name.
    pub id: BackupId,
    /// Why it was made.
    pub cause: Cause,
    /// Who asked for it; empty for the daily one.
    pub by_name: String,
    /// When it was begun: the moment that it holds.
    pub begun_at: DateTime<Utc>,
    /// When it was over.
    pub ended_at: DateTime<Utc>,
    /// Where it lies, or where it should.
    pub file: String,
    /// What came of it.
    pub outcome: Result<Amount, (Trouble, String)>,
}

/// How much a backup holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Bytes of the archive.
    pub size: i64,
    /// Rows.
    pub rows: i64,
    /// Evidence files.
    pub files: i64,
    /// Evidence files that could not be opened, and are not in it.
    pub unreadable: i64,
}

impl From<&Made> for Amount {
    fn from(made: &Made) -> Self {
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        Amount {
            size: number(made.size),
            rows: number(made.rows),
            files: number(made.files),
            unreadable: number(made.unreadable),
        }
    }
}

/// The proof of a backup: it was restored into a temporary place, or could not be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// When it was over.
    pub at: DateTime<Utc>,
    /// Which archive, by its file's name.
    pub file: String,
    /// What it found.
    pub finding: Finding,
}

/// What a proof found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Finding {
    /// Everything came back equal.
    Sound {
        /// Rows.
        rows: u64,
        /// Evidence files.
        files: u64,
        /// Entries of all logs.
        entries: i64,
    },
    /// It came back equal, but something in it was amiss before.
    Amiss {
        /// Evidence files that could not be opened.
        unreadable: usize,
        /// Logs that do not hold together.
        broken: usize,
    },
    /// It could not be restored.
    Failed {
        /// Why.
        trouble: Trouble,
        /// As the log has it.
        detail: String,
    },
}

impl Finding {
    /// Whether the archive can bring the installation back.
    pub fn restores(&self) -> bool {
        !matches!(self, Finding::Failed { .. })
    }
}
