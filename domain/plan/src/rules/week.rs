//! This week's steps: at most three, and the same until they are done.

use crate::model::{Pick, Plan, StepKey, Week};
use chrono::{Datelike, Days, NaiveDate};

/// At most this many steps a week.
pub const STEPS_A_WEEK: usize = 3;
/// And not more minutes together, though one step is always there.
pub const BUDGET_MINUTES: u32 = 120;

/// The Monday of a day's week.
pub fn monday_of(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday()))).unwrap_or(day)
}

/// This week's steps, given what was chosen before this week.
///
/// A chosen step stays until it is done or waits. What is over still counts, so that a week ends. Steps that come before
/// everything else come and go by themselves, and while the plan lacks its ground (interview, round, answers) nothing else is
/// chosen; an incident, whose clocks may run for two months, stops no other work. The order is never skipped: where the next
/// step does not fit into the minutes, nothing behind it is taken instead.
pub fn week(plan: &Plan, chosen_before: &[Pick]) -> Week {
    let index_of = |key: &StepKey| plan.steps.iter().position(|step| step.key == *key);
    let mut week = Week::default();
    let mut count = chosen_before.len();
    let mut minutes: u32 = chosen_before.iter().map(|pick| pick.minutes).sum();
    for pick in chosen_before {
        match index_of(&pick.step) {
            Some(index) => week.open.push(index),
            None if plan.held.iter().any(|(step, _)| step.key == pick.step) => {
                // What was put off makes room again.
                count -= 1;
                minutes = minutes.saturating_sub(pick.minutes);
            }
            None => week.finished.push(pick.step.clone()),
        }
    }
    let chosen = |key: &StepKey| chosen_before.iter().any(|pick| pick.step == *key);
    let of_incident = |key: &StepKey| matches!(key, StepKey::House(step) if step.is_of_incident());
    let blocked = plan.steps.iter().any(|step| step.blocking.is_some() && !of_incident(&step.key));
    for (index, step) in plan.steps.iter().enumerate().filter(|(_, step)| !chosen(&step.key)) {
        if step.blocking.is_some() {
            week.open.push(index);
            continue;
        }
        if blocked {
            break;
        }
        let fits = count == 0 || minutes.saturating_add(step.minutes) <= BUDGET_MINUTES;
        if count >= STEPS_A_WEEK || !fits {
            break;
        }
        count += 1;
        minutes = minutes.saturating_add(step.minutes);
        week.chosen.push(Pick { step: step.key.clone(), minutes: step.minutes });
        week.open.push(index);
    }
    week.open.sort_unstable();
    week.open.dedup();
    week.open.truncate(STEPS_A_WEEK);
    week
}
