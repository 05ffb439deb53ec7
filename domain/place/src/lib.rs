//! Shared places (共用の端末): a browser at a ward or a reception that many people work at, one after the other.
//!
//! ```text
//! registered ──► locked ──name, PIN or passkey──► somebody at work ──minutes without use, or "lock"──► locked
//!     │             ▲                                   │ what could not be sent is held for them
//!     │             └───────────────────────────────────┘
//!     └─ withdrawn: an ordinary browser again, every session there over
//! ```
//!
//! - Who manages members *registers* a browser: on it, having just proved who they are, or with a *code* that is typed into
//!   it once. The browser keeps a secret; the database keeps its hash. Registering ends the session it had.
//! - Only a registered browser shows *names*: of its organisation's members who have a PIN or a passkey.
//! - A *PIN* is six digits or more, its owner's for one organisation, and opens that organisation's places and nothing else.
//!   The registered browser is what one has, the PIN what one knows: together they are enough where a second factor is
//!   demanded. After ten wrong ones in a row it stops until its owner or who manages members lets it work again.
//! - At a place everybody may what staff may, and what their role may: their own items ([`komainu_access::Scope::at`]).
//!   Nothing about how one signs in, nobody's membership, no download.
//! - The server *locks* ([`komainu_access::Sessions::look`]); the page only clears itself earlier and more kindly. A locked
//!   session can do one thing: leave what was typed, sealed, for its owner ([`actions::draft_hold`]).
//! - Every entry of the log that is written at a place names person and place.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod rules;
mod store;

pub use store::STATEMENTS;

komainu_i18n::messages!();
