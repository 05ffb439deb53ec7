//! The ways in over the API.

use crate::answers::{MOST_HOURS, USUAL_HOURS, beside, plan_of, tried};
use crate::pages::cuts;
use crate::rules::{line_of, network as network_of, ways_of};
use crate::t;
use crate::view::{Seen, see};
use crate::words::Names;
use axum::response::IntoResponse as _;
use chrono::{DateTime, Utc};
use komainu_exposure::model::{Control, Network, Place, State};
use komainu_exposure::{Change, Copy, EntryKind, Estimate, Fix, GoalKind, Plan, Radius, Restored, Story};
use komainu_web::api::{Caller, Json, Query};
use komainu_web::{Failure, FieldErrors, Outcome};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::{IntoParams, ToSchema};

/// Changes that are tried at once, at most.
const MOST_CHANGES: usize = 100;

/// Whether the answer is about the ledger as it is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExposureStanding)]
pub struct StandingShown {
    /// `fresh`; `coming` where a large ledger changed and what is shown is about an earlier revision or empty; `failed`.
    standing: &'static str,
    /// The revision of the ledger that the answer is about; null where there is none yet.
    revision: Option<i64>,
    /// When it was computed.
    computed_at: Option<DateTime<Utc>>,
}

/// Where attackers get to, as far as the ledger tells. The numbers are judgements: they serve to compare.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Exposure)]
pub struct ExposureShown {
    answer: StandingShown,
    goals: Vec<GoalShown>,
    /// The most likely way from each entrance to each goal, the most likely first.
    stories: Vec<StoryShown>,
    /// Single fixes, the most helpful first.
    fixes: Vec<FixShown>,
    radii: Vec<RadiusShown>,
}

/// A sampled chance with its 95 % interval.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExposureChance)]
pub struct ChanceShown {
    probability: f64,
    low: f64,
    high: f64,
}

/// Something that an attack is after.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExposureGoal)]
pub struct GoalShown {
    /// `records_encrypted`, `backup_destroyed`, `data_leaked`, `device_stopped` or `care_stopped`.
    #[schema(value_type = String)]
    goal: GoalKind,
    /// The care process that stops.
    process: Option<String>,
    title: String,
    /// Null where there is no such goal.
    chance: Option<ChanceShown>,
    /// The same after the changes or the plan that were asked about; null where there is no such goal then, or where
    /// nothing was asked.
    after: Option<ChanceShown>,
}

/// A way from an entrance to a goal.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExposureStory)]
pub struct StoryShown {
    #[schema(value_type = String)]
    entry: EntryKind,
    #[schema(value_type = String)]
    goal: GoalKind,
    title: String,
    /// The chance that every step succeeds.
    probability: f64,
    steps: Vec<StepShown>,
}

/// A step of a story.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExposureStep)]
pub struct StepShown {
    /// The kind of step, a word of the engine.
    code: &'static str,
    from: Option<String>,
    to: Option<String>,
    /// The line or shared password that is used.
    via: Option<String>,
    /// The step in a sentence.
    sentence: String,
    probability: f64,
    /// Controls that are missing there, the most helpful first.
    missing: Vec<&'static str>,
}

/// Something that can be done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExposureFix)]
pub struct FixShown {
    id: String,
    title: String,
    /// The control, a word of the engine.
    control: &'static str,
    places: Vec<String>,
    /// Minutes of work, an estimate.
    minutes: u32,
    /// Nobody knows whether it is there already.
    unknown: bool,
    /// Items of the checklist that it helps to answer.
    items: Vec<&'static str>,
    /// The part of the harm that it takes away; in a plan, the part that is left after it.
    share: f64,
    /// On how many of the stories it stands in the way.
    ways: u32,
}

/// How far an attacker gets who has a thing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExposureRadius)]
pub struct RadiusShown {
    id: String,
    name: String,
    /// Other things that are reached with a chance of at least one in ten.
    likely: u32,
    /// Other things that can be reached at all.
    unlimited: u32,
}

