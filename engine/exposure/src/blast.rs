//! The blast radius: what can be reached from a state.

mod within;

pub use within::{Within, within};

use crate::chance::Cost;
use crate::graph::{Arc, Graph, StateId};
use crate::scc::Components;

/// Words of a block of bit sets: 512 columns, which is a cache line a component.
const WORDS: usize = 8;
type Block = [u64; WORDS];
const COLUMNS: usize = WORDS * 64;

/// How many counted states can be reached from each state, itself included, whatever the chances (but for steps that
/// never succeed).
///
/// Strong components, then bit sets over the components in blocks of 512 columns, so that memory stays linear:
/// O(n + m + m'·c/512) where c components hold counted states and m' steps run between components. `counted[s]` says
/// whether a state counts.
pub fn unlimited(graph: &Graph, counted: &[bool]) -> Vec<u32> {
    let components = Components::find(graph);
    let count = components.count as usize;
    let mut size = vec![0_u32; count];
    for (state, &component) in components.of.iter().enumerate() {
        size[component as usize] += u32::from(counted[state]);
    }
    let between = Between::collect(graph, &components);
    let mut total = vec![0_u32; count];
    // Components with one counted state come first: their bits are counted by the word.
    let mut columns: Vec<u32> = (0..components.count).filter(|&at| size[at as usize] == 1).collect();
    let single = columns.len();
    columns.extend((0..components.count).filter(|&at| size[at as usize] > 1));
    let mut sets = Sets { rows: vec![[0; WORDS]; count], any: vec![false; count], touched: Vec::new() };
    for (number, block) in columns.chunks(COLUMNS).enumerate() {
        let ones = single.saturating_sub(number * COLUMNS).min(block.len());
        sets.sum(&between, block, ones, &size, &mut total);
    }
    components.of.iter().map(|&component| total[component as usize]).collect()
}

/// Steps between components, packed; rows in the order of their numbers, which is against the arrows.
struct Between {
    starts: Vec<u32>,
    to: Vec<u32>,
}

impl Between {
    fn collect(graph: &Graph, components: &Components) -> Between {
        let count = components.count as usize;
        let mut starts = vec![0_u32; count + 1];
        let mut pairs = Vec::new();
        for state in (0_u32..).take(graph.states()) {
            let from = components.of[state as usize];
            for arc in graph.arcs(state).iter().filter(|arc| arc.cost < Cost::MAX) {
                let to = components.of[arc.to as usize];
                if to != from {
                    starts[from as usize + 1] += 1;
                    pairs.push((from, to));
                }
            }
        }
        for at in 0..count {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut to = vec![0_u32; pairs.len()];
        for (from, target) in pairs {
            to[next[from as usize] as usize] = target;
            next[from as usize] += 1;
        }
        Between { starts, to }
    }

    fn row(&self, component: usize) -> &[u32] {
        &self.to[self.starts[component] as usize..self.starts[component + 1] as usize]
    }
}

/// One block of bit sets: what each component reaches among its columns.
struct Sets {
    rows: Vec<Block>,
    /// Whether a set holds anything. Most do not, and this says so without a look at them.
    any: Vec<bool>,
    touched: Vec<usize>,
}

impl Sets {
    /// Adds to each component's total what it reaches among the columns of one block; the first `ones` count one each.
    fn sum(&mut self, between: &Between, block: &[u32], ones: usize, size: &[u32], total: &mut [u32]) {
        for (bit, &component) in block.iter().enumerate() {
            self.rows[component as usize][bit / 64] |= 1 << (bit % 64);
            self.any[component as usize] = true;
        }
        // A component below the lowest column of the block leads to no column, as steps go to smaller numbers only.
        let lowest = block.iter().copied().min().unwrap_or(0) as usize;
        for (at, total) in total.iter_mut().enumerate().skip(lowest) {
            let mut any = self.any[at];
            for &to in between.row(at) {
                if self.any[to as usize] {
                    any = true;
                    let other = self.rows[to as usize];
                    for (word, other) in self.rows[at].iter_mut().zip(other) {
                        *word |= other;
                    }
                }
            }
            if any {
                self.any[at] = true;
                self.touched.push(at);
                *total += weigh(&self.rows[at], block, ones, size);
            }
        }
        for at in self.touched.drain(..) {
            self.rows[at] = [0; WORDS];
            self.any[at] = false;
        }
    }
}

fn weigh(set: &Block, block: &[u32], ones: usize, size: &[u32]) -> u32 {
    let mut sum = 0;
    for (word, &bits) in set.iter().enumerate() {
        let first = word * 64;
        let simple = match ones.saturating_sub(first) {
            0 => 0,
            64.. => u64::MAX,
            some => (1 << some) - 1,
        };
        sum += (bits & simple).count_ones();
        let mut others = bits & !simple;
        while others != 0 {
            sum += size[block[first + others.trailing_zeros() as usize] as usize];
            others &= others - 1;
        }
    }
    sum
}

/// The states that can be reached from one, itself included, in rising order. O(n + m).
pub fn reachable(graph: &Graph, from: StateId) -> Vec<StateId> {
    let seen = flood(graph.states(), &[from], |at| graph.arcs(at));
    (0_u32..).zip(&seen).filter(|(_, seen)| **seen).map(|(state, _)| state).collect()
}

/// Which states can be reached from any of these along `arcs`.
pub(crate) fn flood<'a>(states: usize, from: &[StateId], arcs: impl Fn(StateId) -> &'a [Arc]) -> Vec<bool> {
    let mut seen = vec![false; states];
    let mut queue = from.to_vec();
    for &start in from {
        seen[start as usize] = true;
    }
    while let Some(at) = queue.pop() {
        for arc in arcs(at).iter().filter(|arc| arc.cost < Cost::MAX) {
            if !std::mem::replace(&mut seen[arc.to as usize], true) {
                queue.push(arc.to);
            }
        }
    }
    seen
}
