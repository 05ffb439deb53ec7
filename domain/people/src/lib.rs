//! People: their accounts, their places in organisations, how they come in and how they get out again.
//!
//! - A *person* has one account: an address, a password, sessions. It belongs to the person, not to an organisation.
//! - A *membership* gives a person a role in an organisation; one person may have several and switch between them. Who
//!   leaves keeps the account. Somebody who can manage members always remains.
//! - An *invitation* is a link that works once and for seven days. Whoever holds it joins with the account they have, or
//!   makes one.
//! - The *first run* makes the first administrator, who may found organisations on this installation.
//!
//! - The house's own sign-in service may stand in for the password, for whoever has linked their account ([`openid`]).
//! - A *second factor* stands beside the password or in its place ([`factors`]); who lost everything is let back in by
//!   those who manage members ([`rescue`]).
//!
//! What is secret is kept as a hash only: passwords by Argon2id, sessions, links and recovery codes by SHA-256. The one
//! secret that must be read again, an authenticator app's, is sealed. Nothing here tells whether an account exists;
//! attempts are counted in the database, for all nodes together ([`actions`]).

pub mod actions;
pub mod api;
pub mod factors;
mod letter;
pub mod model;
pub mod openid;
pub mod pages;
pub mod passwords;
pub mod rescue;
pub mod rules;
mod store;

pub use model::{Email, InvitationId, Membership, NewPerson, Person};

/// Every statement of this crate, for the test that prepares them on both databases.
pub const STATEMENTS: &[&[komainu_db::Statement]] =
    &[store::STATEMENTS, factors::store::STATEMENTS, openid::store::STATEMENTS, rescue::store::STATEMENTS];

komainu_i18n::messages!();
