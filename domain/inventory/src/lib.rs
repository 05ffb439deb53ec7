//! Systems (システム): what the institution runs, where, who supports it and whether somebody enters from outside.
//!
//! One row is one system as people speak of it (電子カルテ, レセコン), not one device. Three answers about it are asked
//! nowhere else: who supports it, whether support enters from outside, and whether a contract makes security updates the
//! vendor's duty. Each may be *not known*, which is an answer worth having: it names the question for the vendor.
//!
//! From the last of the three follows whether vendors bear that duty for *every server* ([`rules::update_duty`]); each change
//! keeps the institution's own row in step.
//!
//! Whoever may read the ledger sees systems; whoever may edit it adds, changes and removes them.

pub mod actions;
pub mod api;
mod model;
pub mod pages;
pub mod rules;
mod store;
pub mod words;

pub use model::{Hosting, SystemDetails, SystemId, SystemRecord, other_kind};
pub use store::STATEMENTS;

komainu_i18n::messages!();
