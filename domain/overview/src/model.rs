//! What a look back is made of.

use chrono::{DateTime, NaiveDate, Utc};
use komainu_access::PersonId;
use komainu_catalog::{InstitutionKind, ItemId};
use komainu_checklist::model::{Counts, Round};
use serde::Serialize;
use utoipa::ToSchema;

/// How an item stands in a year, whatever number of rows it was printed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ItemMark)]
pub enum Mark {
    /// Every row is a yes (or does not apply beside a yes).
    Yes,
    /// Some rows are a yes, some are not.
    Partly,
    /// No row is a yes, and at least one is a no.
    No,
    /// Nobody is sure.
    NotSure,
    /// It does not apply.
    NotApplicable,
    /// Not answered, or not confirmed for that year.
    Open,
    /// The gate question made it unnecessary.
    NotNeeded,
    /// That year's form does not print it.
    Absent,
}

/// A section of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SectionProgress {
    /// Its number.
    pub number: u8,
    /// How many rows stand where.
    pub counts: Counts,
}

/// The checks done up to the end of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthEnd {
    /// The first day of the month.
    pub month: NaiveDate,
    /// Rows with a first check by then; none while the month has not begun.
    pub checked: Option<u32>,
}

/// One year of the institution's own checklist.
#[derive(Clone, Debug)]
pub struct YearProgress {
    /// The round.
    pub round: Round,
    /// How many rows stand where.
    pub counts: Counts,
    /// The same by section, in printed order.
    pub sections: Vec<SectionProgress>,
    /// April to March.
    pub months: Vec<MonthEnd>,
}

/// An item in every year, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemHistory {
    /// The item.
    pub item: ItemId,
    /// A mark for each year.
    pub marks: Vec<Mark>,
}

/// The institution's progress.
#[derive(Clone, Debug)]
pub struct Progress {
    /// What kind of institution it is: published figures speak of kinds.
    pub kind: InstitutionKind,
    /// The years, newest first; at least one.
    pub years: Vec<YearProgress>,
    /// The items of all these years, those of the newest form first.
    pub items: Vec<ItemHistory>,
}

/// Which entries of the log are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only entries before this number; none for the newest.
    pub before: Option<i64>,
    /// Only this kind of thing; empty for all.
    pub kind: String,
    /// Only what this person did.
    pub person: Option<PersonId>,
    /// Only from this day on.
    pub from: Option<NaiveDate>,
    /// Only up to this day.
    pub to: Option<NaiveDate>,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Its number in the chain.
    pub seq: i64,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// The name of who made the change, at the time.
    pub person_name: String,
    /// The shared place where it was made; empty for a person's own browser.
    pub place_name: String,
    /// The link with which somebody without an account made it; empty for everybody else.
    pub link_name: String,
    /// What was done.
    pub action: String,
    /// To what kind of thing.
    pub object_kind: String,
    /// To which one.
    pub object_id: String,
    /// The state before, JSON.
    pub before: String,
    /// The state after, JSON.
    pub after: String,
}

/// A part of the log, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogPart {
    /// The entries.
    pub entries: Vec<LogEntry>,
    /// Where the older part begins, if there is one.
    pub older: Option<i64>,
    /// How many entries the chain has.
    pub length: i64,
    /// The hash of its last entry, hexadecimal; empty where there is none.
    pub end: String,
}
