//! Work is done once, survives a crash, and stops when asked.
#![allow(clippy::unwrap_used)]

use chrono::Duration;
use komainu_access::{OrganisationId, Permission, Permissions, PersonId, Role, Scope};
use komainu_clock::{Fake, Nature};
use komainu_db::testing::each_database;
use komainu_db::uuid::Uuid;
use komainu_db::{Db, DbError, Outside, Statement, Tx, Url, params, prepare_all};
use komainu_jobs::routine::Clockwork;
use komainu_jobs::{
    GIVEN_UP, Job, JobId, Progress, State, Task, Work, WorkError, Worker, cancel, enqueue, failed_everywhere,
    find, open_everywhere, piles, recent, recent_by_key, retry,
};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration as Span, Instant};

struct Count(Arc<AtomicUsize>);

impl Work for Count {
    fn kind(&self) -> &'static str {
        "count"
    }

    fn run(&self, job: &Job, progress: &Progress<'_>) -> Result<String, WorkError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        for step in 0..job.steps {
            if progress.step(step, "counting").is_break() {
                return Err(WorkError::Cancelled);
            }
        }
        match job.payload.as_str() {
            "\"fail\"" => Err(WorkError::Failed("as asked".to_owned())),
            "\"later\"" => Err(WorkError::Again("not now".to_owned())),
            payload => Ok(payload.to_owned()),
        }
    }
}

struct Stop(Db, Nature);

impl Work for Stop {
    fn kind(&self) -> &'static str {
        "stop"
    }

    fn run(&self, job: &Job, progress: &Progress<'_>) -> Result<String, WorkError> {
        assert!(progress.step(0, "going on").is_continue());
        self.0.write(|tx| cancel(tx, &self.1, &job.scope, job.id)).unwrap();
        if progress.step(1, "stopping").is_break() { Err(WorkError::Cancelled) } else { Ok(String::new()) }
    }
}

fn scope() -> Scope {
    Scope::new(PersonId(Uuid::from_u128(1)), "事務長", OrganisationId(Uuid::from_u128(2)), Role::Director)
}

fn world(db: &Db) -> (Nature, Fake) {
    let (nature, fake) = Nature::fake("2026-11-23T00:00:00Z".parse().unwrap());
    let at = nature.now();
    for (sql, id) in [
        (
            "INSERT INTO organisation (id, kind, name, name_kana, folded, created_at) VALUES ($1, 'institution', '医院', '', '', $2)",
            2,
        ),
        (
            "INSERT INTO person (id, name, name_kana, email, email_folded, password_hash, administrator, lang, created_at) VALUES ($1, '', '', '', '', '', FALSE, 'ja', $2)",
            1,
        ),
    ] {
        let make = Statement { name: "MAKE", sql };
        db.write(|tx| tx.run(&Outside("a test"), make, params![Uuid::from_u128(id), at]).map(drop))
            .map_err(|error: DbError| error)
            .unwrap();
    }
    (nature, fake)
}

fn ask(db: &Db, nature: &Nature, kind: &str, payload: &str) -> JobId {
    db.write(|tx| enqueue(tx, nature, &scope(), kind, &payload, 3)).unwrap()
}

