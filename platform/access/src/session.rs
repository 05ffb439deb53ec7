//! Browsers that people are signed in with.

use crate::{OrganisationId, PersonId, PlaceId, Role, Scope, SharedPlace, secret, store};
use chrono::{DateTime, Duration, Utc};
use komainu_db::{DbError, Tx};

komainu_db::id! {
    /// Names a session in lists, where it can be revoked; it does not open anything.
    SessionId
}

secret::secret! {
    /// The secret in the browser's cookie. The database keeps only its hash, so a stolen database signs nobody in.
    SessionToken
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
    /// Whether the organisation demands a second factor, the person has none, and no sign-in service vouches for one.
    pub owes_factor: bool,
    /// The shared place that this browser is, if it is one.
    pub shared: Option<SharedPlace>,
}

impl Session {
    /// The scope of this session, where an organisation is chosen and what it demands is met.
    pub fn scope(&self) -> Option<Scope> {
        let (organisation, _, role) = self.place.as_ref().filter(|_| !self.owes_factor)?;
        let scope = Scope::new(self.person, &self.person_name, *organisation, *role);
        let scope = scope.administrating(self.administrator);
        match &self.shared {
            None => Some(scope),
            Some(shared) => (shared.organisation == *organisation).then(|| scope.at(shared)),
        }
    }
}

/// What is behind a cookie.
#[derive(Clone, Debug)]
pub enum Found {
    /// Somebody is signed in.
    Alive(Session),
    /// Somebody is signed in at a shared place with more than the place itself asks for, such as a password, and is to be
    /// bound to it ([`Sessions::bind`]): whoever takes the place's mark from the browser must not find them there.
    Arrived(Session),
    /// Somebody was, at a shared place that has locked itself since. They may leave what they typed, and nothing else.
    Locked(Session),
}

/// A session as it is stored.
pub(crate) struct Stored {
    pub(crate) session: Session,
    /// The place that it was begun at and is bound to.
    pub(crate) bound_to: Option<PlaceId>,
    pub(crate) locked_at: Option<DateTime<Utc>>,
}

impl Stored {
    /// What it is in a browser that is this shared place, or none.
    fn seen_in(self, browser: Option<&SharedPlace>, now: DateTime<Utc>) -> Option<Found> {
        let mut session = self.session;
        if self.bound_to.is_some_and(|place| browser.is_none_or(|browser| browser.id != place)) {
            return None;
        }
        session.shared = browser.cloned();
        let Some(shared) = &session.shared else {
            return self.locked_at.is_none().then_some(Found::Alive(session));
        };
        session.administrator = false;
        let awake = self.locked_at.is_none()
            && session.seen_at > now - shared.lock_after
            && session.created_at > now - Sessions::SHARED_AGE;
        Some(match (awake, self.bound_to) {
            (true, Some(_)) => Found::Alive(session),
            (true, None) => Found::Arrived(session),
            (false, _) => Found::Locked(session),
        })
    }
}

/// The sessions' life: begun at sign-in, ended by sign-out, revocation, idleness or age.
pub struct Sessions;

impl Sessions {
    /// A session that was not used for this long is over.
    pub const IDLE: Duration = Duration::hours(12);
    /// A session ends after this long however much it is used.
    pub const AGE: Duration = Duration::days(14);
    /// A session at a shared place ends after this long however much it is used: a working day.
    pub const SHARED_AGE: Duration = Duration::hours(12);
    /// How exactly the last use is known; writing it at every request would make every read a write.
    const SEEN_STEP: Duration = Duration::minutes(5);
    /// The same where minutes count.
    const SHARED_STEP: Duration = Duration::seconds(10);

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

