//! What belongs to no domain: style and scripts, health, the licence.

use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use komainu_web::{Failure, Guest, Outcome};

/// `GET /healthz`: the process answers.
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

/// `GET /assets/{name}`: style, scripts and pictures, named by their content and kept for a year.
pub(crate) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Outcome {
    let asset = komainu_assets::asset(&name).ok_or(Failure::NotFound)?;
    Ok(embedded(asset, &headers))
}

fn embedded(asset: &'static komainu_assets::Asset, headers: &HeaderMap) -> Response {
    let text =
        |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    let gzip = asset.gzip.as_ref().filter(|_| text(ACCEPT_ENCODING).contains("gzip"));
    let tag = if gzip.is_some() { &asset.gzip_etag } else { &asset.etag };
    let mut response = if text(IF_NONE_MATCH) == tag {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(Bytes::from_static(gzip.unwrap_or(&asset.bytes))).into_response()
    };
    let own = response.headers_mut();
    if gzip.is_some() {
        own.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    own.insert(VARY, HeaderValue::from_static("accept-encoding"));
    own.insert(CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    own.insert(CACHE_CONTROL, HeaderValue::from_static(komainu_assets::CACHE_CONTROL));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        own.insert(ETAG, tag);
    }
    response
}

/// `GET /licence`: under what terms, and where the source is.
pub(crate) async fn licence(_: Guest) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], include_str!("../../LICENSE"))
}
