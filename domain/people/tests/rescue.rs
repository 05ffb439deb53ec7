//! The way back in after a loss, on both databases.
#![allow(clippy::unwrap_used)]

mod common;

use chrono::Duration;
use common::{OTHER_PASSWORD, PASSWORD, World, because, inside};
use komainu_access::{Permission, PersonId, Role, Scope, Session, Sessions};
use komainu_db::testing::each_database;
use komainu_people::actions::{self as people, Attempt};
use komainu_people::factors::actions as factors;
use komainu_people::model::{Password, Token};
use komainu_people::rescue::actions::{self, AgreeRefusal, Plea, RescueRefusal};
use komainu_people::rescue::model::{Agreed, Lost, Rescue, RescueId};
use komainu_web::{Failure, Refused};
use std::sync::Barrier;

const EMAIL: &str = "kango@example.jp";

fn ask(world: &World, email: &str) -> Result<(), Refused<Duration>> {
    let plea = Plea {
        email: email.parse().ok(),
        lost: Lost::Both,
        address: "192.0.2.1".parse().unwrap(),
        user_agent: "test".to_owned(),
    };
    world.db.write(|tx| actions::rescue_ask(tx, &world.nature, &plea))
}

fn waiting(world: &World, scope: &Scope) -> Vec<Rescue> {
    world.db.read(|tx| actions::rescues(tx, scope, world.nature.now())).unwrap()
}

fn agree(world: &World, scope: &Scope, id: RescueId) -> Result<Agreed, Refused<AgreeRefusal>> {
    let session = world.session(scope.person());
    world.db.write(|tx| actions::rescue_agree(tx, &world.nature, (&session, scope), id))
}

fn linked(world: &World, scope: &Scope, id: RescueId) -> Token {
    match agree(world, scope, id).map_err(|_| "agreed").unwrap() {
        Agreed::Linked { token, .. } => token,
        Agreed::Waiting(others) => panic!("{others} others have to agree"),
    }
}

fn use_link(world: &World, token: &Token) -> Result<(), Refused<RescueRefusal>> {
    let address = "192.0.2.1".parse().unwrap();
    actions::rescue_use(&world.gate(), token, &Password::typed(OTHER_PASSWORD), address)
}

fn password(world: &World, email: &str, password: &str) -> bool {
    let attempt = Attempt {
        email: email.parse().ok(),
        password: Password::typed(password),
        address: "192.0.2.9".parse().unwrap(),
        user_agent: "test".to_owned(),
        previous: None,
    };
    people::sign_in(&world.gate(), &attempt).map(inside).is_ok()
}

/// Gives somebody an authenticator app.
fn totp(world: &World, person: PersonId) {
    let (session, sealer) = (world.session(person), world.gate().sealer());
    let offer = world.db.write(|tx| factors::totp_offer(tx, sealer, &session)).unwrap();
    let secret =
        base32::decode(base32::Alphabet::Rfc4648 { padding: false }, &offer.secret.text().replace(' ', ""));
    let totp = totp_rs::Builder::new().with_secret(secret.unwrap()).build().unwrap();
    let code = totp.generate(u64::try_from(world.nature.now().timestamp()).unwrap()).to_string();
    world.db.write(|tx| factors::totp_add(tx, sealer, &session, &code)).map_err(|_| "set up").unwrap();
}

fn told(world: &World, scope: &Scope) -> Vec<String> {
    world.log(scope).into_iter().map(|entry| entry.action).collect()
}

