//! Words for kinds, levels, states, roles, clocks, and what a timeline and a report say.

use crate::model::{
    AssetState, Case, Entry, EntryKind, Fact, Incident, Known, Level, Report, Stage, State, Task, TaskState,
};
use crate::rules::{Due, Left, Moment, What, left};
use crate::{t, tongue};
use chrono::{DateTime, NaiveDate, Utc};
use komainu_calendar::{Datelike as _, weekday_name};
use komainu_catalog::{Applies, Catalog, DutyKind, FirstTask, TaskRole};
use komainu_clock::in_japan;
use komainu_i18n::Lang;
use komainu_web::{date_text, moment_text};

/// The name of a kind; one of another version is named by its id.
pub fn kind_text(catalog: &Catalog, lang: Lang, kind: &str) -> String {
    catalog.incident_kind(kind).map_or_else(|| kind.to_owned(), |known| known.title.get(lang).to_owned())
}

/// How grave it is.
pub fn level_text(lang: Lang, level: Level) -> String {
    match level {
        Level::Watch => t!(lang, "level-watch"),
        Level::Limited => t!(lang, "level-limited"),
        Level::Serious => t!(lang, "level-serious"),
        Level::Crisis => t!(lang, "level-crisis"),
    }
}

/// What a level means.
pub(crate) fn level_hint(lang: Lang, level: Level) -> String {
    match level {
        Level::Watch => t!(lang, "level-watch-hint"),
        Level::Limited => t!(lang, "level-limited-hint"),
        Level::Serious => t!(lang, "level-serious-hint"),
        Level::Crisis => t!(lang, "level-crisis-hint"),
    }
}

/// The kind of badge that a level bears.
pub(crate) const fn level_badge(level: Level) -> &'static str {
    match level {
        Level::Watch => "neutral",
        Level::Limited => "info",
        Level::Serious => "attention",
        Level::Crisis => "stop",
    }
}

/// Where it stands.
pub fn state_text(lang: Lang, state: State) -> String {
    match state {
        State::Open => t!(lang, "state-open"),
        State::Contained => t!(lang, "state-contained"),
        State::Recovering => t!(lang, "state-recovering"),
        State::Closed => t!(lang, "state-closed"),
    }
}

/// The kind of badge that a state bears.
pub(crate) const fn state_badge(state: State) -> &'static str {
    match state {
        State::Open => "stop",
        State::Contained => "attention",
        State::Recovering => "info",
        State::Closed => "ok",
    }
}

/// The word on the button that leads to a state.
pub(crate) fn state_do(lang: Lang, state: State) -> String {
    match state {
        State::Open => t!(lang, "state-do-open"),
        State::Contained => t!(lang, "state-do-contained"),
        State::Recovering => t!(lang, "state-do-recovering"),
        State::Closed => t!(lang, "state-do-closed"),
    }
}

/// A role of those who lead.
pub fn role_text(lang: Lang, role: TaskRole) -> String {
    match role {
        TaskRole::Commander => t!(lang, "role-commander"),
        TaskRole::Systems => t!(lang, "role-systems"),
        TaskRole::Recorder => t!(lang, "role-recorder"),
        TaskRole::Care => t!(lang, "role-care"),
        TaskRole::Contact => t!(lang, "role-contact"),
    }
}

/// What an entry is.
pub fn entry_text(lang: Lang, kind: EntryKind) -> String {
    match kind {
        EntryKind::Event => t!(lang, "entry-event"),
        EntryKind::Decision => t!(lang, "entry-decision"),
        EntryKind::Handover => t!(lang, "entry-handover"),
        EntryKind::Note => t!(lang, "entry-note"),
        EntryKind::State => t!(lang, "entry-state"),
        EntryKind::Level => t!(lang, "entry-level"),
        EntryKind::Knew => t!(lang, "entry-knew"),
        EntryKind::Task => t!(lang, "tasks-title"),
        EntryKind::Asset => t!(lang, "tab-assets"),
        EntryKind::Told => t!(lang, "moment-told"),
    }
}

/// Where a task stands.
pub fn task_state_text(lang: Lang, state: TaskState) -> String {
    match state {
        TaskState::Open => t!(lang, "task-open"),
        TaskState::Done => t!(lang, "task-done"),
        TaskState::Dropped => t!(lang, "task-dropped"),
    }
}

/// A first task by its `KIND.TASK`.
fn first_task<'a>(catalog: &'a Catalog, template: &str) -> Option<&'a FirstTask> {
    let (kind, id) = template.split_once('.')?;
    catalog.incident_kind(kind)?.task(id)
}

