//! Every answer about a network at once.

use crate::attack::{AttackGraph, GoalKind};
use crate::cut::{UNCUTTABLE, min_cut};
use crate::fix::Levers;
use crate::model::Network;
use crate::plan::{Effort, Plan, Ranked, plan, rank};
use crate::radius::{Radius, radii};
use crate::read::Checked;
use crate::restore::{Restored, restoration};
use crate::sample::{Estimate, Sampler, Worlds, wilson};
use crate::step::StepCode;
use crate::story::{Named, Story, stories};
use crate::table::Table;
use serde::{Deserialize, Serialize};

/// What to ask for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// The worlds in which goals are sampled.
    pub worlds: Worlds,
    /// How hard to try for a plan.
    pub effort: Effort,
    /// Minutes of work that a plan may take.
    pub budget: u32,
    /// The least probability of a likely blast radius.
    pub least: f64,
    /// How many paths to tell.
    pub stories: usize,
    /// How many single fixes to rank.
    pub fixes: usize,
    /// How many of the things with the greatest blast radius to name.
    pub radii: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            worlds: Worlds::default(),
            effort: Effort::default(),
            budget: 40 * 60,
            least: 0.1,
            stories: 200,
            fixes: 50,
            radii: 10,
        }
    }
}

/// How large a network and its attack graph are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Things.
    pub nodes: usize,
    /// Lines.
    pub connections: usize,
    /// Shared secrets.
    pub credentials: usize,
    /// States of the attack graph.
    pub states: usize,
    /// Steps of the attack graph.
    pub steps: usize,
}

/// How likely a goal is reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GoalRisk {
    /// The goal.
    pub goal: GoalKind,
    /// The care process that stops.
    pub process: Option<String>,
    /// How likely.
    pub estimate: Estimate,
}

/// A place of the smallest cut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CutLine {
    /// The step that must not succeed.
    pub code: StepCode,
    /// Where it starts.
    pub from: Option<String>,
    /// Where it leads.
    pub to: Option<String>,
    /// The line or secret that it uses.
    pub via: Option<Named>,
}

/// Every answer about a network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The network's name.
    pub name: String,
    /// How large it is.
    pub size: Size,
    /// How likely each goal is reached.
    pub goals: Vec<GoalRisk>,
    /// The most likely path from each entrance to each goal, the most likely first.
    pub stories: Vec<Story>,
    /// Single fixes, the most helpful first. The first is the next best fix.
    pub fixes: Vec<Ranked>,
    /// A plan within the budget.
    pub plan: Plan,
    /// The fewest steps without which no goal can be reached; none where no such cut exists.
    pub cut: Option<Vec<CutLine>>,
    /// Things with the greatest blast radius, the greatest likely one first.
    pub radii: Vec<Radius>,
    /// The order of restoring.
    pub restoration: Vec<Restored>,
}

impl Report {
    /// Asks everything.
    pub fn of(network: &Checked, table: &Table, options: Options) -> Report {
        let attack = AttackGraph::of(network, table);
        let levers = Levers::of(network, table, &attack);
        Report {
            name: network.name.clone(),
            size: Size {
                nodes: network.nodes.len(),
                connections: network.connections.len(),
                credentials: network.credentials.len(),
                states: attack.graph.states(),
                steps: attack.graph.steps(),
            },
            goals: risks(network, &attack, options.worlds),
            stories: stories(network, table, &attack, options.stories),
            fixes: rank(&levers, &attack.goals, options.fixes, options.effort),
            plan: plan(&levers, &attack.goals, options.budget, options.effort),
            cut: cut(network, &attack),
            radii: greatest(network, &attack, options),
            restoration: restoration(network, table),
        }
    }
}

fn risks(network: &Network, attack: &AttackGraph, worlds: Worlds) -> Vec<GoalRisk> {
    let hits = Sampler::new(&attack.graph, &attack.starts(), &attack.ends()).count(worlds);
    let risk = |(goal, hits): (&crate::attack::Goal, u32)| GoalRisk {
        goal: goal.kind,
        process: goal.process.map(|at| network.nodes[at as usize].id.clone()),
        estimate: wilson(hits, worlds.drawn()),
    };
    attack.goals.iter().zip(hits).map(risk).collect()
}

/// Every step that may fail counts one; those that follow of themselves cannot be cut.
fn cut(network: &Network, attack: &AttackGraph) -> Option<Vec<CutLine>> {
    let capacity = |place: usize| if attack.step(place).code.is_in_table() { 1 } else { UNCUTTABLE };
    let cut = min_cut(&attack.graph, &attack.starts(), &attack.ends(), capacity)?;
    let id = |state| attack.node_of(state).map(|at| network.nodes[at as usize].id.clone());
    let line = |place: usize| {
        let step = attack.step(place);
        let via = step.via.map(|owner| Named::new(owner, network));
        CutLine { code: step.code, from: id(step.from), to: id(step.to), via }
    };
    Some(cut.steps.into_iter().map(line).collect())
}

fn greatest(network: &Network, attack: &AttackGraph, options: Options) -> Vec<Radius> {
    let mut radii = radii(network, attack, options.least);
    radii.sort_by_key(|radius| (std::cmp::Reverse((radius.likely, radius.unlimited)), radius.id.clone()));
    radii.truncate(options.radii);
    radii
}
