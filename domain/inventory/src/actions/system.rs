//! What can be done with systems.

use crate::actions::connection::lines_remove;
use crate::model::{SystemDetails, SystemId, SystemRecord, Thing};
use crate::rules::update_duty;
use crate::store;
use komainu_access::{Permission, Scope};
use komainu_audit::{Change, record};
use komainu_clock::Nature;
use komainu_db::{Part, Tx};
use komainu_institution::actions::{Conflict, institution_duty_note};
use komainu_vendor::VendorId;
use komainu_vendor::actions::vendor_get;
use komainu_web::{Failure, Refused};

/// The institution's systems, in the order they were added.
pub fn systems(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<SystemRecord>, Failure> {
    scope.require(Permission::LedgerRead)?;
    Ok(store::system::systems(tx, scope)?)
}

/// A part of them, in the same order.
pub fn systems_part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<SystemId>,
) -> Result<Vec<SystemRecord>, Failure> {
    scope.require(Permission::LedgerRead)?;
    Ok(store::system::systems_part(tx, scope, part)?)
}

/// One system.
pub fn system_get(tx: &mut Tx<'_>, scope: &Scope, id: SystemId) -> Result<SystemRecord, Failure> {
    scope.require(Permission::LedgerRead)?;
    store::system::system_get(tx, scope, id)?.ok_or(Failure::NotFound)
}

/// How many lines end at a system, and go with it when it is removed.
pub fn system_lines(tx: &mut Tx<'_>, scope: &Scope, id: SystemId) -> Result<i64, Failure> {
    scope.require(Permission::LedgerRead)?;
    Ok(store::connection::lines_at(tx, scope, Thing::System(id))?)
}

/// Adds a system.
///
/// # Errors
/// [`Failure::NotFound`] where its vendor is none of this institution's.
pub fn system_add(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    new: &SystemDetails,
) -> Result<SystemId, Failure> {
    scope.require(Permission::LedgerEdit)?;
    own_vendor(tx, scope, new.vendor)?;
    let system = SystemRecord::new(SystemId(nature.id()), 1, new);
    store::system::system_add(tx, scope, &system, nature.now())?;
    log(tx, nature, scope, "system_add", system.id, None, Some(&system))?;
    Ok(system.id)
}

/// Changes a system, if it is still as it was when the page was made.
pub fn system_change(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: SystemId,
    version: i64,
    new: &SystemDetails,
) -> Result<(), Refused<Conflict<SystemRecord>>> {
    scope.require(Permission::LedgerEdit)?;
    own_vendor(tx, scope, new.vendor)?;
    let old = system_get(tx, scope, id)?;
    if old.details() == *new {
        return Ok(());
    }
    let changed = SystemRecord::new(id, version + 1, new);
    if old.version != version || !store::system::system_save(tx, scope, version, &changed)? {
        return Err(Refused::Because(Conflict(Box::new(system_get(tx, scope, id)?))));
    }
    Ok(log(tx, nature, scope, "system_change", id, Some(&old), Some(&changed))?)
}

/// Removes a system, the lines that end at it, and every mention of it by things.
///
/// # Errors
/// A conflict where somebody changed it after the question was shown.
pub fn system_remove(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: SystemId,
    version: i64,
) -> Result<(), Refused<Conflict<SystemRecord>>> {
    scope.require(Permission::LedgerEdit)?;
    let old = system_get(tx, scope, id)?;
    if old.version != version {
        return Err(Refused::Because(Conflict(Box::new(old))));
    }
    lines_remove(tx, nature, scope, Thing::System(id))?;
    store::asset::system_forget(tx, scope, id)?;
    if !store::system::system_remove(tx, scope, id, version)? {
        return Err(Refused::Because(Conflict(Box::new(old))));
    }
    Ok(log(tx, nature, scope, "system_remove", id, Some(&old), None)?)
}

fn own_vendor(tx: &mut Tx<'_>, scope: &Scope, vendor: Option<VendorId>) -> Result<(), Failure> {
    vendor.map_or(Ok(()), |id| vendor_get(tx, scope, id).map(drop))
}

/// Writes the log, and what follows from the change for the institution as a whole.
fn log(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    action: &'static str,
    id: SystemId,
    before: Option<&SystemRecord>,
    after: Option<&SystemRecord>,
) -> Result<(), Failure> {
    let id = id.to_string();
    store::revision::revision_next(tx, scope)?;
    let change = Change { action, object_kind: "system", object_id: &id, before, after };
    record(tx, scope, nature.now(), &change)?;
    let duty = update_duty(&systems(tx, scope)?);
    institution_duty_note(tx, nature, scope, duty)
}
