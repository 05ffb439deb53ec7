//! `/people/places`: the organisation's shared places, when they lock, and whose PIN has stopped.

use super::named;
use crate::actions::{self, NewPlace, PlaceRefusal};
use crate::model::{PinState, Place};
use crate::rules::LOCK_MINUTES;
use crate::t;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use komainu_access::{PersonId, PlaceId};
use komainu_people::actions::members;
use komainu_people::factors::pages::asks_proof;
use komainu_people::model::{LineFault, Membership, line};
use komainu_people::pages::{device_text, with_cookie};
use komainu_web::{
    Choice, Cookies, Failure, FieldErrors, Form, Member, NoticeKind, Outcome, Refused, Section, Shell,
    moment_text, page, page_with_status, redirect, with_flash,
};

struct PlaceRow {
    href: String,
    name: String,
    /// Its browser, and since when; or until when its code waits.
    about: String,
    used: String,
    waits: bool,
}

struct PinRow {
    href: String,
    name: String,
    since: String,
    stopped: bool,
}

#[derive(Template)]
#[template(path = "place/places.html")]
struct PlacesPage {
    page: Shell,
    places: Vec<PlaceRow>,
    minutes: Vec<Choice>,
    pins: Vec<PinRow>,
    without: usize,
}

/// `GET /people/places`
pub async fn places(member: Member) -> Outcome {
    let (lang, now, scope) = (member.lang, member.app.nature.now(), member.scope.clone());
    let known = member.read(move |tx| {
        let places = (actions::places(tx, &scope, now)?, actions::lock_minutes(tx, &scope)?);
        Ok((places, actions::pins(tx, &scope)?, members(tx, &scope)?))
    });
    let ((places, minutes), pins, members): (_, Vec<PinState>, Vec<Membership>) = known.await?;
    let place = |place: Place| PlaceRow {
        href: format!("/people/places/{}", place.id),
        about: match (place.claimed_at, place.code_until) {
            (Some(since), _) => t!(
                lang,
                "places-since",
                device = device_text(lang, &place.user_agent),
                since = moment_text(lang, since),
                by = place.by.as_str()
            ),
            (None, until) => {
                let until = until.map(|until| moment_text(lang, until)).unwrap_or_default();
                t!(lang, "places-waits", until = until, by = place.by.as_str())
            }
        },
        used: place.used_at.map(|used| moment_text(lang, used)).unwrap_or_default(),
        waits: place.claimed_at.is_none(),
        name: place.name,
    };
    let with_pin = members.iter().filter_map(|member| {
        let pin = pins.iter().find(|pin| pin.person == member.person)?;
        Some(PinRow {
            href: format!("/people/places/pins/{}/lift", member.person),
            name: member.name.clone(),
            since: moment_text(lang, pin.since),
            stopped: pin.stopped,
        })
    });
    let pins: Vec<PinRow> = with_pin.collect();
    page(&PlacesPage {
        page: member.shell(&t!(lang, "places-title"), Section::People),
        places: places.into_iter().map(place).collect(),
        minutes: LOCK_MINUTES
            .map(|number| {
                let label = t!(lang, "places-minutes", minutes = number);
                Choice::new(number.to_string(), label).chosen(number == minutes)
            })
            .collect(),
        without: members.len() - pins.len(),
        pins,
    })
}

fn done(member: &Member, kind: NoticeKind, text: &str) -> Response {
    with_flash(&member.app, redirect("/people/places"), kind, text)
}

