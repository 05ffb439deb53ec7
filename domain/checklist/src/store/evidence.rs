//! Evidence: what was added to which row. A removed piece stays listed as removed.

use super::{placement, wrong};
use crate::model::{Evidence, EvidenceId, EvidenceTarget, RoundId};
use chrono::{DateTime, Utc};
use komainu_access::{PersonId, Scope};
use komainu_catalog::PlacementId;
use komainu_db::{DbError, Row, Tx, params};

komainu_db::statements! {
    EVIDENCE_INSERT = "INSERT INTO checklist_evidence (organisation_id, id, round_id, placement, target_kind, target, name,
            size, media_type, added_at, added_by, added_by_name, removed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULL)";
    EVIDENCE_OF_ROUND = "SELECT id, round_id, placement, target_kind, target, name, size, media_type, added_at, added_by_name
        FROM checklist_evidence WHERE organisation_id = $1 AND round_id = $2 AND removed_at IS NULL
        ORDER BY placement, added_at, id";
    EVIDENCE_OF_ROW = "SELECT id, round_id, placement, target_kind, target, name, size, media_type, added_at, added_by_name
        FROM checklist_evidence
        WHERE organisation_id = $1 AND round_id = $2 AND placement = $3 AND removed_at IS NULL ORDER BY added_at, id";
    EVIDENCE_COUNTS = "SELECT placement, count(*) FROM checklist_evidence
        WHERE organisation_id = $1 AND round_id = $2 AND removed_at IS NULL GROUP BY placement";
    EVIDENCE = "SELECT e.id, e.round_id, e.placement, e.target_kind, e.target, e.name, e.size, e.media_type, e.added_at,
            e.added_by_name
        FROM checklist_evidence e WHERE e.organisation_id = $1 AND e.id = $2 AND e.removed_at IS NULL
            AND (EXISTS (SELECT 1 FROM checklist_assignment s WHERE s.organisation_id = e.organisation_id
                AND s.round_id = e.round_id AND s.placement = e.placement AND s.person_id = $3) OR $3 IS NULL)";
    EVIDENCE_REMOVE = "UPDATE checklist_evidence SET removed_at = $3
        WHERE organisation_id = $1 AND id = $2 AND removed_at IS NULL";
    EVIDENCE_HELD = "SELECT count(*) FROM checklist_evidence
        WHERE organisation_id = $1 AND round_id = $2 AND placement = $3 AND target_kind = $4 AND target = $5
            AND removed_at IS NULL";
    FILES = "SELECT id, round_id, placement, target_kind, target, name, size, media_type, added_at, added_by_name
        FROM checklist_evidence WHERE organisation_id = $1 AND target_kind = 'file' AND removed_at IS NULL
        ORDER BY added_at DESC, id LIMIT $2";
}

fn evidence(row: &Row<'_>) -> Result<Evidence, DbError> {
    let (kind, key): (String, String) = (row.get(3)?, row.get(4)?);
    Ok(Evidence {
        id: row.get(0)?,
        round: row.get(1)?,
        placement: placement(&row.get::<String>(2)?)?,
        target: EvidenceTarget::parse(&kind, &key).map_err(|_| wrong("the evidence", &kind))?,
        name: row.get(5)?,
        size: row.get(6)?,
        media_type: row.get(7)?,
        added_at: row.get(8)?,
        added_by_name: row.get(9)?,
    })
}

pub(crate) fn evidence_insert(tx: &mut Tx<'_>, scope: &Scope, new: &Evidence) -> Result<(), DbError> {
    tx.run(
        scope,
        EVIDENCE_INSERT,
        params![
            new.id,
            new.round,
            new.placement.as_str(),
            new.target.kind(),
            new.target.key(),
            &new.name,
            new.size,
            &new.media_type,
            new.added_at,
            scope.person(),
            &new.added_by_name
        ],
    )
    .map(drop)
}

/// All evidence of a round, by row.
pub(crate) fn evidence_of_round(
    tx: &mut Tx<'_>,
    scope: &Scope,
    round: RoundId,
) -> Result<Vec<Evidence>, DbError> {
    tx.all(scope, EVIDENCE_OF_ROUND, params![round], evidence)
}

pub(crate) fn evidence_of_row(
    tx: &mut Tx<'_>,
    scope: &Scope,
    round: RoundId,
    placement: &PlacementId,
) -> Result<Vec<Evidence>, DbError> {
    tx.all(scope, EVIDENCE_OF_ROW, params![round, placement.as_str()], evidence)
}

/// How many pieces each row has.
pub(crate) fn evidence_counts(
    tx: &mut Tx<'_>,
    scope: &Scope,
    round: RoundId,
) -> Result<Vec<(PlacementId, u32)>, DbError> {
    tx.all(scope, EVIDENCE_COUNTS, params![round], |row| {
        Ok((placement(&row.get::<String>(0)?)?, u32::try_from(row.get::<i64>(1)?).unwrap_or(u32::MAX)))
    })
}

/// A piece of evidence; with a person, only where its row is assigned to them.
pub(crate) fn evidence_get(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: EvidenceId,
    own: Option<PersonId>,
) -> Result<Option<Evidence>, DbError> {
    tx.maybe(scope, EVIDENCE, params![id, own], evidence)
}

/// Takes a piece off its row; false where it is off already.
pub(crate) fn evidence_remove(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: EvidenceId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    tx.run(scope, EVIDENCE_REMOVE, params![id, now]).map(|rows| rows > 0)
}

/// Whether a row has this very thing as evidence.
pub(crate) fn evidence_held(
    tx: &mut Tx<'_>,
    scope: &Scope,
    round: RoundId,
    placement: &PlacementId,
    target: &EvidenceTarget,
) -> Result<bool, DbError> {
    let params = params![round, placement.as_str(), target.kind(), target.key()];
    tx.one(scope, EVIDENCE_HELD, params, |row| Ok(row.get::<i64>(0)? > 0))
}

/// The newest files of the organisation, whatever row they belong to.
pub(crate) fn files(tx: &mut Tx<'_>, scope: &Scope, limit: i64) -> Result<Vec<Evidence>, DbError> {
    tx.all(scope, FILES, params![limit], evidence)
}
