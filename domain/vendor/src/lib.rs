//! Vendors (業者): who supplies and supports the institution's systems, and how to reach them by day and by night.
//!
//! A vendor here is a row in one institution's ledger, not an organisation with accounts of its own. Whoever may read
//! the ledger sees it; whoever may edit it adds, changes and removes. A vendor that still supports a system cannot be
//! removed: the system would be left without its support unnoticed.

pub mod actions;
pub mod api;
mod model;
pub mod pages;
mod store;

pub use model::{Vendor, VendorDetails, VendorId};
pub use store::{SEALED, STATEMENTS};

komainu_i18n::messages!();
