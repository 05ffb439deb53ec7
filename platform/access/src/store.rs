//! The SQL of sessions, tokens and links. Sessions belong to people, not to an organisation, so their queries stand
//! outside; so do those that find what a token or a link leads to.

use crate::session::Stored;
use crate::{
    Link, LinkId, OrganisationId, PersonId, PlaceId, Purpose, Role, Scope, Session, SessionId, SharedPlace,
    Token, TokenHolder, TokenId,
};
use chrono::{DateTime, Duration, Utc};
use komainu_db::{DbError, Outside, Row, Tx, params};

const DEVICE: Outside = Outside("a registered browser is known by its secret, before anybody is");
const OUTSIDE: Outside = Outside("a session belongs to a person, who may belong to several organisations");
const DOOR: Outside = Outside("the secret of a token or a link is what leads to its organisation");

komainu_db::statements! {
    FIRST_PLACE = "SELECT organisation_id FROM membership WHERE person_id = $1 AND ended_at IS NULL
        ORDER BY created_at, organisation_id LIMIT 1";
    PLACES = "SELECT m.organisation_id, o.name, m.role FROM membership m JOIN organisation o ON o.id = m.organisation_id
        WHERE m.person_id = $1 AND m.ended_at IS NULL ORDER BY m.created_at, m.organisation_id";
    ANYONE = "SELECT count(*) FROM person WHERE administrator";
    SESSION_INSERT = "INSERT INTO session (id, token_hash, person_id, organisation_id, user_agent, created_at, seen_at,
        proved_at) VALUES ($1, $2, $3, $4, $5, $6, $6, $6)";
    SESSION_INSERT_SHARED = "INSERT INTO session (id, token_hash, person_id, organisation_id, place_id, user_agent,
        created_at, seen_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
    SESSION_BIND = "UPDATE session SET place_id = $2 WHERE id = $1 AND place_id IS NULL";
    SESSION_LOCK = "UPDATE session SET locked_at = $2 WHERE id = $1 AND locked_at IS NULL";
    SESSIONS_DELETE_SHARED = "DELETE FROM session WHERE place_id = $1";
    SHARED_PLACE_FIND = "SELECT w.id, w.organisation_id, o.name, w.name, o.place_lock_minutes
        FROM shared_place w JOIN organisation o ON o.id = w.organisation_id
        WHERE w.token_hash = $1 AND w.revoked_at IS NULL";
    SESSION_FIND = "SELECT s.id, s.person_id, p.name, p.administrator, m.organisation_id, o.name, m.role, s.created_at,
            s.seen_at, s.user_agent, s.proved_at, o.second_factor_since IS NOT NULL AND s.place_id IS NULL
                AND NOT s.factor_vouched AND NOT EXISTS (SELECT 1 FROM totp t WHERE t.person_id = s.person_id)
                AND NOT EXISTS (SELECT 1 FROM passkey k WHERE k.person_id = s.person_id),
            s.place_id, s.locked_at, w.name, o.place_lock_minutes
        FROM session s JOIN person p ON p.id = s.person_id
        LEFT JOIN membership m ON m.organisation_id = s.organisation_id AND m.person_id = s.person_id
            AND m.ended_at IS NULL
        LEFT JOIN organisation o ON o.id = m.organisation_id
        LEFT JOIN shared_place w ON w.organisation_id = m.organisation_id AND w.id = s.place_id
            AND w.revoked_at IS NULL
        WHERE s.token_hash = $1 AND s.seen_at > $2 AND s.created_at > $3 AND p.disabled_at IS NULL";
    SESSIONS_OF = "SELECT s.id, s.person_id, p.name, p.administrator, m.organisation_id, o.name, m.role, s.created_at,
            s.seen_at, s.user_agent, s.proved_at, o.second_factor_since IS NOT NULL AND s.place_id IS NULL
                AND NOT s.factor_vouched AND NOT EXISTS (SELECT 1 FROM totp t WHERE t.person_id = s.person_id)
                AND NOT EXISTS (SELECT 1 FROM passkey k WHERE k.person_id = s.person_id),
            s.place_id, s.locked_at, w.name, o.place_lock_minutes
        FROM session s JOIN person p ON p.id = s.person_id
        LEFT JOIN membership m ON m.organisation_id = s.organisation_id AND m.person_id = s.person_id
            AND m.ended_at IS NULL
        LEFT JOIN organisation o ON o.id = m.organisation_id
        LEFT JOIN shared_place w ON w.organisation_id = m.organisation_id AND w.id = s.place_id
            AND w.revoked_at IS NULL
        WHERE s.person_id = $1 AND s.seen_at > $2 AND s.created_at > $3 ORDER BY s.created_at DESC";
    SESSION_TOUCH = "UPDATE session SET seen_at = $2 WHERE id = $1";
    SESSION_PROVE = "UPDATE session SET proved_at = $2 WHERE id = $1";
    SESSION_VOUCH = "UPDATE session SET factor_vouched = TRUE WHERE id = $1";
    SESSION_SWITCH = "UPDATE session SET organisation_id = $3 WHERE id = $1 AND person_id = $2 AND EXISTS
        (SELECT 1 FROM membership WHERE organisation_id = $3 AND person_id = $2 AND ended_at IS NULL)";
    SESSION_DELETE = "DELETE FROM session WHERE person_id = $1 AND id = $2";
    SESSIONS_DELETE_OTHERS = "DELETE FROM session WHERE person_id = $1 AND id <> $2";
    SESSIONS_SWEEP = "DELETE FROM session WHERE person_id = $1 AND (seen_at <= $2 OR created_at <= $3)";
    SESSIONS_DELETE_ALL = "DELETE FROM session WHERE person_id = $1";
    SESSIONS_DELETE_EVERY = "DELETE FROM session";
    /// A service needs no membership, a person's token is of no use without one.
    TOKEN_FIND = "SELECT t.id, t.name, t.person_id, t.service, t.permissions, t.created_by, t.created_at, t.expires_at,
            t.used_at, t.organisation_id, p.name, CASE WHEN t.service THEN 'service' ELSE m.role END, p.administrator,
            NOT t.service AND o.second_factor_since IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM totp f WHERE f.person_id = t.person_id)
                AND NOT EXISTS (SELECT 1 FROM passkey k WHERE k.person_id = t.person_id)
        FROM api_token t JOIN person p ON p.id = t.person_id JOIN organisation o ON o.id = t.organisation_id
        LEFT JOIN membership m ON m.organisation_id = t.organisation_id AND m.person_id = t.person_id
            AND m.ended_at IS NULL
        WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND t.expires_at > $2
            AND (t.service OR (m.person_id IS NOT NULL AND p.disabled_at IS NULL))";
    TOKEN_TOUCH = "UPDATE api_token SET used_at = $3 WHERE organisation_id = $1 AND id = $2";
    TOKEN_INSERT = "INSERT INTO api_token (organisation_id, id, token_hash, name, person_id, service, permissions,
        created_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    TOKENS_OF = "SELECT id, name, person_id, service, permissions, created_by, created_at, expires_at, used_at
        FROM api_token WHERE organisation_id = $1 AND person_id = $2 AND revoked_at IS NULL ORDER BY created_at DESC, id";
    TOKENS_OF_SERVICES = "SELECT id, name, person_id, service, permissions, created_by, created_at, expires_at, used_at
        FROM api_token WHERE organisation_id = $1 AND service AND revoked_at IS NULL ORDER BY created_at DESC, id";
    TOKEN_REVOKE = "UPDATE api_token SET revoked_at = $3 WHERE organisation_id = $1 AND id = $2 AND revoked_at IS NULL";
    TOKENS_REVOKE = "UPDATE api_token SET revoked_at = $3
        WHERE organisation_id = $1 AND person_id = $2 AND revoked_at IS NULL";
    TOKENS_REVOKE_OF = "UPDATE api_token SET revoked_at = $2 WHERE person_id = $1 AND revoked_at IS NULL";
    TOKENS_REVOKE_EVERY = "UPDATE api_token SET revoked_at = $1 WHERE revoked_at IS NULL";
    LINK_FIND = "SELECT l.id, l.organisation_id, o.name, l.subject, l.name, l.expires_at
        FROM link l JOIN organisation o ON o.id = l.organisation_id
        WHERE l.token_hash = $1 AND l.purpose = $2 AND l.expires_at > $3 AND l.revoked_at IS NULL
            AND (l.most_uses IS NULL OR l.uses < l.most_uses)";
    /// Of two uses at once of a link that works once, the second finds it used.
    LINK_SPEND = "UPDATE link SET uses = uses + 1, used_at = $3 WHERE organisation_id = $1 AND id = $2
        AND expires_at > $3 AND revoked_at IS NULL AND (most_uses IS NULL OR uses < most_uses)";
    LINKS_END_EVERY = "UPDATE link SET revoked_at = $1 WHERE revoked_at IS NULL";
}

