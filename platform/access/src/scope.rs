//! The scope of a request: who, in which organisation, in which role.

use crate::{Permission, Permissions, Role};
use komainu_db::Tenancy;
use thiserror::Error;

komainu_db::id! {
    /// A person with an account.
    PersonId
}

komainu_db::id! {
    /// An organisation: association, institution or vendor.
    OrganisationId
}

/// Who is asking, in which organisation, in which role. Every tenant query is made within one.
///
/// The organisation cannot be swapped: to look into another one, another scope is made from another membership.
#[derive(Clone, Debug)]
pub struct Scope {
    person: PersonId,
    person_name: String,
    organisation: OrganisationId,
    role: Role,
    /// Whether the person runs the installation as well.
    administrator: bool,
    /// What a token narrows the role to; none for a signed-in person.
    narrowed: Option<Permissions>,
}

impl Scope {
    /// A scope from a membership that was read from the database, or that a command-line tool acts as.
    pub fn new(person: PersonId, person_name: &str, organisation: OrganisationId, role: Role) -> Scope {
        let person_name = person_name.to_owned();
        Scope { person, person_name, organisation, role, administrator: false, narrowed: None }
    }

    /// The same scope of somebody who runs the installation, or not.
    #[must_use]
    pub fn administrating(mut self, administrator: bool) -> Scope {
        self.administrator = administrator;
        self
    }

    /// The same scope with only these of the role's permissions.
    #[must_use]
    pub fn narrowed_to(mut self, permissions: Option<Permissions>) -> Scope {
        self.narrowed = permissions;
        self
    }

    /// What a token narrows the role to; none for a signed-in person.
    pub fn narrowed(&self) -> Option<&Permissions> {
        self.narrowed.as_ref()
    }

    /// The person who asks.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// That person's name, as it is written into the log.
    pub fn person_name(&self) -> &str {
        &self.person_name
    }

    /// The organisation that everything in this scope belongs to.
    pub fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    /// The person's role there.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Whether something is allowed; for showing or leaving out a button.
    pub fn may(&self, permission: Permission) -> bool {
        let given = self.role.may(permission) || (self.administrator && permission.is_of_installation());
        given && self.narrowed.as_ref().is_none_or(|chosen| chosen.contains(permission))
    }

    /// Asks for a permission; the first line of every action.
    pub fn require(&self, permission: Permission) -> Result<(), Denied> {
        if self.may(permission) { Ok(()) } else { Err(Denied(permission)) }
    }
}

impl Tenancy for Scope {
    fn organisation(&self) -> Option<komainu_db::uuid::Uuid> {
        Some(self.organisation.0)
    }
}

/// The role does not include the permission, or the token was not given it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not allowed: {0:?}")]
pub struct Denied(pub Permission);
