//! The ledger for BloodHound, as OpenGraph JSON: nodes and edges with kinds of ours, ids that match nothing of anybody else's.
//!
//! The format: `graph.nodes` with `id`, one to three `kinds` and flat `properties`; `graph.edges` with `kind`, and `start` and
//! `end` that name a node by its id. Kinds are letters, digits and underscores.

use crate::rules::design::Finding;
use komainu_exposure::model::{Control, Controls, State};
use komainu_inventory::{AssetKind, End, Fact, Ledger, RelationKind, Thing};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

/// The kind that all our nodes have.
const OURS: &str = "Komainu";

/// The ledger, with how dangerous each thing and line is by what was found.
pub fn bloodhound(ledger: &Ledger, found: &[Finding]) -> Value {
    let (mut ends, mut lines) = (HashMap::new(), HashMap::new());
    for finding in found {
        let level = finding.severity.level();
        for end in &finding.things {
            let known: &mut u8 = ends.entry(*end).or_default();
            *known = level.max(*known);
        }
        if let Some(line) = finding.line {
            let known: &mut u8 = lines.entry(line).or_default();
            *known = level.max(*known);
        }
    }
    let danger = |end: End| ends.get(&end).copied().unwrap_or_default();
    let mut nodes = vec![node(End::Internet, "Internet", "Internet", Map::new(), danger(End::Internet))];
    for vendor in &ledger.vendors {
        let end = End::Vendor(vendor.id);
        nodes.push(node(end, "Vendor", &vendor.name, Map::new(), danger(end)));
    }
    for system in &ledger.systems {
        let end = End::Thing(Thing::System(system.id));
        let more = Map::from_iter([("systemkind".to_owned(), json!(system.kind.as_str()))]);
        nodes.push(node(end, "System", &system.name, more, danger(end)));
    }
    for asset in &ledger.assets {
        let (end, details) = (End::Thing(Thing::Asset(asset.id)), &asset.details);
        let mut more = controls(&details.controls);
        for (name, fact) in [
            ("holdsrecords", Fact::HoldsRecords),
            ("readsmail", Fact::ReadsMail),
            ("takesmedia", Fact::TakesMedia),
        ] {
            if let Some(yes) = details.facts.yes(fact) {
                more.insert(name.to_owned(), json!(yes));
            }
        }
        nodes.push(node(end, asset_kind(details.kind), &details.name, more, danger(end)));
    }
    let edges = edges(ledger, &|id| lines.get(&id).copied().unwrap_or_default());
    json!({ "metadata": { "source_kind": OURS }, "graph": { "nodes": nodes, "edges": edges } })
}

fn edges(ledger: &Ledger, danger: &dyn Fn(komainu_inventory::ConnectionId) -> u8) -> Vec<Value> {
    let mut edges = Vec::new();
    for line in &ledger.connections {
        let details = &line.details;
        let mut more = controls(&details.controls);
        more.insert("line".to_owned(), json!(line.id));
        more.insert("name".to_owned(), json!(details.name));
        more.insert("danger".to_owned(), json!(danger(line.id)));
        let kind = camel(details.kind.code());
        edges.push(edge(&kind, details.from, details.to, more.clone()));
        if details.both_ways {
            edges.push(edge(&kind, details.to, details.from, more));
        }
    }
    let things: HashSet<Thing> = ledger.assets.iter().map(|asset| Thing::Asset(asset.id)).collect();
    for asset in &ledger.assets {
        let own = End::Thing(Thing::Asset(asset.id));
        let zone = asset.details.zone.map(Thing::Asset).filter(|zone| things.contains(zone));
        if let Some(zone) = zone {
            edges.push(edge("Contains", End::Thing(zone), own, Map::new()));
        }
        if let Some(system) = asset.details.system {
            edges.push(edge("PartOf", own, End::Thing(Thing::System(system)), Map::new()));
        }
        for (relation, thing) in &asset.details.relations {
            // An attacker goes from the manager to what it manages, and from where a password lies to the account.
            let (from, to) = match relation {
                RelationKind::ManagedBy | RelationKind::FoundOn => (End::Thing(*thing), own),
                RelationKind::Needs | RelationKind::CopyOf | RelationKind::Opens => (own, End::Thing(*thing)),
            };
            let kind = match relation {
                RelationKind::ManagedBy => "Manages",
                RelationKind::FoundOn => "KeepsPasswordOf",
                RelationKind::Needs => "Needs",
                RelationKind::CopyOf => "CopyOf",
                RelationKind::Opens => "Opens",
            };
            edges.push(edge(kind, from, to, Map::new()));
        }
    }
    edges
}

fn node(end: End, kind: &str, name: &str, mut properties: Map<String, Value>, danger: u8) -> Value {
    properties.insert("name".to_owned(), json!(name));
    properties.insert("displayname".to_owned(), json!(name));
    properties.insert("danger".to_owned(), json!(danger));
    json!({ "id": id(end), "kinds": [format!("{OURS}_{kind}"), OURS], "properties": properties })
}

fn edge(kind: &str, from: End, to: End, properties: Map<String, Value>) -> Value {
    json!({
        "kind": format!("{OURS}_{kind}"),
        "start": { "match_by": "id", "value": id(from) },
        "end": { "match_by": "id", "value": id(to) },
        "properties": properties,
    })
}

/// BloodHound writes ids in capitals; ours are so from the start.
fn id(end: End) -> String {
    format!("{OURS}:{end}").to_uppercase()
}

fn controls(controls: &Controls) -> Map<String, Value> {
    let text = |control: &Control| format!("control_{}", control.code());
    controls
        .iter()
        .filter(|(_, state)| **state != State::Unknown)
        .map(|(control, state)| (text(control), json!(*state == State::Present)))
        .collect()
}

fn asset_kind(kind: AssetKind) -> &'static str {
    match kind {
        AssetKind::Server => "Server",
        AssetKind::Terminal => "Terminal",
        AssetKind::NetworkDevice => "NetworkDevice",
        AssetKind::MedicalDevice => "MedicalDevice",
        AssetKind::OfficeDevice => "OfficeDevice",
        AssetKind::CloudService => "CloudService",
        AssetKind::DataStore => "DataStore",
        AssetKind::Backup => "Backup",
        AssetKind::AccountGroup => "AccountGroup",
        AssetKind::Zone => "Zone",
        AssetKind::Place => "Place",
        AssetKind::CareProcess => "CareProcess",
    }
}

/// `file_share` as `FileShare`.
fn camel(code: &str) -> String {
    code.split('_')
        .flat_map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|c| c.to_ascii_uppercase());
            first.into_iter().chain(letters).collect::<Vec<_>>()
        })
        .collect()
}
