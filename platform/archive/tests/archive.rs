//! What went into an archive comes out of it, on both databases and crosswise, or nothing does.
#![allow(clippy::unwrap_used)]

use chrono::{DateTime, Duration, Utc};
use komainu_access::{OrganisationId, PersonId, Role, Scope};
use komainu_archive::{
    Archive, ArchiveError, Landing, Made, Nowhere, Origin, RecoveryKey, Report, Secret, Source, Stage,
    backup, clear_halves, copy_over, file_name, made_at, prove, restore, unwatched,
};
use komainu_audit::Change;
use komainu_clock::Nature;
use komainu_db::testing::{each_database, each_empty};
use komainu_db::uuid::Uuid;
use komainu_db::{Db, DbError, Outside, Statement, Table, Value, params};
use komainu_files::{Files, Key};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use std::cell::Cell;
use std::fs::{self, File};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::TempDir;

const OUTSIDE: Outside = Outside("a test");

/// An installation with two organisations, a log each, and evidence.
struct House {
    db: Db,
    files: Files,
    nature: Nature,
    key: RecoveryKey,
    folder: TempDir,
}

fn moment() -> DateTime<Utc> {
    "2026-11-23T01:02:03.000456Z".parse().unwrap()
}

fn scope(number: u128) -> Scope {
    Scope::new(
        PersonId(Uuid::from_u128(1)),
        "事務長",
        OrganisationId(Uuid::from_u128(number)),
        Role::Director,
    )
}

fn run(db: &Db, sql: &'static str, values: &[Value]) {
    let statement = Statement { name: "TEST", sql };
    db.write(|tx| tx.run(&OUTSIDE, statement, values).map(drop)).map_err(|error: DbError| error).unwrap();
}

fn record(db: &Db, number: u128, at: DateTime<Utc>) {
    let change = Change {
        action: "a",
        object_kind: "k",
        object_id: "é狛犬😀\n\"",
        before: (),
        after: number.to_string(),
    };
    db.write(|tx| komainu_audit::record(tx, &scope(number), at, &change)).map_err(|e: DbError| e).unwrap();
}

fn bare(db: Db) -> House {
    let folder = tempfile::tempdir().unwrap();
    let nature = Nature::real();
    let key = Key::open(&folder.path().join("files.key"), &nature).unwrap();
    let files = Files::open(&folder.path().join("files"), key).unwrap();
    House { db, files, key: RecoveryKey::new(&nature), nature, folder }
}

fn house(db: Db) -> House {
    let house = bare(db);
    // The child comes before its parent, so that rows cannot simply be put in as they come.
    run(
        &house.db,
        "INSERT INTO organisation (id, kind, name, name_kana, folded, created_at) VALUES ($1, 'institution', '', '', '', $2)",
        params![Uuid::from_u128(2), moment()],
    );
    run(
        &house.db,
        "INSERT INTO organisation (id, kind, name, name_kana, folded, created_at) VALUES ($1, 'association', '', '', '', $2)",
        params![Uuid::from_u128(3), moment()],
    );
    run(
        &house.db,
        "UPDATE organisation SET parent_id = $1 WHERE id = $2",
        params![Uuid::from_u128(3), Uuid::from_u128(2)],
    );
    for number in 0..50 {
        record(&house.db, 2 + number % 2, moment() + Duration::seconds(i64::try_from(number).unwrap()));
        let text = format!("%PDF-1.7 evidence {number}");
        house
            .db
            .write(|tx| house.files.put(tx, &scope(2 + number % 2), &house.nature, text.as_bytes()).map(drop))
            .unwrap();
    }
    house
}

impl House {
    fn source<'a>(&'a self, secrets: &'a [Secret]) -> Source<'a> {
        let origin = Origin { id: Uuid::from_u128(77), at: moment(), program: "0.1.0".to_owned() };
        Source { files: Some(&self.files), secrets, origin }
    }

