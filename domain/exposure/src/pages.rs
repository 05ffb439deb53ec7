//! `/exposure`: the ways in, the plan of fixes, what if, the order of restoring, the reasons.

mod overview;
mod plan;
mod restore;
mod table;
mod what_if;

pub use overview::{exposure, network, state};
pub use plan::plan;
pub use restore::{RestoredLine, restore, restored_lines};
pub use table::table;
pub(crate) use what_if::cuts;
pub use what_if::what_if;

use crate::t;
use crate::words::{Names, effort_text, percent};
use komainu_access::Permission;
use komainu_exposure::{Estimate, Fix};
use komainu_i18n::Lang;
use komainu_inventory::words::item_title;
use komainu_web::{Crumb, Member};

const HOME: &str = "/exposure";

/// The way back from the pages behind the first.
fn crumbs(lang: Lang) -> Vec<Crumb> {
    vec![Crumb { href: HOME.to_owned(), label: t!(lang, "exposure-title") }]
}

/// A fix in words.
struct FixView {
    what: String,
    effort: String,
    /// What it does, in a sentence; empty where that is said otherwise.
    does: String,
    /// Somebody has to look first whether it is there already.
    unknown: bool,
    /// The items of the checklist that it helps to answer.
    items: Vec<String>,
    /// The step of the plan that does it, for who sees the plan: its title and its address.
    step: Option<(String, String)>,
}

impl FixView {
    fn new(member: &Member, names: &Names<'_>, fix: &Fix, does: String) -> FixView {
        let (lang, catalog) = (member.lang, &member.app.catalog);
        let served = |step: &&komainu_catalog::Step| fix.items.contains(&step.item.as_str());
        let step = catalog.steps().iter().find(served).filter(|_| member.scope.may(Permission::PlanRead));
        FixView {
            what: names.fix(fix),
            effort: effort_text(lang, fix.minutes),
            does,
            unknown: fix.unknown,
            items: fix.items.iter().map(|item| item_title(catalog, lang, item)).collect(),
            step: step.map(|step| (step.title.get(lang).to_owned(), format!("/plan/steps/{}", *step.id))),
        }
    }
}

/// A sampled probability with its interval.
fn estimate_text(lang: Lang, estimate: &Estimate) -> String {
    t!(
        lang,
        "estimate",
        percent = percent(estimate.probability),
        low = percent(estimate.low),
        high = percent(estimate.high)
    )
}

/// How one chance becomes another.
struct ShiftView {
    goal: String,
    before: String,
    after: String,
    /// A badge's kind and its word: whether that is better.
    verdict: (&'static str, String),
}

impl ShiftView {
    fn new(lang: Lang, goal: String, before: Option<&Estimate>, after: Option<&Estimate>) -> ShiftView {
        let text = |estimate: Option<&Estimate>| {
            estimate.map_or_else(|| "–".to_owned(), |it| estimate_text(lang, it))
        };
        let chance = |estimate: Option<&Estimate>| estimate.map_or(0.0, |estimate| estimate.probability);
        // Both were drawn in the same worlds, so that a difference is one.
        let change = chance(after) - chance(before);
        let verdict = if change < -0.000_5 {
            ("ok", t!(lang, "shift-less"))
        } else if change > 0.000_5 {
            ("attention", t!(lang, "shift-more"))
        } else {
            ("neutral", t!(lang, "shift-same"))
        };
        ShiftView { goal, before: text(before), after: text(after), verdict }
    }
}
