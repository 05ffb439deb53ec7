//! What a handler knows about who is asking.

use crate::{App, Cookies, Failure, Form, Theme, t};
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, HOST, USER_AGENT};
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use komainu_access::{OrganisationId, Role, Scope, Session, SessionToken, SharedPlace};
use komainu_db::{Db, DbError, Tx};
use komainu_i18n::Lang;
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use std::ops::Deref;
use subtle::ConstantTimeEq as _;

/// The header by which our own script says that it wants a fragment or JSON, and why.
const FRAGMENT: &str = "x-komainu-fragment";
/// What our script says when it looks by itself, without anybody at the keyboard.
const POLL: &str = "poll";

/// One request, after the guard let it through.
#[derive(Clone)]
pub struct Visit {
    /// The running program.
    pub app: App,
    /// The language to answer in.
    pub lang: Lang,
    /// Light, dark, or as the device wishes.
    pub theme: Theme,
    /// Path and query; of what is only sent to, the path of the page it is sent from.
    pub path: String,
    /// The signed-in browser, if it is one.
    pub session: Option<Session>,
    /// The shared place that the browser is registered as, if it is one.
    pub shared: Option<SharedPlace>,
    /// Whose session at this shared place has locked itself.
    pub locked: Option<Session>,
    /// The person's organisations, for the switch; empty where there is no session.
    pub places: Vec<(OrganisationId, String, Role)>,
    /// What every form of a signed-in person carries; empty before sign-in.
    pub csrf: String,
    /// What the forms of the session's person carried before it locked; the same as `csrf` until then.
    pub(crate) own_csrf: String,
    /// Where the request comes from.
    pub address: IpAddr,
    /// The name and port under which the browser reached us.
    pub host: String,
    /// What the browser says it is, shortened.
    pub user_agent: String,
    /// Whether our own script asks, and wants a fragment or JSON instead of a page.
    pub fragment: bool,
    /// The message to show once: its kind's name and its text.
    pub flash: Option<(String, String)>,
}

impl Visit {
    pub(crate) fn new(app: &App, parts: &HeaderMap, path: String, address: IpAddr) -> Visit {
        let cookies = Cookies::of(parts, app.settings.secure);
        Visit {
            app: app.clone(),
            lang: lang_of(&cookies, parts),
            theme: cookies.theme(),
            path,
            session: None,
            shared: None,
            locked: None,
            places: Vec::new(),
            csrf: String::new(),
            own_csrf: String::new(),
            address,
            host: header(parts, &HOST).to_owned(),
            user_agent: header(parts, &USER_AGENT).chars().take(200).collect(),
            fragment: is_fragment(parts),
            flash: cookies.flash(),
        }
    }

    /// Whether a form comes from a page that the session's person had before them, be the session locked by now. Whoever
    /// only stands at a locked place has no such page.
    pub fn is_of_own_page(&self, form: &Form) -> bool {
        let same: bool = form.raw("csrf").as_bytes().ct_eq(self.own_csrf.as_bytes()).into();
        same && !self.own_csrf.is_empty()
    }

    /// The same of another program's request, which has neither a browser nor a look.
    pub(crate) fn of_program(app: &App, headers: &HeaderMap, path: String, address: IpAddr) -> Visit {
        Visit {
            app: app.clone(),
            lang: accepted_lang(headers),
            theme: Theme::Auto,
            path,
            session: None,
            shared: None,
            locked: None,
            places: Vec::new(),
            csrf: String::new(),
            own_csrf: String::new(),
            address,
            host: header(headers, &HOST).to_owned(),
            user_agent: String::new(),
            fragment: false,
            flash: None,
        }
    }

    /// Runs `work` in a reading transaction.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        read(&self.app.db, work).await
    }

    /// Runs `work` in a writing transaction, off the async threads. All of it is kept, or nothing.
    pub async fn write<T: Send + 'static, E: From<DbError> + From<Failure> + Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let db = self.app.db.clone();
        tokio::task::spawn_blocking(move || db.write(work)).await.map_err(Failure::internal)?
    }
}

/// Runs `work` in a reading transaction: where it stands if nobody need be waited for, else off the async threads.
///
/// On SQLite a read is work for a processor and waits for no one, and handing it to another thread and back costs as
/// much as most reads. The program has more async threads than the database has readers, so reads cannot take them all.
pub(crate) async fn read<T: Send + 'static>(
    db: &Db,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    match db.read_at_once(work) {
        Ok(outcome) => outcome,
        Err(work) => {
            let db = db.clone();
            off_thread(move || db.read(work)).await
        }
    }
}

