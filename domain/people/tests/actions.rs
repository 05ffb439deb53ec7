//! What can be done with people, on both databases.
#![allow(clippy::unwrap_used)]

mod common;

use chrono::Duration;
use common::{OTHER_PASSWORD, PASSWORD, World, because, inside, quick};
use komainu_access::{Permission, PersonId, Role, Scope, Session, Sessions};
use komainu_db::testing::each_database;
use komainu_i18n::Lang;
use komainu_people::actions::{
    self, Attempt, ConsoleRefusal, EmailRefusal, FirstRunRefusal, Founder, InviteRefusal, JoinRefusal,
    MemberChange, MemberRefusal, NewInvitation, Newcomer, NewcomerRefusal, Profile, SignInRefusal,
};
use komainu_people::model::{InvitationId, Password, Token};
use komainu_people::rules::Loss;
use komainu_web::{Failure, Refused};
use std::net::IpAddr;
use std::sync::Barrier;

fn attempt(email: &str, password: &str, address: &str) -> Attempt {
    Attempt {
        email: email.parse().ok(),
        password: Password::typed(password),
        address: address.parse().unwrap(),
        user_agent: "test".to_owned(),
        previous: None,
    }
}

fn founder(email: &str, setup_code: &str) -> Founder {
    Founder {
        name: "院長".to_owned(),
        name_kana: String::new(),
        email: email.parse().unwrap(),
        password: Password::typed(PASSWORD),
        setup_code: setup_code.to_owned(),
        lang: Lang::Ja,
        user_agent: "test".to_owned(),
    }
}

fn newcomer(email: &str, password: &str) -> Newcomer {
    Newcomer {
        name: "事務長".to_owned(),
        name_kana: "じむちょう".to_owned(),
        email: email.parse().unwrap(),
        password: Password::typed(password),
        lang: Lang::Ja,
        address: "192.0.2.7".parse().unwrap(),
        user_agent: "test".to_owned(),
    }
}

fn invite(world: &World, scope: &Scope, role: Role) -> (InvitationId, Token) {
    let new = NewInvitation {
        id: InvitationId(world.nature.id()),
        name: "事務長".to_owned(),
        role,
        title: "事務長".to_owned(),
    };
    let invited = world.db.write(|tx| actions::member_invite(tx, &world.nature, scope, &new)).unwrap();
    (invited.invitation.id, invited.token)
}

/// Runs both at the same moment.
fn at_once<T: Send>(work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(2);
    std::thread::scope(|threads| {
        let run = |index| {
            let (barrier, work) = (&barrier, &work);
            threads.spawn(move || {
                barrier.wait();
                work(index)
            })
        };
        let handles = [run(0), run(1)];
        handles.into_iter().map(|handle| handle.join().unwrap()).collect()
    })
}

#[test]
fn every_statement_is_understood() {
    each_database(|db| {
        for list in komainu_people::STATEMENTS {
            komainu_db::prepare_all(&db, list).unwrap();
        }
        komainu_db::prepare_all(&db, komainu_access::STATEMENTS).unwrap();
    });
}

#[test]
fn of_two_first_runs_exactly_one_wins() {
    each_database(|db| {
        let world = World::new(db);
        let outcomes = at_once(|index| {
            actions::first_run(&world.gate(), None, &founder(&format!("incho{index}@example.jp"), ""))
        });
        let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert_eq!((won.len(), lost.len()), (1, 1));
        for refused in lost {
            assert!(matches!(refused, Err(Refused::Because(FirstRunRefusal::Settled))));
        }
        let people = world.db.read(actions::users).unwrap();
        assert_eq!(people.len(), 1);
        assert!(people[0].administrator);
    });
}

#[test]
fn the_setup_code_is_asked_for_and_cannot_be_tried_out() {
    each_database(|db| {
        let world = World::new(db);
        let run =
            |code: &str| actions::first_run(&world.gate(), Some("123456"), &founder("a@example.jp", code));
        for wrong in ["", "000000", "12345", "1234567", "１２３４５７"] {
            assert_eq!(because(run(wrong).map(drop)), FirstRunRefusal::WrongCode, "{wrong}");
        }
        let waiting = because(run("123456").map(drop));
        assert!(matches!(waiting, FirstRunRefusal::Wait(wait) if wait.num_seconds() == 30), "{waiting:?}");
        world.fake.advance(Duration::seconds(30));
        run("１２３４５６").map_err(|_| "the right code, full width").unwrap();
    });
}

