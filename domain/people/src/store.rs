//! The SQL of persons, of their places and invitations in an organisation, and of failed attempts.

use crate::model::{
    DemoCard, Email, Invitation, InvitationId, Membership, NewPerson, Offer, PasswordHash, Person,
};
use crate::rules::Tally;
use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, PersonId, Role, Scope};
use komainu_db::{DbError, Outside, Row, Tx, params};
use komainu_i18n::Lang;
use std::str::FromStr;

const OUTSIDE: Outside = Outside("a person may belong to several organisations, or to none yet");
const LINK: Outside = Outside("the secret of an invitation's link is what leads to its organisation");
const JOINING: Outside = Outside("whoever joins has no scope in the organisation before");
const ATTEMPTS: Outside = Outside("attempts are counted before anyone is known to belong anywhere");

komainu_db::statements! {
    PERSON_INSERT = "INSERT INTO person (id, name, name_kana, email, email_folded, password_hash, administrator, lang,
        created_at, disabled_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL)";
    /// Nobody signs in with it: it has neither an address that can be typed nor a password, and it is closed.
    SERVICE_INSERT = "INSERT INTO person (id, name, name_kana, email, email_folded, password_hash, administrator, lang,
        created_at, disabled_at) VALUES ($1, $2, '', '', $3, '', FALSE, 'ja', $4, $4)";
    PERSON = "SELECT id, name, name_kana, email, administrator, lang, created_at, disabled_at FROM person WHERE id = $1";
    PERSON_BY_EMAIL = "SELECT id, name, name_kana, email, administrator, lang, created_at, disabled_at FROM person
        WHERE email_folded = $1";
    PEOPLE = "SELECT id, name, name_kana, email, administrator, lang, created_at, disabled_at FROM person
        WHERE email <> '' ORDER BY created_at, id";
    CREDENTIALS = "SELECT id, password_hash, disabled_at FROM person WHERE email_folded = $1";
    CREDENTIALS_OF = "SELECT id, password_hash, disabled_at FROM person WHERE id = $1";
    PASSWORD_SET = "UPDATE person SET password_hash = $2 WHERE id = $1";
    /// Only while the one that was compared is still the one in force.
    PASSWORD_SWAP = "UPDATE person SET password_hash = $3 WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL";
    EMAIL_SET = "UPDATE person SET email = $2, email_folded = $3 WHERE id = $1";
    PROFILE_SET = "UPDATE person SET name = $2, name_kana = $3, lang = $4 WHERE id = $1";
    LANG_SET = "UPDATE person SET lang = $2 WHERE id = $1 AND lang <> $2";
    REMINDERS = "SELECT reminders FROM person WHERE id = $1";
    REMINDERS_SET = "UPDATE person SET reminders = $2 WHERE id = $1";
    DISABLED_SET = "UPDATE person SET disabled_at = $2 WHERE id = $1";
    /// Institutions before associations, of which only those who run the installation have something to see.
    DEMO_CARDS = "SELECT p.id, p.name, m.title, m.role, o.id, o.name, COALESCE(i.kind, '')
        FROM membership m JOIN person p ON p.id = m.person_id JOIN organisation o ON o.id = m.organisation_id
        LEFT JOIN institution i ON i.organisation_id = o.id
        WHERE m.ended_at IS NULL AND p.disabled_at IS NULL AND (o.kind = 'institution' OR p.administrator)
        ORDER BY CASE o.kind WHEN 'institution' THEN 0 ELSE 1 END, o.created_at, o.id, m.created_at, p.id";
    PLACES_OF = "SELECT m.organisation_id, m.role FROM membership m WHERE m.person_id = $1 AND m.ended_at IS NULL
        ORDER BY m.organisation_id";

    /// Two changes of one organisation's members wait for each other.
    ORGANISATION_LOCK = "UPDATE organisation SET name = name WHERE id = $1";
    MEMBERS = "SELECT m.person_id, p.name, p.name_kana, m.role, m.title, m.created_at, p.disabled_at, m.version
        FROM membership m JOIN person p ON p.id = m.person_id WHERE m.organisation_id = $1 AND m.ended_at IS NULL";
    MEMBER = "SELECT m.person_id, p.name, p.name_kana, m.role, m.title, m.created_at, p.disabled_at, m.version
        FROM membership m JOIN person p ON p.id = m.person_id
        WHERE m.organisation_id = $1 AND m.person_id = $2 AND m.ended_at IS NULL";
    MEMBER_SET = "UPDATE membership SET role = $3, title = $4, version = version + 1
        WHERE organisation_id = $1 AND person_id = $2 AND ended_at IS NULL AND version = $5";
    MEMBER_END = "UPDATE membership SET ended_at = $3, version = version + 1
        WHERE organisation_id = $1 AND person_id = $2 AND ended_at IS NULL";
    /// A PIN for the organisation's shared places does not outlive the membership.
    MEMBER_PIN_DELETE = "DELETE FROM pin WHERE organisation_id = $1 AND person_id = $2";
    MEMBER_JOIN = "INSERT INTO membership (organisation_id, person_id, role, title, created_at, ended_at, version)
        VALUES ($1, $2, $3, $4, $5, NULL, 1)
        ON CONFLICT (organisation_id, person_id) DO UPDATE SET role = excluded.role, title = excluded.title,
            created_at = excluded.created_at, ended_at = NULL, version = membership.version + 1";
    INVITATION_INSERT = "INSERT INTO invitation (organisation_id, id, token_hash, name, role, title, created_by,
        created_at, expires_at, used_at, used_by, revoked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, NULL, NULL)";
    INVITATIONS = "SELECT i.id, i.name, i.role, i.title, p.name, i.created_at, i.expires_at
        FROM invitation i JOIN person p ON p.id = i.created_by
        WHERE i.organisation_id = $1 AND i.used_at IS NULL AND i.revoked_at IS NULL ORDER BY i.created_at DESC, i.id";
    INVITATION = "SELECT i.id, i.name, i.role, i.title, p.name, i.created_at, i.expires_at
        FROM invitation i JOIN person p ON p.id = i.created_by
        WHERE i.organisation_id = $1 AND i.id = $2 AND i.used_at IS NULL AND i.revoked_at IS NULL";
    INVITATION_REVOKE = "UPDATE invitation SET revoked_at = $3
        WHERE organisation_id = $1 AND id = $2 AND used_at IS NULL AND revoked_at IS NULL";
    INVITATIONS_REVOKE_BY = "UPDATE invitation SET revoked_at = $3
        WHERE organisation_id = $1 AND created_by = $2 AND used_at IS NULL AND revoked_at IS NULL RETURNING id";
    INVITATION_RENEW = "UPDATE invitation SET token_hash = $3, created_by = $4, created_at = $5, expires_at = $6
        WHERE organisation_id = $1 AND id = $2 AND used_at IS NULL AND revoked_at IS NULL";
    OFFER = "SELECT i.id, i.organisation_id, o.name, i.name, i.role, i.title, p.name, i.expires_at
        FROM invitation i JOIN organisation o ON o.id = i.organisation_id JOIN person p ON p.id = i.created_by
        WHERE i.token_hash = $1 AND i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $2";
    /// Of two who use one link at once, the second finds it used.
    OFFER_TAKE = "UPDATE invitation SET used_at = $3, used_by = $2
        WHERE token_hash = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $3";

    /// Makes the row or locks it: of several nodes only one counts at a time.
    TALLY = "INSERT INTO throttle (subject, failures, since) VALUES ($1, 0, $2)
        ON CONFLICT (subject) DO UPDATE SET failures = throttle.failures RETURNING failures, since";
    TALLY_SET = "UPDATE throttle SET failures = $2, since = $3 WHERE subject = $1";
    TALLY_REFUND = "UPDATE throttle SET failures = failures - 1 WHERE subject = $1 AND failures > 0";
    TALLY_CLEAR = "DELETE FROM throttle WHERE subject = $1";
    TALLY_SWEEP = "DELETE FROM throttle WHERE since < $1";
}

