//! What of a ledger is drawn: all of it, its zones only, or one zone.

use crate::model::{Mark, Spots};
use crate::rules::layout::{At, Home, Picture};
use komainu_exposure::model::ConnectionKind;
use komainu_inventory::{Asset, AssetId, AssetKind, Connection, End, Ledger, SystemId, Thing};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Above so many things the whole is shown by zones.
pub const MOST: usize = 1500;

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Everything.
    Whole,
    /// Zones without what is in them.
    Overview,
    /// One zone with those within it, or what is in none; what its lines lead to stands outside.
    Inside(Option<AssetId>),
}

/// A line as it is drawn: one of the ledger or, between zones, all of a kind.
#[derive(Clone, Debug)]
pub struct DrawnLine<'a> {
    /// Where it begins.
    pub from: Mark,
    /// Where it leads.
    pub to: Mark,
    /// What it is.
    pub kind: ConnectionKind,
    /// The lines of the ledger, at least one.
    pub lines: Vec<&'a Connection>,
}

/// What is drawn.
#[derive(Debug)]
pub struct Scene<'a> {
    /// What is looked at.
    pub view: View,
    /// The zones with a box, as in the picture.
    pub zones: Vec<&'a Asset>,
    /// How many things are in each of them and in those within it.
    pub counts: Vec<usize>,
    /// Things, as in the picture: where each is.
    pub zone_of: Vec<Option<AssetId>>,
    /// Lines.
    pub lines: Vec<DrawnLine<'a>>,
    /// Boxes, things and lines without words.
    pub picture: Picture,
    /// Of what is drawn as one: the things that it stands for.
    pub inside: HashMap<Mark, Vec<End>>,
}

/// Whether there is too much to show all of it.
pub fn is_large(ledger: &Ledger) -> bool {
    ledger.assets.len() + ledger.systems.len() > MOST
}

/// The view of the whole that fits the ledger's size.
pub fn whole(ledger: &Ledger) -> View {
    if is_large(ledger) { View::Overview } else { View::Whole }
}

/// Where things of a ledger are.
pub struct Whereabouts {
    zones: HashMap<AssetId, AssetId>,
    systems: HashMap<SystemId, AssetId>,
    kinds: HashMap<AssetId, AssetKind>,
    /// Systems that run elsewhere and of which no thing is in the house.
    away: HashSet<SystemId>,
}

impl Whereabouts {
    /// Reads a ledger.
    pub fn of(ledger: &Ledger) -> Whereabouts {
        let kinds: HashMap<_, _> = ledger.assets.iter().map(|asset| (asset.id, asset.details.kind)).collect();
        let is_zone = |id: &AssetId| kinds.get(id) == Some(&AssetKind::Zone);
        let zones: HashMap<_, _> = ledger
            .assets
            .iter()
            .filter_map(|asset| Some((asset.id, asset.details.zone.filter(is_zone)?)))
            .collect();
        let mut votes: HashMap<SystemId, BTreeMap<AssetId, usize>> = HashMap::new();
        let mut with_things = HashSet::new();
        for asset in &ledger.assets {
            let Some(system) = asset.details.system else { continue };
            with_things.insert(system);
            if let Some(zone) = zones.get(&asset.id) {
                *votes.entry(system).or_default().entry(*zone).or_default() += 1;
            }
        }
        // Of two zones with as many things the one that was written down first.
        let most = |zones: BTreeMap<AssetId, usize>| zones.into_iter().rev().max_by_key(|(_, count)| *count);
        let systems =
            votes.into_iter().filter_map(|(id, zones)| most(zones).map(|(zone, _)| (id, zone))).collect();
        let cloud = |system: &&komainu_inventory::SystemRecord| {
            system.hosting == komainu_inventory::Hosting::Cloud && !with_things.contains(&system.id)
        };
        let away = ledger.systems.iter().filter(cloud).map(|system| system.id).collect();
        Whereabouts { zones, systems, kinds, away }
    }

    /// The zone that a thing is in, a system mostly is in, or that it is itself.
    pub fn zone(&self, thing: Thing) -> Option<AssetId> {
        match thing {
            Thing::Asset(id) if self.kinds.get(&id) == Some(&AssetKind::Zone) => Some(id),
            Thing::Asset(id) => self.zones.get(&id).copied(),
            Thing::System(id) => self.systems.get(&id).copied(),
        }
    }

    /// The zone around a zone.
    pub fn outer(&self, zone: AssetId) -> Option<AssetId> {
        self.zones.get(&zone).copied()
    }

