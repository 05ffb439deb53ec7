//! Who must be told of an incident (届出・連絡): duties, requests and choices, each with its ground, its clock and its source.
//!
//! Which of them apply follows from a few plain *questions*. Several duties may wait for the same question, which is asked
//! once. Not legal advice: every row shows its ground and how well it is known.

use serde::Deserialize;

use crate::incident::Grounds;
use crate::load::Catalog;
use crate::parse::{Located, Words, codes};
use crate::words::{DutyId, DutyQuestionId, IncidentKindId};

codes! {
    /// How binding it is to tell somebody. The order is from most to least.
    DutyKind {
        /// A law says so.
        Duty = "duty",
        /// A notice of an authority asks for it.
        Asked = "asked",
        /// The house chooses, or has agreed to it in a contract.
        Choice = "choice",
    }
}

codes! {
    /// The moment from which a clock runs.
    ClockStart {
        /// When any part of the house first knew, or should have thought it possible.
        FirstKnew = "first_knew",
    }
}

/// Somebody who is told of an incident.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportingDuty {
    /// Its id.
    pub id: Located<DutyId>,
    /// Who is told.
    pub to: Words,
    /// What is told, and by which way.
    pub what: Words,
    /// How binding it is.
    pub kind: DutyKind,
    /// By when, in words.
    pub when: Words,
    /// By when, in days, where the ground says so.
    pub clock: Option<Clock>,
    /// One yes to any of these makes it apply; none: it applies to every incident of its kinds.
    #[serde(default)]
    pub asks: Vec<Located<DutyQuestionId>>,
    /// One no to any of these rules it out, whatever else is answered: without it there is nothing to tell.
    #[serde(default)]
    pub needs: Vec<Located<DutyQuestionId>>,
    /// One yes to any of these spares it.
    #[serde(default)]
    pub unless: Vec<Located<DutyQuestionId>>,
    /// The kinds of incident that it belongs to; empty means all.
    #[serde(default)]
    pub kinds: Vec<Located<IncidentKindId>>,
    /// The duty whose place it takes where it applies: the same report under another clock.
    pub instead_of: Option<Located<DutyId>>,
    /// On which ground: the article, the notice, the contract.
    pub ground: Words,
    /// The page where it is done or explained, where one is known.
    pub page: Option<String>,
    /// How well it is founded.
    pub standing: Grounds,
}

impl ReportingDuty {
    /// Whether it belongs to a kind of incident.
    pub fn fits(&self, kind: &IncidentKindId) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|own| **own == *kind)
    }

    /// Every question that it waits for.
    pub(crate) fn questions(&self) -> impl Iterator<Item = &Located<DutyQuestionId>> {
        self.asks.iter().chain(&self.needs).chain(&self.unless)
    }
}

/// A time by which somebody is told.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Calendar days after the start, at the latest.
    pub days: i64,
    /// The day to aim at, where the ground gives a stretch ("3 to 5 days").
    pub aim_days: Option<i64>,
    /// From when they run.
    pub from: ClockStart,
    /// Whether the day on which it starts is the first of the days.
    pub first_day_counts: bool,
    /// Whether a last day on which public offices are closed gives way to the next open one.
    pub closed_day_moves: bool,
    /// Whether this way of counting follows from a source that was read.
    pub counting_confirmed: bool,
    /// How to read the days, and what is not known about them.
    pub note: Words,
}

/// A plain question whose yes makes duties apply.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyQuestion {
    /// Its id.
    pub id: Located<DutyQuestionId>,
    /// The question, to be answered with yes, no or not known yet.
    pub question: Words,
    /// What counts, with examples.
    pub explanation: Words,
    /// How well the explanation is founded.
    pub standing: Grounds,
}

/// Whether somebody is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applies {
    /// It applies.
    Yes,
    /// It hangs on a question that nobody has answered.
    Open,
    /// It does not apply.
    No,
}

