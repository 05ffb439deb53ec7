//! `komainu exposure`: a network in a file, without any database.
#![allow(clippy::unwrap_used)]

use serde_json::Value;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output, Stdio};

const CASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../engine/exposure/tests/cases/handa-2021.json");

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_komainu"));
    command.arg("exposure").args(arguments).env_clear();
    command
}

fn run(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

#[test]
fn a_documented_case_is_told_in_words_and_as_data() {
    let words = run(&[CASE]);
    assert!(words.status.success(), "{}", String::from_utf8_lossy(&words.stderr));
    let words = String::from_utf8(words.stdout).unwrap();
    assert!(words.contains("VPN open to the Internet") && words.contains("backup destroyed"), "{words}");
    let data = run(&[CASE, "--json"]);
    assert!(data.status.success() && serde_json::from_slice::<Value>(&data.stdout).unwrap().is_object());
    assert_eq!(run(&[CASE, "--json"]).stdout, data.stdout, "the same question has the same answer");
}

#[test]
fn a_bad_file_is_refused_and_a_huge_one_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.json");
    fs::write(&bad, "{\"format\": ").unwrap();
    let refused = run(&[bad.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(!refused.stdout.is_empty() && !refused.stderr.is_empty());
    let huge = folder.path().join("huge.json");
    // Ten gigabytes that take no room.
    File::create(&huge).unwrap().set_len(10 << 30).unwrap();
    let refused = run(&[huge.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("larger than"));
    assert_eq!(run(&["nowhere.json"]).status.code(), Some(2));
    assert!(!Path::new("nowhere.json").exists());
}

#[test]
fn whoever_has_read_enough_may_close() {
    let mut child = command(&[CASE]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}

#[test]
fn an_installation_with_a_faulty_table_of_its_own_does_not_begin_with_another() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("probabilities.toml");
    fs::write(&table, "base = 2").unwrap();
    let (data, table) = (folder.path().join("data"), table.to_str().unwrap().to_owned());
    let refused = Command::new(env!("CARGO_BIN_EXE_komainu"))
        .args(["serve", "--port", "0", "--exposure-table", &table, "--data"])
        .arg(&data)
        .env_clear()
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--exposure-table"));
    assert!(!data.exists(), "nothing was begun");
}