    /// A zone and those around it, from the inside; it ends even where the ledger's zones went round in a circle.
    pub fn around(&self, zone: AssetId) -> impl Iterator<Item = AssetId> + '_ {
        std::iter::successors(Some(zone), move |zone| self.outer(*zone)).take(self.kinds.len() + 1)
    }

    /// The outermost zone around a zone.
    pub fn root(&self, zone: AssetId) -> AssetId {
        self.around(zone).last().unwrap_or(zone)
    }

    /// Whether it stands outside the house: a service on the Internet.
    fn is_away(&self, thing: Thing) -> bool {
        match thing {
            Thing::Asset(id) => self.kinds.get(&id) == Some(&AssetKind::CloudService),
            Thing::System(id) => self.away.contains(&id),
        }
    }
}

/// What is drawn of a ledger as it stands for something else, or none.
struct Lens<'w> {
    view: View,
    at: &'w Whereabouts,
    /// Of each zone, whether it is looked into.
    open: HashSet<AssetId>,
}

impl Lens<'_> {
    fn own(&self, thing: Thing) -> bool {
        match (self.view, self.at.zone(thing)) {
            (View::Whole, _) => true,
            (View::Overview, _) => false,
            (View::Inside(None), zone) => zone.is_none() && !self.at.is_away(thing),
            (View::Inside(Some(_)), zone) => zone.is_some_and(|zone| self.open.contains(&zone)),
        }
    }

    /// What an end of a line is drawn as.
    fn mark(&self, end: End) -> Mark {
        let Some(thing) = end.thing().filter(|thing| !self.own(*thing) && !self.at.is_away(*thing)) else {
            return Mark::End(end);
        };
        self.at.zone(thing).map_or(Mark::NoZone, |zone| Mark::End(zone_end(self.at.root(zone))))
    }
}

fn zone_end(zone: AssetId) -> End {
    End::Thing(Thing::Asset(zone))
}

