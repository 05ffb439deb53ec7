//! Opening a database from its address.

use crate::postgres_side::{self, Postgres};
use crate::sealed::Cabinet;
use crate::shelf::Shelf;
use crate::sqlite_side::{self, Sqlite};
use crate::tx::TxSide;
use crate::{Backend, DbError, Tx};
use komainu_seal::Key;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Arc, PoisonError, RwLock};
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

impl Url {
    /// Whether a running Komainu has the database open at this moment. A SQLite file that is not there is not open.
    pub fn in_use(&self) -> Result<bool, DbError> {
        match self {
            Url::Sqlite(path) => sqlite_side::in_use(path),
            Url::Postgres(config) => postgres_side::in_use(config),
        }
    }
}

impl std::fmt::Display for Url {
    /// Without user and password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Url::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Url::Postgres(config) => {
                let host = match config.get_hosts().first() {
                    Some(postgres::config::Host::Tcp(host)) => host.clone(),
                    Some(postgres::config::Host::Unix(path)) => path.display().to_string(),
                    None => "localhost".to_owned(),
                };
                let port = config.get_ports().first().map(|port| format!(":{port}")).unwrap_or_default();
                write!(f, "postgres://{host}{port}/{}", config.get_dbname().unwrap_or_default())
            }
        }
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
pub struct Db {
    side: Arc<Side>,
    pub(crate) cabinet: Option<Arc<Cabinet>>,
    listeners: Arc<RwLock<Vec<Listener>>>,
    shelf: Arc<Shelf>,
    /// Whether its transactions go before those that wait.
    pressing: bool,
}

type Listener = Box<dyn Fn() + Send + Sync>;

enum Side {
    Sqlite(Sqlite),
    Postgres(Box<Postgres>),
}

impl Db {
    /// How many reads run side by side on SQLite.
    pub const READERS: usize = sqlite_side::READERS;

    /// Opens the database and proves that it answers; the schema is brought up by [`Db::migrate`].
    pub fn open(url: &Url) -> Result<Db, DbError> {
        let side = match url {
            Url::Sqlite(path) => Side::Sqlite(Sqlite::open(path)?),
            Url::Postgres(config) => Side::Postgres(Box::new(Postgres::open((**config).clone())?)),
        };
        Ok(Db {
            side: Arc::new(side),
            cabinet: None,
            listeners: Arc::default(),
            shelf: Arc::default(),
            pressing: false,
        })
    }

    /// Has `listener` called after each transaction of this process that asked for it ([`Tx::ring`]), so that whoever
    /// looks for work now and then need not be waited for. It must be quick.
    pub fn listen(&self, listener: impl Fn() + Send + Sync + 'static) {
        self.listeners.write().unwrap_or_else(PoisonError::into_inner).push(Box::new(listener));
    }

    /// The same database with the key to its sealed columns. Without one they can be neither read nor written; whole
    /// tables are copied without.
    #[must_use]
    pub fn with_key(self, key: Key) -> Db {
        Db { cabinet: Some(Arc::new(Cabinet::new(key))), ..self }
    }

    /// The same database for the one who may wait behind nobody: its transactions do not stand in line with those of the
    /// requests, of which there may be very many at once.
    #[must_use]
    pub fn pressing(&self) -> Db {
        Db { pressing: true, ..self.clone() }
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        match &*self.side {
            Side::Sqlite(_) => Backend::Sqlite,
            Side::Postgres(_) => Backend::Postgres,
        }
    }

    /// Copies a SQLite database as it stands into a file beside it, `NAME.mark`, in the place of an earlier copy of any
    /// mark; does nothing on PostgreSQL, whose administrators have tools of their own.
    pub(crate) fn copy_aside(&self, mark: &str) -> Result<(), DbError> {
        match &*self.side {
            Side::Sqlite(sqlite) => sqlite.copy_aside(mark),
            Side::Postgres(_) => Ok(()),
        }
    }

    /// The connections at this moment; on SQLite those that read.
    pub fn pool(&self) -> Pool {
        match &*self.side {
            Side::Sqlite(sqlite) => sqlite.pool(),
            Side::Postgres(postgres) => postgres.pool(),
        }
    }

    /// Runs `work` in a transaction that sees one moment and cannot change anything.
    pub fn read<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        match &*self.side {
            Side::Sqlite(sqlite) => sqlite.read(|connection| work(&mut self.reading(connection))),
            Side::Postgres(postgres) => {
                postgres.transaction((Some(&self.shelf), self.cabinet.as_deref()), self.pressing, work)
            }
        }
    }

    /// Runs `work` as [`Db::read`] does if nobody need be waited for: on SQLite, where one of its readers
    /// ([`Db::READERS`]) is free. Otherwise gives it back, for a thread that may wait.
    ///
    /// # Errors
    /// The work itself, undone.
    pub fn read_at_once<T, E: From<DbError>, F: FnOnce(&mut Tx<'_>) -> Result<T, E>>(
        &self,
        work: F,
    ) -> Result<Result<T, E>, F> {
        match &*self.side {
            Side::Sqlite(sqlite) => match sqlite.free_reader() {
                Some(reader) => Ok(sqlite.read_by(reader, |connection| work(&mut self.reading(connection)))),
                None => Err(work),
            },
            Side::Postgres(_) => Err(work),
        }
    }

    /// Runs `work` in a transaction: all of it is durable when this answers `Ok`, none of it otherwise.
    pub fn write<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut rang = false;
        let noting = |tx: &mut Tx<'_>| {
            let value = work(tx);
            rang = tx.rings;
            value
        };
        let value = match &*self.side {
            Side::Sqlite(sqlite) => {
                sqlite.write(self.pressing, |connection| noting(&mut self.writing(connection)))
            }
            Side::Postgres(postgres) => {
                postgres.transaction((None, self.cabinet.as_deref()), self.pressing, noting)
            }
        }?;
        if rang {
            self.listeners.read().unwrap_or_else(PoisonError::into_inner).iter().for_each(|tell| tell());
        }
        Ok(value)
    }

    fn reading<'a>(&'a self, connection: &'a rusqlite::Connection) -> Tx<'a> {
        Tx { shelf: Some(&self.shelf), ..self.writing(connection) }
    }

    fn writing<'a>(&'a self, connection: &'a rusqlite::Connection) -> Tx<'a> {
        Tx { side: TxSide::Sqlite(connection), cabinet: self.cabinet.as_deref(), shelf: None, rings: false }
    }
}
