//! Work is done once, survives a crash, and stops when asked.
#![allow(clippy::unwrap_used)]

use chrono::Duration;
use komainu_access::{OrganisationId, Permission, Permissions, PersonId, Role, Scope};
use komainu_clock::{Fake, Nature};
use komainu_db::testing::each_database;
use komainu_db::uuid::Uuid;
use komainu_db::{Db, DbError, Outside, Statement, params};
use komainu_jobs::{Job, JobId, Progress, State, Work, WorkError, Worker, cancel, enqueue, find, recent};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

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
            "INSERT INTO organisation (id, kind, name, name_kana, folded, created_at) VALUES ($1, 'institution', '', '', '', $2)",
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

fn look(db: &Db, id: JobId) -> Job {
    db.read(|tx| find(tx, &scope(), id)).map_err(|error: DbError| error).unwrap().unwrap()
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
fn failure_and_unknown_kinds_are_told() {
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
        assert_eq!(look(&db, unknown).state, State::Failed);
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
            sql: "UPDATE job SET state = 'running', attempts = attempts + 1, lease_until = $1",
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
        assert_eq!(look(&db, poison).state, State::Failed);
        assert!(
            count.load(Ordering::SeqCst) <= before + 1,
            "the first job may run again, the given-up one may not"
        );
    });
}
