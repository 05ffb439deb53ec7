//! The first page anyone sees: who runs this installation.

use super::forms::{self, Typed};
use super::{at_gate, wait_text, with_cookie};
use crate::actions::{self, FirstRunRefusal, Founder};
use crate::t;
use askama::Template;
use axum::http::StatusCode;
use komainu_web::{
    Cookies, FieldErrors, Form, Guest, NoticeKind, Outcome, Refused, Shell, Step, StepState, page,
    page_with_status, redirect, with_flash,
};

#[derive(Template)]
#[template(path = "first_run.html")]
struct FirstRunPage {
    page: Shell,
    steps: Vec<Step>,
    errors: FieldErrors,
    typed: Typed,
    asks_code: bool,
    setup_code: String,
}

fn shown(guest: &Guest, typed: Typed, setup_code: String, errors: FieldErrors) -> FirstRunPage {
    let lang = guest.lang;
    let step = |label, state| Step { label, href: String::new(), state };
    FirstRunPage {
        page: guest.shell(&t!(lang, "first-run-title")),
        steps: vec![
            step(t!(lang, "first-run-step-administrator"), StepState::Current),
            step(t!(lang, "first-run-step-institution"), StepState::Ahead),
            step(t!(lang, "first-run-step-start"), StepState::Ahead),
        ],
        errors,
        typed,
        asks_code: guest.app.settings.setup_code.is_some(),
        setup_code,
    }
}

/// `GET /first-run`
pub async fn first_run(guest: Guest) -> Outcome {
    page(&shown(&guest, Typed::default(), String::new(), FieldErrors::default()))
}

/// `POST /first-run`
pub async fn first_run_submit(guest: Guest, form: Form) -> Outcome {
    let lang = guest.lang;
    let mut errors = FieldErrors::default();
    let expected = guest.app.settings.setup_code.clone();
    let setup_code = form.text("setup_code").to_owned();
    if expected.is_some() && setup_code.is_empty() {
        errors.add("setup_code", forms::empty(lang, "setup_code"));
    }
    let read = forms::read(lang, &form, &mut errors);
    let context = vec![read.name.clone(), read.name_kana.clone(), form.text("email").to_owned()];
    let password = forms::new_password(lang, &form, context, &mut errors).await?;
    let again = |errors| {
        let shown = shown(&guest, forms::typed(&form), setup_code.clone(), errors);
        page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
    };
    let (Some(email), Some(password), true) = (read.email, password, errors.is_empty()) else {
        return again(errors);
    };
    let founder = Founder {
        name: read.name,
        name_kana: read.name_kana,
        email,
        password,
        setup_code: setup_code.clone(),
        lang,
        user_agent: guest.user_agent.clone(),
    };
    let made = at_gate(&guest.app, move |gate| actions::first_run(gate, expected.as_deref(), &founder));
    match made.await {
        Ok(token) => {
            let cookie = Cookies::set_session(guest.app.settings.secure, Some(&token));
            Ok(with_cookie(redirect("/organisations/new"), cookie))
        }
        Err(Refused::Because(FirstRunRefusal::WrongCode)) => {
            errors.add("setup_code", t!(lang, "setup-code-wrong"));
            again(errors)
        }
        Err(Refused::Because(FirstRunRefusal::Wait(wait))) => {
            errors.add("setup_code", wait_text(lang, wait));
            again(errors)
        }
        Err(Refused::Because(FirstRunRefusal::Settled)) => {
            Ok(with_flash(&guest.app, redirect("/sign-in"), NoticeKind::Info, &t!(lang, "first-run-settled")))
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}
