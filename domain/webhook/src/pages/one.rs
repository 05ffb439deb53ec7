//! One webhook: how it stands, what was sent, what can be done with it.

use super::LIST;
use super::edit::{Typed, event_choices, secret_page};
use crate::actions;
use crate::model::{Delivery, Webhook, WebhookId};
use crate::t;
use crate::words::{answer_text, delivery_text, event_text, state_text};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use komainu_jobs::{Job, JobId, State};
use komainu_web::{
    App, Choice, Crumb, Failure, FieldErrors, Form, Member, NoticeKind, Outcome, Refused, Section, Shell,
    moment_text, page, page_with_status, redirect, with_flash,
};

struct Sent {
    id: String,
    event: String,
    at: String,
    badge: &'static str,
    state: String,
    answer: String,
    tries: String,
    body: String,
    /// It can be sent again.
    again: bool,
}

/// How it is now, where someone else was first.
pub(super) struct Theirs {
    url: String,
    events: String,
}

#[derive(Template)]
#[template(path = "webhook.html")]
pub(super) struct WebhookPage {
    page: Shell,
    crumbs: Vec<Crumb>,
    errors: FieldErrors,
    on: bool,
    href: String,
    badge: &'static str,
    state: String,
    made: String,
    stopped: bool,
    url: String,
    events: Vec<Choice>,
    version: i64,
    theirs: Option<Theirs>,
    sent: Vec<Sent>,
}

fn named(id: &str) -> Result<WebhookId, Failure> {
    id.parse().map_err(|_| Failure::NotFound)
}

/// `GET /webhooks/{id}`
pub async fn webhook(member: Member, Path(id): Path<String>) -> Outcome {
    page(&shown(&member, named(&id)?, None, None, FieldErrors::default()).await?)
}

/// The page, with what was typed where it has faults.
pub(super) async fn shown(
    member: &Member,
    id: WebhookId,
    typed: Option<Typed>,
    theirs: Option<Box<Webhook>>,
    errors: FieldErrors,
) -> Result<WebhookPage, Failure> {
    let (lang, scope) = (member.lang, member.scope.clone());
    let (webhook, deliveries): (Webhook, Vec<(Job, Delivery)>) = member
        .read(move |tx| Ok((actions::webhook_get(tx, &scope, id)?, actions::deliveries(tx, &scope, id)?)))
        .await?;
    let typed = typed.unwrap_or_else(|| Typed::of(&webhook));
    let (badge, state) = state_text(lang, &webhook);
    let names = |webhook: &Webhook| {
        let names: Vec<String> = webhook.events.iter().map(|event| event_text(lang, Some(*event))).collect();
        names.join("、")
    };
    let (at, name) = (moment_text(lang, webhook.created_at), webhook.created_by.as_str());
    Ok(WebhookPage {
        page: member.shell(&t!(lang, "webhook-title"), Section::Institution),
        crumbs: vec![Crumb { href: LIST.to_owned(), label: t!(lang, "webhooks-title") }],
        errors,
        on: member.app.settings.outbound.is_some(),
        href: format!("{LIST}/{id}"),
        badge,
        state,
        made: t!(lang, "webhook-made", at = at, name = name),
        stopped: webhook.stopped.is_some(),
        url: typed.url,
        events: event_choices(lang, &typed.events),
        version: webhook.version,
        theirs: theirs.map(|now| Theirs { url: now.url.to_string(), events: names(&now) }),
        sent: deliveries.iter().map(|(job, delivery)| sent(lang, job, delivery)).collect(),
    })
}

fn sent(lang: komainu_i18n::Lang, job: &Job, delivery: &Delivery) -> Sent {
    let (badge, state) = delivery_text(lang, job);
    Sent {
        id: job.id.to_string(),
        event: event_text(lang, delivery.event),
        at: moment_text(lang, job.created_at),
        badge,
        state,
        answer: answer_text(lang, &job.result),
        tries: t!(lang, "delivery-tries", count = job.attempts.to_string()),
        body: delivery.body.clone(),
        again: job.state != State::Running,
    }
}

