//! The second step of signing in, and signing in with a passkey alone. Nobody has a session here yet.

use super::{PasskeyPart, relying, relying_here};
use crate::factors::actions::{self, Holder, PasskeySignIn, Sealer, SecondRefusal, SecondStep};
use crate::factors::model::{Answer, Kinds};
use crate::model::Token;
use crate::pages::path::{next_in, path_inside};
use crate::pages::sign_in::{enter, shown as sign_in_page};
use crate::pages::{at_gate, wait_text, with_cookie};
use crate::t;
use askama::Template;
use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use komainu_access::PersonId;
use komainu_web::{
    Cookies, Failure, FieldErrors, Form, Guest, NoticeKind, Outcome, Refused, Shell, page_with_status,
    redirect, with_flash,
};

#[derive(Template)]
#[template(path = "factors/second.html")]
struct SecondPage {
    page: Shell,
    errors: FieldErrors,
    kinds: Kinds,
    passkey: PasskeyPart,
    next: String,
}

/// The secret of a browser at the door.
fn browser(guest: &Guest, headers: &HeaderMap) -> Option<Token> {
    Cookies::of(headers, guest.app.settings.secure).door()?.parse().ok()
}

/// Who waits at the door in this browser.
async fn waiting(guest: &Guest, headers: &HeaderMap) -> Result<Option<(Token, PersonId, Kinds)>, Failure> {
    let Some(browser) = browser(guest, headers) else { return Ok(None) };
    let (app, token) = (guest.app.clone(), browser.clone());
    let found =
        guest.read(move |tx| actions::second_look(tx, Sealer { nature: &app.nature, key: &app.key }, &token));
    Ok(found.await?.map(|(person, kinds)| (browser, person, kinds)))
}

/// Back to the beginning: it took too long.
fn over(guest: &Guest) -> Response {
    let cleared = Cookies::set_door(guest.app.settings.secure, None);
    let response = with_cookie(redirect("/sign-in"), cleared);
    with_flash(&guest.app, response, NoticeKind::Warning, &t!(guest.lang, "second-over"))
}

/// `GET /sign-in/second`
pub async fn second(guest: Guest, headers: HeaderMap) -> Outcome {
    let next = next_in(&guest.path);
    let Some((_, _, kinds)) = waiting(&guest, &headers).await? else {
        return Ok(if guest.session.is_some() { redirect(&next) } else { over(&guest) });
    };
    shown(&guest, StatusCode::OK, kinds, next, FieldErrors::default())
}

fn shown(guest: &Guest, status: StatusCode, kinds: Kinds, next: String, errors: FieldErrors) -> Outcome {
    let page = guest.shell(&t!(guest.lang, "second-title"));
    page_with_status(status, &SecondPage { page, errors, kinds, passkey: PasskeyPart::of(guest), next })
}

/// `POST /sign-in/second/options`: what our script asks the device for.
pub async fn second_options(guest: Guest, headers: HeaderMap, _: Form) -> Outcome {
    let relying = relying_here(&guest)?;
    let (browser, person, _) = waiting(&guest, &headers).await?.ok_or(Failure::SignedOut)?;
    let app = guest.app.clone();
    let options = guest.write(move |tx| {
        let sealer = Sealer { nature: &app.nature, key: &app.key };
        actions::passkey_challenge(tx, sealer, &relying, &Holder::Browser(browser), person)
    });
    Ok(Json(options.await?.ok_or(Failure::NotFound)?).into_response())
}

