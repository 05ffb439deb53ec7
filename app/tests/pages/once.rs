//! Forms that a lost connection sends twice.

use crate::browser::{Answered, Browser};
use crate::working::World;
use komainu_access::Role;
use komainu_db::testing::each_database;

/// A director in front of the program.
fn director(world: &World) -> Browser {
    let clinic = world.organisation("あおぞら医院", "institution");
    let director = world.member(clinic, "院長", Role::Director);
    world.finish_interview(&director);
    Browser::new(&world.app).with("komainu-session", &world.sign_in(&director)).with("komainu-lang", "ja")
}

/// Sends a form of a page, with the page's own id.
fn send(browser: &Browser, page: &Answered, path: &str, fields: &[(&str, &str)]) -> String {
    let id = page.value("sent_id");
    let mut all = vec![("sent_id", id.as_str())];
    all.extend_from_slice(fields);
    browser.post_from(page, path, &all).to().to_owned()
}

#[test]
fn a_form_that_comes_twice_creates_once_and_leads_to_the_same_page() {
    each_database(|db| {
        let world = World::new(db);
        let browser = director(&world);
        let page = browser.get("/near-miss/meetings").ok();
        let plan = |title: &str| {
            send(&browser, &page, "/near-miss/meetings", &[("title", title), ("held_on", "2026-12-10")])
        };
        let first = plan("第1回医療安全委員会");
        assert_eq!(plan("第1回医療安全委員会"), first);
        assert_ne!(plan("第2回医療安全委員会"), first, "other words are a creation of their own");
        let list = browser.get("/near-miss/meetings").ok();
        assert_eq!(list.text.matches("第1回").count(), 1);
        assert_eq!(list.text.matches("第2回").count(), 1);
    });
}

#[test]
fn tasks_entries_and_evidence_of_an_incident_are_written_once() {
    each_database(|db| {
        let world = World::new(db);
        let browser = director(&world);
        let said = [("kind", "ransomware"), ("level", "serious"), ("title", "電子カルテが開かない")];
        let incident = browser.post("/incidents", &said).to().to_owned();
        let page = browser.get(&incident).ok();
        let entry = |words: &str| {
            let fields = [("kind", "event"), ("words", words)];
            send(&browser, &page, &format!("{incident}/entries"), &fields);
        };
        let task = |what: &str| {
            let fields = [("what", what), ("role", "care"), ("owner", "")];
            send(&browser, &page, &format!("{incident}/tasks"), &fields);
        };
        for words in ["一階の線を抜いた", "一階の線を抜いた", "二階の線を抜いた"] {
            entry(words);
        }
        for what in ["紙の処方箋を配る", "紙の処方箋を配る"] {
            task(what);
        }
        let id = browser.get(&format!("{incident}/evidence")).ok().value("sent_id");
        let fields = [("sent_id", id.as_str()), ("what", "脅迫文の写真"), ("taken_by", "事務長")];
        for bytes in [&b"one"[..], b"one", b"two"] {
            let path = format!("{incident}/evidence");
            browser.upload(&path, &fields, Some(("note.bin", bytes)), false).to();
        }
        let page = browser.get(&incident).ok();
        let count = |page: &Answered, words: &str| page.text.matches(words).count();
        assert_eq!(count(&page, "<span class=\"pre\">一階の線を抜いた"), 1);
        assert_eq!(count(&page, "<span class=\"pre\">二階の線を抜いた"), 1, "under the same id");
        assert_eq!(count(&page, "<strong>紙の処方箋を配る</strong>"), 1);
        let evidence = browser.get(&format!("{incident}/evidence")).ok();
        assert_eq!(count(&evidence, "脅迫文の写真"), 2, "another file is another piece");
    });
}
