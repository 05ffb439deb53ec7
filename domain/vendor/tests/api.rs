//! What is the same everywhere in the API, tried on vendors: tokens, versions, repeated creations, parts of lists, problems.
#![allow(clippy::unwrap_used)]

#[path = "../../institution/tests/common/mod.rs"]
mod common;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use chrono::Duration;
use common::House;
use komainu_access::{Permission, Role, Scope, Session, SessionId, TokenId};
use komainu_catalog::Catalog;
use komainu_db::testing::each_database;
use komainu_db::{Db, DbError, Outside, Statement, Tx, params};
use komainu_files::{Files, Key};
use komainu_people::actions::{Made, NewToken, TokenLife, service_make, token_make, token_revoke};
use komainu_vendor::actions::vendors;
use komainu_vendor::api;
use komainu_web::Audience::May;
use komainu_web::api::api as route;
use komainu_web::{App, Failure, Settings};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;
use utoipa_axum::routes;

const VENDORS: &str = "/api/v1/vendors";

struct Site {
    // Dropped first: a connection to PostgreSQL may not be closed by a runtime's own thread.
    runtime: Runtime,
    router: Router,
    house: House,
    _folder: tempfile::TempDir,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The word of a problem.
    fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        let json = self.json();
        assert_eq!(json["status"], self.status.as_u16());
        assert!(json["instance"].as_str().unwrap().starts_with("urn:komainu:reference:"));
        assert!(!json["title"].as_str().unwrap().is_empty() && !json["detail"].as_str().unwrap().is_empty());
        json["type"].as_str().unwrap().trim_start_matches("urn:komainu:problem:").to_owned()
    }
}

fn site(db: Db, api_rate: u32) -> Site {
    let house = House::new(db);
    let folder = tempfile::tempdir().unwrap();
    let key = Key::open(&folder.path().join("key"), &house.nature).unwrap();
    let files = Files::open(&folder.path().join("files"), key).unwrap();
    let catalog = Arc::new(Catalog::embedded().unwrap());
    let public_url = "http://127.0.0.1:8420".to_owned();
    let settings = Settings { public_url, api_rate, ..Settings::default() };
    let app = App::new(house.db.clone(), house.nature.clone(), catalog, files, settings);
    let (read, edit) = (May(Permission::LedgerRead), May(Permission::LedgerEdit));
    let table = vec![
        route(read, || routes!(api::vendors)),
        route(edit, || routes!(api::vendor_add)),
        route(read, || routes!(api::vendor_get)),
        route(edit, || routes!(api::vendor_change)),
        route(edit, || routes!(api::vendor_remove)),
    ];
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    Site { runtime, router: komainu_web::router(&app, table), house, _folder: folder }
}

fn on_both(test: impl Fn(Site)) {
    each_database(|db| test(site(db, 0)));
}

impl Site {
    fn made(&self, scope: &Scope, permissions: &[Permission], days: i64) -> Made {
        let new = NewToken {
            name: "表計算".into(),
            permissions: permissions.to_vec(),
            life: TokenLife::days(days).unwrap(),
        };
        let (nature, session) = (&self.house.nature, self.proved(scope));
        let made = self.house.write(|tx| token_make(tx, nature, (&session, scope), &new));
        made.map_err(|error: Failure| error).unwrap()
    }

    /// A browser in which the person has just proved who they are.
    fn proved(&self, scope: &Scope) -> Session {
        let now = self.house.nature.now();
        Session {
            id: SessionId(self.house.nature.id()),
            person: scope.person(),
            person_name: scope.person_name().to_owned(),
            administrator: false,
            place: None,
            shared: None,
            created_at: now,
            seen_at: now,
            user_agent: String::new(),
            proved_at: Some(now),
            owes_factor: false,
        }
    }

    /// A token for the director's ledger.
    fn token(&self) -> String {
        self.made(&self.house.director, &[Permission::LedgerEdit], 30).secret.text()
    }

    fn send(&self, request: Request<Body>) -> Answer {
        self.runtime.block_on(async {
            let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
            let bytes = axum::body::to_bytes(body, 1_000_000).await.unwrap();
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            assert!(!parts.status.is_server_error(), "{} {text}", parts.status);
            assert_eq!(parts.headers["cache-control"], "no-store");
            Answer { status: parts.status, headers: parts.headers, text }
        })
    }

