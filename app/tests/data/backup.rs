//! Backup, restore and move by the program itself, on the demo's world, and with its end in the middle.

use crate::support::{address, fill, json, refused, run, start};
use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, PersonId, Role, Scope};
use komainu_audit::Change;
use komainu_db::testing::each_empty;
use komainu_db::uuid::Uuid;
use komainu_db::{Db, DbError, Url};
use serde_json::Value;
use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A data folder with its database.
struct House {
    folder: TempDir,
    address: String,
}

impl House {
    fn new(url: &Url) -> House {
        let folder = tempfile::tempdir().unwrap();
        fill(folder.path(), url);
        House { folder, address: address(url) }
    }

    fn data(&self) -> &str {
        self.folder.path().to_str().unwrap()
    }

    fn backup(&self, to: &Path) -> PathBuf {
        let made = json(&[
            "backup",
            to.to_str().unwrap(),
            "--data",
            self.data(),
            "--database-url",
            &self.address,
            "--json",
        ]);
        assert_eq!(made[0]["unreadable"], 0);
        PathBuf::from(made[0]["file"].as_str().unwrap())
    }

    fn key_file(&self) -> String {
        self.folder.path().join("backup.key").to_str().unwrap().to_owned()
    }
}

fn logs(data: &str, address: &str) -> Vec<Value> {
    let mut lines = json(&["log", "verify", "--json", "--data", data, "--database-url", address]);
    lines.sort_by_key(|line| line["organisation"].to_string());
    assert!(lines.len() >= 7 && lines.iter().all(|line| line["state"] == "whole"), "{lines:?}");
    lines
}

