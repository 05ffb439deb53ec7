//! What the best fixes mean for the checklist's items.

use crate::model::ItemGain;
use komainu_catalog::{ItemId, Scope as AskedAbout};
use komainu_exposure::model::{Network, NodeKind, Place};
use komainu_exposure::{Fix, Report};
use std::collections::{BTreeMap, BTreeSet};

/// For each item, and each kind of device, what its best fix does; in order of the items.
pub fn gains(report: &Report, network: &Network) -> Vec<ItemGain> {
    let kinds: BTreeMap<&str, NodeKind> =
        network.nodes.iter().map(|node| (node.id.as_str(), node.kind)).collect();
    let before = report.plan.before;
    let mut best: BTreeMap<(ItemId, AskedAbout), (i32, u32)> = BTreeMap::new();
    for ranked in &report.fixes {
        let about = about(&ranked.fix, &kinds);
        let gain = (hundredths(ranked.gain, before), ways_of(report, &ranked.fix));
        for item in ranked.fix.items.iter().filter_map(|item| item.parse::<ItemId>().ok()) {
            let known = best.entry((item, about)).or_default();
            *known = gain.max(*known);
        }
    }
    best.into_iter().map(|((item, about), (share, ways))| ItemGain { item, about, share, ways }).collect()
}

/// On how many of the ways that a report tells a fix stands in the way.
pub fn ways_of(report: &Report, fix: &Fix) -> u32 {
    let places: BTreeSet<_> = fix.places.iter().collect();
    let hit = |story: &&komainu_exposure::Story| {
        let mut missing = story.steps.iter().flat_map(|step| &step.missing);
        missing.any(|missing| missing.control == fix.control && places.contains(&missing.on))
    };
    u32::try_from(report.stories.iter().filter(hit).count()).unwrap_or(u32::MAX)
}

/// A part of a whole in whole hundredths, so that points never differ by rounding.
#[expect(clippy::cast_possible_truncation, reason = "between 0 and 100")]
fn hundredths(part: f64, whole: f64) -> i32 {
    if whole > 0.0 { (100.0 * part / whole).round().clamp(0.0, 100.0) as i32 } else { 0 }
}

/// The kind of device that all places of a fix are.
fn about(fix: &Fix, kinds: &BTreeMap<&str, NodeKind>) -> AskedAbout {
    let mut of = fix.places.iter().map(|place| match (place.is, kinds.get(place.id.as_str())) {
        (Place::Node, Some(NodeKind::Terminal)) => AskedAbout::Terminal,
        (Place::Node, Some(NodeKind::NetworkDevice)) => AskedAbout::Network,
        (Place::Node, Some(NodeKind::Server | NodeKind::DataStore | NodeKind::System | NodeKind::Backup)) => {
            AskedAbout::Server
        }
        _ => AskedAbout::All,
    });
    let first = of.next().unwrap_or(AskedAbout::All);
    if of.all(|other| other == first) { first } else { AskedAbout::All }
}
