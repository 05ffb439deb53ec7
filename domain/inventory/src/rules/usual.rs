//! What is usual: which systems a kind of institution has, and where they run.

use crate::model::Hosting;
use komainu_catalog::InstitutionKind;
use komainu_institution::Systems;

/// Kinds of devices that stand in the house whatever else is in the cloud.
const IN_THE_HOUSE: [&str; 10] = [
    "emr-on-premises",
    "dispensing-machines",
    "monitors-nurse-call",
    "eligibility-terminal",
    "payment",
    "carried-devices",
    "backup-device",
    "network-boxes",
    "office-things",
    "office-pc",
];

/// Kinds that are somebody else's service whatever else is in the house.
const IN_THE_CLOUD: [&str; 3] = ["emr-cloud", "regional-network", "booking-web"];

/// Where a system of a kind runs, as far as it follows from how the institution runs its systems.
pub fn usual_hosting(systems: Option<Systems>, kind: &str) -> Hosting {
    if IN_THE_HOUSE.contains(&kind) {
        Hosting::OnPremises
    } else if IN_THE_CLOUD.contains(&kind) {
        Hosting::Cloud
    } else {
        match systems {
            Some(Systems::OnPremises) => Hosting::OnPremises,
            Some(Systems::Cloud) => Hosting::Cloud,
            Some(Systems::Mixed | Systems::None) | None => Hosting::Unknown,
        }
    }
}

/// Kinds that nearly every institution of a kind has; offered to be ticked together, never ticked unasked. Our judgement.
pub fn usual_kinds(kind: InstitutionKind, systems: Option<Systems>) -> Vec<&'static str> {
    use InstitutionKind as K;
    let records = match systems {
        Some(Systems::OnPremises) => Some("emr-on-premises"),
        Some(Systems::Cloud) => Some("emr-cloud"),
        Some(Systems::Mixed | Systems::None) | None => None,
    };
    let mut usual = Vec::new();
    match kind {
        K::Hospital => {
            usual.extend(records);
            usual.extend(["receipt-computer", "order-entry", "pacs", "laboratory", "department-systems"]);
            usual.extend(["eligibility-terminal", "file-server", "backup-device"]);
        }
        K::Clinic | K::DentalClinic => {
            usual.extend(records);
            usual.extend(["receipt-computer", "pacs", "eligibility-terminal", "backup-device"]);
        }
        K::MidwiferyHome => usual.extend(records),
        K::Pharmacy => usual.extend([
            "dispensing-computer",
            "medication-record",
            "eligibility-terminal",
            "e-prescription",
        ]),
        K::HomeVisitNursing => {
            usual.extend(["care-records", "care-claims", "eligibility-terminal", "carried-devices"]);
        }
        K::CareFacility => usual.extend(["care-records", "care-claims"]),
    }
    usual.extend(["network-boxes", "office-things", "office-pc"]);
    usual
}

#[cfg(test)]
mod tests {
    use super::*;
    use komainu_catalog::Catalog;
    use std::collections::BTreeSet;

    #[test]
    fn kinds_that_rules_speak_of_are_in_the_catalogue() {
        let catalog = Catalog::embedded().unwrap();
        let known: BTreeSet<&str> = catalog.system_kinds().iter().map(|kind| kind.id.as_str()).collect();
        for kind in IN_THE_HOUSE.iter().chain(&IN_THE_CLOUD) {
            assert!(known.contains(kind), "{kind}");
        }
        for institution in InstitutionKind::ALL {
            let fitting: BTreeSet<&str> =
                catalog.system_kinds_for(*institution).iter().map(|kind| kind.id.as_str()).collect();
            for style in Systems::ALL {
                for kind in usual_kinds(*institution, Some(style)) {
                    assert!(fitting.contains(kind), "{institution} {kind}");
                }
            }
        }
    }
}
