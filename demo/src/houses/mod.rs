//! One story a house.

pub(crate) mod associations;
pub(crate) mod clinic;
pub(crate) mod dental;
pub(crate) mod hospital;
mod hospital_cases;
mod hospital_ledger;
mod hospital_lines;
pub(crate) mod pharmacy;
