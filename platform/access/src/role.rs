//! Roles, and the one table of what each may do.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a person is in an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The head, who answers for everything (院長・管理者).
    Director,
    /// The appointed person (医療情報システム安全管理責任者).
    SafetyManager,
    /// Runs the systems (システム運用担当者).
    SystemOperator,
    /// Works here and sees what was assigned.
    Staff,
    /// May look at what an inspection looks at, and change nothing.
    Inspector,
    /// A vendor's engineer, in the vendor's own organisation.
    VendorEngineer,
    /// Works for an association.
    AssociationOfficer,
}

impl Role {
    /// The roles that an institution gives to people.
    pub const INSTITUTION: [Role; 5] =
        [Role::Director, Role::SafetyManager, Role::SystemOperator, Role::Staff, Role::Inspector];

    /// Every role there is.
    pub const ALL: [Role; 7] = [
        Role::Director,
        Role::SafetyManager,
        Role::SystemOperator,
        Role::Staff,
        Role::Inspector,
        Role::VendorEngineer,
        Role::AssociationOfficer,
    ];

    /// The word stored in the database and used in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Role::Director => "director",
            Role::SafetyManager => "safety_manager",
            Role::SystemOperator => "system_operator",
            Role::Staff => "staff",
            Role::Inspector => "inspector",
            Role::VendorEngineer => "vendor_engineer",
            Role::AssociationOfficer => "association_officer",
        }
    }

    /// Whether the role includes a permission.
    pub const fn may(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Role::Director | Role::SafetyManager => true,
            Role::SystemOperator => !matches!(permission, P::MembersManage),
            Role::Staff => {
                matches!(permission, P::OrganisationSee | P::ChecklistAnswerAssigned | P::PlanSeeOwn)
            }
            Role::Inspector => matches!(
                permission,
                P::OrganisationSee
                    | P::ChecklistRead
                    | P::EvidenceRead
                    | P::LedgerRead
                    | P::PackMake
                    | P::HistoryRead
            ),
            Role::VendorEngineer | Role::AssociationOfficer => matches!(permission, P::OrganisationSee),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The text names no role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown role")]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Role::ALL.into_iter().find(|role| role.code() == code).ok_or(UnknownRole)
    }
}

/// Something that may be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See that the organisation exists, its name and one's own place in it.
    OrganisationSee,
    /// Change the institution's particulars and run the setup interview.
    InstitutionEdit,
    /// Invite people, change and end memberships.
    MembersManage,
    /// See who changed what.
    LogRead,
    /// See the whole checklist with its answers.
    ChecklistRead,
    /// Answer any item.
    ChecklistAnswer,
    /// Answer the items assigned to oneself.
    ChecklistAnswerAssigned,
    /// Give items to people.
    ChecklistAssign,
    /// Open or close a round, carry a year over.
    RoundManage,
    /// Open evidence files.
    EvidenceRead,
    /// Load the ministry's workbook and confirm what its rows are.
    OfficialFormManage,
    /// See the plan of the whole institution.
    PlanRead,
    /// See today's step among one's own items.
    PlanSeeOwn,
    /// See systems, vendors and contacts.
    LedgerRead,
    /// Change systems, vendors and contacts.
    LedgerEdit,
    /// Make and fetch the inspection pack.
    PackMake,
    /// See progress, earlier years and published figures.
    HistoryRead,
    /// Have other programs told of changes.
    WebhooksManage,
}

impl Permission {
    /// Every permission, for tests and for the table in the guide.
    pub const ALL: [Permission; 18] = [
        Permission::OrganisationSee,
        Permission::InstitutionEdit,
        Permission::MembersManage,
        Permission::LogRead,
        Permission::ChecklistRead,
        Permission::ChecklistAnswer,
        Permission::ChecklistAnswerAssigned,
        Permission::ChecklistAssign,
        Permission::RoundManage,
        Permission::EvidenceRead,
        Permission::OfficialFormManage,
        Permission::PlanRead,
        Permission::PlanSeeOwn,
        Permission::LedgerRead,
        Permission::LedgerEdit,
        Permission::PackMake,
        Permission::HistoryRead,
        Permission::WebhooksManage,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_those_who_answer_for_the_institution_manage_people() {
        let managers: Vec<Role> =
            Role::ALL.into_iter().filter(|role| role.may(Permission::MembersManage)).collect();
        assert_eq!(managers, [Role::Director, Role::SafetyManager]);
    }

    #[test]
    fn the_inspector_changes_nothing() {
        let changing = [
            Permission::InstitutionEdit,
            Permission::MembersManage,
            Permission::ChecklistAnswer,
            Permission::ChecklistAnswerAssigned,
            Permission::ChecklistAssign,
            Permission::RoundManage,
            Permission::OfficialFormManage,
            Permission::LedgerEdit,
            Permission::WebhooksManage,
        ];
        assert!(changing.iter().all(|permission| !Role::Inspector.may(*permission)));
    }

    #[test]
    fn codes_go_there_and_back() {
        for role in Role::ALL {
            assert_eq!(role.code().parse::<Role>(), Ok(role));
        }
    }
}
