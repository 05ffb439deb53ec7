//! Escalations over the API: plans, starting, watching, stopping, tests.

use crate::actions::{self, Start};
use crate::rules::{Coverage, coverage, numbers};
use crate::words::{call_text, test_told};
use crate::{
    Call, CallId, CallState, Escalation, EscalationId, Kind, KnownHow, Message, MessageState, Plan,
    PlanDetails, PlanId, Schedule, Seen, StartsWith, State, Step, pages,
};
use chrono::{DateTime, Utc};
use komainu_contact::words::duty_text;
use komainu_contact::{ContactId, WayKind, is_day};
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_web::api::{Caller, IfMatch, Json, OrOutdated as _, Page, Paging, Path, Query, Resource};
use komainu_web::{Failure, FieldErrors, Form, Outcome};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One calling-out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Escalation)]
pub struct EscalationShown {
    id: EscalationId,
    /// The plan that it follows; null for a test.
    plan: Option<PlanId>,
    /// That plan's name when it was started.
    plan_name: String,
    kind: Kind,
    /// Whether every step has to know.
    everyone: bool,
    /// What it is about, in a line.
    title: String,
    /// What is known so far.
    words: String,
    state: State,
    started_at: DateTime<Utc>,
    started_by_name: String,
    ended_at: Option<DateTime<Utc>>,
    /// Who is to know, in the order of asking; empty in lists.
    calls: Vec<CallShown>,
    /// How many know, and how fast; null in lists.
    coverage: Option<Coverage>,
    version: i64,
}

/// Somebody who is to know.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EscalationCall)]
pub struct CallShown {
    id: CallId,
    /// The step of the plan, from 0.
    step: i64,
    /// 0 for whom the step names, then the stand-ins.
    place: i64,
    contact: ContactId,
    name: String,
    /// Their duty in words, in the asked language.
    duty: String,
    /// The numbers by which they are telephoned at this hour.
    numbers: Vec<String>,
    state: CallState,
    /// The same in words, in the asked language.
    text: String,
    asked_at: Option<DateTime<Utc>>,
    /// Until when an answer is waited for.
    due_at: Option<DateTime<Utc>>,
    known_at: Option<DateTime<Utc>>,
    known_how: Option<KnownHow>,
    messages: Vec<MessageShown>,
}

/// A message.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EscalationMessage)]
pub struct MessageShown {
    way: WayKind,
    state: MessageState,
    begun_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    /// What the provider said, without any address.
    said: String,
}

/// What is started by hand.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EscalationStart)]
pub struct StartBody {
    /// The plan to follow.
    plan: PlanId,
    /// What it is about, in a line; it may show on a locked screen.
    #[schema(min_length = 1, max_length = 100)]
    title: String,
    /// What is known so far.
    #[serde(default)]
    #[schema(max_length = 2000)]
    words: String,
}

/// What is sent about a plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EscalationPlanBody)]
pub struct PlanBody {
    /// How the house calls it.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What starts it by itself.
    #[serde(default)]
    starts_with: StartsWith,
    /// All steps are asked at once and each has to know; else one after another until one knows.
    #[serde(default)]
    everyone: bool,
    /// Who is asked, at most 20.
    #[schema(min_items = 1, max_items = 20)]
    steps: Vec<Step>,
}

/// Every how many months the network is tried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ContactTestScheduleBody)]
pub struct ScheduleBody {
    /// 0 for never, at most 12.
    #[schema(maximum = 12)]
    months: u32,
}

impl Resource for EscalationShown {
    fn place(&self) -> String {
        format!("/escalations/{}", self.id)
    }
}

