//! The part of a graph that sampling has to look at.

use crate::blast::flood;
use crate::buckets::Buckets;
use crate::chance::Cost;
use crate::graph::{Graph, StateId};

/// A step of the part: where it leads, by the part's numbers, and its place in the graph.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    pub to: u32,
    pub place: u32,
}

/// States on some way from a start to a goal, numbered by falling likelihood from the starts.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    /// The new number of each state of the graph.
    numbers: Vec<u32>,
    rows: Vec<u32>,
    pub ways: Vec<Way>,
}

const LEFT_OUT: u32 = u32::MAX;

impl Kept {
    pub fn of(graph: &Graph, starts: &[StateId], goals: &[StateId]) -> Kept {
        let back = graph.backwards();
        let useful = flood(graph.states(), goals, |at| back.arcs(at));
        let order = order(graph, starts, &useful);
        let mut numbers = vec![LEFT_OUT; graph.states()];
        for (number, &state) in (0_u32..).zip(&order) {
            numbers[state as usize] = number;
        }
        let (mut rows, mut ways) = (vec![0], Vec::new());
        for &state in &order {
            for place in graph.row(state) {
                let arc = graph.arc(place);
                let to = numbers[arc.to as usize];
                if to != LEFT_OUT {
                    // Places are numbered in 32 bits, as the rows of the graph are.
                    ways.push(Way { to, place: u32::try_from(place).unwrap_or(u32::MAX) });
                }
            }
            rows.push(u32::try_from(ways.len()).unwrap_or(u32::MAX));
        }
        Kept { numbers, rows, ways }
    }

    pub fn states(&self) -> usize {
        self.rows.len() - 1
    }

    pub fn number(&self, state: StateId) -> Option<u32> {
        Some(self.numbers[state as usize]).filter(|&number| number != LEFT_OUT)
    }

    pub fn row(&self, at: usize) -> std::ops::Range<usize> {
        self.rows[at] as usize..self.rows[at + 1] as usize
    }
}

/// Useful states by the cost of their most likely path from any start.
fn order(graph: &Graph, starts: &[StateId], useful: &[bool]) -> Vec<StateId> {
    let (cheapest, dearest) = graph.range();
    let mut queue = Buckets::new(cheapest, dearest, 0);
    let mut costs = vec![u64::MAX; graph.states()];
    for &start in starts.iter().filter(|&&start| useful[start as usize]) {
        if costs[start as usize] != 0 {
            costs[start as usize] = 0;
            queue.push(0, start);
        }
    }
    let mut order = Vec::new();
    while let Some((cost, at)) = queue.pop() {
        if cost > costs[at as usize] {
            continue;
        }
        order.push(at);
        for arc in graph.arcs(at).iter().filter(|arc| arc.cost < Cost::MAX && useful[arc.to as usize]) {
            let through = cost + u64::from(arc.cost);
            if through < costs[arc.to as usize] {
                costs[arc.to as usize] = through;
                queue.push(through, arc.to);
            }
        }
    }
    order
}
