//! Shared places over the API, for who manages members: which there are, when they lock, whose PIN stopped. Registering a
//! browser needs a fresh proof, and what is done at a place belongs to a browser and the person at it: both stay for pages.

use crate::actions::{self, OutOfRange};
use crate::model::{PinState, Place};
use crate::t;
use chrono::{DateTime, Utc};
use komainu_access::{PersonId, PlaceId};
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_people::pages::device_text;
use komainu_web::api::{Caller, Json, Page, Paging, Path, Query, Resource};
use komainu_web::{Failure, FieldErrors, Outcome, Refused};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A shared place, or one that waits for its browser.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SharedPlace)]
pub struct PlaceShown {
    id: PlaceId,
    /// Where it stands.
    name: String,
    /// What its browser says it is; null while none is registered.
    device: Option<String>,
    /// Who registered it, or made its code.
    by_name: String,
    /// Since when a browser is registered; null while the code waits.
    claimed_at: Option<DateTime<Utc>>,
    /// Until when the code can be used; null where it was.
    code_until: Option<DateTime<Utc>>,
    /// When somebody last came in there; null where nobody did.
    used_at: Option<DateTime<Utc>>,
}

/// When the organisation's places lock themselves.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlaceLock)]
pub struct LockShown {
    /// After how many minutes without use.
    minutes: i64,
}

/// When places are to lock themselves.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlaceLockBody)]
pub struct LockBody {
    /// After how many minutes without use.
    #[schema(minimum = 1, maximum = 15)]
    minutes: i64,
}

/// How a member's PIN for shared places stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlacePin)]
pub struct PinShown {
    person: PersonId,
    /// Since when it is set.
    since: DateTime<Utc>,
    /// Whether it has stopped after too many wrong attempts.
    stopped: bool,
}

/// The address of a member's PIN.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct PinPath {
    /// Whose it is.
    #[param(inline)]
    person: PersonId,
}

impl Resource for LockShown {}
impl Resource for PinShown {}

impl PlaceShown {
    fn of(lang: Lang, place: Place) -> PlaceShown {
        PlaceShown {
            id: place.id,
            name: place.name,
            device: place.claimed_at.map(|_| device_text(lang, &place.user_agent)),
            by_name: place.by,
            claimed_at: place.claimed_at,
            code_until: place.code_until,
            used_at: place.used_at,
        }
    }
}

impl From<PinState> for PinShown {
    fn from(pin: PinState) -> Self {
        PinShown { person: pin.person, since: pin.since, stopped: pin.stopped }
    }
}

fn lock(tx: &mut Tx<'_>, at: &Caller) -> Result<LockShown, Failure> {
    actions::lock_minutes(tx, &at.scope).map(|minutes| LockShown { minutes })
}

/// The shared places and the codes that wait for a browser, in the order of their ids
#[utoipa::path(get, path = "/places", params(Paging), responses((status = 200, body = Page<PlaceShown>)))]
pub async fn places(caller: Caller, Query(paging): Query<Paging>) -> Outcome {
    let key = |place: &PlaceShown| place.id;
    caller
        .list(&paging, key, move |tx, at, part| {
            let mut places = actions::places(tx, &at.scope, at.app.nature.now())?;
            places.sort_by_key(|place| place.id);
            let places = places.into_iter().map(|place| PlaceShown::of(at.lang, place));
            Ok(part.of(places.collect(), key))
        })
        .await
}

/// Withdraw a shared place: an ordinary browser again, every session there over
#[utoipa::path(delete, path = "/places/{id}", params(PlaceId), responses((status = 204)))]
pub async fn place_revoke(caller: Caller, Path(id): Path<PlaceId>) -> Outcome {
    caller.remove(move |tx, at| actions::place_revoke(tx, &at.app.nature, &at.scope, id).map(drop)).await
}

/// When shared places lock themselves
#[utoipa::path(get, path = "/places/lock", responses((status = 200, body = LockShown)))]
pub async fn place_lock(caller: Caller) -> Outcome {
    caller.show(lock).await
}

/// Choose when shared places lock themselves
#[utoipa::path(put, path = "/places/lock", request_body = LockBody, responses((status = 200, body = LockShown)))]
pub async fn place_lock_set(caller: Caller, Json(body): Json<LockBody>) -> Outcome {
    caller
        .change(move |tx, at| match actions::lock_minutes_set(tx, &at.app.nature, &at.scope, body.minutes) {
            Ok(()) => lock(tx, at),
            Err(Refused::Because(OutOfRange)) => {
                let mut faults = FieldErrors::default();
                faults.add("minutes", t!(at.lang, "field-minutes-hint"));
                Err(Failure::Invalid(faults))
            }
            Err(Refused::Failed(failure)) => Err(failure),
        })
        .await
}

/// The members who have a PIN for shared places, in the order of their ids
#[utoipa::path(get, path = "/places/pins", params(Paging), responses((status = 200, body = Page<PinShown>)))]
pub async fn place_pins(caller: Caller, Query(paging): Query<Paging>) -> Outcome {
    let key = |pin: &PinShown| pin.person;
    caller
        .list(&paging, key, move |tx, at, part| {
            let mut pins = actions::pins(tx, &at.scope)?;
            pins.sort_by_key(|pin| pin.person);
            Ok(part.of(pins.into_iter().map(PinShown::from).collect(), key))
        })
        .await
}

/// Let a member's stopped PIN work again; there is nothing at this address where it has not stopped
#[utoipa::path(post, path = "/places/pins/{person}/lift", params(PinPath),
    responses((status = 200, body = PinShown)))]
pub async fn place_pin_lift(caller: Caller, Path(path): Path<PinPath>) -> Outcome {
    caller
        .change(move |tx, at| {
            actions::pin_lift(tx, &at.app.nature, &at.scope, path.person)?;
            let pins = actions::pins(tx, &at.scope)?;
            let pin = pins.into_iter().find(|pin| pin.person == path.person);
            pin.map(PinShown::from).ok_or(Failure::NotFound)
        })
        .await
}
