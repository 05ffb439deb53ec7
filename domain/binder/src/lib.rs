//! The inspection pack (立入検査一式): everything an inspector asks to see, on paper, as a workbook, or in one archive.
//!
//! A pack is *ordered* on a page, *gathered* from the domains that keep the facts, and made in the background: what it
//! shows is one [`pack::Pack`], a list of parts with headings and tables, so that the PDF and the workbook cannot say
//! different things. This domain reads the others and keeps nothing but the finished files.
//!
//! ```text
//! order ──job──► gather (one moment of the database) ──► PDF ─┬─► keep, sealed ──► fetch
//!                                                 └► workbook ─┴─► archive with the evidence
//! ```
//!
//! Beside it stands the [`emergency`] binder, for when every screen is dark.
//!
//! Who may make a pack may fetch those of the house. Staff may not. An inspector may.

pub mod actions;
pub mod api;
mod archive;
mod document;
pub mod emergency;
mod gather;
pub mod model;
pub mod pack;
pub mod pages;
mod sheet;
mod work;

pub use emergency::store::{SEALED, STATEMENTS};
pub use work::PackWork;

komainu_i18n::messages!();
