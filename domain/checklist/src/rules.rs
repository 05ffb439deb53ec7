//! What follows from what: dates that can be, states of rows, counts, and how a year follows on the year before.
//!
//! Pure: today is a parameter.

mod carry;
mod dates;
mod history;
mod state;
mod suggest;

pub use carry::{Carried, OldAnswer, carry};
pub use dates::{DateFault, check_fault, earliest_check, latest_check, propose_target, target_fault};
pub use history::{Span, fold_entries};
pub use state::{StateInput, counts, next_waiting, row_state};
pub use suggest::{
    FILLED, Ground, ITEMS, LedgerSeen, Suggestion, kinds_of, outside, suggest, things_of, ways_in,
};
