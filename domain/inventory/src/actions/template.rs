//! Templates: what is offered, what would come of ticks, and taking it.

use crate::actions::bulk::{EditRefusal, ledger_edit};
use crate::actions::system::system_add;
use crate::model::{Ledger, SystemId, SystemRecord};
use crate::rules::template::{Offer, Plan, Ticks, new_systems, offer, plan};
use crate::store;
use komainu_access::{Permission, Scope};
use komainu_catalog::{Catalog, SystemKindId};
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_institution::actions::institution_get;
use komainu_web::{Failure, Refused};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What came of taking a template, or would.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taken {
    /// The revision of the ledger: after it was taken, or that it would be taken at.
    pub revision: i64,
    /// Systems that were added.
    pub systems: Vec<SystemRecord>,
    /// Things and lines that were added, and pieces that could not be.
    pub plan: Plan,
}

/// What is offered to the institution, as its ledger stands; with pieces of the systems that are `chosen`, too.
pub fn templates(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &Catalog,
    chosen: &BTreeSet<SystemKindId>,
) -> Result<Offer, Failure> {
    scope.require(Permission::LedgerRead)?;
    let ledger = super::ledger(tx, scope)?;
    let institution = institution_get(tx, scope)?;
    Ok(offer(catalog, &ledger, (institution.kind, institution.systems), chosen))
}

/// What would come of ticks; nothing is changed, and the ids in it are nobody's.
pub fn template_preview(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    lang: Lang,
    ticks: &Ticks,
) -> Result<Taken, Failure> {
    scope.require(Permission::LedgerRead)?;
    let mut ledger = Arc::unwrap_or_clone(super::ledger(tx, scope)?);
    let running = institution_get(tx, scope)?.systems;
    let mut systems = Vec::new();
    for details in new_systems(catalog, lang, &ledger, running, &ticks.systems) {
        systems.push(SystemRecord::new(SystemId(nature.id()), 1, &details));
    }
    ledger.systems.extend(systems.iter().cloned());
    Ok(Taken { revision: ledger.revision, plan: planned(nature, catalog, lang, &ledger, ticks), systems })
}

/// Puts what is ticked into the ledger. What is there already is joined to, not doubled.
///
/// `revision` is that of the ledger which the ticks were made for; none takes them whatever it is now.
///
/// # Errors
/// [`EditRefusal::Stale`]; the caller's transaction must then not be kept.
pub fn template_apply(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    lang: Lang,
    revision: Option<i64>,
    ticks: &Ticks,
) -> Result<Taken, Refused<EditRefusal>> {
    scope.require(Permission::LedgerEdit)?;
    let mut ledger = Arc::unwrap_or_clone(super::ledger(tx, scope)?);
    if revision.is_some_and(|made_for| made_for != ledger.revision) {
        return Err(Refused::Because(EditRefusal::Stale));
    }
    let running = institution_get(tx, scope)?.systems;
    let mut systems = Vec::new();
    for details in new_systems(catalog, lang, &ledger, running, &ticks.systems) {
        let id = system_add(tx, nature, scope, &details)?;
        systems.push(SystemRecord::new(id, 1, &details));
    }
    ledger.systems.extend(systems.iter().cloned());
    let plan = planned(nature, catalog, lang, &ledger, ticks);
    ledger_edit(tx, nature, scope, None, "template", &plan.edits)?;
    Ok(Taken { revision: store::revision::revision(tx, scope)?, systems, plan })
}

fn planned(nature: &Nature, catalog: &Catalog, lang: Lang, ledger: &Ledger, ticks: &Ticks) -> Plan {
    plan(catalog, lang, ledger, &ticks.pieces, &mut || nature.id())
}
