//! The first page, the plan and its steps.

use crate::browser::Browser;
use crate::working::World;
use axum::http::StatusCode;
use komainu_access::{Role, Scope};
use komainu_checklist::model::RoundId;
use komainu_db::testing::each_database;

fn browser(world: &World, scope: &Scope, lang: &str) -> Browser {
    Browser::new(&world.app).with("komainu-session", &world.sign_in(scope)).with("komainu-lang", lang)
}

/// A clinic whose director finished the interview and answered all rows, those as said and all others yes.
fn working(world: &World, said: &[(&str, &str)]) -> (Scope, RoundId) {
    let clinic = world.organisation("あおぞら医院", "institution");
    let director = world.member(clinic, "院長", Role::Director);
    world.finish_interview(&director);
    let round = world.open_round(&director);
    world.answer_all(&director, round, said);
    (director, round)
}

const NO: [(&str, &str); 2] = [("patches", "no:2026-12-31"), ("media-control", "no:2027-01-31")];

#[test]
fn every_role_has_a_first_page() {
    each_database(|db| {
        let world = World::new(db);
        let (director, round) = working(&world, &NO);
        let clinic = director.organisation();
        let staff = world.member(clinic, "受付", Role::Staff);
        world.assign(&director, round, "media-control", &staff);
        let inspector = world.member(clinic, "検査", Role::Inspector);
        let association = world.organisation("医師会", "association");
        let officer = world.member(association, "事務局", Role::AssociationOfficer);
        let vendor = world.organisation("保守会社", "vendor");
        let engineer = world.member(vendor, "担当", Role::VendorEngineer);
        for (scope, word) in [
            (&director, "VPN装置とルータの版を確かめ"),
            (&staff, "「私物のUSBメモリは使わない」"),
            (&inspector, "立入検査一式"),
            (&officer, "会の皆さまへ"),
            (&engineer, "業者の皆さまへ"),
        ] {
            for lang in ["ja", "en", "zh"] {
                let page = browser(&world, scope, lang).get("/").ok();
                assert!(lang != "ja" || page.text.contains(word), "{word}: {}", page.text);
            }
        }
    });
}

#[test]
fn plan_and_steps_show_to_those_who_may_see_them() {
    each_database(|db| {
        let world = World::new(db);
        let (director, _) = working(&world, &NO);
        let inspector = world.member(director.organisation(), "検査", Role::Inspector);
        let staff = world.member(director.organisation(), "受付", Role::Staff);
        for path in
            ["/plan", "/plan/steps/check-vpn-version", "/plan/steps/media-rule", "/plan/steps/house.systems"]
        {
            for lang in ["ja", "en", "zh"] {
                browser(&world, &director, lang).get(path).ok();
            }
            assert_eq!(browser(&world, &inspector, "ja").get(path).status, StatusCode::FORBIDDEN);
        }
        let (director, staff) = (browser(&world, &director, "ja"), browser(&world, &staff, "ja"));
        assert_eq!(director.get("/plan/steps/nothing").status, StatusCode::NOT_FOUND);
        assert_eq!(staff.get("/plan/steps/check-vpn-version").status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn the_step_page_notes_and_keeps_what_was_typed() {
    each_database(|db| {
        let world = World::new(db);
        let (director, _) = working(&world, &NO);
        let director = browser(&world, &director, "ja");
        let path = "/plan/steps/media-rule";
        let say = |state: &str, version: &str, until: &str, note: &str| {
            let fields = [("state", state), ("version", version), ("until", until), ("note", note)];
            director.post(path, &fields)
        };
        let wrong = say("later", "0", "someday", "memo-kept");
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.says("memo-kept").says("value=\"someday\"").says("日付が読み取れません");
        assert_eq!(say("later", "0", "2026-12-01", "").status, StatusCode::SEE_OTHER);
        let stale = say("not_for_us", "0", "", "mine");
        assert_eq!(stale.status, StatusCode::CONFLICT);
        stale.says("院長さんが変更しました").says("あなたのメモ：mine");
        assert_eq!(say("nonsense", "1", "", "").status, StatusCode::BAD_REQUEST);
        assert_eq!(say("open", "1", "", "").status, StatusCode::SEE_OTHER);
        director.get("/plan").ok().says("/plan/steps/media-rule");
    });
}

#[test]
fn all_done_is_praised() {
    each_database(|db| {
        let world = World::new(db);
        let (director, _) = working(&world, &[]);
        let director = browser(&world, &director, "ja");
        for step in ["house.systems", "house.contacts"] {
            let fields = [("state", "not_for_us"), ("version", "0")];
            director.post(&format!("/plan/steps/{step}"), &fields).to();
        }
        director.get("/").ok().says("すべて済んでいます").says("続けること");
    });
}
