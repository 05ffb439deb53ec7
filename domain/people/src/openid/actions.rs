//! What can be done with the sign-in service. Asking it is the pages' part: no transaction may wait for another house.

use super::model::{Errand, OwnLink, SignInLinkId, Way};
use super::store;
use crate::actions::{Opened, entered};
use crate::factors::actions::pending::{self, Holder, Purpose};
use crate::factors::actions::{Sealer, changed, require_proof, second_begin};
use crate::factors::model::{First, Means};
use crate::factors::store::kinds_of;
use crate::model::Token;
use komainu_access::{PersonId, Session, Sessions};
use komainu_clock::Nature;
use komainu_db::{DbError, Tx};
use komainu_openid::Identity;
use komainu_web::{Failure, Refused};

/// One's own links.
pub fn links(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<OwnLink>, DbError> {
    store::links(tx, person)
}

/// Keeps what waits for a browser that leaves for the service, and makes the secret that it is known by.
pub fn leave(
    tx: &mut Tx<'_>,
    sealer: Sealer<'_>,
    session: Option<&Session>,
    way: &Way,
) -> Result<Token, Failure> {
    if let (Errand::Link(_), Some(session)) = (way.errand, session) {
        require_proof(session, sealer.nature.now())?;
    }
    let browser = Token::new(sealer.nature.bytes());
    let place = (&Holder::Browser(browser.clone()), Purpose::Openid);
    pending::put(tx, sealer, place, session.map(|session| session.person), way)?;
    Ok(browser)
}

/// What a browser went for that has come back, for the first and last time; nothing where it did not go, took too long,
/// or comes back from another way than it went.
pub fn come_back(
    tx: &mut Tx<'_>,
    sealer: Sealer<'_>,
    browser: &Token,
    state: &str,
) -> Result<Option<Way>, Failure> {
    let place = (&Holder::Browser(browser.clone()), Purpose::Openid);
    let Some((_, way)) = pending::look::<Way>(tx, sealer, place)? else { return Ok(None) };
    // A made-up answer does not use the way up.
    let own = way.flow.is_of(state) && pending::end(tx, sealer, place)?;
    Ok(own.then_some(way))
}

/// Somebody who comes in by the service.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Who, by the service's word.
    pub identity: Identity,
    /// Whether its word for a second factor is taken, and it has given it.
    pub vouched: bool,
    /// What the browser says it is.
    pub user_agent: String,
    /// The session that the browser had until now; it ends.
    pub previous: Option<Session>,
}

/// Nobody here has linked their account to them, or their account is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unlinked;

/// Begins a session for whoever is linked, or, for someone with a second factor, the second step.
pub fn arrive(tx: &mut Tx<'_>, sealer: Sealer<'_>, arrival: &Arrival) -> Result<Opened, Refused<Unlinked>> {
    let unlinked = || {
        tracing::info!("sign-in by the sign-in service refused: not linked");
        Refused::Because(Unlinked)
    };
    let now = sealer.nature.now();
    let person = store::holder(tx, &arrival.identity)?.ok_or_else(unlinked)?;
    let found = crate::store::person_get(tx, person)?.filter(|found| found.disabled_at.is_none());
    let found = found.ok_or_else(unlinked)?;
    store::used(tx, &arrival.identity, now)?;
    if !arrival.vouched && kinds_of(tx, person)?.any() {
        return Ok(Opened::Door(second_begin(tx, sealer, person, First::Openid)?));
    }
    let browser = (arrival.user_agent.as_str(), arrival.previous.as_ref());
    let entered = entered(tx, sealer.nature, &found, Means::Openid, browser)?;
    if arrival.vouched
        && let Some(begun) = Sessions::find(tx, &entered.token, now)?
    {
        Sessions::vouch(tx, begun.id)?;
    }
    Ok(Opened::Inside(entered))
}

/// Why an account is not linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkRefusal {
    /// They are linked to another account.
    Taken,
    /// The account is linked to somebody else there; that link is to be removed first.
    Other,
}

/// Links the session's own account to somebody at the service. What is linked already stays as it is.
pub fn link(
    tx: &mut Tx<'_>,
    nature: &Nature,
    session: &Session,
    identity: &Identity,
) -> Result<(), Refused<LinkRefusal>> {
    let now = nature.now();
    require_proof(session, now)?;
    match store::holder(tx, identity)? {
        Some(person) if person == session.person => return Ok(()),
        Some(_) => return Err(Refused::Because(LinkRefusal::Taken)),
        None => {}
    }
    if store::links(tx, session.person)?.iter().any(|link| link.issuer == identity.issuer) {
        return Err(Refused::Because(LinkRefusal::Other));
    }
    match store::insert(tx, (session.person, SignInLinkId(nature.id())), identity, now) {
        Ok(()) => Ok(changed(tx, now, session, "openid_link")?),
        // Somebody was quicker.
        Err(DbError::Duplicate(_)) => Err(Refused::Because(LinkRefusal::Taken)),
        Err(error) => Err(error.into()),
    }
}

/// Removes one of the person's own links.
pub fn unlink(tx: &mut Tx<'_>, nature: &Nature, session: &Session, id: SignInLinkId) -> Result<(), Failure> {
    require_proof(session, nature.now())?;
    if !store::delete(tx, session.person, id)? {
        return Err(Failure::NotFound);
    }
    Ok(changed(tx, nature.now(), session, "openid_unlink")?)
}

/// How far a proof by the service goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proven {
    /// It is enough.
    Whole,
    /// The second factor is asked for as well, as beside a password.
    Half,
}

/// Notes that the session's person has just signed in at the service anew.
///
/// # Errors
/// [`Unlinked`] where it was somebody else.
pub fn prove(
    tx: &mut Tx<'_>,
    sealer: Sealer<'_>,
    session: &Session,
    (identity, vouched): (&Identity, bool),
) -> Result<Proven, Refused<Unlinked>> {
    let now = sealer.nature.now();
    if store::holder(tx, identity)? != Some(session.person) {
        return Err(Refused::Because(Unlinked));
    }
    store::used(tx, identity, now)?;
    if vouched || !kinds_of(tx, session.person)?.any() {
        Sessions::prove(tx, session.id, now)?;
        return Ok(Proven::Whole);
    }
    let place = (&Holder::Session(session.id), Purpose::OpenidProof);
    pending::put(tx, sealer, place, Some(session.person), &())?;
    Ok(Proven::Half)
}

/// Whether the service has confirmed the session's person, and their second factor is what is missing.
pub fn half_proven(tx: &mut Tx<'_>, sealer: Sealer<'_>, session: &Session) -> Result<bool, Failure> {
    let place = (&Holder::Session(session.id), Purpose::OpenidProof);
    let waits = pending::look::<()>(tx, sealer, place)?;
    Ok(waits.is_some_and(|(person, ())| person == Some(session.person)))
}
