//! A routine is done at its time, once among nodes, and taken up again when its doer dies.
#![allow(clippy::unwrap_used)]

use chrono::{DateTime, Duration, Utc};
use komainu_clock::{Fake, Nature};
use komainu_db::testing::each_database;
use komainu_db::{Db, DbError, prepare_all};
use komainu_jobs::routine::{Clockwork, ROUTINE_STATEMENTS, Routine, Standing, Turn, ask, look};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Due every full hour; asks for more time after its second doing.
#[derive(Clone, Default)]
struct Hourly {
    done: Arc<AtomicUsize>,
    fails: Arc<AtomicUsize>,
    asked: Arc<AtomicUsize>,
}

impl Routine for Hourly {
    fn name(&self) -> &'static str {
        "hourly"
    }

    fn next(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let hour = 3600;
        DateTime::from_timestamp(after.timestamp() / hour * hour + hour, 0)
    }

    fn run(&self, turn: &Turn<'_>) -> Result<(), Duration> {
        self.asked.fetch_add(usize::from(!turn.asked_by.is_empty()), Ordering::SeqCst);
        if turn.step("working", 1, 2).is_break() {
            return Err(Duration::zero());
        }
        if self.fails.load(Ordering::SeqCst) > 0 {
            self.fails.fetch_sub(1, Ordering::SeqCst);
            return Err(Duration::minutes(5));
        }
        self.done.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

fn world(db: &Db) -> (Clockwork, Hourly, Nature, Fake) {
    let (nature, fake) = Nature::fake("2026-11-23T00:30:00Z".parse().unwrap());
    let hourly = Hourly::default();
    let clockwork = Clockwork::new(db.clone(), nature.clone(), vec![Box::new(hourly.clone())]);
    (clockwork, hourly, nature, fake)
}

fn on() -> bool {
    false
}

fn standing(db: &Db) -> Standing {
    db.read(|tx| look(tx, "hourly")).unwrap().unwrap()
}

#[test]
fn it_is_done_at_its_time_and_once_among_nodes() {
    each_database(|db| {
        let (clockwork, hourly, _, fake) = world(&db);
        assert_eq!(clockwork.once(&on).unwrap(), 0, "its time has not come");
        fake.advance(Duration::minutes(30));
        std::thread::scope(|nodes| {
            for _ in 0..4 {
                nodes.spawn(|| clockwork.once(&on).unwrap());
            }
        });
        assert_eq!(hourly.done.load(Ordering::SeqCst), 1);
        // Missed while every node was off: done once, as soon as one is back.
        fake.advance(Duration::hours(5));
        assert_eq!(clockwork.once(&on).unwrap() + clockwork.once(&on).unwrap(), 1);
    });
}

#[test]
fn it_can_be_asked_for_and_is_tried_again() {
    each_database(|db| {
        let (clockwork, hourly, nature, fake) = world(&db);
        db.write(|tx| ask(tx, "hourly", "事務長", nature.now())).map_err(|e: DbError| e).unwrap();
        assert!(standing(&db).is_busy(nature.now()));
        hourly.fails.store(1, Ordering::SeqCst);
        assert_eq!(clockwork.once(&on).unwrap(), 1);
        assert_eq!((hourly.done.load(Ordering::SeqCst), hourly.asked.load(Ordering::SeqCst)), (0, 1));
        assert!(!standing(&db).is_busy(nature.now()));
        fake.advance(Duration::minutes(4));
        assert_eq!(clockwork.once(&on).unwrap(), 0);
        fake.advance(Duration::minutes(1));
        assert_eq!(clockwork.once(&on).unwrap(), 1);
        assert_eq!((hourly.done.load(Ordering::SeqCst), hourly.asked.load(Ordering::SeqCst)), (1, 1));
    });
}

#[test]
fn a_dead_doer_is_replaced_and_a_stopped_one_leaves_it_due() {
    each_database(|db| {
        let (clockwork, hourly, nature, fake) = world(&db);
        db.write(|tx| ask(tx, "hourly", "", nature.now())).map_err(|e: DbError| e).unwrap();
        assert_eq!(clockwork.once(&|| true).unwrap(), 1, "it began and was stopped");
        assert_eq!(hourly.done.load(Ordering::SeqCst), 0);
        assert_eq!(clockwork.once(&on).unwrap(), 1, "and is still due");

        // A node that dies in the middle: its panic leaves the lease.
        struct Dies;
        impl Routine for Dies {
            fn name(&self) -> &'static str {
                "hourly"
            }
            fn next(&self, _: DateTime<Utc>) -> Option<DateTime<Utc>> {
                None
            }
            fn run(&self, _: &Turn<'_>) -> Result<(), Duration> {
                panic!("the power went off")
            }
        }
        let dying = Clockwork::new(db.clone(), nature.clone(), vec![Box::new(Dies)]);
        let die = || {
            db.write(|tx| ask(tx, "hourly", "", nature.now())).map_err(|e: DbError| e).unwrap();
            assert!(std::thread::scope(|node| node.spawn(|| dying.once(&on)).join()).is_err());
        };
        die();
        assert_eq!(clockwork.once(&on).unwrap(), 0, "the lease still holds");
        fake.advance(Duration::seconds(61));
        assert_eq!(clockwork.once(&on).unwrap(), 1);
        assert_eq!(hourly.done.load(Ordering::SeqCst), 2);
        for _ in 0..3 {
            die();
            fake.advance(Duration::seconds(61));
        }
        assert_eq!(clockwork.once(&on).unwrap(), 1, "given up");
        assert_eq!(hourly.done.load(Ordering::SeqCst), 2);
        assert!(!standing(&db).is_busy(nature.now()), "until its next time");
    });
}

#[test]
fn every_statement_is_understood() {
    each_database(|db| prepare_all(&db, ROUTINE_STATEMENTS).unwrap());
}
