//! The bare handler on SQLite: one blocking thread a request, one writer, readers from a pool.

use crate::Trouble;
use crate::script::{Call, Request};
use rusqlite::config::DbConfig;
use rusqlite::{CachedStatement, Connection, OpenFlags};
use std::hint::black_box;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

pub(crate) struct Sqlite {
    path: String,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl Sqlite {
    /// Opens the file as `komainu-db` does.
    pub(crate) fn open(path: &str) -> Result<Sqlite, Trouble> {
        let writer = Connection::open(path)?;
        settle(&writer)?;
        writer.pragma_update(None, "journal_mode", "WAL")?;
        Ok(Sqlite { path: path.to_owned(), writer: Mutex::new(writer), readers: Mutex::default() })
    }

    /// Runs a request's statements.
    pub(crate) fn run(&self, request: &Request) -> Result<(), Trouble> {
        let turn = request.turn();
        for transaction in &request.transactions {
            if transaction.reads() {
                let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
                let reader = idle.map_or_else(|| self.reader(), Ok)?;
                run(&reader, "BEGIN", &transaction.calls, turn)?;
                self.readers.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
            } else {
                let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
                run(&writer, "BEGIN IMMEDIATE", &transaction.calls, turn)?;
            }
        }
        Ok(())
    }

    fn reader(&self) -> Result<Connection, Trouble> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let reader = Connection::open_with_flags(&self.path, flags)?;
        settle(&reader)?;
        Ok(reader)
    }
}

fn settle(connection: &Connection) -> Result<(), Trouble> {
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(256);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;",
    )?;
    Ok(())
}

fn run(connection: &Connection, begin: &str, calls: &[Call], turn: i64) -> Result<(), Trouble> {
    connection.prepare_cached(begin)?.raw_execute()?;
    let mut returned = 0;
    for call in calls {
        let mut prepared = connection.prepare_cached(&call.sql)?;
        for (number, value) in (1..).zip(call.values(turn, returned)) {
            // SQLite numbers parameters by their first appearance; their names are those of PostgreSQL.
            if let Some(index) = place(&prepared, number)? {
                prepared.raw_bind_parameter(index, &*value)?;
            }
        }
        let columns = prepared.column_count();
        let mut rows = prepared.raw_query();
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                black_box(row.get_ref(column)?);
            }
            if call.returns() {
                returned = row.get(0)?;
            }
        }
    }
    connection.prepare_cached("COMMIT")?.raw_execute()?;
    Ok(())
}

fn place(prepared: &CachedStatement<'_>, number: usize) -> Result<Option<usize>, Trouble> {
    const NAMES: [&str; 16] = [
        "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$16",
    ];
    let name = NAMES.get(number - 1).ok_or("more parameters than there are names")?;
    Ok(prepared.parameter_index(name)?)
}
