//! Answers: by the address in a message, by whoever telephoned, by a signed-in member.

use super::log;
use super::run::{ESCALATION, escalation_get, seen};
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
    Ok(found(tx, nature, secret)?.1)
}

fn found(tx: &mut Tx<'_>, nature: &Nature, secret: &str) -> Result<(Scope, AckPage), Failure> {
    let token: LinkToken = secret.parse().map_err(|()| Failure::LinkOver)?;
    let answered = store::by_token(tx, &token.hash())?.ok_or(Failure::LinkOver)?;
    if answered.begun_at + ANSWERED_WITHIN <= nature.now() {
        return Err(Failure::LinkOver);
    }
    let scope = Scope::of_program(answered.organisation);
    let seen = seen(tx, &scope, answered.escalation)?;
    let call = seen.calls.iter().find(|call| call.id == answered.call).cloned().ok_or(Failure::LinkOver)?;
    Ok((scope, AckPage { organisation_name: answered.organisation_name, seen, call }))
}

/// Whoever got a message knows, or cannot. Saying it again changes nothing.
pub fn ack_answer(tx: &mut Tx<'_>, nature: &Nature, secret: &str, can: bool) -> Result<(), Failure> {
    let (scope, AckPage { seen, call, .. }) = found(tx, nature, secret)?;
    let scope = scope.named(&call.callee.name);
    if can {
        known(tx, nature, &scope, (seen.escalation.id, &call), (KnownHow::Link, ""))
    } else {
        declined(tx, nature, &scope, (seen.escalation.id, &call))
    }
}

/// A call as it stands once nobody else can change it: of two nodes, one waits here until the other has written. None where
/// it is as it is to be already.
fn fresh(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (escalation, call): (EscalationId, &Call),
    settled: &[CallState],
) -> Result<Option<Call>, Failure> {
    if settled.contains(&call.state) {
        return Ok(None);
    }
    // This row is every writer's first: what is read behind it is the last word.
    store::wake(tx, scope, escalation, nature.now())?;
    let now = store::calls(tx, scope, escalation)?.into_iter().find(|one| one.id == call.id);
    Ok(Some(now.ok_or(Failure::NotFound)?).filter(|now| !settled.contains(&now.state)))
}

/// Somebody telephoned and tells that the other knows.
pub fn call_told(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (escalation, call): (EscalationId, CallId),
) -> Result<(), Failure> {
    let calls = escalation_get(tx, scope, escalation)?.calls;
    let call = calls.into_iter().find(|one| one.id == call).ok_or(Failure::NotFound)?;
    let name = scope.person_name().to_owned();
    known(tx, nature, scope, (escalation, &call), (KnownHow::Call, &name))
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
    let calls = escalation_get(tx, scope, escalation)?.calls;
    let mut own: Vec<Call> = calls.into_iter().filter(|call| mine.contains(&call.contact)).collect();
    own.sort_by_key(|call| call.state == CallState::Known);
    let call = own.into_iter().next().ok_or(Failure::NotFound)?;
    known(tx, nature, scope, (escalation, &call), (KnownHow::Own, ""))
}

fn known(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (escalation, call): (EscalationId, &Call),
    (how, by): (KnownHow, &str),
) -> Result<(), Failure> {
    let settled = [CallState::Known];
    let Some(call) = fresh(tx, nature, scope, (escalation, call), &settled)? else { return Ok(()) };
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
    (escalation, call): (EscalationId, &Call),
) -> Result<(), Failure> {
    // Who said that they know was counted on, and nobody else is asked any more: an older page takes that back no more.
    let settled = [CallState::Declined, CallState::Known];
    let Some(call) = fresh(tx, nature, scope, (escalation, call), &settled)? else { return Ok(()) };
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

/// Writes an answer, and has the driver look at once: the next is asked, or it is over.
fn settle(tx: &mut Tx<'_>, scope: &Scope, call: &Call) -> Result<(), Failure> {
    store::call_save(tx, scope, call)?;
    tx.ring();
    Ok(())
}
