//! Where everything stands on the map.
//!
//! Boxes have grids of cells. Until somebody arranges the map, boxes are packed on shelves, those next to each other that
//! have lines with each other, and within a box things with lines stand near the others' ends (each goes to the middle of
//! its neighbours, a few times over; the shortest of these arrangements is taken). Grids grow in steps, so that a new thing
//! without a line mostly finds a free cell and moves nobody. Once there are spots, what has one stays, and what has none
//! gets a free cell of its box, or beside it.

use crate::model::{Mark, Point, Rect, Spots};
use spots::keep;
use std::collections::{BTreeMap, HashMap};

mod spots;

/// The room of one thing.
pub const CELL: (i32, i32) = (168, 96);
/// The thing itself, in the middle of it.
pub const NODE: (i32, i32) = (144, 64);
/// Between a box's edge and what is in it.
const PAD: i32 = 12;
/// At the top of a box, where its name stands.
const TITLE: i32 = 36;
/// How much lower the one cell of an empty box stands than the box's middle.
pub const LOWER: i32 = (TITLE - PAD) / 2;
/// Between boxes.
const GAP: i32 = 48;
/// How many things outside stand in one column or row.
const LANE: usize = 10;
/// How often things go to the middle of their neighbours.
const SWEEPS: usize = 4;

/// Where a thing belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// In the zone at this position.
    Zone(usize),
    /// In no zone.
    NoZone,
    /// Outside: the Internet, vendors.
    Left,
    /// Outside: services.
    Top,
}

/// Where a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// At the thing at this position.
    Thing(usize),
    /// At the zone at this position.
    Zone(usize),
}

/// What is drawn, without words.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    /// Zones, each with the position of the one that it lies within.
    pub zones: Vec<(Mark, Option<usize>)>,
    /// Things, in the order of the ledger.
    pub things: Vec<(Mark, Home)>,
    /// Lines.
    pub lines: Vec<(At, At)>,
}

/// Where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The box of each zone.
    pub zones: Vec<Rect>,
    /// The box of things without a zone, if there are any.
    pub no_zone: Option<Rect>,
    /// The middle of each thing.
    pub things: Vec<Point>,
}

impl Layout {
    /// The box around all of it.
    pub fn bounds(&self) -> Rect {
        let things = self.things.iter().map(|point| Rect::around(*point, CELL));
        let all = things.chain(self.zones.iter().copied()).chain(self.no_zone);
        all.reduce(|all, one| all.with(&one)).unwrap_or_default()
    }
}

/// Places everything. The same input gives the same places.
pub fn layout(picture: &Picture, spots: &Spots) -> Layout {
    let homes = Homes::of(picture);
    let mut plan = arranged(picture, &homes);
    if !spots.is_empty() {
        keep(picture, &homes, spots, &mut plan);
    }
    let mut zones: Vec<Rect> = boxes(&homes, &plan);
    let no_zone = zones.pop().filter(|_| !homes.members[homes.last()].is_empty());
    Layout { zones, no_zone, things: plan.points }
}

/// What is in which box. The last box is that of things without a zone.
struct Homes {
    members: Vec<Vec<usize>>,
    parent: Vec<Option<usize>>,
    children: Vec<Vec<usize>>,
    /// Every box, the inner before the outer.
    inner_first: Vec<usize>,
    left: Vec<usize>,
    top: Vec<usize>,
}

impl Homes {
    fn of(picture: &Picture) -> Homes {
        let count = picture.zones.len() + 1;
        let mut homes = Homes {
            members: vec![Vec::new(); count],
            parent: (0..count).map(|zone| outer(picture, zone)).collect(),
            children: vec![Vec::new(); count],
            inner_first: Vec::with_capacity(count),
            left: Vec::new(),
            top: Vec::new(),
        };
        for (thing, (_, home)) in picture.things.iter().enumerate() {
            match home {
                Home::Zone(zone) if *zone + 1 < count => homes.members[*zone].push(thing),
                Home::Zone(_) | Home::NoZone => homes.members[count - 1].push(thing),
                Home::Left => homes.left.push(thing),
                Home::Top => homes.top.push(thing),
            }
        }
        for zone in 0..count {
            if let Some(parent) = homes.parent[zone] {
                homes.children[parent].push(zone);
            }
        }
        let mut waiting: Vec<usize> = homes.roots().collect();
        while let Some(zone) = waiting.pop() {
            homes.inner_first.push(zone);
            waiting.extend(&homes.children[zone]);
        }
        homes.inner_first.reverse();
        homes
    }

