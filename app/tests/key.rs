//! The key gets a new generation, and what lies sealed in the database follows at the next start.
#![allow(clippy::unwrap_used)]

mod program;

use komainu_db::{Db, DbError, Url, Value};
use program::Program;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

fn run(arguments: &[&str], data: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_komainu"));
    command.args(arguments).arg("--data").arg(data).env_clear().output().unwrap()
}

/// The telephone numbers of the contacts, as they lie in the file.
fn held(data: &Path) -> Vec<String> {
    let db = Db::open(&Url::Sqlite(data.join("komainu.db"))).unwrap();
    let mut held = Vec::new();
    db.read(|tx| {
        let contact = tx.tables()?.into_iter().find(|table| table.name == "contact").unwrap();
        let phone = contact.columns.iter().position(|(name, _)| name == "phone").unwrap();
        tx.table_rows(&contact, |row| {
            match &row[phone] {
                Value::Text(text) if !text.is_empty() => held.push(text.clone()),
                _ => {}
            }
            Ok::<_, DbError>(())
        })
    })
    .unwrap();
    held
}

/// The program, once it answers: until then it does not know how to end well.
fn started(data: &Path) -> Program {
    let program = Program::start("demo", data, &[]);
    assert_eq!(program.get("/healthz", &[]).status, 200);
    program
}

#[test]
fn a_new_key_seals_and_the_older_one_still_opens() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let rotate = ["key", "rotate", "--demo"];
    let nothing = run(&rotate, data);
    assert_eq!(nothing.status.code(), Some(2), "there is no installation yet");
    assert!(fs::read_dir(data).unwrap().next().is_none(), "and none is made");

    let program = started(data);
    assert!(held(data).iter().all(|text| text.starts_with("sealed:0:")) && !held(data).is_empty());
    let busy = run(&rotate, data);
    assert_eq!(busy.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&busy.stderr).contains("stop it first"));
    program.stop();

    let rotated = run(&rotate, data);
    assert!(rotated.status.success(), "{}", String::from_utf8_lossy(&rotated.stderr));
    assert_eq!(fs::metadata(data.join("files.key")).unwrap().len(), 64);
    let program = started(data);
    let sealed = (0..600).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        held(data).iter().all(|text| text.starts_with("sealed:1:"))
    });
    assert!(sealed, "{:?}", held(data));
    program.stop();
    let proved = run(&["log", "verify", "--demo"], data);
    assert!(proved.status.success(), "{}", String::from_utf8_lossy(&proved.stdout));
}