#[test]
fn who_lost_everything_is_let_back_in_by_who_manages_members() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら医院");
        let director = world.member(house, "incho@example.jp", Role::Director);
        let nurse = world.member(house, EMAIL, Role::Staff);
        totp(&world, nurse.person());
        world.session(nurse.person());
        ask(&world, "ＫＡＮＧＯ@example.jp").unwrap();
        ask(&world, EMAIL).unwrap();
        let rescues = waiting(&world, &director);
        assert_eq!(rescues.len(), 1, "asking twice is asking once");
        let rescue = &rescues[0];
        assert_eq!(
            (rescue.person, rescue.lost, rescue.linked, rescue.others),
            (nurse.person(), Lost::Both, false, 0)
        );
        let token = linked(&world, &director, rescue.id);
        use_link(&world, &token).map_err(|_| "used").unwrap();
        assert!(!password(&world, EMAIL, PASSWORD), "the old password is dead");
        let sessions = world.db.read(|tx| Sessions::of(tx, nurse.person(), world.nature.now())).unwrap();
        assert!(sessions.is_empty(), "every session is over");
        let own = world.db.read(|tx| factors::factors(tx, nurse.person())).unwrap();
        assert_eq!((own.kinds().any(), own.codes_left), (false, 0), "every factor is gone");
        assert!(password(&world, EMAIL, OTHER_PASSWORD));
        assert_eq!(because(use_link(&world, &token)), RescueRefusal::Gone, "once");
        assert!(waiting(&world, &director).is_empty());
        assert_eq!(told(&world, &director), ["rescue_use", "rescue_agree", "rescue_ask", "totp_add"]);
        let log = world.log(&director);
        assert_eq!((log[1].person, log[0].person), (Some(director.person()), Some(nurse.person())));
    });
}

#[test]
fn asking_tells_nothing_and_is_throttled_alike() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら医院");
        let director = world.member(house, "incho@example.jp", Role::Director);
        world.member(house, EMAIL, Role::Staff);
        world.person("closed@example.jp");
        world.db.write(|tx| people::user_disable(tx, &world.nature, "closed@example.jp")).unwrap();
        for email in [EMAIL, "nobody@example.jp", "closed@example.jp"] {
            for _ in 0..5 {
                ask(&world, email).unwrap();
            }
            assert_eq!(because(ask(&world, email)), Duration::seconds(30), "{email}");
        }
        assert_eq!(waiting(&world, &director).len(), 1);
        assert_eq!(told(&world, &director), ["rescue_ask"]);
        assert!(ask(&world, "no address").is_ok());
    });
}

#[test]
fn every_organisation_of_the_person_has_to_agree() {
    each_database(|db| {
        let world = World::new(db);
        let (one, two) = (world.organisation("あおぞら医院"), world.organisation("みどり薬局"));
        let here = world.member(one, "incho@example.jp", Role::Director);
        let there = world.member(two, "yakkyoku@example.jp", Role::Director);
        let nurse = world.member(one, EMAIL, Role::Staff);
        world.join(two, nurse.person(), Role::Staff);
        ask(&world, EMAIL).unwrap();
        let id = waiting(&world, &here)[0].id;
        assert_eq!(waiting(&world, &there)[0].others, 1);
        assert!(matches!(agree(&world, &here, id), Ok(Agreed::Waiting(1))));
        assert!(matches!(agree(&world, &here, id), Ok(Agreed::Waiting(1))), "twice is once");
        assert!(waiting(&world, &here)[0].agreed && !waiting(&world, &there)[0].agreed);
        let token = linked(&world, &there, id);
        use_link(&world, &token).map_err(|_| "used").unwrap();
        assert_eq!(
            told(&world, &here),
            ["rescue_use", "rescue_agree_elsewhere", "rescue_agree", "rescue_agree", "rescue_ask"]
        );
        assert_eq!(
            told(&world, &there),
            ["rescue_use", "rescue_agree", "rescue_agree_elsewhere", "rescue_agree_elsewhere", "rescue_ask"]
        );
        let log = format!("{:?}", world.log(&there));
        assert!(!log.contains("incho"), "nobody learns who agreed elsewhere: {log}");
    });
}

#[test]
fn of_two_who_agree_at_once_one_gets_the_link() {
    each_database(|db| {
        let world = World::new(db);
        let (one, two) = (world.organisation("一"), world.organisation("二"));
        let scopes = [
            world.member(one, "a@example.jp", Role::Director),
            world.member(two, "b@example.jp", Role::SafetyManager),
        ];
        let nurse = world.member(one, EMAIL, Role::Staff);
        world.join(two, nurse.person(), Role::Staff);
        ask(&world, EMAIL).unwrap();
        let id = waiting(&world, &scopes[0])[0].id;
        let sessions = scopes.each_ref().map(|scope| world.session(scope.person()));
        let barrier = Barrier::new(2);
        let links = std::thread::scope(|threads| {
            let tries = [0, 1].map(|index| {
                let (world, barrier, asker) = (&world, &barrier, (&sessions[index], &scopes[index]));
                threads.spawn(move || {
                    barrier.wait();
                    world.db.write(|tx| actions::rescue_agree(tx, &world.nature, asker, id))
                })
            });
            tries.into_iter().filter(|_| true).map(|handle| handle.join().unwrap()).collect::<Vec<_>>()
        });
        let linked = links.iter().filter(|link| matches!(link, Ok(Agreed::Linked { .. }))).count();
        assert_eq!((linked, links.iter().filter(|link| link.is_ok()).count()), (1, 2));
    });
}

