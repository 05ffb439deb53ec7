//! Who does the work.

use crate::routine::Routine;
use crate::sweep::Sweep;
use crate::{GIVEN_UP, Job, State, rules, store};
use chrono::Duration;
use komainu_clock::Nature;
use komainu_db::{Db, DbError};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use tokio::sync::oneshot;
use tokio::sync::watch::{self, Receiver};

/// A job that did not renew its lease for this long is taken up again.
const LEASE: Duration = Duration::seconds(60);
/// How often a running job's lease is renewed.
const BEAT: std::time::Duration = std::time::Duration::from_secs(15);
/// How often the table is looked at when nothing waits: what another node asked for, or what was put off. What this
/// process asks for is begun at once.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(500);
/// How long to wait after the database failed.
const AFTER_TROUBLE: std::time::Duration = std::time::Duration::from_secs(5);

/// Why work was not done.
#[derive(Debug)]
pub enum WorkError {
    /// Somebody asked to stop.
    Cancelled,
    /// Not now: it is tried again after a pause, while it has tries left. The text is kept as the job's result.
    Again(String),
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

    /// How often it is begun before it is given up.
    fn tries(&self) -> i64 {
        3
    }

    /// How many of it one node does at a time.
    fn hands(&self) -> usize {
        1
    }

    /// Whether what it was about is let go once it is done.
    fn forgets(&self) -> bool {
        false
    }

    /// How long a job's row is kept after its end.
    fn kept(&self) -> Duration {
        Duration::days(30)
    }
}

/// Something that is looked after all the time, beside the jobs. Several nodes may look at once.
pub trait Watch: Send + Sync {
    /// Looks, and does what there is to do; answers whether there was anything.
    fn look(&self) -> Result<bool, DbError>;

    /// Whether it may not stand behind requests. It then looks on a thread of its own: all of the pool's may wait for the
    /// database when very many ask at once.
    fn presses(&self) -> bool {
        false
    }
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

/// Takes jobs and does them, each kind beside the others; several workers may share a database.
#[derive(Clone)]
pub struct Worker {
    db: Db,
    nature: Nature,
    works: Arc<Vec<Box<dyn Work>>>,
    watches: Arc<Vec<Box<dyn Watch>>>,
    beat: std::time::Duration,
    /// Changes whenever this process asked for work.
    bell: watch::Sender<()>,
}

impl Worker {
    /// A worker that knows these kinds of work. Jobs of other kinds wait for a node that knows them.
    pub fn new(db: Db, nature: Nature, works: Vec<Box<dyn Work>>) -> Worker {
        let bell = watch::Sender::new(());
        let rung = bell.clone();
        db.listen(move || rung.send_replace(()));
        Worker { db, nature, works: Arc::new(works), watches: Arc::default(), beat: BEAT, bell }
    }

    /// The same worker, which also looks after these.
    #[must_use]
    pub fn with_watches(self, watches: Vec<Box<dyn Watch>>) -> Worker {
        Worker { watches: Arc::new(watches), ..self }
    }

    /// The same worker with a quicker heart, for tests.
    #[doc(hidden)]
    #[must_use]
    pub fn with_beat(self, beat: std::time::Duration) -> Worker {
        Worker { beat, ..self }
    }

    /// Works until `stop` changes; jobs under way are finished first.
    pub async fn work(self, stop: Receiver<()>) {
        let mut hands = tokio::task::JoinSet::new();
        for (index, work) in self.works.iter().enumerate() {
            for _ in 0..work.hands() {
                let worker = self.clone();
                let step = move || worker.take(&*worker.works[index]);
                hands.spawn(repeat(step, false, self.bell.subscribe(), stop.clone()));
            }
        }
        for index in 0..self.watches.len() {
            let worker = self.clone();
            let presses = worker.watches[index].presses();
            let look = move || worker.watches[index].look();
            hands.spawn(repeat(look, presses, self.bell.subscribe(), stop.clone()));
        }
        while hands.join_next().await.is_some() {}
    }

