//! Places and pages, on both databases.
#![allow(clippy::unwrap_used)]

#[path = "../../institution/tests/common/site.rs"]
mod site;

use axum::Router;
use axum::body::Body;
use axum::extract::Query;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use komainu_access::{Permission, Role, Scope};
use komainu_catalog::Catalog;
use komainu_db::Tx;
use komainu_db::testing::each_database;
use komainu_exposure::model::ConnectionKind;
use komainu_files::{Files, Key};
use komainu_i18n::Lang;
use komainu_inventory::actions::{asset_add, connection_add};
use komainu_inventory::{AssetDetails, AssetId, AssetKind, ConnectionDetails, End, Fact, Thing};
use komainu_map::actions::{map, spots_reset, spots_save};
use komainu_map::model::{Affected, AffectedData, MapData, Mark, Point};
use komainu_map::{api, pages};
use komainu_web::Audience::May;
use komainu_web::api::{Caller, Query as Asks, api as route};
use komainu_web::{App, Failure, Member, Outcome, Route, Settings, get, post};
use serde_json::{Value, json};
use site::house::{House, LOOKING, denied};
use site::{Site, each_site};
use std::sync::Arc;
use tower::ServiceExt as _;
use utoipa_axum::routes;

fn mark(id: AssetId) -> Mark {
    Mark::End(End::Thing(Thing::Asset(id)))
}

/// A zone with a server that holds records, and a remote desktop to it from anywhere.
fn furnish(house: &House) -> (AssetId, AssetId) {
    let (nature, scope) = (&house.nature, &house.director);
    let add = |details: &AssetDetails| {
        house.write(|tx| asset_add(tx, nature, scope, details)).map_err(|_| "a thing is added").unwrap()
    };
    let zone = add(&AssetDetails::named(AssetKind::Zone, "診療の区画"));
    let mut server =
        AssetDetails { zone: Some(zone), ..AssetDetails::named(AssetKind::Server, "<カルテ>") };
    server.facts.set(Fact::HoldsRecords, "yes").unwrap();
    let server = add(&server);
    let to = End::Thing(Thing::Asset(server));
    let line = ConnectionDetails::between(ConnectionKind::RemoteDesktop, End::Internet, to);
    house.write(|tx| connection_add(tx, nature, scope, &line)).map_err(|_| "a line is added").unwrap();
    (zone, server)
}

#[test]
fn places_are_kept_forgotten_and_nobody_elses() {
    each_database(|db| {
        let house = House::new(db);
        let (_, server) = furnish(&house);
        let (nature, scope) = (&house.nature, &house.director);
        let spots = |scope: &Scope| house.read(|tx| Ok(map(tx, scope)?.1)).unwrap();
        assert!(spots(scope).is_empty());
        let here = Point { x: 300, y: -20 };
        let gone = mark(AssetId(komainu_db::uuid::Uuid::from_u128(404)));
        house.write(|tx| spots_save(tx, nature, scope, &[(mark(server), here), (gone, here)])).unwrap();
        let kept = spots(scope);
        assert_eq!(kept.get(&mark(server)), Some(&here));
        assert!(kept.contains_key(&Mark::End(End::Internet)), "what stood beside it stays there too");
        assert!(!kept.contains_key(&gone));
        // The same place again is no change.
        house.write(|tx| spots_save(tx, nature, scope, &[(mark(server), here)])).unwrap();
        assert!(spots(&house.neighbour).is_empty());
        house.write(|tx| spots_save(tx, nature, &house.neighbour, &[(mark(server), here)])).unwrap();
        assert!(spots(&house.neighbour).is_empty(), "a thing of another house is none of theirs");
        house.write(|tx| spots_reset(tx, nature, &house.neighbour)).unwrap();
        assert_eq!(spots(scope), kept);
        for role in LOOKING {
            let role = house.role(role);
            denied(house.write(|tx| spots_save(tx, nature, &role, &[(mark(server), here)])));
            denied(house.write(|tx| spots_reset(tx, nature, &role)));
        }
        let inspector = house.role(Role::Inspector);
        assert_eq!(spots(&inspector), kept);
        house.write(|tx| spots_reset(tx, nature, scope)).unwrap();
        assert!(spots(scope).is_empty());
        let told: Vec<_> = house.log(scope).into_iter().filter(|action| action.starts_with("map")).collect();
        assert_eq!(told, ["map_arrange", "map_reset"]);
    });
}

