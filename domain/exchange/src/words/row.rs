//! What becomes of a row, and what is wrong with it.

use super::{column_label, state_choices};
use crate::model::{Column, Evidence, Fault, Outcome, Reason, Warning, Why};
use crate::t;
use crate::vocabulary::CLEAR;
use komainu_i18n::Lang;
use komainu_inventory::words::fact_fault_text;

/// What becomes of a row.
pub(crate) fn outcome_text(lang: Lang, outcome: Outcome) -> String {
    match outcome {
        Outcome::Faulty => t!(lang, "outcome-faulty"),
        Outcome::Undecided => t!(lang, "outcome-undecided"),
        Outcome::Remove => t!(lang, "outcome-remove"),
        Outcome::Change => t!(lang, "outcome-change"),
        Outcome::New => t!(lang, "outcome-new"),
        Outcome::Same => t!(lang, "outcome-same"),
        Outcome::Skipped => t!(lang, "outcome-skipped"),
    }
}

/// The sign beside it.
pub(crate) const fn badge(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Faulty => "stop",
        Outcome::Undecided | Outcome::Remove => "attention",
        Outcome::Change | Outcome::New => "info",
        Outcome::Same => "ok",
        Outcome::Skipped => "neutral",
    }
}

/// What speaks for a row being about something that is there.
pub(crate) fn reason_text(lang: Lang, reason: Reason) -> String {
    match reason {
        Reason::Serial => t!(lang, "reason-serial"),
        Reason::Mac => t!(lang, "reason-mac"),
        Reason::Number => t!(lang, "reason-number"),
        Reason::Hostname => t!(lang, "reason-hostname"),
        Reason::Name => t!(lang, "reason-name"),
        Reason::Ends => t!(lang, "reason-ends"),
    }
}

/// Why the kind of a machine was guessed as it was.
pub(crate) fn evidence_text(lang: Lang, evidence: Evidence) -> String {
    match evidence {
        Evidence::Told => t!(lang, "evidence-told"),
        Evidence::DicomServer => t!(lang, "evidence-dicom-server"),
        Evidence::DicomClient => t!(lang, "evidence-dicom-client"),
        Evidence::Hl7 => t!(lang, "evidence-hl7"),
        Evidence::Files => t!(lang, "evidence-files"),
        Evidence::ServerSystem => t!(lang, "evidence-server-system"),
        Evidence::DeskSystem => t!(lang, "evidence-desk-system"),
        Evidence::Nothing => t!(lang, "evidence-nothing"),
    }
}

/// Where a row is found: its number, where its file has rows.
pub(crate) fn row_place(lang: Lang, file: &str, number: u64) -> String {
    if number == 0 {
        return file.to_owned();
    }
    t!(lang, "row-place", file = file, row = number.to_string())
}

/// What is left out of a row.
pub(crate) fn warning_text(lang: Lang, warning: &Warning) -> String {
    match warning {
        Warning::Unknown(Column::System, name) => t!(lang, "warning-system", name = name.as_str()),
        Warning::Unknown(_, name) => t!(lang, "warning-vendor", name = name.as_str()),
        Warning::Unfit(column) => t!(lang, "warning-unfit", column = column_label(lang, *column)),
        Warning::NotMade(column, name) => {
            t!(lang, "warning-not-made", column = column_label(lang, *column), name = name.as_str())
        }
        Warning::Twin(0) => t!(lang, "warning-twin"),
        Warning::Twin(row) => t!(lang, "warning-twin-row", row = row.to_string()),
        Warning::Lines(count) => t!(lang, "warning-lines", count = count.to_string()),
    }
}

/// What is wrong: in which column, what stands there, and what to write instead.
pub(crate) fn fault_text(lang: Lang, fault: &Fault) -> String {
    let why = why_text(lang, fault);
    let stands_there = match fault.why {
        // Names of others, which are told with the reason.
        Why::Circle | Why::InUse(_) | Why::Named(_) => "",
        _ => fault.text.as_str(),
    };
    match (fault.column, stands_there) {
        (None, _) => why,
        (Some(column), "") => t!(lang, "fault-column", column = column_label(lang, column), why = why),
        (Some(column), text) => {
            let text: String = text.chars().take(60).collect();
            t!(lang, "fault-cell", column = column_label(lang, column), text = text, why = why)
        }
    }
}

fn why_text(lang: Lang, fault: &Fault) -> String {
    match fault.why {
        Why::Fact(fact) => fact_fault_text(lang, fact),
        Why::NoName => t!(lang, "why-no-name"),
        Why::NoKind => t!(lang, "why-no-kind"),
        Why::Kind => t!(lang, "why-kind"),
        Why::State => t!(lang, "why-state", words = state_choices(lang).join(" / ")),
        Why::YesNo => t!(lang, "why-yes-no"),
        Why::Mark => t!(lang, "why-mark"),
        Why::TooLong(most) => t!(lang, "why-too-long", most = most.to_string()),
        Why::Unknown => t!(lang, "why-unknown"),
        Why::Several => t!(lang, "why-several"),
        Why::Id => t!(lang, "why-id"),
        Why::Twice(0) => t!(lang, "why-twice"),
        Why::Twice(row) => t!(lang, "why-twice-row", row = row.to_string()),
        Why::RemoveWithoutId => t!(lang, "why-remove-without-id"),
        Why::NoEnd => t!(lang, "why-no-end"),
        Why::Ends => t!(lang, "why-ends"),
        Why::Circle => t!(lang, "why-circle", names = fault.text.as_str()),
        Why::InUse(count) => {
            t!(lang, "why-in-use", names = fault.text.as_str(), count = count.to_string())
        }
        Why::Named(count) => {
            let clear = CLEAR[lang as usize];
            t!(lang, "why-named", names = fault.text.as_str(), count = count.to_string(), clear = clear)
        }
        Why::NotThat => t!(lang, "why-not-that"),
    }
}
