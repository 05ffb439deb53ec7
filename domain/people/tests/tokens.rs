//! What ends the tokens of a person and of everybody, on both databases.
#![allow(clippy::unwrap_used)]

mod common;

use chrono::Duration;
use common::{OTHER_PASSWORD, World};
use komainu_access::{Permission, Role, Scope, TokenSecret, Tokens};
use komainu_db::DbError;
use komainu_db::testing::each_database;
use komainu_people::actions::{self, NewToken, TokenLife, service_make, token_make};
use komainu_people::model::Password;
use komainu_web::Failure;

fn new() -> NewToken {
    NewToken {
        name: "表計算".into(),
        permissions: vec![Permission::LedgerRead],
        life: TokenLife::days(90).unwrap(),
    }
}

fn token(world: &World, scope: &Scope) -> TokenSecret {
    let session = world.session(scope.person());
    let made = world.db.write(|tx| token_make(tx, &world.nature, (&session, scope), &new()));
    made.map_err(|error: Failure| error).unwrap().secret
}

fn service(world: &World, scope: &Scope) -> TokenSecret {
    let session = world.session(scope.person());
    let made = world.db.write(|tx| service_make(tx, &world.nature, (&session, scope), &new()));
    made.map_err(|error: Failure| error).unwrap().secret
}

fn lives(world: &World, secret: &TokenSecret) -> bool {
    let found = world.db.read(|tx| Tokens::find(tx, secret, world.nature.now()));
    found.map_err(|error: DbError| error).unwrap().is_some()
}

#[test]
fn who_is_let_back_in_finds_no_token_of_whoever_was_in_the_account() {
    each_database(|db| {
        let world = World::new(db);
        let (one, two) = (world.organisation("あおぞら医院"), world.organisation("となり薬局"));
        let person = world.member(one, "soumu@example.jp", Role::Director);
        world.join(two, person.person(), Role::Director);
        let elsewhere = Scope::new(person.person(), "soumu@example.jp", two, Role::Director);
        let other = world.member(one, "incho@example.jp", Role::Director);
        let resets: [&dyn Fn(); 3] = [
            &|| {
                let new = Password::typed(OTHER_PASSWORD);
                actions::password_reset(&world.gate(), "soumu@example.jp", &new).map_err(|_| "set").unwrap();
            },
            &|| {
                let reset = |tx: &mut komainu_db::Tx<'_>| {
                    actions::factors_reset(tx, &world.nature, "soumu@example.jp")
                };
                world.db.write(reset).map_err(|_| "reset").unwrap();
            },
            &|| {
                let email = "soumu@example.jp";
                world.db.write(|tx| actions::user_disable(tx, &world.nature, email)).map_err(|_| "").unwrap();
                world.db.write(|tx| actions::user_enable(tx, &world.nature, email)).map_err(|_| "").unwrap();
            },
        ];
        let (kept, service) = (token(&world, &other), service(&world, &person));
        for reset in resets {
            let own = [token(&world, &person), token(&world, &elsewhere)];
            assert!(own.iter().all(|secret| lives(&world, secret)));
            reset();
            assert!(own.iter().all(|secret| !lives(&world, secret)));
        }
        assert!(lives(&world, &kept) && lives(&world, &service), "what is somebody else's goes on");
    });
}

#[test]
fn a_new_password_ends_no_token_and_a_restore_ends_all() {
    each_database(|db| {
        let world = World::new(db);
        let scope = world.member(world.organisation("あおぞら医院"), "incho@example.jp", Role::Director);
        let both = [token(&world, &scope), service(&world, &scope)];
        let session = world.session(scope.person());
        actions::password_change(&world.gate(), &session, &Password::typed(OTHER_PASSWORD)).unwrap();
        assert!(both.iter().all(|secret| lives(&world, secret)));
        assert_eq!(world.write(|tx| Tokens::end_all(tx, world.nature.now())), 2);
        assert!(both.iter().all(|secret| !lives(&world, secret)));
    });
}

#[test]
fn a_token_is_over_when_its_days_are() {
    each_database(|db| {
        let world = World::new(db);
        let scope = world.member(world.organisation("あおぞら医院"), "incho@example.jp", Role::Director);
        let secret = token(&world, &scope);
        world.fake.advance(Duration::days(90) - Duration::seconds(1));
        assert!(lives(&world, &secret));
        world.fake.advance(Duration::seconds(1));
        assert!(!lives(&world, &secret));
    });
}
