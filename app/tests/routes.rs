//! Every route as a stranger, as each role, and as someone of another institution.
//!
//! The demo's world is walked by its links, so that the addresses asked for are real ones; then everyone asks for all of
//! them. A route that nobody's links lead to is asked for with made-up ids.
#![allow(clippy::unwrap_used)]

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use komainu_access::{
    OrganisationId, PersonId, PlaceToken, Role, Scope, SessionId, SessionToken, Sessions, SharedPlace,
};
use komainu_catalog::Catalog;
use komainu_clock::Nature;
use komainu_db::testing::each_database;
use komainu_db::{Db, DbError, Outside, Statement};
use komainu_files::{Files, Key};
use komainu_web::{App, Audience, Failure, Route, Settings};
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
    routes: Vec<Route>,
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
    House {
        runtime,
        router: komainu::router::router(&app),
        routes: komainu::router::routes(),
        app,
        _folder: folder,
    }
}

impl House {
    /// Every membership of the demo, with a session each.
    fn askers(&self) -> Vec<(String, Asker)> {
        let all = Statement {
            name: "MEMBERS",
            sql: "SELECT m.person_id, p.name, m.organisation_id, o.name, m.role FROM membership m
                JOIN person p ON p.id = m.person_id JOIN organisation o ON o.id = m.organisation_id
                JOIN institution i ON i.organisation_id = o.id WHERE m.ended_at IS NULL ORDER BY o.created_at, m.created_at",
        };
        let (db, nature) = (&self.app.db, &self.app.nature);
        let members: Vec<(PersonId, String, OrganisationId, String, String)> = db
            .read(|tx| {
                tx.all(&Outside("a test"), all, &[], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
                })
            })
            .map_err(|error: DbError| error)
            .unwrap();
        members
            .into_iter()
            .map(|(person, name, organisation, place, role)| {
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
                    scope: Scope::new(person, &name, organisation, role),
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
            request = request
                .header("sec-fetch-site", "same-origin")
                .header("content-type", "application/x-www-form-urlencoded");
            Body::from(format!(
                "csrf={}&version=1",
                asker.map(|asker| asker.csrf.as_str()).unwrap_or_default()
            ))
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
    fn walk(&self, asker: &mut Asker) -> BTreeMap<&'static str, BTreeSet<String>> {
        let mut found: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
        let mut waiting: VecDeque<String> = self
            .routes
            .iter()
            .filter(|route| route.method == Method::GET && !route.path.contains('{'))
            .map(|route| route.path.to_owned())
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
                let route = self.routes.iter().find(|route| matches(route.path, &link));
                if let Some(route) = route {
                    let kind = found.entry(route.path).or_default();
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
    ["/sign-out", "/organisation", "/account/sessions", "/sign-in/demo"].contains(&route.path)
}

fn on_both(test: impl Fn(House)) {
    each_database(|db| test(house(db)));
}

#[test]
fn a_stranger_is_let_in_nowhere() {
    on_both(|house| {
        for route in &house.routes {
            let answer = house.ask(None, &route.method, &made_up(route.path));
            let open = matches!(route.audience, Audience::Always | Audience::Anyone);
            let name = format!("{} {}", route.method, route.path);
            match (open, route.audience, &route.method) {
                (true, ..) => assert!(!answer.status.is_server_error(), "{name}: {}", answer.status),
                (false, Audience::FirstRun, _) => assert_eq!(answer.location, "/", "{name}"),
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
                .uri(made_up(route.path))
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
                    let known = addresses.get(route.path).and_then(|all| all.first().cloned());
                    let path = known.unwrap_or_else(|| made_up(route.path));
                    let name = format!("{} {path} as {}", route.method, asker.scope.role());
                    let status = house.ask(Some(asker), &route.method, &path).status;
                    assert!(!status.is_server_error(), "{name}: {status}");
                    if denied {
                        assert_eq!(status, StatusCode::FORBIDDEN, "{name}");
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
            for path in addresses.get(route.path).into_iter().flatten() {
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
                let known = addresses.get(route.path).and_then(|all| all.first().cloned());
                let path = known.unwrap_or_else(|| made_up(route.path));
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
            let answer = house.ask(Some(&locked), &route.method, &made_up(route.path));
            let name = format!("{} {}", route.method, route.path);
            assert!(!answer.status.is_server_error(), "{name}: {}", answer.status);
            // A demo's door shows its people to everyone.
            let door = route.path.starts_with("/sign-in");
            assert!(door || !answer.body.contains(chief.scope.person_name()), "{name} tells who was here");
            match (route.audience, &route.method) {
                (Audience::Always | Audience::Anyone, _) => {}
                (Audience::FirstRun, _) => assert_eq!(answer.location, "/", "{name}"),
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
