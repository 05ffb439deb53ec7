//! What people placed stays; what is new goes where there is room.

use super::{CELL, GAP, Home, Homes, PAD, Picture, Plan, TITLE, cell, framed, grid, int, left, room, top};
use crate::model::{Point, Rect, Spots};
use std::collections::HashMap;

/// How many rows or columns beside a box its new things may take before they go farther away.
const BESIDE: i32 = 2;

/// Puts everything that has a spot there, and the rest where nothing stands.
pub(super) fn keep(picture: &Picture, homes: &Homes, spots: &Spots, plan: &mut Plan) {
    let mut ground = Ground::new(picture, homes, spots, plan);
    // The outer before the inner, so that a new zone finds the one that it lies within.
    for &zone in homes.inner_first.iter().rev() {
        let new: Vec<usize> =
            homes.members[zone].iter().copied().filter(|thing| !ground.stands[*thing]).collect();
        let lost = homes.is_empty(zone) && homes.is_drawn(zone) && ground.boxes[zone].is_none();
        if new.is_empty() && !lost {
            continue;
        }
        let near = ground.obstacles(homes, zone);
        let left_over = match ground.boxes[zone] {
            Some(own) => ground.beside(own, &near, new, plan),
            None => new,
        };
        if !left_over.is_empty() || lost {
            ground.apart(homes, zone, &near, &left_over, plan);
        }
    }
    for (thing, (_, home)) in picture.things.iter().enumerate() {
        let place = match home {
            Home::Left => left as fn(usize) -> Point,
            Home::Top => top,
            Home::Zone(_) | Home::NoZone => continue,
        };
        if !ground.stands[thing]
            && let Some(free) = (0..FAR).map(place).find(|at| ground.is_free(*at) && !ground.is_boxed(*at))
        {
            ground.put(thing, free, plan);
        }
    }
}

/// Places tried outside of all zones, more than there can be things.
const FAR: usize = 1_000_000;

/// What already stands somewhere.
struct Ground {
    stands: Vec<bool>,
    /// The middles of what stands, by the cell that they lie in.
    tiles: HashMap<(i32, i32), Vec<Point>>,
    boxes: Vec<Option<Rect>>,
    bottom: i32,
}

impl Ground {
    fn new(picture: &Picture, homes: &Homes, spots: &Spots, plan: &mut Plan) -> Ground {
        let mut ground = Ground {
            stands: vec![false; picture.things.len()],
            tiles: HashMap::new(),
            boxes: vec![None; homes.members.len()],
            bottom: 0,
        };
        for (thing, (mark, _)) in picture.things.iter().enumerate() {
            if let Some(spot) = spots.get(mark) {
                ground.put(thing, *spot, plan);
            }
        }
        for &zone in &homes.inner_first {
            let things = homes.members[zone].iter().filter(|thing| ground.stands[**thing]);
            let things = things.map(|thing| Rect::around(plan.points[*thing], CELL));
            let inner = homes.children[zone].iter().filter_map(|child| ground.boxes[*child]);
            let mut rect = things.chain(inner).reduce(|all, one| all.with(&one));
            if rect.is_none()
                && homes.is_empty(zone)
                && let Some(spot) = picture.zones.get(zone).and_then(|(mark, _)| spots.get(mark))
            {
                let inner = Rect::around(*spot, CELL);
                plan.corners[zone] = Point { x: inner.x - PAD, y: inner.y - TITLE };
                rect = Some(inner);
            }
            ground.boxes[zone] = rect.map(framed);
        }
        let boxes = ground.boxes.iter().flatten().map(Rect::bottom);
        ground.bottom = boxes.chain([ground.bottom]).max().unwrap_or_default();
        ground
    }

    fn put(&mut self, thing: usize, at: Point, plan: &mut Plan) {
        plan.points[thing] = at;
        self.stands[thing] = true;
        self.tiles.entry(tile(at)).or_default().push(at);
        self.bottom = self.bottom.max(at.y + CELL.1 / 2);
    }

