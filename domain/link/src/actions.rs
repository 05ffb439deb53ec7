//! What can be done with links: each function one use case.

use crate::model::{Given, Made, NewLink};
use crate::{rules, store};
use chrono::{DateTime, Utc};
use komainu_access::{LinkId, LinkToken, Permission, Purpose, Scope};
use komainu_audit::Change;
use komainu_clock::Nature;
use komainu_db::uuid::Uuid;
use komainu_db::{DbError, Part, Tx};
use komainu_web::Failure;
use serde::Serialize;
use serde_json::json;

/// Links on one page of the list.
const PAGE: usize = 50;

/// Makes a link. Who does must be allowed to give links, and to do themselves what the link is for.
pub fn link_make(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, new: &NewLink) -> Result<Made, Failure> {
    scope.require(Permission::LinksManage)?;
    scope.require(new.purpose.given_with())?;
    let (now, id, token) = (nature.now(), LinkId(nature.id()), LinkToken::new(nature.bytes()));
    let expires_at = rules::until(new.purpose, new.until, now);
    store::link_insert(tx, scope, (id, &token.hash()), new, (now, expires_at))?;
    let after = json!({ "name": new.name, "purpose": new.purpose.code(), "expires_at": expires_at });
    record(tx, scope, now, "link_make", id, ((), after))?;
    Ok(Made { id, purpose: new.purpose, token, expires_at })
}

/// A part of the links, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinksPage {
    /// The links.
    pub links: Vec<Given>,
    /// Where the older part begins, if there is one.
    pub older: Option<LinkId>,
}

/// The links of the organisation before one, or from the newest.
pub fn links(tx: &mut Tx<'_>, scope: &Scope, before: Option<LinkId>) -> Result<LinksPage, Failure> {
    scope.require(Permission::LinksManage)?;
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    // One more than is shown tells whether there are older ones.
    let mut links = store::links_before(tx, scope, before.unwrap_or(LinkId(Uuid::max())), limit)?;
    let more = links.len() > PAGE;
    links.truncate(PAGE);
    Ok(LinksPage { older: links.last().filter(|_| more).map(|link| link.id), links })
}

/// A part of the links, oldest first.
pub fn links_part(tx: &mut Tx<'_>, scope: &Scope, part: &Part<LinkId>) -> Result<Vec<Given>, Failure> {
    scope.require(Permission::LinksManage)?;
    Ok(store::links_part(tx, scope, part)?)
}

/// The links of a purpose that work, newest first; for the page where they are made.
pub fn links_of(
    tx: &mut Tx<'_>,
    scope: &Scope,
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<Vec<Given>, Failure> {
    scope.require(Permission::LinksManage)?;
    Ok(store::links_of(tx, scope, purpose, now)?)
}

/// One link.
pub fn link_get(tx: &mut Tx<'_>, scope: &Scope, id: LinkId) -> Result<Given, Failure> {
    scope.require(Permission::LinksManage)?;
    store::link_get(tx, scope, id)?.ok_or(Failure::NotFound)
}

/// Withdraws a link: from now on it opens nothing. Withdrawing what is withdrawn changes nothing.
pub fn link_revoke(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, id: LinkId) -> Result<(), Failure> {
    let before = link_get(tx, scope, id)?;
    let now = nature.now();
    if store::link_revoke(tx, scope, id, now)? {
        let state =
            json!({ "name": before.name, "purpose": before.purpose, "expires_at": before.expires_at });
        record(tx, scope, now, "link_revoke", id, (state, ()))?;
    }
    Ok(())
}

fn record<B: Serialize, A: Serialize>(
    tx: &mut Tx<'_>,
    scope: &Scope,
    now: DateTime<Utc>,
    action: &'static str,
    id: LinkId,
    (before, after): (B, A),
) -> Result<(), DbError> {
    let change = Change { action, object_kind: "link", object_id: &id.to_string(), before, after };
    komainu_audit::record(tx, scope, now, &change)
}