    fn last(&self) -> usize {
        self.members.len() - 1
    }

    fn roots(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.members.len()).filter(move |zone| self.parent[*zone].is_none())
    }

    /// Whether anything is to be seen of a box: a zone always, the last only with something in it.
    fn is_drawn(&self, zone: usize) -> bool {
        zone != self.last() || !self.members[zone].is_empty()
    }

    fn is_empty(&self, zone: usize) -> bool {
        self.members[zone].is_empty() && self.children[zone].is_empty()
    }

    /// A box and those around it.
    fn around(&self, zone: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(zone), move |zone| self.parent[*zone])
    }
}

/// The zone around a zone; none where going outwards never ends.
fn outer(picture: &Picture, zone: usize) -> Option<usize> {
    let up = |zone: usize| picture.zones.get(zone).and_then(|(_, parent)| *parent);
    let first = up(zone).filter(|parent| *parent < picture.zones.len())?;
    let mut at = Some(first);
    for _ in 0..=picture.zones.len() {
        match at {
            None => return Some(first),
            Some(next) => at = up(next),
        }
    }
    None
}

/// Where things are put: their middles, and the corners of boxes that may be empty.
struct Plan {
    points: Vec<Point>,
    corners: Vec<Point>,
}

/// Everything placed by the rule alone.
fn arranged(picture: &Picture, homes: &Homes) -> Plan {
    let frame = Frame::of(picture, homes);
    let near = Near::of(picture);
    let mut points = vec![Point::default(); picture.things.len()];
    for (lane, place) in [(&homes.left, left as fn(usize) -> Point), (&homes.top, top as fn(usize) -> Point)]
    {
        for (at, thing) in lane.iter().enumerate() {
            points[*thing] = place(at);
        }
    }
    let mut order = homes.members.clone();
    frame.fill(&order, &mut points);
    let mut best = (near.length(&points, &frame), points.clone());
    for _ in 0..SWEEPS {
        for (zone, members) in order.iter_mut().enumerate() {
            near.sort(members, frame.columns[zone], &points, &frame);
        }
        frame.fill(&order, &mut points);
        let length = near.length(&points, &frame);
        if length < best.0 {
            best = (length, points.clone());
        }
    }
    Plan { points: best.1, corners: frame.corners }
}

/// The place of the `at`th thing on the left.
fn left(at: usize) -> Point {
    let (column, row) = (int(at / LANE), int(at % LANE));
    Point { x: -(GAP + CELL.0 * column + CELL.0 / 2), y: CELL.1 * row + CELL.1 / 2 }
}

/// The place of the `at`th thing above.
fn top(at: usize) -> Point {
    let (row, column) = (int(at / LANE), int(at % LANE));
    Point { x: CELL.0 * column + CELL.0 / 2, y: -(GAP + CELL.1 * row + CELL.1 / 2) }
}

