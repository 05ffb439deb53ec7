//! `/operations/mail`: whether mail is switched on, and a mail to try it. `/operations/ways`: the same for short messages.

mod ways;

pub use ways::{way_test, ways};

use crate::actions::{self, Tried};
use crate::t;
use askama::Template;
use axum::http::StatusCode;
use komainu_people::actions::account;
use komainu_web::{
    Failure, FieldErrors, Form, Outcome, Shell, SignedIn, Tab, operations_tabs, page_with_status,
};

#[derive(Template)]
#[template(path = "mail.html")]
struct MailPage {
    page: Shell,
    tabs: Vec<Tab>,
    tabs_name: String,
    errors: FieldErrors,
    /// From whom mails come; none where mail is switched off.
    from: Option<String>,
    to: String,
    /// What the server said: a notice's kind, its title, and the very words.
    tried: Option<(&'static str, String, String)>,
}

fn shown(
    person: &SignedIn,
    to: String,
    tried: Option<(&'static str, String, String)>,
    errors: FieldErrors,
) -> Outcome {
    let (tabs_name, tabs) = operations_tabs(person.lang, "/operations/mail");
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page_with_status(
        status,
        &MailPage {
            // The page also answers to the form, which a change of language must not send again.
            page: Shell {
                path: "/operations/mail".to_owned(),
                ..person.shell_of_installation(&t!(person.lang, "mail-title"))
            },
            tabs,
            tabs_name,
            errors,
            from: person.app.settings.mail.as_ref().map(|mail| mail.sender().from()),
            to,
            tried,
        },
    )
}

/// `GET /operations/mail`
pub async fn mail(person: SignedIn) -> Outcome {
    let id = person.session.person;
    let to = person.read(move |tx| Ok(account(tx, id)?.email)).await?;
    shown(&person, to, None, FieldErrors::default())
}

/// `POST /operations/mail/test`: hands a mail in at once and shows what the server said.
pub async fn mail_test(person: SignedIn, form: Form) -> Outcome {
    let (lang, to) = (person.lang, form.text("to").to_owned());
    let (app, session, asked) = (person.app.clone(), person.session.clone(), to.clone());
    let tried = tokio::task::spawn_blocking(move || actions::mail_test(&app, &session, lang, &asked));
    let mut errors = FieldErrors::default();
    let tried = match tried.await.map_err(Failure::internal)?? {
        Tried::Taken(said) => Some(("success", t!(lang, "test-taken"), said)),
        Tried::Later(said) => Some(("warning", t!(lang, "test-later"), said)),
        Tried::Refused(said) => Some(("error", t!(lang, "test-refused"), said)),
        Tried::NoAddress => {
            errors.add("to", t!(lang, "to-fault"));
            None
        }
    };
    shown(&person, to, tried, errors)
}
