//! Setting the authenticator app up.

use super::{asks_proof, codes};
use crate::factors::actions::{self, Sealer, TotpOffer, TotpRefusal};
use crate::t;
use askama::Template;
use axum::http::StatusCode;
use komainu_web::{
    FieldErrors, Form, NoticeKind, Outcome, Refused, Shell, SignedIn, page_with_status, qr_svg, redirect,
    with_flash,
};

#[derive(Template)]
#[template(path = "factors/totp.html")]
struct TotpPage {
    page: Shell,
    errors: FieldErrors,
    qr: String,
    secret: String,
}

/// `GET /account/factors/totp`: the secret stays the same while the page is looked at again.
pub async fn totp(signed: SignedIn) -> Outcome {
    if let Some(elsewhere) = asks_proof(signed.visit(), &signed.session) {
        return Ok(elsewhere);
    }
    shown(&signed, FieldErrors::default()).await
}

async fn shown(signed: &SignedIn, errors: FieldErrors) -> Outcome {
    let (app, session) = (signed.app.clone(), signed.session.clone());
    let offer: TotpOffer = signed
        .write(move |tx| actions::totp_offer(tx, Sealer { nature: &app.nature, key: &app.key }, &session))
        .await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page_with_status(
        status,
        &TotpPage {
            page: signed.shell(&t!(signed.lang, "totp-title")),
            errors,
            qr: qr_svg(&offer.url),
            secret: offer.secret.text(),
        },
    )
}

/// `POST /account/factors/totp`
pub async fn totp_save(signed: SignedIn, form: Form) -> Outcome {
    let lang = signed.lang;
    let (app, session, code) = (signed.app.clone(), signed.session.clone(), form.text("code").to_owned());
    let added = signed
        .write(move |tx| {
            actions::totp_add(tx, Sealer { nature: &app.nature, key: &app.key }, &session, &code)
        })
        .await;
    let message = match added {
        Ok(codes) if codes.is_empty() => {
            let text = t!(lang, "totp-added");
            return Ok(with_flash(&signed.app, redirect("/account/factors"), NoticeKind::Success, &text));
        }
        Ok(codes) => return codes::shown(&signed, t!(lang, "totp-added"), &codes),
        Err(Refused::Because(TotpRefusal::Wrong)) => t!(lang, "totp-wrong"),
        Err(Refused::Because(TotpRefusal::Over)) => t!(lang, "totp-over"),
        Err(Refused::Failed(failure)) => return Err(failure),
    };
    let mut errors = FieldErrors::default();
    errors.add("code", message);
    shown(&signed, errors).await
}

/// `POST /account/factors/totp/remove`
pub async fn totp_remove(signed: SignedIn, _: Form) -> Outcome {
    let (nature, session) = (signed.app.nature.clone(), signed.session.clone());
    signed.write(move |tx| actions::totp_remove(tx, &nature, &session)).await?;
    let text = t!(signed.lang, "totp-removed");
    Ok(with_flash(&signed.app, redirect("/account/factors"), NoticeKind::Success, &text))
}
