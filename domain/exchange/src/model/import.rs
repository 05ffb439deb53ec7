//! An import under way.

use crate::model::content::{FileKind, Mapping};
use chrono::{DateTime, Utc};
use komainu_db::uuid::Uuid;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::str::FromStr;
use utoipa::ToSchema;

komainu_db::id! {
    /// An import of one person.
    ImportId
}

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LedgerImportState)]
pub enum State {
    /// It is to be said what the columns are.
    Mapping,
    /// It is to be looked at and decided.
    Preview,
    /// It is done.
    Applied,
}

impl State {
    /// The word stored in the database.
    pub const fn code(self) -> &'static str {
        match self {
            State::Mapping => "mapping",
            State::Preview => "preview",
            State::Applied => "applied",
        }
    }
}

impl FromStr for State {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        [State::Mapping, State::Preview, State::Applied]
            .into_iter()
            .find(|state| state.code() == code)
            .ok_or(())
    }
}

/// An import as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// Where it stands.
    pub state: State,
    /// What was said about it.
    pub detail: Detail,
    /// When its files were handed in.
    pub created_at: DateTime<Utc>,
    /// Grows by one with each change.
    pub version: i64,
}

/// What is known of an import beside its content.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// The files' names.
    pub files: Vec<String>,
    /// What they are, each kind once.
    pub kinds: Vec<FileKind>,
    /// What the columns are, by table.
    pub mappings: Vec<Mapping>,
    /// What a person decided.
    pub choices: Choices,
    /// What came of it, once it is done.
    pub result: Option<Counts>,
}

impl Detail {
    /// Where the changes come from, as the log names it.
    pub fn source(&self) -> String {
        let kinds: Vec<&str> = self.kinds.iter().map(|kind| kind.code()).collect();
        format!("import:{}", kinds.join("+"))
    }
}

/// What a person decided about the rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// By the row's place among all rows, from 0.
    pub rows: BTreeMap<usize, Decision>,
    /// For every row that may be something that is there and is not decided by itself.
    pub every: Option<Every>,
    /// Zones and places that are not to be made, by `zone:` or `place:` and the name.
    pub not_made: Vec<String>,
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The record with this id.
    Same(Uuid),
    /// Another one, to be added.
    Other,
    /// To be left out.
    Skip,
}

/// What rows are that may be something that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LedgerImportEvery)]
pub enum Every {
    /// The same, where only one thing comes into question.
    Same,
    /// Others.
    Other,
    /// To be left out.
    Skip,
}

impl Every {
    /// The word used in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Every::Same => "same",
            Every::Other => "other",
            Every::Skip => "skip",
        }
    }
}

impl FromStr for Every {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        [Every::Same, Every::Other, Every::Skip].into_iter().find(|every| every.code() == code).ok_or(())
    }
}

/// How many rows there are of each outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LedgerImportCounts)]
pub struct Counts {
    /// Rows that add a thing or line.
    pub new: usize,
    /// Rows that change one.
    pub change: usize,
    /// Rows that say what is known.
    pub same: usize,
    /// Rows that remove one.
    pub remove: usize,
    /// Rows that cannot be read.
    pub faulty: usize,
    /// Rows that may be something that is there, and nobody has decided.
    pub undecided: usize,
    /// Rows that are left out.
    pub skipped: usize,
    /// Zones and places that are made because rows name them.
    pub made: usize,
}

impl Counts {
    /// Whether nothing stands in the way.
    pub fn ready(&self) -> bool {
        self.faulty == 0 && self.undecided == 0
    }

    /// Whether anything would change.
    pub fn any(&self) -> bool {
        self.new + self.change + self.remove + self.made > 0
    }
}
