//! Many changes at once, all or nothing: imports and templates.

use crate::actions::asset::{self, AssetRefusal};
use crate::actions::connection;
use crate::model::{
    Asset, AssetDetails, AssetId, Connection, ConnectionDetails, ConnectionId, End, Ledger, Thing,
};
use crate::store;
use komainu_access::{Permission, Scope};
use komainu_audit::{Change, record};
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_web::{Failure, Refused};
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// One change among many. New ids are the caller's (`Nature::id`), so that new things can name one another.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// A new thing.
    AssetAdd(AssetId, AssetDetails),
    /// A thing is replaced.
    AssetChange(AssetId, AssetDetails),
    /// A thing goes, with its lines and every mention of it.
    AssetRemove(AssetId),
    /// A new line.
    ConnectionAdd(ConnectionId, ConnectionDetails),
    /// A line is replaced.
    ConnectionChange(ConnectionId, ConnectionDetails),
    /// A line goes.
    ConnectionRemove(ConnectionId),
}

/// Why nothing of it was done.
#[derive(Clone, Debug, PartialEq)]
pub enum EditRefusal {
    /// The ledger is no longer the one that the changes were made for.
    Stale,
    /// The change at this position cannot stand.
    Asset(usize, AssetRefusal),
    /// The line at this position has an unknown end, or ends that do not fit.
    Connection(usize),
}

/// What is written in the log: one entry for all of it.
#[derive(Default, Serialize)]
struct States<'a> {
    assets: Vec<&'a Asset>,
    connections: Vec<&'a Connection>,
}

/// Makes all changes, or none.
///
/// `revision` is that of the ledger which the changes were made for ([`Ledger::revision`]); none makes them whatever it
/// is now. `source` says in the log where they come from, such as `import:csv`.
///
/// # Errors
/// [`EditRefusal`]; the caller's transaction must then not be kept.
pub fn ledger_edit(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    revision: Option<i64>,
    source: &str,
    edits: &[Edit],
) -> Result<(), Refused<EditRefusal>> {
    scope.require(Permission::LedgerEdit)?;
    let ledger = super::ledger(tx, scope)?;
    if revision.is_some_and(|made_for| made_for != ledger.revision) {
        return Err(Refused::Because(EditRefusal::Stale));
    }
    if edits.is_empty() {
        return Ok(());
    }
    let outcome = Outcome::of(&ledger, edits).map_err(Refused::Because)?;
    outcome.write(tx, nature, scope, &ledger)?;
    store::revision::revision_next(tx, scope)?;
    let (before, after) = outcome.states(&ledger);
    let change = Change { action: "ledger_edit", object_kind: "ledger", object_id: source, before, after };
    Ok(record(tx, scope, nature.now(), &change).map_err(Failure::from)?)
}

/// What a ledger becomes by the changes.
struct Outcome {
    assets: HashMap<AssetId, Asset>,
    connections: HashMap<ConnectionId, Connection>,
    /// In the order of the changes, each once.
    touched_assets: Vec<AssetId>,
    touched_connections: Vec<ConnectionId>,
}

impl Outcome {
    fn of(ledger: &Ledger, edits: &[Edit]) -> Result<Outcome, EditRefusal> {
        let mut outcome = Outcome {
            assets: ledger.assets.iter().map(|asset| (asset.id, asset.clone())).collect(),
            connections: ledger.connections.iter().map(|line| (line.id, line.clone())).collect(),
            touched_assets: Vec::new(),
            touched_connections: Vec::new(),
        };
        for (position, edit) in edits.iter().enumerate() {
            outcome.apply(position, edit)?;
        }
        outcome.dissolve();
        outcome.check(ledger, edits)?;
        Ok(outcome)
    }

    fn apply(&mut self, position: usize, edit: &Edit) -> Result<(), EditRefusal> {
        let unknown = EditRefusal::Asset(position, AssetRefusal::Unknown);
        match edit {
            Edit::AssetAdd(id, new) => {
                let asset = Asset { id: *id, details: asset::fitting(new), version: 1 };
                if self.assets.insert(*id, asset).is_some() {
                    return Err(unknown);
                }
                self.touched_assets.push(*id);
            }
            Edit::AssetChange(id, new) => {
                let stored = self.assets.get_mut(id).ok_or(unknown)?;
                stored.details = asset::fitting(new);
                self.touched_assets.push(*id);
            }
            Edit::AssetRemove(id) => {
                self.assets.remove(id).ok_or(unknown)?;
                self.touched_assets.push(*id);
            }
            Edit::ConnectionAdd(id, new) => {
                let line = Connection { id: *id, details: connection::fitting(new), version: 1 };
                if self.connections.insert(*id, line).is_some() {
                    return Err(EditRefusal::Connection(position));
                }
                self.touched_connections.push(*id);
            }
            Edit::ConnectionChange(id, new) => {
                let stored = self.connections.get_mut(id).ok_or(EditRefusal::Connection(position))?;
                stored.details = connection::fitting(new);
                self.touched_connections.push(*id);
            }
            Edit::ConnectionRemove(id) => {
                self.connections.remove(id).ok_or(EditRefusal::Connection(position))?;
                self.touched_connections.push(*id);
            }
        }
        Ok(())
    }

