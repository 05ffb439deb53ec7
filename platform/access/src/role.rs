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
    /// Another program, which comes in with a token of its own and is nobody's account. What it may do was chosen when
    /// its token was made.
    Service,
    /// Somebody without an account, let in by a link for one thing. It includes nothing.
    Link,
}

impl Role {
    /// The roles that an institution gives to people.
    pub const INSTITUTION: [Role; 5] =
        [Role::Director, Role::SafetyManager, Role::SystemOperator, Role::Staff, Role::Inspector];

    /// Every role there is.
    pub const ALL: [Role; 9] = [
        Role::Director,
        Role::SafetyManager,
        Role::SystemOperator,
        Role::Staff,
        Role::Inspector,
        Role::VendorEngineer,
        Role::AssociationOfficer,
        Role::Service,
        Role::Link,
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
            Role::Service => "service",
            Role::Link => "link",
        }
    }

    /// Whether the role includes a permission. None includes those of the installation, which belongs to no organisation.
    pub const fn may(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            _ if permission.is_of_installation() => false,
            Role::Director | Role::SafetyManager => true,
            Role::SystemOperator => !matches!(permission, P::MembersManage),
            // No program lets people in, and none has an account of its own.
            Role::Service => !matches!(permission, P::MembersManage | P::AccountManage),
            Role::Staff => matches!(
                permission,
                P::OrganisationSee
                    | P::AccountManage
                    | P::ChecklistAnswerAssigned
                    | P::PlanSeeOwn
                    | P::NearMissReport
            ),
            Role::Inspector => matches!(
                permission,
                P::OrganisationSee
                    | P::AccountManage
                    | P::ChecklistRead
                    | P::EvidenceRead
                    | P::LedgerRead
                    | P::PackMake
                    | P::HistoryRead
            ),
            Role::VendorEngineer | Role::AssociationOfficer => {
                matches!(permission, P::OrganisationSee | P::AccountManage)
            }
            // What a link allows is its purpose, which is no permission.
            Role::Link => false,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Permission {
    /// See that the organisation exists, its name and one's own place in it.
    OrganisationSee,
    /// See and change one's own account: its name, the browsers signed in.
    AccountManage,
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
    /// Give links to people without an account, see which there are, and withdraw them.
    LinksManage,
    /// Have other programs told of changes.
    WebhooksManage,
    /// Report a near miss, see one's own reports and the board.
    NearMissReport,
    /// See every report of a near miss and work on it.
    NearMissHandle,
    /// Plan, start, watch and stop calling people out; test the contact network.
    EscalationRun,
    /// See incidents and all that belongs to them.
    IncidentSee,
    /// Declare and lead incidents.
    IncidentLead,
    /// See where the installation's data lies and how its backups stand.
    InstallationSee,
    /// Ask for a backup or its proof.
    InstallationManage,
}

impl Permission {
    /// Every permission, in the order in which they are offered.
    pub const ALL: [Permission; 27] = [
        Permission::OrganisationSee,
        Permission::AccountManage,
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
        Permission::LinksManage,
        Permission::WebhooksManage,
        Permission::NearMissReport,
        Permission::NearMissHandle,
        Permission::EscalationRun,
        Permission::IncidentSee,
        Permission::IncidentLead,
        Permission::InstallationSee,
        Permission::InstallationManage,
    ];

    /// Whether it is about the installation and not about an organisation: those who administer it have it, whatever
    /// their role.
    pub const fn is_of_installation(self) -> bool {
        matches!(self, Permission::InstallationSee | Permission::InstallationManage)
    }

    /// The word that tokens keep and forms use.
    pub const fn code(self) -> &'static str {
        match self {
            Permission::OrganisationSee => "organisation_see",
            Permission::AccountManage => "account_manage",
            Permission::InstitutionEdit => "institution_edit",
            Permission::MembersManage => "members_manage",
            Permission::LogRead => "log_read",
            Permission::ChecklistRead => "checklist_read",
            Permission::ChecklistAnswer => "checklist_answer",
            Permission::ChecklistAnswerAssigned => "checklist_answer_assigned",
            Permission::ChecklistAssign => "checklist_assign",
            Permission::RoundManage => "round_manage",
            Permission::EvidenceRead => "evidence_read",
            Permission::OfficialFormManage => "official_form_manage",
            Permission::PlanRead => "plan_read",
            Permission::PlanSeeOwn => "plan_see_own",
            Permission::LedgerRead => "ledger_read",
            Permission::LedgerEdit => "ledger_edit",
            Permission::PackMake => "pack_make",
            Permission::HistoryRead => "history_read",
            Permission::LinksManage => "links_manage",
            Permission::WebhooksManage => "webhooks_manage",
            Permission::NearMissReport => "near_miss_report",
            Permission::NearMissHandle => "near_miss_handle",
            Permission::EscalationRun => "escalation_run",
            Permission::IncidentSee => "incident_see",
            Permission::IncidentLead => "incident_lead",
            Permission::InstallationSee => "installation_see",
            Permission::InstallationManage => "installation_manage",
        }
    }
}

/// The text names no permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown permission")]
pub struct UnknownPermission;

impl FromStr for Permission {
    type Err = UnknownPermission;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Permission::ALL.into_iter().find(|permission| permission.code() == code).ok_or(UnknownPermission)
    }
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
            Permission::LinksManage,
            Permission::WebhooksManage,
            Permission::NearMissReport,
            Permission::NearMissHandle,
            Permission::EscalationRun,
            Permission::IncidentLead,
        ];
        assert!(changing.iter().all(|permission| !Role::Inspector.may(*permission)));
    }

    #[test]
    fn codes_go_there_and_back() {
        for role in Role::ALL {
            assert_eq!(role.code().parse::<Role>(), Ok(role));
        }
        for permission in Permission::ALL {
            assert_eq!(permission.code().parse::<Permission>(), Ok(permission));
        }
    }
}
