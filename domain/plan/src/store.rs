//! The SQL of the plan.

use crate::model::{Mark, Pick, StepKey};
use chrono::NaiveDate;
use komainu_access::Scope;
use komainu_calendar::FiscalYear;
use komainu_db::{DbError, Row, Tx, params};

komainu_db::statements! {
    MARKS = "SELECT step_id, state, until_day, note, by_name, at, version FROM plan_step
        WHERE organisation_id = $1 AND fiscal_year = $2 ORDER BY step_id";
    MARK = "SELECT step_id, state, until_day, note, by_name, at, version FROM plan_step
        WHERE organisation_id = $1 AND fiscal_year = $2 AND step_id = $3";
    MARK_INSERT = "INSERT INTO plan_step (organisation_id, fiscal_year, step_id, state, until_day, note, by_person, by_name,
            at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)
        ON CONFLICT (organisation_id, fiscal_year, step_id) DO NOTHING";
    MARK_UPDATE = "UPDATE plan_step SET state = $4, until_day = $5, note = $6, by_person = $7, by_name = $8, at = $9,
            version = version + 1
        WHERE organisation_id = $1 AND fiscal_year = $2 AND step_id = $3 AND version = $10";
    PICKS = "SELECT step_id, minutes FROM plan_pick WHERE organisation_id = $1 AND week = $2 ORDER BY position, step_id";
    PICK = "INSERT INTO plan_pick (organisation_id, week, step_id, position, minutes) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (organisation_id, week, step_id) DO NOTHING";
}

fn wrong(what: &str, code: &str) -> DbError {
    DbError::Other(format!("{what} in the database is unknown: {code}"))
}

fn step(code: &str) -> Result<StepKey, DbError> {
    code.parse().map_err(|_| wrong("the step", code))
}

fn mark(row: &Row<'_>) -> Result<Mark, DbError> {
    let state: String = row.get(1)?;
    Ok(Mark {
        step: step(&row.get::<String>(0)?)?,
        state: state.parse().map_err(|_| wrong("the state of a step", &state))?,
        until: row.get(2)?,
        note: row.get(3)?,
        by_name: row.get(4)?,
        at: row.get(5)?,
        version: row.get(6)?,
    })
}

pub(crate) fn marks(tx: &mut Tx<'_>, scope: &Scope, year: FiscalYear) -> Result<Vec<Mark>, DbError> {
    tx.all(scope, MARKS, params![year.number()], mark)
}

pub(crate) fn mark_get(
    tx: &mut Tx<'_>,
    scope: &Scope,
    year: FiscalYear,
    step: &StepKey,
) -> Result<Option<Mark>, DbError> {
    tx.maybe(scope, MARK, params![year.number(), step.to_string()], mark)
}

/// Writes what was said over version `seen`, 0 for nothing said yet. Answers whether it was still that version.
pub(crate) fn mark_set(
    tx: &mut Tx<'_>,
    scope: &Scope,
    year: FiscalYear,
    new: &Mark,
    seen: i64,
) -> Result<bool, DbError> {
    let (year, step, state) = (year.number(), new.step.to_string(), new.state.code());
    let (person, name) = (scope.person(), &new.by_name);
    let written = if seen == 0 {
        let params = params![year, step, state, new.until, &new.note, person, name, new.at];
        tx.run(scope, MARK_INSERT, params)?
    } else {
        let params = params![year, step, state, new.until, &new.note, person, name, new.at, seen];
        tx.run(scope, MARK_UPDATE, params)?
    };
    Ok(written == 1)
}

pub(crate) fn picks(tx: &mut Tx<'_>, scope: &Scope, week: NaiveDate) -> Result<Vec<Pick>, DbError> {
    tx.all(scope, PICKS, params![week], |row| {
        let minutes: i64 = row.get(1)?;
        Ok(Pick {
            step: step(&row.get::<String>(0)?)?,
            minutes: u32::try_from(minutes).map_err(|_| wrong("the minutes", &minutes.to_string()))?,
        })
    })
}

/// Remembers a step as chosen; answers whether it was not yet.
pub(crate) fn pick(
    tx: &mut Tx<'_>,
    scope: &Scope,
    week: NaiveDate,
    position: i64,
    pick: &Pick,
) -> Result<bool, DbError> {
    let params = params![week, pick.step.to_string(), position, pick.minutes];
    Ok(tx.run(scope, PICK, params)? == 1)
}
