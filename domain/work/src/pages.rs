//! `/operations/jobs`.

use crate::actions::{self, Jobs, Runner, SHOWN};
use crate::t;
use crate::words::{kind_text, state_text, trouble_text};
use askama::Template;
use axum::extract::Path;
use komainu_access::OrganisationId;
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_jobs::{JobId, Listed};
use komainu_web::{
    Failure, Form, NoticeKind, Outcome, Shell, SignedIn, Tab, moment_text, operations_tabs, page, redirect,
    with_flash,
};

const HERE: &str = "/operations/jobs";

struct Line {
    href: String,
    kind: String,
    organisation: String,
    since: String,
    badge: &'static str,
    state: String,
    tries: String,
    trouble: String,
    /// What the program itself or another one said, word by word.
    inside: String,
    /// What it is about was let go or is being worked on: it cannot be done again now.
    again: bool,
}

#[derive(Template)]
#[template(path = "jobs.html")]
struct JobsPage {
    page: Shell,
    tabs: Vec<Tab>,
    tabs_name: String,
    open: Vec<Line>,
    failed: Vec<Line>,
    open_count: String,
    failed_count: String,
    /// There are more than these.
    more: bool,
    shown: String,
}

fn line(lang: Lang, listed: &Listed) -> Line {
    let job = &listed.job;
    let (badge, state) = state_text(lang, job);
    Line {
        href: format!("{HERE}/{}/{}", listed.organisation_id(), job.id),
        kind: kind_text(lang, &job.kind),
        organisation: listed.organisation.clone(),
        since: moment_text(lang, job.created_at),
        badge,
        state,
        tries: t!(lang, "tries", count = job.tries.to_string()),
        trouble: trouble_text(lang, job),
        inside: job.result.clone(),
        again: job.state != komainu_jobs::State::Running && !job.payload.is_empty(),
    }
}

/// `GET /operations/jobs`
pub async fn jobs(person: SignedIn) -> Outcome {
    let (lang, runner) = (person.lang, Runner::signed_in(&person.session)?);
    let Jobs { open, failed, counts } = person.read(move |tx| actions::jobs(tx, &runner)).await?;
    let (tabs_name, tabs) = operations_tabs(lang, HERE);
    page(&JobsPage {
        page: person.shell_of_installation(&t!(lang, "jobs-title")),
        tabs,
        tabs_name,
        open: open.iter().map(|listed| line(lang, listed)).collect(),
        failed: failed.iter().map(|listed| line(lang, listed)).collect(),
        open_count: counts.0.to_string(),
        failed_count: counts.1.to_string(),
        more: counts.0.max(counts.1) > SHOWN,
        shown: SHOWN.to_string(),
    })
}

/// `POST /operations/jobs/{organisation}/{job}/retry`
pub async fn job_retry(person: SignedIn, Path(job): Path<(String, String)>, _: Form) -> Outcome {
    let done = t!(person.lang, "job-retried");
    change(person, job, done, actions::job_retry).await
}

/// `POST /operations/jobs/{organisation}/{job}/cancel`
pub async fn job_cancel(person: SignedIn, Path(job): Path<(String, String)>, _: Form) -> Outcome {
    let done = t!(person.lang, "job-cancelled");
    change(person, job, done, actions::job_cancel).await
}

async fn change(
    person: SignedIn,
    (organisation, job): (String, String),
    done: String,
    action: fn(&mut Tx<'_>, &Nature, &Runner, OrganisationId, JobId) -> Result<(), Failure>,
) -> Outcome {
    let organisation: OrganisationId = organisation.parse().map_err(|_| Failure::NotFound)?;
    let job: JobId = job.parse().map_err(|_| Failure::NotFound)?;
    let (nature, runner) = (person.app.nature.clone(), Runner::signed_in(&person.session)?);
    person.write(move |tx| action(tx, &nature, &runner, organisation, job)).await?;
    Ok(with_flash(&person.app, redirect(HERE), NoticeKind::Success, &done))
}
