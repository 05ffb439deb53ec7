//! Which lines a report has, and which of them nobody has filled in yet.

use super::public::is_public;
use crate::model::{Case, Fact, Known, Line, Report};

use Line::{Known as K, Said as S};

/// The regulator's nine points, with who reports and when it was first known.
const REGULATOR: [Line; 14] = [
    K(Known::House),
    K(Known::FirstKnew),
    S(Fact::Overview),
    S(Fact::Found),
    S(Fact::DataKinds),
    S(Fact::DataCount),
    S(Fact::Cause),
    S(Fact::Secondary),
    S(Fact::PeopleTold),
    S(Fact::Publication),
    S(Fact::Prevention),
    S(Fact::Other),
    K(Known::Told),
    S(Fact::Reporter),
];

/// What is said to be asked for by the common form for ransomware.
const RANSOMWARE: [Line; 18] = [
    K(Known::House),
    K(Known::FirstKnew),
    S(Fact::Overview),
    S(Fact::Found),
    K(Known::Affected),
    S(Fact::Systems),
    S(Fact::Care),
    S(Fact::Malware),
    S(Fact::FileEnding),
    S(Fact::RansomNote),
    S(Fact::WayIn),
    S(Fact::Indicators),
    S(Fact::Backups),
    S(Fact::DataKinds),
    S(Fact::DataCount),
    K(Known::Done),
    K(Known::Told),
    S(Fact::Reporter),
];

/// The same for denial of service.
const DENIAL: [Line; 12] = [
    K(Known::House),
    K(Known::FirstKnew),
    S(Fact::Overview),
    S(Fact::Found),
    S(Fact::DosTarget),
    S(Fact::DosKind),
    S(Fact::DosTime),
    S(Fact::Indicators),
    S(Fact::Care),
    K(Known::Done),
    K(Known::Told),
    S(Fact::Reporter),
];

const AUTHORITY: [Line; 16] = [
    K(Known::House),
    K(Known::Kind),
    K(Known::FirstKnew),
    K(Known::State),
    S(Fact::Overview),
    S(Fact::Found),
    S(Fact::Care),
    S(Fact::Systems),
    K(Known::Affected),
    S(Fact::DataKinds),
    S(Fact::DataCount),
    S(Fact::Backups),
    S(Fact::Outlook),
    K(Known::Done),
    K(Known::Told),
    S(Fact::Reporter),
];

/// Those that everybody may read have words of their own for what happened and what is done: those for authorities tell of
/// addresses, weak points and people.
const PATIENTS: [Line; 8] = [
    S(Fact::Notice),
    S(Fact::DataKinds),
    S(Fact::Secondary),
    S(Fact::PeopleTold),
    S(Fact::PatientsDo),
    S(Fact::NoticeSteps),
    S(Fact::Desk),
    K(Known::House),
];

const PRESS: [Line; 9] = [
    K(Known::FirstKnew),
    S(Fact::Notice),
    S(Fact::Care),
    S(Fact::Outlook),
    S(Fact::DataKinds),
    S(Fact::DataCount),
    S(Fact::NoticeSteps),
    S(Fact::Desk),
    K(Known::House),
];

/// The lines of a report, in order.
pub const fn lines(report: Report) -> &'static [Line] {
    match report {
        Report::RegulatorPreliminary | Report::RegulatorFinal => &REGULATOR,
        Report::Ransomware => &RANSOMWARE,
        Report::Denial => &DENIAL,
        Report::Ministry | Report::Prefecture => &AUTHORITY,
        Report::Patients => &PATIENTS,
        Report::Press => &PRESS,
    }
}

/// What people wrote for a fact; what was written at the declaration serves until somebody writes it for the reports.
pub fn said(case: &Case, fact: Fact) -> &str {
    let written = case.facts.of(fact.code());
    match fact {
        _ if !written.is_empty() => written,
        Fact::Overview => &case.incident.detail.summary,
        Fact::Care => &case.incident.detail.care,
        _ => "",
    }
}

/// The same as it stands in a report: what goes to everybody holds only what somebody wrote for reports, never what was typed in
/// haste at the declaration.
pub fn said_in(case: &Case, report: Report, fact: Fact) -> &str {
    if is_public(report) { case.facts.of(fact.code()) } else { said(case, fact) }
}

/// The facts that a report needs and nobody has written yet.
pub fn missing(case: &Case, report: Report) -> Vec<Fact> {
    lines(report)
        .iter()
        .filter_map(|line| match line {
            Line::Said(fact) if said_in(case, report, *fact).is_empty() => Some(*fact),
            _ => None,
        })
        .collect()
}

/// The reports that need a fact.
pub fn wanted(fact: Fact) -> impl Iterator<Item = Report> {
    Report::ALL.iter().copied().filter(move |report| lines(*report).contains(&Line::Said(fact)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_fact_is_for_some_report_and_stands_in_it_once() {
        for fact in Fact::ALL {
            assert!(wanted(*fact).next().is_some(), "{fact:?} is asked for and used nowhere");
        }
        for report in Report::ALL {
            let lines = lines(*report);
            let names: BTreeSet<String> = lines.iter().map(|line| format!("{line:?}")).collect();
            assert_eq!(names.len(), lines.len(), "{report:?}");
        }
    }

    #[test]
    fn what_goes_to_everybody_holds_nothing_that_only_authorities_are_told() {
        let inside = [
            Fact::Overview,
            Fact::Found,
            Fact::Systems,
            Fact::Backups,
            Fact::Cause,
            Fact::Prevention,
            Fact::Other,
            Fact::WayIn,
            Fact::Malware,
            Fact::RansomNote,
            Fact::Indicators,
            Fact::Reporter,
        ];
        for report in Report::ALL.iter().copied().filter(|report| is_public(*report)) {
            for line in lines(report) {
                let secret = match line {
                    Line::Said(fact) => inside.contains(fact),
                    Line::Known(known) => !matches!(known, Known::House | Known::FirstKnew),
                };
                assert!(!secret, "{report:?}: {line:?}");
            }
        }
    }

    /// The nine points of the enforcement rules, art. 8(1), by our words for them.
    #[test]
    fn the_regulator_gets_its_nine_points_in_order() {
        let nine = [
            Fact::Overview,
            Fact::DataKinds,
            Fact::DataCount,
            Fact::Cause,
            Fact::Secondary,
            Fact::PeopleTold,
            Fact::Publication,
            Fact::Prevention,
            Fact::Other,
        ];
        let asked: Vec<Fact> = lines(Report::RegulatorFinal)
            .iter()
            .filter_map(|line| match line {
                Line::Said(fact) if nine.contains(fact) => Some(*fact),
                _ => None,
            })
            .collect();
        assert_eq!(asked, nine);
    }
}
