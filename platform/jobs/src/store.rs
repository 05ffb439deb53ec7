//! The SQL of background work.

use crate::{Job, JobId, State};
use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, Permissions, PersonId, Role, Scope};
use komainu_clock::Nature;
use komainu_db::{DbError, Outside, Row, Tx, params};
use serde::Serialize;

const ANY: Outside = Outside("a worker takes the next job of any organisation");

/// A job that took the program down this often is given up.
pub(crate) const ATTEMPTS: i64 = 3;

komainu_db::statements! {
    ENQUEUE = "INSERT INTO job (organisation_id, id, kind, payload, person_id, person_name, role, state, step, steps,
            stage, result, attempts, cancel_asked, created_at, permissions)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, $8, '', '', 0, FALSE, $9, $10)";
    FIND = "SELECT organisation_id, id, kind, payload, person_id, person_name, role, state, step, steps, stage, result,
        attempts, created_at, finished_at, permissions FROM job WHERE organisation_id = $1 AND id = $2";
    RECENT = "SELECT organisation_id, id, kind, payload, person_id, person_name, role, state, step, steps, stage, result,
        attempts, created_at, finished_at, permissions FROM job WHERE organisation_id = $1 AND kind = $2
        ORDER BY created_at DESC, id DESC LIMIT $3";
    CANCEL_WAITING = "UPDATE job SET state = 'cancelled', finished_at = $3
        WHERE organisation_id = $1 AND id = $2 AND state = 'waiting'";
    CANCEL_ASK = "UPDATE job SET cancel_asked = TRUE WHERE organisation_id = $1 AND id = $2 AND state = 'running'";
    CLAIM = "UPDATE job SET state = 'running', attempts = attempts + 1, lease_until = $2
        WHERE (organisation_id, id) = (SELECT organisation_id, id FROM job
            WHERE state = 'waiting' OR (state = 'running' AND lease_until < $1)
            ORDER BY created_at, id LIMIT 1)
        AND (state = 'waiting' OR (state = 'running' AND lease_until < $1))
        RETURNING organisation_id, id, kind, payload, person_id, person_name, role, state, step, steps, stage, result,
            attempts, created_at, finished_at, permissions";
    STEP = "UPDATE job SET step = $4, stage = $5, lease_until = $6
        WHERE organisation_id = $1 AND id = $2 AND state = 'running' AND attempts = $3 RETURNING cancel_asked";
    FINISH = "UPDATE job SET state = $4, result = $5, finished_at = $6, step = CASE WHEN $4 = 'done' THEN steps ELSE step END
        WHERE organisation_id = $1 AND id = $2 AND state = 'running' AND attempts = $3";
}

fn job(row: &Row<'_>) -> Result<Job, DbError> {
    let organisation: OrganisationId = row.get(0)?;
    let person: PersonId = row.get(4)?;
    let name: String = row.get(5)?;
    let (role, state): (String, String) = (row.get(6)?, row.get(7)?);
    let unknown = |what: &str| DbError::Other(format!("a job with an unknown word: {what}"));
    let role: Role = role.parse().map_err(|_| unknown(&role))?;
    let narrowed: Option<String> = row.get(15)?;
    let narrowed: Option<Permissions> =
        narrowed.map(|text| text.parse().map_err(|_| unknown(&text))).transpose()?;
    Ok(Job {
        id: row.get(1)?,
        kind: row.get(2)?,
        payload: row.get(3)?,
        scope: Scope::new(person, &name, organisation, role).narrowed_to(narrowed),
        state: State::from_code(&state).ok_or_else(|| unknown(&state))?,
        step: row.get(8)?,
        steps: row.get(9)?,
        stage: row.get(10)?,
        result: row.get(11)?,
        attempts: row.get(12)?,
        created_at: row.get(13)?,
        finished_at: row.get(14)?,
    })
}

/// Asks for work, in the transaction of the change that needs it.
///
/// # Errors
/// Database errors, and [`DbError::Other`] when the payload cannot be written as JSON.
pub fn enqueue(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    kind: &str,
    payload: &impl Serialize,
    steps: i64,
) -> Result<JobId, DbError> {
    let id = JobId(nature.id());
    let payload = serde_json::to_string(payload).map_err(|error| DbError::Other(error.to_string()))?;
    let (person, name, role) = (scope.person(), scope.person_name(), scope.role().code());
    let narrowed = scope.narrowed().map(ToString::to_string);
    tx.run(scope, ENQUEUE, params![id, kind, payload, person, name, role, steps, nature.now(), narrowed])?;
    Ok(id)
}

/// A job of the scope's organisation.
pub fn find(tx: &mut Tx<'_>, scope: &Scope, id: JobId) -> Result<Option<Job>, DbError> {
    tx.maybe(scope, FIND, params![id], job)
}

/// The newest jobs of one kind in the scope's organisation.
pub fn recent(tx: &mut Tx<'_>, scope: &Scope, kind: &str, limit: i64) -> Result<Vec<Job>, DbError> {
    tx.all(scope, RECENT, params![kind, limit], job)
}

/// Stops a job: at once where nobody has begun it, otherwise at its next step.
pub fn cancel(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, id: JobId) -> Result<(), DbError> {
    if tx.run(scope, CANCEL_WAITING, params![id, nature.now()])? == 0 {
        tx.run(scope, CANCEL_ASK, params![id])?;
    }
    Ok(())
}

pub(crate) fn claim(
    tx: &mut Tx<'_>,
    now: DateTime<Utc>,
    lease_until: DateTime<Utc>,
) -> Result<Option<Job>, DbError> {
    tx.maybe(&ANY, CLAIM, params![now, lease_until], job)
}

/// Notes a step and renews the lease; answers whether to stop, which is also so when someone else took the job over.
pub(crate) fn step(
    tx: &mut Tx<'_>,
    job: &Job,
    step: i64,
    stage: &str,
    lease_until: DateTime<Utc>,
) -> Result<bool, DbError> {
    let asked =
        tx.maybe(&job.scope, STEP, params![job.id, job.attempts, step, stage, lease_until], |row| {
            row.get(0)
        })?;
    Ok(asked.unwrap_or(true))
}

pub(crate) fn finish(
    tx: &mut Tx<'_>,
    job: &Job,
    state: State,
    result: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(&job.scope, FINISH, params![job.id, job.attempts, state.code(), result, now]).map(drop)
}
