//! Near misses over the API.

mod report;

// With each handler comes what describes it.
pub use report::*;
