//! A directed graph of steps that may succeed, packed for speed.
//!
//! This is all that the algorithms know: numbered states, steps between them with a chance, and a *cause* of each
//! step. What the states mean is the business of [`crate::attack`].

use crate::chance::{Chance, Cost};

/// A state's number.
pub type StateId = u32;

/// The head and cost of a step; side by side, as the searches read both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arc {
    /// Where it leads.
    pub to: StateId,
    /// −ln of its chance.
    pub cost: Cost,
}

/// A step before it is packed.
#[derive(Clone, Copy, Debug)]
struct Raw {
    from: StateId,
    to: StateId,
    chance: Chance,
    cause: u64,
}

/// Gathers states and steps.
#[derive(Clone, Debug, Default)]
pub struct GraphBuilder {
    states: u32,
    raw: Vec<Raw>,
}

impl GraphBuilder {
    /// A graph with this many states and no steps.
    pub fn with_states(states: u32) -> GraphBuilder {
        GraphBuilder { states, raw: Vec::new() }
    }

    /// One more state.
    pub fn state(&mut self) -> StateId {
        self.states += 1;
        self.states - 1
    }

    /// A step. Steps of one cause share their fate in a sampled world: if one with a chance of 0.3 succeeds there,
    /// so does every other of the same cause with 0.3 or more. Returns its number, counted from 0 in the order of
    /// calls.
    ///
    /// # Panics
    /// If an end is no state of this graph.
    pub fn step(&mut self, from: StateId, to: StateId, chance: Chance, cause: u64) -> usize {
        assert!(from < self.states && to < self.states, "a step between states that are not there");
        self.raw.push(Raw { from, to, chance, cause });
        self.raw.len() - 1
    }

    /// Packs it. Within a state, steps lie by rising cost, then in the order in which they were added. Linear but for
    /// that sorting.
    pub fn build(self) -> Graph {
        let states = self.states as usize;
        let mut starts = vec![0_u32; states + 1];
        for raw in &self.raw {
            starts[raw.from as usize + 1] += 1;
        }
        for at in 0..states {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut order = vec![0_u32; self.raw.len()];
        for (at, raw) in (0_u32..).zip(&self.raw) {
            let place = &mut next[raw.from as usize];
            order[*place as usize] = at;
            *place += 1;
        }
        let costs: Vec<Cost> = self.raw.iter().map(|raw| raw.chance.cost()).collect();
        for at in 0..states {
            order[starts[at] as usize..starts[at + 1] as usize]
                .sort_by_key(|&raw| (costs[raw as usize], raw));
        }
        let raw = |at: &u32| self.raw[*at as usize];
        let possible = || costs.iter().copied().filter(|&cost| cost < Cost::MAX);
        let range = (possible().min().unwrap_or(0), possible().max().unwrap_or(0));
        Graph {
            range,
            starts,
            arcs: order.iter().map(|at| Arc { to: raw(at).to, cost: costs[*at as usize] }).collect(),
            chances: order.iter().map(|at| raw(at).chance).collect(),
            causes: order.iter().map(|at| raw(at).cause).collect(),
            added: order,
        }
    }
}

/// A packed graph: compressed rows of steps. Memory is 28 bytes a step and 4 a state.
#[derive(Clone, Debug)]
pub struct Graph {
    range: (Cost, Cost),
    starts: Vec<u32>,
    arcs: Vec<Arc>,
    chances: Vec<Chance>,
    causes: Vec<u64>,
    added: Vec<u32>,
}

impl Graph {
    /// How many states.
    pub fn states(&self) -> usize {
        self.starts.len() - 1
    }

    /// How many steps.
    pub fn steps(&self) -> usize {
        self.arcs.len()
    }

    /// The places of a state's steps among all steps.
    #[inline]
    pub fn row(&self, state: StateId) -> std::ops::Range<usize> {
        self.starts[state as usize] as usize..self.starts[state as usize + 1] as usize
    }

    /// A state's steps, cheapest first.
    #[inline]
    pub fn arcs(&self, state: StateId) -> &[Arc] {
        &self.arcs[self.row(state)]
    }

    /// The cost of the cheapest and of the dearest step that can succeed; zeros where there is none.
    pub fn range(&self) -> (Cost, Cost) {
        self.range
    }

    /// The step at a place.
    #[inline]
    pub fn arc(&self, place: usize) -> Arc {
        self.arcs[place]
    }

    /// The chance of the step at a place.
    #[inline]
    pub fn chance(&self, place: usize) -> Chance {
        self.chances[place]
    }

    /// The cause of the step at a place.
    #[inline]
    pub fn cause(&self, place: usize) -> u64 {
        self.causes[place]
    }

    /// The number that [`GraphBuilder::step`] gave to the step at a place.
    pub fn added(&self, place: usize) -> usize {
        self.added[place] as usize
    }

    /// The same graph against the arrows, without chances: for each state, where steps to it come from.
    pub fn backwards(&self) -> Backwards {
        let mut starts = vec![0_u32; self.states() + 1];
        for arc in self.arcs.iter().filter(|arc| arc.cost < Cost::MAX) {
            starts[arc.to as usize + 1] += 1;
        }
        for at in 0..self.states() {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut arcs = vec![Arc { to: 0, cost: 0 }; starts.last().map_or(0, |&end| end as usize)];
        for from in 0..self.states() {
            #[expect(clippy::cast_possible_truncation, reason = "states are numbered in 32 bits")]
            let from = from as StateId;
            for arc in self.arcs(from).iter().filter(|arc| arc.cost < Cost::MAX) {
                let place = &mut next[arc.to as usize];
                arcs[*place as usize] = Arc { to: from, cost: arc.cost };
                *place += 1;
            }
        }
        Backwards { range: self.range, starts, arcs }
    }
}

/// A graph read against its arrows. Memory is 8 bytes a step and 4 a state.
#[derive(Clone, Debug)]
pub struct Backwards {
    range: (Cost, Cost),
    starts: Vec<u32>,
    arcs: Vec<Arc>,
}

impl Backwards {
    /// As [`Graph::range`].
    pub fn range(&self) -> (Cost, Cost) {
        self.range
    }

    /// Where steps to a state come from.
    #[inline]
    pub fn arcs(&self, state: StateId) -> &[Arc] {
        &self.arcs[self.starts[state as usize] as usize..self.starts[state as usize + 1] as usize]
    }
}
