//! The data of earlier versions: opened by this program, brought forward, proved.
//!
//! `tests/upgrade/VERSION.age` is a backup that that version made of its demo, `VERSION.key` its recovery key. To add one,
//! run the old program: `komainu demo`, then `komainu backup tests/upgrade/VERSION.age --demo`.

use crate::support::{address, json, refused};
use komainu_db::testing::each_empty;
use komainu_db::{Backend, Db, DbError, Migration, Step, Url};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// Each version, with the last step of its schema.
const VERSIONS: [(&str, i64); 1] = [("0.1.0", 6)];

#[expect(clippy::redundant_closure_for_method_calls, reason = "the method itself is not general enough")]
fn steps_of(db: &Db) -> Vec<Step> {
    db.read(|tx| tx.schema()).unwrap()
}

#[test]
fn the_data_of_every_earlier_version_is_brought_forward() {
    for (version, step) in VERSIONS {
        each_empty(|url| {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/upgrade");
            let place = tempfile::tempdir().unwrap();
            let key = place.path().join("paper.key");
            fs::copy(folder.join(format!("{version}.key")), &key).unwrap();
            fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
            let (archive, data) = (folder.join(format!("{version}.age")), place.path().join("data"));
            assert!(fs::metadata(&archive).unwrap().len() < 300_000);
            let url = match url {
                // Where the program looks for it, so that the copy is made there.
                Url::Sqlite(_) => Url::Sqlite(data.join("komainu.db")),
                Url::Postgres(own) => Url::Postgres(own),
            };
            let (archive, data, to) = (archive.to_str().unwrap(), data.to_str().unwrap(), address(&url));
            let restored = json(&[
                "restore",
                archive,
                "--key-file",
                key.to_str().unwrap(),
                "--data",
                data,
                "--database-url",
                &to,
                "--json",
            ]);
            let report = &restored[0]["report"];
            assert_eq!((&restored[0]["sound"], report["schema"].as_i64()), (&true.into(), Some(step)));
            assert_eq!(report["program"], version);

            // The next start brings the schema forward.
            let demo = ["--demo", "--data", data, "--database-url", &to];
            let logs = json(&[&["log", "verify", "--json"], &demo[..]].concat());
            assert!(logs.iter().all(|line| line["state"] == "whole"));
            let entries: i64 = logs.iter().map(|line| line["sound"].as_i64().unwrap()).sum();
            assert_eq!(Some(entries), report["entries"].as_i64());

            let db = Db::open(&url).unwrap();
            let steps = steps_of(&db);
            assert_eq!(steps.len(), Migration::all(db.backend()).len());
            let tables = report["tables"].as_array().unwrap().iter().map(|pair| (&pair[0], &pair[1]));
            // The restore itself leaves notes.
            for (table, rows) in tables.filter(|(table, _)| *table != "installation_note") {
                let mut count = 0;
                db.read(|tx| {
                    let tables = tx.tables()?;
                    let Some(known) = tables.iter().find(|known| known.name == *table) else { return Ok(()) };
                    tx.table_rows(known, |_| {
                        count += 1;
                        Ok::<_, DbError>(())
                    })
                })
                .unwrap();
                assert_eq!(rows.as_i64(), Some(count), "{table}");
            }
            if db.backend() == Backend::Sqlite {
                let next = steps.iter().find(|known| known.number > step).unwrap().number;
                let copy = Path::new(data).join(format!("komainu.db.before-step-{next}"));
                let copied = steps_of(&Db::open(&Url::Sqlite(copy)).unwrap());
                assert_eq!(copied.last().unwrap().number, step);
            }
            // And a database of a later version is left alone.
            db.write(|tx| tx.set_note("x", "y")).unwrap();
            later(&db);
            drop(db);
            refused(&[&["log", "verify"], &demo[..]].concat(), 2, "made by a newer version");
        });
    }
}

fn later(db: &Db) {
    let statement = komainu_db::Statement {
        name: "LATER",
        sql: "INSERT INTO schema_step (number, name, checksum, applied_at) VALUES (9999, '9999_later.sql', '', $1)",
    };
    let at: chrono::DateTime<chrono::Utc> = "2030-01-01T00:00:00Z".parse().unwrap();
    db.write(|tx| tx.run(&komainu_db::Outside("a test"), statement, komainu_db::params![at]))
        .map_err(|e: DbError| e)
        .unwrap();
}
