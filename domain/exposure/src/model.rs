//! What is kept of the engine's answers.

use chrono::{DateTime, NaiveDate, Utc};
use komainu_catalog::{ItemId, Scope as AskedAbout};
use komainu_exposure::Report;
use serde::{Deserialize, Serialize};

/// The engine's answer about one revision of a ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The ledger's revision.
    pub revision: i64,
    /// When it was computed.
    pub computed_at: DateTime<Utc>,
    /// The last day on which the same ledger gives the same answer; none where no day changes it.
    pub good_until: Option<NaiveDate>,
    /// The answer.
    pub report: Report,
}

impl Kept {
    /// Whether it is the answer about a ledger of this revision on this day.
    pub fn stands(&self, revision: i64, today: NaiveDate) -> bool {
        self.revision == revision && self.good_until.is_none_or(|last| today <= last)
    }
}

/// What the best fix for an item of the checklist does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemGain {
    /// The item.
    pub item: ItemId,
    /// The kind of device that the fix is on; [`AskedAbout::All`] for lines, shared passwords and everything else.
    pub about: AskedAbout,
    /// How much of the harm it takes away, in hundredths: 0 to 100.
    pub share: i32,
    /// On how many of the ways that were found it stands in the way.
    pub ways: u32,
}
