//! `/progress` and `/log`.

mod log;
mod progress;

pub use log::log;
pub use progress::progress;
