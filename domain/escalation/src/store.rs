//! The SQL of escalations.

use crate::model::{
    Call, CallId, CallState, Callee, Escalation, EscalationId, Kind, KnownHow, Message, MessageId,
    MessageState, Plan, PlanDetails, PlanId, Schedule, State, Step, Told,
};
use chrono::{DateTime, NaiveDate, Utc};
use komainu_access::{OrganisationId, Scope};
use komainu_db::uuid::Uuid;
use komainu_db::{DbError, Outside, Part, Row, Tx, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::str::FromStr;

/// Why the driver looks at every organisation's rows.
const DRIVER: Outside = Outside("the driver goes on with whatever is due in any organisation");
/// Why an answer is looked for everywhere.
const ANSWER: Outside = Outside("whoever got a message names no organisation before its secret was found");

macro_rules! escalation {
    ($rest:literal) => {
        concat!(
            "SELECT organisation_id, id, plan_id, plan_name, kind, everyone, subject_kind, subject_id, detail, state,
                started_at, started_by_name, ended_at, version, held_until
            FROM escalation ",
            $rest
        )
    };
}

macro_rules! call {
    ($rest:literal) => {
        concat!(
            "SELECT id, step, place, contact_id, detail, wait_minutes, state, tried, sent, asked_at, next_at, due_at, known_at,
                known_how, known_by_name
            FROM escalation_call ",
            $rest
        )
    };
}

komainu_db::statements! {
    PLANS = "SELECT id, name, starts_with, everyone, version FROM escalation_plan WHERE organisation_id = $1
        ORDER BY created_at, id";
    PLANS_PART = "SELECT id, name, starts_with, everyone, version FROM escalation_plan WHERE organisation_id = $1 AND id > $2
        ORDER BY id LIMIT $3";
    PLAN_GET = "SELECT id, name, starts_with, everyone, version FROM escalation_plan WHERE organisation_id = $1 AND id = $2";
    PLAN_ADD = "INSERT INTO escalation_plan (organisation_id, id, name, starts_with, everyone, created_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, 1)";
    PLAN_SAVE = "UPDATE escalation_plan SET name = $4, starts_with = $5, everyone = $6, version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND version = $3";
    PLAN_REMOVE = "DELETE FROM escalation_plan WHERE organisation_id = $1 AND id = $2 AND version = $3";
    STEPS = "SELECT plan_id, contact_id, wait_minutes FROM escalation_step WHERE organisation_id = $1
        ORDER BY plan_id, position";
    STEP_ADD = "INSERT INTO escalation_step (organisation_id, plan_id, position, contact_id, wait_minutes)
        VALUES ($1, $2, $3, $4, $5)";
    STEPS_REMOVE = "DELETE FROM escalation_step WHERE organisation_id = $1 AND plan_id = $2";
    ADD = "INSERT INTO escalation (organisation_id, id, plan_id, plan_name, kind, everyone, subject_kind, subject_id, detail,
            state, started_at, started_by_name, next_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'running', $10, $11, $10, 1)";
    STARTED = "SELECT id FROM escalation WHERE organisation_id = $1 AND subject_kind = $2 AND subject_id = $3 AND plan_id = $4";
    GET = escalation!("WHERE organisation_id = $1 AND id = $2");
    LATEST = escalation!("WHERE organisation_id = $1 ORDER BY id DESC LIMIT $2");
    PART = escalation!("WHERE organisation_id = $1 AND id > $2 ORDER BY id LIMIT $3");
    DUE = escalation!("WHERE next_at <= $1 AND (held_until IS NULL OR held_until <= $1) ORDER BY next_at, id LIMIT $2");
    /// Of two nodes that found the same, only one goes on.
    HOLD = "UPDATE escalation SET held_until = $4, version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND version = $3";
    /// It may be over, be due again, and is in nobody's hand any more.
    LEAVE = "UPDATE escalation SET state = $3, ended_at = $4, next_at = $5, held_until = $6, version = version + 1
        WHERE organisation_id = $1 AND id = $2";
    WAKE = "UPDATE escalation SET next_at = $3, version = version + 1 WHERE organisation_id = $1 AND id = $2";
    VERSION = "SELECT version FROM escalation WHERE organisation_id = $1 AND id = $2";
    LAST_TEST = "SELECT max(started_at) FROM escalation WHERE organisation_id = $1 AND kind = 'test' AND state <> 'stopped'";
    RUNNING_TEST = "SELECT id FROM escalation WHERE organisation_id = $1 AND kind = 'test' AND state = 'running'
        ORDER BY id DESC LIMIT 1";
    LAST_TEST_SILENT = "SELECT count(*) FROM escalation_call WHERE organisation_id = $1 AND state <> 'known' AND escalation_id = (
            SELECT id FROM escalation WHERE organisation_id = $1 AND kind = 'test' AND state IN ('known', 'exhausted')
            ORDER BY id DESC LIMIT 1)";
    COUNTED = "SELECT escalation_id, count(*), count(CASE WHEN state = 'known' THEN 1 END) FROM escalation_call
        WHERE organisation_id = $1 GROUP BY escalation_id";
    CALL_ADD = "INSERT INTO escalation_call (organisation_id, id, escalation_id, step, place, contact_id, detail, wait_minutes,
            state, tried, sent, known_how, known_by_name)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', 0, 0, '', '')";
    CALLS = call!("WHERE organisation_id = $1 AND escalation_id = $2 ORDER BY step, place");
    CALL_GET = call!("WHERE organisation_id = $1 AND id = $2");
    CALL_SAVE = "UPDATE escalation_call SET state = $3, tried = $4, sent = $5, asked_at = $6, next_at = $7, due_at = $8,
            known_at = $9, known_how = $10, known_by_name = $11
        WHERE organisation_id = $1 AND id = $2";
    MESSAGE_ADD = "INSERT INTO escalation_message (organisation_id, id, escalation_id, call_id, position, way, token_hash, state,
            begun_at, said)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'begun', $8, '')";
    MESSAGES = "SELECT id, call_id, position, way, state, begun_at, ended_at, said FROM escalation_message
        WHERE organisation_id = $1 AND escalation_id = $2 ORDER BY begun_at, id";
    MESSAGE_SETTLE = "UPDATE escalation_message SET state = $3, ended_at = $4, said = $5
        WHERE organisation_id = $1 AND id = $2 AND state = 'begun'";
    BY_TOKEN = "SELECT m.organisation_id, m.escalation_id, m.call_id, m.begun_at, o.name
        FROM escalation_message m JOIN organisation o ON o.id = m.organisation_id WHERE m.token_hash = $1";
    SCHEDULE = "SELECT months, next_on, version FROM escalation_schedule WHERE organisation_id = $1";
    SCHEDULE_ADD = "INSERT INTO escalation_schedule (organisation_id, months, next_on, version) VALUES ($1, $2, $3, 1)";
    SCHEDULE_SAVE = "UPDATE escalation_schedule SET months = $3, next_on = $4, version = version + 1
        WHERE organisation_id = $1 AND version = $2";
    TESTS_DUE = "SELECT organisation_id, months, next_on, version FROM escalation_schedule
        WHERE months > 0 AND next_on <= $1 ORDER BY next_on LIMIT $2";
}

