//! The ledger (台帳): systems, things, and the lines between them, inside and to the outside.
//!
//! A *system* ([`SystemRecord`]) is one as people speak of it (電子カルテ, レセコン), not one device. Three answers about it
//! are asked nowhere else: who supports it, whether support enters from outside, and whether a contract makes security
//! updates the vendor's duty. Each may be *not known*, which is an answer worth having: it names the question for the
//! vendor. From the last of the three follows whether vendors bear that duty for *every server*
//! ([`rules::update_duty`]); each change keeps the institution's own row in step.
//!
//! A *thing* ([`Asset`]) is a server, terminal, network device, medical device, copy, zone, shared account, place or care
//! process. What can be known of it stands in one table ([`Fact`]), from which forms, files and the score of completeness
//! are made; what protects it is named in the words of the exposure engine. A *line* ([`Connection`]) joins two of them, or
//! one and the outside. Facts and controls are sealed at rest.
//!
//! All of it at one moment is the [`Ledger`]; its revision grows with each change. Many changes at once are made by
//! [`actions::ledger_edit`], all or none. What others name goes only where that is taken out of them as well: by the same
//! changes, or because whoever asks was told of them ([`actions::asset_remove`]).
//!
//! How far it is filled ([`rules::completeness`]) is counted by who asks: the checklist, safety, or nobody in a hurry. The
//! gap worth filling first is the most severe at what is most connected.
//! What is usual beside the systems of such an institution is offered by *templates* ([`rules::template`]), and goes in with a
//! few taps ([`actions::template_apply`]).
//!
//! Whoever may read the ledger sees all of it; whoever may edit it adds, changes and removes.

pub mod actions;
pub mod api;
mod model;
pub mod pages;
pub mod rules;
mod store;
pub mod template_api;
pub mod template_pages;
pub mod words;

pub use model::*;
pub use store::{SEALED, STATEMENTS};

komainu_i18n::messages!();
