//! The SQL of incidents.

use crate::model::{
    AssetDetail, Custody, CustodyDetail, Detail, Entry, EntryId, Exhibit, ExhibitDetail, ExhibitId, Fields,
    Filled, Incident, IncidentId, Level, Marked, Reminded, RoleHeld, Sheet, Stage, State, Task, TaskDetail,
    TaskId, TaskState, Told,
};
use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, Scope};
use komainu_db::uuid::Uuid;
use komainu_db::{DbError, Outside, Part, Row, Tx, params};
use komainu_inventory::AssetId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::str::FromStr;

const EVERYWHERE: Outside = Outside("clocks of every institution are looked at at once");

macro_rules! incident {
    ($rest:literal) => {
        concat!(
            "SELECT id, fiscal_year, number, kind, level, state, drill, near_miss_id, detail, first_knew_at, declared_at,
                declared_by_name, closed_at, revision, version
            FROM incident WHERE organisation_id = $1 ",
            $rest
        )
    };
}

macro_rules! task {
    ($rest:literal) => {
        concat!(
            "SELECT id, incident_id, position, template, detail, role, owner_name, due_at, state, settled_at,
                settled_by_name, version
            FROM incident_task WHERE organisation_id = $1 ",
            $rest
        )
    };
}

macro_rules! exhibit {
    ($rest:literal) => {
        concat!(
            "SELECT id, incident_id, file, name, size, media_type, detail, taken_at, taken_by_name, added_at, added_by_name
            FROM incident_evidence WHERE organisation_id = $1 ",
            $rest
        )
    };
}

macro_rules! asset {
    ($rest:literal) => {
        concat!(
            "SELECT id, asset_id, state, detail, changed_at, changed_by_name, version, incident_id FROM incident_asset
            WHERE organisation_id = $1 ",
            $rest
        )
    };
}

