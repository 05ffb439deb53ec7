//! Answers: pages, redirects, files.

use crate::{App, Cookies, Failure, Lang, NoticeKind, Outcome, Shell, ShellWords, Theme, t};
use askama::Template;
use axum::http::header::{
    CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, SET_COOKIE,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};

/// Renders a template as a page.
pub fn page(template: &impl Template) -> Outcome {
    Ok(Html(template.render().map_err(Failure::internal)?).into_response())
}

/// Renders a template as a page with another status, such as 422 for a form with faults.
pub fn page_with_status(status: StatusCode, template: &impl Template) -> Outcome {
    Ok((status, Html(template.render().map_err(Failure::internal)?)).into_response())
}

/// After a change: off to another page of ours, so that reloading does not repeat the change.
pub fn redirect(to: &str) -> Response {
    Redirect::to(to).into_response()
}

/// Adds a message that the next page shows once.
pub fn with_flash(app: &App, mut response: Response, kind: NoticeKind, text: &str) -> Response {
    response.headers_mut().append(SET_COOKIE, Cookies::set_flash(app.settings.secure, kind.name(), text));
    response
}

/// A file to be kept, under a name of any script.
pub fn attachment(name: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    file("attachment", name, media_type, bytes)
}

/// A file to be looked at in the browser: only pictures and PDF may come here, sealed off from our pages.
pub fn inline_file(name: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    let mut response = file("inline", name, media_type, bytes);
    let policy = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'";
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

fn file(disposition: &str, name: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
    let encoded: String = name.bytes().fold(String::new(), |text, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            text + &char::from(byte).to_string()
        } else {
            text + &format!("%{byte:02X}")
        }
    });
    let mut headers = HeaderMap::new();
    let text = format!("{disposition}; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    for (header, value) in [(CONTENT_DISPOSITION, text.as_str()), (CONTENT_TYPE, media_type)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(header, value);
        }
    }
    (StatusCode::OK, headers, bytes).into_response()
}

impl Shell {
    /// The shell of a page for someone of whom nothing is known: sign-in, first run, errors.
    pub fn bare(app: &App, lang: Lang, theme: Theme, title: &str) -> Shell {
        Shell {
            lang,
            theme,
            title: title.to_owned(),
            path: "/".to_owned(),
            words: ShellWords::in_lang(lang),
            assets: crate::words::asset_urls(),
            band: app.settings.demo.then(|| t!(lang, "band-demo")),
            help_href: format!("/help/{lang}/"),
            version: app.settings.version.clone(),
            ..Shell::default()
        }
    }
}
