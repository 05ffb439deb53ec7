//! The board of an incident: clocks, roles, tasks, the timeline. It is loaded anew by its own link; nothing on it moves by itself.

use super::{
    ClockView, Head, Side, UNPROCESSABLE, clocks, done, head, id_of, leads, on_map, path_of, when, writes,
};
use crate::actions::{self, NewEntry};
use crate::model::{Case, EntryId, EntryKind, IncidentId, State, Task, TaskState};
use crate::rules::{self, What, timeline};
use crate::{t, words};
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use komainu_catalog::TaskRole;
use komainu_clock::in_japan;
use komainu_i18n::Lang;
use komainu_institution::parts::{Difference, FormWords, LONG, SHORT, text};
use komainu_people::actions::members;
use komainu_people::model::Membership;
use komainu_web::{
    Choice, Failure, FieldErrors, Form, Member, Once, Outcome, Section, Shell, moment_text, page_with_status,
};

struct RoleView {
    label: String,
    name: String,
    since: String,
}

struct TaskView {
    id: String,
    action: String,
    version: i64,
    what: String,
    why: String,
    role: String,
    owner: String,
    due: String,
    late: bool,
    state: String,
    settled: String,
    result: String,
}

struct MomentView {
    at: String,
    by: String,
    kind: String,
    words: String,
    /// Where an entry is corrected; empty for what cannot be.
    correct: String,
    /// Whether it corrects an earlier one.
    corrects: bool,
}

#[derive(Template)]
#[template(path = "incident_board.html")]
struct BoardPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    head: Head,
    /// Whether the reader may write, and whether they may move it on or back.
    leads: bool,
    moves: bool,
    action: String,
    /// Names the forms of the page that create something.
    sent_id: String,
    version: i64,
    /// What the listener compares with: how things stand on this page.
    revision: i64,
    figures: Vec<(String, String)>,
    clocks: Vec<ClockView>,
    /// Questions about duties that nobody answered.
    open_questions: String,
    roles: Vec<RoleView>,
    people: Vec<Choice>,
    role_choices: Vec<Choice>,
    tasks: Vec<TaskView>,
    settled: Vec<TaskView>,
    settled_title: String,
    /// Whether the form for a role, and the one for a task, are open: what is wrong in them is seen.
    open_role: bool,
    open_task: bool,
    moments: Vec<MomentView>,
    kinds: Vec<Choice>,
    entry: EntryTyped,
    task: TaskTyped,
    next: Vec<(String, String)>,
    close: String,
    near_miss: String,
    /// Where the map shows the things that it touches; empty where it does not.
    on_map: String,
    errors: FieldErrors,
    differences: Vec<Difference>,
}

/// What the form for an entry holds.
#[derive(Clone, Default)]
pub(super) struct EntryTyped {
    kind: String,
    words: String,
    reason: String,
    day: String,
    time: String,
    corrects: String,
}

/// What the form for a task holds.
#[derive(Clone, Default)]
pub(super) struct TaskTyped {
    pub(super) what: String,
    pub(super) owner: String,
    pub(super) role: String,
}

/// What a form of the board held when it could not be taken.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) entry: Option<EntryTyped>,
    pub(super) task: Option<TaskTyped>,
    pub(super) errors: FieldErrors,
    pub(super) differences: Vec<Difference>,
}

/// `GET /incidents/{id}`
pub async fn board(member: Member, Path(id): Path<String>, RawQuery(query): RawQuery) -> Outcome {
    let query = Form::read(query.unwrap_or_default().as_bytes())?;
    let corrects = query.parse::<EntryId>("corrects").map(|id| id.to_string());
    let entry = corrects.map(|corrects| EntryTyped {
        kind: EntryKind::Event.code().to_owned(),
        corrects,
        ..EntryTyped::default()
    });
    shown(&member, id_of(&id)?, StatusCode::OK, Typed { entry, ..Typed::default() }).await
}

/// `GET /incidents/{id}/live`: tells a board that there is news.
pub async fn board_live(member: Member, Path(id): Path<String>) -> Outcome {
    let id = id_of(&id)?;
    Ok(komainu_web::live(&member, move |tx, scope| actions::incident_revision(tx, scope, id)))
}

