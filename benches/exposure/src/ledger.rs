//! Synthetic hospitals of any size, as a ledger: what the engine is asked about in earnest.

use crate::dice::Dice;
use komainu_exposure::model::{
    Connection, ConnectionKind, Control, Credential, Dependency, INTERNET, Network, Node, NodeKind, Place,
    State,
};

/// A hospital with about so many connections: departments as zones, lines between things, some vendors with a line of
/// their own, one administrator password for each group of departments, closed device zones, care on top.
pub fn ledger(connections: usize, seed: u64) -> Network {
    let mut dice = Dice(seed);
    let mut network = Network { name: format!("synthetic hospital, seed {seed}"), ..Network::default() };
    node(&mut network, &mut dice, "centre", NodeKind::Zone, None);
    for at in 0..8 {
        let kind = if at < 6 { NodeKind::Server } else { NodeKind::Backup };
        let made = node(&mut network, &mut dice, &format!("central-{at}"), kind, Some("centre"));
        made.holds_records = at < 4;
    }
    let mut department = 0;
    while network.connections.len() < connections {
        add_department(&mut network, &mut dice, department, connections);
        department += 1;
    }
    network
}

fn node<'a>(
    network: &'a mut Network,
    dice: &mut Dice,
    id: &str,
    kind: NodeKind,
    zone: Option<&str>,
) -> &'a mut Node {
    let mut node = Node::new(id, kind);
    node.zone = zone.map(str::to_owned);
    node.recovery_hours = Some(f64::from(1 + dice.below(40)));
    if kind.is_host() {
        node.controls = some_controls(dice, Place::Node);
    }
    network.nodes.push(node);
    network.nodes.last_mut().expect("it was just added")
}

fn some_controls(dice: &mut Dice, place: Place) -> std::collections::BTreeMap<Control, State> {
    let mut controls = std::collections::BTreeMap::new();
    for &control in Control::ALL.iter().filter(|control| control.fits(place)) {
        match dice.below(10) {
            0..4 => controls.insert(control, State::Present),
            4..7 => controls.insert(control, State::Absent),
            _ => None,
        };
    }
    controls
}

fn add_line(network: &mut Network, dice: &mut Dice, from: &str, to: &str, kind: ConnectionKind) {
    let id = format!("line-{}", network.connections.len());
    let mut line = Connection::new(&id, from, to, kind);
    line.controls = some_controls(dice, Place::Connection);
    line.both_ways = dice.percent(40);
    network.connections.push(line);
}

fn add_department(network: &mut Network, dice: &mut Dice, number: usize, most: usize) {
    let zone = format!("zone-{number}");
    let closed = dice.percent(8);
    node(network, dice, &zone, NodeKind::Zone, None);
    let size = 20 + dice.below(70);
    let servers = (size / 10).max(1);
    let thing = |at: u32| format!("thing-{number}-{at}");
    for at in 0..size {
        let kind = match dice.below(10) {
            _ if at < servers => NodeKind::Server,
            0..2 => NodeKind::MedicalDevice,
            _ => NodeKind::Terminal,
        };
        let mail = kind == NodeKind::Terminal && dice.percent(10);
        let made = node(network, dice, &thing(at), kind, Some(&zone));
        (made.holds_records, made.reads_mail) = (at == 0, mail);
        if at > 0 && at < servers {
            made.managed_by = vec![thing(0)];
        }
    }
    if !closed {
        add_line(network, dice, &zone, "centre", ConnectionKind::LanSegment);
    }
    if number % 5 == 0 {
        let partner = format!("vendor-{number}");
        node(network, dice, &partner, NodeKind::Partner, None);
        add_line(network, dice, &partner, &thing(0), ConnectionKind::RemoteMaintenance);
    }
    if number % 9 == 0 {
        add_line(network, dice, INTERNET, &thing(0), ConnectionKind::Vpn);
    }
    let opens: Vec<String> = (0..servers).map(thing).collect();
    let opens: Vec<&str> = opens.iter().map(String::as_str).collect();
    let mut secret = Credential::new(&format!("secret-{number}"), &opens);
    secret.controls = some_controls(dice, Place::Credential);
    network.credentials.push(secret);
    if number < 40 {
        let care = format!("care-{number}");
        node(network, dice, &care, NodeKind::CareProcess, None).priority = Some(1 + (number % 5) as u8);
        network.dependencies.push(Dependency::new(&care, &thing(0)));
        network.dependencies.push(Dependency::new(&thing(0), "central-0"));
    }
    for _ in 0..size * 5 {
        let kind = dice.one(&[
            ConnectionKind::FileShare,
            ConnectionKind::LanSegment,
            ConnectionKind::Hl7,
            ConnectionKind::Dicom,
            ConnectionKind::RemoteDesktop,
            ConnectionKind::BackupJob,
        ]);
        let from = thing(servers + dice.below(size - servers));
        let central = dice.percent(10) && !closed;
        let to = match kind {
            ConnectionKind::BackupJob => format!("central-{}", 6 + dice.below(2)),
            _ if central => format!("central-{}", dice.below(6)),
            _ => thing(dice.below(servers)),
        };
        if network.connections.len() < most {
            add_line(network, dice, &from, &to, kind);
        }
    }
}
