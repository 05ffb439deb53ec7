//! The plan and its steps over the API.

use crate::actions::{self, MarkInput, MarkRefusal, Seen};
use crate::model::{Mark, MarkState, PlannedStep, StepKey};
use crate::pages::{planned, see_step};
use crate::{t, words};
use chrono::{DateTime, NaiveDate, Utc};
use komainu_access::PersonId;
use komainu_catalog::{Catalog, Doer, ItemId, PlacementId};
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_web::api::{Caller, Day, IfMatch, Json, Path, Resource};
use komainu_web::{Failure, FieldErrors, Outcome, Refused, date_text};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A step of the plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanStep)]
pub struct StepShown {
    /// Its name: of a step of the catalogue, or `house.` and a word.
    #[schema(value_type = String)]
    step: StepKey,
    title: String,
    /// Why it stands where it stands, in a sentence.
    why: String,
    /// Minutes for the person doing it, an estimate.
    minutes: u32,
    /// Who is best placed to do it.
    #[schema(value_type = String)]
    doer: Doer,
    /// The members who are that.
    people: Vec<PersonId>,
    /// Those to whom its rows are assigned.
    assigned_to: Vec<PersonId>,
    /// The nearest day that counts, passed or not.
    due: Option<NaiveDate>,
    /// Steps that have to be done before and are not.
    #[schema(value_type = Vec<String>)]
    needs: Vec<StepKey>,
    /// The item it serves, where it serves one.
    #[schema(value_type = Option<String>)]
    item: Option<ItemId>,
    /// The rows of the form it serves.
    #[schema(value_type = Vec<String>)]
    rows: Vec<PlacementId>,
    /// The points by which steps are ordered.
    points: i32,
    /// The way of attack that it stands against is inferred, not read in a report.
    inferred: bool,
    /// What it waits for, in a sentence; null where it can be done.
    waits_for: Option<String>,
}

/// The plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Plan)]
pub struct PlanShown {
    /// Whether it is the whole institution's, or the caller's own part.
    whole: bool,
    /// Today's step; null where nothing can be done.
    #[schema(value_type = Option<String>)]
    today: Option<StepKey>,
    /// What remains to be done this week, in order.
    week: Vec<StepShown>,
    /// What comes later, in order.
    later: Vec<StepShown>,
    /// What waits for a day, a reply or another step.
    held: Vec<StepShown>,
    /// What was chosen for this week and is over.
    #[schema(value_type = Vec<String>)]
    finished: Vec<StepKey>,
}

/// A step with how it is done, and what was said about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepDetail {
    #[schema(value_type = String)]
    step: StepKey,
    title: String,
    /// What it is good for.
    purpose: String,
    /// How, without a specialist.
    how: Vec<String>,
    /// Where it stands in the plan; null where it is not in it.
    planned: Option<StepShown>,
    /// What was said about it this fiscal year; null where nothing was.
    mark: Option<MarkShown>,
    /// The version of what was said; 0 while nothing was.
    version: i64,
}

/// What was said about a step.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StepMark)]
pub struct MarkShown {
    state: MarkState,
    /// The day it comes back, for `later`.
    until: Option<NaiveDate>,
    note: String,
    by_name: String,
    at: DateTime<Utc>,
}

/// What is said about a step.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkBody {
    /// `open` takes back what was said.
    state: MarkState,
    /// The day it comes back, for `later`: from tomorrow to 180 days from now.
    until: Option<Day>,
    #[serde(default)]
    #[schema(max_length = 500)]
    note: String,
}

/// A step's address.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct StepPath {
    /// Its name: of a step of the catalogue, or `house.` and a word.
    #[param(value_type = String)]
    step: StepKey,
}

impl Resource for PlanShown {}

