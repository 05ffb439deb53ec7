//! A page that only tells something and leads on.

use askama::Template;
use axum::http::StatusCode;
use komainu_web::{Guest, Outcome, Shell, page_with_status};

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage {
    page: Shell,
    text: String,
    label: String,
    href: &'static str,
}

/// Tells what happened and what to do, with one way on.
pub(crate) fn message(
    guest: &Guest,
    status: StatusCode,
    (title, text): (&str, String),
    (label, href): (String, &'static str),
) -> Outcome {
    page_with_status(status, &MessagePage { page: guest.shell(title), text, label, href })
}
