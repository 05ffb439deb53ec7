//! The ledger in the engine's words: what becomes what, and that the engine always takes it.
#![allow(clippy::unwrap_used)]

#[path = "common/handa.rs"]
mod handa;

use chrono::NaiveDate;
use handa::{absent, end, hospital, ledger_of};
use komainu_clock::Nature;
use komainu_db::uuid::Uuid;
use komainu_exposed::answers::answer;
use komainu_exposed::rules::{gains, good_until, line_of, network};
use komainu_exposure::model::{
    Connection as Line, ConnectionKind, Control, INTERNET, Network, Node, NodeKind, Place, State,
};
use komainu_exposure::{EntryKind, GoalKind, accept};
use komainu_inventory::{
    Asset, AssetDetails, AssetId, AssetKind, Connection, ConnectionDetails, ConnectionId, End, Fact, Facts,
    Hosting, Ledger, RelationKind, SystemDetails, SystemId, SystemRecord, Thing,
};
use komainu_vendor::{Vendor, VendorDetails, VendorId};
use proptest::prelude::*;

fn day() -> NaiveDate {
    "2026-11-23".parse().unwrap()
}

fn uuid(number: usize) -> Uuid {
    Uuid::from_u128(u128::try_from(number).unwrap() + 1)
}

fn asset(number: usize, details: AssetDetails) -> Asset {
    Asset { id: AssetId(uuid(number)), details, version: 1 }
}

fn thing(number: usize) -> Thing {
    Thing::Asset(AssetId(uuid(number)))
}

fn system(number: usize, kind: &str, hosting: Hosting) -> SystemRecord {
    let details = SystemDetails::named(kind.parse().unwrap(), "電子カルテ", hosting);
    SystemRecord::new(SystemId(uuid(number)), 1, &details)
}

fn vendor(number: usize) -> Vendor {
    let details = VendorDetails { name: "保守の社".to_owned(), ..VendorDetails::default() };
    Vendor::new(VendorId(uuid(number)), 1, &details)
}

fn connection(number: usize, kind: ConnectionKind, from: End, to: End) -> Connection {
    Connection {
        id: ConnectionId(uuid(number)),
        details: ConnectionDetails::between(kind, from, to),
        version: 1,
    }
}

/// The network, which the engine has to take.
#[track_caller]
fn made(ledger: &Ledger) -> Network {
    let network = network(ledger, "試し", day());
    accept(network.clone()).unwrap_or_else(|faults| panic!("{faults:?}"));
    network
}

fn node<'a>(network: &'a Network, id: &str) -> &'a Node {
    network.nodes.iter().find(|node| node.id == id).unwrap_or_else(|| panic!("no {id}: {network:?}"))
}

#[test]
fn facts_become_what_the_engine_counts() {
    let with = |kind, facts: &[(Fact, &str)], controls: &[(Control, State)]| {
        let facts = facts.iter().fold(Facts::default(), |all, (fact, text)| all.with(*fact, text));
        let controls = controls.iter().copied().collect();
        let details = AssetDetails { facts, controls, ..AssetDetails::named(kind, "もの") };
        let ledger = Ledger { assets: vec![asset(0, details)], ..Ledger::default() };
        made(&ledger).nodes.remove(0)
    };
    let server = |facts: &[(Fact, &str)]| with(AssetKind::Server, facts, &[]);
    let control = |node: &Node, control| node.controls.get(&control).copied();
    assert_eq!(server(&[(Fact::Maker, "甲"), (Fact::Model, "乙")]).product.unwrap(), "甲 乙");
    assert_eq!(server(&[(Fact::Maker, "甲")]).product, None);
    assert_eq!(server(&[(Fact::Count, "12")]).count, 12);
    assert_eq!(server(&[]).count, 1);
    assert!(server(&[(Fact::HoldsRecords, "yes")]).holds_records && !server(&[]).holds_records);
    assert!(server(&[(Fact::ReadsMail, "yes")]).reads_mail && !server(&[(Fact::ReadsMail, "no")]).reads_mail);
    assert!(server(&[(Fact::TakesMedia, "yes")]).takes_media);
    assert_eq!(server(&[(Fact::RecoveryHours, "9")]).recovery_hours, Some(9.0));
    assert_eq!(server(&[(Fact::HowToDisconnect, "線を抜く")]).how_to_disconnect.unwrap(), "線を抜く");
    let care = with(AssetKind::CareProcess, &[(Fact::Urgency, "5")], &[]);
    assert_eq!((care.kind, care.priority), (NodeKind::CareProcess, Some(5)));
    for (ends, said, expected) in [
        ("2026-11-22", None, Some(State::Absent)),
        ("2026-11-22", Some(State::Present), Some(State::Absent)),
        ("2026-11-23", None, Some(State::Present)),
        ("2030-01-01", Some(State::Absent), Some(State::Absent)),
    ] {
        let said: Vec<_> = said.into_iter().map(|state| (Control::Supported, state)).collect();
        let node = with(AssetKind::Server, &[(Fact::SupportEnds, ends)], &said);
        assert_eq!(control(&node, Control::Supported), expected, "{ends}");
    }
    let device = with(AssetKind::MedicalDevice, &[(Fact::Patchable, "no")], &[]);
    assert_eq!(control(&device, Control::Updates), Some(State::Absent));
    let said =
        with(AssetKind::MedicalDevice, &[(Fact::Patchable, "no")], &[(Control::Updates, State::Present)]);
    assert_eq!(control(&said, Control::Updates), Some(State::Present));
    let copy = with(AssetKind::Backup, &[(Fact::RestoreTriedOn, "2026-04-01")], &[]);
    assert_eq!(control(&copy, Control::RestoreTested), Some(State::Present));
    // An account's controls are on its password, not on the group.
    let group = with(AssetKind::AccountGroup, &[], &[(Control::TwoFactor, State::Present)]);
    assert!(group.controls.is_empty());
}

