//! Webhooks over the API: the same rules as on the pages, the secret once, and nothing for whom it does not concern.
#![allow(clippy::unwrap_used)]

#[path = "../../institution/tests/common/site.rs"]
mod site;

use axum::http::{Method, StatusCode};
use komainu_access::Permission;
use komainu_db::params;
use komainu_notify::{Outbound, Roots};
use komainu_web::Audience::May;
use komainu_web::api::api as route;
use komainu_web::{Route, Settings};
use komainu_webhook::api;
use komainu_webhook::rules::MOST;
use serde_json::{Value, json};
use site::{Answer, Site, each_site};
use utoipa_axum::routes;

const HOOKS: &str = "/webhooks";

fn table() -> Vec<Route> {
    let manage = May(Permission::WebhooksManage);
    vec![
        route(manage, || routes!(api::webhooks)),
        route(manage, || routes!(api::webhook_add)),
        route(manage, || routes!(api::webhook_get)),
        route(manage, || routes!(api::webhook_change)),
        route(manage, || routes!(api::webhook_remove)),
        route(manage, || routes!(api::webhook_stop)),
        route(manage, || routes!(api::webhook_resume)),
        route(manage, || routes!(api::webhook_test)),
        route(manage, || routes!(api::webhook_secret_renew)),
        route(manage, || routes!(api::webhook_deliveries)),
        route(manage, || routes!(api::delivery_resend)),
        route(May(Permission::InstallationSee), || routes!(api::installation_webhooks)),
    ]
}

fn on_both(test: impl Fn(Site)) {
    let outbound = || Some(Outbound::new(Vec::new(), &Roots::default()));
    each_site(|| Settings { outbound: outbound(), ..Settings::default() }, table, test);
}

fn hook(name: &str) -> Value {
    json!({ "url": format!("https://{name}.example.jp/path"), "events": ["pack.made", "item.answered"] })
}

fn token(site: &Site) -> String {
    site.token(&site.house.director, &[Permission::WebhooksManage])
}

/// Adds a webhook; answers with its path and with what was answered.
#[track_caller]
fn add(site: &Site, token: &str, name: &str) -> (String, Answer) {
    let made = site.post(token, HOOKS, &hook(name));
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    (made.header("location").trim_start_matches("/api/v1").to_owned(), made)
}

#[test]
fn a_webhook_is_added_listed_changed_and_removed() {
    on_both(|site| {
        let token = token(&site);
        let (path, made) = add(&site, &token, "a");
        site.house.fake.advance(chrono::Duration::seconds(1));
        add(&site, &token, "b");
        assert_eq!(made.header("etag"), "\"1\"");
        let own = site.get(&token, &path);
        assert_eq!((own.header("etag"), own.json()), ("\"1\"", made.json()["webhook"].clone()));
        assert_eq!(own.json()["url"], "https://a.example.jp/path");
        assert_eq!(own.json()["events"], json!(["item.answered", "pack.made"]));
        let first = site.get(&token, "/webhooks?limit=1").json();
        assert_eq!(first["items"], json!([own.json()]));
        let rest = format!("/webhooks?limit=1&after={}", first["next"].as_str().unwrap());
        let rest = site.get(&token, &rest).json();
        assert_eq!(
            (&rest["items"][0]["url"], &rest["next"]),
            (&json!("https://b.example.jp/path"), &Value::Null)
        );

        let put =
            |headers: &[(&str, &str)], name: &str| site.ask(&token, Method::PUT, &path, headers, &hook(name));
        assert_eq!(put(&[], "c").problem(), "version-missing");
        let changed = put(&[("if-match", "\"1\"")], "c");
        assert_eq!((changed.status, changed.header("etag")), (StatusCode::OK, "\"2\""), "{}", changed.text);
        let stale = put(&[("if-match", "\"1\"")], "d");
        assert_eq!((stale.status, stale.problem().as_str()), (StatusCode::PRECONDITION_FAILED, "outdated"));
        assert_eq!(stale.json()["current"], changed.json());
        // What changes nothing is no change, and harms nobody's.
        assert_eq!(put(&[("if-match", "\"1\"")], "c").header("etag"), "\"2\"");

        let remove = |tag: &str| site.ask(&token, Method::DELETE, &path, &[("if-match", tag)], &Value::Null);
        assert_eq!(remove("\"1\"").json()["current"], changed.json());
        assert_eq!(remove("\"2\"").status, StatusCode::NO_CONTENT);
        assert_eq!(remove("\"2\"").problem(), "not-found");
        let log = site.house.log(&site.house.director);
        let told = ["webhook_add", "webhook_add", "webhook_change", "webhook_remove"].map(str::to_owned);
        assert!(log.ends_with(&told), "{log:?}");
    });
}

