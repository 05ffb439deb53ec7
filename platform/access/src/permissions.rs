//! A choice of permissions, as a token carries it.

use crate::{Permission, UnknownPermission};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// Some of the permissions. It never gives any: it narrows what a role gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permissions(BTreeSet<Permission>);

impl Permissions {
    /// These, and those without which they are of no use: whoever changes a thing also reads it, and every caller may see
    /// which organisation it is in.
    pub fn chosen(permissions: impl IntoIterator<Item = Permission>) -> Permissions {
        let own = permissions.into_iter().flat_map(|one| one.needs().iter().copied().chain([one]));
        Permissions(own.chain([Permission::OrganisationSee]).collect())
    }

    /// Whether this one is among them.
    pub fn contains(&self, permission: Permission) -> bool {
        self.0.contains(&permission)
    }

    /// All of them, in their order.
    pub fn iter(&self) -> impl Iterator<Item = Permission> {
        self.0.iter().copied()
    }
}

impl Permission {
    /// What else is needed to make any use of this one.
    const fn needs(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            P::ChecklistAnswer
            | P::ChecklistAssign
            | P::RoundManage
            | P::EvidenceRead
            | P::OfficialFormManage => &[P::ChecklistRead],
            P::LedgerEdit => &[P::LedgerRead],
            P::InstallationManage => &[P::InstallationSee],
            P::PackMake => &[P::ChecklistRead, P::LedgerRead],
            _ => &[],
        }
    }
}

/// As it is stored: the codes, divided by spaces.
impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes: Vec<&str> = self.iter().map(Permission::code).collect();
        f.write_str(&codes.join(" "))
    }
}

impl FromStr for Permissions {
    type Err = UnknownPermission;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split_whitespace().map(str::parse).collect::<Result<_, _>>().map(Permissions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_comes_along_and_nothing_else() {
        use Permission as P;
        let chosen = |permissions: &[P]| Permissions::chosen(permissions.iter().copied()).to_string();
        assert_eq!(chosen(&[]), "organisation_see");
        assert_eq!(chosen(&[P::LedgerEdit]), "organisation_see ledger_read ledger_edit");
        assert_eq!(chosen(&[P::HistoryRead]), "organisation_see history_read");
    }

    #[test]
    fn the_stored_text_goes_there_and_back() {
        let all = Permissions::chosen(Permission::ALL);
        assert_eq!(all.to_string().parse(), Ok(all));
        assert_eq!("ledger_read everything".parse::<Permissions>(), Err(UnknownPermission));
    }
}
