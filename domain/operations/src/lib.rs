//! Running the installation: where its data lies, whether there is room, and whether a backup could bring it back.
//!
//! A backup is *made* daily by one of the running nodes, at any time by the button, and from the command line. It is
//! *proved* about once a week: restored into a temporary database, compared row by row, and thrown away. The page for
//! the administrator of the installation says in plain words what is missing and what to do.
//!
//! ```text
//! its time, or the button ──► archive in the backup folder ──► older ones thinned out
//!                                      └── no proof for a week ──► proof ──► "last proved"
//! ```
//!
//! Only an administrator of the installation comes here, or a program with a token of theirs: it shows no organisation's data, but of all of them together.
//! The page is a frame of sections (`sections/`); another part of the installation adds its own there.

pub mod actions;
pub mod api;
mod jobs;
mod key_page;
pub mod model;
pub mod pages;
pub mod rules;
mod sections;
mod store;
mod words;

pub use jobs::{BackupRoutine, ProofRoutine};
pub use key_page::key_page;
pub use store::STATEMENTS;

komainu_i18n::messages!();
