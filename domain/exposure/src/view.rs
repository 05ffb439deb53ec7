//! What a page or another program sees: the ledger, and the answer about it.

use crate::actions::{exposure_ask, exposure_failed, exposure_keep, exposure_report};
use crate::answers::{answer, beside};
use crate::model::Kept;
use crate::rules::{is_small, network};
use komainu_access::Scope;
use komainu_exposure::model::Network;
use komainu_inventory::Ledger;
use komainu_inventory::actions::ledger;
use komainu_web::{Failure, Visit};
use std::sync::Arc;

/// How an answer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is about the ledger as it is.
    Fresh,
    /// The ledger is large, and its answer is on its way.
    Coming,
    /// The answer could not be computed.
    Failed,
}

impl Standing {
    /// The word of the API.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Standing::Fresh => "fresh",
            Standing::Coming => "coming",
            Standing::Failed => "failed",
        }
    }
}

/// The ledger, and the answer about it or about how it was.
pub(crate) struct Seen {
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) kept: Option<Kept>,
    pub(crate) standing: Standing,
}

impl Seen {
    /// The ledger in the engine's words.
    pub(crate) fn network(&self, visit: &Visit, name: &str) -> Network {
        network(&self.ledger, name, visit.app.nature.today())
    }
}

/// Looks. The answer about a small ledger is always that about the ledger as it is; about a large one it may be older.
pub(crate) async fn see(visit: &Visit, scope: &Scope) -> Result<Seen, Failure> {
    let (asker, nature) = (scope.clone(), visit.app.nature.clone());
    let today = nature.today();
    let (ledger, kept) =
        visit.read(move |tx| Ok((ledger(tx, &asker)?, exposure_report(tx, &asker)?))).await?;
    if kept.as_ref().is_some_and(|kept| kept.stands(ledger.revision, today)) {
        return Ok(Seen { ledger, kept, standing: Standing::Fresh });
    }
    if !is_small(&ledger) {
        return wait(visit, scope, ledger, kept).await;
    }
    let (ledger, new) = beside(move || {
        let new = answer(&ledger, today, nature.now())?;
        Ok((ledger, new))
    })
    .await?;
    let (asker, keep) = (scope.clone(), new.clone());
    // Where it cannot be kept, as on a full disk, it is shown all the same.
    let outcome: Result<(), Failure> = visit.write(move |tx| exposure_keep(tx, &asker, &keep)).await;
    if let Err(failure) = outcome {
        tracing::warn!(inside = %failure, "an answer was not kept");
    }
    Ok(Seen { ledger, kept: Some(new.kept), standing: Standing::Fresh })
}

async fn wait(
    visit: &Visit,
    scope: &Scope,
    ledger: Arc<Ledger>,
    kept: Option<Kept>,
) -> Result<Seen, Failure> {
    let (asker, nature, revision) = (scope.clone(), visit.app.nature.clone(), ledger.revision);
    let failed = visit
        .write(move |tx| {
            exposure_ask(tx, &nature, &asker, revision)?;
            exposure_failed(tx, &asker)
        })
        .await?;
    let standing = if failed { Standing::Failed } else { Standing::Coming };
    Ok(Seen { ledger, kept, standing })
}