/// What to do with some hours, in order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExposurePlan)]
pub struct PlanShown {
    hours: u32,
    /// Minutes that it takes.
    minutes: u32,
    fixes: Vec<FixShown>,
    /// The part of the harm that is left with it.
    left: f64,
    /// No plan within these hours leaves less than this part.
    bound: f64,
    /// It is proved to be the best.
    exact: bool,
    goals: Vec<GoalShown>,
}

/// How many hours there are.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Hours {
    /// Hours of work that the plan may take.
    #[param(minimum = 1, maximum = 2000, default = 40)]
    hours: Option<u32>,
}

/// The order of restoring, by one team.
#[derive(Debug, Serialize, ToSchema)]
pub struct Restoration {
    answer: StandingShown,
    items: Vec<RestoredShown>,
}

/// A thing in the order of restoring.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Restored)]
pub struct RestoredShown {
    id: String,
    name: String,
    /// The care process that it is restored for.
    towards: String,
    /// `tested`, `untested`, `none` or `not_needed`.
    #[schema(value_type = String)]
    copy: Copy,
    /// Hours of work.
    hours: f64,
    /// Hours from the beginning until it is done.
    done: f64,
    /// Care processes that can begin again then.
    returns: Vec<String>,
}

/// Changes to try; ids are those of the network.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhatIfBody {
    /// Lines to cut.
    #[serde(default)]
    #[schema(max_items = 100)]
    cut: Vec<String>,
    /// Things to unplug.
    #[serde(default)]
    #[schema(max_items = 100)]
    unplug: Vec<String>,
    /// Controls that come or go.
    #[serde(default)]
    #[schema(max_items = 100)]
    controls: Vec<ControlBody>,
}

/// A control that comes or goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ExposureControl)]
pub struct ControlBody {
    /// On what: a thing, a line or a shared account.
    id: String,
    /// A word of the engine, such as `two_factor`.
    #[schema(value_type = String)]
    control: Control,
    /// `present`, `absent` or `unknown`.
    #[schema(value_type = String)]
    state: State,
}

/// What some changes do.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhatIf {
    /// Care processes that stop at once.
    stops: Vec<String>,
    /// Other things that stop with them.
    stops_too: Vec<String>,
    goals: Vec<GoalShown>,
}

/// Where attackers get to, and which fix helps most
#[utoipa::path(get, path = "/exposure", responses((status = 200, body = ExposureShown)))]
pub async fn exposure(caller: Caller) -> Outcome {
    let seen = see(&caller, &caller.scope).await?;
    let names = Names { lang: caller.lang, index: seen.ledger.index() };
    let mut shown = ExposureShown {
        answer: standing(&seen),
        goals: Vec::new(),
        stories: Vec::new(),
        fixes: Vec::new(),
        radii: Vec::new(),
    };
    if let Some(report) = seen.kept.as_ref().map(|kept| &kept.report) {
        let whole = report.plan.before;
        let goal = |risk: &komainu_exposure::GoalRisk| {
            goal(&names, (risk.goal, risk.process.as_deref()), Some(&risk.estimate), None)
        };
        shown.goals = report.goals.iter().map(goal).collect();
        shown.stories = report.stories.iter().map(|told| story(&names, told)).collect();
        let ranked = |ranked: &komainu_exposure::Ranked| {
            fix(&names, &ranked.fix, part(ranked.gain, whole), ways_of(report, &ranked.fix))
        };
        shown.fixes = report.fixes.iter().map(ranked).collect();
        shown.radii = report.radii.iter().map(|reach| radius(&names, reach)).collect();
    }
    Ok(axum::Json(shown).into_response())
}

/// What if lines were cut, things unplugged, controls put in place? Nothing is changed
#[utoipa::path(post, path = "/exposure/what-if", request_body = WhatIfBody, responses((status = 200, body = WhatIf)))]
pub async fn exposure_what_if(caller: Caller, Json(body): Json<WhatIfBody>) -> Outcome {
    let seen = see(&caller, &caller.scope).await?;
    let network = seen.network(&caller, "");
    let changes = changes(&caller, &network, &body)?;
    let tried = beside(move || tried(network, &changes)).await?;
    let names = Names { lang: caller.lang, index: seen.ledger.index() };
    let shift = |shift: &komainu_exposure::Shift| {
        let about = (shift.goal, shift.process.as_deref());
        goal(&names, about, shift.before.as_ref(), shift.after.as_ref())
    };
    let shown = WhatIf {
        goals: tried.shifts.iter().map(shift).collect(),
        stops: tried.stops.clone(),
        stops_too: tried.stops_too.clone(),
    };
    Ok(axum::Json(shown).into_response())
}

