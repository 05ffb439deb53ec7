//! What becomes of the rows, in the ledger as it is now.

use crate::model::column::Column;
use crate::model::import::{Counts, Decision};
use crate::model::row::{Evidence, Fault};
use komainu_db::uuid::Uuid;
use komainu_inventory::actions::Edit;
use komainu_inventory::{AssetDetails, AssetId, AssetKind, ConnectionDetails};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::str::FromStr;
use utoipa::ToSchema;

/// All rows against one ledger.
#[derive(Clone, Debug, Default)]
pub struct Settled {
    /// The ledger's revision.
    pub revision: i64,
    /// What becomes of each row, in their order.
    pub rows: Vec<Seen>,
    /// Zones and places that rows name and nobody has written down.
    pub creations: Vec<Creation>,
    /// How many of what.
    pub counts: Counts,
    /// The changes, where nothing stands in the way of their row.
    pub edits: Vec<Edit>,
    /// The row of each change; none of those that make a zone or place.
    pub row_of: Vec<Option<usize>>,
    /// The names of what is new.
    pub names: BTreeMap<AssetId, String>,
}

/// What becomes of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Its table or file, from 0.
    pub source: usize,
    /// Where a person finds it; 0 where a file has no rows.
    pub number: u64,
    /// What becomes of it.
    pub outcome: Outcome,
    /// The record it is about; none where that is new or not known.
    pub target: Option<Uuid>,
    /// What in the ledger it may be, the surest first.
    pub candidates: Vec<Candidate>,
    /// What was decided.
    pub decision: Option<Decision>,
    /// The record as it is.
    pub before: Option<Body>,
    /// The record as it would be.
    pub after: Option<Body>,
    /// The columns that differ.
    pub changes: Vec<Column>,
    /// What is left out of it.
    pub warnings: Vec<Warning>,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
    /// Why its kind was guessed.
    pub evidence: Option<Evidence>,
}

/// A thing or a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// A thing.
    Thing(Box<AssetDetails>),
    /// A line.
    Line(Box<ConnectionDetails>),
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LedgerImportOutcome)]
pub enum Outcome {
    /// It cannot be read.
    Faulty,
    /// It may be something that is there; a person decides.
    Undecided,
    /// It removes a record.
    Remove,
    /// It changes a record.
    Change,
    /// It adds one.
    New,
    /// It says what is known.
    Same,
    /// It is left out.
    Skipped,
}

impl Outcome {
    /// Every outcome, what needs a person first.
    pub const ALL: [Outcome; 7] = [
        Outcome::Faulty,
        Outcome::Undecided,
        Outcome::Remove,
        Outcome::Change,
        Outcome::New,
        Outcome::Same,
        Outcome::Skipped,
    ];

    /// The word in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Outcome::Faulty => "faulty",
            Outcome::Undecided => "undecided",
            Outcome::Remove => "remove",
            Outcome::Change => "change",
            Outcome::New => "new",
            Outcome::Same => "same",
            Outcome::Skipped => "skipped",
        }
    }

    /// How many rows there are of it.
    pub const fn of(self, counts: &Counts) -> usize {
        match self {
            Outcome::Faulty => counts.faulty,
            Outcome::Undecided => counts.undecided,
            Outcome::Remove => counts.remove,
            Outcome::Change => counts.change,
            Outcome::New => counts.new,
            Outcome::Same => counts.same,
            Outcome::Skipped => counts.skipped,
        }
    }
}

impl FromStr for Outcome {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        Outcome::ALL.into_iter().find(|outcome| outcome.code() == code).ok_or(())
    }
}

/// A record that a row may be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The record.
    pub id: Uuid,
    /// What speaks for it.
    pub reason: Reason,
}

/// What speaks for a row being about a record, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LedgerImportReason)]
pub enum Reason {
    /// The same serial number.
    Serial,
    /// A hardware address in common.
    Mac,
    /// The same number of the institution's own.
    Number,
    /// The same name in the network, and the same kind.
    Hostname,
    /// The same name.
    Name,
    /// A line of the same kind between the same ends.
    Ends,
}

/// A zone or place that rows name and nobody has written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Creation {
    /// [`AssetKind::Zone`] or [`AssetKind::Place`].
    pub kind: AssetKind,
    /// Its name.
    pub name: String,
    /// How many rows name it.
    pub rows: usize,
    /// Whether it is to be made.
    pub wanted: bool,
    /// The id it gets.
    pub id: AssetId,
}

impl Creation {
    /// How choices name it.
    pub fn key(&self) -> String {
        format!("{}:{}", self.kind.code(), self.name)
    }
}

/// Something of a row that is left out, or goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// No such vendor or system: the field stays as it is.
    Unknown(Column, String),
    /// Things of this kind do not have it.
    Unfit(Column),
    /// The zone or place is not to be made.
    NotMade(Column, String),
    /// Row so-and-so of the files tells of a machine with the same number or hardware address.
    Twin(u64),
    /// So many lines go with what the row removes.
    Lines(usize),
}
