//! Telling the log of a change, in the transaction of the change.

use crate::Failure;
use komainu_access::Scope;
use komainu_audit::{Change, record};
use komainu_clock::Nature;
use komainu_db::Tx;
use serde::Serialize;

/// Writes into the log what was done to which thing, and how it was before and after.
pub fn log<B: Serialize, A: Serialize>(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (action, object_kind, object_id): (&'static str, &'static str, &str),
    (before, after): (B, A),
) -> Result<(), Failure> {
    let change = Change { action, object_kind, object_id, before, after };
    Ok(record(tx, scope, nature.now(), &change)?)
}
