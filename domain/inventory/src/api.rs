//! The ledger over the API. Here systems; things, lines and how far the ledger is filled stand in their own rooms.

mod asset;
mod completeness;
mod connection;
mod known;

// The routes' table finds each handler here, with the description that its macro makes beside it.
pub use asset::*;
pub use completeness::*;
pub use connection::*;

use crate::{Hosting, SystemDetails, SystemId, SystemRecord, actions, other_kind, pages, t};
use komainu_vendor::VendorId;
use komainu_web::api::{Caller, IfMatch, Json, OrOutdated as _, Page, Paging, Path, Query, Resource};
use komainu_web::{Failure, Form, Outcome};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is sent about a system.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemBody {
    /// A kind of the catalogue, or `other`.
    kind: String,
    /// Its name; left empty, that of its kind.
    #[serde(default)]
    #[schema(max_length = 100)]
    name: String,
    /// Where it stands.
    #[serde(default)]
    #[schema(max_length = 100)]
    place: String,
    /// Where it runs.
    #[serde(default)]
    hosting: Hosting,
    /// Who supports it; null where nobody does or nobody knows.
    vendor: Option<VendorId>,
    /// Whether somebody enters from outside for maintenance; null where nobody knows.
    #[serde(rename(serialize = "remote"))]
    remote_maintenance: Option<bool>,
    /// Whether a contract makes security updates the vendor's duty; null where nobody knows.
    #[serde(rename(serialize = "updates"))]
    updates_by_vendor: Option<bool>,
    /// Anything else.
    #[serde(default)]
    #[schema(max_length = 2000)]
    note: String,
}

impl Resource for SystemRecord {
    fn place(&self) -> String {
        format!("/systems/{}", self.id)
    }

    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

fn details(caller: &Caller, body: &SystemBody) -> Result<SystemDetails, Failure> {
    let (details, mut faults) = pages::read(caller, &Form::of(body)?);
    // A form offers only kinds that there are.
    if details.kind.as_str() != body.kind {
        faults.add("kind", t!(caller.lang, "system-kind-unknown", other = other_kind().to_string()));
    }
    faults.into_result().map(|()| details)
}

/// The systems, in the order they were added
#[utoipa::path(get, path = "/systems", params(Paging), responses((status = 200, body = Page<SystemRecord>)))]
pub async fn systems(caller: Caller, Query(paging): Query<Paging>) -> Outcome {
    let key = |system: &SystemRecord| system.id;
    caller.list(&paging, key, |tx, at, part| actions::systems_part(tx, &at.scope, part)).await
}

/// One system
#[utoipa::path(get, path = "/systems/{id}", params(SystemId), responses((status = 200, body = SystemRecord)))]
pub async fn system_get(caller: Caller, Path(id): Path<SystemId>) -> Outcome {
    caller.show(move |tx, at| actions::system_get(tx, &at.scope, id)).await
}

/// Add a system
#[utoipa::path(post, path = "/systems", request_body = SystemBody, responses((status = 201, body = SystemRecord)))]
pub async fn system_add(caller: Caller, Json(body): Json<SystemBody>) -> Outcome {
    let new = details(&caller, &body)?;
    caller
        .create(move |tx, at| {
            let id = actions::system_add(tx, &at.app.nature, &at.scope, &new)?;
            actions::system_get(tx, &at.scope, id)
        })
        .await
}

/// Change a system: everything about it is replaced
#[utoipa::path(put, path = "/systems/{id}", params(SystemId, IfMatch), request_body = SystemBody,
    responses((status = 200, body = SystemRecord)))]
pub async fn system_change(
    caller: Caller,
    Path(id): Path<SystemId>,
    IfMatch(version): IfMatch,
    Json(body): Json<SystemBody>,
) -> Outcome {
    let new = details(&caller, &body)?;
    caller
        .change(move |tx, at| {
            actions::system_change(tx, &at.app.nature, &at.scope, id, version, &new).or_outdated()?;
            actions::system_get(tx, &at.scope, id)
        })
        .await
}

/// Remove a system
#[utoipa::path(delete, path = "/systems/{id}", params(SystemId, IfMatch), responses((status = 204)))]
pub async fn system_remove(caller: Caller, Path(id): Path<SystemId>, IfMatch(version): IfMatch) -> Outcome {
    caller
        .remove(move |tx, at| {
            actions::system_remove(tx, &at.app.nature, &at.scope, id, version).or_outdated()
        })
        .await
}
