//! The SQL of links as their organisation sees them; how one is found by its secret stands in `platform/access`.

use crate::model::{Given, NewLink};
use chrono::{DateTime, Utc};
use komainu_access::{LinkId, PersonId, Scope};
use komainu_db::{DbError, Part, Row, Tx, params};

komainu_db::statements! {
    LINK_INSERT = "INSERT INTO link (organisation_id, id, token_hash, purpose, subject, name, created_by, created_at,
        expires_at, most_uses, uses) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)";
    LINK = "SELECT l.id, l.purpose, l.name, p.name, l.created_at, l.expires_at, l.most_uses, l.uses, l.used_at,
            l.revoked_at, r.name
        FROM link l LEFT JOIN person p ON p.id = l.created_by LEFT JOIN person r ON r.id = l.revoked_by
        WHERE l.organisation_id = $1 AND l.id = $2";
    LINKS_PART = "SELECT l.id, l.purpose, l.name, p.name, l.created_at, l.expires_at, l.most_uses, l.uses, l.used_at,
            l.revoked_at, r.name
        FROM link l LEFT JOIN person p ON p.id = l.created_by LEFT JOIN person r ON r.id = l.revoked_by
        WHERE l.organisation_id = $1 AND l.id > $2 ORDER BY l.id LIMIT $3";
    LINKS_BEFORE = "SELECT l.id, l.purpose, l.name, p.name, l.created_at, l.expires_at, l.most_uses, l.uses, l.used_at,
            l.revoked_at, r.name
        FROM link l LEFT JOIN person p ON p.id = l.created_by LEFT JOIN person r ON r.id = l.revoked_by
        WHERE l.organisation_id = $1 AND l.id < $2 ORDER BY l.id DESC LIMIT $3";
    LINK_REVOKE = "UPDATE link SET revoked_at = $3, revoked_by = $4
        WHERE organisation_id = $1 AND id = $2 AND revoked_at IS NULL";
}

fn given(row: &Row<'_>) -> Result<Given, DbError> {
    Ok(Given {
        id: row.get(0)?,
        purpose: row.get(1)?,
        name: row.get(2)?,
        made_by: row.get::<Option<String>>(3)?.unwrap_or_else(|| Scope::PROGRAM.to_owned()),
        created_at: row.get(4)?,
        expires_at: row.get(5)?,
        most_uses: row.get(6)?,
        uses: row.get(7)?,
        used_at: row.get(8)?,
        revoked_at: row.get(9)?,
        revoked_by: row.get(10)?,
    })
}

/// Who acts, where it is a person.
fn person(scope: &Scope) -> Option<PersonId> {
    Some(scope.person()).filter(|person| !person.0.is_nil())
}

pub(crate) fn link_insert(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (id, token_hash): (LinkId, &[u8]),
    new: &NewLink,
    (now, expires_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), DbError> {
    tx.run(
        scope,
        LINK_INSERT,
        params![
            id,
            token_hash,
            new.purpose.code(),
            &new.subject,
            &new.name,
            person(scope),
            now,
            expires_at,
            new.purpose.uses()
        ],
    )
    .map(drop)
}

pub(crate) fn link_get(tx: &mut Tx<'_>, scope: &Scope, id: LinkId) -> Result<Option<Given>, DbError> {
    tx.maybe(scope, LINK, params![id], given)
}

/// A part of the list, oldest first.
pub(crate) fn links_part(tx: &mut Tx<'_>, scope: &Scope, part: &Part<LinkId>) -> Result<Vec<Given>, DbError> {
    tx.all(scope, LINKS_PART, params![part.after_id(), part.limit], given)
}

/// The newest before a link.
pub(crate) fn links_before(
    tx: &mut Tx<'_>,
    scope: &Scope,
    before: LinkId,
    limit: i64,
) -> Result<Vec<Given>, DbError> {
    tx.all(scope, LINKS_BEFORE, params![before, limit], given)
}

pub(crate) fn link_revoke(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: LinkId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    tx.run(scope, LINK_REVOKE, params![id, now, person(scope)]).map(|rows| rows > 0)
}
