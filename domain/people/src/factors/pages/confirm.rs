//! Asking once more who it is, before anything changes about how one signs in.

use super::{PasskeyPart, relying, relying_here};
use crate::factors::actions::{self, Holder, Proof, ProofRefusal, Sealer};
use crate::factors::model::{Answer, Kinds};
use crate::model::Password;
use crate::openid;
use crate::pages::path::{next_in, path_inside};
use crate::pages::{at_gate, wait_text};
use crate::t;
use askama::Template;
use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use komainu_web::{
    Failure, FieldErrors, Form, Outcome, Refused, Shell, SignedIn, page_with_status, redirect,
};

#[derive(Template)]
#[template(path = "factors/confirm.html")]
struct ConfirmPage {
    page: Shell,
    errors: FieldErrors,
    kinds: Kinds,
    passkey: PasskeyPart,
    /// The sign-in service that the person is linked to; empty for none that can be used here.
    openid: String,
    /// The service has confirmed them, and the second factor is what is missing.
    half: bool,
    /// In a demo nobody has a password.
    demo: bool,
    next: String,
}

/// `GET /account/confirm`
pub async fn confirm(signed: SignedIn) -> Outcome {
    let next = next_in(&signed.path);
    shown(&signed, StatusCode::OK, next, FieldErrors::default()).await
}

async fn shown(signed: &SignedIn, status: StatusCode, next: String, errors: FieldErrors) -> Outcome {
    let person = signed.session.person;
    let (app, session) = (signed.app.clone(), signed.session.clone());
    let (kinds, links, half) = signed
        .read(move |tx| {
            let sealer = Sealer { nature: &app.nature, key: &app.key };
            let kinds = actions::factors(tx, person)?.kinds();
            let half = kinds.any() && openid::actions::half_proven(tx, sealer, &session)?;
            Ok((kinds, openid::actions::links(tx, person)?, half))
        })
        .await?;
    let door = openid::pages::DoorPart::of(signed.visit());
    let linked = openid::pages::link_rows(signed.visit(), &links).iter().any(|link| link.current);
    page_with_status(
        status,
        &ConfirmPage {
            page: signed.shell(&t!(signed.lang, "confirm-title")),
            errors,
            kinds,
            passkey: PasskeyPart::of(signed.visit()),
            openid: if linked && door.here() { door.name } else { String::new() },
            half,
            demo: signed.app.settings.demo,
            // Nothing was asked for: the account is where one can go on.
            next: if next == "/" { "/account".to_owned() } else { next },
        },
    )
}

/// `POST /account/confirm/options`: what our script asks the device for.
pub async fn confirm_options(signed: SignedIn, _: Form) -> Outcome {
    let relying = relying_here(signed.visit())?;
    let (app, session) = (signed.app.clone(), signed.session.clone());
    let options = signed.write(move |tx| {
        let sealer = Sealer { nature: &app.nature, key: &app.key };
        actions::passkey_challenge(tx, sealer, &relying, &Holder::Session(session.id), session.person)
    });
    Ok(Json(options.await?.ok_or(Failure::NotFound)?).into_response())
}

/// `POST /account/confirm`
pub async fn confirm_submit(signed: SignedIn, form: Form) -> Outcome {
    let lang = signed.lang;
    let next = path_inside(form.text("next"));
    let session = signed.session.clone();
    if signed.app.settings.demo && form.has("demo") {
        let nature = signed.app.nature.clone();
        signed.write(move |tx| actions::prove_in_demo(tx, &nature, &session)).await?;
        return Ok(redirect(&next));
    }
    let by_passkey = form.has("credential");
    let by_service = form.has("half");
    let proof = if by_passkey {
        let answer = Answer::Passkey(form.raw("credential").to_owned());
        Proof { password: None, answer: Some(answer), address: signed.address }
    } else {
        let typed = form.text("code");
        let answer = (!typed.is_empty()).then(|| Answer::typed(typed));
        let password = (!by_service).then(|| Password::typed(form.raw("password")));
        Proof { password, answer, address: signed.address }
    };
    let relying = relying(signed.visit())?;
    let proved = at_gate(&signed.app, move |gate| actions::prove(gate, relying.as_ref(), &session, &proof));
    let (status, message) = match proved.await {
        Ok(()) => return Ok(redirect(&next)),
        Err(Refused::Because(ProofRefusal::Wrong)) if by_passkey => {
            (StatusCode::UNPROCESSABLE_ENTITY, t!(lang, "passkey-refused"))
        }
        Err(Refused::Because(ProofRefusal::Wrong)) if by_service => {
            (StatusCode::UNPROCESSABLE_ENTITY, t!(lang, "second-wrong"))
        }
        Err(Refused::Because(ProofRefusal::Wrong)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, t!(lang, "confirm-wrong"))
        }
        Err(Refused::Because(ProofRefusal::Wait(wait))) => {
            (StatusCode::TOO_MANY_REQUESTS, wait_text(lang, wait))
        }
        Err(Refused::Failed(failure)) => return Err(failure),
    };
    let mut errors = FieldErrors::default();
    errors.add(if by_service { "code" } else { "password" }, message);
    shown(&signed, status, next, errors).await
}
