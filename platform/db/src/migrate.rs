//! The schema's steps: numbered files, forward only, each applied once and never changed afterwards.

use crate::tx::TxSide;
use crate::{Backend, Db, DbError, Outside, Statement, Tx, Value};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// `(file name, text)` of every file in `migrations/`, sorted.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

const ONE_AT_A_TIME: &str = "SELECT pg_advisory_xact_lock(6203520)";
const OUTSIDE: Outside = Outside("the schema belongs to the installation");
/// The table that remembers the steps.
pub const STEPS: &str = "schema_step";

crate::statements! {
    KNOWN = "SELECT number, name, checksum FROM schema_step ORDER BY number";
    REMEMBER = "INSERT INTO schema_step (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)";
}

/// A step that a database has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its place in the order, from 1.
    pub number: i64,
    /// The file's name.
    pub name: String,
    /// SHA-256 of the file.
    pub checksum: String,
}

/// One step of the schema on one database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its place in the order, from 1.
    pub number: i64,
    /// The file's name.
    pub name: &'static str,
    /// The statements.
    pub sql: &'static str,
}

impl Migration {
    /// The steps for one database, in order. `0003_name.sql` serves both; `0003_name.sqlite.sql` and
    /// `0003_name.postgres.sql` only their own.
    pub fn all(backend: Backend) -> Vec<Migration> {
        let mut steps = BTreeMap::new();
        for &(name, sql) in FILES {
            let ours = match name.trim_end_matches(".sql").rsplit_once('.') {
                Some((_, "sqlite")) => backend == Backend::Sqlite,
                Some((_, "postgres")) => backend == Backend::Postgres,
                _ => true,
            };
            if let (true, Some(number)) = (ours, name.split('_').next().and_then(|n| n.parse().ok())) {
                steps.insert(number, Migration { number, name, sql });
            }
        }
        steps.into_values().collect()
    }

    fn checksum(&self) -> String {
        Sha256::digest(self.sql).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    }
}

impl Db {
    /// Applies the steps that are missing, all in one transaction, and answers how many there were. A SQLite database
    /// that holds something is copied first, into a file beside it.
    ///
    /// # Errors
    /// [`DbError::Newer`] when the database is newer than the program, [`DbError::Other`] when a step that was applied
    /// differs from the file: neither may be written to.
    pub fn migrate(&self, now: DateTime<Utc>) -> Result<usize, DbError> {
        #[expect(clippy::redundant_closure_for_method_calls, reason = "the method is not general enough")]
        let known = self.read(|tx| tx.schema())?;
        let Some(first) = missing(self.backend(), &known)?.first().map(|step| step.number) else {
            return Ok(0);
        };
        if !known.is_empty() {
            self.copy_aside(&format!("before-step-{first}"))?;
        }
        self.write(|tx| {
            if tx.backend() == Backend::Postgres {
                tx.script(ONE_AT_A_TIME)?;
            }
            // Another node may have been quicker.
            let steps = missing(tx.backend(), &tx.schema()?)?;
            tx.schema_apply(&steps, now)?;
            Ok(steps.len())
        })
    }
}

/// The steps that a database with the steps `known` lacks.
fn missing(backend: Backend, known: &[Step]) -> Result<Vec<Migration>, DbError> {
    let steps = Migration::all(backend);
    for has in known {
        match steps.iter().find(|step| step.number == has.number) {
            None => return Err(DbError::Newer(has.number)),
            Some(step) if step.checksum() != has.checksum => {
                return Err(DbError::Other(format!("{} differs from what was applied", step.name)));
            }
            Some(_) => {}
        }
    }
    Ok(steps.into_iter().filter(|step| known.iter().all(|has| has.number != step.number)).collect())
}

impl Tx<'_> {
    /// The steps that the database has, in order; none where it is empty.
    pub fn schema(&mut self) -> Result<Vec<Step>, DbError> {
        if self.tables()?.iter().all(|table| table.name != STEPS) {
            return Ok(Vec::new());
        }
        self.all(&OUTSIDE, KNOWN, &[], |row| {
            Ok(Step { number: row.get(0)?, name: row.get(1)?, checksum: row.get(2)? })
        })
    }

    /// Brings an empty database to exactly the steps that another one has, which may be of the other kind.
    ///
    /// # Errors
    /// [`DbError::Newer`] for a step that this program does not know.
    pub fn schema_make(&mut self, like: &[Step], now: DateTime<Utc>) -> Result<(), DbError> {
        let ours = Migration::all(self.backend());
        let stem = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
        let find = |step: &Step| {
            let same = |own: &&Migration| own.number == step.number && stem(own.name) == stem(&step.name);
            ours.iter().find(same).copied().ok_or(DbError::Newer(step.number))
        };
        let steps = like.iter().map(find).collect::<Result<Vec<_>, _>>()?;
        self.schema_apply(&steps, now)
    }

    fn schema_apply(&mut self, steps: &[Migration], now: DateTime<Utc>) -> Result<(), DbError> {
        self.script("CREATE TABLE IF NOT EXISTS schema_step (number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TIMESTAMPTZ NOT NULL)")?;
        for step in steps {
            self.script(step.sql)?;
            let row: [Value; 4] = [step.number.into(), step.name.into(), step.checksum().into(), now.into()];
            self.run(&OUTSIDE, REMEMBER, &row)?;
        }
        Ok(())
    }
}

impl Tx<'_> {
    /// Whether the schema is exactly the one that this program was made for.
    pub fn schema_is_current(&mut self) -> Result<bool, DbError> {
        let known = self.all(&OUTSIDE, KNOWN, &[], |row| Ok((row.get(0)?, row.get(2)?)))?;
        let steps = Migration::all(self.backend());
        let own: Vec<(i64, String)> = steps.iter().map(|step| (step.number, step.checksum())).collect();
        Ok(known == own)
    }

    /// Runs several statements without parameters.
    fn script(&mut self, sql: &str) -> Result<(), DbError> {
        match &mut self.side {
            TxSide::Sqlite(connection) => connection.execute_batch(sql).map_err(DbError::from),
            TxSide::Postgres(tx) => tx.script(sql),
        }
    }
}

/// Prepares statements, so that a test can hold every store's text against both databases.
///
/// # Errors
/// The first statement that the database does not understand, by name.
pub fn prepare_all(db: &Db, statements: &[Statement]) -> Result<(), String> {
    db.read(|tx| {
        for statement in statements {
            if let Err(error) = tx.prepare(*statement) {
                return Err(DbError::Other(format!("{}: {error}", statement.name)));
            }
        }
        Ok(())
    })
    .map_err(|error| error.to_string())
}
