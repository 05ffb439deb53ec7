//! An incident and all that belongs to it.

use chrono::{DateTime, NaiveDate, Utc};
use komainu_access::PersonId;
use komainu_catalog::TaskRole;
use komainu_inventory::AssetId;
use komainu_nearmiss::NearMissId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

komainu_db::id! {
    /// An incident.
    IncidentId
}

komainu_db::id! {
    /// An entry of a timeline.
    EntryId
}

komainu_db::id! {
    /// Something to do.
    TaskId
}

komainu_db::id! {
    /// A piece of evidence of an incident.
    ExhibitId
}

mod report;

pub use report::{Fact, Known, Line, Report};

komainu_db::coded! {
    /// How grave it is. The levels and their words are ours.
    Level as "IncidentLevel", "level of an incident":
    /// Something is odd; care goes on as always.
    Watch = "watch",
    /// One place or system; there is a way round.
    Limited = "limited",
    /// Care is hindered, or data may have left the house.
    Serious = "serious",
    /// Care stops in a part of the house or in all of it.
    Crisis = "crisis",
}

komainu_db::coded! {
    /// Where it stands.
    State as "IncidentState", "state of an incident":
    /// It goes on.
    Open = "open",
    /// It spreads no more.
    Contained = "contained",
    /// Systems are being brought back.
    Recovering = "recovering",
    /// Over; learned from.
    Closed = "closed",
}

komainu_db::coded! {
    /// What an entry of the timeline is.
    EntryKind as "IncidentEntryKind", "kind of entry":
    /// Something happened.
    Event = "event",
    /// Something was decided.
    Decision = "decision",
    /// One shift hands over to the next.
    Handover = "handover",
    /// Anything else.
    Note = "note",
    /// The state changed; written with the change.
    State = "state",
    /// The level changed; written with the change.
    Level = "level",
    /// The moment of knowing was put right; written with the change.
    Knew = "knew",
    /// A task was done, dropped or opened again; written with the change.
    Task = "task",
    /// It was said how a thing of the ledger stands; written with the change.
    Asset = "asset",
    /// Somebody was told, or that was taken back; written with the change.
    Told = "told",
}

impl EntryKind {
    /// Those that people write themselves.
    pub const WRITTEN: [EntryKind; 4] =
        [EntryKind::Event, EntryKind::Decision, EntryKind::Handover, EntryKind::Note];
}

komainu_db::coded! {
    /// Where a task stands.
    TaskState as "IncidentTaskState", "state of a task":
    /// To be done.
    Open = "open",
    /// Done.
    Done = "done",
    /// Not needed.
    Dropped = "dropped",
}

komainu_db::coded! {
    /// How a thing of the ledger stands in an incident.
    AssetState as "IncidentAssetState", "state of a thing":
    /// Perhaps affected.
    Suspected = "suspected",
    /// Affected.
    Affected = "affected",
    /// Cut off from the network.
    CutOff = "cut_off",
    /// Brought back.
    Restored = "restored",
    /// Looked at, and nothing found.
    Clean = "clean",
}

komainu_db::coded! {
    /// What people fill in together.
    Sheet as "IncidentSheet", "sheet":
    /// What the reports are filled from.
    Facts = "facts",
    /// Answers to the plain questions that decide who is told: yes, no, or nothing.
    Duties = "duties",
    /// What was learned.
    Lessons = "lessons",
}

komainu_db::coded! {
    /// Where a clock stands when somebody is reminded of it. They follow one another.
    Stage as "IncidentReminderStage", "stage of a reminder":
    /// The day to keep in mind comes near.
    Near = "near",
    /// The day to keep in mind has come, and the last day is still ahead.
    Aim = "aim",
    /// It is the last day.
    Last = "last",
    /// The last day is over.
    Over = "over",
}

/// What people wrote about an incident.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = IncidentDetail)]
pub struct Detail {
    /// A name by which everybody knows it.
    pub title: String,
    /// What is known, in a few sentences.
    pub summary: String,
    /// What it does to care.
    pub care: String,
}

