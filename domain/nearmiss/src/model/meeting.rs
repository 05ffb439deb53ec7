//! The committee's meetings: which cases, in which order, and what was said.

use super::NearMissId;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

komainu_db::id! {
    /// A meeting of the committee.
    MeetingId
}

/// A case on the list of a meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NearMissMeetingCase)]
pub struct MeetingCase {
    /// The case.
    pub near_miss: NearMissId,
    /// What was said and decided about it.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub words: String,
}

/// What is written about a meeting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = NearMissMeetingContent)]
pub struct MeetingContent {
    /// What it is called.
    #[schema(max_length = 100)]
    pub title: String,
    /// Where it is held.
    #[schema(max_length = 100)]
    pub place: String,
    /// Who was there, by role.
    #[schema(max_length = 2000)]
    pub present: String,
    /// The cases, in the order in which they are talked about.
    #[schema(max_items = 50)]
    pub cases: Vec<MeetingCase>,
    /// What else was said.
    #[schema(max_length = 2000)]
    pub minutes: String,
    /// What was decided, and until when.
    #[schema(max_length = 2000)]
    pub decided: String,
}

/// A meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// Its id.
    pub id: MeetingId,
    /// The day.
    pub held_on: NaiveDate,
    /// What is written about it.
    pub content: MeetingContent,
    /// When it was saved last.
    pub saved_at: DateTime<Utc>,
    /// By whom.
    pub saved_by_name: String,
    /// Grows by one with each change.
    pub version: i64,
}
