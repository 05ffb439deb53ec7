//! The format: what is accepted, and what is said of what is not.

#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

use komainu_exposure::model::Network;
use komainu_exposure::{AttackGraph, FaultCode, MAX_FAULTS, Options, Report, Table, read};
use proptest::prelude::*;
use serde_json::{Value, json};

fn faults(file: &Value) -> Vec<(FaultCode, String)> {
    let faults = read(file.to_string().as_bytes()).unwrap_err();
    assert!(faults.iter().all(|fault| !fault.to_string().is_empty()));
    faults.into_iter().map(|fault| (fault.code, fault.path)).collect()
}

fn small() -> Value {
    json!({
        "format": "komainu-exposure/1",
        "nodes": [
            { "id": "lan", "kind": "zone" },
            { "id": "box", "kind": "network_device", "zone": "lan" },
            { "id": "server", "kind": "server", "zone": "lan", "holds_records": true },
            { "id": "care", "kind": "care_process", "priority": 4 }
        ],
        "connections": [{ "id": "vpn", "from": "internet", "to": "box", "kind": "vpn" }],
        "credentials": [{ "id": "admin", "opens": ["server"] }],
        "dependencies": [{ "of": "care", "on": "server" }]
    })
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    assert!(read(small().to_string().as_bytes()).is_ok());
    let cases: Vec<(&str, Value, FaultCode, &str)> = vec![
        ("/nodes/1/zone", json!("nowhere"), FaultCode::UnknownEnd, "nodes[1].zone"),
        ("/nodes/1/zone", json!("server"), FaultCode::WrongKind, "nodes[1].zone"),
        ("/nodes/1/id", json!("lan"), FaultCode::DuplicateId, "nodes[1].id"),
        ("/nodes/1/id", json!(""), FaultCode::BadId, "nodes[1].id"),
        ("/nodes/1/id", json!("x".repeat(201)), FaultCode::BadId, "nodes[1].id"),
        ("/nodes/1/id", json!("internet"), FaultCode::BadId, "nodes[1].id"),
        ("/nodes/1/id", json!(7), FaultCode::WrongValue, "nodes[1].id"),
        ("/nodes/1/kind", json!("toaster"), FaultCode::WrongValue, "nodes[1].kind"),
        ("/nodes/1/colour", json!("red"), FaultCode::UnknownField, "nodes[1].colour"),
        ("/nodes/1/count", json!(0), FaultCode::OutOfRange, "nodes[1].count"),
        ("/nodes/1/count", json!(-1), FaultCode::WrongValue, "nodes[1].count"),
        ("/nodes/2/recovery_hours", json!(-0.5), FaultCode::OutOfRange, "nodes[2].recovery_hours"),
        ("/nodes/3/priority", json!(6), FaultCode::OutOfRange, "nodes[3].priority"),
        ("/nodes/2/managed_by", json!(["care"]), FaultCode::WrongKind, "nodes[2].managed_by[0]"),
        ("/nodes/2/copy_of", json!(["gone"]), FaultCode::UnknownEnd, "nodes[2].copy_of[0]"),
        (
            "/nodes/2/controls",
            json!({ "source_limited": "present" }),
            FaultCode::ControlMisplaced,
            "nodes[2].controls.source_limited",
        ),
        ("/nodes/2/controls", json!({ "updates": "maybe" }), FaultCode::WrongValue, "nodes[2].controls.?"),
        ("/connections/0/to", json!("gone"), FaultCode::UnknownEnd, "connections[0].to"),
        ("/connections/0/to", json!("internet"), FaultCode::SelfLoop, "connections[0].to"),
        ("/connections/0/to", json!("care"), FaultCode::WrongKind, "connections[0].to"),
        ("/connections/0/probability", json!(1.5), FaultCode::BadProbability, "connections[0].probability"),
        ("/connections/0/probability", json!(-0.1), FaultCode::BadProbability, "connections[0].probability"),
        ("/connections/0/probability", json!("NaN"), FaultCode::WrongValue, "connections[0].probability"),
        ("/credentials/0/opens", json!(["gone"]), FaultCode::UnknownEnd, "credentials[0].opens[0]"),
        ("/credentials/0/group", json!("server"), FaultCode::WrongKind, "credentials[0].group"),
        ("/dependencies/0/on", json!("care"), FaultCode::SelfLoop, "dependencies[0].on"),
        ("/format", json!("komainu-exposure/99"), FaultCode::WrongValue, "format"),
        (
            "/dependencies",
            json!([{ "of": "care", "on": "server" }, { "of": "server", "on": "care" }]),
            FaultCode::Cycle,
            "dependencies",
        ),
    ];
    for (pointer, value, code, path) in cases {
        let mut file = small();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        file.pointer_mut(parent).unwrap()[name] = value.clone();
        assert_eq!(faults(&file).first(), Some(&(code, path.to_owned())), "{pointer} = {value}");
    }
    let mut zones = small();
    zones["nodes"][0]["zone"] = json!("inner");
    zones["nodes"].as_array_mut().unwrap().push(json!({ "id": "inner", "kind": "zone", "zone": "lan" }));
    assert_eq!(faults(&zones), [(FaultCode::Cycle, "nodes".to_owned())]);
}

