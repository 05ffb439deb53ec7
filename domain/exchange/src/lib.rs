//! The ledger in files: taken out, and taken in with a look at everything before anything is changed.
//!
//! ```text
//! files ─► what they are, by content ─► tables ─► which column is what (a person says) ─┐
//!                                  └──► findings of other programs ─────────────────────┴─► rows
//! rows + the ledger as it is + a person's choices ─► preview ─► all of it, or nothing
//! ```
//!
//! - A *table* is a CSV file or a sheet of a workbook. Its columns are guessed by their headings (in all three languages and
//!   in the words that Japanese ledgers use) and by what stands in them; a person corrects the guess, which is remembered
//!   for the same headings.
//! - *Findings* are what other programs found out: nmap, GLPI, CycloneDX, a recording of traffic.
//! - A *row* is one thing or line as a file tells it. What it does not say stays as it is; nothing is deleted but by a mark
//!   in the column for it.
//! - The *preview* tells of each row whether it is new, changes something (field by field), says what is known, cannot be
//!   read (where, why, what to do), or may be a thing that is in the ledger already. Only a person decides the last. What
//!   rows would break only together (a zone within itself, a place that goes while things stand at it) is told at them too.
//! - It is computed anew each time from the ledger as it is then. A ledger that changed after a person looked is shown to
//!   them again before anything is done.
//!
//! An import is its person's own: two people at once do not get in each other's way. What was handed in lies sealed beside
//! the database until it is done, given up, or a day old ([`jobs::Forgetting`]).
//!
//! Who may read the ledger may take it out, which the log tells; who may edit it may take files in.

pub mod actions;
pub mod api;
pub mod export;
pub mod jobs;
mod model;
pub mod pages;
pub mod rules;
mod store;
pub mod vocabulary;
mod words;

pub use model::*;
pub use store::{SEALED, STATEMENTS};

komainu_i18n::messages!();
