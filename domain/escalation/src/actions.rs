//! What can be done: plans, starting and stopping, answers, tests.

mod answer;
mod plan;
mod run;

pub use answer::{AckPage, ack_answer, ack_look, call_told, own_known};
pub use plan::{plan_add, plan_change, plan_get, plan_remove, plan_suggested, plans, plans_part};
pub use run::{
    Event, Start, contact_test, counted, escalation_get, escalation_start, escalation_stop,
    escalation_version, escalations, escalations_part, event, last_test_day, last_test_silent, schedule_get,
    schedule_set, test_program,
};

use komainu_web::log;
