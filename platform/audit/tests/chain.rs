//! The chain holds against every single change that someone with the database could make.
#![allow(clippy::unwrap_used, clippy::type_complexity)]

use chrono::{DateTime, Duration, Utc};
use komainu_access::{Link, LinkId, OrganisationId, PersonId, PlaceId, Purpose, Role, Scope, SharedPlace};
use komainu_audit::{Broken, Change, record, verify};
use komainu_db::testing::each_database;
use komainu_db::uuid::Uuid;
use komainu_db::{Db, DbError, Outside, Statement, params};
use std::sync::Barrier;

const FORGER: Outside = Outside("someone with the database");

fn now() -> DateTime<Utc> {
    "2026-11-23T01:02:03Z".parse().unwrap()
}

fn scope(organisation: u128) -> Scope {
    Scope::new(
        PersonId(Uuid::from_u128(1)),
        "院長",
        OrganisationId(Uuid::from_u128(organisation)),
        Role::Director,
    )
}

fn write(db: &Db, organisation: u128, number: i64) {
    db.write(|tx| {
        let change = Change {
            action: "answer_set",
            object_kind: "answer",
            object_id: "patches",
            before: (),
            after: number,
        };
        record(tx, &scope(organisation), now(), &change)
    })
    .unwrap();
}

fn verdict(db: &Db, organisation: u128) -> (i64, Option<Broken>) {
    let verdict = db
        .read(|tx| verify(tx, OrganisationId(Uuid::from_u128(organisation))))
        .map_err(|error: DbError| error)
        .unwrap();
    (verdict.sound, verdict.broken)
}

fn forge(db: &Db, sql: &'static str) {
    db.write(|tx| tx.run(&FORGER, Statement { name: "FORGE", sql }, params![Uuid::from_u128(2)]).map(drop))
        .map_err(|error: DbError| error)
        .unwrap();
}