#[test]
fn the_answer_changes_on_the_day_after_support_ends() {
    let ends = |day: &str| AssetDetails {
        facts: Facts::default().with(Fact::SupportEnds, day),
        ..AssetDetails::named(AssetKind::Server, "もの")
    };
    let days = ["2026-11-22", "2027-03-31", "2026-12-01"];
    let assets = days.iter().enumerate().map(|(at, day)| asset(at, ends(day))).collect();
    assert_eq!(good_until(&Ledger { assets, ..Ledger::default() }, day()), "2026-12-01".parse().ok());
    assert_eq!(good_until(&Ledger::default(), day()), None);
}

#[test]
fn a_system_without_things_is_one_and_otherwise_its_servers_stand_for_it() {
    let care = |number| {
        let relations = [(RelationKind::Needs, Thing::System(SystemId(uuid(9))))].into_iter().collect();
        asset(number, AssetDetails { relations, ..AssetDetails::named(AssetKind::CareProcess, "外来") })
    };
    let of_system = |number, kind| {
        let system = Some(SystemId(uuid(9)));
        asset(number, AssetDetails { system, ..AssetDetails::named(kind, "もの") })
    };
    let line = connection(
        20,
        ConnectionKind::RemoteMaintenance,
        End::Internet,
        End::Thing(Thing::System(SystemId(uuid(9)))),
    );
    let base = Ledger {
        systems: vec![system(9, "emr-on-premises", Hosting::OnPremises)],
        assets: vec![care(1)],
        connections: vec![line],
        ..Ledger::default()
    };
    let alone = made(&base);
    let own = format!("system:{}", uuid(9));
    assert_eq!(node(&alone, &own).kind, NodeKind::System);
    assert!(node(&alone, &own).holds_records, "a record system stores medical information");
    assert_eq!(
        (alone.dependencies[0].on.as_str(), alone.connections[0].to.as_str()),
        (own.as_str(), own.as_str())
    );

    let mut served = base.clone();
    served.assets.extend([
        of_system(2, AssetKind::Server),
        of_system(3, AssetKind::Server),
        of_system(4, AssetKind::Terminal),
        of_system(5, AssetKind::Backup),
    ]);
    let served = made(&served);
    assert!(served.nodes.iter().all(|node| node.id != own));
    let servers = [thing(2).to_string(), thing(3).to_string()];
    let on: Vec<_> = served.dependencies.iter().map(|need| need.on.clone()).collect();
    assert_eq!(on, servers);
    let lines: Vec<_> = served.connections.iter().map(|line| (line.id.clone(), line.to.clone())).collect();
    let id = format!("line:{}", uuid(20));
    assert_eq!(lines, [(id.clone(), servers[0].clone()), (format!("{id}/2"), servers[1].clone())]);
    assert_eq!(line_of(&lines[1].0), id);
    assert!(node(&served, &servers[0]).holds_records && !node(&served, &thing(5).to_string()).holds_records);

    let mut seats = base.clone();
    seats.assets.push(of_system(4, AssetKind::Terminal));
    assert_eq!(made(&seats).dependencies[0].on, thing(4).to_string());
    let mut copied = base;
    copied.assets.push(of_system(5, AssetKind::Backup));
    assert_eq!(made(&copied).dependencies[0].on, own, "a copy carries no system");
    let cloud = Ledger { systems: vec![system(9, "emr-cloud", Hosting::Cloud)], ..Ledger::default() };
    assert_eq!(node(&made(&cloud), &own).kind, NodeKind::CloudService);
}