    fn ask(&self, token: &str, method: Method, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        self.send(request(token, method, path, headers, body))
    }

    fn get(&self, token: &str, path: &str) -> Answer {
        self.ask(token, Method::GET, path, &[], &Value::Null)
    }

    fn add(&self, token: &str, name: &str) -> Answer {
        let answer = self.ask(token, Method::POST, VENDORS, &[], &vendor(name));
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer
    }

    fn count(&self) -> usize {
        self.house.read(|tx| vendors(tx, &self.house.director)).unwrap().len()
    }

    fn run(&self, name: &'static str, sql: &'static str, value: impl Into<komainu_db::Value>) {
        let statement = Statement { name, sql };
        let values: [komainu_db::Value; 2] = [value.into(), self.house.nature.now().into()];
        let work = |tx: &mut Tx<'_>| tx.run(&Outside("a test"), statement, &values);
        self.house.write(work).map_err(|error: DbError| error).unwrap();
    }
}

fn request(token: &str, method: Method, path: &str, headers: &[(&str, &str)], body: &Value) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path).header("host", "127.0.0.1:8420");
    if !token.is_empty() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if body.is_null() {
        return request.body(Body::empty()).unwrap();
    }
    request.header("content-type", "application/json").body(Body::from(body.to_string())).unwrap()
}

fn vendor(name: &str) -> Value {
    json!({ "name": name, "phone": "０３（１２３４）５６７８" })
}

#[test]
fn the_database_understands_every_statement() {
    each_database(|db| komainu_db::prepare_all(&db, komainu_web::api::STATEMENTS).unwrap());
}

#[test]
fn only_a_living_token_opens_the_door() {
    on_both(|site| {
        let house = &site.house;
        let good = site.token();
        let cookie = format!("komainu-session={}", house.token.text());
        let status = |authorization: &str| {
            let headers = [("authorization", authorization), ("cookie", cookie.as_str())];
            let headers = &headers[usize::from(authorization.is_empty())..];
            site.ask("", Method::GET, VENDORS, headers, &Value::Null)
        };
        for authorization in [
            String::new(),
            "Bearer".into(),
            "Bearer kmn_".into(),
            format!("Bearer {}", house.token.text()),
            format!("Basic {good}"),
            format!("Bearer {}", &good[4..]),
            format!("Bearer {good}x"),
            good.clone(),
        ] {
            let answer = status(&authorization);
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{authorization}");
            assert_eq!(
                (answer.problem().as_str(), answer.header("www-authenticate")),
                ("unauthorised", "Bearer")
            );
        }
        assert_eq!(status(&format!("bearer {good}")).status, StatusCode::OK);

        let short = site.made(&house.director, &[Permission::LedgerRead], 1);
        let revoked = site.made(&house.director, &[Permission::LedgerRead], 30);
        for made in [&short, &revoked] {
            assert_eq!(site.get(&made.secret.text(), VENDORS).status, StatusCode::OK);
        }
        let nature = &house.nature;
        house.write(|tx| token_revoke(tx, nature, &house.director, revoked.token.id)).unwrap();
        house.fake.advance(Duration::days(1));
        for made in [&short, &revoked] {
            assert_eq!(site.get(&made.secret.text(), VENDORS).status, StatusCode::UNAUTHORIZED);
        }
        // Whoever leaves, or whose account is closed, takes their tokens along.
        assert_eq!(site.get(&good, VENDORS).status, StatusCode::OK);
        let person = house.director.person();
        site.run("CLOSE", "UPDATE person SET disabled_at = $2 WHERE id = $1", person);
        assert_eq!(site.get(&good, VENDORS).status, StatusCode::UNAUTHORIZED);
        site.run("OPEN", "UPDATE person SET disabled_at = NULL WHERE id = $1 AND created_at <= $2", person);
        assert_eq!(site.get(&good, VENDORS).status, StatusCode::OK);
        site.run("LEAVE", "UPDATE membership SET ended_at = $2 WHERE person_id = $1", person);
        assert_eq!(site.get(&good, VENDORS).status, StatusCode::UNAUTHORIZED);
    });
}

