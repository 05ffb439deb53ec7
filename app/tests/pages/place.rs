//! Shared places as a browser without script meets them: registered, opened, locked, withdrawn.

use crate::browser::Browser;
use crate::clinic::World;
use crate::{app, browser_in, browser_of};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use chrono::Duration;
use komainu_access::Scope;
use komainu_db::testing::each_database;

const PIN: &str = "482913";
const OTHER_PIN: &str = "905174";

/// A browser that the director has registered by a code.
fn ward(world: &World) -> Browser {
    let director = browser_of(world, &world.director);
    let form = director.get("/people/places/new").ok();
    let made = director.post_from(&form, "/people/places/new", &[("name", "2階病棟"), ("how", "code")]).ok();
    let code = made.text.split("id=\"place-code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let browser = Browser::new(&app(world)).with("komainu-lang", "ja");
    let wrong = browser.open_and_post("/place/register", &[("code", "AAAA-AAAA")]);
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.says("この番号では登録できません");
    assert_eq!(browser.open_and_post("/place/register", &[("code", &code)]).to(), "/place");
    browser
}

fn set_pin(world: &World, scope: &Scope, pin: &str) {
    let own = browser_of(world, scope);
    let done = own.open_and_post("/account/pin", &[("pin", pin), ("pin_again", pin)]);
    assert_eq!(done.to(), "/account", "{}", done.text);
}

fn come_in(browser: &Browser, scope: &Scope, pin: &str, next: &str) -> crate::browser::Answered {
    let path = format!("/place/as/{}", scope.person());
    let page = browser.get(&format!("{path}?next={next}")).ok();
    page.says("inputmode=\"numeric\"");
    browser.post_from(&page, &path, &[("pin", pin), ("next", &page.value("next"))])
}

#[test]
fn two_people_share_a_browser_and_neither_sees_the_other() {
    each_database(|db| {
        let world = World::new(db);
        let ward = ward(&world);
        ward.get("/place").ok().says("当てはまる人がいません");
        set_pin(&world, &world.staff, PIN);
        set_pin(&world, &world.colleague, OTHER_PIN);
        let names = ward.get("/place").ok();
        names.says("受付の職員").says("看護師長").says("2階病棟");
        assert!(!names.text.contains("院長"), "who has no PIN is not named");
        let wrong = come_in(&ward, &world.staff, OTHER_PIN, "/");
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.says("あと9回");
        assert!(!wrong.text.contains(OTHER_PIN), "what was typed is not sent back");
        assert_eq!(come_in(&ward, &world.staff, PIN, "%2Fchecklist").to(), "/", "nobody was here before");
        let home = ward.get("/").ok();
        home.says("2階病棟").says("ロックして交代").says("受付の職員");
        home.says("http-equiv=\"refresh\" content=\"302;url=/place\"");
        assert_eq!(home.headers[CACHE_CONTROL], "no-store");
        assert!(!home.text.contains("href=\"/account\""));
        for path in ["/account", "/account/password", "/account/factors", "/organisations", "/account/pin"] {
            let refused = ward.get(path);
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
            refused.says("共用の端末では、この操作はできません");
        }
        world.clock.advance(Duration::minutes(5));
        assert_eq!(ward.get("/checklist").to(), "/place?next=%2Fchecklist", "locked");
        let late = ward.post_from(&home, "/checklist/2026/open", &[]);
        assert_eq!(late.status, StatusCode::UNAUTHORIZED);
        late.says("画面はロックされています");
        ward.get("/place?next=%2Fchecklist").ok().says("受付の職員さんが続ける");
        assert_eq!(
            come_in(&ward, &world.colleague, OTHER_PIN, "%2Fchecklist").to(),
            "/",
            "not where another was"
        );
        assert!(!ward.get("/").ok().text.contains("受付の職員"));
        world.clock.advance(Duration::minutes(5));
        assert_eq!(
            come_in(&ward, &world.colleague, OTHER_PIN, "%2Fchecklist").to(),
            "/checklist",
            "where she was"
        );
        let page = ward.get("/").ok();
        assert_eq!(ward.post_from(&page, "/place/lock", &[]).to(), "/place");
        assert!(ward.get("/").to().starts_with("/place"), "locked by hand");
        assert_eq!(ward.post_from(&page, "/place/lock", &[]).to(), "/place", "as good as done");
    });
}

#[test]
fn looking_by_itself_keeps_no_place_awake_and_somebody_at_the_keyboard_does() {
    each_database(|db| {
        let world = World::new(db);
        let ward = ward(&world);
        set_pin(&world, &world.staff, PIN);
        assert_eq!(come_in(&ward, &world.staff, PIN, "%2F").to(), "/");
        world.clock.advance(Duration::minutes(4));
        assert_eq!(ward.fragment("/place/state").json()["left"], 60);
        world.clock.advance(Duration::seconds(30));
        assert_eq!(ward.fragment("/place/state").json()["left"], 30, "polling is no use");
        ward.get("/").ok();
        assert_eq!(ward.fragment("/place/state").json()["left"], 300);
        world.clock.advance(Duration::minutes(5));
        assert_eq!(ward.fragment("/place/state").status, StatusCode::UNAUTHORIZED);
    });
}

#[test]
fn what_could_not_be_sent_comes_back_to_its_owner() {
    each_database(|db| {
        let world = World::new(db);
        let ward = ward(&world);
        set_pin(&world, &world.staff, PIN);
        set_pin(&world, &world.colleague, OTHER_PIN);
        assert_eq!(come_in(&ward, &world.staff, PIN, "%2F").to(), "/");
        let page = ward.get("/").ok();
        world.clock.advance(Duration::minutes(5));
        let entries = r#"[["version","0"],["note","夜勤で気づいたこと"]]"#;
        let form = "/checklist/2026/institution_pharmacy/items/patches#answer";
        let names = ward.get(&format!("/place/as/{}", world.staff.person())).ok();
        let planted = ward.post_from(&names, "/place/keep", &[("form", form), ("entries", entries)]);
        assert_eq!(
            planted.status,
            StatusCode::FORBIDDEN,
            "who stands at a locked place leaves no words in its name"
        );
        let kept = ward.post_from(&page, "/place/keep", &[("form", form), ("entries", entries)]).ok();
        assert_eq!(kept.json()["kept"], true, "a locked place takes it");
        assert_eq!(come_in(&ward, &world.colleague, OTHER_PIN, "%2F").to(), "/");
        let late = ward.post_from(&page, "/place/keep", &[("form", form), ("entries", entries)]);
        assert_eq!(
            late.status,
            StatusCode::FORBIDDEN,
            "a page of one person leaves nothing in another's name"
        );
        assert!(!ward.get("/drafts").ok().text.contains("夜勤"));
        assert_eq!(
            ward.fragment(&format!("/drafts?form={}", form.replace('#', "%23"))).json()["entries"],
            serde_json::Value::Null
        );
        assert_eq!(come_in_again(&world, &ward, &world.staff, PIN), "/drafts");
        let drafts = ward.get("/drafts").ok();
        drafts
            .says("夜勤で気づいたこと")
            .says("href=\"/checklist/2026/institution_pharmacy/items/patches?held=yes\"");
        assert_eq!(ward.post_from(&drafts, "/drafts/drop", &[("form", form)]).to(), "/drafts");
        ward.get("/drafts").ok().says("預かっている入力はありません");
    });
}

fn come_in_again(world: &World, browser: &Browser, scope: &Scope, pin: &str) -> String {
    world.clock.advance(Duration::minutes(5));
    come_in(browser, scope, pin, "%2F").to().to_owned()
}

#[test]
fn a_pin_may_be_set_at_a_place_right_after_the_password_and_not_with_a_pin() {
    each_database(|db| {
        let world = World::new(db);
        let ward = ward(&world).with("komainu-session", &world.sign_in(&world.staff));
        let page = ward.get("/account/pin").ok();
        for (pin, again, words) in [
            ("123456", "123456", "最初に試される番号です"),
            ("4829", "4829", "6桁以上"),
            ("4829137506281", "4829137506281", "12桁まで"),
            ("48291x", "48291x", "数字だけ"),
            (PIN, OTHER_PIN, "同じではありません"),
        ] {
            let faulty = ward.post_from(&page, "/account/pin", &[("pin", pin), ("pin_again", again)]);
            assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY, "{pin}");
            faulty.says(words);
        }
        let set = ward.post_from(&page, "/account/pin", &[("pin", PIN), ("pin_again", PIN)]);
        assert_eq!(set.to(), "/");
        assert_eq!(ward.get("/people/places").status, StatusCode::FORBIDDEN);
        world.clock.advance(Duration::minutes(5));
        assert_eq!(come_in(&ward, &world.staff, PIN, "%2F").to(), "/");
        assert_eq!(ward.get("/account/pin").status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn the_director_sees_lifts_and_withdraws_and_the_log_names_place_and_person() {
    each_database(|db| {
        let world = World::new(db);
        let ward = ward(&world);
        set_pin(&world, &world.staff, PIN);
        let director = browser_of(&world, &world.director);
        for _ in 0..10 {
            world.clock.advance(Duration::minutes(15));
            come_in(&ward, &world.staff, OTHER_PIN, "%2F");
        }
        ward.get(&format!("/place/as/{}", world.staff.person())).ok().says("このPINは止まっています");
        let list = director.get("/people/places").ok();
        list.says("2階病棟").says("まだ使われていません").says("止まっています");
        let lift = format!("/people/places/pins/{}/lift", world.staff.person());
        assert_eq!(director.post_from(&list, &lift, &[]).to(), "/people/places");
        world.clock.advance(Duration::minutes(15));
        assert_eq!(come_in(&ward, &world.staff, PIN, "%2F").to(), "/");
        let place = list
            .text
            .split("/people/places/")
            .find_map(|rest| rest.split_once("/revoke"))
            .unwrap()
            .0
            .to_owned();
        assert_eq!(
            director.post_from(&list, "/people/places", &[("minutes", "16")]).status,
            StatusCode::BAD_REQUEST
        );
        assert_eq!(director.post_from(&list, "/people/places", &[("minutes", "1")]).to(), "/people/places");
        director.get("/people/places").ok().says("最後に使われたのは");
        assert_eq!(
            director.post_from(&list, &format!("/people/places/{place}/revoke"), &[]).to(),
            "/people/places"
        );
        assert!(ward.get("/").to().starts_with("/sign-in"), "an ordinary browser without a session");
        let gone = ward.get("/place");
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
        gone.says("登録は取り消されました");
        assert_eq!(ward.get("/place").to(), "/sign-in", "told once");
        let log = director.get("/log").ok();
        for words in [
            "共用の端末を登録した",
            "間違いが続き、PINが止まった",
            "共用の端末「2階病棟」で",
            "止まったPINを使えるようにした",
            "共用の端末の登録を取り消した",
        ] {
            log.says(words);
        }
        director.get("/log?prove=yes").ok().says("切れ目はありません");
    });
}

#[test]
fn this_very_browser_becomes_a_place_and_its_session_ends() {
    each_database(|db| {
        let world = World::new(db);
        let director = browser_of(&world, &world.director);
        let form = director.get("/people/places/new").ok();
        let empty = director.post_from(&form, "/people/places/new", &[("name", " "), ("how", "here")]);
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let made = director.post_from(&form, "/people/places/new", &[("name", "受付"), ("how", "here")]);
        assert_eq!(made.to(), "/place");
        director.get("/place").ok().says("受付");
        assert!(director.get("/").to().starts_with("/place"));
        world.clock.advance(Duration::minutes(6));
        let other = browser_of(&world, &world.director);
        world.clock.advance(Duration::minutes(6));
        assert!(other.get("/people/places/new").to().starts_with("/account/confirm"), "a proof is asked for");
    });
}

#[test]
fn every_page_speaks_every_language() {
    each_database(|db| {
        let world = World::new(db);
        set_pin(&world, &world.staff, PIN);
        for (lang, names) in [("en", "Choose your name"), ("zh", "请选择您的姓名")] {
            let director = browser_in(&world, &world.director, lang);
            for path in ["/people/places", "/people/places/new", "/account/pin", "/drafts"] {
                let page = director.get(path).ok();
                assert!(!page.text.contains("No localization"), "{lang} {path}");
            }
            let form = director.get("/people/places/new").ok();
            director.post_from(&form, "/people/places/new", &[("name", lang), ("how", "here")]).to();
            director.get("/place").ok().says(names);
            director.get(&format!("/place/as/{}", world.staff.person())).ok();
        }
    });
}
