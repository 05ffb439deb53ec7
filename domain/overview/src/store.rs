//! The SQL that reads the log as a page wants it: filtered, by key.

use crate::model::{Filter, LogEntry};
use chrono::{DateTime, Utc};
use komainu_access::{PersonId, Scope};
use komainu_db::{DbError, Row, Tx, params};

komainu_db::statements! {
    LOG = "SELECT seq, at, person_name, action, object_kind, object_id, before, after, place_name,
            link_name
        FROM audit_entry
        WHERE organisation_id = $1 AND seq < $2 AND ($3 = '' OR object_kind = $3)
            AND (person_id = $4 OR $4 IS NULL) AND at >= $5 AND at < $6
        ORDER BY seq DESC LIMIT $7";
    LOG_END = "SELECT seq, hash FROM audit_head WHERE organisation_id = $1";
    WRITERS = "SELECT m.person_id, p.name FROM membership m JOIN person p ON p.id = m.person_id
        WHERE m.organisation_id = $1 ORDER BY m.created_at, m.person_id";
}

fn entry(row: &Row<'_>, scope: &Scope) -> Result<LogEntry, DbError> {
    let seq = row.get(0)?;
    let (before, after) = komainu_audit::states(row, scope, seq, (6, 7))?;
    Ok(LogEntry {
        seq,
        at: row.get(1)?,
        person_name: row.get(2)?,
        action: row.get(3)?,
        object_kind: row.get(4)?,
        object_id: row.get(5)?,
        before,
        after,
        place_name: row.get(8)?,
        link_name: row.get(9)?,
    })
}

/// The newest entries that fit, between two moments.
pub(crate) fn log(
    tx: &mut Tx<'_>,
    scope: &Scope,
    filter: &Filter,
    between: (DateTime<Utc>, DateTime<Utc>),
    limit: i64,
) -> Result<Vec<LogEntry>, DbError> {
    let before = filter.before.unwrap_or(i64::MAX);
    let values = params![before, &filter.kind, filter.person, between.0, between.1, limit];
    tx.all(scope, LOG, values, |row| entry(row, scope))
}

/// How many entries the chain has, and the hash of its last one.
pub(crate) fn log_end(tx: &mut Tx<'_>, scope: &Scope) -> Result<(i64, Vec<u8>), DbError> {
    let end = tx.maybe(scope, LOG_END, &[], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(end.unwrap_or_default())
}

/// Everyone who is or was a member, and so may stand in the log.
pub(crate) fn writers(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<(PersonId, String)>, DbError> {
    tx.all(scope, WRITERS, &[], |row| Ok((row.get(0)?, row.get(1)?)))
}