komainu_db::statements! {
    ADD = "INSERT INTO incident (organisation_id, id, fiscal_year, number, kind, level, state, drill, near_miss_id, detail,
            first_knew_at, declared_at, declared_by_name, revision, version)
        VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9, $10, $11, $12, 1, 1)";
    LAST_NUMBER = "SELECT max(number) FROM incident WHERE organisation_id = $1 AND fiscal_year = $2";
    GET = incident!("AND id = $2");
    ALL = incident!("ORDER BY id DESC LIMIT $2");
    RUNNING = incident!("AND state <> 'closed' ORDER BY id DESC LIMIT $2");
    PART = incident!("AND id > $2 ORDER BY id LIMIT $3");
    OPEN = incident!("AND state <> 'closed' ORDER BY id DESC LIMIT $2");
    /// An exercise reminds nobody.
    OPEN_EVERYWHERE = "SELECT organisation_id, id FROM incident
        WHERE state IN ('open', 'contained', 'recovering') AND NOT drill ORDER BY organisation_id, id";
    REMINDED = "SELECT duty, stage, due_on, person_id, person_name, sent_at FROM incident_reminder
        WHERE organisation_id = $1 AND incident_id = $2 ORDER BY sent_at, duty, person_id";
    REMIND = "INSERT INTO incident_reminder (organisation_id, incident_id, duty, stage, due_on, person_id, person_name, sent_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (organisation_id, incident_id, duty, stage, due_on, person_id) DO NOTHING";
    SAVE = "UPDATE incident SET kind = $4, level = $5, state = $6, near_miss_id = $7, detail = $8, first_knew_at = $9,
            closed_at = $10, version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND version = $3";
    REVISION = "SELECT revision FROM incident WHERE organisation_id = $1 AND id = $2";
    TOUCH = "UPDATE incident SET revision = revision + 1 WHERE organisation_id = $1 AND id = $2";
    TOUCH_RUNNING = "UPDATE incident SET revision = revision + 1
        WHERE organisation_id = $1 AND id = $2 AND state <> 'closed'";
    ROLE_ADD = "INSERT INTO incident_role (organisation_id, id, incident_id, role, person_id, name, since)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    ROLES = "SELECT role, person_id, name, since FROM incident_role
        WHERE organisation_id = $1 AND incident_id = $2 ORDER BY since DESC, id DESC";
    ENTRY_ADD = "INSERT INTO incident_entry (organisation_id, id, incident_id, kind, happened_at, written_at, written_by_name,
            words, reason, corrects_id, sent_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    ENTRY_SENT = "SELECT id FROM incident_entry WHERE organisation_id = $1 AND incident_id = $2 AND sent_id = $3";
    ENTRIES = "SELECT id, kind, happened_at, written_at, written_by_name, words, reason, corrects_id FROM incident_entry
        WHERE organisation_id = $1 AND incident_id = $2 ORDER BY happened_at, id";
    TASK_ADD = "INSERT INTO incident_task (organisation_id, id, incident_id, position, template, detail, role, owner_name, due_at,
            state, settled_by_name, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', '', 1)";
    TASK_GET = task!("AND id = $2");
    TASKS = task!("AND incident_id = $2 ORDER BY position, id");
    TASK_LAST = "SELECT max(position) FROM incident_task WHERE organisation_id = $1 AND incident_id = $2";
    TASK_SAVE = "UPDATE incident_task SET detail = $4, owner_name = $5, due_at = $6, state = $7, settled_at = $8,
            settled_by_name = $9, version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND version = $3";
    ASSET_ADD = "INSERT INTO incident_asset (organisation_id, id, incident_id, asset_id, state, detail, changed_at,
            changed_by_name, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)";
    ASSETS = asset!("AND incident_id = $2 ORDER BY id");
    ASSETS_RUNNING = asset!("AND incident_id IN (SELECT running.id FROM incident AS running
        WHERE running.organisation_id = $1 AND running.state <> 'closed') ORDER BY id");
    ASSET_SAVE = "UPDATE incident_asset SET state = $4, detail = $5, changed_at = $6, changed_by_name = $7, version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND version = $3";
    ASSET_ID = "SELECT id FROM incident_asset WHERE organisation_id = $1 AND incident_id = $2 AND asset_id = $3";
    EXHIBIT_ADD = "INSERT INTO incident_evidence (organisation_id, id, incident_id, file, name, size, media_type, detail, taken_at,
            taken_by_name, added_at, added_by_name)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    EXHIBIT_GET = exhibit!("AND id = $2");
    EXHIBITS = exhibit!("AND incident_id = $2 ORDER BY id");
    CUSTODY_ADD = "INSERT INTO incident_custody (organisation_id, id, incident_id, evidence_id, detail, handed_at, written_at,
            written_by_name)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    CUSTODY = "SELECT id, evidence_id, detail, handed_at, written_at, written_by_name FROM incident_custody
        WHERE organisation_id = $1 AND incident_id = $2 ORDER BY handed_at, id";
    TOLD_ADD = "INSERT INTO incident_duty (organisation_id, id, incident_id, duty, note, done_at, done_by_name, proof_id, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)";
    TOLD = "SELECT id, duty, note, done_at, done_by_name, proof_id, version FROM incident_duty
        WHERE organisation_id = $1 AND incident_id = $2 ORDER BY id";
    TOLD_ID = "SELECT id FROM incident_duty WHERE organisation_id = $1 AND incident_id = $2 AND duty = $3";
    TOLD_SAVE = "UPDATE incident_duty SET note = $4, done_at = $5, done_by_name = $6, proof_id = $7, version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND version = $3";
    SHEET_ADD = "INSERT INTO incident_sheet (organisation_id, id, incident_id, sheet, content, changed_at, changed_by_name, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 1)";
    SHEETS = "SELECT id, sheet, content, changed_at, changed_by_name, version FROM incident_sheet
        WHERE organisation_id = $1 AND incident_id = $2";
    SHEET_ID = "SELECT id FROM incident_sheet WHERE organisation_id = $1 AND incident_id = $2 AND sheet = $3";
    SHEET_SAVE = "UPDATE incident_sheet SET content = $4, changed_at = $5, changed_by_name = $6, version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND version = $3";
}

komainu_db::sealed_columns! {
    DETAIL = "incident"."detail" by "id";
    WORDS = "incident_entry"."words" by "id";
    REASON = "incident_entry"."reason" by "id";
    TASK = "incident_task"."detail" by "id";
    ASSET = "incident_asset"."detail" by "id";
    EXHIBIT = "incident_evidence"."detail" by "id";
    PASSED = "incident_custody"."detail" by "id";
    NOTE = "incident_duty"."note" by "id";
    CONTENT = "incident_sheet"."content" by "id";
}

fn wrong(what: &str) -> DbError {
    DbError::Other(format!("{what} of an incident cannot be read"))
}

fn code<T: FromStr>(text: &str, what: &str) -> Result<T, DbError> {
    text.parse().map_err(|_| wrong(what))
}

/// What is stored as JSON; nothing was stored yet where it is empty.
fn json<T: DeserializeOwned + Default>(text: &str, what: &str) -> Result<T, DbError> {
    if text.is_empty() { Ok(T::default()) } else { serde_json::from_str(text).map_err(|_| wrong(what)) }
}

fn text(value: &impl Serialize) -> Result<String, DbError> {
    serde_json::to_string(value).map_err(|error| DbError::Other(error.to_string()))
}

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

fn exhibit(row: &Row<'_>) -> Result<Exhibit, DbError> {
    let id: ExhibitId = row.get(0)?;
    let detail: ExhibitDetail = json(&EXHIBIT.open(row, 6, &[id.0.as_bytes()])?, "evidence")?;
    Ok(Exhibit {
        id,
        incident: row.get(1)?,
        file: row.get(2)?,
        name: row.get(3)?,
        size: row.get(4)?,
        media_type: row.get(5)?,
        detail,
        taken_at: row.get(7)?,
        taken_by_name: row.get(8)?,
        added_at: row.get(9)?,
        added_by_name: row.get(10)?,
        custody: Vec::new(),
    })
}

