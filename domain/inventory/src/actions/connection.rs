//! Lines: adding, changing, removing.

use crate::actions::known;
use crate::model::{Connection, ConnectionDetails, ConnectionId, End, Subject, Thing};
use crate::store;
use komainu_access::{Permission, Scope};
use komainu_audit::{Change, record};
use komainu_clock::Nature;
use komainu_db::{Part, Tx};
use komainu_exposure::model::{Place, State};
use komainu_vendor::actions::vendor_get;
use komainu_web::{Conflict, Failure, Refused};

/// Why a line was not saved.
#[derive(Clone, Debug, PartialEq)]
pub enum ConnectionRefusal {
    /// Somebody else changed it meanwhile; this is what is stored now.
    Conflict(Box<Connection>),
    /// An end or the vendor is none of this ledger's.
    Unknown,
    /// Both ends are the same, or both are outside.
    SameEnds,
}

impl From<Conflict<Connection>> for ConnectionRefusal {
    fn from(Conflict(stored): Conflict<Connection>) -> Self {
        ConnectionRefusal::Conflict(stored)
    }
}

/// The institution's lines, in the order they were added.
pub fn connections(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Connection>, Failure> {
    scope.require(Permission::LedgerRead)?;
    Ok(store::connection::connections(tx, scope)?)
}

/// A part of them, by id.
pub fn connections_part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<ConnectionId>,
) -> Result<Vec<Connection>, Failure> {
    scope.require(Permission::LedgerRead)?;
    Ok(store::connection::connections_part(tx, scope, part)?)
}

/// One line.
pub fn connection_get(tx: &mut Tx<'_>, scope: &Scope, id: ConnectionId) -> Result<Connection, Failure> {
    scope.require(Permission::LedgerRead)?;
    store::connection::connection_get(tx, scope, id)?.ok_or(Failure::NotFound)
}

/// Adds a line. Facts and controls that do not belong to its kind are left out.
///
/// # Errors
/// [`ConnectionRefusal`], but no conflict.
pub fn connection_add(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    new: &ConnectionDetails,
) -> Result<ConnectionId, Refused<ConnectionRefusal>> {
    scope.require(Permission::LedgerEdit)?;
    let line = Connection { id: ConnectionId(nature.id()), details: fitting(new), version: 1 };
    sound(tx, scope, &line.details)?;
    store::connection::connection_add(tx, scope, line.id, &line.details, nature.now())?;
    log(tx, nature, scope, "connection_add", None, Some(&line))?;
    Ok(line.id)
}

/// Changes a line, if it is still as it was when the page was made.
///
/// # Errors
/// [`ConnectionRefusal`].
pub fn connection_change(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: ConnectionId,
    version: i64,
    new: &ConnectionDetails,
) -> Result<(), Refused<ConnectionRefusal>> {
    scope.require(Permission::LedgerEdit)?;
    let old = connection_get(tx, scope, id)?;
    let changed = Connection { id, details: fitting(new), version: version + 1 };
    if old.details == changed.details {
        return Ok(());
    }
    sound(tx, scope, &changed.details)?;
    if old.version != version
        || !store::connection::connection_save(tx, scope, id, version, &changed.details)?
    {
        let stored = connection_get(tx, scope, id)?;
        return Err(Refused::Because(ConnectionRefusal::Conflict(Box::new(stored))));
    }
    Ok(log(tx, nature, scope, "connection_change", Some(&old), Some(&changed))?)
}

/// Removes a line.
///
/// # Errors
/// A conflict where somebody changed it after the question was shown.
pub fn connection_remove(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: ConnectionId,
    version: i64,
) -> Result<(), Refused<Conflict<Connection>>> {
    scope.require(Permission::LedgerEdit)?;
    let old = connection_get(tx, scope, id)?;
    if !store::connection::connection_remove(tx, scope, id, version)? {
        return Err(Refused::Because(Conflict(Box::new(old))));
    }
    Ok(log(tx, nature, scope, "connection_remove", Some(&old), None)?)
}

/// Removes the lines that end at a thing or system which is about to be removed.
pub(super) fn lines_remove(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    thing: Thing,
) -> Result<(), Failure> {
    if store::connection::lines_at(tx, scope, thing)? == 0 {
        return Ok(());
    }
    let end = End::Thing(thing);
    for line in store::connection::connections(tx, scope)? {
        if line.details.from == end || line.details.to == end {
            store::connection::connection_remove(tx, scope, line.id, line.version)?;
            log(tx, nature, scope, "connection_remove", Some(&line), None)?;
        }
    }
    Ok(())
}

/// Without facts and controls that do not belong to its kind.
pub fn fitting(new: &ConnectionDetails) -> ConnectionDetails {
    let mut details = new.clone();
    details.facts.keep_fitting(Subject::Connection(details.kind));
    details.controls.retain(|control, state| control.fits(Place::Connection) && *state != State::Unknown);
    details
}

fn sound(
    tx: &mut Tx<'_>,
    scope: &Scope,
    details: &ConnectionDetails,
) -> Result<(), Refused<ConnectionRefusal>> {
    if !ends_fit(details) {
        return Err(Refused::Because(ConnectionRefusal::SameEnds));
    }
    for vendor in [details.vendor, details.from.vendor(), details.to.vendor()].into_iter().flatten() {
        known(vendor_get(tx, scope, vendor).map(drop), ConnectionRefusal::Unknown)?;
    }
    for thing in [details.from.thing(), details.to.thing()].into_iter().flatten() {
        let found = match thing {
            Thing::Asset(id) => super::asset_get(tx, scope, id).map(drop),
            Thing::System(id) => super::system_get(tx, scope, id).map(drop),
        };
        known(found, ConnectionRefusal::Unknown)?;
    }
    Ok(())
}

/// Whether a line leads from one thing to another, at least one of them inside.
pub(super) fn ends_fit(details: &ConnectionDetails) -> bool {
    details.from != details.to && !(details.from.is_outside() && details.to.is_outside())
}

fn log(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    action: &'static str,
    before: Option<&Connection>,
    after: Option<&Connection>,
) -> Result<(), Failure> {
    let id = before.or(after).map(|line| line.id.to_string()).unwrap_or_default();
    store::revision::revision_next(tx, scope)?;
    let change = Change { action, object_kind: "connection", object_id: &id, before, after };
    Ok(record(tx, scope, nature.now(), &change)?)
}
