//! The SQL of webhooks.

use crate::model::{Event, Stopped, Wanted, Webhook, WebhookId, codes, events};
use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, Scope};
use komainu_db::{DbError, Outside, Row, Tx, params};
use std::collections::BTreeSet;

const FOLLOWER: Outside = Outside("the follower reads every organisation's log for its webhooks");
const RUNS: Outside = Outside("whoever runs the installation sees where it sends to");

komainu_db::statements! {
    INSERT = "INSERT INTO webhook (organisation_id, id, url, events, secret, seen_seq, created_at, created_by_name,
            failing_since, stopped_at, stopped_by_name, version)
        VALUES ($1, $2, $3, $4, $5, COALESCE((SELECT seq FROM audit_head WHERE organisation_id = $1), 0), $6, $7,
            NULL, NULL, '', 1)";
    WEBHOOKS = "SELECT id, url, events, created_at, created_by_name, failing_since, stopped_at, stopped_by_name, version
        FROM webhook WHERE organisation_id = $1 ORDER BY created_at, id";
    WEBHOOK = "SELECT id, url, events, created_at, created_by_name, failing_since, stopped_at, stopped_by_name, version
        FROM webhook WHERE organisation_id = $1 AND id = $2";
    SECRET = "SELECT secret FROM webhook WHERE organisation_id = $1 AND id = $2";
    CHANGE = "UPDATE webhook SET url = $3, events = $4, failing_since = NULL, version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND version = $5";
    SECRET_SET = "UPDATE webhook SET secret = $3, version = version + 1 WHERE organisation_id = $1 AND id = $2";
    DELETE = "DELETE FROM webhook WHERE organisation_id = $1 AND id = $2";
    STOP = "UPDATE webhook SET stopped_at = $3, stopped_by_name = $4, version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND stopped_at IS NULL";
    /// What happened while it was stopped is not told afterwards.
    RESUME = "UPDATE webhook SET stopped_at = NULL, stopped_by_name = '', failing_since = NULL, version = version + 1,
            seen_seq = COALESCE((SELECT seq FROM audit_head WHERE organisation_id = $1), 0)
        WHERE organisation_id = $1 AND id = $2 AND stopped_at IS NOT NULL";
    FAILED = "UPDATE webhook SET failing_since = COALESCE(failing_since, $3)
        WHERE organisation_id = $1 AND id = $2 AND stopped_at IS NULL RETURNING failing_since";
    WORKED = "UPDATE webhook SET failing_since = NULL
        WHERE organisation_id = $1 AND id = $2 AND failing_since IS NOT NULL";
    BEHIND = "SELECT w.organisation_id, w.id, w.events, w.seen_seq
        FROM webhook w JOIN audit_head a ON a.organisation_id = w.organisation_id
        WHERE w.stopped_at IS NULL AND w.seen_seq < a.seq ORDER BY w.organisation_id, w.id LIMIT $1";
    /// Of two nodes that read the same entries, only one goes on from there.
    SEEN = "UPDATE webhook SET seen_seq = $4 WHERE organisation_id = $1 AND id = $2 AND seen_seq = $3";
    EVERYWHERE = "SELECT w.id, w.url, w.events, w.created_at, w.created_by_name, w.failing_since, w.stopped_at,
            w.stopped_by_name, w.version, o.name
        FROM webhook w JOIN organisation o ON o.id = w.organisation_id
        ORDER BY o.name, w.created_at, w.id LIMIT $1";
}

fn webhook(row: &Row<'_>) -> Result<Webhook, DbError> {
    let url: String = row.get(1)?;
    let by: String = row.get(7)?;
    Ok(Webhook {
        id: row.get(0)?,
        url: url.parse().map_err(|_| DbError::Other("a webhook's address is none".to_owned()))?,
        events: events(&row.get::<String>(2)?),
        created_at: row.get(3)?,
        created_by: row.get(4)?,
        failing_since: row.get(5)?,
        stopped: row
            .get::<Option<DateTime<Utc>>>(6)?
            .map(|at| Stopped { at, by: (!by.is_empty()).then_some(by) }),
        version: row.get(8)?,
    })
}

