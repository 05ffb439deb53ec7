//! What this domain asks of the domains before it, in one place.

use komainu_access::{PersonId, Role, Scope};
use komainu_catalog::InstitutionKind;
use komainu_db::{DbError, Statement, Tx, params};
use komainu_web::Failure;

komainu_db::id! {
    /// A vendor of the ledger.
    VendorId
}
komainu_db::id! {
    /// A system of the ledger.
    SystemId
}
komainu_db::id! {
    /// A line of the contact network.
    ContactId
}

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

/// A member who can be given an item.
#[derive(Clone, Debug)]
pub struct Colleague {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// What they are here.
    pub role: Role,
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

const HOUSE: Statement = Statement {
    name: "HOUSE",
    sql: "SELECT i.kind, o.name, i.phone FROM institution i JOIN organisation o ON o.id = i.organisation_id WHERE i.organisation_id = $1",
};
const COLLEAGUES: Statement = Statement {
    name: "COLLEAGUES",
    sql: "SELECT m.person_id, p.name, m.role FROM membership m JOIN person p ON p.id = m.person_id WHERE m.organisation_id = $1 AND m.ended_at IS NULL ORDER BY m.created_at",
};

/// The institution.
pub fn house(tx: &mut Tx<'_>, scope: &Scope) -> Result<House, Failure> {
    tx.maybe(scope, HOUSE, params![], |row| {
        let kind: String = row.get(0)?;
        Ok(House {
            kind: kind.parse().map_err(|_| DbError::Other(kind))?,
            name: row.get(1)?,
            phone: row.get(2)?,
        })
    })?
    .ok_or(Failure::NotFound)
}

/// Its members.
pub fn colleagues(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Colleague>, Failure> {
    Ok(tx.all(scope, COLLEAGUES, params![], |row| {
        let role: String = row.get(2)?;
        Ok(Colleague {
            person: row.get(0)?,
            name: row.get(1)?,
            role: role.parse().map_err(|_| DbError::Other(role))?,
        })
    })?)
}

/// Its vendors; none for those who may not see the ledger.
pub fn suppliers(_tx: &mut Tx<'_>, _scope: &Scope) -> Result<Vec<Supplier>, Failure> {
    Ok(Vec::new())
}

/// Its systems; none for those who may not see the ledger.
pub fn systems(_tx: &mut Tx<'_>, _scope: &Scope) -> Result<Vec<SystemName>, Failure> {
    Ok(Vec::new())
}

/// Its contact network; none for those who may not see the ledger.
pub fn contacts(_tx: &mut Tx<'_>, _scope: &Scope) -> Result<Vec<ContactName>, Failure> {
    Ok(Vec::new())
}
