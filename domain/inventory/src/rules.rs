//! Pure rules of the ledger.

mod system;
pub mod template;
mod usual;

pub use system::{counts_as_server, update_duty};
pub use usual::{usual_hosting, usual_kinds};
