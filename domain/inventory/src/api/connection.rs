//! Lines over the API.

use super::known::{control_texts, controls, fact_texts, facts};
use crate::actions::{self, ConnectionRefusal};
use crate::{Connection, ConnectionDetails, ConnectionId, End, Subject, pages, t};
use komainu_exposure::model::{ConnectionKind, Place};
use komainu_institution::parts::{LONG, SHORT, text};
use komainu_vendor::VendorId;
use komainu_web::api::{Caller, IfMatch, Json, OrOutdated as _, Page, Paging, Path, Query, Resource};
use komainu_web::{Conflict, Failure, FieldErrors, Form, Outcome, Refused};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What is sent about a line.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectionBody {
    /// What it is: `lan_segment`, `internet`, `vpn`, `ip_vpn`, `ipsec_ike`, `remote_maintenance`, `lte_router`,
    /// `file_share`, `remote_desktop`, `dicom`, `hl7`, `removable_media`, `shared_credential`, `backup_job` or `cloud`.
    kind: String,
    /// What it is called.
    #[serde(default)]
    #[schema(max_length = 100)]
    name: String,
    /// The end that opens it: `internet`, or `vendor:`, `asset:` or `system:` and an id.
    from: String,
    /// The end that answers, written in the same way.
    to: String,
    /// Whether either end may open it.
    #[serde(default)]
    both_ways: bool,
    /// Who looks after it.
    vendor: Option<VendorId>,
    /// What is known of it, by code: `protocol`, `how_to_cut` and so on. A day is `2026-04-01`.
    #[serde(default)]
    facts: BTreeMap<String, String>,
    /// What stands in an attacker's way, by code (`source_limited`, `two_factor` and so on): `present`, `absent` or
    /// `unknown`.
    #[serde(default)]
    controls: BTreeMap<String, String>,
    /// Anything else.
    #[serde(default)]
    #[schema(max_length = 2000)]
    note: String,
}

/// A line.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConnectionView {
    /// Its id.
    id: ConnectionId,
    /// What it is.
    kind: String,
    /// What it is called; may be empty.
    name: String,
    /// The end that opens it: `internet`, or `vendor:`, `asset:` or `system:` and an id.
    from: String,
    /// The end that answers.
    to: String,
    /// Whether either end may open it.
    both_ways: bool,
    /// Who looks after it.
    vendor: Option<VendorId>,
    /// What is known of it, by code.
    facts: BTreeMap<String, String>,
    /// What stands in an attacker's way, by code: `present` or `absent`. What is not named, nobody has said.
    controls: BTreeMap<String, String>,
    /// Anything else.
    note: String,
    /// Grows by one with each change.
    version: i64,
}

impl From<Connection> for ConnectionView {
    fn from(line: Connection) -> ConnectionView {
        let Connection { id, details, version } = line;
        ConnectionView {
            id,
            kind: details.kind.code().to_owned(),
            name: details.name,
            from: details.from.to_string(),
            to: details.to.to_string(),
            both_ways: details.both_ways,
            vendor: details.vendor,
            facts: fact_texts(&details.facts),
            controls: control_texts(&details.controls),
            note: details.note,
            version,
        }
    }
}

