//! From things to states, and the steps that lie within one thing.

use super::law::{About, Law, Owner};
use super::{AttackGraph, Entry, EntryKind, Goal, GoalKind, Index, Meaning, Step};
use crate::graph::{GraphBuilder, StateId};
use crate::model::{Network, Node, NodeKind};
use crate::step::StepCode;
use crate::table::Table;
use std::collections::HashMap;

/// The kinds of states that a node can have, as places in its row of states.
const KINDS: usize = 7;

pub(super) fn build(network: &Network, table: &Table) -> AttackGraph {
    let mut builder = Builder::new(network, table);
    builder.goals();
    builder.care();
    for at in builder.every_node() {
        builder.thing(at);
    }
    builder.entrances_of_things();
    builder.lines();
    builder.secrets();
    builder.finish()
}

/// Gathers states and steps; see the neighbouring files for lines and secrets.
pub(super) struct Builder<'a> {
    pub network: &'a Network,
    law: Law<'a>,
    graph: GraphBuilder,
    meanings: Vec<Meaning>,
    steps: Vec<Step>,
    states: Vec<[Option<StateId>; KINDS]>,
    holds: HashMap<(Index, Index), StateId>,
    entries: Vec<Entry>,
    goals: Vec<Goal>,
    by_id: HashMap<&'a str, Index>,
    /// Things that something else needs; encrypting others stops nothing.
    needed: Vec<bool>,
}

