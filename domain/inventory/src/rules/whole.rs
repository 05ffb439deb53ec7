//! Whether things stand together: nothing within itself, nothing in what is no zone or place, nothing that names what goes.

use crate::model::{AssetDetails, AssetId, AssetKind, RelationKind, Thing};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Circles that are told of one road at most; who has put these right is told the next.
const CIRCLES: usize = 20;

/// Things by their ids, as they are or would be.
pub type Things<'a> = HashMap<AssetId, &'a AssetDetails>;

/// A road from thing to thing that must not lead back to where it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Road {
    /// From a zone to the one that it lies within.
    Zone,
    /// From a place to the one that it lies within.
    Place,
    /// From a thing to what it needs.
    Needs,
}

impl Road {
    const ALL: [Road; 3] = [Road::Zone, Road::Place, Road::Needs];

    /// Where it leads from a thing.
    fn ahead(self, details: &AssetDetails) -> impl Iterator<Item = AssetId> + '_ {
        let outer = match self {
            Road::Zone => details.zone.filter(|_| details.kind == AssetKind::Zone),
            Road::Place => details.place.filter(|_| details.kind == AssetKind::Place),
            Road::Needs => None,
        };
        let needed = details.related(RelationKind::Needs).filter_map(Thing::asset);
        outer.into_iter().chain(needed.filter(move |_| self == Road::Needs))
    }
}

/// What keeps things from standing together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It would be no zone or place any more, while these lie in it or stand at it.
    KindInUse(AssetId, Vec<AssetId>),
    /// It would go, while these still name it.
    Named(AssetId, Vec<AssetId>),
    /// Each of these would lie in the next or need it, and the last one the first.
    Circle(Road, Vec<AssetId>),
}

/// The things that a thing names: where it lies and stands, and what it has to do with.
fn named(details: &AssetDetails) -> impl Iterator<Item = AssetId> + '_ {
    let related = details.relations.iter().filter_map(|(_, thing)| thing.asset());
    details.zone.into_iter().chain(details.place).chain(related)
}

/// Everything that keeps things from standing together; `gone` are those that go, and are not among `all`.
pub fn flaws(all: &Things<'_>, gone: &HashSet<AssetId>) -> Vec<Flaw> {
    let mut inside: BTreeMap<AssetId, Vec<AssetId>> = BTreeMap::new();
    let mut naming: BTreeMap<AssetId, Vec<AssetId>> = BTreeMap::new();
    for (id, details) in all {
        for (outer, kind) in [(details.zone, AssetKind::Zone), (details.place, AssetKind::Place)] {
            let other = |outer: &AssetId| all.get(outer).is_some_and(|of| of.kind != kind);
            if let Some(outer) = outer.filter(other) {
                inside.entry(outer).or_default().push(*id);
            }
        }
        for lost in named(details).filter(|lost| gone.contains(lost)) {
            naming.entry(lost).or_default().push(*id);
        }
    }
    let once = |(of, mut by): (AssetId, Vec<AssetId>)| {
        by.sort_unstable();
        by.dedup();
        (of, by)
    };
    let inside = inside.into_iter().map(once).map(|(of, by)| Flaw::KindInUse(of, by));
    let naming = naming.into_iter().map(once).map(|(of, by)| Flaw::Named(of, by));
    let circles = |road: Road| circles(all, road).into_iter().map(move |things| Flaw::Circle(road, things));
    inside.chain(naming).chain(Road::ALL.into_iter().flat_map(circles)).collect()
}

/// Circles of a road; none only where there is none. Each thing is passed once.
fn circles(all: &Things<'_>, road: Road) -> Vec<Vec<AssetId>> {
    let mut starts: Vec<AssetId> = all.keys().copied().collect();
    starts.sort_unstable();
    let (mut found, mut passed, mut on_way) = (Vec::new(), HashSet::new(), HashSet::new());
    for start in starts {
        // The way from the start to where we stand, and what of each step is still ahead.
        let mut way: Vec<(AssetId, Vec<AssetId>)> = Vec::new();
        let mut next = Some(start);
        loop {
            match next.and_then(|id| all.get(&id).map(|details| (id, details))) {
                Some((id, _)) if on_way.contains(&id) => {
                    let round = way.iter().skip_while(|(known, _)| *known != id);
                    found.push(round.map(|(id, _)| *id).collect());
                    if found.len() == CIRCLES {
                        return found;
                    }
                }
                Some((id, details)) if passed.insert(id) => {
                    on_way.insert(id);
                    way.push((id, road.ahead(details).collect()));
                }
                _ => {}
            }
            let Some((id, ahead)) = way.last_mut() else { break };
            next = ahead.pop();
            if next.is_none() {
                on_way.remove(id);
                way.pop();
            }
        }
    }
    found
}