komainu_db::sealed_columns! {
    TOLD = "escalation"."detail" by "id";
    CALLEE = "escalation_call"."detail" by "id";
}

fn wrong(what: &str) -> DbError {
    DbError::Other(format!("{what} of an escalation cannot be read"))
}

fn code<T: FromStr>(text: &str, what: &str) -> Result<T, DbError> {
    text.parse().map_err(|_| wrong(what))
}

fn json<T: DeserializeOwned>(text: &str, what: &str) -> Result<T, DbError> {
    serde_json::from_str(text).map_err(|_| wrong(what))
}

fn text(value: &impl Serialize) -> Result<String, DbError> {
    serde_json::to_string(value).map_err(|error| DbError::Other(error.to_string()))
}

fn count(number: i64) -> usize {
    usize::try_from(number).unwrap_or_default()
}

fn plan(row: &Row<'_>) -> Result<Plan, DbError> {
    Ok(Plan {
        id: row.get(0)?,
        details: PlanDetails {
            name: row.get(1)?,
            starts_with: code(&row.get::<String>(2)?, "what starts a plan")?,
            everyone: row.get(3)?,
            steps: Vec::new(),
        },
        version: row.get(4)?,
    })
}

/// One that is due, with whether somebody had it in hand and let it fall.
pub(crate) struct Due {
    pub(crate) organisation: OrganisationId,
    pub(crate) escalation: Escalation,
    pub(crate) was_held: bool,
}

