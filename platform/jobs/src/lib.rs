//! Work that takes longer than a page may: asked for in the transaction of the change, done beside the pages.
//!
//! ```text
//!      ┌──not now (again after a pause)──┐
//!      ▼                                 │
//!   waiting ──its time has come, claim──► running ──► done
//!      ▲  ▲                              │  ├───► failed       (the work said so, or its tries are used up)
//!      │  └─────────lease ran out────────┘  └───► cancelled    (asked for; the work stops at its next step)
//!      └──retry, by a person── failed, cancelled, done
//! ```
//!
//! A job is a row: a rolled-back change leaves none, a crash loses none. Whoever runs a job holds a lease that a heartbeat
//! renews; a job whose lease ran out is taken up again by any node, so work must be repeatable. Exactly one node runs a
//! job at a time, on both databases by the same statement, and only the latest runner's word about it counts.
//!
//! What the installation does at its time, such as every day, is a [`routine`]; where that is work for many, it asks for
//! jobs under keys, so that doing it twice asks once.

pub mod routine;
mod rules;
mod store;
mod sweep;
mod worker;

pub use rules::daily;
pub use store::{
    STATEMENTS, cancel, enqueue, failed_everywhere, find, find_anywhere, open_everywhere, piles, recent,
    recent_by_key, retry,
};
pub use worker::{Progress, Watch, Work, WorkError, Worker};

use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, Scope};
use komainu_clock::Nature;
use komainu_db::{DbError, Tx};
use serde::Serialize;

/// The result of a job that took the program down as often as it may.
pub const GIVEN_UP: &str = "given up after several attempts";

komainu_db::id! {
    /// One piece of background work.
    JobId
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody has begun it, or it waits for its next try.
    Waiting,
    /// Someone is at it.
    Running,
    /// It is done; [`Job::result`] says what came of it.
    Done,
    /// It could not be done; [`Job::result`] says why.
    Failed,
    /// Someone stopped it.
    Cancelled,
}

impl State {
    /// The word stored in the database.
    pub const fn code(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Running => "running",
            State::Done => "done",
            State::Failed => "failed",
            State::Cancelled => "cancelled",
        }
    }

    fn from_code(code: &str) -> Option<State> {
        [State::Waiting, State::Running, State::Done, State::Failed, State::Cancelled]
            .into_iter()
            .find(|state| state.code() == code)
    }

    /// Whether nothing more will happen to it by itself.
    pub const fn is_over(self) -> bool {
        !matches!(self, State::Waiting | State::Running)
    }
}

/// One piece of background work.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its name.
    pub id: JobId,
    /// What kind of work.
    pub kind: String,
    /// What exactly, as JSON that the kind understands; empty where it was let go ([`Work::forgets`]).
    pub payload: String,
    /// On whose behalf and in which organisation it runs.
    pub scope: Scope,
    /// Where it stands.
    pub state: State,
    /// Steps done.
    pub step: i64,
    /// Steps there are.
    pub steps: i64,
    /// A word for the step under way.
    pub stage: String,
    /// What came of it, or of its last try: for the kind to read.
    pub result: String,
    /// How often it was begun in all.
    pub attempts: i64,
    /// How often it was begun since somebody last asked for it.
    pub tries: i64,
    /// Not before this moment.
    pub run_at: DateTime<Utc>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it was over.
    pub finished_at: Option<DateTime<Utc>>,
}

/// A job as whoever runs the installation sees it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The job.
    pub job: Job,
    /// The name of its organisation.
    pub organisation: String,
}

impl Listed {
    /// The organisation.
    pub fn organisation_id(&self) -> OrganisationId {
        self.job.scope.organisation()
    }
}

/// The jobs of one kind that stand in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pile {
    /// What kind of work.
    pub kind: String,
    /// Waiting, running or failed.
    pub state: State,
    /// How many.
    pub count: i64,
    /// The earliest moment for which one of them was due.
    pub oldest: DateTime<Utc>,
}

/// Work to ask for.
#[derive(Clone, Copy)]
pub struct Task<'a, P: Serialize> {
    kind: &'a str,
    payload: &'a P,
    steps: i64,
    key: &'a str,
    run_at: Option<DateTime<Utc>>,
}

impl<'a, P: Serialize> Task<'a, P> {
    /// Work in one step, as soon as possible.
    pub const fn new(kind: &'a str, payload: &'a P) -> Task<'a, P> {
        Task { kind, payload, steps: 1, key: "", run_at: None }
    }

    /// The same work once only: asked for again under this key in this organisation, nothing happens, for as long as
    /// the row is kept ([`Work::kept`]). Parts of a key are divided by slashes.
    #[must_use]
    pub const fn once(self, key: &'a str) -> Task<'a, P> {
        Task { key, ..self }
    }

    /// The same work, but not before a moment.
    #[must_use]
    pub const fn not_before(self, moment: DateTime<Utc>) -> Task<'a, P> {
        Task { run_at: Some(moment), ..self }
    }

    /// Asks for it, in the transaction of the change that needs it; none where it was asked for before.
    ///
    /// # Errors
    /// Database errors, and [`DbError::Other`] when the payload cannot be written as JSON.
    pub fn enqueue(self, tx: &mut Tx<'_>, nature: &Nature, scope: &Scope) -> Result<Option<JobId>, DbError> {
        let id = JobId(nature.id());
        Ok(store::insert(tx, nature, scope, id, &self)?.then_some(id))
    }
}