/// Runs something that blocks for longer than an async thread may.
pub(crate) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(Failure::internal)?
}

/// Anyone, signed in or not.
pub struct Guest(pub Visit);

/// A signed-in person, in whatever organisation.
pub struct SignedIn {
    visit: Visit,
    /// The browser's session.
    pub session: Session,
}

/// A member of the current organisation.
#[derive(Clone)]
pub struct Member {
    visit: Visit,
    /// The browser's session.
    pub session: Session,
    /// Who asks, in which organisation, in which role.
    pub scope: Scope,
    /// The organisation's name.
    pub organisation_name: String,
}

impl Member {
    /// The request.
    pub fn visit(&self) -> &Visit {
        &self.visit
    }
}

impl SignedIn {
    /// The request.
    pub fn visit(&self) -> &Visit {
        &self.visit
    }
}

impl Deref for Guest {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.0
    }
}

impl Deref for SignedIn {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl Deref for Member {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

fn visit(parts: &Parts) -> Result<Visit, Failure> {
    parts.extensions.get::<Visit>().cloned().ok_or_else(|| Failure::internal("a route without its guard"))
}

impl FromRequestParts<App> for Guest {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failure> {
        visit(parts).map(Guest)
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failure> {
        let visit = visit(parts)?;
        let session = visit.session.clone().ok_or(Failure::SignedOut)?;
        Ok(SignedIn { visit, session })
    }
}

impl FromRequestParts<App> for Member {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failure> {
        let visit = visit(parts)?;
        // Only the guard of a route that asks for a permission puts a scope here, after it asked.
        let scope = parts.extensions.get::<Scope>().cloned();
        let scope = scope.ok_or_else(|| Failure::internal("a member's handler on a route for anyone"))?;
        let session = visit.session.clone().ok_or(Failure::SignedOut)?;
        let organisation_name = session.place.as_ref().map(|(_, name, _)| name.clone()).unwrap_or_default();
        Ok(Member { visit, session, scope, organisation_name })
    }
}

/// The language chosen by the switch, or else the browser's.
pub(crate) fn lang_of(cookies: &Cookies, headers: &HeaderMap) -> Lang {
    cookies.lang().unwrap_or_else(|| accepted_lang(headers))
}

/// The language that the request asks for.
pub(crate) fn accepted_lang(headers: &HeaderMap) -> Lang {
    Lang::negotiate(header(headers, &ACCEPT_LANGUAGE))
}

/// Whether our own script asks.
pub(crate) fn is_fragment(headers: &HeaderMap) -> bool {
    headers.contains_key(FRAGMENT)
}

/// Whether nobody is at the keyboard: our script looks by itself.
pub(crate) fn is_poll(headers: &HeaderMap) -> bool {
    headers.get(FRAGMENT).is_some_and(|value| value == POLL)
}

/// Whether a page listens for news, which browsers ask for again and again by themselves.
pub(crate) fn is_listening(headers: &HeaderMap) -> bool {
    header(headers, &ACCEPT).contains("text/event-stream")
}

fn header<'a>(headers: &'a HeaderMap, name: &axum::http::HeaderName) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The token that ties a form to the session it was made for.
pub(crate) fn csrf_of(token: &SessionToken) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("csrf {}", token.text())))
}

/// The same for the pages that ask who is there at a place that has locked itself: they are before anybody's eyes.
pub(crate) fn csrf_when_locked(token: &SessionToken) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("locked {}", token.text())))
}

/// The name under which a browser keeps one person's drafts. It outlives the session: who was signed out in the middle of
/// a sentence finds it after signing in again, and nobody else does.
pub(crate) fn keep_key_of(session: &Session) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(format!("drafts {}", session.person))[..12])
}

/// The words of a role, in the shell's language.
pub fn role_text(lang: Lang, role: Role) -> String {
    match role {
        Role::Director => t!(lang, "role-director"),
        Role::SafetyManager => t!(lang, "role-safety-manager"),
        Role::SystemOperator => t!(lang, "role-system-operator"),
        Role::Staff => t!(lang, "role-staff"),
        Role::Inspector => t!(lang, "role-inspector"),
        Role::VendorEngineer => t!(lang, "role-vendor-engineer"),
        Role::AssociationOfficer => t!(lang, "role-association-officer"),
        Role::Service => t!(lang, "role-service"),
        Role::Link => t!(lang, "role-link"),
    }
}
