//! What must be the same on SQLite and PostgreSQL.
#![allow(clippy::unwrap_used)]

use chrono::{DateTime, NaiveDate, Utc};
use komainu_db::testing::each_database;
use komainu_db::{Db, DbError, Outside, Statement, Tenancy, Value, params};
use uuid::Uuid;

const OUTSIDE: Outside = Outside("a test");

const MAKE_PERSON: Statement = Statement {
    name: "MAKE_PERSON",
    sql: "INSERT INTO person (id, name, name_kana, email, email_folded, password_hash, administrator, lang, created_at, disabled_at)
        VALUES ($1, $2, '', $3, $3, '', $4, 'ja', $5, $6)",
};
const FIND_PERSON: Statement = Statement {
    name: "FIND_PERSON",
    sql: "SELECT name, administrator, created_at, disabled_at FROM person WHERE id = $1",
};

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn insert(db: &Db, id: Uuid, email: &str) -> Result<(), DbError> {
    db.write(|tx| {
        let at = moment("2026-11-23T01:02:03.000456Z");
        tx.run(
            &OUTSIDE,
            MAKE_PERSON,
            params![id, "院長 '; DROP TABLE person; --", email, true, at, Value::Null],
        )?;
        Ok(())
    })
}

#[test]
fn values_come_back_as_they_went_in() {
    each_database(|db| {
        let id = Uuid::from_u128(7);
        insert(&db, id, "a@example.jp").unwrap();
        let found = db
            .read(|tx| {
                tx.one(&OUTSIDE, FIND_PERSON, params![id], |row| {
                    Ok((
                        row.get::<String>(0)?,
                        row.get::<bool>(1)?,
                        row.get::<DateTime<Utc>>(2)?,
                        row.get::<Option<DateTime<Utc>>>(3)?,
                    ))
                })
            })
            .map_err(|error: DbError| error)
            .unwrap();
        assert_eq!(
            found,
            ("院長 '; DROP TABLE person; --".to_owned(), true, moment("2026-11-23T01:02:03.000456Z"), None)
        );
    });
}

#[test]
fn a_failed_write_leaves_nothing_behind() {
    each_database(|db| {
        let id = Uuid::from_u128(1);
        let outcome: Result<(), DbError> = db.write(|tx| {
            let at = moment("2026-11-23T01:02:03Z");
            tx.run(&OUTSIDE, MAKE_PERSON, params![id, "x", "b@example.jp", false, at, Value::Null])?;
            Err(DbError::Other("stop".into()))
        });
        assert!(outcome.is_err());
        let found: Option<String> = db
            .read(|tx| tx.maybe(&OUTSIDE, FIND_PERSON, params![id], |row| row.get(0)))
            .map_err(|e: DbError| e)
            .unwrap();
        assert_eq!(found, None);
    });
}

#[test]
fn a_panic_in_a_write_leaves_the_database_usable() {
    each_database(|db| {
        let id = Uuid::from_u128(2);
        let other = db.clone();
        let panicked = std::thread::spawn(move || {
            let _: Result<(), DbError> = other.write(|tx| {
                let at = moment("2026-11-23T01:02:03Z");
                tx.run(&OUTSIDE, MAKE_PERSON, params![id, "x", "c@example.jp", false, at, Value::Null])?;
                panic!("in the middle");
            });
        })
        .join();
        assert!(panicked.is_err());
        insert(&db, id, "c@example.jp").expect("nothing of the first attempt is left");
    });
}

#[test]
fn duplicates_and_broken_references_are_told_apart() {
    each_database(|db| {
        insert(&db, Uuid::from_u128(3), "d@example.jp").unwrap();
        assert!(matches!(insert(&db, Uuid::from_u128(4), "d@example.jp"), Err(DbError::Duplicate(_))));
        let orphan = Statement {
            name: "ORPHAN",
            sql: "INSERT INTO session (id, token_hash, person_id, user_agent, created_at, seen_at) VALUES ($1, $2, $1, '', $3, $3)",
        };
        let outcome: Result<(), DbError> = db.write(|tx| {
            tx.run(
                &OUTSIDE,
                orphan,
                params![Uuid::from_u128(5), vec![1_u8], moment("2026-11-23T01:02:03Z")],
            )?;
            Ok(())
        });
        assert!(matches!(outcome, Err(DbError::Constraint(_))), "{outcome:?}");
    });
}

