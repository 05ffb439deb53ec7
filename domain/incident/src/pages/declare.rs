//! Declaring an incident, and changing what stands over it.

use super::{HOME, UNPROCESSABLE, done, fields_of, id_of, path_of, version_of, when};
use crate::actions::{self, Declare, DeclareRefusal, IncidentInput};
use crate::model::{Detail, Incident, Level};
use crate::{t, words};
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use komainu_i18n::Lang;
use komainu_institution::parts::{Difference, FormWords, LONG, SHORT, differences, text};
use komainu_nearmiss::actions::near_miss_get;
use komainu_nearmiss::{NearMiss, NearMissId};
use komainu_web::{
    Choice, Conflict, Crumb, FieldErrors, Form, Member, Outcome, Refused, Section, Shell, moment_text,
    page_with_status,
};

#[derive(Template)]
#[template(path = "incident_form.html")]
struct FormPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    sides: String,
    crumbs: Vec<Crumb>,
    action: String,
    back: String,
    /// Whether it is about to be declared.
    fresh: bool,
    version: i64,
    report: String,
    kinds: Vec<Choice>,
    levels: Vec<Choice>,
    drill: bool,
    typed: Typed,
    errors: FieldErrors,
    differences: Vec<Difference>,
}

/// What the form holds.
#[derive(Clone, Default)]
struct Typed {
    kind: String,
    level: String,
    drill: bool,
    report: String,
    detail: Detail,
    day: String,
    time: String,
}

impl Typed {
    fn of(incident: &Incident) -> Typed {
        let (day, time) = fields_of(incident.first_knew_at);
        Typed {
            kind: incident.kind.clone(),
            level: incident.level.code().to_owned(),
            drill: incident.drill,
            report: String::new(),
            detail: incident.detail.clone(),
            day,
            time,
        }
    }

    /// What a report says already.
    fn from_report(member: &Member, report: &NearMiss) -> Typed {
        let symptom =
            komainu_nearmiss::words::symptom_text(&member.app.catalog, member.lang, &report.symptom);
        let (day, time) = fields_of(report.seen_at);
        let said =
            if report.triage.summary.is_empty() { &report.detail.words } else { &report.triage.summary };
        Typed {
            kind: kind_of(&report.symptom).to_owned(),
            report: report.id.to_string(),
            detail: Detail { title: symptom, summary: said.clone(), care: report.triage.patients.clone() },
            day,
            time,
            ..Typed::default()
        }
    }
}

/// The kind that a symptom most likely is; whoever declares chooses.
fn kind_of(symptom: &str) -> &'static str {
    match symptom {
        "ransom-note" | "printer" => "ransomware",
        "lost-device" => "lost-media",
        "mis-sent" => "mis-sent",
        "website" => "website",
        "mail-link" | "popup" | "password-call" => "unauthorised-access",
        _ => "",
    }
}

/// What is shown around the form.
struct Around<'a> {
    title: String,
    action: String,
    back: String,
    version: Option<i64>,
    status: StatusCode,
    typed: &'a Typed,
    errors: FieldErrors,
    differences: Vec<Difference>,
}

fn form_page(member: &Member, around: Around<'_>) -> Outcome {
    let (lang, typed) = (member.lang, around.typed);
    let kinds = member.app.catalog.incident_kinds().iter().map(|kind| {
        let (id, title) = (kind.id.as_str(), kind.title.get(lang));
        Choice::new(id, title).hint(kind.hint.get(lang)).chosen(id == typed.kind)
    });
    let levels = Level::ALL.iter().map(|level| {
        Choice::new(level.code(), words::level_text(lang, *level))
            .hint(words::level_hint(lang, *level))
            .chosen(level.code() == typed.level)
    });
    let form = FormPage {
        page: member.shell(&around.title, Section::Incident),
        lang,
        words: FormWords::in_lang(lang),
        sides: t!(lang, "sides"),
        crumbs: vec![Crumb { href: HOME.to_owned(), label: t!(lang, "list-title") }],
        action: around.action,
        back: around.back,
        fresh: around.version.is_none(),
        version: around.version.unwrap_or_default(),
        report: typed.report.clone(),
        kinds: kinds.collect(),
        levels: levels.collect(),
        drill: typed.drill,
        typed: typed.clone(),
        errors: around.errors,
        differences: around.differences,
    };
    page_with_status(around.status, &form)
}

fn declaring(member: &Member, status: StatusCode, typed: &Typed, errors: FieldErrors) -> Outcome {
    let around = Around {
        title: t!(member.lang, "declare-title"),
        action: HOME.to_owned(),
        back: HOME.to_owned(),
        version: None,
        status,
        typed,
        errors,
        differences: Vec::new(),
    };
    form_page(member, around)
}

/// `GET /incidents/new`
pub async fn declare_new(member: Member, RawQuery(query): RawQuery) -> Outcome {
    let query = Form::read(query.unwrap_or_default().as_bytes())?;
    let (day, time) = fields_of(member.app.nature.now());
    let mut typed = Typed {
        level: Level::Serious.code().to_owned(),
        drill: query.has("drill"),
        day,
        time,
        ..Typed::default()
    };
    if let Some(report) = query.parse::<NearMissId>("report") {
        let scope = member.scope.clone();
        let report = member.read(move |tx| near_miss_get(tx, &scope, report)).await?;
        typed = Typed { level: typed.level, drill: typed.drill, ..Typed::from_report(&member, &report) };
    }
    declaring(&member, StatusCode::OK, &typed, FieldErrors::default())
}

