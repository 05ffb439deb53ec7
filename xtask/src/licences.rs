//! `cargo xtask licences`: every dependency's licence may be combined with AGPL-3.0-or-later, and the notices that
//! those licences ask for are gathered in `target/notices/NOTICES.txt`.
//!
//! Checked are all crates of the lock file for Linux and all npm packages of `ui/package-lock.json`; the notices hold
//! those that become part of the program.

use crate::tree::{metadata, report, root};
use anyhow::Context;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Licences whose works may become part of a program under AGPL-3.0-or-later.
///
/// Source: the FSF's list of GPL-compatible licences; OFL-1.1 and CC-BY-4.0 for fonts and data beside the program,
/// CDLA-Permissive-2.0 for the list of certification authorities.
const ALLOWED: [&str; 24] = [
    "0BSD",
    "AGPL-3.0-or-later",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC-BY-4.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "GPL-2.0-or-later",
    "GPL-3.0-or-later",
    "ISC",
    "LGPL-2.1-or-later",
    "LGPL-3.0-or-later",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "NCSA",
    "OFL-1.1",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// The program's package, from which the notices start.
const PROGRAM: &str = "komainu";

/// Somebody else's work.
struct Work {
    name: String,
    version: String,
    licence: String,
    source: String,
    folder: PathBuf,
    /// Whether it becomes part of the program.
    embedded: bool,
}

/// Checks the licences and writes the notices.
pub fn run() -> anyhow::Result<()> {
    let root = root()?;
    let mut works = crates(root)?;
    works.extend(npm_packages(root)?);
    let offenders = works
        .iter()
        .filter(|work| !is_allowed(&work.licence))
        .map(|work| {
            format!("{} {}: licence \"{}\" is not on the list", work.name, work.version, work.licence)
        })
        .collect::<Vec<_>>();

    let embedded = works.iter().filter(|work| work.embedded).collect::<Vec<_>>();
    let file = root.join("target/notices/NOTICES.txt");
    let text = notices(&embedded)?;
    fs::create_dir_all(root.join("target/notices")).context("cannot create target/notices")?;
    fs::write(&file, &text).with_context(|| format!("cannot write {}", file.display()))?;
    println!("{}: {} works, {} KB", file.display(), embedded.len(), text.len() / 1024);
    report("licences", &format!("{} works", works.len()), &offenders)
}

fn crates(root: &Path) -> anyhow::Result<Vec<Work>> {
    let metadata = metadata(root, &["--filter-platform", "x86_64-unknown-linux-gnu"])?;
    let embedded = embedded_crates(&metadata)?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    let foreign = packages.iter().filter(|package| !package["source"].is_null());
    Ok(foreign
        .map(|package| {
            let manifest = Path::new(text(&package["manifest_path"]));
            Work {
                name: text(&package["name"]).to_owned(),
                version: text(&package["version"]).to_owned(),
                licence: text(&package["license"]).to_owned(),
                source: text(&package["repository"]).to_owned(),
                folder: manifest.parent().unwrap_or(manifest).to_owned(),
                embedded: embedded.contains(text(&package["id"])),
            }
        })
        .collect())
}

/// The ids that can be reached from the program over ordinary dependencies.
fn embedded_crates(metadata: &Value) -> anyhow::Result<BTreeSet<&str>> {
    let nodes = metadata["resolve"]["nodes"].as_array().context("cargo metadata resolved nothing")?;
    let nodes = nodes.iter().map(|node| (text(&node["id"]), node)).collect::<BTreeMap<_, _>>();
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let program = packages.into_iter().find(|package| package["name"] == PROGRAM);
    let mut open = vec![text(&program.context("the program's package is gone")?["id"])];
    let mut reached = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !reached.insert(id) {
            continue;
        }
        let dependencies = nodes.get(id).and_then(|node| node["deps"].as_array()).into_iter().flatten();
        for dependency in dependencies {
            let mut kinds = dependency["dep_kinds"].as_array().into_iter().flatten();
            if kinds.any(|kind| kind["kind"].is_null()) {
                open.push(text(&dependency["pkg"]));
            }
        }
    }
    Ok(reached)
}