fn marked(row: &Row<'_>) -> Result<Marked, DbError> {
    let id: Uuid = row.get(0)?;
    let detail: AssetDetail = json(&ASSET.open(row, 3, &[id.as_bytes()])?, "a thing")?;
    Ok(Marked {
        asset: row.get(1)?,
        state: code(&row.get::<String>(2)?, "the state of a thing")?,
        detail,
        changed_at: row.get(4)?,
        changed_by_name: row.get(5)?,
        version: row.get(6)?,
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

pub(crate) fn assets(tx: &mut Tx<'_>, scope: &Scope, of: IncidentId) -> Result<Vec<Marked>, DbError> {
    tx.all(scope, ASSETS, params![of], marked)
}

/// Of all incidents that are not over, each with whose it is.
pub(crate) fn assets_running(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<(IncidentId, Marked)>, DbError> {
    tx.all(scope, ASSETS_RUNNING, &[], |row| Ok((row.get(7)?, marked(row)?)))
}

/// Keeps how a thing stands; false where somebody else said so first. Version 0 is a thing that was not marked yet.
pub(crate) fn asset_save(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (of, fresh, version): (IncidentId, Uuid, i64),
    new: &Marked,
) -> Result<bool, DbError> {
    let asset: AssetId = new.asset;
    let stored: Option<Uuid> = tx.maybe(scope, ASSET_ID, params![of, asset], |row| row.get(0))?;
    let id = stored.unwrap_or(fresh);
    let detail = ASSET.close(tx, &[id.as_bytes()], &text(&new.detail)?)?;
    let (state, at, by) = (new.state.code(), new.changed_at, &new.changed_by_name);
    if stored.is_some() {
        return Ok(tx.run(scope, ASSET_SAVE, params![id, version, state, detail, at, by])? > 0);
    }
    if version == 0 {
        tx.run(scope, ASSET_ADD, params![id, of, asset, state, detail, at, by])?;
    }
    Ok(version == 0)
}

pub(crate) fn exhibit_add(tx: &mut Tx<'_>, scope: &Scope, new: &Exhibit) -> Result<(), DbError> {
    let detail = EXHIBIT.close(tx, &[new.id.0.as_bytes()], &text(&new.detail)?)?;
    let values = params![
        new.id,
        new.incident,
        &new.file,
        &new.name,
        new.size,
        &new.media_type,
        detail,
        new.taken_at,
        &new.taken_by_name,
        new.added_at,
        &new.added_by_name
    ];
    tx.run(scope, EXHIBIT_ADD, values).map(drop)
}

pub(crate) fn exhibit_get(tx: &mut Tx<'_>, scope: &Scope, id: ExhibitId) -> Result<Option<Exhibit>, DbError> {
    let Some(found) = tx.maybe(scope, EXHIBIT_GET, params![id], exhibit)? else { return Ok(None) };
    let passed = custody(tx, scope, found.incident)?;
    let custody = passed.into_iter().filter(|(of, _)| *of == id).map(|(_, one)| one).collect();
    Ok(Some(Exhibit { custody, ..found }))
}

/// With who had each.
pub(crate) fn exhibits(tx: &mut Tx<'_>, scope: &Scope, of: IncidentId) -> Result<Vec<Exhibit>, DbError> {
    let mut all = tx.all(scope, EXHIBITS, params![of], exhibit)?;
    for (whose, one) in custody(tx, scope, of)? {
        if let Some(exhibit) = all.iter_mut().find(|exhibit| exhibit.id == whose) {
            exhibit.custody.push(one);
        }
    }
    Ok(all)
}

fn custody(tx: &mut Tx<'_>, scope: &Scope, of: IncidentId) -> Result<Vec<(ExhibitId, Custody)>, DbError> {
    tx.all(scope, CUSTODY, params![of], |row| {
        let id: Uuid = row.get(0)?;
        let detail: CustodyDetail = json(&PASSED.open(row, 2, &[id.as_bytes()])?, "custody")?;
        let one =
            Custody { detail, handed_at: row.get(3)?, written_at: row.get(4)?, written_by_name: row.get(5)? };
        Ok((row.get(1)?, one))
    })
}

pub(crate) fn custody_add(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (id, of, exhibit): (Uuid, IncidentId, ExhibitId),
    new: &Custody,
) -> Result<(), DbError> {
    let detail = PASSED.close(tx, &[id.as_bytes()], &text(&new.detail)?)?;
    let values = params![id, of, exhibit, detail, new.handed_at, new.written_at, &new.written_by_name];
    tx.run(scope, CUSTODY_ADD, values).map(drop)
}

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

pub(crate) fn revision(tx: &mut Tx<'_>, scope: &Scope, id: IncidentId) -> Result<Option<i64>, DbError> {
    tx.maybe(scope, REVISION, params![id], |row| row.get(0))
}
