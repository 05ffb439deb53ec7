//! Whom the house told, and the sheets of facts, answers and lessons.

use super::{
    CONTENT, NOTE, SHEET_ADD, SHEET_ID, SHEET_SAVE, SHEETS, TOLD, TOLD_ADD, TOLD_ID, TOLD_SAVE, code, json,
    text,
};
use crate::model::{Fields, Filled, IncidentId, Sheet, Told};
use chrono::{DateTime, Utc};
use komainu_access::Scope;
use komainu_db::uuid::Uuid;
use komainu_db::{DbError, Tx, params};

pub(crate) fn told(tx: &mut Tx<'_>, scope: &Scope, of: IncidentId) -> Result<Vec<Told>, DbError> {
    tx.all(scope, TOLD, params![of], |row| {
        let id: Uuid = row.get(0)?;
        Ok(Told {
            duty: row.get(1)?,
            note: NOTE.open(row, 2, &[id.as_bytes()])?,
            done_at: row.get(3)?,
            done_by_name: row.get(4)?,
            proof: row.get(5)?,
            version: row.get(6)?,
        })
    })
}

/// Keeps what is noted of a duty; false where somebody else noted something first.
pub(crate) fn told_save(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (of, fresh): (IncidentId, Uuid),
    new: &Told,
) -> Result<bool, DbError> {
    let stored: Option<Uuid> = tx.maybe(scope, TOLD_ID, params![of, &new.duty], |row| row.get(0))?;
    let id = stored.unwrap_or(fresh);
    let note = NOTE.close(tx, &[id.as_bytes()], &new.note)?;
    let (at, by, proof) = (new.done_at, &new.done_by_name, new.proof);
    if stored.is_some() {
        return Ok(tx.run(scope, TOLD_SAVE, params![id, new.version, note, at, by, proof])? > 0);
    }
    if new.version == 0 {
        tx.run(scope, TOLD_ADD, params![id, of, &new.duty, note, at, by, proof])?;
    }
    Ok(new.version == 0)
}

/// Every sheet that somebody wrote on.
pub(crate) fn sheets(
    tx: &mut Tx<'_>,
    scope: &Scope,
    of: IncidentId,
) -> Result<Vec<(Sheet, Filled)>, DbError> {
    tx.all(scope, SHEETS, params![of], |row| {
        let id: Uuid = row.get(0)?;
        let fields: Fields = json(&CONTENT.open(row, 2, &[id.as_bytes()])?, "a sheet")?;
        let changed_at: DateTime<Utc> = row.get(3)?;
        let filled = Filled {
            fields,
            changed_at: Some(changed_at),
            changed_by_name: row.get(4)?,
            version: row.get(5)?,
        };
        Ok((code(&row.get::<String>(1)?, "a sheet")?, filled))
    })
}

/// Keeps a sheet; false where somebody else wrote on it first. Version 0 is a sheet that nobody wrote on yet.
pub(crate) fn sheet_save(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (of, sheet, fresh): (IncidentId, Sheet, Uuid),
    (version, fields, at, by): (i64, &Fields, DateTime<Utc>, &str),
) -> Result<bool, DbError> {
    let stored: Option<Uuid> = tx.maybe(scope, SHEET_ID, params![of, sheet.code()], |row| row.get(0))?;
    let id = stored.unwrap_or(fresh);
    let content = CONTENT.close(tx, &[id.as_bytes()], &text(fields)?)?;
    if stored.is_some() {
        return Ok(tx.run(scope, SHEET_SAVE, params![id, version, content, at, by])? > 0);
    }
    if version == 0 {
        tx.run(scope, SHEET_ADD, params![id, of, sheet.code(), content, at, by])?;
    }
    Ok(version == 0)
}
