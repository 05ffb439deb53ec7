//! Following the log, and sending what it tells.

use crate::actions::{record, secret};
use crate::model::{Data, Delivery, Message, Object, Webhook};
use crate::rules::{PATIENCE, event_of, gives_up, sign};
use crate::store::{self, Behind};
use crate::t;
use komainu_access::{Permission, Scope};
use komainu_db::{DbError, Tx};
use komainu_jobs::{Job, Progress, Task, Watch, Work, WorkError};
use komainu_notify::Mail;
use komainu_people::actions::{account, members};
use komainu_web::{App, Failure};

/// The kind of job that delivers a message.
pub const KIND: &str = "webhook";
/// Webhooks that one look goes on with, and entries it reads for each.
const WEBHOOKS: i64 = 50;
const ENTRIES: i64 = 200;

/// Reads on in the logs for the webhooks that have not been told everything.
pub struct Follower(pub App);

impl Watch for Follower {
    fn look(&self) -> Result<bool, DbError> {
        if self.0.settings.outbound.is_none() {
            return Ok(false);
        }
        let behind = self.0.db.read(|tx| store::behind(tx, WEBHOOKS))?;
        for webhook in &behind {
            self.0.db.write(|tx| self.tell(tx, webhook))?;
        }
        Ok(!behind.is_empty())
    }
}

impl Follower {
    /// Asks for the deliveries of the next entries, in the transaction that remembers that they were read.
    fn tell(&self, tx: &mut Tx<'_>, webhook: &Behind) -> Result<(), DbError> {
        let (nature, scope) = (&self.0.nature, Scope::of_program(webhook.organisation));
        let entries = komainu_audit::follow(tx, &scope, webhook.seen, ENTRIES)?;
        let Some(last) = entries.last() else { return Ok(()) };
        if !store::seen(tx, &scope, webhook.id, (webhook.seen, last.seq))? {
            return Ok(());
        }
        for entry in &entries {
            let Some(event) = event_of(&entry.action).filter(|event| webhook.events.contains(event)) else {
                continue;
            };
            // Where webhooks were switched off for a while, old news are none.
            if entry.at < nature.now() - PATIENCE {
                continue;
            }
            let object = Object { kind: &entry.object_kind, id: &entry.object_id };
            let data =
                Data { organisation: webhook.organisation, entry: Some(entry.seq), object: Some(object) };
            let message = Message { kind: event.code(), timestamp: entry.at, data };
            let body = serde_json::to_string(&message).map_err(|error| DbError::Other(error.to_string()))?;
            let delivery = Delivery { webhook: webhook.id, event: Some(event), body };
            let key = format!("{}/{}", webhook.id, entry.seq);
            Task::new(KIND, &delivery).once(&key).enqueue(tx, nature, &scope)?;
        }
        Ok(())
    }
}

/// Delivers messages.
pub struct WebhookWork(pub App);

impl Work for WebhookWork {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn run(&self, job: &Job, _: &Progress<'_>) -> Result<String, WorkError> {
        let (app, delivery) = (&self.0, serde_json::from_str::<Delivery>(&job.payload)?);
        let Some(outbound) = &app.settings.outbound else { return Err(WorkError::Cancelled) };
        let (scope, id) = (&job.scope, delivery.webhook);
        let (webhook, sealed) = app.db.read(|tx| {
            Ok::<_, DbError>((store::webhook_get(tx, scope, id)?, store::secret(tx, scope, id)?))
        })?;
        let (Some(webhook), Some(sealed)) = (webhook, sealed) else { return Err(WorkError::Cancelled) };
        // A test tells whether it would work again.
        if webhook.stopped.is_some() && delivery.event.is_some() {
            return Err(WorkError::Cancelled);
        }
        let secret = secret(app, scope, id, &sealed)?;
        let (name, now) = (format!("msg_{}", job.id), app.nature.now());
        let headers = [
            ("webhook-signature", sign(&secret, &name, now, &delivery.body)),
            ("webhook-timestamp", now.timestamp().to_string()),
            ("webhook-id", name),
        ];
        let why = match outbound.post(&webhook.url, &headers, &delivery.body) {
            Ok(status) if (200..300).contains(&status) => {
                if webhook.failing_since.is_some() {
                    app.db.write(|tx| store::worked(tx, scope, id))?;
                }
                return Ok(format!("status {status}"));
            }
            Ok(status) => format!("status {status}"),
            Err(error) => error.to_string(),
        };
        let stopped = app.db.write(|tx| failed(tx, app, scope, &webhook))?;
        Err(if stopped || delivery.event.is_none() { WorkError::Failed(why) } else { WorkError::Again(why) })
    }

    /// About a day.
    fn tries(&self) -> i64 {
        9
    }

    fn hands(&self) -> usize {
        4
    }
}

/// Notes that a message did not get through, and stops a webhook to which none has for long; answers whether it did.
fn failed(tx: &mut Tx<'_>, app: &App, scope: &Scope, webhook: &Webhook) -> Result<bool, Failure> {
    let now = app.nature.now();
    let Some(since) = store::failed(tx, scope, webhook.id, now)? else { return Ok(false) };
    if !gives_up(since, now) || !store::stop(tx, scope, webhook.id, now, "")? {
        return Ok(false);
    }
    let program = Scope::of_program(scope.organisation());
    record(tx, app, &program, "webhook_give_up", webhook.id, ((), ()))?;
    tracing::warn!(webhook = %webhook.id, "a webhook to which nothing gets through was stopped");
    let Some(mail) = &app.settings.mail else { return Ok(true) };
    let managers = members(tx, &program)?;
    for manager in managers.iter().filter(|m| !m.disabled && m.role.may(Permission::WebhooksManage)) {
        let person = account(tx, manager.person)?;
        let (lang, host) = (person.lang, webhook.url.host_str().unwrap_or_default().to_owned());
        let address = format!("{}/webhooks/{}", app.settings.public_url, webhook.id);
        let text = t!(lang, "mail-stopped", host = host.as_str(), address = address);
        if let Ok(notice) = Mail::new(&person.email, &t!(lang, "mail-stopped-subject", host = host), &text) {
            mail.post(tx, &app.nature, &program, &notice, "")?;
        }
    }
    Ok(true)
}
