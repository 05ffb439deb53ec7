//! First aid (初動): what somebody sees, and what to do about it in the next minutes.
//!
//! A *symptom* is what a nurse or a receptionist sees, not what an expert would call it. Its instructions are the first thing
//! that a frightened person reads: one act each, in the order of doing. Then follow at most three *taps*, questions answered
//! by touching one of a few words, so that a report says enough without a keyboard.

use serde::Deserialize;

use crate::load::Catalog;
use crate::model::Standing;
use crate::parse::{Located, Words};
use crate::words::{IncidentKindId, SourceId, SymptomId};

/// How well a row is founded that tells people what to do. [`Catalog::standing`] finds its sources.
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

/// Something that looks wrong, as it is seen by whoever stands before it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Symptom {
    /// Its id.
    pub id: Located<SymptomId>,
    /// Short name, as it stands below its picture.
    pub title: Words,
    /// What one sees, in one line.
    pub hint: Words,
    /// Its picture: the name of a drawing in `ui/svg`.
    pub picture: String,
    /// What to do now, in order: one to [`MOST_ACTS`] acts.
    pub now: Vec<Words>,
    /// What not to do: one to [`MOST_NEVERS`].
    pub never: Vec<Words>,
    /// What is asked by touch after that: at most [`MOST_TAPS`].
    #[serde(default)]
    pub taps: Vec<Tap>,
    /// The kind of incident that it most likely is, where it is one.
    pub incident: Option<Located<IncidentKindId>>,
    /// What it probably is, a guess for whoever judges it: one of [`NATURES`].
    pub nature: String,
    /// Whether a report of it calls people by itself, at any hour.
    pub urgent: bool,
    /// How well the instructions are founded.
    pub standing: Grounds,
}

/// The most acts that a frightened person is told at once.
pub const MOST_ACTS: usize = 6;
/// The most things that are forbidden at once.
pub const MOST_NEVERS: usize = 3;
/// The most questions of a symptom.
pub const MOST_TAPS: usize = 3;
/// What a symptom may be guessed to be: the words of near misses.
pub const NATURES: [&str; 4] = ["attack", "rule", "fault", "other"];

impl Symptom {
    /// A question of this symptom.
    pub fn tap(&self, id: &str) -> Option<&Tap> {
        self.taps.iter().find(|tap| tap.id == id)
    }

    /// What an answer's code ([`Tap::code`]) means.
    pub fn answer(&self, code: &str) -> Option<(&Tap, &TapOption)> {
        let (tap, option) = code.split_once('.')?;
        let tap = self.tap(tap)?;
        Some((tap, tap.option(option)?))
    }
}

/// A question that is answered by touching one of a few words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tap {
    /// Its id, unique within the symptom.
    pub id: String,
    /// The question.
    pub question: Words,
    /// The answers, of which one is touched.
    pub options: Vec<TapOption>,
}

impl Tap {
    /// An answer.
    pub fn option(&self, id: &str) -> Option<&TapOption> {
        self.options.iter().find(|option| option.id == id)
    }

    /// An answer's code, as it is kept with a report: `tap.option`.
    pub fn code(&self, option: &TapOption) -> String {
        format!("{}.{}", self.id, option.id)
    }
}

/// An answer to be touched.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TapOption {
    /// Its id, unique within the question.
    pub id: String,
    /// Its words.
    pub label: Words,
}

/// First aid.
impl Catalog {
    /// Every symptom, in the order of the report's page.
    pub fn symptoms(&self) -> &[Symptom] {
        &self.rows.symptom
    }

    /// A symptom.
    pub fn symptom(&self, id: &str) -> Option<&Symptom> {
        self.rows.symptom.iter().find(|symptom| symptom.id.as_str() == id)
    }

    /// How well a row is founded, with its sources.
    pub fn standing<'a>(&'a self, grounds: &'a Grounds) -> Standing<'a> {
        Standing {
            confirmed: grounds.confirmed,
            remark: grounds.remark.as_ref(),
            sources: self.sources(&grounds.sources),
        }
    }
}
