//! What a person should be reminded of.

use crate::model::{AnswerKind, RowState, RowView};
use crate::store;
use chrono::{DateTime, NaiveDate, Utc};
use komainu_access::{OrganisationId, Permission, Scope};
use komainu_catalog::Catalog;
use komainu_db::{DbError, Tx};
use komainu_web::Failure;
use std::collections::BTreeMap;

/// A row of an open round that still needs somebody: the asker, or anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    /// By when, where a day was said.
    pub due: Option<NaiveDate>,
    /// When it was given to the asker; none for a row that nobody was given.
    pub given_at: Option<DateTime<Utc>>,
}

/// The institutions in which something is due by a day, or was given to somebody since a moment; for whoever begins the
/// reminders of all of them.
pub fn due_somewhere(
    tx: &mut Tx<'_>,
    by: NaiveDate,
    since: DateTime<Utc>,
) -> Result<Vec<OrganisationId>, DbError> {
    store::due_somewhere(tx, by, since)
}

/// What waits for the asker: the rows given to them, and, for those who may give rows away, what has a date and belongs
/// to nobody.
pub fn pending(tx: &mut Tx<'_>, scope: &Scope, catalog: &Catalog) -> Result<Vec<Pending>, Failure> {
    let person = scope.person();
    if super::sight(scope).is_err() {
        return Ok(Vec::new());
    }
    let gives = scope.may(Permission::ChecklistAssign);
    let given: BTreeMap<_, _> = store::given(tx, scope, person)?
        .into_iter()
        .map(|(round, placement, at)| ((round, placement), at))
        .collect();
    let mut pending = Vec::new();
    for (round, _) in store::rounds(tx, scope)? {
        if round.closed_at.is_some() {
            continue;
        }
        let view = match super::round_view(tx, scope, catalog, round.id) {
            // Staff without a row in it.
            Err(Failure::NotFound) => continue,
            view => view?,
        };
        if view.gate_shut() {
            continue;
        }
        for row in view.all().filter(|row| needs_work(row)) {
            let target = row.answer.as_ref().and_then(|answer| answer.content.target);
            match row.assignment {
                Some(assignment) if assignment.person == person => pending.push(Pending {
                    due: assignment.due.or(target),
                    given_at: given.get(&(round.id, row.placement.clone())).copied(),
                }),
                None if gives && target.is_some() => {
                    pending.push(Pending { due: target, given_at: None });
                }
                _ => {}
            }
        }
    }
    Ok(pending)
}

fn needs_work(row: &RowView) -> bool {
    row.state != RowState::NotNeeded
        && !matches!(row.settled(), Some(AnswerKind::Yes | AnswerKind::NotApplicable))
}
