//! What can go wrong with an archive, each as one line that says what to do.

use komainu_db::DbError;
use komainu_files::FileError;
use std::io;
use std::path::Path;
use thiserror::Error;

/// An archive could not be made, read or restored.
#[derive(Debug, Error)]
pub enum ArchiveError {
    /// Something else, or nothing at all.
    #[error("this is not an archive of Komainu")]
    Foreign,
    /// Of a later format or schema.
    #[error("this archive was made by a newer version of Komainu ({0}): use that version")]
    Newer(String),
    /// The key is another installation's, or the archive's beginning is damaged.
    #[error("the recovery key does not open this archive: is it the key of this installation?")]
    Key,
    /// Changed, cut off, or unreadable in the middle.
    #[error("the archive is damaged or was not copied to its end ({0}): use another one")]
    Damaged(String),
    /// There is something in the place where it was to go.
    #[error("{0} is not empty: choose an empty one")]
    NotEmpty(String),
    /// What came out is not what went in.
    #[error("what was written is not what was read: {0}")]
    Differs(String),
    /// Evidence is listed, and not one file of it can be opened.
    #[error(
        "no evidence file can be opened: is the folder of files where it should be, and its key the right one?"
    )]
    NoEvidence,
    /// Somebody asked to stop.
    #[error("stopped")]
    Stopped,
    /// A file or folder failed.
    #[error("{0}: {1}")]
    Io(String, io::Error),
    /// The database failed.
    #[error(transparent)]
    Db(DbError),
    /// The folder of sealed files failed.
    #[error(transparent)]
    Files(#[from] FileError),
}

impl ArchiveError {
    /// A failure of this very file or folder.
    pub fn at(path: &Path) -> impl FnOnce(io::Error) -> ArchiveError {
        let name = path.display().to_string();
        |error| ArchiveError::Io(name, error)
    }

    /// Whether nothing was begun: the archive, the key or the place must be another one.
    pub fn is_refusal(&self) -> bool {
        use ArchiveError as E;
        matches!(self, E::Foreign | E::Newer(_) | E::Key | E::NotEmpty(_))
    }
}

impl From<DbError> for ArchiveError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Newer(step) => ArchiveError::Newer(format!("schema step {step}")),
            other => ArchiveError::Db(other),
        }
    }
}