    /// Takes the next job, if any, and does it; answers whether there was one.
    pub fn once(&self) -> Result<bool, DbError> {
        for work in &*self.works {
            if self.take(&**work)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The daily clearing away of what was over long ago, of the kinds that this worker knows.
    pub fn sweep(&self) -> Box<dyn Routine> {
        let kept = self.works.iter().map(|work| (work.kind(), work.kept())).collect();
        Box::new(Sweep { db: self.db.clone(), nature: self.nature.clone(), kept })
    }

    fn take(&self, work: &dyn Work) -> Result<bool, DbError> {
        let now = self.nature.now();
        // Looking is cheap; claiming takes the only writer of SQLite.
        if !self.db.read(|tx| store::is_due(tx, work.kind(), now))? {
            return Ok(false);
        }
        let claimed = self.db.write(|tx| store::claim(tx, work.kind(), now, now + LEASE))?;
        // Another node was quicker: there may be more.
        let Some(mut job) = claimed else { return Ok(true) };
        let outcome = if job.tries > work.tries() {
            Err(WorkError::Failed(GIVEN_UP.to_owned()))
        } else {
            self.run(work, &job)
        };
        let now = self.nature.now();
        let (state, result) = match outcome {
            Ok(result) => {
                if work.forgets() {
                    job.payload.clear();
                }
                (State::Done, result)
            }
            Err(WorkError::Cancelled) => (State::Cancelled, String::new()),
            Err(WorkError::Again(why)) if job.tries < work.tries() => {
                let pause = rules::pause(job.tries, u64::from_be_bytes(self.nature.bytes()));
                tracing::info!(job = %job.id, kind = job.kind, seconds = pause.num_seconds(), "a job is put off");
                self.db.write(|tx| store::postpone(tx, &job, &why, now + pause, now))?;
                return Ok(true);
            }
            Err(WorkError::Again(why) | WorkError::Failed(why)) => {
                // Why is for the administrator's page only: a mail server's answer may name people.
                tracing::error!(job = %job.id, kind = job.kind, "a job failed");
                (State::Failed, why)
            }
        };
        self.db.write(|tx| store::finish(tx, &job, state, &result, now))?;
        Ok(true)
    }

    /// Does the work while a heartbeat renews the lease.
    fn run(&self, work: &dyn Work, job: &Job) -> Result<String, WorkError> {
        std::thread::scope(|threads| {
            let (over, heart) = channel::<()>();
            threads.spawn(move || {
                while heart.recv_timeout(self.beat) == Err(RecvTimeoutError::Timeout) {
                    let until = self.nature.now() + LEASE;
                    if let Err(error) = self.db.write(|tx| store::heartbeat(tx, job, until)) {
                        tracing::warn!(job = %job.id, %error, "a lease could not be renewed");
                    }
                }
            });
            // Dropped at the end of the work, also where it panics: the heart stops.
            let _over = over;
            work.run(job, &Progress { db: &self.db, nature: &self.nature, job })
        })
    }
}

/// Does a step again and again off the async threads, with a pause where there was nothing to do, until `stop` changes.
/// A pause ends when the bell rings, except after trouble.
async fn repeat(
    step: impl Fn() -> Result<bool, DbError> + Clone + Send + 'static,
    presses: bool,
    mut bell: Receiver<()>,
    mut stop: Receiver<()>,
) {
    loop {
        bell.borrow_and_update();
        let rest = match off_thread(step.clone(), presses).await {
            Ok(Ok(true)) => None,
            Ok(Ok(false)) => Some(PAUSE),
            Ok(Err(error)) => {
                tracing::warn!(%error, "background work could not be looked for");
                Some(AFTER_TROUBLE)
            }
            Err(error) => {
                tracing::error!(%error, "background work panicked");
                Some(AFTER_TROUBLE)
            }
        };
        if stop.has_changed().unwrap_or(true) {
            return;
        }
        if let Some(rest) = rest {
            tokio::select! {
                _ = stop.changed() => return,
                Ok(()) = bell.changed(), if rest == PAUSE => {}
                () = tokio::time::sleep(rest) => {}
            }
        }
    }
}

/// Does a step off the async threads; one that presses on a thread of its own.
async fn off_thread(
    step: impl FnOnce() -> Result<bool, DbError> + Send + 'static,
    presses: bool,
) -> Result<Result<bool, DbError>, String> {
    if !presses {
        return tokio::task::spawn_blocking(step).await.map_err(|error| error.to_string());
    }
    let (tell, told) = oneshot::channel();
    let thread = std::thread::Builder::new().name("watch".to_owned()).spawn(move || {
        // Where the program ends meanwhile, nobody hears it.
        let _ = tell.send(step());
    });
    thread.map_err(|error| error.to_string())?;
    told.await.map_err(|_| "no answer came back".to_owned())
}
