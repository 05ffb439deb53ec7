//! `/account/pin`: one's own PIN for the shared places of the organisation one is in.

use crate::actions::{self, PinAsker};
use crate::model::{Pin, PinState};
use crate::rules::{PIN_LONGEST, PIN_SHORTEST, PinFault};
use crate::t;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use komainu_people::factors::pages::asks_proof;
use komainu_people::pages::at_gate;
use komainu_web::{
    Failure, FieldErrors, Form, NoticeKind, Outcome, Refused, Shell, SignedIn, moment_text, page_with_status,
    redirect, with_flash,
};

#[derive(Template)]
#[template(path = "place/pin.html")]
struct PinPage {
    page: Shell,
    errors: FieldErrors,
    organisation: String,
    /// Since when there is one; empty where there is none.
    since: String,
    stopped: bool,
    /// At a shared place there is no way back to the account.
    at_place: bool,
}

fn asker(signed: &SignedIn) -> Result<PinAsker, Failure> {
    PinAsker::of(&signed.session).ok_or(Failure::NotFound)
}

/// `GET /account/pin`
pub async fn pin(signed: SignedIn) -> Outcome {
    if PinAsker::of(&signed.session).is_none() {
        return Ok(redirect("/organisations"));
    }
    match asks_proof(signed.visit(), &signed.session) {
        // Who came in with a PIN has proved too little, and this is no place to type a password once more.
        Some(_) if signed.session.shared.is_some() => Err(Failure::AtPlace),
        Some(elsewhere) => Ok(elsewhere),
        None => shown(&signed, FieldErrors::default()).await,
    }
}

async fn shown(signed: &SignedIn, errors: FieldErrors) -> Outcome {
    let (lang, asker) = (signed.lang, asker(signed)?);
    let own: Option<PinState> = signed.read(move |tx| Ok(actions::pin_own(tx, &asker)?)).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let organisation = signed.session.place.as_ref().map(|(_, name, _)| name.clone());
    page_with_status(
        status,
        &PinPage {
            page: signed.shell(&t!(lang, "pin-title")),
            errors,
            organisation: organisation.unwrap_or_default(),
            since: own.map(|own| moment_text(lang, own.since)).unwrap_or_default(),
            stopped: own.is_some_and(|own| own.stopped),
            at_place: signed.session.shared.is_some(),
        },
    )
}

fn done(signed: &SignedIn, text: &str) -> Response {
    let to = if signed.session.shared.is_some() { "/" } else { "/account" };
    with_flash(&signed.app, redirect(to), NoticeKind::Success, text)
}

/// `POST /account/pin`
pub async fn pin_save(signed: SignedIn, form: Form) -> Outcome {
    let lang = signed.lang;
    let mut errors = FieldErrors::default();
    let (pin, again) = (Pin::typed(form.text("pin")), Pin::typed(form.text("pin_again")));
    if pin.text() != again.text() {
        errors.add("pin_again", t!(lang, "pin-not-repeated"));
        return shown(&signed, errors).await;
    }
    let asker = asker(&signed)?;
    let fault = match at_gate(&signed.app, move |gate| actions::pin_set(gate, &asker, &pin)).await {
        Ok(()) => return Ok(done(&signed, &t!(lang, "pin-set"))),
        Err(Refused::Because(fault)) => fault,
        Err(Refused::Failed(failure)) => return Err(failure),
    };
    let (least, most) = (PIN_SHORTEST.to_string(), PIN_LONGEST.to_string());
    let message = match fault {
        PinFault::NotDigits => t!(lang, "pin-not-digits"),
        PinFault::TooShort => t!(lang, "pin-too-short", least = least),
        PinFault::TooLong => t!(lang, "pin-too-long", most = most),
        PinFault::Guessable => t!(lang, "pin-guessable"),
    };
    errors.add("pin", message);
    shown(&signed, errors).await
}

/// `POST /account/pin/remove`
pub async fn pin_remove(signed: SignedIn, _: Form) -> Outcome {
    let (nature, asker) = (signed.app.nature.clone(), asker(&signed)?);
    signed.write(move |tx| actions::pin_remove(tx, &nature, &asker)).await?;
    Ok(done(&signed, &t!(signed.lang, "pin-removed")))
}

/// `POST /account/pin/lift`
pub async fn pin_lift_own(signed: SignedIn, _: Form) -> Outcome {
    let (nature, asker) = (signed.app.nature.clone(), asker(&signed)?);
    signed.write(move |tx| actions::pin_lift_own(tx, &nature, &asker)).await?;
    Ok(done(&signed, &t!(signed.lang, "pin-lifted")))
}
