//! The end: what was learned, and what of it becomes learning for everybody.

use super::{Head, Side, UNPROCESSABLE, done, head, id_of, path_of, seen, version_of};
use crate::actions::{self, CloseRefusal, Shared};
use crate::model::{Case, Fields, Filled, Incident, IncidentId, Sheet, State, TaskState};
use crate::{rules, t, words};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use komainu_i18n::Lang;
use komainu_institution::parts::{Difference, FormWords, LONG, differences, text};
use komainu_web::{
    Conflict, Failure, FieldErrors, Form, Member, Outcome, Refused, Section, Shell, page_with_status,
};

/// The fields of the lessons.
pub(crate) const FIELDS: [&str; 4] = ["learned", "well", "badly", "measures"];

#[derive(Template)]
#[template(path = "incident_close.html")]
struct ClosePage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    head: Head,
    action: String,
    path: String,
    /// The incident's version, and that of the lessons.
    version: i64,
    sheet_version: i64,
    fields: Vec<FieldView>,
    /// Whether lessons can become learning for everybody.
    shares: bool,
    /// Whether they are to: what is not said otherwise goes to the near misses, and its measures to the plan.
    share: bool,
    /// What is still open: clocks and tasks.
    waiting: Vec<String>,
    errors: FieldErrors,
    differences: Vec<Difference>,
}

struct FieldView {
    name: &'static str,
    label: String,
    hint: String,
    value: String,
}

/// What the form held when it could not be taken.
#[derive(Default)]
struct Typed {
    fields: Option<Fields>,
    share: Option<bool>,
    errors: FieldErrors,
    differences: Vec<Difference>,
}

fn label(lang: Lang, field: &str) -> (String, String) {
    match field {
        "learned" => (t!(lang, "lesson-learned"), t!(lang, "lesson-learned-hint")),
        "well" => (t!(lang, "lesson-well"), String::new()),
        "badly" => (t!(lang, "lesson-badly"), t!(lang, "lesson-badly-hint")),
        _ => (t!(lang, "lesson-measures"), t!(lang, "lesson-measures-hint")),
    }
}

/// `GET /incidents/{id}/close`
pub async fn close(member: Member, Path(id): Path<String>) -> Outcome {
    shown(&member, id_of(&id)?, StatusCode::OK, Typed::default()).await
}

async fn shown(member: &Member, id: IncidentId, status: StatusCode, typed: Typed) -> Outcome {
    let case = seen(member, id).await?;
    let (lang, path) = (member.lang, path_of(id));
    let value = |field: &str| match &typed.fields {
        Some(fields) => fields.get(field).cloned().unwrap_or_default(),
        None => case.lessons.of(field).to_owned(),
    };
    let fields = FIELDS.into_iter().map(|name| {
        let (label, hint) = label(lang, name);
        FieldView { name, label, hint, value: value(name) }
    });
    page_with_status(
        status,
        &ClosePage {
            page: member.shell(&t!(lang, "close-title"), Section::Incident),
            lang,
            words: FormWords::in_lang(lang),
            head: head(member, &case.incident, Side::Board),
            action: format!("{path}/close"),
            path,
            version: case.incident.version,
            sheet_version: case.lessons.version,
            fields: fields.collect(),
            shares: !case.incident.drill,
            share: typed.share.unwrap_or(true),
            waiting: waiting(member, &case),
            errors: typed.errors,
            differences: typed.differences,
        },
    )
}

/// What still waits; it does not hinder the end.
fn waiting(member: &Member, case: &Case) -> Vec<String> {
    let lang = member.lang;
    let duties = rules::duties(&member.app.catalog, case);
    let mut open: Vec<String> = duties
        .iter()
        .filter(|row| row.waits())
        .map(|row| t!(lang, "close-waits", to = row.answer.duty.to.get(lang)))
        .collect();
    let tasks = case.tasks.iter().filter(|task| task.state == TaskState::Open);
    open.extend(tasks.map(|task| words::task_words(&member.app.catalog, lang, task).0));
    open
}

