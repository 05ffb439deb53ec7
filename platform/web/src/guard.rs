//! The door in front of every route.

use crate::audience::{Audience, Route};
use crate::visit::{csrf_of, csrf_when_locked, is_listening, is_poll, off_thread, read};
use crate::{App, Cookies, Failure, Visit, address, api, failure, headers, linked, watch};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{ACCEPT_ENCODING, HOST, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::MethodRouter;
use komainu_access::{Found, Session, Sessions, SharedPlace};
use komainu_db::Tx;
use std::borrow::Cow;
use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::atomic::Ordering;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// Where the first administrator is made.
const FIRST_RUN: &str = "/first-run";
/// Where a person chooses or founds an organisation.
const ORGANISATIONS: &str = "/organisations";
/// Where a person sets a second factor up.
const FACTORS: &str = "/account/factors";
/// Where a person at a shared place says who they are.
const SHARED: &str = "/place";

/// Builds the program's router: every route behind its guard, failures explained, headers set.
pub fn router(app: &App, routes: Vec<Route>) -> Router {
    let mut router = Router::new();
    let pages: HashSet<Cow<'static, str>> =
        routes.iter().filter(|route| route.method == Method::GET).map(|route| route.path.clone()).collect();
    for route in routes {
        let bounded: MethodRouter<App> = route.handler.layer(DefaultBodyLimit::max(route.limit));
        // Somebody waits for it on a telephone in a corridor.
        let bounded: MethodRouter<App> = match route.audience {
            Audience::Link(_) => bounded.layer(CompressionLayer::new()),
            _ => bounded,
        };
        let guarded = if route.described.is_some() {
            let state = (app.clone(), route.audience, route.limit);
            bounded.layer(from_fn_with_state(state, api::guard))
        } else {
            let up = steps_to_page(&route.path, &pages);
            bounded.layer(from_fn_with_state((app.clone(), route.audience, up), guard))
        };
        router = router.route(&route.path, guarded);
    }
    router
        .fallback(|| async { Failure::NotFound })
        .method_not_allowed_fallback(|uri: Uri| async move {
            if api::is_api(uri.path()) { Failure::Method } else { Failure::NotFound }
        })
        .layer(CatchPanicLayer::custom(|panic: Box<dyn std::any::Any + Send>| {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Failure::Internal(format!("panic: {}", text.unwrap_or_default())).into_response()
        }))
        .layer(from_fn_with_state(app.clone(), failure::explain))
        .layer(from_fn_with_state(app.clone(), headers::set))
        .layer(from_fn_with_state(app.clone(), watch::watch))
        .with_state(app.clone())
}

/// Whether there is a first administrator; asked of the database until the answer is yes.
pub async fn settled(app: &App) -> Result<bool, Failure> {
    if app.settled.load(Ordering::Acquire) {
        return Ok(true);
    }
    let settled = read(&app.db, |tx| Ok(Sessions::anyone(tx)?)).await?;
    app.settled.store(settled, Ordering::Release);
    Ok(settled)
}

async fn guard(
    State((app, audience, up)): State<(App, Audience, usize)>,
    mut request: Request,
    next: Next,
) -> Result<Response, Failure> {
    if audience == Audience::Always && request.method() == Method::GET {
        let visit = visit(&app, &request, up);
        request.extensions_mut().insert(visit);
        return Ok(next.run(request).await);
    }
    let reads = request.method() == Method::GET || request.method() == Method::HEAD;
    if !reads && !same_origin(request.headers()) {
        return Err(Failure::Forged);
    }
    let settled = settled(&app).await?;
    match (settled, audience) {
        (false, Audience::FirstRun | Audience::Always) => {}
        (false, _) if reads => return Ok(Redirect::to(FIRST_RUN).into_response()),
        (false, _) => return Err(Failure::SignedOut),
        (true, Audience::FirstRun) => return Ok(Redirect::to("/").into_response()),
        (true, _) => {}
    }
    let mut visit = visit(&app, &request, up);
    if let Audience::Link(purpose) = audience {
        let link = linked::admit(&app, &visit, request.uri().path(), purpose).await?;
        tie_to_browser(&mut visit, request.headers());
        if !visit.csrf.is_empty() {
            // The length of a packed page tells what stands in it, to whoever may choose a part of its address.
            request.headers_mut().remove(ACCEPT_ENCODING);
        }
        request.extensions_mut().insert(link);
        request.extensions_mut().insert(visit);
        return Ok(next.run(request).await);
    }
    admit(&app, &mut visit, request.headers()).await?;
    if let Some(refusal) = refuse(audience, &visit, reads) {
        return refusal;
    }
    if audience.needs_scope()
        && let Some(scope) = visit.session.as_ref().and_then(Session::scope)
    {
        request.extensions_mut().insert(scope);
    }
    let shown = visit.flash.is_some() && reads && !visit.fragment;
    request.extensions_mut().insert(visit);
    let mut response = next.run(request).await;
    if shown && response.status().is_success() {
        response.headers_mut().append(SET_COOKIE, Cookies::clear_flash(app.settings.secure));
    }
    Ok(response)
}

fn visit(app: &App, request: &Request, up: usize) -> Visit {
    let peer = address::peer(request.extensions());
    let address = address::client(peer, request.headers(), &app.settings.proxies);
    let path = match up {
        0 => request.uri().path_and_query().map(ToString::to_string).unwrap_or_default(),
        _ => (0..up).fold(request.uri().path(), |path, _| above(path)).to_owned(),
    };
    Visit::new(app, request.headers(), path, address)
}

/// A link's page belongs to no session. In a browser that somebody is signed in with, its forms are tied to that session
/// all the same: the switch of the language asks for it.
fn tie_to_browser(visit: &mut Visit, headers: &HeaderMap) {
    let session = Cookies::of(headers, visit.app.settings.secure).session();
    visit.csrf = session.as_ref().map(csrf_of).unwrap_or_default();
    visit.flash = None;
}

/// The path without its last segment.
fn above(path: &str) -> &str {
    path.rsplit_once('/').map(|(above, _)| above).filter(|above| !above.is_empty()).unwrap_or("/")
}

/// How far above a form's address its page stands, in segments: whoever switches the language on a page that answers a
/// form comes back there, as the address itself can only be sent to.
fn steps_to_page(path: &str, pages: &HashSet<Cow<'static, str>>) -> usize {
    let mut ways = std::iter::successors(Some(path), |path| (*path != "/").then(|| above(path)));
    ways.position(|path| pages.contains::<str>(path)).unwrap_or(0)
}

/// Finds the session behind the cookie and what belongs to it, and whether the browser is a shared place.
async fn admit(app: &App, visit: &mut Visit, headers: &HeaderMap) -> Result<(), Failure> {
    let cookies = Cookies::of(headers, app.settings.secure);
    let (token, browser) = (cookies.session(), cookies.shared_place());
    if token.is_none() && browser.is_none() {
        return Ok(());
    }
    // At a shared place a board that was left open keeps nobody signed in.
    let by_itself = is_poll(headers) || (browser.is_some() && is_listening(headers));
    let (now, used) = (app.nature.now(), !by_itself);
    let csrf = token.as_ref().map(csrf_of).unwrap_or_default();
    let locked_csrf = token.as_ref().map(csrf_when_locked).unwrap_or_default();
    let look = move |tx: &mut Tx<'_>| {
        let shared = browser.map(|browser| SharedPlace::find(tx, &browser)).transpose()?.flatten();
        let found =
            token.map(|token| Sessions::look(tx, &token, shared.as_ref(), now)).transpose()?.flatten();
        let places = match &found {
            Some(Found::Alive(session)) if shared.is_none() => Sessions::places(tx, session.person)?,
            _ => Vec::new(),
        };
        Ok((shared, found, places))
    };
    let (shared, found, places) = read(&app.db, look).await?;
    let db = app.db.clone();
    match (&found, &shared) {
        (Some(Found::Alive(session)), _) if used && Sessions::needs_touch(session, now) => {
            let id = session.id;
            off_thread(move || Ok(db.write(|tx| Sessions::touch(tx, id, now))?)).await?;
        }
        (Some(Found::Arrived(session)), Some(shared)) => {
            let (id, shared) = (session.id, shared.id);
            off_thread(move || Ok(db.write(|tx| Sessions::bind(tx, id, shared))?)).await?;
        }
        _ => {}
    }
    visit.shared = shared;
    visit.places = places;
    match found {
        Some(Found::Alive(session) | Found::Arrived(session)) => visit.session = Some(session),
        Some(Found::Locked(session)) => visit.locked = Some(session),
        None => {}
    }
    if visit.session.is_some() {
        visit.csrf.clone_from(&csrf);
        visit.own_csrf = csrf;
    } else if visit.locked.is_some() {
        visit.csrf = locked_csrf;
        visit.own_csrf = csrf;
    }
    if visit.shared.is_some() && visit.session.is_none() {
        // What one person was told is not for whoever comes next.
        visit.flash = None;
    }
    Ok(())
}

