//! The SQL of rounds, and nothing else.
//!
//! Statements that staff may cause take the person whose rows are seen (`person_id = … OR … IS NULL`): none sees all.

mod answers;
mod evidence;
mod remind;
mod replies;
mod rounds;

pub(crate) use answers::*;
pub(crate) use evidence::*;
pub(crate) use remind::*;
pub(crate) use replies::*;
pub(crate) use rounds::*;

use komainu_catalog::{PlacementId, Variant};
use komainu_db::{DbError, Statement};

/// Every statement of this crate, for the test that prepares them on both databases.
pub const STATEMENTS: &[&[Statement]] = &[
    rounds::STATEMENTS,
    answers::STATEMENTS,
    evidence::STATEMENTS,
    remind::STATEMENTS,
    replies::STATEMENTS,
    crate::official::STATEMENTS,
];

pub(crate) fn wrong(what: &str, text: &str) -> DbError {
    DbError::Other(format!("{what} {text:?} in the database is none"))
}

pub(crate) fn year(number: i64) -> Result<i32, DbError> {
    i32::try_from(number).map_err(|_| wrong("the year", &number.to_string()))
}

pub(crate) fn variant(code: &str) -> Result<Variant, DbError> {
    code.parse().map_err(|_| wrong("the form", code))
}

pub(crate) fn placement(text: &str) -> Result<PlacementId, DbError> {
    text.parse().map_err(|_| wrong("the row", text))
}
