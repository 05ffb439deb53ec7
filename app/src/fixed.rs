//! What belongs to no domain: style and scripts, health, the guide, the licence.

use axum::extract::Path;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use komainu_web::{Failure, Guest, Outcome};

/// `GET /healthz`: the process answers.
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

/// `GET /assets/{name}`: style, scripts and pictures, named by their content and kept for a year.
pub(crate) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Outcome {
    let asset = komainu_assets::get(&name).ok_or(Failure::NotFound)?;
    Ok(embedded(&asset, &headers, "public, max-age=31536000, immutable"))
}

fn embedded(asset: &komainu_assets::Asset, headers: &HeaderMap, keep: &'static str) -> Response {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    if text(IF_NONE_MATCH) == asset.etag {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let mut response = if text(ACCEPT_ENCODING).contains("gzip")
        && let Some(gzip) = asset.gzip
    {
        ([(CONTENT_ENCODING, "gzip")], gzip).into_response()
    } else {
        asset.bytes.into_response()
    };
    let own = response.headers_mut();
    for (name, value) in [(CONTENT_TYPE, asset.content_type), (CACHE_CONTROL, keep), (ETAG, asset.etag.as_str())] {
        if let Ok(value) = HeaderValue::from_str(value) {
            own.insert(name, value);
        }
    }
    response
}

/// `GET /licence`: under what terms, and where the source is.
pub(crate) async fn licence(_: Guest) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], include_str!("../../LICENSE"))
}
