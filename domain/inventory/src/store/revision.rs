//! The number that grows with each change of a ledger.

use komainu_access::Scope;
use komainu_db::{DbError, Tx, params};

komainu_db::statements! {
    REVISION = "SELECT revision FROM ledger_revision WHERE organisation_id = $1";
    REVISION_NEXT = "INSERT INTO ledger_revision (organisation_id, revision) VALUES ($1, 1)
        ON CONFLICT (organisation_id) DO UPDATE SET revision = ledger_revision.revision + 1";
}

/// 0 where nothing was ever written.
pub(crate) fn revision(tx: &mut Tx<'_>, scope: &Scope) -> Result<i64, DbError> {
    Ok(tx.maybe(scope, REVISION, &[], |row| row.get(0))?.unwrap_or(0))
}

pub(crate) fn revision_next(tx: &mut Tx<'_>, scope: &Scope) -> Result<(), DbError> {
    tx.run(scope, REVISION_NEXT, params![]).map(drop)
}
