//! Webhooks: other programs are told of changes, by a signed post to an address that the institution names.
//!
//! ```text
//! change ─► its log entry ─► the follower reads on in the log ─► one delivery a webhook and event ─► the other program
//! ```
//!
//! - A *webhook* is an address, the *events* it is told of, and a secret that signs every message. The secret is shown when it
//!   is made and never again; the database keeps it sealed.
//! - An event is an entry of the log, so that none can be forgotten: whoever changes something writes it there. The
//!   follower ([`jobs::Follower`]) remembers for each webhook how far it read.
//! - A message says *what kind of thing happened to which thing*, by ids. It holds no name, no answer and no address: what
//!   it is about is asked for over the interface, by whoever may.
//! - A *delivery* is a job. What was not taken is tried again with growing pauses; a webhook to which nothing gets through
//!   for [`rules::PATIENCE`] is stopped, and those who look after it are told.
//!
//! Nothing is sent until whoever runs the installation switches webhooks on; then only to public addresses, and to those that
//! they allow. Those who run the systems of an institution look after its webhooks
//! ([`komainu_access::Permission::WebhooksManage`]).

pub mod actions;
pub mod api;
pub mod jobs;
pub mod model;
pub mod pages;
pub mod rules;
mod store;
mod words;

pub use model::{Event, Webhook, WebhookId};
pub use store::STATEMENTS;

komainu_i18n::messages!();
