//! What a recording shows of addresses: who spoke, from which hardware address, and under which name.

use super::container::Frame;
use super::flows::{Flows, Heard, Peer};
use super::naming::{self, By, Named};
use super::packet::{Carried, Packet, What, dissect};
use crate::MAX_HOSTS;
use crate::findings::Protocol;
use crate::mac::Mac;
use crate::remark::{RemarkCode, Remarks};
use core::net::IpAddr;
use std::collections::{HashMap, HashSet};

/// An address inside.
pub(super) struct Seen {
    pub(super) address: IpAddr,
    /// Whose it is, as said in ARP.
    pub(super) claimed: Option<Mac>,
    /// Who sent its packets on this network; a router may stand in between.
    pub(super) framed: Option<Mac>,
    /// Two hardware addresses sent for it: the way changed, and neither is taken.
    pub(super) unsteady: bool,
    /// It said something itself.
    pub(super) spoke: bool,
    /// Something was said to it alone.
    pub(super) addressed: bool,
}

/// Everything seen so far.
#[derive(Default)]
pub(super) struct Watch {
    pub(super) seen: Vec<Seen>,
    by_address: HashMap<IpAddr, usize>,
    /// Hardware addresses that sent packets from outside.
    pub(super) routers: HashSet<Mac>,
    pub(super) names: HashMap<IpAddr, (By, String)>,
    pub(super) names_of_macs: HashMap<Mac, String>,
    pub(super) flows: Flows,
    pub(super) first: Option<i64>,
    pub(super) remarks: Remarks,
}

/// Where an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Inside,
    Outside,
    /// A group's, nobody's, or the machine's own.
    Nowhere,
}

fn place(address: IpAddr) -> Place {
    match address {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            if first == 0 || first >= 240 || v4.is_loopback() || v4.is_multicast() {
                Place::Nowhere
            } else if v4.is_private() || v4.is_link_local() || (first == 100 && second & 0xC0 == 64) {
                Place::Inside
            } else {
                Place::Outside
            }
        }
        IpAddr::V6(v6) => {
            if v6.is_unspecified() || v6.is_loopback() || v6.is_multicast() {
                Place::Nowhere
            } else if v6.is_unique_local() || v6.is_unicast_link_local() {
                Place::Inside
            } else {
                Place::Outside
            }
        }
    }
}

/// Whether an address is good on one network only, so that no router carries its packets on.
pub(super) const fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    }
}

impl Watch {
    /// Takes in one frame.
    pub(super) fn see(&mut self, frame: &Frame<'_>) {
        if usize::try_from(frame.length).is_ok_and(|length| frame.data.len() < length) {
            self.remarks.add(RemarkCode::PacketsCut, 1);
        }
        self.first = [self.first, frame.at].into_iter().flatten().min();
        let Some(packet) = dissect(frame.link, frame.data) else {
            self.remarks.add(RemarkCode::FramesNotRead, 1);
            return;
        };
        match packet.what {
            What::Arp(mac, address) => self.claim(mac, IpAddr::V4(address)),
            What::Ip { from, to, ref carried } => self.carry(frame, &packet, (from, to), carried),
        }
    }

    /// The place of an address inside in the table; none if it is not inside or there is no room.
    fn entry(&mut self, address: IpAddr) -> Option<usize> {
        if place(address) != Place::Inside {
            return None;
        }
        if let Some(at) = self.by_address.get(&address) {
            return Some(*at);
        }
        if self.seen.len() >= MAX_HOSTS {
            self.remarks.add(RemarkCode::TooManyHosts, 1);
            return None;
        }
        let at = self.seen.len();
        self.by_address.insert(address, at);
        let (claimed, framed) = (None, None);
        self.seen.push(Seen { address, claimed, framed, unsteady: false, spoke: false, addressed: false });
        Some(at)
    }

    fn claim(&mut self, mac: Mac, address: IpAddr) {
        if let Some(at) = self.entry(address) {
            self.seen[at].claimed = Some(mac);
            self.seen[at].spoke = true;
        }
    }

