//! The map over the API, with what incidents mark on it.

use crate::marks::map_marks;
use komainu_map::api::{Part, map_show};
use komainu_map::model::MapData;
use komainu_web::Outcome;
use komainu_web::api::{Caller, Query};

/// The map: zones, things and lines with their places, what is dangerous about them, and what incidents touch, for whoever may
/// see these
#[utoipa::path(get, path = "/map", params(Part), responses((status = 200, body = MapData)))]
pub async fn map_get(caller: Caller, Query(part): Query<Part>) -> Outcome {
    map_show(caller, part, map_marks).await
}