/// A stored code as what it stands for.
fn code<T: FromStr>(text: &str) -> Result<T, DbError> {
    text.parse().map_err(|_| DbError::Other(format!("unknown code {text}")))
}

/// What a password is compared with.
pub(crate) struct Credentials {
    pub(crate) person: PersonId,
    pub(crate) hash: PasswordHash,
    pub(crate) disabled: bool,
}

fn person(row: &Row<'_>) -> Result<Person, DbError> {
    Ok(Person {
        id: row.get(0)?,
        name: row.get(1)?,
        name_kana: row.get(2)?,
        email: row.get(3)?,
        administrator: row.get(4)?,
        lang: code(&row.get::<String>(5)?)?,
        created_at: row.get(6)?,
        disabled_at: row.get(7)?,
    })
}

fn credentials(row: &Row<'_>) -> Result<Credentials, DbError> {
    Ok(Credentials {
        person: row.get(0)?,
        hash: PasswordHash(row.get(1)?),
        disabled: row.get::<Option<DateTime<Utc>>>(2)?.is_some(),
    })
}

/// The row under which a service's changes are written.
pub(crate) fn service_insert(
    tx: &mut Tx<'_>,
    id: PersonId,
    name: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(&OUTSIDE, SERVICE_INSERT, params![id, name, format!("service {id}"), now]).map(drop)
}