/// A duty of an incident, and why it applies or not.
#[derive(Clone, Debug)]
pub struct DutyAnswer<'a> {
    /// The duty.
    pub duty: &'a ReportingDuty,
    /// Whether it applies.
    pub applies: Applies,
    /// The questions that decided: those answered with yes, or those still open. Empty where none are asked.
    pub because: Vec<&'a DutyQuestion>,
    /// The questions whose no rules it out.
    pub ruled_out_by: Vec<&'a DutyQuestion>,
    /// The questions whose yes spares it.
    pub spared_by: Vec<&'a DutyQuestion>,
    /// The duty that takes its place.
    pub replaced_by: Option<&'a ReportingDuty>,
}

/// Duties.
impl Catalog {
    /// Every duty, in the order of calling.
    pub fn reporting_duties(&self) -> &[ReportingDuty] {
        &self.rows.reporting_duty
    }

    /// A duty.
    pub fn reporting_duty(&self, id: &str) -> Option<&ReportingDuty> {
        self.rows.reporting_duty.iter().find(|duty| duty.id.as_str() == id)
    }

    /// Every question, in the order of asking.
    pub fn duty_questions(&self) -> &[DutyQuestion] {
        &self.rows.duty_question
    }

    /// A question.
    pub fn duty_question(&self, id: &str) -> Option<&DutyQuestion> {
        self.rows.duty_question.iter().find(|question| question.id.as_str() == id)
    }

    /// The questions that decide about an incident of a kind, in the order of asking.
    pub fn duty_questions_for(&self, kind: &IncidentKindId) -> Vec<&DutyQuestion> {
        let asked = |question: &&DutyQuestion| {
            self.rows
                .reporting_duty
                .iter()
                .filter(|duty| duty.fits(kind))
                .flat_map(ReportingDuty::questions)
                .any(|ask| *ask == question.id)
        };
        self.rows.duty_question.iter().filter(asked).collect()
    }

    /// Whom an incident of a kind makes the house tell. `said` is the answer to a question, none while there is no answer.
    /// What belongs to other kinds of incident is left out; what does not apply stays, so that it can be explained.
    pub fn duties_for(
        &self,
        kind: &IncidentKindId,
        said: impl Fn(&DutyQuestionId) -> Option<bool>,
    ) -> Vec<DutyAnswer<'_>> {
        let mut answers: Vec<_> = self
            .rows
            .reporting_duty
            .iter()
            .filter(|duty| duty.fits(kind))
            .map(|duty| self.duty_answer(duty, &said))
            .collect();
        let applying: Vec<&ReportingDuty> = answers
            .iter()
            .filter(|answer| answer.applies == Applies::Yes)
            .map(|answer| answer.duty)
            .collect();
        for answer in &mut answers {
            let takes_its_place = |duty: &&ReportingDuty| duty.instead_of.as_ref() == Some(&answer.duty.id);
            if let Some(other) = applying.iter().copied().find(takes_its_place) {
                answer.applies = Applies::No;
                answer.replaced_by = Some(other);
            }
        }
        answers
    }

    fn duty_answer<'a>(
        &'a self,
        duty: &'a ReportingDuty,
        said: &impl Fn(&DutyQuestionId) -> Option<bool>,
    ) -> DutyAnswer<'a> {
        let asked = |of: &'a [Located<DutyQuestionId>], wanted: Option<bool>| -> Vec<&'a DutyQuestion> {
            of.iter()
                .filter(|ask| said(ask) == wanted)
                .filter_map(|ask| self.duty_question(ask.as_str()))
                .collect()
        };
        let (yes, open) = (asked(&duty.asks, Some(true)), asked(&duty.asks, None));
        let (applies, because) = match (duty.asks.is_empty(), yes.is_empty(), open.is_empty()) {
            (true, ..) | (_, false, _) => (Applies::Yes, yes),
            (_, _, false) => (Applies::Open, open),
            (_, _, true) => (Applies::No, Vec::new()),
        };
        let (ruled_out_by, spared_by) = (asked(&duty.needs, Some(false)), asked(&duty.unless, Some(true)));
        let applies = if ruled_out_by.is_empty() && spared_by.is_empty() { applies } else { Applies::No };
        DutyAnswer { duty, applies, because, ruled_out_by, spared_by, replaced_by: None }
    }
}
