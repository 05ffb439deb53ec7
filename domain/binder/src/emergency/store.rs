//! The SQL of the emergency binder.

use crate::emergency::Binder;
use chrono::{DateTime, Utc};
use komainu_access::{LinkId, LinkToken, OrganisationId, Scope};
use komainu_db::{DbError, Outside, Row, Tx, params};

const FOLLOWER: Outside = Outside("the follower looks at every organisation's binder");

komainu_db::statements! {
    BINDERS = "SELECT lang, content, file, pages, made_at, seen_seq FROM emergency_binder WHERE organisation_id = $1
        ORDER BY lang";
    BINDER = "SELECT lang, content, file, pages, made_at, seen_seq FROM emergency_binder
        WHERE organisation_id = $1 AND lang = $2";
    BEGIN = "INSERT INTO emergency_binder (organisation_id, lang, content, file, pages, seen_seq, seen_at)
        VALUES ($1, $2, $3, '', 0, COALESCE((SELECT seq FROM audit_head WHERE organisation_id = $1), 0), $4)
        ON CONFLICT (organisation_id, lang) DO NOTHING";
    MADE = "UPDATE emergency_binder SET content = $3, file = $4, pages = $5, made_at = $6
        WHERE organisation_id = $1 AND lang = $2";
    /// Binders after whose last look something was logged, and that were not looked at just now; and those that were not
    /// looked at for long, as days pass and the program itself is renewed without a word in an organisation's log.
    BEHIND = "SELECT b.organisation_id, b.lang, a.seq
        FROM emergency_binder b JOIN audit_head a ON a.organisation_id = b.organisation_id
        WHERE (b.seen_seq < a.seq AND b.seen_at <= $1) OR b.seen_at <= $2 ORDER BY b.seen_at LIMIT $3";
    SEEN = "UPDATE emergency_binder SET seen_seq = $3, seen_at = $4 WHERE organisation_id = $1 AND lang = $2";
    DOOR = "SELECT link_id, secret FROM emergency_binder_door WHERE organisation_id = $1 AND link_id IS NOT NULL";
    /// Makes the row or locks it: of two makers at once, the second finds what the first made.
    DOOR_LOCK = "INSERT INTO emergency_binder_door (organisation_id, secret) VALUES ($1, '')
        ON CONFLICT (organisation_id) DO UPDATE SET secret = emergency_binder_door.secret";
    DOOR_SET = "UPDATE emergency_binder_door SET link_id = $2, secret = $3 WHERE organisation_id = $1";
}

komainu_db::sealed_columns! {
    /// The end of the door's address.
    DOOR_SECRET = "emergency_binder_door"."secret" by "link_id";
}

fn binder(row: &Row<'_>) -> Result<Binder, DbError> {
    let lang: String = row.get(0)?;
    Ok(Binder {
        lang: lang.parse().map_err(|_| DbError::Other("unknown language of a binder".to_owned()))?,
        content: row.get(1)?,
        file: row.get(2)?,
        pages: row.get(3)?,
        made_at: row.get(4)?,
        seen_seq: row.get(5)?,
    })
}

pub(crate) fn binders(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Binder>, DbError> {
    tx.all(scope, BINDERS, &[], binder)
}

pub(crate) fn binder_get(tx: &mut Tx<'_>, scope: &Scope, lang: &str) -> Result<Option<Binder>, DbError> {
    tx.maybe(scope, BINDER, params![lang], binder)
}

/// Notes that a binder is wanted from now on.
pub(crate) fn begin(tx: &mut Tx<'_>, scope: &Scope, lang: &str, now: DateTime<Utc>) -> Result<(), DbError> {
    tx.run(scope, BEGIN, params![lang, Vec::<u8>::new(), now]).map(drop)
}

pub(crate) fn made(
    tx: &mut Tx<'_>,
    scope: &Scope,
    lang: &str,
    (content, file, pages): (&[u8], &str, i64),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(scope, MADE, params![lang, content, file, pages, now]).map(drop)
}

pub(crate) fn behind(
    tx: &mut Tx<'_>,
    (before, long_before): (DateTime<Utc>, DateTime<Utc>),
    limit: i64,
) -> Result<Vec<(OrganisationId, String, i64)>, DbError> {
    tx.all(&FOLLOWER, BEHIND, params![before, long_before, limit], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })
}

pub(crate) fn seen(
    tx: &mut Tx<'_>,
    scope: &Scope,
    lang: &str,
    (seq, now): (i64, DateTime<Utc>),
) -> Result<(), DbError> {
    tx.run(scope, SEEN, params![lang, seq, now]).map(drop)
}

/// The link that the door is, with its secret.
pub(crate) fn door(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<(LinkId, LinkToken)>, DbError> {
    tx.maybe(scope, DOOR, &[], |row| {
        let id: LinkId = row.get(0)?;
        let secret = DOOR_SECRET.open(row, 1, &[id.0.as_bytes()])?;
        let secret: LinkToken =
            secret.parse().map_err(|()| DbError::Other("the door's secret is none".to_owned()))?;
        Ok((id, secret))
    })
}

pub(crate) fn door_lock(tx: &mut Tx<'_>, scope: &Scope) -> Result<(), DbError> {
    tx.run(scope, DOOR_LOCK, &[]).map(drop)
}

pub(crate) fn door_set(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (id, secret): (LinkId, &LinkToken),
) -> Result<(), DbError> {
    let sealed = DOOR_SECRET.close(tx, &[id.0.as_bytes()], &secret.text())?;
    tx.run(scope, DOOR_SET, params![id, sealed]).map(drop)
}
