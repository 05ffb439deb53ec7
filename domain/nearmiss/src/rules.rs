//! What follows from what was reported and judged: pure.

mod photo;
mod report;

pub use photo::{PHOTO_BYTES, clean_photo};
pub use report::*;
