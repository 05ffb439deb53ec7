//! Things: adding, changing, removing.

use crate::actions::connection::lines_remove;
use crate::actions::known;
use crate::model::{Asset, AssetDetails, AssetId, AssetKind, Subject, Thing};
use crate::rules::{Flaw, Things, flaws};
use crate::store;
use komainu_access::{Permission, Scope};
use komainu_audit::{Change, record};
use komainu_clock::Nature;
use komainu_db::{Part, Tx};
use komainu_exposure::model::State;
use komainu_vendor::actions::vendor_get;
use komainu_web::{Conflict, Failure, Refused};
use std::collections::HashSet;

/// Why a thing was not saved or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssetRefusal {
    /// Somebody else changed it meanwhile; this is what is stored now.
    Conflict(Box<Asset>),
    /// Its zone is none of this ledger's zones.
    NoZone,
    /// Its place is none of this ledger's places.
    NoPlace,
    /// Its system or vendor, or something that it has to do with, is none of this ledger's.
    Unknown,
    /// A zone or place would lie within itself, or a thing would need itself, by way of others or at once.
    Circle,
    /// It stays a zone or place because others are in it: its kind cannot change.
    KindInUse,
}

/// Why a thing was not removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemovalRefusal {
    /// Somebody changed it after the question was shown; this is what is stored now.
    Conflict(Box<Asset>),
    /// These things, by id and name, still name it: they lie in it, stand at it, or have to do with it.
    Named(Vec<(AssetId, String)>),
}

impl From<Conflict<Asset>> for AssetRefusal {
    fn from(Conflict(stored): Conflict<Asset>) -> Self {
        AssetRefusal::Conflict(stored)
    }
}

