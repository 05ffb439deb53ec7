//! The SQL of routines. They belong to the installation, so these queries stand outside.

use super::Standing;
use chrono::{DateTime, Utc};
use komainu_db::{DbError, Outside, Tx, params};

const OUTSIDE: Outside = Outside("a routine belongs to the installation");

komainu_db::statements! {
    MAKE = "INSERT INTO routine (name, due_at, turn, attempts, asked_by, step, steps, stage)
        VALUES ($1, $2, 0, 0, '', 0, 0, '') ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at
        WHERE routine.due_at IS NULL OR excluded.due_at < routine.due_at";
    CLAIM = "UPDATE routine SET lease_until = $3, turn = turn + 1, attempts = attempts + 1, step = 0, steps = 0, stage = ''
        WHERE name = $1 AND due_at <= $2 AND (lease_until IS NULL OR lease_until < $2)
        RETURNING turn, attempts, asked_by";
    STEP = "UPDATE routine SET stage = $3, step = $4, steps = $5, lease_until = $6 WHERE name = $1 AND turn = $2";
    LAY_DOWN = "UPDATE routine SET lease_until = NULL, attempts = 0 WHERE name = $1 AND turn = $2";
    FINISH = "UPDATE routine SET due_at = $3, lease_until = NULL, attempts = 0, asked_by = '' WHERE name = $1 AND turn = $2";
    ASK = "UPDATE routine SET due_at = $2, asked_by = $3 WHERE name = $1 AND (due_at IS NULL OR due_at > $2)";
    LOOK = "SELECT due_at, lease_until, step, steps, stage FROM routine WHERE name = $1";
}

/// Makes the row where there is none, or brings its time forward.
pub(super) fn make(tx: &mut Tx<'_>, name: &str, due_at: Option<DateTime<Utc>>) -> Result<(), DbError> {
    tx.run(&OUTSIDE, MAKE, params![name, due_at]).map(drop)
}

/// Takes a routine that is due and that nobody holds: the number of this turn, how often it was begun without an end,
/// and who asked for it.
pub(super) fn claim(
    tx: &mut Tx<'_>,
    name: &str,
    now: DateTime<Utc>,
    lease_until: DateTime<Utc>,
) -> Result<Option<(i64, i64, String)>, DbError> {
    tx.maybe(&OUTSIDE, CLAIM, params![name, now, lease_until], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })
}

/// Notes a step and renews the lease; false where somebody else took the routine over.
pub(super) fn step(
    tx: &mut Tx<'_>,
    name: &str,
    turn: i64,
    (stage, step, steps): (&str, i64, i64),
    lease_until: DateTime<Utc>,
) -> Result<bool, DbError> {
    Ok(tx.run(&OUTSIDE, STEP, params![name, turn, stage, step, steps, lease_until])? > 0)
}

/// Leaves a routine as due as it was, for whoever is there next.
pub(super) fn lay_down(tx: &mut Tx<'_>, name: &str, turn: i64) -> Result<(), DbError> {
    tx.run(&OUTSIDE, LAY_DOWN, params![name, turn]).map(drop)
}

pub(super) fn finish(
    tx: &mut Tx<'_>,
    name: &str,
    turn: i64,
    due_at: Option<DateTime<Utc>>,
) -> Result<(), DbError> {
    tx.run(&OUTSIDE, FINISH, params![name, turn, due_at]).map(drop)
}

/// Asks for a routine now, in the caller's transaction; one that is under way stays as it is.
pub fn ask(tx: &mut Tx<'_>, name: &str, by: &str, now: DateTime<Utc>) -> Result<(), DbError> {
    make(tx, name, None)?;
    tx.run(&OUTSIDE, ASK, params![name, now, by]).map(drop)
}

/// Where a routine stands; nothing where no node ever did it.
pub fn look(tx: &mut Tx<'_>, name: &str) -> Result<Option<Standing>, DbError> {
    tx.maybe(&OUTSIDE, LOOK, params![name], |row| {
        Ok(Standing {
            due_at: row.get(0)?,
            lease_until: row.get(1)?,
            step: row.get(2)?,
            steps: row.get(3)?,
            stage: row.get(4)?,
        })
    })
}
