//! Declaring and leading: the head, roles, the timeline, tasks, things of the ledger.

use super::{Changed, INCIDENT, LIST, Logged, TASK, current, incident_see, led, log, running, touch};
use crate::model::{
    AssetDetail, AssetState, Detail, Entry, EntryId, EntryKind, Incident, IncidentId, Level, Marked,
    RoleHeld, State, Task, TaskDetail, TaskId, TaskState,
};
use crate::rules::next_states;
use crate::store;
use chrono::{DateTime, Duration, Utc};
use komainu_access::{Permission, PersonId, Role, Scope};
use komainu_calendar::FiscalYear;
use komainu_catalog::{Catalog, IncidentKind, TaskRole};
use komainu_clock::{Nature, in_japan};
use komainu_db::Tx;
use komainu_db::uuid::Uuid;
use komainu_escalation::StartsWith;
use komainu_escalation::actions::Event;
use komainu_i18n::Lang;
use komainu_inventory::AssetId;
use komainu_inventory::actions::asset_get;
use komainu_nearmiss::NearMissId;
use komainu_nearmiss::actions::near_miss_get;
use komainu_people::actions::members;
use komainu_web::{Conflict, Failure, Refused};
use serde_json::json;

/// A declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declare {
    /// A kind of the catalogue.
    pub kind: String,
    /// How grave it is.
    pub level: Level,
    /// Whether it is an exercise.
    pub drill: bool,
    /// The report from which it is declared.
    pub near_miss: Option<NearMissId>,
    /// In words.
    pub detail: Detail,
    /// When the house first knew.
    pub first_knew_at: DateTime<Utc>,
}

/// Why an incident was not declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeclareRefusal {
    /// It runs already: somebody declared it from the same report, or the same form came again.
    Already(IncidentId),
}

/// The incident that runs already by the very same declaration.
fn declared_already(
    tx: &mut Tx<'_>,
    scope: &Scope,
    new: &Declare,
    now: DateTime<Utc>,
) -> Result<Option<IncidentId>, Failure> {
    let same = |one: &Incident| match new.near_miss {
        Some(_) => one.near_miss == new.near_miss,
        None => {
            one.near_miss.is_none()
                && one.declared_by_name == scope.person_name()
                && (one.kind.as_str(), one.level, &one.detail) == (new.kind.as_str(), new.level, &new.detail)
                && one.first_knew_at == new.first_knew_at.min(now)
        }
    };
    let runs = |one: &&Incident| one.state != State::Closed && one.drill == new.drill && same(one);
    Ok(store::all(tx, scope, LIST)?.iter().find(runs).map(|one| one.id))
}

/// Declares an incident: whoever declares commands until somebody else does, and the first tasks of its kind begin.
///
/// # Errors
/// [`DeclareRefusal`]; [`Failure::NotFound`] for a kind or report that there is not.
pub fn declare(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    new: &Declare,
) -> Result<IncidentId, Refused<DeclareRefusal>> {
    scope.require(Permission::IncidentLead)?;
    let kind = catalog.incident_kind(&new.kind).ok_or(Failure::NotFound)?;
    if let Some(report) = new.near_miss {
        near_miss_get(tx, scope, report)?;
    }
    let (now, id) = (nature.now(), IncidentId(nature.id()));
    let fiscal_year = FiscalYear::of(in_japan(now).date_naive()).number();
    let incident = Incident {
        id,
        fiscal_year,
        number: 0,
        kind: new.kind.clone(),
        level: new.level,
        state: State::Open,
        drill: new.drill,
        near_miss: new.near_miss,
        detail: new.detail.clone(),
        first_knew_at: new.first_knew_at.min(now),
        declared_at: now,
        declared_by_name: scope.person_name().to_owned(),
        closed_at: None,
        revision: 1,
        version: 1,
    };
    // The log's next number is given to one at a time: whoever has it counts alone.
    let after = Logged::of(&incident);
    log(tx, nature, scope, ("incident_declare", INCIDENT, &id.to_string()), ((), after))?;
    if let Some(already) = declared_already(tx, scope, new, now)? {
        return Err(Refused::Because(DeclareRefusal::Already(already)));
    }
    let number = store::last_number(tx, scope, fiscal_year)? + 1;
    store::add(tx, scope, &Incident { number, ..incident })?;
    let commander = RoleHeld {
        role: TaskRole::Commander,
        person: Some(scope.person()),
        name: scope.person_name().to_owned(),
        since: now,
    };
    // A program declares for people; none of them commands by that.
    if scope.role() != Role::Service {
        store::role_add(tx, scope, (nature.id(), id), &commander)?;
    }
    first_tasks(tx, nature, scope, id, kind)?;
    // What an exercise calls out is the exercise's to start.
    if !new.drill {
        let event = Event {
            subject_kind: INCIDENT,
            subject_id: id.0,
            title: kind.title.get(Lang::Ja).to_owned(),
            words: String::new(),
            path: format!("/incidents/{id}"),
        };
        komainu_escalation::actions::event(tx, nature, scope, StartsWith::Incident, &event)?;
    }
    Ok(id)
}