pub(crate) fn person_insert(
    tx: &mut Tx<'_>,
    id: PersonId,
    new: &NewPerson,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(
        &OUTSIDE,
        PERSON_INSERT,
        params![
            id,
            &new.name,
            &new.name_kana,
            new.email.shown(),
            new.email.folded(),
            &new.password.0,
            new.administrator,
            new.lang.code(),
            now
        ],
    )
    .map(drop)
}

pub(crate) fn person_get(tx: &mut Tx<'_>, id: PersonId) -> Result<Option<Person>, DbError> {
    tx.maybe(&OUTSIDE, PERSON, params![id], person)
}

pub(crate) fn person_by_email(tx: &mut Tx<'_>, folded: &str) -> Result<Option<Person>, DbError> {
    tx.maybe(&OUTSIDE, PERSON_BY_EMAIL, params![folded], person)
}

pub(crate) fn people(tx: &mut Tx<'_>) -> Result<Vec<Person>, DbError> {
    tx.all(&OUTSIDE, PEOPLE, &[], person)
}

pub(crate) fn credentials_by_email(tx: &mut Tx<'_>, folded: &str) -> Result<Option<Credentials>, DbError> {
    tx.maybe(&OUTSIDE, CREDENTIALS, params![folded], credentials)
}

pub(crate) fn credentials_of(tx: &mut Tx<'_>, id: PersonId) -> Result<Option<Credentials>, DbError> {
    tx.maybe(&OUTSIDE, CREDENTIALS_OF, params![id], credentials)
}

pub(crate) fn password_set(tx: &mut Tx<'_>, id: PersonId, hash: &PasswordHash) -> Result<(), DbError> {
    tx.run(&OUTSIDE, PASSWORD_SET, params![id, &hash.0]).map(drop)
}

pub(crate) fn password_swap(
    tx: &mut Tx<'_>,
    id: PersonId,
    old: &PasswordHash,
    new: &PasswordHash,
) -> Result<bool, DbError> {
    tx.run(&OUTSIDE, PASSWORD_SWAP, params![id, &old.0, &new.0]).map(|rows| rows == 1)
}

pub(crate) fn email_set(tx: &mut Tx<'_>, id: PersonId, email: &Email) -> Result<(), DbError> {
    tx.run(&OUTSIDE, EMAIL_SET, params![id, email.shown(), email.folded()]).map(drop)
}

