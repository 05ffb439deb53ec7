//! The map over the API.

use crate::actions::{AffectedBy, map, spots_reset, spots_save};
use crate::affected::mark;
use crate::draw::{draw, finding_data};
use crate::model::{FARTHEST, FindingData, MapData, Mark, Point};
use crate::pages::{MOST_SPOTS, pixel, view_of};
use crate::rules::design::findings;
use crate::t;
use komainu_web::api::{Caller, Json, Resource};
use komainu_web::{Failure, FieldErrors, Outcome};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which part of the map is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Part {
    /// A zone's id with `asset:` before it, or `none` for what is in no zone; leave it out for the whole, which is shown by
    /// zones where there are too many things.
    zone: Option<String>,
}

impl Resource for MapData {}

/// What is dangerous about how things are connected.
#[derive(Debug, Serialize, ToSchema)]
pub struct Found {
    /// That of the ledger which was looked at.
    revision: i64,
    /// What was found, the most dangerous first.
    items: Vec<FindingData>,
}

impl Resource for Found {}

/// Where something is put.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpotBody {
    /// `internet`, `none`, or `asset:`, `system:`, `vendor:` and the id.
    id: String,
    /// The middle of it.
    #[schema(minimum = -1_000_000, maximum = 1_000_000)]
    x: f64,
    /// The middle of it.
    #[schema(minimum = -1_000_000, maximum = 1_000_000)]
    y: f64,
}

/// Where things are put.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpotsBody {
    /// Things and their places. What the ledger does not have is passed over.
    #[serde(default)]
    #[schema(max_items = 2000)]
    spots: Vec<SpotBody>,
    /// Before that, forget every place that was ever chosen.
    #[serde(default)]
    reset: bool,
}

/// Shows the map with these marks: what the operation `map_get` does.
pub async fn map_show(caller: Caller, part: Part, by: AffectedBy) -> Outcome {
    caller
        .show(move |tx, at| {
            let (ledger, spots) = map(tx, &at.scope)?;
            let view = view_of(&ledger, part.zone.as_deref().unwrap_or_default()).map_err(|_| {
                let mut faults = FieldErrors::default();
                faults.add("zone", t!(at.lang, "api-zone-unknown"));
                Failure::Invalid(faults)
            })?;
            let found = findings(&ledger, at.app.nature.today());
            let mut data = draw(&ledger, &spots, &found, at.lang, view);
            mark(&mut data, &ledger, by(tx, &at.scope, at.lang)?);
            Ok(data)
        })
        .await
}

/// What is dangerous about how things of the ledger are connected, by the numbered design rules
#[utoipa::path(get, path = "/ledger/findings", responses((status = 200, body = Found)))]
pub async fn ledger_findings(caller: Caller) -> Outcome {
    caller
        .show(|tx, at| {
            let ledger = komainu_inventory::actions::ledger(tx, &at.scope)?;
            let index = ledger.index();
            let found = findings(&ledger, at.app.nature.today());
            let items = found.iter().map(|finding| finding_data(at.lang, &index, finding)).collect();
            Ok(Found { revision: ledger.revision, items })
        })
        .await
}

/// Put things somewhere on the map, or everything back to where the program places it
#[utoipa::path(put, path = "/map/spots", request_body = SpotsBody, responses((status = 204)))]
pub async fn map_spots_set(caller: Caller, Json(body): Json<SpotsBody>) -> Outcome {
    let moved = moved(&caller, &body)?;
    caller
        .remove(move |tx, at| {
            let (nature, scope) = (&at.app.nature, &at.scope);
            if body.reset {
                spots_reset(tx, nature, scope)?;
            }
            spots_save(tx, nature, scope, &moved)
        })
        .await
}

fn moved(caller: &Caller, body: &SpotsBody) -> Result<Vec<(Mark, Point)>, Failure> {
    let (lang, mut faults) = (caller.lang, FieldErrors::default());
    if body.spots.len() > MOST_SPOTS {
        faults.add("spots", t!(lang, "api-spots-many", most = MOST_SPOTS.to_string()));
        return faults.into_result().map(|()| Vec::new());
    }
    let mut moved = Vec::with_capacity(body.spots.len());
    for (position, spot) in body.spots.iter().enumerate() {
        let (mark, x, y) = (spot.id.parse::<Mark>().ok(), pixel(spot.x), pixel(spot.y));
        if mark.is_none() {
            faults.add(&format!("spots.{position}.id"), t!(lang, "api-spot-id"));
        }
        for (field, number) in [("x", x), ("y", y)] {
            if number.is_none() {
                let told = t!(lang, "api-spot-far", most = FARTHEST.to_string());
                faults.add(&format!("spots.{position}.{field}"), told);
            }
        }
        if let (Some(mark), Some(x), Some(y)) = (mark, x, y) {
            moved.push((mark, Point { x, y }));
        }
    }
    faults.into_result().map(|()| moved)
}
