//! Files are read back, and no name is more than a name in them.

use super::bloodhound::bloodhound;
use super::drawio::drawio;
use super::svg::{Words, svg};
use crate::draw::draw;
use crate::model::Spots;
use crate::rules::design::findings;
use crate::rules::scene::View;
use komainu_exposure::model::ConnectionKind;
use komainu_i18n::Lang;
use komainu_inventory::{
    Asset, AssetDetails, AssetId, AssetKind, Connection, ConnectionDetails, ConnectionId, End, Ledger, Thing,
};
use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::{BTreeMap, BTreeSet};

fn uuid(number: u128) -> komainu_db::uuid::Uuid {
    komainu_db::uuid::Uuid::from_u128(number)
}

/// A zone in a zone, a server in it, a terminal in none; lines from the Internet and between the two.
fn ledger(name: &str) -> Ledger {
    let asset = |number: u128, kind, zone: Option<u128>| Asset {
        id: AssetId(uuid(number)),
        details: AssetDetails {
            zone: zone.map(|zone| AssetId(uuid(zone))),
            ..AssetDetails::named(kind, &format!("{name}{number}"))
        },
        version: 1,
    };
    let end = |number: u128| End::Thing(Thing::Asset(AssetId(uuid(number))));
    let line = |number: u128, kind, from, to| Connection {
        id: ConnectionId(uuid(number)),
        details: ConnectionDetails { name: name.to_owned(), ..ConnectionDetails::between(kind, from, to) },
        version: 1,
    };
    Ledger {
        revision: 7,
        assets: vec![
            asset(1, AssetKind::Zone, None),
            asset(2, AssetKind::Zone, Some(1)),
            asset(3, AssetKind::Server, Some(2)),
            asset(4, AssetKind::Terminal, None),
        ],
        connections: vec![
            line(10, ConnectionKind::RemoteDesktop, End::Internet, end(3)),
            line(11, ConnectionKind::FileShare, end(4), end(3)),
        ],
        ..Ledger::default()
    }
}

/// Every element with its attributes.
fn elements(xml: &str) -> Vec<(String, BTreeMap<String, String>)> {
    let (mut reader, mut all) = (Reader::from_str(xml), Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) | Event::Empty(element) => {
                let attributes = element.attributes().map(|attribute| {
                    let attribute = attribute.unwrap();
                    let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap();
                    (attribute.key.as_ref().to_owned(), value.into_owned())
                });
                all.push((element.name().as_ref().to_owned(), attributes.collect()));
            }
            Event::Eof => return all,
            Event::PI(_) | Event::DocType(_) | Event::CData(_) => panic!("nothing but elements and text"),
            _ => {}
        }
    }
}

fn picture(ledger: &Ledger) -> String {
    let found = findings(ledger, "2026-11-27".parse().unwrap());
    let data = draw(ledger, &Spots::new(), &found, Lang::Ja, View::Whole);
    let words = Words { title: "図", description: "説明", no_zone: "区画が未記入", links: true };
    svg(&data, &words)
}

#[test]
fn draw_io_has_zones_that_hold_their_things() {
    let ledger = ledger("もの");
    let found = findings(&ledger, "2026-11-27".parse().unwrap());
    let file = drawio(&draw(&ledger, &Spots::new(), &found, Lang::Ja, View::Whole), "図");
    let cells: Vec<_> = elements(&file).into_iter().filter(|(name, _)| name == "mxCell").collect();
    let cells: BTreeMap<&str, &BTreeMap<String, String>> =
        cells.iter().map(|(_, cell)| (cell["id"].as_str(), cell)).collect();
    let key = |number: u128| Thing::Asset(AssetId(uuid(number))).to_string();
    assert_eq!(cells[&*key(2)]["parent"], key(1));
    assert_eq!(cells[&*key(3)]["parent"], key(2));
    assert_eq!(cells[&*key(4)]["parent"], "1");
    assert!(cells[&*key(1)]["style"].contains("container=1"));
    for cell in cells.values().filter(|cell| cell.contains_key("edge")) {
        assert!(cells.contains_key(cell["source"].as_str()) && cells.contains_key(cell["target"].as_str()));
    }
    assert_eq!(cells.values().filter(|cell| cell.contains_key("edge")).count(), 2);
}

