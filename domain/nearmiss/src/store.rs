//! The SQL of near misses.

mod report;
mod row;

pub(crate) use report::*;

use komainu_db::{Sealed, Statement};

/// Every statement of this crate.
pub const STATEMENTS: &[&[Statement]] = &[report::STATEMENTS];

/// Every column of this crate that is sealed at rest.
pub const SEALED: &[Sealed] = row::SEALED;