impl Resource for Plan {
    fn place(&self) -> String {
        format!("/escalation-plans/{}", self.id)
    }

    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl Resource for Schedule {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

fn shown(at: &Caller, seen: Seen) -> EscalationShown {
    let Seen { escalation, calls, messages } = seen;
    let (lang, day, counted) = (at.lang, is_day(at.app.nature.now()), coverage(&calls));
    let calls = calls.into_iter().map(|call| call_shown((lang, day), call, &messages)).collect();
    EscalationShown { calls, coverage: Some(counted), ..bare(escalation) }
}

/// One as it stands.
fn look(tx: &mut Tx<'_>, at: &Caller, id: EscalationId) -> Result<EscalationShown, Failure> {
    Ok(shown(at, actions::escalation_get(tx, &at.scope, id)?))
}

fn bare(it: Escalation) -> EscalationShown {
    EscalationShown {
        id: it.id,
        plan: it.plan,
        plan_name: it.plan_name,
        kind: it.kind,
        everyone: it.everyone,
        title: it.told.title,
        words: it.told.words,
        state: it.state,
        started_at: it.started_at,
        started_by_name: it.started_by_name,
        ended_at: it.ended_at,
        calls: Vec::new(),
        coverage: None,
        version: it.version,
    }
}

fn call_shown((lang, day): (Lang, bool), call: Call, messages: &[Message]) -> CallShown {
    let mine = messages.iter().filter(|message| message.call == call.id);
    CallShown {
        text: call_text(lang, &call),
        duty: duty_text(lang, &call.callee.duty),
        numbers: numbers(&call, day),
        messages: mine
            .map(|message| MessageShown {
                way: message.way,
                state: message.state,
                begun_at: message.begun_at,
                ended_at: message.ended_at,
                said: message.said.clone(),
            })
            .collect(),
        id: call.id,
        step: call.step,
        place: call.place,
        contact: call.contact,
        name: call.callee.name,
        state: call.state,
        asked_at: call.asked_at,
        due_at: call.due_at,
        known_at: call.known_at,
        known_how: call.known_how,
    }
}

/// A plan by the rules of the form.
fn details(caller: &Caller, body: &PlanBody) -> Result<PlanDetails, Failure> {
    let mut fields = serde_json::json!({
        "name": body.name, "starts_with": body.starts_with.code(),
        "manner": if body.everyone { "everyone" } else { "first" },
    });
    for (at, step) in body.steps.iter().enumerate() {
        fields[format!("contact_{at}")] = step.contact.to_string().into();
        fields[format!("wait_{at}")] = step.wait_minutes.to_string().into();
    }
    let (details, mut faults) = pages::read_plan(caller, &Form::of(&fields)?);
    if body.steps.len() > PlanDetails::STEPS_MOST {
        faults.add(
            "steps",
            crate::t!(caller.lang, "plan-too-many", most = PlanDetails::STEPS_MOST.to_string()),
        );
    }
    for fault in faults.0.iter_mut().filter(|fault| fault.field != "name") {
        "steps".clone_into(&mut fault.field);
    }
    faults.into_result().map(|()| details)
}

/// Everything that was started, oldest first
#[utoipa::path(get, path = "/escalations", params(Paging), responses((status = 200, body = Page<EscalationShown>)))]
pub async fn escalations(caller: Caller, Query(paging): Query<Paging>) -> Outcome {
    caller
        .list(
            &paging,
            |it: &EscalationShown| it.id,
            |tx, at, part| {
                Ok(actions::escalations_part(tx, &at.scope, part)?.into_iter().map(bare).collect())
            },
        )
        .await
}

/// One, with everybody who is to know and what was sent
#[utoipa::path(get, path = "/escalations/{id}", params(EscalationId), responses((status = 200, body = EscalationShown)))]
pub async fn escalation(caller: Caller, Path(id): Path<EscalationId>) -> Outcome {
    caller.show(move |tx, at| look(tx, at, id)).await
}

/// Start a plan; the same words for the same plan within a minute are the same calling-out
#[utoipa::path(post, path = "/escalations", request_body = StartBody, responses((status = 201, body = EscalationShown)))]
pub async fn escalation_start(caller: Caller, Json(body): Json<StartBody>) -> Outcome {
    let form = Form::of(&serde_json::json!({ "title": body.title, "words": body.words }))?;
    let mut errors = FieldErrors::default();
    let title = komainu_institution::parts::text(
        &form,
        caller.lang,
        &mut errors,
        "title",
        komainu_institution::parts::SHORT,
        true,
    );
    let words = komainu_institution::parts::text(
        &form,
        caller.lang,
        &mut errors,
        "words",
        komainu_institution::parts::LONG,
        false,
    );
    errors.into_result()?;
    let start = Start { plan: body.plan, title, words };
    caller
        .create(move |tx, at| {
            let id = actions::escalation_start(tx, &at.app.nature, &at.scope, &start)?;
            look(tx, at, id)
        })
        .await
}

/// Stop one that runs
#[utoipa::path(post, path = "/escalations/{id}/stop", params(EscalationId),
    responses((status = 200, body = EscalationShown)))]
pub async fn escalation_stop(caller: Caller, Path(id): Path<EscalationId>) -> Outcome {
    caller
        .change(move |tx, at| {
            actions::escalation_stop(tx, &at.app.nature, &at.scope, id)?;
            look(tx, at, id)
        })
        .await
}

/// Write down that somebody was told by telephone
#[utoipa::path(post, path = "/escalations/{id}/calls/{call}/told",
    params(("id" = EscalationId, Path), ("call" = CallId, Path)), responses((status = 200, body = EscalationShown)))]
