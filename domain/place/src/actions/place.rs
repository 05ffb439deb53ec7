//! Registering browsers, and withdrawing them.

use crate::model::{Place, PlaceCode};
use crate::{rules, store};
use chrono::{DateTime, Duration, Utc};
use komainu_access::{Permission, PlaceId, PlaceToken, Role, Scope, Session, Sessions};
use komainu_audit::Change;
use komainu_clock::Nature;
use komainu_db::{Db, DbError, Tx};
use komainu_people::actions::throttle::{self, Subject};
use komainu_people::factors::actions::require_proof;
use komainu_web::{Failure, Refused};
use serde::Serialize;
use serde_json::json;
use std::net::IpAddr;

/// Why no place is registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceRefusal {
    /// Another place has this name: the log could not tell them apart.
    NameTaken,
}

/// A place that waits for its browser.
#[derive(Clone, Debug)]
pub struct NewPlace {
    /// Where it stands.
    pub name: String,
    /// What is typed into its browser.
    pub code: PlaceCode,
    /// Until when.
    pub until: DateTime<Utc>,
}

/// The organisation's places and waiting codes, oldest first.
pub fn places(tx: &mut Tx<'_>, scope: &Scope, now: DateTime<Utc>) -> Result<Vec<Place>, Failure> {
    scope.require(Permission::MembersManage)?;
    Ok(store::places(tx, scope, now)?)
}

/// Makes the code with which a browser becomes a shared place, so that nobody has to sign in there with a password.
pub fn place_offer(
    tx: &mut Tx<'_>,
    nature: &Nature,
    (session, scope): (&Session, &Scope),
    name: &str,
) -> Result<NewPlace, Refused<PlaceRefusal>> {
    let now = nature.now();
    let id = permitted(tx, nature, (session, scope), name)?;
    let (code, until) = (PlaceCode::new(nature.bytes()), now + rules::CODE_LIFE);
    store::place_offer(tx, scope, (id, name), (&code.hash(), until), now)?;
    record(tx, scope, now, "place_offer", id, ((), json!({ "name": name })))?;
    Ok(NewPlace { name: name.to_owned(), code, until })
}

/// Makes the very browser of this session a shared place. The session ends: nobody's own stays behind.
pub fn place_register(
    tx: &mut Tx<'_>,
    nature: &Nature,
    (session, scope): (&Session, &Scope),
    name: &str,
) -> Result<PlaceToken, Refused<PlaceRefusal>> {
    let now = nature.now();
    let id = permitted(tx, nature, (session, scope), name)?;
    let token = PlaceToken::new(nature.bytes());
    store::place_insert(tx, scope, (id, name), (&token.hash(), &session.user_agent), now)?;
    record(tx, scope, now, "place_register", id, ((), json!({ "name": name })))?;
    Sessions::end(tx, session.person, session.id)?;
    Ok(token)
}

fn permitted(
    tx: &mut Tx<'_>,
    nature: &Nature,
    (session, scope): (&Session, &Scope),
    name: &str,
) -> Result<PlaceId, Refused<PlaceRefusal>> {
    scope.require(Permission::MembersManage)?;
    require_proof(session, nature.now())?;
    if store::place_named(tx, scope, name, nature.now())? {
        return Err(Refused::Because(PlaceRefusal::NameTaken));
    }
    Ok(PlaceId(nature.id()))
}

/// A browser into which a code is typed.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The code; none where what was typed can be none.
    pub code: Option<PlaceCode>,
    /// Where the request comes from.
    pub address: IpAddr,
    /// What the browser says it is.
    pub user_agent: String,
    /// The session that the browser had until now; it ends.
    pub previous: Option<Session>,
}

/// Why the browser is no shared place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimRefusal {
    /// There is no such code, or it was used, or it took too long.
    Wrong,
    /// Too many attempts; so long to wait.
    Wait(Duration),
}

/// Makes a browser a shared place by its code.
pub fn place_claim(db: &Db, nature: &Nature, claim: &Claim) -> Result<PlaceToken, Refused<ClaimRefusal>> {
    let (now, at) = (nature.now(), Subject::address(claim.address));
    let counted = db.write(|tx| throttle::attempt(tx, now, &[&at]))?;
    counted.map_err(|wait| Refused::Because(ClaimRefusal::Wait(wait)))?;
    let wrong = || Refused::Because(ClaimRefusal::Wrong);
    let code = claim.code.as_ref().ok_or_else(wrong)?;
    db.write(|tx| {
        let token = PlaceToken::new(nature.bytes());
        let browser = (&token.hash()[..], claim.user_agent.as_str());
        let place = store::place_claim(tx, &code.hash(), browser, now)?.ok_or_else(wrong)?;
        throttle::success(tx, &[], Some(&at))?;
        if let Some(previous) = &claim.previous {
            Sessions::end(tx, previous.person, previous.id)?;
        }
        // Whoever made the code answers for where it was typed.
        let name = store::person_name(tx, place.by)?;
        let scope = Scope::new(place.by, &name, place.organisation, Role::Staff);
        record(tx, &scope, now, "place_register", place.id, ((), json!({ "name": place.name })))?;
        Ok(token)
    })
}

/// Makes a place an ordinary browser again, and ends whatever session it has.
pub fn place_revoke(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, id: PlaceId) -> Result<String, Failure> {
    scope.require(Permission::MembersManage)?;
    let now = nature.now();
    let name = store::place_revoke(tx, scope, id, now)?.ok_or(Failure::NotFound)?;
    Sessions::end_shared(tx, id)?;
    record(tx, scope, now, "place_revoke", id, (json!({ "name": name }), ()))?;
    Ok(name)
}

/// After how many minutes without use the organisation's places lock themselves.
pub fn lock_minutes(tx: &mut Tx<'_>, scope: &Scope) -> Result<i64, Failure> {
    scope.require(Permission::MembersManage)?;
    Ok(store::minutes(tx, scope)?)
}

/// Why the minutes stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange;

/// Chooses after how many minutes without use places lock themselves.
pub fn lock_minutes_set(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    minutes: i64,
) -> Result<(), Refused<OutOfRange>> {
    scope.require(Permission::MembersManage)?;
    if !rules::LOCK_MINUTES.contains(&minutes) {
        return Err(Refused::Because(OutOfRange));
    }
    let before = store::minutes(tx, scope)?;
    if before == minutes {
        return Ok(());
    }
    store::minutes_set(tx, scope, minutes)?;
    let object_id = &scope.organisation().to_string();
    let (before, after) = (json!({ "lock_minutes": before }), json!({ "lock_minutes": minutes }));
    let change = Change { action: "place_lock_set", object_kind: "institution", object_id, before, after };
    Ok(komainu_audit::record(tx, scope, nature.now(), &change)?)
}

fn record<B: Serialize, A: Serialize>(
    tx: &mut Tx<'_>,
    scope: &Scope,
    now: DateTime<Utc>,
    action: &'static str,
    id: PlaceId,
    (before, after): (B, A),
) -> Result<(), DbError> {
    let change = Change { action, object_kind: "shared_place", object_id: &id.to_string(), before, after };
    komainu_audit::record(tx, scope, now, &change)
}
