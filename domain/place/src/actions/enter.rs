//! Coming in at a shared place, and locking it.

use super::pin::{opened, told};
use crate::model::{Candidate, Pin};
use crate::rules::{DRAFT_LIFE, PIN_TRIES};
use crate::store;
use chrono::Duration;
use komainu_access::{PersonId, Role, Scope, Session, SessionId, SessionToken, Sessions, SharedPlace};
use komainu_clock::Nature;
use komainu_db::{DbError, Tx};
use komainu_i18n::{Lang, collate};
use komainu_people::actions::throttle::{self, Subject};
use komainu_people::actions::{self as people, Gate};
use komainu_people::factors::actions::{Holder, Relying, passkey_proves, sign_in_note};
use komainu_people::factors::model::Means;
use komainu_web::{Failure, Refused};

/// Whose act it is that a PIN stops: nobody's who is known.
const NOBODY: (PersonId, &str) = (PersonId(uuid::Uuid::nil()), "PIN");

/// Those who may be picked at a place, sorted by reading: members of its organisation with a PIN or a passkey.
pub fn candidates(tx: &mut Tx<'_>, place: &SharedPlace) -> Result<Vec<Candidate>, DbError> {
    let mut found = store::candidates(tx, place)?;
    found.retain(|one| one.pin || one.passkey);
    let reading =
        |one: &Candidate| if one.name_kana.is_empty() { one.name.clone() } else { one.name_kana.clone() };
    found.sort_by(|a, b| collate(Lang::Ja, &reading(a), &reading(b)).then(a.person.cmp(&b.person)));
    Ok(found)
}

/// One of them.
pub fn candidate(
    tx: &mut Tx<'_>,
    place: &SharedPlace,
    person: PersonId,
) -> Result<Option<Candidate>, DbError> {
    Ok(candidates(tx, place)?.into_iter().find(|one| one.person == person))
}

/// Somebody in front of a place.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Where.
    pub place: SharedPlace,
    /// Who they say they are.
    pub person: PersonId,
    /// What the browser says it is.
    pub user_agent: String,
    /// The session that the browser had until now, locked or not; it ends.
    pub previous: Option<Session>,
}

/// Somebody in front of a place who typed a PIN.
#[derive(Clone, Debug)]
pub struct PinAttempt {
    /// Where, and who they say they are.
    pub arrival: Arrival,
    /// What they typed.
    pub pin: Pin,
}

/// Somebody who is in.
#[derive(Clone, Debug)]
pub struct Entered {
    /// The cookie of the new session.
    pub token: SessionToken,
    /// Their language.
    pub lang: Lang,
    /// Whether they were the one for whom the place was locked, and go on where they were.
    pub same: bool,
    /// How many drafts are held for them.
    pub drafts: i64,
}

/// Why somebody is not in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnterRefusal {
    /// It is not their PIN; so many attempts are left before it stops.
    Wrong(i64),
    /// The PIN has stopped, until its owner or who manages members lets it work again.
    Stopped,
    /// Too many attempts; so long to wait.
    Wait(Duration),
    /// The passkey is not theirs, or was asked for too long ago.
    Passkey,
}

/// Compares the PIN and begins a session that lives at this place only.
pub fn pin_enter(gate: &Gate<'_>, attempt: &PinAttempt) -> Result<Entered, Refused<EnterRefusal>> {
    let (Arrival { place, person, .. }, now) = (&attempt.arrival, gate.nature.now());
    let subjects = [Subject::pin(place.organisation, *person), Subject::shared_place(place.id)];
    let [own, here] = &subjects;
    let tried = gate.db.write(|tx| {
        let known = candidate(tx, place, *person)?.is_some_and(|one| one.pin);
        if !known {
            return Err(Failure::NotFound.into());
        }
        throttle::attempt(tx, now, &[own, here])?
            .map_err(|wait| Refused::Because(EnterRefusal::Wait(wait)))?;
        Ok::<_, Refused<EnterRefusal>>(store::pin_try(tx, place, *person)?)
    })?;
    let tried = tried.ok_or(Refused::Because(EnterRefusal::Stopped))?;
    let row = (place.organisation, *person);
    let (hash, kept) = opened((gate.nature, gate.key), row, &tried.sealed)?;
    if !gate.hasher.matches(Some(&hash), &attempt.pin.secret()) {
        tracing::info!(place = %place.id, "a PIN was refused");
        return Err(Refused::Because(wrong(gate, place, *person, tried.failures)?));
    }
    gate.db.write(|tx| {
        // It may have been changed, stopped or taken away while it was compared.
        if !store::pin_right(tx, place, *person, (&tried.sealed, &kept))? {
            return Err(Refused::Because(EnterRefusal::Stopped));
        }
        throttle::success(tx, &[own], Some(here))?;
        Ok(entered(tx, gate.nature, &attempt.arrival, Means::Pin)?)
    })
}

