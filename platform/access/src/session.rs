//! Browsers that people are signed in with.

use crate::{OrganisationId, PersonId, Role, Scope, store};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use komainu_db::{DbError, Tx};
use sha2::{Digest, Sha256};
use std::str::FromStr;

komainu_db::id! {
    /// Names a session in lists, where it can be revoked; it does not open anything.
    SessionId
}

/// The secret in the browser's cookie. The database keeps only its hash, so a stolen database signs nobody in.
#[derive(Clone)]
pub struct SessionToken([u8; 32]);

impl SessionToken {
    /// A token from 32 random bytes.
    pub const fn new(random: [u8; 32]) -> SessionToken {
        SessionToken(random)
    }

    /// The cookie's text.
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    pub(crate) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0).to_vec()
    }
}

impl FromStr for SessionToken {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| bytes.try_into().ok()).map(SessionToken).ok_or(())
    }
}

/// A signed-in browser.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its name in lists.
    pub id: SessionId,
    /// Who signed in.
    pub person: PersonId,
    /// That person's name.
    pub person_name: String,
    /// Whether the person may found organisations on this installation.
    pub administrator: bool,
    /// The organisation the person works in at the moment, with the role there; none before one is chosen.
    pub place: Option<(OrganisationId, String, Role)>,
    /// When the person signed in.
    pub created_at: DateTime<Utc>,
    /// When the browser was last seen, to a few minutes.
    pub seen_at: DateTime<Utc>,
    /// What the browser says it is.
    pub user_agent: String,
    /// When the person last proved in this session who they are, if that is known.
    pub proved_at: Option<DateTime<Utc>>,
    /// Whether the organisation demands a second factor and the person has none.
    pub owes_factor: bool,
}

impl Session {
    /// The scope of this session, where an organisation is chosen and what it demands is met.
    pub fn scope(&self) -> Option<Scope> {
        let (organisation, _, role) = self.place.as_ref().filter(|_| !self.owes_factor)?;
        let scope = Scope::new(self.person, &self.person_name, *organisation, *role);
        Some(scope.administrating(self.administrator))
    }
}

/// The sessions' life: begun at sign-in, ended by sign-out, revocation, idleness or age.
pub struct Sessions;

impl Sessions {
    /// A session that was not used for this long is over.
    pub const IDLE: Duration = Duration::hours(12);
    /// A session ends after this long however much it is used.
    pub const AGE: Duration = Duration::days(14);
    /// How exactly the last use is known; writing it at every request would make every read a write.
    const SEEN_STEP: Duration = Duration::minutes(5);

    /// Starts a session in the person's first organisation, if there is one. Whoever starts one has just seen the person
    /// prove who they are.
    pub fn begin(
        tx: &mut Tx<'_>,
        id: SessionId,
        token: &SessionToken,
        person: PersonId,
        user_agent: &str,
        now: DateTime<Utc>,
    ) -> Result<(), DbError> {
        let place = store::first_place(tx, person)?;
        store::session_insert(tx, id, &token.hash(), person, place, user_agent, now)
    }

    /// The session behind a cookie, if it is alive.
    pub fn find(
        tx: &mut Tx<'_>,
        token: &SessionToken,
        now: DateTime<Utc>,
    ) -> Result<Option<Session>, DbError> {
        store::session_find(tx, &token.hash(), now - Self::IDLE, now - Self::AGE)
    }

    /// The person's organisations, with the role in each, in the order they were joined.
    pub fn places(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<(OrganisationId, String, Role)>, DbError> {
        store::places(tx, person)
    }

    /// Whether there is an administrator yet.
    pub fn anyone(tx: &mut Tx<'_>) -> Result<bool, DbError> {
        store::anyone(tx)
    }

    /// Whether the last use is old enough to be written again.
    pub fn needs_touch(session: &Session, now: DateTime<Utc>) -> bool {
        now - session.seen_at >= Self::SEEN_STEP
    }

    /// Notes that the session is in use.
    pub fn touch(tx: &mut Tx<'_>, id: SessionId, now: DateTime<Utc>) -> Result<(), DbError> {
        store::session_touch(tx, id, now)
    }

    /// Notes that the person has proved again who they are.
    pub fn prove(tx: &mut Tx<'_>, id: SessionId, now: DateTime<Utc>) -> Result<(), DbError> {
        store::session_prove(tx, id, now)
    }

    /// Moves the session to another of the person's organisations; false where there is no such membership.
    pub fn switch(tx: &mut Tx<'_>, session: &Session, organisation: OrganisationId) -> Result<bool, DbError> {
        store::session_switch(tx, session.id, session.person, organisation)
    }

    /// The person's living sessions, newest first.
    pub fn of(tx: &mut Tx<'_>, person: PersonId, now: DateTime<Utc>) -> Result<Vec<Session>, DbError> {
        store::sessions_of(tx, person, now - Self::IDLE, now - Self::AGE)
    }

    /// Removes a person's sessions that are over anyway; their rows are of no more use.
    pub fn sweep(tx: &mut Tx<'_>, person: PersonId, now: DateTime<Utc>) -> Result<(), DbError> {
        store::sessions_sweep(tx, person, now - Self::IDLE, now - Self::AGE)
    }

    /// Ends one session of a person; false where it is not theirs.
    pub fn end(tx: &mut Tx<'_>, person: PersonId, id: SessionId) -> Result<bool, DbError> {
        store::session_delete(tx, person, id)
    }

    /// Ends every session of everybody, as after a restore: what was ended since must not come back to life.
    pub fn end_all(tx: &mut Tx<'_>) -> Result<usize, DbError> {
        store::sessions_delete_every(tx)
    }

    /// Ends every session of a person but one, as after a change of password.
    pub fn end_others(tx: &mut Tx<'_>, person: PersonId, keep: Option<SessionId>) -> Result<usize, DbError> {
        store::sessions_delete_others(tx, person, keep)
    }
}
