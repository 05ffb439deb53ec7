//! The whole way through the pages, as a browser without scripts goes it.

use crate::browser::{Answered, Browser};
use crate::browser_of;
use crate::clinic::World;
use crate::workbook::{STRANGE, TITLE, cell, workbook};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use calamine::DataType as _;
use komainu_access::Role;
use komainu_checklist::actions::{OpenRound, round_open};
use komainu_db::testing::each_database;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Sends the form of `/official`, with a file or with what waits.
fn load(browser: &Browser, fields: &[(&str, &str)], file: Option<&[u8]>) -> Answered {
    browser.upload("/official", fields, file.map(|bytes| ("form.xlsx", bytes)), false)
}

/// A clinic with an open round whose safety manager loaded the workbook, and where that stands.
fn loaded(world: &World) -> (Browser, String) {
    let manager = world.person(world.here(), "安全管理責任者", Role::SafetyManager);
    let input = OpenRound { fiscal_year: 2026, vendor: None, carry: false };
    let opened = world.db.write(|tx| round_open(tx, &world.nature, &manager, &world.catalog, input));
    assert!(opened.is_ok());
    let browser = browser_of(world, &manager);
    let to = load(&browser, &[], Some(&workbook(&world.catalog, TITLE))).to().to_owned();
    (browser, to)
}

#[test]
fn a_workbook_is_recognised_replaced_and_confirmed_without_scripts() {
    each_database(|db| {
        let world = World::new(db);
        let (browser, to) = loaded(&world);
        assert_eq!(to, "/official/2026/institution_pharmacy");
        let page = browser.get(&to).ok();
        page.says("ほぼ確実").says("知らない項目").says("番号が同じ");
        assert!(!page.text.contains(" style=") && !page.text.contains("onclick"), "the strict policy holds");

        // Loading it once more asks before it replaces, and does not ask for the file again.
        let page = load(&browser, &[], Some(&workbook(&world.catalog, TITLE)));
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let fields =
            ["digest", "file_name", "replaces", "year", "variant"].map(|name| (name, page.value(name)));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(load(&browser, &fields, None).to(), to);

        browser.post(&to, &[("go", "confirm"), ("version", "2")]).to();
        let late = browser.post(&to, &[("go", "confirm"), ("version", "1"), ("row1", "none")]);
        assert_eq!(late.status, StatusCode::CONFLICT);
        late.says("別の人が先に変更しました").says("今の登録：");
        browser.post(&format!("{to}/remove"), &[("version", "3")]).to();
        assert_eq!(browser.get(&to).status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_row_of_the_workbooks_own_is_answered_and_the_filled_file_fetched() {
    each_database(|db| {
        let world = World::new(db);
        let (browser, to) = loaded(&world);
        browser.post(&to, &[("go", "confirm"), ("version", "1")]).to();
        let own = format!("{to}/own");
        let round = browser.get("/checklist/2026").ok();
        round.says(STRANGE).says(&own).says(&format!("{to}/filled")).says("href=\"/official\"");
        let page = browser.get(&own).ok().text;
        let action = page.split("action=\"").find(|rest| rest.contains("/own/official.")).unwrap();
        let action = action.split('"').next().unwrap();
        let answer =
            [("answer", "no"), ("checked1", "2026-06-15"), ("target", "2031-01-01"), ("note", "まだ")];
        let faulty = browser.post(action, &answer);
        assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
        faulty.says("この年度の中").says("まだ");
        let answer = [("answer", "no"), ("checked1", "令和8年6月15日"), ("target", "2027-01-31")];
        browser.post(action, &answer).to();
        let late = browser.post(action, &[("answer", "yes"), ("version", "0")]);
        assert_eq!(late.status, StatusCode::CONFLICT);
        late.says("別の人が先に書きました");

        browser.get(&format!("{to}/filled")).ok().says("すべての答えを書き込めます");
        let file = browser.get(&format!("{to}/filled/file")).ok();
        assert_eq!(file.headers[CONTENT_TYPE], XLSX);
        assert_eq!(cell(&file.bytes, 1, 1).get_string(), Some("A診療所"));
    });
}

#[test]
fn strange_files_are_refused_in_words_and_the_year_is_asked_where_it_is_not_said() {
    each_database(|db| {
        let world = World::new(db);
        let browser = browser_of(&world, &world.director);
        let large = vec![b'a'; komainu_workbook::MAX_FILE_BYTES + 1];
        for (bytes, words) in [
            (&b"a,b\n1,2\n"[..], "Excelファイルではなく"),
            (b"%PDF-1.7\n", "PDF"),
            (b"", "ファイルの中身が空です"),
            (&large, "20 MBより大きい"),
        ] {
            let page = load(&browser, &[], Some(bytes));
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
            page.says(words).says("name=\"file\"");
        }
        let page = load(&browser, &[], None);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.says("ファイルが選ばれていません");
        let page = load(&browser, &[], Some(&workbook(&world.catalog, "チェックリスト")));
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let (digest, name) = (page.value("digest"), page.value("file_name"));
        let said = [
            ("digest", digest.as_str()),
            ("file_name", name.as_str()),
            ("year", "2026"),
            ("variant", "institution_pharmacy"),
        ];
        assert_eq!(load(&browser, &said, None).to(), "/official/2026/institution_pharmacy");
        let unknown = "0".repeat(64);
        let said = [("digest", unknown.as_str()), ("year", "2026"), ("variant", "institution_pharmacy")];
        assert_eq!(load(&browser, &said, None).status, StatusCode::NOT_FOUND);
    });
}
