//! The SQL of background work.

use crate::{Job, JobId, Listed, Pile, State, Task};
use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, Permissions, PersonId, Role, Scope};
use komainu_clock::Nature;
use komainu_db::{DbError, Outside, Row, Tx, params};
use serde::Serialize;

const ANY: Outside = Outside("a worker takes the next job of any organisation");
const RUNS: Outside = Outside("whoever runs the installation sees its background work");

komainu_db::statements! {
    ENQUEUE = "INSERT INTO job (organisation_id, id, kind, payload, person_id, person_name, role, state, step, steps,
            stage, result, attempts, tries, cancel_asked, created_at, key, run_at, permissions)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, $8, '', '', 0, 0, FALSE, $9, $10, $11, $12)
        ON CONFLICT DO NOTHING";
    FIND = "SELECT organisation_id, id, kind, payload, person_id, person_name, role, state, step, steps, stage, result,
        attempts, tries, run_at, created_at, finished_at, permissions FROM job WHERE organisation_id = $1 AND id = $2";
    RECENT = "SELECT organisation_id, id, kind, payload, person_id, person_name, role, state, step, steps, stage, result,
        attempts, tries, run_at, created_at, finished_at, permissions FROM job WHERE organisation_id = $1 AND kind = $2
        ORDER BY created_at DESC, id DESC LIMIT $3";
    /// A slash ends the first part of a key; the character after it begins what comes behind them all.
    RECENT_BY_KEY = "SELECT organisation_id, id, kind, payload, person_id, person_name, role, state, step, steps, stage,
        result, attempts, tries, run_at, created_at, finished_at, permissions FROM job
        WHERE organisation_id = $1 AND kind = $2 AND key > $3 AND key < $4
        ORDER BY created_at DESC, id DESC LIMIT $5";
    CANCEL_WAITING = "UPDATE job SET state = 'cancelled', finished_at = $3
        WHERE organisation_id = $1 AND id = $2 AND state = 'waiting'";
    CANCEL_ASK = "UPDATE job SET cancel_asked = TRUE WHERE organisation_id = $1 AND id = $2 AND state = 'running'";
    RETRY = "UPDATE job SET state = 'waiting', run_at = $3, tries = 0, step = 0, stage = '', result = '',
            cancel_asked = FALSE, finished_at = NULL
        WHERE organisation_id = $1 AND id = $2 AND state <> 'running' AND payload <> ''";
    DUE = "SELECT count(*) FROM (SELECT 1 FROM job WHERE kind = $1
        AND ((state = 'waiting' AND run_at <= $2) OR (state = 'running' AND lease_until < $2)) LIMIT 1) AS due";
    CLAIM = "UPDATE job SET state = 'running', attempts = attempts + 1, tries = tries + 1, lease_until = $3
        WHERE (organisation_id, id) = (SELECT organisation_id, id FROM job WHERE kind = $1
            AND ((state = 'waiting' AND run_at <= $2) OR (state = 'running' AND lease_until < $2))
            ORDER BY run_at, id LIMIT 1)
        AND ((state = 'waiting' AND run_at <= $2) OR (state = 'running' AND lease_until < $2))
        RETURNING organisation_id, id, kind, payload, person_id, person_name, role, state, step, steps, stage, result,
            attempts, tries, run_at, created_at, finished_at, permissions";
    STEP = "UPDATE job SET step = $4, stage = $5, lease_until = $6
        WHERE organisation_id = $1 AND id = $2 AND state = 'running' AND attempts = $3 RETURNING cancel_asked";
    HEARTBEAT = "UPDATE job SET lease_until = $4
        WHERE organisation_id = $1 AND id = $2 AND state = 'running' AND attempts = $3";
    FINISH = "UPDATE job SET state = $4, result = $5, finished_at = $6, payload = $7,
            step = CASE WHEN $4 = 'done' THEN steps ELSE step END
        WHERE organisation_id = $1 AND id = $2 AND state = 'running' AND attempts = $3";
    POSTPONE = "UPDATE job SET state = CASE WHEN cancel_asked THEN 'cancelled' ELSE 'waiting' END, result = $4,
            run_at = $5, finished_at = CASE WHEN cancel_asked THEN $6 ELSE finished_at END
        WHERE organisation_id = $1 AND id = $2 AND state = 'running' AND attempts = $3";
    SWEEP = "DELETE FROM job WHERE kind = $1 AND state IN ('done', 'failed', 'cancelled') AND finished_at < $2";

    LISTED_OPEN = "SELECT j.organisation_id, j.id, j.kind, j.payload, j.person_id, j.person_name, j.role, j.state, j.step,
            j.steps, j.stage, j.result, j.attempts, j.tries, j.run_at, j.created_at, j.finished_at, j.permissions,
            o.name
        FROM job j JOIN organisation o ON o.id = j.organisation_id WHERE j.state IN ('waiting', 'running')
        ORDER BY j.state, j.created_at, j.id LIMIT $1";
    LISTED_FAILED = "SELECT j.organisation_id, j.id, j.kind, j.payload, j.person_id, j.person_name, j.role, j.state, j.step,
            j.steps, j.stage, j.result, j.attempts, j.tries, j.run_at, j.created_at, j.finished_at, j.permissions,
            o.name
        FROM job j JOIN organisation o ON o.id = j.organisation_id WHERE j.state = 'failed'
        ORDER BY j.created_at DESC, j.id LIMIT $1";
    FIND_ANY = "SELECT organisation_id, id, kind, payload, person_id, person_name, role, state, step, steps, stage, result,
        attempts, tries, run_at, created_at, finished_at, permissions FROM job WHERE organisation_id = $1 AND id = $2";
    PILES = "SELECT kind, state, count(*), min(run_at) FROM job WHERE state IN ('waiting', 'running', 'failed')
        GROUP BY kind, state ORDER BY kind, state";
}

