//! `/place/register`: a browser becomes a shared place by a code that is typed in.

use crate::actions::{Claim, ClaimRefusal, place_claim};
use crate::t;
use askama::Template;
use axum::http::StatusCode;
use komainu_people::pages::{at_gate, wait_text, with_cookie};
use komainu_web::{Cookies, FieldErrors, Form, Guest, Outcome, Refused, Shell, page_with_status, redirect};

#[derive(Template)]
#[template(path = "place/register.html")]
struct RegisterPage {
    page: Shell,
    errors: FieldErrors,
}

/// `GET /place/register`
pub async fn register(guest: Guest) -> Outcome {
    if guest.shared.is_some() {
        return Ok(redirect("/place"));
    }
    shown(&guest, StatusCode::OK, FieldErrors::default())
}

fn shown(guest: &Guest, status: StatusCode, errors: FieldErrors) -> Outcome {
    page_with_status(status, &RegisterPage { page: guest.shell(&t!(guest.lang, "register-title")), errors })
}

/// `POST /place/register`
pub async fn register_submit(guest: Guest, form: Form) -> Outcome {
    let (lang, secure) = (guest.lang, guest.app.settings.secure);
    if guest.shared.is_some() {
        // Withdraw it first: the list would go on naming a browser that is another now.
        return Ok(redirect("/place"));
    }
    let claim = Claim {
        code: form.parse("code"),
        address: guest.address,
        user_agent: guest.user_agent.clone(),
        previous: guest.session.clone(),
    };
    let (status, message) =
        match at_gate(&guest.app, move |gate| place_claim(gate.db, gate.nature, &claim)).await {
            Ok(token) => {
                let response = with_cookie(redirect("/place"), Cookies::set_session(secure, None));
                return Ok(with_cookie(response, Cookies::set_shared_place(secure, Some(&token))));
            }
            Err(Refused::Because(ClaimRefusal::Wrong)) => {
                (StatusCode::UNPROCESSABLE_ENTITY, t!(lang, "register-wrong"))
            }
            Err(Refused::Because(ClaimRefusal::Wait(wait))) => {
                (StatusCode::TOO_MANY_REQUESTS, wait_text(lang, wait))
            }
            Err(Refused::Failed(failure)) => return Err(failure),
        };
    let mut errors = FieldErrors::default();
    errors.add("code", message);
    shown(&guest, status, errors)
}
