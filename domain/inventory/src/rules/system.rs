//! Pure rules: which systems count as servers, and who bears the duty of their updates.

use crate::model::SystemRecord;
use komainu_catalog::UpdateDuty;

/// Kinds that hold no medical information of their own: terminals, boxes and machines beside the records.
///
/// Guideline 7.0 is said to count as a server whatever stores or mainly processes medical information, a PC included
/// where the application is installed on it. Which kinds that leaves out is our reading and shown as such.
const NO_SERVERS: [&str; 6] =
    ["eligibility-terminal", "payment", "carried-devices", "network-boxes", "office-things", "office-pc"];

/// Whether a kind of system counts as a server that stores or mainly processes medical information. A kind that the
/// catalogue does not know does: nobody can say that it does not.
pub fn counts_as_server(kind: &str) -> bool {
    !NO_SERVERS.contains(&kind)
}

/// Who bears the duty of security updates, over every server: one without a clause is a no, one that nobody looked at
/// leaves it open. None where there is no server.
pub fn update_duty(systems: &[SystemRecord]) -> Option<UpdateDuty> {
    let mut servers = systems
        .iter()
        .filter(|system| counts_as_server(system.kind.as_str()))
        .map(|s| s.updates_by_vendor)
        .peekable();
    servers.peek()?;
    Some(servers.fold(UpdateDuty::AllInContract, |so_far, clause| match (so_far, clause) {
        (UpdateDuty::NotAll, _) | (_, Some(false)) => UpdateDuty::NotAll,
        (UpdateDuty::Unknown, _) | (_, None) => UpdateDuty::Unknown,
        (UpdateDuty::AllInContract, Some(true)) => UpdateDuty::AllInContract,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Hosting, SystemDetails, SystemId};

    fn system(kind: &str, clause: Option<bool>) -> SystemRecord {
        let details = SystemDetails {
            updates_by_vendor: clause,
            ..SystemDetails::named(kind.parse().unwrap(), kind, Hosting::Unknown)
        };
        SystemRecord::new(SystemId(komainu_db::uuid::Uuid::nil()), 1, &details)
    }

    #[test]
    fn one_server_without_a_clause_is_enough_for_a_no() {
        use UpdateDuty as U;
        let (yes, no, open) = (Some(true), Some(false), None);
        for (systems, expected) in [
            (vec![], None),
            (vec![("office-pc", no), ("network-boxes", no)], None),
            (vec![("emr-cloud", yes)], Some(U::AllInContract)),
            (vec![("emr-cloud", yes), ("office-pc", no)], Some(U::AllInContract)),
            (vec![("emr-cloud", yes), ("receipt-computer", open)], Some(U::Unknown)),
            (vec![("emr-cloud", yes), ("receipt-computer", no)], Some(U::NotAll)),
            (vec![("emr-cloud", open), ("receipt-computer", no), ("pacs", open)], Some(U::NotAll)),
            (vec![("other", open)], Some(U::Unknown)),
            (vec![("other", yes), ("file-server", yes)], Some(U::AllInContract)),
        ] {
            let records: Vec<_> = systems.iter().map(|(kind, clause)| system(kind, *clause)).collect();
            assert_eq!(update_duty(&records), expected, "{systems:?}");
        }
    }
}