/// Why this visitor may not pass, if so.
fn refuse(audience: Audience, visit: &Visit, reads: bool) -> Option<Result<Response, Failure>> {
    if matches!(audience, Audience::Always | Audience::Anyone | Audience::FirstRun) {
        return None;
    }
    let Some(session) = &visit.session else {
        let door = if visit.shared.is_some() { SHARED } else { "/sign-in" };
        return Some(match (reads && !visit.fragment, visit.shared.is_some()) {
            (true, _) => {
                let next: String = url::form_urlencoded::byte_serialize(visit.path.as_bytes()).collect();
                Ok(Redirect::to(&format!("{door}?next={next}")).into_response())
            }
            (false, true) => Err(Failure::Locked),
            (false, false) => Err(Failure::SignedOut),
        });
    };
    let shared = session.shared.is_some();
    match audience {
        Audience::SignedIn | Audience::Administrator if shared => Some(Err(Failure::AtPlace)),
        Audience::Administrator if !session.administrator => Some(Err(Failure::NotFound)),
        Audience::May(_) | Audience::MayAny(_) if session.owes_factor => {
            Some(match reads && !visit.fragment {
                true if !shared => Ok(Redirect::to(FACTORS).into_response()),
                _ if shared => Err(Failure::AtPlace),
                _ => Err(Failure::FactorOwed),
            })
        }
        Audience::May(_) | Audience::MayAny(_) => match session.scope() {
            None if shared => Some(Err(Failure::AtPlace)),
            None if reads => Some(Ok(Redirect::to(ORGANISATIONS).into_response())),
            None => Some(Err(Failure::NotFound)),
            Some(scope) => audience.check(&scope).err().map(|denied| Err(denied.into())),
        },
        _ => None,
    }
}

