//! Measures over the API.

use crate::actions;
use crate::model::{Measure, MeasureDetail, MeasureId, MeasureState, NearMissId};
use crate::pages::result_text;
use chrono::{DateTime, NaiveDate, Utc};
use komainu_access::PersonId;
use komainu_institution::parts::{LONG, text};
use komainu_web::api::{Caller, Day, IfMatch, Json, Page, Paging, Path, Query, Resource};
use komainu_web::{Conflict, Failure, FieldErrors, Form, Outcome, Refused};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A measure.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NearMissMeasure)]
pub struct MeasureShown {
    id: MeasureId,
    near_miss: NearMissId,
    detail: MeasureDetail,
    owner: Option<PersonId>,
    owner_name: String,
    due_on: Option<NaiveDate>,
    state: MeasureState,
    settled_at: Option<DateTime<Utc>>,
    settled_by_name: String,
    version: i64,
}

/// A new measure.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NearMissMeasureBody)]
pub struct MeasureBody {
    #[schema(max_length = 2000)]
    what: String,
    /// A member who does it.
    #[serde(default)]
    owner: Option<PersonId>,
    #[serde(default)]
    #[serde(skip_serializing)]
    due_on: Option<Day>,
}

/// What became of a measure.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NearMissMeasureSettled)]
pub struct SettleBody {
    state: MeasureState,
    /// What came of it; why it is given up or open again, which must be said.
    #[serde(default)]
    #[schema(max_length = 2000)]
    result: String,
}

impl Resource for MeasureShown {
    fn place(&self) -> String {
        format!("/near-misses/{}", self.near_miss)
    }

    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl From<Measure> for MeasureShown {
    fn from(measure: Measure) -> Self {
        MeasureShown {
            id: measure.id,
            near_miss: measure.near_miss,
            detail: measure.detail,
            owner: measure.owner,
            owner_name: measure.owner_name,
            due_on: measure.due_on,
            state: measure.state,
            settled_at: measure.settled_at,
            settled_by_name: measure.settled_by_name,
            version: measure.version,
        }
    }
}

/// Add a measure
#[utoipa::path(post, path = "/near-misses/{id}/measures", params(NearMissId), request_body = MeasureBody,
    responses((status = 201, body = MeasureShown)))]
pub async fn near_miss_measure_add(
    caller: Caller,
    Path(id): Path<NearMissId>,
    Json(body): Json<MeasureBody>,
) -> Outcome {
    let (form, mut faults) = (Form::of(&body)?, FieldErrors::default());
    let what = text(&form, caller.lang, &mut faults, "what", LONG, true);
    faults.into_result()?;
    let due = body.due_on.map(|day| day.0);
    caller
        .create(move |tx, at| {
            let wish = (what.as_str(), body.owner, due);
            let made = actions::measure_add(tx, &at.app.nature, &at.scope, id, wish)?;
            Ok(MeasureShown::from(actions::measure_get(tx, &at.scope, made)?))
        })
        .await
}

/// The measures of all near misses, oldest first
#[utoipa::path(get, path = "/near-miss-measures", params(Paging),
    responses((status = 200, body = Page<MeasureShown>)))]
pub async fn near_miss_measures(caller: Caller, Query(paging): Query<Paging>) -> Outcome {
    let key = |measure: &MeasureShown| measure.id;
    caller
        .list(&paging, key, |tx, at, part| {
            let all = actions::measures_part(tx, &at.scope, part)?;
            Ok(all.into_iter().map(MeasureShown::from).collect())
        })
        .await
}

fn measure_or_outdated(changed: Result<(), actions::MeasureChanged>) -> Result<(), Failure> {
    match changed {
        Ok(()) => Ok(()),
        Err(Refused::Because(Conflict(now))) => Err(Failure::outdated(&MeasureShown::from(*now))),
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// Write anew what a measure does, by whom and until when; one that is settled is opened again first
#[utoipa::path(put, path = "/near-miss-measures/{id}/details", params(MeasureId, IfMatch), request_body = MeasureBody,
    responses((status = 200, body = MeasureShown)))]
pub async fn near_miss_measure_change(
    caller: Caller,
    Path(id): Path<MeasureId>,
    IfMatch(version): IfMatch,
    Json(body): Json<MeasureBody>,
) -> Outcome {
    let (form, mut faults) = (Form::of(&body)?, FieldErrors::default());
    let what = text(&form, caller.lang, &mut faults, "what", LONG, true);
    faults.into_result()?;
    let due = body.due_on.map(|day| day.0);
    caller
        .change(move |tx, at| {
            let wish = (what.as_str(), body.owner, due);
            let (nature, scope) = (&at.app.nature, &at.scope);
            measure_or_outdated(actions::measure_change(tx, nature, scope, (id, version), wish))?;
            Ok(MeasureShown::from(actions::measure_get(tx, &at.scope, id)?))
        })
        .await
}

/// Say that a measure is done, given up, or open after all
#[utoipa::path(put, path = "/near-miss-measures/{id}", params(MeasureId, IfMatch), request_body = SettleBody,
    responses((status = 200, body = MeasureShown)))]
pub async fn near_miss_measure_settle(
    caller: Caller,
    Path(id): Path<MeasureId>,
    IfMatch(version): IfMatch,
    Json(body): Json<SettleBody>,
) -> Outcome {
    let (form, mut faults) = (Form::of(&body)?, FieldErrors::default());
    let result = result_text(&form, caller.lang, &mut faults, body.state);
    faults.into_result()?;
    caller
        .change(move |tx, at| {
            let wish = (body.state, result.as_str());
            let (nature, scope) = (&at.app.nature, &at.scope);
            measure_or_outdated(actions::measure_settle(tx, nature, scope, (id, version), wish))?;
            Ok(MeasureShown::from(actions::measure_get(tx, &at.scope, id)?))
        })
        .await
}
