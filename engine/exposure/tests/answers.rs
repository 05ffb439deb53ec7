//! What stops, what comes back first, and what is said of it.

#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod common;

use komainu_exposure::model::{Control, Dependency, Network, Node, NodeKind, Place, State};
use komainu_exposure::{
    Change, Checked, FaultCode, GoalKind, Options, Report, Restored, Table, Worlds, accept, restoration,
    what_if,
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Read once: the properties ask for it many times.
static TABLE: LazyLock<Table> = LazyLock::new(|| Table::embedded().unwrap());

/// Servers with hours, care processes with priorities, and who needs whom.
fn house(servers: &[(&str, f64)], care: &[(&str, u8)], needs: &[(&str, &str)]) -> Network {
    let mut network = Network::default();
    for &(id, hours) in servers {
        let mut node = Node::new(id, NodeKind::Terminal);
        node.recovery_hours = Some(hours);
        network.nodes.push(node);
    }
    for &(id, priority) in care {
        let mut node = Node::new(id, NodeKind::CareProcess);
        node.priority = Some(priority);
        network.nodes.push(node);
    }
    network.dependencies = needs.iter().map(|&(of, on)| Dependency::new(of, on)).collect();
    network
}

fn ids(order: &[Restored]) -> Vec<&str> {
    order.iter().map(|restored| restored.id.as_str()).collect()
}

#[test]
fn what_brings_back_most_urgency_an_hour_comes_first() {
    let network = house(
        &[("directory", 2.0), ("record", 10.0), ("meals", 3.0), ("unneeded", 1.0)],
        &[("wards", 5), ("kitchen", 3), ("planning", 1)],
        &[("record", "directory"), ("wards", "record"), ("kitchen", "meals"), ("planning", "wards")],
    );
    let order = restoration(&network, &TABLE);
    assert_eq!(ids(&order), ["meals", "directory", "record"]);
    assert_eq!(order[0].returns, ["kitchen"]);
    assert_eq!(order[2].returns, ["wards", "planning"]);
    assert!((order[2].done - 15.0).abs() < 1e-9);
}

#[test]
fn unplugging_says_which_care_stops() {
    let mut network = house(
        &[("record", 1.0), ("printer", 1.0)],
        &[("wards", 5), ("letters", 1)],
        &[("wards", "record"), ("letters", "printer")],
    );
    network.dependencies.push(Dependency { required: false, ..Dependency::new("wards", "printer") });
    let network = accept(network).unwrap();
    let unplug = |id: &str| what_if(&network, &TABLE, &[Change::Unplug(id.to_owned())], Worlds::default());
    assert_eq!(unplug("record").unwrap().stops, ["wards"]);
    assert_eq!(unplug("printer").unwrap().stops, ["letters"]);
    assert_eq!(unplug("nothing").unwrap_err()[0].code, FaultCode::UnknownEnd);
    let misplaced = Change::SetControl {
        is: Place::Node,
        id: "record".to_owned(),
        control: Control::SourceLimited,
        state: State::Present,
    };
    let faults = what_if(&network, &TABLE, &[misplaced], Worlds::default()).unwrap_err();
    assert_eq!(faults[0].code, FaultCode::ControlMisplaced);
}

fn case(name: &str) -> Checked {
    let path = format!("{}/tests/cases/{name}.json", env!("CARGO_MANIFEST_DIR"));
    komainu_exposure::read(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn an_offline_copy_saves_the_backup_and_cutting_the_line_everything() {
    let network = case("handa-2021");
    let hits = |changes: &[Change]| -> BTreeMap<(GoalKind, Option<String>), (u32, u32)> {
        let outcome = what_if(&network, &TABLE, changes, Worlds::default()).unwrap();
        let pair = |shift: komainu_exposure::Shift| {
            ((shift.goal, shift.process), (shift.before.unwrap().hits, shift.after.unwrap().hits))
        };
        outcome.shifts.into_iter().map(pair).collect()
    };
    let offline = hits(&[Change::SetControl {
        is: Place::Node,
        id: "backup".to_owned(),
        control: Control::OfflineCopy,
        state: State::Present,
    }]);
    let backup = offline[&(GoalKind::BackupDestroyed, None)];
    assert!(backup.1 * 10 < backup.0, "{backup:?}");
    let records = offline[&(GoalKind::RecordsEncrypted, None)];
    assert_eq!(records.0, records.1, "the same worlds before and after");
    let cut = hits(&[Change::CutLine("vpn".to_owned())]);
    assert!(cut.values().all(|&(before, after)| before > 0 && after == 0), "{cut:?}");
}

#[test]
fn the_report_is_told_in_english_and_in_json() {
    let report = Report::of(&case("osaka-2022"), &TABLE, Options::default());
    let text = report.to_string();
    for part in
        ["meal-line", "The password common-password is read on meal-server", "checklist: source-restriction"]
    {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["stories"][0]["entry"], "vpn");
    assert_eq!(json["fixes"][0]["fix"]["places"][0]["is"], "connection");
    assert_eq!(json["fixes"][0]["fix"]["items"][0], "source-restriction");
    assert!(json["goals"][0]["estimate"]["low"].as_f64() < json["goals"][0]["estimate"]["high"].as_f64());
    assert_eq!(report, Report::of(&case("osaka-2022"), &TABLE, Options::default()), "the same every time");
}

proptest! {
    /// Nothing is restored before what it needs, everything needed once, and each process returns when all is there.
    #[test]
    fn the_order_of_restoring_holds_what_must_hold(
        hours in prop::collection::vec(0.0..50.0_f64, 8),
        priorities in prop::collection::vec(1_u8..=5, 4),
        needs in prop::collection::btree_set((0_usize..12, 0_usize..8), 0..20),
    ) {
        let servers: Vec<String> = (0..8).map(|at| format!("s{at}")).collect();
        let care: Vec<String> = (0..4).map(|at| format!("c{at}")).collect();
        let named = |at: usize| if at < 8 { servers[at].as_str() } else { care[at - 8].as_str() };
        // Downwards only, so that there is no circle.
        let needs: Vec<(&str, &str)> =
            needs.iter().filter(|(of, on)| of > on).map(|&(of, on)| (named(of), named(on))).collect();
        let of_servers: Vec<(&str, f64)> = servers.iter().map(String::as_str).zip(hours).collect();
        let of_care: Vec<(&str, u8)> = care.iter().map(String::as_str).zip(priorities).collect();
        let network = house(&of_servers, &of_care, &needs);
        let order = restoration(&network, &TABLE);
        let place: BTreeMap<&str, usize> = ids(&order).into_iter().enumerate().map(|(at, id)| (id, at)).collect();
        prop_assert_eq!(place.len(), order.len());
        for &(of, on) in &needs {
            if let Some(of) = place.get(of) {
                prop_assert!(place[on] < *of);
            }
        }
        for care in &care {
            let direct: Vec<usize> = needs.iter().filter(|need| need.0 == care).map(|need| place[need.1]).collect();
            let returns = order.iter().position(|restored| restored.returns.contains(care));
            prop_assert_eq!(returns, direct.into_iter().max());
        }
    }
}
