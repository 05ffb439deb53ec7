//! The page behind the link. Only sending its form uses the link up: the preview that a mail or chat program fetches
//! must not. Its secret stands in the address, so no refusal here goes to the error page, whose log names the address.

use crate::model::{Person, Token};
use crate::pages::message::message;
use crate::pages::{at_gate, forms, wait_text};
use crate::rescue::actions::{self, RescueRefusal};
use crate::t;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use komainu_web::{
    Failure, FieldErrors, Form, Guest, NoticeKind, Outcome, Refused, Shell, page_with_status, redirect,
    with_flash,
};

#[derive(Template)]
#[template(path = "rescue/link.html")]
struct LinkPage {
    page: Shell,
    errors: FieldErrors,
    action: String,
    name: String,
    email: String,
}

fn shown(guest: &Guest, token: &Token, person: Person, errors: FieldErrors) -> Outcome {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page_with_status(
        status,
        &LinkPage {
            page: guest.shell(&t!(guest.lang, "rescue-link-title")),
            errors,
            action: format!("/rescue/{}", token.text()),
            name: person.name,
            email: person.email,
        },
    )
}

/// The one answer to every link that cannot be used.
fn gone(guest: &Guest) -> Outcome {
    let lang = guest.lang;
    let words = (t!(lang, "rescue-gone"), t!(lang, "rescue-gone-do"));
    message(guest, StatusCode::NOT_FOUND, (&words.0, words.1), (t!(lang, "to-first-page"), "/"))
}

async fn look(guest: &Guest, token: &Token) -> Result<Option<Person>, Failure> {
    let (token, now) = (token.clone(), guest.app.nature.now());
    guest.read(move |tx| Ok(actions::rescue_look(tx, &token, now)?)).await
}

/// `GET /rescue/{token}`
pub async fn rescue(guest: Guest, Path(token): Path<String>) -> Outcome {
    let Ok(token) = token.parse::<Token>() else { return gone(&guest) };
    let Some(person) = look(&guest, &token).await? else { return gone(&guest) };
    shown(&guest, &token, person, FieldErrors::default())
}

/// `POST /rescue/{token}`
pub async fn rescue_submit(guest: Guest, Path(token): Path<String>, form: Form) -> Outcome {
    let lang = guest.lang;
    let Ok(token) = token.parse::<Token>() else { return gone(&guest) };
    let Some(person) = look(&guest, &token).await? else { return gone(&guest) };
    let mut errors = FieldErrors::default();
    let context = vec![person.name.clone(), person.name_kana.clone(), person.email.clone()];
    let Some(password) = forms::new_password(lang, &form, context, &mut errors).await? else {
        return shown(&guest, &token, person, errors);
    };
    let (link, address) = (token.clone(), guest.address);
    match at_gate(&guest.app, move |gate| actions::rescue_use(gate, &link, &password, address)).await {
        Ok(()) => {
            // Whoever was signed in here is not any more, if it was this person.
            let response = redirect("/sign-in");
            Ok(with_flash(&guest.app, response, NoticeKind::Success, &t!(lang, "rescue-used")))
        }
        Err(Refused::Because(RescueRefusal::Gone)) => gone(&guest),
        Err(Refused::Because(RescueRefusal::Wait(wait))) => {
            errors.add("password", wait_text(lang, wait));
            shown(&guest, &token, person, errors)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}
