//! Making and changing a webhook.

use super::LIST;
use crate::actions::{self, WebhookRefusal};
use crate::model::{Event, SigningSecret, Wanted, Webhook, WebhookId};
use crate::rules::MOST;
use crate::t;
use crate::words::event_text;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use komainu_i18n::Lang;
use komainu_notify::{Unfit, allowed_url};
use komainu_web::{
    Choice, Failure, FieldErrors, Form, Member, NoticeKind, Outcome, Refused, Section, Shell, page,
    page_with_status, redirect, with_flash,
};
use std::collections::BTreeSet;

/// The form's fields as typed.
pub(super) struct Typed {
    pub(super) url: String,
    pub(super) events: BTreeSet<Event>,
}

impl Typed {
    pub(super) fn of(webhook: &Webhook) -> Typed {
        Typed { url: webhook.url.to_string(), events: webhook.events.clone() }
    }

    fn read(form: &Form) -> Typed {
        Typed {
            url: form.text("url").to_owned(),
            events: form.all("events").filter_map(Event::from_code).collect(),
        }
    }

    fn wanted(&self, lang: Lang, errors: &mut FieldErrors) -> Option<Wanted> {
        if self.events.is_empty() {
            errors.add("events", t!(lang, "events-none"));
        }
        match allowed_url(&self.url) {
            Ok(url) if errors.is_empty() => return Some(Wanted { url, events: self.events.clone() }),
            Ok(_) => {}
            Err(Unfit::NoAddress) => errors.add("url", t!(lang, "url-none")),
            Err(Unfit::Plain) => errors.add("url", t!(lang, "url-plain")),
            Err(Unfit::Credentials) => errors.add("url", t!(lang, "url-credentials")),
        }
        None
    }
}

/// What a form says about a webhook, where nothing is wrong with it.
pub(crate) fn read_wanted(lang: Lang, form: &Form) -> Result<Wanted, FieldErrors> {
    let mut errors = FieldErrors::default();
    Typed::read(form).wanted(lang, &mut errors).ok_or(errors)
}

pub(super) fn event_choices(lang: Lang, chosen: &BTreeSet<Event>) -> Vec<Choice> {
    Event::ALL
        .into_iter()
        .map(|event| {
            Choice::new(event.code(), event_text(lang, Some(event)))
                .hint(event.code())
                .chosen(chosen.contains(&event))
        })
        .collect()
}

pub(super) fn refused(lang: Lang, errors: &mut FieldErrors, refusal: &WebhookRefusal) {
    match refusal {
        WebhookRefusal::Off => errors.add("url", t!(lang, "webhooks-off")),
        WebhookRefusal::Forbidden(address) => {
            errors.add("url", t!(lang, "url-forbidden", address = address.to_string()));
        }
        WebhookRefusal::TooMany => errors.add("url", t!(lang, "webhooks-too-many", most = MOST.to_string())),
        WebhookRefusal::Stale(_) => {}
    }
}

#[derive(Template)]
#[template(path = "webhook_new.html")]
struct NewPage {
    page: Shell,
    errors: FieldErrors,
    url: String,
    events: Vec<Choice>,
}

fn new_page(member: &Member, typed: &Typed, errors: FieldErrors) -> NewPage {
    NewPage {
        page: member.shell(&t!(member.lang, "webhook-new-title"), Section::Institution),
        errors,
        url: typed.url.clone(),
        events: event_choices(member.lang, &typed.events),
    }
}

/// `GET /webhooks/new`
pub async fn webhook_new(member: Member) -> Outcome {
    if member.app.settings.outbound.is_none() {
        return Ok(redirect(LIST));
    }
    page(&new_page(&member, &Typed { url: String::new(), events: BTreeSet::new() }, FieldErrors::default()))
}

/// `POST /webhooks/new`: answers with the page that holds the secret, as it is known only now.
pub async fn webhook_create(member: Member, form: Form) -> Outcome {
    let lang = member.lang;
    let (typed, mut errors) = (Typed::read(&form), FieldErrors::default());
    if let Some(wanted) = typed.wanted(lang, &mut errors) {
        let (app, scope) = (member.app.clone(), member.scope.clone());
        match member.write(move |tx| actions::webhook_add(tx, &app, &scope, &wanted)).await {
            Ok((id, secret)) => return page(&secret_page(&member, id, &secret)),
            Err(Refused::Because(refusal)) => refused(lang, &mut errors, &refusal),
            Err(Refused::Failed(failure)) => return Err(failure),
        }
    }
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &new_page(&member, &typed, errors))
}

#[derive(Template)]
#[template(path = "webhook_secret.html")]
pub(super) struct SecretPage {
    page: Shell,
    secret: String,
    href: String,
}

pub(super) fn secret_page(member: &Member, id: WebhookId, secret: &SigningSecret) -> SecretPage {
    SecretPage {
        // It cannot be shown again, so a change of language leads back to the list.
        page: Shell {
            path: LIST.to_owned(),
            ..member.shell(&t!(member.lang, "secret-title"), Section::Institution)
        },
        secret: secret.text(),
        href: format!("{LIST}/{id}"),
    }
}

/// `POST /webhooks/{id}`
pub async fn webhook_save(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let (lang, id): (_, WebhookId) = (member.lang, id.parse().map_err(|_| Failure::NotFound)?);
    let (typed, mut errors) = (Typed::read(&form), FieldErrors::default());
    let mut theirs = None;
    if let Some(wanted) = typed.wanted(lang, &mut errors) {
        let (app, scope) = (member.app.clone(), member.scope.clone());
        let version = form.parse("version").unwrap_or_default();
        let saved =
            member.write(move |tx| actions::webhook_change(tx, &app, &scope, id, &wanted, version)).await;
        match saved {
            Ok(()) => {
                let to = redirect(&format!("{LIST}/{id}"));
                return Ok(with_flash(&member.app, to, NoticeKind::Success, &t!(lang, "webhook-saved")));
            }
            Err(Refused::Because(WebhookRefusal::Stale(now))) => theirs = Some(now),
            Err(Refused::Because(refusal)) => refused(lang, &mut errors, &refusal),
            Err(Refused::Failed(failure)) => return Err(failure),
        }
    }
    let status = if theirs.is_some() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    page_with_status(status, &super::one::shown(&member, id, Some(typed), theirs, errors).await?)
}
