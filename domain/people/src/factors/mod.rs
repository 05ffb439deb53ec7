//! Second factors: what besides a password lets somebody in, and what waits for their answer.
//!
//! ```text
//! password right ──► has factors? ──no──► session
//!                        └─yes─► pending sign-in, held by this browser ──code or passkey──► session
//! passkey alone ───────────────────────────────────────────────────────────────────────────► session
//! a change of factors, password or address ──proof of the last minutes?──no──► asked again ──► the change
//! ```
//!
//! - A *factor* is an authenticator app (TOTP, RFC 6238) or a passkey (`WebAuthn`). Ten *recovery codes* stand in for a lost
//!   one, each once. A passkey verifies the person itself, so it is also enough alone.
//! - What *waits* for an answer belongs to one browser and one purpose, can be answered once and for ten minutes, and is
//!   forgotten when factors, password or address change.
//! - A *proof* is password and factor, or a passkey, given in this very session. Signing in is one.
//! - An organisation may *demand* a second factor. Who has none gets no scope there (`Session::scope`), and the guard
//!   leads them to set one up; other organisations are not affected.
//! - Whoever manages members sees which kinds of factor people have, and nothing else of them.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod rules;
pub(crate) mod store;
