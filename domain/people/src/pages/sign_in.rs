//! The door: signing in and out, and the cards of a demo.

use super::path::{next_in, path_inside, with_next};
use super::{at_gate, wait_text, with_cookie};
use crate::actions::{self, Attempt, Entered, Opened, SignInRefusal};
use crate::factors::pages::PasskeyPart;
use crate::model::{DemoCard, Password};
use crate::openid::pages::DoorPart;
use crate::t;
use askama::Template;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use komainu_access::{PersonId, Role};
use komainu_i18n::Lang;
use komainu_web::{
    Cookies, Failure, FieldErrors, Form, Guest, NoticeKind, Outcome, Refused, Shell, Visit, page_with_status,
    redirect, role_text, with_flash,
};

/// The made-up people of one organisation.
struct House {
    name: String,
    /// What is worth knowing about it; may be empty.
    story: String,
    cards: Vec<Card>,
}

struct Card {
    person: String,
    name: String,
    job: String,
    /// What to try.
    idea: String,
    /// Where the person begins.
    next: String,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    page: Shell,
    errors: FieldErrors,
    email: String,
    next: String,
    houses: Vec<House>,
    passkey: PasskeyPart,
    openid: DoorPart,
}

/// `GET /sign-in`
pub async fn sign_in(guest: Guest) -> Outcome {
    let next = next_in(&guest.path);
    if guest.session.is_some() {
        return Ok(redirect(&next));
    }
    shown(&guest, StatusCode::OK, String::new(), next, FieldErrors::default()).await
}

pub(crate) async fn shown(
    guest: &Guest,
    status: StatusCode,
    email: String,
    next: String,
    errors: FieldErrors,
) -> Outcome {
    let lang = guest.lang;
    let cards = if guest.app.settings.demo {
        guest.read(|tx| Ok(actions::demo_cards(tx)?)).await?
    } else {
        Vec::new()
    };
    let houses = houses(lang, &cards, &next);
    let (page, passkey) = (guest.shell(&t!(lang, "sign-in-title")), PasskeyPart::of(guest));
    let openid = DoorPart::of(guest);
    page_with_status(status, &SignInPage { page, errors, email, next, houses, passkey, openid })
}

/// The cards under their organisations, in the order they come in.
fn houses(lang: Lang, cards: &[DemoCard], next: &str) -> Vec<House> {
    let of_one_house = |a: &DemoCard, b: &DemoCard| a.organisation == b.organisation;
    cards
        .chunk_by(of_one_house)
        .map(|cards| House {
            name: cards[0].organisation_name.clone(),
            story: story(lang, &cards[0].institution_kind),
            cards: cards.iter().map(|card| shown_card(lang, card, next)).collect(),
        })
        .collect()
}

fn shown_card(lang: Lang, card: &DemoCard, next: &str) -> Card {
    // Associations have no first page; whoever runs the installation begins with its organisations.
    let next = if card.role == Role::AssociationOfficer { "/organisations" } else { next };
    let role = role_text(lang, card.role);
    Card {
        person: card.person.to_string(),
        name: card.name.clone(),
        job: if card.title.is_empty() { role } else { format!("{role} · {}", card.title) },
        idea: idea(lang, card.role),
        next: next.to_owned(),
    }
}

/// How the demo's institution of a kind stands; there is one of each.
fn story(lang: Lang, institution_kind: &str) -> String {
    match institution_kind {
        "hospital" => t!(lang, "demo-story-hospital"),
        "clinic" => t!(lang, "demo-story-clinic"),
        "dental_clinic" => t!(lang, "demo-story-dental-clinic"),
        "pharmacy" => t!(lang, "demo-story-pharmacy"),
        _ => String::new(),
    }
}

/// What to try in a role.
fn idea(lang: Lang, role: Role) -> String {
    match role {
        Role::Director => t!(lang, "demo-idea-director"),
        Role::SafetyManager => t!(lang, "demo-idea-safety-manager"),
        Role::SystemOperator => t!(lang, "demo-idea-system-operator"),
        Role::Staff => t!(lang, "demo-idea-staff"),
        Role::Inspector => t!(lang, "demo-idea-inspector"),
        Role::AssociationOfficer => t!(lang, "demo-idea-association-officer"),
        Role::VendorEngineer | Role::Service | Role::Link => String::new(),
    }
}

/// `POST /sign-in`
pub async fn sign_in_submit(guest: Guest, headers: HeaderMap, form: Form) -> Outcome {
    let lang = guest.lang;
    let next = path_inside(form.text("next"));
    let attempt = Attempt {
        email: form.parse("email"),
        password: Password::typed(form.raw("password")),
        address: guest.address,
        user_agent: guest.user_agent.clone(),
        previous: guest.session.clone(),
    };
    let (status, message) = match at_gate(&guest.app, move |gate| actions::sign_in(gate, &attempt)).await {
        Ok(Opened::Inside(entered)) => return Ok(enter(&guest, &headers, &entered, &next)),
        Ok(Opened::Door(browser)) => {
            let cookie = Cookies::set_door(guest.app.settings.secure, Some(&browser.text()));
            return Ok(with_cookie(redirect(&with_next("/sign-in/second", &next)), cookie));
        }
        Err(Refused::Because(SignInRefusal::Wrong)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, t!(lang, "sign-in-wrong"))
        }
        Err(Refused::Because(SignInRefusal::Wait(wait))) => {
            (StatusCode::TOO_MANY_REQUESTS, wait_text(lang, wait))
        }
        Err(Refused::Failed(failure)) => return Err(failure),
    };
    let mut errors = FieldErrors::default();
    errors.add("email", message);
    shown(&guest, status, form.text("email").to_owned(), next, errors).await
}

/// Gives the browser its session, and the person's language where the browser has none of its own.
pub(crate) fn enter(visit: &Visit, headers: &HeaderMap, entered: &Entered, to: &str) -> Response {
    let secure = visit.app.settings.secure;
    let response = with_cookie(redirect(to), Cookies::set_session(secure, Some(&entered.token)));
    if Cookies::of(headers, secure).lang().is_some() {
        return response;
    }
    with_cookie(response, Cookies::set_lang(secure, entered.lang))
}

/// `POST /sign-in/demo`: a card of the demo; there is nothing here in a real installation.
pub async fn demo_sign_in(guest: Guest, form: Form) -> Outcome {
    if !guest.app.settings.demo {
        return Err(Failure::NotFound);
    }
    let person: PersonId = form.parse("person").ok_or(Failure::NotFound)?;
    let next = path_inside(form.text("next"));
    let (nature, user_agent, previous) =
        (guest.app.nature.clone(), guest.user_agent.clone(), guest.session.clone());
    let entered = guest
        .write(move |tx| actions::demo_sign_in(tx, &nature, person, &user_agent, previous.as_ref()))
        .await?;
    // Whoever looks at a demo keeps their own language.
    Ok(with_cookie(redirect(&next), Cookies::set_session(guest.app.settings.secure, Some(&entered.token))))
}

/// `POST /sign-out`; also for a browser whose session is over already.
pub async fn sign_out(guest: Guest, _: Form) -> Outcome {
    if let Some(session) = guest.session.clone() {
        guest.write(move |tx| Ok::<_, Failure>(actions::sign_out(tx, &session)?)).await?;
    }
    let cleared = with_cookie(redirect("/sign-in"), Cookies::set_session(guest.app.settings.secure, None));
    Ok(with_flash(&guest.app, cleared, NoticeKind::Success, &t!(guest.lang, "signed-out")))
}
