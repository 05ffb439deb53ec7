//! The SQL of second factors, of what is pending, of the latest sign-ins, and of an organisation's demand.

use super::model::{Factors, Kinds, Means, OwnPasskey, PasskeyId, RecoveryCode, SignIn};
use chrono::{DateTime, Utc};
use komainu_access::{PersonId, Scope};
use komainu_db::{DbError, Outside, Row, Tx, params};
use std::collections::BTreeMap;

const OUTSIDE: Outside =
    Outside("a second factor belongs to a person, who may belong to several organisations");
const DOOR: Outside = Outside("between two steps of signing in nobody is known to belong anywhere");

komainu_db::statements! {
    KINDS_OF = "SELECT EXISTS (SELECT 1 FROM totp WHERE person_id = $1),
        EXISTS (SELECT 1 FROM passkey WHERE person_id = $1)";
    KINDS_HERE = "SELECT m.person_id, EXISTS (SELECT 1 FROM totp t WHERE t.person_id = m.person_id),
            EXISTS (SELECT 1 FROM passkey k WHERE k.person_id = m.person_id)
        FROM membership m WHERE m.organisation_id = $1 AND m.ended_at IS NULL";
    DEMAND = "SELECT second_factor_since FROM organisation WHERE id = $1";
    DEMAND_SET = "UPDATE organisation SET second_factor_since = $2 WHERE id = $1";

    TOTP = "SELECT secret, last_step FROM totp WHERE person_id = $1";
    TOTP_SINCE = "SELECT created_at FROM totp WHERE person_id = $1";
    TOTP_PUT = "INSERT INTO totp (person_id, secret, last_step, created_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (person_id) DO UPDATE SET secret = excluded.secret, last_step = excluded.last_step,
            created_at = excluded.created_at";
    /// Of two who send one code at once, the second finds its step used; a secret set up anew meanwhile is not touched.
    TOTP_SPEND = "UPDATE totp SET last_step = $3, secret = $4
        WHERE person_id = $1 AND secret = $2 AND last_step < $3";
    TOTP_DELETE = "DELETE FROM totp WHERE person_id = $1";

    PASSKEYS = "SELECT id, name, created_at, used_at FROM passkey WHERE person_id = $1 ORDER BY created_at, id";
    PASSKEY_CREDENTIALS = "SELECT id, credential FROM passkey WHERE person_id = $1 ORDER BY created_at, id";
    PASSKEY_INSERT = "INSERT INTO passkey (person_id, id, credential_id, credential, name, created_at, used_at)
        VALUES ($1, $2, $3, $4, $5, $6, NULL)";
    /// Only while it is still as it was when it was checked: a counter never goes back.
    PASSKEY_SPEND = "UPDATE passkey SET credential = $4, used_at = $5
        WHERE person_id = $1 AND id = $2 AND credential = $3";
    PASSKEY_DELETE = "DELETE FROM passkey WHERE person_id = $1 AND id = $2";
    PASSKEYS_DELETE = "DELETE FROM passkey WHERE person_id = $1";

    PINS_DELETE = "DELETE FROM pin WHERE person_id = $1";

    CODES_LEFT = "SELECT count(*) FROM recovery_code WHERE person_id = $1 AND used_at IS NULL";
    CODE_INSERT = "INSERT INTO recovery_code (person_id, code_hash, used_at) VALUES ($1, $2, NULL)";
    CODE_SPEND = "UPDATE recovery_code SET used_at = $3 WHERE person_id = $1 AND code_hash = $2 AND used_at IS NULL";
    CODES_DELETE = "DELETE FROM recovery_code WHERE person_id = $1";

    /// One of a kind for each browser: a new one takes the place of the old.
    PENDING_PUT = "INSERT INTO pending (holder, purpose, person_id, state, expires_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (holder, purpose) DO UPDATE SET person_id = excluded.person_id, state = excluded.state,
            expires_at = excluded.expires_at";
    PENDING = "SELECT person_id, state FROM pending WHERE holder = $1 AND purpose = $2 AND expires_at > $3";
    /// Of two who answer at once, the second finds nothing.
    PENDING_TAKE = "DELETE FROM pending WHERE holder = $1 AND purpose = $2 AND expires_at > $3
        RETURNING person_id, state";
    PENDING_FORGET = "DELETE FROM pending WHERE person_id = $1";
    PENDING_SWEEP = "DELETE FROM pending WHERE expires_at <= $1";

    SIGN_IN_FORGET = "DELETE FROM sign_in WHERE person_id = $1 AND means = $2";
    SIGN_IN_INSERT = "INSERT INTO sign_in (person_id, id, at, means, user_agent) VALUES ($1, $2, $3, $4, $5)";
    SIGN_IN_TRIM = "DELETE FROM sign_in WHERE person_id = $1 AND id NOT IN
        (SELECT id FROM sign_in WHERE person_id = $1 ORDER BY at DESC, id DESC LIMIT $2)";
    SIGN_INS = "SELECT at, means, user_agent FROM sign_in WHERE person_id = $1 ORDER BY at DESC, id DESC";
}

