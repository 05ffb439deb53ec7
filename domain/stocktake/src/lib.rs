//! The yearly stock-take (棚卸し): walking through the house with the ledger's list, and writing down what stands there.
//!
//! ```text
//! stock-take  start ──► open (one at a time) ──► close ──► kept for years
//! line        not checked ──► found | found but different | not found    (and back, while it is open)
//! ```
//!
//! Its *lines* are the ledger's things that somebody can walk to ([`rules::can_be_walked_to`]), as the ledger has them when
//! it begins. A thing that comes into the ledger meanwhile is on the list at once ([`actions::stock_take_see`]); what stood
//! there and was in no ledger is added on the spot and counts as found.
//!
//! What was found changes the ledger only when somebody takes it over, on the version of the thing that they saw. What was
//! not found stays in the ledger until somebody removes it there.
//!
//! *Two people walk at once*: every line has a version. Writing on an older one changes nothing and shows both; sending the
//! same again is no conflict with oneself.
//!
//! Whoever may read the ledger sees it; whoever may edit the ledger walks.

pub mod actions;
pub mod api;
mod document;
mod model;
pub mod pages;
pub mod rules;
mod store;
pub mod words;

pub use model::*;
pub use store::{SEALED, STATEMENTS};

komainu_i18n::messages!();
