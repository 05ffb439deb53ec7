//! What reminders ask: where something is due, and since when something is somebody's.

use super::placement;
use crate::model::RoundId;
use chrono::{DateTime, NaiveDate, Utc};
use komainu_access::{OrganisationId, PersonId, Scope};
use komainu_catalog::PlacementId;
use komainu_db::{DbError, Outside, Tx, params};

const EVERYWHERE: Outside = Outside("reminders are begun for every institution at once");

komainu_db::statements! {
    /// Whether a row is settled is not asked here: these are the institutions in which it is worth looking.
    DUE_SOMEWHERE = "SELECT DISTINCT r.organisation_id FROM checklist_round r WHERE r.closed_at IS NULL AND (
            EXISTS (SELECT 1 FROM checklist_assignment s WHERE s.organisation_id = r.organisation_id AND s.round_id = r.id
                AND (s.due <= $1 OR s.assigned_at >= $2))
            OR EXISTS (SELECT 1 FROM checklist_answer a WHERE a.organisation_id = r.organisation_id AND a.round_id = r.id
                AND a.target <= $1))
        ORDER BY r.organisation_id";
    GIVEN = "SELECT round_id, placement, assigned_at FROM checklist_assignment
        WHERE organisation_id = $1 AND person_id = $2";
}

/// The institutions with something due by a day, or given to somebody since a moment.
pub(crate) fn due_somewhere(
    tx: &mut Tx<'_>,
    by: NaiveDate,
    since: DateTime<Utc>,
) -> Result<Vec<OrganisationId>, DbError> {
    tx.all(&EVERYWHERE, DUE_SOMEWHERE, params![by, since], |row| row.get(0))
}

/// When each of a person's rows was given to them.
pub(crate) fn given(
    tx: &mut Tx<'_>,
    scope: &Scope,
    person: PersonId,
) -> Result<Vec<(RoundId, PlacementId, DateTime<Utc>)>, DbError> {
    tx.all(scope, GIVEN, params![person], |row| {
        Ok((row.get(0)?, placement(&row.get::<String>(1)?)?, row.get(2)?))
    })
}