    /// Takes things that went out of what mentions them.
    fn dissolve(&mut self) {
        let gone: HashSet<AssetId> =
            self.touched_assets.iter().copied().filter(|id| !self.assets.contains_key(id)).collect();
        if gone.is_empty() {
            return;
        }
        let lost = |id: &AssetId| gone.contains(id);
        for asset in self.assets.values_mut() {
            let before = asset.details.clone();
            let details = &mut asset.details;
            details.zone = details.zone.filter(|id| !lost(id));
            details.place = details.place.filter(|id| !lost(id));
            details.relations.retain(|(_, thing)| thing.asset().is_none_or(|id| !lost(&id)));
            if *details != before {
                self.touched_assets.push(asset.id);
            }
        }
        let ends_there = |end: End| end.thing().and_then(Thing::asset).is_some_and(|id| gone.contains(&id));
        let lines: Vec<_> = self
            .connections
            .values()
            .filter(|line| ends_there(line.details.from) || ends_there(line.details.to))
            .map(|line| line.id)
            .collect();
        for id in lines {
            self.connections.remove(&id);
            self.touched_connections.push(id);
        }
    }

    fn check(&self, ledger: &Ledger, edits: &[Edit]) -> Result<(), EditRefusal> {
        let index = ledger.index();
        let known = |thing: Thing| match thing {
            Thing::Asset(id) => self.assets.contains_key(&id),
            Thing::System(id) => index.system(id).is_some(),
        };
        for (position, edit) in edits.iter().enumerate() {
            match edit {
                Edit::AssetAdd(id, _) | Edit::AssetChange(id, _) => {
                    // A later change may have removed it again.
                    let Some(asset) = self.assets.get(id) else { continue };
                    let details = &asset.details;
                    let systems = details.relations.iter().filter_map(|(_, thing)| thing.system());
                    if details.vendor.is_some_and(|id| index.vendor(id).is_none())
                        || systems.chain(details.system).any(|id| index.system(id).is_none())
                    {
                        return Err(EditRefusal::Asset(position, AssetRefusal::Unknown));
                    }
                    asset::stands(&self.assets, asset)
                        .map_err(|refusal| EditRefusal::Asset(position, refusal))?;
                }
                Edit::ConnectionAdd(id, _) | Edit::ConnectionChange(id, _) => {
                    let Some(line) = self.connections.get(id) else { continue };
                    let details = &line.details;
                    let vendors = [details.vendor, details.from.vendor(), details.to.vendor()];
                    let things = [details.from.thing(), details.to.thing()];
                    if !connection::ends_fit(details)
                        || vendors.into_iter().flatten().any(|id| index.vendor(id).is_none())
                        || !things.into_iter().flatten().all(known)
                    {
                        return Err(EditRefusal::Connection(position));
                    }
                }
                Edit::AssetRemove(_) | Edit::ConnectionRemove(_) => {}
            }
        }
        asset::holds_together(&self.assets)
            .map_err(|refusal| EditRefusal::Asset(edits.len().saturating_sub(1), refusal))
    }

    /// Writes what became of each touched record; the order keeps every reference alive.
    fn write(&self, tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, ledger: &Ledger) -> Result<(), Failure> {
        let (now, index) = (nature.now(), ledger.index());
        for id in each_once(&self.touched_connections) {
            if let (None, Some(old)) = (self.connections.get(&id), index.connection(id)) {
                store::connection::connection_remove(tx, scope, id, old.version)?;
            }
        }
        let assets = each_once(&self.touched_assets);
        // Zones and places come first, the outer before the inner, since the others lie in them.
        let mut standing: Vec<&Asset> = assets.iter().filter_map(|id| self.assets.get(id)).collect();
        standing.sort_by_key(|asset| asset::order(&self.assets, asset));
        for asset in &standing {
            match index.asset(asset.id) {
                None => store::asset::asset_add(tx, scope, asset.id, &asset.details, now)?,
                Some(old) => {
                    store::asset::asset_save(tx, scope, asset.id, old.version, &asset.details).map(drop)?;
                }
            }
        }
        for asset in &standing {
            let old = index.asset(asset.id);
            if old.is_none_or(|old| old.details.relations != asset.details.relations) {
                let first = old.is_none();
                store::asset::relations_save(tx, scope, asset.id, &asset.details.relations, first)?;
            }
        }
        for id in assets {
            if let (None, Some(old)) = (self.assets.get(&id), index.asset(id)) {
                store::asset::asset_remove(tx, scope, id, old.details.kind, old.version)?;
            }
        }
        for id in each_once(&self.touched_connections) {
            match (self.connections.get(&id), index.connection(id)) {
                (Some(new), None) => store::connection::connection_add(tx, scope, id, &new.details, now)?,
                (Some(new), Some(old)) => {
                    store::connection::connection_save(tx, scope, id, old.version, &new.details).map(drop)?;
                }
                (None, _) => {}
            }
        }
        Ok(())
    }

    fn states<'a>(&'a self, ledger: &'a Ledger) -> (States<'a>, States<'a>) {
        let index = ledger.index();
        let (assets, lines) = (each_once(&self.touched_assets), each_once(&self.touched_connections));
        let before = States {
            assets: assets.iter().filter_map(|id| index.asset(*id)).collect(),
            connections: lines.iter().filter_map(|id| index.connection(*id)).collect(),
        };
        let after = States {
            assets: assets.iter().filter_map(|id| self.assets.get(id)).collect(),
            connections: lines.iter().filter_map(|id| self.connections.get(id)).collect(),
        };
        (before, after)
    }
}

fn each_once<T: Copy + Eq + std::hash::Hash>(ids: &[T]) -> Vec<T> {
    let mut seen = HashSet::new();
    ids.iter().copied().filter(|id| seen.insert(*id)).collect()
}
