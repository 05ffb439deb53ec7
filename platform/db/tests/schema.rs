//! The schema's steps, whole tables, and who has a database open.
#![allow(clippy::unwrap_used)]
#![allow(clippy::redundant_closure_for_method_calls, reason = "a method is not general enough for `read`")]

use chrono::{DateTime, Utc};
use komainu_db::testing::{each_database, each_empty};
use komainu_db::{Backend, Db, DbError, Kind, Outside, Statement, Url, Value, params};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

const OUTSIDE: Outside = Outside("a test");

fn moment() -> DateTime<Utc> {
    "2026-11-23T01:02:03.000456Z".parse().unwrap()
}

fn run(db: &Db, sql: &'static str) {
    let statement = Statement { name: "TEST", sql };
    db.write(|tx| tx.run(&OUTSIDE, statement, &[]).map(drop)).map_err(|error: DbError| error).unwrap();
}

#[test]
fn every_column_of_the_schema_is_of_a_known_kind_and_the_same_on_both() {
    let seen = std::cell::RefCell::new(Vec::new());
    each_database(|db| {
        let tables = db.read(|tx| tx.tables()).unwrap();
        assert!(tables.iter().any(|table| table.columns.contains(&("password_hash".to_owned(), Kind::Text))));
        seen.borrow_mut().push(tables);
    });
    let seen = seen.into_inner();
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn an_older_database_is_copied_before_it_changes_and_a_newer_one_is_refused() {
    each_empty(|url| {
        let db = Db::open(&url).unwrap();
        db.migrate(moment()).unwrap();
        let steps = db.read(|tx| tx.schema()).unwrap();
        let last = steps.last().unwrap();
        assert_eq!(db.read(|tx| tx.tables()).unwrap().iter().filter(|t| t.name == "plan_pick").count(), 1);
        run(&db, "INSERT INTO installation_note (name, value) VALUES ('kept', 'yes')");
        // As it was before the last step: the copy is made, then the step fails, as its tables are there already.
        let forget = Statement { name: "FORGET", sql: "DELETE FROM schema_step WHERE number = $1" };
        db.write(|tx| tx.run(&OUTSIDE, forget, params![last.number])).map_err(|e: DbError| e).unwrap();
        for _ in 0..2 {
            assert!(db.migrate(moment()).is_err());
        }
        if let Url::Sqlite(path) = &url {
            let copy = path.with_file_name(format!("komainu.db.before-step-{}", last.number));
            assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
            let beside =
                fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name());
            assert_eq!(beside.filter(|name| name.to_string_lossy().contains("before-step")).count(), 1);
            let copied = Db::open(&Url::Sqlite(copy.clone())).unwrap();
            let note = copied.read(|tx| tx.note("kept")).unwrap();
            assert_eq!(note.as_deref(), Some("yes"));
            assert_eq!(copied.read(|tx| tx.schema()).unwrap(), steps[..steps.len() - 1]);
        }
        run(
            &db,
            "INSERT INTO schema_step (number, name, checksum, applied_at) VALUES (9999, '9999_later.sql', '', '2030-01-01T00:00:00.000000Z')",
        );
        let error = db.migrate(moment()).unwrap_err();
        assert!(matches!(error, DbError::Newer(9999)));
        assert_eq!(error.to_string().lines().count(), 1);
    });
}

#[test]
fn a_fresh_database_is_not_copied() {
    each_empty(|url| {
        let db = Db::open(&url).unwrap();
        assert!(db.migrate(moment()).unwrap() > 0);
        if let Url::Sqlite(path) = &url {
            let beside =
                fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name());
            assert!(beside.into_iter().all(|name| !name.to_string_lossy().contains("before")));
        }
    });
}

#[test]
fn an_open_database_is_in_use_and_a_closed_one_is_not() {
    each_empty(|url| {
        assert!(!url.in_use().unwrap());
        let db = Db::open(&url).unwrap();
        db.migrate(moment()).unwrap();
        assert!(url.in_use().unwrap());
        drop(db);
        // A PostgreSQL server notices the end of a connection a moment later.
        let free = (0..100).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(20));
            !url.in_use().unwrap()
        });
        assert!(free);
        let shown = url.to_string();
        assert!(shown.starts_with("sqlite:") || !shown.contains('@'), "{shown} tells a password");
    });
}

#[test]
fn the_database_tells_its_size_and_version() {
    each_database(|db| {
        let (size, server) = db.read(|tx| Ok::<_, DbError>((tx.size()?, tx.server()?))).unwrap();
        assert!(size > 10_000, "{size}");
        let name = if db.backend() == Backend::Sqlite { "SQLite 3." } else { "PostgreSQL " };
        assert!(server.starts_with(name), "{server}");
    });
}

#[test]
fn a_row_that_does_not_fit_is_refused_by_the_tables_name() {
    each_database(|db| {
        let tables = db.read(|tx| tx.tables()).unwrap();
        let table = tables.iter().find(|table| table.name == "throttle").unwrap();
        let fill = |rows: &[Vec<Value>]| db.write(|tx| tx.table_fill(table, rows));
        assert!(fill(&[vec![Value::Null]]).unwrap_err().to_string().contains("throttle"));
        let row = |failures| vec![Value::from("x"), failures, moment().into()];
        assert!(fill(&[row(Value::Null)]).is_err(), "the schema's rules hold");
        fill(&[row(Value::Int(i64::MIN))]).unwrap();
        assert!(matches!(fill(&[row(Value::Int(1))]), Err(DbError::Duplicate(_))));
    });
}
