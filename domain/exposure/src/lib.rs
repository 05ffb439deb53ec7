//! Ways in (危険な道): what the exposure engine (`komainu-exposure`) says of an institution's ledger.
//!
//! ```text
//! ledger ──rules::network──► network ──engine──► report ──kept (sealed), with the ledger's revision──► pages, API
//!                                                   └──rules::gains──► kept beside it ──► the plan
//! ```
//!
//! - The *network* is the ledger in the engine's words ([`rules::network`]). What the ledger does not say stays unknown; a
//!   line that a system must have and nobody wrote down is *assumed*, and shown as such.
//! - The *answer* ([`answers::Answer`]) is all that the engine says, made for one revision of the ledger. A ledger that
//!   changed is followed by a job ([`jobs`]); whoever looks before it is done has a small ledger computed at once, while a
//!   large one is waited for.
//! - *Gains* say how much of the harm the best fix for an item of the checklist takes away. The plan reads these alone,
//!   and computes nothing.
//!
//! The numbers are judgements: every page that shows one leads to the table of reasons. Nothing here is written into the
//! log, as nothing here is anybody's doing. Whoever may read the ledger sees all of it.

pub mod actions;
pub mod answers;
pub mod api;
pub mod jobs;
mod model;
pub mod pages;
pub mod rules;
mod store;
mod view;
mod words;

pub use model::{ItemGain, Kept};
pub use pages::{RestoredLine, restored_lines};
pub use store::{SEALED, STATEMENTS};

komainu_i18n::messages!();