fn read<T>(db: &Db, work: impl FnOnce(&mut Tx<'_>) -> Result<T, DbError>) -> T {
    db.read(work).unwrap()
}

fn look(db: &Db, id: JobId) -> Job {
    read(db, |tx| find(tx, &scope(), id)).unwrap()
}

#[test]
fn a_job_is_done_once_and_keeps_its_result() {
    each_database(|db| {
        let (nature, _) = world(&db);
        let count = Arc::new(AtomicUsize::new(0));
        let worker = Worker::new(db.clone(), nature.clone(), vec![Box::new(Count(count.clone()))]);
        let ids: Vec<JobId> = (0..20).map(|number| ask(&db, &nature, "count", &number.to_string())).collect();
        std::thread::scope(|threads| {
            for _ in 0..3 {
                threads.spawn(|| while worker.once().unwrap() {});
            }
        });
        // A worker may find nothing while another one's claim is not yet committed.
        while worker.once().unwrap() {}
        assert_eq!(count.load(Ordering::SeqCst), 20);
        for (number, id) in ids.into_iter().enumerate() {
            let job = look(&db, id);
            assert_eq!((job.state, job.result, job.step), (State::Done, format!("\"{number}\""), 3));
        }
        assert_eq!(db.read(|tx| recent(tx, &scope(), "count", 5)).map_err(|e: DbError| e).unwrap().len(), 5);
    });
}

#[test]
fn a_job_may_do_no_more_than_the_token_that_asked_for_it() {
    each_database(|db| {
        let (nature, _) = world(&db);
        let narrow = Permissions::chosen([Permission::PackMake]);
        let asker = scope().narrowed_to(Some(narrow.clone()));
        let id = db.write(|tx| enqueue(tx, &nature, &asker, "count", &1, 1)).unwrap();
        assert_eq!(look(&db, id).scope.narrowed(), Some(&narrow));
        assert!(!look(&db, id).scope.may(Permission::MembersManage));
        let whole = ask(&db, &nature, "count", "1");
        assert!(look(&db, whole).scope.may(Permission::MembersManage));
    });
}

/// Whoever asked need not wait for the next look at the table.
#[test]
fn who_listens_is_told_once_the_work_can_be_seen() {
    each_database(|db| {
        let (nature, _) = world(&db);
        let (told, seen) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (counter, looker, reader) = (told.clone(), seen.clone(), db.clone());
        db.listen(move || {
            counter.fetch_add(1, Ordering::SeqCst);
            looker.store(read(&reader, |tx| recent(tx, &scope(), "count", 5)).len(), Ordering::SeqCst);
        });
        let count = || (told.load(Ordering::SeqCst), seen.load(Ordering::SeqCst));
        let dropped: Result<(), DbError> = db.write(|tx| {
            enqueue(tx, &nature, &scope(), "count", &"x", 1)?;
            Err(DbError::Other("not today".into()))
        });
        assert!(dropped.is_err());
        read(&db, |tx| find(tx, &scope(), JobId(Uuid::nil())));
        assert_eq!(count(), (0, 0));
        ask(&db, &nature, "count", "x");
        assert_eq!(count(), (1, 1));
    });
}

#[test]
fn a_rolled_back_change_leaves_no_job() {
    each_database(|db| {
        let (nature, _) = world(&db);
        let outcome: Result<(), DbError> = db.write(|tx| {
            enqueue(tx, &nature, &scope(), "count", &1, 1)?;
            Err(DbError::Other("stop".into()))
        });
        assert!(outcome.is_err());
        let worker = Worker::new(db.clone(), nature, vec![]);
        assert!(!worker.once().unwrap());
    });
}

#[test]
fn failure_is_told_and_an_unknown_kind_waits_for_who_knows_it() {
    each_database(|db| {
        let (nature, _) = world(&db);
        let worker = Worker::new(db.clone(), nature.clone(), vec![Box::new(Count(Arc::default()))]);
        let failing = ask(&db, &nature, "count", "fail");
        let unknown = ask(&db, &nature, "juggle", "x");
        while worker.once().unwrap() {}
        assert_eq!(
            (look(&db, failing).state, look(&db, failing).result),
            (State::Failed, "as asked".to_owned())
        );
        assert_eq!(look(&db, unknown).state, State::Waiting);
        let (open, failed) =
            (read(&db, |tx| open_everywhere(tx, 9)), read(&db, |tx| failed_everywhere(tx, 9)));
        assert_eq!((open.len(), open[0].job.id, failed.len(), failed[0].job.id), (1, unknown, 1, failing));
        assert_eq!(
            (open[0].organisation.as_str(), open[0].organisation_id()),
            ("医院", scope().organisation())
        );
        let piles = read(&db, piles);
        let counts: Vec<_> = piles.iter().map(|pile| (pile.kind.as_str(), pile.state, pile.count)).collect();
        assert_eq!(counts, [("count", State::Failed, 1), ("juggle", State::Waiting, 1)]);
    });
}

#[test]
fn cancelling_stops_before_and_during() {
    each_database(|db| {
        let (nature, _) = world(&db);
        let works: Vec<Box<dyn Work>> = vec![Box::new(Stop(db.clone(), nature.clone()))];
        let worker = Worker::new(db.clone(), nature.clone(), works);
        let during = ask(&db, &nature, "stop", "");
        assert!(worker.once().unwrap());
        assert_eq!(look(&db, during).state, State::Cancelled);
        let before = ask(&db, &nature, "stop", "");
        db.write(|tx| cancel(tx, &nature, &scope(), before)).unwrap();
        assert!(!worker.once().unwrap());
        assert_eq!(look(&db, before).state, State::Cancelled);
    });
}

#[test]
fn a_job_whose_runner_died_is_taken_up_again_and_given_up_at_last() {
    each_database(|db| {
        let (nature, fake) = world(&db);
        let id = ask(&db, &nature, "count", "x");
        let claim = Statement {
            name: "DIE",
            sql: "UPDATE job SET state = 'running', attempts = attempts + 1, tries = tries + 1, lease_until = $1",
        };
        let die = || {
            let until = nature.now() + Duration::seconds(60);
            db.write(|tx| tx.run(&Outside("a test"), claim, params![until]).map(drop))
                .map_err(|e: DbError| e)
                .unwrap();
        };
        let count = Arc::new(AtomicUsize::new(0));
        let worker = Worker::new(db.clone(), nature.clone(), vec![Box::new(Count(count.clone()))]);
        die();
        assert!(!worker.once().unwrap(), "the lease still holds");
        fake.advance(Duration::seconds(61));
        assert!(worker.once().unwrap());
        assert_eq!(look(&db, id).state, State::Done);

        let poison = ask(&db, &nature, "count", "x");
        (0..3).for_each(|_| die());
        fake.advance(Duration::seconds(61));
        let before = count.load(Ordering::SeqCst);
        while worker.once().unwrap() {}
        assert_eq!((look(&db, poison).state, look(&db, poison).result), (State::Failed, GIVEN_UP.to_owned()));
        assert!(
            count.load(Ordering::SeqCst) <= before + 1,
            "the first job may run again, the given-up one may not"
        );
    });
}

#[test]
fn work_that_cannot_be_done_now_is_tried_again_with_growing_pauses() {
    each_database(|db| {
        let (nature, fake) = world(&db);
        let count = Arc::new(AtomicUsize::new(0));
        let worker = Worker::new(db.clone(), nature.clone(), vec![Box::new(Count(count.clone()))]);
        let id = ask(&db, &nature, "count", "later");
        let mut last = Duration::zero();
        for tries in 1..3 {
            assert!(worker.once().unwrap());
            let job = look(&db, id);
            assert_eq!((job.state, job.result.as_str(), job.tries), (State::Waiting, "not now", tries));
            let pause = job.run_at - nature.now();
            assert!(pause > last, "{pause} after {last}");
            last = pause;
            fake.advance(pause - Duration::seconds(1));
            assert!(!worker.once().unwrap(), "not before its time");
            fake.advance(Duration::seconds(1));
        }
        assert!(worker.once().unwrap());
        let job = look(&db, id);
        assert_eq!((job.state, job.result.as_str(), job.tries), (State::Failed, "not now", 3));
        // A person asks again: all its tries are there again.
        assert!(db.write(|tx| retry(tx, &nature, &scope(), id)).unwrap());
        assert_eq!((look(&db, id).state, look(&db, id).tries), (State::Waiting, 0));
        assert!(worker.once().unwrap());
        assert_eq!((look(&db, id).state, look(&db, id).attempts), (State::Waiting, 4));
        assert_eq!(count.load(Ordering::SeqCst), 4);
        // While it waits for its next try it can be stopped.
        db.write(|tx| cancel(tx, &nature, &scope(), id)).unwrap();
        fake.advance(Duration::days(1));
        assert!(!worker.once().unwrap());
        assert_eq!(look(&db, id).state, State::Cancelled);
    });
}

#[test]
fn work_waits_for_its_time_and_the_same_key_is_asked_for_once() {
    each_database(|db| {
        let (nature, fake) = world(&db);
        let worker = Worker::new(db.clone(), nature.clone(), vec![Box::new(Count(Arc::default()))]);
        let later = nature.now() + Duration::hours(1);
        let task = |key: &str| {
            let task = Task::new("count", &"x").once(key).not_before(later);
            db.write(|tx| task.enqueue(tx, &nature, &scope())).unwrap()
        };
        let first = task("house/1").unwrap();
        assert_eq!(task("house/1"), None);
        assert!(task("house/2").is_some() && task("household/1").is_some());
        assert!(!worker.once().unwrap());
        fake.advance(Duration::hours(1));
        while worker.once().unwrap() {}
        assert_eq!(look(&db, first).state, State::Done);
        assert_eq!(task("house/1"), None, "also when it is done");
        assert_eq!(read(&db, |tx| recent_by_key(tx, &scope(), "count", "house", 9)).len(), 2);
    });
}

struct Secret;

impl Work for Secret {
    fn kind(&self) -> &'static str {
        "secret"
    }

    fn run(&self, _: &Job, _: &Progress<'_>) -> Result<String, WorkError> {
        Ok(String::new())
    }

    fn forgets(&self) -> bool {
        true
    }

    fn kept(&self) -> Duration {
        Duration::days(1)
    }
}

