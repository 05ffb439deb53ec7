//! The SQL of rounds, and nothing else.
//!
//! Statements that staff may cause take the person whose rows are seen (`person_id = … OR … IS NULL`): none sees all.

mod answers;
mod evidence;
mod remind;
mod rounds;

pub(crate) use answers::*;
pub(crate) use evidence::*;
pub(crate) use remind::*;
pub(crate) use rounds::*;

use komainu_db::Statement;

/// Every statement of this crate, for the test that prepares them on both databases.
pub const STATEMENTS: &[&[Statement]] =
    &[rounds::STATEMENTS, answers::STATEMENTS, evidence::STATEMENTS, remind::STATEMENTS, crate::official::STATEMENTS];

fn wrong(what: &str, text: &str) -> komainu_db::DbError {
    komainu_db::DbError::Other(format!("{what} {text:?} in the database is none"))
}
