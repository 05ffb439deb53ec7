//! What a handler answers when it cannot do what was asked, and the page that tells the user.
//!
//! A failure has an outside, which says in the user's language what happened and what to do, and an inside, which only
//! the log sees. A reference number ties the two together.

use crate::{App, Cookies, FieldErrors, Shell, api, t};
use askama::Template;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use komainu_access::Denied;
use komainu_db::DbError;
use komainu_i18n::Lang;
use thiserror::Error;

/// What handlers answer.
pub type Outcome = Result<Response, Failure>;

/// Why something could not be done.
#[derive(Debug, Error)]
pub enum Failure {
    /// There is no such thing here, or the asker may not know that there is.
    #[error("not found")]
    NotFound,
    /// A link that was used, withdrawn, has expired or never was one.
    #[error("no link that works")]
    LinkOver,
    /// The role does not allow it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Nobody is signed in, or the session is over.
    #[error("not signed in")]
    SignedOut,
    /// The browser is a shared place, and has locked itself.
    #[error("locked")]
    Locked,
    /// The browser is a shared place, where this cannot be done.
    #[error("not at a shared place")]
    AtPlace,
    /// What is asked for needs a proof of the last minutes of who asks.
    #[error("a fresh proof is needed")]
    Unproved,
    /// The organisation demands a second factor, and the person has none yet.
    #[error("a second factor is owed")]
    FactorOwed,
    /// The request did not come from one of our own pages, or the page was too old.
    #[error("the request did not come from our own page")]
    Forged,
    /// The request cannot be read.
    #[error("bad request: {0}")]
    Malformed(String),
    /// The body is larger than this route takes.
    #[error("too large")]
    TooLarge,
    /// Too many attempts; try again after so many seconds.
    #[error("too many attempts")]
    TooMany(u64),
    /// Someone else changed it in the meantime; pages that can show both texts do so instead of this.
    #[error("changed meanwhile")]
    Stale,
    /// The same over the API, with what is stored now.
    #[error("changed meanwhile")]
    Outdated(Box<serde_json::Value>),
    /// A change over the API that does not say which version it was made to.
    #[error("a change without If-Match")]
    Unconditional,
    /// What was sent can be read but not taken.
    #[error("fields: {}", .0.0.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>().join(", "))]
    Invalid(FieldErrors),
    /// It cannot be done as things are; why, in the asker's language.
    #[error("refused: {0}")]
    Refused(String),
    /// It is over, and what is over is not changed.
    #[error("over")]
    Over,
    /// The body is of a kind that this route does not read.
    #[error("a body of another kind")]
    MediaType,
    /// There is something at this address, but nothing to be done in this way.
    #[error("method not allowed")]
    Method,
    /// The idempotency key named another request before.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The request that the idempotency key names is under way.
    #[error("the idempotency key is in use")]
    KeyBusy,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Anything else that went wrong inside.
    #[error("{0}")]
    Internal(String),
}

impl Failure {
    /// Wraps an inner error of any kind.
    pub fn internal(error: impl std::fmt::Display) -> Failure {
        Failure::Internal(error.to_string())
    }

