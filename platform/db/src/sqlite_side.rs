//! The SQLite half: one writer, several readers, both on the same file.

use crate::{DbError, Pool, Statement, Value};
use rusqlite::{CachedStatement, Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Readers that may be open at once; on a small machine more only wait for the same cores.
const READERS: usize = 8;
const BUSY: Duration = Duration::from_secs(10);
/// Prepared statements kept by a connection: more than the program has on its busiest pages.
const KEPT_STATEMENTS: usize = 256;

pub(crate) struct Sqlite {
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<(Vec<Connection>, usize)>,
    freed: Condvar,
}

impl Sqlite {
    pub(crate) fn open(path: &Path) -> Result<Sqlite, DbError> {
        let writer = Connection::open(path)?;
        settle(&writer)?;
        writer.pragma_update(None, "journal_mode", "WAL")?;
        Ok(Sqlite {
            path: path.to_owned(),
            writer: Mutex::new(writer),
            readers: Mutex::new((Vec::new(), 0)),
            freed: Condvar::new(),
        })
    }

    /// Runs `work` on the only writer, in a transaction that holds the write lock from its start.
    pub(crate) fn write<T, E: From<DbError>>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        // A panic in an earlier transaction leaves it open; nothing of it may survive.
        if !writer.is_autocommit() {
            execute(&writer, "ROLLBACK")?;
        }
        execute(&writer, "BEGIN IMMEDIATE")?;
        finish(&writer, work(&writer))
    }

    /// Runs `work` on a reader, in a transaction that sees one moment of the database.
    pub(crate) fn read<T, E: From<DbError>>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let reader = Borrowed { pool: self, connection: Some(self.take()?) };
        let connection = reader.connection.as_ref().ok_or_else(|| DbError::Other("no reader".into()))?;
        execute(connection, "BEGIN")?;
        finish(connection, work(connection))
    }

    pub(crate) fn pool(&self) -> Pool {
        let readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        Pool { open: readers.1, idle: readers.0.len(), limit: READERS }
    }

    fn take(&self) -> Result<Connection, DbError> {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(connection) = readers.0.pop() {
                return Ok(connection);
            }
            if readers.1 < READERS {
                let connection = Connection::open_with_flags(
                    &self.path,
                    OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
                )?;
                settle(&connection)?;
                readers.1 += 1;
                return Ok(connection);
            }
            readers = self.freed.wait(readers).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// A reader on loan: it goes back to the pool even when the work panics.
struct Borrowed<'a> {
    pool: &'a Sqlite,
    connection: Option<Connection>,
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        let mut readers = self.pool.readers.lock().unwrap_or_else(PoisonError::into_inner);
        match self.connection.take() {
            Some(connection) if connection.is_autocommit() => readers.0.push(connection),
            // Left in the middle of a transaction: closed, so that a fresh one takes its place.
            _ => readers.1 -= 1,
        }
        drop(readers);
        self.pool.freed.notify_one();
    }
}

fn settle(connection: &Connection) -> Result<(), DbError> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(KEPT_STATEMENTS);
    connection.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;",
    )?;
    Ok(())
}

fn execute(connection: &Connection, sql: &str) -> Result<(), DbError> {
    connection.prepare_cached(sql)?.raw_execute()?;
    Ok(())
}

fn finish<T, E: From<DbError>>(connection: &Connection, outcome: Result<T, E>) -> Result<T, E> {
    let closed = execute(connection, if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" });
    if closed.is_err() && !connection.is_autocommit() {
        execute(connection, "ROLLBACK")?;
    }
    let value = outcome?;
    closed?;
    Ok(value)
}

/// Binds `$1`, `$2` … by their number: SQLite numbers them by first appearance instead.
pub(crate) fn bind(
    prepared: &mut CachedStatement<'_>,
    statement: Statement,
    tenant: Option<&Value>,
    params: &[Value],
) -> Result<(), DbError> {
    let wrong = || DbError::Other(format!("{}: a parameter is missing", statement.name));
    for index in 1..=prepared.parameter_count() {
        let number: usize =
            prepared.parameter_name(index).and_then(|name| name[1..].parse().ok()).ok_or_else(wrong)?;
        let value = match tenant {
            Some(tenant) if number == 1 => tenant,
            Some(_) => params.get(number.wrapping_sub(2)).ok_or_else(wrong)?,
            None => params.get(number.wrapping_sub(1)).ok_or_else(wrong)?,
        };
        prepared.raw_bind_parameter(index, value)?;
    }
    Ok(())
}