fn escalation(row: &Row<'_>) -> Result<Due, DbError> {
    let id: EscalationId = row.get(1)?;
    let subject_kind: String = row.get(6)?;
    let subject: Option<Uuid> = row.get(7)?;
    let told: Told = json(&TOLD.open(row, 8, &[id.0.as_bytes()])?, "the words")?;
    let escalation = Escalation {
        id,
        plan: row.get(2)?,
        plan_name: row.get(3)?,
        kind: code::<Kind>(&row.get::<String>(4)?, "the kind")?,
        everyone: row.get(5)?,
        subject: subject.map(|id| (subject_kind, id)),
        told,
        state: code::<State>(&row.get::<String>(9)?, "the state")?,
        started_at: row.get(10)?,
        started_by_name: row.get(11)?,
        ended_at: row.get(12)?,
        version: row.get(13)?,
    };
    let held_until: Option<DateTime<Utc>> = row.get(14)?;
    Ok(Due { organisation: row.get(0)?, escalation, was_held: held_until.is_some() })
}

fn call(row: &Row<'_>) -> Result<Call, DbError> {
    let id: CallId = row.get(0)?;
    let callee: Callee = json(&CALLEE.open(row, 4, &[id.0.as_bytes()])?, "a call")?;
    let how: String = row.get(13)?;
    Ok(Call {
        id,
        step: row.get(1)?,
        place: row.get(2)?,
        contact: row.get(3)?,
        callee,
        wait_minutes: row.get(5)?,
        state: code::<CallState>(&row.get::<String>(6)?, "the state of a call")?,
        tried: count(row.get(7)?),
        sent: row.get(8)?,
        asked_at: row.get(9)?,
        next_at: row.get(10)?,
        due_at: row.get(11)?,
        known_at: row.get(12)?,
        known_how: if how.is_empty() { None } else { Some(code::<KnownHow>(&how, "an answer")?) },
        known_by_name: row.get(14)?,
    })
}

fn message(row: &Row<'_>) -> Result<Message, DbError> {
    Ok(Message {
        id: row.get(0)?,
        call: row.get(1)?,
        position: count(row.get(2)?),
        way: code(&row.get::<String>(3)?, "a way")?,
        state: code::<MessageState>(&row.get::<String>(4)?, "a message")?,
        begun_at: row.get(5)?,
        ended_at: row.get(6)?,
        said: row.get(7)?,
    })
}

fn with_steps(tx: &mut Tx<'_>, scope: &Scope, mut plans: Vec<Plan>) -> Result<Vec<Plan>, DbError> {
    let steps = tx.all(scope, STEPS, &[], |row| {
        Ok((row.get::<PlanId>(0)?, Step { contact: row.get(1)?, wait_minutes: row.get(2)? }))
    })?;
    for (of, step) in steps {
        if let Some(plan) = plans.iter_mut().find(|plan| plan.id == of) {
            plan.details.steps.push(step);
        }
    }
    Ok(plans)
}

