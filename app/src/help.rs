//! The guide: pages that `cargo xtask guide` makes of `docs/guide`, inside the binary.

use axum::body::Body;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use komainu_web::{Failure, Guest, Outcome, redirect};
use rust_embed::RustEmbed;
use std::fmt::Write as _;

#[derive(RustEmbed)]
#[folder = "../target/guide"]
struct Guide;

/// `GET /help`: to the guide in the reader's language.
pub(crate) async fn front(guest: Guest) -> Response {
    redirect(&format!("/help/{}/", guest.lang))
}

/// `GET /help/{*path}`: a page of the guide, its style or its picture. They hold nothing of anybody, so a browser may
/// keep them for a while, unlike the program's other pages.
pub(crate) async fn page(Path(path): Path<String>, headers: HeaderMap) -> Outcome {
    let name = if path.ends_with('/') { path + "index.html" } else { path };
    let file = Guide::get(&name).ok_or(Failure::NotFound)?;
    let tag = HeaderValue::from_str(&tag(&file.metadata.sha256_hash())).map_err(Failure::internal)?;
    let mut response = if headers.get(IF_NONE_MATCH) == Some(&tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(file.data.into_owned()).into_response()
    };
    let own = response.headers_mut();
    own.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(&name)));
    own.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    own.insert(ETAG, tag);
    Ok(response)
}

fn tag(hash: &[u8]) -> String {
    let hex = hash.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    // Weak: the answer may be compressed on its way out.
    format!("W/\"{hex}\"")
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_inside_is_answered_once_and_then_known() {
        let names: Vec<_> = Guide::iter().collect();
        assert!(!names.is_empty(), "at least the notice is inside");
        for name in names {
            let first = page(Path(name.to_string()), HeaderMap::new()).await.expect("it is inside");
            assert_eq!(first.status(), StatusCode::OK, "{name}");
            assert_eq!(first.headers()[CONTENT_TYPE], content_type(&name), "{name}");
            let known = HeaderMap::from_iter([(IF_NONE_MATCH, first.headers()[ETAG].clone())]);
            let again = page(Path(name.to_string()), known).await.expect("it is inside");
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{name}");
        }
    }

    #[tokio::test]
    async fn what_is_not_inside_is_not_found() {
        for path in ["", "ja", "ja/missing.html", "../Cargo.toml", "missing/"] {
            let answer = page(Path(path.to_owned()), HeaderMap::new()).await;
            assert!(matches!(answer, Err(Failure::NotFound)), "{path}");
        }
    }
}
