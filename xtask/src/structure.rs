//! `cargo xtask structure`: the rules of the house that a compiler does not know.
//!
//! - The arrows run app → domain → platform → catalog → engine; of the domains, only those that read the others may
//!   depend on each other's readers.
//! - SQL stands in `store.rs`, in `platform/db` and in the migrations.
//! - `engine/*`, the catalogue and every `rules.rs` neither do I/O nor ask the time.
//! - A file of more than 600 lines is named, without failing.

use crate::tree::{Source, metadata, report, root, sources};
use anyhow::Context;
use serde_json::Value;
use std::path::Path;

const LONG: usize = 600;

/// Domains that read the others and that only they may read.
const READERS: [&str; 3] = ["domain/binder", "domain/overview", "domain/plan"];

/// What pure code must not mention.
const IMPURE: [&str; 14] = [
    "Utc::now",
    "Local::now",
    "SystemTime",
    "Instant::now",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "tokio",
    "rusqlite",
    "async fn",
    "rand::rng",
    "println!",
];

/// How statements begin.
const STATEMENTS: [&str; 9] = [
    "SELECT ",
    "INSERT INTO ",
    "INSERT OR ",
    "UPDATE ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "ALTER TABLE ",
    "WITH RECURSIVE ",
];

/// Runs every check of this file.
pub fn run() -> anyhow::Result<()> {
    let root = root()?;
    let files = sources(root, &["rs"])?;
    let mut offenders = arrows(root)?;
    for file in &files {
        offenders.extend(impurities(file));
        offenders.extend(stray_sql(file));
        let lines = file.text.lines().count();
        if lines > LONG {
            println!("warning: {} has {lines} lines: a room is missing", file.path);
        }
    }
    report("structure", &format!("{} files", files.len()), &offenders)
}

/// A floor of the house: code may depend on its own floor and those below.
fn floor(folder: &str) -> Option<u8> {
    let first = folder.split('/').next().unwrap_or_default();
    ["engine", "catalog", "platform", "domain", "demo", "app"]
        .iter()
        .position(|name| *name == first)
        .and_then(|at| u8::try_from(at).ok())
}

fn arrows(root: &Path) -> anyhow::Result<Vec<String>> {
    let metadata = metadata(root, &["--no-deps"])?;
    let mut offenders = Vec::new();
    for package in metadata["packages"].as_array().context("cargo metadata lists no packages")? {
        let from = folder(root, &package["manifest_path"], 1);
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            // Tests may set up a world that the product itself does not know.
            if dependency["kind"] == "dev" || dependency["path"].is_null() {
                continue;
            }
            let to = folder(root, &dependency["path"], 0);
            if let Some(reason) = forbidden(&from, &to) {
                offenders.push(format!("{from}/Cargo.toml: must not depend on {to}: {reason}"));
            }
        }
    }
    Ok(offenders)
}

/// A path from cargo as a folder relative to the root, without its last `cut` parts.
fn folder(root: &Path, path: &Value, cut: usize) -> String {
    let path = Path::new(path.as_str().unwrap_or_default());
    let path = path.ancestors().nth(cut).unwrap_or(path);
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn forbidden(from: &str, to: &str) -> Option<&'static str> {
    match (floor(from), floor(to)) {
        (Some(from), Some(to)) if to > from => Some("the arrows run down the house"),
        (Some(3), Some(3)) if READERS.contains(&to) && !READERS.contains(&from) => {
            Some("it reads the other domains and none of them may read it")
        }
        _ => None,
    }
}

fn impurities(file: &Source) -> Vec<String> {
    let pure = file.path.starts_with("engine/")
        || file.path.starts_with("catalog/src/")
        || file.path.ends_with("/rules.rs")
        || file.path.contains("/rules/");
    if !pure || file.path.ends_with("/build.rs") {
        return Vec::new();
    }
    code_lines(file)
        .flat_map(|(number, line)| {
            let place = format!("{}:{number}", file.path);
            IMPURE
                .iter()
                .filter(|word| line.contains(*word))
                .map(move |word| format!("{place}: pure code mentions {word}"))
        })
        .collect()
}

fn stray_sql(file: &Source) -> Vec<String> {
    let home = file.path.ends_with("/store.rs")
        || file.path.contains("/store/")
        || ["platform/db/", "xtask/", "tests/", "benches/"]
            .iter()
            .any(|folder| file.path.starts_with(folder));
    if home {
        return Vec::new();
    }
    code_lines(file)
        .filter(|(_, line)| {
            let literals = line.split('"').skip(1).step_by(2).map(str::trim_start);
            // A statement also often begins on a line of its own inside a longer literal.
            literals
                .chain([line.trim_start()])
                .any(|text| STATEMENTS.iter().any(|start| text.starts_with(start)))
        })
        .map(|(number, _)| format!("{}:{number}: SQL stands in store.rs or platform/db only", file.path))
        .collect()
}

/// The lines of the product's code, numbered, without comments.
fn code_lines(file: &Source) -> impl Iterator<Item = (usize, &str)> {
    file.product().lines().enumerate().map(|(at, line)| (at + 1, line)).filter(|(_, line)| {
        let line = line.trim_start();
        !line.starts_with("//")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.into(), text: text.into() }
    }

    #[test]
    fn arrows_run_down() {
        for (from, to, allowed) in [
            ("app", "domain/plan", true),
            ("domain/checklist", "platform/db", true),
            ("domain/binder", "domain/plan", true),
            ("domain/plan", "domain/checklist", true),
            ("platform/web", "engine/calendar", true),
            ("xtask", "platform/web", true),
            ("platform/web", "domain/people", false),
            ("engine/calendar", "catalog", false),
            ("domain/checklist", "domain/plan", false),
            ("demo", "app", false),
        ] {
            assert_eq!(forbidden(from, to).is_none(), allowed, "{from} {to}");
        }
    }

    #[test]
    fn pure_code_is_told_from_the_rest() {
        let clock = "let now = Utc::now();\n";
        assert_eq!(impurities(&source("engine/calendar/src/lib.rs", clock)).len(), 1);
        assert_eq!(impurities(&source("domain/plan/src/rules.rs", clock)).len(), 1);
        assert_eq!(impurities(&source("platform/clock/src/lib.rs", clock)).len(), 0);
        assert_eq!(impurities(&source("engine/a/src/lib.rs", "/// never tokio\n")).len(), 0);
        assert_eq!(
            impurities(&source("engine/a/src/lib.rs", "#[cfg(test)]\nmod t { use std::fs; }")).len(),
            0
        );
        assert_eq!(impurities(&source("engine/a/src/x/tests.rs", "use std::fs;")).len(), 0);
    }

    #[test]
    fn sql_is_seen_in_any_literal() {
        let one = "run(\"SELECT id FROM asset\")";
        let many = "const ALL: &str = \"\n    INSERT INTO asset VALUES ($1)\";";
        for text in [one, many] {
            assert_eq!(stray_sql(&source("domain/plan/src/actions.rs", text)).len(), 1, "{text}");
            assert_eq!(stray_sql(&source("domain/plan/src/store.rs", text)).len(), 0, "{text}");
            assert_eq!(stray_sql(&source("platform/db/src/lib.rs", text)).len(), 0, "{text}");
        }
        assert_eq!(stray_sql(&source("domain/plan/src/pages.rs", "say(\"Please SELECT one\")")).len(), 0);
    }
}
