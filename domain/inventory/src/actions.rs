//! What can be done with the ledger: each function one use case.

mod asset;
mod bulk;
mod connection;
mod system;
mod template;

pub use asset::{
    AssetRefusal, RemovalRefusal, asset_add, asset_change, asset_get, asset_lines, asset_remove, assets,
    assets_part, fitting as asset_fitting, named_by,
};
pub use bulk::{Edit, EditRefusal, edits_flaws, ledger_edit};
pub use connection::{
    ConnectionRefusal, connection_add, connection_change, connection_get, connection_remove, connections,
    connections_part, fitting as connection_fitting,
};
pub use system::{system_add, system_change, system_get, system_lines, system_remove, systems, systems_part};
pub use template::{Taken, template_apply, template_preview, templates};

use crate::model::Ledger;
use crate::store;
use komainu_access::{OrganisationId, Permission, Scope};
use komainu_db::{DbError, Tx};
use komainu_vendor::actions::vendors;
use komainu_web::{Failure, Refused};
use std::sync::Arc;

/// The whole ledger, in a fixed number of queries. One that no change came to is kept: to read and unseal 10,000 things
/// takes a tenth of a second.
pub fn ledger(tx: &mut Tx<'_>, scope: &Scope) -> Result<Arc<Ledger>, Failure> {
    scope.require(Permission::LedgerRead)?;
    let (revision, vendors) = (store::revision::revision(tx, scope)?, vendors(tx, scope)?);
    // A vendor's change is none of the ledger's, and there are few of them.
    let holds = |kept: &Arc<Ledger>| kept.revision == revision && kept.vendors == vendors;
    if let Some(kept) = tx.kept::<Ledger>(scope).filter(holds) {
        return Ok(kept);
    }
    let ledger = Arc::new(Ledger {
        revision,
        systems: store::system::systems(tx, scope)?,
        assets: store::asset::assets(tx, scope)?,
        connections: store::connection::connections(tx, scope)?,
        vendors,
    });
    tx.keep(scope, &ledger);
    Ok(ledger)
}

/// The number that grows with each change of the ledger.
pub fn ledger_revision(tx: &mut Tx<'_>, scope: &Scope) -> Result<i64, Failure> {
    scope.require(Permission::LedgerRead)?;
    Ok(store::revision::revision(tx, scope)?)
}

/// Ledgers of any organisation that changed after they were last followed, with their revision, so many at most. For the
/// program itself, which computes on ledgers in the background; it tells nothing of what is in them.
pub fn ledgers_behind(tx: &mut Tx<'_>, most: i64) -> Result<Vec<(OrganisationId, i64)>, DbError> {
    store::revision::revisions_behind(tx, most)
}

/// Notes up to which revision the ledger was followed. It changes nothing that anybody sees.
pub fn ledger_followed(tx: &mut Tx<'_>, scope: &Scope, revision: i64) -> Result<(), DbError> {
    store::revision::followed(tx, scope, revision)
}

/// What is not found there is not known, rather than not there at all.
fn known<R>(found: Result<(), Failure>, unknown: R) -> Result<(), Refused<R>> {
    found.map_err(|failure| match failure {
        Failure::NotFound => Refused::Because(unknown),
        other => Refused::Failed(other),
    })
}
