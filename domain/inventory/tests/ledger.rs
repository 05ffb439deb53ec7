//! Things and lines, on both databases: one by one, and many at once.
#![allow(clippy::unwrap_used)]

#[path = "../../institution/tests/common/mod.rs"]
mod common;

use common::{House, LOOKING, because, denied, missing, plain};
use komainu_access::{OrganisationId, Scope};
use komainu_db::testing::each_database;
use komainu_db::{Backend, DbError, Outside, Statement};
use komainu_exposure::model::{ConnectionKind, Control, State};
use komainu_inventory::actions::{
    AssetRefusal, ConnectionRefusal, Edit, EditRefusal, RemovalRefusal, asset_add, asset_change, asset_get,
    asset_lines, asset_remove, connection_add, connection_change, connection_get, connection_remove,
    edits_flaws, ledger, ledger_edit, ledger_followed, ledger_revision, ledgers_behind, named_by, system_add,
    system_lines, system_remove,
};
use komainu_inventory::rules::{Flaw, Road};
use komainu_inventory::{
    AssetDetails, AssetId, AssetKind, ConnectionDetails, ConnectionId, End, Fact, Facts, Hosting, Ledger,
    RelationKind, Relations, STATEMENTS, SystemDetails, Thing, other_kind,
};
use komainu_vendor::VendorDetails;
use komainu_vendor::actions::{RemoveRefusal, vendor_add, vendor_remove};
use komainu_web::{Conflict, Failure};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::HashSet;
use std::sync::Arc;

fn zone(name: &str) -> AssetDetails {
    AssetDetails::named(AssetKind::Zone, name)
}

fn server(name: &str) -> AssetDetails {
    let mut details = AssetDetails::named(AssetKind::Server, name);
    details.facts.set(Fact::Address, "192.168.10.5").unwrap();
    details.facts.set(Fact::SupportEnds, "2027-10-12").unwrap();
    details.controls.insert(Control::Updates, State::Absent);
    details.note = "床下の線".into();
    details
}

fn at(id: AssetId) -> End {
    End::Thing(Thing::Asset(id))
}

fn vpn(to: End) -> ConnectionDetails {
    ConnectionDetails::between(ConnectionKind::Vpn, End::Internet, to)
}

fn add(house: &House, details: &AssetDetails) -> AssetId {
    house.write(|tx| asset_add(tx, &house.nature, &house.director, details)).unwrap()
}

fn connect(house: &House, details: &ConnectionDetails) -> ConnectionId {
    house.write(|tx| connection_add(tx, &house.nature, &house.director, details)).unwrap()
}

fn whole(house: &House) -> Ledger {
    Arc::unwrap_or_clone(house.read(|tx| ledger(tx, &house.director)).unwrap())
}

#[test]
fn what_is_kept_of_a_ledger_is_never_older_than_the_ledger() {
    each_database(|db| {
        let house = House::new(db);
        let (nature, director) = (&house.nature, &house.director);
        let kept = || house.read(|tx| ledger(tx, director)).unwrap();
        let add = |name: &str| {
            let details = AssetDetails::named(AssetKind::Server, name);
            house.write(|tx| asset_add(tx, nature, director, &details)).unwrap()
        };
        let first = add("一台目");
        let before = kept();
        assert!(Arc::ptr_eq(&before, &kept()), "nothing changed: it is the same");
        add("二台目");
        assert_eq!((before.assets.len(), kept().assets.len()), (1, 2));
        // What a change sees of itself is gone with it.
        let undone: Result<(), Failure> = house.write(|tx| {
            asset_remove(tx, nature, director, first, 1, false).map_err(|_| Failure::NotFound)?;
            assert_eq!(ledger(tx, director)?.assets.len(), 1);
            Err(Failure::NotFound)
        });
        assert!(undone.is_err());
        assert_eq!(kept().assets.len(), 2);
        let vendor = VendorDetails { name: "新しい業者".to_owned(), ..VendorDetails::default() };
        house.write(|tx| vendor_add(tx, nature, director, &vendor)).unwrap();
        assert_eq!(
            kept().vendors.len(),
            1,
            "a vendor is none of the ledger's changes and is seen all the same"
        );
        assert!(house.read(|tx| ledger(tx, &house.neighbour)).unwrap().assets.is_empty());
    });
}

