//! `/operations/ways`: by what short messages go, and one to try each.

use crate::actions::{self, WayTried};
use crate::t;
use askama::Template;
use axum::http::StatusCode;
use komainu_i18n::Lang;
use komainu_notify::Medium;
use komainu_people::actions::account;
use komainu_web::{
    Failure, FieldErrors, Form, Outcome, Shell, SignedIn, Tab, operations_tabs, page_with_status,
};

const HERE: &str = "/operations/ways";

#[derive(Template)]
#[template(path = "ways.html")]
struct WaysPage {
    page: Shell,
    tabs: Vec<Tab>,
    tabs_name: String,
    errors: FieldErrors,
    ways: Vec<WayShown>,
    /// What browsers are shown when they ask to be told; empty where they are not told.
    push_key: String,
    /// What became of a try: a notice's kind, its title, and the other side's very words.
    tried: Option<(&'static str, String, String)>,
}

/// A way as the page shows it.
struct WayShown {
    medium: &'static str,
    is_push: bool,
    heading: String,
    about: String,
    on: bool,
    /// The settings that switch it on.
    flags: &'static str,
    label: String,
    hint: String,
    /// Of what kind the field is.
    input: &'static str,
    /// What was typed.
    typed: String,
    fault: String,
}

/// What the form held.
struct Typed {
    medium: Medium,
    to: String,
}

/// The field of a way; several stand on the page.
fn field(medium: Medium) -> String {
    format!("{}to", medium.code())
}

fn way(person: &SignedIn, medium: Medium, typed: String, errors: &FieldErrors) -> WayShown {
    let lang = person.lang;
    let (heading, about, label, hint) = words(lang, medium);
    let (flags, input) = match medium {
        Medium::Sms => ("--sms-url", "tel"),
        Medium::Mail => ("--mail-server --mail-from", "email"),
        Medium::Push => ("--push-key-file --push-contact", "hidden"),
        Medium::Chat => ("--chat", "url"),
    };
    WayShown {
        medium: medium.code(),
        is_push: medium == Medium::Push,
        heading,
        about,
        on: person.app.settings.providers.has(medium),
        flags,
        label,
        hint,
        input,
        typed,
        fault: errors.of(&field(medium)).to_owned(),
    }
}

/// What a way is called, what it is, and what its field asks for.
fn words(lang: Lang, medium: Medium) -> (String, String, String, String) {
    match medium {
        Medium::Sms => {
            (t!(lang, "way-sms"), t!(lang, "way-sms-about"), t!(lang, "way-sms-to"), t!(lang, "way-sms-hint"))
        }
        Medium::Mail => {
            (t!(lang, "way-mail"), t!(lang, "way-mail-about"), t!(lang, "field-to"), String::new())
        }
        Medium::Push => (t!(lang, "way-push"), t!(lang, "way-push-about"), String::new(), String::new()),
        Medium::Chat => (
            t!(lang, "way-chat"),
            t!(lang, "way-chat-about"),
            t!(lang, "way-chat-to"),
            t!(lang, "way-chat-hint"),
        ),
    }
}

/// The page; the mail's field begins with the person's own address.
async fn shown(
    person: &SignedIn,
    typed: Option<Typed>,
    tried: Option<(&'static str, String, String)>,
    errors: FieldErrors,
) -> Outcome {
    let id = person.session.person;
    let own = person.read(move |tx| Ok(account(tx, id)?.email)).await?;
    let (tabs_name, tabs) = operations_tabs(person.lang, HERE);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let ways = Medium::ALL.map(|medium| {
        let typed = typed.as_ref().filter(|typed| typed.medium == medium).map(|typed| typed.to.clone());
        let beginning = if medium == Medium::Mail { own.clone() } else { String::new() };
        way(person, medium, typed.unwrap_or(beginning), &errors)
    });
    page_with_status(
        status,
        &WaysPage {
            // The page also answers to the form, which a change of language must not send again.
            page: Shell {
                path: HERE.to_owned(),
                ..person.shell_of_installation(&t!(person.lang, "ways-title"))
            },
            tabs,
            tabs_name,
            errors,
            ways: ways.into(),
            push_key: person.app.settings.providers.push_key().unwrap_or_default().to_owned(),
            tried,
        },
    )
}

/// `GET /operations/ways`
pub async fn ways(person: SignedIn) -> Outcome {
    shown(&person, None, None, FieldErrors::default()).await
}

/// `POST /operations/ways/test`: sends a short message at once and shows what became of it.
pub async fn way_test(person: SignedIn, form: Form) -> Outcome {
    let medium: Medium = form.text("medium").parse().map_err(|_| Failure::NotFound)?;
    let (lang, to) = (person.lang, form.text("to").to_owned());
    let (app, session, asked) = (person.app.clone(), person.session.clone(), to.clone());
    let tried = tokio::task::spawn_blocking(move || actions::way_test(&app, &session, lang, medium, &asked));
    let mut errors = FieldErrors::default();
    let tried = match tried.await.map_err(Failure::internal)?? {
        WayTried::Taken(said) => Some(("success", t!(lang, "way-taken"), said)),
        WayTried::Unreachable(said) => Some(("warning", t!(lang, "way-unreachable"), said)),
        WayTried::Refused(said) => Some(("error", t!(lang, "way-refused"), said)),
        WayTried::Unknown(said) => Some(("warning", t!(lang, "way-unknown"), said)),
        WayTried::NoAddress => {
            errors.add(&field(medium), fault(lang, medium));
            None
        }
    };
    shown(&person, Some(Typed { medium, to }), tried, errors).await
}

/// What is wrong with an address that is none.
fn fault(lang: Lang, medium: Medium) -> String {
    match medium {
        Medium::Sms => t!(lang, "way-sms-fault"),
        Medium::Mail => t!(lang, "to-fault"),
        Medium::Push => t!(lang, "way-push-fault"),
        Medium::Chat => t!(lang, "way-chat-fault"),
    }
}