    fn archive(&self, name: &str) -> (PathBuf, Made) {
        let path = self.folder.path().join(name);
        let bytes = fs::read(self.folder.path().join("files.key")).unwrap();
        let secrets = [Secret { name: "files.key", bytes: bytes.into() }];
        let made = backup(&self.db, &self.source(&secrets), &self.key, &path, &unwatched).unwrap();
        (path, made)
    }

    fn open(&self, path: &Path) -> Result<Archive, ArchiveError> {
        Archive::open(path, &self.key)
    }

    fn prove(&self, path: &Path) -> Result<Report, ArchiveError> {
        prove(self.open(path)?, self.folder.path(), &self.nature, &unwatched)
    }
}

fn everything(db: &Db) -> Vec<(Table, Vec<String>)> {
    let read = db.read(|tx| {
        tx.tables()?
            .into_iter()
            .map(|table| {
                let mut rows = Vec::new();
                tx.table_rows(&table, |row| {
                    rows.push(format!("{row:?}"));
                    Ok::<_, DbError>(())
                })?;
                rows.sort();
                Ok::<_, DbError>((table, rows))
            })
            .collect()
    });
    let mut read: Vec<(Table, Vec<String>)> = read.unwrap();
    read.retain(|(table, _)| table.name != komainu_db::STEPS);
    read
}

/// A data folder in the making.
struct Folder(TempDir, Option<Files>, Nature);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap(), None, Nature::real())
    }

    fn files(&mut self) -> &Files {
        let (folder, nature) = (self.0.path(), &self.2);
        self.1.get_or_insert_with(|| {
            Files::open(&folder.join("files"), Key::open(&folder.join("files.key"), nature).unwrap()).unwrap()
        })
    }
}

impl Landing for Folder {
    fn secret(&mut self, name: &str, bytes: &[u8]) -> Result<(), ArchiveError> {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).unwrap();
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        Ok(())
    }

    fn file(&mut self, organisation: OrganisationId, digest: &str, bytes: &[u8]) -> Result<(), ArchiveError> {
        let nature = self.2.clone();
        Ok(self.files().put_back(organisation, digest, &nature, bytes)?)
    }

    fn prove(&mut self, organisation: OrganisationId, digest: &str) -> Result<(), ArchiveError> {
        Ok(self.files().get(organisation, digest).map(drop)?)
    }
}

#[test]
fn an_archive_comes_back_equal_on_either_database() {
    each_database(|db| {
        let house = house(db);
        let (path, made) = house.archive(&file_name(moment()));
        assert_eq!((made.files, made.unreadable), (50, 0));
        assert_eq!(made.size, fs::metadata(&path).unwrap().len());
        each_empty(|url| {
            let to = Db::open(&url).unwrap();
            let mut landing = Folder::new();
            let told = Cell::new(0);
            let watch = |_: Stage, done: u64, of: u64| {
                assert!(done <= of);
                told.set(told.get() + 1);
                ControlFlow::Continue(())
            };
            let archive = house.open(&path).unwrap();
            let report = restore(archive, &to, &mut landing, &house.nature, &watch, |_, _| Ok(())).unwrap();
            assert!(report.is_sound() && told.get() > 20);
            assert_eq!((report.logs, report.entries, report.files, report.rows()), (2, 50, 50, made.rows));
            assert_eq!(everything(&to), everything(&house.db));
            assert_eq!(to.migrate(moment()).unwrap(), 0, "the schema is the archive's and known");
            // Refused where there is something already.
            let again =
                restore(house.open(&path).unwrap(), &to, &mut landing, &house.nature, &unwatched, |_, _| {
                    Ok(())
                });
            assert!(matches!(again, Err(ArchiveError::NotEmpty(_))), "{again:?}");
            // References are asked again.
            let orphan = Statement { name: "ORPHAN", sql: "UPDATE organisation SET parent_id = $1" };
            let outcome: Result<(), DbError> =
                to.write(|tx| tx.run(&OUTSIDE, orphan, params![Uuid::from_u128(9)]).map(drop));
            assert!(matches!(outcome, Err(DbError::Constraint(_))), "{outcome:?}");
        });
    });
}