/// Reads the lessons of a form.
pub(crate) fn read_lessons(form: &Form, lang: Lang, errors: &mut FieldErrors) -> Fields {
    let fields = FIELDS
        .into_iter()
        .map(|name| (name.to_owned(), text(form, lang, errors, name, LONG, name == FIELDS[0])));
    rules::filled(fields.collect())
}

/// What goes to everybody: the lesson, and a measure a line.
fn shared(lang: Lang, fields: &Fields) -> Shared {
    let of = |field: &str| fields.get(field).map(String::as_str).unwrap_or_default();
    let lines = of("measures").lines().map(str::trim).filter(|line| !line.is_empty());
    Shared {
        words: of("learned").to_owned(),
        measures: lines.map(|line| (line.to_owned(), None)).collect(),
        lang,
    }
}

/// Why it was not closed.
enum Stopped {
    Sheet(Box<Filled>),
    Head(Box<Incident>),
    Failed(Failure),
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Self {
        Stopped::Failed(failure)
    }
}

impl From<komainu_db::DbError> for Stopped {
    fn from(error: komainu_db::DbError) -> Self {
        Stopped::Failed(error.into())
    }
}

/// `POST /incidents/{id}/close`: keeps the lessons, and closes where that was asked.
pub async fn close_submit(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let (lang, id) = (member.lang, id_of(&id)?);
    let mut errors = FieldErrors::default();
    let fields = read_lessons(&form, lang, &mut errors);
    if !errors.is_empty() {
        let share = Some(form.has("share"));
        let typed = Typed { fields: Some(fields), share, errors, ..Typed::default() };
        return shown(&member, id, UNPROCESSABLE, typed).await;
    }
    let ends = form.text("do") == "close";
    let share = form.has("share").then(|| shared(lang, &fields));
    let sheet_version = form.parse("sheet_version").unwrap_or_default();
    let (scope, app, version, wish) =
        (member.scope.clone(), member.app.clone(), version_of(&form), fields.clone());
    let saved = member
        .write(move |tx| {
            let sheet = (id, Sheet::Lessons, sheet_version);
            actions::sheet_save(tx, &app.nature, &scope, sheet, &wish).map_err(|refused| match refused {
                Refused::Because(Conflict(now)) => Stopped::Sheet(now),
                Refused::Failed(failure) => Stopped::Failed(failure),
            })?;
            if ends {
                let closed =
                    actions::close(tx, &app.nature, &scope, &app.files, (id, version), share.as_ref());
                closed.map_err(|refused| match refused {
                    Refused::Because(CloseRefusal::Changed(now)) => Stopped::Head(now),
                    // They were just written.
                    Refused::Because(CloseRefusal::NoLessons) => {
                        Stopped::Failed(Failure::internal("an incident without lessons"))
                    }
                    Refused::Failed(failure) => Stopped::Failed(failure),
                })?;
            }
            Ok::<_, Stopped>(())
        })
        .await;
    let rows = match saved {
        Ok(()) if ends => return Ok(done(&member, &path_of(id), &t!(lang, "closed"))),
        Ok(()) => return Ok(done(&member, &format!("{}/close", path_of(id)), &t!(lang, "lessons-saved"))),
        Err(Stopped::Failed(failure)) => return Err(failure),
        Err(Stopped::Sheet(theirs)) => FIELDS
            .into_iter()
            .map(|name| {
                let mine = fields.get(name).cloned().unwrap_or_default();
                (label(lang, name).0, mine, theirs.of(name).to_owned())
            })
            .collect(),
        Err(Stopped::Head(theirs)) => {
            let state = words::state_text(lang, theirs.state);
            vec![(t!(lang, "field-state"), words::state_text(lang, State::Closed), state)]
        }
    };
    let typed = Typed {
        fields: Some(fields),
        share: Some(form.has("share")),
        differences: differences(rows),
        ..Typed::default()
    };
    shown(&member, id, StatusCode::CONFLICT, typed).await
}
