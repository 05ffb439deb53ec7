//! The SQL of shared places, of PINs and of held drafts.

use crate::model::{Candidate, PinState, Place};
use crate::rules::PIN_TRIES;
use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, PersonId, PlaceId, Scope, SharedPlace};
use komainu_db::{DbError, Outside, Row, Tx, params};

const CODE: Outside = Outside("the code that is typed into a browser is what leads to its organisation");
const DOOR: Outside =
    Outside("at a registered browser nobody has a scope before they have given PIN or passkey");
const LOCKED: Outside = Outside("a locked session has no scope, and may only leave what was typed");

komainu_db::statements! {
    PLACES = "SELECT w.id, w.name, w.user_agent, p.name, w.claimed_at, w.code_expires_at, w.used_at
        FROM shared_place w JOIN person p ON p.id = w.created_by
        WHERE w.organisation_id = $1 AND w.revoked_at IS NULL AND (w.claimed_at IS NOT NULL OR w.code_expires_at > $2)
        ORDER BY w.created_at, w.id";
    PLACE_NAMED = "SELECT EXISTS (SELECT 1 FROM shared_place WHERE organisation_id = $1 AND name = $2
        AND revoked_at IS NULL AND (claimed_at IS NOT NULL OR code_expires_at > $3))";
    PLACE_OFFER = "INSERT INTO shared_place (organisation_id, id, name, code_hash, code_expires_at, user_agent, created_by,
        created_at) VALUES ($1, $2, $3, $4, $5, '', $6, $7)";
    PLACE_INSERT = "INSERT INTO shared_place (organisation_id, id, name, token_hash, user_agent, created_by, created_at,
        claimed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
    /// Of two browsers into which one code is typed, the second finds it used.
    PLACE_CLAIM = "UPDATE shared_place SET token_hash = $2, user_agent = $3, claimed_at = $4, code_hash = NULL,
            code_expires_at = NULL
        WHERE code_hash = $1 AND code_expires_at > $4 AND revoked_at IS NULL
        RETURNING organisation_id, id, name, created_by";
    PLACE_REVOKE = "UPDATE shared_place SET revoked_at = $3, token_hash = NULL, code_hash = NULL
        WHERE organisation_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING name";
    PLACE_USED = "UPDATE shared_place SET used_at = $3 WHERE organisation_id = $1 AND id = $2";
    PERSON_NAME = "SELECT name FROM person WHERE id = $1";
    MINUTES = "SELECT place_lock_minutes FROM organisation WHERE id = $1";
    MINUTES_SET = "UPDATE organisation SET place_lock_minutes = $2 WHERE id = $1";

    CANDIDATES = "SELECT m.person_id, p.name, p.name_kana, m.title,
            EXISTS (SELECT 1 FROM pin n WHERE n.organisation_id = m.organisation_id AND n.person_id = m.person_id),
            EXISTS (SELECT 1 FROM passkey k WHERE k.person_id = m.person_id)
        FROM membership m JOIN person p ON p.id = m.person_id
        WHERE m.organisation_id = $1 AND m.ended_at IS NULL AND p.disabled_at IS NULL";

    PINS = "SELECT person_id, created_at, locked_at IS NOT NULL OR failures >= $2 FROM pin WHERE organisation_id = $1";
    PIN_PUT = "INSERT INTO pin (organisation_id, person_id, hash, created_at, failures, locked_at)
        VALUES ($1, $2, $3, $4, 0, NULL)
        ON CONFLICT (organisation_id, person_id) DO UPDATE SET hash = excluded.hash, created_at = excluded.created_at,
            failures = 0, locked_at = NULL";
    PIN_DELETE = "DELETE FROM pin WHERE organisation_id = $1 AND person_id = $2";
    PIN_LIFT = "UPDATE pin SET failures = 0, locked_at = NULL WHERE organisation_id = $1 AND person_id = $2
        AND (locked_at IS NOT NULL OR failures >= $3)";
    /// Counts an attempt before its outcome is known, so that many at once cannot slip through.
    PIN_TRY = "UPDATE pin SET failures = failures + 1
        WHERE organisation_id = $1 AND person_id = $2 AND locked_at IS NULL AND failures < $3 RETURNING hash, failures";
    PIN_RIGHT = "UPDATE pin SET failures = 0, hash = $4
        WHERE organisation_id = $1 AND person_id = $2 AND hash = $3 AND locked_at IS NULL";
    PIN_STOP = "UPDATE pin SET locked_at = $3
        WHERE organisation_id = $1 AND person_id = $2 AND locked_at IS NULL AND failures >= $4";
    PIN_STOPPED = "SELECT locked_at IS NOT NULL OR failures >= $3 FROM pin WHERE organisation_id = $1 AND person_id = $2";

    DRAFT_PUT = "INSERT INTO held_draft (organisation_id, person_id, form, entries, held_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (organisation_id, person_id, form) DO UPDATE SET entries = excluded.entries,
            held_at = excluded.held_at";
    DRAFTS_TRIM = "DELETE FROM held_draft WHERE organisation_id = $1 AND person_id = $2 AND form NOT IN
        (SELECT form FROM held_draft WHERE organisation_id = $1 AND person_id = $2 AND held_at > $3
            ORDER BY held_at DESC, form LIMIT $4)";
    DRAFTS = "SELECT form, entries, held_at FROM held_draft
        WHERE organisation_id = $1 AND person_id = $2 AND held_at > $3 ORDER BY held_at DESC, form";
    DRAFTS_COUNT = "SELECT count(*) FROM held_draft WHERE organisation_id = $1 AND person_id = $2 AND held_at > $3";
    DRAFT_DROP = "DELETE FROM held_draft WHERE organisation_id = $1 AND person_id = $2 AND form = $3";
}

