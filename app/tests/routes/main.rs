//! Every route as a stranger, as each role, and as someone of another institution: the pages, and the API.
//!
//! The demo's world is walked by its links, so that the addresses asked for are real ones; then everyone asks for all of
//! them. A route that nobody's links lead to is asked for with made-up ids.
#![allow(clippy::unwrap_used)]

mod api;
mod link;
mod pages;
mod place;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use komainu_access::{
    OrganisationId, Permission, PersonId, PlaceToken, Role, Scope, Session, SessionId, SessionToken,
    Sessions, SharedPlace, TokenSecret,
};
use komainu_catalog::Catalog;
use komainu_checklist::actions::{reply_link_make, round_by_key};
use komainu_clock::Nature;
use komainu_db::testing::each_database;
use komainu_db::{Db, DbError, Outside, Statement};
use komainu_files::{Files, Key};
use komainu_people::actions::{NewToken, TokenLife, own_choice, token_make};
use komainu_web::{App, Audience, Failure, Route, Settings};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

/// An id that belongs to nothing.
const NOBODY: &str = "01900000-0000-7000-8000-000000000000";

/// Pages that a walk looks at, at most.
const STEPS: usize = 400;

struct House {
    // Dropped first: a connection to PostgreSQL may not be closed by a runtime's own thread.
    runtime: Runtime,
    app: App,
    router: Router,
    /// The pages.
    routes: Vec<Route>,
    /// The operations of the API.
    operations: Vec<Route>,
    _folder: tempfile::TempDir,
}

/// Someone with a session in one organisation.
struct Asker {
    scope: Scope,
    cookie: String,
    csrf: String,
}

struct Answer {
    status: StatusCode,
    location: String,
    body: String,
}

fn house(db: Db) -> House {
    let folder = tempfile::tempdir().unwrap();
    let nature = Nature::real();
    let key = Key::open(&folder.path().join("key"), &nature).unwrap();
    let files = Files::open(&folder.path().join("files"), key).unwrap();
    let settings = Settings { public_url: "http://127.0.0.1:8420".into(), demo: true, ..Settings::default() };
    let app = App::new(db, nature, Arc::new(Catalog::embedded().unwrap()), files, settings);
    komainu_demo::fill(&app).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (operations, routes) =
        komainu::router::routes().into_iter().partition(|route: &Route| route.described.is_some());
    House { runtime, router: komainu::router::router(&app), routes, operations, app, _folder: folder }
}

