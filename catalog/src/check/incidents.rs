//! Checks of what is there for a bad day: first aid, kinds of incident, duties, stages.

use std::collections::HashSet;

use komainu_language::Text;

use super::Check;
use crate::duty::{DutyQuestion, ReportingDuty};
use crate::first_aid::{Grounds, MOST_ACTS, MOST_NEVERS, MOST_TAPS, NATURES, Symptom, Tap};
use crate::incident::{IncidentKind, Stage};
use crate::parse::{Located, Words, check_id};
use crate::words::{DutyId, IncidentKindId};

/// A longer act is not read by somebody who is frightened: characters in Japanese and Chinese.
const LONGEST_ACT_WIDE: usize = 36;
/// The same in English.
const LONGEST_ACT_NARROW: usize = 90;
/// A clock of more than a year is a mistake of typing.
const LONGEST_CLOCK_DAYS: i64 = 366;
/// A task for later than a week after the declaration is no first task.
const LONGEST_TASK_MINUTES: i64 = 7 * 24 * 60;

pub(super) fn check(check: &mut Check) {
    let data = &check.file.data;
    for symptom in &data.symptom {
        check_symptom(check, symptom);
    }
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

fn check_symptom(check: &mut Check, symptom: &Symptom) {
    let at = symptom.id.offset();
    grounds(check, &symptom.standing, at);
    check.expect((1..=MOST_ACTS).contains(&symptom.now.len()), at, || {
        format!("first aid has one to {MOST_ACTS} acts")
    });
    check.expect((1..=MOST_NEVERS).contains(&symptom.never.len()), at, || {
        format!("one to {MOST_NEVERS} things are forbidden")
    });
    for act in symptom.now.iter().chain(&symptom.never) {
        check.expect(is_short(act), at, || format!("too long for a frightened reader: {:?}", act.ja));
    }
    check.expect(NATURES.contains(&symptom.nature.as_str()), at, || {
        format!("{:?} is no nature; one of: {}", symptom.nature, NATURES.join(", "))
    });
    let plain_file = symptom.picture.strip_suffix(".svg").is_some_and(|name| check_id(name).is_ok());
    check.expect(plain_file, at, || format!("{:?} is no name of a picture", symptom.picture));
    if let Some(kind) = &symptom.incident {
        known_kind(check, kind);
    }
    check.expect(symptom.taps.len() <= MOST_TAPS, at, || format!("at most {MOST_TAPS} taps"));
    names(check, "tap", symptom.taps.iter().map(|tap| tap.id.as_str()), at);
    for tap in &symptom.taps {
        check_tap(check, tap, at);
    }
}

fn check_tap(check: &mut Check, tap: &Tap, at: usize) {
    check.expect((2..=6).contains(&tap.options.len()), at, || {
        format!("tap {} has two to six answers", tap.id)
    });
    names(check, "answer", tap.options.iter().map(|option| option.id.as_str()), at);
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
    for ask in &duty.asks {
        check.expect(check.known.duty_questions.contains(&**ask), ask.offset(), || {
            format!("no question is called {:?}", ask.as_str())
        });
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

fn is_short(act: &Words) -> bool {
    let Text { ja, en, zh } = &**act;
    [ja, zh].iter().all(|text| text.chars().count() <= LONGEST_ACT_WIDE)
        && en.chars().count() <= LONGEST_ACT_NARROW
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