pub async fn escalation_told(caller: Caller, Path((id, call)): Path<(EscalationId, CallId)>) -> Outcome {
    caller
        .change(move |tx, at| {
            actions::call_told(tx, &at.app.nature, &at.scope, (id, call))?;
            look(tx, at, id)
        })
        .await
}

/// Say that the person behind the token knows, where they are one of those who are asked
#[utoipa::path(post, path = "/escalations/{id}/know", params(EscalationId),
    responses((status = 200, body = EscalationShown)))]
pub async fn escalation_know(caller: Caller, Path(id): Path<EscalationId>) -> Outcome {
    caller
        .change(move |tx, at| {
            actions::own_known(tx, &at.app.nature, &at.scope, id)?;
            look(tx, at, id)
        })
        .await
}

/// Plans: who is asked in which order
#[utoipa::path(get, path = "/escalation-plans", params(Paging), responses((status = 200, body = Page<Plan>)))]
pub async fn escalation_plans(caller: Caller, Query(paging): Query<Paging>) -> Outcome {
    caller.list(&paging, |plan: &Plan| plan.id, |tx, at, part| actions::plans_part(tx, &at.scope, part)).await
}

/// One plan
#[utoipa::path(get, path = "/escalation-plans/{id}", params(PlanId), responses((status = 200, body = Plan)))]
pub async fn escalation_plan(caller: Caller, Path(id): Path<PlanId>) -> Outcome {
    caller.show(move |tx, at| actions::plan_get(tx, &at.scope, id)).await
}

/// Add a plan
#[utoipa::path(post, path = "/escalation-plans", request_body = PlanBody, responses((status = 201, body = Plan)))]
pub async fn escalation_plan_add(caller: Caller, Json(body): Json<PlanBody>) -> Outcome {
    let new = details(&caller, &body)?;
    caller
        .create(move |tx, at| {
            let id = actions::plan_add(tx, &at.app.nature, &at.scope, &new)?;
            actions::plan_get(tx, &at.scope, id)
        })
        .await
}

/// Change a plan; what runs goes on as it was started
#[utoipa::path(put, path = "/escalation-plans/{id}", params(PlanId, IfMatch), request_body = PlanBody,
    responses((status = 200, body = Plan)))]
pub async fn escalation_plan_change(
    caller: Caller,
    Path(id): Path<PlanId>,
    IfMatch(version): IfMatch,
    Json(body): Json<PlanBody>,
) -> Outcome {
    let new = details(&caller, &body)?;
    caller
        .change(move |tx, at| {
            actions::plan_change(tx, &at.app.nature, &at.scope, (id, version), &new).or_outdated()?;
            actions::plan_get(tx, &at.scope, id)
        })
        .await
}

/// Remove a plan; what runs goes on
#[utoipa::path(delete, path = "/escalation-plans/{id}", params(PlanId, IfMatch), responses((status = 204)))]
pub async fn escalation_plan_remove(
    caller: Caller,
    Path(id): Path<PlanId>,
    IfMatch(version): IfMatch,
) -> Outcome {
    caller
        .remove(move |tx, at| {
            actions::plan_remove(tx, &at.app.nature, &at.scope, (id, version)).or_outdated()
        })
        .await
}

/// Try the network: everybody of the house is asked at once; while a test runs, the answer is that one
#[utoipa::path(post, path = "/contact-tests", responses((status = 201, body = EscalationShown)))]
pub async fn contact_test(caller: Caller) -> Outcome {
    caller
        .create(move |tx, at| {
            let id = actions::contact_test(tx, &at.app.nature, &at.scope, &test_told(Lang::Ja))?;
            look(tx, at, id)
        })
        .await
}

/// When the network is tried by itself
#[utoipa::path(get, path = "/contact-tests/schedule", responses((status = 200, body = Schedule)))]
pub async fn contact_test_schedule(caller: Caller) -> Outcome {
    caller.show(|tx, at| actions::schedule_get(tx, &at.scope, at.app.nature.today())).await
}

/// Set when the network is tried by itself
#[utoipa::path(put, path = "/contact-tests/schedule", params(IfMatch), request_body = ScheduleBody,
    responses((status = 200, body = Schedule)))]
pub async fn contact_test_schedule_set(
    caller: Caller,
    IfMatch(version): IfMatch,
    Json(body): Json<ScheduleBody>,
) -> Outcome {
    if body.months > 12 {
        return Err(Failure::Refused(crate::t!(caller.lang, "test-months-wrong")));
    }
    caller
        .change(move |tx, at| {
            let (nature, scope) = (&at.app.nature, &at.scope);
            actions::schedule_set(tx, nature, scope, version, body.months).or_outdated()?;
            actions::schedule_get(tx, scope, nature.today())
        })
        .await
}
