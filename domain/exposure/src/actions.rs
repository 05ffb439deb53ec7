//! What can be done with the engine's answers: see them, keep them, ask for them.

use crate::answers::Answer;
use crate::jobs::KIND;
use crate::model::{ItemGain, Kept};
use crate::store;
use chrono::Duration;
use komainu_access::{OrganisationId, Permission, Scope};
use komainu_clock::Nature;
use komainu_db::{DbError, Tx};
use komainu_inventory::actions::ledger_followed;
use komainu_jobs::{State, Task};
use komainu_web::Failure;

/// How long a changed ledger is left alone before it is computed: people seldom change one thing only.
const SETTLING: Duration = Duration::seconds(3);

/// The answer that is kept, about whatever revision of the ledger.
pub fn exposure_report(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<Kept>, Failure> {
    scope.require(Permission::LedgerRead)?;
    Ok(store::kept(tx, scope)?)
}

/// What the best fixes do for the checklist's items, as last computed; empty where nothing was.
pub fn exposure_gains(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<ItemGain>, Failure> {
    scope.require(Permission::LedgerRead)?;
    Ok(store::gains(tx, scope)?)
}

/// Keeps an answer, unless there is one about a later ledger.
pub fn exposure_keep(tx: &mut Tx<'_>, scope: &Scope, answer: &Answer) -> Result<(), Failure> {
    scope.require(Permission::LedgerRead)?;
    store::keep(tx, scope, &answer.kept, &answer.gains)?;
    Ok(ledger_followed(tx, scope, answer.kept.revision)?)
}

/// Asks for an answer about a revision of the ledger, once a day at most.
pub fn exposure_ask(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, revision: i64) -> Result<(), Failure> {
    scope.require(Permission::LedgerRead)?;
    Ok(ask(tx, nature, scope.organisation(), revision)?)
}

/// Whether the answer that was last asked for could not be computed.
pub fn exposure_failed(tx: &mut Tx<'_>, scope: &Scope) -> Result<bool, Failure> {
    scope.require(Permission::LedgerRead)?;
    let last = komainu_jobs::recent(tx, scope, KIND, 1)?;
    Ok(last.first().is_some_and(|job| matches!(job.state, State::Failed | State::Cancelled)))
}

pub(crate) fn ask(
    tx: &mut Tx<'_>,
    nature: &Nature,
    organisation: OrganisationId,
    revision: i64,
) -> Result<(), DbError> {
    let scope = Scope::of_program(organisation);
    ledger_followed(tx, &scope, revision)?;
    let key = format!("{revision}/{}", nature.today());
    let task = Task::new(KIND, &revision).once(&key).not_before(nature.now() + SETTLING);
    task.enqueue(tx, nature, &scope).map(drop)
}