/// Adds the first tasks of a kind behind those that are there, without those that are there already.
fn first_tasks(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    incident: IncidentId,
    kind: &IncidentKind,
) -> Result<(), Failure> {
    let now = nature.now();
    let known = store::tasks(tx, scope, incident)?;
    let is_known = |id: &str| {
        known.iter().any(|task| task.template.split_once('.').is_some_and(|(_, first)| first == id))
    };
    let last = known.last().map_or(0, |task| task.position);
    for (position, first) in (last + 1..).zip(kind.tasks.iter().filter(|first| !is_known(&first.id))) {
        let task = Task {
            id: TaskId(nature.id()),
            incident,
            position,
            template: format!("{}.{}", *kind.id, first.id),
            detail: TaskDetail::default(),
            role: first.role,
            owner_name: String::new(),
            due_at: first.minutes.map(|minutes| now + Duration::minutes(minutes)),
            state: TaskState::Open,
            settled_at: None,
            settled_by_name: String::new(),
            version: 1,
        };
        store::task_add(tx, scope, &task)?;
    }
    Ok(())
}

/// What can be changed of an incident's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentInput {
    /// A kind of the catalogue.
    pub kind: String,
    /// How grave it is.
    pub level: Level,
    /// In words.
    pub detail: Detail,
    /// When the house first knew.
    pub first_knew_at: DateTime<Utc>,
}

/// Changes the head. Another level or moment of knowing stands in the timeline, and another kind brings its first tasks.
///
/// # Errors
/// A conflict where somebody else changed it first; [`Failure::NotFound`] for a kind that there is not.
pub fn incident_change(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    (id, version): (IncidentId, i64),
    input: &IncidentInput,
) -> Result<(), Changed<Incident>> {
    let old = current(tx, scope, id, version)?;
    if old.state == State::Closed {
        return Err(Failure::Over.into());
    }
    let kind = catalog.incident_kind(&input.kind).ok_or(Failure::NotFound)?;
    let new = Incident {
        kind: input.kind.clone(),
        level: input.level,
        detail: input.detail.clone(),
        first_knew_at: input.first_knew_at.min(nature.now()),
        ..old.clone()
    };
    head_save(tx, nature, scope, "incident_change", (&old, &new))?;
    if old.level != new.level {
        written(tx, nature, scope, id, (EntryKind::Level, new.level.code(), ""))?;
    }
    // Pages know minutes and no seconds.
    if (old.first_knew_at - new.first_knew_at).num_minutes() != 0 {
        let knew = new.first_knew_at.to_rfc3339();
        written(tx, nature, scope, id, (EntryKind::Knew, &knew, ""))?;
    }
    if old.kind != new.kind {
        first_tasks(tx, nature, scope, id, kind)?;
    }
    Ok(())
}

/// Keeps a changed head, with the log.
fn head_save(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    action: &'static str,
    (old, new): (&Incident, &Incident),
) -> Result<(), Changed<Incident>> {
    let states = (Logged::of(old), Logged::of(new));
    log(tx, nature, scope, (action, INCIDENT, &new.id.to_string()), states)?;
    if !store::save(tx, scope, old.version, new)? {
        return Err(Refused::Because(Conflict(Box::new(led(tx, scope, new.id)?))));
    }
    Ok(store::touch(tx, scope, new.id)?)
}

/// An entry that the program writes with a change.
fn written(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    of: IncidentId,
    said: (EntryKind, &str, &str),
) -> Result<(), Failure> {
    written_at(tx, nature, scope, (of, nature.now()), said)
}

/// The same of something that happened at a moment.
pub(super) fn written_at(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (of, happened_at): (IncidentId, DateTime<Utc>),
    (kind, words, reason): (EntryKind, &str, &str),
) -> Result<(), Failure> {
    let entry = Entry {
        id: EntryId(nature.id()),
        kind,
        happened_at,
        written_at: nature.now(),
        written_by_name: scope.person_name().to_owned(),
        words: words.to_owned(),
        reason: reason.to_owned(),
        corrects: None,
    };
    Ok(store::entry_add(tx, scope, (of, nature.id()), &entry)?)
}

