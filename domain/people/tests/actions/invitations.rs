//! Invitations: accepted once, by whom they were meant for, while they hold.

use crate::*;

#[test]
fn an_invitation_makes_a_member_once() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら医院");
        let director = world.member(house, "incho@example.jp", Role::Director);
        let (_, token) = invite(&world, &director, Role::SystemOperator);
        let look =
            |token| world.db.read(|tx| actions::invitation_look(tx, token, world.nature.now())).unwrap();
        let offer = look(&token).unwrap();
        assert_eq!(
            (offer.organisation, offer.role, offer.title.as_str()),
            (house, Role::SystemOperator, "事務長")
        );
        let session =
            actions::invitation_accept(&world.gate(), &token, &newcomer("jimu@example.jp", PASSWORD));
        let session = session.map_err(|_| "joined").unwrap();
        let found = world.db.read(|tx| Sessions::find(tx, &session, world.nature.now())).unwrap().unwrap();
        assert_eq!(found.place.map(|(id, _, role)| (id, role)), Some((house, Role::SystemOperator)));
        assert!(!found.administrator);
        assert!(look(&token).is_none());
        let again =
            actions::invitation_accept(&world.gate(), &token, &newcomer("other@example.jp", PASSWORD));
        assert_eq!(because(again.map(drop)), NewcomerRefusal::Gone);
        let actions: Vec<String> = world.log(&director).into_iter().map(|entry| entry.action).collect();
        assert_eq!(actions, ["invitation_accept", "member_invite"]);
    });
}

#[test]
fn of_two_acceptances_exactly_one_wins() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら医院");
        let director = world.member(house, "incho@example.jp", Role::Director);
        let (_, token) = invite(&world, &director, Role::Staff);
        let outcomes = at_once(|index| {
            let newcomer = newcomer(&format!("jimu{index}@example.jp"), PASSWORD);
            actions::invitation_accept(&world.gate(), &token, &newcomer).map(drop)
        });
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        assert_eq!(
            because(outcomes.into_iter().find(Result::is_err).unwrap()),
            NewcomerRefusal::Gone,
            "and the other hears that it is gone"
        );
        assert_eq!(world.db.read(|tx| actions::members(tx, &director)).unwrap().len(), 2);
        assert_eq!(world.db.read(actions::users).unwrap().len(), 2, "the loser's account was not made");
        // The same for two people who are signed in.
        let (_, token) = invite(&world, &director, Role::Staff);
        let sessions = [0, 1].map(|index| world.session(world.person(&format!("kango{index}@example.jp"))));
        let outcomes = at_once(|index| {
            let address: IpAddr = "192.0.2.1".parse().unwrap();
            world
                .db
                .write(|tx| actions::invitation_join(tx, &world.nature, &sessions[index], address, &token))
                .is_ok()
        });
        assert_eq!(outcomes.iter().filter(|joined| **joined).count(), 1);
    });
}

#[test]
fn a_registered_address_joins_with_its_own_password_only() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら医院");
        let director = world.member(house, "incho@example.jp", Role::Director);
        let known = world.person("known@example.jp");
        let (_, token) = invite(&world, &director, Role::Staff);
        let accept = |email: &str, password: &str| {
            let before = world.hasher.work();
            let outcome =
                actions::invitation_accept(&world.gate(), &token, &newcomer(email, password)).map(drop);
            (outcome, world.hasher.work() - before)
        };
        let (outcome, work) = accept("known@example.jp", OTHER_PASSWORD);
        assert_eq!((because(outcome), work), (NewcomerRefusal::Mismatch, 2));
        let (outcome, work) = accept("known@example.jp", PASSWORD);
        outcome.map_err(|_| "joined").unwrap();
        assert_eq!(work, 2, "the same work in every case");
        let members = world.db.read(|tx| actions::members(tx, &director)).unwrap();
        assert!(members.iter().any(|member| member.person == known && member.name == "known"));
        assert_eq!(world.db.read(actions::users).unwrap().len(), 2, "no second account");
    });
}