pub(crate) fn insert(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: WebhookId,
    wanted: &Wanted,
    sealed: &[u8],
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let row = params![id, wanted.url.as_str(), codes(&wanted.events), sealed, now, scope.person_name()];
    tx.run(scope, INSERT, row).map(drop)
}

pub(crate) fn webhooks(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Webhook>, DbError> {
    tx.all(scope, WEBHOOKS, &[], webhook)
}

pub(crate) fn webhook_get(tx: &mut Tx<'_>, scope: &Scope, id: WebhookId) -> Result<Option<Webhook>, DbError> {
    tx.maybe(scope, WEBHOOK, params![id], webhook)
}

/// The sealed secret.
pub(crate) fn secret(tx: &mut Tx<'_>, scope: &Scope, id: WebhookId) -> Result<Option<Vec<u8>>, DbError> {
    tx.maybe(scope, SECRET, params![id], |row| row.get(0))
}

pub(crate) fn change(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: WebhookId,
    wanted: &Wanted,
    version: i64,
) -> Result<bool, DbError> {
    let row = params![id, wanted.url.as_str(), codes(&wanted.events), version];
    tx.run(scope, CHANGE, row).map(|rows| rows == 1)
}

pub(crate) fn secret_set(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: WebhookId,
    sealed: &[u8],
) -> Result<(), DbError> {
    tx.run(scope, SECRET_SET, params![id, sealed]).map(drop)
}

pub(crate) fn delete(tx: &mut Tx<'_>, scope: &Scope, id: WebhookId) -> Result<(), DbError> {
    tx.run(scope, DELETE, params![id]).map(drop)
}

/// Stops a webhook, by a person or, without a name, by the program; false where it was stopped before.
pub(crate) fn stop(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: WebhookId,
    at: DateTime<Utc>,
    by: &str,
) -> Result<bool, DbError> {
    tx.run(scope, STOP, params![id, at, by]).map(|rows| rows == 1)
}

pub(crate) fn resume(tx: &mut Tx<'_>, scope: &Scope, id: WebhookId) -> Result<bool, DbError> {
    tx.run(scope, RESUME, params![id]).map(|rows| rows == 1)
}

/// Notes that a message did not get through; answers since when none has, where the webhook is not stopped.
pub(crate) fn failed(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: WebhookId,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, DbError> {
    tx.maybe(scope, FAILED, params![id, now], |row| row.get(0))
}

pub(crate) fn worked(tx: &mut Tx<'_>, scope: &Scope, id: WebhookId) -> Result<(), DbError> {
    tx.run(scope, WORKED, params![id]).map(drop)
}

/// A webhook that has not been told everything of its log.
pub(crate) struct Behind {
    pub(crate) organisation: OrganisationId,
    pub(crate) id: WebhookId,
    pub(crate) events: BTreeSet<Event>,
    pub(crate) seen: i64,
}

pub(crate) fn behind(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Behind>, DbError> {
    tx.all(&FOLLOWER, BEHIND, params![limit], |row| {
        Ok(Behind {
            organisation: row.get(0)?,
            id: row.get(1)?,
            events: events(&row.get::<String>(2)?),
            seen: row.get(3)?,
        })
    })
}

pub(crate) fn seen(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: WebhookId,
    (from, to): (i64, i64),
) -> Result<bool, DbError> {
    tx.run(scope, SEEN, params![id, from, to]).map(|rows| rows == 1)
}

/// The webhooks of the whole installation, each with the name of its organisation.
pub(crate) fn everywhere(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<(Webhook, String)>, DbError> {
    tx.all(&RUNS, EVERYWHERE, params![limit], |row| Ok((webhook(row)?, row.get(9)?)))
}
