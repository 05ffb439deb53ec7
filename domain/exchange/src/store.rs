//! The SQL of imports.

use crate::model::{Detail, Import, ImportId, Mapping};
use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, Scope};
use komainu_db::{DbError, Outside, Row, Tx, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

const EVERY: Outside = Outside("imports that nobody finished are let go in every organisation");

komainu_db::statements! {
    IMPORTS = "SELECT id, state, detail, created_at, version FROM ledger_import
        WHERE organisation_id = $1 AND created_by = $2 ORDER BY created_at DESC, id DESC";
    IMPORT_GET = "SELECT id, state, detail, created_at, version FROM ledger_import
        WHERE organisation_id = $1 AND id = $2 AND created_by = $3";
    IMPORT_ADD = "INSERT INTO ledger_import (organisation_id, id, state, detail, created_by, created_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, 1)";
    IMPORT_SAVE = "UPDATE ledger_import SET state = $4, detail = $5, version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND version = $3";
    IMPORT_REMOVE = "DELETE FROM ledger_import WHERE organisation_id = $1 AND id = $2";
    EXPIRED = "SELECT organisation_id, id FROM ledger_import WHERE created_at < $1 ORDER BY created_at LIMIT $2";
    MAPPING = "SELECT mapping FROM ledger_import_mapping WHERE organisation_id = $1 AND fingerprint = $2";
    MAPPING_KEEP = "INSERT INTO ledger_import_mapping (organisation_id, fingerprint, mapping, used_at)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (organisation_id, fingerprint) DO UPDATE SET mapping = excluded.mapping, used_at = excluded.used_at";
    /// An institution's own rows alone, so it costs the same however many institutions there are.
    MAPPINGS_FORGET = "DELETE FROM ledger_import_mapping WHERE organisation_id = $1 AND fingerprint NOT IN (
            SELECT fingerprint FROM ledger_import_mapping WHERE organisation_id = $1
            ORDER BY used_at DESC, fingerprint LIMIT $2)";
}

komainu_db::sealed_columns! {
    DETAIL = "ledger_import"."detail" by "id";
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, DbError> {
    serde_json::from_str(json).map_err(|error| DbError::Other(format!("an import: {error}")))
}

fn write<T: Serialize>(value: &T) -> Result<String, DbError> {
    serde_json::to_string(value).map_err(|error| DbError::Other(format!("an import: {error}")))
}

fn import(row: &Row<'_>) -> Result<Import, DbError> {
    let id: ImportId = row.get(0)?;
    let state: String = row.get(1)?;
    Ok(Import {
        id,
        state: state.parse().map_err(|()| DbError::Other(format!("unknown state {state}")))?,
        detail: read(&DETAIL.open(row, 2, &[id.0.as_bytes()])?)?,
        created_at: row.get(3)?,
        version: row.get(4)?,
    })
}

/// The imports of the person who asks, newest first.
pub(crate) fn imports(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Import>, DbError> {
    tx.all(scope, IMPORTS, params![scope.person()], import)
}

/// One of them.
pub(crate) fn import_get(tx: &mut Tx<'_>, scope: &Scope, id: ImportId) -> Result<Option<Import>, DbError> {
    tx.maybe(scope, IMPORT_GET, params![id, scope.person()], import)
}

fn sealed(tx: &Tx<'_>, id: ImportId, detail: &Detail) -> Result<String, DbError> {
    DETAIL.close(tx, &[id.0.as_bytes()], &write(detail)?)
}

pub(crate) fn import_add(tx: &mut Tx<'_>, scope: &Scope, import: &Import) -> Result<(), DbError> {
    let detail = sealed(tx, import.id, &import.detail)?;
    let row = params![import.id, import.state.code(), detail, scope.person(), import.created_at];
    tx.run(scope, IMPORT_ADD, row).map(drop)
}

/// False where the stored version is another.
pub(crate) fn import_save(
    tx: &mut Tx<'_>,
    scope: &Scope,
    version: i64,
    import: &Import,
) -> Result<bool, DbError> {
    let detail = sealed(tx, import.id, &import.detail)?;
    let row = params![import.id, version, import.state.code(), detail];
    tx.run(scope, IMPORT_SAVE, row).map(|rows| rows > 0)
}

pub(crate) fn import_remove(tx: &mut Tx<'_>, scope: &Scope, id: ImportId) -> Result<(), DbError> {
    tx.run(scope, IMPORT_REMOVE, params![id]).map(drop)
}

/// Imports from before a moment, so many at most.
pub(crate) fn expired(
    tx: &mut Tx<'_>,
    before: DateTime<Utc>,
    most: i64,
) -> Result<Vec<(OrganisationId, ImportId)>, DbError> {
    tx.all(&EVERY, EXPIRED, params![before, most], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// What columns under these headings were the last time.
pub(crate) fn mapping(tx: &mut Tx<'_>, scope: &Scope, fingerprint: &str) -> Result<Option<Mapping>, DbError> {
    let found = tx.maybe(scope, MAPPING, params![fingerprint], |row| row.get::<String>(0))?;
    // A column that there is no more makes the memory worthless, not the import.
    Ok(found.and_then(|json| serde_json::from_str(&json).ok()))
}

pub(crate) fn mapping_keep(
    tx: &mut Tx<'_>,
    scope: &Scope,
    fingerprint: &str,
    mapping: &Mapping,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(scope, MAPPING_KEEP, params![fingerprint, write(mapping)?, now]).map(drop)
}

/// Forgets all but the `most` mappings that were said last.
pub(crate) fn mappings_forget(tx: &mut Tx<'_>, scope: &Scope, most: i64) -> Result<(), DbError> {
    tx.run(scope, MAPPINGS_FORGET, params![most]).map(drop)
}
