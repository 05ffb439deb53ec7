//! Pure rules of the ledger.

mod asked;
mod completeness;
mod system;
pub mod template;
mod usual;
mod whole;

pub use asked::control_asked;
pub use completeness::{Completeness, Gap, Level, Record, RecordScore, Score, Wanted, completeness};
pub use system::{counts_as_server, update_duty};
pub use usual::{usual_hosting, usual_kinds};
pub use whole::{Flaw, Road};

pub(crate) use whole::{Things, depth, flaws};
