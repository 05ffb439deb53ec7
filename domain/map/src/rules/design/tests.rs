//! Each rule on a ledger that breaks it, and on one that does not.

use super::*;
use komainu_exposure::model::{ConnectionKind as Kind, Control, State};
use komainu_inventory::{
    Asset, AssetDetails, AssetId, AssetKind, Connection, ConnectionDetails, ConnectionId, Fact, Hosting,
    RelationKind, SystemDetails, SystemId, SystemRecord, Thing,
};
use komainu_vendor::VendorId;
use proptest::prelude::*;

fn uuid(number: u128) -> komainu_db::uuid::Uuid {
    komainu_db::uuid::Uuid::from_u128(number)
}

fn today() -> NaiveDate {
    "2026-11-27".parse().unwrap()
}

const VENDOR: End = End::Vendor(VendorId(komainu_db::uuid::Uuid::from_u128(900)));

#[derive(Default)]
struct Sketch(Ledger);

impl Sketch {
    fn thing(&mut self, kind: AssetKind, change: impl FnOnce(&mut AssetDetails)) -> Thing {
        let id = AssetId(uuid(self.0.assets.len() as u128 + 1));
        let mut details = AssetDetails::named(kind, "もの");
        change(&mut details);
        self.0.assets.push(Asset { id, details, version: 1 });
        Thing::Asset(id)
    }

    fn system(&mut self, kind: &str) -> Thing {
        let id = SystemId(uuid(500 + self.0.systems.len() as u128));
        let details = SystemDetails::named(kind.parse().unwrap(), kind, Hosting::OnPremises);
        self.0.systems.push(SystemRecord::new(id, 1, &details));
        Thing::System(id)
    }

    fn line(&mut self, kind: Kind, from: End, to: Thing, change: impl FnOnce(&mut ConnectionDetails)) {
        let id = ConnectionId(uuid(700 + self.0.connections.len() as u128));
        let mut details = ConnectionDetails::between(kind, from, End::Thing(to));
        details.facts.set(Fact::HowToCut, "線を抜く").unwrap();
        change(&mut details);
        self.0.connections.push(Connection { id, details, version: 1 });
    }

    fn found(&self) -> Vec<(&'static str, Severity)> {
        findings(&self.0, today()).iter().map(|one| (one.rule.number(), one.severity)).collect()
    }
}

fn set(details: &mut AssetDetails, fact: Fact, text: &str) {
    details.facts.set(fact, text).unwrap();
}

fn control(details: &mut AssetDetails, control: Control, there: bool) {
    details.controls.insert(control, if there { State::Present } else { State::Absent });
}

fn line_control(details: &mut ConnectionDetails, control: Control, there: bool) {
    details.controls.insert(control, if there { State::Present } else { State::Absent });
}

fn zone_of(thing: Thing) -> Option<AssetId> {
    thing.asset()
}

use AssetKind as K;
use Severity::{Ask, Danger, Warn};

#[test]
fn numbers_are_in_order_and_sources_and_items_exist() {
    let catalog = komainu_catalog::Catalog::embedded().unwrap();
    for (at, rule) in Rule::ALL.iter().enumerate() {
        assert_eq!(rule.number(), format!("N{}", at + 1));
        for item in rule.items() {
            assert!(catalog.item(&item.parse().unwrap()).is_some(), "{item}");
        }
        for source in rule.sources() {
            assert!(catalog.source(&source.parse().unwrap()).is_some(), "{source}");
        }
    }
}

#[test]
fn n1_zones_joined() {
    for (filtered, expected) in
        [(None, vec![("N1", Warn)]), (Some(false), vec![("N1", Danger)]), (Some(true), vec![])]
    {
        let mut sketch = Sketch::default();
        let (one, other) = (sketch.thing(K::Zone, |_| {}), sketch.thing(K::Zone, |_| {}));
        let state = |line: &mut ConnectionDetails| {
            if let Some(filtered) = filtered {
                line_control(line, Control::Filtered, filtered);
            }
        };
        sketch.line(Kind::LanSegment, End::Thing(one), other, state);
        assert_eq!(sketch.found(), expected);
        let mut sketch = Sketch::default();
        let (one, other) = (sketch.thing(K::Zone, |_| {}), sketch.thing(K::Zone, |_| {}));
        let device = sketch.thing(K::NetworkDevice, |_| {});
        sketch.line(Kind::LanSegment, End::Thing(one), device, state);
        sketch.line(Kind::LanSegment, End::Thing(other), device, state);
        assert_eq!(sketch.found(), expected);
    }
}

