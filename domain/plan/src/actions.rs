//! What can be done with the plan: see it, and say something about a step.

use crate::model::{Mark, MarkState, Pick, Plan, Stage, StepKey, Week};
use crate::situation::{self, Facts};
use crate::{rules, store};
use chrono::{Days, NaiveDate};
use komainu_access::{Permission, Scope};
use komainu_catalog::Catalog;
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_web::{Failure, Refused};
use serde::Serialize;

/// A step can be put off for at most this many days: what waits longer is a no with a target date.
pub const LATER_DAYS: u64 = 180;
/// Longest note, in characters.
pub const NOTE_MAX: usize = 500;

/// The plan as somebody sees it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What it was made from.
    pub facts: Facts,
    /// All of it.
    pub plan: Plan,
    /// This week's part.
    pub week: Week,
    /// Where the institution stands.
    pub stage: Stage,
}

impl Seen {
    /// The index of today's step: the first of the week that needs nothing before it.
    pub fn today(&self) -> Option<usize> {
        let ready = |index: &usize| self.plan.steps[*index].needs.is_empty();
        self.week.open.iter().copied().find(ready).or_else(|| self.week.open.first().copied())
    }
}

/// The plan: of the whole institution, or for staff of what is assigned to them.
pub fn plan_see(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &Catalog,
    today: NaiveDate,
) -> Result<Seen, Failure> {
    let facts = situation::facts(tx, scope, catalog, today)?;
    let plan = rules::plan(&facts.situation, catalog);
    // A week is chosen for the institution; somebody's own part of it is simply the beginning of their own plan.
    let chosen = if facts.situation.whole {
        store::picks(tx, scope, rules::monday_of(today))?
    } else {
        Vec::new()
    };
    let week = rules::week(&plan, &chosen);
    let stage = rules::stage(&facts.situation, &plan);
    Ok(Seen { facts, plan, week, stage })
}

/// Remembers what was chosen for the week, so that it stays until it is done. Computed from the facts again, so that
/// two who look at once choose once.
pub fn week_keep(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
) -> Result<(), Failure> {
    scope.require(Permission::PlanRead)?;
    let today = nature.today();
    let monday = rules::monday_of(today);
    let before = store::picks(tx, scope, monday)?;
    let chosen: Vec<Pick> = plan_see(tx, scope, catalog, today)?.week.chosen;
    let mut kept = Vec::new();
    for (index, pick) in chosen.iter().enumerate() {
        let position = i64::try_from(before.len() + index).unwrap_or(i64::MAX);
        if store::pick(tx, scope, monday, position, pick)? {
            kept.push(&pick.step);
        }
    }
    if kept.is_empty() {
        return Ok(());
    }
    let change = komainu_audit::Change {
        action: "plan_week_keep",
        object_kind: "plan_week",
        object_id: &monday.to_string(),
        before: before.iter().map(|pick| &pick.step).collect::<Vec<_>>(),
        after: kept,
    };
    Ok(komainu_audit::record(tx, scope, nature.now(), &change)?)
}

/// What somebody says about a step.
#[derive(Clone, Debug)]
pub struct MarkInput {
    /// The step.
    pub step: StepKey,
    /// What they say; [`MarkState::Open`] takes back what was said.
    pub state: MarkState,
    /// The day it comes back; for [`MarkState::Later`].
    pub until: Option<NaiveDate>,
    /// Anything worth remembering.
    pub note: String,
    /// The version that was shown; 0 where nothing had been said.
    pub version: i64,
}

/// Why nothing was noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarkRefusal {
    /// Later needs a day from tomorrow to this one.
    Day(NaiveDate),
    /// The note is longer than [`NOTE_MAX`].
    Note,
    /// Somebody else said something first; this is what.
    Changed(Box<Mark>),
}

#[derive(Serialize)]
struct MarkLog<'a> {
    state: MarkState,
    until: Option<NaiveDate>,
    note: &'a str,
}

fn log(mark: &Mark) -> MarkLog<'_> {
    MarkLog { state: mark.state, until: mark.until, note: &mark.note }
}

/// Says that a step is done, not for this institution, to be done later, or takes back what was said. Answers what was
/// noted. Staff say it of the steps of what is assigned to them.
pub fn step_mark(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    input: &MarkInput,
) -> Result<Mark, Refused<MarkRefusal>> {
    let today = nature.today();
    let year = situation::year_of(catalog, today);
    require_mark(tx, scope, catalog, today, &input.step)?;
    if !rules::may_mark(&input.step, input.state) {
        return Err(Failure::NotFound.into());
    }
    let until = until(today, input)?;
    if input.note.chars().count() > NOTE_MAX {
        return Err(Refused::Because(MarkRefusal::Note));
    }
    let new = Mark {
        step: input.step.clone(),
        state: input.state,
        until,
        note: input.note.clone(),
        by_name: scope.person_name().to_owned(),
        at: nature.now(),
        version: input.version + 1,
    };
    let before = store::mark_get(tx, scope, year, &input.step)?;
    let same = |old: &Mark| (old.state, old.until, &old.note) == (new.state, new.until, &new.note);
    if let Some(old) = before.clone().filter(same) {
        return Ok(old);
    }
    if !store::mark_set(tx, scope, year, &new, input.version)? {
        let theirs = store::mark_get(tx, scope, year, &input.step)?.ok_or(Failure::Stale)?;
        return Err(Refused::Because(MarkRefusal::Changed(Box::new(theirs))));
    }
    let change = komainu_audit::Change {
        action: "step_mark",
        object_kind: "plan_step",
        object_id: &format!("{year}/{}", new.step),
        before: before.as_ref().map(log),
        after: log(&new),
    };
    komainu_audit::record(tx, scope, nature.now(), &change)?;
    Ok(new)
}

/// Those who answer everything may say it of every step, staff of their own.
fn require_mark(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &Catalog,
    today: NaiveDate,
    step: &StepKey,
) -> Result<(), Failure> {
    let known = match step {
        StepKey::Catalog(id) => catalog.step(id).is_some(),
        StepKey::House(_) => true,
    };
    if !known {
        return Err(Failure::NotFound);
    }
    if scope.may(Permission::PlanRead) {
        return Ok(scope.require(Permission::ChecklistAnswer)?);
    }
    scope.require(Permission::PlanSeeOwn)?;
    let facts = situation::facts(tx, scope, catalog, today)?;
    if concerns(&facts, catalog, step) { Ok(()) } else { Err(Failure::NotFound) }
}

/// Whether a step serves a row that the asker sees; for those who see the whole, every step does.
pub fn concerns(facts: &Facts, catalog: &Catalog, step: &StepKey) -> bool {
    let StepKey::Catalog(id) = step else { return facts.situation.whole || is_planned(facts, catalog, step) };
    facts.situation.whole
        || catalog.step(id).is_some_and(|step| facts.situation.rows.iter().any(|row| row.item == *step.item))
}

fn is_planned(facts: &Facts, catalog: &Catalog, step: &StepKey) -> bool {
    let plan = rules::plan(&facts.situation, catalog);
    plan.steps.iter().chain(plan.held.iter().map(|(step, _)| step)).any(|planned| planned.key == *step)
}

fn until(today: NaiveDate, input: &MarkInput) -> Result<Option<NaiveDate>, Refused<MarkRefusal>> {
    if input.state != MarkState::Later {
        return Ok(None);
    }
    let last = today.checked_add_days(Days::new(LATER_DAYS)).unwrap_or(today);
    match input.until {
        Some(day) if today < day && day <= last => Ok(Some(day)),
        _ => Err(Refused::Because(MarkRefusal::Day(last))),
    }
}
