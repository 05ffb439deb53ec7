//! The chain holds against every single change that someone with the database could make.
#![allow(clippy::unwrap_used, clippy::type_complexity)]

use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, PersonId, Role, Scope};
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