/// What a task is and why: a first task in the reader's language.
pub fn task_words(catalog: &Catalog, lang: Lang, task: &Task) -> (String, String) {
    match first_task(catalog, &task.template) {
        Some(first) => (first.title.get(lang).to_owned(), first.why.get(lang).to_owned()),
        None if task.detail.what.is_empty() => (task.template.clone(), String::new()),
        None => (task.detail.what.clone(), String::new()),
    }
}

/// How a thing of the ledger stands.
pub fn asset_state_text(lang: Lang, state: AssetState) -> String {
    match state {
        AssetState::Suspected => t!(lang, "asset-suspected"),
        AssetState::Affected => t!(lang, "asset-affected"),
        AssetState::CutOff => t!(lang, "asset-cut-off"),
        AssetState::Restored => t!(lang, "asset-restored"),
        AssetState::Clean => t!(lang, "asset-clean"),
    }
}

/// The kind of badge that such a thing bears.
pub(crate) const fn asset_badge(state: AssetState) -> &'static str {
    match state {
        AssetState::Suspected => "attention",
        AssetState::Affected => "stop",
        AssetState::CutOff => "info",
        AssetState::Restored | AssetState::Clean => "ok",
    }
}

/// How binding it is to tell somebody.
pub fn duty_kind_text(lang: Lang, kind: DutyKind) -> String {
    match kind {
        DutyKind::Duty => t!(lang, "duty-kind-duty"),
        DutyKind::Asked => t!(lang, "duty-kind-asked"),
        DutyKind::Choice => t!(lang, "duty-kind-choice"),
    }
}

/// Whether somebody is to be told.
pub fn applies_text(lang: Lang, applies: Applies) -> String {
    match applies {
        Applies::Yes => t!(lang, "applies-yes"),
        Applies::Open => t!(lang, "applies-open"),
        Applies::No => t!(lang, "applies-no"),
    }
}

/// A day with its day of the week.
pub fn day_text(lang: Lang, day: NaiveDate) -> String {
    t!(lang, "day", day = date_text(lang, day), weekday = weekday_name(day.weekday(), lang))
}

/// When a clock ends: the day, and what moved it.
pub fn due_text(lang: Lang, due: Due) -> String {
    let day = day_text(lang, due.day);
    match (due.aim, due.moved_from) {
        (Some(aim), _) => t!(lang, "due-aim", aim = day_text(lang, aim), day = day),
        (None, Some(counted)) => t!(lang, "due-moved", counted = day_text(lang, counted), day = day),
        (None, None) => t!(lang, "due-day", day = day),
    }
}

/// How much of a clock is left.
pub fn left_text(lang: Lang, due: Due, today: NaiveDate) -> String {
    match left(due.keep(), today) {
        Left::Days(n) => t!(lang, "left-days", n = n.to_string()),
        Left::Today => t!(lang, "left-today"),
        // Behind the day to aim at there may be days left.
        Left::Late(_) if due.day == today => t!(lang, "left-today"),
        Left::Late(_) if due.day > today => {
            t!(lang, "left-aim-over", n = (due.day - today).num_days().to_string())
        }
        Left::Late(_) => t!(lang, "left-late", n = (today - due.day).num_days().to_string()),
    }
}

/// Where a clock stood when somebody was reminded of it.
pub(crate) fn stage_text(lang: Lang, stage: Stage) -> String {
    match stage {
        Stage::Near => t!(lang, "stage-near"),
        Stage::Aim => t!(lang, "stage-aim"),
        Stage::Last => t!(lang, "stage-last"),
        Stage::Over => t!(lang, "stage-over"),
    }
}

/// The kind of badge that a clock bears.
pub(crate) fn left_badge(due: Due, today: NaiveDate) -> &'static str {
    /// From when on a clock calls for attention, in days.
    const SOON: i64 = 3;
    match left(due.keep(), today) {
        Left::Days(days) if days > SOON => "info",
        Left::Days(_) => "attention",
        Left::Today | Left::Late(_) => "stop",
    }
}

/// How long ago or ahead a moment is, in hours and minutes.
pub(crate) fn since_text(lang: Lang, from: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let minutes = (now - from).num_minutes().max(0);
    let (days, hours) = (minutes / 1440, minutes % 1440 / 60);
    if days > 0 {
        t!(lang, "since-days", days = days.to_string(), hours = hours.to_string())
    } else {
        t!(lang, "since-hours", hours = hours.to_string(), minutes = (minutes % 60).to_string())
    }
}

