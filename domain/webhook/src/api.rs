//! Webhooks over the API, and what was sent to them.

use crate::actions::{self, WebhookRefusal};
use crate::model::{Delivery, Event, SigningSecret, Wanted, Webhook, WebhookId};
use crate::rules::MOST;
use crate::words::answer_text;
use crate::{pages, t};
use chrono::{DateTime, Utc};
use komainu_access::{Permission, Scope};
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_jobs::{Job, JobId, State};
use komainu_web::api::{Caller, IfMatch, Json, Page, Paging, Path, Query, Resource};
use komainu_web::{App, Failure, FieldErrors, Form, Outcome, Refused};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use utoipa::{IntoParams, ToSchema};

/// An address that is told of changes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Webhook)]
pub struct WebhookShown {
    id: WebhookId,
    /// Where messages go.
    url: String,
    /// Of what it is told.
    events: Vec<Event>,
    created_at: DateTime<Utc>,
    created_by_name: String,
    /// Since when nothing has got through; null where the last message did.
    failing_since: Option<DateTime<Utc>>,
    /// Since when it is stopped; null where it is not.
    stopped_at: Option<DateTime<Utc>>,
    /// Who stopped it; null where nobody did, or the program, because nothing got through.
    stopped_by_name: Option<String>,
    version: i64,
}

/// A webhook with its secret.
#[derive(Serialize, ToSchema)]
pub struct WebhookSecret {
    webhook: WebhookShown,
    /// What signs its messages, as Standard Webhooks write it. It is told now and never again.
    secret: String,
}

/// What is sent about a webhook.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookBody {
    /// Where messages go: `https`, or `http` to the very computer that Komainu runs on.
    #[schema(min_length = 1, max_length = 500)]
    url: String,
    /// Of what it is told.
    #[schema(min_items = 1)]
    events: Vec<Event>,
}

/// A message to another program, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookDelivery)]
pub struct DeliveryShown {
    id: JobId,
    /// Of which event; null for a test.
    event: Option<Event>,
    /// `waiting`, `running`, `done`, `failed` or `cancelled`.
    state: &'static str,
    asked_at: DateTime<Utc>,
    /// How often it was sent.
    attempts: i64,
    /// When it is sent, or sent again; null where it is on its way, or over.
    next_at: Option<DateTime<Utc>>,
    /// What the other side answered, or why it could not, in words; empty where there is nothing to tell yet.
    answer: String,
    /// The message, exactly as it is signed and sent.
    body: String,
}

/// A delivery's address.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct DeliveryPath {
    /// The webhook.
    #[param(inline)]
    id: WebhookId,
    /// The delivery.
    #[param(inline)]
    delivery: JobId,
}

impl Resource for WebhookShown {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl Resource for WebhookSecret {
    fn place(&self) -> String {
        format!("/webhooks/{}", self.webhook.id)
    }

