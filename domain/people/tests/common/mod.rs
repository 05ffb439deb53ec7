//! A small world for tests: organisations, people, a browser.
#![allow(dead_code, clippy::unwrap_used)]

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use chrono::{DateTime, Utc};
use komainu_access::{
    OrganisationId, Permission, PersonId, Role, Scope, Session, SessionId, SessionToken, Sessions,
};
use komainu_catalog::Catalog;
use komainu_clock::{Fake, Nature};
use komainu_db::{Db, DbError, Outside, Statement, Tx, params};
use komainu_files::{Files, Key};
use komainu_i18n::Lang;
use komainu_jobs::Worker;
use komainu_notify::{MailQueue, MailSettings, Roots, Security, Sender};
use komainu_openid::Provider;
use komainu_people::actions::{self, Entered, Gate, Opened};
use komainu_people::factors::pages as factors;
use komainu_people::model::{NewPerson, Password};
use komainu_people::openid::pages as openid;
use komainu_people::pages;
use komainu_people::passwords::Hasher;
use komainu_people::rescue::pages as rescue;
use komainu_web::{App, Audience, Guest, Refused, Route, Settings, get, post};
use std::collections::BTreeMap;
use std::sync::Arc;
use tower::ServiceExt as _;

pub mod authenticator;

pub const PASSWORD: &str = "momiji kaban 83 tansu";
pub const OTHER_PASSWORD: &str = "yuyake enpitsu 41 taiko";

pub fn start() -> DateTime<Utc> {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

/// Cheap parameters, so that a test does not take minutes.
pub fn quick() -> Hasher {
    Hasher::new(argon2::Params::new(64, 1, 1, None).unwrap())
}

/// A database, a clock that stands, a cheap hasher, a key.
pub struct World {
    pub db: Db,
    pub nature: Nature,
    pub fake: Fake,
    pub hasher: Hasher,
    pub key: Key,
    pub folder: tempfile::TempDir,
}

impl World {
    pub fn new(db: Db) -> World {
        let (nature, fake) = Nature::fake(start());
        let folder = tempfile::tempdir().unwrap();
        let key = Key::open(&folder.path().join("files.key"), &nature).unwrap();
        World { db, nature, fake, hasher: quick(), key, folder }
    }

    pub fn gate(&self) -> Gate<'_> {
        Gate { db: &self.db, nature: &self.nature, hasher: &self.hasher, key: &self.key }
    }

    pub fn organisation(&self, name: &str) -> OrganisationId {
        organisation(&self.db, &self.nature, name)
    }

    pub fn person(&self, email: &str) -> PersonId {
        person(&self.db, &self.nature, &self.hasher, email, false)
    }

    pub fn join(&self, organisation: OrganisationId, person: PersonId, role: Role) {
        self.write(|tx| actions::membership_make(tx, &self.nature, organisation, person, role, ""));
    }

    /// A new person with a role, and their scope.
    pub fn member(&self, organisation: OrganisationId, email: &str, role: Role) -> Scope {
        let person = self.person(email);
        self.join(organisation, person, role);
        Scope::new(person, email, organisation, role)
    }

    /// A signed-in browser of a person.
    pub fn session(&self, person: PersonId) -> Session {
        let token = SessionToken::new(self.nature.bytes());
        self.write(|tx| {
            Sessions::begin(tx, SessionId(self.nature.id()), &token, person, "test", self.nature.now())?;
            Ok(Sessions::find(tx, &token, self.nature.now())?.unwrap())
        })
    }

    pub fn write<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, DbError>) -> T {
        self.db.write(work).unwrap()
    }

    pub fn log(&self, scope: &Scope) -> Vec<komainu_audit::Entry> {
        let page = komainu_audit::Page { limit: 1000, ..komainu_audit::Page::default() };
        self.db.read(|tx| komainu_audit::entries(tx, scope, &page)).unwrap()
    }
}

const OUTSIDE: Outside = Outside("a test");
const ORGANISATION: Statement = Statement {
    name: "ORGANISATION",
    sql: "INSERT INTO organisation (id, kind, parent_id, name, name_kana, folded, created_at)
        VALUES ($1, 'institution', NULL, $2, '', $2, $3)",
};

