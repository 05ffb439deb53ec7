//! Who is asking, in which organisation, and what that allows.
//!
//! A [`Session`] is a browser that a person signed in with. Together with a membership it becomes a [`Scope`]: *who, in
//! which organisation, in which role*. A scope is the tenancy of every query in that organisation, and the only place
//! where a [`Permission`] can be asked for. Stores take a scope, actions ask it, pages receive it.
//!
//! A browser may be a [`SharedPlace`]; sessions there are of another kind, and their scopes allow less.
//!
//! A [`Token`] is what another program comes in with. It leads to a scope as a session does, narrowed to the
//! [`Permissions`] that were chosen for it, so that the same questions give the same protection.
//!
//! A [`Link`] is what somebody without an account comes in with, for one [`Purpose`]. Its scope has no permission at all.

mod link;
mod permissions;
mod role;
mod scope;
mod secret;
mod session;
mod shared;
mod store;
mod token;

pub use link::{Link, LinkId, LinkToken, Links, Purpose, UnknownPurpose};
pub use permissions::Permissions;
pub use role::{Permission, Role, UnknownPermission};
pub use scope::{Denied, OrganisationId, PersonId, Scope};
pub use session::{Found, Session, SessionId, SessionToken, Sessions};
pub use shared::{PlaceId, PlaceToken, SharedPlace};
pub use store::STATEMENTS;
pub use token::{Token, TokenHolder, TokenId, TokenSecret, Tokens};