#[test]
fn what_was_done_is_forgotten_where_asked_and_swept_away_in_time() {
    each_database(|db| {
        let (nature, fake) = world(&db);
        let works: Vec<Box<dyn Work>> = vec![Box::new(Secret), Box::new(Count(Arc::default()))];
        let worker = Worker::new(db.clone(), nature.clone(), works);
        let nightly = Clockwork::new(db.clone(), nature.clone(), vec![worker.sweep()]);
        assert_eq!(nightly.once(&|| false).unwrap(), 0, "the first look only sets the time");
        let secret = ask(&db, &nature, "secret", "psst");
        let kept = ask(&db, &nature, "count", "psst");
        assert!(look(&db, secret).payload.contains("psst"));
        while worker.once().unwrap() {}
        assert_eq!(look(&db, secret).payload, "");
        assert!(!db.write(|tx| retry(tx, &nature, &scope(), secret)).unwrap(), "nothing is left to do again");
        assert!(look(&db, kept).payload.contains("psst"));
        fake.advance(Duration::days(2));
        assert_eq!(nightly.once(&|| false).unwrap(), 1);
        assert!(read(&db, |tx| find(tx, &scope(), secret)).is_none());
        assert!(read(&db, |tx| find(tx, &scope(), kept)).is_some());
    });
}