fn role(text: &str) -> Result<Role, DbError> {
    text.parse().map_err(|_| DbError::Other(format!("unknown role {text}")))
}

fn session(row: &Row<'_>) -> Result<Stored, DbError> {
    let place = match (row.get::<Option<OrganisationId>>(4)?, row.get::<Option<String>>(5)?) {
        (Some(organisation), Some(name)) => Some((organisation, name, role(&row.get::<String>(6)?)?)),
        _ => None,
    };
    let bound_to: Option<PlaceId> = row.get(12)?;
    let shared = match (bound_to, &place, row.get::<Option<String>>(14)?) {
        (Some(id), Some((organisation, organisation_name, _)), Some(name)) => Some(SharedPlace {
            id,
            organisation: *organisation,
            organisation_name: organisation_name.clone(),
            name,
            lock_after: Duration::minutes(row.get::<Option<i64>>(15)?.unwrap_or_default()),
        }),
        _ => None,
    };
    let session = Session {
        id: row.get(0)?,
        person: row.get(1)?,
        person_name: row.get(2)?,
        administrator: row.get(3)?,
        place,
        created_at: row.get(7)?,
        seen_at: row.get(8)?,
        user_agent: row.get(9)?,
        proved_at: row.get(10)?,
        owes_factor: row.get(11)?,
        shared,
    };
    Ok(Stored { session, bound_to, locked_at: row.get(13)? })
}

