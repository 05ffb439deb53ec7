//! From ledger to attack graph: which line and which thing leads to which steps.

#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

use komainu_exposure::model::{
    Connection, ConnectionKind, Control, Credential, INTERNET, Network, Node, NodeKind, State,
};
use komainu_exposure::{AttackGraph, EntryKind, StepCode, Table, accept};
use std::collections::BTreeSet;

/// A thing of every kind, in no zone, and two zones.
fn things() -> Network {
    let mut network = Network::default();
    for (id, kind) in [
        ("server", NodeKind::Server),
        ("terminal", NodeKind::Terminal),
        ("box", NodeKind::NetworkDevice),
        ("device", NodeKind::MedicalDevice),
        ("cloud", NodeKind::CloudService),
        ("backup", NodeKind::Backup),
        ("group", NodeKind::AccountGroup),
        ("zone", NodeKind::Zone),
        ("other", NodeKind::Zone),
        ("partner", NodeKind::Partner),
    ] {
        network.nodes.push(Node::new(id, kind));
    }
    network.nodes[0].holds_records = true;
    network
}

fn codes(network: &Network) -> BTreeSet<StepCode> {
    let attack = AttackGraph::of(network, &Table::embedded().unwrap());
    (0..attack.graph.steps()).map(|place| attack.step(place).code).collect()
}

#[test]
fn each_line_leads_to_its_steps() {
    use ConnectionKind as Kind;
    use StepCode as Code;
    let without = codes(&things());
    for (kind, from, to, expected) in [
        (Kind::Vpn, INTERNET, "box", vec![Code::VpnHole, Code::VpnLogin]),
        (Kind::RemoteMaintenance, INTERNET, "zone", vec![Code::VpnHole, Code::VpnLogin]),
        (Kind::RemoteDesktop, INTERNET, "server", vec![Code::RemoteDesktopLogin]),
        (Kind::Internet, INTERNET, "server", vec![Code::ServiceHole]),
        (Kind::Internet, "terminal", INTERNET, vec![Code::MailOpened]),
        (Kind::LteRouter, INTERNET, "device", vec![Code::SimRouter]),
        (Kind::IpVpn, INTERNET, "zone", vec![Code::ClosedNetwork]),
        (Kind::IpsecIke, "zone", "server", vec![Code::ClosedLine]),
        (Kind::RemoteMaintenance, "partner", "server", vec![Code::PartnerLine]),
        (Kind::RemoteDesktop, "partner", "zone", vec![Code::PartnerLine]),
        (Kind::RemoteMaintenance, "box", "server", vec![Code::PartnerLine]),
        (Kind::LanSegment, "box", "zone", vec![Code::EnterSegment]),
        (Kind::LanSegment, "zone", "other", vec![Code::PassSegments]),
        (Kind::LanSegment, "terminal", "server", vec![Code::HoleServer, Code::LoginServer]),
        (Kind::LanSegment, "zone", "terminal", vec![Code::HoleTerminal, Code::LoginTerminal]),
        (Kind::LanSegment, "zone", "device", vec![Code::HoleDevice, Code::LoginDevice]),
        (Kind::LanSegment, "zone", "box", vec![Code::HoleNetworkDevice, Code::LoginNetworkDevice]),
        (Kind::RemoteDesktop, "terminal", "server", vec![Code::RemoteDesktop]),
        (Kind::FileShare, "terminal", "server", vec![Code::FileShare, Code::EncryptOverShare]),
        (Kind::Dicom, "device", "server", vec![Code::DicomRead, Code::ProtocolHole]),
        (Kind::Hl7, "terminal", "server", vec![Code::Hl7Read, Code::ProtocolHole]),
        (Kind::RemovableMedia, "terminal", "device", vec![Code::MediaCarried]),
        (Kind::SharedCredential, "terminal", "server", vec![Code::SharedPassword]),
        (Kind::SharedCredential, "terminal", "group", vec![Code::SharedPassword]),
        (Kind::SharedCredential, "group", "server", vec![Code::SharedPassword]),
        (Kind::BackupJob, "server", "backup", vec![Code::OverwriteBackup]),
        (Kind::Cloud, "terminal", "cloud", vec![Code::CloudSession]),
        (Kind::LanSegment, "terminal", "group", vec![]),
        (Kind::LanSegment, "zone", INTERNET, vec![]),
    ] {
        let mut network = things();
        network.connections.push(Connection::new("line", from, to, kind));
        let network = accept(network).unwrap();
        let new: BTreeSet<StepCode> = codes(&network).difference(&without).copied().collect();
        assert_eq!(new, expected.into_iter().collect(), "{kind:?} from {from} to {to}");
    }
}

#[test]
fn things_bring_their_own_entrances() {
    let mut network = things();
    (network.nodes[0].reads_mail, network.nodes[1].reads_mail) = (true, true);
    network.nodes[1].takes_media = true;
    let attack = AttackGraph::of(&network, &Table::embedded().unwrap());
    let kinds: Vec<EntryKind> = attack.entries.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [EntryKind::Mail, EntryKind::Media, EntryKind::Cloud, EntryKind::Partner]);
}

/// The chance of the first step of a kind.
fn chance(network: &Network, code: StepCode) -> f64 {
    let attack = AttackGraph::of(network, &Table::embedded().unwrap());
    let place = (0..attack.graph.steps()).find(|&place| attack.step(place).code == code).unwrap();
    attack.graph.chance(place).probability()
}

#[test]
fn controls_lower_a_step_and_unknown_ones_a_little() {
    let with = |state: Option<State>| {
        let mut network = things();
        let mut line = Connection::new("vpn", INTERNET, "box", ConnectionKind::Vpn);
        line.controls.extend(state.map(|state| (Control::TwoFactor, state)));
        network.connections.push(line);
        chance(&network, StepCode::VpnLogin)
    };
    let (absent, unknown, present) =
        (with(Some(State::Absent)), with(Some(State::Unknown)), with(Some(State::Present)));
    assert!((with(None) - unknown).abs() < 1e-12, "what is not said is unknown");
    assert!(present < 0.15 * absent && unknown < absent && unknown > 0.8 * absent);
}

#[test]
fn what_the_ledger_says_of_a_line_stands() {
    let mut network = things();
    let mut line = Connection::new("vpn", INTERNET, "box", ConnectionKind::Vpn);
    line.probability = Some(0.125);
    line.controls.insert(Control::TwoFactor, State::Present);
    network.connections.push(line);
    for code in [StepCode::VpnHole, StepCode::VpnLogin] {
        assert!((chance(&network, code) - 0.125).abs() < 1e-9);
    }
}

#[test]
fn a_shared_password_is_of_use_only_where_its_doors_can_be_reached() {
    let reached = |joined: bool| {
        let mut network = things();
        network.nodes[1].zone = Some("zone".to_owned());
        network.nodes[0].zone = Some("other".to_owned());
        network.credentials.push(Credential::new("secret", &["terminal", "server"]));
        // It is guessed nowhere, so only reading it on the terminal counts.
        network.credentials[0].found_on = vec!["terminal".to_owned()];
        if joined {
            network.connections.push(Connection::new("road", "zone", "other", ConnectionKind::LanSegment));
        }
        let attack = AttackGraph::of(&network, &Table::embedded().unwrap());
        let foothold = |at: usize| attack.foothold[at].unwrap();
        komainu_exposure::reachable(&attack.graph, foothold(1)).contains(&foothold(0))
    };
    assert!(reached(true));
    assert!(!reached(false));
}
