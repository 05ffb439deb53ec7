//! A frame taken apart, as far as machines and conversations show in it.

use super::container::Link;
use crate::mac::Mac;
use core::net::{IpAddr, Ipv4Addr};
use etherparse::{EtherType, LaxNetSlice, LaxSlicedPacket, TransportSlice};

/// A frame, taken apart.
pub(super) struct Packet<'a> {
    /// Who put it on this network: the sender or a router.
    pub(super) from_mac: Option<Mac>,
    /// Whether it was meant for one machine; unknown where frames name no receiver.
    pub(super) to_one: Option<bool>,
    pub(super) what: What<'a>,
}

/// What a frame carries.
pub(super) enum What<'a> {
    /// A machine says which hardware address belongs to its address.
    Arp(Mac, Ipv4Addr),
    /// A packet of the Internet protocol.
    Ip { from: IpAddr, to: IpAddr, carried: Carried<'a> },
}

/// What an IP packet carries.
pub(super) enum Carried<'a> {
    Tcp {
        ports: (u16, u16),
        flags: Flags,
        payload: &'a [u8],
    },
    Udp {
        ports: (u16, u16),
        payload: &'a [u8],
    },
    /// A piece of a larger packet.
    Fragment,
    Other,
}

/// What a TCP packet says of its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Flags {
    pub(super) syn: bool,
    pub(super) ack: bool,
}

/// Takes a frame apart; none if it is damaged or of a kind that says nothing here.
pub(super) fn dissect(link: Link, data: &[u8]) -> Option<Packet<'_>> {
    match link {
        Link::Ethernet => {
            let sliced = LaxSlicedPacket::from_ethernet(data).ok()?;
            let to_one = data.first().map(|first| first & 1 == 0);
            packet(&sliced, Mac::of(data.get(6..12)?), to_one)
        }
        // Kind of frame (1 and 2 are for many), kind of address, length of address, address, protocol.
        Link::Cooked => {
            let to_one = !matches!(data.get(..2)?, [0, 1 | 2]);
            let mac = cooked_mac(*data.get(5)?, data.get(6..12)?);
            packet(&of_type(data.get(14..16)?, data.get(16..)?)?, mac, Some(to_one))
        }
        // Protocol, reserved, card, kind of address, kind of frame, length of address, address.
        Link::Cooked2 => {
            let to_one = !matches!(data.get(10)?, 1 | 2);
            let mac = cooked_mac(*data.get(11)?, data.get(12..18)?);
            packet(&of_type(data.get(..2)?, data.get(20..)?)?, mac, Some(to_one))
        }
        Link::Raw => packet(&LaxSlicedPacket::from_ip(data).ok()?, None, None),
        Link::Other => None,
    }
}

fn cooked_mac(length: u8, address: &[u8]) -> Option<Mac> {
    if length == 6 { Mac::of(address) } else { None }
}

fn of_type<'a>(number: &[u8], data: &'a [u8]) -> Option<LaxSlicedPacket<'a>> {
    let number = u16::from_be_bytes(number.try_into().ok()?);
    Some(LaxSlicedPacket::from_ether_type(EtherType(number), data))
}

fn packet<'a>(
    sliced: &LaxSlicedPacket<'a>,
    from_mac: Option<Mac>,
    to_one: Option<bool>,
) -> Option<Packet<'a>> {
    let (from, to, fragment): (IpAddr, IpAddr, bool) = match sliced.net.as_ref()? {
        LaxNetSlice::Ipv4(ip) => {
            let header = ip.header();
            (header.source_addr().into(), header.destination_addr().into(), ip.is_payload_fragmented())
        }
        LaxNetSlice::Ipv6(ip) => {
            let header = ip.header();
            (header.source_addr().into(), header.destination_addr().into(), ip.is_payload_fragmented())
        }
        LaxNetSlice::Arp(arp) => {
            let address: [u8; 4] = arp.sender_protocol_addr().try_into().ok()?;
            let what = What::Arp(Mac::of(arp.sender_hw_addr())?, Ipv4Addr::from(address));
            return Some(Packet { from_mac, to_one, what });
        }
    };
    let carried = match &sliced.transport {
        Some(TransportSlice::Tcp(tcp)) => Carried::Tcp {
            ports: (tcp.source_port(), tcp.destination_port()),
            flags: Flags { syn: tcp.syn(), ack: tcp.ack() },
            payload: tcp.payload(),
        },
        Some(TransportSlice::Udp(udp)) => {
            Carried::Udp { ports: (udp.source_port(), udp.destination_port()), payload: udp.payload() }
        }
        None if fragment => Carried::Fragment,
        _ => Carried::Other,
    };
    Some(Packet { from_mac, to_one, what: What::Ip { from, to, carried } })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An IPv4 packet with a UDP message of three bytes from 10.0.0.1:9 to 10.0.0.2:7.
    const UDP: [u8; 31] = [
        0x45, 0, 0, 31, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0, 9, 0, 7, 0, 11, 0, 0, 1, 2, 3,
    ];

    fn is_that(packet: Option<Packet<'_>>, mac: Option<&str>, to_one: Option<bool>) -> bool {
        let Some(packet) = packet else { return false };
        let What::Ip { from, to, carried: Carried::Udp { ports, payload } } = packet.what else {
            return false;
        };
        packet.from_mac == mac.map(|mac| mac.parse().unwrap())
            && packet.to_one == to_one
            && from == IpAddr::from([10, 0, 0, 1])
            && to == IpAddr::from([10, 0, 0, 2])
            && (ports, payload) == ((9, 7), &[1, 2, 3][..])
    }

    #[test]
    fn every_link_is_taken_apart() {
        let mac = [0x00_u8, 0x1b, 0x21, 0, 0, 1];
        let name = Some("00:1b:21:00:00:01");
        let ethernet = [&[0xff_u8; 6][..], &mac, &[8, 0], &UDP].concat();
        assert!(is_that(dissect(Link::Ethernet, &ethernet), name, Some(false)));
        let tagged = [&[2_u8; 6][..], &mac, &[0x81, 0, 0, 5, 0x88, 0xa8, 0, 6, 8, 0], &UDP].concat();
        assert!(is_that(dissect(Link::Ethernet, &tagged), name, Some(true)));
        let cooked = [&[0_u8, 0, 0, 1, 0, 6][..], &mac, &[0, 0, 8, 0], &UDP].concat();
        assert!(is_that(dissect(Link::Cooked, &cooked), name, Some(true)));
        let cooked2 = [&[8_u8, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 6][..], &mac, &[0, 0], &UDP].concat();
        assert!(is_that(dissect(Link::Cooked2, &cooked2), name, Some(false)));
        assert!(is_that(dissect(Link::Raw, &UDP), None, None));
        assert!(dissect(Link::Other, &ethernet).is_none());
        for link in [Link::Ethernet, Link::Cooked, Link::Cooked2, Link::Raw] {
            assert!(dissect(link, &[]).is_none());
        }
    }
}