/// A report's name.
pub fn report_text(lang: Lang, report: Report) -> String {
    match report {
        Report::RegulatorPreliminary => t!(lang, "report-regulator-preliminary"),
        Report::RegulatorFinal => t!(lang, "report-regulator-final"),
        Report::Ransomware => t!(lang, "report-ransomware"),
        Report::Denial => t!(lang, "report-denial"),
        Report::Ministry => t!(lang, "report-ministry"),
        Report::Prefecture => t!(lang, "report-prefecture"),
        Report::Patients => t!(lang, "report-patients"),
        Report::Press => t!(lang, "report-press"),
    }
}

/// How a report is handed in, and what is not known about it.
pub(crate) fn report_how(lang: Lang, report: Report) -> String {
    match report {
        Report::RegulatorPreliminary | Report::RegulatorFinal => t!(lang, "report-how-regulator"),
        Report::Ransomware | Report::Denial => t!(lang, "report-how-common"),
        Report::Ministry => t!(lang, "report-how-ministry"),
        Report::Prefecture => t!(lang, "report-how-prefecture"),
        Report::Patients => t!(lang, "report-how-patients"),
        Report::Press => t!(lang, "report-how-press"),
    }
}

/// A fact with its hint: what people write for the reports.
const FACTS: [(Fact, &str, &str); 27] = [
    (Fact::Overview, "fact-overview", "fact-overview-hint"),
    (Fact::Found, "fact-found", "fact-found-hint"),
    (Fact::Care, "fact-care", "fact-care-hint"),
    (Fact::Systems, "fact-systems", "fact-systems-hint"),
    (Fact::Backups, "fact-backups", "fact-backups-hint"),
    (Fact::Outlook, "fact-outlook", "fact-outlook-hint"),
    (Fact::DataKinds, "fact-data-kinds", "fact-data-kinds-hint"),
    (Fact::DataCount, "fact-data-count", "fact-data-count-hint"),
    (Fact::Cause, "fact-cause", "fact-cause-hint"),
    (Fact::Secondary, "fact-secondary", "fact-secondary-hint"),
    (Fact::PeopleTold, "fact-people-told", "fact-people-told-hint"),
    (Fact::Publication, "fact-publication", "fact-publication-hint"),
    (Fact::Prevention, "fact-prevention", "fact-prevention-hint"),
    (Fact::Other, "fact-other", "fact-other-hint"),
    (Fact::WayIn, "fact-way-in", "fact-way-in-hint"),
    (Fact::Malware, "fact-malware", "fact-malware-hint"),
    (Fact::RansomNote, "fact-ransom-note", "fact-ransom-note-hint"),
    (Fact::FileEnding, "fact-file-ending", "fact-file-ending-hint"),
    (Fact::Indicators, "fact-indicators", "fact-indicators-hint"),
    (Fact::DosTarget, "fact-dos-target", "fact-dos-target-hint"),
    (Fact::DosKind, "fact-dos-kind", "fact-dos-kind-hint"),
    (Fact::DosTime, "fact-dos-time", "fact-dos-time-hint"),
    (Fact::Notice, "fact-notice", "fact-notice-hint"),
    (Fact::NoticeSteps, "fact-notice-steps", "fact-notice-steps-hint"),
    (Fact::PatientsDo, "fact-patients-do", "fact-patients-do-hint"),
    (Fact::Desk, "fact-desk", "fact-desk-hint"),
    (Fact::Reporter, "fact-reporter", "fact-reporter-hint"),
];

/// What a fact is called.
pub fn fact_text(lang: Lang, fact: Fact) -> String {
    FACTS
        .iter()
        .find(|(known, ..)| *known == fact)
        .map(|(_, key, _)| tongue(lang).get(key))
        .unwrap_or_default()
}

/// What to write for it.
pub(crate) fn fact_hint(lang: Lang, fact: Fact) -> String {
    FACTS.iter().find(|(known, ..)| *known == fact).map(|(.., key)| tongue(lang).get(key)).unwrap_or_default()
}

/// What the case knows is called so in a report.
pub(crate) fn known_text(lang: Lang, known: Known) -> String {
    match known {
        Known::House => t!(lang, "known-house"),
        Known::Kind => t!(lang, "known-kind"),
        Known::FirstKnew => t!(lang, "known-first-knew"),
        Known::State => t!(lang, "known-state"),
        Known::Affected => t!(lang, "known-affected"),
        Known::Done => t!(lang, "known-done"),
        Known::Told => t!(lang, "known-told"),
    }
}