impl Resource for StepDetail {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl<'de> Deserialize<'de> for StepKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl From<&Mark> for MarkShown {
    fn from(mark: &Mark) -> Self {
        MarkShown {
            state: mark.state,
            until: mark.until,
            note: mark.note.clone(),
            by_name: mark.by_name.clone(),
            at: mark.at,
        }
    }
}

fn shown(lang: Lang, catalog: &Catalog, seen: &Seen, step: &PlannedStep) -> StepShown {
    let hold = seen.plan.held.iter().find(|(held, _)| held.key == step.key).map(|(_, hold)| hold);
    StepShown {
        step: step.key.clone(),
        title: words::title(lang, catalog, &step.key),
        why: words::why(lang, catalog, step),
        minutes: step.minutes,
        doer: step.doer,
        people: step.people.clone(),
        assigned_to: step.assigned_to.clone(),
        due: step.due,
        needs: step.needs.clone(),
        item: step.item.clone(),
        rows: step.rows.clone(),
        points: step.score.total(),
        inferred: step.inferred,
        waits_for: hold.map(|hold| words::hold(lang, catalog, hold)),
    }
}

fn plan_shown(lang: Lang, catalog: &Catalog, seen: &Seen) -> PlanShown {
    let steps = &seen.plan.steps;
    let view = |step: &PlannedStep| shown(lang, catalog, seen, step);
    let later = (0..steps.len()).filter(|index| !seen.week.open.contains(index));
    PlanShown {
        whole: seen.facts.situation.whole,
        today: seen.today().map(|index| steps[index].key.clone()),
        week: seen.week.open.iter().map(|index| view(&steps[*index])).collect(),
        later: later.map(|index| view(&steps[index])).collect(),
        held: seen.plan.held.iter().map(|(step, _)| view(step)).collect(),
        finished: seen.week.finished.clone(),
    }
}

fn detail(tx: &mut Tx<'_>, at: &Caller, key: &StepKey) -> Result<StepDetail, Failure> {
    let (lang, catalog) = (at.lang, &at.app.catalog);
    let seen = see_step(tx, &at.scope, catalog, at.app.nature.today(), key)?;
    let mark = seen.facts.situation.mark(key);
    Ok(StepDetail {
        step: key.clone(),
        title: words::title(lang, catalog, key),
        purpose: words::purpose(lang, catalog, key),
        how: words::how(lang, catalog, key),
        planned: planned(&seen, key).map(|step| shown(lang, catalog, &seen, step)),
        version: mark.map_or(0, |mark| mark.version),
        mark: mark.map(MarkShown::from),
    })
}

/// The plan: today's step, this week's, what comes later and what waits
#[utoipa::path(get, path = "/plan", responses((status = 200, body = PlanShown)))]
pub async fn plan(caller: Caller) -> Outcome {
    caller
        .show(|tx, at| {
            let seen = actions::plan_see(tx, &at.scope, &at.app.catalog, at.app.nature.today())?;
            Ok(plan_shown(at.lang, &at.app.catalog, &seen))
        })
        .await
}

/// One step: how it is done, and what was said about it
#[utoipa::path(get, path = "/plan/steps/{step}", params(StepPath), responses((status = 200, body = StepDetail)))]
pub async fn step_get(caller: Caller, Path(path): Path<StepPath>) -> Outcome {
    caller.show(move |tx, at| detail(tx, at, &path.step)).await
}

/// Say that a step is done, not for this institution, or for later; or take back what was said
#[utoipa::path(put, path = "/plan/steps/{step}", params(StepPath, IfMatch), request_body = MarkBody,
    responses((status = 200, body = StepDetail)))]
pub async fn step_mark(
    caller: Caller,
    Path(path): Path<StepPath>,
    IfMatch(version): IfMatch,
    Json(body): Json<MarkBody>,
) -> Outcome {
    let MarkBody { state, until, note } = body;
    caller
        .change(move |tx, at| {
            let input =
                MarkInput { step: path.step.clone(), state, until: until.map(|day| day.0), note, version };
            let mut faults = FieldErrors::default();
            match actions::step_mark(tx, &at.app.nature, &at.scope, &at.app.catalog, &input) {
                Err(Refused::Because(MarkRefusal::Changed(_))) => {
                    return Err(Failure::outdated(&detail(tx, at, &path.step)?));
                }
                Err(Refused::Because(MarkRefusal::Day(last))) => {
                    faults.add("until", t!(at.lang, "fault-day-past", last = date_text(at.lang, last)));
                }
                Err(Refused::Because(MarkRefusal::Note)) => {
                    faults.add("note", t!(at.lang, "fault-note-long"));
                }
                Err(Refused::Failed(failure)) => return Err(failure),
                Ok(_) => {}
            }
            faults.into_result()?;
            detail(tx, at, &path.step)
        })
        .await
}
