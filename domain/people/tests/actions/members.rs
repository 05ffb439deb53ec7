//! Members: changed, ended, come back, and by whom.

use crate::*;

fn change(role: Role, version: i64, meant: bool) -> MemberChange {
    MemberChange { role, title: "部長".to_owned(), version, meant }
}

#[test]
fn the_last_who_manages_cannot_go_also_not_two_at_once() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら医院");
        let one = world.member(house, "incho@example.jp", Role::Director);
        let two = world.member(house, "anzen@example.jp", Role::SafetyManager);
        // Each takes the other's right away at the same moment.
        let outcomes = at_once(|index| {
            let (asker, other) = if index == 0 { (&one, &two) } else { (&two, &one) };
            world
                .db
                .write(|tx| {
                    actions::member_change(
                        tx,
                        &world.nature,
                        asker,
                        other.person(),
                        &change(Role::Staff, 1, false),
                    )
                })
                .is_ok()
        });
        assert_eq!(outcomes.iter().filter(|changed| **changed).count(), 1);
        let members = world.db.read(|tx| actions::members(tx, &one)).unwrap();
        let managers: Vec<_> = members.iter().filter(|member| member.role != Role::Staff).collect();
        assert_eq!(managers.len(), 1);
        let last = if managers[0].person == one.person() { &one } else { &two };
        let version = managers[0].version;
        let give_up = |change: &MemberChange| {
            because(
                world.db.write(|tx| actions::member_change(tx, &world.nature, last, last.person(), change)),
            )
        };
        assert_eq!(give_up(&change(Role::Staff, version, true)), MemberRefusal::Loss(Loss::LastManager));
        let leave = world.db.write(|tx| actions::member_end(tx, &world.nature, last, last.person(), true));
        assert_eq!(because(leave), MemberRefusal::Loss(Loss::LastManager));
        // A closed account does not count as one who could take over.
        world.member(house, "closed@example.jp", Role::Director);
        world.db.write(|tx| actions::user_disable(tx, &world.nature, "closed@example.jp")).unwrap();
        assert_eq!(give_up(&change(Role::Staff, version, true)), MemberRefusal::Loss(Loss::LastManager));
    });
}

#[test]
fn nobody_gives_their_own_right_away_unawares() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら医院");
        let one = world.member(house, "incho@example.jp", Role::Director);
        world.member(house, "anzen@example.jp", Role::SafetyManager);
        let go = |meant| {
            world.db.write(|tx| {
                actions::member_change(tx, &world.nature, &one, one.person(), &change(Role::Staff, 1, meant))
            })
        };
        assert_eq!(because(go(false)), MemberRefusal::Loss(Loss::NeedsOwnWord));
        go(true).unwrap();
        let asked_again =
            world.db.write(|tx| actions::member_end(tx, &world.nature, &one, one.person(), true));
        assert!(matches!(asked_again, Err(Refused::Failed(Failure::Denied(_)))), "the right is gone at once");
    });
}

#[test]
fn two_who_change_one_member_see_each_other() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら医院");
        let director = world.member(house, "incho@example.jp", Role::Director);
        let nurse = world.member(house, "kango@example.jp", Role::Staff);
        let go = |role, version| {
            let change = change(role, version, false);
            world.db.write(|tx| actions::member_change(tx, &world.nature, &director, nurse.person(), &change))
        };
        go(Role::SystemOperator, 1).unwrap();
        let MemberRefusal::Stale(now) = because(go(Role::Inspector, 1)) else { panic!("not stale") };
        assert_eq!((now.role, now.version), (Role::SystemOperator, 2));
        go(Role::Inspector, 2).unwrap();
        let log = world.log(&director);
        assert!(log[0].before.contains("system_operator") && log[0].after.contains("inspector"));
    });
}

