//! Pages of shared places: names to choose from, the PIN, locking, registering, one's own PIN, what is held.

mod drafts;
mod enter;
mod lock;
mod manage;
mod pin;
mod register;
mod who;

pub use drafts::{draft_drop, drafts};
pub use enter::{enter, enter_options, enter_submit};
pub use lock::{KEEP_BODY, keep, lock, state};
pub use manage::{minutes_save, pin_lift, place_new, place_revoke, place_save, places};
pub use pin::{pin, pin_lift_own, pin_remove, pin_save};
pub use register::{register, register_submit};
pub use who::who;

use komainu_people::factors::actions::Sealer;
use komainu_web::{App, Cookies, Failure, Guest};
use std::str::FromStr;

/// What a part of the path names.
fn named<T: FromStr>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

fn sealer(app: &App) -> Sealer<'_> {
    Sealer { nature: &app.nature, key: &app.key }
}

/// The cookie that keeps a registered browser registered, set anew with each use.
fn renewed(guest: &Guest, headers: &axum::http::HeaderMap) -> axum::http::HeaderValue {
    let secure = guest.app.settings.secure;
    Cookies::set_shared_place(secure, Cookies::of(headers, secure).shared_place().as_ref())
}
