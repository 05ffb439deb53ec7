//! One's own account.

use super::device::device_text;
use super::{forms, with_cookie};
use crate::actions::{self, Profile};
use crate::factors::actions::{factors, sign_ins};
use crate::factors::model::{Factors, Means, SignIn};
use crate::factors::pages::{kinds_text, means_text};
use crate::factors::rules::FEW_CODES;
use crate::model::Person;
use crate::openid;
use crate::openid::model::OwnLink;
use crate::openid::pages::{DoorPart, LinkRow, link_rows};
use crate::rescue::actions::rescue_own;
use crate::rescue::model::OwnRescue;
use crate::t;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use komainu_access::{Session, SessionId, Sessions};
use komainu_i18n::Lang;
use komainu_web::{
    Choice, Cookies, Failure, FieldErrors, Form, NoticeKind, Outcome, Shell, SignedIn, moment_text,
    page_with_status, redirect, role_text, with_flash,
};

struct Browser {
    id: String,
    device: String,
    since: String,
    seen: String,
    current: bool,
}

struct SignInRow {
    text: String,
    at: String,
    /// Somebody knew the password and not the second factor.
    refused: bool,
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
    /// When somebody asked to be let back in as this person; empty where nobody did.
    rescue: String,
    kinds: String,
    any_factor: bool,
    few_codes: Option<i64>,
    /// The person's links to the sign-in service.
    links: Vec<LinkRow>,
    /// The sign-in service that the account can be linked to from here; empty for none.
    linkable: String,
    sign_ins: Vec<SignInRow>,
    browsers: Vec<Browser>,
    places: Vec<Place>,
    /// Whether mails may remind the person; none where mail is switched off.
    reminders: Option<bool>,
}

/// What the page tells of the person.
struct Known {
    person: Person,
    sessions: Vec<Session>,
    factors: Factors,
    sign_ins: Vec<SignIn>,
    rescue: Option<OwnRescue>,
    links: Vec<OwnLink>,
    reminders: bool,
}

/// `GET /account`
pub async fn account(signed: SignedIn) -> Outcome {
    shown(&signed, None, FieldErrors::default()).await
}

/// The page, with what was typed into the profile where it has faults.
async fn shown(signed: &SignedIn, typed: Option<(String, String, Lang)>, errors: FieldErrors) -> Outcome {
    let (lang, now) = (signed.lang, signed.app.nature.now());
    let id = signed.session.person;
    let known = signed.read(move |tx| {
        Ok(Known {
            person: actions::account(tx, id)?,
            sessions: Sessions::of(tx, id, now)?,
            factors: factors(tx, id)?,
            sign_ins: sign_ins(tx, id)?,
            rescue: rescue_own(tx, id, now)?,
            links: openid::actions::links(tx, id)?,
            reminders: actions::reminders_wanted(tx, id)?,
        })
    });
    let Known { person, sessions, factors, sign_ins, rescue, links, reminders } = known.await?;
    let links = link_rows(signed.visit(), &links);
    let any_factor = factors.kinds().any();
    let (name, name_kana, chosen) = typed.unwrap_or((person.name, person.name_kana, person.lang));
    let browser = |session: &Session| Browser {
        id: session.id.to_string(),
        device: match &session.shared {
            Some(shared) => t!(lang, "account-session-shared", place = shared.name.as_str()),
            None => device_text(lang, &session.user_agent),
        },
        since: moment_text(lang, session.created_at),
        seen: moment_text(lang, session.seen_at),
        current: session.id == signed.session.id,
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page_with_status(
        status,
        &AccountPage {
            page: signed.shell(&t!(lang, "account-title")),
            errors,
            person_name: name,
            name_kana,
            email: person.email,
            languages: Lang::ALL
                .map(|lang| Choice::new(lang.code(), lang.name()).chosen(lang == chosen))
                .to_vec(),
            rescue: rescue.map(|rescue| rescue_text(lang, &rescue)).unwrap_or_default(),
            kinds: kinds_text(lang, factors.kinds()),
            any_factor,
            few_codes: (any_factor && factors.codes_left <= FEW_CODES).then_some(factors.codes_left),
            linkable: linkable(signed, &links),
            links,
            sign_ins: sign_ins.iter().map(|sign_in| sign_in_row(lang, sign_in)).collect(),
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

/// The sign-in service that one's account is not linked to yet, where it can be used from here.
fn linkable(signed: &SignedIn, links: &[LinkRow]) -> String {
    let door = DoorPart::of(signed.visit());
    if door.here() && links.iter().all(|link| !link.current) { door.name } else { String::new() }
}

fn sign_in_row(lang: Lang, sign_in: &SignIn) -> SignInRow {
    let (device, how) = (device_text(lang, &sign_in.user_agent), means_text(lang, sign_in.means));
    SignInRow {
        text: t!(lang, "account-sign-in", device = device, how = how),
        at: moment_text(lang, sign_in.at),
        refused: sign_in.means == Means::Refused,
    }
}

fn rescue_text(lang: Lang, rescue: &OwnRescue) -> String {
    let (at, device) = (moment_text(lang, rescue.asked_at), device_text(lang, &rescue.user_agent));
    t!(lang, "account-rescue", at = at, device = device)
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
    let (nature, person) = (signed.app.nature.clone(), signed.session.person);
    let profile = Profile { name, name_kana, lang };
    signed.write(move |tx| actions::account_change(tx, &nature, person, &profile)).await?;
    let response = done(&signed, &t!(lang, "account-saved"));
    Ok(with_cookie(response, Cookies::set_lang(signed.app.settings.secure, lang)))
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
