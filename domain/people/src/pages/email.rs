//! Changing the address that one signs in with.

use super::{at_gate, wait_text};
use crate::actions::{self, EmailRefusal};
use crate::factors::pages::asks_proof;
use crate::model::Email;
use crate::t;
use askama::Template;
use axum::http::StatusCode;
use komainu_web::{
    FieldErrors, Form, NoticeKind, Outcome, Refused, Shell, SignedIn, page_with_status, redirect, with_flash,
};

#[derive(Template)]
#[template(path = "email.html")]
struct EmailPage {
    page: Shell,
    errors: FieldErrors,
    current: String,
    email: String,
}

/// `GET /account/email`
pub async fn email(signed: SignedIn) -> Outcome {
    match asks_proof(signed.visit(), &signed.session) {
        Some(elsewhere) => Ok(elsewhere),
        None => shown(&signed, String::new(), FieldErrors::default()).await,
    }
}

async fn shown(signed: &SignedIn, email: String, errors: FieldErrors) -> Outcome {
    let id = signed.session.person;
    let current = signed.read(move |tx| actions::account(tx, id)).await?.email;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = signed.shell(&t!(signed.lang, "account-email"));
    page_with_status(status, &EmailPage { page, errors, current, email })
}

/// `POST /account/email`
pub async fn email_save(signed: SignedIn, form: Form) -> Outcome {
    let lang = signed.lang;
    let typed = form.text("email").to_owned();
    let mut errors = FieldErrors::default();
    let Some(new) = form.parse::<Email>("email") else {
        errors.add("email", t!(lang, "email-fault"));
        return shown(&signed, typed, errors).await;
    };
    let session = signed.session.clone();
    let changed = at_gate(&signed.app, move |gate| actions::email_change(gate, &session, &new));
    let message = match changed.await {
        Ok(()) => {
            let text = t!(lang, "email-changed");
            return Ok(with_flash(&signed.app, redirect("/account"), NoticeKind::Success, &text));
        }
        Err(Refused::Because(EmailRefusal::Taken)) => t!(lang, "email-taken"),
        Err(Refused::Because(EmailRefusal::Wait(wait))) => wait_text(lang, wait),
        Err(Refused::Failed(failure)) => return Err(failure),
    };
    errors.add("email", message);
    shown(&signed, typed, errors).await
}
