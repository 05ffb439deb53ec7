//! Pages on the way to the sign-in service and back.

mod account;
mod back;
mod leave;
mod part;

pub use account::{link, unlink};
pub use back::{come_back, unlinked};
pub use leave::{prove, sign_in};

pub(crate) use account::{LinkRow, link_rows};
pub(crate) use part::DoorPart;

use crate::t;
use axum::response::Response;
use komainu_openid::{Provider, ProviderError};
use komainu_web::{Failure, NoticeKind, Visit, redirect, with_flash};

/// The service; there is nothing here in an installation that names none.
fn provider(visit: &Visit) -> Result<Provider, Failure> {
    visit.app.settings.openid.clone().ok_or(Failure::NotFound)
}

/// Back to one of our own pages, which says what became of it.
fn failed(visit: &Visit, provider: &Provider, error: &ProviderError, to: &str) -> Response {
    let (lang, name) = (visit.lang, provider.name());
    let (kind, text) = match error {
        ProviderError::Away(_) => (NoticeKind::Error, t!(lang, "openid-away", name = name)),
        ProviderError::Unbelieved(_) => (NoticeKind::Error, t!(lang, "openid-unbelieved", name = name)),
        ProviderError::Stopped => (NoticeKind::Info, t!(lang, "openid-stopped", name = name)),
    };
    match error {
        ProviderError::Stopped => tracing::info!("stopped at the sign-in service"),
        error => tracing::warn!(inside = %error, "no sign-in by the sign-in service"),
    }
    with_flash(&visit.app, redirect(to), kind, &text)
}
