//! Contacts, on both databases.
#![allow(clippy::unwrap_used)]

#[path = "../../institution/tests/common/mod.rs"]
mod common;

use common::{House, LOOKING, because, denied, missing, plain};
use komainu_contact::actions::{
    contact_accept, contact_add, contact_change, contact_get, contact_move, contact_remove, contacts,
};
use komainu_contact::suggestions::SUGGESTIONS;
use komainu_contact::{ContactDetails, Direction, Duty};
use komainu_db::testing::each_database;
use komainu_db::{Statement, params};
use komainu_i18n::Lang;
use komainu_institution::actions::Conflict;

fn details(name: &str, duty: &str, outside: bool) -> ContactDetails {
    ContactDetails {
        name: name.into(),
        duty: duty.into(),
        phone: "03-1234-5678".into(),
        outside,
        ..ContactDetails::default()
    }
}

#[test]
fn a_contact_comes_changes_and_goes() {
    each_database(|db| {
        let house = House::new(db);
        let (nature, scope) = (&house.nature, &house.director);
        let own = ContactDetails {
            person: Some(scope.person()),
            checked_on: Some(nature.today()),
            ..details("院長", "director", false)
        };
        let id = house.write(|tx| contact_add(tx, nature, scope, &own)).unwrap();
        let stored = house.read(|tx| contact_get(tx, scope, id)).unwrap();
        assert_eq!((stored.details(), stored.version, stored.position), (own.clone(), 1, 1));
        let changed = ContactDetails { duty: "夜間の当直".into(), ..own };
        house.write(|tx| contact_change(tx, nature, scope, id, 1, &changed)).unwrap();
        let outcome = house.write(|tx| contact_change(tx, nature, scope, id, 1, &details("x", "y", true)));
        let Conflict(theirs) = because(outcome);
        assert_eq!((theirs.duty.as_str(), theirs.version), ("夜間の当直", 2));
        because(house.write(|tx| contact_remove(tx, nature, scope, id, 1)));
        house.write(|tx| contact_remove(tx, nature, scope, id, 2)).unwrap();
        assert_eq!(
            house.log(scope),
            ["institution_found", "contact_add", "contact_change", "contact_remove"]
        );
    });
}

#[test]
fn the_number_of_who_left_can_still_be_mended() {
    const LEFT: Statement =
        Statement { name: "LEFT", sql: "UPDATE membership SET ended_at = $2 WHERE organisation_id = $1" };
    each_database(|db| {
        let house = House::new(db);
        let (nature, scope) = (&house.nature, &house.director);
        let own = ContactDetails { person: Some(scope.person()), ..details("院長", "director", false) };
        let id = house.write(|tx| contact_add(tx, nature, scope, &own)).unwrap();
        assert!(!house.read(|tx| contact_get(tx, scope, id)).unwrap().left);
        house.write(|tx| tx.run(scope, LEFT, params![nature.now()])).unwrap();
        let stored = house.read(|tx| contacts(tx, scope)).unwrap().remove(0);
        assert!(stored.left);
        let other = ContactDetails { phone: "03-9876-5432".into(), ..own.clone() };
        house.write(|tx| contact_change(tx, nature, scope, id, 1, &other)).unwrap();
        let nobody = ContactDetails { person: None, ..other.clone() };
        house.write(|tx| contact_change(tx, nature, scope, id, 2, &nobody)).unwrap();
        // Nobody is put in who is no member.
        missing(plain(house.write(|tx| contact_change(tx, nature, scope, id, 3, &other))));
    });
}

#[test]
fn the_order_of_calling_is_kept_for_house_and_outside_apart() {
    each_database(|db| {
        let house = House::new(db);
        let (nature, scope) = (&house.nature, &house.director);
        let add = |name: &str, outside| {
            house.write(|tx| contact_add(tx, nature, scope, &details(name, "役", outside))).unwrap()
        };
        let (first, _, outside, third) =
            (add("一", false), add("二", false), add("外", true), add("三", false));
        let order = |wanted: bool| -> Vec<String> {
            let all = house.read(|tx| contacts(tx, scope)).unwrap();
            all.into_iter().filter(|c| c.outside == wanted).map(|c| c.name).collect()
        };
        house.write(|tx| contact_move(tx, nature, scope, third, Direction::Up)).unwrap();
        assert_eq!(order(false), ["一", "三", "二"]);
        house.write(|tx| contact_move(tx, nature, scope, first, Direction::Up)).unwrap();
        house.write(|tx| contact_move(tx, nature, scope, outside, Direction::Down)).unwrap();
        assert_eq!(
            (order(false), order(true)),
            (vec!["一".into(), "三".into(), "二".into()], vec!["外".into()])
        );
        house.write(|tx| contact_move(tx, nature, scope, first, Direction::Down)).unwrap();
        assert_eq!(order(false), ["三", "一", "二"]);
        let moves = house.log(scope).into_iter().filter(|action| action == "contact_move").count();
        assert_eq!(moves, 2, "what moves nothing is not told");
    });
}

#[test]
fn suggestions_come_once_with_their_source_and_unchecked() {
    each_database(|db| {
        let house = House::new(db);
        let (nature, scope) = (&house.nature, &house.director);
        for _ in 0..2 {
            for party in SUGGESTIONS {
                house.write(|tx| contact_accept(tx, nature, scope, Lang::Ja, party)).unwrap();
            }
        }
        let all = house.read(|tx| contacts(tx, scope)).unwrap();
        assert_eq!(all.len(), SUGGESTIONS.len());
        assert!(all.iter().all(|c| c.outside && !c.source.is_empty() && c.checked_on.is_none()));
        let ministry = all.iter().find(|c| c.duty == Duty::Ministry.code()).unwrap();
        assert_eq!(ministry.phone, "", "no number was confirmed, so none is given");
    });
}

#[test]
fn other_institutions_strangers_and_roles_that_only_look() {
    each_database(|db| {
        let house = House::new(db);
        let (nature, other) = (&house.nature, &house.neighbour);
        let own = details("院長", "director", false);
        let id = house.write(|tx| contact_add(tx, nature, &house.director, &own)).unwrap();
        assert_eq!(house.read(|tx| contacts(tx, other)).unwrap(), []);
        missing(house.read(|tx| contact_get(tx, other, id)));
        missing(plain(house.write(|tx| contact_change(tx, nature, other, id, 1, &details("x", "y", true)))));
        missing(house.write(|tx| contact_move(tx, nature, other, id, Direction::Up)));
        missing(plain(house.write(|tx| contact_remove(tx, nature, other, id, 1))));
        let stranger = common::person(&house.db, nature, "よその人", false);
        let foreign = ContactDetails { person: Some(stranger), ..own.clone() };
        missing(house.write(|tx| contact_add(tx, nature, &house.director, &foreign)));
        missing(plain(house.write(|tx| contact_change(tx, nature, &house.director, id, 1, &foreign))));
        for role in LOOKING {
            let scope = house.role(role);
            denied(house.write(|tx| contact_add(tx, nature, &scope, &own)));
            denied(plain(house.write(|tx| contact_change(tx, nature, &scope, id, 1, &own))));
            denied(house.write(|tx| contact_move(tx, nature, &scope, id, Direction::Up)));
            denied(plain(house.write(|tx| contact_remove(tx, nature, &scope, id, 1))));
            assert_eq!(
                house.read(|tx| contacts(tx, &scope)).is_ok(),
                role == komainu_access::Role::Inspector
            );
        }
    });
}
