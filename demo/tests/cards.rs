//! The cards of the sign-in page, with the demo's people, and how a real installation knows nothing of them.
#![allow(clippy::unwrap_used)]

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use axum::http::{Request, StatusCode};
use chrono::DateTime;
use komainu_access::Role;
use komainu_catalog::Catalog;
use komainu_clock::Nature;
use komainu_db::{Db, Url};
use komainu_demo::{World, fill};
use komainu_files::{Files, Key};
use komainu_people::pages;
use komainu_web::{App, Audience, Settings, get, post};
use std::sync::Arc;
use tower::ServiceExt as _;

struct Answer {
    status: StatusCode,
    to: String,
    cookies: String,
    body: String,
}

async fn send(router: &Router, method: &str, path: &str, cookies: &str, body: String) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, "127.0.0.1")
        .header("sec-fetch-site", "same-origin")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(COOKIE, cookies)
        .body(Body::from(body))
        .unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let text = |name| response.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
    let set = response.headers().get_all(SET_COOKIE).iter();
    let cookies: Vec<_> =
        set.map(|value| value.to_str().unwrap().split(';').next().unwrap().to_owned()).collect();
    let (status, to, cookies) = (response.status(), text(LOCATION), cookies.join("; "));
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    Answer { status, to, cookies, body: String::from_utf8(body.to_vec()).unwrap() }
}

/// The same filled database behind a demo's pages and behind a real installation's.
fn both(folder: &std::path::Path) -> (World, Router, Router) {
    let now = DateTime::parse_from_rfc3339("2026-11-23T03:00:00Z").unwrap().to_utc();
    let (nature, _) = Nature::fake(now);
    let db = Db::open(&Url::Sqlite(folder.join("komainu.db"))).unwrap();
    let db = db.with_key(komainu_files::Key::testing());
    db.migrate(DateTime::UNIX_EPOCH).unwrap();
    let key = Key::open(&folder.join("files.key"), &nature).unwrap();
    let files = Files::open(&folder.join("files"), key).unwrap();
    let catalog = Arc::new(Catalog::embedded().unwrap());
    let app = |demo| {
        let settings = Settings { demo, ..Settings::default() };
        App::new(db.clone(), nature.clone(), catalog.clone(), files.clone(), settings)
    };
    let routes = || {
        vec![
            get("/sign-in", Audience::Anyone, pages::sign_in),
            post("/sign-in/demo", Audience::Anyone, pages::demo_sign_in),
            post("/preferences", Audience::Always, pages::preferences),
            get("/account", Audience::SignedIn, pages::account),
        ]
    };
    let (demo, real) = (app(true), app(false));
    fill(&demo).unwrap();
    let world = db.read(|tx| World::find(tx, &catalog)).unwrap();
    (world, komainu_web::router(&demo, routes()), komainu_web::router(&real, routes()))
}

#[tokio::test]
async fn everybody_has_a_card_that_opens_the_demo_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let (world, demo, real) = both(folder.path());
    let page = send(&demo, "GET", "/sign-in", "", String::new()).await;
    for place in world.institutions() {
        for figure in &place.people {
            assert!(page.body.contains(&figure.person.to_string()), "{}", figure.name);
            let form = format!("person={}&next=%2Faccount", figure.person);
            let entered = send(&demo, "POST", "/sign-in/demo", "", form.clone()).await;
            assert_eq!((entered.status, entered.to.as_str()), (StatusCode::SEE_OTHER, "/account"));
            let account = send(&demo, "GET", "/account", &entered.cookies, String::new()).await;
            assert!(account.body.contains(&figure.email));
            let refused = send(&real, "POST", "/sign-in/demo", "", form).await;
            assert_eq!((refused.status, refused.cookies.as_str()), (StatusCode::NOT_FOUND, ""));
        }
    }
    assert!(page.body.contains(&world.prefectural.people[0].person.to_string()), "who runs the installation");
    assert!(!page.body.contains(&world.district.people[0].person.to_string()), "nothing to see there yet");
    let closed = send(&real, "GET", "/sign-in", "", String::new()).await;
    assert!(closed.status == StatusCode::OK && !closed.body.contains("/sign-in/demo"));
}

#[tokio::test]
async fn a_visitor_keeps_the_language_of_the_cards() {
    let folder = tempfile::tempdir().unwrap();
    let (world, demo, _) = both(folder.path());
    let chosen = send(&demo, "POST", "/preferences", "", "language=en&back=%2Fsign-in".to_owned()).await;
    assert_eq!(chosen.to, "/sign-in");
    let page = send(&demo, "GET", "/sign-in", &chosen.cookies, String::new()).await;
    assert!(
        page.body.contains("Answer only the items given to you")
            && page.body.contains("overdue for its update")
    );
    let nurse = world.hospital.figure(Role::Staff).unwrap().person;
    let entered = send(&demo, "POST", "/sign-in/demo", &chosen.cookies, format!("person={nurse}")).await;
    let cookies = format!("{}; {}", chosen.cookies, entered.cookies);
    let account = send(&demo, "GET", "/account", &cookies, String::new()).await;
    assert!(account.body.contains("lang=\"en\""), "{}", account.body);
}
