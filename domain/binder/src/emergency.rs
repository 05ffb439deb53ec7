//! The emergency binder (緊急バインダー): what is needed when every screen is dark, on paper, and as one file that opens from a
//! USB stick with nothing installed.
//!
//! It holds first aid for each symptom, whom to call, what to cut first, where and how, how care goes on without computers,
//! whom to tell by when, in which order to restore, forms for care without records as the kind of institution needs them and
//! for writing down what happens, and the map.
//!
//! It is made again by itself whenever it would say something else: [`work::Follower`] looks whenever something was logged,
//! and compares what the binder would say now with what it says. Its age stands on its page.

pub mod actions;
pub mod api;
mod care;
mod cut;
mod door;
mod forms;
mod gather;
mod html;
mod model;
pub mod pages;
pub(crate) mod store;
pub mod work;

pub use model::{Binder, Passphrase};
