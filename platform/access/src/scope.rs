//! The scope of a request: who, in which organisation, in which role.

use crate::{Link, Permission, Permissions, PlaceId, Purpose, Role, SharedPlace};
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
    shared: Option<(PlaceId, String)>,
    /// Whether the person runs the installation as well.
    administrator: bool,
    /// What a token narrows the role to; none for a signed-in person.
    narrowed: Option<Permissions>,
    /// The link that somebody without an account came in with.
    link: Option<Link>,
}

impl Scope {
    /// The program's name, as it is written into the log.
    pub const PROGRAM: &'static str = "komainu";

    /// A scope from a membership that was read from the database, or that a command-line tool acts as.
    pub fn new(person: PersonId, person_name: &str, organisation: OrganisationId, role: Role) -> Scope {
        Scope {
            person,
            person_name: person_name.to_owned(),
            organisation,
            role,
            shared: None,
            administrator: false,
            narrowed: None,
            link: None,
        }
    }

    /// Somebody without an account who came in with a link. Nobody is behind it but whoever holds the link, and it allows
    /// nothing but its purpose.
    pub fn by_link(link: &Link) -> Scope {
        let nobody = PersonId(komainu_db::uuid::Uuid::nil());
        Scope { link: Some(link.clone()), ..Scope::new(nobody, &link.name, link.organisation, Role::Link) }
    }

    /// The same under the name that somebody gives, as it is written into the log. Whose it is, nobody has proved.
    #[must_use]
    pub fn named(mut self, name: &str) -> Scope {
        name.clone_into(&mut self.person_name);
        self
    }

    /// The same at a shared place: it allows what the role and staff may both do, and the log names the place.
    #[must_use]
    pub fn at(mut self, place: &SharedPlace) -> Scope {
        self.shared = Some((place.id, place.name.clone()));
        self
    }

    /// The program itself in an organisation, for what no person asks for at this moment.
    pub fn of_program(organisation: OrganisationId) -> Scope {
        let nobody = PersonId(komainu_db::uuid::Uuid::nil());
        Scope::new(nobody, Scope::PROGRAM, organisation, Role::SafetyManager)
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

    /// The shared place that the person is at, and its name as it is written into the log.
    pub fn shared(&self) -> Option<(PlaceId, &str)> {
        self.shared.as_ref().map(|(id, name)| (*id, name.as_str()))
    }

    /// The link that whoever asks came in with; none for people with an account.
    pub fn link(&self) -> Option<&Link> {
        self.link.as_ref()
    }

    /// Asks for a link of this purpose; the first line of what can be done with one.
    pub fn link_for(&self, purpose: Purpose) -> Result<&Link, Denied> {
        let link = self.link.as_ref().filter(|link| link.purpose == purpose);
        link.ok_or(Denied(Permission::OrganisationSee))
    }

    /// Whether something is allowed; for showing or leaving out a button.
    pub fn may(&self, permission: Permission) -> bool {
        let shared = self.shared.is_some();
        // One's account is managed at no browser that others use: a token made there would outlive the turn.
        let at_place = Role::Staff.may(permission) && permission != Permission::AccountManage;
        let by_role = self.role.may(permission) && (!shared || at_place);
        let given = by_role || (self.administrator && !shared && permission.is_of_installation());
        given
            && self.link.is_none()
            && self.narrowed.as_ref().is_none_or(|chosen| chosen.contains(permission))
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

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;
    use komainu_db::uuid::Uuid;

    #[test]
    fn at_a_shared_place_nobody_may_more_than_staff_and_nobody_more_than_elsewhere() {
        let place = SharedPlace {
            id: PlaceId(Uuid::from_u128(3)),
            organisation: OrganisationId(Uuid::from_u128(2)),
            organisation_name: String::new(),
            name: "病棟".to_owned(),
            lock_after: Duration::minutes(5),
        };
        for role in Role::ALL {
            let scope = Scope::new(PersonId(Uuid::from_u128(1)), "", place.organisation, role);
            let there = scope.clone().at(&place);
            for permission in Permission::ALL {
                let expected = scope.may(permission)
                    && Role::Staff.may(permission)
                    && permission != Permission::AccountManage;
                assert_eq!(there.may(permission), expected, "{role} {permission:?}");
            }
            assert_eq!(there.shared(), Some((place.id, "病棟")));
        }
    }
}