impl<'a> Scene<'a> {
    /// What of a ledger is seen in a view.
    pub fn of(ledger: &'a Ledger, at: &Whereabouts, view: View) -> Scene<'a> {
        let all_zones = || ledger.of_kind(AssetKind::Zone);
        let open: HashSet<AssetId> = match view {
            View::Whole => all_zones().map(|zone| zone.id).collect(),
            View::Inside(Some(chosen)) => {
                let within = |zone: &&Asset| at.around(zone.id).any(|around| around == chosen);
                all_zones().filter(within).map(|zone| zone.id).collect()
            }
            View::Overview | View::Inside(None) => HashSet::new(),
        };
        let lens = Lens { view, at, open };
        let zones: Vec<&Asset> = all_zones().filter(|zone| lens.open.contains(&zone.id)).collect();
        let lines = lines(ledger, &lens);
        let mut scene = Scene {
            view,
            counts: vec![0; zones.len()],
            zones,
            zone_of: Vec::new(),
            lines,
            picture: Picture::default(),
            inside: HashMap::new(),
        };
        scene.populate(ledger, &lens);
        scene
    }

    fn populate(&mut self, ledger: &Ledger, lens: &Lens<'_>) {
        let at = lens.at;
        let positions: HashMap<AssetId, usize> =
            self.zones.iter().enumerate().map(|(position, zone)| (zone.id, position)).collect();
        for zone in &self.zones {
            let outer = at.outer(zone.id).and_then(|outer| positions.get(&outer).copied());
            self.picture.zones.push((Mark::End(zone_end(zone.id)), outer));
        }
        let ends: HashSet<Mark> = self.lines.iter().flat_map(|line| [line.from, line.to]).collect();
        // Outside, the Internet first.
        let vendors = ledger.vendors.iter().map(|vendor| End::Vendor(vendor.id));
        for end in [End::Internet].into_iter().chain(vendors) {
            if ends.contains(&Mark::End(end)) {
                self.add(Mark::End(end), None, Home::Left);
            }
        }
        let systems = ledger.systems.iter().map(|system| (Thing::System(system.id), true));
        let assets = ledger.assets.iter().filter(|asset| asset.details.kind != AssetKind::Zone);
        let assets = assets.map(|asset| {
            let is_place = matches!(asset.details.kind, AssetKind::Place | AssetKind::CareProcess);
            (Thing::Asset(asset.id), !is_place)
        });
        for (thing, is_of_network) in systems.chain(assets) {
            let (mark, zone) = (Mark::End(End::Thing(thing)), at.zone(thing));
            if !is_of_network && !ends.contains(&mark) {
                continue;
            }
            if at.is_away(thing) {
                // Of a part only what its lines lead to is of interest.
                if matches!(lens.view, View::Whole | View::Overview) || ends.contains(&mark) {
                    self.add(mark, None, Home::Top);
                }
            } else if lens.own(thing) {
                let position = zone.and_then(|zone| positions.get(&zone).copied());
                self.add(
                    mark,
                    zone.filter(|_| position.is_some()),
                    position.map_or(Home::NoZone, Home::Zone),
                );
                for around in zone.into_iter().flat_map(|zone| at.around(zone)) {
                    if let Some(position) = positions.get(&around) {
                        self.counts[*position] += 1;
                    }
                }
            } else if lens.view == View::Overview {
                self.inside.entry(lens.mark(End::Thing(thing))).or_default().push(End::Thing(thing));
            }
        }
        self.closed(ledger, lens, &ends);
        self.connect(&positions);
    }

    /// Zones that are drawn as one, and the things without a zone: in an overview all, of a part those that its lines lead to.
    fn closed(&mut self, ledger: &Ledger, lens: &Lens<'_>, ends: &HashSet<Mark>) {
        let roots = ledger.of_kind(AssetKind::Zone).filter(|zone| lens.at.root(zone.id) == zone.id);
        let roots: Vec<Mark> = roots
            .filter(|zone| !lens.open.contains(&zone.id))
            .map(|zone| Mark::End(zone_end(zone.id)))
            .collect();
        for mark in roots.into_iter().chain([Mark::NoZone]) {
            match lens.view {
                View::Overview if mark != Mark::NoZone || self.inside.contains_key(&mark) => {
                    self.add(mark, None, Home::NoZone);
                }
                View::Inside(_) if ends.contains(&mark) => self.add(mark, None, Home::Left),
                _ => {}
            }
        }
    }

    fn connect(&mut self, zones: &HashMap<AssetId, usize>) {
        let things: HashMap<Mark, usize> =
            self.picture.things.iter().enumerate().map(|(position, (mark, _))| (*mark, position)).collect();
        let place = |mark: Mark| {
            things.get(&mark).map(|thing| At::Thing(*thing)).or_else(|| match mark {
                Mark::End(End::Thing(Thing::Asset(id))) => zones.get(&id).map(|zone| At::Zone(*zone)),
                _ => None,
            })
        };
        self.lines.retain(|line| place(line.from).is_some() && place(line.to).is_some());
        self.picture.lines =
            self.lines.iter().filter_map(|line| Some((place(line.from)?, place(line.to)?))).collect();
    }

    fn add(&mut self, mark: Mark, zone: Option<AssetId>, home: Home) {
        self.picture.things.push((mark, home));
        self.zone_of.push(zone);
    }

    /// Whether the place of the thing at this position is this view's to keep. What stands beside a zone that is looked into
    /// has its place in another picture.
    pub fn keeps(&self, position: usize) -> bool {
        let home = self.picture.things.get(position).map(|(_, home)| *home);
        !(matches!(self.view, View::Inside(_)) && matches!(home, Some(Home::Left | Home::Top)))
    }

    /// The spots that count in this view.
    pub fn spots(&self, all: &Spots) -> Spots {
        let mut spots = all.clone();
        for (position, (mark, _)) in self.picture.things.iter().enumerate() {
            if !self.keeps(position) {
                spots.remove(mark);
            }
        }
        spots
    }
}

/// The lines of a view. Lines that are not seen (both ends within the same closed zone) are left out.
fn lines<'a>(ledger: &'a Ledger, lens: &Lens<'_>) -> Vec<DrawnLine<'a>> {
    let mut drawn: Vec<DrawnLine<'a>> = Vec::new();
    let mut known: HashMap<(Mark, Mark, ConnectionKind), usize> = HashMap::new();
    for line in &ledger.connections {
        let details = &line.details;
        let (from, to) = (lens.mark(details.from), lens.mark(details.to));
        let whole = from == Mark::End(details.from) && to == Mark::End(details.to);
        let own = |end: End| end.thing().is_some_and(|thing| lens.own(thing));
        let seen = match lens.view {
            View::Inside(_) => own(details.from) || own(details.to),
            View::Whole | View::Overview => true,
        };
        if !seen || from == to {
            continue;
        }
        // A line that ends at what is drawn as one is drawn with all others of its kind.
        let key = (lens.view == View::Overview || !whole).then_some((from, to, details.kind));
        if let Some(position) = key.and_then(|key| known.get(&key)) {
            drawn[*position].lines.push(line);
            continue;
        }
        if let Some(key) = key {
            known.insert(key, drawn.len());
        }
        drawn.push(DrawnLine { from, to, kind: details.kind, lines: vec![line] });
    }
    drawn
}
