//! A report of a near miss and all that becomes of it.

use chrono::{DateTime, NaiveDate, Utc};
use komainu_access::{LinkId, PersonId};
use komainu_inventory::AssetId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

komainu_db::id! {
    /// A report of a near miss.
    NearMissId
}

komainu_db::id! {
    /// What is done so that it does not happen again.
    MeasureId
}

komainu_db::id! {
    /// A photograph of a report.
    PhotoId
}

mod analysis;
mod meeting;

pub use analysis::*;
pub use meeting::*;

komainu_db::coded! {
    /// Where a report stands.
    State as "NearMissState", "state of a near miss":
    /// Nobody has judged it yet.
    New = "new",
    /// Judged: level, nature, first words.
    Triaged = "triaged",
    /// Measures are under way.
    Measures = "measures",
    /// Done; learned from.
    Closed = "closed",
    /// No matter of this kind, or reported twice.
    SetAside = "set_aside",
}

komainu_db::coded! {
    /// How far it went, after the levels of medical safety (影響度分類), with the harm to systems beside that to patients.
    /// The adaption to systems is ours.
    Level as "NearMissLevel", "level":
    /// Noticed before anything happened.
    L0 = "0",
    /// Happened; no system and no patient felt it.
    L1 = "1",
    /// Had to be watched: a system was slow or looked over, care went on as always.
    L2 = "2",
    /// A short way round was needed: paper, another terminal.
    L3a = "3a",
    /// Care was put off or done otherwise for patients.
    L3b = "3b",
    /// Systems or data were lost for long, or data left the house; patients without lasting harm.
    L4a = "4a",
    /// Lasting harm to patients, or care stopped for days.
    L4b = "4b",
    /// A patient died, and that it was because of this cannot be ruled out.
    L5 = "5",
}

komainu_db::coded! {
    /// What it was, in the judgement of who handles it.
    Nature as "NearMissNature", "nature of a near miss":
    /// Somebody attacked, or tried to.
    Attack = "attack",
    /// Rules of people: something was lost, sent to the wrong one, taken along.
    Rule = "rule",
    /// Something broke or was set wrongly.
    Fault = "fault",
    /// Anything else.
    Other = "other",
}

komainu_db::coded! {
    /// Where a measure stands.
    MeasureState as "NearMissMeasureState", "state of a measure":
    /// To be done.
    Open = "open",
    /// Done.
    Done = "done",
    /// Given up, with a reason.
    Dropped = "dropped",
}

/// A report as it came in. Words of strangers: never a file name, address or markup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = NearMissDetail)]
pub struct Detail {
    /// The place in words; may be empty.
    pub place: String,
    /// What was tapped after the symptom: codes of the catalogue's answers.
    pub taps: Vec<String>,
    /// In their own words; may be empty.
    pub words: String,
    /// Their name; empty for nameless.
    pub name: String,
}

/// What was judged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = NearMissTriage)]
pub struct Triage {
    /// What happened, in one sentence of who handles it.
    pub summary: String,
    /// What it did, or could have done, to patients.
    pub patients: String,
    /// Anything else.
    pub note: String,
}

/// What everybody may read: it names nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = NearMissBoard)]
pub struct Board {
    /// A heading.
    pub title: String,
    /// What happened.
    pub happened: String,
    /// What was learned.
    pub learned: String,
    /// What everybody does from now on.
    pub doing: String,
}

/// A near miss.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// Its id.
    pub id: NearMissId,
    /// The fiscal year in which it came in, by its first calendar year.
    pub fiscal_year: i32,
    /// Its number within that year, from 1.
    pub number: i64,
    /// A symptom of the catalogue.
    pub symptom: String,
    /// A place of the ledger.
    pub place: Option<AssetId>,
    /// The poster's link.
    pub link: Option<LinkId>,
    /// Who reported, signed in.
    pub person: Option<PersonId>,
    /// As it came in.
    pub detail: Detail,
    /// The language in which it was written (`ja`, `en`, `zh`).
    pub lang: String,
    /// When it was seen, by the reporter's clock.
    pub seen_at: DateTime<Utc>,
    /// When it was written down, by the reporter's clock.
    pub written_at: DateTime<Utc>,
    /// When it came in, by ours.
    pub received_at: DateTime<Utc>,
    /// Where it stands.
    pub state: State,
    /// How far it went; none until judged.
    pub level: Option<Level>,
    /// What it was; none until judged.
    pub nature: Option<Nature>,
    /// What was judged.
    pub triage: Triage,
    /// When it was judged first.
    pub triaged_at: Option<DateTime<Utc>>,
    /// By whom.
    pub triaged_by_name: String,
    /// What is on the board, or would be.
    pub board: Board,
    /// Since when it is on the board; none while it is not.
    pub board_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Grows by one with each change.
    pub version: i64,
}

/// A photograph of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Photo {
    /// Its id.
    pub id: PhotoId,
    /// The file's SHA-256 in hexadecimal digits.
    pub file: String,
    /// Its name, cleaned.
    pub name: String,
    /// In bytes.
    pub size: i64,
    /// Such as `image/jpeg`.
    pub media_type: String,
}

/// What the house or whoever reported said to the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Whether the house said it.
    pub from_house: bool,
    /// Who; empty for the nameless.
    pub name: String,
    /// What.
    pub words: String,
    /// When.
    pub written_at: DateTime<Utc>,
}

/// What a measure is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = NearMissMeasureDetail)]
pub struct MeasureDetail {
    /// What is done.
    pub what: String,
    /// What came of it, or why it was given up.
    pub result: String,
}

/// A measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Its id.
    pub id: MeasureId,
    /// The near miss that it answers.
    pub near_miss: NearMissId,
    /// What it is.
    pub detail: MeasureDetail,
    /// Who does it, where they have an account.
    pub owner: Option<PersonId>,
    /// Who does it, in words.
    pub owner_name: String,
    /// Until when.
    pub due_on: Option<NaiveDate>,
    /// Where it stands.
    pub state: MeasureState,
    /// When it was done or given up.
    pub settled_at: Option<DateTime<Utc>>,
    /// By whom.
    pub settled_by_name: String,
    /// Grows by one with each change.
    pub version: i64,
}

impl NearMiss {
    /// Its number as people say it: `2026-012`; empty while it has none.
    pub fn number_text(&self) -> String {
        if self.number == 0 { String::new() } else { format!("{}-{:03}", self.fiscal_year, self.number) }
    }
}
