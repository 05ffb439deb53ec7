//! The bare servers: no session, no template, no log.

use crate::postgres::Postgres;
use crate::script::Request;
use crate::sqlite::Sqlite;
use crate::{Trouble, script};
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, get, on};
use axum::serve::ListenerExt as _;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Serves `/hello`.
pub(crate) fn hello() -> Result<(), Trouble> {
    serve(Router::new())
}

/// Serves `/hello` and the requests of the script on standard input: each runs its statements on the database and answers
/// what the program answered.
pub(crate) fn bare(database: &str) -> Result<(), Trouble> {
    let mut router = Router::new();
    let side = Side::open(database)?;
    for request in script::read()? {
        let filter = match request.method.as_str() {
            "GET" => MethodFilter::GET,
            "PUT" => MethodFilter::PUT,
            other => return Err(format!("a request with {other}").into()),
        };
        let path = request.path.clone();
        let (side, answer) = (side.clone(), Arc::new(Answer::new(request)?));
        router = router.route(&path, on(filter, move || answered(side.clone(), answer.clone())));
    }
    serve(router)
}

/// Listens on a free port, which it tells as the program does.
fn serve(router: Router) -> Result<(), Trouble> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        println!("http://{}", listener.local_addr()?);
        // Otherwise the end of a long answer may wait for an acknowledgement.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        Ok(axum::serve(listener, router.route("/hello", get(|| async { "hello" }))).await?)
    })
}

#[derive(Clone)]
enum Side {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

impl Side {
    fn open(database: &str) -> Result<Side, Trouble> {
        Ok(match database.strip_prefix("sqlite:") {
            Some(path) => Side::Sqlite(Arc::new(Sqlite::open(path)?)),
            None => Side::Postgres(Arc::new(Postgres::open(database)?)),
        })
    }
}

struct Answer {
    request: Request,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn new(request: Request) -> Result<Answer, Trouble> {
        let mut headers = HeaderMap::new();
        for (name, value) in &request.headers {
            headers.append(name.parse::<HeaderName>()?, value.parse::<HeaderValue>()?);
        }
        let body = request.body.clone().into();
        Ok(Answer { request, headers, body })
    }
}

async fn answered(side: Side, answer: Arc<Answer>) -> Response {
    let ran = match side {
        Side::Sqlite(sqlite) => {
            let answer = answer.clone();
            let ran = tokio::task::spawn_blocking(move || sqlite.run(&answer.request)).await;
            ran.unwrap_or_else(|error| Err(error.into()))
        }
        Side::Postgres(postgres) => postgres.run(&answer.request).await,
    };
    match ran {
        Ok(()) => (answer.headers.clone(), answer.body.clone()).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
