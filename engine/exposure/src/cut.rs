//! The fewest places to cut so that no goal can be reached any more: maximum flow by Dinic's algorithm.

use crate::chance::Cost;
use crate::graph::{Graph, StateId};

/// What it takes to cut a step.
pub type Capacity = u32;

/// The capacity of a step that cannot be cut.
pub const UNCUTTABLE: Capacity = Capacity::MAX;

/// A smallest cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The sum of the capacities of its steps.
    pub value: u64,
    /// Its steps by their places in the graph, in rising order. Of all smallest cuts this is the one nearest to the
    /// starts, which is unique.
    pub steps: Vec<usize>,
}

/// The smallest cut between `starts` and `goals`, if cutting the step at a place takes `capacity(place)`; none where
/// every cut would need a step that cannot be cut, or where a start is a goal.
///
/// Dinic's algorithm: O(n²m) at worst, and on attack graphs in practice a few passes over the steps. Memory is 16 bytes
/// a step and 12 a state.
///
/// # Panics
/// If the capacities of steps that can be cut add up to 2³² − 1 or more.
pub fn min_cut(
    graph: &Graph,
    starts: &[StateId],
    goals: &[StateId],
    capacity: impl Fn(usize) -> Capacity,
) -> Option<Cut> {
    let mut flow = Flow::new(graph, starts, goals, capacity);
    if starts.iter().any(|&start| flow.is_goal[start as usize]) {
        return None;
    }
    let mut value = 0_u64;
    while flow.levels() {
        value += flow.augment()?;
    }
    Some(Cut { value, steps: flow.cut() })
}

/// The residual network. Steps `2k` are those of the graph that are of use, `2k + 1` the same backwards.
struct Flow {
    first: Vec<u32>,
    /// Arc numbers by state.
    arcs: Vec<u32>,
    head: Vec<StateId>,
    left: Vec<u32>,
    place: Vec<u32>,
    level: Vec<u32>,
    next: Vec<u32>,
    starts: Vec<StateId>,
    is_goal: Vec<bool>,
}

const NO_LEVEL: u32 = u32::MAX;

impl Flow {
    fn new(
        graph: &Graph,
        starts: &[StateId],
        goals: &[StateId],
        capacity: impl Fn(usize) -> Capacity,
    ) -> Flow {
        let states = graph.states();
        let mut is_goal = vec![false; states];
        for &goal in goals {
            is_goal[goal as usize] = true;
        }
        let mut flow = Flow {
            first: vec![0; states + 1],
            arcs: Vec::new(),
            head: Vec::with_capacity(2 * graph.steps()),
            left: Vec::with_capacity(2 * graph.steps()),
            place: Vec::with_capacity(graph.steps()),
            level: vec![NO_LEVEL; states],
            next: vec![0; states],
            starts: starts.to_vec(),
            is_goal,
        };
        let mut sum = 0_u64;
        for from in (0_u32..).take(states) {
            for place in graph.row(from) {
                let (arc, room) = (graph.arc(place), capacity(place));
                sum += if room == UNCUTTABLE { 0 } else { u64::from(room) };
                if arc.cost < Cost::MAX && room > 0 && arc.to != from {
                    flow.first[from as usize + 1] += 1;
                    flow.first[arc.to as usize + 1] += 1;
                    flow.head.extend([arc.to, from]);
                    flow.left.extend([room, 0]);
                    flow.place.push(u32::try_from(place).unwrap_or(u32::MAX));
                }
            }
        }
        // Then no flow through one arc can come near the mark of the uncuttable.
        assert!(sum < u64::from(UNCUTTABLE), "capacities add up to more than 32 bits");
        flow.index();
        flow
    }

    fn index(&mut self) {
        for at in 1..self.first.len() {
            self.first[at] += self.first[at - 1];
        }
        let mut next = self.first.clone();
        self.arcs = vec![0; self.head.len()];
        for arc in (0_u32..).take(self.head.len()) {
            let tail = self.head[arc as usize ^ 1] as usize;
            self.arcs[next[tail] as usize] = arc;
            next[tail] += 1;
        }
    }

