//! What can be done with the map: each function one use case.

use crate::model::{Affected, Mark, Point, Spots};
use crate::rules::layout::{LOWER, layout};
use crate::rules::scene::{Scene, View, Whereabouts, whole};
use crate::store;
use komainu_access::{Permission, Scope};
use komainu_audit::{Change, record};
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_inventory::{AssetKind, End, Ledger, Thing};
use komainu_web::Failure;
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// The ledger, and where people put things: all that the map is drawn from.
pub fn map(tx: &mut Tx<'_>, scope: &Scope) -> Result<(Arc<Ledger>, Spots), Failure> {
    let ledger = komainu_inventory::actions::ledger(tx, scope)?;
    Ok((ledger, store::spots(tx, scope)?))
}

/// Asks what incidents say of the ledger's things to this reader; nothing where the reader may not see incidents. Handed in by
/// whoever puts the map's pages together, as the map comes before them.
pub type AffectedBy = fn(&mut Tx<'_>, &Scope, Lang) -> Result<Affected, Failure>;

/// A map without marks, such as one in a file that leaves the house.
pub fn unmarked(_: &mut Tx<'_>, _: &Scope, _: Lang) -> Result<Affected, Failure> {
    Ok(Affected::default())
}

/// What the log says of an arrangement.
#[derive(Serialize)]
struct Arranged {
    count: usize,
}

/// Keeps where people put things. What nobody put anywhere yet stays where it is seen with them, so that nothing moves by
/// itself from then on. What the ledger does not have is passed over.
pub fn spots_save(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    moved: &[(Mark, Point)],
) -> Result<(), Failure> {
    scope.require(Permission::LedgerEdit)?;
    let (ledger, stored) = map(tx, scope)?;
    let known = marks(&ledger);
    for mark in stored.keys().filter(|mark| !known.contains(mark)) {
        store::spot_drop(tx, scope, *mark)?;
    }
    let moved: BTreeMap<Mark, Point> =
        moved.iter().filter(|(mark, _)| known.contains(mark)).copied().collect();
    if moved.iter().all(|(mark, at)| stored.get(mark) == Some(at)) {
        return Ok(());
    }
    let mut spots = settled(&ledger, &stored, &moved);
    spots.extend(moved.iter().map(|(mark, at)| (*mark, *at)));
    // In the same order whoever writes, so that two who write at once do not wait for each other.
    for (mark, at) in spots.iter().filter(|(mark, at)| stored.get(mark) != Some(at)) {
        store::spot_put(tx, scope, *mark, *at)?;
    }
    log(tx, nature, scope, "map_arrange", moved.len())
}

/// Forgets where people put things.
pub fn spots_reset(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope) -> Result<(), Failure> {
    scope.require(Permission::LedgerEdit)?;
    match store::spots_drop(tx, scope)? {
        0 => Ok(()),
        count => log(tx, nature, scope, "map_reset", count),
    }
}

fn log(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    action: &'static str,
    count: usize,
) -> Result<(), Failure> {
    let change =
        Change { action, object_kind: "map", object_id: "map", before: (), after: Arranged { count } };
    Ok(record(tx, scope, nature.now(), &change)?)
}

/// Everything that can stand on the map of a ledger.
fn marks(ledger: &Ledger) -> HashSet<Mark> {
    let assets = ledger.assets.iter().map(|asset| End::Thing(Thing::Asset(asset.id)));
    let systems = ledger.systems.iter().map(|system| End::Thing(Thing::System(system.id)));
    let vendors = ledger.vendors.iter().map(|vendor| End::Vendor(vendor.id));
    let ends = assets.chain(systems).chain(vendors).chain([End::Internet]);
    ends.map(Mark::End).chain([Mark::NoZone]).collect()
}

/// Where everything stands that is seen together with what was moved.
fn settled(ledger: &Ledger, stored: &Spots, moved: &BTreeMap<Mark, Point>) -> BTreeMap<Mark, Point> {
    let at = Whereabouts::of(ledger);
    let overview = whole(ledger);
    let mut views = Vec::new();
    let zones: HashSet<_> = ledger.of_kind(AssetKind::Zone).map(|zone| zone.id).collect();
    for mark in moved.keys() {
        let view = match mark {
            _ if overview == View::Whole => View::Whole,
            Mark::End(End::Thing(Thing::Asset(id))) if zones.contains(id) => View::Overview,
            Mark::End(End::Thing(thing)) => {
                View::Inside(at.zone(*thing).and_then(|zone| at.around(zone).last()))
            }
            Mark::End(_) | Mark::NoZone => View::Overview,
        };
        if !views.contains(&view) {
            views.push(view);
        }
    }
    let mut all = BTreeMap::new();
    for view in views {
        let scene = Scene::of(ledger, &at, view);
        let spots = scene.spots(stored);
        let layout = layout(&scene.picture, &spots);
        let things = scene.picture.things.iter().zip(&layout.things).enumerate();
        let own = things.filter(|(position, _)| scene.keeps(*position));
        all.extend(own.map(|(_, ((mark, _), at))| (*mark, *at)));
        for ((mark, _), rect) in scene.picture.zones.iter().zip(&layout.zones) {
            let Mark::End(End::Thing(Thing::Asset(zone))) = mark else { continue };
            // An empty box has no things that hold it in place.
            let is_empty = scene.zone_of.iter().all(|of| of != &Some(*zone))
                && !scene.zones.iter().any(|inner| at.outer(inner.id) == Some(*zone));
            if is_empty {
                let middle = rect.middle();
                all.entry(*mark).or_insert(Point { x: middle.x, y: middle.y + LOWER });
            }
        }
    }
    all
}
