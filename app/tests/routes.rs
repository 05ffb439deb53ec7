//! Every route as a stranger, as each role, and as someone of another institution: the pages, and the API.
//!
//! The demo's world is walked by its links, so that the addresses asked for are real ones; then everyone asks for all of
//! them. A route that nobody's links lead to is asked for with made-up ids.
#![allow(clippy::unwrap_used)]

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

#[test]
fn a_stranger_is_let_in_nowhere() {
    on_both(|house| {
        for route in &house.routes {
            let answer = house.ask(None, &route.method, &made_up(&route.path));
            let open = matches!(route.audience, Audience::Always | Audience::Anyone);
            let name = format!("{} {}", route.method, route.path);
            match (open, route.audience, &route.method) {
                (true, ..) => assert!(!answer.status.is_server_error(), "{name}: {}", answer.status),
                (false, Audience::FirstRun, _) => assert_eq!(answer.location, "/", "{name}"),
                (false, Audience::Link(_), _) => assert_eq!(answer.status, StatusCode::NOT_FOUND, "{name}"),
                (false, _, &Method::GET) => assert!(answer.location.starts_with("/sign-in?next="), "{name}"),
                (false, ..) => assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name}"),
            }
        }
    });
}

#[test]
fn a_form_of_another_site_is_refused_everywhere() {
    on_both(|house| {
        let (_, asker) = house.askers().remove(0);
        for route in house.routes.iter().filter(|route| route.method == Method::POST) {
            let request = Request::builder()
                .method(Method::POST)
                .uri(made_up(&route.path))
                .header("host", "127.0.0.1:8420")
                .header("cookie", &asker.cookie)
                .header("origin", "https://elsewhere.example")
                .header("content-type", "application/x-www-form-urlencoded")
                .body(Body::empty())
                .unwrap();
            let status = house.router.clone().oneshot(request);
            let status = house.runtime.block_on(status).unwrap().status();
            assert_eq!(status, StatusCode::FORBIDDEN, "{}", route.path);
        }
    });
}

#[test]
fn each_role_reaches_what_its_permissions_say_and_nothing_else() {
    on_both(|house| {
        let mut askers = house.askers();
        let home = askers[0].1.scope.organisation();
        let chief = askers
            .iter_mut()
            .find(|(_, a)| a.scope.organisation() == home && a.scope.role() == Role::SafetyManager);
        let addresses = house.walk(&mut chief.unwrap().1);
        assert!(addresses.len() > 30, "the walk found only {} routes", addresses.len());
        // What changes something comes last: it may end the very memberships that are asked about.
        for permitted_changes in [false, true] {
            for (_, asker) in askers.iter().filter(|(_, asker)| asker.scope.organisation() == home) {
                for route in house.routes.iter().filter(|route| !moves_the_session(route)) {
                    let denied = route.audience.needs_scope() && route.audience.check(&asker.scope).is_err();
                    if permitted_changes != (route.method == Method::POST && !denied) {
                        continue;
                    }
                    let known = addresses.get(&*route.path).and_then(|all| all.first().cloned());
                    let path = known.unwrap_or_else(|| made_up(&route.path));
                    let name = format!("{} {path} as {}", route.method, asker.scope.role());
                    let status = house.ask(Some(asker), &route.method, &path).status;
                    assert!(!status.is_server_error(), "{name}: {status}");
                    if denied {
                        assert_eq!(status, StatusCode::FORBIDDEN, "{name}");
                    } else if matches!(route.audience, Audience::Link(_)) {
                        assert_eq!(status, StatusCode::NOT_FOUND, "{name}: no role opens a link's page");
                    } else if route.audience.needs_scope() && route.method == Method::GET {
                        assert_ne!(status, StatusCode::UNAUTHORIZED, "{name}");
                    }
                }
            }
        }
    });
}

