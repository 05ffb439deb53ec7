//! Rounds: opened, held open while something is written, closed.

use super::{variant, year};
use crate::model::{Round, RoundId};
use chrono::{DateTime, Utc};
use komainu_access::Scope;
use komainu_db::{DbError, Row, Tx, params};

komainu_db::statements! {
    ROUND_INSERT = "INSERT INTO checklist_round (organisation_id, id, fiscal_year, variant, vendor_id, subject, carried_from,
            opened_at, opened_by, touched_at, closed_at, closed_by, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8, NULL, NULL, 1)
        ON CONFLICT (organisation_id, fiscal_year, subject) DO NOTHING";
    ROUNDS = "SELECT id, fiscal_year, variant, vendor_id, carried_from, opened_at, closed_at, touched_at FROM checklist_round
        WHERE organisation_id = $1 ORDER BY fiscal_year DESC, subject, id";
    ROUND = "SELECT id, fiscal_year, variant, vendor_id, carried_from, opened_at, closed_at, touched_at FROM checklist_round
        WHERE organisation_id = $1 AND id = $2";
    ROUND_OF = "SELECT id, fiscal_year, variant, vendor_id, carried_from, opened_at, closed_at, touched_at FROM checklist_round
        WHERE organisation_id = $1 AND fiscal_year = $2 AND subject = $3";
    ROUND_BEFORE = "SELECT id, fiscal_year, variant, vendor_id, carried_from, opened_at, closed_at, touched_at
        FROM checklist_round WHERE organisation_id = $1 AND fiscal_year < $2 AND subject = $3
        ORDER BY fiscal_year DESC LIMIT 1";
    ROUND_HOLD = "UPDATE checklist_round SET touched_at = $3 WHERE organisation_id = $1 AND id = $2 AND closed_at IS NULL";
    ROUND_CARRIED = "UPDATE checklist_round SET carried_from = $3 WHERE organisation_id = $1 AND id = $2";
    ROUND_CLOSE = "UPDATE checklist_round SET closed_at = $3, closed_by = $4, version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND closed_at IS NULL";
    ROUND_REOPEN = "UPDATE checklist_round SET closed_at = NULL, closed_by = NULL, touched_at = $3, version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND closed_at IS NOT NULL";
}

fn round(row: &Row<'_>) -> Result<(Round, DateTime<Utc>), DbError> {
    let round = Round {
        id: row.get(0)?,
        fiscal_year: year(row.get(1)?)?,
        variant: variant(&row.get::<String>(2)?)?,
        vendor: row.get(3)?,
        carried_from: row.get(4)?,
        opened_at: row.get(5)?,
        closed_at: row.get(6)?,
    };
    Ok((round, row.get(7)?))
}

/// What makes a round the only one of its year.
fn subject(vendor: Option<crate::neighbours::VendorId>) -> String {
    vendor.map_or_else(|| "own".to_owned(), |vendor| vendor.to_string())
}

/// Opens a round; false where that year has one already.
pub(crate) fn round_insert(tx: &mut Tx<'_>, scope: &Scope, round: &Round) -> Result<bool, DbError> {
    let rows = tx.run(
        scope,
        ROUND_INSERT,
        params![
            round.id,
            round.fiscal_year,
            round.variant.code(),
            round.vendor,
            subject(round.vendor),
            round.carried_from,
            round.opened_at,
            scope.person()
        ],
    )?;
    Ok(rows > 0)
}

/// Every round with the moment of its last change, newest year first.
pub(crate) fn rounds(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<(Round, DateTime<Utc>)>, DbError> {
    tx.all(scope, ROUNDS, &[], round)
}

pub(crate) fn round_get(tx: &mut Tx<'_>, scope: &Scope, id: RoundId) -> Result<Option<Round>, DbError> {
    tx.maybe(scope, ROUND, params![id], |row| Ok(round(row)?.0))
}

/// The round of a year about the institution itself or about a vendor.
pub(crate) fn round_of(
    tx: &mut Tx<'_>,
    scope: &Scope,
    fiscal_year: i32,
    vendor: Option<crate::neighbours::VendorId>,
) -> Result<Option<Round>, DbError> {
    tx.maybe(scope, ROUND_OF, params![fiscal_year, subject(vendor)], |row| Ok(round(row)?.0))
}

/// The latest round before a year, about the same.
pub(crate) fn round_before(
    tx: &mut Tx<'_>,
    scope: &Scope,
    fiscal_year: i32,
    vendor: Option<crate::neighbours::VendorId>,
) -> Result<Option<Round>, DbError> {
    tx.maybe(scope, ROUND_BEFORE, params![fiscal_year, subject(vendor)], |row| Ok(round(row)?.0))
}

/// Notes the change and keeps the round open until it is committed; false where the round is closed.
pub(crate) fn round_hold(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: RoundId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    tx.run(scope, ROUND_HOLD, params![id, now]).map(|rows| rows > 0)
}

pub(crate) fn round_carried(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: RoundId,
    from: RoundId,
) -> Result<(), DbError> {
    tx.run(scope, ROUND_CARRIED, params![id, from]).map(drop)
}

/// Closes a round; false where it is closed already.
pub(crate) fn round_close(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: RoundId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    tx.run(scope, ROUND_CLOSE, params![id, now, scope.person()]).map(|rows| rows > 0)
}

/// Opens a closed round again; false where it is open.
pub(crate) fn round_reopen(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: RoundId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    tx.run(scope, ROUND_REOPEN, params![id, now]).map(|rows| rows > 0)
}