/// Who was told, in the reader's language.
pub(crate) fn duty_text(catalog: &Catalog, lang: Lang, duty: &str) -> String {
    catalog.reporting_duty(duty).map_or_else(|| duty.to_owned(), |known| known.to.get(lang).to_owned())
}

/// What a moment of the timeline says: its kind, and its words.
pub fn moment_words(catalog: &Catalog, lang: Lang, case: &Case, moment: &Moment<'_>) -> (String, String) {
    match moment.what {
        What::Known => (t!(lang, "moment-known"), String::new()),
        What::Declared => (t!(lang, "moment-declared"), kind_text(catalog, lang, &case.incident.kind)),
        What::Entry(entry) => entry_words(catalog, lang, entry),
        What::Role(held) => (
            t!(lang, "moment-role"),
            t!(lang, "pair", left = role_text(lang, held.role), right = held.name.as_str()),
        ),
        What::Taken(exhibit) => (t!(lang, "moment-taken"), exhibit.detail.what.clone()),
        What::Passed(exhibit, custody) => {
            let (from, to) = (custody.detail.from.as_str(), custody.detail.to.as_str());
            (
                t!(lang, "moment-passed"),
                t!(lang, "passed", what = exhibit.detail.what.as_str(), from = from, to = to),
            )
        }
    }
}

/// What an entry says: its kind, and its words.
fn entry_words(catalog: &Catalog, lang: Lang, entry: &Entry) -> (String, String) {
    let said = entry.words.as_str();
    // What the program wrote with a change: a code, and what it is about.
    let (code, about) = said.split_once(' ').unwrap_or((said, ""));
    let (kind, words) = match entry.kind {
        EntryKind::State => (None, said.parse::<State>().ok().map(|state| state_text(lang, state))),
        EntryKind::Level => (None, said.parse::<Level>().ok().map(|level| level_text(lang, level))),
        EntryKind::Knew => (None, said.parse::<DateTime<Utc>>().ok().map(|at| moment_text(lang, at))),
        EntryKind::Task => {
            let first = first_task(catalog, about).map(|first| first.title.get(lang).to_owned());
            let state = code.parse::<TaskState>().ok().map(|state| task_state_text(lang, state));
            (state, Some(first.unwrap_or_else(|| about.to_owned())))
        }
        EntryKind::Asset => {
            let state = code.parse::<AssetState>().ok().map(|state| asset_state_text(lang, state));
            (state, Some(about.to_owned()))
        }
        EntryKind::Told => {
            let taken_back = (code != "done").then(|| t!(lang, "moment-untold"));
            (taken_back, Some(duty_text(catalog, lang, about)))
        }
        EntryKind::Event | EntryKind::Decision | EntryKind::Handover | EntryKind::Note => (None, None),
    };
    let words = words.unwrap_or_else(|| said.to_owned());
    let words = match (entry.kind, entry.reason.as_str()) {
        (_, "") => words,
        (EntryKind::Handover, to) => t!(lang, "moment-to", words = words, to = to),
        (EntryKind::Task | EntryKind::Asset | EntryKind::Told, note) => {
            t!(lang, "pair", left = words, right = note)
        }
        (_, reason) => t!(lang, "moment-reason", words = words, reason = reason),
    };
    (kind.unwrap_or_else(|| entry_text(lang, entry.kind)), words)
}

/// Its number and name.
pub fn title_text(lang: Lang, incident: &Incident) -> String {
    let (number, title) = (incident.number_text(), incident.detail.title.as_str());
    t!(lang, "incident-title", number = number, title = title)
}

/// The time of day on clocks in Japan.
pub(crate) fn clock_text(at: DateTime<Utc>) -> String {
    in_japan(at).format("%H:%M").to_string()
}

/// When it happened, and when it was written where that was later.
pub(crate) fn when_text(lang: Lang, moment: &Moment<'_>) -> String {
    const AT_ONCE: i64 = 5;
    let at = moment_text(lang, moment.at);
    if (moment.written_at - moment.at).num_minutes().abs() <= AT_ONCE {
        at
    } else {
        t!(lang, "moment-written", at = at, written = moment_text(lang, moment.written_at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_has_its_words() {
        for lang in Lang::ALL {
            for fact in Fact::ALL {
                for text in [fact_text(lang, *fact), fact_hint(lang, *fact)] {
                    assert!(!text.is_empty() && !text.contains("No localization"), "{fact:?} {lang}: {text}");
                }
            }
        }
        assert_eq!(FACTS.len(), Fact::ALL.len());
    }
}