pub(crate) fn shared_place_find(tx: &mut Tx<'_>, token_hash: &[u8]) -> Result<Option<SharedPlace>, DbError> {
    tx.maybe(&DEVICE, SHARED_PLACE_FIND, params![token_hash], |row| {
        Ok(SharedPlace {
            id: row.get(0)?,
            organisation: row.get(1)?,
            organisation_name: row.get(2)?,
            name: row.get(3)?,
            lock_after: Duration::minutes(row.get(4)?),
        })
    })
}

pub(crate) fn session_insert_shared(
    tx: &mut Tx<'_>,
    id: SessionId,
    token_hash: &[u8],
    (person, place): (PersonId, &SharedPlace),
    user_agent: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let values = params![id, token_hash, person, place.organisation, place.id, user_agent, now];
    tx.run(&OUTSIDE, SESSION_INSERT_SHARED, values).map(drop)
}

pub(crate) fn session_bind(tx: &mut Tx<'_>, id: SessionId, place: PlaceId) -> Result<(), DbError> {
    tx.run(&OUTSIDE, SESSION_BIND, params![id, place]).map(drop)
}

pub(crate) fn session_lock(tx: &mut Tx<'_>, id: SessionId, now: DateTime<Utc>) -> Result<(), DbError> {
    tx.run(&OUTSIDE, SESSION_LOCK, params![id, now]).map(drop)
}

pub(crate) fn sessions_delete_shared(tx: &mut Tx<'_>, place: PlaceId) -> Result<(), DbError> {
    tx.run(&OUTSIDE, SESSIONS_DELETE_SHARED, params![place]).map(drop)
}