#[test]
fn signing_in_opens_a_session_of_its_own() {
    each_database(|db| {
        let world = World::new(db);
        let person = world.person("soumu@example.jp");
        let first = world.gate();
        let entered = actions::sign_in(&first, &attempt("ＳＯＵＭＵ@example.jp", PASSWORD, "192.0.2.1"))
            .map_err(|_| "in")
            .map(inside)
            .unwrap();
        assert_eq!((entered.person, entered.lang), (person, Lang::Ja));
        let now = world.nature.now();
        let session = world.db.read(|tx| Sessions::find(tx, &entered.token, now)).unwrap().unwrap();
        let again = Attempt { previous: Some(session), ..attempt("soumu@example.jp", PASSWORD, "192.0.2.1") };
        let next = actions::sign_in(&first, &again).map_err(|_| "in").map(inside).unwrap();
        assert_ne!(entered.token.text(), next.token.text());
        let alive = |token| world.db.read(|tx| Sessions::find(tx, token, now)).unwrap().is_some();
        assert!(!alive(&entered.token), "the browser's earlier session is over");
        assert!(alive(&next.token));
    });
}

#[test]
fn whoever_is_refused_costs_the_same_work_and_hears_the_same() {
    each_database(|db| {
        let world = World::new(db);
        world.person("known@example.jp");
        world.person("closed@example.jp");
        world.db.write(|tx| actions::user_disable(tx, &world.nature, "closed@example.jp")).unwrap();
        for (case, email, password) in [
            ("wrong password", "known@example.jp", OTHER_PASSWORD),
            ("no such account", "unknown@example.jp", PASSWORD),
            ("closed account, right password", "closed@example.jp", PASSWORD),
            ("no address at all", "known", PASSWORD),
            ("empty", "", ""),
        ] {
            let before = world.hasher.work();
            let refusal =
                because(actions::sign_in(&world.gate(), &attempt(email, password, "192.0.2.1")).map(drop));
            assert_eq!(refusal, SignInRefusal::Wrong, "{case}");
            assert_eq!(world.hasher.work() - before, 1, "{case}: one comparison");
        }
    });
}

#[test]
fn an_account_is_throttled_whether_it_exists_or_not() {
    each_database(|db| {
        let world = World::new(db);
        world.person("known@example.jp");
        for email in ["known@example.jp", "unknown@example.jp"] {
            // From ever new addresses, as several computers would do it.
            let mut addresses = (1..).map(|n| format!("198.51.100.{n}"));
            let mut attempt = |password| {
                actions::sign_in(&world.gate(), &attempt(email, password, &addresses.next().unwrap()))
                    .map(drop)
            };
            for _ in 0..5 {
                assert_eq!(because(attempt(OTHER_PASSWORD)), SignInRefusal::Wrong);
            }
            for seconds in [30, 60, 120, 240, 480, 900, 900] {
                let before = world.hasher.work();
                let wait = because(attempt(PASSWORD));
                assert_eq!(wait, SignInRefusal::Wait(Duration::seconds(seconds)), "{email}");
                assert_eq!(world.hasher.work(), before, "nothing is compared while one waits");
                world.fake.advance(Duration::seconds(seconds));
                assert_eq!(because(attempt(OTHER_PASSWORD)), SignInRefusal::Wrong, "{email}");
            }
        }
        world.fake.advance(Duration::seconds(900));
        let known =
            |password| actions::sign_in(&world.gate(), &attempt("known@example.jp", password, "192.0.2.1"));
        known(PASSWORD).map_err(|_| "the wait is over").unwrap();
        for _ in 0..5 {
            assert_eq!(
                because(known(OTHER_PASSWORD).map(drop)),
                SignInRefusal::Wrong,
                "success began afresh"
            );
        }
    });
}

#[test]
fn an_address_is_throttled_over_many_accounts_and_networks_count_as_one() {
    each_database(|db| {
        let world = World::new(db);
        world.person("known@example.jp");
        let known = |address| {
            actions::sign_in(&world.gate(), &attempt("known@example.jp", PASSWORD, address)).map(drop)
        };
        for number in 0..30 {
            let address = format!("2001:db8:1:2::{number:x}");
            let tried = attempt(&format!("a{number}@example.jp"), PASSWORD, &address);
            assert_eq!(because(actions::sign_in(&world.gate(), &tried).map(drop)), SignInRefusal::Wrong);
        }
        assert!(matches!(because(known("2001:db8:1:2:ffff::1")), SignInRefusal::Wait(_)));
        known("2001:db8:1:3::1").map_err(|_| "another network").unwrap();
        world.fake.advance(Duration::seconds(60));
        known("2001:db8:1:2::1").map_err(|_| "it is over").unwrap();
    });
}

