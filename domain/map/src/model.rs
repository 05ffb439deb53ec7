//! What the map is made of.

use komainu_inventory::End;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::str::FromStr;
use utoipa::ToSchema;

/// What stands somewhere on the map: an end of lines, or the box of things without a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// The Internet, a vendor, a thing (also a zone) or a system.
    End(End),
    /// All things that nobody has put into a zone.
    NoZone,
}

/// As [`End`], or `none`.
impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mark::End(end) => end.fmt(f),
            Mark::NoZone => f.write_str("none"),
        }
    }
}

impl FromStr for Mark {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == "none" { Ok(Mark::NoZone) } else { text.parse().map(Mark::End) }
    }
}

/// A place on the map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Point {
    /// To the right.
    pub x: i32,
    /// Downwards.
    pub y: i32,
}

/// Where people put things: the middle of each.
pub type Spots = HashMap<Mark, Point>;

/// The farthest that something can be put from the middle of the map, in either direction.
pub const FARTHEST: i32 = 1_000_000;

/// A box on the map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    /// Its left edge.
    pub x: i32,
    /// Its upper edge.
    pub y: i32,
    /// Its width.
    pub w: i32,
    /// Its height.
    pub h: i32,
}

impl Rect {
    /// The box of this size around a point.
    pub const fn around(middle: Point, (w, h): (i32, i32)) -> Rect {
        Rect { x: middle.x - w / 2, y: middle.y - h / 2, w, h }
    }

    /// Its right edge.
    pub const fn right(&self) -> i32 {
        self.x + self.w
    }

    /// Its lower edge.
    pub const fn bottom(&self) -> i32 {
        self.y + self.h
    }

    /// Its middle.
    pub const fn middle(&self) -> Point {
        Point { x: self.x + self.w / 2, y: self.y + self.h / 2 }
    }

    /// Whether they share more than an edge.
    pub const fn overlaps(&self, other: &Rect) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    /// The smallest box that holds both.
    #[must_use]
    pub fn with(&self, other: &Rect) -> Rect {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Rect { x, y, w: self.right().max(other.right()) - x, h: self.bottom().max(other.bottom()) - y }
    }
}

/// The map, or a part of it, in words and places: what the browser draws.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MapData {
    /// That of the ledger which it shows.
    pub revision: i64,
    /// Whether zones stand among the nodes without what is in them, as there are too many things.
    pub overview: bool,
    /// Zones; of each the left upper corner, width and height.
    pub zones: Vec<ZoneData>,
    /// Things, systems, vendors, the Internet; of each the middle.
    pub nodes: Vec<NodeData>,
    /// Lines; in an overview one for all of a kind between the same two.
    pub lines: Vec<LineData>,
    /// What is dangerous about it, the most dangerous first.
    pub findings: Vec<FindingData>,
    /// Things that incidents touch, what weighs most first; empty for whoever may not see incidents.
    pub affected: Vec<AffectedData>,
    /// Incidents that are not over, the newest first; empty for whoever may not see them.
    pub incidents: Vec<CaseData>,
    /// How a thing may stand in an incident, in the order of forms; empty where there is none.
    pub states: Vec<StateData>,
    /// The box of things without a zone, where it is drawn.
    #[serde(skip)]
    pub no_zone: Option<Rect>,
}

impl MapData {
    /// Every node and zone that bears marks, with its marks, what weighs most first.
    pub fn marked(&self) -> BTreeMap<&str, Vec<&AffectedData>> {
        let mut marked: BTreeMap<&str, Vec<&AffectedData>> = BTreeMap::new();
        for one in &self.affected {
            marked.entry(&one.node).or_default().push(one);
        }
        marked
    }
}

/// A zone on the map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ZoneData {
    /// `asset:` and its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The zone that it lies within.
    pub parent: Option<String>,
    /// Left edge.
    pub x: i32,
    /// Upper edge.
    pub y: i32,
    /// Width.
    pub w: i32,
    /// Height.
    pub h: i32,
    /// How many things are in it and in the zones within it.
    pub count: usize,
}

