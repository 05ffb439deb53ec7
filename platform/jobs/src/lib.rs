//! Work that takes longer than a page may: asked for in the transaction of the change, done beside the pages.
//!
//! ```text
//! waiting ──claim──► running ──► done
//!    ▲                 │  ├───► failed       (the work said so, or it took the program down three times)
//!    └──lease ran out──┘  └───► cancelled    (asked for; the work stops at its next step)
//! ```
//!
//! A job is a row: a rolled-back change leaves none, a crash loses none. Whoever runs a job holds a lease that every
//! step renews; a job whose lease ran out is taken up again by any node, so work must be repeatable. Exactly one node
//! runs a job at a time, on both databases by the same statement.

pub mod routine;
mod store;
mod worker;

pub use store::{STATEMENTS, cancel, enqueue, find, recent};
pub use worker::{Progress, Work, WorkError, Worker};

use chrono::{DateTime, Utc};
use komainu_access::Scope;

komainu_db::id! {
    /// One piece of background work.
    JobId
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody has begun it.
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

    /// Whether nothing more will happen to it.
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
    /// What exactly, as JSON that the kind understands.
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
    /// What came of it: for the kind to read.
    pub result: String,
    /// How often it was begun.
    pub attempts: i64,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it was over.
    pub finished_at: Option<DateTime<Utc>>,
}
