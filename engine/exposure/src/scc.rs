//! Strong components: groups of states each of which leads to all others of the group.

use crate::chance::Cost;
use crate::graph::{Graph, StateId};

/// The strong components of a graph, numbered against the arrows: a step between two components leads to the one with
/// the smaller number.
#[derive(Clone, Debug)]
pub struct Components {
    /// The component of each state.
    pub of: Vec<u32>,
    /// How many there are.
    pub count: u32,
}

const UNSEEN: u32 = u32::MAX;

impl Components {
    /// Pearce's variant of Tarjan's algorithm, without recursion: O(n + m), two words a state.
    pub fn find(graph: &Graph) -> Components {
        let states = graph.states();
        let mut search = Search {
            graph,
            // Before a state is finished its order of discovery, afterwards its component.
            mark: vec![UNSEEN; states],
            done: vec![false; states],
            stack: Vec::new(),
            calls: Vec::new(),
            found: 0,
            count: 0,
        };
        for state in (0_u32..).take(states) {
            if search.mark[state as usize] == UNSEEN {
                search.visit(state);
            }
        }
        Components { of: search.mark, count: search.count }
    }
}

struct Call {
    state: StateId,
    order: u32,
    low: u32,
    next: usize,
    end: usize,
}

struct Search<'a> {
    graph: &'a Graph,
    mark: Vec<u32>,
    done: Vec<bool>,
    stack: Vec<StateId>,
    calls: Vec<Call>,
    found: u32,
    count: u32,
}

impl Search<'_> {
    fn enter(&mut self, state: StateId) {
        let row = self.graph.row(state);
        self.mark[state as usize] = self.found;
        self.calls.push(Call { state, order: self.found, low: self.found, next: row.start, end: row.end });
        self.found += 1;
        self.stack.push(state);
    }

    fn visit(&mut self, root: StateId) {
        self.enter(root);
        while let Some(call) = self.calls.last_mut() {
            if call.next < call.end {
                let arc = self.graph.arc(call.next);
                call.next += 1;
                if arc.cost == Cost::MAX {
                    continue;
                }
                let to = arc.to as usize;
                if self.mark[to] == UNSEEN {
                    self.enter(arc.to);
                } else if !self.done[to] {
                    call.low = call.low.min(self.mark[to]);
                }
                continue;
            }
            let (order, low, state) = (call.order, call.low, call.state);
            self.calls.pop();
            if let Some(caller) = self.calls.last_mut() {
                caller.low = caller.low.min(low);
            }
            if low == order {
                self.close(state);
            }
        }
    }

    fn close(&mut self, root: StateId) {
        while let Some(state) = self.stack.pop() {
            self.mark[state as usize] = self.count;
            self.done[state as usize] = true;
            if state == root {
                break;
            }
        }
        self.count += 1;
    }
}