#[test]
fn support_from_outside_that_nobody_wrote_down_is_assumed_and_said_to_be() {
    let mut record = system(9, "emr-on-premises", Hosting::OnPremises);
    record.remote_maintenance = Some(true);
    let ledger = |record: &SystemRecord, connections| Ledger {
        systems: vec![record.clone()],
        vendors: vec![vendor(7)],
        connections,
        ..Ledger::default()
    };
    let id = format!("assumed:{}", uuid(9));
    let from = |network: &Network| -> Vec<(String, String)> {
        network.connections.iter().map(|line: &Line| (line.id.clone(), line.from.clone())).collect()
    };
    assert_eq!(from(&made(&ledger(&record, vec![]))), [(id.clone(), INTERNET.to_owned())]);
    record.vendor = Some(VendorId(uuid(7)));
    let by_vendor = made(&ledger(&record, vec![]));
    let partner = format!("vendor:{}", uuid(7));
    assert_eq!(from(&by_vendor), [(id, partner.clone())]);
    assert_eq!(node(&by_vendor, &partner).kind, NodeKind::Partner);
    // A line that leads to it, or that is its vendor's, is the one that was meant.
    let to = End::Thing(Thing::System(SystemId(uuid(9))));
    let direct = connection(1, ConnectionKind::Vpn, End::Internet, to);
    let theirs = connection(
        2,
        ConnectionKind::RemoteMaintenance,
        End::Vendor(VendorId(uuid(7))),
        end(AssetId(uuid(3))),
    );
    for line in [direct, theirs] {
        let mut written = ledger(&record, vec![line]);
        written.assets.push(asset(3, AssetDetails::named(AssetKind::NetworkDevice, "箱")));
        assert!(made(&written).connections.iter().all(|line| line.id.starts_with("line:")));
    }
    for said in [None, Some(false)] {
        record.remote_maintenance = said;
        assert!(made(&ledger(&record, vec![])).connections.is_empty());
    }
    let mut cloud = system(9, "emr-cloud", Hosting::Cloud);
    cloud.remote_maintenance = Some(true);
    assert!(made(&ledger(&cloud, vec![])).connections.is_empty(), "the provider's own matter");
}

#[test]
fn needs_that_systems_bring_in_never_close_a_circle() {
    let needs = |number: usize, own: usize, other: usize| {
        let relations = [(RelationKind::Needs, Thing::System(SystemId(uuid(other))))].into_iter().collect();
        let system = Some(SystemId(uuid(own)));
        asset(number, AssetDetails { relations, system, ..AssetDetails::named(AssetKind::Server, "もの") })
    };
    let systems = vec![system(8, "pacs", Hosting::OnPremises), system(9, "pacs", Hosting::OnPremises)];
    let assets = vec![needs(1, 8, 9), needs(2, 9, 8), needs(3, 8, 8)];
    let made = made(&Ledger { systems, assets, ..Ledger::default() });
    assert!(!made.dependencies.is_empty());
    assert!(made.dependencies.iter().all(|need| need.of != need.on));
}

#[test]
fn shared_accounts_are_secrets_and_what_cannot_stand_somewhere_is_left_out() {
    let relations =
        [(RelationKind::Opens, thing(1)), (RelationKind::Opens, thing(3)), (RelationKind::FoundOn, thing(2))];
    let group = AssetDetails {
        relations: relations.into_iter().collect(),
        facts: Facts::default().with(Fact::Administrator, "no").with(Fact::KnownBy, "8"),
        controls: absent(&[Control::UniquePassword]),
        ..AssetDetails::named(AssetKind::AccountGroup, "共通")
    };
    let assets = vec![
        asset(0, group),
        asset(1, AssetDetails::named(AssetKind::Server, "甲")),
        asset(2, AssetDetails::named(AssetKind::Terminal, "乙")),
        asset(3, AssetDetails::named(AssetKind::Place, "部屋")),
    ];
    // A line to a room is none.
    let to_room = connection(5, ConnectionKind::LanSegment, end(AssetId(uuid(1))), end(AssetId(uuid(3))));
    let made = made(&Ledger { assets, connections: vec![to_room], ..Ledger::default() });
    let secret = &made.credentials[0];
    assert_eq!((&secret.id, secret.group.as_ref()), (&thing(0).to_string(), Some(&thing(0).to_string())));
    assert_eq!(secret.opens, [thing(1).to_string()]);
    assert_eq!(secret.found_on, [thing(2).to_string()]);
    assert!(!secret.administrator && secret.controls.len() == 1);
    assert_eq!(node(&made, &thing(0).to_string()).count, 8);
    assert!(made.connections.is_empty());
}

