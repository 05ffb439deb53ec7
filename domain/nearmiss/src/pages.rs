//! The pages of near misses.

mod report;

pub use report::*;
