//! Things, lines and completeness over the API: every fault at its field, versions, and nothing of anybody else's.
#![allow(clippy::unwrap_used)]

#[path = "../../institution/tests/common/site.rs"]
mod site;

use axum::http::{Method, StatusCode};
use komainu_access::Permission;
use komainu_inventory::api;
use komainu_web::Audience::May;
use komainu_web::api::api as route;
use komainu_web::{Route, Settings};
use serde_json::{Value, json};
use site::{Site, each_site};
use utoipa_axum::routes;

fn table() -> Vec<Route> {
    let (read, edit) = (May(Permission::LedgerRead), May(Permission::LedgerEdit));
    vec![
        route(read, || routes!(api::ledger_completeness)),
        route(read, || routes!(api::assets)),
        route(edit, || routes!(api::asset_add)),
        route(read, || routes!(api::asset_get)),
        route(edit, || routes!(api::asset_change)),
        route(edit, || routes!(api::asset_remove)),
        route(read, || routes!(api::connections)),
        route(edit, || routes!(api::connection_add)),
        route(read, || routes!(api::connection_get)),
        route(edit, || routes!(api::connection_change)),
        route(edit, || routes!(api::connection_remove)),
    ]
}

fn on_both(test: impl Fn(Site)) {
    each_site(Settings::default, table, test);
}

fn token(site: &Site) -> String {
    site.token(&site.house.director, &[Permission::LedgerEdit])
}

fn made(site: &Site, token: &str, path: &str, body: &Value) -> String {
    let answer = site.post(token, path, body);
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    answer.json()["id"].as_str().unwrap().to_owned()
}

/// The fields that a problem names.
fn fields(answer: &site::Answer) -> Vec<String> {
    assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid"));
    let json = answer.json();
    let errors = json["errors"].as_array().unwrap();
    errors.iter().map(|fault| fault["field"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_thing_and_a_line_over_the_api() {
    on_both(|site| {
        let token = token(&site);
        let zone = made(&site, &token, "/assets", &json!({ "kind": "zone", "name": "診療の線" }));
        let body = json!({
            "kind": "server", "name": "本体", "zone": zone,
            "facts": { "maker": "カルテ社", "support_ends": "2027-10-12" },
            "controls": { "updates": "present", "antivirus": "unknown" },
        });
        let server = made(&site, &token, "/assets", &body);
        let stored = site.get(&token, &format!("/assets/{server}"));
        assert_eq!(stored.header("etag"), "\"1\"");
        let shown = stored.json();
        assert_eq!(shown["facts"], body["facts"]);
        assert_eq!(shown["controls"], json!({ "updates": "present" }), "what nobody knows is not said");
        let backup = json!({ "kind": "backup", "name": "控え", "copy_of": [format!("asset:{server}")] });
        let backup = made(&site, &token, "/assets", &backup);
        assert_eq!(site.get(&token, "/assets").json()["items"].as_array().unwrap().len(), 3);

        let line = json!({ "kind": "vpn", "from": "internet", "to": format!("asset:{server}"),
            "facts": { "how_to_cut": "電源を切る" }, "controls": { "source_limited": "absent" } });
        let id = made(&site, &token, "/connections", &line);
        let path = format!("/connections/{id}");
        let changed =
            json!({ "kind": "vpn", "from": "internet", "to": format!("asset:{server}"), "note": "書き換え" });
        let versioned = [("if-match", "\"1\"")];
        let answer = site.ask(&token, Method::PUT, &path, &versioned, &changed);
        assert_eq!((answer.status, &answer.json()["note"]), (StatusCode::OK, &json!("書き換え")));
        let stale = site.ask(&token, Method::PUT, &path, &versioned, &line);
        assert_eq!(stale.problem(), "outdated");
        assert_eq!(stale.json()["current"]["version"], 2);

        // The server takes its line along. The copy forgets it only where that is asked for.
        let remove = |asked: &str| {
            let path = format!("/assets/{server}{asked}");
            site.ask(&token, Method::DELETE, &path, &versioned, &Value::Null)
        };
        for asked in ["", "?clear=false"] {
            let refused = remove(asked);
            assert!(refused.status.is_client_error() && refused.text.contains("控え"), "{}", refused.text);
        }
        assert_eq!(remove("?clear=perhaps").problem(), "invalid");
        let copies = json!([format!("asset:{server}")]);
        assert_eq!(site.get(&token, &format!("/assets/{backup}")).json()["copy_of"], copies);
        let removed = remove("?clear=true");
        assert_eq!(removed.status, StatusCode::NO_CONTENT, "{}", removed.text);
        assert_eq!(site.get(&token, &path).problem(), "not-found");
        assert_eq!(site.get(&token, &format!("/assets/{backup}")).json()["copy_of"], json!([]));
    });
}

#[test]
fn every_fault_stands_at_its_field() {
    on_both(|site| {
        let token = token(&site);
        let post = |path: &str, body: Value| site.post(&token, path, &body);
        assert_eq!(fields(&post("/assets", json!({ "kind": "toaster", "name": "x" }))), ["kind"]);
        let body = json!({ "kind": "server", "name": "", "facts": { "count": "0", "colour": "red", "urgency": "3" },
            "controls": { "updates": "maybe", "source_limited": "present" }, "opens": ["asset:x"] });
        let found = fields(&post("/assets", body));
        for field in [
            "name",
            "facts.count",
            "facts.colour",
            "facts.urgency",
            "controls.updates",
            "controls.source_limited",
            "opens",
        ] {
            assert!(found.iter().any(|it| it == field), "{field} is not among {found:?}");
        }
        let server = made(&site, &token, "/assets", &json!({ "kind": "server", "name": "本体" }));
        let wrong = json!({ "kind": "terminal", "name": "受付", "zone": server });
        assert_eq!(fields(&post("/assets", wrong)), ["zone"]);
        let line = |from: &str, to: &str| json!({ "kind": "vpn", "from": from, "to": to });
        assert_eq!(fields(&post("/connections", line("somewhere", "internet"))), ["from"]);
        assert_eq!(fields(&post("/connections", line("internet", "internet"))), ["to"]);
        let theirs = site.token(&site.house.neighbour, &[Permission::LedgerEdit]);
        let foreign = made(&site, &theirs, "/assets", &json!({ "kind": "server", "name": "よそ" }));
        assert_eq!(fields(&post("/connections", line("internet", &format!("asset:{foreign}")))), ["from"]);
        assert_eq!(site.get(&token, &format!("/assets/{foreign}")).problem(), "not-found");
    });
}

#[test]
fn how_far_the_ledger_is_filled() {
    on_both(|site| {
        let token = token(&site);
        let empty = site.get(&token, "/ledger/completeness").json();
        assert_eq!((&empty["missing"], &empty["levels"][0]["percent"]), (&json!(0), &json!(100)));
        let office = made(&site, &token, "/assets", &json!({ "kind": "office_device", "name": "複合機" }));
        let shown = site.get(&token, "/ledger/completeness").json();
        let first = &shown["gaps"][0];
        assert_eq!(
            (&first["record"], &first["level"]),
            (&json!(format!("asset:{office}")), &json!("checklist"))
        );
        assert_eq!((&first["name"], &first["item"]), (&json!("複合機"), &json!("asset-ledger")));
        assert!(shown["levels"][0]["percent"].as_u64().unwrap() < 100);
        let reads = site.token(&site.house.director, &[Permission::LedgerRead]);
        assert_eq!(site.get(&reads, "/ledger/completeness").status, StatusCode::OK);
    });
}
