//! Both databases understand every SQL text of the house, and no store's list is forgotten here.
#![allow(clippy::unwrap_used)]

use komainu_db::testing::each_database;
use komainu_db::{Statement, prepare_all};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The lists of statements by the folder of their crate.
fn lists() -> BTreeMap<&'static str, Vec<&'static [Statement]>> {
    BTreeMap::from([
        ("domain/binder", vec![komainu_binder::STATEMENTS]),
        ("domain/checklist", komainu_checklist::STATEMENTS.to_vec()),
        ("domain/contact", vec![komainu_contact::STATEMENTS]),
        ("domain/escalation", vec![komainu_escalation::STATEMENTS]),
        ("domain/exposure", vec![komainu_exposed::STATEMENTS]),
        ("domain/exchange", vec![komainu_exchange::STATEMENTS]),
        ("domain/incident", vec![komainu_incident::STATEMENTS]),
        ("domain/institution", vec![komainu_institution::STATEMENTS]),
        ("domain/inventory", komainu_inventory::STATEMENTS.to_vec()),
        ("domain/link", vec![komainu_link::STATEMENTS]),
        ("domain/map", vec![komainu_map::STATEMENTS]),
        ("domain/nearmiss", vec![komainu_nearmiss::STATEMENTS]),
        ("domain/operations", vec![komainu_operations::STATEMENTS]),
        ("domain/overview", vec![komainu_overview::STATEMENTS]),
        ("domain/people", komainu_people::STATEMENTS.to_vec()),
        ("domain/place", vec![komainu_place::STATEMENTS]),
        ("domain/plan", vec![komainu_plan::STATEMENTS]),
        ("domain/setup", vec![komainu_setup::STATEMENTS]),
        ("domain/stocktake", vec![komainu_stocktake::STATEMENTS]),
        ("domain/vendor", vec![komainu_vendor::STATEMENTS]),
        ("domain/webhook", vec![komainu_webhook::STATEMENTS]),
        ("platform/access", vec![komainu_access::STATEMENTS]),
        ("platform/audit", vec![komainu_audit::STATEMENTS]),
        ("platform/db", vec![komainu_db::STATEMENTS, komainu_db::SCHEMA_STATEMENTS]),
        ("platform/files", vec![komainu_files::STATEMENTS]),
        ("platform/jobs", vec![komainu_jobs::STATEMENTS, komainu_jobs::routine::ROUTINE_STATEMENTS]),
        ("platform/web", vec![komainu_web::api::STATEMENTS, komainu_web::ONCE_STATEMENTS]),
    ])
}

#[test]
fn both_databases_understand_every_statement() {
    each_database(|db| {
        for (home, lists) in lists() {
            for list in lists {
                prepare_all(&db, list).unwrap_or_else(|error| panic!("{home}: {error}"));
            }
        }
    });
}

#[test]
fn both_databases_understand_how_columns_are_sealed_anew() {
    each_database(|db| {
        for (stale, renew) in komainu::sealed_columns().into_iter().filter_map(|column| column.renewal) {
            prepare_all(&db, &[stale, renew]).unwrap();
        }
    });
}

#[test]
fn every_statement_of_every_crate_is_in_the_list() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut written: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() && !["target", "node_modules", "tests", "data"].contains(&name) {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let (home, text) = (home(root, &path), fs::read_to_string(&path).unwrap());
                if name == "store.rs" {
                    written.entry(home.clone()).or_default();
                }
                for statement in declared(&text) {
                    written.entry(home.clone()).or_default().insert(statement.to_owned());
                }
            }
        }
    }
    assert!(written.len() > 10, "the tree was not read: {written:?}");
    let listed: BTreeMap<String, BTreeSet<String>> = lists()
        .into_iter()
        .map(|(home, lists)| {
            let names = lists.concat().iter().map(|statement| statement.name.to_owned()).collect();
            (home.to_owned(), names)
        })
        .collect();
    for (home, names) in written {
        assert_eq!(Some(&names), listed.get(&home), "the statements of {home} that this test prepares");
    }
}

/// The folder of the crate that a source belongs to, relative to the root.
fn home(root: &Path, file: &Path) -> String {
    let with_manifest = |folder: &&Path| folder.join("Cargo.toml").exists();
    let folder: PathBuf = file.ancestors().skip(1).find(with_manifest).unwrap().to_owned();
    folder.strip_prefix(root).unwrap().to_str().unwrap().to_owned()
}

/// The names in a source's `statements!` blocks.
fn declared(source: &str) -> impl Iterator<Item = &str> {
    let blocks = source.split("statements! {\n").skip(1);
    let lines = blocks.flat_map(|block| block.lines().take_while(|line| *line != "}"));
    lines.filter_map(|line| {
        let (name, _) = line.strip_prefix("    ")?.split_once(" = ")?;
        name.bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
            .then_some(name)
    })
}
