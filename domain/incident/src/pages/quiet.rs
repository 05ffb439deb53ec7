//! The quiet page: what the director needs to know and to decide, and nothing that asks for a click.

use super::{ClockView, Head, Side, clocks, head, id_of, seen};
use crate::model::{Case, Entry, EntryKind, TaskState};
use crate::{t, words};
use askama::Template;
use axum::extract::Path;
use komainu_catalog::TaskRole;
use komainu_i18n::Lang;
use komainu_web::{Member, Outcome, Section, Shell, moment_text, page};

/// Entries of each kind that are shown.
const LAST: usize = 5;

#[derive(Template)]
#[template(path = "incident_quiet.html")]
struct QuietPage {
    page: Shell,
    lang: Lang,
    head: Head,
    figures: Vec<(String, String)>,
    clocks: Vec<ClockView>,
    /// Headings with what was written last: label of the moment, words.
    groups: Vec<(String, Vec<(String, String)>)>,
}

/// `GET /incidents/{id}/quiet`
pub async fn quiet(member: Member, Path(id): Path<String>) -> Outcome {
    let case = seen(&member, id_of(&id)?).await?;
    let lang = member.lang;
    page(&QuietPage {
        page: member.shell(&words::title_text(lang, &case.incident), Section::Incident),
        lang,
        head: head(&member, &case.incident, Side::Quiet),
        figures: figures(&member, &case),
        clocks: clocks(&member, &case).0,
        groups: groups(&member, &case),
    })
}

fn figures(member: &Member, case: &Case) -> Vec<(String, String)> {
    let (lang, incident, now) = (member.lang, &case.incident, member.app.nature.now());
    let until = incident.closed_at.unwrap_or(now);
    let count = |state: TaskState| case.tasks.iter().filter(|task| task.state == state).count();
    let commander = case.holder(TaskRole::Commander);
    let mut figures = vec![
        (t!(lang, "field-level"), words::level_hint(lang, incident.level)),
        (
            t!(lang, "field-first-knew"),
            t!(
                lang,
                "since",
                at = moment_text(lang, incident.first_knew_at),
                since = words::since_text(lang, incident.first_knew_at, until)
            ),
        ),
        (
            words::role_text(lang, TaskRole::Commander),
            commander.map_or_else(|| t!(lang, "role-nobody"), |held| held.name.clone()),
        ),
        (
            t!(lang, "tasks-title"),
            t!(
                lang,
                "tasks-count",
                open = count(TaskState::Open).to_string(),
                done = count(TaskState::Done).to_string()
            ),
        ),
    ];
    for (label, said) in [
        (t!(lang, "field-summary"), &incident.detail.summary),
        (t!(lang, "field-care"), &incident.detail.care),
    ] {
        if !said.is_empty() {
            figures.push((label, said.clone()));
        }
    }
    figures
}

fn groups(member: &Member, case: &Case) -> Vec<(String, Vec<(String, String)>)> {
    let lang = member.lang;
    let line = |entry: &Entry| {
        let words = match (entry.kind, entry.reason.as_str()) {
            (_, "") => entry.words.clone(),
            (EntryKind::Handover, to) => t!(lang, "moment-to", words = entry.words.as_str(), to = to),
            (_, reason) => t!(lang, "moment-reason", words = entry.words.as_str(), reason = reason),
        };
        (moment_text(lang, entry.happened_at), words)
    };
    let group = |kind: EntryKind, label: String| {
        let of_kind = case.entries.iter().rev().filter(|entry| entry.kind == kind);
        (label, of_kind.take(LAST).map(line).collect::<Vec<_>>())
    };
    [
        group(EntryKind::Decision, t!(lang, "quiet-decisions")),
        group(EntryKind::Event, t!(lang, "quiet-events")),
        group(EntryKind::Handover, t!(lang, "quiet-handovers")),
    ]
    .into_iter()
    .filter(|(_, lines)| !lines.is_empty())
    .collect()
}
