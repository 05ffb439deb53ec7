//! `/exposure`: the result in a sentence, the next best fix, the stories, what is in danger; the network as a file.

use super::{FixView, estimate_text};
use crate::actions::{exposure_failed, exposure_report};
use crate::rules::ways_of;
use crate::t;
use crate::view::{Seen, Standing, see};
use crate::words::{Names, is_assumed, likely_text, percent};
use askama::Template;
use komainu_access::Permission;
use komainu_exposure::{Report, Story};
use komainu_i18n::Lang;
use komainu_inventory::actions::ledger_revision;
use komainu_vendor::pages::{LedgerTab, ledger_name, ledger_tabs};
use komainu_web::{Failure, Member, Outcome, Section, Shell, Tab, attachment, moment_text, page, redirect};
use std::collections::BTreeSet;

/// Stories that stand open on the page; the others wait behind a line.
const FIRST: usize = 4;
/// Stories told at all.
const TOLD: usize = 24;
/// Fixes named after the next best.
const FURTHER: usize = 5;

#[derive(Template)]
#[template(path = "exposure.html")]
struct ExposurePage {
    page: Shell,
    lang: Lang,
    tabs: Vec<Tab>,
    ledger: String,
    waiting: Option<StateLine>,
    answer: Option<AnswerView>,
    /// The ledger has no line yet.
    no_lines: bool,
    may_edit: bool,
}

/// Whether the answer about a large ledger is there; also a fragment of its own.
#[derive(Template)]
#[template(path = "exposure_state.html")]
struct StateLine {
    lang: Lang,
    standing: Standing,
}

struct AnswerView {
    lead: String,
    best: Option<FixView>,
    further: Vec<FixView>,
    first: Vec<StoryView>,
    more: Vec<StoryView>,
    goals: Vec<GoalView>,
    radii: Vec<(String, String)>,
    /// Some story goes along a line that nobody wrote down.
    assumed: bool,
    computed: String,
}

struct StoryView {
    heading: String,
    chance: String,
    steps: Vec<StepView>,
}

struct StepView {
    sentence: String,
    chance: String,
    missing: String,
    assumed: bool,
}

struct GoalView {
    what: String,
    permille: u32,
    chance: String,
}

/// `GET /exposure`.
pub async fn exposure(member: Member) -> Outcome {
    let lang = member.lang;
    let seen = see(&member, &member.scope).await?;
    let waiting = (seen.standing != Standing::Fresh).then_some(StateLine { lang, standing: seen.standing });
    page(&ExposurePage {
        page: member.shell(&t!(lang, "exposure-title"), Section::Ledger),
        lang,
        tabs: ledger_tabs(lang, LedgerTab::Exposure),
        ledger: ledger_name(lang),
        waiting,
        answer: answer_view(&member, &seen),
        no_lines: seen.ledger.connections.is_empty(),
        may_edit: member.scope.may(Permission::LedgerEdit),
    })
}

/// `GET /exposure/state`: whether the answer is there, for polling; with no script the page itself says it.
pub async fn state(member: Member) -> Outcome {
    if !member.fragment {
        return Ok(redirect(super::HOME));
    }
    let (scope, today) = (member.scope.clone(), member.app.nature.today());
    let standing = member
        .read(move |tx| {
            let revision = ledger_revision(tx, &scope)?;
            let kept = exposure_report(tx, &scope)?;
            if kept.is_some_and(|kept| kept.stands(revision, today)) {
                return Ok(Standing::Fresh);
            }
            Ok(if exposure_failed(tx, &scope)? { Standing::Failed } else { Standing::Coming })
        })
        .await?;
    page(&StateLine { lang: member.lang, standing })
}

/// `GET /exposure/network.json`: the network in the engine's public format.
pub async fn network(member: Member) -> Outcome {
    let (scope, today) = (member.scope.clone(), member.app.nature.today());
    let ledger = member.read(move |tx| komainu_inventory::actions::ledger(tx, &scope)).await?;
    let network = crate::rules::network(&ledger, &member.organisation_name, today);
    let bytes = serde_json::to_vec_pretty(&network).map_err(Failure::internal)?;
    Ok(attachment("komainu-network.json", "application/json", bytes))
}

