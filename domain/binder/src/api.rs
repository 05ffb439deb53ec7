//! Inspection packs over the API: order, watch, stop, fetch.

use crate::actions::{self, made};
use crate::model::{Made, Order, PackForm, STEPS};
use axum::response::IntoResponse as _;
use chrono::{DateTime, Utc};
use komainu_i18n::Lang;
use komainu_jobs::{Job, JobId};
use komainu_web::api::{Caller, FileBytes, Json, Path, Resource};
use komainu_web::{Failure, Outcome, attachment};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An ordered pack.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Pack)]
pub struct PackShown {
    id: JobId,
    /// The fiscal year by its first calendar year.
    fiscal_year: i32,
    /// `ja`, `en` or `zh`.
    #[schema(value_type = String)]
    language: Lang,
    form: PackForm,
    /// `waiting`, `running`, `done`, `failed` or `cancelled`.
    state: &'static str,
    /// Steps done.
    step: i64,
    /// Steps there are.
    steps: i64,
    asked_at: DateTime<Utc>,
    asked_by_name: String,
    /// The file, once it is made.
    file: Option<PackFile>,
}

/// A finished pack.
#[derive(Debug, Serialize, ToSchema)]
pub struct PackFile {
    name: String,
    /// SHA-256 of the file.
    digest: String,
    /// Its size in bytes.
    size: usize,
    /// Pages of the PDF.
    pages: Option<usize>,
    /// Evidence that could not be put in, by name.
    left_out: Vec<String>,
}

/// The newest packs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Packs {
    items: Vec<PackShown>,
}

/// What to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PackBody {
    /// The fiscal year by its first calendar year; one that has a round.
    fiscal_year: i32,
    /// `ja`, `en` or `zh`.
    #[schema(value_type = String, pattern = "^(ja|en|zh)$")]
    language: Lang,
    form: PackForm,
}

impl Resource for Packs {}

impl Resource for PackShown {
    fn place(&self) -> String {
        format!("/packs/{}", self.id)
    }
}

impl From<Made> for PackFile {
    fn from(made: Made) -> Self {
        let Made { digest, name, size, pages, left_out } = made;
        PackFile { name, digest, size, pages, left_out }
    }
}

impl From<(Job, Order)> for PackShown {
    fn from((job, order): (Job, Order)) -> Self {
        PackShown {
            id: job.id,
            fiscal_year: order.fiscal_year,
            language: order.lang,
            form: order.form,
            state: job.state.code(),
            step: job.step,
            steps: STEPS,
            asked_at: job.created_at,
            asked_by_name: job.scope.person_name().to_owned(),
            file: made(&job).map(PackFile::from),
        }
    }
}

/// The newest packs
#[utoipa::path(get, path = "/packs", responses((status = 200, body = Packs)))]
pub async fn packs(caller: Caller) -> Outcome {
    caller
        .show(|tx, at| {
            let packs = actions::packs(tx, &at.scope)?;
            Ok(Packs { items: packs.into_iter().map(PackShown::from).collect() })
        })
        .await
}

/// Order a pack; it is made in the background, with the permissions of this token
#[utoipa::path(post, path = "/packs", request_body = PackBody, responses((status = 201, body = PackShown)))]
pub async fn pack_order(caller: Caller, Json(body): Json<PackBody>) -> Outcome {
    let PackBody { fiscal_year, language, form } = body;
    caller
        .create(move |tx, at| {
            let order = Order { fiscal_year, lang: language, form };
            let id = actions::pack_order(tx, &at.app.nature, &at.scope, order)?;
            actions::pack_find(tx, &at.scope, id).map(PackShown::from)
        })
        .await
}

/// One pack, to watch it being made
#[utoipa::path(get, path = "/packs/{id}", params(JobId), responses((status = 200, body = PackShown)))]
pub async fn pack_get(caller: Caller, Path(id): Path<JobId>) -> Outcome {
    caller.show(move |tx, at| actions::pack_find(tx, &at.scope, id).map(PackShown::from)).await
}

/// Stop the making of a pack
#[utoipa::path(post, path = "/packs/{id}/cancel", params(JobId), responses((status = 200, body = PackShown)))]
pub async fn pack_cancel(caller: Caller, Path(id): Path<JobId>) -> Outcome {
    caller
        .change(move |tx, at| {
            actions::pack_cancel(tx, &at.app.nature, &at.scope, id)?;
            actions::pack_find(tx, &at.scope, id).map(PackShown::from)
        })
        .await
}

/// The file of a finished pack
#[utoipa::path(get, path = "/packs/{id}/file", params(JobId),
    responses((status = 200, content_type = "*/*", body = inline(FileBytes))))]
pub async fn pack_file(caller: Caller, Path(id): Path<JobId>) -> Outcome {
    let (scope, files) = (caller.scope.clone(), caller.app.files.clone());
    let (made, form, bytes) = caller
        .read(move |tx| {
            let (job, order) = actions::pack_find(tx, &scope, id)?;
            let made = made(&job).ok_or(Failure::NotFound)?;
            let bytes = files.get(scope.organisation(), &made.digest).map_err(Failure::internal)?;
            Ok((made, order.form, bytes))
        })
        .await?;
    Ok(attachment(&made.name, form.media_type(), bytes).into_response())
}