#[test]
fn making_a_token_asks_for_a_fresh_proof() {
    on_both(|site| {
        let (house, director) = (&site.house, &site.house.director);
        let (nature, session) = (&house.nature, site.proved(director));
        let new = NewToken {
            name: "表計算".into(),
            permissions: vec![Permission::LedgerRead],
            life: TokenLife::days(1).unwrap(),
        };
        house.fake.advance(Duration::hours(1));
        let own = house.write(|tx| token_make(tx, nature, (&session, director), &new));
        let service = house.write(|tx| service_make(tx, nature, (&session, director), &new));
        for made in [own, service] {
            assert!(matches!(made, Err(Failure::Unproved)));
        }
        let none = house.read(|tx| Ok(komainu_access::Tokens::of(tx, director, Some(director.person()))?));
        assert!(none.unwrap().is_empty());
    });
}

#[test]
fn where_a_second_factor_is_demanded_the_tokens_of_those_without_lead_nowhere() {
    on_both(|site| {
        let (house, director) = (&site.house, &site.house.director);
        let own = site.token();
        let new = NewToken {
            name: "予約システム".into(),
            permissions: vec![Permission::LedgerRead],
            life: TokenLife::days(1).unwrap(),
        };
        let session = site.proved(director);
        let service = house.write(|tx| service_make(tx, &house.nature, (&session, director), &new));
        let service = service.map_err(|error: Failure| error).unwrap().secret.text();
        let demand = "UPDATE organisation SET second_factor_since = $2 WHERE id = $1";
        site.run("DEMAND", demand, director.organisation());
        let owed = site.get(&own, VENDORS);
        assert_eq!((owed.status, owed.problem().as_str()), (StatusCode::FORBIDDEN, "factor-owed"));
        assert_eq!(site.get(&service, VENDORS).status, StatusCode::OK, "a service signs in nowhere");
        let elsewhere = site.made(&house.neighbour, &[Permission::LedgerRead], 1).secret.text();
        assert_eq!(site.get(&elsewhere, VENDORS).status, StatusCode::OK, "nothing is demanded there");
        let app = Statement {
            name: "APP",
            sql: "INSERT INTO totp (person_id, secret, last_step, created_at) VALUES ($1, $2, 0, $3)",
        };
        let values = params![director.person(), vec![0_u8], house.nature.now()];
        let add = |tx: &mut Tx<'_>| tx.run(&Outside("a test"), app, values);
        house.write(add).map_err(|error: DbError| error).unwrap();
        assert_eq!(site.get(&own, VENDORS).status, StatusCode::OK);
    });
}

#[test]
fn a_token_can_do_what_was_chosen_in_its_own_organisation_and_nothing_else() {
    on_both(|site| {
        let house = &site.house;
        let own = site.add(&site.token(), "カルテ社").header("location").to_owned();
        let reads = site.made(&house.director, &[Permission::LedgerRead], 30).secret.text();
        let other = site.made(&house.director, &[Permission::HistoryRead], 30).secret.text();
        let neighbour = site.made(&house.neighbour, &[Permission::LedgerEdit], 30).secret.text();
        assert_eq!(site.get(&reads, &own).status, StatusCode::OK);
        assert_eq!(site.get(&other, &own).problem(), "denied");
        assert_eq!(site.get(&neighbour, &own).problem(), "not-found");
        assert_eq!(site.get(&neighbour, VENDORS).json(), json!({ "items": [], "next": null }));
        for (token, expected) in [(&reads, "denied"), (&other, "denied"), (&neighbour, "not-found")] {
            let versioned = [("if-match", "\"1\"")];
            let changed = site.ask(token, Method::PUT, &own, &versioned, &vendor("x"));
            assert_eq!(changed.problem(), expected);
            assert_eq!(site.ask(token, Method::DELETE, &own, &versioned, &Value::Null).problem(), expected);
        }
        assert_eq!(site.ask(&reads, Method::POST, VENDORS, &[], &vendor("x")).problem(), "denied");
        assert_eq!(site.count(), 1);
    });
}

