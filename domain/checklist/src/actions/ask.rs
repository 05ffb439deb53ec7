//! Asking vendors what only they can know.

use super::{Closed, ROW, form_of_round, hold, record, round, row_object};
use crate::model::{Ask, RoundId};
use crate::neighbours::{self, VendorId};
use crate::store;
use chrono::NaiveDate;
use komainu_access::{Permission, Scope};
use komainu_catalog::{Catalog, PlacementId};
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_web::{Failure, Refused};

/// Why an inquiry was not noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskRefusal {
    /// The round is closed.
    Closed,
    /// There is no such vendor in the ledger.
    NoVendor,
    /// No row of those named asks a vendor anything.
    NoRow,
    /// The day for the reply is over.
    PastReply,
}

impl From<Closed> for AskRefusal {
    fn from(_: Closed) -> Self {
        AskRefusal::Closed
    }
}

/// Notes that a vendor was asked about rows today, so that they show as waiting.
pub fn ask_record(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    id: RoundId,
    question: (&[PlacementId], VendorId, NaiveDate),
) -> Result<(), Refused<AskRefusal>> {
    scope.require(Permission::ChecklistAnswer)?;
    let (placements, vendor, reply_by) = question;
    let round = round(tx, scope, id)?;
    let form = form_of_round(catalog, &round)?;
    hold(tx, scope, id, nature.now())?;
    if placements.is_empty() {
        return Err(Refused::Because(AskRefusal::NoRow));
    }
    if placements.iter().any(|placement| form.row(placement).is_none()) {
        return Err(Failure::NotFound.into());
    }
    if !neighbours::suppliers(tx, scope)?.iter().any(|supplier| supplier.id == vendor) {
        return Err(Refused::Because(AskRefusal::NoVendor));
    }
    if reply_by < nature.today() {
        return Err(Refused::Because(AskRefusal::PastReply));
    }
    let ask = Ask {
        vendor,
        asked_on: nature.today(),
        reply_by,
        asked_by_name: scope.person_name().to_owned(),
        replied_on: None,
    };
    for placement in placements {
        store::ask_set(tx, scope, id, placement, &ask)?;
        record(tx, scope, nature.now(), ("vendor_ask", ROW, &row_object(id, placement)), ((), &ask))?;
    }
    Ok(())
}

/// Notes that the vendor's reply about a row came today.
pub fn ask_replied(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: RoundId,
    placement: &PlacementId,
    vendor: VendorId,
) -> Result<(), Refused<AskRefusal>> {
    scope.require(Permission::ChecklistAnswer)?;
    round(tx, scope, id)?;
    hold(tx, scope, id, nature.now())?;
    if store::ask_replied(tx, scope, id, placement, vendor, nature.today())? {
        let object = row_object(id, placement);
        record(tx, scope, nature.now(), ("vendor_replied", ROW, &object), ((), nature.today()))?;
    }
    Ok(())
}
