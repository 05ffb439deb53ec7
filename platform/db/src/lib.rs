//! The database: SQLite inside the process or PostgreSQL beside it, behind one face.
//!
//! Everything that differs between the two lives here and nowhere else. A store writes *one* SQL text in the dialect
//! both understand (`$1` parameters, `RETURNING`, `ON CONFLICT`, row values), binds [`Value`]s and reads [`Row`]s.
//!
//! ```text
//! Db ── read(|tx| …)    a consistent snapshot, many at a time
//!    └─ write(|tx| …)   one transaction: committed when the closure answers Ok, rolled back otherwise
//! ```
//!
//! Calls block; async callers wrap a whole transaction in one `spawn_blocking` instead of paying for a thread hop a
//! query. On SQLite a write takes the only writer (`BEGIN IMMEDIATE`, `synchronous=FULL`), reads run beside it (WAL).
//!
//! *No query without a tenancy.* Every statement is run `within` something that is [`Tenancy`]: a scope binds its
//! organisation as `$1` by itself, so a tenant query cannot forget it; [`Outside`] names the reason why a query belongs
//! to no organisation (sign-in, first run, the command line).
//!
//! *Every statement is known.* [`statements!`] declares a store's SQL as constants and as a list, and a test prepares
//! each list against both databases.
//!
//! *What must not be read from a stolen disk is sealed.* [`sealed_columns!`] names a store's columns; [`Sealed`].

mod bulk;
mod coded;
mod connect;
mod error;
mod id;
mod migrate;
mod note;
mod part;
mod postgres_side;
mod sealed;
mod shelf;
mod sqlite_side;
mod tx;
mod value;

#[cfg(feature = "testing")]
pub mod testing;

pub use bulk::{Kind, References, Table};
pub use coded::{UnknownCode, codes_schema};
pub use connect::{Db, Pool, Url, UrlError};
pub use error::DbError;
pub use id::Id;
pub use migrate::STATEMENTS as SCHEMA_STATEMENTS;
pub use migrate::{Migration, STEPS, Step, prepare_all};
pub use note::STATEMENTS;
pub use part::Part;
pub use sealed::Sealed;
pub use tx::{Outside, Statement, Tenancy, Tx};
pub use value::{Column, Row, Value};

#[doc(hidden)]
pub use id::{parameter, schema};
#[doc(hidden)]
pub use serde;
#[doc(hidden)]
pub use utoipa;
#[doc(hidden)]
pub use uuid;

/// Which database is behind a [`Db`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// The file inside the installation's data folder.
    Sqlite,
    /// A server.
    Postgres,
}
