//! The API: the same actions as on the pages, as JSON for other programs.
//!
//! ```text
//! bearer token ─► guard: rate ─► token, scope ─► the route's audience ─► body, bounded ─► handler(Caller …)
//!                    handler ──► action in one transaction ──► JSON with its version
//!                       └─ Failure ──► problem details in the asked language, with a reference
//! ```
//!
//! A route of the API is made by [`api`] from a handler that bears `#[utoipa::path]`, so that the table of routes is also
//! the table of contents of the OpenAPI document ([`document`]). What is the same everywhere is written here once: parts
//! of long lists ([`Paging`]), versions ([`IfMatch`]), creations that may be repeated ([`Caller::create`]), problems.
//!
//! Cookies open nothing here, and a token opens nothing but this: neither can be used to forge the other's requests.

mod answers;
mod caller;
mod document;
mod guard;
mod problem;
mod rate;
mod read;
mod store;

pub use caller::{Caller, OrOutdated, Resource};
pub use document::{Described, Operation, api, document};
pub use problem::{Fault, Problem};
pub use read::{After, Day, FileBytes, IfMatch, Json, Page, Paging, Path, Query, key_of};
pub use store::STATEMENTS;

pub(crate) use guard::guard;
pub(crate) use problem::problem;
pub(crate) use rate::Rates;

/// Where the API is; every path in the document is below it.
pub const BASE: &str = "/api/v1";

/// What a request may carry where its route says nothing else: texts of people, not files.
pub(crate) const BODY: usize = 64 * 1024;

/// Whether a path is one of the API.
pub(crate) fn is_api(path: &str) -> bool {
    path.starts_with("/api/")
}