#[test]
fn another_institution_sees_and_changes_nothing() {
    on_both(|house| {
        let mut askers = house.askers();
        let home = askers[0].1.scope.organisation();
        let home_name = askers[0].0.clone();
        let at_home = |a: &Asker| a.scope.organisation() == home;
        let chief = askers.iter_mut().find(|(_, a)| at_home(a) && a.scope.role() == Role::SafetyManager);
        let addresses = house.walk(&mut chief.unwrap().1);
        let own = |person: PersonId| askers.iter().filter(|(_, a)| a.scope.person() == person).count() == 1;
        let position = askers
            .iter()
            .position(|(_, a)| !at_home(a) && a.scope.role() == Role::Director && own(a.scope.person()))
            .expect("another institution has a director who belongs nowhere else");
        let mut other = askers.remove(position).1;
        house.walk(&mut other);
        assert!(!other.csrf.is_empty(), "no form on any page of {}", other.scope.person_name());
        let before = house.chain_length(home);
        for route in house.routes.iter().filter(|route| !moves_the_session(route)) {
            for path in addresses.get(&*route.path).into_iter().flatten() {
                let name = format!("{} {path}", route.method);
                let answer = house.ask(Some(&other), &route.method, path);
                assert!(!answer.status.is_server_error(), "{name}: {}", answer.status);
                // A demo's door shows its houses to everyone.
                let open = route.audience == Audience::Anyone;
                assert!(open || !answer.body.contains(&home_name), "{name} tells of {home_name}");
                let foreign = path
                    .split(['/', '-'])
                    .any(|part| part.len() == 12 && part.bytes().all(|b| b.is_ascii_hexdigit()));
                if foreign {
                    // Whatever is wrong with a form: the thing it belongs to is looked for first.
                    let closed = matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN);
                    assert!(closed, "{name}: {}", answer.status);
                }
            }
        }
        assert_eq!(house.chain_length(home), before, "something was changed from outside");
    });
}

#[test]
fn at_a_shared_place_everybody_reaches_what_staff_may_and_nothing_of_their_account() {
    on_both(|house| {
        let mut askers = house.askers();
        let home = askers[0].1.scope.organisation();
        let at_home = |a: &Asker| a.scope.organisation() == home;
        let chief = askers.iter_mut().find(|(_, a)| at_home(a) && a.scope.role() == Role::SafetyManager);
        let chief = &mut chief.unwrap().1;
        let addresses = house.walk(chief);
        let place = house.place(&chief.scope);
        for (_, own) in askers.iter().filter(|(_, asker)| at_home(asker)) {
            for route in house.routes.iter().filter(|route| !moves_the_session(route)) {
                let asker = house.at_place(&own.scope, &place, false);
                let known = addresses.get(&*route.path).and_then(|all| all.first().cloned());
                let path = known.unwrap_or_else(|| made_up(&route.path));
                let name = format!("{} {path} as {} at a place", route.method, own.scope.role());
                let answer = house.ask(Some(&asker), &route.method, &path);
                assert!(!answer.status.is_server_error(), "{name}: {}", answer.status);
                let refused = match route.audience {
                    Audience::SignedIn | Audience::Administrator => true,
                    Audience::May(_) | Audience::MayAny(_) => route.audience.check(&asker.scope).is_err(),
                    // A PIN proves too little for another one.
                    Audience::Present => route.path == "/account/pin",
                    _ => continue,
                };
                if refused {
                    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}");
                } else if route.method == Method::GET {
                    assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{name}");
                    assert!(!answer.body.contains("href=\"/account\""), "{name} leads to the account");
                }
            }
        }
    });
}