fn npm_packages(root: &Path) -> anyhow::Result<Vec<Work>> {
    let file = root.join("ui/package-lock.json");
    let lock = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let lock: Value =
        serde_json::from_str(&lock).with_context(|| format!("{} is no JSON", file.display()))?;
    let packages = lock["packages"].as_object().context("ui/package-lock.json lists no packages")?;
    let foreign = packages.iter().filter(|(path, _)| !path.is_empty());
    Ok(foreign
        .map(|(path, package)| Work {
            name: path.rsplit("node_modules/").next().unwrap_or(path).to_owned(),
            version: text(&package["version"]).to_owned(),
            licence: text(&package["license"]).to_owned(),
            source: text(&package["resolved"]).to_owned(),
            folder: root.join("ui").join(path),
            embedded: package["dev"] != true,
        })
        .collect())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Whether an SPDX expression leaves us a licence of the list. `/` is the old spelling of `OR`.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    any(&mut words).unwrap_or(false) && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

/// `a OR b`; none if the expression is broken.
fn any(words: &mut Words<'_>) -> Option<bool> {
    let mut allowed = all(words)?;
    while words.next_if_eq(&"OR").is_some() {
        allowed |= all(words)?;
    }
    Some(allowed)
}

/// `a AND b`, which binds closer.
fn all(words: &mut Words<'_>) -> Option<bool> {
    let mut allowed = one(words)?;
    while words.next_if_eq(&"AND").is_some() {
        allowed &= one(words)?;
    }
    Some(allowed)
}

/// `( … )` or a licence, with or without an exception.
fn one(words: &mut Words<'_>) -> Option<bool> {
    match words.next()? {
        "(" => {
            let allowed = any(words)?;
            words.next_if_eq(&")").map(|_| allowed)
        }
        ")" | "AND" | "OR" | "WITH" => None,
        licence if words.next_if_eq(&"WITH").is_some() => {
            let exception = words.next()?;
            Some(ALLOWED.contains(&format!("{licence} WITH {exception}").as_str()))
        }
        licence => Some(ALLOWED.contains(&licence)),
    }
}

/// A list of the works, then each licence text once with the works that bring it.
fn notices(works: &[&Work]) -> anyhow::Result<String> {
    let mut out = String::from("Komainu contains the following works of others, with thanks.\n\n");
    let mut texts = BTreeMap::<String, Vec<String>>::new();
    for work in works {
        writeln!(out, "{} {} ({}) {}", work.name, work.version, work.licence, work.source)?;
        for licence in licence_texts(&work.folder)? {
            texts.entry(licence).or_default().push(format!("{} {}", work.name, work.version));
        }
    }
    for (licence, names) in texts {
        write!(out, "\n{}\n{}\n\n{licence}\n", "=".repeat(72), names.join(", "))?;
    }
    Ok(out)
}

/// The licence and notice files at the top of a package.
fn licence_texts(folder: &Path) -> anyhow::Result<Vec<String>> {
    let entries = fs::read_dir(folder)
        .with_context(|| format!("{} is not installed: run cargo fetch and npm ci", folder.display()))?;
    let mut texts = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_uppercase();
        let is_licence = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "COPYRIGHT", "UNLICENSE"];
        if is_licence.iter().any(|start| name.starts_with(start)) && entry.path().is_file() {
            let bytes = fs::read(entry.path())?;
            texts.push(String::from_utf8_lossy(&bytes).replace("\r\n", "\n").trim().to_owned());
        }
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        for (expression, allowed) in [
            ("MIT", true),
            ("MIT OR Apache-2.0", true),
            ("MIT/Apache-2.0", true),
            ("EPL-2.0 OR GPL-3.0-or-later", true),
            ("Apache-2.0 WITH LLVM-exception OR Proprietary", true),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("Proprietary OR MIT AND ISC", true),
            ("(Proprietary OR MIT) AND SSPL-1.0", false),
            ("MIT AND EPL-2.0", false),
            ("GPL-2.0-only", false),
            ("MIT WITH Some-exception", false),
            ("", false),
            ("(MIT", false),
            ("MIT MIT", false),
            ("AND", false),
        ] {
            assert_eq!(is_allowed(expression), allowed, "{expression}");
        }
    }
}
