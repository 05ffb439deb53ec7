//! What if: a line is cut, a control put in place, a thing unplugged.

use crate::attack::{AttackGraph, GoalKind};
use crate::fault::{Fault, FaultCode};
use crate::model::{Control, Network, NodeKind, Place, State};
use crate::read::{Checked, accept};
use crate::sample::{Estimate, Sampler, Worlds, wilson};
use crate::table::Table;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A change to try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// Cut a line, by its id.
    CutLine(String),
    /// Unplug a thing, by its id: nothing gets to it and it does nothing any more. Of a zone, partner or cloud service,
    /// all its lines are cut.
    Unplug(String),
    /// A control comes or goes.
    SetControl {
        /// On what kind of thing.
        is: Place,
        /// Its id.
        id: String,
        /// Which control.
        control: Control,
        /// How it stands then.
        state: State,
    },
}

/// How a goal changes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shift {
    /// The goal.
    pub goal: GoalKind,
    /// The care process that stops.
    pub process: Option<String>,
    /// How likely it is reached as things are; none where there is no such goal.
    pub before: Option<Estimate>,
    /// How likely after the changes.
    pub after: Option<Estimate>,
}

/// What some changes do.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// Care processes that stop at once because something they need was unplugged, in the order of the network.
    pub stops: Vec<String>,
    /// Other things that stop with it.
    pub stops_too: Vec<String>,
    /// How each goal changes, on the same worlds.
    pub shifts: Vec<Shift>,
}

/// Tries changes, one after another. Two samplings.
///
/// # Errors
/// Ids that are not in the network, and controls that do not belong where they are set.
pub fn what_if(
    network: &Checked,
    table: &Table,
    changes: &[Change],
    worlds: Worlds,
) -> Result<Outcome, Vec<Fault>> {
    let mut changed = Network::clone(network);
    let (mut unplugged, mut faults) = (Vec::new(), Vec::new());
    for (at, change) in changes.iter().enumerate() {
        if let Change::Unplug(id) = change {
            unplugged.push(id.as_str());
        }
        if !apply(&mut changed, change) {
            let (Change::CutLine(id) | Change::Unplug(id) | Change::SetControl { id, .. }) = change;
            faults.push(Fault::new(FaultCode::UnknownEnd, format!("changes[{at}]"), id));
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let changed = accept(changed)?;
    let (stops, stops_too) = stopped(network, &unplugged);
    let before = goals(network, table, worlds);
    let mut after = goals(&changed, table, worlds);
    let mut shifts: Vec<Shift> = before
        .into_iter()
        .map(|((goal, process), before)| {
            let after = after.remove(&(goal, process.clone()));
            Shift { goal, process, before: Some(before), after }
        })
        .collect();
    shifts.extend(after.into_iter().map(|((goal, process), after)| Shift {
        goal,
        process,
        before: None,
        after: Some(after),
    }));
    Ok(Outcome { stops, stops_too, shifts })
}

/// Changes a network; false where there is nothing of that id.
fn apply(network: &mut Network, change: &Change) -> bool {
    match change {
        Change::CutLine(id) => {
            let lines = network.connections.len();
            network.connections.retain(|line| line.id != *id);
            network.connections.len() < lines
        }
        Change::Unplug(id) => unplug(network, id),
        Change::SetControl { is, id, control, state } => {
            let controls = match is {
                Place::Node => {
                    network.nodes.iter_mut().find(|node| node.id == *id).map(|node| &mut node.controls)
                }
                Place::Connection => {
                    network.connections.iter_mut().find(|line| line.id == *id).map(|line| &mut line.controls)
                }
                Place::Credential => network
                    .credentials
                    .iter_mut()
                    .find(|secret| secret.id == *id)
                    .map(|secret| &mut secret.controls),
            };
            controls.map(|controls| controls.insert(*control, *state)).is_some()
        }
    }
}

/// Takes away every way to a thing and from it; the thing itself stays in the ledger.
fn unplug(network: &mut Network, id: &str) -> bool {
    let Some(node) = network.nodes.iter_mut().find(|node| node.id == id) else { return false };
    // What stands elsewhere has its own ways in, and things of a zone still reach each other: lines are what one can pull.
    if !matches!(node.kind, NodeKind::Zone | NodeKind::Partner | NodeKind::CloudService) {
        node.zone = None;
        node.managed_by.clear();
        (node.reads_mail, node.takes_media) = (false, false);
    }
    for node in &mut network.nodes {
        node.managed_by.retain(|manager| manager != id);
    }
    network.connections.retain(|line| line.from != id && line.to != id);
    for secret in &mut network.credentials {
        // Where it can be read must not change with what it opens.
        secret.found_on = secret.readable_on().to_vec();
        secret.opens.retain(|node| node != id);
        secret.found_on.retain(|node| node != id);
    }
    network.credentials.retain(|secret| !secret.found_on.is_empty());
    true
}

/// What stops when these stop: care processes, and everything else but themselves.
pub fn stopped(network: &Network, unplugged: &[&str]) -> (Vec<String>, Vec<String>) {
    let mut needed_by: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for dependency in network.dependencies.iter().filter(|dependency| dependency.required) {
        needed_by.entry(&dependency.on).or_default().push(&dependency.of);
    }
    let mut down: BTreeSet<&str> = unplugged.iter().copied().collect();
    let mut queue: Vec<&str> = unplugged.to_vec();
    while let Some(id) = queue.pop() {
        for &of in needed_by.get(id).into_iter().flatten() {
            if down.insert(of) {
                queue.push(of);
            }
        }
    }
    let mut care = Vec::new();
    let mut others = Vec::new();
    for node in network.nodes.iter().filter(|node| down.contains(node.id.as_str())) {
        if node.kind == NodeKind::CareProcess {
            care.push(node.id.clone());
        } else if !unplugged.contains(&node.id.as_str()) {
            others.push(node.id.clone());
        }
    }
    (care, others)
}

type Goals = BTreeMap<(GoalKind, Option<String>), Estimate>;

fn goals(network: &Network, table: &Table, worlds: Worlds) -> Goals {
    let attack = AttackGraph::of(network, table);
    let hits = Sampler::new(&attack.graph, &attack.starts(), &attack.ends()).count(worlds);
    let name = |process: Option<u32>| process.map(|at| network.nodes[at as usize].id.clone());
    let named = attack.goals.iter().map(|goal| (goal.kind, name(goal.process)));
    named.zip(hits.into_iter().map(|hits| wilson(hits, worlds.drawn()))).collect()
}
