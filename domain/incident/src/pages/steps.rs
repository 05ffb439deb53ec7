//! What is done from the board: states, roles, tasks.

use super::board::{Typed, shown, task_typed};
use super::{UNPROCESSABLE, done, id_of, path_of, version_of};
use crate::actions::{self, Changed, NewTask, Owner, TaskInput};
use crate::model::{IncidentId, State, Task, TaskId, TaskState};
use crate::{t, words};
use axum::extract::Path;
use axum::http::StatusCode;
use komainu_access::PersonId;
use komainu_catalog::TaskRole;
use komainu_institution::parts::{LONG, SHORT, differences, text};
use komainu_web::{Conflict, Failure, FieldErrors, Form, Member, Once, Outcome, Refused};

/// `POST /incidents/{id}/state`
pub async fn state_set(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let (lang, id) = (member.lang, id_of(&id)?);
    let state: State = form.parse("state").ok_or(Failure::NotFound)?;
    let mut errors = FieldErrors::default();
    let reason = text(&form, lang, &mut errors, "state-reason", LONG, false);
    if !errors.is_empty() {
        return shown(&member, id, UNPROCESSABLE, Typed { errors, ..Typed::default() }).await;
    }
    let (scope, app, version) = (member.scope.clone(), member.app.clone(), version_of(&form));
    let saved = member
        .write(move |tx| actions::state_set(tx, &app.nature, &scope, (id, version), (state, &reason)))
        .await;
    match saved {
        Ok(()) => Ok(done(&member, &path_of(id), &t!(lang, "state-saved"))),
        Err(Refused::Because(Conflict(theirs))) => {
            let (mine, theirs) = (words::state_text(lang, state), words::state_text(lang, theirs.state));
            let typed = Typed {
                differences: differences(vec![(t!(lang, "field-state"), mine, theirs)]),
                ..Typed::default()
            };
            shown(&member, id, StatusCode::CONFLICT, typed).await
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// `POST /incidents/{id}/roles`
pub async fn role_give(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let (lang, id) = (member.lang, id_of(&id)?);
    let role: TaskRole = form.parse("role").ok_or(Failure::NotFound)?;
    let mut errors = FieldErrors::default();
    let person: Option<PersonId> = form.parse("person");
    let name = text(&form, lang, &mut errors, "name", SHORT, person.is_none());
    if !errors.is_empty() {
        // The field stands in a form of its own on this page.
        for error in &mut errors.0 {
            error.field.insert_str(0, "r-");
        }
        return shown(&member, id, UNPROCESSABLE, Typed { errors, ..Typed::default() }).await;
    }
    let owner = person.map_or(Owner::Named(name), Owner::Member);
    let (scope, app, place) = (member.scope.clone(), member.app.clone(), path_of(id));
    let once = Once::of(&form, &format!("{place}/roles"));
    let to = member
        .write(move |tx| {
            once.done(tx, &app.nature, &scope, |tx| {
                actions::role_give(tx, &app.nature, &scope, id, (role, &owner))?;
                Ok::<_, Failure>(place)
            })
        })
        .await?;
    Ok(done(&member, &to, &t!(lang, "role-given")))
}

/// `POST /incidents/{id}/tasks`
pub async fn task_add(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let (lang, id) = (member.lang, id_of(&id)?);
    let mut errors = FieldErrors::default();
    let task = task_typed(&form, lang, &mut errors);
    if !errors.is_empty() {
        return shown(&member, id, UNPROCESSABLE, Typed { task: Some(task), errors, ..Typed::default() })
            .await;
    }
    let role = task.role.parse().unwrap_or(TaskRole::Commander);
    let new = NewTask { what: task.what, role, owner_name: task.owner, due_at: None };
    let (scope, app) = (member.scope.clone(), member.app.clone());
    let place = format!("{}#tasks", path_of(id));
    let once = Once::of(&form, &place);
    let to = member
        .write(move |tx| {
            once.done(tx, &app.nature, &scope, |tx| {
                actions::task_add(tx, &app.nature, &scope, id, &new)?;
                Ok::<_, Failure>(place)
            })
        })
        .await?;
    Ok(done(&member, &to, &t!(lang, "task-added")))
}

/// `POST /incidents/{id}/tasks/{task}`
pub async fn task_save(member: Member, Path((id, task)): Path<(String, String)>, form: Form) -> Outcome {
    let (lang, id) = (member.lang, id_of(&id)?);
    let task: TaskId = task.parse().map_err(|_| Failure::NotFound)?;
    let mut errors = FieldErrors::default();
    let input = TaskInput {
        owner_name: text(&form, lang, &mut errors, "owner", SHORT, false),
        state: form.parse("state").ok_or(Failure::NotFound)?,
        result: text(&form, lang, &mut errors, "result", LONG, false),
    };
    if !errors.is_empty() {
        return shown(&member, id, UNPROCESSABLE, Typed { errors, ..Typed::default() }).await;
    }
    let (scope, app, version, wish) =
        (member.scope.clone(), member.app.clone(), version_of(&form), input.clone());
    let saved =
        member.write(move |tx| actions::task_save(tx, &app.nature, &scope, (task, version), &wish)).await;
    task_done(&member, id, saved, &input).await
}

async fn task_done(
    member: &Member,
    id: IncidentId,
    saved: Result<(), Changed<Task>>,
    input: &TaskInput,
) -> Outcome {
    let lang = member.lang;
    match saved {
        Ok(()) => {
            let text = match input.state {
                TaskState::Done => t!(lang, "task-saved-done"),
                TaskState::Open | TaskState::Dropped => t!(lang, "task-saved"),
            };
            Ok(done(member, &format!("{}#tasks", path_of(id)), &text))
        }
        Err(Refused::Because(Conflict(theirs))) => {
            let rows = differences(vec![
                (
                    t!(lang, "field-state"),
                    words::task_state_text(lang, input.state),
                    words::task_state_text(lang, theirs.state),
                ),
                (t!(lang, "task-owner"), input.owner_name.clone(), theirs.owner_name.clone()),
                (t!(lang, "task-result"), input.result.clone(), theirs.detail.result.clone()),
            ]);
            shown(member, id, StatusCode::CONFLICT, Typed { differences: rows, ..Typed::default() }).await
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}
