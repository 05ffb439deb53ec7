//! The SQL of systems.

use super::code;
use crate::model::{SystemId, SystemRecord};
use chrono::{DateTime, Utc};
use komainu_access::Scope;
use komainu_db::{DbError, Part, Row, Tx, params};

komainu_db::statements! {
    SYSTEMS = "SELECT id, kind, name, place, hosting, vendor_id, remote_maintenance, updates_by_vendor, note, version
        FROM system_record WHERE organisation_id = $1 ORDER BY created_at, id";
    SYSTEMS_PART = "SELECT id, kind, name, place, hosting, vendor_id, remote_maintenance, updates_by_vendor, note, version
        FROM system_record WHERE organisation_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    SYSTEM_GET = "SELECT id, kind, name, place, hosting, vendor_id, remote_maintenance, updates_by_vendor, note, version
        FROM system_record WHERE organisation_id = $1 AND id = $2";
    SYSTEM_ADD = "INSERT INTO system_record (organisation_id, id, kind, name, place, hosting, vendor_id, remote_maintenance,
        updates_by_vendor, note, created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)";
    SYSTEM_SAVE = "UPDATE system_record SET kind = $4, name = $5, place = $6, hosting = $7, vendor_id = $8,
        remote_maintenance = $9, updates_by_vendor = $10, note = $11, version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND version = $3";
    SYSTEM_REMOVE = "DELETE FROM system_record WHERE organisation_id = $1 AND id = $2 AND version = $3";
}

fn system(row: &Row<'_>) -> Result<SystemRecord, DbError> {
    Ok(SystemRecord {
        id: row.get(0)?,
        kind: code(row.get(1)?)?,
        name: row.get(2)?,
        place: row.get(3)?,
        hosting: code(row.get(4)?)?,
        vendor: row.get(5)?,
        remote_maintenance: row.get(6)?,
        updates_by_vendor: row.get(7)?,
        note: row.get(8)?,
        version: row.get(9)?,
    })
}

pub(crate) fn systems(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<SystemRecord>, DbError> {
    tx.all(scope, SYSTEMS, &[], system)
}

pub(crate) fn systems_part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<SystemId>,
) -> Result<Vec<SystemRecord>, DbError> {
    tx.all(scope, SYSTEMS_PART, params![part.after_id(), part.limit], system)
}

pub(crate) fn system_get(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: SystemId,
) -> Result<Option<SystemRecord>, DbError> {
    tx.maybe(scope, SYSTEM_GET, params![id], system)
}

pub(crate) fn system_add(
    tx: &mut Tx<'_>,
    scope: &Scope,
    new: &SystemRecord,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(
        scope,
        SYSTEM_ADD,
        params![
            new.id,
            new.kind.as_str(),
            &new.name,
            &new.place,
            new.hosting.code(),
            new.vendor,
            new.remote_maintenance,
            new.updates_by_vendor,
            &new.note,
            now
        ],
    )
    .map(drop)
}

/// False where the stored version is another.
pub(crate) fn system_save(
    tx: &mut Tx<'_>,
    scope: &Scope,
    version: i64,
    new: &SystemRecord,
) -> Result<bool, DbError> {
    tx.run(
        scope,
        SYSTEM_SAVE,
        params![
            new.id,
            version,
            new.kind.as_str(),
            &new.name,
            &new.place,
            new.hosting.code(),
            new.vendor,
            new.remote_maintenance,
            new.updates_by_vendor,
            &new.note
        ],
    )
    .map(|rows| rows > 0)
}

/// False where the stored version is another.
pub(crate) fn system_remove(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: SystemId,
    version: i64,
) -> Result<bool, DbError> {
    tx.run(scope, SYSTEM_REMOVE, params![id, version]).map(|rows| rows > 0)
}