/// As if an incident touched every server.
fn touched(tx: &mut Tx<'_>, scope: &Scope, _: Lang) -> Result<Affected, Failure> {
    let (ledger, _) = map(tx, scope)?;
    let things = ledger.of_kind(AssetKind::Server).map(|server| AffectedData {
        thing: Thing::Asset(server.id).to_string(),
        sign: "◆".to_owned(),
        text: "影響<あり>".to_owned(),
        incident: "1".to_owned(),
        url: "/incidents/1".to_owned(),
        ..AffectedData::default()
    });
    Ok(Affected { things: things.collect(), ..Affected::default() })
}

#[utoipa::path(get, path = "/map", params(api::Part), responses((status = 200, body = MapData)))]
async fn map_get(caller: Caller, Asks(part): Asks<api::Part>) -> Outcome {
    api::map_show(caller, part, touched).await
}

async fn map_page(member: Member, asked: Query<pages::Asked>) -> Outcome {
    pages::map_page(member, asked, touched).await
}

async fn map_data(member: Member, part: Query<pages::Part>) -> Outcome {
    pages::map_data(member, part, touched).await
}

async fn a3(member: Member) -> Outcome {
    pages::a3(member, touched).await
}

fn operations() -> Vec<Route> {
    let (read, edit) = (May(Permission::LedgerRead), May(Permission::LedgerEdit));
    vec![
        route(read, || routes!(map_get)),
        route(read, || routes!(api::ledger_findings)),
        route(edit, || routes!(api::map_spots_set)),
    ]
}

fn on_both(test: impl Fn(Site)) {
    each_site(Settings::default, operations, test);
}

#[test]
fn the_api_shows_the_map_and_takes_places() {
    on_both(|site| {
        let (zone, server) = furnish(&site.house);
        let token = site.token(&site.house.director, &[Permission::LedgerRead, Permission::LedgerEdit]);
        let id = format!("asset:{server}");
        let put = |body: Value| site.ask(&token, Method::PUT, "/map/spots", &[], &body);
        let moved = put(json!({ "spots": [{ "id": id, "x": 40, "y": 80.4 }] }));
        assert_eq!(moved.status, StatusCode::NO_CONTENT, "{}", moved.text);
        let map = site.get(&token, "/map").json();
        let node = map["nodes"].as_array().unwrap().iter().find(|node| node["id"] == id.as_str()).unwrap();
        assert_eq!((&node["x"], &node["y"], &node["danger"]), (&json!(40), &json!(80), &json!(2)));
        assert_eq!(node["zone"], format!("asset:{zone}"));
        let marked = &map["affected"][0];
        assert_eq!((&marked["node"], &marked["name"]), (&json!(id), &json!("<カルテ>")));
        assert_eq!((&map["overview"], &map["lines"][0]["outside"]), (&json!(false), &json!(true)));
        let inside = site.get(&token, &format!("/map?zone=asset:{zone}")).json();
        assert_eq!(inside["zones"].as_array().unwrap().len(), 1);
        let found = site.get(&token, "/ledger/findings").json();
        assert_eq!((&found["items"][0]["rule"], &found["items"][0]["level"]), (&json!("N5"), &json!(2)));
        assert_eq!(found["items"], map["findings"]);
        for bad in [json!({ "id": "place:1", "x": 1, "y": 1 }), json!({ "id": id, "x": 1e7, "y": 1 })] {
            let refused = put(json!({ "spots": [bad] }));
            assert_eq!(refused.problem(), "invalid", "{}", refused.text);
        }
        assert_eq!(put(json!({ "reset": true })).status, StatusCode::NO_CONTENT);
        assert_eq!(site.get(&token, "/map?zone=nowhere").problem(), "invalid");
    });
}

struct Browser {
    // Dropped first: a connection to PostgreSQL may not be closed by a runtime's own thread.
    runtime: tokio::runtime::Runtime,
    router: Router,
    house: House,
    _folder: tempfile::TempDir,
}

impl Browser {
    fn new(db: komainu_db::Db) -> Browser {
        let house = House::new(db);
        let folder = tempfile::tempdir().unwrap();
        let key = Key::open(&folder.path().join("key"), &house.nature).unwrap();
        let files = Files::open(&folder.path().join("files"), key).unwrap();
        let settings = Settings { public_url: "http://127.0.0.1:8420".to_owned(), ..Settings::default() };
        let catalog = Arc::new(Catalog::embedded().unwrap());
        let app = App::new(house.db.clone(), house.nature.clone(), catalog, files, settings);
        let (read, edit) = (May(Permission::LedgerRead), May(Permission::LedgerEdit));
        let routes = vec![
            get("/map", read, map_page),
            get("/map/data", read, map_data),
            post("/map/spots", edit, pages::spots),
            get("/map/a3.pdf", read, a3),
            get("/map.svg", read, pages::svg_file),
            get("/map.drawio", read, pages::drawio_file),
            get("/map.bloodhound.json", read, pages::bloodhound_file),
        ];
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        Browser { runtime, router: komainu_web::router(&app, routes), house, _folder: folder }
    }

