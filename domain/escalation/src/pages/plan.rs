//! Making and changing a plan.

use super::{HERE, done, parse_plan};
use crate::actions::{self, plan_get, plan_suggested};
use crate::words::starts_text;
use crate::{Plan, PlanDetails, PlanId, StartsWith, Step, t};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use komainu_contact::Contact;
use komainu_contact::actions::contacts_of_program;
use komainu_i18n::Lang;
use komainu_institution::parts::{Difference, FormWords, SHORT, differences, text};
use komainu_web::{
    Choice, Conflict, Crumb, Failure, FieldErrors, Form, Member, Outcome, Refused, Section, Shell, Visit,
    page, page_with_status,
};

struct StepRow {
    contact_name: String,
    wait_name: String,
    label: String,
    contacts: Vec<Choice>,
    wait: String,
}

#[derive(Template)]
#[template(path = "escalation_plan.html")]
struct PlanPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    crumbs: Vec<Crumb>,
    nav: String,
    action: String,
    details: PlanDetails,
    starts: Vec<Choice>,
    manner: Vec<Choice>,
    steps: Vec<StepRow>,
    nobody: bool,
    version: i64,
    errors: FieldErrors,
    differences: Vec<Difference>,
    /// Where it is removed; empty for a plan that is not stored yet.
    remove: String,
}

/// Shown and stored wait of a new step, in minutes.
const WAIT: i64 = 5;

fn plan_page(
    member: &Member,
    id: Option<PlanId>,
    (details, version): (PlanDetails, i64),
    contacts: &[Contact],
) -> PlanPage {
    let lang = member.lang;
    let title = if id.is_some() { t!(lang, "plan-change-title") } else { t!(lang, "plan-new-title") };
    PlanPage {
        page: member.shell(&title, Section::Emergency),
        lang,
        words: FormWords::in_lang(lang),
        crumbs: vec![Crumb { href: HERE.to_owned(), label: t!(lang, "list-title") }],
        nav: t!(lang, "list-title"),
        action: id.map_or_else(|| format!("{HERE}/plans/new"), |id| format!("{HERE}/plans/{id}")),
        starts: StartsWith::ALL
            .iter()
            .map(|starts| {
                Choice::new(starts.code(), starts_text(lang, *starts)).chosen(*starts == details.starts_with)
            })
            .collect(),
        manner: vec![
            Choice::new("first", t!(lang, "plan-first"))
                .hint(t!(lang, "plan-first-hint"))
                .chosen(!details.everyone),
            Choice::new("everyone", t!(lang, "plan-everyone"))
                .hint(t!(lang, "plan-everyone-hint"))
                .chosen(details.everyone),
        ],
        steps: step_rows(lang, &details, contacts),
        nobody: contacts.is_empty(),
        details,
        version,
        errors: FieldErrors::default(),
        differences: Vec::new(),
        remove: id.map(|id| format!("{HERE}/plans/{id}/remove")).unwrap_or_default(),
    }
}

fn step_rows(lang: Lang, details: &PlanDetails, contacts: &[Contact]) -> Vec<StepRow> {
    let count = (details.steps.len() + 2).min(PlanDetails::STEPS_MOST);
    let row = |at: usize| {
        let step = details.steps.get(at);
        let choices = contacts.iter().map(|contact| {
            let chosen = step.is_some_and(|step| step.contact == contact.id);
            Choice::new(contact.id.to_string(), contact.name.clone()).chosen(chosen)
        });
        StepRow {
            contact_name: format!("contact_{at}"),
            wait_name: format!("wait_{at}"),
            label: t!(lang, "plan-step", n = (at + 1).to_string()),
            contacts: choices.collect(),
            wait: step.map_or(WAIT, |step| step.wait_minutes).to_string(),
        }
    };
    (0..count).map(row).collect()
}

async fn network(member: &Member) -> Result<Vec<Contact>, Failure> {
    let scope = member.scope.clone();
    member.read(move |tx| contacts_of_program(tx, &scope)).await
}

/// `GET /escalations/plans/new`
pub async fn plan_new(member: Member) -> Outcome {
    let (lang, scope) = (member.lang, member.scope.clone());
    let mut details = member.read(move |tx| plan_suggested(tx, &scope)).await?;
    details.name = t!(lang, "plan-suggested-name");
    page(&plan_page(&member, None, (details, 0), &network(&member).await?))
}

/// `GET /escalations/plans/{id}`
pub async fn plan(member: Member, Path(id): Path<String>) -> Outcome {
    let (id, scope) = (parse_plan(&id)?, member.scope.clone());
    let Plan { details, version, .. } = member.read(move |tx| plan_get(tx, &scope, id)).await?;
    page(&plan_page(&member, Some(id), (details, version), &network(&member).await?))
}