/// Links' part of the house.
impl House {
    /// A link through which the first vendor of somebody's ledger answers: its secret's text.
    fn link(&self, scope: &Scope) -> String {
        let (secret, app) = (self.token(scope, own_choice(scope)), &self.app);
        let rounds = self.json(&secret, "/rounds");
        let mut open = rounds["items"].as_array().unwrap().iter();
        let round = open.find(|round| round["closed_at"].is_null()).unwrap();
        let (year, form) = (round["fiscal_year"].as_i64().unwrap(), round["form"].as_str().unwrap());
        let letter = self.json(&secret, &format!("/rounds/{year}/{form}/letter"));
        let rows: Vec<komainu_catalog::PlacementId> = letter["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row.as_str().unwrap().parse().unwrap())
            .collect();
        let vendor = letter["vendor"].as_str().unwrap().parse().unwrap();
        let by = letter["reply_by"].as_str().unwrap().parse().unwrap();
        let key = form.parse().unwrap();
        let made = app.db.write(|tx| {
            let round = round_by_key(tx, scope, i32::try_from(year).unwrap(), key)?;
            reply_link_make(tx, &app.nature, scope, &app.catalog, round.id, (&rows, vendor, by))
        });
        made.map_err(|_| "made").unwrap().token.text()
    }

    fn change_links(&self, sql: &'static str) {
        let outside = Outside("a test");
        self.app
            .db
            .write(|tx| tx.run(&outside, Statement { name: "CHANGE", sql }, &[]))
            .map_err(|error: DbError| error)
            .unwrap();
    }
}

#[test]
fn a_link_opens_the_pages_of_its_purpose_and_nothing_else() {
    on_both(|house| {
        let askers = house.askers();
        let home = askers[0].1.scope.organisation();
        let (_, chief) = askers
            .iter()
            .find(|(_, a)| a.scope.organisation() == home && a.scope.role() == Role::SafetyManager)
            .unwrap();
        let token = house.link(&chief.scope);
        let page = format!("/l/reply/{token}");
        let opened = house.ask(None, &Method::GET, &page);
        assert_eq!(opened.status, StatusCode::OK, "{}", opened.body);
        assert!(
            !opened.body.contains("href=\"/account\"") && !opened.body.contains(chief.scope.person_name())
        );
        let before = house.chain_length(home);
        let carrier = Asker {
            scope: chief.scope.clone(),
            cookie: format!("komainu-session={token}; komainu-place={token}; komainu-door={token}"),
            csrf: String::new(),
        };
        for route in house.routes.iter().filter(|route| !matches!(route.audience, Audience::Link(_))) {
            let path = route.path.split('/').map(|part| if part.starts_with('{') { &token } else { part });
            let path = path.collect::<Vec<_>>().join("/");
            let answer = house.ask(Some(&carrier), &route.method, &path);
            let name = format!("{} {path}", route.method);
            assert!(!answer.status.is_server_error(), "{name}: {}", answer.status);
            let open = matches!(route.audience, Audience::Always | Audience::Anyone);
            assert!(open || answer.status != StatusCode::OK, "{name} is opened by a link");
        }
        for operation in house.operations.iter().filter(|one| one.audience != Audience::Always) {
            let path = made_up(&operation.path);
            let status = house.call(&format!("Bearer {token}"), &operation.method, &path).status;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{} {path}", operation.method);
        }
        assert_eq!(house.chain_length(home), before, "something was changed");
        for (name, change) in [
            ("of another purpose", "UPDATE link SET purpose = 'something_else'"),
            (
                "over",
                "UPDATE link SET purpose = 'letter_reply', used_at = expires_at, expires_at = created_at",
            ),
            ("withdrawn", "UPDATE link SET expires_at = used_at, used_at = NULL, revoked_at = created_at"),
            ("used up", "UPDATE link SET revoked_at = NULL, uses = most_uses"),
        ] {
            house.change_links(change);
            for method in [Method::GET, Method::POST] {
                let answer = house.ask(None, &method, &page);
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{name}");
                assert!(answer.body.contains("このリンクは使えません"), "{name}: {}", answer.body);
            }
        }
        house.change_links("UPDATE link SET uses = 0");
        assert_eq!(house.ask(None, &Method::GET, &page).status, StatusCode::OK, "the same once more");
        let guessed = house.ask(None, &Method::GET, &format!("/l/reply/{}", "A".repeat(43)));
        assert_eq!(guessed.status, StatusCode::NOT_FOUND);
    });
}

/// The API's part of the house.
impl House {
    /// A token of someone with some permissions.
    fn token(&self, scope: &Scope, permissions: Vec<Permission>) -> TokenSecret {
        let new = NewToken { name: "a test".into(), permissions, life: TokenLife::days(1).unwrap() };
        let nature = &self.app.nature;
        let now = nature.now();
        let session = Session {
            id: SessionId(nature.id()),
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
        };
        let made = self.app.db.write(|tx| token_make(tx, nature, (&session, scope), &new));
        made.map_err(|error: Failure| error).unwrap().secret
    }

