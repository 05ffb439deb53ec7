//! Links over the API: which there are, and withdrawing them. One is made at the address of what it is for.

use crate::model::{Given, State};
use crate::{actions, rules};
use chrono::{DateTime, Utc};
use komainu_access::LinkId;
use komainu_web::Outcome;
use komainu_web::api::{Caller, Page, Paging, Path, Query, Resource};
use serde::Serialize;
use utoipa::ToSchema;

/// A link with which somebody without an account does one thing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Link)]
pub struct LinkShown {
    id: LinkId,
    /// What it is for: `letter_reply`, a vendor answers what a letter asked it; `near_miss_report`, whoever stands at a poster
    /// reports.
    purpose: String,
    /// Whom or what it is for.
    name: String,
    state: StateShown,
    /// Who made it; `komainu` where the program did.
    made_by: String,
    created_at: DateTime<Utc>,
    /// Until when it works.
    expires_at: DateTime<Utc>,
    /// How often it can be used; null for as often as is wished.
    most_uses: Option<i64>,
    /// How often it was used.
    uses: i64,
    /// When it was used last.
    used_at: Option<DateTime<Utc>>,
    /// When it was withdrawn.
    revoked_at: Option<DateTime<Utc>>,
    /// Who withdrew it.
    revoked_by: Option<String>,
}

/// How a link stands.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LinkState)]
pub enum StateShown {
    /// It can be used.
    Works,
    /// It was used as often as it can be.
    UsedUp,
    /// Its time is over.
    Expired,
    /// Somebody ended it.
    Withdrawn,
}

impl Resource for LinkShown {}

impl LinkShown {
    fn new(link: Given, now: DateTime<Utc>) -> LinkShown {
        LinkShown {
            state: match rules::state(&link, now) {
                State::Works => StateShown::Works,
                State::UsedUp => StateShown::UsedUp,
                State::Expired => StateShown::Expired,
                State::Withdrawn => StateShown::Withdrawn,
            },
            id: link.id,
            purpose: link.purpose,
            name: link.name,
            made_by: link.made_by,
            created_at: link.created_at,
            expires_at: link.expires_at,
            most_uses: link.most_uses,
            uses: link.uses,
            used_at: link.used_at,
            revoked_at: link.revoked_at,
            revoked_by: link.revoked_by,
        }
    }
}

/// The links that were given to people without an account, in the order they were made
#[utoipa::path(get, path = "/links", params(Paging), responses((status = 200, body = Page<LinkShown>)))]
pub async fn links(caller: Caller, Query(paging): Query<Paging>) -> Outcome {
    let key = |link: &LinkShown| link.id;
    caller
        .list(&paging, key, |tx, at, part| {
            let now = at.app.nature.now();
            let links = actions::links_part(tx, &at.scope, part)?.into_iter();
            Ok(links.map(|link| LinkShown::new(link, now)).collect())
        })
        .await
}

/// One link; its secret is shown only when it is made
#[utoipa::path(get, path = "/links/{id}", params(LinkId), responses((status = 200, body = LinkShown)))]
pub async fn link_get(caller: Caller, Path(id): Path<LinkId>) -> Outcome {
    caller
        .show(move |tx, at| {
            let link = actions::link_get(tx, &at.scope, id)?;
            Ok(LinkShown::new(link, at.app.nature.now()))
        })
        .await
}

/// Withdraw a link: from now on it opens nothing
#[utoipa::path(delete, path = "/links/{id}", params(LinkId), responses((status = 204)))]
pub async fn link_revoke(caller: Caller, Path(id): Path<LinkId>) -> Outcome {
    caller.remove(move |tx, at| actions::link_revoke(tx, &at.app.nature, &at.scope, id)).await
}
