//! What can be done with rounds. Pages, interfaces, jobs and imports all call these; each works in the caller's one
//! transaction.

mod answer;
mod ask;
mod assign;
mod evidence;
mod remind;
mod reply;
mod round;
mod see;
mod suggest;

pub use answer::{AnswerInput, AnswerRefusal, AnswerSaved, Fault, FaultKind, answer_confirm, answer_set};
pub(crate) use answer::{Asks, write};
pub use ask::{AskRefusal, ask_record, ask_replied};
pub(crate) use assign::can_answer;
pub use assign::{AssignInput, AssignRefusal, assignment_set};
pub use evidence::{
    EvidenceRefusal, evidence_add_file, evidence_add_record, evidence_bytes, evidence_get, evidence_of_round,
    evidence_of_row, evidence_remove, known_files,
};
pub use remind::{Pending, due_somewhere, pending};
pub use reply::{
    Asked, REPLY_NOTE, ReplyInput, ReplyRefusal, replies_of_row, replies_part, reply_get, reply_give,
    reply_link_make, reply_look, reply_set_aside, reply_take,
};
pub use round::{OpenRefusal, OpenRound, carry_over, round_close, round_open, round_reopen};
pub(crate) use see::rounds_beside;
pub use see::{
    Form, HistoryPage, changed_by_other, form_of_round, mine, open_items, own_round, round_before,
    round_by_key, round_history, round_view, rounds, row_history,
};

pub use suggest::{LedgerDrafts, SuggestionRefusal, suggestion_take};

use crate::model::{Round, RoundId};
use crate::store;
use chrono::{DateTime, Utc};
use komainu_access::{Denied, Permission, PersonId, Scope};
use komainu_catalog::{Catalog, PlacementId};
use komainu_db::Tx;
use komainu_web::{Failure, Refused};
use serde::Serialize;

/// The kind of thing that the log calls a round's rows.
const ROW: &str = "checklist_row";
/// The kind of thing that the log calls a round.
const ROUND: &str = "checklist_round";

/// The round is closed: it can be read and not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed;

/// Whose rows the asker sees: everybody's (none), or only the asker's own.
pub(crate) fn sight(scope: &Scope) -> Result<Option<PersonId>, Denied> {
    if scope.may(Permission::ChecklistRead) {
        Ok(None)
    } else {
        scope.require(Permission::ChecklistAnswerAssigned).map(|()| Some(scope.person()))
    }
}

/// Asks for the right to write into a row: every row, or one that is assigned to the asker.
fn require_answer(
    tx: &mut Tx<'_>,
    scope: &Scope,
    round: RoundId,
    placement: &PlacementId,
) -> Result<(), Failure> {
    if scope.may(Permission::ChecklistAnswer) {
        return Ok(());
    }
    scope.require(Permission::ChecklistAnswerAssigned)?;
    // Somebody else's row does not exist for staff.
    if store::assigned(tx, scope, round, placement, scope.person())? {
        Ok(())
    } else {
        Err(Failure::NotFound)
    }
}

/// The round and the form of a row that the asker may write into.
fn answerable<'a>(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &'a Catalog,
    id: RoundId,
    placement: &PlacementId,
) -> Result<(Round, Form<'a>), Failure> {
    require_answer(tx, scope, id, placement)?;
    let round = round(tx, scope, id)?;
    let form = form_of_round(catalog, &round)?;
    form.row(placement).ok_or(Failure::NotFound)?;
    Ok((round, form))
}

fn round(tx: &mut Tx<'_>, scope: &Scope, id: RoundId) -> Result<Round, Failure> {
    store::round_get(tx, scope, id)?.ok_or(Failure::NotFound)
}

/// Keeps the round open until the change is committed, or says that it is closed.
fn hold<R: From<Closed>>(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: RoundId,
    now: DateTime<Utc>,
) -> Result<(), Refused<R>> {
    if store::round_hold(tx, scope, id, now)? { Ok(()) } else { Err(Refused::Because(Closed.into())) }
}

/// How the log names a row of a round.
fn row_object(round: RoundId, placement: &PlacementId) -> String {
    format!("{round}/{placement}")
}

pub(crate) fn record<B: Serialize, A: Serialize>(
    tx: &mut Tx<'_>,
    scope: &Scope,
    now: DateTime<Utc>,
    change: (&'static str, &'static str, &str),
    states: (B, A),
) -> Result<(), Failure> {
    let (action, object_kind, object_id) = change;
    let (before, after) = states;
    let change = komainu_audit::Change { action, object_kind, object_id, before, after };
    Ok(komainu_audit::record(tx, scope, now, &change)?)
}
