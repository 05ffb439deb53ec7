//! The page behind a message: one tap says that one knows.

use crate::actions::{AckPage, ack_answer, ack_look};
use crate::words::{call_badge, call_text};
use crate::{Call, CallState, Kind, State};
use askama::Template;
use axum::extract::Path;
use komainu_contact::words::{dialled, duty_text};
use komainu_i18n::Lang;
use komainu_web::{Form, Guest, Outcome, Shell, moment_text, page, redirect};

struct Other {
    who: String,
    state: String,
    sign: &'static str,
}

#[derive(Template)]
#[template(path = "escalation_ack.html")]
struct Answer {
    page: Shell,
    lang: Lang,
    action: String,
    house: String,
    title: String,
    words: String,
    started: String,
    test: bool,
    known: bool,
    declined: bool,
    stopped: bool,
    /// The page of the house that shows it, for who has an account.
    path: String,
    /// The number by which one can answer as well, as it is shown and as it is dialled; may be empty.
    desk: String,
    desk_dial: String,
    others: Vec<Other>,
}

/// `GET /ack/{secret}`
pub async fn ack(guest: Guest, Path(secret): Path<String>) -> Outcome {
    let (lang, nature, key) = (guest.lang, guest.app.nature.clone(), secret.clone());
    let AckPage { organisation_name, seen, call } = guest.read(move |tx| ack_look(tx, &nature, &key)).await?;
    let it = &seen.escalation;
    let other = |one: &Call| Other {
        who: format!("{} {}", duty_text(lang, &one.callee.duty), one.callee.name),
        state: call_text(lang, one),
        sign: call_badge(one.state),
    };
    let mut shell = guest.shell(&it.told.title);
    shell.org_name = Some(organisation_name.clone());
    page(&Answer {
        page: shell,
        lang,
        action: format!("/ack/{secret}"),
        house: organisation_name,
        title: it.told.title.clone(),
        words: it.told.words.clone(),
        started: moment_text(lang, it.started_at),
        test: it.kind == Kind::Test,
        known: call.state == CallState::Known,
        declined: call.state == CallState::Declined,
        stopped: it.state == State::Stopped,
        path: it.told.path.clone(),
        desk: it.told.phone.clone(),
        desk_dial: dialled(&it.told.phone),
        // Those of a test do not know of each other: five hundred names help nobody.
        others: if it.kind == Kind::Test {
            Vec::new()
        } else {
            seen.calls.iter().filter(|one| one.id != call.id).map(other).collect()
        },
    })
}

/// `POST /ack/{secret}`
pub async fn ack_submit(guest: Guest, Path(secret): Path<String>, form: Form) -> Outcome {
    let (nature, key, can) = (guest.app.nature.clone(), secret.clone(), form.text("answer") != "cannot");
    guest.write(move |tx| ack_answer(tx, &nature, &key, can)).await?;
    Ok(redirect(&format!("/ack/{secret}")))
}
