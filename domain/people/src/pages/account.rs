//! One's own account.

use super::device::device_text;
use super::{at_gate, forms, wait_text, with_cookie};
use crate::actions::{self, PasswordChange, PasswordRefusal, Profile};
use crate::model::{Password, Person};
use crate::t;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use komainu_access::{Session, SessionId, Sessions};
use komainu_i18n::Lang;
use komainu_web::{
    Choice, Cookies, Failure, FieldErrors, Form, NoticeKind, Outcome, Refused, Shell, SignedIn, moment_text,
    page_with_status, redirect, role_text, with_flash,
};

struct Browser {
    id: String,
    device: String,
    since: String,
    seen: String,
    current: bool,
}

struct Place {
    name: String,
    role: String,
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    page: Shell,
    errors: FieldErrors,
    person_name: String,
    name_kana: String,
    email: String,
    languages: Vec<Choice>,
    browsers: Vec<Browser>,
    places: Vec<Place>,
    /// Whether mails may remind the person; none where mail is switched off.
    reminders: Option<bool>,
}

/// `GET /account`
pub async fn account(signed: SignedIn) -> Outcome {
    shown(&signed, None, FieldErrors::default()).await
}

/// The page, with what was typed into the profile where it has faults.
async fn shown(signed: &SignedIn, typed: Option<(String, String, Lang)>, errors: FieldErrors) -> Outcome {
    let (lang, now) = (signed.lang, signed.app.nature.now());
    let id = signed.session.person;
    let (person, sessions, reminders): (Person, Vec<Session>, bool) = signed
        .read(move |tx| {
            Ok((actions::account(tx, id)?, Sessions::of(tx, id, now)?, actions::reminders_wanted(tx, id)?))
        })
        .await?;
    let (name, name_kana, chosen) = typed.unwrap_or((person.name, person.name_kana, person.lang));
    let browser = |session: &Session| Browser {
        id: session.id.to_string(),
        device: device_text(lang, &session.user_agent),
        since: moment_text(lang, session.created_at),
        seen: moment_text(lang, session.seen_at),
        current: session.id == signed.session.id,
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    // The page also answers to forms that went elsewhere.
    let page = Shell { path: "/account".to_owned(), ..signed.shell(&t!(lang, "account-title")) };
    page_with_status(
        status,
        &AccountPage {
            page,
            errors,
            person_name: name,
            name_kana,
            email: person.email,
            languages: Lang::ALL
                .map(|lang| Choice::new(lang.code(), lang.name()).chosen(lang == chosen))
                .to_vec(),
            browsers: sessions.iter().map(browser).collect(),
            reminders: signed.app.settings.mail.as_ref().map(|_| reminders),
            places: signed
                .places
                .iter()
                .map(|(_, name, role)| Place { name: name.clone(), role: role_text(lang, *role) })
                .collect(),
        },
    )
}

/// Back to the page, with a word about what happened.
fn done(signed: &SignedIn, text: &str) -> Response {
    with_flash(&signed.app, redirect("/account"), NoticeKind::Success, text)
}

/// `POST /account`
pub async fn account_save(signed: SignedIn, form: Form) -> Outcome {
    let mut errors = FieldErrors::default();
    let (name, name_kana) = forms::read_name(signed.lang, &form, &mut errors);
    let lang = form.parse("language").unwrap_or(signed.lang);
    if !errors.is_empty() {
        let typed = (form.text("name").to_owned(), form.text("name_kana").to_owned(), lang);
        return shown(&signed, Some(typed), errors).await;
    }
    let (nature, session) = (signed.app.nature.clone(), signed.session.clone());
    let profile = Profile { name, name_kana, lang };
    signed.write(move |tx| actions::account_change(tx, &nature, &session, &profile)).await?;
    let response = done(&signed, &t!(lang, "account-saved"));
    Ok(with_cookie(response, Cookies::set_lang(signed.app.settings.secure, lang)))
}

/// `POST /account/password`
pub async fn password_save(signed: SignedIn, form: Form) -> Outcome {
    let lang = signed.lang;
    let mut errors = FieldErrors::default();
    let id = signed.session.person;
    let person = signed.read(move |tx| actions::account(tx, id)).await?;
    let mut context = vec![person.name, person.name_kana, person.email];
    context.extend(signed.places.iter().map(|(_, name, _)| name.clone()));
    let new = forms::new_password(lang, &form, context, &mut errors).await?;
    if form.raw("old_password").is_empty() {
        errors.add("old_password", forms::empty(lang, "old_password"));
    }
    let (Some(new), true) = (new, errors.is_empty()) else { return shown(&signed, None, errors).await };
    let change = PasswordChange { old: Password::typed(form.raw("old_password")), new };
    let session = signed.session.clone();
    let changed = at_gate(&signed.app, move |gate| actions::password_change(gate, &session, &change));
    let message = match changed.await {
        Ok(_) => return Ok(done(&signed, &t!(lang, "password-changed"))),
        Err(Refused::Because(PasswordRefusal::Wrong)) => t!(lang, "old-password-wrong"),
        Err(Refused::Because(PasswordRefusal::Wait(wait))) => wait_text(lang, wait),
        Err(Refused::Failed(failure)) => return Err(failure),
    };
    errors.add("old_password", message);
    shown(&signed, None, errors).await
}

/// `POST /account/reminders`
pub async fn reminders_save(signed: SignedIn, form: Form) -> Outcome {
    let (session, wanted) = (signed.session.clone(), form.has("reminders"));
    signed.write(move |tx| Ok::<_, Failure>(actions::reminders_want(tx, &session, wanted)?)).await?;
    Ok(done(&signed, &t!(signed.lang, "account-saved")))
}

/// `POST /account/sessions`: ends one other browser's session, or with `others` all but this one.
pub async fn sessions_end(signed: SignedIn, form: Form) -> Outcome {
    let (person, own) = (signed.session.person, signed.session.id);
    if form.has("others") {
        signed.write(move |tx| Ok::<_, Failure>(Sessions::end_others(tx, person, Some(own))?)).await?;
        return Ok(done(&signed, &t!(signed.lang, "sessions-ended")));
    }
    let id: SessionId = form.parse("session").ok_or(Failure::NotFound)?;
    // One that is over already is as good as ended; someone else's stays.
    signed.write(move |tx| Ok::<_, Failure>(Sessions::end(tx, person, id)?)).await?;
    tracing::info!(%person, "a session was revoked");
    Ok(done(&signed, &t!(signed.lang, "session-ended")))
}