    fn ask(&self, method: Method, path: &str, form: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:8420")
            .header("cookie", format!("komainu-session={}; komainu-lang=ja", self.house.token.text()))
            .header("sec-fetch-site", "same-origin")
            .header("x-komainu-fragment", "map")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        self.runtime.block_on(async {
            let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
            let bytes = axum::body::to_bytes(body, 50_000_000).await.unwrap();
            (parts.status, parts.headers, bytes.to_vec())
        })
    }

    fn page(&self, path: &str) -> String {
        let (status, _, body) = self.ask(Method::GET, path, "");
        let body = String::from_utf8(body).unwrap();
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }
}

#[test]
fn the_page_works_without_a_script_and_no_name_is_markup() {
    each_database(|db| {
        let browser = Browser::new(db);
        assert!(browser.page("/map").contains("まだ図にするものがありません"));
        let (zone, server) = furnish(&browser.house);
        for path in ["/map", "/map?view=table", "/map?danger=yes&kind=server&q=%E3%82%AB%E3%83%AB%E3%83%86"] {
            let page = browser.page(path);
            assert!(page.contains("カルテ") && !page.contains("<カルテ>"), "{path}");
            assert!(page.contains(&format!("/ledger/assets/{server}")), "{path}");
            assert!(!page.contains(" style="), "{path}");
            assert!(page.contains("◆ 影響&") && !page.contains("<あり>"), "{path}");
        }
        for (path, seen) in [("marked=yes", true), ("incident=1", true), ("incident=2", false)] {
            let page = browser.page(&format!("/map?view=table&{path}"));
            assert_eq!(page.contains("/incidents/1"), seen, "{path}");
        }
        let file = browser.page("/map.svg");
        assert!(file.contains("カルテ") && !file.contains("◆"), "what leaves the house bears no mark");
        let none = browser.page("/map?view=table&kind=terminal");
        assert!(!none.contains(&server.to_string()));
        let data: Value = serde_json::from_str(&browser.page("/map/data")).unwrap();
        assert_eq!(data["zones"][0]["id"], format!("asset:{zone}"));
        let (status, ..) = browser.ask(Method::GET, "/map/data?zone=asset:none", "");
        assert_eq!(status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn the_browser_moves_things_with_the_token_of_its_page() {
    each_database(|db| {
        let browser = Browser::new(db);
        let (_, server) = furnish(&browser.house);
        let page = browser.page("/map");
        let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let spots = format!("spots=[{{\"id\":\"asset:{server}\",\"x\":12.4,\"y\":34}}]");
        assert_eq!(browser.ask(Method::POST, "/map/spots", &spots).0, StatusCode::FORBIDDEN);
        let form = format!("csrf={csrf}&{spots}");
        assert_eq!(browser.ask(Method::POST, "/map/spots", &form).0, StatusCode::NO_CONTENT);
        let data: Value = serde_json::from_str(&browser.page("/map/data")).unwrap();
        let node = data["nodes"].as_array().unwrap().iter().find(|node| node["kind"] == "server").unwrap();
        assert_eq!((&node["x"], &node["y"]), (&json!(12), &json!(34)));
        for wrong in ["spots={}", "spots=[{\"id\":\"x\",\"x\":1,\"y\":1}]"] {
            let form = format!("csrf={csrf}&{wrong}");
            assert_eq!(browser.ask(Method::POST, "/map/spots", &form).0, StatusCode::BAD_REQUEST);
        }
        assert_eq!(
            browser.ask(Method::POST, "/map/spots", &format!("csrf={csrf}&reset=yes")).0,
            StatusCode::NO_CONTENT
        );
    });
}

#[test]
fn files_are_kept_and_never_shown_in_place() {
    each_database(|db| {
        let browser = Browser::new(db);
        furnish(&browser.house);
        for (path, begins) in [
            ("/map.svg", "<svg "),
            ("/map.drawio", "<mxfile "),
            ("/map.bloodhound.json", "{"),
            ("/map/a3.pdf", "%PDF-"),
        ] {
            let (status, headers, body) = browser.ask(Method::GET, path, "");
            assert_eq!(status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&body));
            assert!(body.starts_with(begins.as_bytes()), "{path}");
            assert!(headers["content-disposition"].to_str().unwrap().starts_with("attachment"), "{path}");
            assert_eq!(headers["x-content-type-options"], "nosniff");
        }
    });
}
