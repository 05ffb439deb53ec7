//! Words for outcomes, lines and years.

use crate::model::{Finding, Line, Outcome, Snapshot, StockTake};
use crate::t;
use komainu_calendar::FiscalYear;
use komainu_i18n::{Lang, collate};
use komainu_web::moment_text;

/// What was found, in a few words.
pub fn outcome_text(lang: Lang, outcome: Outcome) -> String {
    match outcome {
        Outcome::NotChecked => t!(lang, "outcome-not-checked"),
        Outcome::Found => t!(lang, "outcome-found"),
        Outcome::Different => t!(lang, "outcome-different"),
        Outcome::NotFound => t!(lang, "outcome-not-found"),
    }
}

/// The kind of badge that an outcome bears.
pub(crate) const fn outcome_badge(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotChecked => "neutral",
        Outcome::Found => "ok",
        Outcome::Different => "info",
        Outcome::NotFound => "attention",
    }
}

/// The name of a place, or that nobody wrote one.
pub(crate) fn place_text(lang: Lang, name: &str) -> String {
    if name.is_empty() { t!(lang, "place-none") } else { name.to_owned() }
}

/// What a list says of a thing besides its name: number, maker, model, serial number, how many.
pub(crate) fn marks_text(lang: Lang, was: &Snapshot) -> String {
    let labelled = [
        (!was.number.is_empty()).then(|| t!(lang, "mark-number", text = was.number.as_str())),
        (!was.maker.is_empty()).then(|| was.maker.clone()),
        (!was.model.is_empty()).then(|| was.model.clone()),
        (!was.serial.is_empty()).then(|| t!(lang, "mark-serial", text = was.serial.as_str())),
        was.count.map(|count| t!(lang, "mark-count", count = count.to_string())),
    ];
    labelled.into_iter().flatten().collect::<Vec<_>>().join(" ／ ")
}

/// What is otherwise than written, each on a line of its own.
pub(crate) fn finding_lines(lang: Lang, was: &Snapshot, finding: &Finding) -> Vec<String> {
    let mut lines = Vec::new();
    if !finding.place.is_empty() {
        let was = place_text(lang, &was.place_name);
        lines.push(t!(lang, "finding-place", was = was, now = finding.place.as_str()));
    }
    if let Some(count) = finding.count {
        let was = was.count.map_or_else(|| "–".to_owned(), |count| count.to_string());
        lines.push(t!(lang, "finding-count", was = was, now = count.to_string()));
    }
    if !finding.serial.is_empty() {
        let was = if was.serial.is_empty() { "–" } else { was.serial.as_str() };
        lines.push(t!(lang, "finding-serial", was = was, now = finding.serial.as_str()));
    }
    if !finding.words.is_empty() {
        lines.push(finding.words.clone());
    }
    lines
}

/// Who said so and when; empty while nobody has looked.
pub(crate) fn checked_text(lang: Lang, line: &Line) -> String {
    let at = line.checked_at.map(|at| moment_text(lang, at));
    at.map_or_else(String::new, |at| t!(lang, "checked-by", name = line.checked_by_name.as_str(), at = at))
}

/// Who took it over into the ledger and when; empty where nobody did.
pub(crate) fn taken_text(lang: Lang, line: &Line) -> String {
    let at = line.taken_at.map(|at| moment_text(lang, at));
    at.map_or_else(String::new, |at| t!(lang, "taken-by", name = line.taken_by_name.as_str(), at = at))
}

/// When it began and by whom, and the same of its end.
pub(crate) fn course_text(lang: Lang, take: &StockTake) -> String {
    let began = moment_text(lang, take.started_at);
    match take.closed_at {
        Some(at) => t!(
            lang,
            "course-closed",
            began = began,
            starter = take.started_by_name.as_str(),
            closed = moment_text(lang, at),
            closer = take.closed_by_name.as_str()
        ),
        None => t!(lang, "course-open", began = began, starter = take.started_by_name.as_str()),
    }
}

/// The name of a fiscal year.
pub(crate) fn year_text(lang: Lang, fiscal_year: i32) -> String {
    FiscalYear::try_from(fiscal_year).map_or_else(|_| fiscal_year.to_string(), |year| year.name(lang))
}

/// Puts lines in the order of walking: by place, those without one last, then by name.
pub(crate) fn in_walking_order(lang: Lang, lines: &mut [Line]) {
    lines.sort_by(|a, b| {
        let nowhere = |line: &Line| line.was.place_name.is_empty();
        nowhere(a)
            .cmp(&nowhere(b))
            .then_with(|| collate(lang, &a.was.place_name, &b.was.place_name))
            .then_with(|| a.was.place.cmp(&b.was.place))
            .then_with(|| collate(lang, &a.was.name, &b.was.name))
            .then_with(|| a.asset.cmp(&b.asset))
    });
}
