//! The SQL of contacts.

use crate::{Contact, ContactId, Way, WayId};
use chrono::{DateTime, Utc};
use komainu_access::{PersonId, Scope};
use komainu_db::{DbError, Part, Row, Tx, UnknownCode, params};
use std::collections::HashMap;

komainu_db::statements! {
    CONTACTS = "SELECT id, name, name_kana, duty, person_id, phone, night_phone, email, outside, source, note, checked_on,
        position, version, hours, for_reporters FROM contact WHERE organisation_id = $1 ORDER BY position, id";
    CONTACTS_PART = "SELECT id, name, name_kana, duty, person_id, phone, night_phone, email, outside, source, note,
        checked_on, position, version, hours, for_reporters FROM contact WHERE organisation_id = $1 AND (position, id) > ($2, $3)
        ORDER BY position, id LIMIT $4";
    CONTACT_GET = "SELECT id, name, name_kana, duty, person_id, phone, night_phone, email, outside, source, note, checked_on,
        position, version, hours, for_reporters FROM contact WHERE organisation_id = $1 AND id = $2";
    CONTACT_ADD = "INSERT INTO contact (organisation_id, id, name, name_kana, duty, person_id, phone, night_phone, email,
        outside, source, note, checked_on, position, created_at, hours, for_reporters, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 1)";
    CONTACT_SAVE = "UPDATE contact SET name = $4, name_kana = $5, duty = $6, person_id = $7, phone = $8, night_phone = $9,
        email = $10, outside = $11, source = $12, note = $13, checked_on = $14, hours = $15, for_reporters = $16, version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND version = $3";
    CONTACT_REMOVE = "DELETE FROM contact WHERE organisation_id = $1 AND id = $2 AND version = $3";
    WAYS = "SELECT contact_id, id, kind, address, label, hours FROM contact_way WHERE organisation_id = $1
        ORDER BY contact_id, position";
    WAYS_OF = "SELECT contact_id, id, kind, address, label, hours FROM contact_way
        WHERE organisation_id = $1 AND contact_id = $2 ORDER BY position";
    WAY_ADD = "INSERT INTO contact_way (organisation_id, id, contact_id, position, kind, address, label, hours)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    WAYS_REMOVE = "DELETE FROM contact_way WHERE organisation_id = $1 AND contact_id = $2";
    STAND_INS = "SELECT contact_id, stand_in_id FROM contact_stand_in WHERE organisation_id = $1
        ORDER BY contact_id, position";
    STAND_INS_OF = "SELECT contact_id, stand_in_id FROM contact_stand_in
        WHERE organisation_id = $1 AND contact_id = $2 ORDER BY position";
    STAND_IN_ADD = "INSERT INTO contact_stand_in (organisation_id, contact_id, position, stand_in_id)
        VALUES ($1, $2, $3, $4)";
    STAND_INS_REMOVE = "DELETE FROM contact_stand_in WHERE organisation_id = $1 AND contact_id = $2";
    STANDING_IN_REMOVE = "DELETE FROM contact_stand_in WHERE organisation_id = $1 AND stand_in_id = $2";
    CONTACT_PLACE = "UPDATE contact SET position = $3 WHERE organisation_id = $1 AND id = $2";
    LEFT = "SELECT c.id FROM contact c WHERE c.organisation_id = $1 AND c.person_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM membership m
        WHERE m.organisation_id = c.organisation_id AND m.person_id = c.person_id AND m.ended_at IS NULL)";
    IS_MEMBER = "SELECT person_id FROM membership WHERE organisation_id = $1 AND person_id = $2 AND ended_at IS NULL";
}

komainu_db::sealed_columns! {
    PHONE = "contact"."phone" by "id";
    NIGHT_PHONE = "contact"."night_phone" by "id";
    ADDRESS = "contact_way"."address" by "id";
}

fn contact(row: &Row<'_>) -> Result<Contact, DbError> {
    let id: ContactId = row.get(0)?;
    Ok(Contact {
        id,
        name: row.get(1)?,
        name_kana: row.get(2)?,
        duty: row.get(3)?,
        person: row.get(4)?,
        left: false,
        phone: PHONE.open(row, 5, &[id.0.as_bytes()])?,
        night_phone: NIGHT_PHONE.open(row, 6, &[id.0.as_bytes()])?,
        email: row.get(7)?,
        outside: row.get(8)?,
        source: row.get(9)?,
        note: row.get(10)?,
        checked_on: row.get(11)?,
        position: row.get(12)?,
        version: row.get(13)?,
        hours: row.get(14)?,
        for_reporters: row.get(15)?,
        ways: Vec::new(),
        stand_ins: Vec::new(),
    })
}