#[test]
fn the_documented_case_is_found_in_a_ledger_as_people_write_it() {
    let (nature, _) = Nature::fake("2026-11-23T01:00:00Z".parse().unwrap());
    let hospital = hospital(&nature);
    let ledger = ledger_of(&hospital.edits);
    let answer = answer(&ledger, day(), nature.now()).unwrap();
    let report = &answer.kept.report;
    let vpn = format!("line:{}", hospital.vpn);
    let first = &report.stories[..3];
    let by_vpn = |story: &komainu_exposure::Story| {
        story.entry == EntryKind::Vpn && story.entrance.as_ref().is_some_and(|named| named.id == vpn)
    };
    assert!(first.iter().all(by_vpn), "{first:#?}");
    let goals: Vec<GoalKind> = report.stories.iter().map(|story| story.goal).collect();
    for goal in [GoalKind::RecordsEncrypted, GoalKind::BackupDestroyed, GoalKind::CareStopped] {
        assert!(goals.contains(&goal), "{goal}");
    }
    let rank = |control, id: &str| {
        let is = |ranked: &komainu_exposure::Ranked| {
            ranked.fix.control == control && ranked.fix.places.iter().any(|place| place.id == id)
        };
        report.fixes.iter().position(is).map_or(usize::MAX, |at| at + 1)
    };
    assert!(rank(Control::SourceLimited, &vpn) <= 3);
    assert!(rank(Control::Filtered, &format!("line:{}", hospital.inside)) <= 3);
    assert!(rank(Control::Updates, &format!("asset:{}", hospital.vpn_box)) <= 10);
    assert!(rank(Control::TwoFactor, &vpn) <= 15, "{}", rank(Control::TwoFactor, &vpn));
    // What helps most helps the items of the checklist that ask for it.
    let gain = |item: &str| {
        answer.gains.iter().filter(|gain| gain.item.as_str() == item).map(|gain| gain.share).max()
    };
    assert!(gain("source-restriction").unwrap() >= 20, "{:?}", answer.gains);
    assert!(gain("source-restriction") > gain("media-control"));
    assert_eq!(gains(report, &network(&ledger, "", day())), answer.gains);
    assert!(answer.gains.iter().all(|gain| (0..=100).contains(&gain.share)));
    assert!(report.restoration.iter().any(|restored| restored.id == format!("asset:{}", hospital.record)));
}

#[test]
fn controls_stay_where_they_can_be() {
    for control in Control::ALL {
        for kind in AssetKind::ALL {
            let details =
                AssetDetails { controls: absent(&[*control]), ..AssetDetails::named(*kind, "もの") };
            let made = made(&Ledger { assets: vec![asset(0, details)], ..Ledger::default() });
            let on_node = made.nodes[0].controls.len();
            let on_secret = made.credentials.first().map_or(0, |secret| secret.controls.len());
            let place = kind.control_place();
            assert_eq!(on_node == 1, place == Some(Place::Node) && control.fits(Place::Node));
            assert_eq!(on_secret == 1, place == Some(Place::Credential) && control.fits(Place::Credential));
        }
    }
}

// Whatever the ledger holds.

const THINGS: usize = 9;

fn any_details() -> impl Strategy<Value = AssetDetails> {
    let relation = (prop::sample::select(RelationKind::ALL.to_vec()), 0..THINGS, any::<bool>());
    let controls = prop::collection::vec(prop::sample::select(Control::ALL.to_vec()), 0..4);
    let day = prop::sample::select(vec!["", "2020-01-01", "2030-01-01"]);
    let relations = prop::collection::vec(relation, 0..4);
    let system = prop::option::of(0..3_usize);
    (prop::sample::select(AssetKind::ALL.to_vec()), relations, controls, day, system, 0..THINGS).prop_map(
        |(kind, relations, controls, day, system, zone)| {
            let mut facts = Facts::default();
            facts.set(Fact::SupportEnds, day).unwrap();
            facts.set(Fact::Count, "3").unwrap();
            facts.set(Fact::Urgency, "4").unwrap();
            let to = |(kind, to, is_system): (RelationKind, usize, bool)| {
                let to = if is_system { Thing::System(SystemId(uuid(100 + to % 3))) } else { thing(to) };
                (kind, to)
            };
            AssetDetails {
                facts,
                controls: absent(&controls),
                relations: relations.into_iter().map(to).collect(),
                system: system.map(|number| SystemId(uuid(100 + number))),
                zone: Some(AssetId(uuid(zone))),
                place: Some(AssetId(uuid(zone))),
                ..AssetDetails::named(kind, "もの")
            }
        },
    )
}

