//! Background work over the API, for those who run the installation and watch it with a program of their own.

use crate::actions::{self, Jobs, Runner};
use crate::words::trouble_text;
use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, Permission};
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_jobs::{JobId, Listed, State};
use komainu_web::api::{Caller, Path, Resource};
use komainu_web::{Failure, Outcome};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The background work of the installation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Jobs)]
pub struct JobsShown {
    /// How many run or wait in all.
    open_count: i64,
    /// How many failed in all.
    failed_count: i64,
    /// The first 100 that run or wait, in the order in which they were asked for.
    open: Vec<JobShown>,
    /// The newest 100 that failed, newest first.
    failed: Vec<JobShown>,
}

/// A piece of background work. What it is about is not told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Job)]
pub struct JobShown {
    id: JobId,
    organisation: OrganisationId,
    organisation_name: String,
    /// A word for the kind of work, such as `mail`.
    kind: String,
    /// `waiting`, `running` or `failed`.
    state: &'static str,
    asked_at: DateTime<Utc>,
    /// Not begun before this moment.
    run_at: DateTime<Utc>,
    /// How often it was begun since somebody last asked for it.
    tries: i64,
    /// What went wrong and what to do, in words; empty where nothing did.
    trouble: String,
    /// What the program itself or another one said of it, word by word; empty where nothing went wrong.
    inside: String,
    /// Whether it can be done again now: it does not run, and what it is about was not let go.
    can_retry: bool,
}

/// A job's address.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct JobPath {
    /// The organisation that it belongs to.
    #[param(inline)]
    organisation: OrganisationId,
    /// The job.
    #[param(inline)]
    job: JobId,
}

impl Resource for JobsShown {}

impl JobShown {
    fn of(lang: Lang, listed: Listed) -> JobShown {
        let (organisation, job) = (listed.organisation_id(), listed.job);
        JobShown {
            id: job.id,
            organisation,
            organisation_name: listed.organisation,
            state: job.state.code(),
            asked_at: job.created_at,
            run_at: job.run_at,
            tries: job.tries,
            trouble: trouble_text(lang, &job),
            can_retry: job.state != State::Running && !job.payload.is_empty(),
            kind: job.kind,
            inside: job.result,
        }
    }
}

fn shown(tx: &mut Tx<'_>, at: &Caller, runner: &Runner) -> Result<JobsShown, Failure> {
    let Jobs { open, failed, counts } = actions::jobs(tx, runner)?;
    let shown = |jobs: Vec<Listed>| jobs.into_iter().map(|job| JobShown::of(at.lang, job)).collect();
    Ok(JobsShown { open_count: counts.0, failed_count: counts.1, open: shown(open), failed: shown(failed) })
}

async fn asked(
    caller: Caller,
    path: JobPath,
    action: fn(&mut Tx<'_>, &Nature, &Runner, OrganisationId, JobId) -> Result<(), Failure>,
) -> Outcome {
    caller
        .change(move |tx, at| {
            let runner = Runner::program(&at.scope, Permission::InstallationManage)?;
            action(tx, &at.app.nature, &runner, path.organisation, path.job)?;
            shown(tx, at, &runner)
        })
        .await
}

/// What runs, waits and failed in the background
#[utoipa::path(get, path = "/operations/jobs", responses((status = 200, body = JobsShown)))]
pub async fn jobs(caller: Caller) -> Outcome {
    caller
        .show(|tx, at| {
            let runner = Runner::program(&at.scope, Permission::InstallationSee)?;
            shown(tx, at, &runner)
        })
        .await
}

/// Do a job again at once, with all its tries; refused while it runs, or where what it is about was let go
#[utoipa::path(post, path = "/operations/jobs/{organisation}/{job}/retry", params(JobPath),
    responses((status = 200, body = JobsShown)))]
pub async fn job_retry(caller: Caller, Path(path): Path<JobPath>) -> Outcome {
    asked(caller, path, actions::job_retry).await
}

/// Stop a job that waits, or ask one that runs to stop; refused where it is over
#[utoipa::path(post, path = "/operations/jobs/{organisation}/{job}/cancel", params(JobPath),
    responses((status = 200, body = JobsShown)))]
pub async fn job_cancel(caller: Caller, Path(path): Path<JobPath>) -> Outcome {
    asked(caller, path, actions::job_cancel).await
}
