//! The SQL of the ledger.

pub(crate) mod asset;
pub(crate) mod connection;
mod detail;
pub(crate) mod revision;
pub(crate) mod system;

use komainu_db::{DbError, Sealed, Statement};
use std::str::FromStr;

/// Every statement of this crate.
pub const STATEMENTS: &[&[Statement]] =
    &[system::STATEMENTS, asset::STATEMENTS, connection::STATEMENTS, revision::STATEMENTS];

/// Every column of this crate that is sealed at rest.
pub const SEALED: &[&[Sealed]] = &[asset::SEALED, connection::SEALED];

/// A code of ours out of a column.
fn code<T: FromStr>(text: String) -> Result<T, DbError> {
    text.parse().map_err(|_| DbError::Other(format!("unknown code {text}")))
}
