//! A letter's link through its pages: made once, answered by somebody without an account, looked at, withdrawn.

use crate::browser::Browser;
use crate::clinic::World;
use crate::{app, browser_of};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, REFERRER_POLICY};
use komainu_checklist::actions::{OpenRound, round_open};
use komainu_db::testing::each_database;

const ROUND: &str = "/checklist/2026/institution_pharmacy";
const ITEM: &str = "/checklist/2026/institution_pharmacy/items/patches";

/// A clinic with an open year and a vendor in its ledger; the vendor's id.
fn begun(world: &World) -> String {
    let details = komainu_vendor::VendorDetails {
        name: "A電子カルテ社".to_owned(),
        email: "support@example.jp".to_owned(),
        ..komainu_vendor::VendorDetails::default()
    };
    let (nature, by) = (&world.nature, &world.director);
    let vendor = world.db.write(|tx| komainu_vendor::actions::vendor_add(tx, nature, by, &details)).unwrap();
    let input = OpenRound { fiscal_year: 2026, vendor: None, carry: false };
    let opened = world.db.write(|tx| round_open(tx, nature, by, &world.catalog, input));
    opened.map_err(|_| "opened").unwrap();
    vendor.to_string()
}

/// Makes a link on the letter's page; where it leads.
fn link(browser: &Browser, vendor: &str) -> String {
    let fields = [("vendor", vendor), ("item", "patches"), ("reply", "R8.12.7"), ("letter", "ja")];
    let made = browser.post(&format!("{ROUND}/ask/link"), &fields);
    let made = made.ok();
    made.says("このリンクが表示されるのは今だけです").says("令和8年12月21日 23:59").says("<svg");
    let address = made.text.split("id=\"link-address\">").nth(1).unwrap().split('<').next().unwrap();
    let (_, token) = address.split_once("/l/reply/").unwrap();
    assert_eq!(made.text.matches(token).count(), 3, "in the letter, its mail and by itself");
    format!("/l/reply/{token}")
}

#[test]
fn a_vendor_answers_a_letter_through_its_link() {
    each_database(|db| {
        let world = World::new(db);
        let vendor = begun(&world);
        let director = browser_of(&world, &world.director);
        director.get(&format!("{ROUND}/ask?item=patches")).ok().says("業者にリンクから答えてもらう");
        let path = link(&director, &vendor);

        let stranger = Browser::new(&app(&world)).with("komainu-lang", "ja");
        let page = stranger.get(&path).ok();
        page.says("A診療所").says("A電子カルテ社").says("回答を送る");
        assert!(!page.text.contains("院長") && !page.text.contains("href=\"/checklist"), "{}", page.text);
        assert_eq!(page.headers[CACHE_CONTROL], "no-store");
        assert_eq!(page.headers[REFERRER_POLICY], "same-origin");
        let nameless = stranger.post(&path, &[("answer-patches", "yes")]);
        assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
        nameless.says("お名前を書いてください");
        let nothing = stranger.post(&path, &[("name", "保守の担当者")]);
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        nothing.says("一つ以上の質問に答えてください");
        let fields = [
            ("name", "保守の担当者"),
            ("answer-patches", "no"),
            ("target-patches", "令和9年1月15日"),
            ("note-patches", "次の保守で<b>更新</b>します"),
            ("answer-bcp", "yes"),
        ];
        let sent = stranger.post(&path, &fields).ok();
        sent.says("回答を送りました").says("保守の担当者").says("令和9年1月15日");
        assert!(!sent.text.contains("<b>更新"), "what was typed is text");
        for answer in [stranger.get(&path), stranger.post(&path, &fields)] {
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
            answer.says("このリンクは使えません");
        }

        director.get(ROUND).ok().says("業者から回答が届いています");
        let item = director.get(ITEM).ok();
        item.says("A電子カルテ社から回答が届いています（保守の担当者")
            .says("名前は、リンクを受け取った人が書いたものです");
        let take =
            item.text.split("action=\"").find(|part| part.split('"').next().unwrap().ends_with("/take"));
        let take = take.unwrap().split('"').next().unwrap().to_owned();
        assert_eq!(director.post_from(&item, &take, &[]).to(), ITEM);
        let item = director.get(ITEM).ok();
        item.says("に記入しました").says("令和9年1月15日");
        director.get("/log").ok().says("リンク「A電子カルテ社」から").says("リンクから回答した");
        director.get("/links").ok().says("使い終わりました").says("手紙で尋ねたことに、業者が答える");
        director.get(&format!("{ITEM}/history")).ok().says("保守の担当者（A電子カルテ社）");
    });
}

#[test]
fn a_withdrawn_link_says_so_and_a_closed_year_takes_nothing() {
    each_database(|db| {
        let world = World::new(db);
        let vendor = begun(&world);
        let director = browser_of(&world, &world.director);
        let path = link(&director, &vendor);
        let stranger = Browser::new(&app(&world)).with("komainu-lang", "ja");
        director.post(&format!("{ROUND}/close"), &[]).to();
        stranger.get(&path).ok().says("答えていただくことはありません");
        let late = stranger.post(&path, &[("name", "担当者"), ("answer-patches", "yes")]);
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", late.text);
        director.post(&format!("{ROUND}/reopen"), &[]).to();
        stranger.get(&path).ok().says("回答を送る");
        let list = director.get("/links").ok();
        list.says("使えます");
        let revoke = list.text.split("action=\"/links/").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(director.post(&format!("/links/{revoke}"), &[]).to(), "/links");
        director.get("/links").ok().says("取り消しました").says("院長が");
        assert_eq!(stranger.get(&path).status, StatusCode::NOT_FOUND);
        for scope in [&world.staff, &world.inspector] {
            assert_eq!(browser_of(&world, scope).get("/links").status, StatusCode::FORBIDDEN);
        }
        assert_eq!(
            browser_of(&world, &world.stranger).post(&format!("/links/{revoke}"), &[]).status,
            StatusCode::NOT_FOUND
        );
    });
}