#[test]
fn a_service_acts_under_its_own_name() {
    on_both(|site| {
        let house = &site.house;
        let new = |permissions: &[Permission]| NewToken {
            name: "予約システム".into(),
            permissions: permissions.to_vec(),
            life: TokenLife::days(365).unwrap(),
        };
        let (nature, director) = (&house.nature, &house.director);
        let session = site.proved(director);
        let make = |new: &NewToken, scope: &Scope| {
            house.write(|tx| service_make(tx, nature, (&session, scope), new))
        };
        common::denied(make(&new(&[Permission::MembersManage]), director).map(|_| ()));
        common::denied(make(&new(&[]), &house.role(Role::SystemOperator)).map(|_| ()));
        let narrowed = director.clone().narrowed_to(Some("members_manage".parse().unwrap()));
        common::denied(make(&new(&[]), &narrowed).map(|_| ()));
        let service = make(&new(&[Permission::LedgerEdit]), director).unwrap().secret.text();
        site.add(&service, "カルテ社");
        let page = komainu_audit::Page { limit: 1, ..komainu_audit::Page::default() };
        let entry = house.db.read(|tx| komainu_audit::entries(tx, director, &page)).unwrap().remove(0);
        assert_eq!((entry.action.as_str(), entry.person_name.as_str()), ("vendor_add", "予約システム"));
        assert_ne!(entry.person, Some(director.person()));
    });
}

#[test]
fn the_last_use_is_known_to_a_few_minutes() {
    on_both(|site| {
        let made = site.made(&site.house.director, &[Permission::LedgerRead], 30);
        let used = |id: TokenId| {
            let all =
                site.house.read(|tx| komainu_people::actions::tokens(tx, &site.house.director)).unwrap();
            all.into_iter().find(|token| token.id == id).unwrap().used_at
        };
        assert_eq!(used(made.token.id), None);
        let first = site.house.nature.now();
        for minutes in [0, 4] {
            site.house.fake.advance(Duration::minutes(minutes));
            site.get(&made.secret.text(), VENDORS);
            assert_eq!(used(made.token.id), Some(first));
        }
        site.house.fake.advance(Duration::minutes(1));
        site.get(&made.secret.text(), VENDORS);
        assert_eq!(used(made.token.id), Some(first + Duration::minutes(5)));
    });
}

#[test]
fn a_change_says_to_which_version_it_is_made() {
    on_both(|site| {
        let token = site.token();
        let added = site.add(&token, "カルテ社");
        let place = added.header("location").to_owned();
        assert_eq!(
            (added.header("etag"), added.json()["phone"].as_str().unwrap()),
            ("\"1\"", "03-1234-5678")
        );
        assert_eq!(site.get(&token, &place).header("etag"), "\"1\"");
        let put = |headers: &[(&str, &str)], name: &str| {
            site.ask(&token, Method::PUT, &place, headers, &vendor(name))
        };
        assert_eq!(put(&[], "x").status, StatusCode::PRECONDITION_REQUIRED);
        let changed = put(&[("if-match", "\"1\"")], "新カルテ社");
        assert_eq!((changed.status, changed.header("etag")), (StatusCode::OK, "\"2\""));
        for tag in ["\"1\"", "\"3\"", "W/\"2\"", "*", "\"x\""] {
            let stale = put(&[("if-match", tag)], "x");
            assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED, "{tag}");
            assert_eq!(stale.problem(), "outdated");
            assert_eq!(stale.json()["current"], changed.json());
        }
        for slip in ["2", "\"2", ""] {
            assert_eq!(put(&[("if-match", slip)], "x").problem(), "malformed", "{slip}");
        }
        // What changes nothing is no change, and harms nobody's.
        assert_eq!(put(&[("if-match", "\"1\"")], "新カルテ社").header("etag"), "\"2\"");
        let remove =
            |headers: &[(&str, &str)]| site.ask(&token, Method::DELETE, &place, headers, &Value::Null);
        assert_eq!(remove(&[]).problem(), "version-missing");
        assert_eq!(remove(&[("if-match", "\"1\"")]).json()["current"], changed.json());
        assert_eq!(remove(&[("if-match", "\"2\"")]).status, StatusCode::NO_CONTENT);
        assert_eq!(remove(&[("if-match", "\"2\"")]).problem(), "not-found");
    });
}

