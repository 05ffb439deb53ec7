//! The schema's steps: numbered files, forward only, each applied once and never changed afterwards.

use crate::{Backend, Db, DbError, Outside, Statement, Tx, Value};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// `(file name, text)` of every file in `migrations/`, sorted.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

const ONE_AT_A_TIME: &str = "SELECT pg_advisory_xact_lock(6203520)";
const OUTSIDE: Outside = Outside("the schema belongs to the installation");

crate::statements! {
    KNOWN = "SELECT number, checksum FROM schema_step ORDER BY number";
    REMEMBER = "INSERT INTO schema_step (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)";
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
    /// Applies the steps that are missing, all in one transaction, and answers how many there were.
    ///
    /// # Errors
    /// [`DbError::Other`] when a step that was applied differs from the file, or when the database is newer than the
    /// program: neither may be written to.
    pub fn migrate(&self, now: DateTime<Utc>) -> Result<usize, DbError> {
        let steps = Migration::all(self.backend());
        self.write(|tx| {
            tx.script("CREATE TABLE IF NOT EXISTS schema_step (number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TIMESTAMPTZ NOT NULL)")?;
            if tx.backend() == Backend::Postgres {
                tx.script(ONE_AT_A_TIME)?;
            }
            let known: BTreeMap<i64, String> =
                tx.all(&OUTSIDE, KNOWN, &[], |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect();
            if let Some(newer) = known.keys().find(|number| steps.iter().all(|step| step.number != **number)) {
                return Err(DbError::Other(format!(
                    "this database was used by a newer version of the program (step {newer}); start that version"
                )));
            }
            let mut applied = 0;
            for step in steps {
                match known.get(&step.number) {
                    Some(checksum) if *checksum == step.checksum() => {}
                    Some(_) => {
                        return Err(DbError::Other(format!("{} differs from what was applied", step.name)));
                    }
                    None => {
                        tx.script(step.sql)?;
                        let row: [Value; 4] =
                            [step.number.into(), step.name.into(), step.checksum().into(), now.into()];
                        tx.run(&OUTSIDE, REMEMBER, &row)?;
                        applied += 1;
                    }
                }
            }
            Ok(applied)
        })
    }
}

impl Tx<'_> {
    /// Whether the schema is exactly the one that this program was made for.
    pub fn schema_is_current(&mut self) -> Result<bool, DbError> {
        let known = self.all(&OUTSIDE, KNOWN, &[], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let steps = Migration::all(self.backend());
        let own: Vec<(i64, String)> = steps.iter().map(|step| (step.number, step.checksum())).collect();
        Ok(known == own)
    }

    /// Runs several statements without parameters.
    fn script(&mut self, sql: &str) -> Result<(), DbError> {
        match self {
            Tx::Sqlite(connection) => connection.execute_batch(sql).map_err(DbError::from),
            Tx::Postgres(tx) => tx.script(sql),
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