fn beside(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn the_demos_world_is_backed_up_restored_and_moved_on_both_databases_and_crosswise() {
    each_empty(|from| {
        let house = House::new(&from);
        let place = tempfile::tempdir().unwrap();
        let archive = house.backup(place.path());
        let (file, key) = (archive.to_str().unwrap(), house.key_file());
        let proof = json(&["backup", "verify", file, "--key-file", &key, "--json"]).remove(0);
        assert_eq!(proof["sound"], true);
        let before = logs(house.data(), &house.address);

        each_empty(|to| {
            let new = tempfile::tempdir().unwrap();
            let (data, to) = (new.path().join("data"), address(&to));
            let data = data.to_str().unwrap();
            let arguments =
                ["restore", file, "--key-file", &key, "--data", data, "--database-url", &to, "--json"];
            let restored = json(&arguments).remove(0);
            assert_eq!(restored["report"]["tables"], proof["report"]["tables"]);
            assert!(restored["report"]["files"].as_u64().unwrap() > 5, "the demo has evidence");
            assert_eq!(logs(data, &to), before);
            refused(&arguments, 2, "is there already");
            // The same key on paper opens the backups of the restored house.
            assert_eq!(fs::read(&key).unwrap(), fs::read(Path::new(data).join("backup.key")).unwrap());
        });

        each_empty(|to| {
            let to = address(&to);
            let moved = json(&["migrate", "--from", &house.address, "--to", &to, "--json"]).remove(0);
            assert_eq!(moved["sound"], true);
            assert_eq!(logs(house.data(), &to), before);
            refused(
                &["log", "verify", "--data", house.data(), "--database-url", &house.address],
                2,
                "was moved to",
            );
            refused(&["migrate", "--from", &house.address, "--to", &to], 2, "not empty");
        });
    });
}

#[test]
fn what_cannot_be_restored_is_told_in_one_line_and_leaves_nothing() {
    let source = tempfile::tempdir().unwrap();
    let house = House::new(&Url::Sqlite(source.path().join("komainu.db")));
    let place = tempfile::tempdir().unwrap();
    let archive = house.backup(&place.path().join("a.age"));
    let whole = fs::read(&archive).unwrap();
    let new = tempfile::tempdir().unwrap();
    let data = new.path().join("data");
    let restore = |bytes: &[u8], key: &str, code: i32, what: &str| {
        let file = place.path().join("b.age");
        fs::write(&file, bytes).unwrap();
        let (file, data) = (file.to_str().unwrap(), data.to_str().unwrap());
        refused(&["restore", file, "--key-file", key, "--data", data], code, what);
        assert!(!Path::new(data).exists() || beside(Path::new(data)).is_empty(), "{what}: something is left");
    };
    let key = house.key_file();
    restore(&whole[..whole.len() / 2], &key, 1, "damaged or was not copied to its end");
    restore(&whole[..whole.len() - 1], &key, 1, "damaged or was not copied to its end");
    restore(b"something else", &key, 2, "not an archive of Komainu");
    let other = place.path().join("other.key");
    fs::write(&other, "not a key").unwrap();
    fs::set_permissions(&other, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    restore(&whole, other.to_str().unwrap(), 2, "is damaged");
    let stranger = tempfile::tempdir().unwrap();
    fill(stranger.path(), &Url::Sqlite(stranger.path().join("komainu.db")));
    assert!(run(&["backup", "key", "--data", stranger.path().to_str().unwrap()]).status.success());
    let strange = stranger.path().join("backup.key");
    restore(&whole, strange.to_str().unwrap(), 2, "does not open this archive");
    refused(&["restore", "nowhere.age", "--key-file", &key, "--data", "x"], 2, "nowhere.age");
    refused(&["migrate", "--from", "sqlite:nowhere.db", "--to", "sqlite:x.db"], 2, "nowhere.db");
    refused(&["backup", "--data", house.data(), "--database-url", &house.address], 2, "name a folder");
    refused(&["backup", "x.age", "--data", "nowhere"], 2, "no installation");
}

#[test]
fn the_key_is_typed_from_paper() {
    use std::io::Write as _;
    let source = tempfile::tempdir().unwrap();
    let house = House::new(&Url::Sqlite(source.path().join("komainu.db")));
    let archive = house.backup(&source.path().join("a.age"));
    let printed = run(&["backup", "key", "--data", house.data(), "--database-url", &house.address]);
    let printed = String::from_utf8(printed.stdout).unwrap();
    let key = fs::read_to_string(house.key_file()).unwrap();
    assert!(printed.contains(key.trim()), "{printed}");
    let data = source.path().join("new");
    let mut typing =
        crate::support::command(&["restore", archive.to_str().unwrap(), "--data", data.to_str().unwrap()])
            .stdin(std::process::Stdio::piped())
            .spawn()
            .unwrap();
    typing.stdin.take().unwrap().write_all(key.to_lowercase().replace('-', " ").as_bytes()).unwrap();
    let output = typing.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let pdf = source.path().join("key.pdf");
    let pdf = pdf.to_str().unwrap();
    assert!(run(&["backup", "key", "--pdf", pdf, "--data", data.to_str().unwrap()]).status.success());
    assert!(fs::read(pdf).unwrap().starts_with(b"%PDF-"));
}

/// Makes the log long, so that there is a middle to be killed in.
fn lengthen(url: &Url) {
    let db = Db::open(url).unwrap().with_key(komainu_files::Key::testing());
    let scope = Scope::new(
        PersonId(Uuid::from_u128(1)),
        "事務長",
        OrganisationId(Uuid::from_u128(2)),
        Role::Director,
    );
    let at: DateTime<Utc> = "2026-11-23T00:00:00Z".parse().unwrap();
    db.write(|tx| {
        for number in 0..20_000 {
            let change = Change {
                action: "long",
                object_kind: "k",
                object_id: "x",
                before: (),
                after: format!("{number} {}", "長い記録".repeat(20)),
            };
            komainu_audit::record(tx, &scope, at, &change)?;
        }
        Ok::<_, DbError>(())
    })
    .unwrap();
}

/// Runs a command once to its end for its time, then kills it at several parts of that time.
fn killed(arguments: &dyn Fn(usize) -> Vec<String>, check: &dyn Fn(usize)) {
    let run_for = |round: usize, patience: Option<Duration>| {
        let arguments = arguments(round);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let began = Instant::now();
        let mut child = start(&arguments);
        match patience {
            Some(patience) => {
                std::thread::sleep(patience);
                // SIGKILL: nothing of the program runs any more.
                child.kill().unwrap();
                child.wait().unwrap();
            }
            None => assert!(child.wait().unwrap().success(), "{arguments:?}"),
        }
        began.elapsed()
    };
    let whole = run_for(0, None);
    for (round, part) in (1..).zip([15, 35, 55, 75, 90]) {
        run_for(round, Some(whole * part / 100));
        check(round);
    }
}

#[test]
fn killed_in_the_middle_nothing_half_is_taken_for_whole() {
    let source = tempfile::tempdir().unwrap();
    let from = Url::Sqlite(source.path().join("komainu.db"));
    let house = House::new(&from);
    lengthen(&from);
    let place = tempfile::tempdir().unwrap();
    let (data, database) = (house.data().to_owned(), house.address.clone());
    let path =
        |name: &str, round: usize| place.path().join(format!("{name}-{round}")).to_str().unwrap().to_owned();
    let texts = |parts: &[&str]| parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>();

    let archives = tempfile::tempdir().unwrap();
    let to = archives.path().to_str().unwrap().to_owned();
    let key = house.key_file();
    killed(&|_| texts(&["backup", &to, "--data", &data, "--database-url", &database]), &|_| {
        for name in beside(archives.path())
            .iter()
            .filter(|name| Path::new(name).extension().is_some_and(|ending| ending == "age"))
        {
            let file = archives.path().join(name);
            let proof = json(&["backup", "verify", file.to_str().unwrap(), "--key-file", &key, "--json"]);
            assert_eq!(proof[0]["sound"], true, "{name} has its name and is not whole");
            // A name holds a second; the next one shall not meet it.
            fs::remove_file(file).unwrap();
        }
    });
    let archive = house.backup(archives.path());
    assert_eq!(beside(archives.path()).len(), 1, "what was left behind is cleared by the next backup");

    let finished = Cell::new(0);
    let file = archive.to_str().unwrap().to_owned();
    let restore =
        |round: usize| texts(&["restore", &file, "--key-file", &key, "--data", &path("data", round)]);
    killed(&restore, &|round| {
        let data = path("data", round);
        // Cut off after the last step but before its mark was taken away, it is whole.
        let whole = || run(&["log", "verify", "--data", &data]).status.success();
        if Path::new(&data).join("restoring").exists() && !whole() {
            refused(&["log", "verify", "--data", &data], 2, "a restore was cut off here");
            let again = restore(round);
            let again: Vec<&str> = again.iter().map(String::as_str).collect();
            assert!(run(&again).status.success(), "it begins anew");
        } else {
            finished.set(finished.get() + 1);
        }
        let url = format!("sqlite:{data}/komainu.db");
        assert_eq!(logs(&data, &url), logs(house.data(), &database));
    });
    assert!(finished.get() < 5, "nothing was cut off");

    each_empty(|target| {
        let to = address(&target);
        let cut = Cell::new(0);
        // One target for all rounds: what was cut off must leave it empty.
        let first = place.path().join("first.db");
        let migrate = |round: usize| {
            let to = if round == 0 { format!("sqlite:{}", first.display()) } else { to.clone() };
            texts(&["migrate", "--from", &database, "--to", &to])
        };
        let _ = fs::remove_file(&first);
        let done = Cell::new(false);
        killed(&migrate, &|_| {
            if !done.get() {
                let tables =
                    Db::open(&target).unwrap().read(|tx| tx.tables().map(|tables| tables.len())).unwrap();
                cut.set(cut.get() + u32::from(tables == 0));
                done.set(tables > 0);
            }
        });
        assert!(cut.get() > 0, "nothing was cut off");
        if !done.get() {
            let arguments = migrate(1);
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            assert!(run(&arguments).status.success(), "it can be run again");
        }
        logs(house.data(), &to);
    });
}