#[test]
fn who_left_comes_back_by_invitation() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら医院");
        let director = world.member(house, "incho@example.jp", Role::Director);
        let nurse = world.member(house, "kango@example.jp", Role::Staff);
        let session = world.session(nurse.person());
        world
            .db
            .write(|tx| actions::member_end(tx, &world.nature, &director, nurse.person(), false))
            .unwrap();
        assert_eq!(world.db.read(|tx| actions::members(tx, &director)).unwrap().len(), 1);
        let places = world.db.read(|tx| Sessions::places(tx, nurse.person())).unwrap();
        assert!(places.is_empty(), "access ends with the membership");
        let (_, token) = invite(&world, &director, Role::Inspector);
        let address: IpAddr = "192.0.2.1".parse().unwrap();
        world.db.write(|tx| actions::invitation_join(tx, &world.nature, &session, address, &token)).unwrap();
        let back = world.db.read(|tx| actions::member_get(tx, &director, nurse.person())).unwrap();
        assert_eq!(back.role, Role::Inspector);
    });
}

#[test]
fn only_who_manages_members_changes_them() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら医院");
        let director = world.member(house, "incho@example.jp", Role::Director);
        let nurse = world.member(house, "kango@example.jp", Role::Staff);
        let (id, _) = invite(&world, &director, Role::Staff);
        let nature = &world.nature;
        for role in Role::ALL.into_iter().filter(|role| !role.may(Permission::MembersManage)) {
            let asker = world.member(house, &format!("{role}@example.jp"), role);
            let new =
                NewInvitation { id: InvitationId(nature.id()), name: "x".into(), role, title: String::new() };
            let db = &world.db;
            let outcomes = [
                db.write(|tx| actions::member_invite(tx, nature, &asker, &new).map(drop)).is_err(),
                db.write(|tx| actions::invitation_revoke(tx, nature, &asker, id)).is_err(),
                db.write(|tx| actions::invitation_renew(tx, nature, &asker, id).map(drop)).is_err(),
                db.read(|tx| actions::invitations(tx, &asker)).is_err(),
                db.write(|tx| actions::member_end(tx, nature, &asker, nurse.person(), true)).is_err(),
                db.write(|tx| {
                    actions::member_change(
                        tx,
                        nature,
                        &asker,
                        nurse.person(),
                        &change(Role::Director, 1, true),
                    )
                })
                .is_err(),
            ];
            assert_eq!(outcomes, [true; 6], "{role}");
            assert!(db.read(|tx| actions::members(tx, &asker)).is_ok(), "{role} sees who is here");
        }
    });
}

#[test]
fn another_organisation_sees_and_changes_nothing() {
    each_database(|db| {
        let world = World::new(db);
        let (house, other) = (world.organisation("あおぞら医院"), world.organisation("みどり薬局"));
        let director = world.member(house, "incho@example.jp", Role::Director);
        let stranger = world.member(other, "yakkyoku@example.jp", Role::Director);
        let nurse = world.member(house, "kango@example.jp", Role::Staff);
        let (id, _) = invite(&world, &director, Role::Staff);
        let (db, nature) = (&world.db, &world.nature);
        assert_eq!(db.read(|tx| actions::members(tx, &stranger)).unwrap().len(), 1);
        assert!(db.read(|tx| actions::invitations(tx, &stranger)).unwrap().is_empty());
        let not_found =
            |outcome: Result<(), Failure>| assert!(matches!(outcome, Err(Failure::NotFound)), "{outcome:?}");
        let plain = |outcome: Result<(), Refused<MemberRefusal>>| match outcome {
            Err(Refused::Failed(failure)) => Err(failure),
            other => panic!("{other:?}"),
        };
        not_found(db.read(|tx| actions::member_get(tx, &stranger, nurse.person())).map(drop));
        not_found(db.write(|tx| actions::invitation_revoke(tx, nature, &stranger, id)));
        not_found(db.write(|tx| actions::invitation_renew(tx, nature, &stranger, id)).map(drop));
        not_found(plain(db.write(|tx| actions::member_end(tx, nature, &stranger, nurse.person(), true))));
        let change = change(Role::Director, 1, true);
        not_found(plain(
            db.write(|tx| actions::member_change(tx, nature, &stranger, nurse.person(), &change)),
        ));
        assert_eq!(db.read(|tx| actions::members(tx, &director)).unwrap().len(), 2);
        let session = world.session(stranger.person());
        assert!(!db.write(|tx| Sessions::switch(tx, &session, house)).unwrap());
    });
}
