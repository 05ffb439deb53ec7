//! Changing one's own password.

use super::{at_gate, forms};
use crate::actions;
use crate::factors::pages::asks_proof;
use crate::t;
use askama::Template;
use axum::http::StatusCode;
use komainu_web::{
    FieldErrors, Form, NoticeKind, Outcome, Shell, SignedIn, page_with_status, redirect, with_flash,
};

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordPage {
    page: Shell,
    errors: FieldErrors,
}

/// `GET /account/password`
pub async fn password(signed: SignedIn) -> Outcome {
    match asks_proof(signed.visit(), &signed.session) {
        Some(elsewhere) => Ok(elsewhere),
        None => shown(&signed, FieldErrors::default()),
    }
}

fn shown(signed: &SignedIn, errors: FieldErrors) -> Outcome {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = signed.shell(&t!(signed.lang, "account-password"));
    page_with_status(status, &PasswordPage { page, errors })
}

/// `POST /account/password`
pub async fn password_save(signed: SignedIn, form: Form) -> Outcome {
    let lang = signed.lang;
    let mut errors = FieldErrors::default();
    let id = signed.session.person;
    let person = signed.read(move |tx| actions::account(tx, id)).await?;
    let mut context = vec![person.name, person.name_kana, person.email];
    context.extend(signed.places.iter().map(|(_, name, _)| name.clone()));
    let Some(new) = forms::new_password(lang, &form, context, &mut errors).await? else {
        return shown(&signed, errors);
    };
    let session = signed.session.clone();
    at_gate(&signed.app, move |gate| actions::password_change(gate, &session, &new)).await?;
    let text = t!(lang, "password-changed");
    Ok(with_flash(&signed.app, redirect("/account"), NoticeKind::Success, &text))
}
