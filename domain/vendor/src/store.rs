//! The SQL of vendors.

use crate::{Vendor, VendorId};
use chrono::{DateTime, Utc};
use komainu_access::Scope;
use komainu_db::{DbError, Part, Row, Tx, params};

komainu_db::statements! {
    VENDORS = "SELECT id, name, name_kana, person, phone, night_phone, email, note, version FROM vendor
        WHERE organisation_id = $1 ORDER BY created_at, id";
    VENDORS_PART = "SELECT id, name, name_kana, person, phone, night_phone, email, note, version FROM vendor
        WHERE organisation_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    VENDOR_GET = "SELECT id, name, name_kana, person, phone, night_phone, email, note, version FROM vendor
        WHERE organisation_id = $1 AND id = $2";
    VENDOR_ADD = "INSERT INTO vendor (organisation_id, id, name, name_kana, person, phone, night_phone, email, note, created_at,
        version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)";
    VENDOR_SAVE = "UPDATE vendor SET name = $4, name_kana = $5, person = $6, phone = $7, night_phone = $8, email = $9, note = $10,
        version = version + 1 WHERE organisation_id = $1 AND id = $2 AND version = $3";
    VENDOR_REMOVE = "DELETE FROM vendor WHERE organisation_id = $1 AND id = $2 AND version = $3";
}

komainu_db::sealed_columns! {
    PHONE = "vendor"."phone" by "id";
    NIGHT_PHONE = "vendor"."night_phone" by "id";
}

fn vendor(row: &Row<'_>) -> Result<Vendor, DbError> {
    let id: VendorId = row.get(0)?;
    Ok(Vendor {
        id,
        name: row.get(1)?,
        name_kana: row.get(2)?,
        person: row.get(3)?,
        phone: PHONE.open(row, 4, &[id.0.as_bytes()])?,
        night_phone: NIGHT_PHONE.open(row, 5, &[id.0.as_bytes()])?,
        email: row.get(6)?,
        note: row.get(7)?,
        version: row.get(8)?,
    })
}

pub(crate) fn vendors(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Vendor>, DbError> {
    tx.all(scope, VENDORS, &[], vendor)
}

pub(crate) fn vendors_part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<VendorId>,
) -> Result<Vec<Vendor>, DbError> {
    tx.all(scope, VENDORS_PART, params![part.after_id(), part.limit], vendor)
}

pub(crate) fn vendor_get(tx: &mut Tx<'_>, scope: &Scope, id: VendorId) -> Result<Option<Vendor>, DbError> {
    tx.maybe(scope, VENDOR_GET, params![id], vendor)
}

pub(crate) fn vendor_add(
    tx: &mut Tx<'_>,
    scope: &Scope,
    new: &Vendor,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(
        scope,
        VENDOR_ADD,
        params![
            new.id,
            &new.name,
            &new.name_kana,
            &new.person,
            PHONE.close(tx, &[new.id.0.as_bytes()], &new.phone)?,
            NIGHT_PHONE.close(tx, &[new.id.0.as_bytes()], &new.night_phone)?,
            &new.email,
            &new.note,
            now
        ],
    )
    .map(drop)
}

/// False where the stored version is another.
pub(crate) fn vendor_save(
    tx: &mut Tx<'_>,
    scope: &Scope,
    version: i64,
    new: &Vendor,
) -> Result<bool, DbError> {
    tx.run(
        scope,
        VENDOR_SAVE,
        params![
            new.id,
            version,
            &new.name,
            &new.name_kana,
            &new.person,
            PHONE.close(tx, &[new.id.0.as_bytes()], &new.phone)?,
            NIGHT_PHONE.close(tx, &[new.id.0.as_bytes()], &new.night_phone)?,
            &new.email,
            &new.note
        ],
    )
    .map(|rows| rows > 0)
}

/// False where the stored version is another.
pub(crate) fn vendor_remove(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: VendorId,
    version: i64,
) -> Result<bool, DbError> {
    tx.run(scope, VENDOR_REMOVE, params![id, version]).map(|rows| rows > 0)
}
