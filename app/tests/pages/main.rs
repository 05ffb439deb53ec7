//! The program's pages through its own routes, as a browser meets them.
#![allow(clippy::unwrap_used)]

mod browser;
mod checklist;
#[path = "../../../domain/checklist/tests/actions/world.rs"]
mod clinic;
mod exposure;
#[path = "../../../domain/exposure/tests/common/handa.rs"]
mod hospital;
#[path = "../../../domain/institution/tests/common/mod.rs"]
mod house;
mod ledger;
mod link;
mod official;
mod once;
mod overview;
mod pack;
mod place;
mod plan;
mod setup;
#[path = "../../../domain/checklist/tests/actions/workbook.rs"]
mod workbook;
#[path = "../../../domain/plan/tests/support/world.rs"]
mod working;

use browser::Browser;
use clinic::World;
use komainu_access::Scope;
use komainu_web::{App, Settings};

/// A person's browser, in Japanese.
fn browser_of(world: &World, scope: &Scope) -> Browser {
    browser_in(world, scope, "ja")
}

/// The same in another language.
fn browser_in(world: &World, scope: &Scope, lang: &str) -> Browser {
    Browser::new(&app(world)).with("komainu-session", &world.sign_in(scope)).with("komainu-lang", lang)
}

/// The program in a clinic's world.
fn app(world: &World) -> App {
    let (db, nature) = (world.db.clone(), world.nature.clone());
    App::new(db, nature, world.catalog.clone(), world.files.clone(), Settings::default())
}
