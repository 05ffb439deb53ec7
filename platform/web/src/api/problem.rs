//! Failures as problem details (RFC 9457), in the language that was asked for.

use crate::{Failure, FieldErrors, Lang, t};
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use axum::http::response::Parts;
use axum::response::{IntoResponse as _, Response};
use komainu_db::DbError;
use serde::Serialize;
use utoipa::ToSchema;

const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/problem+json");

/// Why something could not be done.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// What kind of problem it is, for programs: `urn:komainu:problem:` and a word.
    #[schema(format = "uri")]
    r#type: String,
    /// What happened.
    title: String,
    /// The status again.
    status: u16,
    /// What to do.
    detail: String,
    /// The reference that the server's log bears too.
    #[schema(format = "uri")]
    instance: String,
    /// The fields that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Fault>,
    /// What is stored now, where the change was made to an older version.
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<serde_json::Value>,
}

/// A field that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct Fault {
    /// Where in the body, or the parameter's name.
    field: String,
    /// What is wrong, and what to do.
    message: String,
}

/// Turns a failure into the answer that explains it; status and further headers stand in `parts`.
pub(crate) fn problem(mut parts: Parts, failure: &Failure, lang: Lang, reference: &str) -> Response {
    let (title, detail) = words(failure, lang);
    let body = Problem {
        r#type: format!("urn:komainu:problem:{}", kind(failure)),
        title,
        status: parts.status.as_u16(),
        detail,
        instance: format!("urn:komainu:reference:{reference}"),
        errors: match failure {
            Failure::Invalid(faults) => of(faults),
            _ => Vec::new(),
        },
        current: match failure {
            Failure::Outdated(current) => Some((**current).clone()),
            _ => None,
        },
    };
    if matches!(failure, Failure::SignedOut) {
        parts.headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    parts.headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
    let mut response = (parts, axum::Json(body)).into_response();
    response.headers_mut().insert(CONTENT_TYPE, MEDIA_TYPE);
    response
}

fn of(faults: &FieldErrors) -> Vec<Fault> {
    let fault =
        |fault: &crate::FieldError| Fault { field: fault.field.clone(), message: fault.message.clone() };
    faults.0.iter().map(fault).collect()
}

/// The word for programs; it does not change while the API is v1.
fn kind(failure: &Failure) -> &'static str {
    match failure {
        Failure::NotFound | Failure::LinkOver => "not-found",
        Failure::Denied(_) | Failure::AtPlace | Failure::Unproved | Failure::Forged => "denied",
        Failure::FactorOwed => "factor-owed",
        Failure::SignedOut | Failure::Locked => "unauthorised",
        Failure::Malformed(_) => "malformed",
        Failure::MediaType => "media-type",
        Failure::Method => "method",
        Failure::TooLarge => "too-large",
        Failure::TooMany(_) => "too-many",
        Failure::Invalid(_) => "invalid",
        Failure::Refused(_) | Failure::Stale | Failure::Over => "refused",
        Failure::Unconditional => "version-missing",
        Failure::Outdated(_) => "outdated",
        Failure::KeyReused => "key-reused",
        Failure::KeyBusy => "key-busy",
        Failure::Db(DbError::Unavailable(_)) => "busy",
        Failure::Db(DbError::Full(_)) => "full",
        Failure::Db(_) | Failure::Internal(_) => "internal",
    }
}

/// What happened, and what to do. Where a page would say the same, it is the page's words.
fn words(failure: &Failure, lang: Lang) -> (String, String) {
    match failure {
        Failure::NotFound => (t!(lang, "problem-not-found"), t!(lang, "problem-not-found-do")),
        Failure::Denied(denied) => {
            (t!(lang, "problem-denied"), t!(lang, "problem-denied-do", permission = denied.0.code()))
        }
        Failure::SignedOut => (t!(lang, "problem-unauthorised"), t!(lang, "problem-unauthorised-do")),
        Failure::Malformed(why) => {
            (t!(lang, "problem-malformed"), t!(lang, "problem-malformed-do", why = why.as_str()))
        }
        Failure::Method => (t!(lang, "problem-method"), t!(lang, "problem-method-do")),
        Failure::TooLarge => (t!(lang, "error-too-large"), t!(lang, "problem-too-large-do")),
        Failure::TooMany(seconds) => {
            (t!(lang, "problem-too-many"), t!(lang, "problem-too-many-do", seconds = seconds.to_string()))
        }
        _ => failure.words(lang),
    }
}
