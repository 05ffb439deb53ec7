//! Conversations: all packets of a pair at one port, together.

use super::content::{self, Content};
use super::packet::Flags;
use crate::findings::Protocol;
use crate::role::Role;
use crate::{MAX_NAMES, MAX_TALKS};
use std::collections::{BTreeSet, HashMap};

/// One end: an address inside by its place in the table of addresses, or anywhere outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Peer {
    Inside(usize),
    Outside,
}

/// What tells conversations apart. The caller's port does not: it is another each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub(super) caller: Peer,
    pub(super) called: Peer,
    pub(super) port: u16,
    pub(super) protocol: Protocol,
}

/// What is known of a conversation.
#[derive(Clone, Debug, Default)]
pub(super) struct Flow {
    pub(super) packets: u64,
    pub(super) bytes: u64,
    pub(super) first: Option<i64>,
    pub(super) last: Option<i64>,
    pub(super) opened: bool,
    pub(super) answered: bool,
    /// The part of the one who was called, by what was said.
    pub(super) role: Option<Role>,
    /// The program of the one who was called, as it says itself.
    pub(super) product: Option<String>,
    /// Servers' names asked for in TLS.
    pub(super) servers: BTreeSet<String>,
    /// How the caller and the called one call themselves.
    pub(super) caller_names: BTreeSet<String>,
    pub(super) called_names: BTreeSet<String>,
}

/// A packet of a conversation.
pub(super) struct Heard<'a> {
    pub(super) from: Peer,
    pub(super) to: Peer,
    pub(super) ports: (u16, u16),
    pub(super) protocol: Protocol,
    pub(super) flags: Option<Flags>,
    pub(super) payload: &'a [u8],
    pub(super) length: u32,
    pub(super) at: Option<i64>,
}

/// All conversations, at most [`MAX_TALKS`].
#[derive(Default)]
pub(super) struct Flows {
    pub(super) all: HashMap<Key, Flow>,
}

impl Flows {
    /// Notes a packet; false if there is no room for one more conversation.
    pub(super) fn hear(&mut self, heard: &Heard<'_>) -> bool {
        let content = if heard.protocol == Protocol::Tcp { content::of(heard.payload) } else { None };
        let (key, forth) = self.direction(heard, content.as_ref());
        if self.all.len() >= MAX_TALKS && !self.all.contains_key(&key) {
            return false;
        }
        let flow = self.all.entry(key).or_default();
        flow.count(heard, forth);
        if let Some(content) = content {
            flow.learn(content, forth);
        }
        true
    }

    /// Which conversation a packet belongs to, and whether it goes from the caller to the called one. The best sign is
    /// the beginning of a connection, then what is known already, then what only a caller says, then the ports: the
    /// lower one was called.
    fn direction(&self, heard: &Heard<'_>, content: Option<&Content>) -> (Key, bool) {
        let (from, to, protocol) = (heard.from, heard.to, heard.protocol);
        let forth = Key { caller: from, called: to, port: heard.ports.1, protocol };
        let back = Key { caller: to, called: from, port: heard.ports.0, protocol };
        let is_forth = match heard.flags {
            Some(Flags { syn: true, ack }) => !ack,
            _ if self.all.contains_key(&forth) => true,
            _ if self.all.contains_key(&back) => false,
            _ => content.and_then(Content::caller_says).unwrap_or(heard.ports.1 <= heard.ports.0),
        };
        if is_forth { (forth, true) } else { (back, false) }
    }
}

impl Flow {
    fn count(&mut self, heard: &Heard<'_>, forth: bool) {
        self.packets += 1;
        self.bytes = self.bytes.saturating_add(u64::from(heard.length));
        self.first = [self.first, heard.at].into_iter().flatten().min();
        self.last = self.last.max(heard.at);
        match heard.flags {
            Some(flags) => {
                self.opened |= flags.syn;
                // Nobody sends anything over a connection that does not stand.
                self.answered |= !heard.payload.is_empty() || (flags.syn && flags.ack);
            }
            None => self.answered |= !forth,
        }
    }

    fn learn(&mut self, content: Content, forth: bool) {
        match content {
            Content::Dicom { called, calling, .. } => {
                self.role = Some(Role::DicomServer);
                keep(&mut self.called_names, called);
                keep(&mut self.caller_names, calling);
            }
            Content::Hl7 { sender, receiver } => {
                self.role = Some(Role::Hl7Receiver);
                let (caller, called) = if forth { (sender, receiver) } else { (receiver, sender) };
                keep(&mut self.caller_names, caller);
                keep(&mut self.called_names, called);
            }
            Content::RemoteDesktop | Content::Framebuffer => self.role = Some(Role::RemoteDesktopServer),
            Content::FileShare => self.role = Some(Role::FileServer),
            Content::Shell { product } => {
                self.role = Some(Role::RemoteShellServer);
                if !forth {
                    self.product = product;
                }
            }
            Content::Tls { server } => keep(&mut self.servers, server),
        }
    }

    /// Takes in another of the same machines: a machine may have several addresses.
    pub(super) fn join(&mut self, other: Flow) {
        self.packets = self.packets.saturating_add(other.packets);
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.first = [self.first, other.first].into_iter().flatten().min();
        self.last = self.last.max(other.last);
        self.opened |= other.opened;
        self.answered |= other.answered;
        self.role = self.role.or(other.role);
        self.product = self.product.take().or(other.product);
        for (mine, others) in [
            (&mut self.servers, other.servers),
            (&mut self.caller_names, other.caller_names),
            (&mut self.called_names, other.called_names),
        ] {
            for name in others {
                keep(mine, Some(name));
            }
        }
    }
}

fn keep(names: &mut BTreeSet<String>, name: Option<String>) {
    if let Some(name) = name
        && names.len() < MAX_NAMES
    {
        names.insert(name);
    }
}
