//! Declaring and leading.

use super::{CaseShown, IncidentShown, TaskShown, case, head_or_outdated};
use crate::actions::{self, Declare, DeclareRefusal, IncidentInput, NewEntry, NewTask, Owner, TaskInput};
use crate::model::{Detail, EntryId, EntryKind, IncidentId, Level, State, Task, TaskId, TaskState};
use crate::{rules, t};
use chrono::{DateTime, Utc};
use komainu_access::PersonId;
use komainu_catalog::TaskRole;
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_institution::parts::{LONG, SHORT, text};
use komainu_nearmiss::NearMissId;
use komainu_web::api::{Caller, IfMatch, Json, Page, Paging, Path, Query};
use komainu_web::{Conflict, Failure, FieldErrors, Form, Outcome, Refused};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A declaration.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IncidentDeclaration)]
pub struct DeclareBody {
    /// A kind of the catalogue, such as `ransomware`.
    kind: String,
    level: Level,
    /// Whether it is an exercise.
    #[serde(default)]
    #[serde(skip_serializing)]
    drill: bool,
    /// The report from which it is declared.
    #[serde(default)]
    near_miss: Option<NearMissId>,
    #[schema(max_length = 100)]
    title: String,
    #[serde(default)]
    #[schema(max_length = 2000)]
    summary: String,
    /// What it does to care.
    #[serde(default)]
    #[schema(max_length = 2000)]
    care: String,
    /// When the house first knew; now where it is left out.
    #[serde(default)]
    #[serde(skip_serializing)]
    first_knew_at: Option<DateTime<Utc>>,
}

/// The head of an incident.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IncidentBody)]
pub struct IncidentBody {
    /// A kind of the catalogue.
    kind: String,
    level: Level,
    #[schema(max_length = 100)]
    title: String,
    #[serde(default)]
    #[schema(max_length = 2000)]
    summary: String,
    #[serde(default)]
    #[schema(max_length = 2000)]
    care: String,
    #[serde(skip_serializing)]
    first_knew_at: DateTime<Utc>,
}

/// Where it is to stand.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IncidentStateBody)]
pub struct StateBody {
    state: State,
    /// Why, for the timeline.
    #[serde(default)]
    #[schema(max_length = 2000)]
    reason: String,
}

/// Who takes a role.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IncidentRoleBody)]
pub struct RoleBody {
    /// `commander`, `systems`, `recorder`, `care` or `contact`.
    role: String,
    /// A member.
    #[serde(default)]
    person: Option<PersonId>,
    /// Anybody else, by name; needed where no member is named.
    #[serde(default)]
    #[schema(max_length = 100)]
    name: String,
}

/// A new entry of the timeline.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IncidentEntryBody)]
pub struct EntryBody {
    /// `event`, `decision`, `handover` or `note`.
    kind: EntryKind,
    #[schema(max_length = 2000)]
    words: String,
    /// Why, for a decision, where it must stand; to whom, for a hand-over.
    #[serde(default)]
    #[schema(max_length = 2000)]
    reason: String,
    /// When it happened; now where it is left out.
    #[serde(default)]
    #[serde(skip_serializing)]
    happened_at: Option<DateTime<Utc>>,
    /// The entry that it corrects.
    #[serde(default)]
    corrects: Option<EntryId>,
}

/// A new task.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IncidentTaskBody)]
pub struct TaskBody {
    #[schema(max_length = 2000)]
    what: String,
    /// `commander`, `systems`, `recorder`, `care` or `contact`.
    role: String,
    #[serde(default)]
    #[schema(max_length = 100)]
    owner: String,
    #[serde(default)]
    #[serde(skip_serializing)]
    due_at: Option<DateTime<Utc>>,
}

/// What became of a task.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IncidentTaskChange)]
pub struct TaskChange {
    state: TaskState,
    #[serde(default)]
    #[schema(max_length = 100)]
    owner: String,
    #[serde(default)]
    #[schema(max_length = 2000)]
    result: String,
}

/// A task of an incident.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct TaskPath {
    /// The incident.
    id: IncidentId,
    /// The task.
    task: TaskId,
}

/// A task of this very incident.
fn task_of(tx: &mut Tx<'_>, at: &Caller, path: TaskPath) -> Result<Task, Failure> {
    let task = actions::task_get(tx, &at.scope, path.task)?;
    if task.incident == path.id { Ok(task) } else { Err(Failure::NotFound) }
}

fn detail(form: &Form, lang: Lang, faults: &mut FieldErrors) -> Detail {
    Detail {
        title: text(form, lang, faults, "title", SHORT, true),
        summary: text(form, lang, faults, "summary", LONG, false),
        care: text(form, lang, faults, "care", LONG, false),
    }
}

fn known_kind(caller: &Caller, kind: &str, faults: &mut FieldErrors) {
    if caller.app.catalog.incident_kind(kind).is_none() {
        faults.add("kind", t!(caller.lang, "kind-missing"));
    }
}

