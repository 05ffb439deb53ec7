//! The setup interview (はじめの設定): ten minutes in which an institution says what it is, what it runs, who supports it
//! and who is who.
//!
//! Six steps ([`Step`]), each one page, one form and one transaction: *place* (kind, beds, prefecture), *running* (house
//! or cloud), *systems* (tiles), *support* (who supports each, from outside or not, by what contract), *lines* (the usual
//! things and lines beside the systems, ticked beforehand), *people*. Then a summary. Steps may be answered in any order, left and taken up again; nothing is asked twice, because every answer is
//! stored where it belongs (institution, ledger, contacts) and read from there. Only which steps were answered is kept here.
//!
//! The summary decides, with its reasons, the type (I to IV) of guideline 6.0, system by system where they are mixed,
//! and whether version 7.0's route for institutions that entrust maintenance may apply.
//!
//! Going through it again changes what was changed and nothing else. Those who may edit the institution may run it.

pub mod actions;
pub mod api;
mod model;
pub mod pages;
pub mod rules;
mod store;

pub use model::{
    Interview, LinesAnswer, PeopleAnswer, PlaceAnswer, PostAnswer, Step, SupportAnswer, SystemsAnswer,
    VendorChoice,
};
pub use store::STATEMENTS;

komainu_i18n::messages!();
