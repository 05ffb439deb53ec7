//! Founding, reading and changing institutions, on both databases.
#![allow(clippy::unwrap_used)]

mod common;

use common::{House, LOOKING, because, denied, find, missing, particulars, plain};
use komainu_access::{Role, Scope, Session};
use komainu_db::testing::each_database;
use komainu_institution::actions::{
    Conflict, FoundRefusal, association_found, associations, institution_change, institution_duty_note,
    institution_found, institution_get, institution_interview_finish, institution_run,
};
use komainu_institution::{
    AssociationLevel, NewAssociation, NewInstitution, OrganisationKind, Running, Systems,
};
use std::sync::Barrier;

#[test]
fn who_founds_an_institution_is_in_it() {
    each_database(|db| {
        let house = House::new(db);
        let session = house.session();
        let (organisation, name, role) = session.place.unwrap();
        assert_eq!((organisation, name.as_str()), (house.director.organisation(), "青空診療所"));
        assert_eq!(role, Role::Director);
        let stored = house.read(|tx| institution_get(tx, &house.director)).unwrap();
        assert_eq!(stored.particulars(), particulars("青空診療所"));
        assert_eq!((stored.systems, stored.interview_done_at, stored.version), (None, None, 1));
        assert_eq!(house.log(&house.director), ["institution_found"]);
    });
}

#[test]
fn only_administrators_found() {
    each_database(|db| {
        let house = House::new(db);
        let session = Session { administrator: false, ..house.session() };
        let new = NewInstitution {
            particulars: particulars("もう一つ"),
            parent: None,
            role_of_founder: Role::Director,
            title: String::new(),
        };
        missing(plain(house.write(|tx| institution_found(tx, &house.nature, &session, &new))));
        missing(house.read(|tx| associations(tx, &session)));
        let new = NewInstitution { role_of_founder: Role::VendorEngineer, ..new };
        let outcome = house.write(|tx| institution_found(tx, &house.nature, &house.session(), &new));
        assert_eq!(because(outcome), FoundRefusal::Role);
    });
}

#[test]
fn associations_stand_in_layers_and_institutions_below() {
    each_database(|db| {
        let house = House::new(db);
        let found = |name: &str, level, parent| {
            house.fake.advance(chrono::Duration::seconds(1));
            let new = NewAssociation { name: name.into(), name_kana: String::new(), level, parent };
            house.write(|tx| association_found(tx, &house.nature, &house.session(), &new))
        };
        let national = found("全国の会", AssociationLevel::National, None).unwrap();
        let prefectural = found("県の会", AssociationLevel::Prefectural, Some(national)).unwrap();
        let district = found("市の会", AssociationLevel::District, Some(prefectural)).unwrap();
        for (level, parent) in [
            (AssociationLevel::National, Some(national)),
            (AssociationLevel::District, Some(national)),
            (AssociationLevel::Prefectural, Some(house.director.organisation())),
            (AssociationLevel::Prefectural, Some(common::nobody())),
        ] {
            assert_eq!(because(found("x", level, parent)), FoundRefusal::Parent, "{level:?}");
        }
        let new = NewInstitution {
            particulars: particulars("市の病院"),
            parent: Some(district),
            role_of_founder: Role::SafetyManager,
            title: String::new(),
        };
        house.write(|tx| institution_found(tx, &house.nature, &house.session(), &new)).unwrap();
        let all = house.read(|tx| associations(tx, &house.session())).unwrap();
        let kinds: Vec<_> = all.iter().map(|o| (o.id, o.kind, o.parent)).collect();
        use OrganisationKind::Association as A;
        assert_eq!(
            kinds,
            [
                (national, A(AssociationLevel::National), None),
                (prefectural, A(AssociationLevel::Prefectural), Some(national)),
                (district, A(AssociationLevel::District), Some(prefectural)),
            ]
        );
        // An association is no institution.
        let officer = Scope::new(house.director.person(), "x", national, Role::AssociationOfficer);
        missing(house.read(|tx| institution_get(tx, &officer)));
    });
}

#[test]
fn roles_and_other_institutions() {
    each_database(|db| {
        let house = House::new(db);
        for role in LOOKING {
            let scope = house.role(role);
            house.read(|tx| institution_get(tx, &scope)).unwrap();
            let new = particulars("別の名前");
            denied(plain(house.write(|tx| institution_change(tx, &house.nature, &scope, 1, &new))));
            let running = Running::default();
            denied(plain(house.write(|tx| institution_run(tx, &house.nature, &scope, 1, running))));
            denied(house.write(|tx| institution_duty_note(tx, &house.nature, &scope, None)));
            denied(house.write(|tx| institution_interview_finish(tx, &house.nature, &scope)));
        }
        let new = particulars("となりの新しい名前");
        house.write(|tx| institution_change(tx, &house.nature, &house.neighbour, 1, &new)).unwrap();
        let own = house.read(|tx| institution_get(tx, &house.director)).unwrap();
        assert_eq!((own.name.as_str(), own.version), ("青空診療所", 1));
        assert_eq!(house.log(&house.director).len(), 1);
    });
}

