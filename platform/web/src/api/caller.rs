//! Who calls, and the five things that a handler does for them: list, show, create, change, remove.

use super::answers::{Created, Naming};
use super::read::{Page, Paging};
use crate::{Conflict, Failure, Outcome, Refused, Visit};
use axum::extract::FromRequestParts;
use axum::http::header::{ETAG, HeaderValue};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use komainu_access::{Scope, Token};
use komainu_db::{Part, Tx};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::ops::Deref;

/// Another program, let in by its token.
#[derive(Clone)]
pub struct Caller {
    visit: Visit,
    /// On whose behalf it asks, in which organisation, with which of the role's permissions.
    pub scope: Scope,
    /// The token.
    pub token: Token,
    naming: Option<Naming>,
}

/// What an answer shows.
pub trait Resource: Serialize {
    /// Where it is, below [`super::BASE`]; for what can be created.
    fn place(&self) -> String {
        String::new()
    }

    /// Its version; none where changes to it cannot get in each other's way.
    fn version(&self) -> Option<i64> {
        None
    }

    /// The version as the header `ETag` shows it.
    fn etag(&self) -> Option<String> {
        self.version().map(|version| format!("\"{version}\""))
    }
}

impl Caller {
    pub(super) fn new(visit: Visit, scope: Scope, token: Token, naming: Option<Naming>) -> Caller {
        Caller { visit, scope, token, naming }
    }

    /// Answers with a part of a list. `key` is what the list is ordered by; `work` reads the part.
    pub async fn list<T: Serialize + Send + 'static, K: Serialize + DeserializeOwned + Send + 'static>(
        &self,
        paging: &Paging,
        key: impl Fn(&T) -> K,
        work: impl FnOnce(&mut Tx<'_>, &Caller, &Part<K>) -> Result<Vec<T>, Failure> + Send + 'static,
    ) -> Outcome {
        // One more than is shown tells whether there are more.
        let (after, limit) = (paging.key(self.lang)?, paging.limit());
        let part = Part { after, limit: i64::from(limit) + 1 };
        let caller = self.clone();
        let rows = self.read(move |tx| work(tx, &caller, &part)).await?;
        Ok(axum::Json(Page::new(rows, usize::from(limit), key)).into_response())
    }

    /// Answers with what is there.
    pub async fn show<T: Resource + Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>, &Caller) -> Result<T, Failure> + Send + 'static,
    ) -> Outcome {
        let caller = self.clone();
        let found = self.read(move |tx| work(tx, &caller)).await?;
        Ok(shown(&found))
    }

    /// Creates something and answers with it: once, where the request names itself, however often it is sent.
    pub async fn create<T: Resource>(
        &self,
        work: impl FnOnce(&mut Tx<'_>, &Caller) -> Result<T, Failure> + Send + 'static,
    ) -> Outcome {
        let caller = self.clone();
        let created = self.write(move |tx| {
            let (nature, scope, token) = (&caller.app.nature, &caller.scope, caller.token.id);
            if let Some(naming) = &caller.naming
                && let Some(answer) = naming.again(tx, nature, scope, token)?
            {
                return Ok(answer);
            }
            let answer = Created::new(&work(tx, &caller)?)?;
            if let Some(naming) = &caller.naming {
                naming.keep(tx, nature, scope, token, &answer)?;
            }
            Ok::<_, Failure>(answer)
        });
        Ok(created.await?.into_response())
    }

    /// Changes something and answers with how it is now.
    pub async fn change<T: Resource + Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>, &Caller) -> Result<T, Failure> + Send + 'static,
    ) -> Outcome {
        let caller = self.clone();
        let now = self.write(move |tx| work(tx, &caller)).await?;
        Ok(shown(&now))
    }

    /// Does something of which nothing is left to show.
    pub async fn remove(
        &self,
        work: impl FnOnce(&mut Tx<'_>, &Caller) -> Result<(), Failure> + Send + 'static,
    ) -> Outcome {
        let caller = self.clone();
        self.write(move |tx| work(tx, &caller)).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    }
}

fn shown(resource: &impl Resource) -> axum::response::Response {
    let mut headers = HeaderMap::new();
    if let Some(Ok(value)) = resource.etag().map(|tag| HeaderValue::from_str(&tag)) {
        headers.insert(ETAG, value);
    }
    (headers, axum::Json(resource)).into_response()
}

impl Deref for Caller {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        // Only the guard puts a caller here, after it asked for the permission.
        parts
            .extensions
            .get::<Caller>()
            .cloned()
            .ok_or_else(|| Failure::internal("a route without its guard"))
    }
}

impl Failure {
    /// The change was made to an older version; this is what is stored now.
    pub fn outdated(current: &impl Resource) -> Failure {
        serde_json::to_value(current)
            .map_or_else(Failure::internal, |value| Failure::Outdated(Box::new(value)))
    }
}

/// An action's conflict as the API tells it.
pub trait OrOutdated<T> {
    /// The outcome, with a conflict as [`Failure::Outdated`].
    fn or_outdated(self) -> Result<T, Failure>;
}

impl<T, R: Resource> OrOutdated<T> for Result<T, Refused<Conflict<R>>> {
    fn or_outdated(self) -> Result<T, Failure> {
        self.map_err(|refused| match refused {
            Refused::Because(Conflict(now)) => Failure::outdated(&*now),
            Refused::Failed(failure) => failure,
        })
    }
}
