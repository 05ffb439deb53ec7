//! The first page (`/`), the plan (`/plan`) and a step (`/plan/steps/…`).

mod changes;
mod home;
mod plan;
mod step;

pub use home::home;
pub use plan::plan;
pub(crate) use step::{planned, see_step};
pub use step::{step, step_save};

use crate::actions::{self, Seen};
use crate::model::{Action, PlannedStep, StepKey};
use crate::situation::Facts;
use crate::{t, words};
use chrono::NaiveDate;
use komainu_access::Permission;
use komainu_catalog::Catalog;
use komainu_i18n::Lang;
use komainu_web::{Failure, Member, date_text};

/// A step in words, ready to be shown.
struct StepView {
    title: String,
    why: String,
    how: Vec<String>,
    who: String,
    minutes: String,
    due: String,
    late: bool,
    unconfirmed: bool,
    /// The step's own page.
    href: String,
    button: String,
    /// Where its button leads.
    go: String,
}

impl StepView {
    fn new(lang: Lang, catalog: &Catalog, facts: &Facts, step: &PlannedStep) -> StepView {
        let late = step.due.is_some_and(|due| due < facts.situation.today);
        StepView {
            title: words::title(lang, catalog, &step.key),
            why: words::why(lang, catalog, step),
            how: words::how(lang, catalog, &step.key),
            who: words::who(lang, step, &facts.names),
            minutes: t!(lang, "minutes", minutes = step.minutes),
            due: step.due.map(|due| due_text(lang, due, late)).unwrap_or_default(),
            late,
            unconfirmed: step.inferred,
            href: step_path(&step.key),
            button: words::button(lang, &step.action),
            go: destination(facts, step),
        }
    }
}

fn due_text(lang: Lang, due: NaiveDate, late: bool) -> String {
    let day = date_text(lang, due);
    if late { t!(lang, "due-late", day = day) } else { t!(lang, "due-on", day = day) }
}

fn step_path(step: &StepKey) -> String {
    format!("/plan/steps/{step}")
}

/// Where a step's button leads.
fn destination(facts: &Facts, step: &PlannedStep) -> String {
    let round = facts.round.as_ref();
    match &step.action {
        Action::Interview => "/setup".to_owned(),
        Action::Form if !facts.situation.whole => "/checklist/mine".to_owned(),
        Action::Rounds | Action::Form => {
            round.map_or_else(|| "/checklist".to_owned(), komainu_checklist::model::Round::path)
        }
        Action::Row(row) => {
            round.map_or_else(|| "/checklist".to_owned(), |round| format!("{}/items/{row}", round.path()))
        }
        Action::Step => step_path(&step.key),
        Action::Systems => "/ledger/systems".to_owned(),
        Action::Vendors => "/ledger/vendors".to_owned(),
        Action::Contacts => "/ledger/contacts".to_owned(),
        Action::ContactTest => "/escalations".to_owned(),
        Action::ContactGaps => "/ledger/contacts/check".to_owned(),
        Action::StockTake => "/ledger/stock-take".to_owned(),
        Action::Measures => "/near-miss/measures".to_owned(),
        Action::Duties(id) => format!("/incidents/{id}/duties"),
        Action::Incident(id) => format!("/incidents/{id}"),
    }
}

/// The plan as the member sees it. What was newly chosen for the week is remembered; where that cannot be written, as
/// on a full disk, the page is shown all the same.
async fn see(member: &Member) -> Result<Seen, Failure> {
    let (scope, catalog) = (member.scope.clone(), member.app.catalog.clone());
    let nature = member.app.nature.clone();
    let today = nature.today();
    let seen = member.read(move |tx| actions::plan_see(tx, &scope, &catalog, today)).await?;
    if !seen.week.chosen.is_empty() && member.scope.may(Permission::PlanRead) {
        let (scope, catalog) = (member.scope.clone(), member.app.catalog.clone());
        let kept: Result<(), Failure> =
            member.write(move |tx| actions::week_keep(tx, &nature, &scope, &catalog)).await;
        if let Err(failure) = kept {
            tracing::warn!(inside = %failure, "the week's steps were not kept");
        }
    }
    Ok(seen)
}
