//! Pages about people: the first run, sign-in, the account, organisations to choose from, members, invitations.

mod account;
pub(crate) mod device;
mod email;
mod first_run;
pub(crate) mod forms;
mod invitation;
pub(crate) mod members;
pub(crate) mod message;
mod organisations;
mod password;
pub(crate) mod path;
pub(crate) mod sign_in;
pub(crate) mod slip;
mod tokens;

pub use account::{account, account_save, reminders_save, sessions_end};
pub use device::device_text;
pub use email::{email, email_save};
pub use first_run::{first_run, first_run_submit};
pub use invitation::{invitation, invitation_submit};
pub use members::{
    invitation_renew, invitation_revoke, invite, invite_submit, member, member_end, member_end_submit,
    member_save, people,
};
pub use organisations::{organisation_switch, organisations, preferences};
pub use password::{password, password_save};
pub use path::{local_path, next_in, path_inside, with_next};
pub use sign_in::{demo_sign_in, sign_in, sign_in_submit, sign_out};
pub use tokens::{service_create, service_end, services, token_create, token_end, tokens};

pub(crate) use forms::{read_line, read_name};

use crate::actions::Gate;
use crate::passwords;
use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use chrono::Duration;
use komainu_i18n::Lang;
use komainu_web::{App, Failure};

/// Runs an action that works on passwords, off the async threads and only so many at once.
pub async fn at_gate<T: Send + 'static, E: From<Failure> + Send + 'static>(
    app: &App,
    work: impl FnOnce(&Gate<'_>) -> Result<T, E> + Send + 'static,
) -> Result<T, E> {
    let app = app.clone();
    passwords::off_thread(move |hasher| {
        work(&Gate { db: &app.db, nature: &app.nature, hasher, key: &app.key })
    })
    .await
}

/// Adds a cookie to an answer.
pub fn with_cookie(mut response: Response, cookie: HeaderValue) -> Response {
    response.headers_mut().append(SET_COOKIE, cookie);
    response
}

/// "Too many attempts, wait so long."
pub fn wait_text(lang: Lang, wait: Duration) -> String {
    let minutes = (wait.num_seconds().max(1) + 59) / 60;
    crate::t!(lang, "wait", minutes = minutes.to_string())
}
