//! Kinds of incident, with the first tasks of each, and the table of what is due when.

use serde::Deserialize;

use crate::load::Catalog;
use crate::model::Standing;
use crate::parse::{Located, Words, codes};
use crate::words::{DutyId, IncidentKindId, SourceId, StageId};

/// How well a row is founded that tells people what to do. [`Catalog::standing_of`] finds its sources.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grounds {
    /// Follows from a source.
    pub confirmed: bool,
    /// What is not known, or which part is our own; always there where it is not confirmed.
    pub remark: Option<Words>,
    /// Where it was read.
    #[serde(default)]
    pub sources: Vec<Located<SourceId>>,
}

codes! {
    /// Who of those that lead an incident takes a task. Roles, not persons: in a small house one person has several.
    TaskRole {
        /// 指揮: decides.
        Commander = "commander",
        /// システム・線: cuts lines, speaks with vendors, restores.
        Systems = "systems",
        /// 記録: writes down what happened and keeps evidence.
        Recorder = "recorder",
        /// 診療: keeps care going, without records where it must.
        Care = "care",
        /// 連絡: authorities, patients, the public.
        Contact = "contact",
    }
}

/// A kind of incident.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentKind {
    /// Its id.
    pub id: Located<IncidentKindId>,
    /// Short name.
    pub title: Words,
    /// What belongs here, in one line, for choosing.
    pub hint: Words,
    /// The first tasks, in the order in which they are best begun.
    pub tasks: Vec<FirstTask>,
    /// How well the tasks are founded.
    pub standing: Grounds,
}

impl IncidentKind {
    /// A task of this kind.
    pub fn task(&self, id: &str) -> Option<&FirstTask> {
        self.tasks.iter().find(|task| task.id == id)
    }
}

/// A task that an incident of a kind begins with.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstTask {
    /// Its id, unique within the kind.
    pub id: String,
    /// What to do, as an instruction.
    pub title: Words,
    /// Why, in one sentence.
    pub why: Words,
    /// Who takes it.
    pub role: TaskRole,
    /// Until when, in minutes after the declaration, where it is worth a number. Our estimate, no duty.
    pub minutes: Option<i64>,
}

/// A stretch of time after "first knew" and what belongs into it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Its id.
    pub id: Located<StageId>,
    /// When, in words.
    pub when: Words,
    /// Until when, in hours after "first knew"; none where it depends.
    pub until_hours: Option<i64>,
    /// What to do, in order.
    pub acts: Vec<StageAct>,
    /// How well it is founded.
    pub standing: Grounds,
}

/// Something to do in a stage.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageAct {
    /// What to do.
    pub text: Words,
    /// The duties that it meets, where it meets any.
    #[serde(default)]
    pub duties: Vec<Located<DutyId>>,
}

/// Kinds of incident and the table of time.
impl Catalog {
    /// Every kind of incident, in the order of choosing.
    pub fn incident_kinds(&self) -> &[IncidentKind] {
        &self.rows.incident_kind
    }

    /// A kind of incident.
    pub fn incident_kind(&self, id: &str) -> Option<&IncidentKind> {
        self.rows.incident_kind.iter().find(|kind| kind.id.as_str() == id)
    }

    /// How sure a row is, with its sources.
    pub fn standing_of<'a>(&'a self, grounds: &'a Grounds) -> Standing<'a> {
        Standing {
            confirmed: grounds.confirmed,
            remark: grounds.remark.as_ref(),
            sources: grounds.sources.iter().filter_map(|id| self.source(id)).collect(),
        }
    }

    /// What is due when, from the first hour on.
    pub fn stages(&self) -> &[Stage] {
        &self.rows.stage
    }
}
