//! What can go wrong with a database, in words that do not depend on which one it is.

use thiserror::Error;

/// A failed statement, connection or transaction.
#[derive(Debug, Error)]
pub enum DbError {
    /// A row with this key exists already.
    #[error("duplicate key: {0}")]
    Duplicate(String),
    /// A reference, check or not-null rule of the schema was broken.
    #[error("broken rule of the schema: {0}")]
    Constraint(String),
    /// The database cannot be reached or is too busy; the same call may succeed later.
    #[error("database unavailable: {0}")]
    Unavailable(String),
    /// No space is left to write to; reads go on.
    #[error("no space left for the database: {0}")]
    Full(String),
    /// The database has a step of the schema that this program does not know.
    #[error("made by a newer version of Komainu (schema step {0}): start that version, or restore a backup")]
    Newer(i64),
    /// The stored data or a statement is not what the program expects.
    #[error("database: {0}")]
    Other(String),
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{CannotOpen, ConstraintViolation, DatabaseBusy, DatabaseLocked, DiskFull};
        let text = error.to_string();
        let rusqlite::Error::SqliteFailure(failure, _) = &error else { return DbError::Other(text) };
        match (failure.code, failure.extended_code) {
            (
                ConstraintViolation,
                rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
            ) => DbError::Duplicate(text),
            (ConstraintViolation, _) => DbError::Constraint(text),
            (DatabaseBusy | DatabaseLocked | CannotOpen, _) => DbError::Unavailable(text),
            (DiskFull, _) => DbError::Full(text),
            _ => DbError::Other(text),
        }
    }
}

impl From<postgres::Error> for DbError {
    fn from(error: postgres::Error) -> Self {
        let text = match error.as_db_error() {
            Some(inside) => format!("{} ({})", inside.message(), inside.code().code()),
            None => error.to_string(),
        };
        let Some(code) = error.code() else { return DbError::Unavailable(text) };
        match code.code() {
            "23505" => DbError::Duplicate(text),
            class if class.starts_with("23") => DbError::Constraint(text),
            "53100" => DbError::Full(text),
            class if ["08", "40", "53", "55", "57"].iter().any(|prefix| class.starts_with(prefix)) => {
                DbError::Unavailable(text)
            }
            _ => DbError::Other(text),
        }
    }
}
