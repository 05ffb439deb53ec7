//! What can be done with vendors.

use crate::{Vendor, VendorDetails, VendorId, store};
use komainu_access::{Permission, Scope};
use komainu_audit::{Change, record};
use komainu_clock::Nature;
use komainu_db::{DbError, Part, Tx};
use komainu_institution::actions::Conflict;
use komainu_web::{Failure, Refused};

/// Why a vendor was not removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemoveRefusal {
    /// A system still names it as its support.
    InUse,
    /// Somebody changed it after the question was shown.
    Changed,
}

/// The institution's vendors, in the order they were added.
pub fn vendors(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Vendor>, Failure> {
    scope.require(Permission::LedgerRead)?;
    Ok(store::vendors(tx, scope)?)
}

/// A part of them, in the same order.
pub fn vendors_part(tx: &mut Tx<'_>, scope: &Scope, part: &Part<VendorId>) -> Result<Vec<Vendor>, Failure> {
    scope.require(Permission::LedgerRead)?;
    Ok(store::vendors_part(tx, scope, part)?)
}

/// One vendor.
pub fn vendor_get(tx: &mut Tx<'_>, scope: &Scope, id: VendorId) -> Result<Vendor, Failure> {
    scope.require(Permission::LedgerRead)?;
    store::vendor_get(tx, scope, id)?.ok_or(Failure::NotFound)
}

/// Adds a vendor.
pub fn vendor_add(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    new: &VendorDetails,
) -> Result<VendorId, Failure> {
    scope.require(Permission::LedgerEdit)?;
    let vendor = Vendor::new(VendorId(nature.id()), 1, new);
    store::vendor_add(tx, scope, &vendor, nature.now())?;
    log(tx, nature, scope, "vendor_add", vendor.id, None, Some(&vendor))?;
    Ok(vendor.id)
}

/// Changes a vendor, if it is still as it was when the page was made.
pub fn vendor_change(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: VendorId,
    version: i64,
    new: &VendorDetails,
) -> Result<(), Refused<Conflict<Vendor>>> {
    scope.require(Permission::LedgerEdit)?;
    let old = vendor_get(tx, scope, id)?;
    if old.details() == *new {
        return Ok(());
    }
    let changed = Vendor::new(id, version + 1, new);
    if old.version != version || !store::vendor_save(tx, scope, version, &changed)? {
        return Err(Refused::Because(Conflict(Box::new(vendor_get(tx, scope, id)?))));
    }
    Ok(log(tx, nature, scope, "vendor_change", id, Some(&old), Some(&changed))?)
}

/// Removes a vendor that supports no system any more.
pub fn vendor_remove(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: VendorId,
    version: i64,
) -> Result<(), Refused<RemoveRefusal>> {
    scope.require(Permission::LedgerEdit)?;
    let old = vendor_get(tx, scope, id)?;
    match store::vendor_remove(tx, scope, id, version) {
        Ok(true) => Ok(log(tx, nature, scope, "vendor_remove", id, Some(&old), None)?),
        Ok(false) => Err(Refused::Because(RemoveRefusal::Changed)),
        // The systems' reference to their vendor holds it.
        Err(DbError::Constraint(_)) => Err(Refused::Because(RemoveRefusal::InUse)),
        Err(error) => Err(error.into()),
    }
}

fn log(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    action: &'static str,
    id: VendorId,
    before: Option<&Vendor>,
    after: Option<&Vendor>,
) -> Result<(), Failure> {
    let id = id.to_string();
    let change = Change { action, object_kind: "vendor", object_id: &id, before, after };
    Ok(record(tx, scope, nature.now(), &change)?)
}