#[test]
fn a_thing_comes_changes_and_goes() {
    each_database(|db| {
        let house = House::new(db);
        let (nature, scope) = (&house.nature, &house.director);
        let clinical = add(&house, &zone("診療の線"));
        let details = AssetDetails { zone: Some(clinical), ..server("電子カルテの本体") };
        let id = add(&house, &details);
        let stored = house.read(|tx| asset_get(tx, scope, id)).unwrap();
        assert_eq!((&stored.details, stored.version), (&details, 1));
        let before = house.read(|tx| ledger_revision(tx, scope)).unwrap();
        house.write(|tx| asset_change(tx, nature, scope, id, 1, &details)).unwrap();
        assert_eq!(house.read(|tx| ledger_revision(tx, scope)).unwrap(), before, "nothing was changed");
        let renamed = AssetDetails { name: "本体".into(), ..details.clone() };
        house.write(|tx| asset_change(tx, nature, scope, id, 1, &renamed)).unwrap();
        let outcome = house.write(|tx| asset_change(tx, nature, scope, id, 1, &details));
        let AssetRefusal::Conflict(theirs) = because(outcome) else { panic!("no conflict") };
        assert_eq!((theirs.details, theirs.version), (renamed, 2));
        let remove =
            |id, version, clear| house.write(|tx| asset_remove(tx, nature, scope, id, version, clear));
        let RemovalRefusal::Conflict(theirs) = because(remove(id, 1, true)) else { panic!("no conflict") };
        assert_eq!(theirs.version, 2);
        let named = vec![(id, "本体".to_owned())];
        assert_eq!(because(remove(clinical, 1, false)), RemovalRefusal::Named(named), "nobody was told");
        assert_eq!(house.read(|tx| asset_get(tx, scope, id)).unwrap().details.zone, Some(clinical));
        remove(clinical, 1, true).unwrap();
        let left = house.read(|tx| asset_get(tx, scope, id)).unwrap();
        assert_eq!((left.details.zone, left.version), (None, 3), "the zone went, the server stayed");
        remove(id, 3, false).unwrap();
        assert_eq!(whole(&house).assets, []);
        let told: Vec<_> = house.log(scope).into_iter().filter(|it| it.starts_with("asset")).collect();
        assert_eq!(told, ["asset_add", "asset_add", "asset_change", "asset_remove", "asset_remove"]);
    });
}

#[test]
fn a_line_comes_changes_and_goes() {
    each_database(|db| {
        let house = House::new(db);
        let (nature, scope) = (&house.nature, &house.director);
        let id = connect(&house, &vpn(at(add(&house, &server("VPN装置")))));
        let mut changed = house.read(|tx| connection_get(tx, scope, id)).unwrap().details;
        changed.facts.set(Fact::HowToCut, "電源を切る").unwrap();
        changed.controls.insert(Control::SourceLimited, State::Absent);
        // A control of things does not belong to a line; it is left out.
        let mut sent = changed.clone();
        sent.controls.insert(Control::Antivirus, State::Present);
        house.write(|tx| connection_change(tx, nature, scope, id, 1, &sent)).unwrap();
        let stored = house.read(|tx| connection_get(tx, scope, id)).unwrap();
        assert_eq!((&stored.details, stored.version), (&changed, 2));
        let other = ConnectionDetails { name: "別".into(), ..changed.clone() };
        let outcome = house.write(|tx| connection_change(tx, nature, scope, id, 1, &other));
        let ConnectionRefusal::Conflict(theirs) = because(outcome) else { panic!("no conflict") };
        assert_eq!(theirs.details, changed);
        let Conflict(_) = because(house.write(|tx| connection_remove(tx, nature, scope, id, 1)));
        house.write(|tx| connection_remove(tx, nature, scope, id, 2)).unwrap();
        assert_eq!(whole(&house).connections, []);
    });
}

