//! The program as a command, and the demo's world in a data folder.

use komainu_catalog::Catalog;
use komainu_clock::Nature;
use komainu_db::{Db, Url};
use komainu_files::{Files, Key};
use komainu_web::{App, Settings};
use serde_json::Value;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;

/// The program with these arguments, and none of the caller's settings.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_komainu"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("KOMAINU_")) {
        command.env_remove(name);
    }
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the program to its end.
pub fn run(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

/// Starts the program.
pub fn start(arguments: &[&str]) -> Child {
    command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Runs the program, which must end well, and reads its JSON, a line each.
pub fn json(arguments: &[&str]) -> Vec<Value> {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Runs the program, which must refuse in one line that holds `what`, with this exit code.
pub fn refused(arguments: &[&str], code: i32, what: &str) {
    let output = run(arguments);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
    assert!(told.contains(what) && told.trim_end().lines().count() == 1, "{arguments:?}: {told}");
}

/// A database's address with its password, as a command takes it.
pub fn address(url: &Url) -> String {
    match url {
        Url::Sqlite(_) => url.to_string(),
        Url::Postgres(config) => {
            let password = String::from_utf8_lossy(config.get_password().unwrap_or_default());
            let shown = url.to_string();
            let rest = shown.trim_start_matches("postgres://");
            format!("postgres://{}:{password}@{rest}?sslmode=disable", config.get_user().unwrap_or_default())
        }
    }
}

/// Fills a database and a data folder with the demo's world.
pub fn fill(folder: &Path, url: &Url) {
    let nature = Nature::real();
    let key = Key::open(&folder.join("files.key"), &nature).unwrap();
    let db = Db::open(url).unwrap().with_key(key.clone());
    db.migrate(nature.now()).unwrap();
    let files = Files::open(&folder.join("files"), key).unwrap();
    let catalog = Arc::new(Catalog::embedded().unwrap());
    komainu_demo::fill(&App::new(db, nature, catalog, files, Settings::default())).unwrap();
}
