//! Many changes at once, all or nothing: imports and templates.

use crate::actions::asset::{self, AssetRefusal};
use crate::actions::connection;
use crate::model::{
    Asset, AssetDetails, AssetId, Connection, ConnectionDetails, ConnectionId, End, Ledger, Thing,
};
use crate::rules::{Flaw, Things, depth, flaws};
use crate::store;
use komainu_access::{Permission, Scope};
use komainu_audit::{Change, record};
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_web::{Failure, Refused};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// One change among many. New ids are the caller's (`Nature::id`), so that new things can name one another.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// A new thing.
    AssetAdd(AssetId, AssetDetails),
    /// A thing is replaced.
    AssetChange(AssetId, AssetDetails),
    /// A thing goes, with its lines. Whatever still names it then keeps it there: nothing is done.
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
    /// Each change by itself may stand, but not all of them together.
    Together(Flaw),
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
    if !outcome.write(tx, nature, scope, &ledger)? {
        return Err(Refused::Because(EditRefusal::Stale));
    }
    store::revision::revision_next(tx, scope)?;
    let (before, after) = outcome.states(&ledger);
    let change = Change { action: "ledger_edit", object_kind: "ledger", object_id: source, before, after };
    Ok(record(tx, scope, nature.now(), &change).map_err(Failure::from)?)
}

/// What would keep the things of a ledger from standing together after some changes: of these, [`ledger_edit`] refuses the
/// first. Pure, so that who prepares changes can tell of all of them beforehand. Details are taken as they are
/// ([`super::asset_fitting`]).
pub fn edits_flaws(ledger: &Ledger, edits: &[Edit]) -> Vec<Flaw> {
    let mut all: Things<'_> = ledger.assets.iter().map(|asset| (asset.id, &asset.details)).collect();
    let mut gone = HashSet::new();
    for edit in edits {
        match edit {
            Edit::AssetAdd(id, details) | Edit::AssetChange(id, details) => drop(all.insert(*id, details)),
            Edit::AssetRemove(id) => {
                all.remove(id);
                gone.insert(*id);
            }
            Edit::ConnectionAdd(..) | Edit::ConnectionChange(..) | Edit::ConnectionRemove(_) => {}
        }
    }
    flaws(&all, &gone)
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
        outcome.take_lines_along();
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

    fn things(&self) -> Things<'_> {
        self.assets.iter().map(|(id, asset)| (*id, &asset.details)).collect()
    }

    /// The things that went.
    fn gone(&self) -> HashSet<AssetId> {
        self.touched_assets.iter().copied().filter(|id| !self.assets.contains_key(id)).collect()
    }

    /// Removes the lines of things that went.
    fn take_lines_along(&mut self) {
        let gone = self.gone();
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
        let (index, things) = (ledger.index(), self.things());
        let flaws = flaws(&things, &self.gone());
        // Told before the changes that name what goes: it is the going that cannot be.
        if let Some(named) = flaws.iter().find(|flaw| matches!(flaw, Flaw::Named(..))) {
            return Err(EditRefusal::Together(named.clone()));
        }
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
                    asset::stands(&things, details)
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
        flaws.into_iter().next().map_or(Ok(()), |flaw| Err(EditRefusal::Together(flaw)))
    }

    /// Writes what became of each touched record; the order keeps every reference alive. False where somebody else was
    /// quicker with one of them; the caller's transaction must then not be kept.
    fn write(
        &self,
        tx: &mut Tx<'_>,
        nature: &Nature,
        scope: &Scope,
        ledger: &Ledger,
    ) -> Result<bool, Failure> {
        let (now, index, mut first) = (nature.now(), ledger.index(), true);
        for id in each_once(&self.touched_connections) {
            if let (None, Some(old)) = (self.connections.get(&id), index.connection(id)) {
                first &= store::connection::connection_remove(tx, scope, id, old.version)?;
            }
        }
        let assets = each_once(&self.touched_assets);
        // Zones and places come first, the outer before the inner, since the others lie in them.
        let things = self.things();
        let mut standing: Vec<&Asset> = assets.iter().filter_map(|id| self.assets.get(id)).collect();
        standing.sort_by_key(|asset| depth(&things, &asset.details));
        // Those that are new between two that are not are added at once; what is saved may lie in them.
        let mut new: Vec<&Asset> = Vec::new();
        for asset in &standing {
            let Some(old) = index.asset(asset.id) else {
                new.push(asset);
                continue;
            };
            store::asset::assets_add(tx, scope, &std::mem::take(&mut new), now)?;
            first &= store::asset::asset_save(tx, scope, asset.id, old.version, &asset.details)?;
        }
        store::asset::assets_add(tx, scope, &new, now)?;
        for asset in &standing {
            let old = index.asset(asset.id);
            if old.is_none_or(|old| old.details.relations != asset.details.relations) {
                let is_new = old.is_none();
                store::asset::relations_save(tx, scope, asset.id, &asset.details.relations, is_new)?;
            }
        }
        // What goes, goes the other way round: what lies in a zone or place before that, or it would be changed once more.
        let were: Things<'_> = ledger.assets.iter().map(|asset| (asset.id, &asset.details)).collect();
        let mut going: Vec<&Asset> = assets
            .iter()
            .filter(|id| !self.assets.contains_key(id))
            .filter_map(|id| index.asset(*id))
            .collect();
        going.sort_by_key(|asset| Reverse(depth(&were, &asset.details)));
        for old in going {
            first &= store::asset::asset_remove(tx, scope, old.id, old.details.kind, old.version)?;
        }
        for id in each_once(&self.touched_connections) {
            match (self.connections.get(&id), index.connection(id)) {
                (Some(new), None) => store::connection::connection_add(tx, scope, id, &new.details, now)?,
                (Some(new), Some(old)) => {
                    first &= store::connection::connection_save(tx, scope, id, old.version, &new.details)?;
                }
                (None, _) => {}
            }
        }
        Ok(first)
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