#[test]
fn an_invitation_does_not_serve_to_try_addresses() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら医院");
        let director = world.member(house, "incho@example.jp", Role::Director);
        let (_, token) = invite(&world, &director, Role::Staff);
        for number in 0..6 {
            world.person(&format!("known{number}@example.jp"));
        }
        let accept = |number: usize| {
            let newcomer = newcomer(&format!("known{number}@example.jp"), OTHER_PASSWORD);
            because(actions::invitation_accept(&world.gate(), &token, &newcomer).map(drop))
        };
        for number in 0..5 {
            assert_eq!(accept(number), NewcomerRefusal::Mismatch);
        }
        assert_eq!(accept(5), NewcomerRefusal::Gone, "after five misses it is withdrawn");
        assert!(world.db.read(|tx| actions::invitations(tx, &director)).unwrap().is_empty());
        assert_eq!(world.log(&director)[0].action, "invitation_close");
    });
}

#[test]
fn expired_withdrawn_renewed_and_unknown_links_are_all_gone() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら医院");
        let director = world.member(house, "incho@example.jp", Role::Director);
        let session = world.session(world.person("jimu@example.jp"));
        let join = |token: &InvitationToken| {
            let address: IpAddr = "192.0.2.1".parse().unwrap();
            because(
                world.db.write(|tx| actions::invitation_join(tx, &world.nature, &session, address, token)),
            )
        };
        assert_eq!(join(&InvitationToken::new([9; 32])), JoinRefusal::Gone);
        let (id, revoked) = invite(&world, &director, Role::Staff);
        world.db.write(|tx| actions::invitation_revoke(tx, &world.nature, &director, id)).unwrap();
        assert_eq!(join(&revoked), JoinRefusal::Gone);
        let (id, old) = invite(&world, &director, Role::Staff);
        let renewed =
            world.db.write(|tx| actions::invitation_renew(tx, &world.nature, &director, id)).unwrap();
        assert_eq!(join(&old), JoinRefusal::Gone);
        world.fake.advance(Duration::days(7));
        assert_eq!(join(&renewed.token), JoinRefusal::Gone, "after seven days");
        assert_eq!(
            world.db.read(|tx| actions::invitations(tx, &director)).unwrap().len(),
            1,
            "shown as expired"
        );
    });
}

#[test]
fn who_may_no_longer_invite_leaves_no_open_door() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら医院");
        let director = world.member(house, "incho@example.jp", Role::Director);
        let manager = world.member(house, "anzen@example.jp", Role::SafetyManager);
        let (_, token) = invite(&world, &manager, Role::Director);
        world
            .db
            .write(|tx| actions::member_end(tx, &world.nature, &director, manager.person(), false))
            .unwrap();
        let look = world.db.read(|tx| actions::invitation_look(tx, &token, world.nature.now())).unwrap();
        assert!(look.is_none());
        assert!(world.log(&director)[0].after.contains("\"invitations_closed\":1"));
    });
}

#[test]
fn a_member_stays_themselves_and_an_invitation_open_when_they_join_twice() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら医院");
        let director = world.member(house, "incho@example.jp", Role::Director);
        let (_, token) = invite(&world, &director, Role::Staff);
        let session = world.session(director.person());
        let address: IpAddr = "192.0.2.1".parse().unwrap();
        let joined =
            world.db.write(|tx| actions::invitation_join(tx, &world.nature, &session, address, &token));
        assert_eq!(because(joined), JoinRefusal::AlreadyMember(house));
        let own = world.db.read(|tx| actions::member_get(tx, &director, director.person())).unwrap();
        assert_eq!(own.role, Role::Director);
        assert_eq!(world.db.read(|tx| actions::invitations(tx, &director)).unwrap().len(), 1);
    });
}

#[test]
fn a_form_sent_twice_invites_once() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら医院");
        let director = world.member(house, "incho@example.jp", Role::Director);
        let (id, _) = invite(&world, &director, Role::Staff);
        let again = NewInvitation { id, name: "x".into(), role: Role::Staff, title: String::new() };
        let outcome =
            world.db.write(|tx| actions::member_invite(tx, &world.nature, &director, &again).map(drop));
        assert_eq!(because(outcome), InviteRefusal::SentBefore);
        let vendor =
            NewInvitation { id: InvitationId(world.nature.id()), role: Role::VendorEngineer, ..again };
        let outcome =
            world.db.write(|tx| actions::member_invite(tx, &world.nature, &director, &vendor).map(drop));
        assert_eq!(because(outcome), InviteRefusal::WrongRole);
    });
}
