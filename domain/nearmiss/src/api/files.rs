//! Files over the API: photographs of reports, posters, a year's figures on paper and as a table.

use crate::actions;
use crate::document::figures_name;
use crate::model::{NearMissId, PhotoId};
use crate::pages::{MOST_POSTERS, figures_lines, figures_sheet, posters_set};
use crate::rules::Figures;
use crate::t;
use komainu_calendar::FiscalYear;
use komainu_inventory::AssetId;
use komainu_web::api::{Caller, FileBytes, Json, Path};
use komainu_web::{Failure, FieldErrors, Outcome, attachment, inline_file};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::YearPath;

/// A photograph of a report.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct PhotoPath {
    /// The near miss.
    id: NearMissId,
    /// The photograph.
    photo: PhotoId,
}

/// Which posters are made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NearMissPosters)]
pub struct PostersBody {
    /// Places of the ledger at which they hang.
    #[serde(default)]
    #[schema(max_items = 100)]
    places: Vec<AssetId>,
    /// One more, on which whoever reports writes the place.
    #[serde(default)]
    everywhere: bool,
}

/// A photograph of a report, without what the camera wrote into it
#[utoipa::path(get, path = "/near-misses/{id}/photos/{photo}", params(PhotoPath),
    responses((status = 200, content_type = "*/*", body = inline(FileBytes))))]
pub async fn near_miss_photo(caller: Caller, Path(path): Path<PhotoPath>) -> Outcome {
    let (scope, files) = (caller.scope.clone(), caller.app.files.clone());
    let (photo, bytes) = caller
        .read(move |tx| {
            let photo = actions::near_miss_photo(tx, &scope, path.id, path.photo)?;
            let bytes = files.get(scope.organisation(), &photo.file).map_err(Failure::internal)?;
            Ok((photo, bytes))
        })
        .await?;
    Ok(attachment(&photo.name, &photo.media_type, bytes))
}

/// Make posters, as PDF: each has a link of its own, whose secret stands on it alone; `/links` lists and withdraws them
#[utoipa::path(post, path = "/near-miss-posters", request_body = PostersBody,
    responses((status = 200, content_type = "application/pdf", body = inline(FileBytes))))]
pub async fn near_miss_posters(caller: Caller, Json(body): Json<PostersBody>) -> Outcome {
    let (lang, count) = (caller.lang, body.places.len() + usize::from(body.everywhere));
    if count == 0 || count > MOST_POSTERS {
        let mut faults = FieldErrors::default();
        faults.add("places", t!(lang, "poster-none-chosen", most = MOST_POSTERS.to_string()));
        faults.into_result()?;
    }
    let owner = owner(&caller).await?;
    let pdf = posters_set(&caller, &caller.scope, (body.places, body.everywhere), owner).await?;
    Ok(inline_file(&format!("{}.pdf", t!(lang, "posters-title")), "application/pdf", pdf))
}

/// A fiscal year in figures, as PDF
#[utoipa::path(get, path = "/near-miss-figures/{year}/paper", params(YearPath),
    responses((status = 200, content_type = "application/pdf", body = inline(FileBytes))))]
pub async fn near_miss_figures_paper(caller: Caller, Path(path): Path<YearPath>) -> Outcome {
    let figures = counted(&caller, path).await?;
    let owner = owner(&caller).await?;
    figures_sheet(&caller, figures, owner).await
}

/// A fiscal year in figures, as CSV in the caller's language
#[utoipa::path(get, path = "/near-miss-figures/{year}/csv", params(YearPath),
    responses((status = 200, content_type = "text/csv", body = inline(FileBytes))))]
pub async fn near_miss_figures_csv(caller: Caller, Path(path): Path<YearPath>) -> Outcome {
    let figures = counted(&caller, path).await?;
    let lines = figures_lines(caller.lang, &caller.app.catalog, &figures);
    Ok(attachment(&figures_name(caller.lang, &figures, "csv"), "text/csv; charset=utf-8", lines))
}

async fn owner(caller: &Caller) -> Result<String, Failure> {
    let scope = caller.scope.clone();
    caller.read(move |tx| Ok(komainu_institution::actions::institution_get(tx, &scope)?.name)).await
}

async fn counted(caller: &Caller, path: YearPath) -> Result<Figures, Failure> {
    let year = FiscalYear::try_from(path.year).map_err(|_| Failure::NotFound)?;
    let (scope, today) = (caller.scope.clone(), caller.app.nature.today());
    caller.read(move |tx| actions::figures_get(tx, &scope, (year, today))).await
}