/// A sealed secret and the step of the last code that was used.
pub(super) struct StoredTotp {
    pub(super) sealed: Vec<u8>,
    pub(super) last_step: i64,
}

/// Something that waits for a browser's answer.
pub(super) struct StoredPending {
    pub(super) person: Option<PersonId>,
    pub(super) sealed: Vec<u8>,
}

pub(crate) fn kinds_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Kinds, DbError> {
    tx.one(&OUTSIDE, KINDS_OF, params![person], |row| Ok(Kinds { totp: row.get(0)?, passkey: row.get(1)? }))
}

pub(super) fn kinds_here(tx: &mut Tx<'_>, scope: &Scope) -> Result<BTreeMap<PersonId, Kinds>, DbError> {
    let kinds = tx.all(scope, KINDS_HERE, &[], |row| {
        Ok((row.get(0)?, Kinds { totp: row.get(1)?, passkey: row.get(2)? }))
    })?;
    Ok(kinds.into_iter().collect())
}

pub(super) fn demand(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<DateTime<Utc>>, DbError> {
    tx.one(scope, DEMAND, &[], |row| row.get(0))
}

pub(super) fn demand_set(
    tx: &mut Tx<'_>,
    scope: &Scope,
    since: Option<DateTime<Utc>>,
) -> Result<(), DbError> {
    tx.run(scope, DEMAND_SET, params![since]).map(drop)
}

pub(super) fn factors(tx: &mut Tx<'_>, person: PersonId) -> Result<Factors, DbError> {
    Ok(Factors {
        totp: tx.maybe(&OUTSIDE, TOTP_SINCE, params![person], |row| row.get(0))?,
        passkeys: tx.all(&OUTSIDE, PASSKEYS, params![person], |row| {
            Ok(OwnPasskey {
                id: row.get(0)?,
                name: row.get(1)?,
                created_at: row.get(2)?,
                used_at: row.get(3)?,
            })
        })?,
        codes_left: tx.one(&OUTSIDE, CODES_LEFT, params![person], |row| row.get(0))?,
    })
}

pub(super) fn totp(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<StoredTotp>, DbError> {
    tx.maybe(&OUTSIDE, TOTP, params![person], |row| {
        Ok(StoredTotp { sealed: row.get(0)?, last_step: row.get(1)? })
    })
}

pub(super) fn totp_put(
    tx: &mut Tx<'_>,
    person: PersonId,
    sealed: &[u8],
    step: i64,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(&OUTSIDE, TOTP_PUT, params![person, sealed, step, now]).map(drop)
}

pub(super) fn totp_spend(
    tx: &mut Tx<'_>,
    person: PersonId,
    (seen, resealed): (&[u8], &[u8]),
    step: i64,
) -> Result<bool, DbError> {
    tx.run(&OUTSIDE, TOTP_SPEND, params![person, seen, step, resealed]).map(|rows| rows == 1)
}

pub(super) fn totp_delete(tx: &mut Tx<'_>, person: PersonId) -> Result<bool, DbError> {
    tx.run(&OUTSIDE, TOTP_DELETE, params![person]).map(|rows| rows == 1)
}

/// A person's passkeys as the library keeps them.
pub(super) fn passkey_credentials(
    tx: &mut Tx<'_>,
    person: PersonId,
) -> Result<Vec<(PasskeyId, String)>, DbError> {
    tx.all(&OUTSIDE, PASSKEY_CREDENTIALS, params![person], |row| Ok((row.get(0)?, row.get(1)?)))
}

pub(super) fn passkey_insert(
    tx: &mut Tx<'_>,
    person: PersonId,
    id: PasskeyId,
    (credential_id, credential): (&[u8], &str),
    name: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(&OUTSIDE, PASSKEY_INSERT, params![person, id, credential_id, credential, name, now]).map(drop)
}

pub(super) fn passkey_spend(
    tx: &mut Tx<'_>,
    person: PersonId,
    id: PasskeyId,
    (seen, kept): (&str, &str),
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    tx.run(&OUTSIDE, PASSKEY_SPEND, params![person, id, seen, kept, now]).map(|rows| rows == 1)
}

pub(super) fn passkey_delete(tx: &mut Tx<'_>, person: PersonId, id: PasskeyId) -> Result<bool, DbError> {
    tx.run(&OUTSIDE, PASSKEY_DELETE, params![person, id]).map(|rows| rows == 1)
}

pub(super) fn passkeys_delete(tx: &mut Tx<'_>, person: PersonId) -> Result<usize, DbError> {
    tx.run(&OUTSIDE, PASSKEYS_DELETE, params![person])
}

/// The PINs for shared places, in every organisation.
pub(super) fn pins_delete(tx: &mut Tx<'_>, person: PersonId) -> Result<(), DbError> {
    tx.run(&OUTSIDE, PINS_DELETE, params![person]).map(drop)
}

/// Puts a new set in the place of the old one.
pub(super) fn codes_put(tx: &mut Tx<'_>, person: PersonId, codes: &[RecoveryCode]) -> Result<(), DbError> {
    codes_delete(tx, person)?;
    for code in codes {
        tx.run(&OUTSIDE, CODE_INSERT, params![person, code.hash()])?;
    }
    Ok(())
}

pub(super) fn code_spend(
    tx: &mut Tx<'_>,
    person: PersonId,
    code: &RecoveryCode,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    tx.run(&OUTSIDE, CODE_SPEND, params![person, code.hash(), now]).map(|rows| rows == 1)
}

pub(super) fn codes_delete(tx: &mut Tx<'_>, person: PersonId) -> Result<(), DbError> {
    tx.run(&OUTSIDE, CODES_DELETE, params![person]).map(drop)
}

fn pending_row(row: &Row<'_>) -> Result<StoredPending, DbError> {
    Ok(StoredPending { person: row.get(0)?, sealed: row.get(1)? })
}

pub(super) fn pending_put(
    tx: &mut Tx<'_>,
    (holder, purpose): (&[u8], &str),
    person: Option<PersonId>,
    sealed: &[u8],
    expires_at: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(&DOOR, PENDING_PUT, params![holder, purpose, person, sealed, expires_at]).map(drop)
}

pub(super) fn pending(
    tx: &mut Tx<'_>,
    (holder, purpose): (&[u8], &str),
    now: DateTime<Utc>,
) -> Result<Option<StoredPending>, DbError> {
    tx.maybe(&DOOR, PENDING, params![holder, purpose, now], pending_row)
}

pub(super) fn pending_take(
    tx: &mut Tx<'_>,
    (holder, purpose): (&[u8], &str),
    now: DateTime<Utc>,
) -> Result<Option<StoredPending>, DbError> {
    tx.maybe(&DOOR, PENDING_TAKE, params![holder, purpose, now], pending_row)
}

pub(super) fn pending_forget(tx: &mut Tx<'_>, person: PersonId) -> Result<(), DbError> {
    tx.run(&DOOR, PENDING_FORGET, params![person]).map(drop)
}

pub(super) fn pending_sweep(tx: &mut Tx<'_>, now: DateTime<Utc>) -> Result<(), DbError> {
    tx.run(&DOOR, PENDING_SWEEP, params![now]).map(drop)
}

pub(super) fn sign_in_insert(
    tx: &mut Tx<'_>,
    person: PersonId,
    id: uuid::Uuid,
    sign_in: &SignIn,
    keep: i64,
) -> Result<(), DbError> {
    let SignIn { at, means, user_agent } = sign_in;
    if *means == Means::Refused {
        // Only the last of them, so that whoever tries and tries pushes nothing out of the list.
        tx.run(&OUTSIDE, SIGN_IN_FORGET, params![person, means.code()])?;
    }
    tx.run(&OUTSIDE, SIGN_IN_INSERT, params![person, id, *at, means.code(), user_agent])?;
    tx.run(&OUTSIDE, SIGN_IN_TRIM, params![person, keep]).map(drop)
}

/// Newest first.
pub(super) fn sign_ins(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<SignIn>, DbError> {
    tx.all(&OUTSIDE, SIGN_INS, params![person], |row| {
        let code: String = row.get(1)?;
        let means: Means =
            code.parse().map_err(|()| DbError::Other(format!("unknown means of signing in {code}")))?;
        Ok(SignIn { at: row.get(0)?, means, user_agent: row.get(2)? })
    })
}
