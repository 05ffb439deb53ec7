//! The map (図): the ledger as a picture that people understand, and what is dangerous about how it is drawn.
//!
//! *Zones* are boxes, within one another where they lie so; the Internet and vendors stand outside on the left, services on
//! the Internet above, things that nobody has put into a zone in a box of their own. Where everything stands is decided by
//! [`rules::layout`]: until somebody arranges the map, by a rule that keeps lines short; from the first time somebody moves
//! something, everything stays where it is ([`actions::spots_save`]), and what is new gets a free place. Above
//! [`rules::scene::MOST`] things the map shows zones, and each zone by itself.
//!
//! *Design rules* ([`rules::design`]) are numbered and named; a [`Finding`] is a line or things that break one, with one
//! sentence of what is wrong and one of what to do. [`findings`] is for whoever else wants to know.
//!
//! *Marks* ([`affected`]) say what incidents touch. The map knows of no incident: whoever puts its pages together hands in
//! what is to be marked for a reader ([`actions::AffectedBy`]).
//!
//! Whoever may read the ledger sees the map; whoever may edit it arranges the map.

pub mod actions;
pub mod affected;
pub mod api;
pub mod draw;
pub mod export;
pub mod model;
pub mod pages;
pub mod paper;
pub mod rules;
mod store;
pub mod words;

pub use rules::design::{Finding, Rule, Severity, findings};
pub use store::STATEMENTS;

komainu_i18n::messages!();
