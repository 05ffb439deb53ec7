//! What must hold of every map.

use super::*;
use komainu_inventory::{AssetId, End, Thing};
use proptest::prelude::*;

fn mark(number: usize) -> Mark {
    let id = AssetId(komainu_db::uuid::Uuid::from_u128(number as u128 + 1));
    Mark::End(End::Thing(Thing::Asset(id)))
}

/// Zones that lie within earlier ones, things anywhere, lines between anything.
fn picture() -> impl Strategy<Value = Picture> {
    (0..6_usize, 0..60_usize).prop_flat_map(|(zones, things)| {
        let outer = prop::collection::vec(prop::option::of(0..6_usize), zones);
        let homes = prop::collection::vec(0..zones + 3, things);
        let lines =
            prop::collection::vec((0..things.max(1), 0..things.max(1)), 0..if things == 0 { 1 } else { 80 });
        (outer, homes, lines).prop_map(move |(outer, homes, lines)| Picture {
            zones: outer
                .into_iter()
                .enumerate()
                .map(|(zone, outer)| (mark(10_000 + zone), outer.filter(|outer| *outer < zone)))
                .collect(),
            things: homes
                .into_iter()
                .enumerate()
                .map(|(thing, home)| {
                    let home = match home.checked_sub(zones) {
                        None => Home::Zone(home),
                        Some(0) => Home::NoZone,
                        Some(1) => Home::Left,
                        Some(_) => Home::Top,
                    };
                    (mark(thing), home)
                })
                .collect(),
            lines: if things == 0 {
                Vec::new()
            } else {
                lines.into_iter().map(|(from, to)| (At::Thing(from), At::Thing(to))).collect()
            },
        })
    })
}

fn is_within(picture: &Picture, zone: usize, outer: usize) -> bool {
    std::iter::successors(Some(zone), |zone| picture.zones[*zone].1).any(|around| around == outer)
}

fn spots_of(picture: &Picture, layout: &Layout) -> Spots {
    let things = picture.things.iter().zip(&layout.things).map(|((mark, _), at)| (*mark, *at));
    let empty = picture.zones.iter().zip(&layout.zones).map(|((mark, _), rect)| {
        let middle = rect.middle();
        (*mark, Point { x: middle.x, y: middle.y + LOWER })
    });
    things.chain(empty).collect()
}

fn clear(points: &[Point]) -> bool {
    points.iter().enumerate().all(|(at, one)| {
        points[..at].iter().all(|other| !Rect::around(*one, CELL).overlaps(&Rect::around(*other, CELL)))
    })
}

proptest! {
    #[test]
    fn nothing_overlaps(picture in picture()) {
        let layout = layout(&picture, &Spots::new());
        prop_assert!(clear(&layout.things));
        for (zone, rect) in layout.zones.iter().enumerate() {
            for (other, box_) in layout.zones.iter().enumerate().take(zone) {
                let nested = is_within(&picture, zone, other) || is_within(&picture, other, zone);
                prop_assert!(nested || !rect.overlaps(box_), "{zone} {other}");
            }
            for ((_, home), at) in picture.things.iter().zip(&layout.things) {
                let inside = matches!(home, Home::Zone(own) if is_within(&picture, *own, zone));
                prop_assert_eq!(inside, rect.overlaps(&Rect::around(*at, CELL)));
            }
        }
    }

    #[test]
    fn the_same_ledger_gives_the_same_map(picture in picture()) {
        prop_assert_eq!(layout(&picture, &Spots::new()), layout(&picture, &Spots::new()));
    }

    #[test]
    fn what_was_placed_stays_and_what_is_new_gets_a_free_place(picture in picture(), homes in prop::collection::vec(0..4_usize, 1..8)) {
        let before = layout(&picture, &Spots::new());
        let spots = spots_of(&picture, &before);
        prop_assert_eq!(&layout(&picture, &spots).things, &before.things);
        let mut more = picture.clone();
        for (new, home) in homes.iter().enumerate() {
            let home = match home {
                0 if !picture.zones.is_empty() => Home::Zone(new % picture.zones.len()),
                1 => Home::Left,
                2 => Home::Top,
                _ => Home::NoZone,
            };
            more.things.push((mark(50_000 + new), home));
        }
        let after = layout(&more, &spots);
        prop_assert_eq!(&after.things[..before.things.len()], &before.things[..]);
        prop_assert!(clear(&after.things));
    }
}

/// Two zones of four things each, with lines across.
fn two_zones() -> Picture {
    Picture {
        zones: vec![(mark(100), None), (mark(101), None)],
        things: (0..8).map(|thing| (mark(thing), Home::Zone(thing % 2))).collect(),
        lines: vec![(At::Thing(0), At::Thing(7)), (At::Thing(6), At::Thing(1)), (At::Zone(0), At::Zone(1))],
    }
}

#[test]
fn a_new_thing_moves_nobody_while_there_is_room() {
    let before = layout(&two_zones(), &Spots::new());
    let mut more = two_zones();
    more.things.push((mark(8), Home::Zone(0)));
    let after = layout(&more, &Spots::new());
    assert_eq!(after.things[..8], before.things[..]);
}

#[test]
fn lines_are_no_longer_than_in_the_order_of_the_ledger() {
    let picture = Picture {
        zones: vec![(mark(100), None), (mark(101), None)],
        things: (0..40).map(|thing| (mark(thing), Home::Zone(thing / 20))).collect(),
        lines: (0..20).map(|thing| (At::Thing(thing), At::Thing(39 - thing))).collect(),
    };
    let homes = Homes::of(&picture);
    let (frame, near) = (Frame::of(&picture, &homes), Near::of(&picture));
    let mut plain = vec![Point::default(); 40];
    frame.fill(&homes.members, &mut plain);
    let placed = layout(&picture, &Spots::new());
    assert!(near.length(&placed.things, &frame) <= near.length(&plain, &frame));
}

#[test]
fn circles_of_zones_end() {
    let picture = Picture {
        zones: vec![(mark(1), Some(1)), (mark(2), Some(0)), (mark(3), Some(9)), (mark(4), Some(3))],
        things: vec![(mark(5), Home::Zone(0)), (mark(6), Home::Zone(7))],
        lines: Vec::new(),
    };
    let layout = layout(&picture, &Spots::new());
    assert_eq!((layout.zones.len(), layout.no_zone.is_some()), (4, true));
}

#[test]
fn an_empty_zone_stays_where_it_was_put() {
    let picture = Picture { zones: vec![(mark(1), None), (mark(2), None)], ..Picture::default() };
    let before = layout(&picture, &Spots::new());
    assert_eq!(layout(&picture, &spots_of(&picture, &before)), before);
}

#[test]
fn ten_thousand_things_are_placed() {
    let picture = Picture {
        zones: (0..40).map(|zone| (mark(100_000 + zone), (zone > 20).then(|| zone - 20))).collect(),
        things: (0..10_000).map(|thing| (mark(thing), Home::Zone(thing % 40))).collect(),
        lines: (0..15_000).map(|line| (At::Thing(line % 10_000), At::Thing(line * 7919 % 10_000))).collect(),
    };
    let layout = layout(&picture, &Spots::new());
    assert_eq!(layout.things.len(), 10_000);
    let once: std::collections::HashSet<_> = layout.things.iter().collect();
    assert_eq!(once.len(), 10_000);
}
