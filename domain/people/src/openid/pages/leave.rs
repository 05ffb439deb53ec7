//! Off to the service.
//!
//! The form is answered by a page that leads there by itself, not by a redirect: browsers hold every step after a form
//! against our own `form-action`, and services lead on to addresses that nobody here knows.

use super::{DoorPart, failed, provider};
use crate::factors::actions::Sealer;
use crate::openid::actions;
use crate::openid::model::{Errand, Way};
use crate::pages::path::{path_inside, with_next};
use crate::pages::with_cookie;
use crate::t;
use askama::Template;
use komainu_access::Session;
use komainu_web::{Cookies, Failure, Form, Guest, Outcome, Shell, SignedIn, Visit, page};

#[derive(Template)]
#[template(path = "openid/leave.html")]
struct LeavePage {
    page: Shell,
    /// The service's page.
    url: String,
    /// What people call it.
    name: String,
}

/// `POST /sign-in/openid`
pub async fn sign_in(guest: Guest, form: Form) -> Outcome {
    let next = path_inside(form.text("next"));
    let back = with_next("/sign-in", &next);
    let page = leaving(guest.shell(&title(&guest)), &back);
    leave(&guest, page, (Errand::SignIn, None), next, &back).await
}

/// `POST /account/confirm/openid`
pub async fn prove(signed: SignedIn, form: Form) -> Outcome {
    let next = path_inside(form.text("next"));
    let back = with_next("/account/confirm", &next);
    let page = leaving(signed.shell(&title(signed.visit())), &back);
    let errand = (Errand::Prove(signed.session.id), Some(signed.session.clone()));
    leave(signed.visit(), page, errand, next, &back).await
}

/// The title of the page that leads away.
pub(super) fn title(visit: &Visit) -> String {
    let name = DoorPart::of(visit).name;
    t!(visit.lang, "openid-leave-title", name = name)
}

/// Whoever changes the language meanwhile is back where they came from.
pub(super) fn leaving(page: Shell, back: &str) -> Shell {
    Shell { path: back.to_owned(), ..page }
}

/// Asks where the service's page is, keeps what waits, and leads there. Where the service is away, `back` says so.
pub(super) async fn leave(
    visit: &Visit,
    shell: Shell,
    (errand, session): (Errand, Option<Session>),
    next: String,
    back: &str,
) -> Outcome {
    let provider = provider(visit)?;
    if visit.shared.is_some() {
        return Err(Failure::AtPlace);
    }
    if !DoorPart::of(visit).here() {
        return Err(Failure::NotFound);
    }
    let fresh = matches!(errand, Errand::Prove(_));
    let (url, flow) = match provider.begin(&visit.app.nature, fresh, visit.lang.tag()).await {
        Ok(begun) => begun,
        Err(error) => return Ok(failed(visit, &provider, &error, back)),
    };
    let (app, way) = (visit.app.clone(), Way { errand, flow, next });
    let browser = visit.write(move |tx| {
        actions::leave(tx, Sealer { nature: &app.nature, key: &app.key }, session.as_ref(), &way)
    });
    let cookie = Cookies::set_door(visit.app.settings.secure, Some(&browser.await?.text()));
    let leave = LeavePage { page: shell, url: url.into(), name: provider.name().to_owned() };
    Ok(with_cookie(page(&leave)?, cookie))
}