/// A moment that can have happened; now where none is told.
pub(super) fn happened(
    caller: &Caller,
    faults: &mut FieldErrors,
    (field, told): (&str, Option<DateTime<Utc>>),
) -> DateTime<Utc> {
    let now = caller.app.nature.now();
    let at = told.unwrap_or(now);
    if !rules::has_happened(at, now) {
        faults.add(field, t!(caller.lang, "day-ahead"));
    } else if !rules::is_sane(at, now) {
        faults.add(field, t!(caller.lang, "day-wrong"));
    }
    at
}

fn role_of(caller: &Caller, faults: &mut FieldErrors, role: &str) -> TaskRole {
    role.parse().unwrap_or_else(|_| {
        faults.add("role", t!(caller.lang, "role-unknown"));
        TaskRole::Commander
    })
}

/// The incidents, oldest first
#[utoipa::path(get, path = "/incidents", params(Paging), responses((status = 200, body = Page<IncidentShown>)))]
pub async fn incidents(caller: Caller, Query(paging): Query<Paging>) -> Outcome {
    let key = |incident: &IncidentShown| incident.id;
    caller
        .list(&paging, key, |tx, at, part| {
            let all = actions::incidents_part(tx, &at.scope, part)?;
            Ok(all.into_iter().map(|incident| IncidentShown::new(at.lang, incident)).collect())
        })
        .await
}

/// Declare an incident; the first tasks of its kind begin
#[utoipa::path(post, path = "/incidents", request_body = DeclareBody, responses((status = 201, body = CaseShown)))]
pub async fn incident_declare(caller: Caller, Json(body): Json<DeclareBody>) -> Outcome {
    let (form, mut faults) = (Form::of(&body)?, FieldErrors::default());
    let detail = detail(&form, caller.lang, &mut faults);
    known_kind(&caller, &body.kind, &mut faults);
    let first_knew_at = happened(&caller, &mut faults, ("first_knew_at", body.first_knew_at));
    faults.into_result()?;
    let new = Declare {
        kind: body.kind,
        level: body.level,
        drill: body.drill,
        near_miss: body.near_miss,
        detail,
        first_knew_at,
    };
    caller
        .create(move |tx, at| match actions::declare(tx, &at.app.nature, &at.scope, &at.app.catalog, &new) {
            Ok(id) => case(tx, at, id),
            Err(Refused::Because(DeclareRefusal::Already(_))) => {
                Err(Failure::Refused(t!(at.lang, "declared-already")))
            }
            Err(Refused::Failed(failure)) => Err(failure),
        })
        .await
}

/// One incident with all that belongs to it
#[utoipa::path(get, path = "/incidents/{id}", params(IncidentId), responses((status = 200, body = CaseShown)))]
pub async fn incident(caller: Caller, Path(id): Path<IncidentId>) -> Outcome {
    caller.show(move |tx, at| case(tx, at, id)).await
}

/// Change the head of an incident
#[utoipa::path(put, path = "/incidents/{id}", params(IncidentId, IfMatch), request_body = IncidentBody,
    responses((status = 200, body = CaseShown)))]
pub async fn incident_change(
    caller: Caller,
    Path(id): Path<IncidentId>,
    IfMatch(version): IfMatch,
    Json(body): Json<IncidentBody>,
) -> Outcome {
    let (form, mut faults) = (Form::of(&body)?, FieldErrors::default());
    let detail = detail(&form, caller.lang, &mut faults);
    known_kind(&caller, &body.kind, &mut faults);
    let first_knew_at = happened(&caller, &mut faults, ("first_knew_at", Some(body.first_knew_at)));
    faults.into_result()?;
    let input = IncidentInput { kind: body.kind, level: body.level, detail, first_knew_at };
    caller
        .change(move |tx, at| {
            let (nature, catalog) = (&at.app.nature, &at.app.catalog);
            let changed = actions::incident_change(tx, nature, &at.scope, catalog, (id, version), &input);
            head_or_outdated(tx, at, changed)?;
            case(tx, at, id)
        })
        .await
}

/// Move an incident on, or back; its end is an operation of its own
#[utoipa::path(post, path = "/incidents/{id}/state", params(IncidentId, IfMatch), request_body = StateBody,
    responses((status = 200, body = CaseShown)))]
pub async fn incident_state_set(
    caller: Caller,
    Path(id): Path<IncidentId>,
    IfMatch(version): IfMatch,
    Json(body): Json<StateBody>,
) -> Outcome {
    let (form, mut faults) = (Form::of(&body)?, FieldErrors::default());
    let reason = text(&form, caller.lang, &mut faults, "reason", LONG, false);
    faults.into_result()?;
    caller
        .change(move |tx, at| {
            let old = actions::incident_get(tx, &at.scope, id)?;
            if old.version == version && !rules::next_states(old.state).contains(&body.state) {
                return Err(Failure::Refused(t!(at.lang, "state-cannot-follow")));
            }
            let wish = (body.state, reason.as_str());
            let changed = actions::state_set(tx, &at.app.nature, &at.scope, (id, version), wish);
            head_or_outdated(tx, at, changed)?;
            case(tx, at, id)
        })
        .await
}

