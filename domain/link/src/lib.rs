//! Links (リンク): an address or a QR code that lets somebody without an account do one thing.
//!
//! ```text
//! made ──► works ──used as often as its purpose allows──► used up
//!            ├──its time is over──► expired
//!            └──a member ends it──► withdrawn
//! ```
//!
//! - What a link is for is its [`komainu_access::Purpose`]: which pages it opens, how often, for how long at most, and what
//!   its maker must be allowed to do themselves. A later purpose is one more line there, and a page in the domain that it
//!   belongs to; this domain stays as it is.
//! - It is made where its purpose lives ([`actions::link_make`] in the caller's transaction), and shown there once
//!   ([`model::Handed`]): the database keeps the hash of its secret alone. The program makes one itself, for the emergency
//!   binder, which keeps the secret sealed, as each edition prints it.
//! - At the door ([`komainu_web::Linked`]) nobody learns what is wrong with a link that does not work.
//! - What is done with one is written into the log under the name that was given, with the link beside it. Making and
//!   withdrawing are written too.
//! - Who may manage links ([`komainu_access::Permission::LinksManage`]) sees every link of the organisation and can
//!   withdraw it, whoever made it.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod rules;
mod store;

pub use store::STATEMENTS;

komainu_i18n::messages!();
