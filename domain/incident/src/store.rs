//! The SQL of incidents: all of it here, how rows become what they mean by subject in the rooms.

mod head;
mod lead;
mod things;
mod told;

pub(crate) use head::{
    add, all, get, last_number, open, open_everywhere, part, remind, reminded, revision, running, save,
    touch, touch_running,
};
pub(crate) use lead::{
    entries, entry_add, entry_sent, role_add, roles, task_add, task_get, task_last, task_save, tasks,
};
pub(crate) use things::{
    asset_save, assets, assets_running, custody_add, exhibit_add, exhibit_get, exhibits,
};
pub(crate) use told::{sheet_save, sheets, told, told_save};

use komainu_db::{DbError, Outside};
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
