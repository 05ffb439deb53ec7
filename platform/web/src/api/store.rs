//! The SQL of answers that are kept to be given again.

use chrono::{DateTime, Utc};
use komainu_access::{Scope, TokenId};
use komainu_db::{DbError, Tx, params};

komainu_db::statements! {
    ANSWERS_SWEEP = "DELETE FROM api_answer WHERE organisation_id = $1 AND token_id = $2 AND created_at <= $3";
    ANSWER = "SELECT fingerprint, answer FROM api_answer WHERE organisation_id = $1 AND token_id = $2 AND name = $3";
    ANSWER_KEEP = "INSERT INTO api_answer (organisation_id, token_id, name, fingerprint, answer, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
}

/// Forgets a token's answers that were given before `until`.
pub(super) fn answers_sweep(
    tx: &mut Tx<'_>,
    scope: &Scope,
    token: TokenId,
    until: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(scope, ANSWERS_SWEEP, params![token, until]).map(drop)
}

/// A request's fingerprint, and the sealed answer to it.
pub(super) type Kept = (Vec<u8>, Vec<u8>);

/// What a token's key names.
pub(super) fn answer(
    tx: &mut Tx<'_>,
    scope: &Scope,
    token: TokenId,
    name: &str,
) -> Result<Option<Kept>, DbError> {
    tx.maybe(scope, ANSWER, params![token, name], |row| Ok((row.get(0)?, row.get(1)?)))
}

pub(super) fn answer_keep(
    tx: &mut Tx<'_>,
    scope: &Scope,
    token: TokenId,
    name: &str,
    (fingerprint, answer): (&[u8], &[u8]),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(scope, ANSWER_KEEP, params![token, name, fingerprint, answer, now]).map(drop)
}