    fn status(&self) -> StatusCode {
        match self {
            Failure::NotFound | Failure::LinkOver => StatusCode::NOT_FOUND,
            Failure::Denied(_)
            | Failure::AtPlace
            | Failure::Unproved
            | Failure::FactorOwed
            | Failure::Forged => StatusCode::FORBIDDEN,
            Failure::SignedOut | Failure::Locked => StatusCode::UNAUTHORIZED,
            Failure::Malformed(_) => StatusCode::BAD_REQUEST,
            Failure::Method => StatusCode::METHOD_NOT_ALLOWED,
            Failure::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Failure::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Failure::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Failure::Stale | Failure::Refused(_) | Failure::Over | Failure::KeyBusy => StatusCode::CONFLICT,
            Failure::Outdated(_) => StatusCode::PRECONDITION_FAILED,
            Failure::Unconditional => StatusCode::PRECONDITION_REQUIRED,
            Failure::Invalid(_) | Failure::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Failure::Db(DbError::Unavailable(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Failure::Db(DbError::Full(_)) => StatusCode::INSUFFICIENT_STORAGE,
            Failure::Db(_) | Failure::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What happened, and what to do.
    pub(crate) fn words(&self, lang: Lang) -> (String, String) {
        match self {
            Failure::NotFound | Failure::Method => {
                (t!(lang, "error-not-found"), t!(lang, "error-not-found-do"))
            }
            Failure::LinkOver => (t!(lang, "error-link-over"), t!(lang, "error-link-over-do")),
            Failure::Denied(_) => (t!(lang, "error-denied"), t!(lang, "error-denied-do")),
            Failure::SignedOut => (t!(lang, "error-signed-out"), t!(lang, "error-signed-out-do")),
            Failure::Locked => (t!(lang, "error-locked"), t!(lang, "error-locked-do")),
            Failure::AtPlace => (t!(lang, "error-at-place"), t!(lang, "error-at-place-do")),
            Failure::Unproved => (t!(lang, "error-unproved"), t!(lang, "error-unproved-do")),
            Failure::FactorOwed => (t!(lang, "error-factor-owed"), t!(lang, "error-factor-owed-do")),
            Failure::Forged => (t!(lang, "error-forged"), t!(lang, "error-forged-do")),
            Failure::Malformed(_) => (t!(lang, "error-malformed"), t!(lang, "error-malformed-do")),
            Failure::MediaType => (t!(lang, "error-malformed"), t!(lang, "problem-media-type-do")),
            Failure::TooLarge => (t!(lang, "error-too-large"), t!(lang, "error-too-large-do")),
            Failure::TooMany(seconds) => (
                t!(lang, "error-too-many"),
                t!(lang, "error-too-many-do", minutes = seconds.div_ceil(60).to_string()),
            ),
            Failure::Stale => (t!(lang, "error-stale"), t!(lang, "error-stale-do")),
            Failure::Outdated(_) => (t!(lang, "error-stale"), t!(lang, "problem-outdated-do")),
            Failure::Unconditional => {
                (t!(lang, "problem-unconditional"), t!(lang, "problem-unconditional-do"))
            }
            Failure::Invalid(_) => (t!(lang, "problem-invalid"), t!(lang, "problem-invalid-do")),
            Failure::Refused(why) => (t!(lang, "problem-refused"), why.clone()),
            Failure::Over => (t!(lang, "error-over"), t!(lang, "error-over-do")),
            Failure::KeyReused => (t!(lang, "problem-key-reused"), t!(lang, "problem-key-reused-do")),
            Failure::KeyBusy => (t!(lang, "problem-key-busy"), t!(lang, "problem-key-busy-do")),
            Failure::Db(DbError::Unavailable(_)) => (t!(lang, "error-busy"), t!(lang, "error-busy-do")),
            Failure::Db(DbError::Full(_)) => (t!(lang, "error-full"), t!(lang, "error-full-do")),
            Failure::Db(_) | Failure::Internal(_) => (t!(lang, "error-inside"), t!(lang, "error-inside-do")),
        }
    }
}

/// Why an action did nothing: a reason that its page explains beside the form, or a failure with a page of its own.
#[derive(Debug)]
pub enum Refused<R> {
    /// Something the person can put right.
    Because(R),
    /// Anything else.
    Failed(Failure),
}

/// Somebody else changed it meanwhile; what they wrote is inside, and nothing was overwritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict<T>(pub Box<T>);

impl<R, F: Into<Failure>> From<F> for Refused<R> {
    fn from(failure: F) -> Self {
        Refused::Failed(failure.into())
    }
}

/// Carries a failure from the handler to [`explain`], which knows the visitor's language.
#[derive(Clone)]
struct Unexplained(std::sync::Arc<Failure>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Failure::TooMany(seconds) = &self
            && let Ok(value) = seconds.to_string().parse()
        {
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
        response.extensions_mut().insert(Unexplained(std::sync::Arc::new(self)));
        response
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    page: Shell,
    happened: &'a str,
    todo: &'a str,
    reference_label: String,
    reference: &'a str,
    /// The way on: its words, and where it leads; none for who has no other page here.
    on: Option<(String, String)>,
}

/// Turns a failure into the page (for a script the JSON, over the API the problem) that explains it, and writes the inside
/// to the log.
pub(crate) async fn explain(State(app): State<App>, request: Request, next: Next) -> Response {
    let secure = app.settings.secure;
    let cookies = Cookies::of(request.headers(), secure);
    let over_api = api::is_api(request.uri().path());
    let lang = if over_api {
        crate::visit::accepted_lang(request.headers())
    } else {
        crate::visit::lang_of(&cookies, request.headers())
    };
    let script = crate::visit::is_fragment(request.headers());
    let (method, route) = (request.method().clone(), crate::watch::pattern(&request));
    let response = next.run(request).await;
    let carried = response.extensions().get::<Unexplained>().cloned();
    let Some(Unexplained(failure)) = carried.or_else(|| unreadable(&method, &response)) else {
        return response;
    };

    let reference = reference(app.nature.bytes());
    if response.status().is_server_error() {
        tracing::error!(%reference, %method, route, inside = %failure, "failed");
    } else {
        tracing::info!(%reference, %method, route, inside = %failure, "refused");
    }
    let (mut parts, _) = response.into_parts();
    parts.status = failure.status();
    parts.extensions.remove::<Unexplained>();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_TYPE);
    if over_api {
        return api::problem(parts, &failure, lang, &reference);
    }
    let (happened, todo) = failure.words(lang);
    if script {
        let body =
            serde_json::json!({ "error": { "message": happened, "do": todo, "reference": reference } });
        return (parts, axum::Json(body)).into_response();
    }
    let page = ErrorPage {
        page: Shell::bare(&app, lang, cookies.theme(), &happened),
        happened: &happened,
        todo: &todo,
        reference_label: t!(lang, "error-reference"),
        reference: &reference,
        on: way_on(&failure, lang),
    };
    match page.render() {
        Ok(html) => (parts, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%reference, %error, "the error page itself failed");
            (parts, format!("{happened}\n{todo}\n{reference}\n")).into_response()
        }
    }
}

/// Where to go from here.
fn way_on(failure: &Failure, lang: Lang) -> Option<(String, String)> {
    let (words, to) = match failure {
        Failure::LinkOver => return None,
        Failure::SignedOut => (t!(lang, "error-sign-in"), "/sign-in"),
        Failure::Locked => (t!(lang, "error-unlock"), "/place"),
        Failure::Unproved => (t!(lang, "error-prove"), "/account/confirm"),
        Failure::FactorOwed => (t!(lang, "error-factor-set-up"), "/account/factors"),
        _ => (t!(lang, "error-home"), "/"),
    };
    Some((words, to.to_owned()))
}

/// An address or a query that no handler could read: the framework answers that with a line of English of its own, which none of
/// our handlers does.
fn unreadable(method: &Method, response: &Response) -> Option<Unexplained> {
    let is_line = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/plain"));
    let failure = match response.status() {
        status if !is_line || !status.is_client_error() => return None,
        StatusCode::PAYLOAD_TOO_LARGE => Failure::TooLarge,
        // Who only looks has followed a link that leads nowhere.
        _ if method.is_safe() => Failure::NotFound,
        status => Failure::Malformed(format!("not readable ({status})")),
    };
    Some(Unexplained(std::sync::Arc::new(failure)))
}

/// A reference that can be read out over the telephone: no letters or digits that sound or look alike.
fn reference(random: [u8; 8]) -> String {
    const LETTERS: &[u8; 24] = b"ACDEFGHJKLMNPQRTUVWXY347";
    random.iter().enumerate().fold(String::new(), |mut text, (index, byte)| {
        if index == 4 {
            text.push('-');
        }
        text.push(char::from(LETTERS[usize::from(*byte) % LETTERS.len()]));
        text
    })
}
