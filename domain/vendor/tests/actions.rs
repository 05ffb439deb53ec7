//! Vendors, on both databases.
#![allow(clippy::unwrap_used)]

#[path = "../../institution/tests/common/mod.rs"]
mod common;

use common::{House, LOOKING, because, denied, missing, plain};
use komainu_db::testing::each_database;
use komainu_institution::actions::Conflict;
use komainu_vendor::VendorDetails;
use komainu_vendor::actions::{RemoveRefusal, vendor_add, vendor_change, vendor_get, vendor_remove, vendors};

fn details(name: &str) -> VendorDetails {
    VendorDetails {
        name: name.into(),
        name_kana: "よみ".into(),
        person: "保守担当".into(),
        phone: "03-1234-5678".into(),
        night_phone: "090-1234-5678".into(),
        email: "hoshu@example.jp".into(),
        note: "契約 12".into(),
    }
}

#[test]
fn a_vendor_comes_changes_and_goes() {
    each_database(|db| {
        let house = House::new(db);
        let (nature, scope) = (&house.nature, &house.director);
        let id = house.write(|tx| vendor_add(tx, nature, scope, &details("カルテ社"))).unwrap();
        let stored = house.read(|tx| vendor_get(tx, scope, id)).unwrap();
        assert_eq!((stored.details(), stored.version), (details("カルテ社"), 1));
        // Saving without a change leaves no trace.
        house.write(|tx| vendor_change(tx, nature, scope, id, 1, &details("カルテ社"))).unwrap();
        house.write(|tx| vendor_change(tx, nature, scope, id, 1, &details("新カルテ社"))).unwrap();
        let outcome = house.write(|tx| vendor_change(tx, nature, scope, id, 1, &details("別の社")));
        let Conflict(theirs) = because(outcome);
        assert_eq!((theirs.name.as_str(), theirs.version), ("新カルテ社", 2));
        let outcome = house.write(|tx| vendor_remove(tx, nature, scope, id, 1));
        assert_eq!(because(outcome), RemoveRefusal::Changed);
        house.write(|tx| vendor_remove(tx, nature, scope, id, 2)).unwrap();
        assert_eq!(house.read(|tx| vendors(tx, scope)).unwrap(), []);
        missing(house.read(|tx| vendor_get(tx, scope, id)));
        assert_eq!(house.log(scope), ["institution_found", "vendor_add", "vendor_change", "vendor_remove"]);
    });
}

#[test]
fn another_institution_sees_and_changes_nothing() {
    each_database(|db| {
        let house = House::new(db);
        let (nature, other) = (&house.nature, &house.neighbour);
        let id = house.write(|tx| vendor_add(tx, nature, &house.director, &details("カルテ社"))).unwrap();
        assert_eq!(house.read(|tx| vendors(tx, other)).unwrap(), []);
        missing(house.read(|tx| vendor_get(tx, other, id)));
        missing(plain(house.write(|tx| vendor_change(tx, nature, other, id, 1, &details("x")))));
        missing(plain(house.write(|tx| vendor_remove(tx, nature, other, id, 1))));
        assert_eq!(house.read(|tx| vendor_get(tx, &house.director, id)).unwrap().name, "カルテ社");
    });
}

#[test]
fn roles_that_only_look() {
    each_database(|db| {
        let house = House::new(db);
        let nature = &house.nature;
        let id = house.write(|tx| vendor_add(tx, nature, &house.director, &details("カルテ社"))).unwrap();
        for role in LOOKING {
            let scope = house.role(role);
            denied(house.write(|tx| vendor_add(tx, nature, &scope, &details("x"))));
            denied(plain(house.write(|tx| vendor_change(tx, nature, &scope, id, 1, &details("x")))));
            denied(plain(house.write(|tx| vendor_remove(tx, nature, &scope, id, 1))));
            let reads = house.read(|tx| vendors(tx, &scope));
            if role == komainu_access::Role::Inspector {
                assert_eq!(reads.unwrap().len(), 1);
            } else {
                denied(reads);
            }
        }
    });
}
