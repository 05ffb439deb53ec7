//! News for an open page: server-sent events that say no more than that something changed.

use crate::{Failure, Member, visit};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use komainu_access::Scope;
use komainu_db::Tx;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often a page's version is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How long a stream lasts. Then the browser asks again, and is let in again or not.
const LAST: Duration = Duration::from_secs(300);

/// Tells a page whenever the number changes that `version` reads: an event named `news` with that number. Where it cannot
/// be read any more, or the program stops, the stream ends.
pub fn live(
    member: &Member,
    version: impl Fn(&mut Tx<'_>, &Scope) -> Result<i64, Failure> + Send + Sync + 'static,
) -> Response {
    let state = State {
        app: member.app.clone(),
        scope: member.scope.clone(),
        version: Arc::new(version),
        until: Instant::now() + LAST,
        last: None,
    };
    let stream = futures_util::stream::unfold(state, |mut state| async move {
        let event = state.next().await?;
        Some((Ok::<_, Infallible>(event), state))
    });
    Sse::new(stream).keep_alive(KeepAlive::default()).into_response()
}

type Version = dyn Fn(&mut Tx<'_>, &Scope) -> Result<i64, Failure> + Send + Sync;

struct State {
    app: crate::App,
    scope: Scope,
    version: Arc<Version>,
    until: Instant,
    last: Option<i64>,
}

impl State {
    async fn next(&mut self) -> Option<Event> {
        let mut stopping = self.app.stopping();
        loop {
            let (version, scope) = (Arc::clone(&self.version), self.scope.clone());
            let now = visit::read(&self.app.db, move |tx| version(tx, &scope)).await.ok()?;
            if self.last.replace(now) != Some(now) {
                return Some(Event::default().event("news").data(now.to_string()));
            }
            if Instant::now() >= self.until {
                return None;
            }
            tokio::select! {
                _ = stopping.wait_for(|stop| *stop) => return None,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }
}