/// What to do with some hours, in order
#[utoipa::path(get, path = "/exposure/plan", params(Hours), responses((status = 200, body = PlanShown)))]
pub async fn exposure_plan(caller: Caller, Query(asked): Query<Hours>) -> Outcome {
    let hours = asked.hours.unwrap_or(USUAL_HOURS);
    if !(1..=MOST_HOURS).contains(&hours) {
        let mut faults = FieldErrors::default();
        faults.add("hours", t!(caller.lang, "fault-hours", most = MOST_HOURS.to_string()));
        return Err(Failure::Invalid(faults));
    }
    let seen = see(&caller, &caller.scope).await?;
    let network = seen.network(&caller, "");
    let made = beside(move || plan_of(network, hours)).await?;
    Ok(axum::Json(plan_shown(&caller, &seen, hours, &made)).into_response())
}

/// In which order to restore, and how long it takes
#[utoipa::path(get, path = "/exposure/restoration", responses((status = 200, body = Restoration)))]
pub async fn exposure_restoration(caller: Caller) -> Outcome {
    let seen = see(&caller, &caller.scope).await?;
    let names = Names { lang: caller.lang, index: seen.ledger.index() };
    let order = seen.kept.iter().flat_map(|kept| &kept.report.restoration);
    let item = |restored: &Restored| RestoredShown {
        id: restored.id.clone(),
        name: names.node(&restored.id),
        towards: restored.towards.clone(),
        copy: restored.copy,
        hours: restored.hours,
        done: restored.done,
        returns: restored.returns.clone(),
    };
    let shown = Restoration { answer: standing(&seen), items: order.map(item).collect() };
    Ok(axum::Json(shown).into_response())
}

/// The ledger as a network in the engine's public format (`docs/exposure-network.schema.json`)
#[utoipa::path(get, path = "/exposure/network", responses((status = 200, body = serde_json::Value)))]
pub async fn exposure_network(caller: Caller) -> Outcome {
    let (scope, today) = (caller.scope.clone(), caller.app.nature.today());
    let ledger = caller.read(move |tx| komainu_inventory::actions::ledger(tx, &scope)).await?;
    Ok(axum::Json(network_of(&ledger, "", today)).into_response())
}

fn standing(seen: &Seen) -> StandingShown {
    let kept = seen.kept.as_ref();
    StandingShown {
        standing: seen.standing.code(),
        revision: kept.map(|kept| kept.revision),
        computed_at: kept.map(|kept| kept.computed_at),
    }
}

fn part(of: f64, whole: f64) -> f64 {
    if whole > 0.0 { (of / whole).clamp(0.0, 1.0) } else { 0.0 }
}

fn chance(estimate: &Estimate) -> ChanceShown {
    ChanceShown { probability: estimate.probability, low: estimate.low, high: estimate.high }
}

fn goal(
    names: &Names<'_>,
    (kind, process): (GoalKind, Option<&str>),
    now: Option<&Estimate>,
    after: Option<&Estimate>,
) -> GoalShown {
    GoalShown {
        goal: kind,
        process: process.map(str::to_owned),
        title: names.goal(kind, process),
        chance: now.map(chance),
        after: after.map(chance),
    }
}

fn story(names: &Names<'_>, story: &Story) -> StoryShown {
    let step = |told: &komainu_exposure::Told| StepShown {
        code: told.code.code(),
        from: told.from.clone(),
        to: told.to.clone(),
        via: told.via.as_ref().map(|via| via.id.clone()),
        sentence: names.step(told),
        probability: told.probability,
        missing: told.missing.iter().map(|missing| missing.control.code()).collect(),
    };
    StoryShown {
        entry: story.entry,
        goal: story.goal,
        title: names.story(story),
        probability: story.joint,
        steps: story.steps.iter().map(step).collect(),
    }
}

