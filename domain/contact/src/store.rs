//! The SQL of contacts.

use crate::{Contact, ContactId};
use chrono::{DateTime, Utc};
use komainu_access::{PersonId, Scope};
use komainu_db::{DbError, Part, Row, Tx, params};

komainu_db::statements! {
    CONTACTS = "SELECT id, name, name_kana, duty, person_id, phone, night_phone, email, outside, source, note, checked_on,
        position, version FROM contact WHERE organisation_id = $1 ORDER BY position, id";
    CONTACTS_PART = "SELECT id, name, name_kana, duty, person_id, phone, night_phone, email, outside, source, note,
        checked_on, position, version FROM contact WHERE organisation_id = $1 AND (position, id) > ($2, $3)
        ORDER BY position, id LIMIT $4";
    CONTACT_GET = "SELECT id, name, name_kana, duty, person_id, phone, night_phone, email, outside, source, note, checked_on,
        position, version FROM contact WHERE organisation_id = $1 AND id = $2";
    CONTACT_ADD = "INSERT INTO contact (organisation_id, id, name, name_kana, duty, person_id, phone, night_phone, email,
        outside, source, note, checked_on, position, created_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1)";
    CONTACT_SAVE = "UPDATE contact SET name = $4, name_kana = $5, duty = $6, person_id = $7, phone = $8, night_phone = $9,
        email = $10, outside = $11, source = $12, note = $13, checked_on = $14, version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND version = $3";
    CONTACT_REMOVE = "DELETE FROM contact WHERE organisation_id = $1 AND id = $2 AND version = $3";
    CONTACT_PLACE = "UPDATE contact SET position = $3 WHERE organisation_id = $1 AND id = $2";
    IS_MEMBER = "SELECT person_id FROM membership WHERE organisation_id = $1 AND person_id = $2 AND ended_at IS NULL";
}

komainu_db::sealed_columns! {
    PHONE = "contact"."phone" by "id";
    NIGHT_PHONE = "contact"."night_phone" by "id";
}

fn contact(row: &Row<'_>) -> Result<Contact, DbError> {
    let id: ContactId = row.get(0)?;
    Ok(Contact {
        id,
        name: row.get(1)?,
        name_kana: row.get(2)?,
        duty: row.get(3)?,
        person: row.get(4)?,
        phone: PHONE.open(row, 5, &[id.0.as_bytes()])?,
        night_phone: NIGHT_PHONE.open(row, 6, &[id.0.as_bytes()])?,
        email: row.get(7)?,
        outside: row.get(8)?,
        source: row.get(9)?,
        note: row.get(10)?,
        checked_on: row.get(11)?,
        position: row.get(12)?,
        version: row.get(13)?,
    })
}

pub(crate) fn contacts(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Contact>, DbError> {
    tx.all(scope, CONTACTS, &[], contact)
}

pub(crate) fn contacts_part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<(i64, ContactId)>,
) -> Result<Vec<Contact>, DbError> {
    let (position, id) = part.after.unwrap_or((i64::MIN, ContactId(komainu_db::uuid::Uuid::nil())));
    tx.all(scope, CONTACTS_PART, params![position, id, part.limit], contact)
}

pub(crate) fn contact_get(tx: &mut Tx<'_>, scope: &Scope, id: ContactId) -> Result<Option<Contact>, DbError> {
    tx.maybe(scope, CONTACT_GET, params![id], contact)
}

pub(crate) fn contact_add(
    tx: &mut Tx<'_>,
    scope: &Scope,
    new: &Contact,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(
        scope,
        CONTACT_ADD,
        params![
            new.id,
            &new.name,
            &new.name_kana,
            &new.duty,
            new.person,
            PHONE.close(tx, &[new.id.0.as_bytes()], &new.phone)?,
            NIGHT_PHONE.close(tx, &[new.id.0.as_bytes()], &new.night_phone)?,
            &new.email,
            new.outside,
            &new.source,
            &new.note,
            new.checked_on,
            new.position,
            now
        ],
    )
    .map(drop)
}

/// False where the stored version is another.
pub(crate) fn contact_save(
    tx: &mut Tx<'_>,
    scope: &Scope,
    version: i64,
    new: &Contact,
) -> Result<bool, DbError> {
    tx.run(
        scope,
        CONTACT_SAVE,
        params![
            new.id,
            version,
            &new.name,
            &new.name_kana,
            &new.duty,
            new.person,
            PHONE.close(tx, &[new.id.0.as_bytes()], &new.phone)?,
            NIGHT_PHONE.close(tx, &[new.id.0.as_bytes()], &new.night_phone)?,
            &new.email,
            new.outside,
            &new.source,
            &new.note,
            new.checked_on
        ],
    )
    .map(|rows| rows > 0)
}

/// False where the stored version is another.
pub(crate) fn contact_remove(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: ContactId,
    version: i64,
) -> Result<bool, DbError> {
    tx.run(scope, CONTACT_REMOVE, params![id, version]).map(|rows| rows > 0)
}

pub(crate) fn contact_place(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: ContactId,
    position: i64,
) -> Result<(), DbError> {
    tx.run(scope, CONTACT_PLACE, params![id, position]).map(drop)
}

pub(crate) fn is_member(tx: &mut Tx<'_>, scope: &Scope, person: PersonId) -> Result<bool, DbError> {
    Ok(tx.maybe(scope, IS_MEMBER, params![person], |row| row.get::<PersonId>(0))?.is_some())
}
