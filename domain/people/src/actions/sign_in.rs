//! Signing in and out.

use super::Gate;
use super::throttle::{self, Subject};
use crate::factors::actions::{second_begin, sign_in_note, sweep};
use crate::factors::model::{First, Means};
use crate::factors::store::kinds_of;
use crate::model::{DemoCard, Email, Password, Person, Token};
use crate::store;
use chrono::Duration;
use komainu_access::{PersonId, Session, SessionId, SessionToken, Sessions};
use komainu_clock::Nature;
use komainu_db::{DbError, Tx};
use komainu_i18n::Lang;
use komainu_web::{Failure, Refused};
use std::net::IpAddr;

/// Someone at the door.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The address typed; none where it cannot be one.
    pub email: Option<Email>,
    /// The password typed.
    pub password: Password,
    /// Where the request comes from.
    pub address: IpAddr,
    /// What the browser says it is.
    pub user_agent: String,
    /// The session that the browser had until now; it ends.
    pub previous: Option<Session>,
}

/// Someone who is in.
#[derive(Clone)]
pub struct Entered {
    /// The cookie of the new session.
    pub token: SessionToken,
    /// Who.
    pub person: PersonId,
    /// The language they chose.
    pub lang: Lang,
}

/// How far someone came with the first step.
#[derive(Clone)]
pub enum Opened {
    /// In.
    Inside(Entered),
    /// To the second step, in the browser that gets this secret.
    Door(Token),
}

/// Why someone is not in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInRefusal {
    /// Address and password do not belong together; whether there is such an account is not said.
    Wrong,
    /// Too many attempts; so long to wait.
    Wait(Duration),
}

/// Compares the password and begins a session, or, for someone with a second factor, the second step.
///
/// A wrong address, a closed account and a wrong password cost the same work and get the same answer.
pub fn sign_in(gate: &Gate<'_>, attempt: &Attempt) -> Result<Opened, Refused<SignInRefusal>> {
    let wrong = || Refused::Because(SignInRefusal::Wrong);
    let now = gate.nature.now();
    let at = Subject::address(attempt.address);
    let account = attempt.email.as_ref().map(Subject::account);
    let found = gate.db.write(|tx| {
        let subjects: Vec<&Subject> = account.iter().chain([&at]).collect();
        throttle::attempt(tx, now, &subjects)?.map_err(|wait| Refused::Because(SignInRefusal::Wait(wait)))?;
        let found = attempt.email.as_ref().map(|email| store::credentials_by_email(tx, email.folded()));
        Ok::<_, Refused<SignInRefusal>>(found.transpose()?.flatten())
    })?;
    let open = found.filter(|found| !found.disabled);
    let matches = gate.hasher.matches(open.as_ref().map(|found| &found.hash), &attempt.password);
    let (Some(account), Some(open), true) = (account, open, matches) else {
        tracing::info!("sign-in refused");
        return Err(wrong());
    };
    let outdated = gate.hasher.is_outdated(&open.hash);
    let renewed = outdated.then(|| gate.hasher.hash(gate.nature, &attempt.password)).transpose()?;
    let opened = gate.db.write(|tx| {
        // The password or the account may have changed while it was compared.
        if !store::password_swap(tx, open.person, &open.hash, renewed.as_ref().unwrap_or(&open.hash))? {
            return Err(wrong());
        }
        throttle::success(tx, &[&account], Some(&at))?;
        if kinds_of(tx, open.person)?.any() {
            return Ok(Opened::Door(second_begin(tx, gate.sealer(), open.person, First::Password)?));
        }
        let person = store::person_get(tx, open.person)?.ok_or(Failure::NotFound)?;
        let browser = (attempt.user_agent.as_str(), attempt.previous.as_ref());
        Ok(Opened::Inside(entered(tx, gate.nature, &person, Means::Password, browser)?))
    })?;
    gate.db.write(|tx| throttle::sweep(tx, now).and_then(|()| sweep(tx, now)))?;
    Ok(opened)
}

/// Lets someone in who has proved who they are, in a browser with what it says it is and the session it had.
pub(crate) fn entered(
    tx: &mut Tx<'_>,
    nature: &Nature,
    person: &Person,
    means: Means,
    browser: (&str, Option<&Session>),
) -> Result<Entered, DbError> {
    let token = SessionToken::new(nature.bytes());
    begin(tx, nature, (person.id, means), &token, browser)?;
    tracing::info!(person = %person.id, means = means.code(), "signed in");
    Ok(Entered { token, person: person.id, lang: person.lang })
}

/// Begins a session of its own for every sign-in, ends the browser's earlier one and sweeps away the person's dead ones.
pub(super) fn begin(
    tx: &mut Tx<'_>,
    nature: &Nature,
    (person, means): (PersonId, Means),
    token: &SessionToken,
    (user_agent, previous): (&str, Option<&Session>),
) -> Result<(), DbError> {
    if let Some(previous) = previous {
        Sessions::end(tx, previous.person, previous.id)?;
    }
    Sessions::sweep(tx, person, nature.now())?;
    sign_in_note(tx, nature, person, means, user_agent)?;
    Sessions::begin(tx, SessionId(nature.id()), token, person, user_agent, nature.now())
}

/// Ends the browser's session.
pub fn sign_out(tx: &mut Tx<'_>, session: &Session) -> Result<(), DbError> {
    Sessions::end(tx, session.person, session.id).map(drop)
}

/// The people of a demo, each with their first place. The caller makes sure that this is a demo.
pub fn demo_cards(tx: &mut Tx<'_>) -> Result<Vec<DemoCard>, DbError> {
    let mut first: Vec<DemoCard> = Vec::new();
    for card in store::demo_cards(tx)? {
        if first.iter().all(|known| known.person != card.person) {
            first.push(card);
        }
    }
    Ok(first)
}

/// Signs in as a made-up person, without a password. The caller makes sure that this is a demo.
pub fn demo_sign_in(
    tx: &mut Tx<'_>,
    nature: &Nature,
    person: PersonId,
    user_agent: &str,
    previous: Option<&Session>,
) -> Result<Entered, Failure> {
    let found = store::person_get(tx, person)?.filter(|person| person.disabled_at.is_none());
    Ok(entered(tx, nature, &found.ok_or(Failure::NotFound)?, Means::Demo, (user_agent, previous))?)
}
