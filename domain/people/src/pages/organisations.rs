//! Which organisation one works in, and how the pages look.

use super::{local_path, with_cookie};
use crate::actions;
use crate::t;
use askama::Template;
use axum::body::Bytes;
use komainu_access::{OrganisationId, Sessions};
use komainu_i18n::Lang;
use komainu_web::{
    Cookies, Failure, Form, Guest, NoticeKind, Outcome, Shell, SignedIn, Theme, page, redirect, role_text,
    with_flash,
};

struct Place {
    id: String,
    name: String,
    role: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "organisations.html")]
struct OrganisationsPage {
    page: Shell,
    places: Vec<Place>,
    administrator: bool,
}

/// `GET /organisations`
pub async fn organisations(signed: SignedIn) -> Outcome {
    let lang = signed.lang;
    let current = signed.session.place.as_ref().map(|(id, ..)| *id);
    let place = |(id, name, role): &(OrganisationId, String, _)| Place {
        id: id.to_string(),
        name: name.clone(),
        role: role_text(lang, *role),
        current: current == Some(*id),
    };
    page(&OrganisationsPage {
        page: signed.shell(&t!(lang, "organisations-title")),
        places: signed.places.iter().map(place).collect(),
        administrator: signed.session.administrator,
    })
}

/// `POST /organisation`
pub async fn organisation_switch(signed: SignedIn, form: Form) -> Outcome {
    let organisation: OrganisationId = form.parse("organisation").ok_or(Failure::NotFound)?;
    let name = signed.places.iter().find(|(id, ..)| *id == organisation).map(|(_, name, _)| name.clone());
    let session = signed.session.clone();
    let switched =
        signed.write(move |tx| Ok::<_, Failure>(Sessions::switch(tx, &session, organisation)?)).await?;
    let (true, Some(name)) = (switched, name) else { return Err(Failure::NotFound) };
    let text = t!(signed.lang, "organisation-switched", name = name);
    Ok(with_flash(&signed.app, redirect("/"), NoticeKind::Success, &text))
}

/// `POST /preferences`: language or brightness, for anyone, also on pages that know nothing of a session. It takes no
/// CSRF token: the guard has seen that the form is ours, and nothing can be lost by it.
pub async fn preferences(guest: Guest, body: Bytes) -> Outcome {
    let form = Form::read(&body)?;
    let secure = guest.app.settings.secure;
    let mut response = redirect(&local_path(form.text("back")));
    if let Some(lang) = form.parse::<Lang>("language") {
        response = with_cookie(response, Cookies::set_lang(secure, lang));
        if let Some(session) = guest.session.clone() {
            guest.write(move |tx| Ok::<_, Failure>(actions::lang_keep(tx, &session, lang)?)).await?;
        }
    }
    if form.has("theme") {
        response = with_cookie(response, Cookies::set_theme(secure, Theme::from_code(form.text("theme"))));
    }
    Ok(response)
}
