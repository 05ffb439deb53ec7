//! Pure rules of the ledger.

mod system;

pub use system::{counts_as_server, update_duty};
