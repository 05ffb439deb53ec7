//! The number that grows with each change of a ledger, and up to which of them it was followed.

use komainu_access::{OrganisationId, Scope};
use komainu_db::{DbError, Outside, Tx, params};

const FOLLOWER: Outside = Outside("whoever follows the ledgers looks which organisation's changed");

komainu_db::statements! {
    REVISION = "SELECT revision FROM ledger_revision WHERE organisation_id = $1";
    REVISION_NEXT = "INSERT INTO ledger_revision (organisation_id, revision) VALUES ($1, 1)
        ON CONFLICT (organisation_id) DO UPDATE SET revision = ledger_revision.revision + 1";
    /// Asked twice a second over all organisations. The condition is word for word that of the partial index
    /// `ledger_revision_behind`, so both databases answer from it; and it holds the rows that are behind only. The look costs
    /// as many rows as it answers, be there one institution or 200,000.
    REVISIONS_BEHIND = "SELECT organisation_id, revision FROM ledger_revision WHERE followed < revision
        ORDER BY organisation_id LIMIT $1";
    FOLLOWED = "UPDATE ledger_revision SET followed = $2 WHERE organisation_id = $1 AND followed < $2";
}

/// 0 where nothing was ever written.
pub(crate) fn revision(tx: &mut Tx<'_>, scope: &Scope) -> Result<i64, DbError> {
    Ok(tx.maybe(scope, REVISION, &[], |row| row.get(0))?.unwrap_or(0))
}

pub(crate) fn revision_next(tx: &mut Tx<'_>, scope: &Scope) -> Result<(), DbError> {
    tx.run(scope, REVISION_NEXT, params![]).map(drop)
}

/// Ledgers that changed after they were last followed, so many at most.
pub(crate) fn revisions_behind(tx: &mut Tx<'_>, most: i64) -> Result<Vec<(OrganisationId, i64)>, DbError> {
    tx.all(&FOLLOWER, REVISIONS_BEHIND, params![most], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Notes up to which revision a ledger was followed; never an earlier one.
pub(crate) fn followed(tx: &mut Tx<'_>, scope: &Scope, revision: i64) -> Result<(), DbError> {
    tx.run(scope, FOLLOWED, params![revision]).map(drop)
}
