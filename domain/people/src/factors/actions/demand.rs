//! An organisation's demand for a second factor.

use crate::factors::model::Kinds;
use crate::factors::store;
use chrono::{DateTime, Utc};
use komainu_access::{Permission, PersonId, Scope};
use komainu_audit::Change;
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_web::{Failure, Refused};
use serde_json::json;
use std::collections::BTreeMap;

/// What the organisation demands, and which kinds of factor its members have.
#[derive(Clone, Debug)]
pub struct Demand {
    /// Since when a second factor is demanded; none where it is not.
    pub since: Option<DateTime<Utc>>,
    /// Every member's kinds.
    pub kinds: BTreeMap<PersonId, Kinds>,
}

/// Why nothing is demanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemandRefusal {
    /// Who demands it would be the first to stand outside: they have no factor of their own.
    OwnFirst,
}

/// The organisation's demand and its members' kinds of factor.
pub fn demand(tx: &mut Tx<'_>, scope: &Scope) -> Result<Demand, Failure> {
    scope.require(Permission::MembersManage)?;
    Ok(Demand { since: store::demand(tx, scope)?, kinds: store::kinds_here(tx, scope)? })
}

/// Demands a second factor of every member, from their next page on, or stops demanding it.
pub fn demand_set(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    demanded: bool,
) -> Result<(), Refused<DemandRefusal>> {
    scope.require(Permission::MembersManage)?;
    if demanded && !store::kinds_of(tx, scope.person())?.any() {
        return Err(Refused::Because(DemandRefusal::OwnFirst));
    }
    let before = store::demand(tx, scope)?.is_some();
    if before == demanded {
        return Ok(());
    }
    let now = nature.now();
    store::demand_set(tx, scope, demanded.then_some(now))?;
    let change = Change {
        action: "second_factor_demand",
        object_kind: "institution",
        object_id: &scope.organisation().to_string(),
        before: json!({ "second_factor": before }),
        after: json!({ "second_factor": demanded }),
    };
    Ok(komainu_audit::record(tx, scope, now, &change)?)
}