fn way(row: &Row<'_>) -> Result<(ContactId, Way), DbError> {
    let id: WayId = row.get(1)?;
    let unknown = |error: UnknownCode| DbError::Other(error.to_string());
    Ok((
        row.get(0)?,
        Way {
            id,
            kind: row.get::<String>(2)?.parse().map_err(unknown)?,
            address: ADDRESS.open(row, 3, &[id.0.as_bytes()])?,
            label: row.get(4)?,
            hours: row.get::<String>(5)?.parse().map_err(unknown)?,
        },
    ))
}

fn stand_in(row: &Row<'_>) -> Result<(ContactId, ContactId), DbError> {
    Ok((row.get(0)?, row.get(1)?))
}

/// Gives each contact its ways and stand-ins, and tells whose person is no member any more.
fn filled(
    mut contacts: Vec<Contact>,
    ways: Vec<(ContactId, Way)>,
    stand_ins: Vec<(ContactId, ContactId)>,
    left: &[ContactId],
) -> Vec<Contact> {
    for contact in &mut contacts {
        contact.left = left.contains(&contact.id);
    }
    let places: HashMap<ContactId, usize> =
        contacts.iter().enumerate().map(|(at, contact)| (contact.id, at)).collect();
    for (of, way) in ways {
        if let Some(at) = places.get(&of) {
            contacts[*at].ways.push(way);
        }
    }
    for (of, id) in stand_ins {
        if let Some(at) = places.get(&of) {
            contacts[*at].stand_ins.push(id);
        }
    }
    contacts
}

fn left(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<ContactId>, DbError> {
    tx.all(scope, LEFT, &[], |row| row.get(0))
}

pub(crate) fn contacts(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Contact>, DbError> {
    let all = tx.all(scope, CONTACTS, &[], contact)?;
    let (ways, stand_ins) = (tx.all(scope, WAYS, &[], way)?, tx.all(scope, STAND_INS, &[], stand_in)?);
    Ok(filled(all, ways, stand_ins, &left(tx, scope)?))
}

pub(crate) fn contacts_part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<(i64, ContactId)>,
) -> Result<Vec<Contact>, DbError> {
    let (position, id) = part.after.unwrap_or((i64::MIN, ContactId(komainu_db::uuid::Uuid::nil())));
    let some = tx.all(scope, CONTACTS_PART, params![position, id, part.limit], contact)?;
    let (ways, stand_ins) = (tx.all(scope, WAYS, &[], way)?, tx.all(scope, STAND_INS, &[], stand_in)?);
    Ok(filled(some, ways, stand_ins, &left(tx, scope)?))
}

pub(crate) fn contact_get(tx: &mut Tx<'_>, scope: &Scope, id: ContactId) -> Result<Option<Contact>, DbError> {
    let Some(found) = tx.maybe(scope, CONTACT_GET, params![id], contact)? else { return Ok(None) };
    let ways = tx.all(scope, WAYS_OF, params![id], way)?;
    let stand_ins = tx.all(scope, STAND_INS_OF, params![id], stand_in)?;
    Ok(filled(vec![found], ways, stand_ins, &left(tx, scope)?).pop())
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
            now,
            &new.hours,
            new.for_reporters
        ],
    )?;
    further(tx, scope, new)
}

/// Writes ways and stand-ins as they are to be.
fn further(tx: &mut Tx<'_>, scope: &Scope, new: &Contact) -> Result<(), DbError> {
    tx.run(scope, WAYS_REMOVE, params![new.id])?;
    for (position, way) in (0_i64..).zip(&new.ways) {
        let address = ADDRESS.close(tx, &[way.id.0.as_bytes()], &way.address)?;
        tx.run(
            scope,
            WAY_ADD,
            params![way.id, new.id, position, way.kind.code(), address, &way.label, way.hours.code()],
        )?;
    }
    tx.run(scope, STAND_INS_REMOVE, params![new.id])?;
    for (position, id) in (0_i64..).zip(&new.stand_ins) {
        tx.run(scope, STAND_IN_ADD, params![new.id, position, *id])?;
    }
    Ok(())
}

/// False where the stored version is another.
pub(crate) fn contact_save(
    tx: &mut Tx<'_>,
    scope: &Scope,
    version: i64,
    new: &Contact,
) -> Result<bool, DbError> {
    let rows = tx.run(
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
            new.checked_on,
            &new.hours,
            new.for_reporters
        ],
    )?;
    if rows > 0 {
        further(tx, scope, new)?;
    }
    Ok(rows > 0)
}

/// False where the stored version is another.
pub(crate) fn contact_remove(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: ContactId,
    version: i64,
) -> Result<bool, DbError> {
    tx.run(scope, WAYS_REMOVE, params![id])?;
    tx.run(scope, STAND_INS_REMOVE, params![id])?;
    tx.run(scope, STANDING_IN_REMOVE, params![id])?;
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
