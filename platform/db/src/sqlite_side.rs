//! The SQLite half: one writer, several readers, both on the same file.

use crate::bulk::Table;
use crate::{DbError, Pool, Row, Statement, Value};
use rusqlite::config::DbConfig;
use rusqlite::{CachedStatement, Connection, OpenFlags};
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Readers that may be open at once; on a small machine more only wait for the same cores.
pub(crate) const READERS: usize = 8;
const BUSY: Duration = Duration::from_secs(10);
/// Prepared statements kept by a connection: more than the program has on its busiest pages.
const KEPT_STATEMENTS: usize = 256;

pub(crate) struct Sqlite {
    path: PathBuf,
    writer: Mutex<Connection>,
    /// Where writers stand in line: only the first of them asks for the writer, so that whoever does not stand here waits
    /// for one or two transactions at most.
    line: Mutex<()>,
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
            line: Mutex::default(),
            readers: Mutex::new((Vec::new(), 0)),
            freed: Condvar::new(),
        })
    }

    /// Runs `work` on the only writer, in a transaction that holds the write lock from its start. What presses does not
    /// stand in line.
    pub(crate) fn write<T, E: From<DbError>>(
        &self,
        pressing: bool,
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let turn = (!pressing).then(|| self.line.lock().unwrap_or_else(PoisonError::into_inner));
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        drop(turn);
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
        self.read_by(self.take()?, work)
    }

    /// A reader that nobody uses at this moment, for [`Sqlite::read_by`].
    pub(crate) fn free_reader(&self) -> Option<Connection> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).0.pop()
    }

    /// Runs `work` on this reader and puts it back.
    pub(crate) fn read_by<T, E: From<DbError>>(
        &self,
        connection: Connection,
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let reader = Borrowed { pool: self, connection: Some(connection) };
        let connection = reader.connection.as_ref().ok_or_else(|| DbError::Other("no reader".into()))?;
        execute(connection, "BEGIN")?;
        finish(connection, work(connection))
    }

    /// Copies the database into a file beside it and removes earlier copies.
    pub(crate) fn copy_aside(&self, mark: &str) -> Result<(), DbError> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::StorageFull => DbError::Full(error.to_string()),
            _ => DbError::Unavailable(format!("a copy cannot be made beside the database: {error}")),
        };
        let name = self.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let copy = self.path.with_file_name(format!("{name}.{mark}"));
        let half = self.path.with_file_name(format!("{name}.copying"));
        match std::fs::remove_file(&half) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        // Made here and not by the database, so that nobody else may read it.
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&half).map_err(failed)?;
        writer.execute("VACUUM INTO ?1", [half.to_string_lossy()])?;
        file.sync_all().map_err(failed)?;
        for earlier in copies(&self.path).map_err(failed)? {
            std::fs::remove_file(earlier).map_err(failed)?;
        }
        std::fs::rename(&half, &copy).map_err(failed)?;
        tracing::info!(copy = %copy.display(), "the database was copied before its schema changes");
        Ok(())
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

/// The copies that earlier changes of the schema left beside a database.
fn copies(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = format!("{}.before-step-", path.file_name().unwrap_or_default().to_string_lossy());
    let entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    Ok(entries
        .into_iter()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(&name))
        .map(|entry| entry.path())
        .collect())
}

/// Whether another program has the file open: only whoever is alone is given all of it.
pub(crate) fn in_use(path: &Path) -> Result<bool, DbError> {
    if !path.exists() {
        return Ok(false);
    }
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::ZERO)?;
    let alone = connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; ROLLBACK");
    match alone.map_err(DbError::from) {
        Ok(()) => Ok(false),
        Err(DbError::Unavailable(_)) => Ok(true),
        Err(error) => Err(error),
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
    // Otherwise a kept statement is compiled anew whenever a value that the planner might look at is bound to it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
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

/// Every table of ours with its columns as they were declared.
pub(crate) fn tables(connection: &Connection) -> Result<Vec<Table>, DbError> {
    let mut names = connection.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )?;
    let mut columns = connection.prepare("SELECT name, type FROM pragma_table_info(?1) ORDER BY cid")?;
    let names: Vec<String> = names.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    names
        .iter()
        .map(|name| {
            let columns = columns.query_map([name], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Table::new(name, columns.collect::<Result<_, _>>()?)
        })
        .collect()
}

pub(crate) fn fill(connection: &Connection, table: &Table, rows: &[Vec<Value>]) -> Result<(), DbError> {
    let places: Vec<String> = (1..=table.columns.len()).map(|number| format!("?{number}")).collect();
    let (name, columns, places) = (table.quoted(), table.column_list(), places.join(", "));
    let mut insert =
        connection.prepare_cached(&format!("INSERT INTO {name} ({columns}) VALUES ({places})"))?;
    for row in rows {
        insert.execute(rusqlite::params_from_iter(row))?;
    }
    Ok(())
}

pub(crate) fn stream<E: From<DbError>>(
    connection: &Connection,
    sql: &str,
    params: &[Value],
    mut visit: impl FnMut(&Row<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut prepared = connection.prepare(sql).map_err(DbError::from)?;
    let mut rows = prepared.query(rusqlite::params_from_iter(params)).map_err(DbError::from)?;
    while let Some(row) = rows.next().map_err(DbError::from)? {
        visit(&Row::sqlite(row, None))?;
    }
    Ok(())
}
