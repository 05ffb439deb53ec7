//! What this domain asks of the domains before it, in one place.
//!
//! Staff answer their own rows and do not see the ledger: to them its lists are empty, which leaves the ways into it out.

use chrono::NaiveDate;
use komainu_access::{Permission, PersonId, Role, Scope};
use komainu_catalog::InstitutionKind;
use komainu_db::Tx;
use komainu_web::Failure;
use std::sync::Arc;

pub use komainu_contact::ContactId;
pub use komainu_inventory::{Ledger, SystemId};
pub use komainu_vendor::VendorId;

/// The institution as far as letters and forms need it.
#[derive(Clone, Debug)]
pub struct House {
    /// What kind of institution it is.
    pub kind: InstitutionKind,
    /// Its name.
    pub name: String,
    /// Its telephone number; may be empty.
    pub phone: String,
}

/// A member as far as assignments need one.
#[derive(Clone, Debug)]
pub struct Colleague {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// What they are here.
    pub role: Role,
    /// The account was closed.
    pub disabled: bool,
}

/// A vendor as far as letters need it.
#[derive(Clone, Debug)]
pub struct Supplier {
    /// The vendor.
    pub id: VendorId,
    /// Its name.
    pub name: String,
    /// The person there; may be empty.
    pub person: String,
    /// The mail address; may be empty.
    pub email: String,
}

/// A system as far as letters and evidence need it.
#[derive(Clone, Debug)]
pub struct SystemName {
    /// The system.
    pub id: SystemId,
    /// Its name.
    pub name: String,
    /// Who supplies it.
    pub vendor: Option<VendorId>,
}

/// A line of the contact network as far as evidence needs it.
#[derive(Clone, Debug)]
pub struct ContactName {
    /// The line.
    pub id: ContactId,
    /// Its name.
    pub name: String,
}

/// The institution.
pub fn house(tx: &mut Tx<'_>, scope: &Scope) -> Result<House, Failure> {
    let institution = komainu_institution::actions::institution_get(tx, scope)?;
    Ok(House { kind: institution.kind, name: institution.name, phone: institution.phone })
}

/// Its members, by reading.
pub fn colleagues(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Colleague>, Failure> {
    let members = komainu_people::actions::members(tx, scope)?.into_iter();
    Ok(members
        .map(|member| Colleague {
            person: member.person,
            name: member.name,
            role: member.role,
            disabled: member.disabled,
        })
        .collect())
}

/// Its vendors; none for those who may not see the ledger.
pub fn suppliers(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Supplier>, Failure> {
    if !scope.may(Permission::LedgerRead) {
        return Ok(Vec::new());
    }
    let vendors = komainu_vendor::actions::vendors(tx, scope)?.into_iter();
    Ok(vendors
        .map(|vendor| Supplier {
            id: vendor.id,
            name: vendor.name,
            person: vendor.person,
            email: vendor.email,
        })
        .collect())
}

/// Its systems; none for those who may not see the ledger.
pub fn systems(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<SystemName>, Failure> {
    if !scope.may(Permission::LedgerRead) {
        return Ok(Vec::new());
    }
    let systems = komainu_inventory::actions::systems(tx, scope)?.into_iter();
    Ok(systems.map(|system| SystemName { id: system.id, name: system.name, vendor: system.vendor }).collect())
}

/// A ledger, and the day of the last stock-take.
pub type WalkedLedger = (Arc<Ledger>, Option<NaiveDate>);

/// Its ledger and the day on which a stock-take was closed last; none for those who may not see the ledger.
pub fn ledger(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<WalkedLedger>, Failure> {
    if !scope.may(Permission::LedgerRead) {
        return Ok(None);
    }
    let day = komainu_stocktake::actions::stock_take_last_day(tx, scope)?;
    Ok(Some((komainu_inventory::actions::ledger(tx, scope)?, day)))
}

/// Its contact network; none for those who may not see the ledger.
pub fn contacts(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<ContactName>, Failure> {
    if !scope.may(Permission::LedgerRead) {
        return Ok(Vec::new());
    }
    let contacts = komainu_contact::actions::contacts(tx, scope)?.into_iter();
    Ok(contacts.map(|contact| ContactName { id: contact.id, name: contact.name }).collect())
}