pub(crate) fn places(tx: &mut Tx<'_>, scope: &Scope, now: DateTime<Utc>) -> Result<Vec<Place>, DbError> {
    tx.all(scope, PLACES, params![now], |row| {
        Ok(Place {
            id: row.get(0)?,
            name: row.get(1)?,
            user_agent: row.get(2)?,
            by: row.get(3)?,
            claimed_at: row.get(4)?,
            code_until: row.get(5)?,
            used_at: row.get(6)?,
        })
    })
}

pub(crate) fn place_named(
    tx: &mut Tx<'_>,
    scope: &Scope,
    name: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    tx.one(scope, PLACE_NAMED, params![name, now], |row| row.get(0))
}

pub(crate) fn place_offer(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (id, name): (PlaceId, &str),
    (code_hash, until): (&[u8], DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(scope, PLACE_OFFER, params![id, name, code_hash, until, scope.person(), now]).map(drop)
}

pub(crate) fn place_insert(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (id, name): (PlaceId, &str),
    (token_hash, user_agent): (&[u8], &str),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(scope, PLACE_INSERT, params![id, name, token_hash, user_agent, scope.person(), now]).map(drop)
}

/// A place whose code was typed in.
pub(crate) struct Claimed {
    pub(crate) organisation: OrganisationId,
    pub(crate) id: PlaceId,
    pub(crate) name: String,
    pub(crate) by: PersonId,
}

pub(crate) fn place_claim(
    tx: &mut Tx<'_>,
    code_hash: &[u8],
    (token_hash, user_agent): (&[u8], &str),
    now: DateTime<Utc>,
) -> Result<Option<Claimed>, DbError> {
    tx.maybe(&CODE, PLACE_CLAIM, params![code_hash, token_hash, user_agent, now], |row| {
        Ok(Claimed { organisation: row.get(0)?, id: row.get(1)?, name: row.get(2)?, by: row.get(3)? })
    })
}

/// The place's name, where there was one to withdraw.
pub(crate) fn place_revoke(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: PlaceId,
    now: DateTime<Utc>,
) -> Result<Option<String>, DbError> {
    tx.maybe(scope, PLACE_REVOKE, params![id, now], |row| row.get(0))
}

pub(crate) fn place_used(tx: &mut Tx<'_>, place: &SharedPlace, now: DateTime<Utc>) -> Result<(), DbError> {
    tx.run(&DOOR, PLACE_USED, params![place.organisation, place.id, now]).map(drop)
}

pub(crate) fn person_name(tx: &mut Tx<'_>, person: PersonId) -> Result<String, DbError> {
    Ok(tx.maybe(&DOOR, PERSON_NAME, params![person], |row| row.get(0))?.unwrap_or_default())
}

pub(crate) fn minutes(tx: &mut Tx<'_>, scope: &Scope) -> Result<i64, DbError> {
    tx.one(scope, MINUTES, &[], |row| row.get(0))
}

pub(crate) fn minutes_set(tx: &mut Tx<'_>, scope: &Scope, minutes: i64) -> Result<(), DbError> {
    tx.run(scope, MINUTES_SET, params![minutes]).map(drop)
}

/// The members of the place's organisation who can sign in, whether they have a PIN or passkey or not.
pub(crate) fn candidates(tx: &mut Tx<'_>, place: &SharedPlace) -> Result<Vec<Candidate>, DbError> {
    tx.all(&DOOR, CANDIDATES, params![place.organisation], |row| {
        Ok(Candidate {
            person: row.get(0)?,
            name: row.get(1)?,
            name_kana: row.get(2)?,
            title: row.get(3)?,
            pin: row.get(4)?,
            passkey: row.get(5)?,
        })
    })
}

pub(crate) fn pins(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<PinState>, DbError> {
    tx.all(scope, PINS, params![PIN_TRIES], |row| {
        Ok(PinState { person: row.get(0)?, since: row.get(1)?, stopped: row.get(2)? })
    })
}

pub(crate) fn pin_put(
    tx: &mut Tx<'_>,
    scope: &Scope,
    sealed: &[u8],
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(scope, PIN_PUT, params![scope.person(), sealed, now]).map(drop)
}

pub(crate) fn pin_delete(tx: &mut Tx<'_>, scope: &Scope) -> Result<bool, DbError> {
    tx.run(scope, PIN_DELETE, params![scope.person()]).map(|rows| rows == 1)
}

pub(crate) fn pin_lift(tx: &mut Tx<'_>, scope: &Scope, person: PersonId) -> Result<bool, DbError> {
    tx.run(scope, PIN_LIFT, params![person, PIN_TRIES]).map(|rows| rows == 1)
}

/// A PIN that is being tried: its sealed hash, and the how-manieth attempt in a row this is.
pub(crate) struct Tried {
    pub(crate) sealed: Vec<u8>,
    pub(crate) failures: i64,
}

pub(crate) fn pin_try(
    tx: &mut Tx<'_>,
    place: &SharedPlace,
    person: PersonId,
) -> Result<Option<Tried>, DbError> {
    tx.maybe(&DOOR, PIN_TRY, params![place.organisation, person, PIN_TRIES], |row: &Row<'_>| {
        Ok(Tried { sealed: row.get(0)?, failures: row.get(1)? })
    })
}

pub(crate) fn pin_right(
    tx: &mut Tx<'_>,
    place: &SharedPlace,
    person: PersonId,
    (seen, kept): (&[u8], &[u8]),
) -> Result<bool, DbError> {
    tx.run(&DOOR, PIN_RIGHT, params![place.organisation, person, seen, kept]).map(|rows| rows == 1)
}

/// True for the one attempt that stops it.
pub(crate) fn pin_stop(
    tx: &mut Tx<'_>,
    place: &SharedPlace,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    tx.run(&DOOR, PIN_STOP, params![place.organisation, person, now, PIN_TRIES]).map(|rows| rows == 1)
}

pub(crate) fn pin_stopped(tx: &mut Tx<'_>, place: &SharedPlace, person: PersonId) -> Result<bool, DbError> {
    let values = params![place.organisation, person, PIN_TRIES];
    Ok(tx.maybe(&DOOR, PIN_STOPPED, values, |row| row.get(0))?.unwrap_or_default())
}

/// A draft as it lies there.
pub(crate) struct StoredDraft {
    pub(crate) form: String,
    pub(crate) sealed: Vec<u8>,
    pub(crate) held_at: DateTime<Utc>,
}

pub(crate) fn draft_put(
    tx: &mut Tx<'_>,
    (organisation, person): (OrganisationId, PersonId),
    (form, sealed): (&str, &[u8]),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(&LOCKED, DRAFT_PUT, params![organisation, person, form, sealed, now]).map(drop)
}

/// Lets go what is older than `moment` and beyond the `most` newest.
pub(crate) fn drafts_trim(
    tx: &mut Tx<'_>,
    (organisation, person): (OrganisationId, PersonId),
    moment: DateTime<Utc>,
    most: i64,
) -> Result<(), DbError> {
    tx.run(&LOCKED, DRAFTS_TRIM, params![organisation, person, moment, most]).map(drop)
}

pub(crate) fn drafts(
    tx: &mut Tx<'_>,
    scope: &Scope,
    after: DateTime<Utc>,
) -> Result<Vec<StoredDraft>, DbError> {
    tx.all(scope, DRAFTS, params![scope.person(), after], |row| {
        Ok(StoredDraft { form: row.get(0)?, sealed: row.get(1)?, held_at: row.get(2)? })
    })
}

pub(crate) fn drafts_count(
    tx: &mut Tx<'_>,
    place: &SharedPlace,
    person: PersonId,
    after: DateTime<Utc>,
) -> Result<i64, DbError> {
    tx.one(&DOOR, DRAFTS_COUNT, params![place.organisation, person, after], |row| row.get(0))
}

pub(crate) fn draft_drop(tx: &mut Tx<'_>, scope: &Scope, form: &str) -> Result<bool, DbError> {
    tx.run(scope, DRAFT_DROP, params![scope.person(), form]).map(|rows| rows == 1)
}