#[test]
fn the_secret_is_told_once() {
    on_both(|site| {
        let token = token(&site);
        let key = [("idempotency-key", "a")];
        let made = site.ask(&token, Method::POST, HOOKS, &key, &hook("a"));
        let secret = made.json()["secret"].as_str().unwrap().to_owned();
        assert!(secret.starts_with("whsec_"), "{secret}");
        let path = format!("{HOOKS}/{}", made.json()["webhook"]["id"].as_str().unwrap());
        // Whoever got no answer asks again, and it is the same.
        assert_eq!(site.ask(&token, Method::POST, HOOKS, &key, &hook("a")).text, made.text);
        let post = |what: &str| site.post(&token, &format!("{path}/{what}"), &Value::Null);
        let changed = site.ask(&token, Method::PUT, &path, &[("if-match", "\"1\"")], &hook("b"));
        let answers = [
            changed,
            site.get(&token, HOOKS),
            site.get(&token, &path),
            post("test"),
            post("stop"),
            post("resume"),
        ];
        for answer in answers {
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
            assert!(
                !answer.text.contains("whsec_") && !answer.text.contains(&secret[6..]),
                "{}",
                answer.text
            );
        }
        let renewed = post("secret");
        assert_eq!(renewed.status, StatusCode::OK, "{}", renewed.text);
        let other = renewed.json()["secret"].as_str().unwrap().to_owned();
        assert!(other.starts_with("whsec_") && other != secret, "{other}");
        assert!(!site.get(&token, &path).text.contains("whsec_"));
    });
}

#[test]
fn it_is_stopped_resumed_and_tried_and_what_was_sent_is_listed() {
    on_both(|site| {
        let token = token(&site);
        let (path, _) = add(&site, &token, "a");
        let post = |what: &str| site.post(&token, &format!("{path}/{what}"), &Value::Null).json();
        let stopped = post("stop");
        assert!(stopped["stopped_at"].is_string() && stopped["stopped_by_name"] == "院長", "{stopped}");
        assert!(post("resume")["stopped_at"].is_null());
        for _ in 0..3 {
            site.house.fake.advance(chrono::Duration::seconds(1));
            post("test");
        }
        let sent = site.get(&token, &format!("{path}/deliveries?limit=2")).json();
        let newest = &sent["items"][0];
        assert_eq!((&newest["event"], &newest["state"]), (&Value::Null, &json!("waiting")));
        assert!(newest["body"].as_str().unwrap().contains("\"test\""), "{newest}");
        assert!(newest["asked_at"].as_str() > sent["items"][1]["asked_at"].as_str(), "{sent}");
        let after = sent["next"].as_str().unwrap();
        let rest = site.get(&token, &format!("{path}/deliveries?limit=2&after={after}")).json();
        assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));
        let id = newest["id"].as_str().unwrap();
        let again = post(&format!("deliveries/{id}/again"));
        assert_eq!((&again["id"], &again["state"]), (&newest["id"], &newest["state"]));
        // A delivery is reached by its own webhook only.
        let (other, _) = add(&site, &token, "b");
        let lost = site.post(&token, &format!("{other}/deliveries/{id}/again"), &Value::Null);
        assert_eq!(lost.problem(), "not-found");
    });
}

#[test]
fn what_cannot_be_taken_is_named() {
    on_both(|site| {
        let token = token(&site);
        for (url, events, field) in [
            ("hook.example.jp", json!(["pack.made"]), "url"),
            ("http://hook.example.jp/", json!(["pack.made"]), "url"),
            ("https://a:b@hook.example.jp/", json!(["pack.made"]), "url"),
            ("https://192.168.1.5/hook", json!(["pack.made"]), "url"),
            ("https://hook.example.jp/", json!([]), "events"),
            ("https://hook.example.jp/", json!(["password.changed"]), "events[0]"),
        ] {
            let refused = site.post(&token, HOOKS, &json!({ "url": url, "events": events }));
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{url} {}", refused.text);
            assert_eq!(refused.json()["errors"][0]["field"], field, "{url}");
        }
        for number in 0..MOST {
            add(&site, &token, &format!("hook-{number}"));
        }
        let many = site.post(&token, HOOKS, &hook("one-more"));
        assert_eq!((many.status, many.problem().as_str()), (StatusCode::CONFLICT, "refused"));
    });
    each_site(Settings::default, table, |site| {
        let off = site.post(&token(&site), HOOKS, &hook("a"));
        assert_eq!((off.status, off.problem().as_str()), (StatusCode::CONFLICT, "refused"));
    });
}

