//! The ways in over the API: what is fresh, what would be, and what is refused.
#![allow(clippy::unwrap_used)]

#[path = "common/handa.rs"]
mod handa;
#[path = "../../institution/tests/common/site.rs"]
mod site;

use axum::http::StatusCode;
use handa::{Hospital, hospital};
use komainu_access::Permission;
use komainu_exposed::api;
use komainu_inventory::actions::{connection_get, connection_remove, ledger_edit};
use komainu_web::Audience::May;
use komainu_web::api::api as route;
use komainu_web::{Route, Settings};
use serde_json::{Value, json};
use site::{Site, each_site};
use utoipa_axum::routes;

fn table() -> Vec<Route> {
    let read = May(Permission::LedgerRead);
    vec![
        route(read, || routes!(api::exposure)),
        route(read, || routes!(api::exposure_what_if)),
        route(read, || routes!(api::exposure_plan)),
        route(read, || routes!(api::exposure_restoration)),
        route(read, || routes!(api::exposure_network)),
    ]
}

fn on_both(test: impl Fn(Site)) {
    each_site(Settings::default, table, test);
}

fn filled(site: &Site) -> Hospital {
    let (nature, scope) = (&site.house.nature, &site.house.director);
    let hospital = hospital(nature);
    site.house.write(|tx| ledger_edit(tx, nature, scope, None, "test", &hospital.edits)).unwrap();
    hospital
}

fn token(site: &Site) -> String {
    site.token(&site.house.director, &[Permission::LedgerRead])
}

fn chance(of: &Value, goal: &str, when: &str) -> f64 {
    let goals = of["goals"].as_array().unwrap();
    let found = goals.iter().find(|known| known["goal"] == goal).unwrap_or_else(|| panic!("no {goal}: {of}"));
    found[when]["probability"].as_f64().unwrap()
}

#[test]
fn an_answer_is_always_about_the_ledger_as_it_is() {
    on_both(|site| {
        let token = token(&site);
        let empty = site.get(&token, "/exposure").json();
        assert_eq!(
            (empty["answer"]["standing"].as_str(), empty["stories"].as_array().unwrap().len()),
            (Some("fresh"), 0)
        );
        let hospital = filled(&site);
        let full = site.get(&token, "/exposure").json();
        let first = &full["stories"][0];
        assert_eq!(first["entry"], "vpn");
        assert!(first["title"].as_str().unwrap().contains("保守用VPN"), "{first}");
        assert!(first["steps"][0]["sentence"].as_str().unwrap().contains("VPN装置"), "{first}");
        assert!(full["fixes"][0]["share"].as_f64().unwrap() > 0.1);
        // The same question again is answered from what was kept.
        let again = site.get(&token, "/exposure").json();
        assert_eq!(again["answer"], full["answer"]);
        let (nature, scope) = (&site.house.nature, &site.house.director);
        let line = site.house.read(|tx| connection_get(tx, scope, hospital.vpn)).unwrap();
        site.house.write(|tx| connection_remove(tx, nature, scope, line.id, line.version)).unwrap();
        let without = site.get(&token, "/exposure").json();
        assert!(without["answer"]["revision"].as_i64() > full["answer"]["revision"].as_i64());
        assert_eq!(without["stories"].as_array().unwrap().len(), 0);
    });
}

#[test]
fn what_if_shows_what_stops_and_what_falls() {
    on_both(|site| {
        let (token, hospital) = (token(&site), filled(&site));
        let (vpn, record) = (format!("line:{}", hospital.vpn), format!("asset:{}", hospital.record));
        let cut = site.post(&token, "/exposure/what-if", &json!({ "cut": [vpn] }));
        assert_eq!(cut.status, StatusCode::OK, "{}", cut.text);
        let cut = cut.json();
        assert!(chance(&cut, "records_encrypted", "chance") > 0.0);
        assert!(chance(&cut, "records_encrypted", "after") < 1e-9);
        assert_eq!(cut["stops"], json!([]));
        let unplugged = site.post(&token, "/exposure/what-if", &json!({ "unplug": [record] })).json();
        assert_eq!(unplugged["stops"], json!([format!("asset:{}", hospital.inpatients)]));
        let factor = json!({ "controls": [{ "id": vpn, "control": "two_factor", "state": "present" }] });
        let factor = site.post(&token, "/exposure/what-if", &factor).json();
        let (before, after) =
            (chance(&factor, "records_encrypted", "chance"), chance(&factor, "records_encrypted", "after"));
        assert!(after < before && after > 0.0, "{after} {before}");
        // What is unplugged takes its lines and a password along, whatever was asked about them.
        let all = json!({
            "cut": [vpn, vpn],
            "unplug": [format!("asset:{}", hospital.vpn_box), record],
            "controls": [{ "id": format!("asset:{}", hospital.administrator), "control": "unique_password", "state": "present" }],
        });
        assert_eq!(site.post(&token, "/exposure/what-if", &all).status, StatusCode::OK);
    });
}

