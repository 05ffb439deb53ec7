//! The SQL of the interview: which steps were answered.

use crate::Step;
use chrono::{DateTime, Utc};
use komainu_access::Scope;
use komainu_db::{DbError, Tx, params};
use std::collections::BTreeSet;

komainu_db::statements! {
    ANSWERED = "SELECT step FROM setup_step WHERE organisation_id = $1";
    ANSWER = "INSERT INTO setup_step (organisation_id, step, answered_at) VALUES ($1, $2, $3)
        ON CONFLICT (organisation_id, step) DO NOTHING";
    REOPEN = "DELETE FROM setup_step WHERE organisation_id = $1 AND step = $2";
}

pub(crate) fn answered(tx: &mut Tx<'_>, scope: &Scope) -> Result<BTreeSet<Step>, DbError> {
    let codes = tx.all(scope, ANSWERED, &[], |row| row.get::<String>(0))?;
    Ok(codes.iter().filter_map(|code| code.parse().ok()).collect())
}

/// True where the step was not answered before.
pub(crate) fn answer(
    tx: &mut Tx<'_>,
    scope: &Scope,
    step: Step,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    tx.run(scope, ANSWER, params![step.code(), now]).map(|rows| rows > 0)
}

/// True where the step was answered before.
pub(crate) fn reopen(tx: &mut Tx<'_>, scope: &Scope, step: Step) -> Result<bool, DbError> {
    tx.run(scope, REOPEN, params![step.code()]).map(|rows| rows > 0)
}
