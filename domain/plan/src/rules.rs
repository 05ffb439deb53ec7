//! The rule of the plan: from facts to an order, pure. `docs/plan.md` tells it in words with a worked example.
//!
//! ```text
//! Situation ──► SOURCES (each: facts → candidates) ──► merged by step ──► + what they need first
//!           ──► points ──► what waits is set apart ──► ordered, a step never before what it needs
//! ```
//!
//! A later domain adds its facts to the [`Situation`] and a function to [`SOURCES`];
//! candidates of the same step are merged, so its reasons stand beside the ones that are there.

mod order;
mod points;
mod sources;
mod week;

pub use order::plan;
pub use points::{Day, Exposure, day, exposure};
pub use sources::{Candidate, SOURCES, Source};
pub use week::{BUDGET_MINUTES, STEPS_A_WEEK, monday_of, week};

use crate::model::{HouseStep, MarkState, Plan, RoundState, Situation, Stage, StepKey};

/// Where the institution stands. Follows from the plan and the round.
pub fn stage(situation: &Situation, plan: &Plan) -> Stage {
    let begun = situation.whole && !situation.interview_done;
    match situation.round {
        _ if begun => Stage::Setup,
        RoundState::NoForm => Stage::NoForm,
        RoundState::NotOpened if situation.whole => Stage::NoRound,
        _ if !plan.steps.is_empty() => Stage::Working,
        _ if !plan.held.is_empty() => Stage::Waiting,
        RoundState::NotNeeded => Stage::NotNeeded,
        _ => Stage::AllDone,
    }
}

/// Whether something may be said about a step. What the form, the ledger and incidents show is not said but read from them.
pub fn may_mark(step: &StepKey, state: MarkState) -> bool {
    match step {
        StepKey::Catalog(_) => true,
        StepKey::House(
            HouseStep::Interview
            | HouseStep::OpenRound
            | HouseStep::Confirm
            | HouseStep::Answer
            | HouseStep::Duties
            | HouseStep::IncidentTasks,
        ) => false,
        StepKey::House(HouseStep::Dates | HouseStep::ChaseVendors | HouseStep::AnswerItem(_)) => {
            matches!(state, MarkState::Later | MarkState::Open)
        }
        StepKey::House(
            HouseStep::Systems
            | HouseStep::RemoteAccess
            | HouseStep::Contacts
            | HouseStep::ContactGaps
            | HouseStep::ContactTest
            | HouseStep::VendorNumbers
            | HouseStep::StockTake
            | HouseStep::Measures,
        ) => state != MarkState::Done,
    }
}