pub(crate) fn plans(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Plan>, DbError> {
    let plans = tx.all(scope, PLANS, &[], plan)?;
    with_steps(tx, scope, plans)
}

pub(crate) fn plans_part(tx: &mut Tx<'_>, scope: &Scope, part: &Part<PlanId>) -> Result<Vec<Plan>, DbError> {
    let after = part.after.unwrap_or(PlanId(Uuid::nil()));
    let plans = tx.all(scope, PLANS_PART, params![after, part.limit], plan)?;
    with_steps(tx, scope, plans)
}

pub(crate) fn plan_get(tx: &mut Tx<'_>, scope: &Scope, id: PlanId) -> Result<Option<Plan>, DbError> {
    let Some(found) = tx.maybe(scope, PLAN_GET, params![id], plan)? else { return Ok(None) };
    Ok(with_steps(tx, scope, vec![found])?.pop())
}

pub(crate) fn plan_add(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (id, new): (PlanId, &PlanDetails),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(scope, PLAN_ADD, params![id, &new.name, new.starts_with.code(), new.everyone, now])?;
    steps_save(tx, scope, id, &new.steps)
}

fn steps_save(tx: &mut Tx<'_>, scope: &Scope, id: PlanId, steps: &[Step]) -> Result<(), DbError> {
    tx.run(scope, STEPS_REMOVE, params![id])?;
    for (position, step) in (0_i64..).zip(steps) {
        tx.run(scope, STEP_ADD, params![id, position, step.contact, step.wait_minutes])?;
    }
    Ok(())
}

/// False where the stored version is another.
pub(crate) fn plan_save(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (id, version): (PlanId, i64),
    new: &PlanDetails,
) -> Result<bool, DbError> {
    let values = params![id, version, &new.name, new.starts_with.code(), new.everyone];
    if tx.run(scope, PLAN_SAVE, values)? == 0 {
        return Ok(false);
    }
    steps_save(tx, scope, id, &new.steps)?;
    Ok(true)
}

/// Removes a plan of this version, which the caller has seen.
pub(crate) fn plan_remove(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (id, version): (PlanId, i64),
) -> Result<bool, DbError> {
    tx.run(scope, STEPS_REMOVE, params![id])?;
    tx.run(scope, PLAN_REMOVE, params![id, version]).map(|rows| rows > 0)
}

pub(crate) fn started(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (kind, id): (&str, Uuid),
    plan: PlanId,
) -> Result<bool, DbError> {
    let found = tx.maybe(scope, STARTED, params![kind, id, plan], |row| row.get::<EscalationId>(0))?;
    Ok(found.is_some())
}

pub(crate) fn add(tx: &mut Tx<'_>, scope: &Scope, new: &Escalation, calls: &[Call]) -> Result<(), DbError> {
    let (kind, subject) = new.subject.as_ref().map_or(("", None), |(kind, id)| (kind.as_str(), Some(*id)));
    let told = TOLD.close(tx, &[new.id.0.as_bytes()], &text(&new.told)?)?;
    tx.run(
        scope,
        ADD,
        params![
            new.id,
            new.plan,
            &new.plan_name,
            new.kind.code(),
            new.everyone,
            kind,
            subject,
            told,
            new.started_at,
            &new.started_by_name
        ],
    )?;
    for call in calls {
        let detail = CALLEE.close(tx, &[call.id.0.as_bytes()], &text(&call.callee)?)?;
        let values = params![call.id, new.id, call.step, call.place, call.contact, detail, call.wait_minutes];
        tx.run(scope, CALL_ADD, values)?;
    }
    Ok(())
}

pub(crate) fn get(tx: &mut Tx<'_>, scope: &Scope, id: EscalationId) -> Result<Option<Escalation>, DbError> {
    Ok(tx.maybe(scope, GET, params![id], escalation)?.map(|due| due.escalation))
}

pub(crate) fn latest(tx: &mut Tx<'_>, scope: &Scope, limit: i64) -> Result<Vec<Escalation>, DbError> {
    Ok(tx.all(scope, LATEST, params![limit], escalation)?.into_iter().map(|due| due.escalation).collect())
}

pub(crate) fn part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<EscalationId>,
) -> Result<Vec<Escalation>, DbError> {
    let after = part.after.unwrap_or(EscalationId(Uuid::nil()));
    let all = tx.all(scope, PART, params![after, part.limit], escalation)?;
    Ok(all.into_iter().map(|due| due.escalation).collect())
}

pub(crate) fn due(tx: &mut Tx<'_>, now: DateTime<Utc>, limit: i64) -> Result<Vec<Due>, DbError> {
    tx.all(&DRIVER, DUE, params![now, limit], escalation)
}

/// False where another node has it.
pub(crate) fn hold(
    tx: &mut Tx<'_>,
    scope: &Scope,
    it: &Escalation,
    until: DateTime<Utc>,
) -> Result<bool, DbError> {
    tx.run(scope, HOLD, params![it.id, it.version, until]).map(|rows| rows > 0)
}

/// How an escalation is left: state, when it was over, when there is something to do again, and until when a node has it.
pub(crate) struct Left {
    pub(crate) state: State,
    pub(crate) ended_at: Option<DateTime<Utc>>,
    pub(crate) next_at: Option<DateTime<Utc>>,
    pub(crate) held_until: Option<DateTime<Utc>>,
}

pub(crate) fn leave(tx: &mut Tx<'_>, scope: &Scope, id: EscalationId, left: &Left) -> Result<(), DbError> {
    let values = params![id, left.state.code(), left.ended_at, left.next_at, left.held_until];
    tx.run(scope, LEAVE, values).map(drop)
}

/// There is something to do at this moment.
pub(crate) fn wake(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: EscalationId,
    at: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(scope, WAKE, params![id, at]).map(drop)
}

pub(crate) fn version(tx: &mut Tx<'_>, scope: &Scope, id: EscalationId) -> Result<Option<i64>, DbError> {
    tx.maybe(scope, VERSION, params![id], |row| row.get(0))
}