/// `POST /people/places`: when places lock.
pub async fn minutes_save(member: Member, form: Form) -> Outcome {
    let minutes: i64 = form.parse("minutes").unwrap_or_default();
    let (nature, scope) = (member.app.nature.clone(), member.scope.clone());
    match member.write(move |tx| actions::lock_minutes_set(tx, &nature, &scope, minutes)).await {
        Ok(()) => Ok(done(&member, NoticeKind::Success, &t!(member.lang, "places-minutes-set"))),
        Err(Refused::Because(_)) => Err(Failure::Malformed("minutes out of range".to_owned())),
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

#[derive(Template)]
#[template(path = "place/new.html")]
struct NewPage {
    page: Shell,
    errors: FieldErrors,
    called: String,
}

/// `GET /people/places/new`
pub async fn place_new(member: Member) -> Outcome {
    match asks_proof(member.visit(), &member.session) {
        Some(elsewhere) => Ok(elsewhere),
        None => new_page(&member, String::new(), FieldErrors::default()),
    }
}

fn new_page(member: &Member, called: String, errors: FieldErrors) -> Outcome {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = member.shell(&t!(member.lang, "place-new-title"), Section::People);
    page_with_status(status, &NewPage { page, errors, called })
}

#[derive(Template)]
#[template(path = "place/code.html")]
struct CodePage {
    page: Shell,
    place: String,
    code: String,
    until: String,
    address: String,
}

/// `POST /people/places/new`: makes this very browser a shared place, or a code for another one.
pub async fn place_save(member: Member, form: Form) -> Outcome {
    let lang = member.lang;
    let mut errors = FieldErrors::default();
    let typed = form.text("name").to_owned();
    let name = match line(&typed) {
        Ok(name) => name,
        Err(LineFault::Empty) => {
            errors.add("name", t!(lang, "place-name-empty"));
            return new_page(&member, typed, errors);
        }
        Err(LineFault::TooLong) => {
            errors.add("name", t!(lang, "place-name-long"));
            return new_page(&member, typed, errors);
        }
    };
    let made =
        if form.text("how") == "here" { here(&member, name).await } else { by_code(&member, name).await };
    match made {
        Ok(response) => Ok(response),
        Err(Refused::Because(PlaceRefusal::NameTaken)) => {
            errors.add("name", t!(lang, "place-name-taken"));
            new_page(&member, typed, errors)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

async fn here(member: &Member, name: String) -> Result<Response, Refused<PlaceRefusal>> {
    let (nature, session, scope) = (member.app.nature.clone(), member.session.clone(), member.scope.clone());
    let token =
        member.write(move |tx| actions::place_register(tx, &nature, (&session, &scope), &name)).await?;
    let secure = member.app.settings.secure;
    let response = with_cookie(redirect("/place"), Cookies::set_session(secure, None));
    Ok(with_cookie(response, Cookies::set_shared_place(secure, Some(&token))))
}

async fn by_code(member: &Member, name: String) -> Result<Response, Refused<PlaceRefusal>> {
    let lang = member.lang;
    let (nature, session, scope) = (member.app.nature.clone(), member.session.clone(), member.scope.clone());
    let new: NewPlace =
        member.write(move |tx| actions::place_offer(tx, &nature, (&session, &scope), &name)).await?;
    let shown = CodePage {
        // The code cannot be shown again, so a change of language leads back to the list.
        page: Shell {
            path: "/people/places".to_owned(),
            ..member.shell(&t!(lang, "code-title"), Section::People)
        },
        place: new.name,
        code: new.code.text(),
        until: moment_text(lang, new.until),
        address: format!("{}/place/register", member.app.settings.public_url),
    };
    Ok(page(&shown)?)
}

/// `POST /people/places/{id}/revoke`
pub async fn place_revoke(member: Member, Path(id): Path<String>, _: Form) -> Outcome {
    let id: PlaceId = named(&id)?;
    let (nature, scope) = (member.app.nature.clone(), member.scope.clone());
    let name = member.write(move |tx| actions::place_revoke(tx, &nature, &scope, id)).await?;
    Ok(done(&member, NoticeKind::Success, &t!(member.lang, "place-revoked", name = name)))
}

/// `POST /people/places/pins/{person}/lift`
pub async fn pin_lift(member: Member, Path(person): Path<String>, _: Form) -> Outcome {
    let person: PersonId = named(&person)?;
    let (nature, scope) = (member.app.nature.clone(), member.scope.clone());
    member.write(move |tx| actions::pin_lift(tx, &nature, &scope, person)).await?;
    Ok(done(&member, NoticeKind::Success, &t!(member.lang, "pin-lifted-of")))
}