#[test]
fn a_database_is_copied_to_either_kind() {
    each_database(|db| {
        let house = house(db);
        each_empty(|url| {
            let to = Db::open(&url).unwrap();
            let source = Source { files: None, ..house.source(&[]) };
            let report = copy_over((&house.db, &to), &source, &house.nature, &unwatched, |_| Ok(())).unwrap();
            assert_eq!((report.logs, report.entries, report.files), (2, 50, 0));
            assert_eq!(everything(&to), everything(&house.db));
            let again = copy_over((&house.db, &to), &source, &house.nature, &unwatched, |_| Ok(()));
            assert!(matches!(again, Err(ArchiveError::NotEmpty(_))), "{again:?}");
        });
    });
}

#[test]
fn what_is_written_meanwhile_is_wholly_in_or_wholly_out() {
    each_database(|db| {
        let house = house(db);
        let stop = AtomicBool::new(false);
        std::thread::scope(|threads| {
            let writing = threads.spawn(|| {
                let mut written = 0;
                while !stop.load(Ordering::Relaxed) {
                    record(&house.db, 2 + written % 2, house.nature.now());
                    written += 1;
                }
                written
            });
            let mut last = 0;
            for round in 0..5 {
                let (path, _) = house.archive(&format!("{round}.age"));
                let report = house.prove(&path).unwrap();
                assert!(report.is_sound(), "{report:?}");
                assert!(report.entries >= last, "an archive holds what was there before it began");
                last = report.entries;
            }
            stop.store(true, Ordering::Relaxed);
            assert!(writing.join().unwrap() > 0);
            assert!(last > 50, "the writer went on writing");
        });
    });
}

#[test]
fn damage_and_strangers_leave_nothing_behind() {
    each_database(|db| {
        let house = house(db);
        let (path, _) = house.archive("whole.age");
        let whole = fs::read(&path).unwrap();
        let try_with = |bytes: &[u8]| {
            let path = house.folder.path().join("tried.age");
            fs::write(&path, bytes).unwrap();
            let outcome = Cell::new(None);
            each_empty(|url| {
                let to = Db::open(&url).unwrap();
                let error = house
                    .open(&path)
                    .and_then(|archive| {
                        restore(archive, &to, &mut Nowhere, &house.nature, &unwatched, |_, _| Ok(()))
                    })
                    .unwrap_err();
                assert_eq!(error.to_string().lines().count(), 1, "{error}");
                assert!(everything(&to).is_empty(), "something is left after {error}");
                outcome.set(Some(error));
            });
            outcome.take().unwrap()
        };
        for cut in [whole.len() - 1, whole.len() - 40, whole.len() / 2, 400, 100] {
            let error = try_with(&whole[..cut]);
            assert!(matches!(error, ArchiveError::Damaged(_)), "cut at {cut}: {error}");
        }
        for place in [whole.len() / 3, whole.len() - 5] {
            let mut bytes = whole.clone();
            bytes[place] ^= 1;
            let error = try_with(&bytes);
            assert!(matches!(error, ArchiveError::Damaged(_)), "changed at {place}: {error}");
        }
        for foreign in [&b""[..], b"PK\x03\x04", b"SQLite format 3\0", b"age-encryption.org/v"] {
            assert!(matches!(try_with(foreign), ArchiveError::Foreign));
        }
        let other = RecoveryKey::new(&house.nature);
        assert!(matches!(Archive::open(&path, &other), Err(ArchiveError::Key)));
        assert!(matches!(Archive::open(house.folder.path(), &house.key), Err(ArchiveError::Foreign)));
        assert!(matches!(Archive::open(Path::new("nowhere.age"), &house.key), Err(ArchiveError::Io(..))));
    });
}

