//! Why it happened: what happened when, why-tree, SHEL, 4M4E. Circumstances, never culprits.

use super::NearMissId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

komainu_db::coded! {
    /// What SHEL looks at, one after another.
    Factor as "NearMissFactor", "factor of SHEL":
    /// Rules, procedures, screens, training (software).
    Software = "software",
    /// Machines and tools (hardware).
    Hardware = "hardware",
    /// Where and when, light, noise, how busy it was (environment).
    Environment = "environment",
    /// What it was like for whoever was at it (liveware).
    Person = "person",
    /// Those around: colleagues, vendors, patients (liveware).
    Others = "others",
}

komainu_db::coded! {
    /// The four M of 4M4E.
    Cause as "NearMissCause", "cause of 4M4E":
    /// People: what they knew, how they were.
    Man = "man",
    /// Machines and programs.
    Machine = "machine",
    /// Surroundings, information, procedures between the two.
    Media = "media",
    /// How it is led and organised.
    Management = "management",
}

komainu_db::coded! {
    /// A column of the 4M4E grid: what was found, and the four E against it.
    Column as "NearMissColumn", "column of 4M4E":
    /// What was found.
    Found = "found",
    /// Teaching and practice.
    Education = "education",
    /// Technical ways.
    Engineering = "engineering",
    /// Rules, and seeing to it that they can be kept.
    Enforcement = "enforcement",
    /// Showing how it goes well.
    Example = "example",
}

/// Something that happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = NearMissEvent)]
pub struct Event {
    /// When, as it is known: a time, or words such as "after the round".
    #[schema(max_length = 100)]
    pub when: String,
    /// What happened.
    #[schema(max_length = 500)]
    pub what: String,
}

/// An answer to "why?", under another one or at the top.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = NearMissWhy)]
pub struct Why {
    /// Its number within the analysis, from 1.
    pub number: u32,
    /// The number of the one of which it says why; none at the top.
    pub under: Option<u32>,
    /// The answer.
    #[schema(max_length = 500)]
    pub words: String,
}

/// A finding under one of SHEL's factors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NearMissShelRow)]
pub struct ShelRow {
    /// The factor.
    pub factor: Factor,
    /// What was found.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub words: String,
}

/// A row of the 4M4E grid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = NearMissGridRow)]
pub struct GridRow {
    /// What was found.
    #[schema(max_length = 500)]
    pub found: String,
    /// Teaching and practice.
    #[schema(max_length = 500)]
    pub education: String,
    /// Technical ways.
    #[schema(max_length = 500)]
    pub engineering: String,
    /// Rules, and seeing to it that they can be kept.
    #[schema(max_length = 500)]
    pub enforcement: String,
    /// Showing how it goes well.
    #[schema(max_length = 500)]
    pub example: String,
}

/// The 4M4E grid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = NearMissGrid)]
pub struct Grid {
    /// People.
    pub man: GridRow,
    /// Machines and programs.
    pub machine: GridRow,
    /// Surroundings, information, procedures.
    pub media: GridRow,
    /// How it is led and organised.
    pub management: GridRow,
}

/// The analysis of a case. All parts may stay empty: a house uses the ways that it knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = NearMissAnalysis)]
pub struct Analysis {
    /// What happened when, in order.
    #[schema(max_items = 60)]
    pub timeline: Vec<Event>,
    /// The why-tree; kept in the order in which it is read.
    #[schema(max_items = 60)]
    pub whys: Vec<Why>,
    /// What SHEL found.
    #[schema(max_items = 60)]
    pub shel: Vec<ShelRow>,
    /// What 4M4E found, and what is set against it.
    pub grid: Grid,
    /// What it comes to.
    #[schema(max_length = 2000)]
    pub conclusion: String,
}

/// The analysis of a case as it is stored; an empty one with version 0 where nobody wrote one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analysed {
    /// The case.
    pub near_miss: NearMissId,
    /// The analysis.
    pub analysis: Analysis,
    /// When it was saved last.
    pub saved_at: Option<DateTime<Utc>>,
    /// By whom.
    pub saved_by_name: String,
    /// Grows by one with each change.
    pub version: i64,
}

impl Analysed {
    /// What a case has before anybody wrote about it.
    pub fn none(near_miss: NearMissId) -> Analysed {
        Analysed {
            near_miss,
            analysis: Analysis::default(),
            saved_at: None,
            saved_by_name: String::new(),
            version: 0,
        }
    }
}

impl GridRow {
    /// What stands in a column.
    pub fn cell(&self, column: Column) -> &str {
        match column {
            Column::Found => &self.found,
            Column::Education => &self.education,
            Column::Engineering => &self.engineering,
            Column::Enforcement => &self.enforcement,
            Column::Example => &self.example,
        }
    }

    /// The same, to be written.
    pub fn cell_mut(&mut self, column: Column) -> &mut String {
        match column {
            Column::Found => &mut self.found,
            Column::Education => &mut self.education,
            Column::Engineering => &mut self.engineering,
            Column::Enforcement => &mut self.enforcement,
            Column::Example => &mut self.example,
        }
    }
}

impl Grid {
    /// The row of a cause.
    pub const fn row(&self, cause: Cause) -> &GridRow {
        match cause {
            Cause::Man => &self.man,
            Cause::Machine => &self.machine,
            Cause::Media => &self.media,
            Cause::Management => &self.management,
        }
    }

    /// The same, to be written.
    pub const fn row_mut(&mut self, cause: Cause) -> &mut GridRow {
        match cause {
            Cause::Man => &mut self.man,
            Cause::Machine => &mut self.machine,
            Cause::Media => &mut self.media,
            Cause::Management => &mut self.management,
        }
    }

    /// How many cells hold something.
    pub fn filled(&self) -> usize {
        let row = |cause: &Cause| {
            let row = self.row(*cause);
            Column::ALL.iter().filter(|column| !row.cell(**column).is_empty()).count()
        };
        Cause::ALL.iter().map(row).sum()
    }
}