    /// Lets somebody run the installation as well.
    fn administrate(&self, person: PersonId) {
        let set =
            Statement { name: "ADMINISTRATE", sql: "UPDATE person SET administrator = TRUE WHERE id = $1" };
        let (db, outside) = (&self.app.db, Outside("a test"));
        db.write(|tx| tx.run(&outside, set, &[person.into()])).map_err(|error: DbError| error).unwrap();
    }

    fn call(&self, authorization: &str, method: &Method, path: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("host", "127.0.0.1:8420");
        if !authorization.is_empty() {
            request = request.header("authorization", authorization);
        }
        request = request.header("content-type", "application/json").header("if-match", "\"1\"");
        let body = if method == Method::GET { Body::empty() } else { Body::from("{}") };
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = axum::body::to_bytes(body, 64_000_000).await.unwrap();
            let body = String::from_utf8_lossy(&bytes).into_owned();
            assert!(!parts.status.is_server_error(), "{method} {path}: {} {body}", parts.status);
            Answer { status: parts.status, location: String::new(), body }
        })
    }

    fn with(&self, secret: &TokenSecret, method: &Method, path: &str) -> Answer {
        self.call(&format!("Bearer {}", secret.text()), method, path)
    }

    fn json(&self, secret: &TokenSecret, path: &str) -> Value {
        let answer = self.with(secret, &Method::GET, &format!("/api/v1{path}"));
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    /// An address of something that is there, for each operation's path, as far as the demo has it.
    fn things(&self, secret: &TokenSecret) -> BTreeMap<String, String> {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let round = self.json(secret, "/rounds")["items"][0].clone();
        let round = format!("/rounds/{}/{}", round["fiscal_year"], text(&round["form"]));
        let rows = self.json(secret, &format!("{round}/rows"))["items"].as_array().unwrap().clone();
        let proved = rows.iter().find(|row| row["evidence_count"] != 0).unwrap_or(&rows[0]);
        let row = format!("{round}/rows/{}", text(&proved["row"]));
        let evidence = self.json(secret, &format!("{row}/evidence"))["items"][0]["id"].clone();
        let step = self.json(secret, "/plan")["later"][0]["step"].clone();
        let edition = self.json(secret, "/editions")["items"][0].clone();
        let form = format!("{}/{}", edition["fiscal_year"], text(&edition["forms"][0]["variant"]));
        let paths = self.operations.iter().map(|operation| operation.path.to_string());
        paths
            .map(|path| {
                let below = path.trim_start_matches("/api/v1").to_owned();
                let real = match below.split_once("/{id}") {
                    Some(("/evidence", _)) => below.replace("{id}", &text(&evidence)),
                    Some((list, _)) => {
                        let first = self.json(secret, list)["items"][0]["id"].clone();
                        if first.is_null() { made_up(&below) } else { below.replace("{id}", &text(&first)) }
                    }
                    None => below
                        .replace("/rounds/{year}/{form}/rows/{row}", &row)
                        .replace("/rounds/{year}/{form}", &round)
                        .replace("/editions/{year}/{variant}", &format!("/editions/{form}"))
                        .replace("{step}", &text(&step)),
                };
                (path, format!("/api/v1{}", made_up(&real)))
            })
            .collect()
    }
}

