//! The blast radius within a probability budget.

use crate::buckets::Buckets;
use crate::chance::Cost;
use crate::graph::{Graph, StateId};

/// A search that is asked for many starts and keeps its memory: 8 bytes a state.
#[derive(Clone, Debug)]
pub struct Within<'a> {
    graph: &'a Graph,
    budget: Cost,
    /// Per state: the round in its upper half, the distance in its lower. A new round makes all others stale.
    marks: Vec<u64>,
    round: u64,
    queue: Buckets,
    reached: Vec<StateId>,
}

impl<'a> Within<'a> {
    /// Searches of this graph up to a cost; see [`crate::chance::cost_of`].
    pub fn new(graph: &'a Graph, budget: Cost) -> Within<'a> {
        let (cheapest, dearest) = graph.range();
        Within {
            graph,
            budget,
            marks: vec![0; graph.states()],
            round: 0,
            queue: Buckets::new(cheapest, dearest.min(budget), 0),
            reached: Vec::new(),
        }
    }

    /// The states whose most likely path from `from` costs no more than the budget, itself first, in no order that
    /// means anything. Dijkstra that stops at the budget: as rows are sorted by cost, a state's dear steps are not
    /// even looked at. O(b log b) where b steps are within the budget, whatever the size of the graph.
    pub fn search(&mut self, from: StateId) -> &[StateId] {
        self.round += 1;
        let round = self.round << 32;
        self.reached.clear();
        self.reached.push(from);
        self.marks[from as usize] = round;
        self.expand(from, 0, round);
        while let Some((distance, at)) = self.queue.pop() {
            #[expect(clippy::cast_possible_truncation, reason = "no more than the budget")]
            let distance = distance as Cost;
            if self.marks[at as usize] == round | u64::from(distance) {
                self.expand(at, distance, round);
            }
        }
        &self.reached
    }

    #[inline]
    fn expand(&mut self, at: StateId, distance: Cost, round: u64) {
        let left = self.budget - distance;
        for arc in self.graph.arcs(at) {
            if arc.cost > left || arc.cost == Cost::MAX {
                break;
            }
            let further = distance + arc.cost;
            let (mark, new) = (&mut self.marks[arc.to as usize], round | u64::from(further));
            if *mark < round {
                self.reached.push(arc.to);
            } else if *mark <= new {
                continue;
            }
            *mark = new;
            self.queue.push(u64::from(further), arc.to);
        }
    }
}

/// How many counted states lie within the budget of each of `starts`, in their order.
pub fn within(graph: &Graph, starts: &[StateId], budget: Cost, counted: &[bool]) -> Vec<u32> {
    let mut search = Within::new(graph, budget);
    starts
        .iter()
        .map(|&from| search.search(from).iter().map(|&state| u32::from(counted[state as usize])).sum())
        .collect()
}
