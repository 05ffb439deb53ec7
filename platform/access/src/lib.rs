//! Who is asking, in which organisation, and what that allows.
//!
//! A [`Session`] is a browser that a person signed in with. Together with a membership it becomes a [`Scope`]: *who, in
//! which organisation, in which role*. A scope is the tenancy of every query in that organisation, and the only place
//! where a [`Permission`] can be asked for. Stores take a scope, actions ask it, pages receive it.

mod role;
mod scope;
mod session;
mod store;

pub use role::{Permission, Role};
pub use scope::{Denied, OrganisationId, PersonId, Scope};
pub use session::{Session, SessionId, SessionToken, Sessions};
pub use store::STATEMENTS;