#[test]
fn every_operation_is_described_and_the_document_is_the_one_that_is_kept() {
    let routes = komainu::router::routes();
    let mut names = BTreeSet::new();
    for route in routes.iter().filter(|route| route.path.starts_with("/api/")) {
        let name = format!("{} {}", route.method, route.path);
        let operation = &route.operation().unwrap_or_else(|| panic!("{name} has no operation")).inside;
        assert!(operation.summary.as_ref().is_some_and(|summary| !summary.is_empty()), "{name}");
        let id = operation.operation_id.clone().unwrap();
        assert!(names.insert(id.clone()), "{name} is called {id} like another");
        let good = operation.responses.responses.keys().filter(|status| status.starts_with('2')).count();
        assert_eq!(good, 1, "{name} has one way to succeed");
        for part in route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
            let described = serde_json::to_value(&operation.parameters).unwrap();
            let found =
                described.as_array().unwrap().iter().any(|one| one["in"] == "path" && one["name"] == part);
            assert!(found, "{name} does not describe {part}");
        }
    }
    assert!(names.len() > 80, "{}", names.len());
    let document = komainu_web::api::document(&routes, env!("CARGO_PKG_VERSION"));
    let parsed: Value = serde_json::from_str(&document).unwrap();
    for reference in between(&document, "\"$ref\": \"#", "\"") {
        assert!(parsed.pointer(reference).is_some(), "nothing is at {reference}");
    }
    // What the API promises is looked at by a person whenever it changes.
    let kept = include_str!("openapi.json");
    if kept.trim_end() != document {
        let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("openapi.json");
        std::fs::write(&path, format!("{document}\n")).unwrap();
        panic!("the document changed; if that was meant, copy {} to app/tests/openapi.json", path.display());
    }
}