/// An incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// Its id.
    pub id: IncidentId,
    /// The fiscal year in which it was declared, by its first calendar year.
    pub fiscal_year: i32,
    /// Its number within that year, from 1.
    pub number: i64,
    /// A kind of the catalogue.
    pub kind: String,
    /// How grave it is.
    pub level: Level,
    /// Where it stands.
    pub state: State,
    /// Whether it is an exercise.
    pub drill: bool,
    /// The report that it belongs to.
    pub near_miss: Option<NearMissId>,
    /// What people wrote.
    pub detail: Detail,
    /// The moment from which the clocks run.
    pub first_knew_at: DateTime<Utc>,
    /// When it was declared.
    pub declared_at: DateTime<Utc>,
    /// By whom.
    pub declared_by_name: String,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Grows by one with each change of anything about it.
    pub revision: i64,
    /// Grows by one with each change of what stands here.
    pub version: i64,
}

impl Incident {
    /// Its number as people say it: `2026-02`.
    pub fn number_text(&self) -> String {
        format!("{}-{:02}", self.fiscal_year, self.number)
    }
}

/// Who does what since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleHeld {
    /// The role.
    pub role: TaskRole,
    /// Who, where they have an account.
    pub person: Option<PersonId>,
    /// Who, in words.
    pub name: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// An entry of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: EntryId,
    /// What it is.
    pub kind: EntryKind,
    /// When it happened.
    pub happened_at: DateTime<Utc>,
    /// When it was written.
    pub written_at: DateTime<Utc>,
    /// By whom.
    pub written_by_name: String,
    /// What. Where the program wrote it: the code of the state or level, or the moment, that was reached; for a task, a thing or
    /// a duty the code, a space and which.
    pub words: String,
    /// Why, for a decision; to whom, for a hand-over.
    pub reason: String,
    /// The entry that it corrects.
    pub corrects: Option<EntryId>,
}

/// What a task is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = IncidentTaskDetail)]
pub struct TaskDetail {
    /// What is to be done; empty for a first task, whose words are the catalogue's.
    pub what: String,
    /// What came of it.
    pub result: String,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// The incident that it belongs to.
    pub incident: IncidentId,
    /// Its place in the list.
    pub position: i64,
    /// A first task of the catalogue as `KIND.TASK`; empty for the house's own.
    pub template: String,
    /// What it is.
    pub detail: TaskDetail,
    /// Whose role it falls to.
    pub role: TaskRole,
    /// Who does it; empty while nobody took it.
    pub owner_name: String,
    /// Until when.
    pub due_at: Option<DateTime<Utc>>,
    /// Where it stands.
    pub state: TaskState,
    /// When it was done or dropped.
    pub settled_at: Option<DateTime<Utc>>,
    /// By whom.
    pub settled_by_name: String,
    /// Grows by one with each change.
    pub version: i64,
}

/// What stands beside a thing of the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = IncidentAssetDetail)]
pub struct AssetDetail {
    /// Its name when it was marked.
    pub name: String,
    /// What was seen or done.
    pub note: String,
}

/// A thing of the ledger in an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// Which.
    pub asset: AssetId,
    /// How it stands.
    pub state: AssetState,
    /// Its name and a note.
    pub detail: AssetDetail,
    /// When that was said.
    pub changed_at: DateTime<Utc>,
    /// By whom.
    pub changed_by_name: String,
    /// Grows by one with each change.
    pub version: i64,
}

/// What a piece of evidence is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = IncidentExhibitDetail)]
pub struct ExhibitDetail {
    /// What it is.
    pub what: String,
    /// From which device or place it was taken.
    pub source: String,
    /// By which means.
    pub means: String,
    /// Where it is kept.
    pub kept: String,
}