#[test]
fn what_cannot_be_tried_is_named() {
    on_both(|site| {
        let (token, hospital) = (token(&site), filled(&site));
        let vpn = format!("line:{}", hospital.vpn);
        for (body, field) in [
            (json!({}), "."),
            (json!({ "cut": ["line:none"] }), "cut"),
            (json!({ "unplug": [vpn] }), "unplug"),
            (json!({ "controls": [{ "id": vpn, "control": "updates", "state": "present" }] }), "controls[0]"),
            (
                json!({ "controls": [{ "id": vpn, "control": "magic", "state": "present" }] }),
                "controls[0].control",
            ),
            (json!({ "cut": vec![vpn.clone(); 101] }), "."),
            (json!({ "remove": [] }), "remove"),
        ] {
            let refused = site.post(&token, "/exposure/what-if", &body);
            assert_eq!(
                (refused.status, refused.problem().as_str()),
                (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
                "{body}"
            );
            assert_eq!(refused.json()["errors"][0]["field"], field, "{body}");
        }
        for hours in ["0", "2001", "x", "-1"] {
            let refused = site.get(&token, &format!("/exposure/plan?hours={hours}"));
            assert_eq!(refused.problem(), "invalid", "{hours}");
        }
    });
}

#[test]
fn plan_order_of_restoring_and_network() {
    on_both(|site| {
        let (token, hospital) = (token(&site), filled(&site));
        let plan = |hours: u32| site.get(&token, &format!("/exposure/plan?hours={hours}")).json();
        let (small, large) = (plan(4), plan(80));
        assert!(small["minutes"].as_u64().unwrap() <= 240 && !small["fixes"].as_array().unwrap().is_empty());
        let left = |plan: &Value| plan["left"].as_f64().unwrap();
        assert!(left(&large) < left(&small) && left(&small) < 1.0);
        assert_eq!(site.get(&token, "/exposure/plan").json()["hours"], 40);
        let order = site.get(&token, "/exposure/restoration").json();
        let items = order["items"].as_array().unwrap();
        assert_eq!(items[0]["id"], format!("asset:{}", hospital.record), "the data come before the program");
        assert_eq!(items[0]["copy"], "none", "the copy is within reach");
        assert_eq!(items[1]["returns"], json!([format!("asset:{}", hospital.inpatients)]));
        let network = site.get(&token, "/exposure/network");
        let read = komainu_exposure::read(network.text.as_bytes()).unwrap();
        assert!(read.nodes.iter().any(|node| node.id == format!("asset:{}", hospital.backup)));
    });
}

#[test]
fn a_neighbour_sees_nothing_and_a_token_without_the_ledger_neither() {
    on_both(|site| {
        let hospital = filled(&site);
        let other = site.token(&site.house.neighbour, &[Permission::LedgerRead]);
        assert_eq!(site.get(&other, "/exposure").json()["stories"], json!([]));
        let cut = json!({ "cut": [format!("line:{}", hospital.vpn)] });
        assert_eq!(site.post(&other, "/exposure/what-if", &cut).problem(), "invalid");
        let blind = site.token(&site.house.director, &[Permission::ChecklistRead]);
        for path in ["/exposure", "/exposure/plan", "/exposure/restoration", "/exposure/network"] {
            assert_eq!(site.get(&blind, path).status, StatusCode::FORBIDDEN, "{path}");
        }
    });
}