#[test]
fn every_forgery_is_named() {
    let cases: [(&str, &[&'static str], (i64, Option<Broken>)); 6] = [
        ("untouched", &[], (5, None)),
        (
            "changed",
            &["UPDATE audit_entry SET after = '9' WHERE organisation_id = $1 AND seq = 3"],
            (2, Some(Broken::Changed(3))),
        ),
        (
            "removed",
            &["DELETE FROM audit_entry WHERE organisation_id = $1 AND seq = 3"],
            (2, Some(Broken::Missing(3))),
        ),
        (
            "last removed",
            &["DELETE FROM audit_entry WHERE organisation_id = $1 AND seq = 5"],
            (4, Some(Broken::Missing(5))),
        ),
        (
            "renumbered after removal",
            &[
                "DELETE FROM audit_entry WHERE organisation_id = $1 AND seq = 1",
                "UPDATE audit_entry SET seq = seq - 10 WHERE organisation_id = $1",
                "UPDATE audit_entry SET seq = seq + 9 WHERE organisation_id = $1",
            ],
            (0, Some(Broken::Changed(1))),
        ),
        (
            "head removed",
            &["DELETE FROM audit_head WHERE organisation_id = $1"],
            (5, Some(Broken::Beyond(1))),
        ),
    ];
    each_database(|db| {
        for (name, forgeries, expected) in &cases {
            forge(&db, "DELETE FROM audit_entry WHERE organisation_id = $1");
            forge(&db, "DELETE FROM audit_head WHERE organisation_id = $1");
            (1..=5).for_each(|number| write(&db, 2, number));
            forgeries.iter().for_each(|sql| forge(&db, sql));
            assert_eq!(verdict(&db, 2), *expected, "{name}");
        }
    });
}

#[test]
fn where_something_was_done_is_part_of_the_proof() {
    let place = SharedPlace {
        id: PlaceId(Uuid::from_u128(7)),
        organisation: OrganisationId(Uuid::from_u128(2)),
        organisation_name: String::new(),
        name: "2階病棟".to_owned(),
        lock_after: Duration::minutes(5),
    };
    let at_place = |db: &Db| {
        let change = Change {
            action: "answer_set",
            object_kind: "answer",
            object_id: "patches",
            before: (),
            after: 2,
        };
        db.write(|tx| record(tx, &scope(2).at(&place), now(), &change)).unwrap();
    };
    let cases: [(&str, &'static str, (i64, Option<Broken>)); 4] = [
        ("untouched", "UPDATE audit_entry SET seq = seq WHERE organisation_id = $1", (3, None)),
        (
            "another name",
            "UPDATE audit_entry SET place_name = '受付' WHERE organisation_id = $1 AND seq = 2",
            (1, Some(Broken::Changed(2))),
        ),
        (
            "as if from a browser of one's own",
            "UPDATE audit_entry SET place_id = NULL, place_name = '' WHERE organisation_id = $1 AND seq = 2",
            (1, Some(Broken::Changed(2))),
        ),
        (
            "as if from a place",
            "UPDATE audit_entry SET place_name = '2階病棟' WHERE organisation_id = $1 AND seq = 3",
            (2, Some(Broken::Changed(3))),
        ),
    ];
    each_database(|db| {
        for (name, forgery, expected) in &cases {
            forge(&db, "DELETE FROM audit_entry WHERE organisation_id = $1");
            forge(&db, "DELETE FROM audit_head WHERE organisation_id = $1");
            write(&db, 2, 1);
            at_place(&db);
            write(&db, 2, 3);
            forge(&db, forgery);
            assert_eq!(verdict(&db, 2), *expected, "{name}");
        }
    });
}

#[test]
fn the_link_through_which_something_was_done_is_part_of_the_proof() {
    let link = Link {
        id: LinkId(Uuid::from_u128(8)),
        organisation: OrganisationId(Uuid::from_u128(2)),
        organisation_name: String::new(),
        purpose: Purpose::LetterReply,
        subject: String::new(),
        name: "電子カルテの業者".to_owned(),
        expires_at: now(),
    };
    let by_link = |db: &Db| {
        let change = Change {
            action: "reply_give",
            object_kind: "checklist_row",
            object_id: "patches",
            before: (),
            after: 2,
        };
        db.write(|tx| record(tx, &Scope::by_link(&link).named("担当者"), now(), &change)).unwrap();
    };
    let cases: [(&str, &'static str, (i64, Option<Broken>)); 4] = [
        ("untouched", "UPDATE audit_entry SET seq = seq WHERE organisation_id = $1", (3, None)),
        (
            "another link's name",
            "UPDATE audit_entry SET link_name = '別の業者' WHERE organisation_id = $1 AND seq = 2",
            (1, Some(Broken::Changed(2))),
        ),
        (
            "as if a member had done it",
            "UPDATE audit_entry SET link_id = NULL, link_name = '' WHERE organisation_id = $1 AND seq = 2",
            (1, Some(Broken::Changed(2))),
        ),
        (
            "as if it had been a place",
            "UPDATE audit_entry SET place_id = link_id, place_name = link_name, link_id = NULL, link_name = ''
                WHERE organisation_id = $1 AND seq = 2",
            (1, Some(Broken::Changed(2))),
        ),
    ];
    each_database(|db| {
        for (name, forgery, expected) in &cases {
            forge(&db, "DELETE FROM audit_entry WHERE organisation_id = $1");
            forge(&db, "DELETE FROM audit_head WHERE organisation_id = $1");
            write(&db, 2, 1);
            by_link(&db);
            write(&db, 2, 3);
            forge(&db, forgery);
            assert_eq!(verdict(&db, 2), *expected, "{name}");
        }
    });
}

#[test]
fn chains_are_apart_and_simultaneous_writers_do_not_fork_them() {
    each_database(|db| {
        let start = Barrier::new(4);
        std::thread::scope(|threads| {
            for thread in 0..4 {
                let (db, start) = (&db, &start);
                threads.spawn(move || {
                    start.wait();
                    (0..10).for_each(|number| write(db, 10 + thread % 2, number));
                });
            }
        });
        assert_eq!(verdict(&db, 10), (20, None));
        assert_eq!(verdict(&db, 11), (20, None));
    });
}