fn fix(names: &Names<'_>, fix: &Fix, share: f64, ways: u32) -> FixShown {
    FixShown {
        id: fix.id.clone(),
        title: names.fix(fix),
        control: fix.control.code(),
        places: fix.places.iter().map(|place| place.id.clone()).collect(),
        minutes: fix.minutes,
        unknown: fix.unknown,
        items: fix.items.clone(),
        share,
        ways,
    }
}

fn radius(names: &Names<'_>, radius: &Radius) -> RadiusShown {
    RadiusShown {
        id: radius.id.clone(),
        name: names.node(&radius.id),
        likely: radius.likely,
        unlimited: radius.unlimited,
    }
}

fn plan_shown(caller: &Caller, seen: &Seen, hours: u32, plan: &Plan) -> PlanShown {
    let names = Names { lang: caller.lang, index: seen.ledger.index() };
    let report = seen.kept.as_ref().map(|kept| &kept.report);
    let planned = |planned: &komainu_exposure::Planned| {
        let ways = report.map_or(0, |report| ways_of(report, &planned.fix));
        fix(&names, &planned.fix, part(planned.harm, plan.before), ways)
    };
    let pairs = plan.goals_before.iter().zip(&plan.goals_after);
    let risks = report.into_iter().flat_map(|report| &report.goals).zip(pairs);
    let goals = risks.map(|(risk, (before, after))| {
        goal(&names, (risk.goal, risk.process.as_deref()), Some(before), Some(after))
    });
    PlanShown {
        hours,
        minutes: plan.minutes,
        fixes: plan.fixes.iter().map(planned).collect(),
        left: part(plan.after, plan.before),
        bound: part(plan.bound, plan.before),
        exact: plan.exact,
        goals: goals.collect(),
    }
}

/// The changes of a body, each held against the network: controls first and things last, as what is unplugged takes its
/// lines along.
fn changes(caller: &Caller, network: &Network, body: &WhatIfBody) -> Result<Vec<Change>, Failure> {
    let mut faults = FieldErrors::default();
    let asked = body.cut.len() + body.unplug.len() + body.controls.len();
    if asked == 0 || asked > MOST_CHANGES {
        faults.add(".", t!(caller.lang, "fault-changes", most = MOST_CHANGES.to_string()));
        return Err(Failure::Invalid(faults));
    }
    let unknown = |id: &str| t!(caller.lang, "fault-unknown", id = id.chars().take(80).collect::<String>());
    let mut changes = Vec::new();
    for (at, body) in body.controls.iter().enumerate() {
        let place = place_of(network, &body.id).filter(|place| body.control.fits(*place));
        match place {
            Some(is) => changes.push(Change::SetControl {
                is,
                id: body.id.clone(),
                control: body.control,
                state: body.state,
            }),
            None => faults.add(&format!("controls[{at}]"), unknown(&body.id)),
        }
    }
    for line in body.cut.iter().collect::<BTreeSet<_>>() {
        let lines = cuts(network, line_of(line));
        if lines.is_empty() {
            faults.add("cut", unknown(line));
        }
        let new = lines.into_iter().filter(|change| !changes.contains(change)).collect::<Vec<_>>();
        changes.extend(new);
    }
    for thing in &body.unplug {
        if network.nodes.iter().any(|node| node.id == *thing) {
            changes.push(Change::Unplug(thing.clone()));
        } else {
            faults.add("unplug", unknown(thing));
        }
    }
    faults.into_result().map(|()| changes)
}

/// What controls on something of this id are on. An account group is a thing and a shared password: controls are on the
/// password.
fn place_of(network: &Network, id: &str) -> Option<Place> {
    if network.credentials.iter().any(|secret| secret.id == id) {
        Some(Place::Credential)
    } else if network.connections.iter().any(|line| line.id == id) {
        Some(Place::Connection)
    } else {
        network.nodes.iter().any(|node| node.id == id).then_some(Place::Node)
    }
}