/// `POST /sign-in/second`: a code, a recovery code, or a passkey's answer.
pub async fn second_submit(guest: Guest, headers: HeaderMap, form: Form) -> Outcome {
    let lang = guest.lang;
    let next = path_inside(form.text("next"));
    let Some((browser, _, kinds)) = waiting(&guest, &headers).await? else { return Ok(over(&guest)) };
    let answer = if form.has("credential") {
        Answer::Passkey(form.raw("credential").to_owned())
    } else {
        Answer::typed(form.text("code"))
    };
    let (by_passkey, by_recovery) =
        (matches!(answer, Answer::Passkey(_)), matches!(answer, Answer::Recovery(_)));
    let step = SecondStep {
        browser,
        answer,
        address: guest.address,
        user_agent: guest.user_agent.clone(),
        previous: guest.session.clone(),
    };
    let relying = relying(&guest)?;
    let (status, message) =
        match at_gate(&guest.app, move |gate| actions::second_step(gate, relying.as_ref(), &step)).await {
            Ok(entered) => {
                let cleared = Cookies::set_door(guest.app.settings.secure, None);
                let response = with_cookie(enter(&guest, &headers, &entered, &next), cleared);
                if !by_recovery {
                    return Ok(response);
                }
                let text = t!(lang, "second-recovery-used");
                return Ok(with_flash(&guest.app, response, NoticeKind::Warning, &text));
            }
            Err(Refused::Because(SecondRefusal::Over)) => return Ok(over(&guest)),
            Err(Refused::Because(SecondRefusal::Wrong)) if by_passkey => {
                (StatusCode::UNPROCESSABLE_ENTITY, t!(lang, "passkey-refused"))
            }
            Err(Refused::Because(SecondRefusal::Wrong)) => {
                (StatusCode::UNPROCESSABLE_ENTITY, t!(lang, "second-wrong"))
            }
            Err(Refused::Because(SecondRefusal::Wait(wait))) => {
                (StatusCode::TOO_MANY_REQUESTS, wait_text(lang, wait))
            }
            Err(Refused::Failed(failure)) => return Err(failure),
        };
    let mut errors = FieldErrors::default();
    errors.add("code", message);
    shown(&guest, status, kinds, next, errors)
}

/// `POST /sign-in/passkey/options`: what our script asks any device for. The browser is remembered by its cookie.
pub async fn passkey_sign_in_options(guest: Guest, headers: HeaderMap, _: Form) -> Outcome {
    let relying = relying_here(&guest)?;
    let browser = browser(&guest, &headers).unwrap_or_else(|| Token::new(guest.app.nature.bytes()));
    let (app, token) = (guest.app.clone(), browser.clone());
    let options = guest.write(move |tx| {
        actions::passkey_greet(tx, Sealer { nature: &app.nature, key: &app.key }, &relying, &token)
    });
    let cookie = Cookies::set_door(guest.app.settings.secure, Some(&browser.text()));
    Ok(with_cookie(Json(options.await?).into_response(), cookie))
}

/// `POST /sign-in/passkey`
pub async fn passkey_sign_in(guest: Guest, headers: HeaderMap, form: Form) -> Outcome {
    let lang = guest.lang;
    let next = path_inside(form.text("next"));
    let relying = relying_here(&guest)?;
    let refused = match browser(&guest, &headers) {
        None => None,
        Some(browser) => {
            let attempt = PasskeySignIn {
                browser,
                response: form.raw("credential").to_owned(),
                address: guest.address,
                user_agent: guest.user_agent.clone(),
                previous: guest.session.clone(),
            };
            match at_gate(&guest.app, move |gate| actions::passkey_sign_in(gate, &relying, &attempt)).await {
                Ok(entered) => {
                    let cleared = Cookies::set_door(guest.app.settings.secure, None);
                    return Ok(with_cookie(enter(&guest, &headers, &entered, &next), cleared));
                }
                Err(Refused::Because(wait)) => wait,
                Err(Refused::Failed(failure)) => return Err(failure),
            }
        }
    };
    let (status, message) = match refused {
        Some(wait) => (StatusCode::TOO_MANY_REQUESTS, wait_text(lang, wait)),
        None => (StatusCode::UNPROCESSABLE_ENTITY, t!(lang, "passkey-refused")),
    };
    let mut errors = FieldErrors::default();
    errors.add("email", message);
    sign_in_page(&guest, status, String::new(), next, errors).await
}