#[test]
fn lines_and_mentions_go_with_what_they_are_about() {
    each_database(|db| {
        let house = House::new(db);
        let (nature, scope) = (&house.nature, &house.director);
        let details = SystemDetails::named(other_kind(), "電子カルテ", Hosting::OnPremises);
        let system = house.write(|tx| system_add(tx, nature, scope, &details)).unwrap();
        let [of_system, of_backup] =
            [Thing::System(system), Thing::Asset(add(&house, &server("控えの本体")))];
        let mut details = AssetDetails { system: Some(system), ..server("本体") };
        details.relations = [(RelationKind::Needs, of_backup)].into();
        let id = add(&house, &details);
        let mut care = AssetDetails::named(AssetKind::CareProcess, "外来");
        care.relations = [(RelationKind::Needs, of_system), (RelationKind::Needs, Thing::Asset(id))].into();
        let care = add(&house, &care);
        connect(&house, &vpn(at(id)));
        connect(&house, &vpn(End::Thing(of_system)));
        let inner = ConnectionDetails::between(ConnectionKind::LanSegment, at(id), End::Thing(of_system));
        connect(&house, &inner);
        assert_eq!(house.read(|tx| asset_lines(tx, scope, id)).unwrap(), 2);
        assert_eq!(house.read(|tx| system_lines(tx, scope, system)).unwrap(), 2);

        let naming = |thing| house.read(|tx| named_by(tx, scope, thing)).unwrap();
        let names = |thing| naming(thing).into_iter().map(|(_, name)| name).collect::<HashSet<_>>();
        assert_eq!(naming(Thing::Asset(id)), [(care, "外来".to_owned())]);
        let both = HashSet::from(["本体".to_owned(), "外来".to_owned()]);
        assert_eq!(names(of_system), both, "what belongs to it and what needs it");
        assert_eq!(names(of_backup), HashSet::from(["本体".to_owned()]));
        house.write(|tx| asset_remove(tx, nature, scope, id, 1, true)).unwrap();
        let left = whole(&house);
        assert_eq!(left.connections.len(), 1);
        let stored = house.read(|tx| asset_get(tx, scope, care)).unwrap();
        assert_eq!(stored.details.relations, Relations::from([(RelationKind::Needs, of_system)]));
        house.write(|tx| system_remove(tx, nature, scope, system, 1)).unwrap();
        let left = whole(&house);
        assert_eq!(left.connections, []);
        assert!(left.assets.iter().all(|it| it.details.system.is_none() && it.details.relations.is_empty()));
        let lines = house.log(scope).into_iter().filter(|it| it == "connection_remove").count();
        assert_eq!(lines, 3, "each line that went is in the log");
    });
}

