//! Looking back: how far the year's checklist is, how it was in earlier years and elsewhere, and who changed what.
//!
//! This domain only reads, and nobody reads it. *Progress* needs `HistoryRead`: the counts of the institution's own
//! round by section, the checks of the year by month, every item's answer in each year, and the figures that surveys
//! published, each with its year, who was asked and its source. *The log* needs `LogRead`: every change with who made
//! it, when, and what was before and after, in words.
//!
//! Rooms: [`model`], [`rules`] (pure), `store` (the SQL that reads the log), [`actions`], `chart` (pictures drawn on the
//! server), `words` (the log's sentences), [`pages`].

pub mod actions;
pub mod api;
mod chart;
pub mod model;
pub mod pages;
pub mod rules;
mod store;
mod words;

pub use store::STATEMENTS;

komainu_i18n::messages!();
