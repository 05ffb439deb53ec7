//! The way back in for somebody who lost password, factors, or both.
//!
//! ```text
//! asks at sign-in ──► request ──every organisation of theirs agrees──► link, once, 24 hours ──► new password, no factors
//!   (same answer        ├─ refused by one of them
//!    for everybody)     └─ cancelled by the person, who was still signed in somewhere
//! ```
//!
//! - The answer to asking never tells whether there is such an account.
//! - Whoever manages members sees the request with what to check, and agrees or refuses after giving a proof of their own.
//!   Nobody agrees for themselves.
//! - An account opens every organisation its person belongs to, so *each* of them has to agree: otherwise whoever manages
//!   members of one could take over accounts and look into another.
//! - Where nobody is left to agree, whoever runs the installation helps (`komainu user reset-factors`).
//! - Every step stands in the log of every organisation of the person. None learns the others' names.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub(crate) mod store;