    fn version(&self) -> Option<i64> {
        self.webhook.version()
    }
}

impl Resource for DeliveryShown {}

impl From<Webhook> for WebhookShown {
    fn from(webhook: Webhook) -> Self {
        let (stopped_at, stopped_by_name) =
            webhook.stopped.map_or((None, None), |stopped| (Some(stopped.at), stopped.by));
        WebhookShown {
            id: webhook.id,
            url: webhook.url.to_string(),
            events: webhook.events.into_iter().collect(),
            created_at: webhook.created_at,
            created_by_name: webhook.created_by,
            failing_since: webhook.failing_since,
            stopped_at,
            stopped_by_name,
            version: webhook.version,
        }
    }
}

impl DeliveryShown {
    fn of(lang: Lang, (job, delivery): (Job, Delivery)) -> DeliveryShown {
        DeliveryShown {
            id: job.id,
            event: delivery.event,
            state: job.state.code(),
            asked_at: job.created_at,
            attempts: job.attempts,
            next_at: (job.state == State::Waiting).then_some(job.run_at),
            answer: answer_text(lang, &job.result),
            body: delivery.body,
        }
    }
}

fn wanted(caller: &Caller, body: &WebhookBody) -> Result<Wanted, Failure> {
    pages::read_wanted(caller.lang, &Form::of(body)?).map_err(Failure::Invalid)
}

fn shown(tx: &mut Tx<'_>, at: &Caller, id: WebhookId) -> Result<WebhookShown, Failure> {
    actions::webhook_get(tx, &at.scope, id).map(WebhookShown::from)
}

fn told(
    tx: &mut Tx<'_>,
    at: &Caller,
    (id, secret): (WebhookId, SigningSecret),
) -> Result<WebhookSecret, Failure> {
    Ok(WebhookSecret { webhook: shown(tx, at, id)?, secret: secret.text() })
}

fn why_not(lang: Lang, refused: Refused<WebhookRefusal>) -> Failure {
    let refusal = match refused {
        Refused::Because(refusal) => refusal,
        Refused::Failed(failure) => return failure,
    };
    match refusal {
        WebhookRefusal::Off => Failure::Refused(t!(lang, "webhooks-off")),
        WebhookRefusal::TooMany => Failure::Refused(t!(lang, "webhooks-too-many", most = MOST.to_string())),
        WebhookRefusal::Forbidden(address) => {
            let mut faults = FieldErrors::default();
            faults.add("url", t!(lang, "url-forbidden", address = address.to_string()));
            Failure::Invalid(faults)
        }
        WebhookRefusal::Stale(now) => Failure::outdated(&WebhookShown::from(*now)),
    }
}

/// The webhooks, in the order they were added
#[utoipa::path(get, path = "/webhooks", params(Paging), responses((status = 200, body = Page<WebhookShown>)))]
pub async fn webhooks(caller: Caller, Query(paging): Query<Paging>) -> Outcome {
    let key = |webhook: &WebhookShown| (webhook.created_at, webhook.id);
    caller
        .list(&paging, key, move |tx, at, part| {
            let webhooks = actions::webhooks(tx, &at.scope)?;
            Ok(part.of(webhooks.into_iter().map(WebhookShown::from).collect(), key))
        })
        .await
}

/// One webhook
#[utoipa::path(get, path = "/webhooks/{id}", params(WebhookId), responses((status = 200, body = WebhookShown)))]
pub async fn webhook_get(caller: Caller, Path(id): Path<WebhookId>) -> Outcome {
    caller.show(move |tx, at| shown(tx, at, id)).await
}

/// Add a webhook, which is told of what happens from now on; its secret is told now and never again
#[utoipa::path(post, path = "/webhooks", request_body = WebhookBody,
    responses((status = 201, body = WebhookSecret)))]
pub async fn webhook_add(caller: Caller, Json(body): Json<WebhookBody>) -> Outcome {
    let new = wanted(&caller, &body)?;
    caller
        .create(move |tx, at| match actions::webhook_add(tx, &at.app, &at.scope, &new) {
            Ok(made) => told(tx, at, made),
            Err(refused) => Err(why_not(at.lang, refused)),
        })
        .await
}

/// Change where a webhook's messages go and of what they tell
#[utoipa::path(put, path = "/webhooks/{id}", params(WebhookId, IfMatch), request_body = WebhookBody,
    responses((status = 200, body = WebhookShown)))]
pub async fn webhook_change(
    caller: Caller,
    Path(id): Path<WebhookId>,
    IfMatch(version): IfMatch,
    Json(body): Json<WebhookBody>,
) -> Outcome {
    let new = wanted(&caller, &body)?;
    caller
        .change(move |tx, at| match actions::webhook_change(tx, &at.app, &at.scope, id, &new, version) {
            Ok(()) => shown(tx, at, id),
            Err(refused) => Err(why_not(at.lang, refused)),
        })
        .await
}

/// Remove a webhook, and what was sent with it
#[utoipa::path(delete, path = "/webhooks/{id}", params(WebhookId, IfMatch), responses((status = 204)))]
pub async fn webhook_remove(caller: Caller, Path(id): Path<WebhookId>, IfMatch(version): IfMatch) -> Outcome {
    caller
        .remove(move |tx, at| {
            let now = shown(tx, at, id)?;
            if now.version != version {
                return Err(Failure::outdated(&now));
            }
            actions::webhook_remove(tx, &at.app, &at.scope, id)
        })
        .await
}

async fn asked(
    caller: Caller,
    id: WebhookId,
    action: fn(&mut Tx<'_>, &App, &Scope, WebhookId) -> Result<(), Failure>,
) -> Outcome {
    caller
        .change(move |tx, at| {
            action(tx, &at.app, &at.scope, id)?;
            shown(tx, at, id)
        })
        .await
}

/// Stop a webhook: it is told nothing until it is resumed
#[utoipa::path(post, path = "/webhooks/{id}/stop", params(WebhookId),
    responses((status = 200, body = WebhookShown)))]
pub async fn webhook_stop(caller: Caller, Path(id): Path<WebhookId>) -> Outcome {
    asked(caller, id, actions::webhook_stop).await
}

/// Resume a stopped webhook, from what happens now
#[utoipa::path(post, path = "/webhooks/{id}/resume", params(WebhookId),
    responses((status = 200, body = WebhookShown)))]
