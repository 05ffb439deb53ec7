//! The list of files in the database.

use chrono::{DateTime, Utc};
use komainu_access::Scope;
use komainu_db::{DbError, Tx, params};

komainu_db::statements! {
    INSERT = "INSERT INTO file (organisation_id, digest, size, media_type, created_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (organisation_id, digest) DO NOTHING";
}

pub(crate) fn insert(
    tx: &mut Tx<'_>,
    scope: &Scope,
    digest: &str,
    size: i64,
    media_type: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    tx.run(scope, INSERT, params![digest, size, media_type, now]).map(drop)
}