pub fn organisation(db: &Db, nature: &Nature, name: &str) -> OrganisationId {
    let id = OrganisationId(nature.id());
    aside(|| db.write(|tx| tx.run(&OUTSIDE, ORGANISATION, params![id, name, nature.now()]))).unwrap();
    id
}

pub fn person(db: &Db, nature: &Nature, hasher: &Hasher, email: &str, administrator: bool) -> PersonId {
    let new = NewPerson {
        name: email.split('@').next().unwrap().to_owned(),
        name_kana: String::new(),
        email: email.parse().unwrap(),
        password: hasher.hash(nature, &Password::typed(PASSWORD)).unwrap(),
        administrator,
        lang: Lang::Ja,
    };
    aside(|| db.write(|tx| actions::person_make(tx, nature, &new))).map_err(|_| "made already").unwrap()
}

/// Someone whom the password alone lets in.
pub fn inside(opened: Opened) -> Entered {
    match opened {
        Opened::Inside(entered) => entered,
        Opened::Door(_) => panic!("kept at the door"),
    }
}

/// What refused an action, without the failures that no test expects.
pub fn because<T: std::fmt::Debug, R: std::fmt::Debug>(outcome: Result<T, Refused<R>>) -> R {
    match outcome {
        Err(Refused::Because(reason)) => reason,
        other => panic!("not refused for a reason: {other:?}"),
    }
}

async fn home(_: komainu_web::Member) -> &'static str {
    "home"
}

async fn error(_: Guest) -> komainu_web::Outcome {
    Err(komainu_web::Failure::NotFound)
}

/// This crate's routes, and a first page behind the guard.
pub fn routes() -> Vec<Route> {
    use Audience::{Always, Anyone, FirstRun, May, SignedIn};
    let manage = May(Permission::MembersManage);
    vec![
        get("/", May(Permission::OrganisationSee), home),
        get("/nothing", Always, error),
        get("/first-run", FirstRun, pages::first_run),
        post("/first-run", FirstRun, pages::first_run_submit),
        get("/sign-in", Anyone, pages::sign_in),
        post("/sign-in", Anyone, pages::sign_in_submit),
        post("/sign-in/demo", Anyone, pages::demo_sign_in),
        post("/sign-out", Anyone, pages::sign_out),
        post("/preferences", Always, pages::preferences),
        get("/organisations", SignedIn, pages::organisations),
        post("/organisation", SignedIn, pages::organisation_switch),
        get("/account", SignedIn, pages::account),
        post("/account", SignedIn, pages::account_save),
        post("/account/reminders", SignedIn, pages::reminders_save),
        get("/account/password", SignedIn, pages::password),
        post("/account/password", SignedIn, pages::password_save),
        get("/account/email", SignedIn, pages::email),
        post("/account/email", SignedIn, pages::email_save),
        post("/account/sessions", SignedIn, pages::sessions_end),
        get("/account/tokens", May(Permission::AccountManage), pages::tokens),
        post("/account/tokens", May(Permission::AccountManage), pages::token_create),
        post("/account/tokens/end", May(Permission::AccountManage), pages::token_end),
        get("/people/services", manage, pages::services),
        post("/people/services", manage, pages::service_create),
        post("/people/services/end", manage, pages::service_end),
        get("/people", manage, pages::people),
        get("/people/invite", manage, pages::invite),
        post("/people/invite", manage, pages::invite_submit),
        post("/people/invitations/{id}/renew", manage, pages::invitation_renew),
        post("/people/invitations/{id}/revoke", manage, pages::invitation_revoke),
        get("/people/members/{person}", manage, pages::member),
        post("/people/members/{person}", manage, pages::member_save),
        get("/people/members/{person}/end", manage, pages::member_end),
        post("/people/members/{person}/end", manage, pages::member_end_submit),
        get("/invitation/{token}", Anyone, pages::invitation),
        post("/invitation/{token}", Anyone, pages::invitation_submit),
    ]
    .into_iter()
    .chain(factor_routes())
    .collect()
}

