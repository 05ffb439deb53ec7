//! Pages of organisations: founding one, and the institution's particulars.

mod found;
mod particulars;

pub use found::{association_form, association_submit, institution_form, institution_submit};
pub(crate) use particulars::{Typed, read, typed};
pub use particulars::{institution, institution_save};
