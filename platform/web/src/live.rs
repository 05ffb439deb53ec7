//! News for an open page: server-sent events that say no more than that something changed.

use crate::{Failure, Member, visit};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use komainu_access::{PersonId, Scope};
use komainu_db::Tx;
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often a page's version is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How long a stream lasts. Then the browser asks again, and is let in again or not.
const LAST: Duration = Duration::from_secs(300);

/// Most streams of one person, and of all: each looks at the database once a second.
const MOST: (usize, usize) = (20, 1_000);

/// How many streams each person has open.
#[derive(Clone, Default)]
pub(crate) struct Listeners(Arc<Mutex<HashMap<PersonId, usize>>>);

/// One of them; it is free again once this is dropped.
struct Listener(Listeners, PersonId);

impl Listeners {
    /// None where there are too many.
    fn open(&self, person: PersonId) -> Option<Listener> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (own, all) = (open.get(&person).copied().unwrap_or_default(), open.values().sum::<usize>());
        if own >= MOST.0 || all >= MOST.1 {
            return None;
        }
        open.insert(person, own + 1);
        Some(Listener(self.clone(), person))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut open = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = open.get_mut(&self.1) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                open.remove(&self.1);
            }
        }
    }
}

/// Tells a page whenever the number changes that `version` reads: an event named `news` with that number. Where it cannot
/// be read any more, or the program stops, the stream ends. Who has too many open gets none: the page is as it was loaded.
pub fn live(
    member: &Member,
    version: impl Fn(&mut Tx<'_>, &Scope) -> Result<i64, Failure> + Send + Sync + 'static,
) -> Response {
    let Some(listener) = member.app.listeners.open(member.scope.person()) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let state = State {
        _listener: listener,
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
    _listener: Listener,
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

#[cfg(test)]
mod tests {
    use super::*;
    use komainu_db::uuid::Uuid;

    #[test]
    fn nobody_listens_without_end() {
        let listeners = Listeners::default();
        let (one, other) = (PersonId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2)));
        let mut open: Vec<Listener> = (0..MOST.0).map_while(|_| listeners.open(one)).collect();
        assert_eq!((open.len(), listeners.open(one).is_none()), (MOST.0, true));
        assert!(listeners.open(other).is_some(), "others still may");
        open.pop();
        assert!(listeners.open(one).is_some(), "what is closed is free again");
        drop(open);
        assert!(listeners.0.lock().unwrap().is_empty());
    }
}
