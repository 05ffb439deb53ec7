//! The ways in: the result, the plan, what if, the order of restoring, the reasons, and the plan of the house behind them.

use crate::browser::Browser;
use crate::hospital::{Hospital, hospital};
use crate::working::World;
use axum::http::StatusCode;
use axum::http::header::CONTENT_DISPOSITION;
use komainu_access::{Role, Scope};
use komainu_db::testing::each_database;
use komainu_inventory::Hosting;
use komainu_inventory::SystemDetails;
use komainu_inventory::actions::{ledger_edit, system_add};

const PAGES: [&str; 5] =
    ["/exposure", "/exposure/plan", "/exposure/what-if", "/exposure/restore", "/exposure/table"];

fn browser(world: &World, scope: &Scope, lang: &str) -> Browser {
    Browser::new(&world.app).with("komainu-session", &world.sign_in(scope)).with("komainu-lang", lang)
}

fn director(world: &World) -> Scope {
    let clinic = world.organisation("あおぞら病院", "institution");
    world.member(clinic, "院長", Role::Director)
}

fn filled(world: &World, scope: &Scope) -> Hospital {
    let nature = &world.app.nature;
    let hospital = hospital(nature);
    world.app.db.write(|tx| ledger_edit(tx, nature, scope, None, "test", &hospital.edits)).unwrap();
    hospital
}

#[test]
fn an_empty_ledger_says_how_to_begin() {
    each_database(|db| {
        let world = World::new(db);
        let director = director(&world);
        let page = browser(&world, &director, "ja").get("/exposure").ok();
        page.says("まず線を書く").says("/ledger/templates").says("/ledger/connections/new");
        for lang in ["ja", "en", "zh"] {
            for path in PAGES {
                browser(&world, &director, lang).get(path).ok();
            }
        }
    });
}

#[test]
fn the_result_is_told_and_no_page_lacks_a_word() {
    each_database(|db| {
        let world = World::new(db);
        let director = director(&world);
        let hospital = filled(&world, &director);
        for lang in ["ja", "en", "zh"] {
            for path in PAGES {
                let page = browser(&world, &director, lang).get(path).ok();
                assert!(!page.text.contains("{ $"), "{path}: {}", page.text);
            }
        }
        let page = browser(&world, &director, "ja").get("/exposure").ok();
        for words in [
            "侵入口は1つ",
            "いちばん効く一手",
            "保守用VPN",
            "共通の管理者",
            "バックアップが壊される",
            "未確認",
        ] {
            page.says(words);
        }
        page.says("/plan/steps/").says("/exposure/table").says("/exposure/network.json");
        let file = browser(&world, &director, "ja").get("/exposure/network.json").ok();
        assert!(file.headers[CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment"));
        assert_eq!(file.json()["format"], "komainu-exposure/1");
        let order = browser(&world, &director, "ja").get("/exposure/restore").ok();
        order.says("電子カルテのデータベース").says("控えが無い").says("入院診療");
        order.says("約60日分").says("開始から約60日分の作業のあと").says("1日8時間");
        assert!(!order.text.contains("480時間"), "nobody reads weeks in hours");
        let table = browser(&world, &director, "ja").get("/exposure/table").ok();
        table.says("数字の理由").says("lang=\"en\"").says("VPN boxes were the entrance");
        // What comes from the network of the ledger is words of people, and stays that.
        let unknown = browser(&world, &director, "ja").get("/exposure/what-if?cut=%3Cb%3E").ok();
        assert!(!unknown.text.contains("<b>") && !unknown.text.contains("こうなります"));
        let cut = format!("/exposure/what-if?cut=line:{}", hospital.vpn);
        browser(&world, &director, "ja").get(&cut).ok().says("すぐに止まる診療業務はありません").says("減る");
        let unplug = format!("/exposure/what-if?unplug=asset:{}", hospital.record);
        browser(&world, &director, "ja").get(&unplug).ok().says("すぐに止まる診療業務").says("入院診療");
    });
}

#[test]
fn a_plan_keeps_to_the_hours_and_refuses_what_are_none() {
    each_database(|db| {
        let world = World::new(db);
        let director = director(&world);
        filled(&world, &director);
        let browser = browser(&world, &director, "ja");
        browser.get("/exposure/plan?hours=4").ok().says("約4時間のうち");
        browser.get("/exposure/plan").ok().says("する順番");
        for hours in ["0", "2001", "x", "-3"] {
            let refused = browser.get(&format!("/exposure/plan?hours={hours}"));
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{hours}");
            refused.says("1から2000までの整数").says(&format!("value=\"{hours}\""));
        }
    });
}

#[test]
fn support_that_nobody_wrote_down_is_told_as_assumed() {
    each_database(|db| {
        let world = World::new(db);
        let director = director(&world);
        let kind = "emr-on-premises".parse().unwrap();
        let system = SystemDetails {
            remote_maintenance: Some(true),
            ..SystemDetails::named(kind, "電子カルテ", Hosting::OnPremises)
        };
        world.app.db.write(|tx| system_add(tx, &world.app.nature, &director, &system)).unwrap();
        let page = browser(&world, &director, "ja").get("/exposure").ok();
        page.says("台帳にはまだ線がありません").says("電子カルテの外からの保守").says("その線を台帳に書く");
    });
}

#[test]
fn only_who_may_read_the_ledger_sees_it() {
    each_database(|db| {
        let world = World::new(db);
        let director = director(&world);
        filled(&world, &director);
        let staff = world.member(director.organisation(), "受付", Role::Staff);
        let inspector = world.member(director.organisation(), "検査", Role::Inspector);
        for path in PAGES.into_iter().chain(["/exposure/network.json", "/exposure/state"]) {
            assert_eq!(browser(&world, &staff, "ja").get(path).status, StatusCode::FORBIDDEN, "{path}");
        }
        let seen = browser(&world, &inspector, "ja").get("/exposure").ok();
        assert!(!seen.text.contains("/plan/steps/"), "who sees no plan is led to none");
        let other = world.organisation("となり病院", "institution");
        let stranger = world.member(other, "院長", Role::Director);
        browser(&world, &stranger, "ja").get("/exposure").ok().says("まず線を書く");
    });
}

#[test]
fn the_state_of_an_answer_is_a_fragment() {
    each_database(|db| {
        let world = World::new(db);
        let director = director(&world);
        let browser = browser(&world, &director, "ja");
        assert_eq!(browser.get("/exposure/state").to(), "/exposure");
        filled(&world, &director);
        browser.fragment("/exposure/state").ok().says("計算に少し時間");
        browser.get("/exposure").ok();
        browser.fragment("/exposure/state").ok().says("data-done").says("新しい結果を見る");
    });
}

#[test]
fn the_house_s_plan_takes_its_order_from_the_kept_answer() {
    each_database(|db| {
        let world = World::new(db);
        let director = director(&world);
        world.finish_interview(&director);
        let round = world.open_round(&director);
        world.answer_all(
            &director,
            round,
            &[("media-control", "no:2027-03-31"), ("source-restriction.network", "no:2027-03-31")],
        );
        let browser = browser(&world, &director, "ja");
        filled(&world, &director);
        let before = browser.get("/plan").ok();
        assert!(!before.text.contains("攻撃の道を"), "the plan computes nothing");
        browser.get("/exposure").ok();
        let after = browser.get("/plan").ok();
        after.says("この施設の台帳で見つかった攻撃の道を");
        browser.get("/plan/steps/ask-entrances").ok().says("台帳から見た害");
    });
}