#[test]
fn many_at_once_cannot_slip_through() {
    each_database(|db| {
        let world = World::new(db);
        world.person("known@example.jp");
        let wrong = std::thread::scope(|threads| {
            let tries: Vec<_> = (0..20)
                .map(|number| {
                    let world = &world;
                    threads.spawn(move || {
                        let address = format!("203.0.113.{number}");
                        let tried = attempt("known@example.jp", OTHER_PASSWORD, &address);
                        because(actions::sign_in(&world.gate(), &tried).map(drop)) == SignInRefusal::Wrong
                    })
                })
                .collect();
            tries.into_iter().map(|handle| handle.join().unwrap()).filter(|wrong| *wrong).count()
        });
        assert_eq!(wrong, 5, "of twenty at once five are compared");
    });
}

#[test]
fn outdated_hashes_are_made_anew_at_sign_in() {
    each_database(|db| {
        let world = World::new(db);
        world.person("soumu@example.jp");
        let hasher = komainu_people::passwords::Hasher::new(argon2::Params::new(128, 1, 1, None).unwrap());
        let gate = actions::Gate { hasher: &hasher, ..world.gate() };
        let sign_in = || {
            let before = hasher.work();
            actions::sign_in(&gate, &attempt("soumu@example.jp", PASSWORD, "192.0.2.1"))
                .map_err(|_| "in")
                .unwrap();
            hasher.work() - before
        };
        assert_eq!(sign_in(), 2, "compared and hashed anew");
        assert_eq!(sign_in(), 1, "compared only");
    });
}

#[test]
fn changing_the_password_needs_a_proof_and_ends_other_sessions() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら医院");
        let scope = world.member(house, "soumu@example.jp", Role::Director);
        let (own, other) = (world.session(scope.person()), world.session(scope.person()));
        let new = Password::typed(OTHER_PASSWORD);
        let stale = Session { proved_at: None, ..own.clone() };
        let refused = actions::password_change(&world.gate(), &stale, &new);
        assert!(matches!(refused, Err(Failure::Unproved)), "{refused:?}");
        assert_eq!(actions::password_change(&world.gate(), &own, &new).unwrap(), 1);
        let left: Vec<Session> =
            world.db.read(|tx| Sessions::of(tx, scope.person(), world.nature.now())).unwrap();
        assert_eq!(left.iter().map(|session| session.id).collect::<Vec<_>>(), [own.id]);
        assert_ne!(own.id, other.id);
        let sign_in =
            |password| actions::sign_in(&world.gate(), &attempt("soumu@example.jp", password, "::1"));
        assert_eq!(because(sign_in(PASSWORD).map(drop)), SignInRefusal::Wrong);
        sign_in(OTHER_PASSWORD).map_err(|_| "in").map(inside).unwrap();
        let log = world.log(&scope);
        assert_eq!(log.len(), 1);
        assert_eq!(
            (log[0].action.as_str(), log[0].before.as_str(), log[0].after.as_str()),
            ("password_change", "null", "null")
        );
    });
}

#[test]
fn a_new_address_is_taken_if_nobody_has_it_and_the_log_does_not_tell_it() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら医院");
        let scope = world.member(house, "soumu@example.jp", Role::Director);
        world.person("taken@example.jp");
        let (own, other) = (world.session(scope.person()), world.session(scope.person()));
        let change = |session: &Session, email: &str| {
            actions::email_change(&world.gate(), session, &email.parse().unwrap())
        };
        let stale = Session { proved_at: None, ..own.clone() };
        assert!(matches!(change(&stale, "new@example.jp"), Err(Refused::Failed(Failure::Unproved))));
        for _ in 0..5 {
            assert_eq!(because(change(&own, "TAKEN@example.jp")), EmailRefusal::Taken);
        }
        assert!(
            matches!(because(change(&own, "taken@example.jp")), EmailRefusal::Wait(_)),
            "not to be tried out"
        );
        world.fake.advance(Duration::minutes(1));
        change(&own, "New@example.jp").map_err(|_| "changed").unwrap();
        let left = world.db.read(|tx| Sessions::of(tx, scope.person(), world.nature.now())).unwrap();
        assert!(left.iter().all(|session| session.id != other.id));
        let sign_in = |email| actions::sign_in(&world.gate(), &attempt(email, PASSWORD, "192.0.2.1"));
        assert_eq!(because(sign_in("soumu@example.jp").map(drop)), SignInRefusal::Wrong);
        sign_in("new@example.jp").map_err(|_| "in").map(inside).unwrap();
        let log = format!("{:?}", world.log(&scope));
        assert!(log.contains("email_change") && !log.contains("new@example.jp"), "{log}");
    });
}

