//! One's own account, the command line, and what the log never holds.

use crate::*;

#[test]
fn changing_the_password_asks_for_the_old_one_and_ends_other_sessions() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら医院");
        let scope = world.member(house, "soumu@example.jp", Role::Director);
        let (own, other) = (world.session(scope.person()), world.session(scope.person()));
        let change = |old: &str| {
            let change = PasswordChange { old: Password::typed(old), new: Password::typed(OTHER_PASSWORD) };
            actions::password_change(&world.gate(), &own, &change)
        };
        assert_eq!(because(change(OTHER_PASSWORD)), PasswordRefusal::Wrong);
        assert_eq!(change(PASSWORD).map_err(|_| "changed").unwrap(), 1);
        let left: Vec<Session> =
            world.db.read(|tx| Sessions::of(tx, scope.person(), world.nature.now())).unwrap();
        assert_eq!(left.iter().map(|session| session.id).collect::<Vec<_>>(), [own.id]);
        assert_ne!(own.id, other.id);
        for _ in 0..5 {
            assert_eq!(because(change(PASSWORD)), PasswordRefusal::Wrong);
        }
        assert!(matches!(because(change(OTHER_PASSWORD)), PasswordRefusal::Wait(_)));
        let log = world.log(&scope);
        assert_eq!(log.len(), 1);
        assert_eq!(
            (log[0].action.as_str(), log[0].before.as_str(), log[0].after.as_str()),
            ("password_change", "null", "null")
        );
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
            world.db.write(|tx| actions::account_change(tx, &world.nature, &session, &profile)).unwrap();
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
