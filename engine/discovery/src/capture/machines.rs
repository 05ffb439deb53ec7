//! Machines of addresses, and what each does, from everything that was seen.
//!
//! Which addresses are one machine's: those of one hardware address, if that address is the machine's own and not a
//! router's on the way. Certain is what ARP says, and packets of addresses that are good on one network only. Other
//! packets count if their hardware address sends for no address but this, and never from outside. A hardware address
//! with more addresses than [`CROWD`] answers for others; its addresses stay machines of their own.

use super::flows::{Flow, Key, Peer};
use super::naming::By;
use super::watch::{Seen, Watch, is_link_local};
use crate::findings::{End, Findings, Host, HostKind, Protocol, Service, Source, Talk};
use crate::mac::Mac;
use crate::remark::{RemarkCode, Remarks};
use crate::role::{Role, TalkKind};
use crate::{MAX_ADDRESSES, MAX_SERVICES, remote};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A hardware address with more addresses of one kind than this is no single machine's.
const CROWD: usize = 8;
/// UDP ports from here on are given to callers for one conversation; source: the range of Linux, the widest in use.
const PASSING: u16 = 32_768;

/// A talk by its ends, in the order in which talks are told.
type Line = (End, End, u16, Protocol);

/// What was found.
pub(super) fn told(watch: Watch) -> Findings {
    let Watch { seen, routers, names, mut names_of_macs, flows, first, mut remarks, .. } = watch;
    let mut findings = Findings::of(Source::Capture);
    findings.taken = first.and_then(time);

    let owners = owners(&seen, &routers);
    let mut by_mac: HashMap<Mac, usize> = HashMap::new();
    let mut places: Vec<Option<usize>> = Vec::with_capacity(seen.len());
    let mut best_names = Vec::new();
    for (address, owner) in seen.iter().zip(owners) {
        if !address.spoke && !address.addressed {
            remarks.add(RemarkCode::NeverSpoke, 1);
            places.push(None);
            continue;
        }
        let known = owner.and_then(|mac| by_mac.get(&mac).copied());
        let at = known.unwrap_or(findings.hosts.len());
        if known.is_none() {
            findings.hosts.push(machine(owner, &routers));
            best_names.push(owner.and_then(|mac| names_of_macs.remove(&mac)).map(|name| (By::Dhcp, name)));
            if let Some(mac) = owner {
                by_mac.insert(mac, at);
            }
        }
        let addresses = &mut findings.hosts[at].addresses;
        remarks.push(addresses, address.address, MAX_ADDRESSES, RemarkCode::TooManyAddresses);
        if let Some(name) = names.get(&address.address)
            && best_names[at].as_ref().is_none_or(|best| name.0 < best.0)
        {
            best_names[at] = Some(name.clone());
        }
        places.push(Some(at));
    }
    for (host, name) in findings.hosts.iter_mut().zip(best_names) {
        host.name = name.map(|(_, name)| name);
    }
    let lines = lines(flows.all, &places, &mut remarks);
    serve(&lines, &mut findings.hosts, &mut remarks);
    findings.talks = lines.into_iter().map(|(line, flow)| talk(line, flow)).collect();
    findings.remarks = remarks.told();
    findings
}

fn time(seconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0)
}

fn machine(mac: Option<Mac>, routers: &HashSet<Mac>) -> Host {
    Host {
        mac,
        maker: mac.and_then(Mac::maker),
        kind: mac.filter(|mac| routers.contains(mac)).map(|_| HostKind::NetworkDevice),
        ..Host::default()
    }
}

/// How many addresses a hardware address has.
#[derive(Default)]
struct Crowd {
    /// By ARP.
    claimed: usize,
    /// IPv4 without ARP.
    framed: usize,
    /// IPv6 beyond the one network.
    framed6: usize,
}

/// The hardware address of each address's own machine, where it is certain.
fn owners(seen: &[Seen], routers: &HashSet<Mac>) -> Vec<Option<Mac>> {
    let mut crowds: HashMap<Mac, Crowd> = HashMap::new();
    for address in seen.iter().filter(|address| !is_link_local(address.address)) {
        if let Some(mac) = address.claimed {
            crowds.entry(mac).or_default().claimed += 1;
        } else if let Some(mac) = address.framed {
            let crowd = crowds.entry(mac).or_default();
            let count = if address.address.is_ipv4() { &mut crowd.framed } else { &mut crowd.framed6 };
            *count += 1;
        }
    }
    let owner = |address: &Seen| -> Option<Mac> {
        let framed = address.framed.filter(|_| !address.unsteady);
        if is_link_local(address.address) {
            return framed.or(address.claimed);
        }
        let mac = address.claimed.or(framed)?;
        let crowd = crowds.get(&mac)?;
        let own = if address.claimed.is_some() {
            crowd.claimed <= CROWD
        } else if address.address.is_ipv4() {
            crowd.claimed == 0 && crowd.framed == 1 && !routers.contains(&mac)
        } else {
            crowd.framed6 <= CROWD && !routers.contains(&mac)
        };
        own.then_some(mac)
    };
    seen.iter().map(owner).collect()
}

