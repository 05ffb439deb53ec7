//! How a request becomes an answer.
//!
//! ```text
//! route (path, audience) ── guard: first run? session, scope, same origin, audience ──► handler(Visit …)
//!                                                     handler ──► action in one transaction ──► page or fragment
//!                                                        └─ Failure ──► the error page, with a reference
//! ```
//!
//! A route cannot be made without its [`Audience`]; the guard asks it before the handler runs, and a test walks all
//! routes as a stranger and as each role. Handlers take a [`Guest`], a [`SignedIn`], a [`Member`] or a [`Linked`], which
//! differ in what they can reach: only a [`Member`] has a [`komainu_access::Scope`] at hand; whoever is [`Linked`] gets
//! one that allows the purpose of the link, for one piece of work.

mod address;
pub mod api;
mod app;
mod audience;
mod cookies;
mod failure;
mod form;
mod guard;
mod headers;
mod linked;
mod live;
mod log;
mod once;
mod page;
mod shell;
mod visit;
mod watch;
mod words;

pub use address::from_this_computer;
pub use app::{App, AppParts, BackupSettings, Secret, Settings};
pub use audience::{Audience, Route, get, post};
pub use cookies::Cookies;
pub use failure::{Conflict, Failure, Outcome, Refused};
pub use form::{FieldErrors, Form, Upload};
pub use guard::{router, settled};
pub use linked::Linked;
pub use live::live;
pub use log::log;
pub use once::{Once, STATEMENTS as ONCE_STATEMENTS};
pub use page::{attachment, inline_file, page, page_with_status, redirect, with_flash};
pub use shell::*;
pub use visit::role_text;
pub use visit::{Guest, Member, SignedIn, Visit};
pub use watch::Metrics;
pub use words::{Section, date_text, moment_text, operations_tabs, qr_svg};

pub(crate) use komainu_i18n::Lang;

komainu_i18n::messages!();