#[test]
fn a_newer_archive_names_the_version() {
    each_database(|db| {
        let house = house(db);
        run(
            &house.db,
            "INSERT INTO schema_step (number, name, checksum, applied_at) VALUES (9999, '9999_later.sql', '', $1)",
            params![moment()],
        );
        let (path, _) = house.archive("later.age");
        let error = house.prove(&path).unwrap_err();
        assert!(matches!(&error, ArchiveError::Newer(version) if version == "0.1.0"), "{error}");
        assert!(matches!(house.db.migrate(moment()), Err(DbError::Newer(9999))));
    });
}

#[test]
fn what_was_broken_before_is_told_and_restored_all_the_same() {
    each_database(|db| {
        let house = house(db);
        run(
            &house.db,
            "UPDATE audit_entry SET after = '9' WHERE organisation_id = $1 AND seq = 7",
            params![Uuid::from_u128(2)],
        );
        let sealed = walk(&house.folder.path().join("files"));
        fs::write(&sealed[0], b"nonsense").unwrap();
        fs::remove_file(&sealed[1]).unwrap();
        let (path, made) = house.archive("findings.age");
        assert_eq!((made.files, made.unreadable), (48, 2));
        let report = house.prove(&path).unwrap();
        assert_eq!((report.files, report.unreadable.len(), report.broken.len()), (48, 2, 1));
        assert_eq!((report.broken[0].organisation.0, report.broken[0].entry), (Uuid::from_u128(2), 7));
        assert!(!report.is_sound());
        // A folder that is not there at all is no backup.
        fs::rename(house.folder.path().join("files"), house.folder.path().join("elsewhere")).unwrap();
        let none = house.folder.path().join("none.age");
        let none = backup(&house.db, &house.source(&[]), &house.key, &none, &unwatched);
        assert!(matches!(none, Err(ArchiveError::NoEvidence)), "{none:?}");
    });
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn stopping_and_a_full_place_leave_no_half_archive() {
    each_database(|db| {
        let house = house(db);
        let backups = house.folder.path().join("backups");
        fs::create_dir(&backups).unwrap();
        let stop = |stage: Stage, _: u64, _: u64| {
            if stage == Stage::Files { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let stopped = backup(&house.db, &house.source(&[]), &house.key, &backups.join("a.age"), &stop);
        assert!(matches!(stopped, Err(ArchiveError::Stopped)), "{stopped:?}");
        let nowhere =
            backup(&house.db, &house.source(&[]), &house.key, &backups.join("no/a.age"), &unwatched);
        assert!(matches!(nowhere, Err(ArchiveError::Io(..))), "{nowhere:?}");
        assert!(walk(&backups).is_empty());

        let (path, _) = house.archive("backups/b.age");
        let twice = backup(&house.db, &house.source(&[]), &house.key, &path, &unwatched);
        assert!(matches!(twice, Err(ArchiveError::NotEmpty(_))), "an archive is never written over");
        // What a killed backup leaves is cleared; what one is writing at this moment is not.
        fs::write(backups.join(".komainu-dead.part"), b"half").unwrap();
        let busy = File::create(backups.join(".komainu-busy.part")).unwrap();
        busy.lock().unwrap();
        fs::write(backups.join("mine.txt"), b"of somebody else").unwrap();
        assert_eq!(clear_halves(&backups).unwrap(), 1);
        assert_eq!(walk(&backups).len(), 3);
    });
}

#[test]
fn a_proof_clears_what_a_killed_one_left() {
    each_database(|db| {
        let house = house(db);
        let (path, _) = house.archive("a.age");
        let dead = house.folder.path().join("proof-dead");
        let busy = house.folder.path().join("proof-busy");
        for place in [&dead, &busy] {
            fs::create_dir(place).unwrap();
            fs::write(place.join("proof.db"), b"readable").unwrap();
        }
        let held = File::create(busy.join("lock")).unwrap();
        held.lock().unwrap();
        house.prove(&path).unwrap();
        assert!(!dead.exists() && busy.exists());
        let left = fs::read_dir(house.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        assert_eq!(left.filter(|name| name.to_string_lossy().starts_with("proof-")).count(), 1);
    });
}

#[test]
fn names_tell_the_moment_in_japan() {
    let name = file_name(moment());
    assert_eq!(name, "komainu-20261123-100203.age");
    assert_eq!(made_at(&name).unwrap().to_string(), "2026-11-23 10:02:03");
    for other in
        ["komainu-20261123-100203.age.part", "komainu-x.age", "notes.txt", "komainu-20261323-100203.age"]
    {
        assert_eq!(made_at(other), None, "{other}");
    }
}

/// The tools that any system has open an archive, so that the data does not hang on this program.
#[test]
fn the_archive_is_a_plain_tar_inside() {
    each_database(|db| {
        let house = house(db);
        let (path, _) = house.archive("plain.age");
        let text = house.key.text();
        let identity = age::scrypt::Identity::new(text.as_str().to_owned().into());
        let sealed = age::Decryptor::new(File::open(&path).unwrap()).unwrap();
        let plain = sealed.decrypt(std::iter::once(&identity as &dyn age::Identity)).unwrap();
        let mut tar = tar::Archive::new(zstd::Decoder::new(plain).unwrap());
        let names: Vec<String> = tar
            .entries()
            .unwrap()
            .map(|entry| entry.unwrap().path().unwrap().display().to_string())
            .collect();
        assert_eq!(names[..2], ["manifest.json", "secrets/files.key"]);
        assert!(names.iter().any(|name| name == "tables/audit_entry/00000001.jsonl"));
        assert_eq!(names.last().unwrap(), "end.json");
    });
}

/// Rows of the log with any content that a column takes: it has no references and most kinds of column.
fn odd_row() -> impl Strategy<Value = Vec<Value>> {
    // Not a regular expression: it would be read anew for each of some thousand texts, which takes a minute.
    let text = || {
        let letters = any::<char>().prop_filter("PostgreSQL keeps none", |letter| *letter != '\0');
        proptest::collection::vec(letters, 0..40)
            .prop_map(|letters| Value::Text(letters.into_iter().collect()))
    };
    let time = (-62_135_596_800_000_000_i64..253_402_300_800_000_000)
        .prop_filter_map("a moment", DateTime::from_timestamp_micros)
        .prop_map(Value::Time);
    let bytes = proptest::collection::vec(any::<u8>(), 0..40).prop_map(Value::Bytes);
    let uuid =
        || prop_oneof![Just(Value::Null), any::<u128>().prop_map(|id| Value::Uuid(Uuid::from_u128(id)))];
    let number = prop_oneof![any::<i64>(), Just(i64::MIN), Just(i64::MAX)].prop_map(Value::Int);
    let organisation = any::<u128>().prop_map(|id| Value::Uuid(Uuid::from_u128(id)));
    let texts = (text(), text(), text(), text(), text(), text());
    let (place, link) = ((uuid(), text()), (uuid(), text()));
    (organisation, number, time, uuid(), texts, bytes, place, link).prop_map(
        |(organisation, number, time, person, (a, b, c, d, e, f), hash, place, link)| {
            vec![organisation, number, time, person, a, b, c, d, e, f, hash, place.0, place.1, link.0, link.1]
        },
    )
}

#[test]
fn any_rows_come_back_equal() {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::default());
    let rows = proptest::collection::vec(odd_row(), 300).new_tree(&mut runner).unwrap().current();
    each_database(|db| {
        let house = bare(db);
        house
            .db
            .write(|tx| {
                let table = tx.tables()?.into_iter().find(|table| table.name == "audit_entry").unwrap();
                tx.table_fill(&table, &rows)
            })
            .map_err(|error: DbError| error)
            .unwrap();
        let (path, _) = house.archive("odd.age");
        each_empty(|url| {
            let to = Db::open(&url).unwrap();
            let archive = house.open(&path).unwrap();
            restore(archive, &to, &mut Nowhere, &house.nature, &unwatched, |_, _| Ok(())).unwrap();
            assert_eq!(everything(&to), everything(&house.db));
        });
    });
}
