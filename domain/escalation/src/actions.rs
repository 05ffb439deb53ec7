//! What can be done: plans, starting and stopping, answers, tests.

mod answer;
mod plan;
mod run;

pub use answer::{AckPage, ack_answer, ack_look, call_told, own_known};
pub use plan::{plan_add, plan_change, plan_get, plan_remove, plan_suggested, plans, plans_part};
pub use run::{
    Event, Start, contact_test, escalation_get, escalation_start, escalation_stop, escalation_version,
    escalations, escalations_part, event, last_test_day, schedule_get, schedule_set, test_program,
};

use komainu_access::Scope;
use komainu_audit::{Change, record};
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_web::Failure;
use serde::Serialize;

fn log<B: Serialize, A: Serialize>(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (action, object_kind, object_id): (&'static str, &'static str, &str),
    (before, after): (B, A),
) -> Result<(), Failure> {
    let change = Change { action, object_kind, object_id, before, after };
    Ok(record(tx, scope, nature.now(), &change)?)
}
