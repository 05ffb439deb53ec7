//! The list of files in the database.

use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, Scope};
use komainu_db::{DbError, Outside, Tx, params};

const EVERY: Outside = Outside("a backup holds every organisation's files");
/// Lines of the list read at a time.
const STRIDE: i64 = 1_000;

komainu_db::statements! {
    INSERT = "INSERT INTO file (organisation_id, digest, size, media_type, created_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (organisation_id, digest) DO NOTHING";
    TOTAL = "SELECT count(*), CAST(coalesce(sum(size), 0) AS BIGINT) FROM file";
    LISTED = "SELECT organisation_id, digest FROM file WHERE (organisation_id, digest) > ($1, $2)
        ORDER BY organisation_id, digest LIMIT $3";
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

/// How many files are listed, and their bytes together.
pub fn total(tx: &mut Tx<'_>) -> Result<(i64, i64), DbError> {
    tx.one(&EVERY, TOTAL, &[], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Shows every listed file of every organisation.
pub fn listed<E: From<DbError>>(
    tx: &mut Tx<'_>,
    mut visit: impl FnMut(OrganisationId, &str) -> Result<(), E>,
) -> Result<(), E> {
    let mut last = (OrganisationId(komainu_db::uuid::Uuid::nil()), String::new());
    loop {
        let next = params![last.0, &last.1, STRIDE];
        let files = tx.all(&EVERY, LISTED, next, |row| Ok((row.get(0)?, row.get::<String>(1)?)))?;
        for (organisation, digest) in &files {
            visit(*organisation, digest)?;
        }
        match files.into_iter().next_back() {
            Some(file) => last = file,
            None => return Ok(()),
        }
    }
}
