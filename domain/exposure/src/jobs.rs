//! Following the ledger: who changed it need not look for the answer to be there.

use crate::actions::{ask, exposure_keep, exposure_report};
use crate::answers::answer;
use crate::store;
use chrono::{DateTime, Duration, NaiveTime, Utc};
use komainu_access::OrganisationId;
use komainu_db::{DbError, uuid::Uuid};
use komainu_inventory::actions::{ledger, ledgers_behind};
use komainu_jobs::routine::{Routine, Turn};
use komainu_jobs::{Job, Progress, Watch, Work, WorkError, daily};
use komainu_web::{App, Failure};

/// The kind of job that computes an answer.
pub const KIND: &str = "exposure";
/// Organisations that one look, or one transaction of the morning, goes on with.
const SOME: i64 = 50;

/// Asks for an answer whenever a ledger has changed.
pub struct LedgerFollower(pub App);

impl Watch for LedgerFollower {
    fn look(&self) -> Result<bool, DbError> {
        let changed = self.0.db.read(|tx| ledgers_behind(tx, SOME))?;
        if !changed.is_empty() {
            self.0.db.write(|tx| {
                changed.iter().try_for_each(|(organisation, revision)| {
                    ask(tx, &self.0.nature, *organisation, *revision)
                })
            })?;
        }
        Ok(!changed.is_empty())
    }
}

/// Asks every morning for the answers that are missing, and for those that the day changes.
pub struct ExposureRoutine(pub App);

impl Routine for ExposureRoutine {
    fn name(&self) -> &'static str {
        "exposure"
    }

    fn next(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        NaiveTime::from_hms_opt(4, 0, 0).map(|time| daily(after, time))
    }

    fn run(&self, _: &Turn<'_>) -> Result<(), Duration> {
        self.ask_all().map_err(|error| {
            tracing::warn!(%error, "the morning's answers could not be asked for");
            Duration::minutes(5)
        })
    }
}

impl ExposureRoutine {
    fn ask_all(&self) -> Result<(), DbError> {
        let (db, nature) = (&self.0.db, &self.0.nature);
        let mut after = OrganisationId(Uuid::nil());
        loop {
            let behind = db.read(|tx| store::behind(tx, after, nature.today(), SOME))?;
            let Some((last, _)) = behind.last() else { return Ok(()) };
            after = *last;
            db.write(|tx| {
                behind
                    .iter()
                    .try_for_each(|(organisation, revision)| ask(tx, nature, *organisation, *revision))
            })?;
        }
    }
}

/// Computes answers.
pub struct ExposureWork(pub App);

impl Work for ExposureWork {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn run(&self, job: &Job, _: &Progress<'_>) -> Result<String, WorkError> {
        let (app, scope) = (&self.0, &job.scope);
        let today = app.nature.today();
        let (now, kept) =
            app.db.read(|tx| Ok::<_, Failure>((ledger(tx, scope)?, exposure_report(tx, scope)?)))?;
        // What is computed is the ledger as it is now, be it later than the one that was asked about.
        if kept.is_some_and(|kept| kept.stands(now.revision, today)) {
            return Ok(String::new());
        }
        let answer = answer(&now, today, app.nature.now())?;
        app.db.write(|tx| exposure_keep(tx, scope, &answer))?;
        Ok(format!("revision {}", answer.kept.revision))
    }

    fn kept(&self) -> Duration {
        Duration::days(2)
    }
}
