//! Checks of what is there for a bad day: kinds of incident, duties, stages.

use std::collections::HashSet;

use super::Check;
use crate::duty::{DutyQuestion, ReportingDuty};
use crate::incident::{Grounds, IncidentKind, Stage};
use crate::parse::{Located, check_id};
use crate::words::{DutyId, DutyQuestionId, IncidentKindId};

/// A clock of more than a year is a mistake of typing.
const LONGEST_CLOCK_DAYS: i64 = 366;
/// A task for later than a week after the declaration is no first task.
const LONGEST_TASK_MINUTES: i64 = 7 * 24 * 60;

pub(super) fn check(check: &mut Check) {
    let data = &check.file.data;
    for kind in &data.incident_kind {
        check_kind(check, kind);
    }
    for stage in &data.stage {
        check_stage(check, stage);
    }
    for duty in &data.reporting_duty {
        check_duty(check, duty);
    }
    for question in &data.duty_question {
        check_question(check, question);
    }
}

fn check_kind(check: &mut Check, kind: &IncidentKind) {
    let at = kind.id.offset();
    grounds(check, &kind.standing, at);
    check.expect(!kind.tasks.is_empty(), at, || "a kind of incident needs first tasks".to_owned());
    names(check, "task", kind.tasks.iter().map(|task| task.id.as_str()), at);
    for task in &kind.tasks {
        check.expect(
            task.minutes.is_none_or(|minutes| (1..=LONGEST_TASK_MINUTES).contains(&minutes)),
            at,
            || format!("task {}: a first task is due within 1 to {LONGEST_TASK_MINUTES} minutes", task.id),
        );
    }
}

fn check_stage(check: &mut Check, stage: &Stage) {
    let at = stage.id.offset();
    grounds(check, &stage.standing, at);
    check.expect(!stage.acts.is_empty(), at, || "a stage needs something to do".to_owned());
    check.expect(stage.until_hours.is_none_or(|hours| hours > 0), at, || {
        "a stage ends after it began".to_owned()
    });
    for duty in stage.acts.iter().flat_map(|act| &act.duties) {
        known_duty(check, duty);
    }
}

fn check_duty(check: &mut Check, duty: &ReportingDuty) {
    let at = duty.id.offset();
    grounds(check, &duty.standing, at);
    check.url(duty.page.as_deref(), at);
    for question in duty.questions() {
        known_question(check, question);
    }
    for kind in &duty.kinds {
        known_kind(check, kind);
    }
    if let Some(other) = &duty.instead_of {
        known_duty(check, other);
        check.expect(*other != duty.id, other.offset(), || "a duty takes its own place".to_owned());
    }
    if let Some(clock) = &duty.clock {
        check.expect((1..=LONGEST_CLOCK_DAYS).contains(&clock.days), at, || {
            format!("a clock runs 1 to {LONGEST_CLOCK_DAYS} days")
        });
        check.expect(clock.aim_days.is_none_or(|aim| (1..=clock.days).contains(&aim)), at, || {
            "the day to aim at lies after the last".to_owned()
        });
    }
}

fn check_question(check: &mut Check, question: &DutyQuestion) {
    let at = question.id.offset();
    grounds(check, &question.standing, at);
    let asked = check.known.asked_questions.contains(&*question.id);
    check.expect(asked, at, || "no duty asks this question".to_owned());
}

/// What tells people what to do either has a source or says what is not known.
fn grounds(check: &mut Check, grounds: &Grounds, at: usize) {
    check.sources(&grounds.sources, grounds.confirmed, at);
    check.expect(grounds.confirmed || grounds.remark.is_some(), at, || {
        "not confirmed, and no remark says why".to_owned()
    });
}

/// Names within one row are ids without dots (a dot joins them in codes) and stand once.
fn names<'a>(check: &mut Check, what: &str, names: impl Iterator<Item = &'a str>, at: usize) {
    let mut seen = HashSet::new();
    for name in names {
        let fine = check_id(name).is_ok() && !name.contains('.');
        check.expect(fine, at, || format!("{what} {name:?}: small letters, digits and single hyphens"));
        check.expect(seen.insert(name), at, || format!("{what} {name} stands twice"));
    }
}

fn known_kind(check: &mut Check, id: &Located<IncidentKindId>) {
    check.expect(check.known.incident_kinds.contains(&**id), id.offset(), || {
        format!("no kind of incident is called {:?}", id.as_str())
    });
}

fn known_duty(check: &mut Check, id: &Located<DutyId>) {
    check.expect(check.known.duties.contains(&**id), id.offset(), || {
        format!("no duty is called {:?}", id.as_str())
    });
}

fn known_question(check: &mut Check, id: &Located<DutyQuestionId>) {
    check.expect(check.known.duty_questions.contains(&**id), id.offset(), || {
        format!("no question is called {:?}", id.as_str())
    });
}
