//! Signing in by the house's own sign-in service (OpenID Connect), for whoever has linked their account to it.
//!
//! ```text
//! button (POST) ──► a page that leads to the service; what waits is kept on the server, sealed, for this browser
//!      the service ──► GET /sign-in/openid/return?code&state ──► taken, once ──► who is it? (komainu_openid)
//!            sign in ──► linked to somebody? ──► second factor of theirs, unless the service vouches ──► session
//!            link    ──► the signed-in person, who has just proved who they are
//!            prove   ──► the same person signed in there anew: a proof
//! ```
//!
//! - A link is (service, its name for the person). A mail address links nothing: whoever hands out addresses there would
//!   hand out accounts here.
//! - Linking needs a fresh proof, and ends every other session, as every change of how one signs in does.
//! - The service stands in for the password, and for nothing else: who has a second factor is asked for it, and what an
//!   organisation demands is owed, unless the settings say that the service's word for a second factor is taken.
//! - The service is not used at a shared place: its own session would stay in the browser for whoever comes next.
//! - Everybody keeps a password, so a service that is away shuts nobody out.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub(crate) mod store;

/// Where the service sends browsers back to.
pub const BACK: &str = "/sign-in/openid/return";
