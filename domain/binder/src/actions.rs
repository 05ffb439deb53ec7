//! Ordering, watching, stopping and fetching packs.

use crate::archive::plain_name;
use crate::gather::{gather, year_text};
use crate::model::{KIND, Made, Order, STEPS};
use crate::pack::Pack;
use chrono::{DateTime, Utc};
use komainu_access::{Permission, Scope};
use komainu_audit::Change;
use komainu_catalog::Catalog;
use komainu_checklist::actions as checklist;
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_jobs::{Job, JobId, State};
use komainu_web::Failure;

/// Packs shown on the page.
const SHOWN: i64 = 12;

/// Orders a pack; it is made in the background.
///
/// # Errors
/// [`Failure::NotFound`] where the year has no round.
pub fn pack_order(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, order: Order) -> Result<JobId, Failure> {
    scope.require(Permission::PackMake)?;
    checklist::own_round(tx, scope, order.fiscal_year)?.ok_or(Failure::NotFound)?;
    let job = komainu_jobs::enqueue(tx, nature, scope, KIND, &order, STEPS)?;
    let object_id = job.to_string();
    let change =
        Change { action: "pack_order", object_kind: "pack", object_id: &object_id, before: (), after: order };
    komainu_audit::record(tx, scope, nature.now(), &change)?;
    Ok(job)
}

/// The newest packs of the house, with what was ordered.
pub fn packs(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<(Job, Order)>, Failure> {
    scope.require(Permission::PackMake)?;
    let jobs = komainu_jobs::recent(tx, scope, KIND, SHOWN)?;
    Ok(jobs.into_iter().filter_map(|job| Some((job.clone(), order_of(&job)?))).collect())
}

/// One pack.
pub fn pack_find(tx: &mut Tx<'_>, scope: &Scope, id: JobId) -> Result<(Job, Order), Failure> {
    scope.require(Permission::PackMake)?;
    let job = komainu_jobs::find(tx, scope, id)?.filter(|job| job.kind == KIND).ok_or(Failure::NotFound)?;
    let order = order_of(&job).ok_or(Failure::NotFound)?;
    Ok((job, order))
}

/// Stops the making of a pack. One that is made already, or was not, stays as it is.
pub fn pack_cancel(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, id: JobId) -> Result<(), Failure> {
    let (job, _) = pack_find(tx, scope, id)?;
    if job.state.is_over() {
        return Ok(());
    }
    komainu_jobs::cancel(tx, nature, scope, job.id)?;
    let object_id = id.to_string();
    let change =
        Change { action: "pack_cancel", object_kind: "pack", object_id: &object_id, before: (), after: () };
    komainu_audit::record(tx, scope, nature.now(), &change)?;
    Ok(())
}

/// Notes in the log that a pack was made, and by its digest which file it is.
pub(crate) fn pack_note(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: JobId,
    digest: &str,
) -> Result<(), Failure> {
    let (object_id, after) = (id.to_string(), serde_json::json!({ "digest": digest }));
    let change =
        Change { action: "pack_make", object_kind: "pack", object_id: &object_id, before: (), after };
    Ok(komainu_audit::record(tx, scope, nature.now(), &change)?)
}

/// The finished file of a pack.
pub fn made(job: &Job) -> Option<Made> {
    if job.state == State::Done { serde_json::from_str(&job.result).ok() } else { None }
}

/// What a pack would show at this moment.
pub fn pack_gather(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &Catalog,
    order: Order,
    made_at: DateTime<Utc>,
) -> Result<Pack, Failure> {
    gather(tx, scope, catalog, order, made_at)
}

/// A name for the file that says whose it is and of when, in any script.
pub(crate) fn file_name(pack: &Pack, order: Order, made_at: DateTime<Utc>) -> String {
    let day = komainu_clock::in_japan(made_at).format("%Y%m%d");
    let year = year_text(order.lang, order.fiscal_year);
    plain_name(&format!("{}_{year}_{day}.{}", pack.owner, order.form.ending()), "pack")
}

fn order_of(job: &Job) -> Option<Order> {
    serde_json::from_str(&job.payload).ok()
}