fn factor_routes() -> Vec<Route> {
    use Audience::{Anyone, May, SignedIn};
    let manage = May(Permission::MembersManage);
    vec![
        get("/sign-in/second", Anyone, factors::second),
        post("/sign-in/second", Anyone, factors::second_submit),
        post("/sign-in/second/options", Anyone, factors::second_options),
        post("/sign-in/passkey", Anyone, factors::passkey_sign_in),
        post("/sign-in/passkey/options", Anyone, factors::passkey_sign_in_options),
        get("/account/confirm", SignedIn, factors::confirm),
        post("/account/confirm", SignedIn, factors::confirm_submit),
        post("/account/confirm/options", SignedIn, factors::confirm_options),
        get("/account/factors", SignedIn, factors::factors),
        get("/account/factors/totp", SignedIn, factors::totp),
        post("/account/factors/totp", SignedIn, factors::totp_save),
        post("/account/factors/totp/remove", SignedIn, factors::totp_remove),
        get("/account/factors/passkeys/new", SignedIn, factors::passkey_new),
        post("/account/factors/passkeys/options", SignedIn, factors::passkey_new_options),
        post("/account/factors/passkeys", SignedIn, factors::passkey_save),
        post("/account/factors/passkeys/{id}/remove", SignedIn, factors::passkey_remove),
        post("/account/factors/codes", SignedIn, factors::codes_make),
        post("/people/second-factor", manage, factors::demand_save),
        post("/sign-in/openid", Anyone, openid::sign_in),
        get("/sign-in/openid/return", Anyone, openid::come_back),
        get("/sign-in/openid/unknown", Anyone, openid::unlinked),
        post("/account/openid", SignedIn, openid::link),
        post("/account/openid/{id}/remove", SignedIn, openid::unlink),
        post("/account/confirm/openid", SignedIn, openid::prove),
        get("/sign-in/lost", Anyone, rescue::rescue_ask),
        post("/sign-in/lost", Anyone, rescue::rescue_ask_submit),
        post("/account/rescue/cancel", SignedIn, rescue::rescue_cancel),
        get("/people/rescues/{id}", manage, rescue::rescue_page),
        post("/people/rescues/{id}/agree", manage, rescue::rescue_agree),
        post("/people/rescues/{id}/refuse", manage, rescue::rescue_refuse),
        get("/rescue/{token}", Anyone, rescue::rescue),
        post("/rescue/{token}", Anyone, rescue::rescue_submit),
    ]
}

/// The program around this crate's pages.
pub struct Site {
    pub app: App,
    pub fake: Fake,
    router: axum::Router,
    _folder: tempfile::TempDir,
}

impl Site {
    pub fn new(db: Db, setup_code: Option<&str>, demo: bool) -> Site {
        Site::at(db, setup_code, demo, "https://komainu.example.jp", None)
    }

    /// One that is reached under another address, and hands its mails to a server on this port of the loopback interface.
    pub fn at(db: Db, setup_code: Option<&str>, demo: bool, public_url: &str, port: Option<u16>) -> Site {
        Site::with(db, setup_code, demo, public_url, port, None)
    }

    fn with(
        db: Db,
        setup_code: Option<&str>,
        demo: bool,
        public_url: &str,
        port: Option<u16>,
        openid: Option<Provider>,
    ) -> Site {
        let folder = tempfile::tempdir().unwrap();
        let (nature, fake) = Nature::fake(start());
        let key = Key::open(&folder.path().join("key"), &nature).unwrap();
        let files = Files::open(&folder.path().join("files"), key).unwrap();
        let sender = |port| {
            Sender::new(&MailSettings {
                server: "127.0.0.1".to_owned(),
                port,
                security: Security::None,
                credentials: None,
                from: "komainu@example.jp".to_owned(),
                roots: Roots::default(),
            })
        };
        let settings = Settings {
            mail: port.map(|port| MailQueue::new(sender(port).unwrap(), files.key())),
            public_url: public_url.to_owned(),
            secure: false,
            demo,
            setup_code: setup_code.map(str::to_owned),
            version: "0".to_owned(),
            openid,
            ..Settings::default()
        };
        let app = App::new(db, nature, Arc::new(Catalog::embedded().unwrap()), files, settings);
        let router = komainu_web::router(&app, routes());
        Site { app, fake, router, _folder: folder }
    }

    /// One with an administrator (`incho@example.jp`) who is director of an organisation.
    pub fn settled(db: Db) -> (Site, OrganisationId) {
        Site::settled_at(db, "https://komainu.example.jp")
    }