/// Where things that lie in others come after them: places, zones, all else; the outer before the inner. For things of which
/// none lies within itself.
pub fn depth(all: &Things<'_>, details: &AssetDetails) -> (u8, usize) {
    let (rank, road) = match details.kind {
        AssetKind::Place => (0, Road::Place),
        AssetKind::Zone => (1, Road::Zone),
        _ => return (2, 0),
    };
    let outer = |id: &AssetId| all.get(id).and_then(|details| road.ahead(details).next());
    (rank, std::iter::successors(road.ahead(details).next(), outer).count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use komainu_db::uuid::Uuid;
    use proptest::prelude::*;

    fn id(number: usize) -> AssetId {
        AssetId(Uuid::from_u128(number as u128 + 1))
    }

    fn thing(kind: AssetKind, zone: Option<usize>, place: Option<usize>, needs: &[usize]) -> AssetDetails {
        let mut details = AssetDetails::named(kind, "物");
        (details.zone, details.place) = (zone.map(id), place.map(id));
        details.relations.extend(needs.iter().map(|at| (RelationKind::Needs, Thing::Asset(id(*at)))));
        details
    }

    fn found(things: &[AssetDetails], gone: &[usize]) -> Vec<Flaw> {
        let gone: HashSet<AssetId> = gone.iter().copied().map(id).collect();
        let all = things.iter().enumerate().map(|(at, details)| (id(at), details));
        flaws(&all.filter(|(id, _)| !gone.contains(id)).collect(), &gone)
    }

    use AssetKind::{Place, Server, Zone};

    #[test]
    fn what_lies_in_something_keeps_it_what_it_is() {
        let things = [
            thing(Zone, None, None, &[]),
            thing(Server, Some(0), None, &[]),
            thing(Server, Some(1), Some(0), &[]),
        ];
        assert_eq!(
            found(&things, &[]),
            [Flaw::KindInUse(id(0), vec![id(2)]), Flaw::KindInUse(id(1), vec![id(2)])],
            "a zone is no place, a server no zone"
        );
    }

    #[test]
    fn what_others_name_does_not_go() {
        let things = [
            thing(Zone, None, None, &[]),
            thing(Zone, Some(0), None, &[]),
            thing(Server, Some(1), None, &[]),
            thing(Server, Some(1), None, &[2]),
        ];
        assert_eq!(found(&things, &[1]), [Flaw::Named(id(1), vec![id(2), id(3)])]);
        assert_eq!(found(&things, &[2]), [Flaw::Named(id(2), vec![id(3)])]);
        assert_eq!(found(&things, &[3]), []);
        assert_eq!(found(&things, &[0, 1, 2, 3]), [], "they may go together");
    }

    #[test]
    fn a_circle_is_told_with_its_things_in_order() {
        let zones = [
            thing(Zone, Some(1), None, &[]),
            thing(Zone, Some(2), None, &[]),
            thing(Zone, Some(0), None, &[]),
            // What lies in one of a circle is on none.
            thing(Zone, Some(0), None, &[]),
        ];
        assert_eq!(found(&zones, &[]), [Flaw::Circle(Road::Zone, vec![id(0), id(1), id(2)])]);
        let own = [thing(Place, None, Some(0), &[]), thing(Server, None, None, &[1])];
        let expected = [Flaw::Circle(Road::Place, vec![id(0)]), Flaw::Circle(Road::Needs, vec![id(1)])];
        assert_eq!(found(&own, &[]), expected);
        // A server may stand in a zone that stands at a place: three roads, no circle.
        let none = [
            thing(Place, None, None, &[]),
            thing(Zone, None, Some(0), &[]),
            thing(Server, Some(1), Some(0), &[]),
        ];
        assert_eq!(found(&none, &[]), []);
    }

    #[test]
    fn many_circles_end() {
        let pairs: Vec<AssetDetails> =
            (0..2000).map(|at| thing(Server, None, None, &[at ^ 1, (at + 2) % 2000])).collect();
        assert_eq!(found(&pairs, &[]).len(), CIRCLES);
    }

    proptest! {
        /// Circles are found exactly where taking away, again and again, what needs nothing leaves something over.
        #[test]
        fn a_circle_is_found_where_there_is_one(
            needs in prop::collection::vec(prop::collection::vec(0_usize..8, 0..3), 8),
        ) {
            let things: Vec<AssetDetails> =
                needs.iter().map(|needs| thing(Server, None, None, needs)).collect();
            let mut left: Vec<usize> = (0..8).collect();
            while let Some(at) = left.iter().position(|of| !needs[*of].iter().any(|on| left.contains(on))) {
                left.remove(at);
            }
            let found = found(&things, &[]);
            prop_assert_eq!(found.is_empty(), left.is_empty());
            for flaw in found {
                let Flaw::Circle(Road::Needs, round) = &flaw else { panic!("{flaw:?}") };
                let next = round.iter().cycle().skip(1);
                for (of, on) in round.iter().zip(next) {
                    let of = usize::try_from(of.0.as_u128() - 1).unwrap();
                    prop_assert!(needs[of].iter().any(|at| id(*at) == *on));
                }
            }
        }
    }
}