#[test]
fn what_makes_no_sense_is_refused() {
    each_database(|db| {
        let house = House::new(db);
        let (nature, scope) = (&house.nature, &house.director);
        let machine = add(&house, &server("本体"));
        let (outer, inner) = (add(&house, &zone("外")), add(&house, &zone("内")));
        let refused =
            |details: AssetDetails| because(house.write(|tx| asset_add(tx, nature, scope, &details)));
        assert_eq!(refused(AssetDetails { zone: Some(machine), ..server("x") }), AssetRefusal::NoZone);
        assert_eq!(refused(AssetDetails { place: Some(outer), ..server("x") }), AssetRefusal::NoPlace);
        let change =
            |id, details: &AssetDetails| house.write(|tx| asset_change(tx, nature, scope, id, 1, details));
        change(inner, &AssetDetails { zone: Some(outer), ..zone("内") }).unwrap();
        let circle = change(outer, &AssetDetails { zone: Some(inner), ..zone("外") });
        assert_eq!(because(circle), AssetRefusal::Circle);
        assert_eq!(
            because(change(outer, &AssetDetails { zone: Some(outer), ..zone("外") })),
            AssetRefusal::Circle
        );
        assert_eq!(because(change(outer, &server("外"))), AssetRefusal::KindInUse);
        let mut own = server("本体");
        own.relations.insert((RelationKind::Needs, Thing::Asset(machine)));
        assert_eq!(because(change(machine, &own)), AssetRefusal::Circle);
        for (from, to) in [(at(machine), at(machine)), (End::Internet, End::Internet)] {
            let line = ConnectionDetails::between(ConnectionKind::Vpn, from, to);
            let outcome = house.write(|tx| connection_add(tx, nature, scope, &line));
            assert_eq!(because(outcome), ConnectionRefusal::SameEnds);
        }
    });
}

#[test]
fn another_institutions_records_are_unknown() {
    each_database(|db| {
        let house = House::new(db);
        let (nature, scope, other) = (&house.nature, &house.director, &house.neighbour);
        let theirs = house.write(|tx| asset_add(tx, nature, other, &server("よその本体"))).unwrap();
        let vendor = VendorDetails { name: "よその社".into(), ..VendorDetails::default() };
        let vendor = house.write(|tx| vendor_add(tx, nature, other, &vendor)).unwrap();
        let own = add(&house, &server("本体"));
        missing(house.read(|tx| asset_get(tx, scope, theirs)));
        missing(plain(house.write(|tx| asset_change(tx, nature, scope, theirs, 1, &server("取る")))));
        missing(plain(house.write(|tx| asset_remove(tx, nature, scope, theirs, 1, true))));
        let mut related = server("本体");
        related.relations.insert((RelationKind::Needs, Thing::Asset(theirs)));
        for details in [AssetDetails { vendor: Some(vendor), ..server("x") }, related] {
            let outcome = house.write(|tx| asset_add(tx, nature, scope, &details));
            assert_eq!(because(outcome), AssetRefusal::Unknown);
        }
        for to in [at(theirs), End::Vendor(vendor)] {
            let line = ConnectionDetails::between(ConnectionKind::Vpn, at(own), to);
            let outcome = house.write(|tx| connection_add(tx, nature, scope, &line));
            assert_eq!(because(outcome), ConnectionRefusal::Unknown);
            let id = ConnectionId(nature.id());
            let edit = [Edit::ConnectionAdd(id, line)];
            let outcome = house.write(|tx| ledger_edit(tx, nature, scope, None, "test", &edit));
            assert_eq!(because(outcome), EditRefusal::Connection(0));
        }
        assert_eq!((whole(&house).assets.len(), whole(&house).connections.len()), (1, 0));
    });
}

#[test]
fn roles_that_only_look_change_nothing() {
    each_database(|db| {
        let house = House::new(db);
        let nature = &house.nature;
        let id = add(&house, &server("本体"));
        for role in LOOKING {
            let scope = house.role(role);
            denied(plain(house.write(|tx| asset_add(tx, nature, &scope, &server("x")))));
            denied(plain(house.write(|tx| asset_remove(tx, nature, &scope, id, 1, true))));
            denied(plain(house.write(|tx| connection_add(tx, nature, &scope, &vpn(at(id))))));
            denied(plain(house.write(|tx| ledger_edit(tx, nature, &scope, None, "test", &[]))));
            assert_eq!(house.read(|tx| ledger(tx, &scope)).is_ok(), role == komainu_access::Role::Inspector);
        }
    });
}

