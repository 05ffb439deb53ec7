//! The first run, signing in, and what keeps others from trying.

use crate::*;

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
            .unwrap();
        assert_eq!((entered.person, entered.lang), (person, Lang::Ja));
        let now = world.nature.now();
        let session = world.db.read(|tx| Sessions::find(tx, &entered.token, now)).unwrap().unwrap();
        let again = Attempt { previous: Some(session), ..attempt("soumu@example.jp", PASSWORD, "192.0.2.1") };
        let next = actions::sign_in(&first, &again).map_err(|_| "in").unwrap();
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