impl<'a> Builder<'a> {
    fn new(network: &'a Network, table: &'a Table) -> Builder<'a> {
        let by_id: HashMap<&str, Index> =
            (0_u32..).zip(&network.nodes).map(|(at, node)| (node.id.as_str(), at)).collect();
        let mut needed = vec![false; network.nodes.len()];
        for dependency in network.dependencies.iter().filter(|dependency| dependency.required) {
            if let Some(&on) = by_id.get(dependency.on.as_str()) {
                needed[on as usize] = true;
            }
        }
        Builder {
            network,
            law: Law { network, table },
            graph: GraphBuilder::default(),
            meanings: Vec::new(),
            steps: Vec::new(),
            states: vec![[None; KINDS]; network.nodes.len()],
            holds: HashMap::new(),
            entries: Vec::new(),
            goals: Vec::new(),
            by_id,
            needed,
        }
    }

    pub fn every_node(&self) -> impl Iterator<Item = Index> + use<> {
        let nodes = self.network.nodes.len();
        (0_u32..).take(nodes)
    }

    pub fn node(&self, at: Index) -> &'a Node {
        &self.network.nodes[at as usize]
    }

    pub fn find(&self, id: &str) -> Option<Index> {
        self.by_id.get(id).copied()
    }

    /// The zone that a thing is in; none where it is in none, or only in a room.
    pub fn zone_of(&self, at: Index) -> Option<Index> {
        let zone = self.find(self.node(at).zone.as_deref()?)?;
        (self.node(zone).kind == NodeKind::Zone).then_some(zone)
    }

    fn fresh(&mut self, meaning: Meaning) -> StateId {
        self.meanings.push(meaning);
        self.graph.state()
    }

    /// The state with this meaning, made where it is not there yet.
    pub fn state(&mut self, meaning: Meaning) -> StateId {
        let (node, kind) = match meaning {
            Meaning::InZone(at) => (at, 0),
            Meaning::User(at) => (at, 1),
            Meaning::Admin(at) => (at, 2),
            Meaning::Data(at) => (at, 3),
            Meaning::Read(at) => (at, 4),
            Meaning::Encrypted(at) => (at, 5),
            Meaning::Down(at) => (at, 6),
            Meaning::Holds(secret, zone) => {
                if let Some(&state) = self.holds.get(&(secret, zone)) {
                    return state;
                }
                let state = self.fresh(meaning);
                self.holds.insert((secret, zone), state);
                return state;
            }
            Meaning::Entry(at) => return self.entries[at as usize].state,
            Meaning::Goal(at) => return self.goals[at as usize].state,
        };
        if let Some(state) = self.states[node as usize][kind] {
            return state;
        }
        let state = self.fresh(meaning);
        self.states[node as usize][kind] = Some(state);
        state
    }

    /// Whether a secret is already known to be held in a zone.
    pub fn is_held(&self, secret: Index, zone: Index) -> bool {
        self.holds.contains_key(&(secret, zone))
    }

    pub fn held(&self) -> usize {
        self.holds.len()
    }

    pub fn step(&mut self, code: StepCode, from: Meaning, to: Meaning, via: Option<Owner>) {
        let (chance, cause) = self.law.of(About { code, from, to, via });
        let (from, to) = (self.state(from), self.state(to));
        self.graph.step(from, to, chance, cause);
        self.steps.push(Step { code, from, to, via });
    }

    /// A step that needs nothing.
    pub fn follows(&mut self, from: Meaning, to: Meaning) {
        self.step(StepCode::Follows, from, to, None);
    }

    /// An entrance; the same one again where it is there.
    pub fn entry(&mut self, kind: EntryKind, subject: Option<Owner>) -> Meaning {
        let known = match subject {
            // Only these come again, and there are few of them.
            None => self.entries.iter().position(|entry| entry.kind == kind && entry.subject.is_none()),
            Some(_) => None,
        };
        let at = known.unwrap_or_else(|| {
            let at = self.entries.len();
            let state = self.fresh(Meaning::Entry(number(at)));
            self.entries.push(Entry { kind, subject, state });
            at
        });
        Meaning::Entry(number(at))
    }

    fn goals(&mut self) {
        let network = self.network;
        let has = |test: &dyn Fn(&Node) -> bool| network.nodes.iter().any(test);
        let records = has(&|node| node.holds_records);
        let weights = &self.law.table.weights;
        for (kind, exists, weight) in [
            (GoalKind::RecordsEncrypted, records, weights.records_encrypted),
            (GoalKind::BackupDestroyed, has(&|node| node.kind == NodeKind::Backup), weights.backup_destroyed),
            (GoalKind::DataLeaked, records, weights.data_leaked),
            (
                GoalKind::DeviceStopped,
                has(&|node| node.kind == NodeKind::MedicalDevice),
                weights.device_stopped,
            ),
        ] {
            if exists {
                self.goal(kind, None, weight);
            }
        }
        let care = |node: &&Node| node.kind == NodeKind::CareProcess;
        let all: f64 = network.nodes.iter().filter(care).map(urgency).sum();
        for at in self.every_node() {
            let node = self.node(at);
            if care(&node) {
                let weight = self.law.table.weights.care_stopped * urgency(node) / all;
                self.goal(GoalKind::CareStopped, Some(at), weight);
            }
        }
    }

    fn goal(&mut self, kind: GoalKind, process: Option<Index>, weight: f64) {
        let at = number(self.goals.len());
        let state = self.fresh(Meaning::Goal(at));
        self.goals.push(Goal { kind, process, state, weight });
        if let Some(process) = process {
            self.follows(Meaning::Down(process), Meaning::Goal(at));
        }
    }

    pub fn goal_of(&self, kind: GoalKind) -> Option<Meaning> {
        let at = self.goals.iter().position(|goal| goal.kind == kind)?;
        Some(Meaning::Goal(number(at)))
    }

    /// What stops when something else stops.
    fn care(&mut self) {
        for dependency in self.network.dependencies.iter().filter(|dependency| dependency.required) {
            if let (Some(of), Some(on)) = (self.find(&dependency.of), self.find(&dependency.on)) {
                self.step(StepCode::StopsDependent, Meaning::Down(on), Meaning::Down(of), None);
            }
        }
    }

    /// The steps within one thing, and between it and its zone.
    fn thing(&mut self, at: Index) {
        let node = self.node(at);
        if !node.kind.is_host() {
            return;
        }
        let (user, admin) = (Meaning::User(at), Meaning::Admin(at));
        self.follows(admin, user);
        self.step(StepCode::BecomeAdministrator, user, admin, None);
        if let Some(zone) = self.zone_of(at) {
            self.follows(user, Meaning::InZone(zone));
            self.break_in(node.kind, Meaning::InZone(zone), at, None);
        }
        for manager in &node.managed_by {
            if let Some(manager) = self.find(manager) {
                self.step(StepCode::Manage, Meaning::Admin(manager), admin, None);
            }
        }
        self.harm(at, node);
    }

    /// A hole and a guessed password: the two ways into a thing that one can talk to.
    pub fn break_in(&mut self, kind: NodeKind, from: Meaning, at: Index, via: Option<Owner>) {
        let (hole, login) = match kind {
            NodeKind::Terminal => (StepCode::HoleTerminal, StepCode::LoginTerminal),
            NodeKind::MedicalDevice => (StepCode::HoleDevice, StepCode::LoginDevice),
            NodeKind::NetworkDevice => (StepCode::HoleNetworkDevice, StepCode::LoginNetworkDevice),
            _ => (StepCode::HoleServer, StepCode::LoginServer),
        };
        self.step(hole, from, Meaning::User(at), via);
        self.step(login, from, Meaning::User(at), via);
    }

    /// What can be done to a thing by whoever rules it.
    fn harm(&mut self, at: Index, node: &Node) {
        let (admin, encrypted) = (Meaning::Admin(at), Meaning::Encrypted(at));
        match node.kind {
            NodeKind::Backup => {
                self.step(StepCode::DestroyBackup, admin, encrypted, None);
                if let Some(goal) = self.goal_of(GoalKind::BackupDestroyed) {
                    self.follows(encrypted, goal);
                }
            }
            NodeKind::MedicalDevice => {
                self.step(StepCode::StopDevice, Meaning::User(at), Meaning::Down(at), None);
                if let Some(goal) = self.goal_of(GoalKind::DeviceStopped) {
                    self.follows(Meaning::Down(at), goal);
                }
            }
            _ if node.holds_records || self.needed[at as usize] => {
                self.step(StepCode::Encrypt, admin, encrypted, None);
                self.follows(encrypted, Meaning::Down(at));
            }
            _ => {}
        }
        if node.holds_records {
            if node.kind != NodeKind::Backup
                && let Some(goal) = self.goal_of(GoalKind::RecordsEncrypted)
            {
                self.follows(encrypted, goal);
            }
            if let Some(goal) = self.goal_of(GoalKind::DataLeaked) {
                self.follows(admin, Meaning::Read(at));
                self.step(StepCode::Leak, Meaning::Read(at), goal, None);
            }
        }
    }

    /// Mail, media, partners and cloud services, which need no line to come in.
    fn entrances_of_things(&mut self) {
        for at in self.every_node() {
            let node = self.node(at);
            let user = Meaning::User(at);
            match node.kind {
                NodeKind::Partner => {
                    let entry = self.entry(EntryKind::Partner, Some(Owner::Node(at)));
                    self.step(StepCode::PartnerTaken, entry, user, None);
                }
                NodeKind::CloudService => {
                    let entry = self.entry(EntryKind::Cloud, Some(Owner::Node(at)));
                    self.step(StepCode::CloudLogin, entry, user, None);
                }
                _ => {}
            }
            if node.reads_mail && node.kind.is_host() {
                let entry = self.entry(EntryKind::Mail, None);
                self.step(StepCode::MailOpened, entry, user, None);
            }
            if node.takes_media && node.kind.is_host() {
                let entry = self.entry(EntryKind::Media, None);
                self.step(StepCode::MediaBrought, entry, user, None);
            }
        }
    }

    fn finish(self) -> AttackGraph {
        let foothold = self.states.iter().map(|states| states[0].or(states[1])).collect();
        AttackGraph {
            graph: self.graph.build(),
            meanings: self.meanings,
            entries: self.entries,
            goals: self.goals,
            foothold,
            steps: self.steps,
        }
    }
}

fn urgency(node: &Node) -> f64 {
    f64::from(node.priority.unwrap_or(3))
}

/// Places in lists fit in 32 bits: a file with more would not fit in memory.
pub(super) fn number(at: usize) -> Index {
    Index::try_from(at).unwrap_or(Index::MAX)
}