#[test]
fn a_vendor_stays_while_a_thing_or_line_names_it() {
    each_database(|db| {
        let house = House::new(db);
        let (nature, scope) = (&house.nature, &house.director);
        let vendor = VendorDetails { name: "保守社".into(), ..VendorDetails::default() };
        let vendor = house.write(|tx| vendor_add(tx, nature, scope, &vendor)).unwrap();
        let id = add(&house, &AssetDetails { vendor: Some(vendor), ..server("本体") });
        let in_use = || because(house.write(|tx| vendor_remove(tx, nature, scope, vendor, 1)));
        assert_eq!(in_use(), RemoveRefusal::InUse);
        house.write(|tx| asset_change(tx, nature, scope, id, 1, &server("本体"))).unwrap();
        let line = ConnectionDetails::between(ConnectionKind::RemoteMaintenance, End::Vendor(vendor), at(id));
        let line = connect(&house, &line);
        assert_eq!(in_use(), RemoveRefusal::InUse);
        house.write(|tx| connection_remove(tx, nature, scope, line, 1)).unwrap();
        house.write(|tx| vendor_remove(tx, nature, scope, vendor, 1)).unwrap();
    });
}

/// Whoever gets hold of the database alone learns no address and no weakness.
#[test]
fn what_an_attacker_would_want_is_sealed_at_rest() {
    each_database(|db| {
        let house = House::new(db);
        let id = add(&house, &server("本体"));
        let mut line = vpn(at(id));
        line.facts.set(Fact::Protocol, "IPsec 4500").unwrap();
        line.controls.insert(Control::SourceLimited, State::Absent);
        connect(&house, &line);
        let raw = |name, sql| {
            let statement = Statement { name, sql };
            let read =
                house.read(|tx| Ok(tx.all(&Outside("a test"), statement, &[], |row| row.get::<String>(0))?));
            read.unwrap().concat()
        };
        let stored =
            raw("ASSETS", "SELECT detail FROM asset") + &raw("LINES", "SELECT detail FROM connection");
        assert!(!stored.is_empty());
        for word in ["192.168.10.5", "updates", "床下", "IPsec", "source_limited", "absent"] {
            assert!(!stored.contains(word), "{word} lies open in {stored}");
        }
        assert_eq!(whole(&house).assets[0].details, server("本体"));
    });
}

