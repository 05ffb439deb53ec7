//! The most likely path.
//!
//! The chance of a path is the product of its steps' chances, so the most likely one is the shortest by −ln: Dijkstra,
//! from each goal against the arrows, O(m + n log n) a goal in practice. Among equally likely paths the one with the
//! fewest steps wins, then the one whose steps come first in the graph: the answer does not depend on a heap's whims.

use crate::buckets::Buckets;
use crate::graph::{Backwards, Graph, StateId};

/// A distance that compares by cost first and by steps second: cost in the upper 40 bits, steps in the lower 24.
///
/// 2⁴⁰ units are a million nats. Beyond that (a probability of e⁻¹⁰⁰⁰⁰⁰⁰) a state counts as out of reach.
type Key = u64;

const STEP_BITS: u32 = 24;
const OUT_OF_REACH: Key = Key::MAX;

#[inline]
fn longer(key: Key, cost: u32) -> Key {
    key.saturating_add((Key::from(cost) << STEP_BITS) | 1)
}

/// The best ways from everywhere to one goal.
#[derive(Clone, Debug)]
pub struct ToGoal {
    goal: StateId,
    keys: Vec<Key>,
}

impl ToGoal {
    /// Searches until the ways from all `entries` are known; from the whole graph where `entries` is empty.
    pub fn search(back: &Backwards, states: usize, goal: StateId, entries: &[StateId]) -> ToGoal {
        let mut keys = vec![OUT_OF_REACH; states];
        let mut wanted = vec![false; if entries.is_empty() { 0 } else { states }];
        let mut waiting = 0_usize;
        for &entry in entries {
            waiting += usize::from(!std::mem::replace(&mut wanted[entry as usize], true));
        }
        let (cheapest, dearest) = back.range();
        let mut queue = Buckets::new(cheapest, dearest, STEP_BITS);
        keys[goal as usize] = 0;
        queue.push(0, goal);
        while let Some((key, at)) = queue.pop() {
            if key > keys[at as usize] {
                continue;
            }
            if wanted.get(at as usize) == Some(&true) {
                waiting -= 1;
                if waiting == 0 {
                    break;
                }
            }
            for arc in back.arcs(at) {
                let through = longer(key, arc.cost);
                let known = &mut keys[arc.to as usize];
                if through < *known {
                    *known = through;
                    queue.push(through, arc.to);
                }
            }
        }
        ToGoal { goal, keys }
    }

    /// The cost of the best way from a state, in units of 2⁻²⁰ nat; none where no way leads to the goal.
    pub fn cost(&self, from: StateId) -> Option<u64> {
        let key = self.keys[from as usize];
        (key != OUT_OF_REACH).then_some(key >> STEP_BITS)
    }

    /// The best way from an entry of the search, as places of steps in `graph`; none where no way leads to the goal.
    pub fn path(&self, graph: &Graph, from: StateId) -> Option<Vec<usize>> {
        let mut key = self.keys[from as usize];
        if key == OUT_OF_REACH {
            return None;
        }
        let mut steps = Vec::with_capacity(usize::try_from(key & ((1 << STEP_BITS) - 1)).unwrap_or(0));
        let mut at = from;
        while at != self.goal {
            let place = graph.row(at).find(|&place| {
                let arc = graph.arc(place);
                arc.cost < u32::MAX && longer(self.keys[arc.to as usize], arc.cost) == key
            })?;
            at = graph.arc(place).to;
            key = self.keys[at as usize];
            steps.push(place);
        }
        Some(steps)
    }
}

/// The chance that every step of a path succeeds, if each is tried on its own: what the search makes greatest.
pub fn product(graph: &Graph, path: &[usize]) -> f64 {
    path.iter().map(|&place| graph.chance(place).probability()).product()
}

/// The chance that every step of a path succeeds in one world, where steps of the same cause share their fate. Never
/// below [`product`].
pub fn joint(graph: &Graph, path: &[usize]) -> f64 {
    let mut steps: Vec<_> = path.iter().map(|&place| (graph.cause(place), graph.chance(place))).collect();
    steps.sort_unstable();
    steps.dedup_by_key(|step| step.0);
    steps.iter().map(|step| step.1.probability()).product()
}