    /// Whether a thing here would keep clear of all others.
    fn is_free(&self, at: Point) -> bool {
        let (column, row) = tile(at);
        let around = (-1..=1).flat_map(|x| (-1..=1).map(move |y| (column + x, row + y)));
        let mut others = around.filter_map(|tile| self.tiles.get(&tile)).flatten();
        others.all(|other| (other.x - at.x).abs() >= CELL.0 || (other.y - at.y).abs() >= CELL.1)
    }

    fn is_boxed(&self, at: Point) -> bool {
        self.boxes.iter().flatten().any(|rect| rect.overlaps(&Rect::around(at, CELL)))
    }

    /// The boxes that what is in a zone must keep out of: all but those around it.
    fn obstacles(&self, homes: &Homes, zone: usize) -> Vec<Rect> {
        let around: Vec<usize> = homes.around(zone).collect();
        let foreign = self.boxes.iter().enumerate().filter(|(other, _)| !around.contains(other));
        foreign.filter_map(|(_, rect)| *rect).collect()
    }

    /// Puts new things into free cells of their box, then into rows below it and columns beside it; answers with those that
    /// found none.
    fn beside(&mut self, own: Rect, foreign: &[Rect], new: Vec<usize>, plan: &mut Plan) -> Vec<usize> {
        let corner = Point { x: own.x, y: own.y };
        let columns = ((own.w - 2 * PAD) / CELL.0).max(1);
        let rows = ((own.h - TITLE - PAD) / CELL.1).max(1);
        let block = |rows: std::ops::Range<i32>, columns: std::ops::Range<i32>| {
            rows.flat_map(move |row| columns.clone().map(move |column| cell(corner, row, column)))
        };
        let cells = block(0..rows, 0..columns)
            .chain(block(rows..rows + BESIDE, 0..columns))
            .chain(block(0..rows, columns..columns + BESIDE));
        let mut waiting = new.into_iter();
        let mut next = waiting.next();
        for at in cells {
            let Some(thing) = next else { break };
            let wide = framed(Rect::around(at, CELL));
            if self.is_free(at) && !foreign.iter().any(|rect| rect.overlaps(&wide)) {
                self.put(thing, at, plan);
                next = waiting.next();
            }
        }
        next.into_iter().chain(waiting).collect()
    }

    /// Puts things into a block of their own: below or beside the box that they belong to or lie within, or under everything.
    fn apart(&mut self, homes: &Homes, zone: usize, foreign: &[Rect], things: &[usize], plan: &mut Plan) {
        let (w, h) = room(things.len());
        let size = (w + 2 * PAD, h + TITLE + PAD);
        let near = homes.around(zone).find_map(|zone| self.boxes[zone]);
        let beside = near.into_iter().flat_map(|near| {
            [(near.x, near.bottom() + GAP), (near.right() + GAP, near.y), (near.x - size.0 - GAP, near.y)]
        });
        let places = beside.chain([(0, self.bottom + GAP)]);
        let mut rects = places.map(|(x, y)| Rect { x, y, w: size.0, h: size.1 });
        let free = rects.find(|rect| {
            rect.y >= self.bottom
                || !(foreign.iter().any(|other| other.overlaps(rect)) || self.is_trodden(rect))
        });
        let Some(rect) = free else { return };
        let corner = Point { x: rect.x, y: rect.y };
        plan.corners[zone] = corner;
        let columns = grid(things.len()).0;
        for (at, thing) in things.iter().enumerate() {
            self.put(*thing, cell(corner, int(at / columns), int(at % columns)), plan);
        }
        self.bottom = self.bottom.max(rect.bottom());
        for zone in homes.around(zone) {
            self.boxes[zone] = Some(self.boxes[zone].map_or(rect, |own| own.with(&rect)));
        }
    }

    /// Whether anything stands in a box.
    fn is_trodden(&self, rect: &Rect) -> bool {
        self.tiles.values().flatten().any(|at| Rect::around(*at, CELL).overlaps(rect))
    }
}

/// The cell of the whole map that a point lies in.
fn tile(at: Point) -> (i32, i32) {
    (at.x.div_euclid(CELL.0), at.y.div_euclid(CELL.1))
}
