//! What can be done about a loss.

use super::model::{Agreed, LINK_LIFE, Lost, OwnRescue, REQUEST_LIFE, Rescue, RescueId};
use super::store;
use crate::actions::throttle::{self, Subject};
use crate::actions::{Gate, record_everywhere};
use crate::factors::actions::{renounce_all, require_proof, strip};
use crate::model::{Email, Password, Person, Token};
use crate::store::{password_set, person_by_email, person_get, places_of};
use chrono::{DateTime, Duration, Utc};
use komainu_access::{Permission, PersonId, Scope, Session};
use komainu_audit::Change;
use komainu_clock::Nature;
use komainu_db::{DbError, Tx};
use komainu_web::{Failure, Refused};
use std::net::IpAddr;

/// How the log names whoever is not known to be anybody: the one who asks, another organisation.
const NOBODY: (PersonId, &str) = (PersonId(uuid::Uuid::nil()), "rescue");

/// Somebody who cannot get in.
#[derive(Clone, Debug)]
pub struct Plea {
    /// The address typed; none where it cannot be one.
    pub email: Option<Email>,
    /// What they say they lost.
    pub lost: Lost,
    /// Where the request comes from.
    pub address: IpAddr,
    /// What the browser says it is.
    pub user_agent: String,
}

/// Notes that somebody asks to be let back in. The answer is the same whether there is such an account or not; asking
/// again while a request waits changes nothing.
pub fn rescue_ask(tx: &mut Tx<'_>, nature: &Nature, plea: &Plea) -> Result<(), Refused<Duration>> {
    let now = nature.now();
    let (account, at) = (plea.email.as_ref().map(Subject::rescue), Subject::address(plea.address));
    let subjects: Vec<&Subject> = account.iter().chain([&at]).collect();
    throttle::attempt(tx, now, &subjects)?.map_err(Refused::Because)?;
    let found = plea.email.as_ref().map(|email| person_by_email(tx, email.folded())).transpose()?.flatten();
    let Some(person) = found.filter(|person| person.disabled_at.is_none()) else { return Ok(()) };
    if store::of(tx, person.id, now)?.is_some() {
        return Ok(());
    }
    store::delete(tx, person.id)?;
    let asked = (RescueId(nature.id()), plea.lost, plea.user_agent.as_str());
    store::insert(tx, person.id, asked, (now, now + REQUEST_LIFE))?;
    tracing::info!(person = %person.id, "somebody asks to be let back in");
    Ok(record_everywhere(tx, NOBODY, now, person.id, "rescue_ask", ((), ()))?)
}

/// What waits for the organisation's word, oldest first.
pub fn rescues(tx: &mut Tx<'_>, scope: &Scope, now: DateTime<Utc>) -> Result<Vec<Rescue>, Failure> {
    scope.require(Permission::MembersManage)?;
    Ok(store::here(tx, scope, now)?)
}

/// One of them.
pub fn rescue_get(
    tx: &mut Tx<'_>,
    scope: &Scope,
    now: DateTime<Utc>,
    id: RescueId,
) -> Result<Rescue, Failure> {
    rescues(tx, scope, now)?.into_iter().find(|rescue| rescue.id == id).ok_or(Failure::NotFound)
}

/// Why nobody agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgreeRefusal {
    /// It is the asker's own request.
    Own,
}

/// Agrees in the name of the scope's organisation. Whoever is the last to agree gets the link; agreeing once more makes
/// a new one, as when the slip was lost, and the old one is dead.
pub fn rescue_agree(
    tx: &mut Tx<'_>,
    nature: &Nature,
    (session, scope): (&Session, &Scope),
    id: RescueId,
) -> Result<Agreed, Refused<AgreeRefusal>> {
    let now = nature.now();
    require_proof(session, now)?;
    store::lock(tx, id)?;
    let rescue = rescue_get(tx, scope, now, id)?;
    if rescue.person == scope.person() {
        return Err(Refused::Because(AgreeRefusal::Own));
    }
    store::word_put(tx, scope, id, now)?;
    tell(tx, now, (scope, &rescue), "rescue_agree", "rescue_agree_elsewhere")?;
    if rescue.others > 0 {
        return Ok(Agreed::Waiting(rescue.others));
    }
    let (token, until) = (Token::new(nature.bytes()), now + LINK_LIFE);
    store::link_set(tx, id, &token.hash(), until)?;
    Ok(Agreed::Linked { name: rescue.name, token, until })
}

