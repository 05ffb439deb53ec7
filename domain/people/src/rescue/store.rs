//! The SQL of requests to be let back in.

use super::model::{Lost, OwnRescue, Rescue, RescueId};
use chrono::{DateTime, Utc};
use komainu_access::{PersonId, Scope};
use komainu_db::{DbError, Outside, Row, Tx, params};

const OUTSIDE: Outside = Outside("an account opens every organisation its person belongs to");
const LINK: Outside = Outside("the secret of the link is what leads to the person");

komainu_db::statements! {
    RESCUE_INSERT = "INSERT INTO rescue (person_id, id, lost, asked_at, user_agent, token_hash, expires_at)
        VALUES ($1, $2, $3, $4, $5, NULL, $6)";
    RESCUE_OF = "SELECT asked_at, user_agent FROM rescue WHERE person_id = $1 AND expires_at > $2";
    RESCUES = "SELECT r.id, r.person_id, p.name, r.lost, r.asked_at, r.user_agent, r.token_hash IS NOT NULL, r.expires_at,
            EXISTS (SELECT 1 FROM rescue_word w WHERE w.organisation_id = $1 AND w.rescue_id = r.id),
            (SELECT count(*) FROM membership o WHERE o.person_id = r.person_id AND o.organisation_id <> $1
                AND o.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM rescue_word w
                    WHERE w.organisation_id = o.organisation_id AND w.rescue_id = r.id))
        FROM rescue r JOIN person p ON p.id = r.person_id
        JOIN membership m ON m.organisation_id = $1 AND m.person_id = r.person_id AND m.ended_at IS NULL
        WHERE r.expires_at > $2 ORDER BY r.asked_at, r.id";
    /// Two organisations that agree at the same moment wait for each other: one of them makes the link.
    RESCUE_LOCK = "UPDATE rescue SET lost = lost WHERE id = $1";
    WORD_PUT = "INSERT INTO rescue_word (organisation_id, rescue_id, by_person, at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (organisation_id, rescue_id) DO UPDATE SET by_person = excluded.by_person, at = excluded.at";
    LINK_SET = "UPDATE rescue SET token_hash = $2, expires_at = $3 WHERE id = $1";
    BY_TOKEN = "SELECT person_id FROM rescue WHERE token_hash = $1 AND expires_at > $2";
    WORDS_DELETE = "DELETE FROM rescue_word WHERE rescue_id IN (SELECT id FROM rescue WHERE person_id = $1)";
    RESCUE_DELETE = "DELETE FROM rescue WHERE person_id = $1";
    /// Of two who use one link at once, the second finds it gone.
    RESCUE_TAKE = "DELETE FROM rescue WHERE person_id = $1 AND token_hash = $2";
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    person: PersonId,
    (id, lost, user_agent): (RescueId, Lost, &str),
    (now, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), DbError> {
    tx.run(&OUTSIDE, RESCUE_INSERT, params![person, id, lost.code(), now, user_agent, until]).map(drop)
}

pub(super) fn of(
    tx: &mut Tx<'_>,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<Option<OwnRescue>, DbError> {
    tx.maybe(&OUTSIDE, RESCUE_OF, params![person, now], |row| {
        Ok(OwnRescue { asked_at: row.get(0)?, user_agent: row.get(1)? })
    })
}

fn rescue(row: &Row<'_>) -> Result<Rescue, DbError> {
    let lost: String = row.get(3)?;
    Ok(Rescue {
        id: row.get(0)?,
        person: row.get(1)?,
        name: row.get(2)?,
        lost: lost.parse().map_err(|()| DbError::Other(format!("unknown loss {lost}")))?,
        asked_at: row.get(4)?,
        user_agent: row.get(5)?,
        linked: row.get(6)?,
        expires_at: row.get(7)?,
        agreed: row.get(8)?,
        others: row.get(9)?,
    })
}

/// Requests of members of the scope's organisation, oldest first.
pub(super) fn here(tx: &mut Tx<'_>, scope: &Scope, now: DateTime<Utc>) -> Result<Vec<Rescue>, DbError> {
    tx.all(scope, RESCUES, params![now], rescue)
}

pub(super) fn lock(tx: &mut Tx<'_>, id: RescueId) -> Result<(), DbError> {
    tx.run(&OUTSIDE, RESCUE_LOCK, params![id]).map(drop)
}

pub(super) fn word_put(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: RescueId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(scope, WORD_PUT, params![id, scope.person(), now]).map(drop)
}

pub(super) fn link_set(
    tx: &mut Tx<'_>,
    id: RescueId,
    token_hash: &[u8],
    until: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(&OUTSIDE, LINK_SET, params![id, token_hash, until]).map(drop)
}

pub(super) fn by_token(
    tx: &mut Tx<'_>,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<PersonId>, DbError> {
    tx.maybe(&LINK, BY_TOKEN, params![token_hash, now], |row| row.get(0))
}

/// Removes a person's request, whatever its state.
pub(crate) fn delete(tx: &mut Tx<'_>, person: PersonId) -> Result<bool, DbError> {
    tx.run(&OUTSIDE, WORDS_DELETE, params![person])?;
    tx.run(&OUTSIDE, RESCUE_DELETE, params![person]).map(|rows| rows == 1)
}

/// Removes a person's request by the secret of its link, once.
pub(super) fn take(tx: &mut Tx<'_>, person: PersonId, token_hash: &[u8]) -> Result<bool, DbError> {
    tx.run(&OUTSIDE, WORDS_DELETE, params![person])?;
    tx.run(&LINK, RESCUE_TAKE, params![person, token_hash]).map(|rows| rows == 1)
}