pub async fn webhook_resume(caller: Caller, Path(id): Path<WebhookId>) -> Outcome {
    asked(caller, id, actions::webhook_resume).await
}

/// Send a message that only tells that messages arrive; what became of it is among the deliveries
#[utoipa::path(post, path = "/webhooks/{id}/test", params(WebhookId),
    responses((status = 200, body = WebhookShown)))]
pub async fn webhook_test(caller: Caller, Path(id): Path<WebhookId>) -> Outcome {
    caller
        .change(move |tx, at| {
            actions::webhook_test(tx, &at.app, &at.scope, id).map_err(|refused| why_not(at.lang, refused))?;
            shown(tx, at, id)
        })
        .await
}

/// Make another secret, told now and never again; the old one signs nothing any more
#[utoipa::path(post, path = "/webhooks/{id}/secret", params(WebhookId),
    responses((status = 200, body = WebhookSecret)))]
pub async fn webhook_secret_renew(caller: Caller, Path(id): Path<WebhookId>) -> Outcome {
    caller
        .change(move |tx, at| {
            let secret = actions::webhook_secret_renew(tx, &at.app, &at.scope, id)?;
            told(tx, at, (id, secret))
        })
        .await
}

/// The newest 50 messages to a webhook and what became of them, newest first
#[utoipa::path(get, path = "/webhooks/{id}/deliveries", params(WebhookId, Paging),
    responses((status = 200, body = Page<DeliveryShown>)))]
pub async fn webhook_deliveries(
    caller: Caller,
    Path(id): Path<WebhookId>,
    Query(paging): Query<Paging>,
) -> Outcome {
    let key = |delivery: &DeliveryShown| Reverse((delivery.asked_at, delivery.id));
    caller
        .list(&paging, key, move |tx, at, part| {
            actions::webhook_get(tx, &at.scope, id)?;
            let sent = actions::deliveries(tx, &at.scope, id)?;
            let sent = sent.into_iter().map(|sent| DeliveryShown::of(at.lang, sent));
            Ok(part.of(sent.collect(), key))
        })
        .await
}

/// Send a message again, at once
#[utoipa::path(post, path = "/webhooks/{id}/deliveries/{delivery}/again", params(DeliveryPath),
    responses((status = 200, body = DeliveryShown)))]
pub async fn delivery_resend(caller: Caller, Path(path): Path<DeliveryPath>) -> Outcome {
    let DeliveryPath { id, delivery } = path;
    caller
        .change(move |tx, at| {
            actions::delivery_resend(tx, &at.app, &at.scope, id, delivery)?;
            let sent = actions::delivery_get(tx, &at.scope, id, delivery)?;
            Ok(DeliveryShown::of(at.lang, sent))
        })
        .await
}

/// How other programs are told of changes, on the whole installation.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstallationWebhooks {
    /// Whether anything may go out at all.
    on: bool,
    /// Networks inside the house that may be reached, such as `192.168.10.0/24`.
    allowed: Vec<String>,
    /// The webhooks of every organisation, by the organisation's name; 500 at most.
    items: Vec<InstallationWebhook>,
}

/// A webhook as those who run the installation see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstallationWebhook {
    organisation_name: String,
    /// To which computer messages go; the whole address is its organisation's own.
    host: String,
    /// Since when nothing has got through; null where the last message did.
    failing_since: Option<DateTime<Utc>>,
    /// Since when it is stopped; null where it is not.
    stopped_at: Option<DateTime<Utc>>,
}

impl Resource for InstallationWebhooks {}

/// Whether other programs are told of changes, to where, and how it goes
#[utoipa::path(get, path = "/operations/webhooks", responses((status = 200, body = InstallationWebhooks)))]
pub async fn installation_webhooks(caller: Caller) -> Outcome {
    caller
        .show(|tx, at| {
            at.scope.require(Permission::InstallationSee)?;
            let outbound = at.app.settings.outbound.as_ref();
            let shown = |(webhook, organisation_name): (Webhook, String)| InstallationWebhook {
                organisation_name,
                host: webhook.url.host_str().unwrap_or_default().to_owned(),
                failing_since: webhook.failing_since,
                stopped_at: webhook.stopped.map(|stopped| stopped.at),
            };
            let found = actions::webhooks_everywhere(tx, pages::SHOWN)?;
            Ok(InstallationWebhooks {
                on: outbound.is_some(),
                allowed: outbound
                    .map(|outbound| outbound.allowed().iter().map(ToString::to_string).collect())
                    .unwrap_or_default(),
                items: found.into_iter().map(shown).collect(),
            })
        })
        .await
}