pub(crate) fn profile_set(
    tx: &mut Tx<'_>,
    id: PersonId,
    name: &str,
    name_kana: &str,
    lang: Lang,
) -> Result<(), DbError> {
    tx.run(&OUTSIDE, PROFILE_SET, params![id, name, name_kana, lang.code()]).map(drop)
}

pub(crate) fn lang_set(tx: &mut Tx<'_>, id: PersonId, lang: Lang) -> Result<(), DbError> {
    tx.run(&OUTSIDE, LANG_SET, params![id, lang.code()]).map(drop)
}

pub(crate) fn disabled_set(tx: &mut Tx<'_>, id: PersonId, at: Option<DateTime<Utc>>) -> Result<(), DbError> {
    tx.run(&OUTSIDE, DISABLED_SET, params![id, at]).map(drop)
}

pub(crate) fn reminders(tx: &mut Tx<'_>, id: PersonId) -> Result<bool, DbError> {
    Ok(tx.maybe(&OUTSIDE, REMINDERS, params![id], |row| row.get(0))?.unwrap_or(false))
}

pub(crate) fn reminders_set(tx: &mut Tx<'_>, id: PersonId, wanted: bool) -> Result<(), DbError> {
    tx.run(&OUTSIDE, REMINDERS_SET, params![id, wanted]).map(drop)
}

/// Where a person is a member, in an order that every transaction shares.
pub(crate) fn places_of(tx: &mut Tx<'_>, id: PersonId) -> Result<Vec<(OrganisationId, Role)>, DbError> {
    tx.all(&OUTSIDE, PLACES_OF, params![id], |row| Ok((row.get(0)?, code(&row.get::<String>(1)?)?)))
}

/// Everyone's every place, for a demo's sign-in cards.
pub(crate) fn demo_cards(tx: &mut Tx<'_>) -> Result<Vec<DemoCard>, DbError> {
    tx.all(&OUTSIDE, DEMO_CARDS, &[], |row| {
        Ok(DemoCard {
            person: row.get(0)?,
            name: row.get(1)?,
            title: row.get(2)?,
            role: code(&row.get::<String>(3)?)?,
            organisation: row.get(4)?,
            organisation_name: row.get(5)?,
            institution_kind: row.get(6)?,
        })
    })
}

fn membership(row: &Row<'_>) -> Result<Membership, DbError> {
    Ok(Membership {
        person: row.get(0)?,
        name: row.get(1)?,
        name_kana: row.get(2)?,
        role: code(&row.get::<String>(3)?)?,
        title: row.get(4)?,
        since: row.get(5)?,
        disabled: row.get::<Option<DateTime<Utc>>>(6)?.is_some(),
        version: row.get(7)?,
    })
}

fn invitation(row: &Row<'_>) -> Result<Invitation, DbError> {
    Ok(Invitation {
        id: row.get(0)?,
        name: row.get(1)?,
        role: code(&row.get::<String>(2)?)?,
        title: row.get(3)?,
        inviter: row.get(4)?,
        created_at: row.get(5)?,
        expires_at: row.get(6)?,
    })
}

pub(crate) fn organisation_lock(tx: &mut Tx<'_>, scope: &Scope) -> Result<(), DbError> {
    tx.run(scope, ORGANISATION_LOCK, &[]).map(drop)
}