struct Long(Fake);

impl Work for Long {
    fn kind(&self) -> &'static str {
        "long"
    }

    fn run(&self, _: &Job, _: &Progress<'_>) -> Result<String, WorkError> {
        // Five minutes go by without a step, and the heart beats.
        for _ in 0..10 {
            self.0.advance(Duration::seconds(30));
            std::thread::sleep(Span::from_millis(100));
        }
        Ok("done".to_owned())
    }
}

#[test]
fn a_heartbeat_keeps_long_work_from_being_done_twice() {
    each_database(|db| {
        let (nature, fake) = world(&db);
        let worker = || {
            let works: Vec<Box<dyn Work>> = vec![Box::new(Long(fake.clone()))];
            Worker::new(db.clone(), nature.clone(), works).with_beat(Span::from_millis(20))
        };
        let id = ask(&db, &nature, "long", "");
        std::thread::scope(|threads| {
            let first = threads.spawn(|| worker().once().unwrap());
            while look(&db, id).state == State::Waiting {
                std::thread::sleep(Span::from_millis(5));
            }
            while look(&db, id).state == State::Running {
                assert!(look(&db, id).attempts == 1, "a second runner took it");
                worker().once().unwrap();
                std::thread::sleep(Span::from_millis(50));
            }
            assert!(first.join().unwrap());
        });
        assert_eq!((look(&db, id).attempts, look(&db, id).result.as_str()), (1, "done"));
    });
}

/// Names the database of the process that is to be killed.
const VICTIM: &str = "KOMAINU_TEST_VICTIM";

struct Forever(std::path::PathBuf);

impl Work for Forever {
    fn kind(&self) -> &'static str {
        "count"
    }

    fn run(&self, _: &Job, _: &Progress<'_>) -> Result<String, WorkError> {
        std::fs::write(&self.0, "begun").unwrap();
        std::thread::sleep(Span::from_secs(120));
        Ok("the victim lived".to_owned())
    }
}

/// No test by itself: the process that [`a_job_survives_kill_minus_nine`] starts and kills.
#[test]
fn victim() {
    let Some(path) = std::env::var_os(VICTIM) else { return };
    let db = Db::open(&Url::Sqlite(path.clone().into())).unwrap();
    let mark = Path::new(&path).with_extension("begun");
    Worker::new(db, Nature::real(), vec![Box::new(Forever(mark))]).once().unwrap();
}

#[test]
fn a_job_survives_kill_minus_nine() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("komainu.db");
    let db = Db::open(&Url::Sqlite(path.clone())).unwrap();
    db.migrate(Nature::real().now()).unwrap();
    world(&db);
    let id = ask(&db, &Nature::real(), "count", "x");
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "victim"])
        .env(VICTIM, &path)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let began = Instant::now();
    while !path.with_extension("begun").exists() {
        assert!(began.elapsed() < Span::from_secs(30), "the victim does not begin");
        std::thread::sleep(Span::from_millis(10));
    }
    let count = Arc::new(AtomicUsize::new(0));
    let worker = |nature| Worker::new(db.clone(), nature, vec![Box::new(Count(count.clone()))]);
    assert!(!worker(Nature::real()).once().unwrap(), "the victim has it");
    victim.kill().unwrap();
    victim.wait().unwrap();
    assert!(!worker(Nature::real()).once().unwrap(), "the dead one's lease still holds");
    let (later, _) = Nature::fake(Nature::real().now() + Duration::seconds(61));
    assert!(worker(later).once().unwrap());
    let job = look(&db, id);
    assert_eq!((job.state, job.attempts, job.result.as_str()), (State::Done, 2, "\"x\""));
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[test]
fn every_statement_is_understood_by_both_databases() {
    each_database(|db| prepare_all(&db, komainu_jobs::STATEMENTS).unwrap());
}
