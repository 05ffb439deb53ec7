//! The program's routes and what belongs to no domain, for the binary and for the tests that walk every route.

mod api;
mod fixed;
mod help;
pub mod router;

use komainu_db::Sealed;

/// Every column that is sealed anew after the key changed.
pub fn sealed_columns() -> Vec<Sealed> {
    let mut columns = [
        komainu_institution::SEALED,
        komainu_vendor::SEALED,
        komainu_contact::SEALED,
        komainu_escalation::SEALED,
        komainu_nearmiss::SEALED,
        komainu_incident::SEALED,
        komainu_exposed::SEALED,
        komainu_binder::SEALED,
    ]
    .concat();
    columns.extend(komainu_inventory::SEALED.iter().copied().flatten());
    columns.extend(komainu_stocktake::SEALED);
    columns.extend(komainu_exchange::SEALED);
    columns
}