/// Refuses: the request is gone, and its link if there was one.
pub fn rescue_refuse(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, id: RescueId) -> Result<(), Failure> {
    let rescue = rescue_get(tx, scope, nature.now(), id)?;
    store::delete(tx, rescue.person)?;
    Ok(tell(tx, nature.now(), (scope, &rescue), "rescue_refuse", "rescue_refuse_elsewhere")?)
}

/// Tells every organisation of the person: the one that acted by whom, the others only that one did.
fn tell(
    tx: &mut Tx<'_>,
    now: DateTime<Utc>,
    (scope, rescue): (&Scope, &Rescue),
    here: &'static str,
    elsewhere: &'static str,
) -> Result<(), DbError> {
    let object_id = &rescue.person.to_string();
    let record = |tx: &mut Tx<'_>, scope: &Scope, action| {
        let change = Change { action, object_kind: "person", object_id, before: (), after: () };
        komainu_audit::record(tx, scope, now, &change)
    };
    for (organisation, role) in places_of(tx, rescue.person)? {
        if organisation == scope.organisation() {
            record(tx, scope, here)?;
        } else {
            record(tx, &Scope::new(NOBODY.0, NOBODY.1, organisation, role), elsewhere)?;
        }
    }
    Ok(())
}

/// The request about the session's person, if one waits.
pub fn rescue_own(
    tx: &mut Tx<'_>,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<Option<OwnRescue>, DbError> {
    store::of(tx, person, now)
}

/// The person it is about says that they need no help: whoever asked was somebody else, or it has settled itself.
pub fn rescue_cancel(tx: &mut Tx<'_>, nature: &Nature, session: &Session) -> Result<(), DbError> {
    if !store::delete(tx, session.person)? {
        return Ok(());
    }
    let actor = (session.person, session.person_name.as_str());
    record_everywhere(tx, actor, nature.now(), session.person, "rescue_cancel", ((), ()))
}

/// Whose way back in a link is; nobody's where it was used, refused, has expired or never was one.
pub fn rescue_look(tx: &mut Tx<'_>, token: &Token, now: DateTime<Utc>) -> Result<Option<Person>, DbError> {
    let person = store::by_token(tx, &token.hash(), now)?;
    let found = person.map(|person| person_get(tx, person)).transpose()?.flatten();
    Ok(found.filter(|person| person.disabled_at.is_none()))
}

/// Why the link did nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RescueRefusal {
    /// It was used, refused, has expired or never was one.
    Gone,
    /// Too many attempts; so long to wait.
    Wait(Duration),
}

/// Uses the link: a new password, no factors, no sessions, no tokens. The person signs in with it next.
pub fn rescue_use(
    gate: &Gate<'_>,
    token: &Token,
    new: &Password,
    address: IpAddr,
) -> Result<(), Refused<RescueRefusal>> {
    let gone = || Refused::Because(RescueRefusal::Gone);
    let (now, at) = (gate.nature.now(), Subject::address(address));
    gate.db.write(|tx| {
        throttle::attempt(tx, now, &[&at])?.map_err(|wait| Refused::Because(RescueRefusal::Wait(wait)))
    })?;
    gate.db.read(|tx| rescue_look(tx, token, now))?.ok_or_else(gone)?;
    let hash = gate.hasher.hash(gate.nature, new)?;
    gate.db.write(|tx| {
        let person = rescue_look(tx, token, now)?.ok_or_else(gone)?;
        if !store::take(tx, person.id, &token.hash())? {
            return Err(gone());
        }
        password_set(tx, person.id, &hash)?;
        strip(tx, person.id)?;
        renounce_all(tx, person.id, now)?;
        let account = person.email.parse().ok().map(|email| Subject::account(&email));
        let cleared: Vec<Subject> = account.into_iter().chain([Subject::factor(person.id)]).collect();
        throttle::success(tx, &cleared.iter().collect::<Vec<_>>(), Some(&at))?;
        tracing::info!(person = %person.id, "let back in");
        let actor = (person.id, person.name.as_str());
        Ok(record_everywhere(tx, actor, now, person.id, "rescue_use", ((), ()))?)
    })
}
