//! The domain's closed sets (kinds of institution, forms, levels, scopes) and the ids of rows.

use crate::parse::{codes, ids};

codes! {
    /// A kind of institution (医療機関等) that Komainu serves.
    InstitutionKind {
        /// 病院: 20 beds or more.
        Hospital = "hospital",
        /// 診療所.
        Clinic = "clinic",
        /// 歯科診療所.
        DentalClinic = "dental_clinic",
        /// 助産所.
        MidwiferyHome = "midwifery_home",
        /// 薬局.
        Pharmacy = "pharmacy",
        /// 訪問看護ステーション.
        HomeVisitNursing = "home_visit_nursing",
        /// 介護事業所.
        CareFacility = "care_facility",
    }
}

codes! {
    /// A form (様式) of an edition.
    Variant {
        /// 医療機関確認用 (up to FY2025).
        Institution = "institution",
        /// 薬局確認用 (up to FY2025).
        Pharmacy = "pharmacy",
        /// 医療機関・薬局確認用 (from FY2026).
        InstitutionPharmacy = "institution_pharmacy",
        /// 事業者確認用.
        Vendor = "vendor",
    }
}

codes! {
    /// How much a row of a form asks in its year.
    Level {
        /// Decides whether the rest of the form applies at all.
        Gate = "gate",
        /// Has to be answered this year.
        Required = "required",
        /// Printed for reference (参考項目), to become required later.
        Reference = "reference",
    }
}

codes! {
    /// What a row of a form asks about. The order is the order of printing under one number.
    Scope {
        /// The organisation itself.
        Organisation = "organisation",
        /// Medical information systems in general.
        All = "all",
        /// Servers.
        Server = "server",
        /// Terminals (PCs).
        Terminal = "terminal",
        /// Network devices.
        Network = "network",
    }
}

codes! {
    /// How a number printed on a form is known.
    NumberBasis {
        /// Read in a source.
        Seen = "seen",
        /// Follows from the order of a list that was read.
        ByPosition = "by_position",
        /// Assumed.
        Expected = "expected",
    }
}

codes! {
    /// An answer that the form itself offers.
    FormAnswer {
        /// はい.
        Yes = "yes",
        /// いいえ.
        No = "no",
    }
}

codes! {
    /// How a change between two editions is called.
    ChangeKind {
        /// Something new.
        Added = "added",
        /// Something asked differently.
        Changed = "changed",
        /// Several made one.
        Merged = "merged",
        /// Same content under another number.
        Renumbered = "renumbered",
        /// Material published beside the form.
        Supporting = "supporting",
    }
}

codes! {
    /// How near to the official text a source is.
    Tier {
        /// The official address; the text behind it was not opened.
        OfficialUnread = "official_unread",
        /// Official text read through a mirror or a stored copy.
        OfficialMirror = "official_mirror",
        /// Somebody else's account.
        Secondary = "secondary",
        /// A public repository that works with the official files.
        Repository = "repository",
    }
}

codes! {
    /// A part of the ministry's guideline.
    GuidelinePart {
        /// 概説編.
        Overview = "overview",
        /// 経営管理編.
        Management = "management",
        /// 企画管理編.
        Planning = "planning",
        /// システム運用編.
        SystemOperation = "system_operation",
        /// 保守委託機関編 (7.0).
        MaintenanceEntrusting = "maintenance_entrusting",
    }
}

codes! {
    /// Where the institution's medical information systems run.
    SystemsStyle {
        /// On devices in the house.
        OnPremises = "on_premises",
        /// As services of others.
        Cloud = "cloud",
        /// Some of each.
        Mixed = "mixed",
    }
}

codes! {
    /// Who can take a step.
    Doer {
        /// 院長, 管理者.
        Director = "director",
        /// 医療情報システム安全管理責任者.
        SafetyManager = "safety_manager",
        /// システム担当.
        SystemOperator = "system_operator",
        /// Any member of staff.
        Staff = "staff",
        /// The supplier of the system.
        Vendor = "vendor",
    }
}

codes! {
    /// How much a step takes out of a working day. The order is from least to most.
    Effort {
        /// A few minutes between patients.
        Minutes = "minutes",
        /// One sitting of up to an hour.
        Sitting = "sitting",
        /// Half a day, or several sittings.
        HalfDay = "half_day",
        /// Needs others, an order or a budget.
        Project = "project",
    }
}

codes! {
    /// Whether every contract says that the vendor carries the duty of security updates of every server.
    UpdateDuty {
        /// Every server, in writing.
        AllInContract = "all_in_contract",
        /// At least one server is the institution's own care.
        NotAll = "not_all",
        /// Nobody has looked, or the text is unclear.
        Unknown = "unknown",
    }
}

codes! {
    /// A reason for a guideline type.
    TypeReason {
        /// A dedicated system operator is on staff.
        OperatorOnStaff = "operator_on_staff",
        /// Nobody on staff is dedicated to the systems.
        NoOperator = "no_operator",
        /// Systems run in the house.
        OnPremises = "on_premises",
        /// Systems are cloud services.
        Cloud = "cloud",
        /// Some of each.
        Mixed = "mixed",
    }
}

codes! {
    /// Whether guideline 7.0's part for institutions that entrust maintenance may be used.
    RouteOutcome {
        /// The conditions known to us are met.
        MayApply = "may_apply",
        /// One condition is not met.
        DoesNotApply = "does_not_apply",
        /// A contract has to be read first.
        ReadContract = "read_contract",
    }
}

ids! {
    /// Names a stable checkpoint, the same from year to year.
    ItemId,
    /// Names a source.
    SourceId,
    /// Names a rule of filling or inspection.
    RuleId,
    /// Names a step of work.
    StepId,
    /// Names a row of a form: the item, then its scope where the form asks per kind of device (`patches.server`).
    PlacementId,
    /// Names a way attacks got in.
    AttackRouteId,
    /// Names a kind of system in the setup interview.
    SystemKindId,
    /// Names a piece of the ledger's templates.
    PieceId,
    /// Names what one sees when something is wrong.
    SymptomId,
    /// Names a question answered with one tap, or one of its answers.
    TapId,
    /// Names a kind of incident.
    IncidentKindId,
    /// Names somebody who is told of an incident.
    DutyId,
    /// Names a question whose yes makes duties apply.
    DutyQuestionId,
    /// Names a stretch of time after an incident became known.
    StageId,
    /// Names a change between editions.
    ChangeId,
    /// Names a published figure.
    FigureId,
    /// Names a remark or condition inside one edition's file.
    RemarkId,
}

/// Kinds that are alike in what an item means for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KindGroup {
    /// Hospitals.
    Hospital,
    /// Clinics, dental clinics, midwifery homes.
    Clinic,
    /// Pharmacies.
    Pharmacy,
    /// Home-visit nursing and care facilities.
    Care,
}

impl InstitutionKind {
    /// The group whose explanation serves where a kind has none of its own.
    pub const fn group(self) -> KindGroup {
        match self {
            InstitutionKind::Hospital => KindGroup::Hospital,
            InstitutionKind::Clinic | InstitutionKind::DentalClinic | InstitutionKind::MidwiferyHome => {
                KindGroup::Clinic
            }
            InstitutionKind::Pharmacy => KindGroup::Pharmacy,
            InstitutionKind::HomeVisitNursing | InstitutionKind::CareFacility => KindGroup::Care,
        }
    }
}
