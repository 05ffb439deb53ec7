//! What must hold in a network beyond the shape of its fields.

use crate::fault::{Fault, FaultCode};
use crate::model::{Controls, INTERNET, Network, Node, NodeKind, Place};
use crate::read::MAX_FAULTS;
use std::collections::HashMap;

const LONGEST_ID: usize = 200;
const MOST_HOURS: f64 = 100_000.0;
const MOST_ALIKE: u32 = 1_000_000;

/// Every fault, at most [`MAX_FAULTS`], in the order of the file; circles come last.
pub(crate) fn check(network: &Network) -> Vec<Fault> {
    let mut checker = Checker { network, by_id: HashMap::new(), faults: Vec::new() };
    checker.nodes();
    checker.connections();
    checker.credentials();
    checker.dependencies();
    // A circle among unknown ends says nothing.
    if checker.faults.is_empty() {
        checker.cycles();
    }
    checker.faults
}

struct Checker<'a> {
    network: &'a Network,
    by_id: HashMap<&'a str, usize>,
    faults: Vec<Fault>,
}

impl<'a> Checker<'a> {
    fn fault(&mut self, code: FaultCode, path: impl FnOnce() -> String, detail: impl ToString) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(Fault::new(code, path(), detail));
        }
    }

    fn full(&self) -> bool {
        self.faults.len() >= MAX_FAULTS
    }

    fn nodes(&mut self) {
        let nodes: &'a [Node] = &self.network.nodes;
        for (at, node) in nodes.iter().enumerate() {
            self.id(&node.id, "nodes", at);
            if self.by_id.insert(&node.id, at).is_some() {
                self.fault(FaultCode::DuplicateId, || format!("nodes[{at}].id"), &node.id);
            }
        }
        for (at, node) in nodes.iter().enumerate() {
            if self.full() {
                return;
            }
            if let Some(zone) = &node.zone {
                let fits = |kind| matches!(kind, NodeKind::Zone | NodeKind::Place);
                self.end(zone, fits, || format!("nodes[{at}].zone"));
            }
            for (nth, manager) in node.managed_by.iter().enumerate() {
                self.end(manager, NodeKind::is_host, || format!("nodes[{at}].managed_by[{nth}]"));
            }
            for (nth, original) in node.copy_of.iter().enumerate() {
                self.end(original, NodeKind::is_host, || format!("nodes[{at}].copy_of[{nth}]"));
            }
            if node.count == 0 || node.count > MOST_ALIKE {
                self.fault(FaultCode::OutOfRange, || format!("nodes[{at}].count"), node.count);
            }
            if let Some(hours) = node.recovery_hours
                && !(0.0..=MOST_HOURS).contains(&hours)
            {
                self.fault(FaultCode::OutOfRange, || format!("nodes[{at}].recovery_hours"), hours);
            }
            if let Some(priority) = node.priority
                && !(1..=5).contains(&priority)
            {
                self.fault(FaultCode::OutOfRange, || format!("nodes[{at}].priority"), priority);
            }
            self.controls(&node.controls, Place::Node, "nodes", at);
        }
    }

    fn connections(&mut self) {
        let network = self.network;
        let mut seen = HashMap::new();
        for (at, line) in network.connections.iter().enumerate() {
            if self.full() {
                return;
            }
            self.id(&line.id, "connections", at);
            if seen.insert(line.id.as_str(), at).is_some() {
                self.fault(FaultCode::DuplicateId, || format!("connections[{at}].id"), &line.id);
            }
            for (name, end) in [("from", &line.from), ("to", &line.to)] {
                if end != INTERNET {
                    let fits = |kind| !matches!(kind, NodeKind::Place | NodeKind::CareProcess);
                    self.end(end, fits, || format!("connections[{at}].{name}"));
                }
            }
            if line.from == line.to {
                self.fault(FaultCode::SelfLoop, || format!("connections[{at}].to"), &line.to);
            }
            if let Some(probability) = line.probability
                && !(0.0..=1.0).contains(&probability)
            {
                let path = || format!("connections[{at}].probability");
                self.fault(FaultCode::BadProbability, path, probability);
            }
            self.controls(&line.controls, Place::Connection, "connections", at);
        }
    }

    fn credentials(&mut self) {
        let network = self.network;
        let mut seen = HashMap::new();
        for (at, secret) in network.credentials.iter().enumerate() {
            if self.full() {
                return;
            }
            self.id(&secret.id, "credentials", at);
            if seen.insert(secret.id.as_str(), at).is_some() {
                self.fault(FaultCode::DuplicateId, || format!("credentials[{at}].id"), &secret.id);
            }
            if let Some(group) = &secret.group {
                let fits = |kind| kind == NodeKind::AccountGroup;
                self.end(group, fits, || format!("credentials[{at}].group"));
            }
            for (name, list) in [("opens", &secret.opens), ("found_on", &secret.found_on)] {
                for (nth, id) in list.iter().enumerate() {
                    self.end(id, NodeKind::is_host, || format!("credentials[{at}].{name}[{nth}]"));
                }
            }
            self.controls(&secret.controls, Place::Credential, "credentials", at);
        }
    }

    fn dependencies(&mut self) {
        let network = self.network;
        for (at, dependency) in network.dependencies.iter().enumerate() {
            if self.full() {
                return;
            }
            let fits = |kind| !matches!(kind, NodeKind::Place | NodeKind::Zone | NodeKind::AccountGroup);
            self.end(&dependency.of, fits, || format!("dependencies[{at}].of"));
            self.end(&dependency.on, fits, || format!("dependencies[{at}].on"));
            if dependency.of == dependency.on {
                self.fault(FaultCode::SelfLoop, || format!("dependencies[{at}].on"), &dependency.on);
            }
        }
    }

    fn id(&mut self, id: &str, list: &str, at: usize) {
        if id.is_empty() || id.len() > LONGEST_ID || (list == "nodes" && id == INTERNET) {
            let shown: String = id.chars().take(40).collect();
            self.fault(FaultCode::BadId, || format!("{list}[{at}].id"), shown);
        }
    }

    fn end(&mut self, id: &str, fits: impl Fn(NodeKind) -> bool, path: impl FnOnce() -> String) {
        match self.by_id.get(id) {
            None => self.fault(FaultCode::UnknownEnd, path, id),
            Some(&at) if !fits(self.network.nodes[at].kind) => self.fault(FaultCode::WrongKind, path, id),
            Some(_) => {}
        }
    }

    fn controls(&mut self, controls: &Controls, place: Place, list: &str, at: usize) {
        for control in controls.keys().filter(|control| !control.fits(place)) {
            let path = || format!("{list}[{at}].controls.{}", control.code());
            self.fault(FaultCode::ControlMisplaced, path, control.code());
        }
    }

    fn cycles(&mut self) {
        let network = self.network;
        let zones = network
            .nodes
            .iter()
            .enumerate()
            .filter_map(|(at, node)| Some((at, *self.by_id.get(node.zone.as_deref()?)?)));
        let zones: Vec<_> = zones.collect();
        let needs = network.dependencies.iter().filter_map(|dependency| {
            Some((*self.by_id.get(dependency.of.as_str())?, *self.by_id.get(dependency.on.as_str())?))
        });
        let needs: Vec<_> = needs.collect();
        for (name, edges) in [("nodes", zones), ("dependencies", needs)] {
            if let Some(circle) = circle(network.nodes.len(), &edges) {
                let ids: Vec<&str> = circle.iter().map(|&at| network.nodes[at].id.as_str()).collect();
                self.fault(FaultCode::Cycle, || name.to_owned(), ids.join(" → "));
            }
        }
    }
}

