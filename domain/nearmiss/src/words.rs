//! The words of near misses, in the reader's language.

mod report;

pub use report::*;
