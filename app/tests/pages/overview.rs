//! Progress and the log, in words.

use crate::clinic::World;
use crate::{browser_in, browser_of};
use axum::http::StatusCode;
use komainu_access::Role;
use komainu_db::testing::each_database;

#[test]
fn the_pages_say_it_in_words_in_every_language() {
    each_database(|db| {
        let world = World::new(db);
        let scope = world.person(world.here(), "<b>院長</b>", Role::Director);
        let director = browser_of(&world, &scope);
        director.get("/progress").ok().says("まだ点検を始めていません");
        for (year, form, answer) in [("2025", "institution", "no"), ("2026", "institution_pharmacy", "yes")] {
            director.post(&format!("/checklist/{year}/open"), &[]).to();
            let checked = format!("{year}-06-01");
            let fields = [("answer", answer), ("checked1", checked.as_str()), ("version", "0")];
            director.post(&format!("/checklist/{year}/{form}/items/org-officer"), &fields).to();
        }
        for (lang, words, log_words) in [
            ("ja", ["令和8年度の今", "出典：", "この施設の答え："], ["答えを書いた", "この記録は4件"]),
            ("en", ["FY2026 now", "Source:", "Your answer:"], ["Wrote an answer", "4 entries are linked"]),
            ("zh", ["2026年度的现状", "出处：", "本机构的答案："], ["填写了答案", "由4条首尾相连"]),
        ] {
            let browser = browser_in(&world, &scope, lang);
            let page = browser.get("/progress").ok();
            for word in words {
                page.says(word);
            }
            page.says("<svg viewBox=\"0 0 480 240\" role=\"img\"");
            assert!(
                !page.text.contains(" style=") && !page.text.contains("<style"),
                "the strict policy holds"
            );
            let page = browser.get("/log?prove=yes").ok();
            for word in log_words {
                page.says(word);
            }
            page.says("&#60;b&#62;院長");
            assert!(!page.text.contains("{&#34;kind"), "no raw states");
        }
        let faulty = director.get("/log?from=いつか&kind=checklist_row");
        assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
        faulty.says("日付として読めません").says("value=\"いつか\"");
    });
}
