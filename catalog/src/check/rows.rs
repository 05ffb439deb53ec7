//! Checks of the rows that stand beside the forms.

use std::collections::HashMap;

use super::Check;
use crate::load::{CatalogError, NamedFile};
use crate::model::Step;
use crate::parse::Located;
use crate::words::StepId;

/// A step longer than a working week is not a step.
const LONGEST_STEP_MINUTES: u32 = 5 * 8 * 60;

pub(super) fn check(check: &mut Check) {
    let data = &check.file.data;
    for source in &data.source {
        check.url(source.url.as_deref(), source.id.offset());
    }
    for item in &data.item {
        let at = item.id.offset();
        check.expect(!item.id.as_str().contains('.'), at, || "an item's id has no dot".to_owned());
        check.expect(!item.keywords.is_empty(), at, || "an item needs keywords".to_owned());
        check.sources(&item.sources, item.guideline.iter().any(|g| g.confirmed), at);
    }
    for rule in &data.rule {
        check.sources(&rule.sources, rule.confirmed, rule.id.offset());
    }
    for step in &data.step {
        check_step(check, step);
    }
    for kind in &data.system_kind {
        let at = kind.id.offset();
        check.sources(&kind.sources, kind.confirmed, at);
        check.expect(!kind.kinds.is_empty(), at, || "a kind of system needs kinds of institution".to_owned());
    }
    for kind in &data.guideline_type {
        check.sources(&kind.sources, kind.confirmed, kind.id.offset());
    }
    for route in &data.maintenance_route {
        check.sources(&route.sources, route.confirmed, route.outcome.offset());
    }
    changes(check);
    figures_and_routes(check);
}

fn check_step(check: &mut Check, step: &Step) {
    let at = step.id.offset();
    check.known_item(&step.item);
    check.expect((3..=6).contains(&step.how.len()), at, || "a step has three to six actions".to_owned());
    check.expect(!step.who.is_empty(), at, || "a step needs somebody who can do it".to_owned());
    check.expect((1..=LONGEST_STEP_MINUTES).contains(&step.minutes), at, || {
        format!("{} minutes: a step takes 1 to {LONGEST_STEP_MINUTES}", step.minutes)
    });
    for before in &step.after {
        check.expect(check.known.steps.contains(&**before), before.offset(), || {
            format!("no step is called {:?}", before.as_str())
        });
    }
}

fn changes(check: &mut Check) {
    for change in &check.file.data.change {
        let at = change.to.offset();
        check.sources(&change.sources, change.confirmed, change.id.offset());
        check.expect(change.from.is_none_or(|from| from < *change.to), at, || {
            "a change leads from an earlier year to a later one".to_owned()
        });
        for year in change.from.into_iter().chain([*change.to]) {
            check.expect(check.known.fiscal_years.contains(&year), at, || {
                format!("no edition of fiscal year {year}")
            });
        }
        for item in &change.items {
            check.known_item(item);
        }
    }
}

fn figures_and_routes(check: &mut Check) {
    for figure in &check.file.data.figure {
        let at = figure.id.offset();
        check.sources(&figure.sources, figure.confirmed, at);
        check.expect((0.0..=100.0).contains(&figure.percent), at, || {
            format!("{} is no percentage", figure.percent)
        });
        check.expect((2000..=2200).contains(&figure.year), at, || {
            format!("{} is no likely year", figure.year)
        });
        check.expect(!figure.kinds.is_empty(), at, || "a figure needs kinds of institution".to_owned());
        if let Some(item) = &figure.item {
            check.known_item(item);
        }
    }
    for route in &check.file.data.attack_route {
        let at = route.id.offset();
        check.sources(&route.sources, route.confirmed, at);
        check.expect((0.0..=1.0).contains(&route.weight), at, || {
            format!("weight {} is outside 0 to 1", route.weight)
        });
        check.expect(!route.items.is_empty(), at, || "an attack route needs items that close it".to_owned());
        for item in &route.items {
            check.known_item(item);
        }
    }
}

/// A step that waits for itself, through any number of others, would never come up.
pub(super) fn step_circles(files: &[NamedFile], errors: &mut Vec<CatalogError>) {
    let after: HashMap<&StepId, &[Located<StepId>]> =
        files.iter().flat_map(|f| &f.data.step).map(|s| (&*s.id, s.after.as_slice())).collect();
    for file in files {
        for step in &file.data.step {
            if waits_for(&step.id, &after) {
                errors.push(file.error(step.id.offset(), "the step waits for itself".to_owned()));
            }
        }
    }
}

/// Whether following `after` from `start` leads back to it. Each step is visited once.
fn waits_for(start: &StepId, after: &HashMap<&StepId, &[Located<StepId>]>) -> bool {
    let next = |id: &StepId| after.get(id).copied().unwrap_or_default();
    let mut open: Vec<&StepId> = next(start).iter().map(|id| &**id).collect();
    let mut seen = std::collections::HashSet::new();
    while let Some(id) = open.pop() {
        if id == start {
            return true;
        }
        if seen.insert(id) {
            open.extend(next(id).iter().map(|id| &**id));
        }
    }
    false
}
