//! The names that machines announce: by DHCP, by NetBIOS, and by the answers of name servers, in the network (mDNS) or
//! beside it (DNS). Questions are not read: what somebody looks up is nobody's business.

use crate::mac::Mac;
use crate::text::{clean_bytes, domain_name};
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Of a name server's answer, so many records are read.
const RECORDS: usize = 64;
/// A name may refer back so often; the longest name has not so many labels.
const JUMPS: usize = 128;

/// How much a name is worth: the lower, the more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum By {
    Dhcp,
    NetBios,
    MulticastDns,
    Dns,
}

/// A name that was announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) by: By,
    pub(super) name: String,
    pub(super) address: Option<IpAddr>,
    pub(super) mac: Option<Mac>,
}

/// The names in a message, told by its ports.
pub(super) fn names(ports: (u16, u16), payload: &[u8]) -> Vec<Named> {
    match ports {
        (68, 67) | (67, 67 | 68) => dhcp(payload).into_iter().collect(),
        (137, 137) => netbios(payload).into_iter().collect(),
        (53, _) => dns(payload, By::Dns).unwrap_or_default(),
        (5353, _) => dns(payload, By::MulticastDns).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn two(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes([two[0], two[1]]))
}

fn ipv4(bytes: &[u8], at: usize) -> Option<Ipv4Addr> {
    let four: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    let address = Ipv4Addr::from(four);
    (!address.is_unspecified()).then_some(address)
}

/// RFC 2131: a client's own name (option 12), with its hardware address.
fn dhcp(payload: &[u8]) -> Option<Named> {
    let ethernet = payload.get(1..3)? == [1, 6];
    if !ethernet || payload.get(236..240)? != [0x63, 0x82, 0x53, 0x63] {
        return None;
    }
    let mac = Mac::of(payload.get(28..34)?);
    // What the client has, else what the server gives.
    let address = ipv4(payload, 12).or_else(|| ipv4(payload, 16)).map(IpAddr::V4);
    let mut at = 240;
    loop {
        let option = *payload.get(at)?;
        match option {
            0 => at += 1,
            255 => return None,
            _ => {
                let length = usize::from(*payload.get(at + 1)?);
                let value = payload.get(at + 2..at + 2 + length)?;
                if option == 12 {
                    let name = clean_bytes(value)?;
                    return Some(Named { by: By::Dhcp, name, address, mac });
                }
                at += 2 + length;
            }
        }
    }
}

/// RFC 1002, 4.2: a machine registers or refreshes its own name; names of groups are left.
fn netbios(payload: &[u8]) -> Option<Named> {
    let operation = (payload.get(2)? >> 3) & 0x1F;
    if !matches!(operation, 5 | 8 | 9) || *payload.get(12)? != 32 {
        return None;
    }
    // Each letter is written as two, of four bits each.
    let mut letters = [0_u8; 16];
    for (letter, pair) in letters.iter_mut().zip(payload.get(13..45)?.chunks_exact(2)) {
        let (high, low) = (pair[0].checked_sub(b'A')?, pair[1].checked_sub(b'A')?);
        if high > 15 || low > 15 {
            return None;
        }
        *letter = (high << 4) | low;
    }
    // The last says what is named: 0 is the machine, 0x20 its file server.
    let of_machine = matches!(letters[15], 0 | 0x20);
    // After the question (name, type, class) the record: a reference, type, class, lifetime, length, flags, address.
    let group = two(payload, 62)? & 0x8000 != 0;
    if !of_machine || group {
        return None;
    }
    let address = ipv4(payload, 64).map(IpAddr::V4);
    Some(Named { by: By::NetBios, name: clean_bytes(&letters[..15])?, address, mac: None })
}

/// RFC 1035 and 6762: the addresses of names, in answers only.
fn dns(message: &[u8], by: By) -> Option<Vec<Named>> {
    let answers = message.get(2)? & 0x80 != 0;
    if !answers {
        return None;
    }
    let questions = two(message, 4)?;
    let records =
        usize::from(two(message, 6)?) + usize::from(two(message, 8)?) + usize::from(two(message, 10)?);
    let mut at = 12;
    for _ in 0..usize::from(questions).min(RECORDS) {
        at = name(message, at)?.1 + 4;
    }
    let mut found = Vec::new();
    for _ in 0..records.min(RECORDS) {
        // What was read before a cut is good.
        let Some((address, owner, after)) = record(message, at) else { break };
        at = after;
        if let (Some(address), Some(owner)) = (address, domain_name(&owner)) {
            let name = owner.strip_suffix(".local").map_or(owner.clone(), str::to_owned);
            found.push(Named { by, name, address: Some(address), mac: None });
        }
    }
    Some(found)
}

/// A record: the address it gives if it gives one, whose it is, and where the next begins.
fn record(message: &[u8], at: usize) -> Option<(Option<IpAddr>, Vec<u8>, usize)> {
    let (owner, at) = name(message, at)?;
    let kind = two(message, at)?;
    let length = usize::from(two(message, at + 8)?);
    let data = message.get(at + 10..at + 10 + length)?;
    let address = match kind {
        1 => <[u8; 4]>::try_from(data).ok().map(|four| IpAddr::V4(Ipv4Addr::from(four))),
        28 => <[u8; 16]>::try_from(data).ok().map(|sixteen| IpAddr::V6(Ipv6Addr::from(sixteen))),
        _ => None,
    };
    Some((address, owner, at + 10 + length))
}

/// A name and where what follows it begins. References lead backwards only, so that they end.
fn name(message: &[u8], at: usize) -> Option<(Vec<u8>, usize)> {
    let mut name = Vec::new();
    let (mut at, mut end, mut limit) = (at, None, at);
    for _ in 0..JUMPS {
        let length = *message.get(at)?;
        match length {
            0 => return Some((name, end.unwrap_or(at + 1))),
            1..=63 => {
                let label = message.get(at + 1..at + 1 + usize::from(length))?;
                if !name.is_empty() {
                    name.push(b'.');
                }
                name.extend(label);
                if name.len() > 255 {
                    return None;
                }
                at += 1 + usize::from(length);
            }
            192..=255 => {
                let target = usize::from(two(message, at)? & 0x3FFF);
                end = end.or(Some(at + 2));
                if target >= limit {
                    return None;
                }
                (at, limit) = (target, target);
            }
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An answer with a question, the address of what was asked for, and one of another name that refers back.
    fn answer() -> Vec<u8> {
        let mut message = vec![0_u8, 1, 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 1];
        message.extend(b"\x03www\x06clinic\x07example\0\0\x01\0\x01");
        message.extend(b"\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04\xc0\xa8\x0a\x14");
        message.extend(b"\x04lab1\xc0\x10\0\x01\0\x01\0\0\0\x3c\0\x04\x0a\0\0\x05");
        message
    }

    #[test]
    fn answers_name_addresses() {
        let told: Vec<_> =
            names((53, 40000), &answer()).into_iter().map(|named| (named.name, named.address)).collect();
        assert_eq!(
            told,
            [
                ("www.clinic.example".to_owned(), Some(IpAddr::from([192, 168, 10, 20]))),
                ("lab1.clinic.example".to_owned(), Some(IpAddr::from([10, 0, 0, 5]))),
            ]
        );
        let mut question = answer();
        question[2] = 1;
        assert!(names((53, 53), &question).is_empty());
        for end in 0..answer().len() {
            assert!(names((5353, 5353), &answer()[..end]).len() < 2);
        }
    }

    #[test]
    fn references_in_a_circle_end() {
        let mut message = vec![0_u8, 1, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0];
        message.extend(b"\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04\xc0\xa8\x0a\x14");
        assert!(names((53, 1), &message).is_empty());
    }
}