/// Back to the webhook, with a word about what happened.
fn done(app: &App, id: WebhookId, text: &str) -> Response {
    with_flash(app, redirect(&format!("{LIST}/{id}")), NoticeKind::Success, text)
}

/// `POST /webhooks/{id}/test`
pub async fn webhook_test(member: Member, Path(id): Path<String>, _: Form) -> Outcome {
    let (id, app, scope) = (named(&id)?, member.app.clone(), member.scope.clone());
    match member.write(move |tx| actions::webhook_test(tx, &app, &scope, id)).await {
        Ok(()) => {}
        Err(Refused::Failed(failure)) => return Err(failure),
        Err(Refused::Because(refusal)) => {
            let mut errors = FieldErrors::default();
            super::edit::refused(member.lang, &mut errors, &refusal);
            let page = shown(&member, id, None, None, errors).await?;
            return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    }
    Ok(done(&member.app, id, &t!(member.lang, "webhook-tested")))
}

/// `POST /webhooks/{id}/stop`
pub async fn webhook_stop(member: Member, Path(id): Path<String>, _: Form) -> Outcome {
    let (id, app, scope) = (named(&id)?, member.app.clone(), member.scope.clone());
    member.write(move |tx| actions::webhook_stop(tx, &app, &scope, id)).await?;
    Ok(done(&member.app, id, &t!(member.lang, "webhook-stopped")))
}

/// `POST /webhooks/{id}/resume`
pub async fn webhook_resume(member: Member, Path(id): Path<String>, _: Form) -> Outcome {
    let (id, app, scope) = (named(&id)?, member.app.clone(), member.scope.clone());
    member.write(move |tx| actions::webhook_resume(tx, &app, &scope, id)).await?;
    Ok(done(&member.app, id, &t!(member.lang, "webhook-resumed")))
}

/// `POST /webhooks/{id}/secret`: answers with the page that holds the new one.
pub async fn webhook_secret_renew(member: Member, Path(id): Path<String>, _: Form) -> Outcome {
    let (id, app, scope) = (named(&id)?, member.app.clone(), member.scope.clone());
    let secret = member.write(move |tx| actions::webhook_secret_renew(tx, &app, &scope, id)).await?;
    page(&secret_page(&member, id, &secret))
}

/// `POST /webhooks/{id}/deliveries/{job}/again`
pub async fn delivery_again(member: Member, Path((id, job)): Path<(String, String)>, _: Form) -> Outcome {
    let (id, app, scope) = (named(&id)?, member.app.clone(), member.scope.clone());
    let job: JobId = job.parse().map_err(|_| Failure::NotFound)?;
    member.write(move |tx| actions::delivery_resend(tx, &app, &scope, id, job)).await?;
    Ok(done(&member.app, id, &t!(member.lang, "delivery-sent-again")))
}

#[derive(Template)]
#[template(path = "webhook_remove.html")]
struct RemovePage {
    page: Shell,
    href: String,
    host: String,
}

/// `GET /webhooks/{id}/remove`: says what it means before it is done.
pub async fn webhook_remove_ask(member: Member, Path(id): Path<String>) -> Outcome {
    let (id, scope) = (named(&id)?, member.scope.clone());
    let webhook = member.read(move |tx| actions::webhook_get(tx, &scope, id)).await?;
    page(&RemovePage {
        page: member.shell(&t!(member.lang, "webhook-remove-title"), Section::Institution),
        href: format!("{LIST}/{id}"),
        host: webhook.url.host_str().unwrap_or_default().to_owned(),
    })
}

/// `POST /webhooks/{id}/remove`
pub async fn webhook_remove(member: Member, Path(id): Path<String>, _: Form) -> Outcome {
    let (id, app, scope) = (named(&id)?, member.app.clone(), member.scope.clone());
    member.write(move |tx| actions::webhook_remove(tx, &app, &scope, id)).await?;
    Ok(with_flash(&member.app, redirect(LIST), NoticeKind::Success, &t!(member.lang, "webhook-removed")))
}
