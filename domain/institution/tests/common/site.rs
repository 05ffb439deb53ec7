//! The API of the small world, asked as another program asks it.
#![allow(dead_code, clippy::unwrap_used)]

#[path = "mod.rs"]
pub mod house;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use house::House;
use komainu_access::{Permission, Scope, Session, SessionId};
use komainu_catalog::Catalog;
use komainu_db::testing::each_database;
use komainu_db::{Db, DbError, Outside, Statement};
use komainu_files::{Files, Key};
use komainu_people::actions::{NewToken, TokenLife, token_make};
use komainu_web::{App, Failure, Route, Settings};
use serde_json::Value;
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt as _;

/// The program with some routes of the API.
pub struct Site {
    // Dropped first: a connection to PostgreSQL may not be closed by a runtime's own thread.
    runtime: Runtime,
    router: Router,
    pub house: House,
    _folder: tempfile::TempDir,
}

/// What the program answered.
pub struct Answer {
    pub status: StatusCode,
    headers: HeaderMap,
    pub text: String,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The word of a problem.
    #[track_caller]
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        self.json()["type"].as_str().unwrap().trim_start_matches("urn:komainu:problem:").to_owned()
    }
}

/// Tries these routes on each database.
pub fn each_site(settings: impl Fn() -> Settings, routes: impl Fn() -> Vec<Route>, test: impl Fn(Site)) {
    each_database(|db| test(Site::new(db, settings(), routes())));
}

impl Site {
    fn new(db: Db, settings: Settings, routes: Vec<Route>) -> Site {
        let house = House::new(db);
        let folder = tempfile::tempdir().unwrap();
        let key = Key::open(&folder.path().join("key"), &house.nature).unwrap();
        let files = Files::open(&folder.path().join("files"), key).unwrap();
        let settings = Settings { public_url: "http://127.0.0.1:8420".to_owned(), ..settings };
        let catalog = Arc::new(Catalog::embedded().unwrap());
        let app = App::new(house.db.clone(), house.nature.clone(), catalog, files, settings);
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        Site { runtime, router: komainu_web::router(&app, routes), house, _folder: folder }
    }

    /// A browser in which the person has just proved who they are.
    pub fn proved(&self, scope: &Scope) -> Session {
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

    /// A token of somebody's own, with some of their permissions.
    pub fn token(&self, scope: &Scope, permissions: &[Permission]) -> String {
        let new = NewToken {
            name: "表計算".into(),
            permissions: permissions.to_vec(),
            life: TokenLife::days(30).unwrap(),
        };
        let (nature, session) = (&self.house.nature, self.proved(scope));
        let made = self.house.write(|tx| token_make(tx, nature, (&session, scope), &new));
        made.map_err(|error: Failure| error).unwrap().secret.text()
    }

    /// Asks for a path below `/api/v1`; null is no body.
    pub fn ask(
        &self,
        token: &str,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        request = request.header("host", "127.0.0.1:8420");
        request = request.header("authorization", format!("Bearer {token}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = if body.is_null() {
            request.body(Body::empty())
        } else {
            request.header("content-type", "application/json").body(Body::from(body.to_string()))
        };
        self.runtime.block_on(async {
            let answer = self.router.clone().oneshot(request.unwrap()).await.unwrap();
            let (parts, body) = answer.into_parts();
            let bytes = axum::body::to_bytes(body, 1_000_000).await.unwrap();
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            assert!(!parts.status.is_server_error(), "{} {text}", parts.status);
            Answer { status: parts.status, headers: parts.headers, text }
        })
    }

    pub fn get(&self, token: &str, path: &str) -> Answer {
        self.ask(token, Method::GET, path, &[], &Value::Null)
    }

    pub fn post(&self, token: &str, path: &str, body: &Value) -> Answer {
        self.ask(token, Method::POST, path, &[], body)
    }

    /// What no action does.
    pub fn run(&self, name: &'static str, sql: &'static str, values: &[komainu_db::Value]) {
        let statement = Statement { name, sql };
        let ran: Result<usize, DbError> =
            self.house.write(|tx| tx.run(&Outside("a test"), statement, values));
        ran.unwrap();
    }
}
