//! Looking at background work, doing it again, stopping it.

use komainu_access::{OrganisationId, Permission, PersonId, Scope, Session};
use komainu_audit::Change;
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_jobs::{Job, JobId, Listed};
use komainu_web::Failure;
use serde_json::json;

/// Jobs that are shown of each state.
pub const SHOWN: i64 = 100;

/// The background work of the installation.
#[derive(Clone, Debug)]
pub struct Jobs {
    /// What runs or waits, in the order in which it was asked for.
    pub open: Vec<Listed>,
    /// What failed, the newest first.
    pub failed: Vec<Listed>,
    /// How many run or wait, and how many failed, in all.
    pub counts: (i64, i64),
}

/// Whoever runs the installation: to have one is to have been let in.
#[derive(Clone, Debug)]
pub struct Runner {
    person: PersonId,
    name: String,
}

impl Runner {
    /// The signed-in administrator.
    ///
    /// # Errors
    /// [`Failure::NotFound`] for everybody else.
    pub fn signed_in(session: &Session) -> Result<Runner, Failure> {
        if session.administrator {
            Ok(Runner { person: session.person, name: session.person_name.clone() })
        } else {
            Err(Failure::NotFound)
        }
    }

    /// An administrator's program, with one of the permissions of the installation.
    ///
    /// # Errors
    /// [`Failure::Denied`] where the token does not have it.
    pub fn program(scope: &Scope, permission: Permission) -> Result<Runner, Failure> {
        scope.require(permission)?;
        Ok(Runner { person: scope.person(), name: scope.person_name().to_owned() })
    }
}

/// What waits, runs and failed.
pub fn jobs(tx: &mut Tx<'_>, _: &Runner) -> Result<Jobs, Failure> {
    let counts = komainu_jobs::piles(tx)?.iter().fold((0, 0), |(open, failed), pile| {
        if pile.state.is_over() { (open, failed + pile.count) } else { (open + pile.count, failed) }
    });
    Ok(Jobs {
        open: komainu_jobs::open_everywhere(tx, SHOWN)?,
        failed: komainu_jobs::failed_everywhere(tx, SHOWN)?,
        counts,
    })
}

/// Does a job again at once, with all its tries.
///
/// # Errors
/// [`Failure::Stale`] where it runs at this moment, or has nothing left to do.
pub fn job_retry(
    tx: &mut Tx<'_>,
    nature: &Nature,
    runner: &Runner,
    organisation: OrganisationId,
    id: JobId,
) -> Result<(), Failure> {
    let (job, scope) = found(tx, runner, organisation, id)?;
    if !komainu_jobs::retry(tx, nature, &scope, id)? {
        return Err(Failure::Stale);
    }
    record(tx, nature, &scope, "job_retry", &job)
}

/// Stops a job that waits, or asks one that runs to stop. One that is over stays as it is.
pub fn job_cancel(
    tx: &mut Tx<'_>,
    nature: &Nature,
    runner: &Runner,
    organisation: OrganisationId,
    id: JobId,
) -> Result<(), Failure> {
    let (job, scope) = found(tx, runner, organisation, id)?;
    if job.state.is_over() {
        return Err(Failure::Stale);
    }
    komainu_jobs::cancel(tx, nature, &scope, id)?;
    record(tx, nature, &scope, "job_cancel", &job)
}

/// The job, and the scope in which the administrator touches it.
fn found(
    tx: &mut Tx<'_>,
    runner: &Runner,
    organisation: OrganisationId,
    id: JobId,
) -> Result<(Job, Scope), Failure> {
    let job = komainu_jobs::find_anywhere(tx, organisation, id)?.ok_or(Failure::NotFound)?;
    let scope = Scope::new(runner.person, &runner.name, organisation, job.scope.role());
    Ok((job, scope))
}

fn record(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    action: &'static str,
    job: &Job,
) -> Result<(), Failure> {
    let change = Change {
        action,
        object_kind: "job",
        object_id: &job.id.to_string(),
        before: json!({ "work": job.kind }),
        after: json!({ "work": job.kind }),
    };
    Ok(komainu_audit::record(tx, scope, nature.now(), &change)?)
}
