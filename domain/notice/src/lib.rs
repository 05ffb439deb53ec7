//! Notices by mail: what people are reminded of, and the pages on which whoever runs the installation tries the mail server
//! and the ways by which short messages go.
//!
//! Every morning the *reminders* begin: for each institution in which something is due or was given to somebody, a job looks
//! who belongs there; for each of these people a job gathers what waits for them in *all* their institutions and puts one
//! mail into the queue, or none. Nobody gets two a day, and nobody who said no on their account page gets any.
//!
//! A mail passes strange servers in the open. So it tells how many items wait and until when, and never which: that
//! would be a list of an institution's weak points.

pub mod actions;
pub mod jobs;
pub mod model;
pub mod pages;
pub mod rules;
mod words;

komainu_i18n::messages!();
