//! Roles, the timeline, tasks.

use super::{
    ENTRIES, ENTRY_ADD, ENTRY_SENT, REASON, ROLE_ADD, ROLES, TASK, TASK_ADD, TASK_GET, TASK_LAST, TASK_SAVE,
    TASKS, WORDS, code, json, text,
};
use crate::model::{Entry, EntryId, IncidentId, RoleHeld, Task, TaskDetail, TaskId, TaskState};
use komainu_access::Scope;
use komainu_db::uuid::Uuid;
use komainu_db::{DbError, Row, Tx, params};

fn task(row: &Row<'_>) -> Result<Task, DbError> {
    let id: TaskId = row.get(0)?;
    let detail: TaskDetail = json(&TASK.open(row, 4, &[id.0.as_bytes()])?, "a task")?;
    let state: TaskState = code(&row.get::<String>(8)?, "the state of a task")?;
    Ok(Task {
        id,
        incident: row.get(1)?,
        position: row.get(2)?,
        template: row.get(3)?,
        detail,
        role: code(&row.get::<String>(5)?, "the role of a task")?,
        owner_name: row.get(6)?,
        due_at: row.get(7)?,
        state,
        settled_at: row.get(9)?,
        settled_by_name: row.get(10)?,
        version: row.get(11)?,
    })
}

pub(crate) fn role_add(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (id, of): (Uuid, IncidentId),
    new: &RoleHeld,
) -> Result<(), DbError> {
    let values = params![id, of, new.role.code(), new.person, &new.name, new.since];
    tx.run(scope, ROLE_ADD, values).map(drop)
}

/// The newest first.
pub(crate) fn roles(tx: &mut Tx<'_>, scope: &Scope, of: IncidentId) -> Result<Vec<RoleHeld>, DbError> {
    tx.all(scope, ROLES, params![of], |row| {
        Ok(RoleHeld {
            role: code(&row.get::<String>(0)?, "a role")?,
            person: row.get(1)?,
            name: row.get(2)?,
            since: row.get(3)?,
        })
    })
}

pub(crate) fn entry_add(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (of, sent_id): (IncidentId, Uuid),
    new: &Entry,
) -> Result<(), DbError> {
    let key = [&new.id.0.as_bytes()[..]];
    let (words, reason) = (WORDS.close(tx, &key, &new.words)?, REASON.close(tx, &key, &new.reason)?);
    let values = params![
        new.id,
        of,
        new.kind.code(),
        new.happened_at,
        new.written_at,
        &new.written_by_name,
        words,
        reason,
        new.corrects,
        sent_id
    ];
    tx.run(scope, ENTRY_ADD, values).map(drop)
}

/// The entry that a form called so.
pub(crate) fn entry_sent(
    tx: &mut Tx<'_>,
    scope: &Scope,
    of: IncidentId,
    sent_id: Uuid,
) -> Result<Option<EntryId>, DbError> {
    tx.maybe(scope, ENTRY_SENT, params![of, sent_id], |row| row.get(0))
}

pub(crate) fn entries(tx: &mut Tx<'_>, scope: &Scope, of: IncidentId) -> Result<Vec<Entry>, DbError> {
    tx.all(scope, ENTRIES, params![of], |row| {
        let id: EntryId = row.get(0)?;
        let key = [&id.0.as_bytes()[..]];
        Ok(Entry {
            id,
            kind: code(&row.get::<String>(1)?, "the kind of an entry")?,
            happened_at: row.get(2)?,
            written_at: row.get(3)?,
            written_by_name: row.get(4)?,
            words: WORDS.open(row, 5, &key)?,
            reason: REASON.open(row, 6, &key)?,
            corrects: row.get(7)?,
        })
    })
}

pub(crate) fn task_add(tx: &mut Tx<'_>, scope: &Scope, new: &Task) -> Result<(), DbError> {
    let detail = TASK.close(tx, &[new.id.0.as_bytes()], &text(&new.detail)?)?;
    let values = params![
        new.id,
        new.incident,
        new.position,
        &new.template,
        detail,
        new.role.code(),
        &new.owner_name,
        new.due_at
    ];
    tx.run(scope, TASK_ADD, values).map(drop)
}

pub(crate) fn task_get(tx: &mut Tx<'_>, scope: &Scope, id: TaskId) -> Result<Option<Task>, DbError> {
    tx.maybe(scope, TASK_GET, params![id], task)
}

pub(crate) fn tasks(tx: &mut Tx<'_>, scope: &Scope, of: IncidentId) -> Result<Vec<Task>, DbError> {
    tx.all(scope, TASKS, params![of], task)
}

pub(crate) fn task_last(tx: &mut Tx<'_>, scope: &Scope, of: IncidentId) -> Result<i64, DbError> {
    let last: Option<i64> = tx.one(scope, TASK_LAST, params![of], |row| row.get(0))?;
    Ok(last.unwrap_or_default())
}

/// False where the stored version is another.
pub(crate) fn task_save(tx: &mut Tx<'_>, scope: &Scope, version: i64, new: &Task) -> Result<bool, DbError> {
    let detail = TASK.close(tx, &[new.id.0.as_bytes()], &text(&new.detail)?)?;
    let values = params![
        new.id,
        version,
        detail,
        &new.owner_name,
        new.due_at,
        new.state.code(),
        new.settled_at,
        &new.settled_by_name
    ];
    Ok(tx.run(scope, TASK_SAVE, values)? > 0)
}
