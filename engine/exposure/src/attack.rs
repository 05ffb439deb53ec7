//! The attack graph: what an attacker can be and have, and the steps between.
//!
//! A state says where the attacker stands: at an entrance, in a zone, as a user or administrator of a thing, able to
//! change its data, holding a shared secret in a zone; or what has been done: a thing encrypted, stopped, a goal
//! reached. Every step needs one state only, so that a path is a story and cutting it anywhere ends it. What two
//! conditions need together is folded into one state: a secret is held *within a zone*, since it is of use only where
//! its doors can be reached.
//!
//! The graph has a few states for each thing and a few steps for each line, so it grows with the ledger, not with its
//! square: a zone is a hub, and things in it are not joined with each other.

mod build;
mod law;
mod lines;
mod secrets;

pub use law::{Hold, Owner};

use crate::graph::{Graph, StateId};
use crate::model::Network;
use crate::step::StepCode;
use crate::table::Table;
use serde::{Deserialize, Serialize};

/// A node's, connection's or credential's place in the network's list.
pub type Index = u32;

/// What a state means. Numbers are places in the network's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meaning {
    /// The attacker is outside, before an entrance: its place in [`AttackGraph::entries`].
    Entry(Index),
    /// Can talk to what is in a zone.
    InZone(Index),
    /// Runs programs on a thing, sits in a partner's network, or has an account group's password.
    User(Index),
    /// Is administrator of a thing.
    Admin(Index),
    /// Can change the data of a thing.
    Data(Index),
    /// Can read the data of a thing.
    Read(Index),
    /// Has encrypted or destroyed a thing.
    Encrypted(Index),
    /// A thing does not work.
    Down(Index),
    /// Has a secret (first) and stands in a zone (second); of things in no zone, `u32::MAX`.
    Holds(Index, Index),
    /// A goal is reached: its place in [`AttackGraph::goals`].
    Goal(Index),
}

/// How an attack begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A VPN box or maintenance line that the Internet can reach.
    Vpn,
    /// Remote desktop that the Internet can reach.
    RemoteDesktop,
    /// Another service that the Internet can reach.
    Service,
    /// A mobile router.
    SimRouter,
    /// A closed network from outside.
    ClosedNetwork,
    /// A partner's network, captured first.
    Partner,
    /// Mail and pages.
    Mail,
    /// Sticks, discs, people's own devices.
    Media,
    /// A cloud service's front door.
    Cloud,
}

/// An entrance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Its kind.
    pub kind: EntryKind,
    /// The line, or the partner or cloud service, that it is; none for mail and media, which come to many terminals.
    pub subject: Option<Owner>,
    /// Its state.
    pub state: StateId,
}

/// What an attack is after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoalKind {
    /// Records are encrypted.
    RecordsEncrypted,
    /// A backup is destroyed.
    BackupDestroyed,
    /// Data are copied out.
    DataLeaked,
    /// A medical device stops.
    DeviceStopped,
    /// A care process stops.
    CareStopped,
}

/// A goal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Goal {
    /// Its kind.
    pub kind: GoalKind,
    /// The care process; none for the others, which any thing of the network can be the scene of.
    pub process: Option<Index>,
    /// Its state.
    pub state: StateId,
    /// How bad it is, in the table's unit.
    pub weight: f64,
}

/// A step of the graph, with what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its kind.
    pub code: StepCode,
    /// Where it starts.
    pub from: StateId,
    /// Where it leads.
    pub to: StateId,
    /// The line or secret it uses.
    pub via: Option<Owner>,
}

/// An attack graph of a network.
#[derive(Clone, Debug)]
pub struct AttackGraph {
    /// The packed graph.
    pub graph: Graph,
    /// What each state means.
    pub meanings: Vec<Meaning>,
    /// Entrances, in the order of the network.
    pub entries: Vec<Entry>,
    /// Goals that the network has, in the order of [`GoalKind`], care processes in the order of the network.
    pub goals: Vec<Goal>,
    /// For each node the states in which the attacker is in it: user or, of a zone, within. None where nothing leads.
    pub foothold: Vec<Option<StateId>>,
    /// Steps in the order in which they were added.
    steps: Vec<Step>,
}

impl AttackGraph {
    /// Makes the attack graph of a network. Time and memory grow with nodes, connections and the lists of credentials.
    pub fn of(network: &Network, table: &Table) -> AttackGraph {
        build::build(network, table)
    }

    /// The step at a place of the packed graph.
    pub fn step(&self, place: usize) -> Step {
        self.steps[self.graph.added(place)]
    }

    /// The controls that count for the step at a place of the packed graph.
    pub fn holds(&self, network: &Network, table: &Table, place: usize) -> Vec<Hold> {
        let step = self.step(place);
        let (from, to) = (self.meanings[step.from as usize], self.meanings[step.to as usize]);
        let about = law::About { code: step.code, from, to, via: step.via };
        law::Law { network, table }.holds(about)
    }

    /// The states of all entrances.
    pub fn starts(&self) -> Vec<StateId> {
        self.entries.iter().map(|entry| entry.state).collect()
    }

    /// The states of all goals.
    pub fn ends(&self) -> Vec<StateId> {
        self.goals.iter().map(|goal| goal.state).collect()
    }

    /// The node that a state is about; none for entrances, secrets and general goals.
    pub fn node_of(&self, state: StateId) -> Option<Index> {
        match self.meanings[state as usize] {
            Meaning::InZone(node)
            | Meaning::User(node)
            | Meaning::Admin(node)
            | Meaning::Data(node)
            | Meaning::Read(node)
            | Meaning::Encrypted(node)
            | Meaning::Down(node) => Some(node),
            Meaning::Goal(goal) => self.goals[goal as usize].process,
            Meaning::Entry(_) | Meaning::Holds(..) => None,
        }
    }
}
