//! In which order to restore, from what needs what, how long each thing takes and how its backup stands.

use crate::model::{Control, Network, Node, NodeKind, State};
use crate::table::{Restoring, Table};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What there is to restore a thing from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Copy {
    /// A copy out of the attacker's reach, tried out.
    Tested,
    /// A copy out of the attacker's reach; nobody has tried it.
    Untested,
    /// No copy that the attacker could not have destroyed: to be built anew, or never.
    None,
    /// It needs no copy: a device or box that is set up again.
    NotNeeded,
}

/// A thing in the order of restoring.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Restored {
    /// Its id.
    pub id: String,
    /// For which care process it is restored now.
    pub towards: String,
    /// What there is to restore it from.
    pub copy: Copy,
    /// Hours of work, from the ledger's hours and the state of the copy.
    pub hours: f64,
    /// When it is done, in hours of one team's work from the beginning.
    pub done: f64,
    /// Care processes that can begin again then.
    pub returns: Vec<String>,
}

/// The order in which one team restores everything that care needs.
///
/// Again and again the care process is taken up that brings back most urgency an hour, and what it still needs is
/// restored, what others need first. Two processes that need the same server both gain from it, as it is only restored
/// once. Things that no care process needs are not in the list. O(p²·(n + m)) for p care processes.
///
/// With one process it is optimal; with several that share systems the best order is a hard problem (it contains
/// scheduling under precedence for weighted completion), and this is a rule that people can follow and explain.
pub fn restoration(network: &Network, table: &Table) -> Vec<Restored> {
    let plan = Needs::of(network);
    let copies = copies(network);
    let hours = |id: &str| {
        let node = plan.nodes[id];
        let copy = copy_of(node, &copies);
        (copy, hours(node, copy, &table.restoring))
    };
    let mut left: BTreeMap<&str, BTreeSet<&str>> =
        plan.care.iter().map(|&care| (care, plan.below(care))).collect();
    let (mut clock, mut order) = (0.0, Vec::new());
    // What needs nothing is there already.
    left.retain(|_, needs| !needs.is_empty());
    while let Some(next) = densest(&plan, &left, |id| hours(id).1) {
        for id in plan.sorted(next, &left[next]) {
            let (copy, spent) = hours(id);
            clock += spent;
            for needs in left.values_mut() {
                needs.remove(id);
            }
            let returns: Vec<&str> = plan
                .care
                .iter()
                .copied()
                .filter(|care| left.get(care).is_some_and(BTreeSet::is_empty))
                .collect();
            left.retain(|_, needs| !needs.is_empty());
            order.push(Restored {
                id: id.to_owned(),
                towards: next.to_owned(),
                copy,
                hours: spent,
                done: clock,
                returns: returns.into_iter().map(str::to_owned).collect(),
            });
        }
    }
    order
}

/// The care process with most urgency an hour of what it still needs; among equals the first of the network.
fn densest<'a>(
    plan: &Needs<'a>,
    left: &BTreeMap<&'a str, BTreeSet<&'a str>>,
    hours: impl Fn(&str) -> f64,
) -> Option<&'a str> {
    let mut best: Option<(f64, &str)> = None;
    for &care in &plan.care {
        let Some(needs) = left.get(care) else { continue };
        let spent: f64 = needs.iter().map(|id| hours(id)).sum();
        let urgency = f64::from(plan.nodes[care].priority.unwrap_or(3));
        let density = if spent > 0.0 { urgency / spent } else { f64::INFINITY };
        if best.is_none_or(|(known, _)| density > known) {
            best = Some((density, care));
        }
    }
    best.map(|(_, care)| care)
}

struct Needs<'a> {
    nodes: BTreeMap<&'a str, &'a Node>,
    on: BTreeMap<&'a str, Vec<&'a str>>,
    care: Vec<&'a str>,
}

impl<'a> Needs<'a> {
    fn of(network: &'a Network) -> Needs<'a> {
        let mut on: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for dependency in network.dependencies.iter().filter(|dependency| dependency.required) {
            on.entry(&dependency.of).or_default().push(&dependency.on);
        }
        let care = network.nodes.iter().filter(|node| node.kind == NodeKind::CareProcess);
        Needs {
            nodes: network.nodes.iter().map(|node| (node.id.as_str(), node)).collect(),
            on,
            care: care.map(|node| node.id.as_str()).collect(),
        }
    }

    /// Everything a thing needs, without care processes, which are not restored but resumed.
    fn below(&self, id: &'a str) -> BTreeSet<&'a str> {
        let mut found = self.closure(id);
        found.retain(|id| self.nodes[id].kind != NodeKind::CareProcess);
        found
    }

    fn closure(&self, id: &'a str) -> BTreeSet<&'a str> {
        let (mut found, mut queue) = (BTreeSet::new(), vec![id]);
        while let Some(at) = queue.pop() {
            queue.extend(self.on.get(at).into_iter().flatten().filter(|&&on| found.insert(on)));
        }
        found
    }

    /// What a care process needs of these, in an order in which nothing comes before what it needs; among those that
    /// could come, by id.
    fn sorted(&self, care: &'a str, ids: &BTreeSet<&'a str>) -> Vec<&'a str> {
        let all = self.closure(care);
        let mut waits: BTreeMap<&str, usize> = BTreeMap::new();
        let mut then: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for &id in &all {
            let on = self.on.get(id).map_or(&[][..], Vec::as_slice);
            waits.insert(id, on.len());
            for &on in on {
                then.entry(on).or_default().push(id);
            }
        }
        let mut ready: BTreeSet<&str> = all.iter().copied().filter(|id| waits[id] == 0).collect();
        let mut order = Vec::with_capacity(ids.len());
        while let Some(next) = ready.pop_first() {
            if ids.contains(next) {
                order.push(next);
            }
            for &id in then.get(next).into_iter().flatten() {
                if let Some(left) = waits.get_mut(id) {
                    *left -= 1;
                    if *left == 0 {
                        ready.insert(id);
                    }
                }
            }
        }
        order
    }
}

/// The best copy of each thing that has one.
fn copies(network: &Network) -> BTreeMap<&str, Copy> {
    let mut copies: BTreeMap<&str, Copy> = BTreeMap::new();
    for backup in network.nodes.iter().filter(|node| node.kind == NodeKind::Backup) {
        let is = |control| backup.controls.get(&control) == Some(&State::Present);
        let copy = match (is(Control::OfflineCopy), is(Control::RestoreTested)) {
            (true, true) => Copy::Tested,
            (true, false) => Copy::Untested,
            (false, _) => Copy::None,
        };
        for original in &backup.copy_of {
            copies.entry(original).and_modify(|known| *known = copy.min(*known)).or_insert(copy);
        }
    }
    copies
}

fn copy_of(node: &Node, copies: &BTreeMap<&str, Copy>) -> Copy {
    let keeps_data =
        matches!(node.kind, NodeKind::System | NodeKind::Server | NodeKind::DataStore | NodeKind::Backup);
    match copies.get(node.id.as_str()) {
        Some(&copy) => copy,
        None if keeps_data || node.holds_records => Copy::None,
        None => Copy::NotNeeded,
    }
}

fn hours(node: &Node, copy: Copy, table: &Restoring) -> f64 {
    let hours = node.recovery_hours.unwrap_or(table.default_hours);
    match copy {
        Copy::Tested | Copy::NotNeeded => hours,
        Copy::Untested => hours * table.untested,
        Copy::None => hours * table.no_copy,
    }
}
