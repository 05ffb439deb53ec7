//! The SQL of what is kept of the engine's answers.

use crate::answers::table_mark;
use crate::model::{ItemGain, Kept};
use chrono::NaiveDate;
use komainu_access::{OrganisationId, Scope};
use komainu_db::{DbError, Outside, Tx, params};
use komainu_exposure::Report;
use serde::{Deserialize, Serialize};

const MORNING: Outside = Outside("every morning it is seen which organisation's answer is missing");

komainu_db::statements! {
    KEPT = "SELECT ledger_revision, computed_at, good_until, report FROM exposure_result
        WHERE organisation_id = $1 AND computed_at IS NOT NULL";
    GAINS = "SELECT gains FROM exposure_result WHERE organisation_id = $1";
    /// Of two answers that come together, the one about the later ledger stays.
    KEEP = "INSERT INTO exposure_result (organisation_id, ledger_revision, computed_at, good_until, report, gains)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (organisation_id) DO UPDATE SET ledger_revision = excluded.ledger_revision,
            computed_at = excluded.computed_at, good_until = excluded.good_until, report = excluded.report,
            gains = excluded.gains
        WHERE exposure_result.ledger_revision <= excluded.ledger_revision";
    /// Ledgers whose answer is missing, or no longer holds today. Once a morning, so it may look at all of them.
    BEHIND = "SELECT r.organisation_id, r.revision FROM ledger_revision r
        LEFT JOIN exposure_result e ON e.organisation_id = r.organisation_id
        WHERE r.organisation_id > $1
            AND (e.organisation_id IS NULL OR e.ledger_revision < r.revision OR e.good_until < $2)
        ORDER BY r.organisation_id LIMIT $3";
}

komainu_db::sealed_columns! {
    REPORT_TEXT = "exposure_result"."report" by "organisation_id";
    GAINS_TEXT = "exposure_result"."gains" by "organisation_id";
}

/// A report as it is written down, with the table of probabilities that it was made by.
#[derive(Serialize, Deserialize)]
struct Written<R> {
    table: u64,
    report: R,
}

fn unwritable(error: serde_json::Error) -> DbError {
    DbError::Other(format!("an answer of the exposure engine: {error}"))
}

/// What is kept; nothing where another version of the program wrote it, whose words or numbers may have been others.
pub(crate) fn kept(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<Kept>, DbError> {
    let own = scope.organisation();
    let found = tx.maybe(scope, KEPT, &[], |row| {
        let text = REPORT_TEXT.open(row, 3, &[own.0.as_bytes()])?;
        let written = serde_json::from_str::<Written<Report>>(&text).ok();
        let Some(written) = written.filter(|written| written.table == table_mark()) else { return Ok(None) };
        Ok(Some(Kept {
            revision: row.get(0)?,
            computed_at: row.get(1)?,
            good_until: row.get(2)?,
            report: written.report,
        }))
    })?;
    Ok(found.flatten())
}

/// What the plan reads; empty where there is nothing.
pub(crate) fn gains(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<ItemGain>, DbError> {
    let own = scope.organisation();
    let text = tx.maybe(scope, GAINS, &[], |row| GAINS_TEXT.open(row, 0, &[own.0.as_bytes()]))?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Keeps an answer, unless there is one about a later ledger.
pub(crate) fn keep(tx: &mut Tx<'_>, scope: &Scope, kept: &Kept, gains: &[ItemGain]) -> Result<(), DbError> {
    let own = scope.organisation();
    let written = Written { table: table_mark(), report: &kept.report };
    let report = serde_json::to_string(&written).map_err(unwritable)?;
    let gains = serde_json::to_string(gains).map_err(unwritable)?;
    let report = REPORT_TEXT.close(tx, &[own.0.as_bytes()], &report)?;
    let gains = GAINS_TEXT.close(tx, &[own.0.as_bytes()], &gains)?;
    let row = params![kept.revision, kept.computed_at, kept.good_until, report, gains];
    tx.run(scope, KEEP, row).map(drop)
}

/// An organisation and the revision of its ledger.
pub(crate) type Standing = (OrganisationId, i64);

pub(crate) fn behind(
    tx: &mut Tx<'_>,
    after: OrganisationId,
    today: NaiveDate,
    limit: i64,
) -> Result<Vec<Standing>, DbError> {
    tx.all(&MORNING, BEHIND, params![after, today, limit], |row| Ok((row.get(0)?, row.get(1)?)))
}
