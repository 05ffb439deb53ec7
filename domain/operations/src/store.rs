//! The SQL of backups, and the notes about their proofs. They belong to the installation, so these queries stand outside.

use crate::model::{Amount, Backup, Cause, Proof, Trouble};
use chrono::{DateTime, Utc};
use komainu_db::{DbError, Outside, Row, Tx, params};

const OUTSIDE: Outside = Outside("a backup holds the whole installation");
/// The note with the last proof.
const PROOF_LAST: &str = "proof_last";
/// The note with the last proof that could restore.
const PROOF_GOOD: &str = "proof_good";
/// The note that says when somebody confirmed that the key is on paper.
const KEY_ON_PAPER: &str = "recovery_key_on_paper";

komainu_db::statements! {
    INSERT = "INSERT INTO backup (id, cause, by_name, begun_at, ended_at, trouble, detail, file, size, row_count,
            file_count, unreadable) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    RECENT = "SELECT id, cause, by_name, begun_at, ended_at, trouble, detail, file, size, row_count, file_count, unreadable
        FROM backup ORDER BY ended_at DESC, id DESC LIMIT $1";
    NEWEST = "SELECT id, cause, by_name, begun_at, ended_at, trouble, detail, file, size, row_count, file_count, unreadable
        FROM backup WHERE trouble IS NULL ORDER BY begun_at DESC, id DESC LIMIT 1";
    FORGET = "DELETE FROM backup WHERE ended_at < $1";
}

fn backup(row: &Row<'_>) -> Result<Backup, DbError> {
    let cause: String = row.get(1)?;
    let outcome = match row.get::<Option<String>>(5)? {
        Some(trouble) => Err((Trouble::from_code(&trouble), row.get(6)?)),
        None => {
            Ok(Amount { size: row.get(8)?, rows: row.get(9)?, files: row.get(10)?, unreadable: row.get(11)? })
        }
    };
    Ok(Backup {
        id: row.get(0)?,
        cause: Cause::from_code(&cause).ok_or_else(|| DbError::Other(format!("unknown cause {cause}")))?,
        by_name: row.get(2)?,
        begun_at: row.get(3)?,
        ended_at: row.get(4)?,
        file: row.get(7)?,
        outcome,
    })
}

pub(crate) fn insert(tx: &mut Tx<'_>, backup: &Backup) -> Result<(), DbError> {
    let amount = backup.outcome.as_ref().copied().unwrap_or_default();
    let trouble = backup.outcome.as_ref().err();
    tx.run(
        &OUTSIDE,
        INSERT,
        params![
            backup.id,
            backup.cause.code(),
            &backup.by_name,
            backup.begun_at,
            backup.ended_at,
            trouble.map(|(trouble, _)| trouble.code()),
            trouble.map(|(_, detail)| detail.as_str()).unwrap_or_default(),
            &backup.file,
            amount.size,
            amount.rows,
            amount.files,
            amount.unreadable
        ],
    )
    .map(drop)
}

/// The last attempts, newest first.
pub(crate) fn recent(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Backup>, DbError> {
    tx.all(&OUTSIDE, RECENT, params![limit], backup)
}

/// The newest backup that was made.
pub(crate) fn newest(tx: &mut Tx<'_>) -> Result<Option<Backup>, DbError> {
    tx.maybe(&OUTSIDE, NEWEST, &[], backup)
}

/// Removes what is written about attempts before this moment.
pub(crate) fn forget(tx: &mut Tx<'_>, before: DateTime<Utc>) -> Result<(), DbError> {
    tx.run(&OUTSIDE, FORGET, params![before]).map(drop)
}

/// Writes a proof down.
pub(crate) fn proof_set(tx: &mut Tx<'_>, proof: &Proof) -> Result<(), DbError> {
    let text = serde_json::to_string(proof).map_err(|error| DbError::Other(error.to_string()))?;
    if proof.finding.restores() {
        tx.set_note(PROOF_GOOD, &text)?;
    }
    tx.set_note(PROOF_LAST, &text)
}

/// The last proof, and the last one that could restore.
pub(crate) fn proofs(tx: &mut Tx<'_>) -> Result<(Option<Proof>, Option<Proof>), DbError> {
    let mut read = |name| Ok::<_, DbError>(tx.note(name)?.and_then(|text| serde_json::from_str(&text).ok()));
    Ok((read(PROOF_LAST)?, read(PROOF_GOOD)?))
}

/// When somebody confirmed that the key is on paper.
pub(crate) fn key_on_paper(tx: &mut Tx<'_>) -> Result<Option<DateTime<Utc>>, DbError> {
    Ok(tx.note(KEY_ON_PAPER)?.and_then(|text| text.parse().ok()))
}

pub(crate) fn key_on_paper_set(tx: &mut Tx<'_>, now: DateTime<Utc>) -> Result<(), DbError> {
    tx.set_note(KEY_ON_PAPER, &now.to_rfc3339())
}