/// Whether a changing request comes from one of our own pages. Every browser of the last years says so by one of two
/// headers; a request with neither is no browser's form and has no business with cookies.
fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let host = text(HOST.as_str()).unwrap_or_default();
    text(ORIGIN.as_str())
        .and_then(|origin| origin.split_once("://"))
        .is_some_and(|(_, origin_host)| !host.is_empty() && origin_host.eq_ignore_ascii_case(host))
}

/// Whether a `Host` is one under which this program may be reached. A name of someone else's that was pointed at this
/// address (DNS rebinding) is not; a bare address cannot be pointed.
pub(crate) fn own_host(host: &str, public_url: &str) -> bool {
    let name =
        host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(host, |(name, _)| name);
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    bare.parse::<IpAddr>().is_ok()
        || bare.eq_ignore_ascii_case("localhost")
        || url::Url::parse(public_url)
            .is_ok_and(|url| url.host_str().is_some_and(|own| own.eq_ignore_ascii_case(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names_are_answered() {
        for (host, own) in [
            ("127.0.0.1:8420", true),
            ("localhost:8420", true),
            ("[::1]:8420", true),
            ("192.168.1.5", true),
            ("komainu.example.jp", true),
            ("KOMAINU.example.jp:443", true),
            ("attacker.example", false),
            ("127.0.0.1.attacker.example:8420", false),
            ("", false),
        ] {
            assert_eq!(own_host(host, "https://komainu.example.jp"), own, "{host}");
        }
    }

    #[test]
    fn a_form_leads_back_to_the_page_it_stands_on() {
        let pages = ["/", "/account", "/checklist/{year}", "/items/{row}"].map(Cow::from).into();
        for (path, up) in [
            ("/account", 0),
            ("/account/password", 1),
            ("/checklist/{year}/open", 1),
            ("/items/{row}/evidence/{id}/remove", 3),
            ("/sign-out", 1),
            ("/nowhere/at/all", 3),
        ] {
            assert_eq!(steps_to_page(path, &pages), up, "{path}");
        }
        assert_eq!((above("/items/1/evidence"), above("/items"), above("/")), ("/items/1", "/", "/"));
    }

    #[test]
    fn a_form_of_another_site_is_refused() {
        for (headers, own) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "cross-site"), ("host", "h"), ("origin", "http://h")], false),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("host", "127.0.0.1:8420"), ("origin", "http://127.0.0.1:8420")], true),
            (&[("host", "127.0.0.1:8420"), ("origin", "http://attacker.example")], false),
            (&[("host", "127.0.0.1:8420"), ("origin", "null")], false),
            (&[("host", "127.0.0.1:8420")], false),
        ] {
            let map: HeaderMap =
                headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
            assert_eq!(same_origin(&map), own, "{headers:?}");
        }
    }
}