#[test]
fn n2_vendor_to_records() {
    let mut sketch = Sketch::default();
    let records = sketch.thing(K::Server, |it| set(it, Fact::HoldsRecords, "yes"));
    let plain = sketch.thing(K::Server, |it| set(it, Fact::HoldsRecords, "no"));
    let system = sketch.system("emr-on-premises");
    sketch.thing(K::Backup, |it| {
        it.relations.insert((RelationKind::CopyOf, records));
        control(it, Control::OfflineCopy, true);
    });
    for thing in [records, plain, system] {
        sketch.line(Kind::Hl7, VENDOR, thing, |_| {});
    }
    assert_eq!(sketch.found(), [("N2", Danger), ("N2", Danger)]);
}

#[test]
fn n3_n5_n23_lines_from_outside() {
    let mut sketch = Sketch::default();
    let thing = sketch.thing(K::Terminal, |_| {});
    sketch.line(Kind::RemoteMaintenance, VENDOR, thing, |it| {
        line_control(it, Control::SourceLimited, true);
        line_control(it, Control::OnDemand, false);
    });
    assert_eq!(sketch.found(), [("N23", Warn)]);
    sketch.line(Kind::RemoteDesktop, End::Internet, thing, |_| {});
    assert_eq!(sketch.found(), [("N5", Danger), ("N3", Warn), ("N23", Warn)]);
    let mut outwards = Sketch::default();
    let thing = outwards.thing(K::Terminal, |_| {});
    outwards.line(Kind::Internet, End::Internet, thing, |it| std::mem::swap(&mut it.from, &mut it.to));
    assert_eq!(outwards.found(), []);
}

#[test]
fn n4_and_n11_a_weak_box() {
    let mut sketch = Sketch::default();
    let vpn = sketch.thing(K::NetworkDevice, |it| set(it, Fact::SupportEnds, "2026-11-26"));
    sketch.line(Kind::Vpn, End::Internet, vpn, |it| line_control(it, Control::SourceLimited, true));
    assert_eq!(sketch.found(), [("N4", Danger), ("N11", Danger)]);
    let good = |it: &mut AssetDetails| {
        set(it, Fact::SupportEnds, "2026-11-27");
        control(it, Control::Updates, true);
        control(it, Control::TwoFactor, true);
    };
    let mut sketch = Sketch::default();
    let vpn = sketch.thing(K::NetworkDevice, good);
    sketch.line(Kind::Vpn, End::Internet, vpn, |it| line_control(it, Control::SourceLimited, true));
    assert_eq!(sketch.found(), []);
}

#[test]
fn n6_to_n10_copies() {
    let mut sketch = Sketch::default();
    let zone = sketch.thing(K::Zone, |_| {});
    let domain = sketch.thing(K::Server, |_| {});
    let server = sketch.thing(K::Server, |it| {
        set(it, Fact::HoldsRecords, "yes");
        it.zone = zone_of(zone);
        it.relations.insert((RelationKind::ManagedBy, domain));
    });
    assert_eq!(sketch.found(), [("N10", Warn)]);
    let copy = sketch.thing(K::Backup, |it| {
        it.zone = zone_of(zone);
        it.relations.insert((RelationKind::CopyOf, server));
        it.relations.insert((RelationKind::ManagedBy, domain));
        control(it, Control::OfflineCopy, false);
    });
    sketch.thing(K::AccountGroup, |it| {
        set(it, Fact::Administrator, "yes");
        it.relations.extend([(RelationKind::Opens, server), (RelationKind::Opens, copy)]);
    });
    let all = [("N7", Danger), ("N8", Danger), ("N9", Danger), ("N13", Danger), ("N6", Warn)];
    assert_eq!(sketch.found(), all);
    sketch.thing(K::Backup, |it| {
        it.relations.insert((RelationKind::CopyOf, server));
        control(it, Control::OfflineCopy, true);
    });
    assert_eq!(sketch.found(), [all[0], all[1], all[3], all[4]], "one copy is off every line");
}

#[test]
fn n11_n12_n14_n15_what_shares_a_zone() {
    let mut sketch = Sketch::default();
    let zone = sketch.thing(K::Zone, |_| {});
    let inside = |it: &mut AssetDetails| it.zone = zone_of(zone);
    sketch.thing(K::Terminal, |it| {
        inside(it);
        set(it, Fact::ReadsMail, "yes");
        control(it, Control::Supported, false);
        control(it, Control::AntivirusLocked, false);
    });
    let device = sketch.thing(K::MedicalDevice, |it| {
        inside(it);
        set(it, Fact::Patchable, "no");
    });
    let other = sketch.thing(K::Server, inside);
    sketch.line(Kind::Dicom, End::Thing(device), other, |_| {});
    sketch.line(Kind::Cloud, End::Internet, device, |it| std::mem::swap(&mut it.from, &mut it.to));
    let expected = [("N14", Danger), ("N11", Warn), ("N12", Warn), ("N15", Warn), ("N22", Warn)];
    assert_eq!(sketch.found(), expected);
}

