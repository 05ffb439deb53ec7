//! Requests to be let back in, over the API: to see that somebody waits, and to refuse. Agreeing hands out a link that
//! opens an account, so it needs a fresh proof, which only a person at a page can give.

use super::actions;
use super::model::{Rescue, RescueId};
use crate::pages::device_text;
use chrono::{DateTime, Utc};
use komainu_access::PersonId;
use komainu_web::Outcome;
use komainu_web::api::{Caller, Path, Resource};
use serde::Serialize;
use utoipa::ToSchema;

/// Requests of people who cannot sign in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rescues {
    /// Oldest first.
    items: Vec<RescueShown>,
}

/// Somebody, or one who says so, asks to be let back in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Rescue)]
pub struct RescueShown {
    id: RescueId,
    person: PersonId,
    name: String,
    /// What they say they lost: `factor`, `password` or `both`.
    lost: &'static str,
    asked_at: DateTime<Utc>,
    /// What the browser said it was.
    device: String,
    /// Whether this organisation has agreed.
    agreed: bool,
    /// How many other organisations of the person have not.
    others: i64,
    /// Whether the link was made.
    linked: bool,
    /// Until when the request waits, or the link can be used.
    expires_at: DateTime<Utc>,
}

impl Resource for Rescues {}

/// Who asks to be let back in
#[utoipa::path(get, path = "/rescues", responses((status = 200, body = Rescues)))]
pub async fn rescues(caller: Caller) -> Outcome {
    caller
        .show(|tx, at| {
            let shown = |rescue: Rescue| RescueShown {
                id: rescue.id,
                person: rescue.person,
                name: rescue.name,
                lost: rescue.lost.code(),
                asked_at: rescue.asked_at,
                device: device_text(at.lang, &rescue.user_agent),
                agreed: rescue.agreed,
                others: rescue.others,
                linked: rescue.linked,
                expires_at: rescue.expires_at,
            };
            let rescues = actions::rescues(tx, &at.scope, at.app.nature.now())?;
            Ok(Rescues { items: rescues.into_iter().map(shown).collect() })
        })
        .await
}

/// Refuse a request; its link is dead, if there was one
#[utoipa::path(delete, path = "/rescues/{id}", params(RescueId), responses((status = 204)))]
pub async fn rescue_refuse(caller: Caller, Path(id): Path<RescueId>) -> Outcome {
    caller.remove(move |tx, at| actions::rescue_refuse(tx, &at.app.nature, &at.scope, id)).await
}
