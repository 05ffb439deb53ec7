//! `/exposure/plan`: what to do with so many hours, in order.

use super::{FixView, ShiftView, crumbs};
use crate::answers::{MOST_HOURS, USUAL_HOURS, beside, plan_of};
use crate::t;
use crate::view::{Standing, see};
use crate::words::{Names, effort_text, percent};
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use komainu_exposure::{Estimate, GoalRisk, Plan, Report};
use komainu_i18n::Lang;
use komainu_vendor::pages::ledger_name;
use komainu_web::{Crumb, FieldErrors, Member, Outcome, Section, Shell, page_with_status};
use serde::Deserialize;

/// The question.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    hours: String,
}

#[derive(Template)]
#[template(path = "exposure_plan.html")]
struct PlanPage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    ledger: String,
    faults: String,
    typed: String,
    errors: FieldErrors,
    /// None where nothing is known yet.
    result: Option<PlanView>,
}

struct PlanView {
    summary: String,
    proof: String,
    lines: Vec<LineView>,
    shifts: Vec<ShiftView>,
}

struct LineView {
    fix: FixView,
    /// Work up to and with it.
    sum: String,
    /// Harm that is left then, of what there was.
    left: String,
}

/// `GET /exposure/plan`.
pub async fn plan(member: Member, Query(asked): Query<Asked>) -> Outcome {
    let lang = member.lang;
    let mut errors = FieldErrors::default();
    let typed = if asked.hours.is_empty() { USUAL_HOURS.to_string() } else { asked.hours };
    let hours = typed.trim().parse::<u32>().ok().filter(|hours| (1..=MOST_HOURS).contains(hours));
    if hours.is_none() {
        errors.add("hours", t!(lang, "fault-hours", most = MOST_HOURS.to_string()));
    }
    let seen = see(&member, &member.scope).await?;
    let names = Names { lang, index: seen.ledger.index() };
    let mut result = None;
    if let (Some(kept), Some(hours)) = (&seen.kept, hours) {
        let plan = if hours == USUAL_HOURS || seen.standing != Standing::Fresh {
            kept.report.plan.clone()
        } else {
            let network = seen.network(&member, "");
            beside(move || plan_of(network, hours)).await?
        };
        result = Some(plan_view(&member, &names, &kept.report, &plan));
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page_with_status(
        status,
        &PlanPage {
            page: member.shell(&t!(lang, "plan-title"), Section::Ledger),
            lang,
            crumbs: crumbs(lang),
            ledger: ledger_name(lang),
            faults: t!(lang, "faults"),
            typed,
            errors,
            result,
        },
    )
}

fn plan_view(member: &Member, names: &Names<'_>, report: &Report, plan: &Plan) -> PlanView {
    let lang = names.lang;
    let part = |harm: f64| if plan.before > 0.0 { harm / plan.before } else { 0.0 };
    let mut minutes = 0;
    let lines = plan.fixes.iter().map(|planned| {
        minutes += planned.fix.minutes;
        LineView {
            fix: FixView::new(member, names, &planned.fix, String::new()),
            sum: effort_text(lang, minutes),
            left: t!(lang, "plan-left", percent = percent(part(planned.harm))),
        }
    });
    let lines = lines.collect();
    let shift = |(risk, (before, after)): (&GoalRisk, (&Estimate, &Estimate))| {
        ShiftView::new(lang, names.goal(risk.goal, risk.process.as_deref()), Some(before), Some(after))
    };
    let pairs = plan.goals_before.iter().zip(&plan.goals_after);
    PlanView {
        summary: t!(
            lang,
            "plan-summary",
            budget = effort_text(lang, plan.budget),
            effort = effort_text(lang, plan.minutes),
            percent = percent(part(plan.after))
        ),
        proof: if plan.exact {
            t!(lang, "plan-exact")
        } else {
            t!(lang, "plan-bound", percent = percent(part(plan.bound)))
        },
        lines,
        shifts: report.goals.iter().zip(pairs).map(shift).collect(),
    }
}