/// Give a role to somebody
#[utoipa::path(post, path = "/incidents/{id}/roles", params(IncidentId), request_body = RoleBody,
    responses((status = 200, body = CaseShown)))]
pub async fn incident_role_give(
    caller: Caller,
    Path(id): Path<IncidentId>,
    Json(body): Json<RoleBody>,
) -> Outcome {
    let (form, mut faults) = (Form::of(&body)?, FieldErrors::default());
    let name = text(&form, caller.lang, &mut faults, "name", SHORT, body.person.is_none());
    let role = role_of(&caller, &mut faults, &body.role);
    faults.into_result()?;
    let owner = body.person.map_or(Owner::Named(name), Owner::Member);
    caller
        .change(move |tx, at| {
            actions::role_give(tx, &at.app.nature, &at.scope, id, (role, &owner))?;
            case(tx, at, id)
        })
        .await
}

/// Write an entry of the timeline; it is never changed, only corrected by a later one
#[utoipa::path(post, path = "/incidents/{id}/entries", params(IncidentId), request_body = EntryBody,
    responses((status = 201, body = CaseShown)))]
pub async fn incident_entry_write(
    caller: Caller,
    Path(id): Path<IncidentId>,
    Json(body): Json<EntryBody>,
) -> Outcome {
    let (form, lang, mut faults) = (Form::of(&body)?, caller.lang, FieldErrors::default());
    let words = text(&form, lang, &mut faults, "words", LONG, true);
    let reason = text(&form, lang, &mut faults, "reason", LONG, body.kind == EntryKind::Decision);
    let happened_at = happened(&caller, &mut faults, ("happened_at", body.happened_at));
    if !EntryKind::WRITTEN.contains(&body.kind) {
        faults.add("kind", t!(lang, "entry-kind-unknown"));
    }
    faults.into_result()?;
    caller
        .create(move |tx, at| {
            let sent_id = at.app.nature.id();
            let (kind, corrects) = (body.kind, body.corrects);
            let new = NewEntry { sent_id, kind, happened_at, words, reason, corrects };
            actions::entry_write(tx, &at.app.nature, &at.scope, id, &new)?;
            case(tx, at, id)
        })
        .await
}

/// Add a task of the house's own
#[utoipa::path(post, path = "/incidents/{id}/tasks", params(IncidentId), request_body = TaskBody,
    responses((status = 201, body = TaskShown)))]
pub async fn incident_task_add(
    caller: Caller,
    Path(id): Path<IncidentId>,
    Json(body): Json<TaskBody>,
) -> Outcome {
    let (form, lang, mut faults) = (Form::of(&body)?, caller.lang, FieldErrors::default());
    let what = text(&form, lang, &mut faults, "what", LONG, true);
    let owner_name = text(&form, lang, &mut faults, "owner", SHORT, false);
    let role = role_of(&caller, &mut faults, &body.role);
    if body.due_at.is_some_and(|due| !rules::is_sane(due, caller.app.nature.now())) {
        faults.add("due_at", t!(lang, "day-wrong"));
    }
    faults.into_result()?;
    let new = NewTask { what, role, owner_name, due_at: body.due_at };
    caller
        .create(move |tx, at| {
            let made = actions::task_add(tx, &at.app.nature, &at.scope, id, &new)?;
            let task = actions::task_get(tx, &at.scope, made)?;
            Ok(TaskShown::new(&at.app.catalog, at.lang, task))
        })
        .await
}

/// A task of an incident
#[utoipa::path(get, path = "/incidents/{id}/tasks/{task}", params(TaskPath),
    responses((status = 200, body = TaskShown)))]
pub async fn incident_task(caller: Caller, Path(path): Path<TaskPath>) -> Outcome {
    caller
        .show(move |tx, at| {
            let task = task_of(tx, at, path)?;
            Ok(TaskShown::new(&at.app.catalog, at.lang, task))
        })
        .await
}

/// Take a task, settle it, or open it again
#[utoipa::path(put, path = "/incidents/{id}/tasks/{task}", params(TaskPath, IfMatch), request_body = TaskChange,
    responses((status = 200, body = TaskShown)))]
pub async fn incident_task_save(
    caller: Caller,
    Path(path): Path<TaskPath>,
    IfMatch(version): IfMatch,
    Json(body): Json<TaskChange>,
) -> Outcome {
    let (form, lang, mut faults) = (Form::of(&body)?, caller.lang, FieldErrors::default());
    let input = TaskInput {
        owner_name: text(&form, lang, &mut faults, "owner", SHORT, false),
        state: body.state,
        result: text(&form, lang, &mut faults, "result", LONG, false),
    };
    faults.into_result()?;
    caller
        .change(move |tx, at| {
            let shown = |task| TaskShown::new(&at.app.catalog, at.lang, task);
            task_of(tx, at, path)?;
            match actions::task_save(tx, &at.app.nature, &at.scope, (path.task, version), &input) {
                Ok(()) => {}
                Err(Refused::Because(Conflict(now))) => return Err(Failure::outdated(&shown(*now))),
                Err(Refused::Failed(failure)) => return Err(failure),
            }
            Ok(shown(task_of(tx, at, path)?))
        })
        .await
}
