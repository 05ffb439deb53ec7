//! One story a house.

pub(crate) mod associations;
pub(crate) mod clinic;
pub(crate) mod dental;
pub(crate) mod hospital;
pub(crate) mod pharmacy;