#[test]
fn a_creation_that_is_sent_again_creates_nothing_again() {
    on_both(|site| {
        let token = site.token();
        let add = |token: &str, key: &str, name: &str| {
            site.ask(token, Method::POST, VENDORS, &[("idempotency-key", key)], &vendor(name))
        };
        let first = add(&token, "a", "カルテ社");
        let again = add(&token, "a", "カルテ社");
        assert_eq!((again.status, &again.text), (StatusCode::CREATED, &first.text));
        for name in ["location", "etag", "content-type"] {
            assert_eq!(again.header(name), first.header(name));
        }
        assert_eq!(site.count(), 1);
        let other = add(&token, "a", "別の社");
        assert_eq!(
            (other.status, other.problem().as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, "key-reused")
        );
        // What was refused is not kept, and the key is free.
        assert_eq!(add(&token, "b", "").problem(), "invalid");
        assert_eq!(add(&token, "b", "別の社").status, StatusCode::CREATED);
        // A key is its token's.
        let second = site.token();
        assert_eq!(add(&second, "a", "カルテ社").status, StatusCode::CREATED);
        assert_eq!(site.count(), 3);
        site.house.fake.advance(Duration::hours(24));
        let next_day = add(&token, "a", "カルテ社");
        assert_ne!(next_day.text, first.text);
        for key in ["", "a b", "あ", &"k".repeat(201)] {
            let headers = [("idempotency-key", key)];
            let refused = site.ask(&token, Method::POST, VENDORS, &headers, &vendor("x"));
            assert_eq!(refused.problem(), "malformed", "{key}");
        }
        assert_eq!(site.count(), 4);
    });
}

#[test]
fn of_creations_at_once_with_one_key_one_is_made() {
    on_both(|site| {
        let token = site.token();
        for round in 0..5 {
            let key = format!("round-{round}");
            let asked = (0..4).map(|_| {
                let headers = [("idempotency-key", key.as_str())];
                let one = request(&token, Method::POST, VENDORS, &headers, &vendor("カルテ社"));
                site.runtime.spawn(site.router.clone().oneshot(one))
            });
            let asked: Vec<_> = asked.collect();
            let mut made = Vec::new();
            for one in asked {
                let (parts, body) = site.runtime.block_on(one).unwrap().unwrap().into_parts();
                match parts.status {
                    StatusCode::CREATED => {
                        let body = site.runtime.block_on(axum::body::to_bytes(body, 100_000)).unwrap();
                        made.push(body);
                    }
                    status => assert_eq!(status, StatusCode::CONFLICT),
                }
            }
            assert!(!made.is_empty() && made.windows(2).all(|two| two[0] == two[1]));
            assert_eq!(site.count(), round + 1);
        }
    });
}

#[test]
fn a_kept_answer_opens_only_with_its_token() {
    on_both(|site| {
        let token = site.token();
        site.ask(&token, Method::POST, VENDORS, &[("idempotency-key", "a")], &vendor("カルテ社"));
        let kept = Statement { name: "KEPT", sql: "SELECT answer FROM api_answer" };
        let sealed: Vec<u8> =
            site.house.read(|tx| Ok(tx.one(&Outside("a test"), kept, &[], |row| row.get(0))?)).unwrap();
        assert!(!String::from_utf8_lossy(&sealed).contains("カルテ社"));
    });
}