fn job(row: &Row<'_>) -> Result<Job, DbError> {
    let organisation: OrganisationId = row.get(0)?;
    let person: PersonId = row.get(4)?;
    let name: String = row.get(5)?;
    let (role, state): (String, String) = (row.get(6)?, row.get(7)?);
    let role: Role = role.parse().map_err(|_| unknown(&role))?;
    let narrowed: Option<String> = row.get(17)?;
    let narrowed: Option<Permissions> =
        narrowed.map(|text| text.parse().map_err(|_| unknown(&text))).transpose()?;
    Ok(Job {
        id: row.get(1)?,
        kind: row.get(2)?,
        payload: row.get(3)?,
        scope: Scope::new(person, &name, organisation, role).narrowed_to(narrowed),
        state: state_of(&state)?,
        step: row.get(8)?,
        steps: row.get(9)?,
        stage: row.get(10)?,
        result: row.get(11)?,
        attempts: row.get(12)?,
        tries: row.get(13)?,
        run_at: row.get(14)?,
        created_at: row.get(15)?,
        finished_at: row.get(16)?,
    })
}

fn state_of(code: &str) -> Result<State, DbError> {
    State::from_code(code).ok_or_else(|| unknown(code))
}

fn unknown(what: &str) -> DbError {
    DbError::Other(format!("a job with an unknown word: {what}"))
}

/// Asks for work that is done once as soon as possible, in the transaction of the change that needs it.
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
    insert(tx, nature, scope, id, &Task { steps, ..Task::new(kind, payload) })?;
    Ok(id)
}

pub(crate) fn insert(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: JobId,
    task: &Task<'_, impl Serialize>,
) -> Result<bool, DbError> {
    let payload = serde_json::to_string(task.payload).map_err(|error| DbError::Other(error.to_string()))?;
    let (person, name, role, now) = (scope.person(), scope.person_name(), scope.role().code(), nature.now());
    let run_at = task.run_at.unwrap_or(now);
    let narrowed = scope.narrowed().map(ToString::to_string);
    let row =
        params![id, task.kind, payload, person, name, role, task.steps, now, task.key, run_at, narrowed];
    tx.ring();
    Ok(tx.run(scope, ENQUEUE, row)? == 1)
}

/// A job of the scope's organisation.
pub fn find(tx: &mut Tx<'_>, scope: &Scope, id: JobId) -> Result<Option<Job>, DbError> {
    tx.maybe(scope, FIND, params![id], job)
}

