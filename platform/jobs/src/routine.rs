//! The installation's own recurring work: done at its time by one node, and by hand at any time.
//!
//! A routine is a row. Whoever does it holds a lease that every step renews; where a node dies, another takes it up. It
//! belongs to no organisation, so that it can look at all of them; what came of it, it writes down itself.

mod store;

pub use store::{STATEMENTS as ROUTINE_STATEMENTS, ask, look};

use chrono::{DateTime, Duration, Utc};
use komainu_clock::Nature;
use komainu_db::{Db, DbError};
use std::ops::ControlFlow;
use std::sync::Arc;

/// A routine that did not renew its lease for this long is taken up again.
const LEASE: Duration = Duration::seconds(60);
/// How often a step is written down at most.
const TELL: Duration = Duration::seconds(1);
/// How often the table is looked at.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(1);
/// A routine that took the program down this often waits for its next time.
const ATTEMPTS: i64 = 3;

/// One kind of recurring work. It may be begun again after a crash, so doing it twice must do no harm.
pub trait Routine: Send + Sync {
    /// Its name, the same on every node.
    fn name(&self) -> &'static str;

    /// When it is due after this moment; never, for what is done only when somebody asks.
    fn next(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>>;

    /// Does it. Where it answers with a delay it is tried again after that, or at its next time if that comes first.
    fn run(&self, turn: &Turn<'_>) -> Result<(), Duration>;
}

/// Where a routine stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// When it is due; nothing for what waits to be asked for.
    pub due_at: Option<DateTime<Utc>>,
    /// Until when somebody holds it.
    pub(crate) lease_until: Option<DateTime<Utc>>,
    /// Steps done.
    pub step: i64,
    /// Steps there are.
    pub steps: i64,
    /// A word for the step under way, translated by whoever shows it.
    pub stage: String,
}

impl Standing {
    /// Whether somebody is at it, or it is about to be taken up.
    pub fn is_busy(&self, now: DateTime<Utc>) -> bool {
        self.lease_until.is_some_and(|until| until > now) || self.is_free_and_due(now)
    }

    fn is_free_and_due(&self, now: DateTime<Utc>) -> bool {
        self.due_at.is_some_and(|due| due <= now) && self.lease_until.is_none_or(|until| until < now)
    }
}

/// One doing of a routine.
pub struct Turn<'a> {
    db: &'a Db,
    nature: &'a Nature,
    name: &'static str,
    number: i64,
    /// Who asked for it; empty where its time had come.
    pub asked_by: String,
    stop: &'a dyn Fn() -> bool,
    told: std::cell::Cell<Option<(DateTime<Utc>, String)>>,
}

impl Turn<'_> {
    /// Tells how far the work is, as often as one likes; `Break` when it is to stop: the program is ending, or another
    /// node took it over.
    pub fn step(&self, stage: &str, step: i64, steps: i64) -> ControlFlow<()> {
        if (self.stop)() {
            return ControlFlow::Break(());
        }
        let now = self.nature.now();
        let told = self.told.take();
        if let Some((at, word)) = &told
            && word == stage
            && (*at..*at + TELL).contains(&now)
        {
            self.told.set(told);
            return ControlFlow::Continue(());
        }
        self.told.set(Some((now, stage.to_owned())));
        let noted =
            self.db.write(|tx| store::step(tx, self.name, self.number, (stage, step, steps), now + LEASE));
        match noted {
            Ok(true) => ControlFlow::Continue(()),
            Ok(false) => ControlFlow::Break(()),
            Err(error) => {
                tracing::warn!(routine = self.name, %error, "a step could not be noted");
                ControlFlow::Continue(())
            }
        }
    }
}

/// Does routines at their time; several nodes may share a database.
#[derive(Clone)]
pub struct Clockwork {
    db: Db,
    nature: Nature,
    routines: Arc<Vec<Box<dyn Routine>>>,
}

impl Clockwork {
    /// A clockwork for these routines.
    pub fn new(db: Db, nature: Nature, routines: Vec<Box<dyn Routine>>) -> Clockwork {
        Clockwork { db, nature, routines: Arc::new(routines) }
    }

    /// Works until `stop` changes; a routine under way stops at its next step and is taken up at the next start.
    pub async fn work(self, mut stop: tokio::sync::watch::Receiver<()>) {
        while !self.routines.is_empty() {
            let (clockwork, stopping) = (self.clone(), stop.clone());
            let turned = tokio::task::spawn_blocking(move || {
                clockwork.once(&|| stopping.has_changed().unwrap_or(true))
            });
            match turned.await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => tracing::warn!(%error, "the routines could not be looked at"),
                Err(error) => tracing::error!(%error, "a routine panicked"),
            }
            tokio::select! {
                _ = stop.changed() => return,
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }

    /// Does every routine that is due, and answers how many there were.
    pub fn once(&self, stop: &dyn Fn() -> bool) -> Result<usize, DbError> {
        let mut done = 0;
        for routine in self.routines.iter() {
            let (name, now) = (routine.name(), self.nature.now());
            let next = routine.next(now);
            let standing = self.db.read(|tx| store::look(tx, name))?;
            let earlier =
                |due: Option<DateTime<Utc>>| next.is_some_and(|next| due.is_none_or(|due| next < due));
            if standing.as_ref().is_none_or(|standing| earlier(standing.due_at)) {
                self.db.write(|tx| store::make(tx, name, next))?;
            }
            if !standing.is_some_and(|standing| standing.is_free_and_due(now)) {
                continue;
            }
            let taken = self.db.write(|tx| store::claim(tx, name, now, now + LEASE))?;
            if let Some((number, attempts, asked_by)) = taken {
                self.turn(&**routine, number, attempts, asked_by, stop)?;
                done += 1;
            }
        }
        Ok(done)
    }

    fn turn(
        &self,
        routine: &dyn Routine,
        number: i64,
        attempts: i64,
        asked_by: String,
        stop: &dyn Fn() -> bool,
    ) -> Result<(), DbError> {
        let (db, nature, name) = (&self.db, &self.nature, routine.name());
        let turn = Turn { db, nature, name, number, asked_by, stop, told: std::cell::Cell::new(None) };
        let outcome = if attempts > ATTEMPTS {
            tracing::error!(routine = name, "given up after several attempts");
            Ok(())
        } else {
            routine.run(&turn)
        };
        if outcome.is_err() && stop() {
            return db.write(|tx| store::lay_down(tx, name, number));
        }
        let now = nature.now();
        let (next, again) = (routine.next(now), outcome.err().map(|delay| now + delay));
        let due = [next, again].into_iter().flatten().min();
        db.write(|tx| store::finish(tx, name, number, due))
    }
}
