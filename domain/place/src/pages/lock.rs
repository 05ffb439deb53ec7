//! Locking, and what is left at a place when it locks.

use super::{renewed, sealer};
use crate::actions::{self, Deposit, draft_hold};
use crate::rules::DRAFT_BYTES;
use axum::Json;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::response::IntoResponse as _;
use komainu_people::pages::with_cookie;
use komainu_web::{Cookies, Failure, Form, Guest, Outcome, SignedIn, redirect};
use serde_json::json;

/// The largest body that leaves a draft: its text as a form encodes it.
pub const KEEP_BODY: usize = 4 * DRAFT_BYTES;

/// `POST /place/lock`: who is at the place goes, or lets somebody else come. Of a place that has locked itself before, it
/// only shows the names.
pub async fn lock(guest: Guest, headers: HeaderMap, body: Bytes) -> Outcome {
    let secure = guest.app.settings.secure;
    if guest.session.is_some() && !guest.is_of_own_page(&Form::read(&body)?) {
        return Err(Failure::Forged);
    }
    if let Some(session) = guest.session.clone().filter(|session| session.shared.is_some()) {
        let nature = guest.app.nature.clone();
        guest.write(move |tx| Ok::<_, Failure>(actions::lock(tx, &nature, &session)?)).await?;
    }
    let response =
        if guest.fragment { Json(json!({ "locked": true })).into_response() } else { redirect("/place") };
    // Nothing that was said to one person is shown to the next.
    let response = with_cookie(response, Cookies::clear_flash(secure));
    Ok(if guest.shared.is_some() { with_cookie(response, renewed(&guest, &headers)) } else { response })
}

/// `GET /place/state`: how many seconds are left. That our script asks for somebody at the keyboard is itself a use; that
/// it looks by itself is none.
pub async fn state(signed: SignedIn) -> Outcome {
    let left = signed.session.shared.as_ref().map(|shared| {
        let quiet = signed.app.nature.now() - signed.session.seen_at;
        (shared.lock_after - quiet).num_seconds().max(0)
    });
    Ok(Json(json!({ "left": left })).into_response())
}

/// `POST /place/keep`: what could not be sent, for its owner. A locked session may do this, and only from a page of its own:
/// the form carries the token that it had before.
pub async fn keep(guest: Guest, body: Bytes) -> Outcome {
    let session = guest.session.clone().or_else(|| guest.locked.clone()).ok_or(Failure::SignedOut)?;
    let form = Form::read(&body)?;
    // Otherwise whoever stands at the locked place could leave words in its person's mouth.
    if !guest.is_of_own_page(&form) {
        return Err(Failure::Forged);
    }
    let unreadable = |error: serde_json::Error| Failure::Malformed(error.to_string());
    let entries = serde_json::from_str(form.raw("entries")).map_err(unreadable)?;
    let deposit = Deposit { form: form.text("form").to_owned(), entries };
    let app = guest.app.clone();
    guest.write(move |tx| draft_hold(tx, sealer(&app), &session, &deposit)).await?;
    Ok(Json(json!({ "kept": true })).into_response())
}
