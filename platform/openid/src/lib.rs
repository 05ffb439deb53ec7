//! The house's own sign-in service, as a client of OpenID Connect sees it.
//!
//! ```text
//! begin ──► address of the service's page, and a Flow that the caller keeps for this one browser
//!               └─ the person signs in there; the browser comes back with a code ─┐
//! finish(Flow, code) ──► token endpoint ──► ID token ──► every check ──► Identity ◄┘
//! ```
//!
//! - One [`Provider`] an installation, named in the settings. Its metadata and keys are asked for when they are first
//!   needed, kept for a minute, and asked for once more where a key is not known.
//! - Authorization code with PKCE (S256), state and nonce. Only signatures that a public key proves are taken.
//! - Of the person nothing is asked but who they are (`sub`); access and refresh tokens are dropped unread.
//! - Nothing here knows of people, sessions or pages. Whose account an [`Identity`] opens, others decide.

mod check;
mod flow;
mod metadata;
mod provider;

pub use check::Identity;
pub use flow::{Flow, Returned};
pub use provider::{Provider, ProviderError, ProviderSettings};
