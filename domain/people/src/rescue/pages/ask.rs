//! Asking to be let back in, and saying that one did not ask.

use crate::pages::message::message;
use crate::pages::wait_text;
use crate::rescue::actions::{self, Plea};
use crate::rescue::model::Lost;
use crate::t;
use askama::Template;
use axum::http::StatusCode;
use komainu_i18n::Lang;
use komainu_web::{
    Choice, Failure, FieldErrors, Form, Guest, NoticeKind, Outcome, Refused, Shell, SignedIn,
    page_with_status, redirect, with_flash,
};

#[derive(Template)]
#[template(path = "rescue/ask.html")]
struct AskPage {
    page: Shell,
    errors: FieldErrors,
    email: String,
    lost: Vec<Choice>,
}

/// What somebody lost.
pub(super) fn lost_text(lang: Lang, lost: Lost) -> String {
    match lost {
        Lost::Factor => t!(lang, "lost-factor"),
        Lost::Password => t!(lang, "lost-password"),
        Lost::Both => t!(lang, "lost-both"),
    }
}

fn shown(guest: &Guest, status: StatusCode, form: &Form, errors: FieldErrors) -> Outcome {
    let (lang, chosen) = (guest.lang, form.parse::<Lost>("lost"));
    let choice = |lost: Lost| Choice::new(lost.code(), lost_text(lang, lost)).chosen(chosen == Some(lost));
    page_with_status(
        status,
        &AskPage {
            page: guest.shell(&t!(lang, "rescue-ask-title")),
            errors,
            email: form.text("email").to_owned(),
            lost: Lost::ALL.map(choice).to_vec(),
        },
    )
}

/// `GET /sign-in/lost`
pub async fn rescue_ask(guest: Guest) -> Outcome {
    shown(&guest, StatusCode::OK, &Form::default(), FieldErrors::default())
}

/// `POST /sign-in/lost`: the same answer whether there is such an account or not.
pub async fn rescue_ask_submit(guest: Guest, form: Form) -> Outcome {
    let lang = guest.lang;
    let mut errors = FieldErrors::default();
    let (email, lost) = (form.parse("email"), form.parse::<Lost>("lost"));
    if email.is_none() {
        errors.add("email", t!(lang, "email-fault"));
    }
    if lost.is_none() {
        errors.add("lost", t!(lang, "lost-fault"));
    }
    let (Some(lost), true) = (lost, errors.is_empty()) else {
        return shown(&guest, StatusCode::UNPROCESSABLE_ENTITY, &form, errors);
    };
    let plea = Plea { email, lost, address: guest.address, user_agent: guest.user_agent.clone() };
    let nature = guest.app.nature.clone();
    match guest.write(move |tx| actions::rescue_ask(tx, &nature, &plea)).await {
        Ok(()) => {
            let (title, text) = (t!(lang, "rescue-asked"), t!(lang, "rescue-asked-do"));
            message(&guest, StatusCode::OK, (&title, text), (t!(lang, "rescue-asked-back"), "/sign-in"))
        }
        Err(Refused::Because(wait)) => {
            errors.add("email", wait_text(lang, wait));
            shown(&guest, StatusCode::TOO_MANY_REQUESTS, &form, errors)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// `POST /account/rescue/cancel`: the person it is about needs no help.
pub async fn rescue_cancel(signed: SignedIn, _: Form) -> Outcome {
    let (nature, session) = (signed.app.nature.clone(), signed.session.clone());
    signed.write(move |tx| Ok::<_, Failure>(actions::rescue_cancel(tx, &nature, &session)?)).await?;
    let text = t!(signed.lang, "rescue-cancelled");
    Ok(with_flash(&signed.app, redirect("/account"), NoticeKind::Success, &text))
}
