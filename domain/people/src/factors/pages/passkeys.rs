//! Registering and removing passkeys.

use super::{PasskeyPart, asks_proof, codes, relying_here};
use crate::factors::actions::{self, NewPasskey, PasskeyRefusal, Sealer};
use crate::factors::model::PasskeyId;
use crate::pages::device::device_text;
use crate::pages::{at_gate, forms};
use crate::t;
use askama::Template;
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use komainu_web::{
    Failure, FieldErrors, Form, NoticeKind, Outcome, Refused, Shell, SignedIn, page_with_status, redirect,
    with_flash,
};

#[derive(Template)]
#[template(path = "factors/passkey.html")]
struct PasskeyPage {
    page: Shell,
    errors: FieldErrors,
    passkey: PasskeyPart,
    called: String,
}

/// `GET /account/factors/passkeys/new`
pub async fn passkey_new(signed: SignedIn) -> Outcome {
    if let Some(elsewhere) = asks_proof(signed.visit(), &signed.session) {
        return Ok(elsewhere);
    }
    // Most passkeys live in the device that makes them.
    let called = device_text(signed.lang, &signed.user_agent);
    shown(&signed, called, FieldErrors::default())
}

fn shown(signed: &SignedIn, called: String, errors: FieldErrors) -> Outcome {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Shell {
        path: "/account/factors/passkeys/new".to_owned(),
        ..signed.shell(&t!(signed.lang, "passkey-new-title"))
    };
    page_with_status(status, &PasskeyPage { page, errors, passkey: PasskeyPart::of(signed.visit()), called })
}

/// `POST /account/factors/passkeys/options`: what our script asks the device for.
pub async fn passkey_new_options(signed: SignedIn, _: Form) -> Outcome {
    let relying = relying_here(signed.visit())?;
    let (app, session) = (signed.app.clone(), signed.session.clone());
    let options = signed.write(move |tx| {
        actions::passkey_offer(tx, Sealer { nature: &app.nature, key: &app.key }, &relying, &session)
    });
    Ok(Json(options.await?).into_response())
}

/// `POST /account/factors/passkeys`
pub async fn passkey_save(signed: SignedIn, form: Form) -> Outcome {
    let lang = signed.lang;
    let relying = relying_here(signed.visit())?;
    let mut errors = FieldErrors::default();
    let name = forms::read_line(lang, &form, "name", true, &mut errors);
    let typed = form.text("name").to_owned();
    if !errors.is_empty() {
        return shown(&signed, typed, errors);
    }
    let new = NewPasskey { name, response: form.raw("credential").to_owned() };
    let session = signed.session.clone();
    let added = at_gate(&signed.app, move |gate| actions::passkey_add(gate, &relying, &session, &new));
    let message = match added.await {
        Ok(codes) if codes.is_empty() => {
            let text = t!(lang, "passkey-added");
            return Ok(with_flash(&signed.app, redirect("/account/factors"), NoticeKind::Success, &text));
        }
        Ok(codes) => return codes::shown(&signed, t!(lang, "passkey-added"), &codes),
        Err(Refused::Because(PasskeyRefusal::Over)) => t!(lang, "passkey-over"),
        Err(Refused::Because(PasskeyRefusal::Unfit)) => t!(lang, "passkey-unfit"),
        Err(Refused::Because(PasskeyRefusal::Known)) => t!(lang, "passkey-known"),
        Err(Refused::Failed(failure)) => return Err(failure),
    };
    errors.add("name", message);
    shown(&signed, typed, errors)
}

/// `POST /account/factors/passkeys/{id}/remove`
pub async fn passkey_remove(signed: SignedIn, Path(id): Path<String>, _: Form) -> Outcome {
    let id: PasskeyId = id.parse().map_err(|_| Failure::NotFound)?;
    let (nature, session) = (signed.app.nature.clone(), signed.session.clone());
    signed.write(move |tx| actions::passkey_remove(tx, &nature, &session, id)).await?;
    let text = t!(signed.lang, "passkey-removed");
    Ok(with_flash(&signed.app, redirect("/account/factors"), NoticeKind::Success, &text))
}
