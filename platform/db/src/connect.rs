//! Opening a database from its address.

use crate::{Backend, DbError, Tx, postgres_side::Postgres, sqlite_side::Sqlite};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use thiserror::Error;

/// Where the database is: `sqlite:PATH` or `postgres://…`.
#[derive(Clone)]
pub enum Url {
    /// A file of this installation.
    Sqlite(PathBuf),
    /// A PostgreSQL server.
    Postgres(Box<postgres::Config>),
}

/// The address of the database cannot be understood.
#[derive(Debug, Error)]
pub enum UrlError {
    /// Neither `sqlite:` nor `postgres://`.
    #[error("a database address begins with sqlite: or postgres://")]
    Scheme,
    /// The part after `postgres://` is wrong; the text never repeats the password.
    #[error("the postgres address is not valid: {0}")]
    Postgres(String),
}

impl FromStr for Url {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(path) = text.strip_prefix("sqlite:").filter(|path| !path.is_empty()) {
            return Ok(Url::Sqlite(PathBuf::from(path.strip_prefix("//").unwrap_or(path))));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return text
                .parse()
                .map(|config| Url::Postgres(Box::new(config)))
                .map_err(|error: postgres::Error| UrlError::Postgres(error.to_string()));
        }
        Err(UrlError::Scheme)
    }
}

/// How many connections this program holds to its database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Open ones.
    pub open: usize,
    /// Those of them that nobody uses at the moment.
    pub idle: usize,
    /// How many there may be.
    pub limit: usize,
}

/// An open database; cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Side>);

enum Side {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Db {
    /// Opens the database and proves that it answers; the schema is brought up by [`Db::migrate`].
    pub fn open(url: &Url) -> Result<Db, DbError> {
        Ok(Db(Arc::new(match url {
            Url::Sqlite(path) => Side::Sqlite(Sqlite::open(path)?),
            Url::Postgres(config) => Side::Postgres(Postgres::open((**config).clone())?),
        })))
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        match &*self.0 {
            Side::Sqlite(_) => Backend::Sqlite,
            Side::Postgres(_) => Backend::Postgres,
        }
    }

    /// The connections at this moment; on SQLite those that read.
    pub fn pool(&self) -> Pool {
        match &*self.0 {
            Side::Sqlite(sqlite) => sqlite.pool(),
            Side::Postgres(postgres) => postgres.pool(),
        }
    }

    /// Runs `work` in a transaction that sees one moment and cannot change anything.
    pub fn read<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        match &*self.0 {
            Side::Sqlite(sqlite) => sqlite.read(|connection| work(&mut Tx::Sqlite(connection))),
            Side::Postgres(postgres) => postgres.transaction(true, work),
        }
    }

    /// Runs `work` in a transaction: all of it is durable when this answers `Ok`, none of it otherwise.
    pub fn write<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        match &*self.0 {
            Side::Sqlite(sqlite) => sqlite.write(|connection| work(&mut Tx::Sqlite(connection))),
            Side::Postgres(postgres) => postgres.transaction(false, work),
        }
    }
}
