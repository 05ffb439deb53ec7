//! Evidence of a row: files and records.

use super::RowPath;
use super::rows::closed;
use crate::actions::{self, EvidenceRefusal, round_by_key};
use crate::model::{Evidence, EvidenceId, EvidenceTarget, RoundId};
use crate::pages::{evidence_refusal, sealed};
use axum::body::Bytes;
use chrono::{DateTime, Utc};
use komainu_catalog::PlacementId;
use komainu_db::Tx;
use komainu_web::api::{Caller, FileBytes, Json, Path, Query, Resource};
use komainu_web::{Failure, Outcome, Refused};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A piece of evidence of a row.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Evidence)]
pub struct EvidenceShown {
    id: EvidenceId,
    round: RoundId,
    /// The row it belongs to.
    #[schema(value_type = String)]
    row: PlacementId,
    /// `file`, `system`, `vendor` or `contact`.
    kind: &'static str,
    /// A file's SHA-256, or the record's id.
    target: String,
    /// The file's name, or the record's name at the time.
    name: String,
    /// Size of a file in bytes; 0 for a record.
    size: i64,
    /// Media type of a file; empty for a record.
    media_type: String,
    added_at: DateTime<Utc>,
    added_by_name: String,
}

/// The evidence of a row, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvidenceList {
    items: Vec<EvidenceShown>,
}

/// How a file is called.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FileName {
    /// Its name; where the ending does not fit the content, the right one is put behind it.
    #[param(max_length = 200)]
    name: String,
}

/// What is already here and is evidence too.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkBody {
    /// `file`, `system`, `vendor` or `contact`.
    kind: String,
    /// A file's SHA-256, or the record's id.
    target: String,
}

impl Resource for EvidenceShown {
    fn place(&self) -> String {
        format!("/evidence/{}", self.id)
    }
}

impl Resource for EvidenceList {}

impl From<Evidence> for EvidenceShown {
    fn from(evidence: Evidence) -> Self {
        EvidenceShown {
            id: evidence.id,
            round: evidence.round,
            row: evidence.placement,
            kind: evidence.target.kind(),
            target: evidence.target.key(),
            name: evidence.name,
            size: evidence.size,
            media_type: evidence.media_type,
            added_at: evidence.added_at,
            added_by_name: evidence.added_by_name,
        }
    }
}

fn refused(at: &Caller, refused: Refused<EvidenceRefusal>) -> Failure {
    match refused {
        Refused::Because(EvidenceRefusal::Closed) => closed(at),
        Refused::Because(reason) => Failure::Refused(evidence_refusal(at.lang, reason)),
        Refused::Failed(failure) => failure,
    }
}

/// The piece of a row that is this very thing.
fn held(
    tx: &mut Tx<'_>,
    at: &Caller,
    (round, row): (RoundId, &PlacementId),
    target: &EvidenceTarget,
) -> Result<EvidenceShown, Failure> {
    let all = actions::evidence_of_row(tx, &at.scope, round, row)?;
    all.into_iter().find(|one| one.target == *target).map(EvidenceShown::from).ok_or(Failure::NotFound)
}

/// The evidence of a row
#[utoipa::path(get, path = "/rounds/{year}/{form}/rows/{row}/evidence", params(RowPath),
    responses((status = 200, body = EvidenceList)))]
pub async fn evidence(caller: Caller, Path(path): Path<RowPath>) -> Outcome {
    caller
        .show(move |tx, at| {
            let round = round_by_key(tx, &at.scope, path.year, path.form)?;
            let all = actions::evidence_of_row(tx, &at.scope, round.id, &path.row)?;
            Ok(EvidenceList { items: all.into_iter().map(EvidenceShown::from).collect() })
        })
        .await
}

/// Hand in a file of up to 25 MB as evidence of a row
///
/// PDF, pictures, Office files and text, told by their content. The same file twice is one piece.
#[utoipa::path(post, path = "/rounds/{year}/{form}/rows/{row}/evidence", params(RowPath, FileName),
    request_body(content = inline(FileBytes), content_type = "application/octet-stream"),
    responses((status = 201, body = EvidenceShown)))]
pub async fn evidence_add(
    caller: Caller,
    Path(path): Path<RowPath>,
    Query(file): Query<FileName>,
    bytes: Bytes,
) -> Outcome {
    caller
        .create(move |tx, at| {
            let round = round_by_key(tx, &at.scope, path.year, path.form)?;
            let (row, app) = ((round.id, &path.row), &at.app);
            let file = (file.name.as_str(), bytes.as_ref());
            let (nature, catalog) = (&app.nature, &app.catalog);
            let target = actions::evidence_add_file(tx, nature, &at.scope, catalog, &app.files, row, file)
                .map_err(|reason| refused(at, reason))?;
            held(tx, at, row, &target)
        })
        .await
}

/// Take a record of the ledger, or a file that is here already, as evidence of a row
#[utoipa::path(post, path = "/rounds/{year}/{form}/rows/{row}/evidence/links", params(RowPath),
    request_body = LinkBody, responses((status = 201, body = EvidenceShown)))]
pub async fn evidence_link(caller: Caller, Path(path): Path<RowPath>, Json(body): Json<LinkBody>) -> Outcome {
    caller
        .create(move |tx, at| {
            let round = round_by_key(tx, &at.scope, path.year, path.form)?;
            let target = EvidenceTarget::parse(&body.kind, &body.target);
            let target =
                target.map_err(|_| Failure::Refused(evidence_refusal(at.lang, EvidenceRefusal::NoRecord)))?;
            let (row, nature, catalog) = ((round.id, &path.row), &at.app.nature, &at.app.catalog);
            actions::evidence_add_record(tx, nature, &at.scope, catalog, row, &target)
                .map_err(|reason| refused(at, reason))?;
            held(tx, at, row, &target)
        })
        .await
}

/// One piece of evidence
#[utoipa::path(get, path = "/evidence/{id}", params(EvidenceId), responses((status = 200, body = EvidenceShown)))]
pub async fn evidence_get(caller: Caller, Path(id): Path<EvidenceId>) -> Outcome {
    caller.show(move |tx, at| actions::evidence_get(tx, &at.scope, id).map(EvidenceShown::from)).await
}

/// The file of a piece of evidence
#[utoipa::path(get, path = "/evidence/{id}/file", params(EvidenceId),
    responses((status = 200, content_type = "*/*", body = inline(FileBytes))))]
pub async fn evidence_file(caller: Caller, Path(id): Path<EvidenceId>) -> Outcome {
    let (scope, files) = (caller.scope.clone(), caller.app.files.clone());
    let (evidence, bytes) = caller.read(move |tx| actions::evidence_bytes(tx, &scope, &files, id)).await?;
    Ok(sealed(&evidence, bytes))
}

/// Take a piece off its row; the file stays in the house
#[utoipa::path(delete, path = "/evidence/{id}", params(EvidenceId), responses((status = 204)))]
pub async fn evidence_remove(caller: Caller, Path(id): Path<EvidenceId>) -> Outcome {
    caller
        .remove(move |tx, at| {
            actions::evidence_remove(tx, &at.app.nature, &at.scope, id)
                .map(drop)
                .map_err(|reason| refused(at, reason))
        })
        .await
}