pub(crate) fn first_place(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<OrganisationId>, DbError> {
    tx.maybe(&OUTSIDE, FIRST_PLACE, params![person], |row| row.get(0))
}

pub(crate) fn places(
    tx: &mut Tx<'_>,
    person: PersonId,
) -> Result<Vec<(OrganisationId, String, Role)>, DbError> {
    tx.all(&OUTSIDE, PLACES, params![person], |row| {
        Ok((row.get(0)?, row.get(1)?, role(&row.get::<String>(2)?)?))
    })
}

pub(crate) fn anyone(tx: &mut Tx<'_>) -> Result<bool, DbError> {
    Ok(tx.one(&OUTSIDE, ANYONE, &[], |row| row.get::<i64>(0))? > 0)
}

pub(crate) fn session_insert(
    tx: &mut Tx<'_>,
    id: SessionId,
    token_hash: &[u8],
    person: PersonId,
    place: Option<OrganisationId>,
    user_agent: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(&OUTSIDE, SESSION_INSERT, params![id, token_hash, person, place, user_agent, now]).map(drop)
}

pub(crate) fn session_find(
    tx: &mut Tx<'_>,
    token_hash: &[u8],
    seen_after: DateTime<Utc>,
    created_after: DateTime<Utc>,
) -> Result<Option<Stored>, DbError> {
    tx.maybe(&OUTSIDE, SESSION_FIND, params![token_hash, seen_after, created_after], session)
}

pub(crate) fn sessions_of(
    tx: &mut Tx<'_>,
    person: PersonId,
    seen_after: DateTime<Utc>,
    created_after: DateTime<Utc>,
) -> Result<Vec<Stored>, DbError> {
    tx.all(&OUTSIDE, SESSIONS_OF, params![person, seen_after, created_after], session)
}

pub(crate) fn session_touch(tx: &mut Tx<'_>, id: SessionId, now: DateTime<Utc>) -> Result<(), DbError> {
    tx.run(&OUTSIDE, SESSION_TOUCH, params![id, now]).map(drop)
}

pub(crate) fn session_prove(tx: &mut Tx<'_>, id: SessionId, now: DateTime<Utc>) -> Result<(), DbError> {
    tx.run(&OUTSIDE, SESSION_PROVE, params![id, now]).map(drop)
}

pub(crate) fn session_vouch(tx: &mut Tx<'_>, id: SessionId) -> Result<(), DbError> {
    tx.run(&OUTSIDE, SESSION_VOUCH, params![id]).map(drop)
}

pub(crate) fn session_switch(
    tx: &mut Tx<'_>,
    id: SessionId,
    person: PersonId,
    organisation: OrganisationId,
) -> Result<bool, DbError> {
    tx.run(&OUTSIDE, SESSION_SWITCH, params![id, person, organisation]).map(|rows| rows > 0)
}

pub(crate) fn session_delete(tx: &mut Tx<'_>, person: PersonId, id: SessionId) -> Result<bool, DbError> {
    tx.run(&OUTSIDE, SESSION_DELETE, params![person, id]).map(|rows| rows > 0)
}

pub(crate) fn sessions_sweep(
    tx: &mut Tx<'_>,
    person: PersonId,
    seen_until: DateTime<Utc>,
    created_until: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(&OUTSIDE, SESSIONS_SWEEP, params![person, seen_until, created_until]).map(drop)
}

pub(crate) fn sessions_delete_others(
    tx: &mut Tx<'_>,
    person: PersonId,
    keep: Option<SessionId>,
) -> Result<usize, DbError> {
    match keep {
        Some(keep) => tx.run(&OUTSIDE, SESSIONS_DELETE_OTHERS, params![person, keep]),
        None => tx.run(&OUTSIDE, SESSIONS_DELETE_ALL, params![person]),
    }
}

pub(crate) fn sessions_delete_every(tx: &mut Tx<'_>) -> Result<usize, DbError> {
    tx.run(&OUTSIDE, SESSIONS_DELETE_EVERY, &[])
}

fn token(row: &Row<'_>) -> Result<Token, DbError> {
    let person: PersonId = row.get(2)?;
    let permissions: String = row.get(4)?;
    Ok(Token {
        id: row.get(0)?,
        name: row.get(1)?,
        holder: if row.get(3)? { TokenHolder::Service(person) } else { TokenHolder::Person(person) },
        permissions: permissions
            .parse()
            .map_err(|_| DbError::Other(format!("unknown permissions {permissions}")))?,
        maker: row.get(5)?,
        created_at: row.get(6)?,
        expires_at: row.get(7)?,
        used_at: row.get(8)?,
    })
}

pub(crate) fn token_find(
    tx: &mut Tx<'_>,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<(Token, Option<Scope>)>, DbError> {
    tx.maybe(&DOOR, TOKEN_FIND, params![token_hash, now], |row| {
        let token = token(row)?;
        let (organisation, name): (OrganisationId, String) = (row.get(9)?, row.get(10)?);
        let scope = Scope::new(token.holder.person(), &name, organisation, role(&row.get::<String>(11)?)?);
        let scope = scope.administrating(row.get(12)?).narrowed_to(Some(token.permissions.clone()));
        let owes_factor: bool = row.get(13)?;
        Ok((token, (!owes_factor).then_some(scope)))
    })
}

pub(crate) fn token_touch(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: TokenId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(scope, TOKEN_TOUCH, params![id, now]).map(drop)
}

pub(crate) fn token_insert(
    tx: &mut Tx<'_>,
    scope: &Scope,
    new: &Token,
    token_hash: &[u8],
) -> Result<(), DbError> {
    tx.run(
        scope,
        TOKEN_INSERT,
        params![
            new.id,
            token_hash,
            &new.name,
            new.holder.person(),
            new.holder.is_service(),
            new.permissions.to_string(),
            new.maker,
            new.created_at,
            new.expires_at
        ],
    )
    .map(drop)
}

pub(crate) fn tokens_of(tx: &mut Tx<'_>, scope: &Scope, person: PersonId) -> Result<Vec<Token>, DbError> {
    tx.all(scope, TOKENS_OF, params![person], token)
}

pub(crate) fn tokens_of_services(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Token>, DbError> {
    tx.all(scope, TOKENS_OF_SERVICES, &[], token)
}

pub(crate) fn token_revoke(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: TokenId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    tx.run(scope, TOKEN_REVOKE, params![id, now]).map(|rows| rows > 0)
}

pub(crate) fn tokens_revoke(
    tx: &mut Tx<'_>,
    scope: &Scope,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<usize, DbError> {
    tx.run(scope, TOKENS_REVOKE, params![person, now])
}

pub(crate) fn tokens_revoke_of(
    tx: &mut Tx<'_>,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<usize, DbError> {
    tx.run(&OUTSIDE, TOKENS_REVOKE_OF, params![person, now])
}

pub(crate) fn tokens_revoke_every(tx: &mut Tx<'_>, now: DateTime<Utc>) -> Result<usize, DbError> {
    tx.run(&OUTSIDE, TOKENS_REVOKE_EVERY, params![now])
}

pub(crate) fn link_find(
    tx: &mut Tx<'_>,
    token_hash: &[u8],
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<Option<Link>, DbError> {
    tx.maybe(&DOOR, LINK_FIND, params![token_hash, purpose.code(), now], |row| {
        Ok(Link {
            id: row.get(0)?,
            organisation: row.get(1)?,
            organisation_name: row.get(2)?,
            purpose,
            subject: row.get(3)?,
            name: row.get(4)?,
            expires_at: row.get(5)?,
        })
    })
}

pub(crate) fn link_spend(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: LinkId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    tx.run(scope, LINK_SPEND, params![id, now]).map(|rows| rows > 0)
}

pub(crate) fn links_end_every(tx: &mut Tx<'_>, now: DateTime<Utc>) -> Result<usize, DbError> {
    tx.run(&OUTSIDE, LINKS_END_EVERY, params![now])
}