pub(super) async fn shown(member: &Member, id: IncidentId, status: StatusCode, typed: Typed) -> Outcome {
    let scope = member.scope.clone();
    let (case, colleagues) =
        member.read(move |tx| Ok((actions::incident_see(tx, &scope, id)?, members(tx, &scope)?))).await?;
    page_with_status(status, &view(member, &case, &colleagues, typed))
}

fn view(member: &Member, case: &Case, colleagues: &[Membership], typed: Typed) -> BoardPage {
    let (lang, now, incident) = (member.lang, member.app.nature.now(), &case.incident);
    let path = path_of(incident.id);
    let (clocks, open) = clocks(member, case);
    let (tasks, settled) = case.tasks.iter().partition::<Vec<_>, _>(|task| task.state == TaskState::Open);
    let entry = typed
        .entry
        .unwrap_or_else(|| EntryTyped { kind: EntryKind::Event.code().to_owned(), ..EntryTyped::default() });
    let task = typed.task.unwrap_or_default();
    BoardPage {
        page: member.shell(&words::title_text(lang, incident), Section::Incident),
        lang,
        words: FormWords::in_lang(lang),
        head: head(member, incident, Side::Board),
        leads: writes(member, incident),
        moves: leads(member),
        sent_id: Once::id(&member.app.nature),
        version: incident.version,
        revision: incident.revision,
        figures: figures(lang, case, now),
        clocks,
        open_questions: if open > 0 { t!(lang, "duties-open", n = open.to_string()) } else { String::new() },
        roles: roles(lang, case),
        people: people(colleagues),
        role_choices: role_choices(lang, &task.role),
        tasks: tasks.into_iter().map(|task| task_view(member, task)).collect(),
        settled_title: t!(lang, "tasks-settled", n = settled.len().to_string()),
        settled: settled.into_iter().map(|task| task_view(member, task)).collect(),
        open_role: typed.errors.0.iter().any(|error| error.field.starts_with("r-")),
        open_task: typed.errors.0.iter().any(|error| matches!(error.field.as_str(), "what" | "owner")),
        moments: moments(member, case, &path),
        kinds: EntryKind::WRITTEN
            .into_iter()
            .map(|kind| {
                Choice::new(kind.code(), words::entry_text(lang, kind)).chosen(kind.code() == entry.kind)
            })
            .collect(),
        entry,
        task,
        next: rules::next_states(incident.state)
            .iter()
            .map(|state| (state.code().to_owned(), words::state_do(lang, *state)))
            .collect(),
        close: if incident.state == State::Closed { String::new() } else { format!("{path}/close") },
        near_miss: incident.near_miss.map(|report| format!("/near-miss/{report}")).unwrap_or_default(),
        on_map: on_map(member, case),
        action: path,
        errors: typed.errors,
        differences: typed.differences,
    }
}

fn figures(lang: Lang, case: &Case, now: DateTime<Utc>) -> Vec<(String, String)> {
    let incident = &case.incident;
    let until = incident.closed_at.unwrap_or(now);
    let mut figures = vec![
        (
            t!(lang, "field-first-knew"),
            t!(
                lang,
                "since",
                at = moment_text(lang, incident.first_knew_at),
                since = words::since_text(lang, incident.first_knew_at, until)
            ),
        ),
        (
            t!(lang, "field-declared"),
            t!(
                lang,
                "by",
                at = moment_text(lang, incident.declared_at),
                name = incident.declared_by_name.as_str()
            ),
        ),
    ];
    for (label, said) in [
        (t!(lang, "field-summary"), &incident.detail.summary),
        (t!(lang, "field-care"), &incident.detail.care),
    ] {
        if !said.is_empty() {
            figures.push((label, said.clone()));
        }
    }
    figures
}

fn roles(lang: Lang, case: &Case) -> Vec<RoleView> {
    let view = |role: TaskRole| {
        let held = case.holder(role);
        RoleView {
            label: words::role_text(lang, role),
            name: held.map_or_else(|| t!(lang, "role-nobody"), |held| held.name.clone()),
            since: held.map(|held| moment_text(lang, held.since)).unwrap_or_default(),
        }
    };
    TaskRole::ALL.iter().copied().map(view).collect()
}

pub(super) fn role_choices(lang: Lang, chosen: &str) -> Vec<Choice> {
    let choice = |role: &TaskRole| {
        Choice::new(role.code(), words::role_text(lang, *role)).chosen(role.code() == chosen)
    };
    TaskRole::ALL.iter().map(choice).collect()
}

