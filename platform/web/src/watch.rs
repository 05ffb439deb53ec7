//! What is watched of every request: its number, its line in the log, its place in the figures.
//!
//! None of it tells who asked for what: routes stand by their pattern, without the ids and words in an address.

use crate::App;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;
use tracing::Instrument as _;

/// The header that names a request, in the answer and beside every line that the log has about it.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Upper bounds of the latency buckets, in seconds.
const BUCKETS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5, 10.0];
/// Where nothing is served.
const NO_ROUTE: &str = "none";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Served {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    method: &'static str,
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Pile {
    kind: String,
    state: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Connections {
    state: &'static str,
}

/// The program's figures; cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<Figures>);

struct Figures {
    registry: Registry,
    served: Family<Served, Counter>,
    took: Family<Asked, Histogram, fn() -> Histogram>,
    jobs: Family<Pile, Gauge>,
    connections: Family<Connections, Gauge>,
    memory: Gauge,
}

impl Default for Metrics {
    fn default() -> Metrics {
        let mut registry = Registry::with_prefix("komainu");
        let figures = Figures {
            served: Family::default(),
            took: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
            jobs: Family::default(),
            connections: Family::default(),
            memory: Gauge::default(),
            registry: Registry::default(),
        };
        registry.register("http_requests", "Requests answered, by route pattern", figures.served.clone());
        registry.register_with_unit(
            "http_request_duration",
            "Time to the first byte of the answer, by route pattern",
            Unit::Seconds,
            figures.took.clone(),
        );
        registry.register("jobs", "Background work, by kind and state", figures.jobs.clone());
        registry.register(
            "database_connections",
            "Connections of this node to its database",
            figures.connections.clone(),
        );
        registry.register_with_unit(
            "process_resident_memory",
            "Memory that the process occupies",
            Unit::Bytes,
            figures.memory.clone(),
        );
        Metrics(Arc::new(Figures { registry, ..figures }))
    }
}

impl Metrics {
    /// The figures as Prometheus reads them (`OpenMetrics` text), with the state of this moment: how many jobs stand where,
    /// by kind and state.
    pub fn text(&self, app: &App, jobs: &[(String, &'static str, i64)]) -> Result<String, std::fmt::Error> {
        self.0.jobs.clear();
        for (kind, state, count) in jobs {
            self.0.jobs.get_or_create(&Pile { kind: kind.clone(), state }).set(*count);
        }
        let pool = app.db.pool();
        for (state, count) in [("busy", pool.open - pool.idle), ("idle", pool.idle), ("limit", pool.limit)] {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            self.0.connections.get_or_create(&Connections { state }).set(count);
        }
        self.0.memory.set(resident_memory().unwrap_or_default());
        let mut text = String::new();
        text::encode(&mut text, &self.0.registry)?;
        Ok(text)
    }

    fn note(&self, method: &'static str, route: &str, status: u16, seconds: f64) {
        let route = route.to_owned();
        self.0.served.get_or_create(&Served { method, route: route.clone(), status }).inc();
        self.0.took.get_or_create(&Asked { method, route }).observe(seconds);
    }
}

/// Bytes of memory that the process occupies, as the kernel counts them.
fn resident_memory() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<i64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// The route's pattern, which tells nothing of who asked for what.
pub(crate) fn pattern(request: &Request) -> String {
    request.extensions().get::<MatchedPath>().map_or(NO_ROUTE, MatchedPath::as_str).to_owned()
}

/// The methods that routes have; anything else is a stranger's word, of which there could be any number.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}

/// Names the request, measures it, and tells the log about it.
pub(crate) async fn watch(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let (method, route) = (method_name(request.method()), pattern(&request));
    let id = app.nature.bytes::<8>().iter().fold(String::with_capacity(16), |mut id, byte| {
        // Writing to a String cannot fail.
        let _ = write!(id, "{byte:02x}");
        id
    });
    let span = tracing::info_span!("request", %id);
    let mut response = next.run(request).instrument(span.clone()).await;
    let (took, status) = (began.elapsed(), response.status().as_u16());
    span.in_scope(|| tracing::info!(method, route, status, ms = took.as_secs_f64() * 1000.0, "answered"));
    app.metrics.note(method, &route, status, took.as_secs_f64());
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}
