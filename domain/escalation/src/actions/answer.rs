//! Answers: by the address in a message, by whoever telephoned, by a signed-in member.

use super::log;
use super::run::{ESCALATION, escalation_get, seen};
use crate::store::Answered;
use crate::{Call, CallId, CallState, EscalationId, KnownHow, Seen, store};
use chrono::Duration;
use komainu_access::{LinkToken, Permission, Scope};
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_web::Failure;
use serde_json::json;

/// How long the address in a message works.
const ANSWERED_WITHIN: Duration = Duration::days(7);

/// What whoever got a message is shown.
#[derive(Clone, Debug)]
pub struct AckPage {
    /// Who called.
    pub organisation_name: String,
    /// All of it.
    pub seen: Seen,
    /// Their own call.
    pub call: Call,
}

/// What a message is about, for whoever holds its secret.
///
/// # Errors
/// [`Failure::LinkOver`] for a secret that is none or too old.
pub fn ack_look(tx: &mut Tx<'_>, nature: &Nature, secret: &str) -> Result<AckPage, Failure> {
    let Answered { organisation, organisation_name, escalation, call, .. } = found(tx, nature, secret)?;
    let seen = seen(tx, &Scope::of_program(organisation), escalation)?;
    let call = seen.calls.iter().find(|one| one.id == call).cloned().ok_or(Failure::LinkOver)?;
    Ok(AckPage { organisation_name, seen, call })
}

fn found(tx: &mut Tx<'_>, nature: &Nature, secret: &str) -> Result<Answered, Failure> {
    let token: LinkToken = secret.parse().map_err(|()| Failure::LinkOver)?;
    let answered = store::by_token(tx, &token.hash())?.ok_or(Failure::LinkOver)?;
    if answered.begun_at + ANSWERED_WITHIN <= nature.now() {
        return Err(Failure::LinkOver);
    }
    Ok(answered)
}

/// Whoever got a message knows, or cannot. Saying it again changes nothing.
pub fn ack_answer(tx: &mut Tx<'_>, nature: &Nature, secret: &str, can: bool) -> Result<(), Failure> {
    let answered = found(tx, nature, secret)?;
    let scope = Scope::of_program(answered.organisation);
    // First of all: from here on neither the driver nor another answer changes what is read.
    store::wake(tx, &scope, answered.escalation, nature.now())?;
    // Their own call alone: of a test, five hundred answer at once.
    let call = store::call_get(tx, &scope, answered.call)?.ok_or(Failure::LinkOver)?;
    let scope = scope.named(&call.callee.name);
    if can {
        known(tx, nature, &scope, (answered.escalation, call), (KnownHow::Link, ""))
    } else {
        declined(tx, nature, &scope, (answered.escalation, call))
    }
}

/// Somebody telephoned and tells that the other knows.
pub fn call_told(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (escalation, call): (EscalationId, CallId),
) -> Result<(), Failure> {
    scope.require(Permission::EscalationRun)?;
    store::wake(tx, scope, escalation, nature.now())?;
    let calls = escalation_get(tx, scope, escalation)?.calls;
    let call = calls.into_iter().find(|one| one.id == call).ok_or(Failure::NotFound)?;
    let name = scope.person_name().to_owned();
    known(tx, nature, scope, (escalation, call), (KnownHow::Call, &name))
}

/// A signed-in member who is asked says that they know.
///
/// # Errors
/// [`Failure::NotFound`] where nobody asks them.
pub fn own_known(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    escalation: EscalationId,
) -> Result<(), Failure> {
    scope.require(Permission::EscalationRun)?;
    let contacts = komainu_contact::actions::contacts_of_program(tx, scope)?;
    let mine: Vec<_> =
        contacts.iter().filter(|contact| contact.person == Some(scope.person())).map(|it| it.id).collect();
    store::wake(tx, scope, escalation, nature.now())?;
    let calls = escalation_get(tx, scope, escalation)?.calls;
    let mut own: Vec<Call> = calls.into_iter().filter(|call| mine.contains(&call.contact)).collect();
    own.sort_by_key(|call| call.state == CallState::Known);
    let call = own.into_iter().next().ok_or(Failure::NotFound)?;
    known(tx, nature, scope, (escalation, call), (KnownHow::Own, ""))
}

fn known(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (escalation, call): (EscalationId, Call),
    (how, by): (KnownHow, &str),
) -> Result<(), Failure> {
    if call.state == CallState::Known {
        return Ok(());
    }
    let name = call.callee.name.clone();
    let now = Call {
        state: CallState::Known,
        next_at: None,
        known_at: Some(nature.now()),
        known_how: Some(how),
        known_by_name: by.to_owned(),
        ..call
    };
    settle(tx, scope, &now)?;
    let after = json!({ "name": name, "how": how.code() });
    log(tx, nature, scope, ("escalation_known", ESCALATION, &escalation.to_string()), ((), after))
}

fn declined(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (escalation, call): (EscalationId, Call),
) -> Result<(), Failure> {
    // Who said that they know was counted on, and nobody else is asked any more: an older page takes that back no more.
    if matches!(call.state, CallState::Declined | CallState::Known) {
        return Ok(());
    }
    let name = call.callee.name.clone();
    let now = Call {
        state: CallState::Declined,
        next_at: None,
        known_at: Some(nature.now()),
        known_how: None,
        ..call
    };
    settle(tx, scope, &now)?;
    let after = json!({ "name": name });
    log(tx, nature, scope, ("escalation_declined", ESCALATION, &escalation.to_string()), ((), after))
}

/// Writes an answer to a calling-out that was woken, and has the driver look at once: the next is asked, or it is over.
fn settle(tx: &mut Tx<'_>, scope: &Scope, call: &Call) -> Result<(), Failure> {
    store::call_save(tx, scope, call)?;
    tx.ring();
    Ok(())
}