/// Something on the map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NodeData {
    /// `asset:`, `system:` or `vendor:` and its id, or `internet`; also `none`, for all things without a zone where they are
    /// drawn as one.
    pub id: String,
    /// Its name.
    pub name: String,
    /// A kind of thing, or `system`, `vendor`, `internet`, `zone`.
    pub kind: String,
    /// The kind in the reader's language.
    pub kind_text: String,
    /// The zone that it is in.
    pub zone: Option<String>,
    /// Its middle.
    pub x: i32,
    /// Its middle.
    pub y: i32,
    /// 0: nothing found; 1: to be put right; 2: dangerous.
    pub danger: u8,
    /// Its record.
    pub url: String,
}

/// A line on the map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineData {
    /// Its id.
    pub id: String,
    /// The end that opens it: a node or a zone.
    pub from: String,
    /// The end that answers.
    pub to: String,
    /// Its kind.
    pub kind: String,
    /// The kind in the reader's language.
    pub kind_text: String,
    /// Either end may open it.
    pub both_ways: bool,
    /// One of its ends is outside the institution.
    pub outside: bool,
    /// 0: nothing found; 1: to be put right; 2: dangerous.
    pub danger: u8,
    /// Its record.
    pub url: String,
}

/// Something dangerous about the map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FindingData {
    /// The number of the design rule, such as `N3`.
    pub rule: String,
    /// 2: dangerous; 1: to be put right; 0: a question to ask.
    pub level: u8,
    /// What is wrong, in one sentence.
    pub text: String,
    /// What to do, in one sentence.
    #[serde(rename = "do")]
    pub todo: String,
    /// The line it is about.
    pub line: Option<String>,
    /// The things it is about.
    pub nodes: Vec<String>,
    /// Items of the checklist that putting it right helps to answer.
    pub items: Vec<String>,
    /// Sources of the catalogue that the rule rests on; empty where it is our own reading.
    pub sources: Vec<String>,
    /// The record to go to.
    pub url: String,
}

/// A thing of the ledger that an incident which is not over touches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct AffectedData {
    /// The node or zone of this picture that bears the mark: the thing itself or, where it is not drawn, what stands for it.
    pub node: String,
    /// `asset:` and its id.
    pub thing: String,
    /// Its name.
    pub name: String,
    /// How it stands, as a code.
    pub state: String,
    /// A sign for that, beside or instead of words; each state has its own.
    pub sign: String,
    /// How it stands in the reader's language; it says so where it is an exercise.
    pub text: String,
    /// What was seen or done.
    pub note: String,
    /// How much it weighs: 2 is affected, 1 perhaps, 0 neither.
    pub weight: u8,
    /// The incident's id.
    pub incident: String,
    /// Its number and name.
    pub title: String,
    /// Whether it is an exercise.
    pub drill: bool,
    /// The incident's board.
    pub url: String,
    /// The version of what is said of the thing, for a change.
    pub version: i64,
}

/// An incident that is not over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseData {
    /// Its id.
    pub id: String,
    /// Its number and name.
    pub title: String,
    /// Whether it is an exercise.
    pub drill: bool,
    /// Its board.
    pub url: String,
    /// Where a form says how a thing stands in it; none for whoever may not say so.
    pub post: Option<String>,
}

/// How a thing may stand in an incident.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct StateData {
    /// Its code.
    pub code: String,
    /// The same in the reader's language.
    pub text: String,
}

/// What incidents say of the ledger's things to a reader.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Affected {
    /// Things, what weighs most first; the map finds out which node bears each mark.
    pub things: Vec<AffectedData>,
    /// Incidents that are not over, the newest first.
    pub incidents: Vec<CaseData>,
    /// How a thing may stand.
    pub states: Vec<StateData>,
}