#[test]
fn what_is_no_network_at_all() {
    for (text, code) in [
        ("", FaultCode::Syntax),
        ("nodes", FaultCode::Syntax),
        ("{\"format\": \"komainu-exposure/1\", \"nodes\": [", FaultCode::Syntax),
        ("{\"format\": \"komainu-exposure/1\", \"nodes\": []} {}", FaultCode::Syntax),
        ("[]", FaultCode::WrongValue),
        ("null", FaultCode::WrongValue),
        ("{\"nodes\": []}", FaultCode::MissingField),
        ("{\"format\": \"komainu-exposure/1\", \"nodes\": [], \"nodes\": []}", FaultCode::DuplicateId),
        (
            "{\"format\": \"komainu-exposure/1\", \"nodes\": [{\"id\": \"a\", \"kind\": \"server\", \"recovery_hours\": 1e999}]}",
            FaultCode::OutOfRange,
        ),
    ] {
        let faults = read(text.as_bytes()).unwrap_err();
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].code, code, "{text}: {}", faults[0]);
    }
    let deep = "[".repeat(100_000);
    assert_eq!(read(deep.as_bytes()).unwrap_err().len(), 1);
    assert_eq!(read(&[0xff, 0xfe, b'{']).unwrap_err()[0].code, FaultCode::Syntax);
}

#[test]
fn a_file_full_of_faults_is_not_told_to_the_end() {
    let nodes: Vec<Value> =
        (0..1000).map(|_| json!({ "id": "same", "kind": "server", "zone": "gone" })).collect();
    let file = json!({ "format": "komainu-exposure/1", "nodes": nodes });
    assert_eq!(faults(&file).len(), MAX_FAULTS);
}

#[test]
fn an_empty_network_has_answers_too() {
    let network = read(br#"{"format": "komainu-exposure/1", "nodes": []}"#).unwrap();
    let report = Report::of(&network, &Table::embedded().unwrap(), Options::default());
    assert!(report.stories.is_empty() && report.goals.is_empty() && report.fixes.is_empty());
    assert!(report.plan.exact && report.restoration.is_empty());
    assert!(report.to_string().contains("0 nodes"));
}

#[test]
fn many_secrets_in_many_zones_do_not_multiply() {
    let zones = 300;
    let mut network = Network::default();
    for at in 0..zones {
        let mut file =
            komainu_exposure::model::Node::new(&format!("z{at}"), komainu_exposure::model::NodeKind::Zone);
        file.name = String::new();
        network.nodes.push(file);
        let mut host =
            komainu_exposure::model::Node::new(&format!("h{at}"), komainu_exposure::model::NodeKind::Server);
        host.zone = Some(format!("z{at}"));
        network.nodes.push(host);
        let secret = komainu_exposure::model::Credential::new(&format!("s{at}"), &[&format!("h{at}")]);
        network.credentials.push(secret);
        if at > 0 {
            let (from, to) = (format!("z{}", at - 1), format!("z{at}"));
            let kind = komainu_exposure::model::ConnectionKind::LanSegment;
            let mut line = komainu_exposure::model::Connection::new(&format!("l{at}"), &from, &to, kind);
            line.both_ways = true;
            network.connections.push(line);
        }
    }
    let attack = AttackGraph::of(&network, &Table::embedded().unwrap());
    assert!(attack.graph.states() < 20_000, "{}", attack.graph.states());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_are_refused_or_read_but_never_break_it(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
    }

    /// One value of a good file replaced by another, or taken away.
    #[test]
    fn a_damaged_file_is_refused_or_answered(at in any::<prop::sample::Index>(), with in 0_usize..9) {
        let mut file = small();
        let mut places = Vec::new();
        pointers(&file, String::new(), &mut places);
        let place = &places[at.index(places.len())];
        *file.pointer_mut(place).unwrap() = [
            json!(null), json!(-1), json!(1e300), json!("server"), json!("internet"), json!([]), json!({}), json!(true),
            json!("\u{0}"),
        ][with].clone();
        if let Ok(network) = read(file.to_string().as_bytes()) {
            let attack = AttackGraph::of(&network, &Table::embedded().unwrap());
            prop_assert!(attack.graph.states() >= attack.entries.len());
        }
    }

    #[test]
    fn what_is_written_is_read_again(seed: u64) {
        let network = common::random_network(seed);
        let text = serde_json::to_vec(&*network).unwrap();
        prop_assert_eq!(read(&text).unwrap(), network);
    }
}

fn pointers(value: &Value, at: String, all: &mut Vec<String>) {
    match value {
        Value::Array(list) => {
            for (nth, value) in list.iter().enumerate() {
                pointers(value, format!("{at}/{nth}"), all);
            }
        }
        Value::Object(map) => {
            for (name, value) in map {
                pointers(value, format!("{at}/{name}"), all);
            }
        }
        _ => all.push(at),
    }
}

mod common;