/// `POST /escalations/plans/new`
pub async fn plan_add(member: Member, form: Form) -> Outcome {
    let (details, errors) = read(&member, &form);
    if !errors.is_empty() {
        let filled = PlanPage { errors, ..plan_page(&member, None, (details, 0), &network(&member).await?) };
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled);
    }
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    member.write(move |tx| actions::plan_add(tx, &nature, &scope, &details)).await?;
    Ok(done(&member, HERE, &t!(member.lang, "plan-saved")))
}

/// `POST /escalations/plans/{id}`
pub async fn plan_save(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let (id, lang) = (parse_plan(&id)?, member.lang);
    let (details, errors) = read(&member, &form);
    let version = form.parse("version").unwrap_or_default();
    let contacts = network(&member).await?;
    if !errors.is_empty() {
        let filled = PlanPage { errors, ..plan_page(&member, Some(id), (details, version), &contacts) };
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled);
    }
    let (scope, nature, new) = (member.scope.clone(), member.app.nature.clone(), details.clone());
    match member.write(move |tx| actions::plan_change(tx, &nature, &scope, (id, version), &new)).await {
        Ok(()) => Ok(done(&member, HERE, &t!(lang, "plan-saved"))),
        Err(Refused::Because(Conflict(theirs))) => {
            let differences = compare(lang, (&details, &theirs.details), &contacts);
            let filled = plan_page(&member, Some(id), (details, theirs.version), &contacts);
            page_with_status(StatusCode::CONFLICT, &PlanPage { differences, ..filled })
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// `POST /escalations/plans/{id}/remove`
pub async fn plan_remove(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let (id, lang) = (parse_plan(&id)?, member.lang);
    let version = form.parse("version").unwrap_or_default();
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    match member.write(move |tx| actions::plan_remove(tx, &nature, &scope, (id, version))).await {
        Ok(()) => Ok(done(&member, HERE, &t!(lang, "plan-removed"))),
        Err(Refused::Because(Conflict(_))) => Err(Failure::Refused(t!(lang, "changed-meanwhile"))),
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// What was typed; rows without a contact are none.
pub(crate) fn read(visit: &Visit, form: &Form) -> (PlanDetails, FieldErrors) {
    let lang = visit.lang;
    let mut errors = FieldErrors::default();
    let name = text(form, lang, &mut errors, "name", SHORT, true);
    let mut steps = Vec::new();
    for at in 0..PlanDetails::STEPS_MOST {
        let Some(contact) = form.parse(&format!("contact_{at}")) else { continue };
        let wait = format!("wait_{at}");
        let minutes = form.parse(&wait).filter(|wait| (1..=PlanDetails::WAIT_MOST).contains(wait));
        if minutes.is_none() {
            let most = PlanDetails::WAIT_MOST.to_string();
            errors.add(&wait, t!(lang, "plan-wait-wrong", most = most));
        }
        steps.push(Step { contact, wait_minutes: minutes.unwrap_or(WAIT) });
    }
    if steps.is_empty() {
        errors.add("contact_0", t!(lang, "plan-no-steps"));
    }
    let details = PlanDetails {
        name,
        starts_with: form.parse("starts_with").unwrap_or_default(),
        everyone: form.text("manner") == "everyone",
        steps,
    };
    (details, errors)
}

fn compare(
    lang: Lang,
    (mine, theirs): (&PlanDetails, &PlanDetails),
    contacts: &[Contact],
) -> Vec<Difference> {
    let row = |label, of: &dyn Fn(&PlanDetails) -> String| (label, of(mine), of(theirs));
    let manner = |plan: &PlanDetails| {
        if plan.everyone { t!(lang, "plan-everyone") } else { t!(lang, "plan-first") }
    };
    let steps = |plan: &PlanDetails| {
        let name = |step: &Step| {
            let contact = contacts.iter().find(|contact| contact.id == step.contact);
            let name = contact.map(|contact| contact.name.as_str()).unwrap_or_default();
            t!(lang, "plan-step-line", name = name, minutes = step.wait_minutes.to_string())
        };
        plan.steps.iter().map(name).collect::<Vec<_>>().join("\n")
    };
    differences(vec![
        row(t!(lang, "plan-name"), &|plan| plan.name.clone()),
        row(t!(lang, "plan-starts"), &|plan| starts_text(lang, plan.starts_with)),
        row(t!(lang, "plan-manner"), &manner),
        row(t!(lang, "plan-steps"), &steps),
    ])
}