/// The conversations of machines instead of addresses, without those that came to nothing.
fn lines(flows: HashMap<Key, Flow>, places: &[Option<usize>], remarks: &mut Remarks) -> BTreeMap<Line, Flow> {
    let end = |peer: Peer| match peer {
        Peer::Inside(at) => places.get(at).copied().flatten().map(End::Host),
        Peer::Outside => Some(End::Internet),
    };
    let mut lines: BTreeMap<Line, Flow> = BTreeMap::new();
    // In order, so that the same recording gives the same findings.
    let mut flows: Vec<(Key, Flow)> = flows.into_iter().collect();
    flows.sort_unstable_by_key(|(key, _)| *key);
    for (key, flow) in flows {
        if key.protocol == Protocol::Tcp && !flow.answered {
            remarks.add(RemarkCode::Unanswered, 1);
            continue;
        }
        let (Some(from), Some(to)) = (end(key.caller), end(key.called)) else {
            remarks.add(RemarkCode::TalksWithSilent, 1);
            continue;
        };
        if from != to {
            lines.entry((from, to, key.port, key.protocol)).or_default().join(flow);
        }
    }
    lines
}

/// What answers at a port of a machine: what it seems to be, and what it calls itself.
type Answering = BTreeMap<(usize, u16, Protocol), (Option<Role>, Option<String>)>;

/// Notes at the machines what their conversations show of them.
fn serve(lines: &BTreeMap<Line, Flow>, hosts: &mut [Host], remarks: &mut Remarks) {
    let mut services = Answering::new();
    for (&(from, to, port, protocol), flow) in lines {
        let by_port = Role::by_port(port, protocol);
        if let End::Host(at) = to {
            if let Some(host) = hosts.get_mut(at) {
                host.talks_to_internet |= from == End::Internet;
                called(host, port, by_port, flow);
            }
            if flow.answered && (protocol == Protocol::Tcp || port < PASSING) {
                let service = services.entry((at, port, protocol)).or_default();
                service.0 = service.0.or(flow.role);
                if service.1.is_none() {
                    service.1.clone_from(&flow.product);
                }
            }
        }
        if let End::Host(at) = from
            && let Some(host) = hosts.get_mut(at)
        {
            host.talks_to_internet |= to == End::Internet;
            caller(host, flow);
        }
    }
    for ((at, port, protocol), (role, product)) in services {
        let name = role.map(|role| role.service_name().to_owned());
        if let Some(host) = hosts.get_mut(at) {
            let service = Service { port, protocol, name, product, version: None };
            remarks.push(&mut host.services, service, MAX_SERVICES, RemarkCode::TooManyServices);
        }
    }
}

/// What a conversation shows of the one who was called.
fn called(host: &mut Host, port: u16, by_port: Option<Role>, flow: &Flow) {
    let Some(role) = flow.role.or(by_port) else { return };
    host.plays(role, Some(port), flow.role.is_some(), None);
    for name in &flow.called_names {
        host.plays(role, Some(port), true, Some(name.clone()));
    }
}

/// What a conversation shows of the caller.
fn caller(host: &mut Host, flow: &Flow) {
    for name in &flow.servers {
        if let Some(program) = remote::by_server_name(name) {
            host.is_operated_by(program, None);
        }
    }
    let role = match flow.role {
        Some(Role::DicomServer) => Role::DicomClient,
        Some(Role::Hl7Receiver) => Role::Hl7Sender,
        _ => return,
    };
    host.plays(role, None, true, None);
    for name in &flow.caller_names {
        host.plays(role, None, true, Some(name.clone()));
    }
}

fn talk((from, to, port, protocol): Line, flow: Flow) -> Talk {
    let role = flow.role.or_else(|| Role::by_port(port, protocol));
    let outside = from == End::Internet || to == End::Internet;
    let kind = match role {
        Some(role) => role.talk(),
        None if outside => TalkKind::Internet,
        None => TalkKind::Other,
    };
    Talk {
        from,
        to,
        kind,
        protocol,
        port,
        packets: flow.packets,
        bytes: flow.bytes,
        first: flow.first.and_then(time),
        last: flow.last.and_then(time),
        opened: flow.opened,
        answered: flow.answered,
        names: flow.servers.into_iter().collect(),
    }
}
