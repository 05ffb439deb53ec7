//! Names of this crate's closed sets, in the reader's language.

use crate::rules::Remark;
use crate::{AssociationLevel, Systems, t};
use komainu_catalog::InstitutionKind;
use komainu_i18n::Lang;

/// The name of a kind of institution.
pub fn kind_text(lang: Lang, kind: InstitutionKind) -> String {
    match kind {
        InstitutionKind::Hospital => t!(lang, "kind-hospital"),
        InstitutionKind::Clinic => t!(lang, "kind-clinic"),
        InstitutionKind::DentalClinic => t!(lang, "kind-dental-clinic"),
        InstitutionKind::MidwiferyHome => t!(lang, "kind-midwifery-home"),
        InstitutionKind::Pharmacy => t!(lang, "kind-pharmacy"),
        InstitutionKind::HomeVisitNursing => t!(lang, "kind-home-visit-nursing"),
        InstitutionKind::CareFacility => t!(lang, "kind-care-facility"),
    }
}

/// How the systems run, in a few words.
pub fn systems_text(lang: Lang, systems: Systems) -> String {
    match systems {
        Systems::OnPremises => t!(lang, "systems-on-premises"),
        Systems::Cloud => t!(lang, "systems-cloud"),
        Systems::Mixed => t!(lang, "systems-mixed"),
        Systems::None => t!(lang, "systems-none"),
    }
}

/// The name of an association's level.
pub fn level_text(lang: Lang, level: AssociationLevel) -> String {
    match level {
        AssociationLevel::National => t!(lang, "level-national"),
        AssociationLevel::Prefectural => t!(lang, "level-prefectural"),
        AssociationLevel::District => t!(lang, "level-district"),
    }
}

/// A remark as a sentence that says what is unusual and what to do.
pub fn remark_text(lang: Lang, remark: Remark) -> String {
    match remark {
        Remark::HospitalWithFewBeds => t!(lang, "remark-hospital-few-beds"),
        Remark::ClinicWithManyBeds => t!(lang, "remark-clinic-many-beds"),
        Remark::MidwiferyWithManyBeds => t!(lang, "remark-midwifery-many-beds"),
        Remark::BedsWhereNone => t!(lang, "remark-beds-where-none"),
        Remark::CodeOfAnotherPrefecture => t!(lang, "remark-code-prefecture"),
    }
}
