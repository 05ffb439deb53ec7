//! Incidents (サイバー事案): declared, led together, told to those who must be told, closed with what was learned.
//!
//! ```text
//! declared   open ──spread stopped──► contained ──bringing back──► recovering ──lessons──► closed
//!              └───────────────── by hand, forwards and back ─────────────────┘
//! ```
//!
//! - An incident has a *kind* of the catalogue, from which its first *tasks* come, a [`Level`], and *roles*: in a small house
//!   one person has several.
//! - The *timeline* is never changed: what was wrong is corrected by a later entry. Every entry says when it happened and when
//!   it was written. What the program knows itself (tasks done, people told, evidence taken) stands among it.
//! - *Duties* run from "first knew". Which apply follows from plain questions; each shows its ground, its source, and whether
//!   that is confirmed. Not legal advice.
//! - A duty's *clock* passes through [`Stage`]s, of each of which whoever leads is reminded once, by mail (`komainu-notice`).
//! - *Reports* are filled from the case: what is missing is listed, nothing is invented.
//! - *Evidence* is sealed with its SHA-256, and passes from hand to hand in writing. It may be hostile: it is kept as bytes and
//!   never shown.
//! - *Things of the ledger* that it touches are marked on the map ([`marks`]) until it is over. The map comes before incidents
//!   and knows of none, so its pages are put together here.
//!
//! Whoever leads writes ([`komainu_access::Permission::IncidentLead`]); whoever may see (`IncidentSee`) reads. An exercise
//! (`drill`) is an incident that says so everywhere.

pub mod actions;
pub mod api;
mod files;
pub mod marks;
pub mod model;
pub mod pages;
pub mod rules;
mod store;
pub mod words;

pub use model::*;
pub use store::{SEALED, STATEMENTS};

komainu_i18n::messages!();