    /// An IP packet.
    fn carry(
        &mut self,
        frame: &Frame<'_>,
        packet: &Packet<'_>,
        ends: (IpAddr, IpAddr),
        carried: &Carried<'_>,
    ) {
        self.sent(ends.0, packet.from_mac);
        let (protocol, ports, flags, payload) = match *carried {
            Carried::Tcp { ports, flags, payload } => (Protocol::Tcp, ports, Some(flags), payload),
            Carried::Udp { ports, payload } => (Protocol::Udp, ports, None, payload),
            Carried::Fragment => return self.remarks.add(RemarkCode::Fragments, 1),
            Carried::Other => return,
        };
        if protocol == Protocol::Udp {
            for named in naming::names(ports, payload) {
                self.name(named);
            }
        }
        if packet.to_one == Some(false) {
            return;
        }
        let (Some(from), Some(to)) = (self.peer(ends.0), self.peer(ends.1)) else { return };
        if from == Peer::Outside && to == Peer::Outside {
            return self.remarks.add(RemarkCode::NotOurs, 1);
        }
        if let Peer::Inside(at) = to {
            self.seen[at].addressed |= packet.to_one == Some(true) && !payload.is_empty();
        }
        let (length, at) = (frame.length, frame.at);
        if !self.flows.hear(&Heard { from, to, ports, protocol, flags, payload, length, at }) {
            self.remarks.add(RemarkCode::TooManyTalks, 1);
        }
    }

    /// Somebody sent a packet, through the card of that hardware address.
    fn sent(&mut self, address: IpAddr, mac: Option<Mac>) {
        match place(address) {
            Place::Inside => {
                let Some(at) = self.entry(address) else { return };
                let seen = &mut self.seen[at];
                seen.spoke = true;
                if seen.framed.is_some() && mac.is_some() && seen.framed != mac {
                    seen.unsteady = true;
                }
                seen.framed = mac.or(seen.framed);
            }
            Place::Outside => {
                if let Some(mac) = mac
                    && self.routers.len() < MAX_HOSTS
                {
                    self.routers.insert(mac);
                }
            }
            Place::Nowhere => {}
        }
    }

    fn peer(&mut self, address: IpAddr) -> Option<Peer> {
        match place(address) {
            Place::Inside => self.entry(address).map(Peer::Inside),
            Place::Outside => Some(Peer::Outside),
            Place::Nowhere => None,
        }
    }

    /// A name was announced; the better source wins, of equal ones the first.
    fn name(&mut self, named: Named) {
        let Named { by, name, address, mac } = named;
        if let Some(mac) = mac
            && self.names_of_macs.len() < MAX_HOSTS
        {
            self.names_of_macs.entry(mac).or_insert_with(|| name.clone());
        }
        let Some(address) = address.filter(|address| place(*address) == Place::Inside) else { return };
        let better = self.names.get(&address).is_none_or(|(known, _)| by < *known);
        if better && (self.names.len() < MAX_HOSTS || self.names.contains_key(&address)) {
            self.names.insert(address, (by, name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inside_is_told_from_outside() {
        for (address, expected) in [
            ("192.168.0.1", Place::Inside),
            ("172.31.255.1", Place::Inside),
            ("172.32.0.1", Place::Outside),
            ("100.64.0.1", Place::Inside),
            ("100.128.0.1", Place::Outside),
            ("169.254.1.1", Place::Inside),
            ("203.0.113.10", Place::Outside),
            ("224.0.0.251", Place::Nowhere),
            ("255.255.255.255", Place::Nowhere),
            ("0.0.0.0", Place::Nowhere),
            ("127.0.0.1", Place::Nowhere),
            ("fd00::1", Place::Inside),
            ("fe80::1", Place::Inside),
            ("2001:db8::1", Place::Outside),
            ("ff02::fb", Place::Nowhere),
            ("::", Place::Nowhere),
        ] {
            assert_eq!(place(address.parse().unwrap()), expected, "{address}");
        }
    }
}
