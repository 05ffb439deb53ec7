//! Near misses (ヒヤリ・ハット): seen by anybody, reported in seconds, handled as medical safety handles them.
//!
//! ```text
//! report   new ──judged──► triaged ──► measures ──► closed
//!            └──not ours──► set aside              (and back to an earlier one, by hand)
//! ```
//!
//! - *Reporting* needs no account: a poster's link ([`komainu_access::Purpose::NearMissReport`]) opens pages that the
//!   telephone keeps, so that first aid is there without a network. The first answer is what to do now. A report names
//!   itself by the telephone's own id, so that what is sent again after a broken connection is no second one.
//! - Whoever reported gets a *receipt code* ([`rules::Receipt`]), made on the telephone; its hash alone is kept. With it the
//!   nameless too read what became of the report and answer questions.
//! - *Handling* is the safety manager's: a [`Level`] with the harm to patients, measures with an owner and a day.
//! - *Learning*: what is put on the *board* names nobody, and everybody of the house may read it; as a sheet it hangs on the
//!   wall. A case may be *analysed* (timeline, why-tree, SHEL, 4M4E), the committee's *meetings* talk about chosen cases in
//!   an order, and a fiscal year is told in *figures*. Open measures are a step of the plan.
//!
//! Nobody is blamed: no field asks who did it, and the words say so.
//!
//! Whoever works here reports ([`komainu_access::Permission::NearMissReport`]) and reads the board; who handles
//! (`NearMissHandle`: director, safety manager, system operator) sees every report.
//!
//! Rooms: `report` (public pages, receipt, posters), `handle` (judging to the board) and `learn` (analysis, meetings, figures)
//! inside the usual ones.

pub mod actions;
pub mod api;
mod document;
pub mod model;
pub mod pages;
mod paper;
pub mod rules;
mod store;
pub mod words;

pub use model::*;
pub use store::{SEALED, STATEMENTS};

komainu_i18n::messages!();
