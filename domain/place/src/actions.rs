//! What can be done with shared places: each function one use case.

mod draft;
mod enter;
mod pin;
mod place;

pub use draft::{Deposit, draft_drop, draft_hold, drafts};
pub use enter::{
    Arrival, EnterRefusal, Entered, PinAttempt, candidate, candidates, lock, passkey_enter, pin_enter,
    stopped,
};
pub use pin::{PinAsker, pin_lift, pin_lift_own, pin_own, pin_remove, pin_set, pins};
pub use place::{
    Claim, ClaimRefusal, NewPlace, OutOfRange, PlaceRefusal, lock_minutes, lock_minutes_set, place_claim,
    place_offer, place_register, place_revoke, places,
};
