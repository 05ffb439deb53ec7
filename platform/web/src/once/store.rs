//! The SQL of forms that may be sent again.

use chrono::{DateTime, Utc};
use komainu_access::Scope;
use komainu_db::{DbError, Tx, params};

komainu_db::statements! {
    SENT_SWEEP = "DELETE FROM form_sent WHERE organisation_id = $1 AND person_id = $2 AND sent_at <= $3";
    SENT_TAKE = "INSERT INTO form_sent (organisation_id, person_id, digest, led_to, sent_at) VALUES ($1, $2, $3, '', $4)
        ON CONFLICT (organisation_id, person_id, digest) DO NOTHING";
    SENT_LEAD = "UPDATE form_sent SET led_to = $4 WHERE organisation_id = $1 AND person_id = $2 AND digest = $3";
    SENT_LED_TO = "SELECT led_to FROM form_sent WHERE organisation_id = $1 AND person_id = $2 AND digest = $3";
}

/// Forgets what a person sent before `until`.
pub(super) fn sweep(tx: &mut Tx<'_>, scope: &Scope, until: DateTime<Utc>) -> Result<(), DbError> {
    tx.run(scope, SENT_SWEEP, params![scope.person(), until]).map(drop)
}

/// Takes a post; false where it was taken before. While another transaction has it, this one waits.
pub(super) fn take(
    tx: &mut Tx<'_>,
    scope: &Scope,
    digest: &[u8],
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    Ok(tx.run(scope, SENT_TAKE, params![scope.person(), digest, now])? > 0)
}

/// Keeps where a post led.
pub(super) fn lead(tx: &mut Tx<'_>, scope: &Scope, digest: &[u8], led_to: &str) -> Result<(), DbError> {
    tx.run(scope, SENT_LEAD, params![scope.person(), digest, led_to]).map(drop)
}

/// Where a post led.
pub(super) fn led_to(tx: &mut Tx<'_>, scope: &Scope, digest: &[u8]) -> Result<String, DbError> {
    tx.one(scope, SENT_LED_TO, params![scope.person(), digest], |row| row.get(0))
}
