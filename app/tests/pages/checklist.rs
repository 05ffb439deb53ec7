//! The checklist's pages as a browser without script meets them, and as our script does.

use crate::browser::Browser;
use crate::clinic::World;
use crate::{browser_in, browser_of};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use komainu_db::testing::each_database;

const ROUND: &str = "/checklist/2026/institution_pharmacy";

/// Opens this year's round and answers the gate with yes.
fn opened(world: &World) -> Browser {
    let director = browser_of(world, &world.director);
    assert!(director.get("/checklist").ok().text.contains("点検を始める"));
    assert_eq!(director.post("/checklist/2026/open", &[("carry", "yes")]).to(), format!("{ROUND}/next"));
    assert_eq!(director.get(&format!("{ROUND}/next")).to(), format!("{ROUND}/items/has-system"));
    let saved = director
        .post(&format!("{ROUND}/items/has-system"), &[("answer", "yes"), ("version", "0"), ("go", "next")]);
    assert_eq!(saved.to(), format!("{ROUND}/items/org-officer"));
    director
}

#[test]
fn a_round_is_answered_without_script_from_the_first_page_to_the_end() {
    each_database(|db| {
        let world = World::new(db);
        let director = opened(&world);
        let mut path = format!("{ROUND}/items/org-officer");
        for _ in 0..30 {
            let page = director.get(&path).ok();
            assert!(page.text.contains("令和8年11月23日"), "today is offered: {path}");
            let fields = [
                ("answer", "yes"),
                ("checked1", "今日"),
                ("version", &page.value("version")),
                ("go", "next"),
            ];
            let next = director.post(&path, &fields).to().to_owned();
            if next == ROUND {
                let page = director.get(ROUND).ok();
                assert!(
                    page.text.contains("すべての項目に答えました") || !page.text.contains("続きから答える")
                );
                return;
            }
            assert_ne!(next, path);
            path = next;
        }
        panic!("the round never ended");
    });
}

