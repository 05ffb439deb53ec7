//! What can be done with webhooks.

use crate::jobs::KIND;
use crate::model::{Data, Delivery, Message, SigningSecret, Wanted, Webhook, WebhookId, codes};
use crate::rules::MOST;
use crate::store;
use komainu_access::{Permission, Scope};
use komainu_audit::Change;
use komainu_db::Tx;
use komainu_jobs::{Job, JobId, Task};
use komainu_seal::Unsealable;
use komainu_web::{App, Failure, Refused};
use serde::Serialize;
use serde_json::json;
use std::net::IpAddr;

/// What a webhook's secret is sealed for.
const PURPOSE: &str = "webhook.secret";
/// Deliveries shown of a webhook.
const SHOWN: i64 = 50;

/// Why a webhook was not made or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebhookRefusal {
    /// Webhooks are switched off on this installation.
    Off,
    /// This very address may not be reached from here.
    Forbidden(IpAddr),
    /// There are as many as there may be.
    TooMany,
    /// Someone else changed it first; this is how it is now.
    Stale(Box<Webhook>),
}

/// The institution's webhooks, the oldest first.
pub fn webhooks(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Webhook>, Failure> {
    scope.require(Permission::WebhooksManage)?;
    Ok(store::webhooks(tx, scope)?)
}

/// One of them.
pub fn webhook_get(tx: &mut Tx<'_>, scope: &Scope, id: WebhookId) -> Result<Webhook, Failure> {
    scope.require(Permission::WebhooksManage)?;
    store::webhook_get(tx, scope, id)?.ok_or(Failure::NotFound)
}

/// Makes a webhook, which is told of what happens from now on. Its secret is answered now and never again.
pub fn webhook_add(
    tx: &mut Tx<'_>,
    app: &App,
    scope: &Scope,
    wanted: &Wanted,
) -> Result<(WebhookId, SigningSecret), Refused<WebhookRefusal>> {
    scope.require(Permission::WebhooksManage)?;
    reachable(app, wanted)?;
    if store::webhooks(tx, scope)?.len() >= MOST {
        return Err(Refused::Because(WebhookRefusal::TooMany));
    }
    let id = WebhookId(app.nature.id());
    let secret = SigningSecret::new(app.nature.bytes());
    record(tx, app, scope, "webhook_add", id, ((), state(wanted)))?;
    // After its own entry, so that it is not told of itself.
    store::insert(tx, scope, id, wanted, &sealed(app, scope, id, &secret), app.nature.now())?;
    Ok((id, secret))
}

/// Changes where messages go and of what they tell. What changes nothing is no change.
pub fn webhook_change(
    tx: &mut Tx<'_>,
    app: &App,
    scope: &Scope,
    id: WebhookId,
    wanted: &Wanted,
    version: i64,
) -> Result<(), Refused<WebhookRefusal>> {
    let before = webhook_get(tx, scope, id)?;
    reachable(app, wanted)?;
    if before.url == wanted.url && before.events == wanted.events {
        return Ok(());
    }
    if before.version != version || !store::change(tx, scope, id, wanted, version)? {
        return Err(Refused::Because(WebhookRefusal::Stale(Box::new(before))));
    }
    let states = (state(&Wanted { url: before.url, events: before.events }), state(wanted));
    Ok(record(tx, app, scope, "webhook_change", id, states)?)
}

/// Makes another secret; the old one signs nothing any more.
pub fn webhook_secret_renew(
    tx: &mut Tx<'_>,
    app: &App,
    scope: &Scope,
    id: WebhookId,
) -> Result<SigningSecret, Failure> {
    webhook_get(tx, scope, id)?;
    let secret = SigningSecret::new(app.nature.bytes());
    store::secret_set(tx, scope, id, &sealed(app, scope, id, &secret))?;
    record(tx, app, scope, "webhook_secret_renew", id, ((), ()))?;
    Ok(secret)
}

/// Stops a webhook: it is told nothing until it is resumed, and what waits for it is not sent.
pub fn webhook_stop(tx: &mut Tx<'_>, app: &App, scope: &Scope, id: WebhookId) -> Result<(), Failure> {
    webhook_get(tx, scope, id)?;
    if store::stop(tx, scope, id, app.nature.now(), scope.person_name())? {
        record(tx, app, scope, "webhook_stop", id, ((), ()))?;
    }
    Ok(())
}

/// Resumes a stopped webhook, from what happens now.
pub fn webhook_resume(tx: &mut Tx<'_>, app: &App, scope: &Scope, id: WebhookId) -> Result<(), Failure> {
    webhook_get(tx, scope, id)?;
    record(tx, app, scope, "webhook_resume", id, ((), ()))?;
    store::resume(tx, scope, id)?;
    Ok(())
}

/// Removes a webhook.
pub fn webhook_remove(tx: &mut Tx<'_>, app: &App, scope: &Scope, id: WebhookId) -> Result<(), Failure> {
    let before = webhook_get(tx, scope, id)?;
    store::delete(tx, scope, id)?;
    let before = state(&Wanted { url: before.url, events: before.events });
    record(tx, app, scope, "webhook_remove", id, (before, ()))
}

/// Sends a message that only tells that messages arrive.
///
/// # Errors
/// A refusal where the installation tells nobody anything, or the address may no longer be reached.
pub fn webhook_test(
    tx: &mut Tx<'_>,
    app: &App,
    scope: &Scope,
    id: WebhookId,
) -> Result<(), Refused<WebhookRefusal>> {
    let webhook = webhook_get(tx, scope, id)?;
    reachable(app, &Wanted { url: webhook.url, events: webhook.events })?;
    let now = app.nature.now();
    let data = Data { organisation: scope.organisation(), entry: None, object: None };
    let message = Message { kind: "test", timestamp: now, data };
    let body = serde_json::to_string(&message).map_err(Failure::internal)?;
    let delivery = Delivery { webhook: id, event: None, body };
    let key = format!("{id}/test-{}", now.timestamp_micros());
    Task::new(KIND, &delivery).once(&key).enqueue(tx, &app.nature, scope)?;
    Ok(record(tx, app, scope, "webhook_test", id, ((), ()))?)
}

/// The newest deliveries of a webhook.
pub fn deliveries(tx: &mut Tx<'_>, scope: &Scope, id: WebhookId) -> Result<Vec<(Job, Delivery)>, Failure> {
    scope.require(Permission::WebhooksManage)?;
    let jobs = komainu_jobs::recent_by_key(tx, scope, KIND, &id.to_string(), SHOWN)?;
    Ok(jobs.into_iter().filter_map(|job| Some((job.clone(), of(&job)?))).collect())
}

/// One delivery of a webhook.
pub fn delivery_get(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: WebhookId,
    job: JobId,
) -> Result<(Job, Delivery), Failure> {
    scope.require(Permission::WebhooksManage)?;
    let job = komainu_jobs::find(tx, scope, job)?.ok_or(Failure::NotFound)?;
    let delivery = of(&job).filter(|delivery| delivery.webhook == id).ok_or(Failure::NotFound)?;
    Ok((job, delivery))
}

/// Sends a message again, at once.
pub fn delivery_resend(
    tx: &mut Tx<'_>,
    app: &App,
    scope: &Scope,
    id: WebhookId,
    job: JobId,
) -> Result<(), Failure> {
    delivery_get(tx, scope, id, job)?;
    if komainu_jobs::retry(tx, &app.nature, scope, job)? {
        record(tx, app, scope, "webhook_resend", id, ((), json!({ "job": job })))?;
    }
    Ok(())
}

/// The webhooks of the whole installation with the names of their organisations, for whoever runs it.
pub fn webhooks_everywhere(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<(Webhook, String)>, Failure> {
    Ok(store::everywhere(tx, limit)?)
}

fn of(job: &Job) -> Option<Delivery> {
    if job.kind == KIND { serde_json::from_str(&job.payload).ok() } else { None }
}

fn reachable(app: &App, wanted: &Wanted) -> Result<(), Refused<WebhookRefusal>> {
    let outbound = app.settings.outbound.as_ref().ok_or(Refused::Because(WebhookRefusal::Off))?;
    match outbound.forbids(&wanted.url) {
        Some(address) => Err(Refused::Because(WebhookRefusal::Forbidden(address))),
        None => Ok(()),
    }
}

fn sealed(app: &App, scope: &Scope, id: WebhookId, secret: &SigningSecret) -> Vec<u8> {
    let row = [scope.organisation().0, id.0];
    app.key.seal(PURPOSE).close(&app.nature, &row.each_ref().map(|part| &part.as_bytes()[..]), &secret.0)
}

/// Opens what [`sealed`] sealed.
pub(crate) fn secret(
    app: &App,
    scope: &Scope,
    id: WebhookId,
    sealed: &[u8],
) -> Result<SigningSecret, Unsealable> {
    let row = [scope.organisation().0, id.0];
    let secret = app.key.seal(PURPOSE).open(&row.each_ref().map(|part| &part.as_bytes()[..]), sealed)?;
    Ok(SigningSecret(secret.to_vec()))
}

/// What the log keeps; of the address only whose it is, as some carry a secret in their path.
fn state(wanted: &Wanted) -> serde_json::Value {
    json!({ "host": wanted.url.host_str().unwrap_or_default(), "events": codes(&wanted.events) })
}

pub(crate) fn record<B: Serialize, A: Serialize>(
    tx: &mut Tx<'_>,
    app: &App,
    scope: &Scope,
    action: &'static str,
    id: WebhookId,
    (before, after): (B, A),
) -> Result<(), Failure> {
    let object_id = &id.to_string();
    let change = Change { action, object_kind: "webhook", object_id, before, after };
    Ok(komainu_audit::record(tx, scope, app.nature.now(), &change)?)
}
