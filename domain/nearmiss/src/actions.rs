//! What can be done with near misses: each function one use case.

mod report;

pub use report::*;