#[test]
fn a_form_with_faults_keeps_what_was_typed() {
    each_database(|db| {
        let world = World::new(db);
        let director = opened(&world);
        let path = format!("{ROUND}/items/patches");
        let fields = [
            ("answer", "no"),
            ("checked1", "昨年の桜のころ"),
            ("target", "2027-04-01"),
            ("note", "<b>台帳</b>を作成中"),
            ("version", "0"),
        ];
        let page = director.post(&path, &fields);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        for kept in [
            "昨年の桜のころ",
            "2027-04-01",
            "&#60;b&#62;台帳&#60;/b&#62;を作成中",
            "日付として読めません",
            "令和8年度のうちに終える日",
            "href=\"#f-target\"",
        ] {
            assert!(page.text.contains(kept), "{kept} in {}", page.text);
        }
        assert!(page.text.contains("value=\"no\" id=\"f-answer-2\" checked"));
        let errors = director.autosave(&path, &fields);
        assert_eq!(errors.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(errors.json()["errors"]["target"].as_str().unwrap().contains("令和9年3月31日"));
        assert!(errors.json()["errors"]["checked1"].is_string());
    });
}

#[test]
fn autosave_saves_tells_where_the_row_stands_and_may_be_sent_again() {
    each_database(|db| {
        let world = World::new(db);
        let director = opened(&world);
        let path = format!("{ROUND}/items/patches");
        let fields = [("answer", "not_sure"), ("checked1", "R8.11.20"), ("version", "0")];
        let saved = director.autosave(&path, &fields).ok().json();
        assert_eq!((saved["ok"].as_bool(), saved["version"].as_i64()), (Some(true), Some(1)));
        let html = saved["html"].as_str().unwrap();
        assert!(
            html.contains("目標日がまだです")
                && html.contains("take_target")
                && html.contains("まずはこう調べます"),
            "{html}"
        );
        assert!(saved["saved_at_text"].as_str().unwrap().contains("院長"));
        assert_eq!(director.autosave(&path, &fields).ok().json()["version"], 1);
        let taken = director.post(
            &path,
            &[
                ("answer", "not_sure"),
                ("checked1", "R8.11.20"),
                ("version", "1"),
                ("target", ""),
                ("take_target", "2027-01-22"),
            ],
        );
        assert_eq!(taken.to(), path);
        assert!(director.get(&path).ok().text.contains("value=\"令和9年1月22日\""));
    });
}

#[test]
fn two_people_choose_with_and_without_script() {
    each_database(|db| {
        let world = World::new(db);
        let director = opened(&world);
        let operator = browser_of(&world, &world.operator);
        let path = format!("{ROUND}/items/patches");
        let one = [("answer", "yes"), ("checked1", "R8.11.20"), ("note", "院長のメモ"), ("version", "0")];
        let two = [("answer", "no"), ("note", "担当のメモ"), ("version", "0")];
        operator.autosave(&path, &one).ok();
        let news = director.get(&format!("{path}/changed?version=0")).ok();
        assert!(news.text.contains("システム運用担当者") && news.text.contains("data-done"), "{}", news.text);
        assert!(!operator.get(&format!("{path}/changed?version=0")).ok().text.contains("data-done"));
        let conflict = director.autosave(&path, &two);
        assert_eq!(conflict.status, StatusCode::CONFLICT);
        let html = conflict.json()["conflict"]["html"].as_str().unwrap().to_owned();
        for part in
            ["data-keep-mine=\"1\"", "data-take-theirs", "院長のメモ", "担当のメモ", "data-fill=\"note\""]
        {
            assert!(html.contains(part), "{part} in {html}");
        }
        let page = director.post(&path, &two);
        assert_eq!(page.status, StatusCode::CONFLICT);
        assert!(page.text.contains("院長のメモ") && page.text.contains("担当のメモ"));
        assert_eq!(page.value("version"), "1");
        let joined = [
            ("answer", "no"),
            ("checked1", "令和8年11月20日"),
            ("note", "院長のメモ\r\n担当のメモ"),
            ("version", "1"),
        ];
        assert_eq!(director.post(&path, &joined).to(), path);
        let page = operator.get(&path).ok();
        assert!(page.text.contains("院長のメモ\n担当のメモ"));
        let history = director.get(&format!("{path}/history")).ok().text;
        assert!(history.contains("はい → いいえ") && history.contains("システム運用担当者"), "{history}");
    });
}

#[test]
fn evidence_comes_in_is_shown_safely_and_goes() {
    each_database(|db| {
        let world = World::new(db);
        let director = opened(&world);
        let path = format!("{ROUND}/items/patches");
        let upload = |name: &str, bytes: &[u8], script: bool| {
            director.upload(&format!("{path}/evidence"), &[], Some((name, bytes)), script)
        };
        let hostile = upload("図.pdf", b"<!doctype html><script>1</script>", false);
        assert_eq!(hostile.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(hostile.text.contains("「図.pdf」：受け取れない種類のファイルです"));
        let hostile = upload("空.pdf", b"", true);
        assert!(hostile.json()["errors"]["file"].as_str().unwrap().contains("中身が空です"));
        let large = vec![b'a'; 3_000_000];
        let sent = upload("<記録>.html", &large, true).ok();
        assert_eq!(sent.json()["location"].as_str().unwrap(), path);
        let png = b"\x89PNG\r\n\x1a\n0000";
        assert_eq!(upload("写真.png", png, false).to(), format!("{path}#evidence"));
        let page = director.get(&path).ok().text;
        assert!(page.contains("_記録_.html.txt") && page.contains("3.0 MB") && page.contains("SHA-256"));
        let ids: Vec<&str> = page
            .match_indices("/checklist/evidence/")
            .map(|(at, found)| &page[at + found.len()..at + found.len() + 36])
            .collect();
        let mut kinds = Vec::new();
        for id in &ids {
            let open = director.get(&format!("/checklist/evidence/{id}")).ok();
            let kind = open.headers[CONTENT_TYPE].to_str().unwrap().to_owned();
            let disposition = open.headers[CONTENT_DISPOSITION].to_str().unwrap();
            assert_eq!(disposition.starts_with("inline"), kind == "image/png", "{kind}: {disposition}");
            assert!(!open.headers[CONTENT_SECURITY_POLICY].to_str().unwrap().contains("script-src"));
            assert_eq!(open.headers["x-content-type-options"], "nosniff");
            let file = director.get(&format!("/checklist/evidence/{id}/file")).ok();
            assert!(file.headers[CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment"));
            let stranger = browser_of(&world, &world.stranger);
            assert_eq!(stranger.get(&format!("/checklist/evidence/{id}")).status, StatusCode::NOT_FOUND);
            kinds.push(kind);
        }
        assert!(
            kinds.iter().any(|kind| kind == "image/png")
                && kinds.iter().any(|kind| kind.starts_with("text/plain"))
        );
        let id = ids[0];
        assert_eq!(
            director.post(&format!("{path}/evidence/{id}/remove"), &[]).to(),
            format!("{path}#evidence")
        );
        assert_eq!(director.get(&format!("/checklist/evidence/{id}")).status, StatusCode::NOT_FOUND);
        let over = vec![b'a'; komainu_checklist::pages::UPLOAD_BODY + 10];
        assert_eq!(upload("大.txt", &over, false).status, StatusCode::PAYLOAD_TOO_LARGE);
        let linked = director.post(&format!("{path}/evidence/link"), &[("record", "file:0")]);
        assert_eq!(linked.status, StatusCode::UNPROCESSABLE_ENTITY);
    });
}

#[test]
fn staff_get_their_own_rows_and_inspectors_change_nothing() {
    each_database(|db| {
        let world = World::new(db);
        let director = opened(&world);
        let staff = browser_of(&world, &world.staff);
        let inspector = browser_of(&world, &world.inspector);
        assert_eq!(staff.get("/checklist").to(), "/checklist/mine");
        assert!(staff.get("/checklist/mine").ok().text.contains("いま担当している項目はありません"));
        let person = world.staff.person().to_string();
        let none = director.post(&format!("{ROUND}/assign"), &[("person", &person)]);
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        let over = [("item", "patches"), ("person", person.as_str()), ("due", "R8.11.1")];
        let late = director.post(&format!("{ROUND}/assign"), &over);
        assert!(late.text.contains("期限が過ぎた日です") && late.text.contains("R8.11.1"));
        let given = director.post(
            &format!("{ROUND}/assign"),
            &[("item", "patches"), ("item", "bcp"), ("person", &person), ("due", "12月10日")],
        );
        assert_eq!(given.to(), ROUND);
        let mine = staff.get("/checklist/mine").ok().text;
        assert!(
            mine.contains("items/patches") && mine.contains("items/bcp") && mine.contains("令和8年12月10日")
        );
        let page = staff.get(&format!("{ROUND}/items/patches")).ok();
        assert!(!page.text.contains("/ledger/") && !page.text.contains(&format!("{ROUND}/assign")));
        let after = staff.post(
            &format!("{ROUND}/items/patches"),
            &[("answer", "yes"), ("checked1", "今日"), ("version", "0"), ("go", "next")],
        );
        assert_eq!(after.to(), format!("{ROUND}/items/bcp"));
        assert_eq!(staff.get(&format!("{ROUND}/items/rules")).status, StatusCode::NOT_FOUND);
        assert_eq!(
            staff.post(&format!("{ROUND}/items/rules"), &[("answer", "yes")]).status,
            StatusCode::NOT_FOUND
        );
        let read = inspector.get(&format!("{ROUND}/items/patches")).ok();
        assert!(
            read.text.contains("<fieldset class=\"group stack\" disabled>")
                && !read.text.contains("data-autosave")
        );
        let stranger = browser_of(&world, &world.stranger);
        assert_eq!(stranger.get(&format!("{ROUND}/items/patches")).status, StatusCode::NOT_FOUND);
        assert_eq!(stranger.get(ROUND).status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn last_year_is_confirmed_with_one_tap_and_a_closed_round_says_so() {
    each_database(|db| {
        let world = World::new(db);
        let director = browser_of(&world, &world.director);
        director.post("/checklist/2025/open", &[]).to();
        let old = "/checklist/2025/institution/items";
        for row in ["has-system", "patches", "bcp"] {
            let fields = [
                ("answer", if row == "bcp" { "no" } else { "yes" }),
                ("checked1", "2025-06-01"),
                ("target", "2026-03-31"),
                ("version", "0"),
            ];
            director.post(&format!("{old}/{row}"), &fields).to();
        }
        assert!(director.get("/checklist").ok().text.contains("令和7年度の答えを引き継ぐ"));
        assert_eq!(director.post("/checklist/2026/open", &[("carry", "yes")]).to(), ROUND);
        let page = director.get(ROUND).ok().text;
        assert!(page.contains("前の答えを確認") && page.contains("<strong>0 / "), "{page}");
        let item = director.get(&format!("{ROUND}/items/patches")).ok().text;
        assert!(item.contains("前の年度は「はい」でした") && item.contains("今年もこの通り"));
        director.post(&format!("{ROUND}/items/patches/confirm"), &[]).to();
        assert_eq!(
            director.post(&format!("{ROUND}/items/bcp/confirm"), &[]).to(),
            format!("{ROUND}/items/bcp"),
            "a no needs a date of this year"
        );
        assert!(director.get(ROUND).ok().text.contains("<strong>2 / "));
        assert_eq!(director.post(&format!("{ROUND}/close"), &[]).to(), ROUND);
        let closed = director.post(
            &format!("{ROUND}/items/bcp"),
            &[("answer", "yes"), ("note", "締めたあと"), ("version", "2")],
        );
        assert_eq!(closed.status, StatusCode::CONFLICT);
        assert!(
            closed.text.contains("この年度の点検は締められています") && closed.text.contains("締めたあと")
        );
        assert_eq!(
            director.autosave(&format!("{ROUND}/items/bcp"), &[("answer", "yes")]).status,
            StatusCode::CONFLICT
        );
        assert!(director.get("/checklist/2026/history").ok().text.contains("点検を締めた"));
        director.post(&format!("{ROUND}/reopen"), &[]).to();
    });
}

#[test]
fn a_vendor_is_asked_by_letter_and_the_row_waits() {
    each_database(|db| {
        let world = World::new(db);
        let director = opened(&world);
        let path = format!("{ROUND}/ask?item=patches");
        assert!(director.get(&path).ok().text.contains("台帳に業者がありません"));
        let details = komainu_vendor::VendorDetails {
            name: "A電子カルテ社".to_owned(),
            email: "support@example.jp".to_owned(),
            ..komainu_vendor::VendorDetails::default()
        };
        let vendor = world
            .db
            .write(|tx| komainu_vendor::actions::vendor_add(tx, &world.nature, &world.director, &details))
            .unwrap()
            .to_string();
        let page = director.get(&path).ok().text;
        assert!(
            page.contains("A電子カルテ社")
                && page.contains("ご担当者様")
                && page.contains("mailto:support@example.jp?subject=")
        );
        let english = director.get(&format!("{path}&letter=en")).ok().text;
        assert!(english.contains("Thank you for your continued support"));
        let fields =
            [("vendor", vendor.as_str()), ("item", "patches"), ("reply", "R8.12.7"), ("letter", "ja")];
        assert_eq!(director.post(&format!("{ROUND}/ask"), &fields).to(), format!("{ROUND}/items/patches"));
        assert!(director.get(ROUND).ok().text.contains("A電子カルテ社へ問い合わせ、返事待ち"));
        let late = [("vendor", vendor.as_str()), ("item", "patches"), ("reply", "R8.11.1")];
        assert_eq!(director.post(&format!("{ROUND}/ask"), &late).status, StatusCode::UNPROCESSABLE_ENTITY);
        director.post(&format!("{ROUND}/items/patches/replied"), &[("vendor", &vendor)]).to();
        assert!(!director.get(ROUND).ok().text.contains("返事待ち"));
        let all = director.get(&format!("{ROUND}/ask")).ok().text;
        assert!(all.matches("<li>").count() > 5);
        director.post("/checklist/2026/open", &[("vendor", &vendor)]).to();
        let of_vendor = format!("/checklist/2026/vendor-{vendor}");
        assert!(director.get(&of_vendor).ok().text.contains("事業者用チェックリスト：A電子カルテ社"));
        assert!(director.get(&format!("{of_vendor}/items/patches")).ok().text.contains("data-autosave"));
    });
}

#[test]
fn every_page_stands_in_every_language() {
    each_database(|db| {
        let world = World::new(db);
        let director = opened(&world);
        director
            .post(
                &format!("{ROUND}/items/patches"),
                &[("answer", "not_sure"), ("checked1", "今日"), ("version", "0")],
            )
            .to();
        for lang in ["ja", "en", "zh"] {
            let browser = browser_in(&world, &world.director, lang);
            for path in [
                "/checklist",
                "/checklist/2025",
                "/checklist/2026",
                "/checklist/mine",
                "/checklist/2026/history",
            ] {
                let page = browser.get(path).ok().text;
                assert!(
                    page.contains(&format!("<html lang=\"{}", if lang == "zh" { "zh" } else { lang })),
                    "{path}"
                );
            }
            for part in [
                "",
                "/assign",
                "/ask",
                "/history",
                "?show=waiting",
                "/items/patches",
                "/items/two-factor",
                "/items/has-system",
            ] {
                let page = browser.get(&format!("{ROUND}{part}")).ok().text;
                assert!(!page.contains("No localization for id"), "{part}");
                assert_eq!(page.matches("<h1>").count(), 1, "{part}");
            }
        }
        assert_eq!(director.get("/checklist/1066").status, StatusCode::NOT_FOUND);
        assert_eq!(director.get("/checklist/2026/vendor").status, StatusCode::NOT_FOUND);
        assert_eq!(director.get(&format!("{ROUND}/items/../x")).status, StatusCode::NOT_FOUND);
    });
}
