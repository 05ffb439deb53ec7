//! The pack's page: ordered, watched, stopped and fetched, and by nobody else.

use crate::clinic::World;
use crate::{browser_in, browser_of};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use komainu_binder::PackWork;
use komainu_db::testing::each_database;
use komainu_jobs::{Work, Worker};
use komainu_paper::Paper;
use std::num::NonZeroUsize;
use std::sync::Arc;

/// Does what waits.
fn work(world: &World) {
    let paper = Arc::new(Paper::new(NonZeroUsize::MIN));
    let work: Box<dyn Work> = Box::new(PackWork::new(crate::app(world), paper));
    let worker = Worker::new(world.db.clone(), world.nature.clone(), vec![work]);
    while worker.once().unwrap() {}
}

/// The ids of the packs on the page, newest first.
fn ids(page: &str) -> Vec<String> {
    let polls = page.split("/pack/").skip(1).filter_map(|rest| rest.get(..36));
    let mut ids: Vec<String> = polls.filter(|id| id.matches('-').count() == 4).map(str::to_owned).collect();
    ids.dedup();
    ids
}

#[test]
fn a_pack_is_ordered_watched_and_fetched_without_script() {
    each_database(|db| {
        let world = World::new(db);
        let director = browser_of(&world, &world.director);
        director.get("/pack").ok().says("まだ点検が始まっていません");
        director.post("/checklist/2026/open", &[]).to();
        director.get("/pack").ok().says("令和8年度").says("印刷用（PDF）").says("简体中文");
        let order = [("year", "2026"), ("form", "pdf"), ("language", "ja")];
        assert_eq!(director.post("/pack", &order).to(), "/pack#packs");
        let page = director.get("/pack").ok();
        page.says("順番を待っています").says("やめる");
        let id = &ids(&page.text)[0];
        let state = format!("/pack/{id}/state");
        assert!(!director.fragment(&state).ok().text.contains("data-done"));
        assert_eq!(director.get(&state).to(), "/pack#packs", "without script the page itself shows it");
        assert_eq!(director.get(&format!("/pack/{id}/file")).status, StatusCode::NOT_FOUND, "not yet");
        work(&world);
        director.fragment(&state).ok().says("data-done").says("ページ、");
        let file = director.get(&format!("/pack/{id}/file")).ok();
        assert!(file.bytes.starts_with(b"%PDF-"));
        assert_eq!(file.headers[CONTENT_TYPE], "application/pdf");
        assert!(file.headers[CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment"));
        assert!(!director.get("/pack").ok().text.contains("この後に点検の内容が変わりました"));
        world.clock.advance(chrono::Duration::minutes(1));
        let patches = "/checklist/2026/institution_pharmacy/items/patches";
        director.post(patches, &[("answer", "yes"), ("version", "0")]).to();
        director.get("/pack").ok().says("この後に点検の内容が変わりました");
        let nonsense = [("year", "last"), ("form", "pdf"), ("language", "ja")];
        assert_eq!(director.post("/pack", &nonsense).status, StatusCode::BAD_REQUEST);
        let none = [("year", "2024"), ("form", "pdf"), ("language", "ja")];
        assert_eq!(director.post("/pack", &none).status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_stopped_pack_is_never_made_and_the_page_says_so_in_every_language() {
    each_database(|db| {
        let world = World::new(db);
        let director = browser_of(&world, &world.director);
        director.post("/checklist/2026/open", &[]).to();
        director.post("/pack", &[("year", "2026"), ("form", "archive"), ("language", "zh")]).to();
        let id = ids(&director.get("/pack").ok().text).remove(0);
        assert_eq!(director.post(&format!("/pack/{id}/cancel"), &[]).to(), "/pack#packs");
        work(&world);
        for (lang, word) in [("ja", "途中でやめました"), ("en", "Stopped"), ("zh", "已中止")] {
            browser_in(&world, &world.director, lang).get("/pack").ok().says(word);
        }
        assert_eq!(director.get(&format!("/pack/{id}/file")).status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn nobody_else_reaches_it() {
    each_database(|db| {
        let world = World::new(db);
        let director = browser_of(&world, &world.director);
        director.post("/checklist/2026/open", &[]).to();
        director.post("/pack", &[("year", "2026"), ("form", "workbook"), ("language", "en")]).to();
        let id = ids(&director.get("/pack").ok().text).remove(0);
        work(&world);
        let [file, state, cancel] = ["file", "state", "cancel"].map(|what| format!("/pack/{id}/{what}"));
        for (scope, status) in
            [(&world.stranger, StatusCode::NOT_FOUND), (&world.staff, StatusCode::FORBIDDEN)]
        {
            let browser = browser_of(&world, scope);
            assert_eq!(browser.get(&file).status, status);
            assert_eq!(browser.fragment(&state).status, status);
            assert_eq!(browser.post(&cancel, &[]).status, status);
        }
        assert!(!browser_of(&world, &world.stranger).get("/pack").ok().text.contains(&id));
        let inspector = browser_of(&world, &world.inspector);
        assert!(inspector.get(&file).ok().bytes.starts_with(b"PK"));
    });
}
