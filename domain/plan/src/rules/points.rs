//! The points: how attacks got in, how near the day is, what the work takes.

use crate::model::{OpenRow, Reason, Situation, Standing};
use chrono::NaiveDate;
use komainu_catalog::{Catalog, Effort, InstitutionKind, ItemId, Level, Scope as AskedAbout, Step};

/// A route's other items close it less well than its first.
const OTHER_ITEM_PERCENT: i32 = 70;
/// Each further step of the same item adds less than the one before it.
const NEXT_STEP_PERCENT: i32 = 80;
/// What is not known is not as sure as a plain no.
const NOT_SURE_PERCENT: i32 = 90;
const TO_CONFIRM_PERCENT: i32 = 70;
const UNKNOWN_PERCENT: i32 = 50;
/// Servers of an institution that has none of its own are the provider's work.
const PROVIDERS_WORK_PERCENT: i32 = 50;

/// Points of a day that has passed, of one within [`SOON_DAYS`], of one within [`NEAR_DAYS`].
const LATE: i32 = 30;
const SOON: i32 = 20;
const NEAR: i32 = 10;
const SOON_DAYS: i64 = 14;
const NEAR_DAYS: i64 = 30;

/// Points of a last small thing that completes work already done.
pub(super) const FINISH: i32 = 20;

/// How much of the attacks an item stands against, and which way they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposure {
    /// 0 to 100.
    pub points: i32,
    /// The way, where attacks are known to have come one that the item closes.
    pub route: Option<Reason>,
    /// The way is inferred, not read in a report.
    pub inferred: bool,
}

/// The heaviest way of attack that work on these devices for an item closes. Among equals the first id.
pub fn exposure(catalog: &Catalog, item: &ItemId, scopes: &[AskedAbout]) -> Exposure {
    let weighed = catalog.routes_for(item).into_iter().filter(|route| route.touches(scopes)).map(|route| {
        let first = route.items.first().is_some_and(|first| **first == *item);
        let whole = hundredths(route.weight);
        (if first { whole } else { percent(whole, OTHER_ITEM_PERCENT) }, route)
    });
    let heaviest = weighed.max_by(|(a, x), (b, y)| a.cmp(b).then_with(|| y.id.cmp(&x.id)));
    match heaviest {
        Some((points, route)) => Exposure {
            points,
            route: Some(Reason::Route { route: (*route.id).clone(), confirmed: route.confirmed }),
            inferred: !route.confirmed,
        },
        None => Exposure { points: 0, route: None, inferred: false },
    }
}

/// A weight between 0 and 1 in whole hundredths, so that points never differ by rounding.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the catalogue checks that a weight lies between 0 and 1"
)]
fn hundredths(weight: f64) -> i32 {
    (weight * 100.0).round() as i32
}

/// A share, rounded to the nearest.
pub(super) const fn percent(points: i32, share: i32) -> i32 {
    (points * share + 50) / 100
}

/// What a row adds for how it was answered.
pub(super) fn by_standing(points: i32, standing: Standing) -> i32 {
    match standing {
        Standing::No => points,
        Standing::NotSure => percent(points, NOT_SURE_PERCENT),
        Standing::NoToConfirm => percent(points, TO_CONFIRM_PERCENT),
        Standing::Unanswered | Standing::ToConfirm => percent(points, UNKNOWN_PERCENT),
        Standing::LacksDate => 0,
    }
}

/// What the `index`th open step of an item adds, of what the first one does.
pub(super) fn by_position(points: i32, index: usize) -> i32 {
    (0..index).fold(points, |points, _| percent(points, NEXT_STEP_PERCENT))
}

/// Half for a step that is only about servers where all systems are other people's services.
pub(super) fn by_style(points: i32, situation: &Situation, step: &Step) -> i32 {
    let cloud = situation.style == Some(komainu_catalog::SystemsStyle::Cloud);
    let only_servers = !step.scope.is_empty() && step.scope.iter().all(|s| *s == AskedAbout::Server);
    if cloud && only_servers { percent(points, PROVIDERS_WORK_PERCENT) } else { points }
}

/// The best fix that a step for an item is about, by what it takes away: how much of the harm, on how many ways.
pub(super) fn danger(situation: &Situation, step: &Step) -> Option<(i32, u32)> {
    let general = |s: &AskedAbout| matches!(s, AskedAbout::All | AskedAbout::Organisation);
    let about = |about: AskedAbout| {
        step.scope.is_empty() || general(&about) || step.scope.iter().any(|s| general(s) || *s == about)
    };
    let facts = situation.dangers.iter().filter(|fact| fact.item == *step.item && about(fact.about));
    facts.map(|fact| (fact.share, fact.ways)).max().filter(|(share, ways)| *share > 0 && *ways > 0)
}

/// What the work takes out of a day.
pub(super) const fn by_effort(effort: Effort) -> i32 {
    match effort {
        Effort::Minutes => 0,
        Effort::Sitting => -2,
        Effort::HalfDay => -6,
        Effort::Project => -10,
    }
}

/// The devices that a step for a row is really about.
pub(super) fn devices(step: &Step, row: &OpenRow) -> Vec<AskedAbout> {
    if step.scope.is_empty() {
        return row.scopes.clone();
    }
    let general = |s: &AskedAbout| matches!(s, AskedAbout::All | AskedAbout::Organisation);
    let asked = |s: &AskedAbout| row.scopes.contains(s) || row.scopes.iter().any(general);
    step.scope.iter().copied().filter(asked).collect()
}

/// Whether a step is one for this row in this kind of institution.
pub(super) fn helps(step: &Step, row: &OpenRow, kind: InstitutionKind) -> bool {
    *step.item == row.item && step.fits(kind) && step.serves(&row.scopes)
}

/// A day that counts, and what it adds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub due: Option<NaiveDate>,
    /// 0 to 30.
    pub points: i32,
    /// The sentence's part; none while the day is far.
    pub reason: Option<Reason>,
}

/// The day of a row: its own target or, for what the form requires, the end of the form's year while that lies ahead.
pub fn day(situation: &Situation, row: &OpenRow) -> Day {
    let today = situation.today;
    let end = Some(situation.year.last_day()).filter(|end| row.level != Level::Reference && *end >= today);
    let Some(due) = row.target.or(end) else { return Day::default() };
    by_date(today, due, row.target.is_some())
}

/// A day that somebody chose, or the end of the form's year.
pub(super) fn by_date(today: NaiveDate, due: NaiveDate, chosen: bool) -> Day {
    let days = (due - today).num_days();
    let points = match days {
        ..0 => LATE,
        0..=SOON_DAYS => SOON,
        _ if days <= NEAR_DAYS => NEAR,
        _ => 0,
    };
    let reason = match (points, chosen) {
        (0, _) => None,
        (LATE, _) => Some(Reason::Late { days: -days }),
        (_, true) => Some(Reason::DueSoon { days }),
        (_, false) => Some(Reason::YearEnds { days }),
    };
    Day { due: Some(due), points, reason }
}