#[test]
fn a_picture_says_what_it_is_and_needs_no_style_of_its_own() {
    let file = picture(&ledger("もの"));
    let all = elements(&file);
    assert_eq!((all[0].0.as_str(), all[1].0.as_str(), all[2].0.as_str()), ("svg", "title", "desc"));
    assert!(all.iter().all(|(name, of)| name != "style" && name != "script" && !of.contains_key("style")));
    assert!(file.contains("もの3") && file.contains("区画が未記入"));
}

#[test]
fn bloodhound_gets_nodes_and_edges_of_our_kinds() {
    let ledger = ledger("もの");
    let file = bloodhound(&ledger, &findings(&ledger, "2026-11-27".parse().unwrap()));
    let list = |name: &str| file["graph"][name].as_array().unwrap().clone();
    let (nodes, edges) = (list("nodes"), list("edges"));
    let ids: BTreeSet<&str> = nodes.iter().map(|node| node["id"].as_str().unwrap()).collect();
    assert_eq!((ids.len(), edges.len()), (5, 4), "each once; two lines, two things in zones");
    let is_kind = |kind: &serde_json::Value| {
        let kind = kind.as_str().unwrap();
        kind.starts_with("Komainu") && kind.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    for node in &nodes {
        let kinds = node["kinds"].as_array().unwrap();
        assert!((1..=3).contains(&kinds.len()) && kinds.iter().all(is_kind));
        let flat = node["properties"].as_object().unwrap().values();
        assert!(flat.into_iter().all(|value| !value.is_object() && !value.is_array() && !value.is_null()));
    }
    for edge in &edges {
        assert!(is_kind(&edge["kind"]));
        for end in ["start", "end"] {
            assert!(ids.contains(edge[end]["value"].as_str().unwrap()));
        }
    }
    let desktop = edges.iter().find(|edge| edge["kind"] == "Komainu_RemoteDesktop").unwrap();
    assert_eq!(desktop["properties"]["danger"], 2);
    assert_eq!(desktop["start"]["value"], "KOMAINU:INTERNET");
}

proptest! {
    #[test]
    fn a_hostile_name_stays_a_name(name in "[\\PC<>&\"'\u{0}-\u{1f}]{0,40}", script in any::<bool>()) {
        let name = if script { format!("\"/><script>alert(1)</script>{name}") } else { name };
        let spaced = name.chars().map(|c| if "\n\r\t".contains(c) { ' ' } else { c });
        let shown: String = spaced.filter(|c| !c.is_control() && !"\u{fffe}\u{ffff}".contains(*c)).collect();
        let hostile = ledger(&name);
        let plain = ledger("x");
        let kinds = |xml: &str| elements(xml).into_iter().map(|(name, _)| name).filter(|name| name != "text").collect::<Vec<_>>();
        prop_assert_eq!(kinds(&picture(&hostile)), kinds(&picture(&plain)));
        let found = findings(&hostile, "2026-11-27".parse().unwrap());
        let file = drawio(&draw(&hostile, &Spots::new(), &found, Lang::En, View::Whole), &name);
        let cells = elements(&file);
        prop_assert_eq!(cells.len(), elements(&drawio(&draw(&plain, &Spots::new(), &found, Lang::En, View::Whole), "x")).len());
        let label = cells.iter().filter_map(|(_, cell)| cell.get("value")).any(|value| value.contains(shown.trim()));
        prop_assert!(label);
        let text = bloodhound(&hostile, &found).to_string();
        let back: serde_json::Value = serde_json::from_str(&text).unwrap();
        let named = format!("{name}3");
        prop_assert!(back["graph"]["nodes"].as_array().unwrap().iter().any(|node| node["properties"]["name"] == named.as_str()));
    }
}
