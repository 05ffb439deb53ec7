//! The SQL of the ledger.

pub(crate) mod asset;
pub(crate) mod connection;
pub(crate) mod revision;
pub(crate) mod system;

use komainu_db::{DbError, Sealed, Statement};
use serde::Serialize;
use serde::de::DeserializeOwned;
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

/// What a sealed column holds.
fn read_detail<T: DeserializeOwned>(json: &str) -> Result<T, DbError> {
    serde_json::from_str(json).map_err(|error| DbError::Other(format!("a ledger row: {error}")))
}

/// What a sealed column is to hold.
fn write_detail<T: Serialize>(detail: &T) -> Result<String, DbError> {
    serde_json::to_string(detail).map_err(|error| DbError::Other(format!("a ledger row: {error}")))
}
