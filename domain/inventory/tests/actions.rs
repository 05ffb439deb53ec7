//! Systems, on both databases.
#![allow(clippy::unwrap_used)]

#[path = "../../institution/tests/common/mod.rs"]
mod common;

use common::{House, LOOKING, because, denied, missing, plain};
use komainu_catalog::UpdateDuty;
use komainu_db::testing::each_database;
use komainu_institution::actions::{Conflict, institution_get};
use komainu_inventory::actions::{system_add, system_change, system_get, system_remove, systems};
use komainu_inventory::{Hosting, SystemDetails};
use komainu_vendor::VendorDetails;
use komainu_vendor::actions::{RemoveRefusal, vendor_add, vendor_remove};

fn details(kind: &str, updates: Option<bool>) -> SystemDetails {
    SystemDetails {
        place: "受付".into(),
        remote_maintenance: Some(true),
        updates_by_vendor: updates,
        note: "2027年に更新".into(),
        ..SystemDetails::named(kind.parse().unwrap(), kind, Hosting::OnPremises)
    }
}

#[test]
fn a_system_comes_changes_and_goes() {
    each_database(|db| {
        let house = House::new(db);
        let (nature, scope) = (&house.nature, &house.director);
        let id = house.write(|tx| system_add(tx, nature, scope, &details("pacs", None))).unwrap();
        let stored = house.read(|tx| system_get(tx, scope, id)).unwrap();
        assert_eq!((stored.details(), stored.version), (details("pacs", None), 1));
        house.write(|tx| system_change(tx, nature, scope, id, 1, &details("pacs", None))).unwrap();
        let cloud = SystemDetails { hosting: Hosting::Cloud, ..details("pacs", Some(true)) };
        house.write(|tx| system_change(tx, nature, scope, id, 1, &cloud)).unwrap();
        let outcome = house.write(|tx| system_change(tx, nature, scope, id, 1, &details("pacs", None)));
        let Conflict(theirs) = because(outcome);
        assert_eq!((theirs.details(), theirs.version), (cloud, 2));
        let Conflict(theirs) = because(house.write(|tx| system_remove(tx, nature, scope, id, 1)));
        assert_eq!(theirs.version, 2);
        house.write(|tx| system_remove(tx, nature, scope, id, 2)).unwrap();
        assert_eq!(house.read(|tx| systems(tx, scope)).unwrap(), []);
        let told: Vec<_> =
            house.log(scope).into_iter().filter(|action| action.starts_with("system")).collect();
        assert_eq!(told, ["system_add", "system_change", "system_remove"]);
    });
}

#[test]
fn the_institution_knows_who_bears_the_duty_of_updates() {
    each_database(|db| {
        let house = House::new(db);
        let (nature, scope) = (&house.nature, &house.director);
        let duty = || house.read(|tx| institution_get(tx, scope)).unwrap().entrusts_updates;
        assert_eq!(duty(), None);
        let records =
            house.write(|tx| system_add(tx, nature, scope, &details("emr-cloud", Some(true)))).unwrap();
        assert_eq!(duty(), Some(UpdateDuty::AllInContract));
        let images = house.write(|tx| system_add(tx, nature, scope, &details("pacs", None))).unwrap();
        assert_eq!(duty(), Some(UpdateDuty::Unknown));
        house.write(|tx| system_change(tx, nature, scope, images, 1, &details("pacs", Some(false)))).unwrap();
        assert_eq!(duty(), Some(UpdateDuty::NotAll));
        house.write(|tx| system_remove(tx, nature, scope, images, 2)).unwrap();
        assert_eq!(duty(), Some(UpdateDuty::AllInContract));
        house.write(|tx| system_remove(tx, nature, scope, records, 1)).unwrap();
        assert_eq!(duty(), None);
    });
}

#[test]
fn a_vendor_stays_while_it_supports_a_system() {
    each_database(|db| {
        let house = House::new(db);
        let (nature, scope) = (&house.nature, &house.director);
        let new = VendorDetails { name: "画像社".into(), ..VendorDetails::default() };
        let vendor = house.write(|tx| vendor_add(tx, nature, scope, &new)).unwrap();
        let foreign = house.write(|tx| vendor_add(tx, nature, &house.neighbour, &new)).unwrap();
        let of = |vendor| SystemDetails { vendor, ..details("pacs", None) };
        missing(house.write(|tx| system_add(tx, nature, scope, &of(Some(foreign)))));
        let id = house.write(|tx| system_add(tx, nature, scope, &of(Some(vendor)))).unwrap();
        missing(plain(house.write(|tx| system_change(tx, nature, scope, id, 1, &of(Some(foreign))))));
        let outcome = house.write(|tx| vendor_remove(tx, nature, scope, vendor, 1));
        assert_eq!(because(outcome), RemoveRefusal::InUse);
        house.write(|tx| system_change(tx, nature, scope, id, 1, &of(None))).unwrap();
        house.write(|tx| vendor_remove(tx, nature, scope, vendor, 1)).unwrap();
    });
}

#[test]
fn other_institutions_and_roles_that_only_look() {
    each_database(|db| {
        let house = House::new(db);
        let nature = &house.nature;
        let id = house.write(|tx| system_add(tx, nature, &house.director, &details("pacs", None))).unwrap();
        let other = &house.neighbour;
        assert_eq!(house.read(|tx| systems(tx, other)).unwrap(), []);
        missing(house.read(|tx| system_get(tx, other, id)));
        missing(plain(
            house.write(|tx| system_change(tx, nature, other, id, 1, &details("pacs", Some(true)))),
        ));
        missing(plain(house.write(|tx| system_remove(tx, nature, other, id, 1))));
        for role in LOOKING {
            let scope = house.role(role);
            denied(house.write(|tx| system_add(tx, nature, &scope, &details("pacs", None))));
            denied(plain(house.write(|tx| system_change(tx, nature, &scope, id, 1, &details("x", None)))));
            denied(plain(house.write(|tx| system_remove(tx, nature, &scope, id, 1))));
            assert_eq!(house.read(|tx| systems(tx, &scope)).is_ok(), role == komainu_access::Role::Inspector);
        }
        assert_eq!(house.read(|tx| system_get(tx, &house.director, id)).unwrap().version, 1);
    });
}