/// The newest jobs of one kind in the scope's organisation.
pub fn recent(tx: &mut Tx<'_>, scope: &Scope, kind: &str, limit: i64) -> Result<Vec<Job>, DbError> {
    tx.all(scope, RECENT, params![kind, limit], job)
}

/// The newest jobs of one kind in the scope's organisation whose key begins with `part` and a slash.
pub fn recent_by_key(
    tx: &mut Tx<'_>,
    scope: &Scope,
    kind: &str,
    part: &str,
    limit: i64,
) -> Result<Vec<Job>, DbError> {
    tx.all(scope, RECENT_BY_KEY, params![kind, format!("{part}/"), format!("{part}0"), limit], job)
}

/// Stops a job: at once where nobody has begun it, otherwise at its next step.
pub fn cancel(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, id: JobId) -> Result<(), DbError> {
    if tx.run(scope, CANCEL_WAITING, params![id, nature.now()])? == 0 {
        tx.run(scope, CANCEL_ASK, params![id])?;
    }
    Ok(())
}

/// Does a job again, at once and with all its tries; false where it runs, or where what it was about was let go.
pub fn retry(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, id: JobId) -> Result<bool, DbError> {
    tx.ring();
    Ok(tx.run(scope, RETRY, params![id, nature.now()])? == 1)
}

/// Whether a job of this kind could be taken now.
pub(crate) fn is_due(tx: &mut Tx<'_>, kind: &str, now: DateTime<Utc>) -> Result<bool, DbError> {
    Ok(tx.one(&ANY, DUE, params![kind, now], |row| row.get::<i64>(0))? > 0)
}

pub(crate) fn claim(
    tx: &mut Tx<'_>,
    kind: &str,
    now: DateTime<Utc>,
    lease_until: DateTime<Utc>,
) -> Result<Option<Job>, DbError> {
    tx.maybe(&ANY, CLAIM, params![kind, now, lease_until], job)
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

/// Renews the lease of a job that has no step to tell.
pub(crate) fn heartbeat(tx: &mut Tx<'_>, job: &Job, lease_until: DateTime<Utc>) -> Result<(), DbError> {
    tx.run(&job.scope, HEARTBEAT, params![job.id, job.attempts, lease_until]).map(drop)
}

pub(crate) fn finish(
    tx: &mut Tx<'_>,
    job: &Job,
    state: State,
    result: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(&job.scope, FINISH, params![job.id, job.attempts, state.code(), result, now, &job.payload])
        .map(drop)
}

/// Puts a job back for later; one that was asked to stop meanwhile is over.
pub(crate) fn postpone(
    tx: &mut Tx<'_>,
    job: &Job,
    why: &str,
    run_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(&job.scope, POSTPONE, params![job.id, job.attempts, why, run_at, now]).map(drop)
}

/// Removes the rows of one kind that ended before a moment.
pub(crate) fn sweep(tx: &mut Tx<'_>, kind: &str, before: DateTime<Utc>) -> Result<usize, DbError> {
    tx.run(&ANY, SWEEP, params![kind, before])
}

fn listed(row: &Row<'_>) -> Result<Listed, DbError> {
    Ok(Listed { job: job(row)?, organisation: row.get(18)? })
}

/// The jobs of the whole installation that run or wait, in the order in which they were asked for.
pub fn open_everywhere(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Listed>, DbError> {
    tx.all(&RUNS, LISTED_OPEN, params![limit], listed)
}

/// The jobs of the whole installation that failed, the newest first.
pub fn failed_everywhere(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Listed>, DbError> {
    tx.all(&RUNS, LISTED_FAILED, params![limit], listed)
}

/// A job of any organisation, for whoever runs the installation.
pub fn find_anywhere(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    id: JobId,
) -> Result<Option<Job>, DbError> {
    tx.maybe(&RUNS, FIND_ANY, params![organisation, id], job)
}

/// How many jobs wait, run or failed, by kind.
pub fn piles(tx: &mut Tx<'_>) -> Result<Vec<Pile>, DbError> {
    tx.all(&RUNS, PILES, &[], |row| {
        let state: String = row.get(1)?;
        Ok(Pile { kind: row.get(0)?, state: state_of(&state)?, count: row.get(2)?, oldest: row.get(3)? })
    })
}
