//! The yearly checklist (チェックリスト): an institution's answers to the ministry's form.
//!
//! An *edition* is a year's publication; the catalogue knows its forms. A *round* (年度の点検, [`model::Round`]) is one
//! institution's answering of one form in one fiscal year, about itself or, with the vendor form, about one vendor. A
//! round has the form's *rows* (掲載位置); an answer is kept under the row's id.
//!
//! ```text
//! round   open ──close──► closed (read only) ──reopen──► open
//! row     unanswered ──answer──► lacks a date, target or reason ──► complete
//!            └─carried over──► to confirm ──confirm or answer──┘
//! ```
//!
//! *Yes*, *no*, *not sure* (a no that opens the help) and, where the form allows it, *not applicable*. A no needs a target
//! date inside the fiscal year, every answer the date of its first check. The gate question decides whether the rest is
//! needed at all; its no hides the rest and loses nothing. What an earlier year answered is carried over *to be
//! confirmed* and counts as unanswered until then.
//!
//! Directors, safety managers and operators answer everything; staff see and answer what is assigned to them and nothing
//! else, in queries as in actions; inspectors read. Rounds are opened and closed with `RoundManage`.
//!
//! *Two people on one row*: every answer has a version. Writing on an older one changes nothing and shows both texts.
//! Sending the same again is no conflict with oneself.
//!
//! *What the ledger says* ([`rules::suggest`]) stands beside some rows as a draft with its reasons. It is an answer only when a
//! person takes it over, which fills the row, notes the reasons and attaches an extract of the ledger as evidence.
//!
//! Rooms: [`model`], [`rules`] (pure), `store` (SQL), [`actions`], [`letter`] (the letter to a vendor), [`pages`],
//! [`api`], [`official`] (the ministry's sentences), [`neighbours`] (what is asked of the domains before this one).

pub mod actions;
pub mod api;
pub mod letter;
pub mod model;
pub mod neighbours;
pub mod official;
pub mod pages;
pub mod rules;
mod store;
mod suggestion;
mod words;

pub use store::STATEMENTS;

komainu_i18n::messages!();