fn any_end() -> impl Strategy<Value = End> {
    prop_oneof![
        Just(End::Internet),
        (0..2_usize).prop_map(|number| End::Vendor(VendorId(uuid(200 + number)))),
        (0..THINGS).prop_map(|number| End::Thing(thing(number))),
        (0..3_usize).prop_map(|number| End::Thing(Thing::System(SystemId(uuid(100 + number))))),
    ]
}

fn any_ledger() -> impl Strategy<Value = Ledger> {
    let assets = prop::collection::vec(any_details(), 0..THINGS);
    let kinds = prop::sample::select(ConnectionKind::ALL.to_vec());
    let lines = prop::collection::vec((kinds, any_end(), any_end(), any::<bool>()), 0..8);
    let systems = prop::collection::vec((prop::sample::select(Hosting::ALL.to_vec()), any::<bool>()), 0..3);
    (assets, lines, systems).prop_map(|(details, lines, systems)| {
        let kind_of: Vec<AssetKind> = details.iter().map(|details| details.kind).collect();
        let assets = details.into_iter().enumerate().map(|(at, mut details)| {
            // What the ledger's own checks would not have let in: zones and places lie in those before them.
            let before = |id: Option<AssetId>, kind| {
                let found = (0..at).find(|number| Some(AssetId(uuid(*number))) == id);
                found.filter(|number| kind_of[*number] == kind).map(|number| AssetId(uuid(number)))
            };
            details.zone = before(details.zone, AssetKind::Zone);
            details.place = before(details.place, AssetKind::Place);
            asset(at, details)
        });
        let assets: Vec<Asset> = assets.collect();
        let fits = |from: End, to: End| from != to && !(from.is_outside() && to.is_outside());
        let lines = lines.into_iter().enumerate().filter(|(_, (_, from, to, _))| fits(*from, *to));
        let connections = lines.map(|(at, (kind, from, to, both_ways))| {
            let mut line = connection(300 + at, kind, from, to);
            line.details.both_ways = both_ways;
            line
        });
        let systems = systems.into_iter().enumerate().map(|(at, (hosting, remote))| {
            let mut system = system(100 + at, "pacs", hosting);
            system.remote_maintenance = Some(remote);
            system.vendor = remote.then(|| VendorId(uuid(200)));
            system
        });
        Ledger {
            assets,
            connections: connections.collect(),
            systems: systems.collect(),
            vendors: vec![vendor(200), vendor(201)],
            revision: 1,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// The engine takes what is made of any ledger.
    #[test]
    fn the_engine_takes_every_ledger(ledger in any_ledger()) {
        let network = network(&ledger, "", day());
        prop_assert!(accept(network.clone()).is_ok(), "{:?}", accept(network).unwrap_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// And has an answer to it.
    #[test]
    fn every_ledger_has_an_answer(ledger in any_ledger()) {
        let answer = answer(&ledger, day(), chrono::DateTime::UNIX_EPOCH).unwrap();
        prop_assert_eq!(answer.kept.revision, 1);
        prop_assert!(answer.gains.iter().all(|gain| (0..=100).contains(&gain.share)));
    }
}

#[test]
fn a_table_of_the_installations_own_is_what_everything_is_computed_with() {
    let own = komainu_exposure::EMBEDDED.replacen("base = 0.6", "base = 0.123", 1);
    komainu_exposed::answers::table_use(&own).unwrap();
    let bases: Vec<f64> = komainu_exposure::StepCode::ALL
        .iter()
        .filter_map(|code| komainu_exposed::answers::table().rule(*code))
        .map(|rule| rule.base)
        .collect();
    assert!(bases.iter().any(|base| (base - 0.123).abs() < 1e-9), "{bases:?}");
    assert!(!komainu_exposed::answers::table_use("nonsense").unwrap_err().is_empty());
}
