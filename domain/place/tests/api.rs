//! Shared places over the API: who manages members sees them, says when they lock, withdraws them, lifts stopped PINs.
#![allow(clippy::unwrap_used)]

#[path = "../../institution/tests/common/site.rs"]
mod site;

use axum::http::{Method, StatusCode};
use komainu_access::Permission;
use komainu_db::params;
use komainu_place::{actions, api};
use komainu_web::Audience::May;
use komainu_web::api::api as route;
use komainu_web::{Route, Settings};
use serde_json::{Value, json};
use site::{Site, each_site};
use utoipa_axum::routes;

fn table() -> Vec<Route> {
    let manage = May(Permission::MembersManage);
    vec![
        route(manage, || routes!(api::places)),
        route(manage, || routes!(api::place_revoke)),
        route(manage, || routes!(api::place_lock)),
        route(manage, || routes!(api::place_lock_set)),
        route(manage, || routes!(api::place_pins)),
        route(manage, || routes!(api::place_pin_lift)),
    ]
}

fn on_both(test: impl Fn(Site)) {
    each_site(Settings::default, table, test);
}

/// Makes a code for a place.
fn offer(site: &Site, name: &str) {
    let (house, session) = (&site.house, site.proved(&site.house.director));
    let made = house.write(|tx| actions::place_offer(tx, &house.nature, (&session, &house.director), name));
    assert!(made.is_ok());
}

#[test]
fn places_are_listed_and_withdrawn() {
    on_both(|site| {
        let house = &site.house;
        let token = site.token(&house.director, &[Permission::MembersManage]);
        let neighbour = site.token(&house.neighbour, &[Permission::MembersManage]);
        let ledger = site.token(&house.director, &[Permission::LedgerEdit]);
        offer(&site, "病棟の端末");
        offer(&site, "受付の端末");
        let all = site.get(&token, "/places").json();
        assert_eq!(all["items"].as_array().unwrap().len(), 2);
        let first = site.get(&token, "/places?limit=1").json();
        assert_eq!(first["items"][0], all["items"][0]);
        let rest = format!("/places?limit=1&after={}", first["next"].as_str().unwrap());
        assert_eq!(site.get(&token, &rest).json()["items"], json!([all["items"][1]]));
        let waits = &all["items"][0];
        assert!(waits["device"].is_null() && waits["claimed_at"].is_null(), "{waits}");
        assert!(waits["code_until"].is_string() && waits["by_name"] == "院長", "{waits}");

        let path = format!("/places/{}", waits["id"].as_str().unwrap());
        let remove = |token: &str| site.ask(token, Method::DELETE, &path, &[], &Value::Null);
        assert_eq!(site.get(&neighbour, "/places").json(), json!({ "items": [], "next": null }));
        assert_eq!(site.get(&ledger, "/places").problem(), "denied");
        assert_eq!(remove(&neighbour).problem(), "not-found");
        assert_eq!(remove(&ledger).problem(), "denied");
        assert_eq!(remove(&token).status, StatusCode::NO_CONTENT);
        assert_eq!(remove(&token).problem(), "not-found");
        assert_eq!(site.get(&token, "/places").json()["items"], json!([all["items"][1]]));
        assert_eq!(house.log(&house.director).last().unwrap(), "place_revoke");
    });
}

#[test]
fn the_minutes_are_chosen_within_bounds() {
    on_both(|site| {
        let token = site.token(&site.house.director, &[Permission::MembersManage]);
        let neighbour = site.token(&site.house.neighbour, &[Permission::MembersManage]);
        let set = |body: Value| site.ask(&token, Method::PUT, "/places/lock", &[], &body);
        let before = site.get(&neighbour, "/places/lock").json();
        assert_eq!(set(json!({ "minutes": 12 })).json(), json!({ "minutes": 12 }));
        assert_eq!(site.get(&token, "/places/lock").json(), json!({ "minutes": 12 }));
        assert_eq!(site.get(&neighbour, "/places/lock").json(), before);
        for minutes in [0, 16, -1] {
            let refused = set(json!({ "minutes": minutes }));
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
            assert_eq!(refused.json()["errors"][0]["field"], "minutes");
        }
        assert_eq!(set(json!({ "minutes": 3, "hours": 1 })).problem(), "invalid");
    });
}

#[test]
fn a_stopped_pin_is_lifted() {
    on_both(|site| {
        let house = &site.house;
        let token = site.token(&house.director, &[Permission::MembersManage]);
        let neighbour = site.token(&house.neighbour, &[Permission::MembersManage]);
        let (person, now) = (house.director.person(), house.nature.now());
        site.run(
            "PIN",
            "INSERT INTO pin (organisation_id, person_id, hash, created_at, failures, locked_at)
                VALUES ($1, $2, $3, $4, 10, $4)",
            params![house.director.organisation(), person, vec![0_u8], now],
        );
        let pins = || site.get(&token, "/places/pins").json()["items"].clone();
        let pin = |stopped: bool| json!({ "person": person, "since": now, "stopped": stopped });
        assert_eq!(pins(), json!([pin(true)]));
        assert_eq!(site.get(&neighbour, "/places/pins").json()["items"], json!([]));
        let path = format!("/places/pins/{person}/lift");
        assert_eq!(site.post(&neighbour, &path, &Value::Null).problem(), "not-found");
        assert_eq!(site.post(&token, &path, &Value::Null).json(), pin(false));
        assert_eq!(pins(), json!([pin(false)]));
        assert_eq!(site.post(&token, &path, &Value::Null).problem(), "not-found");
        assert_eq!(house.log(&house.director).last().unwrap(), "pin_lift");
    });
}
