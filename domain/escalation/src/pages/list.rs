//! What runs and what ran, plans, tests.

use super::{HERE, done, path_of};
use crate::actions::{self, Start, contact_test, escalation_start, plan_get, schedule_get, schedule_set};
use crate::words::{starts_text, state_badge, state_text, test_told};
use crate::{Escalation, EscalationId, Kind, PlanId, State, Step, t};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use komainu_i18n::Lang;
use komainu_institution::parts::{FormWords, LONG, SHORT, text};
use komainu_notify::Medium;
use komainu_web::{
    Choice, Conflict, Failure, FieldErrors, Form, Member, Outcome, Refused, Section, Shell, date_text,
    moment_text, page, page_with_status, redirect,
};
use std::collections::HashMap;

struct Row {
    href: String,
    title: String,
    about: String,
    state: String,
    sign: &'static str,
}

struct PlanRow {
    start: String,
    edit: String,
    name: String,
    starts: String,
    /// Somebody in it is in the network no more.
    gone: bool,
}

#[derive(Template)]
#[template(path = "escalations.html")]
struct ListPage {
    page: Shell,
    lang: Lang,
    running: Vec<Row>,
    over: Vec<Row>,
    plans: Vec<PlanRow>,
    /// No way by which a program could send is switched on.
    mute: bool,
    months: Vec<Choice>,
    schedule_version: i64,
    next_test: String,
    save: String,
}

#[derive(Template)]
#[template(path = "escalation_start.html")]
struct StartPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    action: String,
    plan: String,
    title: String,
    told: String,
    errors: FieldErrors,
}

/// `GET /escalations`
pub async fn escalations(member: Member) -> Outcome {
    let (lang, scope, today) = (member.lang, member.scope.clone(), member.app.nature.today());
    let (all, counted, plans, contacts, schedule) = member
        .read(move |tx| {
            let all = actions::escalations(tx, &scope)?;
            let (counted, plans) = (actions::counted(tx, &scope)?, actions::plans(tx, &scope)?);
            let contacts = komainu_contact::actions::contacts_of_program(tx, &scope)?;
            Ok((all, counted, plans, contacts, schedule_get(tx, &scope, today)?))
        })
        .await?;
    let here = |step: &Step| contacts.iter().any(|contact| contact.id == step.contact);
    let (running, over): (Vec<_>, Vec<_>) = all.iter().partition(|it| it.state == State::Running);
    let rows =
        |some: Vec<&Escalation>| some.into_iter().map(|it| row(lang, it, &counted)).collect::<Vec<_>>();
    let each = [
        (0, t!(lang, "test-never")),
        (1, t!(lang, "test-every-1")),
        (3, t!(lang, "test-every-3")),
        (6, t!(lang, "test-every-6")),
        (12, t!(lang, "test-every-12")),
    ];
    page(&ListPage {
        page: member.shell(&t!(lang, "list-title"), Section::Emergency),
        lang,
        running: rows(running),
        over: rows(over),
        plans: plans
            .into_iter()
            .map(|plan| PlanRow {
                start: format!("{HERE}/start/{}", plan.id),
                edit: format!("{HERE}/plans/{}", plan.id),
                gone: !plan.details.steps.iter().all(here),
                name: plan.details.name,
                starts: starts_text(lang, plan.details.starts_with),
            })
            .collect(),
        mute: Medium::ALL.iter().all(|medium| !member.app.settings.providers.has(*medium)),
        months: each
            .into_iter()
            .map(|(months, label): (i64, String)| {
                Choice::new(months.to_string(), label).chosen(months == schedule.months)
            })
            .collect(),
        schedule_version: schedule.version,
        next_test: if schedule.months == 0 { String::new() } else { date_text(lang, schedule.next_on) },
        save: FormWords::in_lang(lang).save,
    })
}

fn row(lang: Lang, it: &Escalation, counted: &HashMap<EscalationId, (i64, i64)>) -> Row {
    let about = match it.kind {
        Kind::Event => {
            t!(lang, "row-about", at = moment_text(lang, it.started_at), plan = it.plan_name.as_str())
        }
        Kind::Test => {
            let (all, known) = counted.get(&it.id).copied().unwrap_or_default();
            let (at, all, known) = (moment_text(lang, it.started_at), all.to_string(), known.to_string());
            t!(lang, "row-about-test", at = at, all = all, known = known)
        }
    };
    Row {
        href: path_of(it.id),
        title: it.told.title.clone(),
        about,
        state: state_text(lang, it.state),
        sign: state_badge(it.state),
    }
}

/// `GET /escalations/start/{plan}`
pub async fn start_form(member: Member, Path(plan): Path<String>) -> Outcome {
    page(&start_page(&member, super::parse_plan(&plan)?, (String::new(), String::new())).await?)
}

async fn start_page(
    member: &Member,
    id: PlanId,
    (title, told): (String, String),
) -> Result<StartPage, Failure> {
    let (lang, scope) = (member.lang, member.scope.clone());
    let plan = member.read(move |tx| plan_get(tx, &scope, id)).await?;
    Ok(StartPage {
        page: member.shell(&t!(lang, "start-title"), Section::Emergency),
        lang,
        words: FormWords::in_lang(lang),
        action: format!("{HERE}/start/{id}"),
        plan: plan.details.name,
        title,
        told,
        errors: FieldErrors::default(),
    })
}

/// `POST /escalations/start/{plan}`
pub async fn start(member: Member, Path(plan): Path<String>, form: Form) -> Outcome {
    let (lang, plan) = (member.lang, super::parse_plan(&plan)?);
    let mut errors = FieldErrors::default();
    let title = text(&form, lang, &mut errors, "title", SHORT, true);
    let words = text(&form, lang, &mut errors, "words", LONG, false);
    if !errors.is_empty() {
        let filled = StartPage { errors, ..start_page(&member, plan, (title, words)).await? };
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled);
    }
    let (scope, nature, new) =
        (member.scope.clone(), member.app.nature.clone(), Start { plan, title, words });
    let id = member.write(move |tx| escalation_start(tx, &nature, &scope, &new)).await?;
    Ok(redirect(&path_of(id)))
}

/// `POST /escalations/test`
pub async fn test(member: Member, _: Form) -> Outcome {
    let (lang, scope, nature) = (member.lang, member.scope.clone(), member.app.nature.clone());
    // Messages go in the house's language, whatever the page's is.
    let made = member.write(move |tx| contact_test(tx, &nature, &scope, &test_told(Lang::Ja))).await;
    match made {
        Ok(id) => Ok(redirect(&path_of(id))),
        Err(Failure::NotFound) => Err(Failure::Refused(t!(lang, "test-nobody"))),
        Err(failure) => Err(failure),
    }
}

/// `POST /escalations/test/schedule`
pub async fn test_schedule(member: Member, form: Form) -> Outcome {
    let (lang, scope, nature) = (member.lang, member.scope.clone(), member.app.nature.clone());
    let version = form.parse("version").unwrap_or_default();
    let months = form.parse::<u32>("months").filter(|months| *months <= 12);
    let months = months.ok_or_else(|| Failure::Refused(t!(lang, "test-months-wrong")))?;
    match member.write(move |tx| schedule_set(tx, &nature, &scope, version, months)).await {
        Ok(()) => Ok(done(&member, HERE, &t!(lang, "test-schedule-saved"))),
        Err(Refused::Because(Conflict(_))) => Err(Failure::Refused(t!(lang, "changed-meanwhile"))),
        Err(Refused::Failed(failure)) => Err(failure),
    }
}
