//! Back from the service.
//!
//! This is a page that is only looked at and yet lets somebody in. No other site can have a browser do so: what waits is
//! found by a cookie, and its state is known to nobody but the service; it is taken at the first look (decision 0022).

use super::{failed, provider};
use crate::actions::Opened;
use crate::factors::actions::{Sealer, sweep};
use crate::model::Token;
use crate::openid::actions::{self, Arrival, LinkRefusal, Proven, Unlinked};
use crate::openid::model::{Errand, Way};
use crate::pages::path::with_next;
use crate::pages::sign_in::enter;
use crate::pages::with_cookie;
use crate::t;
use askama::Template;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use komainu_access::Session;
use komainu_openid::{Identity, Returned};
use komainu_web::{
    Cookies, Failure, Guest, NoticeKind, Outcome, Refused, Shell, page_with_status, redirect, with_flash,
};

/// Where somebody is told that they are not linked.
const UNLINKED: &str = "/sign-in/openid/unknown";

#[derive(Template)]
#[template(path = "openid/unlinked.html")]
struct UnlinkedPage {
    page: Shell,
    /// What people call the service.
    name: String,
}

/// `GET /sign-in/openid/return`
pub async fn come_back(guest: Guest, headers: HeaderMap) -> Outcome {
    let provider = provider(&guest)?;
    let returned = returned(&guest.path);
    let Some(way) = way(&guest, &headers, &returned).await? else { return Ok(over(&guest)) };
    if guest.shared.is_some() {
        return Err(Failure::AtPlace);
    }
    let session = guest.session.clone().filter(|session| Some(session.id) == way.errand.session());
    let back = match way.errand {
        Errand::SignIn => with_next("/sign-in", &way.next),
        Errand::Link(_) => "/account".to_owned(),
        Errand::Prove(_) => with_next("/account/confirm", &way.next),
    };
    let identity = match provider.finish(guest.app.nature.now(), &way.flow, &returned).await {
        Ok(identity) => identity,
        Err(error) => return Ok(at_rest(&guest, failed(&guest, &provider, &error, &back))),
    };
    let vouched = provider.vouches_for(&identity);
    match (way.errand, session) {
        (Errand::SignIn, _) => sign_in(&guest, &headers, (identity, vouched), &way.next).await,
        (Errand::Link(_), Some(session)) => link(&guest, session, identity, provider.name()).await,
        (Errand::Prove(_), Some(session)) => {
            prove(&guest, session, (identity, vouched), &way.next, &back).await
        }
        // Somebody else is signed in by now, or nobody.
        (Errand::Link(_) | Errand::Prove(_), None) => Ok(over(&guest)),
    }
}

/// What stands in the address.
fn returned(path: &str) -> Returned {
    let query = path.split_once('?').map_or("", |(_, query)| query);
    let mut returned = Returned::default();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "state" => returned.state = value.into_owned(),
            "code" => returned.code = value.into_owned(),
            "error" => returned.error = value.into_owned(),
            "iss" => returned.issuer = value.into_owned(),
            _ => {}
        }
    }
    returned
}

/// What this browser went for, if it did.
async fn way(guest: &Guest, headers: &HeaderMap, returned: &Returned) -> Result<Option<Way>, Failure> {
    let browser: Option<Token> =
        Cookies::of(headers, guest.app.settings.secure).door().and_then(|secret| secret.parse().ok());
    let Some(browser) = browser.filter(|_| !returned.state.is_empty()) else { return Ok(None) };
    let (app, state) = (guest.app.clone(), returned.state.clone());
    guest
        .write(move |tx| {
            actions::come_back(tx, Sealer { nature: &app.nature, key: &app.key }, &browser, &state)
        })
        .await
}

/// The browser waits for nothing any more.
fn at_rest(guest: &Guest, response: Response) -> Response {
    with_cookie(response, Cookies::set_door(guest.app.settings.secure, None))
}

/// Back to the beginning: it took too long, or was done before.
fn over(guest: &Guest) -> Response {
    with_flash(&guest.app, redirect("/sign-in"), NoticeKind::Warning, &t!(guest.lang, "second-over"))
}

async fn sign_in(
    guest: &Guest,
    headers: &HeaderMap,
    (identity, vouched): (Identity, bool),
    next: &str,
) -> Outcome {
    let (app, previous) = (guest.app.clone(), guest.session.clone());
    let arrival = Arrival { identity, vouched, user_agent: guest.user_agent.clone(), previous };
    let opened = guest
        .write(move |tx| actions::arrive(tx, Sealer { nature: &app.nature, key: &app.key }, &arrival))
        .await;
    let now = guest.app.nature.now();
    guest.write(move |tx| Ok::<_, Failure>(sweep(tx, now)?)).await?;
    match opened {
        Ok(Opened::Inside(entered)) => Ok(at_rest(guest, enter(guest, headers, &entered, next))),
        Ok(Opened::Door(browser)) => {
            let cookie = Cookies::set_door(guest.app.settings.secure, Some(&browser.text()));
            Ok(with_cookie(redirect(&with_next("/sign-in/second", next)), cookie))
        }
        Err(Refused::Because(Unlinked)) => Ok(at_rest(guest, redirect(UNLINKED))),
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

async fn link(guest: &Guest, session: Session, identity: Identity, name: &str) -> Outcome {
    let (lang, nature) = (guest.lang, guest.app.nature.clone());
    let linked = guest.write(move |tx| actions::link(tx, &nature, &session, &identity)).await;
    let (kind, text) = match linked {
        Ok(()) => (NoticeKind::Success, t!(lang, "openid-linked", name = name)),
        Err(Refused::Because(LinkRefusal::Taken)) => {
            (NoticeKind::Error, t!(lang, "openid-taken", name = name))
        }
        Err(Refused::Because(LinkRefusal::Other)) => {
            (NoticeKind::Error, t!(lang, "openid-other", name = name))
        }
        Err(Refused::Failed(failure)) => return Err(failure),
    };
    Ok(at_rest(guest, with_flash(&guest.app, redirect("/account"), kind, &text)))
}

async fn prove(
    guest: &Guest,
    session: Session,
    (identity, vouched): (Identity, bool),
    next: &str,
    back: &str,
) -> Outcome {
    let app = guest.app.clone();
    let proven = guest
        .write(move |tx| {
            let sealer = Sealer { nature: &app.nature, key: &app.key };
            actions::prove(tx, sealer, &session, (&identity, vouched))
        })
        .await;
    let response = match proven {
        Ok(Proven::Whole) => redirect(next),
        Ok(Proven::Half) => redirect(back),
        Err(Refused::Because(Unlinked)) => {
            let text = t!(guest.lang, "openid-somebody-else");
            with_flash(&guest.app, redirect(back), NoticeKind::Error, &text)
        }
        Err(Refused::Failed(failure)) => return Err(failure),
    };
    Ok(at_rest(guest, response))
}

/// `GET /sign-in/openid/unknown`: what to do for somebody whom the service knows and nobody here does.
pub async fn unlinked(guest: Guest) -> Outcome {
    let name = provider(&guest)?.name().to_owned();
    let page = guest.shell(&t!(guest.lang, "openid-unlinked-title"));
    page_with_status(StatusCode::OK, &UnlinkedPage { page, name })
}
