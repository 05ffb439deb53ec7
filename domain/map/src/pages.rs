//! `/map`: the picture, the same as a table, its data for the browser, and the map as files.

mod files;
mod view;

pub use files::{a3, bloodhound_file, drawio_file, svg_file};
pub use view::{Asked, map_page};

use crate::actions::{AffectedBy, map, spots_reset, spots_save};
use crate::affected::mark;
use crate::draw::draw;
use crate::model::{Affected, FARTHEST, MapData, Mark, Point, Spots};
use crate::rules::design::{Finding, findings};
use crate::rules::scene::{View, whole};
use crate::t;
use axum::Json;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use komainu_inventory::{AssetKind, End, Ledger, Thing};
use komainu_web::{Failure, Form, Member, NoticeKind, Outcome, redirect, with_flash};
use serde::Deserialize;
use std::sync::Arc;

/// So many things can be put somewhere at once.
pub const MOST_SPOTS: usize = 2000;

/// A ledger with what was found in it.
pub(crate) struct Read {
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) spots: Spots,
    pub(crate) found: Vec<Finding>,
    pub(crate) affected: Affected,
}

pub(crate) async fn read(member: &Member, by: AffectedBy) -> Result<Read, Failure> {
    let (scope, today, lang) = (member.scope.clone(), member.app.nature.today(), member.lang);
    member
        .read(move |tx| {
            let (ledger, spots) = map(tx, &scope)?;
            let found = findings(&ledger, today);
            let affected = by(tx, &scope, lang)?;
            Ok(Read { ledger, spots, found, affected })
        })
        .await
}

/// Which part of the map is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Part {
    /// A zone, or `none` for what is in none; empty for the whole.
    #[serde(default)]
    zone: String,
}

/// The view that a part names.
pub(crate) fn view_of(ledger: &Ledger, zone: &str) -> Result<View, Failure> {
    if zone.is_empty() {
        return Ok(whole(ledger));
    }
    match zone.parse::<Mark>().map_err(|()| Failure::NotFound)? {
        Mark::NoZone => Ok(View::Inside(None)),
        Mark::End(End::Thing(Thing::Asset(id))) => {
            let is_zone = ledger.of_kind(AssetKind::Zone).any(|zone| zone.id == id);
            is_zone.then_some(View::Inside(Some(id))).ok_or(Failure::NotFound)
        }
        Mark::End(_) => Err(Failure::NotFound),
    }
}

/// `GET /map/data`: what the browser draws.
pub async fn map_data(member: Member, Query(part): Query<Part>, by: AffectedBy) -> Outcome {
    let lang = member.lang;
    let (scope, today) = (member.scope.clone(), member.app.nature.today());
    let data: MapData = member
        .read(move |tx| {
            let (ledger, spots) = map(tx, &scope)?;
            let view = view_of(&ledger, &part.zone)?;
            let mut data = draw(&ledger, &spots, &findings(&ledger, today), lang, view);
            mark(&mut data, &ledger, by(tx, &scope, lang)?);
            Ok(data)
        })
        .await?;
    Ok(Json(data).into_response())
}

/// A place as it is sent. Browsers know places between pixels.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    id: String,
    x: f64,
    y: f64,
}

/// A number of pixels, where it is not beyond the map.
#[expect(clippy::cast_possible_truncation, reason = "what is farther than the map goes was left out before")]
pub(crate) fn pixel(number: f64) -> Option<i32> {
    (number.abs() <= f64::from(FARTHEST)).then(|| number.round() as i32)
}

/// `POST /map/spots`: where things were put (`spots`, a list in JSON), or everything as the program places it (`reset`).
pub async fn spots(member: Member, form: Form) -> Outcome {
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    if form.has("reset") {
        member.write::<_, Failure>(move |tx| spots_reset(tx, &nature, &scope)).await?;
    } else if form.has("spots") {
        let sent: Vec<Sent> = serde_json::from_str(form.raw("spots"))
            .map_err(|error| Failure::Malformed(format!("spots: {error}")))?;
        if sent.len() > MOST_SPOTS {
            return Err(Failure::TooLarge);
        }
        let moved: Vec<(Mark, Point)> = sent
            .iter()
            .map(|one| Some((one.id.parse().ok()?, Point { x: pixel(one.x)?, y: pixel(one.y)? })))
            .collect::<Option<_>>()
            .ok_or_else(|| Failure::Malformed("spots: an id or a place that is none".to_owned()))?;
        member.write::<_, Failure>(move |tx| spots_save(tx, &nature, &scope, &moved)).await?;
    }
    if member.fragment {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let told = t!(member.lang, "spots-done");
    Ok(with_flash(&member.app, redirect("/map"), NoticeKind::Success, &told))
}
