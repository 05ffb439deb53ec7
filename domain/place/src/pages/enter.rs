//! `/place/as/{person}`: somebody who chose their name gives PIN or passkey.

use super::{named, renewed, sealer};
use crate::actions::{
    Arrival, EnterRefusal, Entered, PinAttempt, candidate, passkey_enter, pin_enter, stopped,
};
use crate::model::{Candidate, Pin};
use crate::t;
use askama::Template;
use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use komainu_access::{PersonId, PlaceToken, SharedPlace};
use komainu_people::factors::actions::{Holder, passkey_challenge};
use komainu_people::factors::pages::{PasskeyPart, relying};
use komainu_people::model::Token;
use komainu_people::pages::{at_gate, next_in, path_inside, wait_text, with_cookie};
use komainu_web::{
    Cookies, Failure, FieldErrors, Form, Guest, NoticeKind, Outcome, Refused, Shell, page_with_status,
    redirect, with_flash,
};

#[derive(Template)]
#[template(path = "place/enter.html")]
struct EnterPage {
    page: Shell,
    errors: FieldErrors,
    action: String,
    person_name: String,
    pin: bool,
    stopped: bool,
    passkey: bool,
    next: String,
}

/// The place, and who was chosen there; nobody where there is no such choice.
async fn chosen(guest: &Guest, person: &str) -> Result<Option<(SharedPlace, Candidate, bool)>, Failure> {
    let person: PersonId = named(person)?;
    let Some(place) = guest.shared.clone() else { return Ok(None) };
    let found = guest.read(move |tx| {
        let Some(one) = candidate(tx, &place, person)? else { return Ok(None) };
        let stopped = stopped(tx, &place, person)?;
        Ok(Some((place, one, stopped)))
    });
    found.await
}

/// `GET /place/as/{person}`
pub async fn enter(guest: Guest, Path(person): Path<String>) -> Outcome {
    let next = next_in(&guest.path);
    if guest.session.is_some() {
        return Ok(redirect("/"));
    }
    match chosen(&guest, &person).await? {
        Some((_, one, stopped)) => {
            shown(&guest, StatusCode::OK, (&one, stopped), next, FieldErrors::default())
        }
        None => Ok(redirect("/place")),
    }
}

fn shown(
    guest: &Guest,
    status: StatusCode,
    (one, stopped): (&Candidate, bool),
    next: String,
    errors: FieldErrors,
) -> Outcome {
    page_with_status(
        status,
        &EnterPage {
            page: guest.shell(&t!(guest.lang, "enter-title", name = one.name.as_str())),
            errors,
            action: format!("/place/as/{}", one.person),
            person_name: one.name.clone(),
            pin: one.pin && !stopped,
            stopped: one.pin && stopped,
            passkey: one.passkey && PasskeyPart::of(guest).here,
            next,
        },
    )
}

/// A place is known by its secret; a challenge that was given to it is answered by it alone.
fn holder(guest: &Guest, headers: &HeaderMap) -> Result<Holder, Failure> {
    let token = Cookies::of(headers, guest.app.settings.secure).shared_place();
    let token: Token =
        token.as_ref().map(PlaceToken::text).unwrap_or_default().parse().map_err(|()| Failure::NotFound)?;
    Ok(Holder::Browser(token))
}

/// `POST /place/as/{person}/options`: what our script asks the device for.
pub async fn enter_options(guest: Guest, headers: HeaderMap, Path(person): Path<String>, _: Form) -> Outcome {
    let relying = relying(&guest)?.ok_or(Failure::NotFound)?;
    let (_, one, _) = chosen(&guest, &person).await?.ok_or(Failure::NotFound)?;
    let (app, holder) = (guest.app.clone(), holder(&guest, &headers)?);
    let options = guest.write(move |tx| passkey_challenge(tx, sealer(&app), &relying, &holder, one.person));
    Ok(Json(options.await?.ok_or(Failure::NotFound)?).into_response())
}

/// `POST /place/as/{person}`: a PIN, or a passkey's answer.
pub async fn enter_submit(
    guest: Guest,
    headers: HeaderMap,
    Path(person): Path<String>,
    form: Form,
) -> Outcome {
    let next = path_inside(form.text("next"));
    let Some((place, one, _)) = chosen(&guest, &person).await? else { return Err(Failure::NotFound) };
    let arrival = Arrival {
        place,
        person: one.person,
        user_agent: guest.user_agent.clone(),
        previous: guest.session.clone().or_else(|| guest.locked.clone()),
    };
    let came = if form.has("credential") {
        let relying = relying(&guest)?.ok_or(Failure::NotFound)?;
        let (holder, response) = (holder(&guest, &headers)?, form.raw("credential").to_owned());
        at_gate(&guest.app, move |gate| passkey_enter(gate, &relying, &holder, &arrival, &response)).await
    } else {
        let attempt = PinAttempt { arrival, pin: Pin::typed(form.text("pin")) };
        at_gate(&guest.app, move |gate| pin_enter(gate, &attempt)).await
    };
    match came {
        Ok(entered) => Ok(inside(&guest, &headers, &entered, next)),
        Err(Refused::Because(refusal)) => refused(&guest, &one, refusal, next),
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

fn refused(guest: &Guest, one: &Candidate, refusal: EnterRefusal, next: String) -> Outcome {
    let lang = guest.lang;
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let (status, field, message) = match refusal {
        EnterRefusal::Wrong(left) => (wrong, "pin", t!(lang, "enter-wrong", left = left.to_string())),
        EnterRefusal::Stopped => (wrong, "pin", t!(lang, "enter-stopped")),
        EnterRefusal::Wait(wait) => (StatusCode::TOO_MANY_REQUESTS, "pin", wait_text(lang, wait)),
        EnterRefusal::Passkey => (wrong, "credential", t!(lang, "enter-passkey-refused")),
    };
    let mut errors = FieldErrors::default();
    errors.add(field, message);
    shown(guest, status, (one, refusal == EnterRefusal::Stopped), next, errors)
}

/// In: who was there before goes on where they were; anybody else begins at the beginning. The page speaks the language
/// of whoever is in.
fn inside(guest: &Guest, headers: &HeaderMap, entered: &Entered, next: String) -> Response {
    let secure = guest.app.settings.secure;
    let goes_on = entered.same && next != "/";
    let to = match (goes_on, entered.drafts) {
        (true, _) => next,
        (false, 0) => "/".to_owned(),
        (false, _) => "/drafts".to_owned(),
    };
    let response = [
        Cookies::set_session(secure, Some(&entered.token)),
        Cookies::set_lang(secure, entered.lang),
        renewed(guest, headers),
    ]
    .into_iter()
    .fold(redirect(&to), with_cookie);
    if goes_on && entered.drafts > 0 {
        let text = t!(entered.lang, "enter-drafts");
        return with_flash(&guest.app, response, NoticeKind::Info, &text);
    }
    response
}