/// A piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exhibit {
    /// Its id.
    pub id: ExhibitId,
    /// The incident that it belongs to.
    pub incident: IncidentId,
    /// The file's SHA-256 in hexadecimal digits; empty for a thing that is kept elsewhere.
    pub file: String,
    /// The file's name, cleaned.
    pub name: String,
    /// In bytes.
    pub size: i64,
    /// What the file is kept as.
    pub media_type: String,
    /// What it is.
    pub detail: ExhibitDetail,
    /// When it was taken.
    pub taken_at: DateTime<Utc>,
    /// By whom.
    pub taken_by_name: String,
    /// When it came in here.
    pub added_at: DateTime<Utc>,
    /// By whom.
    pub added_by_name: String,
    /// From hand to hand, oldest first.
    pub custody: Vec<Custody>,
}

/// From whom to whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = IncidentCustodyDetail)]
pub struct CustodyDetail {
    /// Who gave it.
    pub from: String,
    /// Who took it.
    pub to: String,
    /// Why, and where it is now.
    pub why: String,
}

/// A piece of evidence passed from hand to hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Custody {
    /// From whom to whom.
    pub detail: CustodyDetail,
    /// When.
    pub handed_at: DateTime<Utc>,
    /// When that was written.
    pub written_at: DateTime<Utc>,
    /// By whom.
    pub written_by_name: String,
}

/// Somebody who was told, or of whom something was noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// A duty of the catalogue.
    pub duty: String,
    /// To whom, by which way, under which number.
    pub note: String,
    /// When they were told; none while they were not.
    pub done_at: Option<DateTime<Utc>>,
    /// By whom.
    pub done_by_name: String,
    /// Evidence that proves it.
    pub proof: Option<ExhibitId>,
    /// Grows by one with each change; 0 where nothing is noted yet.
    pub version: i64,
}

/// Somebody who was reminded of a clock by mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminded {
    /// A duty of the catalogue.
    pub duty: String,
    /// Where its clock stood.
    pub stage: Stage,
    /// The last day of the clock.
    pub due_on: NaiveDate,
    /// Who.
    pub person: PersonId,
    /// By name.
    pub name: String,
    /// When.
    pub sent_at: DateTime<Utc>,
}

/// The fields of a sheet by their codes; a field that is empty is left out.
pub type Fields = BTreeMap<String, String>;

/// A sheet as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// Its fields.
    pub fields: Fields,
    /// When it was changed last; none while it is empty.
    pub changed_at: Option<DateTime<Utc>>,
    /// By whom.
    pub changed_by_name: String,
    /// Grows by one with each change; 0 while nothing was written.
    pub version: i64,
}

impl Filled {
    /// A field; empty where nothing is written.
    pub fn of(&self, field: &str) -> &str {
        self.fields.get(field).map(String::as_str).unwrap_or_default()
    }
}

/// An incident with all that belongs to it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The incident.
    pub incident: Incident,
    /// Who has which role, the newest of each first.
    pub roles: Vec<RoleHeld>,
    /// What was written, in the order of happening.
    pub entries: Vec<Entry>,
    /// What is to be done, in order.
    pub tasks: Vec<Task>,
    /// Things of the ledger.
    pub assets: Vec<Marked>,
    /// Evidence, oldest first.
    pub evidence: Vec<Exhibit>,
    /// Who was told.
    pub told: Vec<Told>,
    /// Who was reminded of which clock, oldest first.
    pub reminded: Vec<Reminded>,
    /// What the reports are filled from.
    pub facts: Filled,
    /// Answers to the plain questions.
    pub answers: Filled,
    /// What was learned.
    pub lessons: Filled,
}

impl Case {
    /// Who has a role now.
    pub fn holder(&self, role: TaskRole) -> Option<&RoleHeld> {
        self.roles.iter().find(|held| held.role == role)
    }

    /// A sheet.
    pub fn sheet(&self, sheet: Sheet) -> &Filled {
        match sheet {
            Sheet::Facts => &self.facts,
            Sheet::Duties => &self.answers,
            Sheet::Lessons => &self.lessons,
        }
    }
}
