//! Notices by mail: what people are reminded of, and the pages on which whoever runs the installation tries the mail server
//! and the ways by which short messages go.
//!
//! Every morning the *reminders* begin: for each institution in which something is due or was given to somebody, a job looks
//! who belongs there; for each of these people a job gathers what waits for them in *all* their institutions and puts one
//! mail into the queue, or none. Nobody gets two a day, and nobody who said no on their account page gets any.
//!
//! Every hour from the morning on, whoever leads an incident is reminded of its *clocks*: of each once when it begins to press,
//! on the day to aim at, on the last day, and when that is over. The last of these reaches whoever commands even if they want
//! no reminders, where a law asks for it.
//!
//! A mail passes strange servers in the open. So it tells how many items wait and until when, and never which: that
//! would be a list of an institution's weak points. Of an incident it tells who is to be told by when, and nothing of what
//! happened.

pub mod actions;
pub mod jobs;
pub mod model;
pub mod pages;
pub mod rules;
mod words;

komainu_i18n::messages!();
