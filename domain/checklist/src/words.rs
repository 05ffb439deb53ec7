//! The words for answers, states, dates and faults.

use crate::actions::FaultKind;
use crate::model::{AnswerKind, Missing, RowState, RowView};
use crate::rules::{self, DateFault};
use crate::t;
use chrono::NaiveDate;
use komainu_calendar::{DateError, FiscalYear};
use komainu_catalog::{FormRow, Scope};
use komainu_i18n::Lang;
use komainu_web::date_text;

/// A mark of a row: the badge's kind and its word.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    pub kind: &'static str,
    pub text: String,
}

pub(crate) fn answer(lang: Lang, kind: Option<AnswerKind>) -> String {
    match kind {
        Some(AnswerKind::Yes) => t!(lang, "answer-yes"),
        Some(AnswerKind::No) => t!(lang, "answer-no"),
        Some(AnswerKind::NotSure) => t!(lang, "answer-not-sure"),
        Some(AnswerKind::NotApplicable) => t!(lang, "answer-not-applicable"),
        None => t!(lang, "answer-none"),
    }
}

/// The mark of a row in a list.
pub(crate) fn mark(lang: Lang, row: &RowView) -> Mark {
    let (kind, text) = match (&row.state, row.settled()) {
        (RowState::NotNeeded, _) => ("neutral", t!(lang, "state-not-needed")),
        (RowState::ToConfirm, _) => ("info", t!(lang, "state-to-confirm")),
        (_, Some(kind @ AnswerKind::Yes)) => ("ok", answer(lang, Some(kind))),
        (_, Some(kind @ AnswerKind::NotApplicable)) => ("neutral", answer(lang, Some(kind))),
        (_, Some(kind)) => ("attention", answer(lang, Some(kind))),
        (_, None) => ("neutral", answer(lang, None)),
    };
    Mark { kind, text }
}

pub(crate) fn missing(lang: Lang, missing: Missing) -> String {
    match missing {
        Missing::CheckDate => t!(lang, "missing-check-date"),
        Missing::Target => t!(lang, "missing-target"),
        Missing::Reason => t!(lang, "missing-reason"),
    }
}

/// What an answered row still lacks, in words.
pub(crate) fn lacking(lang: Lang, state: &RowState) -> Vec<String> {
    match state {
        RowState::Lacks(all) => all.iter().map(|one| missing(lang, *one)).collect(),
        _ => Vec::new(),
    }
}

/// The name of a fiscal year; the bare number where it is beyond all years.
pub(crate) fn year(lang: Lang, number: i32) -> String {
    FiscalYear::try_from(number).map_or_else(|_| number.to_string(), |year| year.name(lang))
}

/// The title of a row: its item's, and the kind of device where the form asks apart.
pub(crate) fn title(lang: Lang, row: &FormRow<'_>) -> String {
    let title = row.item.title.get(lang);
    let devices: Vec<String> = row.placement.scope.iter().filter_map(|scope| device(lang, *scope)).collect();
    if devices.is_empty() {
        title.to_owned()
    } else {
        t!(lang, "title-with-device", title = title, device = devices.join("・"))
    }
}

fn device(lang: Lang, scope: Scope) -> Option<String> {
    match scope {
        Scope::Organisation | Scope::All => None,
        Scope::Server => Some(t!(lang, "scope-server")),
        Scope::Terminal => Some(t!(lang, "scope-terminal")),
        Scope::Network => Some(t!(lang, "scope-network")),
    }
}

/// What is wrong with a field, and what to do.
pub(crate) fn fault(lang: Lang, fault: &FaultKind, year_number: i32, today: NaiveDate) -> String {
    let example = date_text(lang, today);
    match fault {
        FaultKind::NotOffered => t!(lang, "fault-not-offered"),
        FaultKind::NoDate(error) => date_error(lang, error, &example),
        FaultKind::TooLong(most) => t!(lang, "fault-too-long", most = most.to_string()),
        FaultKind::Date(wrong) => {
            let Ok(year) = FiscalYear::try_from(year_number) else {
                return t!(lang, "fault-date", example = example);
            };
            date_fault(lang, *wrong, year, today)
        }
    }
}

pub(crate) fn date_error(lang: Lang, error: &DateError, example: &str) -> String {
    match error {
        DateError::OutsideEra { means, .. } => t!(lang, "fault-era", means = date_text(lang, *means)),
        DateError::NoSuchDay { .. } | DateError::NoSuchMonth { .. } => {
            t!(lang, "fault-no-such-day", example = example)
        }
        DateError::DayMissing => t!(lang, "fault-day-missing", example = example),
        DateError::Contradiction { .. } => t!(lang, "fault-contradiction", example = example),
        _ => t!(lang, "fault-date", example = example),
    }
}

fn date_fault(lang: Lang, wrong: DateFault, year: FiscalYear, today: NaiveDate) -> String {
    let first = date_text(lang, year.first_day());
    let last = date_text(lang, year.last_day());
    let name = year.name(lang);
    match wrong {
        DateFault::Future => t!(lang, "fault-future", today = date_text(lang, today)),
        DateFault::BeforeYear => t!(lang, "fault-before-year", year = name, first = first),
        DateFault::LongAfterYear => {
            let last = date_text(lang, rules::latest_check(year, today));
            t!(lang, "fault-long-after", year = name, last = last)
        }
        DateFault::OutOfOrder => t!(lang, "fault-order"),
        DateFault::FirstMissing => t!(lang, "fault-first-missing"),
        DateFault::OutsideYear => t!(lang, "fault-outside-year", year = name, first = first, last = last),
    }
}

/// A date, or a dash where there is none.
pub(crate) fn date_or_dash(lang: Lang, date: Option<NaiveDate>) -> String {
    date.map_or_else(|| "—".to_owned(), |date| date_text(lang, date))
}

/// A size as people read it.
pub(crate) fn size(bytes: i64) -> String {
    let bytes = u64::try_from(bytes).unwrap_or(0);
    let tenth = |unit: u64| {
        let tenths = bytes.saturating_mul(10).div_ceil(unit);
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", tenth(1_000)),
        _ => format!("{} MB", tenth(1_000_000)),
    }
}