#[test]
fn many_changes_are_made_all_or_none() {
    each_database(|db| {
        let house = House::new(db);
        let (nature, scope) = (&house.nature, &house.director);
        let edit = |revision, edits: &[Edit]| {
            house.write(|tx| ledger_edit(tx, nature, scope, revision, "test", edits))
        };
        let [outer, middle, inner, machine] = [(); 4].map(|()| AssetId(nature.id()));
        let line = ConnectionId(nature.id());
        // The inner zone is named before the outer, and what lies in them before both.
        let edits = [
            Edit::AssetAdd(machine, AssetDetails { zone: Some(inner), ..server("本体") }),
            Edit::AssetAdd(inner, AssetDetails { zone: Some(middle), ..zone("内") }),
            Edit::AssetAdd(middle, AssetDetails { zone: Some(outer), ..zone("中") }),
            Edit::AssetAdd(outer, zone("外")),
            Edit::ConnectionAdd(line, vpn(at(machine))),
        ];
        let revision = whole(&house).revision;
        edit(Some(revision), &edits).unwrap();
        let stored = whole(&house);
        assert_eq!((stored.assets.len(), stored.connections.len()), (4, 1));
        assert_eq!(stored.revision, revision + 1);
        assert_eq!(house.log(scope).last().map(String::as_str), Some("ledger_edit"));

        assert_eq!(because(edit(Some(revision), &edits)), EditRefusal::Stale);
        let other = AssetId(nature.id());
        let wrong = [
            Edit::AssetChange(inner, zone("改")),
            Edit::AssetAdd(other, AssetDetails { zone: Some(machine), ..server("迷子") }),
        ];
        assert_eq!(because(edit(None, &wrong)), EditRefusal::Asset(1, AssetRefusal::NoZone));
        assert_eq!(
            because(edit(None, &[Edit::AssetRemove(other)])),
            EditRefusal::Asset(0, AssetRefusal::Unknown)
        );
        let circle = [Edit::AssetChange(outer, AssetDetails { zone: Some(inner), ..zone("外") })];
        let round = because(edit(None, &circle));
        let EditRefusal::Together(Flaw::Circle(Road::Zone, things)) = &round else { panic!("{round:?}") };
        assert_eq!(things.len(), 3, "outer, inner, middle");
        let in_use = Flaw::KindInUse(inner, vec![machine]);
        assert_eq!(
            edits_flaws(&stored, &[Edit::AssetChange(inner, server("内"))]),
            std::slice::from_ref(&in_use)
        );
        let changed = edit(None, &[Edit::AssetChange(inner, server("内"))]);
        assert_eq!(because(changed), EditRefusal::Together(in_use));

        // What others name goes only where the same changes take that out of them, whether they are touched or not.
        let goes = [Edit::AssetRemove(machine), Edit::AssetRemove(outer)];
        let named = EditRefusal::Together(Flaw::Named(outer, vec![middle]));
        assert_eq!(because(edit(None, &goes)), named);
        let still = AssetDetails { zone: Some(outer), note: "別の話".into(), ..zone("中") };
        let touched = [&goes[..], &[Edit::AssetChange(middle, still)]].concat();
        assert_eq!(because(edit(None, &touched)), named);
        let unchanged = whole(&house);
        assert_eq!((unchanged.revision, &unchanged.assets), (stored.revision, &stored.assets));
        assert_eq!(unchanged.connections, stored.connections);
        let freed = [&goes[..], &[Edit::AssetChange(middle, zone("中"))]].concat();
        edit(None, &freed).unwrap();
        let left = whole(&house);
        assert_eq!((left.assets.len(), left.connections.len()), (2, 0), "its line went along");
        let freed = left.assets.iter().find(|it| it.id == middle).unwrap();
        assert_eq!((freed.details.zone, freed.version), (None, 2));
    });
}

#[test]
fn what_lies_within_one_another_goes_at_once_in_whatever_order() {
    each_database(|db| {
        let house = House::new(db);
        let (nature, scope) = (&house.nature, &house.director);
        let hall = add(&house, &AssetDetails::named(AssetKind::Place, "本館"));
        let outer = add(&house, &AssetDetails { place: Some(hall), ..zone("外") });
        let inner = add(&house, &AssetDetails { zone: Some(outer), ..zone("内") });
        let machine = add(&house, &AssetDetails { zone: Some(inner), place: Some(hall), ..server("本体") });
        let edits = [hall, outer, inner, machine].map(Edit::AssetRemove);
        house.write(|tx| ledger_edit(tx, nature, scope, None, "test", &edits)).unwrap();
        assert_eq!(whole(&house).assets, []);
    });
}

/// A change among a few records whose ids are known beforehand.
fn any_edit() -> impl Strategy<Value = (u8, usize, AssetKind, Option<usize>, Option<usize>)> {
    let kinds =
        [AssetKind::Zone, AssetKind::Place, AssetKind::Server, AssetKind::CareProcess, AssetKind::Backup];
    let one = 0_usize..6;
    (
        0_u8..6,
        one.clone(),
        prop::sample::select(kinds.to_vec()),
        prop::option::of(one.clone()),
        prop::option::of(one),
    )
}

