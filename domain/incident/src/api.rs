//! Incidents over the API: declare, lead, tell, close, take out.

mod lead;
mod map;
mod shown;
mod tell;

pub use lead::*;
pub use map::*;
pub use shown::*;
pub use tell::*;

use crate::actions::{self, Changed, incident_see};
use crate::model::{Incident, IncidentId};
use komainu_db::Tx;
use komainu_web::api::Caller;
use komainu_web::{Conflict, Failure, Refused};

/// The whole case as it stands.
fn case(tx: &mut Tx<'_>, at: &Caller, id: IncidentId) -> Result<CaseShown, Failure> {
    Ok(CaseShown::new(&at.app.catalog, at.lang, incident_see(tx, &at.scope, id)?))
}

/// A conflict about the head as the API tells it.
fn head_or_outdated(
    tx: &mut Tx<'_>,
    at: &Caller,
    changed: Result<(), Changed<Incident>>,
) -> Result<(), Failure> {
    match changed {
        Ok(()) => Ok(()),
        Err(Refused::Because(Conflict(now))) => {
            let now = actions::incident_see(tx, &at.scope, now.id)?;
            Err(Failure::outdated(&CaseShown::new(&at.app.catalog, at.lang, now)))
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}