/// Moves an incident on, or back. Its end is [`super::close`].
///
/// # Errors
/// A conflict where somebody else changed it first; [`Failure::NotFound`] for a state that cannot follow.
pub fn state_set(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (id, version): (IncidentId, i64),
    (state, reason): (State, &str),
) -> Result<(), Changed<Incident>> {
    let old = current(tx, scope, id, version)?;
    if !next_states(old.state).contains(&state) {
        return Err(Failure::NotFound.into());
    }
    state_to(tx, nature, scope, "incident_state_set", (&old, state, reason))
}

/// Moves an incident to a state, with its entry in the timeline.
pub(super) fn state_to(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    action: &'static str,
    (old, state, reason): (&Incident, State, &str),
) -> Result<(), Changed<Incident>> {
    let closed_at = (state == State::Closed).then(|| nature.now());
    let new = Incident { state, closed_at, ..old.clone() };
    head_save(tx, nature, scope, action, (old, &new))?;
    Ok(written(tx, nature, scope, old.id, (EntryKind::State, state.code(), reason))?)
}

/// Who takes a role: a member, or somebody by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A member.
    Member(PersonId),
    /// Anybody, such as a vendor's engineer.
    Named(String),
}

/// Gives a role to somebody; whoever had it before stays in the timeline.
///
/// # Errors
/// [`Failure::NotFound`] for a person who is no member here.
pub fn role_give(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: IncidentId,
    (role, owner): (TaskRole, &Owner),
) -> Result<(), Failure> {
    let incident = running(tx, scope, id)?;
    let (person, name) = match owner {
        Owner::Named(name) => (None, name.clone()),
        Owner::Member(person) => {
            let known = members(tx, scope)?.into_iter().find(|member| member.person == *person);
            (Some(*person), known.ok_or(Failure::NotFound)?.name)
        }
    };
    let held = RoleHeld { role, person, name, since: nature.now() };
    let after = json!({ "number": incident.number_text(), "duty": role.code(), "owner": held.name });
    log(tx, nature, scope, ("incident_role_give", INCIDENT, &id.to_string()), ((), after))?;
    store::role_add(tx, scope, (nature.id(), id), &held)?;
    touch(tx, scope, id)
}

/// A new entry of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// What the form called it: the same sent again is the same entry.
    pub sent_id: Uuid,
    /// One of [`EntryKind::WRITTEN`].
    pub kind: EntryKind,
    /// When it happened.
    pub happened_at: DateTime<Utc>,
    /// What.
    pub words: String,
    /// Why, for a decision; to whom, for a hand-over.
    pub reason: String,
    /// The entry that it corrects.
    pub corrects: Option<EntryId>,
}

/// Writes an entry of the timeline, once.
///
/// # Errors
/// [`Failure::NotFound`] for a kind that nobody writes, or a corrected entry that is not there.
pub fn entry_write(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: IncidentId,
    new: &NewEntry,
) -> Result<EntryId, Failure> {
    let incident = led(tx, scope, id)?;
    if let Some(again) = store::entry_sent(tx, scope, id, new.sent_id)? {
        return Ok(again);
    }
    if incident.state == State::Closed {
        return Err(Failure::Over);
    }
    let unknown =
        |wrong: EntryId| store::entries(tx, scope, id).map(|all| all.iter().all(|one| one.id != wrong));
    if !EntryKind::WRITTEN.contains(&new.kind) || new.corrects.map(unknown).transpose()?.unwrap_or(false) {
        return Err(Failure::NotFound);
    }
    let entry = Entry {
        id: EntryId(nature.id()),
        kind: new.kind,
        happened_at: new.happened_at,
        written_at: nature.now(),
        written_by_name: scope.person_name().to_owned(),
        words: new.words.clone(),
        reason: new.reason.clone(),
        corrects: new.corrects,
    };
    let after = json!({ "number": incident.number_text(), "entry": new.kind.code() });
    log(tx, nature, scope, ("incident_entry_write", INCIDENT, &id.to_string()), ((), after))?;
    // Whoever has the log's next number writes alone: what came by another connection meanwhile is seen now.
    if let Some(again) = store::entry_sent(tx, scope, id, new.sent_id)? {
        return Ok(again);
    }
    store::entry_add(tx, scope, (id, new.sent_id), &entry)?;
    touch(tx, scope, id)?;
    Ok(entry.id)
}

/// A new task of the house's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTask {
    /// What is to be done.
    pub what: String,
    /// Whose role it falls to.
    pub role: TaskRole,
    /// Who does it; may be empty.
    pub owner_name: String,
    /// Until when.
    pub due_at: Option<DateTime<Utc>>,
}

