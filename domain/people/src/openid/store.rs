//! The SQL of links to the sign-in service.

use super::model::{OwnLink, SignInLinkId};
use chrono::{DateTime, Utc};
use komainu_access::PersonId;
use komainu_db::{DbError, Outside, Tx, params};
use komainu_openid::Identity;

const OUTSIDE: Outside = Outside("a link belongs to a person, who may belong to several organisations");

komainu_db::statements! {
    OPENID_LINKS = "SELECT id, issuer, created_at, used_at FROM openid_link WHERE person_id = $1
        ORDER BY created_at, id";
    OPENID_HOLDER = "SELECT person_id FROM openid_link WHERE issuer = $1 AND subject = $2";
    OPENID_LINK_INSERT = "INSERT INTO openid_link (person_id, id, issuer, subject, created_at, used_at)
        VALUES ($1, $2, $3, $4, $5, NULL)";
    OPENID_LINK_USE = "UPDATE openid_link SET used_at = $3 WHERE issuer = $1 AND subject = $2";
    OPENID_LINK_DELETE = "DELETE FROM openid_link WHERE person_id = $1 AND id = $2";
    OPENID_LINKS_DELETE = "DELETE FROM openid_link WHERE person_id = $1";
}

/// Oldest first.
pub(super) fn links(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<OwnLink>, DbError> {
    tx.all(&OUTSIDE, OPENID_LINKS, params![person], |row| {
        Ok(OwnLink { id: row.get(0)?, issuer: row.get(1)?, created_at: row.get(2)?, used_at: row.get(3)? })
    })
}

/// Whose account somebody at the service opens.
pub(super) fn holder(tx: &mut Tx<'_>, identity: &Identity) -> Result<Option<PersonId>, DbError> {
    let key = params![identity.issuer.as_str(), identity.subject.as_str()];
    tx.maybe(&OUTSIDE, OPENID_HOLDER, key, |row| row.get(0))
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    (person, id): (PersonId, SignInLinkId),
    identity: &Identity,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let Identity { issuer, subject, .. } = identity;
    let values = params![person, id, issuer.as_str(), subject.as_str(), now];
    tx.run(&OUTSIDE, OPENID_LINK_INSERT, values).map(drop)
}

pub(super) fn used(tx: &mut Tx<'_>, identity: &Identity, now: DateTime<Utc>) -> Result<(), DbError> {
    let values = params![identity.issuer.as_str(), identity.subject.as_str(), now];
    tx.run(&OUTSIDE, OPENID_LINK_USE, values).map(drop)
}

pub(super) fn delete(tx: &mut Tx<'_>, person: PersonId, id: SignInLinkId) -> Result<bool, DbError> {
    tx.run(&OUTSIDE, OPENID_LINK_DELETE, params![person, id]).map(|rows| rows == 1)
}

pub(crate) fn delete_all(tx: &mut Tx<'_>, person: PersonId) -> Result<(), DbError> {
    tx.run(&OUTSIDE, OPENID_LINKS_DELETE, params![person]).map(drop)
}
