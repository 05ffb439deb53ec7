//! Small random graphs and networks, and the plainest way to each answer.
#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]
#![allow(dead_code, reason = "each test file uses a part")]

use komainu_exposure::model::{
    Connection, ConnectionKind, Control, Credential, Dependency, INTERNET, Network, Node, NodeKind, Place,
    State,
};
use komainu_exposure::{Chance, Checked, Graph, GraphBuilder, accept};
use proptest::prelude::*;

/// A random graph: how many states, and its steps as (from, to, probability in sixteenths, cause). 17 and 18 sixteenths
/// stand for hardly ever and nearly always, so that costs of all sizes meet.
pub fn small_graph(states: u32, steps: usize) -> impl Strategy<Value = Graph> {
    let sixteenths = prop_oneof![8 => 1_u32..16, 1 => Just(0), 1 => Just(16), 1 => 17_u32..=18];
    let step = (0..states, 0..states, sixteenths, 0_u64..6);
    prop::collection::vec(step, 0..steps).prop_map(move |steps| build(states, &steps))
}

pub fn build(states: u32, steps: &[(u32, u32, u32, u64)]) -> Graph {
    let mut builder = GraphBuilder::with_states(states);
    for &(from, to, sixteenths, cause) in steps {
        let probability = match sixteenths {
            17 => 1e-9,
            18 => 0.999_999_9,
            some => f64::from(some) / 16.0,
        };
        builder.step(from, to, Chance::new(probability), cause);
    }
    builder.build()
}

/// The steps of a graph by place: from, to, cost.
pub fn steps(graph: &Graph) -> Vec<(u32, u32, u32)> {
    let states = u32::try_from(graph.states()).unwrap();
    let of = |from| graph.arcs(from).iter().map(move |arc| (from, arc.to, arc.cost));
    (0..states).flat_map(of).collect()
}

/// All-pairs costs by Floyd and Warshall; none where nothing leads.
pub fn distances(graph: &Graph) -> Vec<Vec<Option<u64>>> {
    let n = graph.states();
    let mut known = vec![vec![None; n]; n];
    for (at, row) in known.iter_mut().enumerate() {
        row[at] = Some(0);
    }
    for (from, to, cost) in steps(graph).into_iter().filter(|step| step.2 < u32::MAX) {
        let cell: &mut Option<u64> = &mut known[from as usize][to as usize];
        *cell = Some(cell.map_or(u64::from(cost), |old| old.min(u64::from(cost))));
    }
    for middle in 0..n {
        for from in 0..n {
            for to in 0..n {
                if let (Some(a), Some(b)) = (known[from][middle], known[middle][to]) {
                    let through = a + b;
                    known[from][to] = Some(known[from][to].map_or(through, |old| old.min(through)));
                }
            }
        }
    }
    known
}

/// Whether a goal is reached when only these places are open.
pub fn reaches(graph: &Graph, starts: &[u32], goal: u32, open: impl Fn(usize) -> bool) -> bool {
    let mut seen = vec![false; graph.states()];
    let mut queue = starts.to_vec();
    for &start in starts {
        seen[start as usize] = true;
    }
    while let Some(at) = queue.pop() {
        for place in graph.row(at).filter(|&place| open(place)) {
            let to = graph.arc(place).to;
            if !std::mem::replace(&mut seen[to as usize], true) {
                queue.push(to);
            }
        }
    }
    seen[goal as usize]
}

/// Numbers from a seed, for networks that proptest chooses by seed.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }

    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    pub fn luck(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// A network of a few things, with every kind of thing and line now and then.
pub fn random_network(seed: u64) -> Checked {
    use NodeKind::{
        Backup, CareProcess, CloudService, DataStore, MedicalDevice, NetworkDevice, Partner, Server, Terminal,
    };
    let mut dice = Dice(seed);
    let mut network = Network::default();
    for at in 0..2 {
        network.nodes.push(Node::new(&format!("zone-{at}"), NodeKind::Zone));
    }
    let kinds = [
        Server,
        Server,
        Terminal,
        Terminal,
        NetworkDevice,
        MedicalDevice,
        DataStore,
        Backup,
        CloudService,
        Partner,
    ];
    let hosts: Vec<String> = (0..7).map(|at| format!("host-{at}")).collect();
    for id in &hosts {
        let mut node = Node::new(id, dice.one(&kinds));
        if node.kind != Partner {
            node.zone = dice.luck(70).then(|| format!("zone-{}", dice.below(2)));
            node.holds_records = dice.luck(40);
            (node.reads_mail, node.takes_media) = (dice.luck(15), dice.luck(15));
        }
        for &control in Control::ALL.iter().filter(|control| control.fits(Place::Node)) {
            if dice.luck(60) {
                let state = if dice.luck(80) { State::Present } else { State::Absent };
                node.controls.insert(control, state);
            } else if dice.luck(70) {
                node.controls.insert(control, State::Present);
            }
        }
        network.nodes.push(node);
    }
    network.nodes.push(Node::new("care", CareProcess));
    lines(&mut network, &mut dice, &hosts);
    let host = |dice: &mut Dice| hosts[dice.below(hosts.len())].clone();
    let inside: Vec<&str> =
        network.nodes.iter().filter(|node| node.kind.is_host()).map(|node| node.id.as_str()).collect();
    if inside.len() > 2 {
        let mut secret = Credential::new("secret", &[inside[0], inside[1], inside[2]]);
        secret.controls.insert(Control::UniquePassword, dice.one(&[State::Absent, State::Present]));
        for control in
            [Control::StrongPassword, Control::TwoFactor, Control::Lockout, Control::CredentialsChanged]
        {
            secret.controls.insert(control, State::Present);
        }
        secret.controls.insert(Control::CredentialProtected, State::Present);
        network.credentials.push(secret);
    }
    let on = host(&mut dice);
    network.dependencies.push(Dependency::new("care", &on));
    accept(network).unwrap()
}

fn lines(network: &mut Network, dice: &mut Dice, hosts: &[String]) {
    use ConnectionKind as Kind;
    let ends: Vec<String> =
        ["zone-0".into(), "zone-1".into()].into_iter().chain(hosts.iter().cloned()).collect();
    let entry = dice.one(&[Kind::Vpn, Kind::RemoteDesktop, Kind::Internet, Kind::RemoteMaintenance]);
    let mut line = Connection::new("entry", INTERNET, &hosts[dice.below(hosts.len())], entry);
    line.controls.insert(Control::SourceLimited, State::Absent);
    for control in [Control::TwoFactor, Control::OnDemand, Control::StrongPassword, Control::Lockout] {
        line.controls.insert(control, State::Present);
    }
    network.connections.push(line);
    let kinds = [
        Kind::LanSegment,
        Kind::LanSegment,
        Kind::FileShare,
        Kind::RemoteDesktop,
        Kind::Dicom,
        Kind::Hl7,
        Kind::BackupJob,
        Kind::Cloud,
        Kind::IpVpn,
        Kind::SharedCredential,
        Kind::RemovableMedia,
    ];
    for at in 0..6 {
        let (from, to) = (ends[dice.below(ends.len())].clone(), ends[dice.below(ends.len())].clone());
        if from == to {
            continue;
        }
        let mut line = Connection::new(&format!("line-{at}"), &from, &to, dice.one(&kinds));
        line.both_ways = dice.luck(30);
        line.probability = dice.luck(20).then_some(0.5);
        for &control in Control::ALL.iter().filter(|control| control.fits(Place::Connection)) {
            line.controls.insert(control, if dice.luck(85) { State::Present } else { State::Absent });
        }
        network.connections.push(line);
    }
}