pub(crate) fn members(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Membership>, DbError> {
    tx.all(scope, MEMBERS, &[], membership)
}

pub(crate) fn member(
    tx: &mut Tx<'_>,
    scope: &Scope,
    person: PersonId,
) -> Result<Option<Membership>, DbError> {
    tx.maybe(scope, MEMBER, params![person], membership)
}

pub(crate) fn member_set(
    tx: &mut Tx<'_>,
    scope: &Scope,
    person: PersonId,
    role: Role,
    title: &str,
    version: i64,
) -> Result<bool, DbError> {
    tx.run(scope, MEMBER_SET, params![person, role.code(), title, version]).map(|rows| rows == 1)
}

pub(crate) fn member_end(
    tx: &mut Tx<'_>,
    scope: &Scope,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(scope, MEMBER_PIN_DELETE, params![person])?;
    tx.run(scope, MEMBER_END, params![person, now]).map(drop)
}

pub(crate) fn member_join(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    person: PersonId,
    role: Role,
    title: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(&JOINING, MEMBER_JOIN, params![organisation, person, role.code(), title, now]).map(drop)
}

pub(crate) fn invitation_insert(
    tx: &mut Tx<'_>,
    scope: &Scope,
    invitation: &Invitation,
    token_hash: &[u8],
) -> Result<(), DbError> {
    tx.run(
        scope,
        INVITATION_INSERT,
        params![
            invitation.id,
            token_hash,
            &invitation.name,
            invitation.role.code(),
            &invitation.title,
            scope.person(),
            invitation.created_at,
            invitation.expires_at
        ],
    )
    .map(drop)
}

pub(crate) fn invitations(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Invitation>, DbError> {
    tx.all(scope, INVITATIONS, &[], invitation)
}

pub(crate) fn invitation_get(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: InvitationId,
) -> Result<Option<Invitation>, DbError> {
    tx.maybe(scope, INVITATION, params![id], invitation)
}

pub(crate) fn invitation_revoke(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: InvitationId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    tx.run(scope, INVITATION_REVOKE, params![id, now]).map(|rows| rows == 1)
}

pub(crate) fn invitations_revoke_by(
    tx: &mut Tx<'_>,
    scope: &Scope,
    inviter: PersonId,
    now: DateTime<Utc>,
) -> Result<Vec<InvitationId>, DbError> {
    tx.all(scope, INVITATIONS_REVOKE_BY, params![inviter, now], |row| row.get(0))
}

pub(crate) fn invitation_renew(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: InvitationId,
    token_hash: &[u8],
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<bool, DbError> {
    tx.run(scope, INVITATION_RENEW, params![id, token_hash, scope.person(), now, expires_at])
        .map(|rows| rows == 1)
}

pub(crate) fn offer(
    tx: &mut Tx<'_>,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<Offer>, DbError> {
    tx.maybe(&LINK, OFFER, params![token_hash, now], |row| {
        Ok(Offer {
            id: row.get(0)?,
            organisation: row.get(1)?,
            organisation_name: row.get(2)?,
            name: row.get(3)?,
            role: code(&row.get::<String>(4)?)?,
            title: row.get(5)?,
            inviter: row.get(6)?,
            expires_at: row.get(7)?,
        })
    })
}

pub(crate) fn offer_take(
    tx: &mut Tx<'_>,
    token_hash: &[u8],
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    tx.run(&LINK, OFFER_TAKE, params![token_hash, person, now]).map(|rows| rows == 1)
}

pub(crate) fn tally(tx: &mut Tx<'_>, subject: &str, now: DateTime<Utc>) -> Result<Tally, DbError> {
    tx.one(&ATTEMPTS, TALLY, params![subject, now], |row| {
        Ok(Tally { failures: row.get(0)?, since: row.get(1)? })
    })
}

pub(crate) fn tally_set(tx: &mut Tx<'_>, subject: &str, tally: Tally) -> Result<(), DbError> {
    tx.run(&ATTEMPTS, TALLY_SET, params![subject, tally.failures, tally.since]).map(drop)
}

pub(crate) fn tally_refund(tx: &mut Tx<'_>, subject: &str) -> Result<(), DbError> {
    tx.run(&ATTEMPTS, TALLY_REFUND, params![subject]).map(drop)
}

pub(crate) fn tally_clear(tx: &mut Tx<'_>, subject: &str) -> Result<(), DbError> {
    tx.run(&ATTEMPTS, TALLY_CLEAR, params![subject]).map(drop)
}

/// Forgets what was last counted before `moment`.
pub(crate) fn tally_sweep(tx: &mut Tx<'_>, moment: DateTime<Utc>) -> Result<(), DbError> {
    tx.run(&ATTEMPTS, TALLY_SWEEP, params![moment]).map(drop)
}
