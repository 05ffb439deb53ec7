//! `/plan`: this week, then later, then what waits; on paper a list for the wall.

use super::{StepView, see, step_path};
use crate::actions::Seen;
use crate::model::{Mark, MarkState};
use crate::rules::{BUDGET_MINUTES, monday_of};
use crate::{t, words};
use askama::Template;
use komainu_catalog::Catalog;
use komainu_i18n::Lang;
use komainu_web::{Member, Outcome, Section, Shell, date_text, page};

/// So many of what comes later stand on the wall: one page, and no more than anybody reads.
const ON_THE_WALL: usize = 7;

#[derive(Template)]
#[template(path = "plan.html")]
struct PlanPage {
    page: Shell,
    lang: Lang,
    lead: String,
    week_title: String,
    week_lead: String,
    week: Vec<StepView>,
    finished: Vec<(String, String)>,
    later: Vec<StepView>,
    held: Vec<(StepView, String)>,
    marked: Vec<Marked>,
}

/// A step of which something was said.
struct Marked {
    title: String,
    href: String,
    text: String,
}

/// The ordered plan.
pub async fn plan(member: Member) -> Outcome {
    let lang = member.lang;
    let seen = see(&member).await?;
    let catalog = &member.app.catalog;
    let view = |step| StepView::new(lang, catalog, &seen.facts, step);
    let in_week = |index: &usize| seen.week.open.contains(index);
    let steps = &seen.plan.steps;
    let monday = monday_of(seen.facts.situation.today);
    let whole = seen.facts.situation.whole;
    page(&PlanPage {
        page: member
            .shell(&if whole { t!(lang, "plan-title") } else { t!(lang, "plan-own-title") }, Section::Plan),
        lang,
        lead: if whole { t!(lang, "plan-lead") } else { t!(lang, "plan-own-lead") },
        week_title: t!(lang, "plan-week", from = date_text(lang, monday)),
        week_lead: t!(lang, "plan-week-lead", minutes = BUDGET_MINUTES),
        week: seen.week.open.iter().map(|index| view(&steps[*index])).collect(),
        finished: seen
            .week
            .finished
            .iter()
            .map(|key| (words::title(lang, catalog, key), step_path(key)))
            .collect(),
        later: (0..steps.len()).filter(|index| !in_week(index)).map(|index| view(&steps[index])).collect(),
        held: seen
            .plan
            .held
            .iter()
            .map(|(step, hold)| (view(step), words::hold(lang, catalog, hold)))
            .collect(),
        marked: marked(lang, catalog, &seen),
    })
}

/// What was said about steps that are over, newest first.
fn marked(lang: Lang, catalog: &Catalog, seen: &Seen) -> Vec<Marked> {
    let over = |mark: &&Mark| matches!(mark.state, MarkState::Done | MarkState::NotForUs);
    let mut marks: Vec<&Mark> = seen.facts.situation.marks.iter().filter(over).collect();
    marks.retain(|mark| crate::actions::concerns(&seen.facts, catalog, &mark.step));
    marks.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.step.cmp(&b.step)));
    let line = |mark: &Mark| Marked {
        title: words::title(lang, catalog, &mark.step),
        href: step_path(&mark.step),
        text: words::mark(lang, mark),
    };
    marks.into_iter().map(line).collect()
}
