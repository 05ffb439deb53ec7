//! Near misses on paper.

mod report;

pub(crate) use report::*;