#[test]
fn whoever_does_not_look_after_webhooks_sees_no_address() {
    on_both(|site| {
        let house = &site.house;
        let own = token(&site);
        let (path, _) = add(&site, &own, "a");
        site.post(&own, &format!("{path}/test"), &Value::Null);
        let ledger = site.token(&house.director, &[Permission::LedgerEdit]);
        let neighbour = site.token(&house.neighbour, &[Permission::WebhooksManage]);
        assert_eq!(site.get(&neighbour, HOOKS).json(), json!({ "items": [], "next": null }));
        let refuses = |token: &str, expected: &str| {
            let tag = [("if-match", "\"1\"")];
            let mut answers = vec![
                site.get(token, &path),
                site.get(token, &format!("{path}/deliveries")),
                site.ask(token, Method::PUT, &path, &tag, &hook("b")),
                site.ask(token, Method::DELETE, &path, &tag, &Value::Null),
            ];
            for what in ["stop", "resume", "test", "secret"] {
                answers.push(site.post(token, &format!("{path}/{what}"), &Value::Null));
            }
            for answer in answers {
                assert_eq!(answer.problem(), expected);
                assert!(!answer.text.contains("example.jp"), "{}", answer.text);
            }
        };
        refuses(&ledger, "denied");
        refuses(&neighbour, "not-found");
        assert_eq!(site.get(&ledger, HOOKS).problem(), "denied");
        assert_eq!(site.post(&ledger, HOOKS, &hook("b")).problem(), "denied");
        assert_eq!(site.get(&own, &path).header("etag"), "\"1\"", "nothing was changed");
        // What the role loses, the token loses.
        let staff = "UPDATE membership SET role = 'staff' WHERE person_id = $1";
        site.run("STAFF", staff, params![house.director.person()]);
        refuses(&own, "denied");
        assert_eq!(site.get(&own, HOOKS).problem(), "denied");
    });
}

/// Whoever runs the installation sees where messages go, and not what an institution keeps to itself.
#[test]
fn the_installation_is_told_of_hosts_only() {
    on_both(|site| {
        add(&site, &token(&site), "a");
        let everywhere = "/operations/webhooks";
        assert_eq!(site.get(&token(&site), everywhere).status, StatusCode::FORBIDDEN);
        let runner = site.house.director.clone().administrating(true);
        let shown = site.get(&site.token(&runner, &[Permission::InstallationSee]), everywhere);
        let json = shown.json();
        assert_eq!((shown.status, &json["on"], &json["allowed"]), (StatusCode::OK, &json!(true), &json!([])));
        assert_eq!(
            (json["items"].as_array().unwrap().len(), &json["items"][0]["host"]),
            (1, &json!("a.example.jp"))
        );
        assert!(!shown.text.contains("/path"), "{}", shown.text);
    });
}

/// Where webhooks are switched off, a message that could not go out is not promised.
#[test]
fn no_test_is_promised_where_nothing_may_go_out() {
    each_site(Settings::default, table, |site| {
        let row = params![
            site.house.director.organisation(),
            komainu_db::uuid::Uuid::from_u128(77),
            "https://a.example.jp/path",
            "pack.made",
            Vec::<u8>::new(),
            site.house.nature.now()
        ];
        site.run(
            "HOOK",
            "INSERT INTO webhook (organisation_id, id, url, events, secret, seen_seq, created_at, created_by_name,
                stopped_by_name, version) VALUES ($1, $2, $3, $4, $5, 0, $6, '', '', 1)",
            row,
        );
        let path = format!("{HOOKS}/{}/test", komainu_db::uuid::Uuid::from_u128(77));
        let refused = site.post(&token(&site), &path, &Value::Null);
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (StatusCode::CONFLICT, "refused"),
            "{}",
            refused.text
        );
        assert!(!site.house.log(&site.house.director).contains(&"webhook_test".to_owned()));
    });
}