/// What must hold of every ledger: whatever is named is there and of its kind, and nothing lies within itself.
fn sound(ledger: &Ledger) -> Result<(), String> {
    let index = ledger.index();
    let kind = |id: AssetId| index.asset(id).map(|it| it.details.kind);
    for asset in &ledger.assets {
        let details = &asset.details;
        let zoned = details.zone.is_none_or(|id| kind(id) == Some(AssetKind::Zone));
        let placed = details.place.is_none_or(|id| kind(id) == Some(AssetKind::Place));
        let related = details.relations.iter().all(|(_, thing)| index.thing_name(*thing).is_some());
        if !(zoned && placed && related) {
            return Err(format!("{asset:?}"));
        }
        let mut seen = HashSet::from([asset.id]);
        let mut around = details.zone.filter(|_| details.kind == AssetKind::Zone);
        while let Some(id) = around {
            if !seen.insert(id) {
                return Err(format!("{} lies within itself", details.name));
            }
            around = index.asset(id).and_then(|it| it.details.zone);
        }
    }
    let lost = ledger.connections.iter().find(|line| {
        [line.details.from, line.details.to]
            .into_iter()
            .filter_map(End::thing)
            .any(|it| index.thing_name(it).is_none())
    });
    lost.map_or(Ok(()), |line| Err(format!("{line:?}")))
}

#[test]
fn whatever_is_changed_the_ledger_holds_together() {
    each_database(|db| {
        let house = House::new(db);
        let (nature, scope) = (&house.nature, &house.director);
        let ids: Vec<AssetId> = (0..6).map(|_| AssetId(nature.id())).collect();
        let lines: Vec<ConnectionId> = (0..6).map(|_| ConnectionId(nature.id())).collect();
        let as_edit =
            |(what, own, kind, first, second): (u8, usize, AssetKind, Option<usize>, Option<usize>)| {
                let mut details = AssetDetails::named(kind, "物");
                let is_place = kind == AssetKind::Place;
                details.zone = first.filter(|_| !is_place).map(|at| ids[at]);
                details.place = second.filter(|_| is_place).map(|at| ids[at]);
                details.relations.extend(second.map(|at| (RelationKind::Needs, Thing::Asset(ids[at]))));
                let to = at(ids[second.unwrap_or(own)]);
                let line = vpn(to);
                match what {
                    0 => Edit::AssetAdd(ids[own], details),
                    1 => Edit::AssetChange(ids[own], details),
                    2 => Edit::AssetRemove(ids[own]),
                    3 => Edit::ConnectionAdd(lines[own], line),
                    4 => Edit::ConnectionChange(lines[own], line),
                    _ => Edit::ConnectionRemove(lines[own]),
                }
            };
        let config = Config { cases: 40, failure_persistence: None, ..Config::default() };
        let batches = prop::collection::vec(prop::collection::vec(any_edit(), 1..5), 1..6);
        TestRunner::new(config)
            .run(&batches, |batches| {
                for batch in batches {
                    let edits: Vec<Edit> = batch.into_iter().map(as_edit).collect();
                    let before = whole(&house);
                    let mut there: HashSet<AssetId> = before.assets.iter().map(|it| it.id).collect();
                    for edit in &edits {
                        match edit {
                            Edit::AssetAdd(id, _) => drop(there.insert(*id)),
                            Edit::AssetRemove(id) => drop(there.remove(id)),
                            _ => {}
                        }
                    }
                    let outcome = house.write(|tx| ledger_edit(tx, nature, scope, None, "test", &edits));
                    let after = whole(&house);
                    prop_assert_eq!(sound(&after), Ok(()));
                    match outcome {
                        Ok(()) => {
                            prop_assert_eq!(after.revision, before.revision + 1);
                            let left: HashSet<AssetId> = after.assets.iter().map(|it| it.id).collect();
                            prop_assert_eq!(left, there);
                        }
                        Err(komainu_web::Refused::Because(_)) => {
                            prop_assert_eq!(
                                (&after.assets, &after.connections),
                                (&before.assets, &before.connections)
                            );
                        }
                        Err(komainu_web::Refused::Failed(failure)) => {
                            return Err(TestCaseError::fail(format!("{failure:?}")));
                        }
                    }
                }
                Ok(())
            })
            .unwrap();
    });
}

