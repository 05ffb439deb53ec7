//! First aid (初動) by symptom: what to do and not to do in the next minutes, in the order of acting.
//!
//! A *symptom* is what somebody without knowledge of computers sees. A *tap* is a question answered with one tap; symptoms
//! share them. Both are what the page for reporting a near miss is made of, so there are few of each and they are short.

use serde::Deserialize;

use crate::load::Catalog;
use crate::model::Standing;
use crate::parse::{Located, Words, codes};
use crate::words::{SourceId, SymptomId, TapId};

codes! {
    /// What a symptom mostly turns out to be; whoever handles a report judges anew.
    SymptomNature {
        /// Somebody attacks, or tries to.
        Attack = "attack",
        /// Rules of people: something lost, sent to the wrong one.
        Rule = "rule",
        /// Something broke or was set wrongly.
        Fault = "fault",
        /// Anything else.
        Other = "other",
    }
}

/// Most steps of first aid that somebody reads in a fright.
pub(crate) const MOST_NOW: usize = 6;
/// Most things not to do.
pub(crate) const MOST_NEVER: usize = 3;
/// Most questions after the symptom: with the tap that sends it, three.
pub(crate) const MOST_TAPS: usize = 2;

/// What one sees.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Symptom {
    /// Its id; its picture in `symptoms.svg` is called the same.
    pub id: Located<SymptomId>,
    /// In a few words.
    pub title: Words,
    /// How it looks.
    pub hint: Words,
    /// What it mostly is.
    pub nature: SymptomNature,
    /// Whether those in charge are called out as soon as it is reported.
    pub urgent: bool,
    /// What to do now, in this order.
    pub now: Vec<Words>,
    /// What not to do.
    pub never: Vec<Words>,
    /// What is asked.
    pub taps: Vec<Located<TapId>>,
    /// Follows from a source; false where it is general practice.
    pub confirmed: bool,
    /// Where it was read.
    pub sources: Vec<Located<SourceId>>,
}

/// A question answered with one tap.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tap {
    /// Its id.
    pub id: Located<TapId>,
    /// The question.
    pub question: Words,
    /// The answers.
    pub options: Vec<TapOption>,
}

/// An answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TapOption {
    /// Its id within the tap.
    pub id: Located<TapId>,
    /// In words.
    pub label: Words,
}

/// First aid.
impl Catalog {
    /// Every symptom, in the order of the page.
    pub fn symptoms(&self) -> &[Symptom] {
        &self.rows.symptom
    }

    /// A symptom by its id; none where a report names one of another version.
    pub fn symptom(&self, id: &str) -> Option<&Symptom> {
        self.rows.symptom.iter().find(|symptom| symptom.id.as_str() == id)
    }

    /// The questions of a symptom, in order.
    pub fn taps<'a>(&'a self, symptom: &'a Symptom) -> impl Iterator<Item = &'a Tap> {
        symptom.taps.iter().filter_map(|id| self.rows.tap.iter().find(|tap| *tap.id == **id))
    }

    /// A question and one of its answers, by `TAP.OPTION`.
    pub fn tapped(&self, code: &str) -> Option<(&Tap, &TapOption)> {
        let (tap, option) = code.split_once('.')?;
        let tap = self.rows.tap.iter().find(|known| known.id.as_str() == tap)?;
        Some((tap, tap.options.iter().find(|known| known.id.as_str() == option)?))
    }

    /// How sure a symptom's first aid is.
    pub fn symptom_standing<'a>(&'a self, symptom: &'a Symptom) -> Standing<'a> {
        Standing {
            confirmed: symptom.confirmed,
            remark: None,
            sources: symptom.sources.iter().filter_map(|id| self.source(id)).collect(),
        }
    }
}