fn people(colleagues: &[Membership]) -> Vec<Choice> {
    let those = colleagues.iter().filter(|colleague| !colleague.disabled);
    those.map(|colleague| Choice::new(colleague.person.to_string(), colleague.name.clone())).collect()
}

fn task_view(member: &Member, task: &Task) -> TaskView {
    let (lang, now) = (member.lang, member.app.nature.now());
    let (what, why) = words::task_words(&member.app.catalog, lang, task);
    let open = task.state == TaskState::Open;
    TaskView {
        id: task.id.to_string(),
        action: format!("{}/tasks/{}", path_of(task.incident), task.id),
        version: task.version,
        what,
        why,
        role: words::role_text(lang, task.role),
        owner: task.owner_name.clone(),
        // The time of day alone says nothing of another day.
        due: task
            .due_at
            .map(|due| {
                let today = in_japan(due).date_naive() == in_japan(now).date_naive();
                if today { words::clock_text(due) } else { moment_text(lang, due) }
            })
            .unwrap_or_default(),
        late: open && task.due_at.is_some_and(|due| due < now),
        state: words::task_state_text(lang, task.state),
        settled: task
            .settled_at
            .map(|at| t!(lang, "by", at = moment_text(lang, at), name = task.settled_by_name.as_str()))
            .unwrap_or_default(),
        result: task.detail.result.clone(),
    }
}

/// The newest first: who leads looks for what just happened.
fn moments(member: &Member, case: &Case, path: &str) -> Vec<MomentView> {
    let lang = member.lang;
    let view = |moment: &rules::Moment<'_>| {
        let (kind, words) = words::moment_words(&member.app.catalog, lang, case, moment);
        let entry = match moment.what {
            What::Entry(entry) if EntryKind::WRITTEN.contains(&entry.kind) => Some(entry),
            _ => None,
        };
        MomentView {
            at: words::when_text(lang, moment),
            by: moment.by.to_owned(),
            kind,
            words,
            correct: entry.map(|entry| format!("{path}?corrects={}#f-words", entry.id)).unwrap_or_default(),
            corrects: entry.is_some_and(|entry| entry.corrects.is_some()),
        }
    };
    timeline(case).iter().rev().map(view).collect()
}

/// `POST /incidents/{id}/entries`
pub async fn entry_write(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let (lang, id, now) = (member.lang, id_of(&id)?, member.app.nature.now());
    let mut errors = FieldErrors::default();
    let words = text(&form, lang, &mut errors, "words", LONG, true);
    let reason = text(&form, lang, &mut errors, "reason", LONG, false);
    let happened_at = when(&form, lang, &mut errors, now);
    let kind = form.parse::<EntryKind>("kind").unwrap_or(EntryKind::Event);
    if kind == EntryKind::Decision && reason.is_empty() {
        errors.add("reason", t!(lang, "reason-missing"));
    }
    if !errors.is_empty() {
        let entry = EntryTyped {
            kind: kind.code().to_owned(),
            words,
            reason,
            day: form.text("day").to_owned(),
            time: form.text("time").to_owned(),
            corrects: form.text("corrects").to_owned(),
        };
        return shown(&member, id, UNPROCESSABLE, Typed { entry: Some(entry), errors, ..Typed::default() })
            .await;
    }
    // The form as a whole is known again, so that other words under its id are an entry of their own.
    let sent_id = member.app.nature.id();
    let new = NewEntry { sent_id, kind, happened_at, words, reason, corrects: form.parse("corrects") };
    let (scope, app, place) = (member.scope.clone(), member.app.clone(), path_of(id));
    let once = Once::of(&form, &format!("{place}/entries"));
    let to = member
        .write(move |tx| {
            once.done(tx, &app.nature, &scope, |tx| {
                actions::entry_write(tx, &app.nature, &scope, id, &new)?;
                Ok::<_, Failure>(place)
            })
        })
        .await?;
    Ok(done(&member, &to, &t!(lang, "entry-written")))
}

/// A task as it was typed.
pub(super) fn task_typed(form: &Form, lang: Lang, errors: &mut FieldErrors) -> TaskTyped {
    TaskTyped {
        what: text(form, lang, errors, "what", LONG, true),
        owner: text(form, lang, errors, "owner", SHORT, false),
        role: form.text("role").to_owned(),
    }
}
