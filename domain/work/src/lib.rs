//! Background work as whoever runs the installation sees it: what waits, what runs, and what
//! failed and why.
//!
//! It names the kind of work and the organisation, and says nothing of what the work is about. Doing a job again and
//! stopping one are written into the log of the organisation that it belongs to.

pub mod actions;
pub mod api;
pub mod pages;
mod words;

komainu_i18n::messages!();