    /// Starts a session at a shared place, for somebody who has just given their PIN or passkey there. Whoever was there
    /// before is gone: a place is one person's at a time. A PIN proves too little to change how one signs in, so nothing
    /// counts as proved.
    pub fn begin_shared(
        tx: &mut Tx<'_>,
        id: SessionId,
        token: &SessionToken,
        (person, place): (PersonId, &SharedPlace),
        user_agent: &str,
        now: DateTime<Utc>,
    ) -> Result<(), DbError> {
        store::sessions_delete_shared(tx, place.id)?;
        store::session_insert_shared(tx, id, &token.hash(), (person, place), user_agent, now)
    }

    /// Binds a session to the place where it was begun by other means than the place's own. Whoever was there is gone.
    pub fn bind(tx: &mut Tx<'_>, session: SessionId, place: PlaceId) -> Result<(), DbError> {
        store::sessions_delete_shared(tx, place)?;
        store::session_bind(tx, session, place)
    }

    /// Ends every session at a shared place.
    pub fn end_shared(tx: &mut Tx<'_>, place: PlaceId) -> Result<(), DbError> {
        store::sessions_delete_shared(tx, place)
    }

    /// Locks a session at a shared place before its time.
    pub fn lock(tx: &mut Tx<'_>, id: SessionId, now: DateTime<Utc>) -> Result<(), DbError> {
        store::session_lock(tx, id, now)
    }

    /// The session behind a cookie of a browser that is no shared place, if it is alive.
    pub fn find(
        tx: &mut Tx<'_>,
        token: &SessionToken,
        now: DateTime<Utc>,
    ) -> Result<Option<Session>, DbError> {
        let found = Sessions::look(tx, token, None, now)?;
        Ok(found.and_then(|found| if let Found::Alive(session) = found { Some(session) } else { None }))
    }

    /// What is behind a cookie of a browser that may be a shared place.
    pub fn look(
        tx: &mut Tx<'_>,
        token: &SessionToken,
        browser: Option<&SharedPlace>,
        now: DateTime<Utc>,
    ) -> Result<Option<Found>, DbError> {
        let stored = store::session_find(tx, &token.hash(), now - Self::IDLE, now - Self::AGE)?;
        Ok(stored.and_then(|stored| stored.seen_in(browser, now)))
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
        let step = if session.shared.is_some() { Self::SHARED_STEP } else { Self::SEEN_STEP };
        now - session.seen_at >= step
    }

    /// Notes that the session is in use.
    pub fn touch(tx: &mut Tx<'_>, id: SessionId, now: DateTime<Utc>) -> Result<(), DbError> {
        store::session_touch(tx, id, now)
    }

    /// Notes that the person has proved again who they are.
    pub fn prove(tx: &mut Tx<'_>, id: SessionId, now: DateTime<Utc>) -> Result<(), DbError> {
        store::session_prove(tx, id, now)
    }

    /// Notes that a sign-in service which is believed has asked the session's person for a second factor: what an
    /// organisation demands is met as long as the session lives.
    pub fn vouch(tx: &mut Tx<'_>, id: SessionId) -> Result<(), DbError> {
        store::session_vouch(tx, id)
    }

    /// Moves the session to another of the person's organisations; false where there is no such membership.
    pub fn switch(tx: &mut Tx<'_>, session: &Session, organisation: OrganisationId) -> Result<bool, DbError> {
        store::session_switch(tx, session.id, session.person, organisation)
    }

    /// The person's living sessions, newest first.
    pub fn of(tx: &mut Tx<'_>, person: PersonId, now: DateTime<Utc>) -> Result<Vec<Session>, DbError> {
        let stored = store::sessions_of(tx, person, now - Self::IDLE, now - Self::AGE)?;
        // A bound one is looked at as from its place, where it may have locked itself.
        let alive = stored.into_iter().filter_map(|stored| {
            let place = stored.session.shared.clone();
            match stored.seen_in(place.as_ref(), now)? {
                Found::Alive(session) | Found::Arrived(session) => Some(session),
                Found::Locked(_) => None,
            }
        });
        Ok(alive.collect())
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