/// The institution's things, in the order they were added.
pub fn assets(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Asset>, Failure> {
    scope.require(Permission::LedgerRead)?;
    Ok(store::asset::assets(tx, scope)?)
}

/// A part of them, by id.
pub fn assets_part(tx: &mut Tx<'_>, scope: &Scope, part: &Part<AssetId>) -> Result<Vec<Asset>, Failure> {
    scope.require(Permission::LedgerRead)?;
    Ok(store::asset::assets_part(tx, scope, part)?)
}

/// One thing.
pub fn asset_get(tx: &mut Tx<'_>, scope: &Scope, id: AssetId) -> Result<Asset, Failure> {
    scope.require(Permission::LedgerRead)?;
    store::asset::asset_get(tx, scope, id)?.ok_or(Failure::NotFound)
}

/// How many lines end at a thing, and go with it when it is removed.
pub fn asset_lines(tx: &mut Tx<'_>, scope: &Scope, id: AssetId) -> Result<i64, Failure> {
    scope.require(Permission::LedgerRead)?;
    Ok(store::connection::lines_at(tx, scope, Thing::Asset(id))?)
}

/// Adds a thing. Facts and controls that do not belong to its kind are left out.
///
/// # Errors
/// [`AssetRefusal`], but no conflict.
pub fn asset_add(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    new: &AssetDetails,
) -> Result<AssetId, Refused<AssetRefusal>> {
    scope.require(Permission::LedgerEdit)?;
    let asset = Asset { id: AssetId(nature.id()), details: fitting(new), version: 1 };
    sound(tx, scope, &asset, None)?;
    store::asset::asset_add(tx, scope, asset.id, &asset.details, nature.now())?;
    store::asset::relations_save(tx, scope, asset.id, &asset.details.relations, true)?;
    log(tx, nature, scope, "asset_add", None, Some(&asset))?;
    Ok(asset.id)
}

/// Changes a thing, if it is still as it was when the page was made.
///
/// # Errors
/// [`AssetRefusal`].
pub fn asset_change(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: AssetId,
    version: i64,
    new: &AssetDetails,
) -> Result<(), Refused<AssetRefusal>> {
    scope.require(Permission::LedgerEdit)?;
    let old = asset_get(tx, scope, id)?;
    let changed = Asset { id, details: fitting(new), version: version + 1 };
    if old.details == changed.details {
        return Ok(());
    }
    if old.version != version {
        return Err(Refused::Because(AssetRefusal::Conflict(Box::new(old))));
    }
    sound(tx, scope, &changed, Some(old.details.kind))?;
    if !store::asset::asset_save(tx, scope, id, version, &changed.details)? {
        return Err(Refused::Because(AssetRefusal::Conflict(Box::new(asset_get(tx, scope, id)?))));
    }
    if old.details.relations != changed.details.relations {
        store::asset::relations_save(tx, scope, id, &changed.details.relations, false)?;
    }
    Ok(log(tx, nature, scope, "asset_change", Some(&old), Some(&changed))?)
}

/// The things, by id and name, that name a thing or system: they lie in it, stand at it, belong to it or have to do with it.
/// They lose that with it.
pub fn named_by(tx: &mut Tx<'_>, scope: &Scope, thing: Thing) -> Result<Vec<(AssetId, String)>, Failure> {
    scope.require(Permission::LedgerRead)?;
    Ok(store::asset::named_by(tx, scope, thing)?)
}

/// Removes a thing and the lines that end at it. What others say of it is taken out of them only with `clear`: whoever asks
/// was told of these things, and wants that.
///
/// # Errors
/// [`RemovalRefusal`].
pub fn asset_remove(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: AssetId,
    version: i64,
    clear: bool,
) -> Result<(), Refused<RemovalRefusal>> {
    scope.require(Permission::LedgerEdit)?;
    let old = asset_get(tx, scope, id)?;
    if old.version != version {
        return Err(Refused::Because(RemovalRefusal::Conflict(Box::new(old))));
    }
    if !clear {
        let named = named_by(tx, scope, Thing::Asset(id))?;
        if !named.is_empty() {
            return Err(Refused::Because(RemovalRefusal::Named(named)));
        }
    }
    lines_remove(tx, nature, scope, Thing::Asset(id))?;
    if !store::asset::asset_remove(tx, scope, id, old.details.kind, version)? {
        return Err(Refused::Because(RemovalRefusal::Conflict(Box::new(old))));
    }
    Ok(log(tx, nature, scope, "asset_remove", Some(&old), None)?)
}

/// Without facts, controls, relations and a system that do not belong to its kind.
pub fn fitting(new: &AssetDetails) -> AssetDetails {
    let mut details = new.clone();
    let kind = details.kind;
    details.facts.keep_fitting(Subject::Asset(kind));
    details.controls.retain(|control, _| kind.control_place().is_some_and(|place| control.fits(place)));
    details.controls.retain(|_, state| *state != State::Unknown);
    details.relations.retain(|(relation, _)| relation.fits(kind));
    if !kind.is_host() {
        details.system = None;
    }
    if !kind.is_host() && kind != AssetKind::Zone {
        details.zone = None;
    }
    details
}

fn sound(
    tx: &mut Tx<'_>,
    scope: &Scope,
    asset: &Asset,
    was: Option<AssetKind>,
) -> Result<(), Refused<AssetRefusal>> {
    let details = &asset.details;
    if let Some(vendor) = details.vendor {
        known(vendor_get(tx, scope, vendor).map(drop), AssetRefusal::Unknown)?;
    }
    if let Some(system) = details.system {
        known(super::system_get(tx, scope, system).map(drop), AssetRefusal::Unknown)?;
    }
    let others = details.zone.is_some() || details.place.is_some() || !details.relations.is_empty();
    let contains = matches!(was, Some(AssetKind::Zone | AssetKind::Place)) && was != Some(details.kind);
    if !others && !contains {
        return Ok(());
    }
    let stored = store::asset::assets(tx, scope)?;
    for system in details.relations.iter().filter_map(|(_, thing)| thing.system()) {
        known(super::system_get(tx, scope, system).map(drop), AssetRefusal::Unknown)?;
    }
    let mut all: Things<'_> = stored.iter().map(|asset| (asset.id, &asset.details)).collect();
    all.insert(asset.id, details);
    stands(&all, details).and_then(|()| holds_together(&all)).map_err(Refused::Because)
}

/// Whether what a thing names is there and of the right kind.
pub(super) fn stands(all: &Things<'_>, details: &AssetDetails) -> Result<(), AssetRefusal> {
    let kind_of = |id: AssetId| all.get(&id).map(|details| details.kind);
    if details.zone.is_some_and(|id| kind_of(id) != Some(AssetKind::Zone)) {
        return Err(AssetRefusal::NoZone);
    }
    if details.place.is_some_and(|id| kind_of(id) != Some(AssetKind::Place)) {
        return Err(AssetRefusal::NoPlace);
    }
    if details.relations.iter().filter_map(|(_, thing)| thing.asset()).any(|id| kind_of(id).is_none()) {
        return Err(AssetRefusal::Unknown);
    }
    Ok(())
}

/// Whether all things together make sense.
fn holds_together(all: &Things<'_>) -> Result<(), AssetRefusal> {
    match flaws(all, &HashSet::new()).first() {
        None => Ok(()),
        Some(Flaw::KindInUse(..) | Flaw::Named(..)) => Err(AssetRefusal::KindInUse),
        Some(Flaw::Circle(..)) => Err(AssetRefusal::Circle),
    }
}

fn log(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    action: &'static str,
    before: Option<&Asset>,
    after: Option<&Asset>,
) -> Result<(), Failure> {
    let id = before.or(after).map(|asset| asset.id.to_string()).unwrap_or_default();
    store::revision::revision_next(tx, scope)?;
    let change = Change { action, object_kind: "asset", object_id: &id, before, after };
    Ok(record(tx, scope, nature.now(), &change)?)
}