impl House {
    /// Every membership of the demo, with a session each.
    fn askers(&self) -> Vec<(String, Asker)> {
        let all = Statement {
            name: "MEMBERS",
            sql: "SELECT m.person_id, p.name, m.organisation_id, o.name, m.role, p.administrator FROM membership m
                JOIN person p ON p.id = m.person_id JOIN organisation o ON o.id = m.organisation_id
                JOIN institution i ON i.organisation_id = o.id WHERE m.ended_at IS NULL ORDER BY o.created_at, m.created_at",
        };
        let (db, nature) = (&self.app.db, &self.app.nature);
        let members: Vec<(PersonId, String, OrganisationId, String, String, bool)> = db
            .read(|tx| {
                tx.all(&Outside("a test"), all, &[], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
                })
            })
            .map_err(|error: DbError| error)
            .unwrap();
        members
            .into_iter()
            .map(|(person, name, organisation, place, role, administrator)| {
                let token = SessionToken::new(nature.bytes());
                let id = SessionId(nature.id());
                db.write(|tx| {
                    Sessions::begin(tx, id, &token, person, "a test", nature.now())?;
                    let session = Sessions::find(tx, &token, nature.now())?.unwrap();
                    assert!(Sessions::switch(tx, &session, organisation)?);
                    Ok::<_, DbError>(())
                })
                .unwrap();
                let role: Role = role.parse().unwrap();
                let asker = Asker {
                    scope: Scope::new(person, &name, organisation, role).administrating(administrator),
                    cookie: format!("komainu-session={}; komainu-lang=ja", token.text()),
                    csrf: String::new(),
                };
                (place, asker)
            })
            .collect()
    }

    fn ask(&self, asker: Option<&Asker>, method: &Method, path: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("host", "127.0.0.1:8420");
        if let Some(asker) = asker {
            request = request.header("cookie", &asker.cookie);
        }
        let body = if method == Method::POST {
            let csrf = asker.map(|asker| asker.csrf.as_str()).unwrap_or_default();
            // Where a file is taken, a form without one comes in parts too.
            let (kind, body) = if path.ends_with("/evidence") {
                let part = |name: &str, value: &str| {
                    format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                };
                let parts = format!("{}{}--x--\r\n", part("csrf", csrf), part("version", "1"));
                ("multipart/form-data; boundary=x", parts)
            } else {
                ("application/x-www-form-urlencoded", format!("csrf={csrf}&version=1"))
            };
            request = request.header("sec-fetch-site", "same-origin").header("content-type", kind);
            Body::from(body)
        } else {
            Body::empty()
        };
        let request = request.body(body).unwrap();
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let location = parts.headers.get("location").map(|value| value.to_str().unwrap().to_owned());
            let bytes = axum::body::to_bytes(body, 64_000_000).await.unwrap();
            Answer {
                status: parts.status,
                location: location.unwrap_or_default(),
                body: String::from_utf8_lossy(&bytes).into_owned(),
            }
        })
    }

    /// Follows links and answers, for each route, the addresses that lead to it; also reads the form token.
    fn walk(&self, asker: &mut Asker) -> BTreeMap<&str, BTreeSet<String>> {
        let mut found: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        let mut waiting: VecDeque<String> = self
            .routes
            .iter()
            .filter(|route| route.method == Method::GET && !route.path.contains('{'))
            .map(|route| route.path.to_string())
            .collect();
        let mut seen: BTreeSet<String> = waiting.iter().cloned().collect();
        let mut steps = 0;
        while let Some(path) = waiting.pop_front() {
            steps += 1;
            if steps > STEPS {
                break;
            }
            let answer = self.ask(Some(asker), &Method::GET, &path);
            assert!(!answer.status.is_server_error(), "{path} answers {}", answer.status);
            if let Some(token) = between(&answer.body, "name=\"csrf\" value=\"", "\"").find(|t| !t.is_empty())
            {
                token.clone_into(&mut asker.csrf);
            }
            let links =
                between(&answer.body, "href=\"/", "\"").chain(between(&answer.body, "action=\"/", "\""));
            for link in links.map(|link| format!("/{}", link.split(['#', '?']).next().unwrap_or_default())) {
                let route = self.routes.iter().find(|route| matches(&route.path, &link));
                if let Some(route) = route {
                    let kind = found.entry(&route.path).or_default();
                    // Three addresses of a kind show what there is to show.
                    if kind.len() < 3 && kind.insert(link.clone()) && seen.insert(link.clone()) {
                        waiting.push_back(link);
                    }
                }
            }
        }
        found
    }

    /// Registers a browser of somebody's institution as a shared place.
    fn place(&self, by: &Scope) -> (SharedPlace, PlaceToken) {
        let (db, nature) = (&self.app.db, &self.app.nature);
        let token = SessionToken::new(nature.bytes());
        let made = db.write(|tx| {
            Sessions::begin(tx, SessionId(nature.id()), &token, by.person(), "a test", nature.now())?;
            let session = Sessions::find(tx, &token, nature.now())?.unwrap();
            komainu_place::actions::place_register(tx, nature, (&session, by), "病棟の端末")
        });
        let token = made.map_err(|_| "registered").unwrap();
        let place = db.read(|tx| Ok::<_, Failure>(SharedPlace::find(tx, &token)?)).unwrap().unwrap();
        (place, token)
    }

    /// Somebody who gave their PIN at a shared place.
    fn at_place(&self, scope: &Scope, place: &(SharedPlace, PlaceToken), locked: bool) -> Asker {
        let (db, nature) = (&self.app.db, &self.app.nature);
        let (token, id) = (SessionToken::new(nature.bytes()), SessionId(nature.id()));
        db.write(|tx| {
            Sessions::begin_shared(tx, id, &token, (scope.person(), &place.0), "a test", nature.now())?;
            if locked { Sessions::lock(tx, id, nature.now()) } else { Ok::<_, DbError>(()) }
        })
        .unwrap();
        let cookie =
            format!("komainu-session={}; komainu-place={}; komainu-lang=ja", token.text(), place.1.text());
        Asker { scope: scope.clone().at(&place.0), cookie, csrf: String::new() }
    }

    fn chain_length(&self, organisation: OrganisationId) -> i64 {
        let db = &self.app.db;
        db.read(|tx| komainu_audit::verify(tx, organisation)).map_err(|error: DbError| error).unwrap().sound
    }
}

fn between<'a>(text: &'a str, start: &'static str, end: &'static str) -> impl Iterator<Item = &'a str> {
    text.split(start).skip(1).filter_map(move |rest| rest.split(end).next())
}

fn matches(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(part), Some(_)) if part.starts_with("{*") => return true,
            (Some(part), Some(piece)) if part.starts_with('{') && !piece.is_empty() => {}
            (Some(part), Some(piece)) if part == piece => {}
            _ => return false,
        }
    }
}

/// A route's address with ids that belong to nothing.
fn made_up(path: &str) -> String {
    path.split('/')
        .map(|part| if part.starts_with('{') { NOBODY } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

/// Leads somewhere only for those who belong there: signing out and choosing would end or move the test's sessions.
fn moves_the_session(route: &Route) -> bool {
    ["/sign-out", "/organisation", "/account/sessions", "/sign-in/demo"].contains(&&*route.path)
}

fn on_both(test: impl Fn(House)) {
    each_database(|db| test(house(db)));
}