#[test]
fn n16_to_n18_lines_that_nobody_minds() {
    let mut sketch = Sketch::default();
    let device = sketch.thing(K::MedicalDevice, |_| {});
    sketch.line(Kind::LteRouter, End::Internet, device, |it| {
        std::mem::swap(&mut it.from, &mut it.to);
        it.facts.set(Fact::HowToCut, "").unwrap();
        it.facts.set(Fact::LastUsed, "2026-05-30").unwrap();
    });
    assert_eq!(sketch.found(), [("N17", Warn), ("N18", Warn), ("N16", Ask)]);
    let mut sketch = Sketch::default();
    let device = sketch.thing(K::MedicalDevice, |it| set(it, Fact::Keeper, "放射線科"));
    sketch.line(Kind::LteRouter, End::Internet, device, |it| {
        std::mem::swap(&mut it.from, &mut it.to);
        it.facts.set(Fact::LastUsed, "2026-05-31").unwrap();
    });
    assert_eq!(sketch.found(), []);
}

#[test]
fn n19_n20_n21_records_mail_and_eligibility() {
    let mut sketch = Sketch::default();
    let system = sketch.system("eligibility-terminal");
    sketch.line(Kind::IpVpn, End::Internet, system, |_| {});
    assert_eq!(sketch.found(), []);
    sketch.line(Kind::Cloud, End::Internet, system, |_| {});
    let store = sketch.thing(K::CloudService, |it| {
        set(it, Fact::HoldsRecords, "yes");
        set(it, Fact::RemotePrograms, "AnyDesk");
    });
    let mail = sketch.thing(K::Terminal, |it| set(it, Fact::ReadsMail, "yes"));
    sketch.line(Kind::FileShare, End::Thing(mail), store, |_| {});
    assert_eq!(sketch.found(), [("N19", Warn), ("N20", Warn), ("N21", Warn)]);
}

/// A ledger of a few things of any kind with any lines between them.
fn any_ledger() -> impl Strategy<Value = Ledger> {
    let kinds = prop::collection::vec((0..K::ALL.len(), 0..4_u8), 1..12);
    let lines = prop::collection::vec((0..Kind::ALL.len(), 0..12_usize, 0..13_usize, any::<bool>()), 0..20);
    (kinds, lines).prop_map(|(kinds, lines)| {
        let mut sketch = Sketch::default();
        let things: Vec<Thing> = kinds
            .into_iter()
            .map(|(kind, facts)| {
                sketch.thing(K::ALL[kind], |it| {
                    if facts & 1 == 1 {
                        set(it, Fact::HoldsRecords, "yes");
                    }
                    if facts & 2 == 2 {
                        set(it, Fact::ReadsMail, "yes");
                    }
                })
            })
            .collect();
        for (kind, from, to, both) in lines {
            let (from, to) = (things.get(from).copied(), things[to % things.len()]);
            let from = from.map_or(End::Internet, End::Thing);
            if from != End::Thing(to) {
                sketch.line(Kind::ALL[kind], from, to, |it| it.both_ways = both);
            }
        }
        sketch.0
    })
}

proptest! {
    #[test]
    fn findings_name_what_there_is_and_do_not_depend_on_the_moment(ledger in any_ledger()) {
        let found = findings(&ledger, today());
        let index = ledger.index();
        for finding in &found {
            prop_assert!(finding.line.is_some() || !finding.things.is_empty());
            prop_assert!(finding.line.is_none_or(|id| index.connection(id).is_some()));
            prop_assert!(finding.things.iter().all(|end| index.end_name(*end).is_some()));
        }
        prop_assert!(found.windows(2).all(|two| two[0].severity >= two[1].severity));
        prop_assert_eq!(&found, &findings(&ledger, today()));
    }

    #[test]
    fn a_line_that_is_taken_away_makes_no_finding_about_lines(ledger in any_ledger()) {
        let alone = Ledger { connections: Vec::new(), ..ledger };
        prop_assert!(findings(&alone, today()).iter().all(|finding| finding.line.is_none()));
    }
}