#[test]
fn a_list_comes_in_parts() {
    on_both(|site| {
        let token = site.token();
        let names: Vec<String> = (0..7).map(|number| format!("社{number}")).collect();
        for name in &names {
            site.house.fake.advance(Duration::seconds(1));
            site.add(&token, name);
        }
        let mut seen = Vec::new();
        let mut path = format!("{VENDORS}?limit=3");
        let mut sizes = Vec::new();
        loop {
            let page = site.get(&token, &path).json();
            let items = page["items"].as_array().unwrap();
            sizes.push(items.len());
            seen.extend(items.iter().map(|item| item["name"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("{VENDORS}?limit=3&after={next}");
        }
        assert_eq!((seen, sizes), (names, vec![3, 3, 1]));
        assert_eq!(site.get(&token, &format!("{VENDORS}?limit=7")).json()["next"], Value::Null);
        for (query, field) in [
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=x", "limit"),
            ("limit=-1", "limit"),
            ("after=x", "after"),
            ("after=bnVsbA", "after"),
            ("aftr=x", "aftr"),
        ] {
            let wrong = site.get(&token, &format!("{VENDORS}?{query}"));
            assert_eq!(
                (wrong.status, wrong.problem().as_str()),
                (StatusCode::UNPROCESSABLE_ENTITY, "invalid")
            );
            assert_eq!(wrong.json()["errors"][0]["field"], field, "{query}");
        }
    });
}

#[test]
fn what_cannot_be_taken_is_named() {
    on_both(|site| {
        let token = site.token();
        for (body, field) in [
            (json!({}), "."),
            (json!({ "name": "" }), "name"),
            (json!({ "name": "x".repeat(101) }), "name"),
            (json!({ "name": 1 }), "name"),
            (json!({ "name": "x", "phone": "12" }), "phone"),
            (json!({ "name": "x", "email": "x" }), "email"),
            (json!({ "name": "x", "version": 7 }), "version"),
            (json!({ "name": "x\u{0}" }), "name"),
            (json!([]), "."),
        ] {
            let answer = site.ask(&token, Method::POST, VENDORS, &[], &body);
            assert_eq!(
                (answer.status, answer.problem().as_str()),
                (StatusCode::UNPROCESSABLE_ENTITY, "invalid")
            );
            assert_eq!(answer.json()["errors"][0]["field"], field, "{body}");
        }
        let raw = |kind: &str, body: Vec<u8>| {
            let mut request = request(&token, Method::POST, VENDORS, &[], &Value::Null);
            *request.body_mut() = Body::from(body);
            if !kind.is_empty() {
                request.headers_mut().insert("content-type", kind.parse().unwrap());
            }
            site.send(request).problem()
        };
        let good = vendor("x").to_string().into_bytes();
        for (kind, body, expected) in [
            ("", good.clone(), "media-type"),
            ("text/plain", good.clone(), "media-type"),
            ("application/x-www-form-urlencoded", b"name=x".to_vec(), "media-type"),
            ("application/json", b"{".to_vec(), "malformed"),
            ("application/json", b"{\"name\":\"\xff\"}".to_vec(), "malformed"),
            ("application/json", Vec::new(), "malformed"),
            ("application/json; charset=utf-8", vec![b' '; 65 * 1024], "too-large"),
        ] {
            assert_eq!(raw(kind, body), expected, "{kind}");
        }
        let patched = site.ask(&token, Method::PATCH, VENDORS, &[], &vendor("x"));
        assert_eq!((patched.problem().as_str(), patched.header("allow")), ("method", "GET,HEAD,POST"));
        for path in ["/api/v1/nothing", "/api/", "/api/v1/vendors/x", "/api/v1/vendors/%ff"] {
            assert_eq!(site.get(&token, path).problem(), "not-found", "{path}");
        }
        assert_eq!(site.get(&token, "/api/v1/vendors/%00").problem(), "malformed");
        assert_eq!(site.count(), 0);
    });
}

#[test]
fn a_problem_speaks_the_asked_language() {
    on_both(|site| {
        for (asked, tag, title) in [
            ("", "ja", "有効なトークンがありません"),
            ("en-GB, ja;q=0.5", "en", "There is no valid token"),
            ("zh-CN", "zh-Hans", "没有有效的令牌"),
        ] {
            let cookie = ("cookie", "komainu-lang=en");
            let answer =
                site.ask("", Method::GET, VENDORS, &[("accept-language", asked), cookie], &Value::Null);
            assert_eq!((answer.header("content-language"), &answer.json()["title"]), (tag, &json!(title)));
        }
    });
}

#[test]
fn whoever_asks_too_often_is_told_to_wait() {
    each_database(|db| {
        let site = site(db, 2);
        let token = site.token();
        for _ in 0..2 {
            assert_eq!(site.get(&token, VENDORS).status, StatusCode::OK);
        }
        let stopped = site.get(&token, VENDORS);
        assert_eq!((stopped.status, stopped.problem().as_str()), (StatusCode::TOO_MANY_REQUESTS, "too-many"));
        let wait: u64 = stopped.header("retry-after").parse().unwrap();
        assert!((1..=31).contains(&wait), "{wait}");
        // Another token of the same address goes on.
        assert_eq!(site.get(&site.token(), VENDORS).status, StatusCode::OK);
    });
}