#[test]
fn the_api_opens_to_tokens_and_the_pages_do_not() {
    on_both(|house| {
        let (_, asker) = house.askers().remove(0);
        let secret = house.token(&asker.scope, own_choice(&asker.scope));
        for operation in &house.operations {
            let name = format!("{} {}", operation.method, operation.path);
            let open = operation.audience == Audience::Always;
            let path = made_up(&operation.path);
            let expected = if open { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
            assert_eq!(house.call("", &operation.method, &path).status, expected, "{name}");
            // A browser's cookie is no token.
            assert_eq!(house.ask(Some(&asker), &operation.method, &path).status, expected, "{name}");
        }
        for route in house.routes.iter().filter(|route| route.audience.needs_scope()) {
            let answer = house.with(&secret, &route.method, &made_up(&route.path));
            let closed = [StatusCode::SEE_OTHER, StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
            assert!(closed.contains(&answer.status), "{} {}: {}", route.method, route.path, answer.status);
        }
    });
}

#[test]
fn a_locked_place_shows_nothing_but_the_way_to_unlock_it() {
    on_both(|house| {
        let askers = house.askers();
        let home = askers[0].1.scope.organisation();
        let at_home = |a: &Asker| a.scope.organisation() == home;
        let (_, chief) =
            askers.iter().find(|(_, a)| at_home(a) && a.scope.role() == Role::SafetyManager).unwrap();
        let place = house.place(&chief.scope);
        let before = house.chain_length(home);
        for route in &house.routes {
            let locked = house.at_place(&chief.scope, &place, true);
            let answer = house.ask(Some(&locked), &route.method, &made_up(&route.path));
            let name = format!("{} {}", route.method, route.path);
            assert!(!answer.status.is_server_error(), "{name}: {}", answer.status);
            // A demo's door shows its people to everyone.
            let door = route.path.starts_with("/sign-in");
            assert!(door || !answer.body.contains(chief.scope.person_name()), "{name} tells who was here");
            match (route.audience, &route.method) {
                (Audience::Always | Audience::Anyone, _) => {}
                (Audience::FirstRun, _) => assert_eq!(answer.location, "/", "{name}"),
                (Audience::Link(_), _) => assert_eq!(answer.status, StatusCode::NOT_FOUND, "{name}"),
                (_, &Method::GET) => {
                    assert!(answer.location.starts_with("/place?next="), "{name}: {}", answer.status);
                }
                (..) => assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name}"),
            }
        }
        assert_eq!(house.chain_length(home), before, "something was changed");
        let elsewhere = house.ask(None, &Method::GET, "/place");
        assert_eq!(elsewhere.location, "/sign-in", "a browser that is not registered sees no names");
        // The session's cookie without the place's mark is worth nothing.
        let mut carried = house.at_place(&chief.scope, &place, false);
        carried.cookie =
            carried.cookie.split("; ").find(|part| part.starts_with("komainu-session")).unwrap().to_owned();
        assert!(house.ask(Some(&carried), &Method::GET, "/").location.starts_with("/sign-in"));
    });
}

#[test]
fn each_token_does_what_its_role_and_its_permissions_say_and_nothing_else() {
    on_both(|house| {
        house.administrate(house.askers()[0].1.scope.person());
        let askers = house.askers();
        let home = askers[0].1.scope.organisation();
        let at_home: Vec<&Scope> =
            askers.iter().map(|(_, a)| &a.scope).filter(|scope| scope.organisation() == home).collect();
        let chief = at_home.iter().find(|scope| scope.role() == Role::SafetyManager).unwrap();
        let things = house.things(&house.token(chief, own_choice(chief)));
        let whole = at_home.iter().map(|scope| (*scope, own_choice(scope)));
        let owner = at_home.iter().find(|scope| scope.may(Permission::InstallationManage)).unwrap();
        let narrow = Permission::ALL.iter().map(|permission| {
            let who = if permission.is_of_installation() { owner } else { chief };
            (*who, vec![*permission])
        });
        let callers: Vec<_> = whole.chain(narrow).collect();
        for permitted_changes in [false, true] {
            for (scope, permissions) in &callers {
                let secret = house.token(scope, permissions.clone());
                let narrowed = (*scope)
                    .clone()
                    .narrowed_to(Some(komainu_access::Permissions::chosen(permissions.clone())));
                for operation in house.operations.iter().filter(|one| one.audience != Audience::Always) {
                    let denied = operation.audience.check(&narrowed).is_err();
                    let reads = operation.method == Method::GET;
                    // Ending a membership would end the tokens of those who ask next.
                    let ends = operation.method == Method::DELETE && operation.path.contains("/members/");
                    if permitted_changes != (!reads && !denied) || (ends && !denied) {
                        continue;
                    }
                    let path = &things[&*operation.path];
                    let status = house.with(&secret, &operation.method, path).status;
                    let name = format!("{} {path} as {} {permissions:?}", operation.method, scope.role());
                    assert_ne!(status, StatusCode::UNAUTHORIZED, "{name}");
                    assert!(!denied || status == StatusCode::FORBIDDEN, "{name}: {status}");
                }
            }
        }
    });
}

#[test]
fn a_token_of_another_institution_sees_and_changes_nothing() {
    on_both(|house| {
        let askers = house.askers();
        let (home_name, home) = (askers[0].0.clone(), askers[0].1.scope.organisation());
        let role = |role, at_home| {
            let found = askers.iter().map(|(_, asker)| &asker.scope);
            let mut found = found.filter(|scope| (scope.organisation() == home) == at_home);
            found.find(|scope| scope.role() == role).unwrap()
        };
        let chief = role(Role::SafetyManager, true);
        let things = house.things(&house.token(chief, own_choice(chief)));
        let other = role(Role::Director, false);
        let secret = house.token(other, own_choice(other));
        let before = house.chain_length(home);
        for operation in house.operations.iter().filter(|one| one.audience != Audience::Always) {
            let path = &things[&*operation.path];
            let name = format!("{} {path}", operation.method);
            let answer = house.with(&secret, &operation.method, path);
            assert!(!answer.body.contains(&home_name), "{name} tells of {home_name}");
            if operation.path.contains("{id}") {
                // A body may be at fault before the thing is looked for; that tells nothing.
                let faulty = answer.status == StatusCode::UNPROCESSABLE_ENTITY;
                assert!(faulty || answer.status == StatusCode::NOT_FOUND, "{name}: {}", answer.status);
            }
        }
        assert_eq!(house.chain_length(home), before, "something was changed from outside");
    });
}
