//! `/place`: a locked place shows the names of those who may open it. A browser that is not registered sees none.

use super::renewed;
use crate::actions::candidates;
use crate::model::Candidate;
use crate::t;
use askama::Template;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode};
use komainu_calendar::fold;
use komainu_people::pages::{next_in, with_cookie, with_next};
use komainu_web::{Cookies, Guest, Outcome, Shell, page, page_with_status, redirect};
use serde::Deserialize;

/// From so many names on, one can look for one's own.
const MANY: usize = 12;

/// What is looked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
}

struct Named {
    href: String,
    /// As colleagues call the person.
    name: String,
    about: String,
}

#[derive(Template)]
#[template(path = "place/who.html")]
struct WhoPage {
    page: Shell,
    place: String,
    organisation: String,
    /// For whom the place is locked.
    last: Option<Named>,
    names: Vec<Named>,
    many: bool,
    asked: String,
    next: String,
    /// Where somebody without a PIN goes.
    password_href: String,
}

#[derive(Template)]
#[template(path = "place/gone.html")]
struct GonePage {
    page: Shell,
}

/// `GET /place`
pub async fn who(guest: Guest, headers: HeaderMap, Query(asked): Query<Asked>) -> Outcome {
    let lang = guest.lang;
    let next = next_in(&guest.path);
    let Some(place) = guest.shared.clone() else { return not_registered(&guest, &headers) };
    if guest.session.is_some() {
        return Ok(redirect(&next));
    }
    let here = place.clone();
    let found = guest.read(move |tx| Ok(candidates(tx, &here)?)).await?;
    let name = |one: &Candidate| Named {
        href: with_next(&format!("/place/as/{}", one.person), &next),
        name: one.name.clone(),
        about: [one.name_kana.as_str(), &one.title]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
    };
    let last = guest.locked.as_ref().and_then(|locked| found.iter().find(|one| one.person == locked.person));
    let wanted = fold(&asked.q);
    let fits = |one: &&Candidate| {
        wanted.is_empty() || [&one.name, &one.name_kana].iter().any(|text| fold(text).contains(&wanted))
    };
    let shown = WhoPage {
        page: guest.shell(&t!(lang, "who-title")),
        place: place.name,
        organisation: place.organisation_name,
        last: last.map(name),
        names: found.iter().filter(fits).map(name).collect(),
        many: found.len() > MANY || !wanted.is_empty(),
        asked: asked.q,
        password_href: with_next("/sign-in", "/account/pin"),
        next,
    };
    Ok(with_cookie(page(&shown)?, renewed(&guest, &headers)))
}

/// A browser that was registered and is not any more is told so, once. A stranger's is only shown the door.
fn not_registered(guest: &Guest, headers: &HeaderMap) -> Outcome {
    let secure = guest.app.settings.secure;
    if Cookies::of(headers, secure).shared_place().is_none() {
        return Ok(redirect("/sign-in"));
    }
    let gone = GonePage { page: guest.shell(&t!(guest.lang, "gone-title")) };
    let response = page_with_status(StatusCode::NOT_FOUND, &gone)?;
    Ok(with_cookie(response, Cookies::set_shared_place(secure, None)))
}