    /// The same under another address.
    pub fn settled_at(db: Db, public_url: &str) -> (Site, OrganisationId) {
        Site::settle(Site::at(db, None, false, public_url, None))
    }

    /// The same on this computer, with a sign-in service.
    pub fn settled_with_service(db: Db, openid: Provider) -> (Site, OrganisationId) {
        Site::settle(Site::with(db, None, false, "http://localhost", None, Some(openid)))
    }

    /// The same, with a mail server on this port.
    pub fn settled_with_mail(db: Db, port: u16) -> (Site, OrganisationId) {
        Site::settle(Site::at(db, None, false, "https://komainu.example.jp", Some(port)))
    }

    /// Sends the mails that wait.
    pub fn send_mails(&self) {
        let mail = self.app.settings.mail.as_ref().unwrap();
        let worker = Worker::new(
            self.app.db.clone(),
            self.app.nature.clone(),
            vec![Box::new(mail.work(&self.app.nature))],
        );
        aside(|| while worker.once().unwrap() {});
    }

    fn settle(site: Site) -> (Site, OrganisationId) {
        let (db, nature) = (&site.app.db, &site.app.nature);
        let house = organisation(db, nature, "あおぞら医院");
        let incho = person(db, nature, Hasher::shared(), "incho@example.jp", true);
        site.join(house, incho, Role::Director, "院長");
        (site, house)
    }

    pub fn member(&self, organisation: OrganisationId, email: &str, role: Role) -> PersonId {
        let (db, nature) = (&self.app.db, &self.app.nature);
        let id = person(db, nature, Hasher::shared(), email, false);
        self.join(organisation, id, role, "");
        id
    }

    pub fn join(&self, organisation: OrganisationId, person: PersonId, role: Role, title: &str) {
        let (db, nature) = (&self.app.db, &self.app.nature);
        aside(|| db.write(|tx| actions::membership_make(tx, nature, organisation, person, role, title)))
            .unwrap();
    }

    pub fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new(), host: "localhost".to_owned() }
    }

    pub async fn signed_in(&self, email: &str) -> Browser {
        let mut browser = self.browser();
        let answer = browser.post("/sign-in", &[("email", email), ("password", PASSWORD)]).await;
        assert_eq!(answer.to(), "/", "{}", answer.body);
        browser
    }
}

/// A browser that keeps its cookies and sends the forms it finds.
#[derive(Clone)]
pub struct Browser {
    router: axum::Router,
    pub cookies: BTreeMap<String, String>,
    pub host: String,
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub location: Option<String>,
    pub body: String,
}

impl Answer {
    /// Where it redirects to.
    #[track_caller]
    pub fn to(&self) -> &str {
        self.location.as_deref().unwrap_or_else(|| panic!("no redirect: {} {}", self.status, self.body))
    }

    /// The value of the first hidden field of this name.
    pub fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let rest = self.body.split_once(&mark).map_or("", |(_, rest)| rest);
        rest.split('"').next().unwrap_or_default().to_owned()
    }
}

impl Browser {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, String::new(), "none").await
    }

    /// Sends a form, with the token of a page that was opened before.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = if self.cookies.contains_key("komainu-session") {
            self.get("/account").await.hidden("csrf")
        } else {
            String::new()
        };
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.append_pair("csrf", &csrf);
        for (name, value) in fields {
            body.append_pair(name, value);
        }
        self.send("POST", path, body.finish(), "same-origin").await
    }

    pub async fn send(&mut self, method: &str, path: &str, body: String, site: &str) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, &self.host)
            .header("sec-fetch-site", site)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            match rest.split(';').next().unwrap() {
                "" => self.cookies.remove(name),
                value => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        let status = response.status();
        let location = response.headers().get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
        let body = to_bytes(response.into_body(), 1 << 22).await.unwrap();
        Answer { status, location, body: String::from_utf8(body.to_vec()).unwrap() }
    }
}

/// Runs an async test on each database.
pub fn on_each<F: Future<Output = ()>>(test: impl Fn(Db) -> F) {
    komainu_db::testing::each_database(|db| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        // Connections must not be closed inside the runtime.
        runtime.block_on(test(db.clone()));
        drop(runtime);
        drop(db);
    });
}

/// Database calls block, which async code must say.
pub fn aside<T>(work: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(work)
}
