//! Calling the contact network out (緊急連絡): an event starts a plan, each step waits until somebody says that they know,
//! then a stand-in or the next step is asked; a board shows who knows.
//!
//! ```text
//! call   waiting ──► asked ──link, telephone, signed in──► known
//!                      ├──"I cannot"──► declined ──► the next
//!                      ├──no answer in time──► silent ──► the next
//!                      └──no way works──► unreachable ──► the next
//! run    running ──► known      (somebody knows; with `everyone`, each step)
//!            ├─────► exhausted  (nobody is left to ask)
//!            └─────► stopped    (by hand)
//! ```
//!
//! - *Ways* ([`komainu_contact::Way`]) are used one after another: the first at once, another at once where one fails, and
//!   further ones while no answer comes. Where nobody but a person can reach somebody, the board says "call now".
//! - *Nothing is sent twice.* A message is written down as begun before it is handed to a provider. What a crash left begun
//!   is told as unknown and never sent again by that way; the next way is taken.
//! - *Many at once.* The [`driver::Driver`] takes whatever is due from all organisations, writes the beginnings in one
//!   transaction, hands the messages over side by side, and writes the answers in another.
//! - A *contact test* asks everybody of the house at once and keeps who answered and how fast.
//!
//! Whoever may run escalations ([`komainu_access::Permission::EscalationRun`]) plans, starts, stops and watches them.
//! Events of other domains start them without a permission ([`actions::event`]): whoever reports at a poster has none.

pub mod actions;
pub mod api;
pub mod driver;
pub mod model;
pub mod pages;
pub mod rules;
mod store;
pub mod words;

pub use model::*;
pub use store::{SEALED, STATEMENTS};

komainu_i18n::messages!();
