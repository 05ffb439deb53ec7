//! The page behind an invitation's link. Only sending its form takes the invitation up: the preview that a mail or chat
//! program fetches must not.
//!
//! The link's secret stands in the address, so no refusal here goes to the error page, whose log names the address.

use super::forms::{self, Typed};
use super::message::message;
use super::path::with_next;
use super::{at_gate, wait_text, with_cookie};
use crate::actions::{self, JoinRefusal, Newcomer, NewcomerRefusal};
use crate::model::{Offer, Token};
use crate::t;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use komainu_access::Session;
use komainu_web::{
    Cookies, Failure, FieldErrors, Form, Guest, NoticeKind, Outcome, Refused, Shell, moment_text,
    page_with_status, redirect, role_text, with_flash,
};

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage {
    page: Shell,
    errors: FieldErrors,
    typed: Typed,
    /// Where the form goes.
    action: String,
    organisation: String,
    role: String,
    title: String,
    inviter: String,
    expires: String,
    /// Who is signed in; nobody for none.
    person: Option<String>,
    /// The signed-in person is a member there already.
    member: bool,
    /// The sign-in page that leads back here.
    sign_in: String,
}

fn shown(guest: &Guest, token: &Token, offer: &Offer, typed: Typed, errors: FieldErrors) -> Outcome {
    let lang = guest.lang;
    let action = format!("/invitation/{}", token.text());
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page_with_status(
        status,
        &InvitationPage {
            page: guest.shell(&t!(lang, "invitation-title", organisation = offer.organisation_name.as_str())),
            errors,
            typed,
            sign_in: format!("/sign-in?next={action}"),
            action,
            organisation: offer.organisation_name.clone(),
            role: role_text(lang, offer.role),
            title: offer.title.clone(),
            inviter: offer.inviter.clone(),
            expires: moment_text(lang, offer.expires_at),
            person: guest.session.as_ref().map(|session| session.person_name.clone()),
            member: guest.places.iter().any(|(id, ..)| *id == offer.organisation),
        },
    )
}

/// The one answer to every link that cannot be used: used, withdrawn, expired, never made.
fn gone(guest: &Guest) -> Outcome {
    let lang = guest.lang;
    let words = (t!(lang, "invitation-gone"), t!(lang, "invitation-gone-do"));
    message(guest, StatusCode::NOT_FOUND, (&words.0, words.1), (t!(lang, "to-first-page"), "/"))
}

fn wait(guest: &Guest, wait: chrono::Duration) -> Outcome {
    let lang = guest.lang;
    let title = t!(lang, "wait-title");
    let text = wait_text(lang, wait);
    message(guest, StatusCode::TOO_MANY_REQUESTS, (&title, text), (t!(lang, "to-first-page"), "/"))
}

async fn look(guest: &Guest, token: &Token) -> Result<Option<Offer>, Failure> {
    let (token, now) = (token.clone(), guest.app.nature.now());
    guest.read(move |tx| Ok(actions::invitation_look(tx, &token, now)?)).await
}

/// `GET /invitation/{token}`
pub async fn invitation(guest: Guest, Path(token): Path<String>) -> Outcome {
    let Ok(token) = token.parse::<Token>() else { return gone(&guest) };
    let Some(offer) = look(&guest, &token).await? else { return gone(&guest) };
    let typed = Typed { name: offer.name.clone(), ..Typed::default() };
    shown(&guest, &token, &offer, typed, FieldErrors::default())
}

/// `POST /invitation/{token}`
pub async fn invitation_submit(guest: Guest, Path(token): Path<String>, form: Form) -> Outcome {
    let Ok(token) = token.parse::<Token>() else { return gone(&guest) };
    match guest.session.clone() {
        Some(session) if session.shared.is_some() => Err(Failure::AtPlace),
        Some(session) => join(&guest, session, token).await,
        None => accept(&guest, &form, token).await,
    }
}

async fn join(guest: &Guest, session: Session, token: Token) -> Outcome {
    let (nature, address) = (guest.app.nature.clone(), guest.address);
    let joined =
        guest.write(move |tx| actions::invitation_join(tx, &nature, &session, address, &token)).await;
    let text = match joined {
        Ok(_) => t!(guest.lang, "invitation-joined"),
        Err(Refused::Because(JoinRefusal::AlreadyMember(_))) => t!(guest.lang, "invitation-member-already"),
        Err(Refused::Because(JoinRefusal::Gone)) => return gone(guest),
        Err(Refused::Because(JoinRefusal::Wait(time))) => return wait(guest, time),
        Err(Refused::Failed(failure)) => return Err(failure),
    };
    Ok(with_flash(&guest.app, redirect("/"), NoticeKind::Success, &text))
}

async fn accept(guest: &Guest, form: &Form, token: Token) -> Outcome {
    let lang = guest.lang;
    let Some(offer) = look(guest, &token).await? else { return gone(guest) };
    let mut errors = FieldErrors::default();
    let read = forms::read(lang, form, &mut errors);
    let context = vec![
        read.name.clone(),
        read.name_kana.clone(),
        form.text("email").to_owned(),
        offer.organisation_name.clone(),
    ];
    let password = forms::new_password(lang, form, context, &mut errors).await?;
    let (Some(email), Some(password), true) = (read.email, password, errors.is_empty()) else {
        return shown(guest, &token, &offer, forms::typed(form), errors);
    };
    let newcomer = Newcomer {
        name: read.name,
        name_kana: read.name_kana,
        email,
        password,
        lang,
        address: guest.address,
        user_agent: guest.user_agent.clone(),
    };
    let link = token.clone();
    let accepted = at_gate(&guest.app, move |gate| actions::invitation_accept(gate, &link, &newcomer));
    match accepted.await {
        Ok(session) => {
            let response =
                with_cookie(redirect("/"), Cookies::set_session(guest.app.settings.secure, Some(&session)));
            Ok(with_flash(&guest.app, response, NoticeKind::Success, &t!(lang, "invitation-joined")))
        }
        Err(Refused::Because(NewcomerRefusal::Mismatch)) => {
            errors.add("email", t!(lang, "invitation-mismatch"));
            shown(guest, &token, &offer, forms::typed(form), errors)
        }
        Err(Refused::Because(NewcomerRefusal::SecondStep)) => {
            let to = with_next("/sign-in", &format!("/invitation/{}", token.text()));
            Ok(with_flash(&guest.app, redirect(&to), NoticeKind::Info, &t!(lang, "invitation-second-step")))
        }
        Err(Refused::Because(NewcomerRefusal::Gone)) => gone(guest),
        Err(Refused::Because(NewcomerRefusal::Wait(time))) => wait(guest, time),
        Err(Refused::Failed(failure)) => Err(failure),
    }
}