/// Adds a task at the end.
pub fn task_add(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: IncidentId,
    new: &NewTask,
) -> Result<TaskId, Failure> {
    let incident = running(tx, scope, id)?;
    let after = json!({ "number": incident.number_text(), "what": new.what, "owner": new.owner_name });
    let task_id = TaskId(nature.id());
    log(tx, nature, scope, ("incident_task_add", TASK, &task_id.to_string()), ((), after))?;
    let task = Task {
        id: task_id,
        incident: id,
        position: store::task_last(tx, scope, id)? + 1,
        template: String::new(),
        detail: TaskDetail { what: new.what.clone(), result: String::new() },
        role: new.role,
        owner_name: new.owner_name.clone(),
        due_at: new.due_at,
        state: TaskState::Open,
        settled_at: None,
        settled_by_name: String::new(),
        version: 1,
    };
    store::task_add(tx, scope, &task)?;
    touch(tx, scope, id)?;
    Ok(task_id)
}

/// A task.
pub fn task_get(tx: &mut Tx<'_>, scope: &Scope, id: TaskId) -> Result<Task, Failure> {
    scope.require(Permission::IncidentSee)?;
    store::task_get(tx, scope, id)?.ok_or(Failure::NotFound)
}

/// What can be changed of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskInput {
    /// Who does it.
    pub owner_name: String,
    /// Where it stands.
    pub state: TaskState,
    /// What came of it.
    pub result: String,
}

/// Takes, settles or opens a task again.
///
/// # Errors
/// A conflict where somebody else changed it first.
pub fn task_save(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (id, version): (TaskId, i64),
    input: &TaskInput,
) -> Result<(), Changed<Task>> {
    scope.require(Permission::IncidentLead)?;
    let old = task_get(tx, scope, id)?;
    running(tx, scope, old.incident)?;
    let over = input.state != TaskState::Open;
    // What was settled stays settled when it was: who only adds a note takes nobody's place.
    let (settled_at, settled_by_name) = if over && old.state == input.state {
        (old.settled_at, old.settled_by_name.clone())
    } else if over {
        (Some(nature.now()), scope.person_name().to_owned())
    } else {
        (None, String::new())
    };
    let new = Task {
        detail: TaskDetail { result: input.result.clone(), ..old.detail.clone() },
        owner_name: input.owner_name.clone(),
        state: input.state,
        settled_at,
        settled_by_name,
        ..old.clone()
    };
    let said = |task: &Task| {
        json!({
            "what": task.detail.what, "template": task.template, "owner": task.owner_name,
            "state": task.state.code(), "result": task.detail.result,
        })
    };
    log(tx, nature, scope, ("incident_task_save", TASK, &id.to_string()), (said(&old), said(&new)))?;
    if old.version != version || !store::task_save(tx, scope, version, &new)? {
        return Err(Refused::Because(Conflict(Box::new(task_get(tx, scope, id)?))));
    }
    if old.state != new.state {
        let what = if old.template.is_empty() { &old.detail.what } else { &old.template };
        let words = format!("{} {what}", new.state.code());
        let said = (EntryKind::Task, words.as_str(), new.detail.result.as_str());
        written(tx, nature, scope, old.incident, said)?;
    }
    Ok(touch(tx, scope, old.incident)?)
}

/// Says how a thing of the ledger stands. Version 0 marks one that nobody marked yet.
///
/// # Errors
/// A conflict with what is said of it where somebody else was first; [`Failure::NotFound`] for a thing that the ledger does not
/// have.
pub fn asset_mark(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (id, asset, version): (IncidentId, AssetId, i64),
    (state, note): (AssetState, &str),
) -> Result<(), Changed<Marked>> {
    let incident = running(tx, scope, id)?;
    let marked = store::assets(tx, scope, id)?.into_iter().find(|marked| marked.asset == asset);
    // What is marked already keeps its name, also when it left the ledger.
    let name = match &marked {
        Some(marked) => marked.detail.name.clone(),
        None => asset_get(tx, scope, asset)?.details.name,
    };
    let new = Marked {
        asset,
        state,
        detail: AssetDetail { name, note: note.to_owned() },
        changed_at: nature.now(),
        changed_by_name: scope.person_name().to_owned(),
        version,
    };
    let before =
        marked.as_ref().map(|marked| json!({ "state": marked.state.code(), "note": marked.detail.note }));
    let after = json!({
        "number": incident.number_text(), "thing": new.detail.name, "state": state.code(), "note": note,
    });
    log(tx, nature, scope, ("incident_asset_mark", INCIDENT, &id.to_string()), (before, after))?;
    if !store::asset_save(tx, scope, (id, nature.id(), version), &new)? {
        let now = incident_see(tx, scope, id)?.assets.into_iter().find(|marked| marked.asset == asset);
        return Err(Refused::Because(Conflict(Box::new(now.unwrap_or(new)))));
    }
    let words = format!("{} {}", state.code(), new.detail.name);
    written(tx, nature, scope, id, (EntryKind::Asset, &words, note))?;
    Ok(touch(tx, scope, id)?)
}