#[test]
fn a_new_name_is_told_to_every_organisation() {
    each_database(|db| {
        let world = World::new(db);
        let (one, two) = (world.organisation("一"), world.organisation("二"));
        let scope = world.member(one, "soumu@example.jp", Role::Staff);
        world.join(two, scope.person(), Role::Director);
        let session = world.session(scope.person());
        let profile =
            Profile { name: "総務 花子".into(), name_kana: "そうむ はなこ".into(), lang: Lang::En };
        for _ in 0..2 {
            world
                .db
                .write(|tx| actions::account_change(tx, &world.nature, session.person, &profile))
                .unwrap();
        }
        for house in [one, two] {
            let log = world.log(&Scope::new(scope.person(), "", house, Role::Director));
            assert_eq!(log.len(), 1, "told once");
            assert!(log[0].before.contains("soumu") && log[0].after.contains("総務 花子"));
        }
        let person = world.db.read(|tx| actions::account(tx, scope.person())).unwrap();
        assert_eq!((person.name.as_str(), person.lang), ("総務 花子", Lang::En));
    });
}

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
        let join = |token: &Token| {
            let address: IpAddr = "192.0.2.1".parse().unwrap();
            because(
                world.db.write(|tx| actions::invitation_join(tx, &world.nature, &session, address, token)),
            )
        };
        assert_eq!(join(&Token::new([9; 32])), JoinRefusal::Gone);
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
            // Every member sees who is here; who comes with a link is none.
            let sees = db.read(|tx| actions::members(tx, &asker)).is_ok();
            assert_eq!(sees, role != Role::Link, "{role}");
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

#[test]
fn the_command_line_adds_lists_resets_and_closes() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら医院");
        let scope = world.member(house, "soumu@example.jp", Role::Director);
        let session = world.session(scope.person());
        let sign_in = |password| {
            actions::sign_in(&world.gate(), &attempt("soumu@example.jp", password, "192.0.2.1")).is_ok()
        };
        actions::password_reset(&world.gate(), "SOUMU@example.jp", &Password::typed(OTHER_PASSWORD))
            .map_err(|_| "reset")
            .unwrap();
        let alive = world.db.read(|tx| Sessions::of(tx, session.person, world.nature.now())).unwrap();
        assert!(alive.is_empty(), "whoever was signed in is out");
        assert!(!sign_in(PASSWORD) && sign_in(OTHER_PASSWORD));
        world.db.write(|tx| actions::user_disable(tx, &world.nature, "soumu@example.jp")).unwrap();
        assert!(!sign_in(OTHER_PASSWORD));
        world.db.write(|tx| actions::user_enable(tx, &world.nature, "soumu@example.jp")).unwrap();
        assert!(sign_in(OTHER_PASSWORD));
        let unknown = world.db.write(|tx| actions::user_disable(tx, &world.nature, "nobody@example.jp"));
        assert_eq!(because(unknown), ConsoleRefusal::Unknown);
        let log = world.log(&scope);
        let told: Vec<&str> = log.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(told, ["person_enable", "person_disable", "password_reset"]);
        assert!(log.iter().all(|entry| entry.person == Some(PersonId(uuid::Uuid::nil()))));
    });
}

#[test]
fn no_secret_reaches_the_log() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら医院");
        let director = world.member(house, "incho@example.jp", Role::Director);
        let (_, token) = invite(&world, &director, Role::Staff);
        let newcomer = newcomer("jimu@example.jp", PASSWORD);
        let session = actions::invitation_accept(&world.gate(), &token, &newcomer).map_err(|_| "in").unwrap();
        let hasher = quick();
        let gate = actions::Gate { hasher: &hasher, ..world.gate() };
        actions::password_reset(&gate, "jimu@example.jp", &Password::typed(OTHER_PASSWORD))
            .map_err(|_| "set")
            .unwrap();
        let text = format!("{:?}", world.log(&director));
        for secret in [PASSWORD, OTHER_PASSWORD, "$argon2", token.text().as_str(), session.text().as_str()] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    });
}