#[test]
fn a_tenancy_binds_its_organisation_first() {
    struct House(Uuid);
    impl Tenancy for House {
        fn organisation(&self) -> Option<Uuid> {
            Some(self.0)
        }
    }
    each_database(|db| {
        let echo = Statement {
            name: "ECHO",
            sql: "SELECT CAST($2 AS BIGINT), CAST($1 AS UUID), CAST($3 AS TEXT), CAST($2 AS BIGINT)",
        };
        let house = House(Uuid::from_u128(9));
        if db.backend() == komainu_db::Backend::Postgres {
            let row = db
                .read(|tx| {
                    tx.one(&house, echo, params![5_i64, "x"], |row| {
                        Ok((row.get::<i64>(0)?, row.get::<Uuid>(1)?, row.get::<String>(2)?))
                    })
                })
                .map_err(|e: DbError| e)
                .unwrap();
            assert_eq!(row, (5, Uuid::from_u128(9), "x".to_owned()));
        }
        let order = Statement {
            name: "ORDER",
            sql: "SELECT seq, hash FROM audit_head WHERE seq = $2 AND organisation_id = $1",
        };
        let put = Statement {
            name: "PUT",
            sql: "INSERT INTO audit_head (organisation_id, seq, hash) VALUES ($1, $2, $3)",
        };
        db.write(|tx| tx.run(&house, put, params![4_i64, vec![7_u8]]).map(drop))
            .map_err(|e: DbError| e)
            .unwrap();
        let found = db
            .read(|tx| tx.maybe(&house, order, params![4_i64], |row| row.get::<Vec<u8>>(1)))
            .map_err(|e: DbError| e)
            .unwrap();
        assert_eq!(found, Some(vec![7]));
        let missing =
            db.read(|tx| tx.maybe(&house, order, &[], |row| row.get::<i64>(0))).map_err(|e: DbError| e);
        assert!(matches!(missing, Err(DbError::Other(_))));
    });
}

#[test]
fn what_presses_waits_for_none_of_those_in_line() {
    /// Everything that may be open at once, and one more.
    fn beside(db: &Db, open: usize) -> Result<(), DbError> {
        if open > 0 {
            return db.read(|_| beside(db, open - 1));
        }
        insert(&db.pressing(), Uuid::from_u128(9), "c@example.jp")?;
        insert(&db.pressing(), Uuid::from_u128(10), "d@example.jp")
    }
    each_database(|db| {
        beside(&db, db.pool().limit).unwrap();
        insert(&db, Uuid::from_u128(11), "e@example.jp").unwrap();
    });
}

#[test]
fn migrating_twice_changes_nothing() {
    each_database(|db| {
        assert_eq!(db.migrate(moment("2026-11-23T00:00:00Z")).unwrap(), 0);
    });
}

#[test]
fn dates_survive() {
    each_database(|db| {
        let put = Statement { name: "D", sql: "CREATE TABLE IF NOT EXISTS d (day DATE NOT NULL)" };
        let add = Statement { name: "A", sql: "INSERT INTO d (day) VALUES ($1)" };
        let get = Statement { name: "G", sql: "SELECT day FROM d" };
        let day = NaiveDate::from_ymd_opt(2027, 3, 31).unwrap();
        db.write(|tx| tx.run(&OUTSIDE, put, &[]).map(drop)).map_err(|e: DbError| e).unwrap();
        db.write(|tx| tx.run(&OUTSIDE, add, params![day]).map(drop)).map_err(|e: DbError| e).unwrap();
        let found: NaiveDate =
            db.read(|tx| tx.one(&OUTSIDE, get, &[], |row| row.get(0))).map_err(|e: DbError| e).unwrap();
        assert_eq!(found, day);
    });
}
