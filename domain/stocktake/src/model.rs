//! A stock-take and its lines.

use chrono::{DateTime, Utc};
use komainu_inventory::{AssetDetails, AssetId, AssetKind, Fact};
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use utoipa::ToSchema;

komainu_db::id! {
    /// A stock-take of one institution.
    StockTakeId
}

komainu_db::id! {
    /// A line of a stock-take.
    LineId
}

/// A stock-take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StockTake {
    /// Its id.
    pub id: StockTakeId,
    /// What people call it, not empty.
    pub name: String,
    /// The fiscal year in which it began, by its first calendar year.
    pub fiscal_year: i32,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// Who began it.
    pub started_by_name: String,
    /// When it was closed; none while somebody walks.
    pub closed_at: Option<DateTime<Utc>>,
    /// Who closed it; empty while somebody walks.
    pub closed_by_name: String,
    /// Grows by one with each change.
    pub version: i64,
}

/// What somebody found of a thing.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = StockTakeOutcome)]
pub enum Outcome {
    /// Nobody has looked yet.
    #[default]
    NotChecked,
    /// It is there as it is written.
    Found,
    /// It is there, and something about it is otherwise.
    Different,
    /// It is not there.
    NotFound,
}

impl Outcome {
    /// Every outcome, in the order of forms.
    pub const ALL: [Outcome; 4] =
        [Outcome::Found, Outcome::Different, Outcome::NotFound, Outcome::NotChecked];

    /// The word stored in the database and used in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Outcome::NotChecked => "not_checked",
            Outcome::Found => "found",
            Outcome::Different => "different",
            Outcome::NotFound => "not_found",
        }
    }
}

impl FromStr for Outcome {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        Outcome::ALL.into_iter().find(|outcome| outcome.code() == code).ok_or(())
    }
}

/// A thing as the ledger had it: what the list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Its name.
    pub name: String,
    /// The place it stood at.
    #[serde(default)]
    pub place: Option<AssetId>,
    /// The name of that place; empty for none.
    #[serde(default)]
    pub place_name: String,
    /// The institution's own number for it.
    #[serde(default)]
    pub number: String,
    /// Its maker.
    #[serde(default)]
    pub maker: String,
    /// Its model.
    #[serde(default)]
    pub model: String,
    /// Its serial number.
    #[serde(default)]
    pub serial: String,
    /// How many alike stand behind the one record.
    #[serde(default)]
    pub count: Option<u32>,
}

impl Snapshot {
    /// What the list shows of a thing. `place_name` is that of its place.
    pub fn of(details: &AssetDetails, place_name: &str) -> Snapshot {
        let text = |fact| details.facts.text(fact).to_owned();
        Snapshot {
            name: details.name.clone(),
            place: details.place,
            place_name: place_name.to_owned(),
            number: text(Fact::Number),
            maker: text(Fact::Maker),
            model: text(Fact::Model),
            serial: text(Fact::Serial),
            count: details.facts.number(Fact::Count),
        }
    }
}

/// What is otherwise than written. Only what a person wrote stands in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The name of the place where it stands now; empty where nothing was written.
    #[serde(default)]
    pub place: String,
    /// How many there are.
    #[serde(default)]
    pub count: Option<u32>,
    /// The serial number on it; empty where nothing was written.
    #[serde(default)]
    pub serial: String,
    /// Anything else.
    #[serde(default)]
    pub words: String,
}

impl Finding {
    /// Whether it holds something that the ledger can take over.
    pub fn can_be_taken(&self) -> bool {
        !self.place.is_empty() || self.count.is_some() || !self.serial.is_empty()
    }
}

/// What a person says about a thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// What was found.
    pub outcome: Outcome,
    /// What is otherwise; of [`Outcome::Different`] any of it, of the others only words.
    pub finding: Finding,
}

/// A line of a stock-take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The thing; it may be gone from the ledger by now.
    pub asset: AssetId,
    /// What it is.
    pub kind: AssetKind,
    /// As the ledger had it.
    pub was: Snapshot,
    /// What was said about it.
    pub mark: Mark,
    /// It stood there and was in no ledger.
    pub added: bool,
    /// When somebody said so.
    pub checked_at: Option<DateTime<Utc>>,
    /// Who; empty while nobody has looked.
    pub checked_by_name: String,
    /// When what was found was taken over into the ledger.
    pub taken_at: Option<DateTime<Utc>>,
    /// By whom; empty where it was not.
    pub taken_by_name: String,
    /// Grows by one with each change; 0 for a thing that came into the ledger after the list was made and of which nothing
    /// is stored yet.
    pub version: i64,
}

impl Line {
    /// A thing on the list of which nobody has said anything.
    pub fn fresh(asset: AssetId, kind: AssetKind, was: Snapshot) -> Line {
        Line {
            asset,
            kind,
            was,
            mark: Mark::default(),
            added: false,
            checked_at: None,
            checked_by_name: String::new(),
            taken_at: None,
            taken_by_name: String::new(),
            version: 0,
        }
    }

    /// Whether a tap can take what was found over into the ledger.
    pub fn can_be_taken(&self) -> bool {
        self.mark.outcome == Outcome::Different && self.mark.finding.can_be_taken() && self.taken_at.is_none()
    }
}

/// How many lines stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = StockTakeCounts)]
pub struct Counts {
    /// All of them.
    pub lines: u32,
    /// There as written.
    pub found: u32,
    /// There, and otherwise.
    pub different: u32,
    /// Not there.
    pub not_found: u32,
    /// Nobody looked.
    pub not_checked: u32,
    /// Of those found: in no ledger before.
    pub added: u32,
}

impl Counts {
    /// Lines that somebody looked at.
    pub const fn checked(self) -> u32 {
        self.lines - self.not_checked
    }
}

/// What is otherwise than in the stock-take before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Things that were not on that list.
    pub new: Vec<AssetId>,
    /// Names of things that were on that list and are not on this one.
    pub gone: Vec<String>,
    /// Things that were not found in either.
    pub missing_again: Vec<AssetId>,
    /// Things that were not found then and are there now.
    pub back: Vec<AssetId>,
}