pub(crate) fn last_test(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<DateTime<Utc>>, DbError> {
    Ok(tx.maybe(scope, LAST_TEST, &[], |row| row.get::<Option<DateTime<Utc>>>(0))?.flatten())
}

pub(crate) fn last_test_silent(tx: &mut Tx<'_>, scope: &Scope) -> Result<i64, DbError> {
    Ok(tx.maybe(scope, LAST_TEST_SILENT, &[], |row| row.get(0))?.unwrap_or_default())
}

/// Of how many calls how many are known, by escalation.
pub(crate) fn counted(tx: &mut Tx<'_>, scope: &Scope) -> Result<HashMap<EscalationId, (i64, i64)>, DbError> {
    let all = tx.all(scope, COUNTED, &[], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
    Ok(all.into_iter().collect())
}

pub(crate) fn running_test(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<EscalationId>, DbError> {
    tx.maybe(scope, RUNNING_TEST, &[], |row| row.get(0))
}

pub(crate) fn calls(tx: &mut Tx<'_>, scope: &Scope, id: EscalationId) -> Result<Vec<Call>, DbError> {
    tx.all(scope, CALLS, params![id], call)
}

pub(crate) fn call_get(tx: &mut Tx<'_>, scope: &Scope, id: CallId) -> Result<Option<Call>, DbError> {
    tx.maybe(scope, CALL_GET, params![id], call)
}

pub(crate) fn call_save(tx: &mut Tx<'_>, scope: &Scope, call: &Call) -> Result<(), DbError> {
    let tried = i64::try_from(call.tried).unwrap_or(i64::MAX);
    let values = params![
        call.id,
        call.state.code(),
        tried,
        call.sent,
        call.asked_at,
        call.next_at,
        call.due_at,
        call.known_at,
        call.known_how.map_or("", KnownHow::code),
        &call.known_by_name
    ];
    tx.run(scope, CALL_SAVE, values).map(drop)
}

pub(crate) fn message_add(
    tx: &mut Tx<'_>,
    scope: &Scope,
    escalation: EscalationId,
    (new, token_hash): (&Message, &[u8]),
) -> Result<(), DbError> {
    let position = i64::try_from(new.position).unwrap_or(i64::MAX);
    let values = params![new.id, escalation, new.call, position, new.way.code(), token_hash, new.begun_at];
    tx.run(scope, MESSAGE_ADD, values).map(drop)
}

pub(crate) fn messages(tx: &mut Tx<'_>, scope: &Scope, id: EscalationId) -> Result<Vec<Message>, DbError> {
    tx.all(scope, MESSAGES, params![id], message)
}

/// False where it is settled already.
pub(crate) fn message_settle(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: MessageId,
    (state, said): (MessageState, &str),
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    tx.run(scope, MESSAGE_SETTLE, params![id, state.code(), now, said]).map(|rows| rows > 0)
}

/// Where an answer belongs.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) organisation: OrganisationId,
    pub(crate) organisation_name: String,
    pub(crate) escalation: EscalationId,
    pub(crate) call: CallId,
    pub(crate) begun_at: DateTime<Utc>,
}

pub(crate) fn by_token(tx: &mut Tx<'_>, hash: &[u8]) -> Result<Option<Answered>, DbError> {
    tx.maybe(&ANSWER, BY_TOKEN, params![hash], |row| {
        Ok(Answered {
            organisation: row.get(0)?,
            escalation: row.get(1)?,
            call: row.get(2)?,
            begun_at: row.get(3)?,
            organisation_name: row.get(4)?,
        })
    })
}

pub(crate) fn schedule(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<Schedule>, DbError> {
    tx.maybe(scope, SCHEDULE, &[], |row| {
        Ok(Schedule { months: row.get(0)?, next_on: row.get(1)?, version: row.get(2)? })
    })
}

/// False where the stored version is another.
pub(crate) fn schedule_save(
    tx: &mut Tx<'_>,
    scope: &Scope,
    version: i64,
    (months, next_on): (i64, NaiveDate),
) -> Result<bool, DbError> {
    if version == 0 {
        return match tx.run(scope, SCHEDULE_ADD, params![months, next_on]) {
            Ok(_) => Ok(true),
            Err(DbError::Duplicate(_)) => Ok(false),
            Err(error) => Err(error),
        };
    }
    tx.run(scope, SCHEDULE_SAVE, params![version, months, next_on]).map(|rows| rows > 0)
}

pub(crate) fn tests_due(
    tx: &mut Tx<'_>,
    today: NaiveDate,
    limit: i64,
) -> Result<Vec<(OrganisationId, Schedule)>, DbError> {
    tx.all(&DRIVER, TESTS_DUE, params![today, limit], |row| {
        let schedule = Schedule { months: row.get(1)?, next_on: row.get(2)?, version: row.get(3)? };
        Ok((row.get(0)?, schedule))
    })
}
