//! The chance and the cause of a step, from the table and the network.

use super::{Index, Meaning};
use crate::chance::Chance;
use crate::model::{Control, Controls, Network, State};
use crate::sample::mix;
use crate::step::StepCode;
use crate::table::{Factor, On, Rule, Table, Together};

/// Something that controls can be on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// A node.
    Node(Index),
    /// A connection.
    Connection(Index),
    /// A credential.
    Credential(Index),
}

impl Owner {
    /// Its id in the network.
    pub fn id(self, network: &Network) -> &str {
        match self {
            Owner::Node(at) => &network.nodes[at as usize].id,
            Owner::Connection(at) => &network.connections[at as usize].id,
            Owner::Credential(at) => &network.credentials[at as usize].id,
        }
    }

    /// What is known of its controls.
    pub fn controls(self, network: &Network) -> &Controls {
        match self {
            Owner::Node(at) => &network.nodes[at as usize].controls,
            Owner::Connection(at) => &network.connections[at as usize].controls,
            Owner::Credential(at) => &network.credentials[at as usize].controls,
        }
    }
}

/// A control that counts for a step, and how it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hold {
    /// Which.
    pub control: Control,
    /// Whose.
    pub owner: Owner,
    /// Whether it is there.
    pub state: State,
    /// What it multiplies the chance by where it is present.
    pub factor: f64,
}

/// A step by what it is about, before it has numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct About {
    pub code: StepCode,
    pub from: Meaning,
    pub to: Meaning,
    pub via: Option<Owner>,
}

/// Reads the table for the steps of a network.
#[derive(Clone, Copy, Debug)]
pub(super) struct Law<'a> {
    pub network: &'a Network,
    pub table: &'a Table,
}

impl Law<'_> {
    /// The chance of a step and the key of its cause.
    pub fn of(self, about: About) -> (Chance, u64) {
        let Some(rule) = self.table.rule(about.code) else { return (Chance::CERTAIN, 0) };
        (Chance::new(self.probability(rule, about)), self.cause(rule.together, about))
    }

    fn probability(self, rule: &Rule, about: About) -> f64 {
        if let Some(known) = self.said(about.via) {
            return known;
        }
        let holds = rule.control.iter().filter_map(|factor| self.hold(factor, about));
        holds.fold(rule.base, |chance, hold| chance * self.table.weaken(hold.factor, hold.state))
    }

    /// What the ledger itself says of a line.
    fn said(self, via: Option<Owner>) -> Option<f64> {
        match via {
            Some(Owner::Connection(at)) => self.network.connections[at as usize].probability,
            _ => None,
        }
    }

    /// The controls that count for a step.
    pub fn holds(self, about: About) -> Vec<Hold> {
        if self.said(about.via).is_some() {
            return Vec::new();
        }
        let factors = self.table.rule(about.code).into_iter().flat_map(|rule| &rule.control);
        factors.filter_map(|factor| self.hold(factor, about)).collect()
    }

    fn hold(self, factor: &Factor, about: About) -> Option<Hold> {
        let owner = match (factor.on, about.via) {
            (On::Target, _) => Owner::Node(node(about.to)?),
            (On::Source, _) => Owner::Node(node(about.from)?),
            (On::Line, via @ Some(Owner::Connection(_)))
            | (On::Credential, via @ Some(Owner::Credential(_))) => via?,
            (On::Line | On::Credential, _) => return None,
        };
        let state = owner.controls(self.network).get(&factor.control).copied().unwrap_or_default();
        Some(Hold { control: factor.control, owner, state, factor: factor.factor })
    }

    /// A key that depends on ids only, so that the same step has the same lot in a network that was changed elsewhere.
    fn cause(self, together: Together, about: About) -> u64 {
        let key = Key::new(about.code.code());
        let own = || {
            let key = self.state(self.state(key, about.from), about.to);
            about.via.map_or(key, |via| key.with(via.id(self.network)))
        };
        let target = node(about.to).map(|at| &self.network.nodes[at as usize]);
        let key = match (together, target, about.via) {
            (Together::All, ..) => key,
            (Together::Target, Some(node), _) => key.with(&node.id),
            (Together::Product, Some(node), _) => match &node.product {
                Some(product) => key.with("product").with(product),
                None => key.with(&node.id),
            },
            (Together::Policy, Some(node), _) => {
                // Things in no zone have no policy in common that anybody knows of.
                let place = node.zone.as_ref().unwrap_or(&node.id);
                key.with(place).word(node.kind as u64)
            }
            (Together::Line, _, Some(via @ Owner::Connection(_)))
            | (Together::Credential, _, Some(via @ Owner::Credential(_))) => key.with(via.id(self.network)),
            _ => own(),
        };
        key.finish()
    }

    fn state(self, key: Key, meaning: Meaning) -> Key {
        let id = |at: Index| self.network.nodes.get(at as usize).map_or("", |node| node.id.as_str());
        match meaning {
            Meaning::Entry(_) => key.word(0),
            Meaning::InZone(at) => key.word(1).with(id(at)),
            Meaning::User(at) => key.word(2).with(id(at)),
            Meaning::Admin(at) => key.word(3).with(id(at)),
            Meaning::Data(at) => key.word(4).with(id(at)),
            Meaning::Encrypted(at) => key.word(5).with(id(at)),
            Meaning::Down(at) => key.word(6).with(id(at)),
            Meaning::Holds(_, zone) => key.word(7).with(id(zone)),
            Meaning::Goal(_) => key.word(8),
            Meaning::Read(at) => key.word(9).with(id(at)),
        }
    }
}

/// The node that a state is about.
fn node(meaning: Meaning) -> Option<Index> {
    match meaning {
        Meaning::InZone(at)
        | Meaning::User(at)
        | Meaning::Admin(at)
        | Meaning::Data(at)
        | Meaning::Read(at)
        | Meaning::Encrypted(at)
        | Meaning::Down(at) => Some(at),
        Meaning::Entry(_) | Meaning::Holds(..) | Meaning::Goal(_) => None,
    }
}

/// FNV-1a over lengths and bytes, mixed at the end: a cause's key, the same on every machine and in every version.
#[derive(Clone, Copy)]
struct Key(u64);

impl Key {
    fn new(text: &str) -> Key {
        Key(0xcbf2_9ce4_8422_2325).with(text)
    }

    fn with(self, text: &str) -> Key {
        text.bytes().fold(self.word(text.len() as u64), Key::byte)
    }

    fn word(self, word: u64) -> Key {
        word.to_le_bytes().into_iter().fold(self, Key::byte)
    }

    fn byte(self, byte: u8) -> Key {
        Key((self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }

    fn finish(self) -> u64 {
        mix(self.0)
    }
}