#[test]
fn a_change_on_an_old_page_shows_what_is_there() {
    each_database(|db| {
        let house = House::new(db);
        let change = |version, name: &str| {
            let new = particulars(name);
            house.write(|tx| institution_change(tx, &house.nature, &house.director, version, &new))
        };
        change(1, "青空クリニック").unwrap();
        let Conflict(theirs) = because(change(1, "青空医院"));
        assert_eq!((theirs.name.as_str(), theirs.version), ("青空クリニック", 2));
        // Sending what is there already is no conflict and leaves no trace.
        change(1, "青空クリニック").unwrap();
        change(2, "青空医院").unwrap();
        assert_eq!(house.session().place.unwrap().1, "青空医院");
        assert_eq!(
            house.log(&house.director),
            ["institution_found", "institution_change", "institution_change"]
        );
    });
}

#[test]
fn of_two_at_once_one_is_told() {
    each_database(|db| {
        let house = House::new(db);
        let barrier = Barrier::new(2);
        let outcomes: Vec<bool> = std::thread::scope(|threads| {
            let handles: Vec<_> = ["一人目", "二人目"]
                .into_iter()
                .map(|name| {
                    let (house, barrier) = (&house, &barrier);
                    threads.spawn(move || {
                        barrier.wait();
                        let new = particulars(name);
                        plain_or_conflict(
                            house.write(|tx| institution_change(tx, &house.nature, &house.director, 1, &new)),
                        )
                    })
                })
                .collect();
            handles.into_iter().map(|handle| handle.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|won| **won).count(), 1);
        let stored = house.read(|tx| institution_get(tx, &house.director)).unwrap();
        assert_eq!(stored.version, 2);
    });
}

/// True where the change was stored, false where it met the other.
fn plain_or_conflict(
    outcome: Result<(), komainu_web::Refused<Conflict<komainu_institution::Institution>>>,
) -> bool {
    match outcome {
        Ok(()) => true,
        Err(komainu_web::Refused::Because(_)) => false,
        Err(komainu_web::Refused::Failed(failure)) => panic!("{failure}"),
    }
}

#[test]
fn what_is_derived_does_not_disturb_who_is_typing() {
    each_database(|db| {
        let house = House::new(db);
        let duty = Some(komainu_catalog::UpdateDuty::NotAll);
        house.write(|tx| institution_duty_note(tx, &house.nature, &house.director, duty)).unwrap();
        house.write(|tx| institution_interview_finish(tx, &house.nature, &house.director)).unwrap();
        let new = particulars("青空クリニック");
        house.write(|tx| institution_change(tx, &house.nature, &house.director, 1, &new)).unwrap();
        let running = Running { systems: Some(Systems::None), operator_on_staff: Some(false) };
        house.write(|tx| institution_run(tx, &house.nature, &house.director, 2, running)).unwrap();
        let stored = house.read(|tx| institution_get(tx, &house.director)).unwrap();
        assert_eq!(stored.entrusts_updates, duty);
        assert_eq!(stored.running(), running);
        let done = stored.interview_done_at;
        assert_eq!(done, Some(house.nature.now()));
        // Only the first time counts, and only it is told.
        house.fake.advance(chrono::Duration::days(1));
        let before = house.log(&house.director).len();
        house.write(|tx| institution_interview_finish(tx, &house.nature, &house.director)).unwrap();
        house.write(|tx| institution_duty_note(tx, &house.nature, &house.director, duty)).unwrap();
        assert_eq!(house.read(|tx| institution_get(tx, &house.director)).unwrap().interview_done_at, done);
        assert_eq!(house.log(&house.director).len(), before);
    });
}

#[test]
fn the_session_follows_the_founder() {
    each_database(|db| {
        let house = House::new(db);
        let before = find(&house.db, &house.nature, &house.token).place.unwrap().0;
        let new = NewInstitution {
            particulars: particulars("三つ目"),
            parent: None,
            role_of_founder: Role::SystemOperator,
            title: String::new(),
        };
        let id = house.write(|tx| institution_found(tx, &house.nature, &house.session(), &new)).unwrap();
        let place = find(&house.db, &house.nature, &house.token).place.unwrap();
        assert_ne!(before, id);
        assert_eq!((place.0, place.2), (id, Role::SystemOperator));
    });
}