/// What was written under other bounds of a fact comes back as it was, and takes no page with it.
#[test]
fn a_stored_fact_that_no_longer_stands_is_kept() {
    each_database(|db| {
        let house = House::new(db);
        let (nature, scope) = (&house.nature, &house.director);
        let text = r#"{ "count": "2000000", "maker": "カルテ社", "holds_records": "maybe" }"#;
        let facts: Facts = serde_json::from_str(text).unwrap();
        let details =
            AssetDetails { facts: facts.clone(), ..AssetDetails::named(AssetKind::Server, "本体") };
        let id = add(&house, &details);
        let mut line = vpn(at(id));
        line.facts = serde_json::from_str(r#"{ "last_used": "先週" }"#).unwrap();
        connect(&house, &line);
        let stored = whole(&house);
        assert_eq!(
            (&stored.assets[0].details.facts, &stored.connections[0].details.facts),
            (&facts, &line.facts)
        );
        // Changing something else loses nothing.
        let renamed = AssetDetails { name: "新しい名前".into(), ..stored.assets[0].details.clone() };
        house.write(|tx| asset_change(tx, nature, scope, id, 1, &renamed)).unwrap();
        let edit = [Edit::AssetChange(id, AssetDetails { note: "別の話".into(), ..renamed })];
        house.write(|tx| ledger_edit(tx, nature, scope, None, "test", &edit)).unwrap();
        assert_eq!(whole(&house).assets[0].details.facts, facts);
    });
}

/// What is asked twice a second over all institutions is answered by an index of those that are behind.
#[test]
fn looking_for_changed_ledgers_reads_those_only() {
    each_database(|db| {
        let house = House::new(db);
        let (nature, own) = (&house.nature, house.director.organisation());
        let behind = |most| house.read(|tx| Ok(ledgers_behind(tx, most)?)).unwrap();
        let follow = |(organisation, revision): (OrganisationId, i64)| {
            let scope = Scope::of_program(organisation);
            let noted: Result<(), DbError> = house.write(|tx| ledger_followed(tx, &scope, revision));
            noted.unwrap();
        };
        assert!(behind(50).is_empty());
        let id = add(&house, &zone("診療の線"));
        house.write(|tx| asset_add(tx, nature, &house.neighbour, &zone("となりの線"))).unwrap();
        let both = behind(50);
        assert_eq!((both.len(), behind(1)), (2, both[..1].to_vec()));
        follow(both[0]);
        assert_eq!(behind(50), both[1..]);
        follow(both[1]);
        assert!(behind(50).is_empty());
        house.write(|tx| asset_remove(tx, nature, &house.director, id, 1, false)).unwrap();
        let now = whole(&house).revision;
        assert_eq!(behind(50), [(own, now)]);
        follow((own, now));
        follow((own, now - 1));
        assert!(behind(50).is_empty(), "nobody follows backwards");

        let asked = STATEMENTS.concat().into_iter().find(|one| one.name == "REVISIONS_BEHIND").unwrap();
        let (explain, column) = match house.db.backend() {
            Backend::Sqlite => ("EXPLAIN QUERY PLAN ", 3),
            Backend::Postgres => ("EXPLAIN ", 0),
        };
        let sql: &'static str =
            Box::leak((explain.to_owned() + &asked.sql.replace("$1", "50")).into_boxed_str());
        let outside = Outside("a test");
        let plan = house.read(|tx| {
            if tx.backend() == Backend::Postgres {
                // A table of two rows is read as a whole otherwise.
                let sql = "SET LOCAL enable_seqscan = off";
                tx.run(&outside, Statement { name: "NO_SCAN", sql }, &[])?;
            }
            let explain = Statement { name: "EXPLAIN", sql };
            Ok(tx.all(&outside, explain, &[], |row| row.get::<String>(column))?)
        });
        let plan = plan.unwrap().join("\n");
        assert!(plan.contains("ledger_revision_behind"), "{plan}");
    });
}
