//! Who does the work.

use crate::{Job, State, store};
use chrono::Duration;
use komainu_clock::Nature;
use komainu_db::{Db, DbError};
use std::ops::ControlFlow;
use std::sync::Arc;

/// A job that did not renew its lease for this long is taken up again.
const LEASE: Duration = Duration::seconds(60);
/// How often the table is looked at when nothing waits.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(500);

/// Why work was not done.
#[derive(Debug)]
pub enum WorkError {
    /// Somebody asked to stop.
    Cancelled,
    /// It cannot be done; the text is kept as the job's result.
    Failed(String),
}

impl<E: std::fmt::Display> From<E> for WorkError {
    fn from(error: E) -> Self {
        WorkError::Failed(error.to_string())
    }
}

/// One kind of work. It may be begun again after a crash, so doing it twice must do no harm.
pub trait Work: Send + Sync {
    /// The kind of job it does.
    fn kind(&self) -> &'static str;

    /// Does it, telling each step; answers what is kept as the job's result.
    fn run(&self, job: &Job, progress: &Progress<'_>) -> Result<String, WorkError>;
}

/// The way back from the work to the job's row.
pub struct Progress<'a> {
    db: &'a Db,
    nature: &'a Nature,
    job: &'a Job,
}

impl Progress<'_> {
    /// Notes that a step begins; `Break` when the work is to stop.
    pub fn step(&self, step: i64, stage: &str) -> ControlFlow<()> {
        let until = self.nature.now() + LEASE;
        match self.db.write(|tx| store::step(tx, self.job, step, stage, until)) {
            Ok(false) => ControlFlow::Continue(()),
            Ok(true) => ControlFlow::Break(()),
            Err(error) => {
                tracing::warn!(job = %self.job.id, %error, "a step could not be noted");
                ControlFlow::Continue(())
            }
        }
    }
}

/// Takes jobs and does them, one at a time; several workers may share a database.
#[derive(Clone)]
pub struct Worker {
    db: Db,
    nature: Nature,
    works: Arc<Vec<Box<dyn Work>>>,
}

impl Worker {
    /// A worker that knows these kinds of work.
    pub fn new(db: Db, nature: Nature, works: Vec<Box<dyn Work>>) -> Worker {
        Worker { db, nature, works: Arc::new(works) }
    }

    /// Works until `stop` changes; a job under way is finished first.
    pub async fn work(self, mut stop: tokio::sync::watch::Receiver<()>) {
        loop {
            let worker = self.clone();
            let worked = tokio::task::spawn_blocking(move || worker.once()).await;
            let idle = match worked {
                Ok(Ok(worked)) => !worked,
                Ok(Err(error)) => {
                    tracing::warn!(%error, "the next job could not be taken");
                    true
                }
                Err(error) => {
                    tracing::error!(%error, "a job panicked");
                    true
                }
            };
            if stop.has_changed().unwrap_or(true) {
                return;
            }
            if idle {
                tokio::select! {
                    _ = stop.changed() => return,
                    () = tokio::time::sleep(PAUSE) => {}
                }
            }
        }
    }

    /// Takes the next job, if any, and does it; answers whether there was one.
    pub fn once(&self) -> Result<bool, DbError> {
        let now = self.nature.now();
        let Some(job) = self.db.write(|tx| store::claim(tx, now, now + LEASE))? else { return Ok(false) };
        let (state, result) = if job.attempts > store::ATTEMPTS {
            (State::Failed, "given up after several attempts".to_owned())
        } else {
            self.run(&job)
        };
        self.db.write(|tx| store::finish(tx, &job, state, &result, self.nature.now()))?;
        Ok(true)
    }

    fn run(&self, job: &Job) -> (State, String) {
        let Some(work) = self.works.iter().find(|work| work.kind() == job.kind) else {
            return (State::Failed, format!("no such work: {}", job.kind));
        };
        let progress = Progress { db: &self.db, nature: &self.nature, job };
        match work.run(job, &progress) {
            Ok(result) => (State::Done, result),
            Err(WorkError::Cancelled) => (State::Cancelled, String::new()),
            Err(WorkError::Failed(why)) => {
                tracing::error!(job = %job.id, kind = %job.kind, why, "a job failed");
                (State::Failed, why)
            }
        }
    }
}
