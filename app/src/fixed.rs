//! What belongs to no domain: style and scripts, health, the licence.

use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use komainu_db::{DbError, Tx};
use komainu_web::{App, Failure, Guest, Outcome};

/// Less room than this on the disk of the data folder, in bytes, is none.
const ROOM: u64 = 64 * 1024 * 1024;

/// `GET /healthz`: the process answers.
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the process can work, or a line for each thing that keeps it from that.
pub(crate) async fn ready(State(app): State<App>) -> Outcome {
    let faults = tokio::task::spawn_blocking(move || faults(&app)).await.map_err(Failure::internal)?;
    Ok(if faults.is_empty() {
        "ready\n".into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, faults.join("\n") + "\n").into_response()
    })
}

fn schema_is_current(tx: &mut Tx<'_>) -> Result<bool, DbError> {
    tx.schema_is_current()
}

fn faults(app: &App) -> Vec<&'static str> {
    let schema = match app.db.read(schema_is_current) {
        Ok(true) => None,
        Ok(false) => Some("database: the schema belongs to another version of the program"),
        Err(_) => Some("database: it does not answer"),
    };
    let disk = match app.files.room() {
        Ok(room) if room >= ROOM => None,
        Ok(_) => Some("disk: the data folder's disk is full"),
        Err(_) => Some("disk: the data folder cannot be reached"),
    };
    schema.into_iter().chain(disk).collect()
}

/// `GET /metrics`: figures for Prometheus; for programs on this computer, or for whoever knows the word.
pub(crate) async fn metrics(State(app): State<App>, request: Request) -> Outcome {
    let allowed = match &app.settings.metrics_token {
        None => komainu_web::from_this_computer(request.extensions(), request.headers()),
        Some(token) => request
            .headers()
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
            .is_some_and(|word| token.matches(word)),
    };
    if !allowed {
        return Err(Failure::NotFound);
    }
    let text = tokio::task::spawn_blocking(move || {
        let jobs = app.db.read(komainu_jobs::piles)?;
        let jobs: Vec<_> = jobs.into_iter().map(|pile| (pile.kind, pile.state.code(), pile.count)).collect();
        app.metrics.text(&app, &jobs).map_err(Failure::internal)
    });
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(CONTENT_TYPE, kind)], text.await.map_err(Failure::internal)??).into_response())
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

/// How far below its own address, or above it, a worker may mind.
const WORKER_ALLOWED: HeaderName = HeaderName::from_static("service-worker-allowed");

/// `GET /worker.js`: what stays in a browser to open the page of a poster without a network, and to be told something. A
/// browser asks for it under this one name, so each time it asks whether there is a newer one.
pub(crate) async fn worker(headers: HeaderMap) -> Outcome {
    let asset = komainu_assets::named("worker.js").ok_or(Failure::NotFound)?;
    let mut response = embedded(asset, &headers);
    let own = response.headers_mut();
    own.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    own.insert(WORKER_ALLOWED, HeaderValue::from_static("/"));
    Ok(response)
}

/// `GET /licence`: under what terms, and where the source is.
pub(crate) async fn licence(_: Guest) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], include_str!("../../LICENSE"))
}
