//! The most likely paths, told: codes and ids, one sentence a step. The words are the caller's.

use crate::attack::{AttackGraph, EntryKind, GoalKind, Hold, Owner};
use crate::model::{Control, Network, Place, State};
use crate::path::{ToGoal, joint, product};
use crate::step::StepCode;
use crate::table::Table;
use serde::{Deserialize, Serialize};

/// Something of the network, by what list it is in and its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Named {
    /// A node, connection or credential.
    pub is: Place,
    /// Its id.
    pub id: String,
}

impl Named {
    pub(crate) fn new(owner: Owner, network: &Network) -> Named {
        let is = match owner {
            Owner::Node(_) => Place::Node,
            Owner::Connection(_) => Place::Connection,
            Owner::Credential(_) => Place::Credential,
        };
        Named { is, id: owner.id(network).to_owned() }
    }
}

/// A control that would have made a step harder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Missing {
    /// Which.
    pub control: Control,
    /// On what.
    pub on: Named,
    /// Absent, or unknown.
    pub state: State,
}

/// A step of a story: one sentence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// What happens.
    pub code: StepCode,
    /// The thing it starts from; none at an entrance, and where a secret is at hand.
    pub from: Option<String>,
    /// The thing it leads to; none where a secret is won or a goal reached.
    pub to: Option<String>,
    /// The line or secret that is used.
    pub via: Option<Named>,
    /// The chance that it succeeds.
    pub probability: f64,
    /// What is not there and would have helped, the most helpful first.
    pub missing: Vec<Missing>,
}

/// The most likely way from one entrance to one goal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// How it begins.
    pub entry: EntryKind,
    /// The line, partner or service that is entered; none for mail and media.
    pub entrance: Option<Named>,
    /// What is reached.
    pub goal: GoalKind,
    /// The care process that stops.
    pub process: Option<String>,
    /// The chance that every step succeeds if each is tried on its own; the most likely way is the one where this is
    /// greatest.
    pub probability: f64,
    /// The chance that all succeed in one world, where steps of the same cause share their fate. Never smaller.
    pub joint: f64,
    /// The steps, without those that follow of themselves.
    pub steps: Vec<Told>,
}

/// The most likely way from each entrance to each goal that it leads to, the most likely first; among equals in the
/// order of entrances, then of goals; at most so many. One search for each goal.
pub fn stories(network: &Network, table: &Table, attack: &AttackGraph, most: usize) -> Vec<Story> {
    let back = attack.graph.backwards();
    let starts = attack.starts();
    let mut found = Vec::new();
    for (goal_at, goal) in attack.goals.iter().enumerate() {
        let ways = ToGoal::search(&back, attack.graph.states(), goal.state, &starts);
        for (entry_at, entry) in attack.entries.iter().enumerate() {
            if let (Some(cost), Some(path)) = (ways.cost(entry.state), ways.path(&attack.graph, entry.state))
            {
                found.push((cost, entry_at, goal_at, path));
            }
        }
        // Each goal may bring as many as there are entrances: no more are kept than are asked for.
        found.sort_unstable_by_key(|way| (way.0, way.1, way.2));
        found.truncate(most);
    }
    let tell = |(_, entry, goal, path): (u64, usize, usize, Vec<usize>)| {
        tell(network, table, attack, (entry, goal), &path)
    };
    found.into_iter().map(tell).collect()
}

/// A path in words' stead.
pub fn tell(
    network: &Network,
    table: &Table,
    attack: &AttackGraph,
    (entry, goal): (usize, usize),
    path: &[usize],
) -> Story {
    let (entry, goal) = (attack.entries[entry], attack.goals[goal]);
    Story {
        entry: entry.kind,
        entrance: entry.subject.map(|owner| Named::new(owner, network)),
        goal: goal.kind,
        process: goal.process.map(|at| network.nodes[at as usize].id.clone()),
        probability: product(&attack.graph, path),
        joint: joint(&attack.graph, path),
        steps: path
            .iter()
            .filter(|&&place| attack.step(place).code != StepCode::Follows)
            .map(|&place| told(network, table, attack, place))
            .collect(),
    }
}

fn told(network: &Network, table: &Table, attack: &AttackGraph, place: usize) -> Told {
    let step = attack.step(place);
    let id = |state| attack.node_of(state).map(|at| network.nodes[at as usize].id.clone());
    let mut holds = attack.holds(network, table, place);
    holds.retain(|hold| hold.state != State::Present);
    holds.sort_by(|a: &Hold, b: &Hold| a.factor.total_cmp(&b.factor));
    Told {
        code: step.code,
        from: id(step.from),
        to: id(step.to),
        via: step.via.map(|owner| Named::new(owner, network)),
        probability: attack.graph.chance(place).probability(),
        missing: holds
            .into_iter()
            .map(|hold| Missing {
                control: hold.control,
                on: Named::new(hold.owner, network),
                state: hold.state,
            })
            .collect(),
    }
}
