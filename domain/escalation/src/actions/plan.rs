//! Plans: who is asked in which order.

use super::log;
use crate::{Plan, PlanDetails, PlanId, StartsWith, Step, store};
use komainu_access::{Permission, Scope};
use komainu_clock::Nature;
use komainu_contact::actions::contacts;
use komainu_db::{Part, Tx};
use komainu_web::{Conflict, Failure, Refused};

/// How the log names a plan.
const PLAN: &str = "escalation_plan";
/// How long a step of a suggested plan waits, in minutes.
const SUGGESTED_WAIT: i64 = 5;

/// Every plan, the oldest first.
pub fn plans(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Plan>, Failure> {
    scope.require(Permission::EscalationRun)?;
    Ok(store::plans(tx, scope)?)
}

/// A part of them.
pub fn plans_part(tx: &mut Tx<'_>, scope: &Scope, part: &Part<PlanId>) -> Result<Vec<Plan>, Failure> {
    scope.require(Permission::EscalationRun)?;
    Ok(store::plans_part(tx, scope, part)?)
}

/// One plan.
pub fn plan_get(tx: &mut Tx<'_>, scope: &Scope, id: PlanId) -> Result<Plan, Failure> {
    scope.require(Permission::EscalationRun)?;
    store::plan_get(tx, scope, id)?.ok_or(Failure::NotFound)
}

/// A plan in the order of the contact network, as a beginning; it is not stored.
pub fn plan_suggested(tx: &mut Tx<'_>, scope: &Scope) -> Result<PlanDetails, Failure> {
    scope.require(Permission::EscalationRun)?;
    let inside = contacts(tx, scope)?.into_iter().filter(|contact| !contact.outside);
    let steps = inside.map(|contact| Step { contact: contact.id, wait_minutes: SUGGESTED_WAIT });
    Ok(PlanDetails {
        steps: steps.take(PlanDetails::STEPS_MOST).collect(),
        starts_with: StartsWith::NearMiss,
        ..PlanDetails::default()
    })
}

/// Adds a plan.
///
/// # Errors
/// [`Failure::NotFound`] where a step names a contact that is none.
pub fn plan_add(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    new: &PlanDetails,
) -> Result<PlanId, Failure> {
    scope.require(Permission::EscalationRun)?;
    known_contacts(tx, scope, new)?;
    let id = PlanId(nature.id());
    store::plan_add(tx, scope, (id, new), nature.now())?;
    log(tx, nature, scope, ("escalation_plan_add", PLAN, &id.to_string()), ((), new))?;
    Ok(id)
}

/// Changes a plan, if it is still as it was when the page was made. What runs goes on as it was started.
pub fn plan_change(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (id, version): (PlanId, i64),
    new: &PlanDetails,
) -> Result<(), Refused<Conflict<Plan>>> {
    let old = plan_get(tx, scope, id)?;
    if old.details == *new && old.version == version {
        return Ok(());
    }
    known_contacts(tx, scope, new)?;
    if !store::plan_save(tx, scope, (id, version), new).map_err(Failure::from)? {
        return Err(Refused::Because(Conflict(Box::new(old))));
    }
    Ok(log(tx, nature, scope, ("escalation_plan_change", PLAN, &id.to_string()), (&old.details, new))?)
}

/// Removes a plan. What runs goes on.
pub fn plan_remove(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (id, version): (PlanId, i64),
) -> Result<(), Refused<Conflict<Plan>>> {
    let old = plan_get(tx, scope, id)?;
    if old.version != version || !store::plan_remove(tx, scope, (id, version)).map_err(Failure::from)? {
        return Err(Refused::Because(Conflict(Box::new(old))));
    }
    Ok(log(tx, nature, scope, ("escalation_plan_remove", PLAN, &id.to_string()), (&old.details, ()))?)
}

fn known_contacts(tx: &mut Tx<'_>, scope: &Scope, new: &PlanDetails) -> Result<(), Failure> {
    let known = contacts(tx, scope)?;
    let all = new.steps.iter().all(|step| known.iter().any(|contact| contact.id == step.contact));
    if all { Ok(()) } else { Err(Failure::NotFound) }
}
