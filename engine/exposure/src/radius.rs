//! The blast radius of each thing of a network.

use crate::attack::AttackGraph;
use crate::blast::{unlimited, within};
use crate::chance::cost_of;
use crate::graph::StateId;
use crate::model::Network;
use serde::{Deserialize, Serialize};

/// How far an attacker gets who has a thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Radius {
    /// The thing or zone.
    pub id: String,
    /// How many other things and zones can be reached at all.
    pub unlimited: u32,
    /// How many are reached with at least the least probability asked for, along their most likely path.
    pub likely: u32,
}

/// The blast radius of each thing and zone that an attacker can be in, in the order of the network: counted are things
/// and zones in which the attacker gets a foothold, the start itself not among them.
pub fn radii(network: &Network, attack: &AttackGraph, least: f64) -> Vec<Radius> {
    let mut counted = vec![false; attack.graph.states()];
    for state in attack.foothold.iter().flatten() {
        counted[*state as usize] = true;
    }
    let known: Vec<(usize, StateId)> =
        attack.foothold.iter().enumerate().filter_map(|(at, state)| Some((at, (*state)?))).collect();
    let starts: Vec<StateId> = known.iter().map(|start| start.1).collect();
    let all = unlimited(&attack.graph, &counted);
    let likely = within(&attack.graph, &starts, cost_of(least), &counted);
    let radius = |(&(at, state), likely): (&(usize, StateId), u32)| Radius {
        id: network.nodes[at].id.clone(),
        unlimited: all[state as usize] - 1,
        likely: likely - 1,
    };
    known.iter().zip(likely).map(radius).collect()
}