fn int(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Columns and rows for so many things: each step about twice as many as the one before, so that there is mostly room.
fn grid(count: usize) -> (usize, usize) {
    let (mut columns, mut rows) = (3, 2);
    while columns * rows < count {
        (columns, rows) = (2 * rows, columns);
    }
    (columns, rows)
}

fn room(count: usize) -> (i32, i32) {
    let (columns, rows) = grid(count);
    (int(columns) * CELL.0, int(rows) * CELL.1)
}

/// Boxes with room for what is in them.
struct Frame {
    columns: Vec<usize>,
    corners: Vec<Point>,
    sizes: Vec<(i32, i32)>,
}

impl Frame {
    fn of(picture: &Picture, homes: &Homes) -> Frame {
        let count = homes.members.len();
        let (mut sizes, mut inside) = (vec![(0, 0); count], vec![Point::default(); count]);
        for &zone in &homes.inner_first {
            let (members, children) = (homes.members[zone].len(), &homes.children[zone]);
            let own = if members == 0 && !children.is_empty() { (0, 0) } else { room(members) };
            let (places, below) = shelves(&children.iter().map(|child| sizes[*child]).collect::<Vec<_>>());
            let gap = if own.1 > 0 && !children.is_empty() { GAP / 2 } else { 0 };
            for (child, place) in children.iter().zip(places) {
                inside[*child] = Point { x: PAD + place.x, y: TITLE + own.1 + gap + place.y };
            }
            sizes[zone] = (own.0.max(below.0) + 2 * PAD, TITLE + own.1 + gap + below.1 + PAD);
        }
        let roots = sequence(picture, homes);
        let (places, _) = shelves(&roots.iter().map(|root| sizes[*root]).collect::<Vec<_>>());
        let mut corners = vec![Point::default(); count];
        for (root, place) in roots.iter().zip(places) {
            corners[*root] = place;
        }
        for &zone in homes.inner_first.iter().rev() {
            if let Some(parent) = homes.parent[zone] {
                let (outer, own) = (corners[parent], inside[zone]);
                corners[zone] = Point { x: outer.x + own.x, y: outer.y + own.y };
            }
        }
        let columns = homes.members.iter().map(|members| grid(members.len()).0).collect();
        Frame { columns, corners, sizes }
    }

    /// Puts the things of each box into its cells, in this order.
    fn fill(&self, order: &[Vec<usize>], points: &mut [Point]) {
        for (zone, members) in order.iter().enumerate() {
            let (corner, columns) = (self.corners[zone], self.columns[zone]);
            for (at, thing) in members.iter().enumerate() {
                points[*thing] = cell(corner, int(at / columns), int(at % columns));
            }
        }
    }

    fn middle(&self, zone: usize) -> Point {
        let ((w, h), corner) = (self.sizes[zone], self.corners[zone]);
        Rect { x: corner.x, y: corner.y, w, h }.middle()
    }
}

/// The middle of a cell of the box with this corner.
fn cell(corner: Point, row: i32, column: i32) -> Point {
    Point {
        x: corner.x + PAD + column * CELL.0 + CELL.0 / 2,
        y: corner.y + TITLE + row * CELL.1 + CELL.1 / 2,
    }
}

/// Boxes side by side on shelves, together about twice as wide as high; where each stands, and the size of all.
fn shelves(sizes: &[(i32, i32)]) -> (Vec<Point>, (i32, i32)) {
    let area: i64 = sizes.iter().map(|(w, h)| i64::from(w + GAP) * i64::from(h + GAP)).sum();
    let widest = i32::try_from((area * 2).isqrt()).unwrap_or(i32::MAX);
    let (mut at, mut shelf, mut all) = (Point::default(), 0, (0, 0));
    let mut places = Vec::with_capacity(sizes.len());
    for (w, h) in sizes {
        if at.x > 0 && at.x + w > widest {
            at = Point { x: 0, y: at.y + shelf + GAP };
            shelf = 0;
        }
        places.push(at);
        all = (all.0.max(at.x + w), all.1.max(at.y + h));
        shelf = shelf.max(*h);
        at.x += w + GAP;
    }
    (places, all)
}

/// The outermost boxes, those that have lines with the outside first, those with lines between them side by side, things
/// without a zone last.
fn sequence(picture: &Picture, homes: &Homes) -> Vec<usize> {
    let mut root: Vec<usize> = (0..homes.members.len()).collect();
    for &zone in homes.inner_first.iter().rev() {
        if let Some(parent) = homes.parent[zone] {
            root[zone] = root[parent];
        }
    }
    let last = homes.last();
    let of = |at: At| match at {
        At::Zone(zone) => root.get(zone).copied(),
        At::Thing(thing) => match picture.things.get(thing)?.1 {
            Home::Zone(zone) => root.get(zone).copied(),
            Home::NoZone => Some(last),
            Home::Left | Home::Top => None,
        },
    };
    let mut pulls: BTreeMap<(usize, Option<usize>), i64> = BTreeMap::new();
    for (from, to) in &picture.lines {
        let (from, to) = (of(*from), of(*to));
        for (own, other) in [(from, to), (to, from)] {
            if let Some(own) = own.filter(|own| other != Some(*own)) {
                *pulls.entry((own, other)).or_default() += 1;
            }
        }
    }
    let mut order: Vec<usize> = homes.roots().filter(|zone| *zone != last).collect();
    for _ in 0..SWEEPS {
        let places: HashMap<usize, i64> =
            order.iter().enumerate().map(|(at, zone)| (*zone, 1000 * (1 + i64::from(int(at))))).collect();
        let far = 1000 * (1 + i64::from(int(order.len())));
        let key = |zone: usize| {
            let own = pulls.range((zone, None)..(zone + 1, None));
            let (sum, weight) = own.fold((0, 0), |(sum, weight), ((_, other), count)| {
                let place = other.map_or(0, |other| places.get(&other).copied().unwrap_or(far));
                (sum + place * count, weight + count)
            });
            if weight == 0 { places.get(&zone).copied().unwrap_or_default() } else { sum / weight }
        };
        let keys: HashMap<usize, i64> = order.iter().map(|zone| (*zone, key(*zone))).collect();
        order.sort_by_key(|zone| (keys.get(zone).copied().unwrap_or_default(), *zone));
    }
    order.extend(homes.is_drawn(last).then_some(last));
    order
}

/// The other ends of the lines of each thing.
struct Near {
    first: Vec<usize>,
    others: Vec<At>,
}

impl Near {
    fn of(picture: &Picture) -> Near {
        let count = picture.things.len();
        let ends = || picture.lines.iter().flat_map(|(from, to)| [(*from, *to), (*to, *from)]);
        let mut first = vec![0; count + 1];
        for (own, _) in ends() {
            if let At::Thing(thing) = own {
                first[thing + 1] += 1;
            }
        }
        for at in 0..count {
            first[at + 1] += first[at];
        }
        let mut next = first.clone();
        let mut others = vec![At::Thing(0); first[count]];
        for (own, other) in ends() {
            if let At::Thing(thing) = own {
                others[next[thing]] = other;
                next[thing] += 1;
            }
        }
        Near { first, others }
    }

    fn of_thing(&self, thing: usize) -> &[At] {
        &self.others[self.first[thing]..self.first[thing + 1]]
    }

    /// The middle of a thing's neighbours; none where it has no line.
    fn middle(&self, thing: usize, points: &[Point], frame: &Frame) -> Option<Point> {
        let others = self.of_thing(thing);
        let count = i64::try_from(others.len()).ok().filter(|count| *count > 0)?;
        let (x, y) = others
            .iter()
            .map(|other| place(*other, points, frame))
            .fold((0, 0), |(x, y), at| (x + i64::from(at.x), y + i64::from(at.y)));
        Some(Point { x: i32::try_from(x / count).ok()?, y: i32::try_from(y / count).ok()? })
    }

    /// Orders the things of a box by where their neighbours are; those without a line come last, as they were.
    fn sort(&self, members: &mut [usize], columns: usize, points: &[Point], frame: &Frame) {
        let (mut linked, mut alone) = (Vec::with_capacity(members.len()), Vec::new());
        for &thing in members.iter() {
            match self.middle(thing, points, frame) {
                Some(at) => linked.push((at.y, at.x, thing)),
                None => alone.push(thing),
            }
        }
        linked.sort_unstable();
        for row in linked.chunks_mut(columns) {
            row.sort_unstable_by_key(|(_, x, thing)| (*x, *thing));
        }
        let sorted = linked.into_iter().map(|(_, _, thing)| thing).chain(alone);
        for (slot, thing) in members.iter_mut().zip(sorted) {
            *slot = thing;
        }
    }

    /// How long all lines are together.
    fn length(&self, points: &[Point], frame: &Frame) -> i64 {
        let of = |thing: usize| {
            let own = points[thing];
            let far = |at: Point| i64::from((at.x - own.x).abs()) + i64::from((at.y - own.y).abs());
            self.of_thing(thing).iter().map(move |other| far(place(*other, points, frame))).sum::<i64>()
        };
        (0..points.len()).map(of).sum()
    }
}

fn place(at: At, points: &[Point], frame: &Frame) -> Point {
    match at {
        At::Thing(thing) => points[thing],
        At::Zone(zone) => frame.middle(zone),
    }
}

/// The box of each zone, as tight as what is in it allows; last that of things without a zone.
fn boxes(homes: &Homes, plan: &Plan) -> Vec<Rect> {
    let mut inside: Vec<Option<Rect>> = vec![None; homes.members.len()];
    let mut rects = vec![Rect::default(); homes.members.len()];
    for &zone in &homes.inner_first {
        let things = homes.members[zone].iter().map(|thing| Rect::around(plan.points[*thing], CELL));
        let inner = things.chain(inside[zone]).reduce(|all, one| all.with(&one));
        let inner = inner.unwrap_or_else(|| Rect::around(cell(plan.corners[zone], 0, 0), CELL));
        rects[zone] = framed(inner);
        if let Some(parent) = homes.parent[zone] {
            inside[parent] = Some(inside[parent].map_or(rects[zone], |all| all.with(&rects[zone])));
        }
    }
    rects
}

/// A box around what is in it.
fn framed(inner: Rect) -> Rect {
    Rect { x: inner.x - PAD, y: inner.y - TITLE, w: inner.w + 2 * PAD, h: inner.h + TITLE + PAD }
}

#[cfg(test)]
mod tests;
