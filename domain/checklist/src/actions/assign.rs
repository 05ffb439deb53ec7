//! Giving rows to people.

use super::{Closed, ROW, form_of_round, hold, record, round, row_object};
use crate::model::{Assignment, RoundId};
use crate::neighbours::{self, Colleague};
use crate::store;
use chrono::NaiveDate;
use komainu_access::{Permission, PersonId, Scope};
use komainu_catalog::{Catalog, PlacementId};
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_web::{Failure, Refused};
use std::collections::BTreeMap;

/// Which rows to give to whom.
#[derive(Clone, Debug)]
pub struct AssignInput {
    /// The rows; none is refused.
    pub placements: Vec<PlacementId>,
    /// To whom; none takes the rows back.
    pub person: Option<PersonId>,
    /// By when.
    pub due: Option<NaiveDate>,
}

/// Why nothing was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssignRefusal {
    /// The round is closed.
    Closed,
    /// No row was chosen.
    NoRow,
    /// The person is no member who can answer.
    NoMember,
    /// The day is over.
    PastDue,
}

impl From<Closed> for AssignRefusal {
    fn from(_: Closed) -> Self {
        AssignRefusal::Closed
    }
}

/// Whether a member can be given rows.
pub(crate) fn can_answer(colleague: &Colleague) -> bool {
    let role = colleague.role;
    !colleague.disabled
        && (role.may(Permission::ChecklistAnswer) || role.may(Permission::ChecklistAnswerAssigned))
}

/// Gives rows to a person, or takes them back. Answers how many rows changed hands.
pub fn assignment_set(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    id: RoundId,
    input: &AssignInput,
) -> Result<usize, Refused<AssignRefusal>> {
    scope.require(Permission::ChecklistAssign)?;
    let now = nature.now();
    let round = round(tx, scope, id)?;
    let form = form_of_round(catalog, &round)?;
    hold(tx, scope, id, now)?;
    if input.placements.is_empty() {
        return Err(Refused::Because(AssignRefusal::NoRow));
    }
    if input.placements.iter().any(|placement| form.row(placement).is_none()) {
        return Err(Failure::NotFound.into());
    }
    if let Some(person) = input.person {
        let colleagues = neighbours::colleagues(tx, scope)?;
        if !colleagues.iter().any(|colleague| colleague.person == person && can_answer(colleague)) {
            return Err(Refused::Because(AssignRefusal::NoMember));
        }
        if input.due.is_some_and(|due| due < nature.today()) {
            return Err(Refused::Because(AssignRefusal::PastDue));
        }
    }
    let before: BTreeMap<_, _> = store::assignments(tx, scope, id, None)?.into_iter().collect();
    let after = input.person.map(|person| Assignment { person, due: input.due });
    let mut changed = 0;
    for placement in &input.placements {
        let old = before.get(placement).copied();
        if old == after {
            continue;
        }
        match after {
            Some(assignment) => store::assign(tx, scope, id, placement, assignment, now)?,
            None => store::unassign(tx, scope, id, placement)?,
        }
        record(tx, scope, now, ("assignment_set", ROW, &row_object(id, placement)), (old, after))?;
        changed += 1;
    }
    Ok(changed)
}