/// Nothing where nothing leads in and nobody wrote down a line: the page then says how to begin.
fn answer_view(member: &Member, seen: &Seen) -> Option<AnswerView> {
    let lang = member.lang;
    let kept = seen.kept.as_ref()?;
    let report = &kept.report;
    if seen.ledger.connections.is_empty() && report.stories.is_empty() {
        return None;
    }
    let names = Names { lang, index: seen.ledger.index() };
    let told: Vec<StoryView> =
        report.stories.iter().take(TOLD).map(|story| story_view(&names, story)).collect();
    let fixes = |from: usize, most: usize| report.fixes.iter().skip(from).take(most);
    let fix = |ranked: &komainu_exposure::Ranked| {
        let share = if report.plan.before > 0.0 { ranked.gain / report.plan.before } else { 0.0 };
        let ways = ways_of(report, &ranked.fix).to_string();
        let does = t!(lang, "fix-does", percent = percent(share), ways = ways);
        FixView::new(member, &names, &ranked.fix, does)
    };
    let assumed = told.iter().any(|story| story.steps.iter().any(|step| step.assumed));
    let mut first = told;
    let more = first.split_off(FIRST.min(first.len()));
    Some(AnswerView {
        lead: lead(&names, report),
        best: fixes(0, 1).map(fix).next(),
        further: fixes(1, FURTHER).map(fix).collect(),
        first,
        more,
        goals: goals(&names, report),
        radii: radii(&names, report),
        assumed,
        computed: moment_text(lang, kept.computed_at),
    })
}

/// The result in one plain sentence.
fn lead(names: &Names<'_>, report: &Report) -> String {
    let entrances: BTreeSet<_> =
        report.stories.iter().map(|story| (story.entry, story.entrance.clone())).collect();
    match report.stories.first() {
        None => t!(names.lang, "lead-none"),
        Some(story) => t!(
            names.lang,
            "lead",
            count = entrances.len().to_string(),
            story = names.story(story),
            likely = likely_text(names.lang, story.joint)
        ),
    }
}

fn story_view(names: &Names<'_>, story: &Story) -> StoryView {
    let step = |told: &komainu_exposure::Told| StepView {
        sentence: names.step(told),
        chance: t!(names.lang, "chance", percent = percent(told.probability)),
        missing: match names.missing(told) {
            missing if missing.is_empty() => missing,
            missing => t!(names.lang, "missing", controls = missing),
        },
        assumed: is_assumed(told),
    };
    StoryView {
        heading: names.story(story),
        chance: chance_text(names.lang, story.joint),
        steps: story.steps.iter().map(step).collect(),
    }
}

fn chance_text(lang: Lang, probability: f64) -> String {
    t!(lang, "chance-word", likely = likely_text(lang, probability), percent = percent(probability))
}

fn goals(names: &Names<'_>, report: &Report) -> Vec<GoalView> {
    let lang = names.lang;
    let goal = |risk: &komainu_exposure::GoalRisk| {
        let (estimate, likely) = (&risk.estimate, likely_text(lang, risk.estimate.probability));
        GoalView {
            what: names.goal(risk.goal, risk.process.as_deref()),
            permille: permille(estimate.probability),
            chance: t!(lang, "goal-chance", likely = likely, estimate = estimate_text(lang, estimate)),
        }
    };
    let mut goals: Vec<GoalView> = report.goals.iter().map(goal).collect();
    goals.sort_by_key(|goal| std::cmp::Reverse(goal.permille));
    goals
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
fn permille(share: f64) -> u32 {
    (1000.0 * share).round().clamp(0.0, 1000.0) as u32
}

fn radii(names: &Names<'_>, report: &Report) -> Vec<(String, String)> {
    let reach = |radius: &komainu_exposure::Radius| {
        let (likely, all) = (radius.likely.to_string(), radius.unlimited.to_string());
        (names.node(&radius.id), t!(names.lang, "radius", likely = likely, all = all))
    };
    report.radii.iter().filter(|radius| radius.unlimited > 0).map(reach).collect()
}