impl Resource for ConnectionView {
    fn place(&self) -> String {
        format!("/connections/{}", self.id)
    }

    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

fn details(caller: &Caller, body: &ConnectionBody) -> Result<ConnectionDetails, Failure> {
    let (lang, form) = (caller.lang, Form::of(body)?);
    let mut faults = FieldErrors::default();
    let kind = body.kind.parse::<ConnectionKind>();
    if kind.is_err() {
        faults.add("kind", t!(lang, "code-unknown", code = body.kind.as_str()));
    }
    let (from, to) = (body.from.parse::<End>(), body.to.parse::<End>());
    for (field, end) in [("from", from), ("to", to)] {
        if end.is_err() {
            faults.add(field, t!(lang, "end-unknown"));
        }
    }
    let (Ok(kind), Ok(from), Ok(to)) = (kind, from, to) else { return Err(Failure::Invalid(faults)) };
    let e = &mut faults;
    let details = ConnectionDetails {
        name: text(&form, lang, e, "name", SHORT, false),
        kind,
        from,
        to,
        both_ways: body.both_ways,
        vendor: body.vendor,
        facts: facts(lang, &body.facts, Subject::Connection(kind), e),
        controls: controls(lang, &body.controls, Some(Place::Connection), e),
        note: text(&form, lang, e, "note", LONG, false),
    };
    faults.into_result().map(|()| details)
}

/// A refusal as the API tells it: at its field, or with what is stored now.
fn told(caller: &Caller, refused: Refused<ConnectionRefusal>) -> Failure {
    match refused {
        Refused::Because(ConnectionRefusal::Conflict(now)) => Failure::outdated(&ConnectionView::from(*now)),
        Refused::Because(refusal) => {
            let (field, words) = pages::connection_refusal(caller.lang, &refusal);
            let mut faults = FieldErrors::default();
            faults.add(field, words);
            Failure::Invalid(faults)
        }
        Refused::Failed(failure) => failure,
    }
}

/// The lines, in the order of their ids
#[utoipa::path(get, path = "/connections", params(Paging),
    responses((status = 200, body = Page<ConnectionView>)))]
pub async fn connections(caller: Caller, Query(paging): Query<Paging>) -> Outcome {
    let key = |line: &ConnectionView| line.id;
    caller
        .list(&paging, key, |tx, at, part| {
            let part = actions::connections_part(tx, &at.scope, part)?;
            Ok(part.into_iter().map(ConnectionView::from).collect())
        })
        .await
}

/// One line
#[utoipa::path(get, path = "/connections/{id}", params(ConnectionId),
    responses((status = 200, body = ConnectionView)))]
pub async fn connection_get(caller: Caller, Path(id): Path<ConnectionId>) -> Outcome {
    caller.show(move |tx, at| actions::connection_get(tx, &at.scope, id).map(ConnectionView::from)).await
}

/// Add a line
#[utoipa::path(post, path = "/connections", request_body = ConnectionBody,
    responses((status = 201, body = ConnectionView)))]
pub async fn connection_add(caller: Caller, Json(body): Json<ConnectionBody>) -> Outcome {
    let new = details(&caller, &body)?;
    caller
        .create(move |tx, at| {
            let added = actions::connection_add(tx, &at.app.nature, &at.scope, &new);
            let id = added.map_err(|refused| told(at, refused))?;
            actions::connection_get(tx, &at.scope, id).map(ConnectionView::from)
        })
        .await
}

/// Change a line: everything about it is replaced
#[utoipa::path(put, path = "/connections/{id}", params(ConnectionId, IfMatch), request_body = ConnectionBody,
    responses((status = 200, body = ConnectionView)))]
pub async fn connection_change(
    caller: Caller,
    Path(id): Path<ConnectionId>,
    IfMatch(version): IfMatch,
    Json(body): Json<ConnectionBody>,
) -> Outcome {
    let new = details(&caller, &body)?;
    caller
        .change(move |tx, at| {
            actions::connection_change(tx, &at.app.nature, &at.scope, id, version, &new)
                .map_err(|refused| told(at, refused))?;
            actions::connection_get(tx, &at.scope, id).map(ConnectionView::from)
        })
        .await
}

/// Remove a line
#[utoipa::path(delete, path = "/connections/{id}", params(ConnectionId, IfMatch), responses((status = 204)))]
pub async fn connection_remove(
    caller: Caller,
    Path(id): Path<ConnectionId>,
    IfMatch(version): IfMatch,
) -> Outcome {
    caller
        .remove(move |tx, at| {
            let removed = actions::connection_remove(tx, &at.app.nature, &at.scope, id, version);
            removed.map_err(viewed).or_outdated()
        })
        .await
}

/// A conflict with what is stored now as the API shows it.
fn viewed(refused: Refused<Conflict<Connection>>) -> Refused<Conflict<ConnectionView>> {
    match refused {
        Refused::Because(Conflict(now)) => Refused::Because(Conflict(Box::new(ConnectionView::from(*now)))),
        Refused::Failed(failure) => Refused::Failed(failure),
    }
}
