//! Sheets and columns, what files hold, what rows say, and what becomes of them.

mod column;
mod content;
mod import;
mod preview;
mod row;

pub use column::{Column, Sheet};
pub use content::{Content, FileKind, FileRefusal, Found, Mapping, Record, Table};
pub use import::{Choices, Counts, Decision, Detail, Every, Import, ImportId, State};
pub use preview::{Body, Candidate, Creation, Outcome, Reason, Seen, Settled, Warning};
pub use row::{Draft, Evidence, Fault, LineDraft, Reference, Row, ThingDraft, Why};
