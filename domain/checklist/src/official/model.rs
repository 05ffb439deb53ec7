//! What a loaded workbook is.

use chrono::{DateTime, Utc};
use komainu_catalog::{PlacementId, Variant};
use komainu_workbook::{RecognisedRow, Recognition};

/// How the placement of a row begins that only the workbook has.
const OWN: &str = "official.";

/// A loaded workbook.
#[derive(Clone, Debug)]
pub struct OfficialForm {
    /// The fiscal year by its first calendar year.
    pub fiscal_year: i32,
    /// The form.
    pub variant: Variant,
    /// The file's name as the browser gave it.
    pub file_name: String,
    /// The sealed original.
    pub digest: String,
    /// Where what stands in the workbook.
    pub recognition: Recognition,
    /// When it was loaded.
    pub loaded_at: DateTime<Utc>,
    /// By whom.
    pub loaded_by_name: String,
    /// When and by whom the rows were confirmed.
    pub confirmed: Option<(DateTime<Utc>, String)>,
    /// Grows by one at every change.
    pub version: i64,
}

impl OfficialForm {
    /// Its address.
    pub fn path(&self) -> String {
        format!("/official/{}/{}", self.fiscal_year, self.variant)
    }

    /// What was recognised of a row.
    pub fn found(&self, row: &OfficialRow) -> Option<&RecognisedRow> {
        self.recognition.rows.get(row.position)
    }
}

/// What a row of the workbook is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Usage {
    /// One of our items.
    Item(PlacementId),
    /// A question that only this workbook has, answered under a placement of its own.
    Own(PlacementId),
    /// No checkpoint.
    Ignored,
}

impl Usage {
    /// Reads what [`Usage::placement`] gave.
    pub fn of(placement: Option<PlacementId>) -> Usage {
        match placement {
            None => Usage::Ignored,
            Some(placement) if is_own(&placement) => Usage::Own(placement),
            Some(placement) => Usage::Item(placement),
        }
    }

    /// The row's placement; none for no checkpoint.
    pub fn placement(&self) -> Option<&PlacementId> {
        match self {
            Usage::Item(placement) | Usage::Own(placement) => Some(placement),
            Usage::Ignored => None,
        }
    }
}

/// Whether a placement belongs to a workbook and not to the catalogue.
pub fn is_own(placement: &PlacementId) -> bool {
    placement.as_str().starts_with(OWN)
}

/// The placement that belongs to a name of hexadecimal digits.
pub(crate) fn own_placement(name: &str) -> Option<PlacementId> {
    format!("{OWN}{name}").parse().ok()
}

/// A row of a loaded workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficialRow {
    /// Place among the rows of the workbook, from 0.
    pub position: usize,
    /// The printed number, with its section where one is known; empty if none.
    pub number: String,
    /// The ministry's sentence.
    pub sentence: String,
    /// What the row is.
    pub usage: Usage,
    /// Further rows of ours that it covers.
    pub also: Vec<PlacementId>,
}

impl OfficialRow {
    /// Every row of ours that it covers.
    pub fn covers(&self) -> impl Iterator<Item = &PlacementId> {
        let own = match &self.usage {
            Usage::Item(placement) => Some(placement),
            _ => None,
        };
        own.into_iter().chain(own.map(|_| self.also.as_slice()).unwrap_or_default())
    }
}

/// What the ministry's form says for a row of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficialSentence {
    /// The printed number; empty if none.
    pub number: String,
    /// The sentence.
    pub text: String,
}
