//! The step between a right password, or the word of the house's sign-in service, and a session.

use super::pending::{self, Holder, Purpose};
use super::{Relying, Sealer, check, sign_in_note};
use crate::actions::{Entered, Gate, entered, throttle};
use crate::factors::model::{Answer, First, Kinds, Means};
use crate::factors::store;
use crate::model::Token;
use chrono::Duration;
use komainu_access::{PersonId, Session};
use komainu_db::Tx;
use komainu_web::{Failure, Refused};
use std::net::IpAddr;
use throttle::Subject;

/// Keeps a browser at the door whose person has done the first step.
pub fn second_begin(
    tx: &mut Tx<'_>,
    sealer: Sealer<'_>,
    person: PersonId,
    first: First,
) -> Result<Token, Failure> {
    let browser = Token::new(sealer.nature.bytes());
    let place = (&Holder::Browser(browser.clone()), Purpose::SignIn);
    pending::put(tx, sealer, place, Some(person), &first)?;
    Ok(browser)
}

/// Who waits at the door in this browser, and which kinds of factor they have; nobody where it took too long.
pub fn second_look(
    tx: &mut Tx<'_>,
    sealer: Sealer<'_>,
    browser: &Token,
) -> Result<Option<(PersonId, Kinds)>, Failure> {
    let Some((person, _)) = waiting(tx, sealer, browser)? else { return Ok(None) };
    Ok(Some((person, store::kinds_of(tx, person)?)))
}

/// Who waits at the door in this browser, and what they did first.
fn waiting(
    tx: &mut Tx<'_>,
    sealer: Sealer<'_>,
    browser: &Token,
) -> Result<Option<(PersonId, First)>, Failure> {
    let place = (&Holder::Browser(browser.clone()), Purpose::SignIn);
    Ok(pending::look(tx, sealer, place)?.and_then(|(person, first)| Some((person?, first))))
}

/// Somebody's second step.
#[derive(Clone, Debug)]
pub struct SecondStep {
    /// The browser that waits.
    pub browser: Token,
    /// The factor.
    pub answer: Answer,
    /// Where the request comes from.
    pub address: IpAddr,
    /// What the browser says it is.
    pub user_agent: String,
    /// The session that the browser had until now; it ends.
    pub previous: Option<Session>,
}

/// Why somebody is still not in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondRefusal {
    /// Nobody waits in this browser any more: it took too long, or is done.
    Over,
    /// The factor is wrong, or was used before.
    Wrong,
    /// Too many attempts; so long to wait.
    Wait(Duration),
}

/// Checks the second factor and begins a session.
pub fn second_step(
    gate: &Gate<'_>,
    relying: Option<&Relying>,
    step: &SecondStep,
) -> Result<Entered, Refused<SecondRefusal>> {
    let over = || Refused::Because(SecondRefusal::Over);
    let (sealer, now) = (gate.sealer(), gate.nature.now());
    let at = Subject::address(step.address);
    let holder = Holder::Browser(step.browser.clone());
    let (person, first, looked) = gate.db.write(|tx| {
        let (person, first) = waiting(tx, sealer, &step.browser)?.ok_or_else(over)?;
        throttle::attempt(tx, now, &[&Subject::factor(person), &at])?
            .map_err(|wait| Refused::Because(SecondRefusal::Wait(wait)))?;
        let looked = check::look(tx, sealer, &holder, person, &step.answer)?;
        Ok::<_, Refused<SecondRefusal>>((person, first, looked))
    })?;
    let right = check::judge(sealer, relying, person, looked)?;
    let done = gate.db.write(|tx| {
        let wrong = || Refused::Because(SecondRefusal::Wrong);
        let right = right.as_ref().ok_or_else(wrong)?;
        if !pending::end(tx, sealer, (&holder, Purpose::SignIn))? {
            return Err(over());
        }
        let found = crate::store::person_get(tx, person)?.filter(|found| found.disabled_at.is_none());
        let found = found.ok_or_else(over)?;
        if !check::spend(tx, sealer, person, right)? {
            return Err(wrong());
        }
        throttle::success(tx, &[&Subject::factor(person)], Some(&at))?;
        let browser = (step.user_agent.as_str(), step.previous.as_ref());
        Ok(entered(tx, gate.nature, &found, right.means(first), browser)?)
    });
    if let Err(Refused::Because(SecondRefusal::Wrong)) = &done {
        tracing::info!(address = %step.address, "second step refused");
        gate.db.write(|tx| sign_in_note(tx, gate.nature, person, Means::Refused, &step.user_agent))?;
    }
    done
}
