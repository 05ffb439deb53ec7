//! The contact network (連絡網): who is called in an emergency, in which order, and how.
//!
//! A contact has a *duty*: one that the program knows by a code ([`Duty`]) or the institution's own word. Inside are the
//! people of the house, outside are desks and authorities. Numbers of outside parties are offered only where a source
//! bears them ([`suggestions`]), always with that source and the advice to check them before relying on them; the day of
//! the last check is kept with each contact.
//!
//! Each can have several *ways* to be reached ([`Way`]) and *stand-ins*, who are asked where it does not answer;
//! [`rules::gaps`] tells where the network would fail.
//!
//! The *chart* (連絡体制図) is this list together with the vendors of each system, made to hang on a wall; cards for the wallet hold the first
//! numbers of it.
//!
//! Whoever may read the ledger sees contacts; whoever may edit it changes them.

pub mod actions;
pub mod api;
mod model;
pub mod pages;
pub mod paper;
pub mod rules;
mod store;
pub mod suggestions;
mod way;
pub mod words;

pub use model::{Contact, ContactDetails, ContactId, Direction, Duty};
pub use store::{SEALED, STATEMENTS};
pub use way::{Way, WayHours, WayId, WayKind, is_day};

komainu_i18n::messages!();