    /// Levels by breadth; true where a goal is within reach.
    fn levels(&mut self) -> bool {
        self.level.fill(NO_LEVEL);
        let mut queue = std::collections::VecDeque::with_capacity(self.starts.len());
        for &start in &self.starts {
            if self.level[start as usize] == NO_LEVEL {
                self.level[start as usize] = 0;
                queue.push_back(start);
            }
        }
        let mut found = NO_LEVEL;
        while let Some(at) = queue.pop_front() {
            let level = self.level[at as usize];
            // States behind the nearest goal cannot lie on a shortest way.
            if level >= found {
                break;
            }
            for &arc in &self.arcs[self.first[at as usize] as usize..self.first[at as usize + 1] as usize] {
                let to = self.head[arc as usize];
                if self.left[arc as usize] > 0 && self.level[to as usize] == NO_LEVEL {
                    self.level[to as usize] = level + 1;
                    if self.is_goal[to as usize] {
                        found = level + 1;
                    }
                    queue.push_back(to);
                }
            }
        }
        let states = self.next.len();
        self.next.copy_from_slice(&self.first[..states]);
        found != NO_LEVEL
    }

    /// Pushes a blocking flow along the levels; none where the flow has no limit.
    fn augment(&mut self) -> Option<u64> {
        let mut pushed = 0;
        let mut path: Vec<u32> = Vec::new();
        for start in self.starts.clone() {
            if self.level[start as usize] != 0 {
                continue;
            }
            loop {
                let at = path.last().map_or(start, |&arc| self.head[arc as usize]);
                if self.is_goal[at as usize] {
                    pushed += u64::from(self.push(&mut path)?);
                } else if let Some(arc) = self.forward(at) {
                    path.push(arc);
                } else if let Some(arc) = path.pop() {
                    // Nothing leads on from here in this phase.
                    self.level[self.head[arc as usize] as usize] = NO_LEVEL;
                } else {
                    break;
                }
            }
        }
        Some(pushed)
    }

    /// The next arc of a state that leads one level on.
    fn forward(&mut self, at: StateId) -> Option<u32> {
        let (level, end) = (self.level[at as usize], self.first[at as usize + 1]);
        while self.next[at as usize] < end {
            let arc = self.arcs[self.next[at as usize] as usize];
            let to = self.head[arc as usize] as usize;
            if self.left[arc as usize] > 0 && self.level[to] == level + 1 {
                return Some(arc);
            }
            self.next[at as usize] += 1;
        }
        None
    }

    /// Fills a path to a goal, and shortens it to before the first full arc; none where it has no limit.
    fn push(&mut self, path: &mut Vec<u32>) -> Option<u32> {
        let least = path.iter().map(|&arc| self.left[arc as usize]).min().unwrap_or(UNCUTTABLE);
        if least == UNCUTTABLE {
            return None;
        }
        let mut keep = path.len();
        for (at, &arc) in path.iter().enumerate().rev() {
            let arc = arc as usize;
            if self.left[arc] != UNCUTTABLE {
                self.left[arc] -= least;
            }
            if self.left[arc ^ 1] != UNCUTTABLE {
                self.left[arc ^ 1] += least;
            }
            if self.left[arc] == 0 {
                keep = at;
            }
        }
        path.truncate(keep);
        Some(least)
    }

    /// The full arcs between what can still be reached from the starts and what cannot.
    fn cut(&self) -> Vec<usize> {
        let reached = |state: StateId| self.level[state as usize] != NO_LEVEL;
        let mut steps: Vec<usize> = (0..self.place.len())
            .filter(|&arc| reached(self.head[2 * arc + 1]) && !reached(self.head[2 * arc]))
            .map(|arc| self.place[arc] as usize)
            .collect();
        steps.sort_unstable();
        steps
    }
}