/// After a wrong PIN: the last one in a row stops it, and the log says so.
fn wrong(
    gate: &Gate<'_>,
    place: &SharedPlace,
    person: PersonId,
    failures: i64,
) -> Result<EnterRefusal, Failure> {
    let now = gate.nature.now();
    if failures < PIN_TRIES {
        return Ok(EnterRefusal::Wrong(PIN_TRIES - failures));
    }
    gate.db.write(|tx| {
        if store::pin_stop(tx, place, person, now)? {
            let scope = Scope::new(NOBODY.0, NOBODY.1, place.organisation, Role::Staff).at(place);
            told(tx, &scope, now, "pin_lock", person)?;
        }
        Ok(EnterRefusal::Stopped)
    })
}

/// Takes a passkey's answer and begins a session that lives at this place only.
pub fn passkey_enter(
    gate: &Gate<'_>,
    relying: &Relying,
    holder: &Holder,
    arrival: &Arrival,
    response: &str,
) -> Result<Entered, Refused<EnterRefusal>> {
    let (now, here) = (gate.nature.now(), Subject::shared_place(arrival.place.id));
    let counted = gate.db.write(|tx| throttle::attempt(tx, now, &[&here]))?;
    counted.map_err(|wait| Refused::Because(EnterRefusal::Wait(wait)))?;
    let entered = passkey_proves(gate, relying, (holder, arrival.person), response, |tx| {
        candidate(tx, &arrival.place, arrival.person)?.ok_or(Failure::NotFound)?;
        throttle::success(tx, &[], Some(&here))?;
        entered(tx, gate.nature, arrival, Means::Passkey)
    })?;
    entered.ok_or(Refused::Because(EnterRefusal::Passkey))
}

fn entered(tx: &mut Tx<'_>, nature: &Nature, arrival: &Arrival, means: Means) -> Result<Entered, Failure> {
    let (Arrival { place, person, user_agent, previous }, now) = (arrival, nature.now());
    let found = people::account(tx, *person)?;
    if let Some(previous) = previous {
        Sessions::end(tx, previous.person, previous.id)?;
    }
    Sessions::sweep(tx, *person, now)?;
    sign_in_note(tx, nature, *person, means, user_agent)?;
    let token = SessionToken::new(nature.bytes());
    Sessions::begin_shared(tx, SessionId(nature.id()), &token, (*person, place), user_agent, now)?;
    store::place_used(tx, place, now)?;
    tracing::info!(%person, place = %place.id, means = means.code(), "came in at a shared place");
    Ok(Entered {
        token,
        lang: found.lang,
        same: previous.as_ref().is_some_and(|previous| previous.person == *person),
        drafts: store::drafts_count(tx, place, *person, now - DRAFT_LIFE)?,
    })
}

/// Whether the PIN of somebody who is picked has stopped, to be said before they type.
pub fn stopped(tx: &mut Tx<'_>, place: &SharedPlace, person: PersonId) -> Result<bool, DbError> {
    store::pin_stopped(tx, place, person)
}

/// Locks the place before its time: who is there goes, or somebody else comes.
pub fn lock(tx: &mut Tx<'_>, nature: &Nature, session: &Session) -> Result<(), DbError> {
    Sessions::lock(tx, session.id, nature.now())
}