/// A circle among these edges, its first node repeated at the end; none where there is no circle. Linear.
fn circle(nodes: usize, edges: &[(usize, usize)]) -> Option<Vec<usize>> {
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    let mut degree = vec![0_usize; nodes];
    for &(from, to) in edges {
        next[from].push(to);
        degree[to] += 1;
    }
    // Take away what nothing points to, again and again: what remains has a circle behind every node.
    let mut free: Vec<usize> = (0..nodes).filter(|&at| degree[at] == 0).collect();
    let mut left = nodes;
    while let Some(at) = free.pop() {
        left -= 1;
        for &to in &next[at] {
            degree[to] -= 1;
            if degree[to] == 0 {
                free.push(to);
            }
        }
    }
    if left == 0 {
        return None;
    }
    // Each remaining node has a remaining predecessor: walk backwards until one comes again.
    let mut before = vec![usize::MAX; nodes];
    for &(from, to) in edges {
        if degree[from] > 0 && degree[to] > 0 {
            before[to] = from;
        }
    }
    let start = degree.iter().position(|&count| count > 0)?;
    let mut step_of = vec![usize::MAX; nodes];
    let (mut at, mut walk) = (start, Vec::new());
    while step_of[at] == usize::MAX {
        step_of[at] = walk.len();
        walk.push(at);
        at = before[at];
    }
    let mut circle = walk.split_off(step_of[at]);
    circle.reverse();
    circle.insert(0, at);
    Some(circle)
}

#[cfg(test)]
mod tests {
    use super::circle;

    #[test]
    fn circles_are_found_and_only_they() {
        assert_eq!(circle(4, &[(0, 1), (1, 2), (0, 2), (2, 3)]), None);
        let found = circle(5, &[(0, 1), (1, 2), (2, 3), (3, 1), (3, 4)]).unwrap();
        assert_eq!(found.first(), found.last());
        assert_eq!(found.len(), 4);
        for pair in found.windows(2) {
            assert!([(1, 2), (2, 3), (3, 1)].contains(&(pair[0], pair[1])), "{found:?}");
        }
        assert_eq!(circle(1, &[(0, 0)]), Some(vec![0, 0]));
    }
}