#[test]
fn nobody_agrees_for_themselves_or_without_right_and_proof() {
    each_database(|db| {
        let world = World::new(db);
        let (house, other) = (world.organisation("あおぞら医院"), world.organisation("みどり薬局"));
        let director = world.member(house, "incho@example.jp", Role::Director);
        let stranger = world.member(other, "yakkyoku@example.jp", Role::Director);
        ask(&world, "incho@example.jp").unwrap();
        let id = waiting(&world, &director)[0].id;
        assert_eq!(because(agree(&world, &director, id).map(drop)), AgreeRefusal::Own);
        assert!(waiting(&world, &stranger).is_empty());
        let outcome = agree(&world, &stranger, id).map(drop);
        assert!(matches!(outcome, Err(Refused::Failed(Failure::NotFound))));
        let refused = world.db.write(|tx| actions::rescue_refuse(tx, &world.nature, &stranger, id));
        assert!(matches!(refused, Err(Failure::NotFound)));
        for role in Role::ALL.into_iter().filter(|role| !role.may(Permission::MembersManage)) {
            let asker = world.member(house, &format!("{role}@example.jp"), role);
            assert!(matches!(agree(&world, &asker, id).map(drop), Err(Refused::Failed(Failure::Denied(_)))));
            assert!(world.db.write(|tx| actions::rescue_refuse(tx, &world.nature, &asker, id)).is_err());
            assert!(world.db.read(|tx| actions::rescues(tx, &asker, world.nature.now())).is_err());
        }
        let manager = world.member(house, "anzen@example.jp", Role::SafetyManager);
        let stale = Session { proved_at: None, ..world.session(manager.person()) };
        let outcome = world.db.write(|tx| actions::rescue_agree(tx, &world.nature, (&stale, &manager), id));
        assert!(matches!(outcome.map(drop), Err(Refused::Failed(Failure::Unproved))));
        linked(&world, &manager, id);
    });
}

#[test]
fn refused_cancelled_renewed_and_expired_ways_are_closed() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら医院");
        let director = world.member(house, "incho@example.jp", Role::Director);
        let nurse = world.member(house, EMAIL, Role::Staff);
        let gone = |token: &Token| assert_eq!(because(use_link(&world, token)), RescueRefusal::Gone);
        let begin = || {
            ask(&world, EMAIL).unwrap();
            waiting(&world, &director)[0].id
        };
        gone(&Token::new([9; 32]));
        let id = begin();
        let refused = linked(&world, &director, id);
        world.db.write(|tx| actions::rescue_refuse(tx, &world.nature, &director, id)).unwrap();
        gone(&refused);
        let id = begin();
        let cancelled = linked(&world, &director, id);
        let own = world.session(nurse.person());
        assert!(
            world.db.read(|tx| actions::rescue_own(tx, own.person, world.nature.now())).unwrap().is_some()
        );
        for _ in 0..2 {
            world.write(|tx| actions::rescue_cancel(tx, &world.nature, &own));
        }
        gone(&cancelled);
        let id = begin();
        let (lost, found) = (linked(&world, &director, id), linked(&world, &director, id));
        gone(&lost);
        world.fake.advance(Duration::hours(24));
        gone(&found);
        assert!(waiting(&world, &director).is_empty(), "a day is over");
        begin();
        world.fake.advance(Duration::days(7));
        assert!(waiting(&world, &director).is_empty(), "nobody answered in a week");
        let log = told(&world, &director);
        assert_eq!(log.iter().filter(|action| *action == "rescue_cancel").count(), 1, "{log:?}");
        assert!(log.contains(&"rescue_refuse".to_owned()));
        assert!(password(&world, EMAIL, PASSWORD), "nothing has changed for the person");
    });
}
