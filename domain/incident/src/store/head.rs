//! The head of an incident, and the reminders of its clocks.

use super::{
    ADD, ALL, DETAIL, EVERYWHERE, GET, LAST_NUMBER, OPEN, OPEN_EVERYWHERE, PART, REMIND, REMINDED, REVISION,
    RUNNING, SAVE, TOUCH, TOUCH_RUNNING, code, json, text, wrong,
};
use crate::model::{Detail, Incident, IncidentId, Level, Reminded, Stage, State};
use komainu_access::{OrganisationId, Scope};
use komainu_db::{DbError, Part, Row, Tx, params};

fn incident(row: &Row<'_>) -> Result<Incident, DbError> {
    let id: IncidentId = row.get(0)?;
    let detail: Detail = json(&DETAIL.open(row, 8, &[id.0.as_bytes()])?, "the detail")?;
    let level: Level = code(&row.get::<String>(4)?, "the level")?;
    let state: State = code(&row.get::<String>(5)?, "the state")?;
    Ok(Incident {
        id,
        fiscal_year: i32::try_from(row.get::<i64>(1)?).map_err(|_| wrong("the year"))?,
        number: row.get(2)?,
        kind: row.get(3)?,
        level,
        state,
        drill: row.get(6)?,
        near_miss: row.get(7)?,
        detail,
        first_knew_at: row.get(9)?,
        declared_at: row.get(10)?,
        declared_by_name: row.get(11)?,
        closed_at: row.get(12)?,
        revision: row.get(13)?,
        version: row.get(14)?,
    })
}

pub(crate) fn add(tx: &mut Tx<'_>, scope: &Scope, new: &Incident) -> Result<(), DbError> {
    let detail = DETAIL.close(tx, &[new.id.0.as_bytes()], &text(&new.detail)?)?;
    let values = params![
        new.id,
        i64::from(new.fiscal_year),
        new.number,
        &new.kind,
        new.level.code(),
        new.drill,
        new.near_miss,
        detail,
        new.first_knew_at,
        new.declared_at,
        &new.declared_by_name
    ];
    tx.run(scope, ADD, values).map(drop)
}

pub(crate) fn last_number(tx: &mut Tx<'_>, scope: &Scope, fiscal_year: i32) -> Result<i64, DbError> {
    let last: Option<i64> = tx.one(scope, LAST_NUMBER, params![i64::from(fiscal_year)], |row| row.get(0))?;
    Ok(last.unwrap_or_default())
}

pub(crate) fn get(tx: &mut Tx<'_>, scope: &Scope, id: IncidentId) -> Result<Option<Incident>, DbError> {
    tx.maybe(scope, GET, params![id], incident)
}

pub(crate) fn all(tx: &mut Tx<'_>, scope: &Scope, limit: i64) -> Result<Vec<Incident>, DbError> {
    tx.all(scope, ALL, params![limit], incident)
}

/// Those that are not over, newest first.
pub(crate) fn running(tx: &mut Tx<'_>, scope: &Scope, limit: i64) -> Result<Vec<Incident>, DbError> {
    tx.all(scope, RUNNING, params![limit], incident)
}

pub(crate) fn part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<IncidentId>,
) -> Result<Vec<Incident>, DbError> {
    tx.all(scope, PART, params![part.after_id(), part.limit], incident)
}

/// Those that go on, newest first.
pub(crate) fn open(tx: &mut Tx<'_>, scope: &Scope, limit: i64) -> Result<Vec<Incident>, DbError> {
    tx.all(scope, OPEN, params![limit], incident)
}

/// Those of all organisations that go on and are no exercise.
pub(crate) fn open_everywhere(tx: &mut Tx<'_>) -> Result<Vec<(OrganisationId, IncidentId)>, DbError> {
    tx.all(&EVERYWHERE, OPEN_EVERYWHERE, &[], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Who was reminded of which clock, oldest first.
pub(crate) fn reminded(tx: &mut Tx<'_>, scope: &Scope, of: IncidentId) -> Result<Vec<Reminded>, DbError> {
    tx.all(scope, REMINDED, params![of], |row| {
        let stage: Stage = code(&row.get::<String>(1)?, "a reminder")?;
        Ok(Reminded {
            duty: row.get(0)?,
            stage,
            due_on: row.get(2)?,
            person: row.get(3)?,
            name: row.get(4)?,
            sent_at: row.get(5)?,
        })
    })
}

/// Writes a reminder down; false where it was written down before.
pub(crate) fn remind(
    tx: &mut Tx<'_>,
    scope: &Scope,
    of: IncidentId,
    new: &Reminded,
) -> Result<bool, DbError> {
    let values = params![of, &new.duty, new.stage.code(), new.due_on, new.person, &new.name, new.sent_at];
    Ok(tx.run(scope, REMIND, values)? > 0)
}

/// False where the stored version is another.
pub(crate) fn save(tx: &mut Tx<'_>, scope: &Scope, version: i64, new: &Incident) -> Result<bool, DbError> {
    let detail = DETAIL.close(tx, &[new.id.0.as_bytes()], &text(&new.detail)?)?;
    let values = params![
        new.id,
        version,
        &new.kind,
        new.level.code(),
        new.state.code(),
        new.near_miss,
        detail,
        new.first_knew_at,
        new.closed_at
    ];
    Ok(tx.run(scope, SAVE, values)? > 0)
}

/// Says that something about it changed.
pub(crate) fn touch(tx: &mut Tx<'_>, scope: &Scope, id: IncidentId) -> Result<(), DbError> {
    tx.run(scope, TOUCH, params![id]).map(drop)
}

/// The same of one that is not over; false where it is.
pub(crate) fn touch_running(tx: &mut Tx<'_>, scope: &Scope, id: IncidentId) -> Result<bool, DbError> {
    Ok(tx.run(scope, TOUCH_RUNNING, params![id])? > 0)
}

pub(crate) fn revision(tx: &mut Tx<'_>, scope: &Scope, id: IncidentId) -> Result<Option<i64>, DbError> {
    tx.maybe(scope, REVISION, params![id], |row| row.get(0))
}
