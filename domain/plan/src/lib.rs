//! Where do I start (進め方): today's step and the ordered plan behind it.
//!
//! A *step* is one thing that somebody can do: one of the catalogue's, or one that Komainu itself asks for because the
//! form or the ledger waits ([`model::StepKey`]). The *plan* is all of them in order ([`model::Plan`]); *today's step* is
//! the first. *This week* has at most three, the same until they are done ([`rules::week`]).
//!
//! ```text
//! step   open ──done──► over          ──take back──► open
//!         ├─not for us─► over
//!         └─later──────► waits until the day, then open again
//! ```
//!
//! The order is a rule ([`rules`], told in words in `docs/plan.md`), not an opinion: the same facts give the same plan,
//! and every step says in one sentence why it stands where it stands ([`words`]).
//!
//! Whoever may see the plan (`PlanRead`: director, safety manager, system operator) sees all of it; staff (`PlanSeeOwn`)
//! see the steps of what is assigned to them; inspectors see none. This domain reads the others, and nobody reads it.
//!
//! Rooms: [`model`], [`rules`] (pure), [`situation`] (the facts from the other domains), `store` (SQL), [`actions`],
//! [`words`], [`pages`].

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod rules;
pub mod situation;
mod store;
pub mod words;

pub use store::STATEMENTS;

komainu_i18n::messages!();
