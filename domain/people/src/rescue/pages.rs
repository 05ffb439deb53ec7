//! Pages about a loss: asking, agreeing, and the way back in.

mod ask;
mod link;
mod manage;

pub use ask::{rescue_ask, rescue_ask_submit, rescue_cancel};
pub use link::{rescue, rescue_submit};
pub use manage::{rescue_agree, rescue_page, rescue_refuse};

pub(crate) use manage::RescueRow;