/// Reads the form; the moment is now where nothing was typed.
fn read(member: &Member, form: &Form, errors: &mut FieldErrors) -> (Typed, Option<Level>, DateTime<Utc>) {
    let lang = member.lang;
    let typed = Typed {
        kind: form.text("kind").to_owned(),
        level: form.text("level").to_owned(),
        drill: form.has("drill"),
        report: form.text("report").to_owned(),
        detail: Detail {
            title: text(form, lang, errors, "title", SHORT, true),
            summary: text(form, lang, errors, "summary", LONG, false),
            care: text(form, lang, errors, "care", LONG, false),
        },
        day: form.text("day").to_owned(),
        time: form.text("time").to_owned(),
    };
    if member.app.catalog.incident_kind(&typed.kind).is_none() {
        errors.add("kind", t!(lang, "kind-missing"));
    }
    let level = typed.level.parse().ok();
    if level.is_none() {
        errors.add("level", t!(lang, "level-missing"));
    }
    let at = when(form, lang, errors, member.app.nature.now());
    (typed, level, at)
}

/// `POST /incidents`
pub async fn declare(member: Member, form: Form) -> Outcome {
    let mut errors = FieldErrors::default();
    let (typed, level, first_knew_at) = read(&member, &form, &mut errors);
    let (Some(level), true) = (level, errors.is_empty()) else {
        return declaring(&member, UNPROCESSABLE, &typed, errors);
    };
    let new = Declare {
        kind: typed.kind,
        level,
        drill: typed.drill,
        near_miss: typed.report.parse().ok(),
        detail: typed.detail,
        first_knew_at,
    };
    let (scope, app) = (member.scope.clone(), member.app.clone());
    let made = member.write(move |tx| actions::declare(tx, &app.nature, &scope, &app.catalog, &new)).await;
    match made {
        Ok(id) => Ok(done(&member, &path_of(id), &t!(member.lang, "declared"))),
        Err(Refused::Because(DeclareRefusal::Already(id))) => {
            Ok(done(&member, &path_of(id), &t!(member.lang, "declared-already")))
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// `GET /incidents/{id}/edit`
pub async fn edit(member: Member, Path(id): Path<String>) -> Outcome {
    let (id, scope) = (id_of(&id)?, member.scope.clone());
    let incident = member.read(move |tx| actions::incident_get(tx, &scope, id)).await?;
    let typed = Typed::of(&incident);
    form_page(&member, editing(&member, &incident, StatusCode::OK, &typed))
}

fn editing<'a>(member: &Member, incident: &Incident, status: StatusCode, typed: &'a Typed) -> Around<'a> {
    let path = path_of(incident.id);
    Around {
        title: words::title_text(member.lang, incident),
        action: format!("{path}/edit"),
        back: path,
        version: Some(incident.version),
        status,
        typed,
        errors: FieldErrors::default(),
        differences: Vec::new(),
    }
}

/// `POST /incidents/{id}/edit`
pub async fn edit_save(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let (lang, id) = (member.lang, id_of(&id)?);
    let mut errors = FieldErrors::default();
    let (typed, level, first_knew_at) = read(&member, &form, &mut errors);
    let version = version_of(&form);
    let (Some(level), true) = (level, errors.is_empty()) else {
        let scope = member.scope.clone();
        let incident = member.read(move |tx| actions::incident_get(tx, &scope, id)).await?;
        let around = editing(&member, &incident, UNPROCESSABLE, &typed);
        return form_page(&member, Around { version: Some(version), errors, ..around });
    };
    let input =
        IncidentInput { kind: typed.kind.clone(), level, detail: typed.detail.clone(), first_knew_at };
    let (scope, app, wish) = (member.scope.clone(), member.app.clone(), input.clone());
    let saved = member
        .write(move |tx| {
            actions::incident_change(tx, &app.nature, &scope, &app.catalog, (id, version), &wish)
        })
        .await;
    match saved {
        Ok(()) => Ok(done(&member, &path_of(id), &t!(lang, "incident-saved"))),
        Err(Refused::Because(Conflict(theirs))) => {
            let around = editing(&member, &theirs, StatusCode::CONFLICT, &typed);
            form_page(&member, Around { differences: compared(&member, &input, &theirs), ..around })
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

fn compared(member: &Member, mine: &IncidentInput, theirs: &Incident) -> Vec<Difference> {
    let (lang, catalog) = (member.lang, &member.app.catalog);
    let row = |label, mine: &str, theirs: &str| (label, mine.to_owned(), theirs.to_owned());
    differences(vec![
        row(
            t!(lang, "field-kind"),
            &words::kind_text(catalog, lang, &mine.kind),
            &words::kind_text(catalog, lang, &theirs.kind),
        ),
        row(
            t!(lang, "field-level"),
            &words::level_text(lang, mine.level),
            &words::level_text(lang, theirs.level),
        ),
        row(t!(lang, "field-title"), &mine.detail.title, &theirs.detail.title),
        row(t!(lang, "field-summary"), &mine.detail.summary, &theirs.detail.summary),
        row(t!(lang, "field-care"), &mine.detail.care, &theirs.detail.care),
        row(
            t!(lang, "field-first-knew"),
            &moment_text(lang, mine.first_knew_at),
            &moment_text(lang, theirs.first_knew_at),
        ),
    ])
}
