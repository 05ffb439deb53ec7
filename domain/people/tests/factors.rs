//! Second factors, on both databases.
#![allow(clippy::unwrap_used)]

mod common;

use chrono::Duration;
use common::authenticator::Authenticator;
use common::{PASSWORD, World, because, inside};
use komainu_access::{OrganisationId, PersonId, Role, Scope, Session, SessionToken, Sessions};
use komainu_db::testing::each_database;
use komainu_files::Key;
use komainu_people::actions::{self as people, Attempt, ConsoleRefusal, Gate, NewcomerRefusal, Opened};
use komainu_people::factors::actions::{
    self, DemandRefusal, Holder, NewPasskey, PasskeyRefusal, PasskeySignIn, Proof, ProofRefusal, Relying,
    SecondRefusal, SecondStep, TotpRefusal,
};
use komainu_people::factors::model::{Answer, Kinds, Means, RecoveryCode, TotpSecret};
use komainu_people::factors::rules::{CODES, ground};
use komainu_people::model::{Password, Token};
use komainu_web::{Failure, Refused};
use serde_json::Value;

const EMAIL: &str = "soumu@example.jp";
const ORIGIN: &str = "https://komainu.example.jp";

/// A member with a fresh session.
struct Somebody {
    house: OrganisationId,
    scope: Scope,
    session: Session,
}

fn somebody(world: &World, email: &str) -> Somebody {
    let house = world.organisation("あおぞら医院");
    let scope = world.member(house, email, Role::Director);
    let session = world.session(scope.person());
    Somebody { house, scope, session }
}

fn relying() -> Relying {
    actions::relying(&ground(ORIGIN, "komainu.example.jp")).unwrap().unwrap()
}

fn phone(seed: u8) -> Authenticator {
    Authenticator::new(seed, ORIGIN, "komainu.example.jp")
}

/// The digits that an app shows at this moment, moved by some steps.
fn digits(world: &World, secret: &TotpSecret, steps: i64) -> String {
    let moment = world.nature.now().timestamp() + 30 * steps;
    let totp = totp_rs::Builder::new()
        .with_secret(
            base32::decode(base32::Alphabet::Rfc4648 { padding: false }, &secret.text().replace(' ', ""))
                .unwrap(),
        )
        .build()
        .unwrap();
    totp.generate(u64::try_from(moment).unwrap()).to_string()
}

/// Sets an app up and answers its secret and the recovery codes that came with it.
fn totp(world: &World, session: &Session) -> (TotpSecret, Vec<RecoveryCode>) {
    let sealer = world.gate().sealer();
    let offer = world.db.write(|tx| actions::totp_offer(tx, sealer, session)).unwrap();
    let code = digits(world, &offer.secret, 0);
    let codes =
        world.db.write(|tx| actions::totp_add(tx, sealer, session, &code)).map_err(|_| "set up").unwrap();
    // The code that proved it is used up.
    world.fake.advance(Duration::seconds(30));
    (offer.secret, codes)
}

fn passkey_options(world: &World, session: &Session) -> Value {
    world.db.write(|tx| actions::passkey_offer(tx, world.gate().sealer(), &relying(), session)).unwrap()
}

fn passkey_add(
    world: &World,
    session: &Session,
    response: String,
) -> Result<Vec<RecoveryCode>, Refused<PasskeyRefusal>> {
    let new = NewPasskey { name: "電話".to_owned(), response };
    actions::passkey_add(&world.gate(), &relying(), session, &new)
}

fn passkey(world: &World, session: &Session, seed: u8) -> (Authenticator, Vec<RecoveryCode>) {
    let mut phone = phone(seed);
    let response = phone.create(&passkey_options(world, session));
    (phone, passkey_add(world, session, response).map_err(|_| "registered").unwrap())
}

fn password(world: &World, email: &str) -> Opened {
    let attempt = Attempt {
        email: email.parse().ok(),
        password: Password::typed(PASSWORD),
        address: "192.0.2.1".parse().unwrap(),
        user_agent: "test".to_owned(),
        previous: None,
    };
    people::sign_in(&world.gate(), &attempt).map_err(|_| "the password is right").unwrap()
}

/// To the door with the right password.
fn door(world: &World, email: &str) -> Token {
    match password(world, email) {
        Opened::Door(browser) => browser,
        Opened::Inside(_) => panic!("the password alone let somebody in"),
    }
}

fn second(world: &World, browser: &Token, answer: Answer) -> Result<SessionToken, Refused<SecondRefusal>> {
    let step = SecondStep {
        browser: browser.clone(),
        answer,
        address: "192.0.2.1".parse().unwrap(),
        user_agent: "test".to_owned(),
        previous: None,
    };
    actions::second_step(&world.gate(), Some(&relying()), &step).map(|entered| entered.token)
}

fn challenge(world: &World, holder: &Holder, person: PersonId) -> Value {
    let sealer = world.gate().sealer();
    world.db.write(|tx| actions::passkey_challenge(tx, sealer, &relying(), holder, person)).unwrap().unwrap()
}

fn alive(world: &World, person: PersonId) -> usize {
    world.db.read(|tx| Sessions::of(tx, person, world.nature.now())).unwrap().len()
}

fn told(world: &World, scope: &Scope) -> Vec<String> {
    world.log(scope).into_iter().map(|entry| entry.action).collect()
}

#[test]
fn an_app_is_set_up_by_a_code_of_it_and_asked_for_from_then_on() {
    each_database(|db| {
        let world = World::new(db);
        let me = somebody(&world, EMAIL);
        let elsewhere = world.session(me.session.person);
        inside(password(&world, EMAIL));
        let sealer = world.gate().sealer();
        let offer = world.db.write(|tx| actions::totp_offer(tx, sealer, &me.session)).unwrap();
        let again = world.db.write(|tx| actions::totp_offer(tx, sealer, &me.session)).unwrap();
        assert_eq!(offer.secret.text(), again.secret.text(), "looking twice makes no other secret");
        assert!(offer.url.starts_with("otpauth://totp/Komainu:soumu%40example.jp?secret="), "{}", offer.url);
        let add = |code: &str| world.db.write(|tx| actions::totp_add(tx, sealer, &me.session, code));
        for wrong in ["", "000000", "12345", &digits(&world, &offer.secret, 2)] {
            assert_eq!(because(add(wrong)), TotpRefusal::Wrong, "{wrong}");
        }
        let codes = add(&digits(&world, &offer.secret, 0)).map_err(|_| "set up").unwrap();
        assert_eq!(codes.len(), CODES, "the first factor comes with codes");
        assert_eq!(alive(&world, me.session.person), 1, "only this browser stays signed in");
        assert_ne!(elsewhere.id, me.session.id);
        assert_eq!(because(add("000000")), TotpRefusal::Over, "the offer is used up");
        let sealed = world.db.read(|tx| actions::factors(tx, me.session.person)).unwrap();
        assert_eq!((sealed.kinds(), sealed.codes_left), (Kinds { totp: true, passkey: false }, 10));
        door(&world, EMAIL);
        assert_eq!(told(&world, &me.scope), ["totp_add"]);
    });
}

#[test]
fn a_code_lets_in_once_and_the_door_closes_behind() {
    each_database(|db| {
        let world = World::new(db);
        let me = somebody(&world, EMAIL);
        let (secret, _) = totp(&world, &me.session);
        let browser = door(&world, EMAIL);
        let code = digits(&world, &secret, 0);
        assert_eq!(
            because(second(&world, &Token::new([9; 32]), Answer::typed(&code)).map(drop)),
            SecondRefusal::Over
        );
        assert_eq!(
            because(second(&world, &browser, Answer::typed("000000")).map(drop)),
            SecondRefusal::Wrong
        );
        let token = second(&world, &browser, Answer::typed(&code)).map_err(|_| "in").unwrap();
        let session = world.db.read(|tx| Sessions::find(tx, &token, world.nature.now())).unwrap().unwrap();
        assert_eq!(session.person, me.session.person);
        assert_eq!(because(second(&world, &browser, Answer::typed(&code)).map(drop)), SecondRefusal::Over);
        // Somebody who watched the digits is too late.
        let other = door(&world, EMAIL);
        assert_eq!(because(second(&world, &other, Answer::typed(&code)).map(drop)), SecondRefusal::Wrong);
        second(&world, &other, Answer::typed(&digits(&world, &secret, 1)))
            .map_err(|_| "the next code")
            .unwrap();
        let latest = world.db.read(|tx| actions::sign_ins(tx, me.session.person)).unwrap();
        let means: Vec<Means> = latest.iter().map(|sign_in| sign_in.means).collect();
        assert_eq!(means.iter().filter(|means| **means == Means::PasswordTotp).count(), 2);
        assert_eq!(
            means.iter().filter(|means| **means == Means::Refused).count(),
            1,
            "only the last refusal"
        );
    });
}

#[test]
fn of_two_who_send_one_code_at_once_one_comes_in() {
    each_database(|db| {
        let world = World::new(db);
        let me = somebody(&world, EMAIL);
        let (secret, codes) = totp(&world, &me.session);
        for answer in [Answer::typed(&digits(&world, &secret, 0)), Answer::Recovery(codes[0].clone())] {
            let doors = [door(&world, EMAIL), door(&world, EMAIL)];
            let inside = std::thread::scope(|threads| {
                let tries = doors.each_ref().map(|browser| {
                    let (world, answer) = (&world, answer.clone());
                    threads.spawn(move || second(world, browser, answer).is_ok())
                });
                tries
                    .into_iter()
                    .filter(|_| true)
                    .map(|handle| handle.join().unwrap())
                    .filter(|ok| *ok)
                    .count()
            });
            assert_eq!(inside, 1, "{answer:?}");
        }
    });
}

#[test]
fn a_second_step_waits_ten_minutes_and_not_over_a_change() {
    each_database(|db| {
        let world = World::new(db);
        let me = somebody(&world, EMAIL);
        let (secret, _) = totp(&world, &me.session);
        let late = door(&world, EMAIL);
        world.fake.advance(Duration::minutes(10));
        let code = digits(&world, &secret, 0);
        assert_eq!(because(second(&world, &late, Answer::typed(&code)).map(drop)), SecondRefusal::Over);
        let before = door(&world, EMAIL);
        let proved = world.session(me.session.person);
        people::password_change(&world.gate(), &proved, &Password::typed(common::OTHER_PASSWORD)).unwrap();
        assert_eq!(because(second(&world, &before, Answer::typed(&code)).map(drop)), SecondRefusal::Over);
    });
}

#[test]
fn second_factors_are_throttled_for_the_person_over_all_doors() {
    each_database(|db| {
        let world = World::new(db);
        let me = somebody(&world, EMAIL);
        let (secret, codes) = totp(&world, &me.session);
        for number in 0..5 {
            let wrong = if number % 2 == 0 { Answer::typed("000000") } else { Answer::Unreadable };
            assert_eq!(because(second(&world, &door(&world, EMAIL), wrong).map(drop)), SecondRefusal::Wrong);
        }
        let browser = door(&world, EMAIL);
        for right in [Answer::typed(&digits(&world, &secret, 0)), Answer::Recovery(codes[0].clone())] {
            let waiting = because(second(&world, &browser, right).map(drop));
            assert_eq!(waiting, SecondRefusal::Wait(Duration::seconds(30)));
        }
        world.fake.advance(Duration::seconds(30));
        let code = Answer::typed(&digits(&world, &secret, 0));
        second(&world, &browser, code).map_err(|_| "the wait is over").unwrap();
    });
}

#[test]
fn recovery_codes_stand_in_once_each_until_a_new_set_is_made() {
    each_database(|db| {
        let world = World::new(db);
        let me = somebody(&world, EMAIL);
        let (_, codes) = totp(&world, &me.session);
        let stranger = world.session(world.person("other@example.jp"));
        let (_, strange) = totp(&world, &stranger);
        let use_up =
            |code: &RecoveryCode| second(&world, &door(&world, EMAIL), Answer::Recovery(code.clone()));
        use_up(&codes[0]).map_err(|_| "in").unwrap();
        for wrong in [&codes[0], &strange[0], &RecoveryCode::new([0; 10])] {
            assert_eq!(because(use_up(wrong).map(drop)), SecondRefusal::Wrong);
        }
        let left =
            |world: &World| world.db.read(|tx| actions::factors(tx, me.session.person)).unwrap().codes_left;
        assert_eq!(left(&world), 9);
        let proved = world.session(me.session.person);
        let fresh = world.db.write(|tx| actions::codes_make(tx, &world.nature, &proved)).unwrap();
        assert_eq!(left(&world), 10);
        assert_eq!(because(use_up(&codes[1]).map(drop)), SecondRefusal::Wrong, "the old set is dead");
        use_up(&fresh[0]).map_err(|_| "in").unwrap();
        let log = told(&world, &me.scope);
        assert_eq!(log, ["recovery_code_use", "recovery_codes_make", "recovery_code_use", "totp_add"]);
        let none = world.session(world.person("third@example.jp"));
        let refused = world.db.write(|tx| actions::codes_make(tx, &world.nature, &none));
        assert!(matches!(refused, Err(Failure::NotFound)), "codes without a factor stand in for nothing");
    });
}

#[test]
fn what_is_kept_of_factors_tells_nobody_how_to_pass() {
    each_database(|db| {
        let world = World::new(db);
        let me = somebody(&world, EMAIL);
        let (secret, codes) = totp(&world, &me.session);
        let raw =
            base32::decode(base32::Alphabet::Rfc4648 { padding: false }, &secret.text().replace(' ', ""));
        let (_, other) = totp(&world, &world.session(world.person("other@example.jp")));
        assert_ne!(codes[0].text(), other[0].text());
        let look =
            komainu_db::Statement { name: "LOOK", sql: "SELECT secret FROM totp WHERE person_id = $1" };
        let outside = komainu_db::Outside("a test");
        let sealed: Vec<u8> = world
            .db
            .read(|tx| tx.one(&outside, look, komainu_db::params![me.session.person], |row| row.get(0)))
            .map_err(|error: komainu_db::DbError| error)
            .unwrap();
        assert!(!sealed.windows(8).any(|window| raw.as_ref().unwrap().windows(8).any(|part| part == window)));
        // A secret that somebody moves to their own row opens nothing.
        let thief = world.session(world.person("thief@example.jp"));
        let (own, _) = totp(&world, &thief);
        let steal =
            komainu_db::Statement { name: "STEAL", sql: "UPDATE totp SET secret = $2 WHERE person_id = $1" };
        world.write(|tx| {
            tx.run(&outside, steal, komainu_db::params![me.session.person, sealed_of(&world, thief.person)])
        });
        let outcome = second(&world, &door(&world, EMAIL), Answer::typed(&digits(&world, &own, 0)));
        assert!(matches!(outcome.map(drop), Err(Refused::Failed(Failure::Internal(_)))));
    });
}

fn sealed_of(world: &World, person: PersonId) -> Vec<u8> {
    let look = komainu_db::Statement { name: "LOOK", sql: "SELECT secret FROM totp WHERE person_id = $1" };
    world
        .db
        .read(|tx| {
            tx.one(&komainu_db::Outside("a test"), look, komainu_db::params![person], |row| row.get(0))
        })
        .map_err(|error: komainu_db::DbError| error)
        .unwrap()
}

#[test]
fn a_new_generation_of_the_key_seals_secrets_anew_when_they_are_used() {
    each_database(|db| {
        let mut world = World::new(db);
        let me = somebody(&world, EMAIL);
        let (secret, _) = totp(&world, &me.session);
        assert_eq!(sealed_of(&world, me.session.person)[0], 0);
        world.key = Key::rotate(&world.folder.path().join("files.key"), &world.nature).unwrap();
        let code = digits(&world, &secret, 0);
        second(&world, &door(&world, EMAIL), Answer::typed(&code)).map_err(|_| "in").unwrap();
        assert_eq!(sealed_of(&world, me.session.person)[0], 1);
        world.fake.advance(Duration::seconds(30));
        let code = digits(&world, &secret, 0);
        second(&world, &door(&world, EMAIL), Answer::typed(&code)).map_err(|_| "and again").unwrap();
    });
}

#[test]
fn passkeys_are_second_and_first_factor() {
    each_database(|db| {
        let world = World::new(db);
        let me = somebody(&world, EMAIL);
        let options = passkey_options(&world, &me.session);
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        let (mut phone, codes) = passkey(&world, &me.session, 7);
        assert_eq!(codes.len(), CODES);
        // As second factor.
        let browser = door(&world, EMAIL);
        let holder = Holder::Browser(browser.clone());
        let response = phone.get(&challenge(&world, &holder, me.session.person));
        second(&world, &browser, Answer::Passkey(response)).map_err(|_| "in").unwrap();
        // As first, without an address.
        let token = greet(&world, &mut phone).map_err(|_| "in").unwrap();
        let session = world.db.read(|tx| Sessions::find(tx, &token, world.nature.now())).unwrap().unwrap();
        assert_eq!(session.person, me.session.person);
        let own = world.db.read(|tx| actions::factors(tx, me.session.person)).unwrap();
        assert_eq!((own.passkeys.len(), own.passkeys[0].name.as_str()), (1, "電話"));
        assert_eq!(own.passkeys[0].used_at, Some(world.nature.now()));
        // A second one, then the first goes; the codes stay until the last factor is gone.
        let (_, codes) = passkey(&world, &session, 8);
        assert!(codes.is_empty());
        let remove = |id| world.db.write(|tx| actions::passkey_remove(tx, &world.nature, &session, id));
        remove(own.passkeys[0].id).unwrap();
        assert!(matches!(remove(own.passkeys[0].id), Err(Failure::NotFound)));
        assert!(greet(&world, &mut phone).is_err(), "a removed passkey opens nothing");
        let own = world.db.read(|tx| actions::factors(tx, me.session.person)).unwrap();
        assert_eq!((own.passkeys.len(), own.codes_left), (1, 10));
        remove(own.passkeys[0].id).unwrap();
        let own = world.db.read(|tx| actions::factors(tx, me.session.person)).unwrap();
        assert_eq!((own.kinds().any(), own.codes_left), (false, 0));
        inside(password(&world, EMAIL));
        let log = told(&world, &me.scope);
        assert_eq!(log, ["passkey_remove", "passkey_remove", "passkey_add", "passkey_add"]);
    });
}

fn greeting(world: &World) -> (Token, Value) {
    let browser = Token::new(world.nature.bytes());
    let sealer = world.gate().sealer();
    let options = world.db.write(|tx| actions::passkey_greet(tx, sealer, &relying(), &browser)).unwrap();
    (browser, options)
}

fn knock(
    world: &World,
    browser: &Token,
    response: String,
) -> Result<SessionToken, Refused<Option<Duration>>> {
    let attempt = PasskeySignIn {
        browser: browser.clone(),
        response,
        address: "192.0.2.1".parse().unwrap(),
        user_agent: "test".to_owned(),
        previous: None,
    };
    actions::passkey_sign_in(&world.gate(), &relying(), &attempt).map(|entered| entered.token)
}

fn greet(world: &World, phone: &mut Authenticator) -> Result<SessionToken, Refused<Option<Duration>>> {
    let (browser, options) = greeting(world);
    knock(world, &browser, phone.get(&options))
}

#[test]
fn a_passkey_is_registered_only_as_it_was_asked_for() {
    each_database(|db| {
        let world = World::new(db);
        let me = somebody(&world, EMAIL);
        let forge = |change: &dyn Fn(&mut Authenticator)| {
            let mut phone = phone(7);
            change(&mut phone);
            let response = phone.create(&passkey_options(&world, &me.session));
            because(passkey_add(&world, &me.session, response))
        };
        assert_eq!(forge(&|phone| phone.verifies = false), PasskeyRefusal::Unfit, "nobody was verified");
        assert_eq!(forge(&|phone| phone.origin = "https://evil.example".to_owned()), PasskeyRefusal::Unfit);
        assert_eq!(forge(&|phone| phone.name = "evil.example".to_owned()), PasskeyRefusal::Unfit);
        let mut good = phone(7);
        let options = passkey_options(&world, &me.session);
        passkey_options(&world, &me.session);
        let response = good.create(&options);
        assert_eq!(
            because(passkey_add(&world, &me.session, response)),
            PasskeyRefusal::Unfit,
            "an older challenge"
        );
        assert_eq!(because(passkey_add(&world, &me.session, String::new())), PasskeyRefusal::Over);
        let options = passkey_options(&world, &me.session);
        let response = good.create(&options);
        passkey_add(&world, &me.session, response.clone()).map_err(|_| "registered").unwrap();
        assert_eq!(
            because(passkey_add(&world, &me.session, response)),
            PasskeyRefusal::Over,
            "answered once"
        );
        // The same credential in another account.
        let other = world.session(world.person("other@example.jp"));
        let response = good.create(&passkey_options(&world, &other));
        assert_eq!(because(passkey_add(&world, &other, response)), PasskeyRefusal::Known);
        let late = passkey_options(&world, &me.session);
        world.fake.advance(Duration::minutes(10));
        let response = phone(9).create(&late);
        assert_eq!(because(passkey_add(&world, &me.session, response)), PasskeyRefusal::Over, "ten minutes");
    });
}

#[test]
fn a_passkey_lets_in_only_for_its_challenge_its_person_and_forward() {
    each_database(|db| {
        let world = World::new(db);
        let me = somebody(&world, EMAIL);
        let (mut phone, _) = passkey(&world, &me.session, 7);
        let other = world.session(world.person("other@example.jp"));
        let (mut others, _) = passkey(&world, &other, 8);
        let (browser, options) = greeting(&world);
        let response = phone.get(&options);
        let refused = |outcome: Result<SessionToken, _>| assert_eq!(because(outcome.map(drop)), None);
        refused(knock(&world, &Token::new([9; 32]), response.clone()));
        knock(&world, &browser, response.clone()).map_err(|_| "in").unwrap();
        refused(knock(&world, &browser, response));
        let (browser, options) = greeting(&world);
        world.fake.advance(Duration::minutes(10));
        refused(knock(&world, &browser, phone.get(&options)));
        let mut forge = |change: &dyn Fn(&mut Authenticator)| {
            let mut forged = phone.clone();
            change(&mut forged);
            phone.counter += 1;
            refused(greet(&world, &mut forged));
        };
        forge(&|forged| forged.verifies = false);
        forge(&|forged| forged.origin = "https://komainu.example.jp.evil.example".to_owned());
        forge(&|forged| forged.name = "evil.example".to_owned());
        forge(&|forged| forged.whose = Some(other.person));
        forge(&|forged| forged.whose = None);
        forge(&|forged| forged.id = vec![8; 20]);
        // A copy of the key has seen fewer uses than we have.
        let mut copy = phone.clone();
        greet(&world, &mut phone).map_err(|_| "in").unwrap();
        copy.counter -= 3;
        refused(greet(&world, &mut copy));
        greet(&world, &mut phone).map_err(|_| "the real one goes on").unwrap();
        // At the second step as well: another's passkey is none.
        let browser = door(&world, EMAIL);
        let asked = challenge(&world, &Holder::Browser(browser.clone()), me.session.person);
        let outcome = second(&world, &browser, Answer::Passkey(others.get(&asked)));
        assert_eq!(because(outcome.map(drop)), SecondRefusal::Wrong);
        let outcome = second(&world, &browser, Answer::Passkey(phone.get(&asked)));
        assert_eq!(because(outcome.map(drop)), SecondRefusal::Wrong, "a challenge is answered once");
        let asked = challenge(&world, &Holder::Browser(browser.clone()), me.session.person);
        second(&world, &browser, Answer::Passkey(phone.get(&asked))).map_err(|_| "in").unwrap();
        world.db.write(|tx| people::user_disable(tx, &world.nature, EMAIL)).unwrap();
        refused(greet(&world, &mut phone));
    });
}

#[test]
fn a_proof_is_password_and_factor_or_a_passkey_and_grows_old() {
    each_database(|db| {
        let world = World::new(db);
        let me = somebody(&world, EMAIL);
        let relying = relying();
        let prove = |password: Option<&str>, answer: Option<Answer>| {
            let password = password.map(Password::typed);
            let proof = Proof { password, answer, address: "192.0.2.1".parse().unwrap() };
            actions::prove(&world.gate(), Some(&relying), &me.session, &proof)
        };
        let proved = || {
            let all = world.db.read(|tx| Sessions::of(tx, me.session.person, world.nature.now())).unwrap();
            let now = all.into_iter().find(|session| session.id == me.session.id).unwrap();
            actions::require_proof(&now, world.nature.now()).is_ok()
        };
        assert!(proved(), "signing in is a proof");
        world.fake.advance(Duration::minutes(16));
        assert!(!proved());
        assert_eq!(because(prove(Some("wrong"), None)), ProofRefusal::Wrong);
        prove(Some(PASSWORD), None).map_err(|_| "no factor yet").unwrap();
        assert!(proved());
        let fresh = Session { proved_at: Some(world.nature.now()), ..me.session.clone() };
        let (secret, codes) = totp(&world, &fresh);
        world.fake.advance(Duration::minutes(16));
        let code = || Some(Answer::typed(&digits(&world, &secret, 0)));
        for (case, password, answer) in [
            ("no code", Some(PASSWORD), None),
            ("a wrong code", Some(PASSWORD), Some(Answer::typed("000000"))),
            ("a wrong password", Some("wrong"), code()),
            ("a code alone", None, code()),
        ] {
            assert_eq!(because(prove(password, answer)), ProofRefusal::Wrong, "{case}");
            assert!(!proved(), "{case}");
        }
        prove(Some(PASSWORD), code()).map_err(|_| "both").unwrap();
        assert!(proved());
        prove(Some(PASSWORD), Some(Answer::Recovery(codes[0].clone())))
            .map_err(|_| "a code stands in")
            .unwrap();
        let fresh = Session { proved_at: Some(world.nature.now()), ..me.session.clone() };
        let (mut phone, _) = passkey(&world, &fresh, 7);
        world.fake.advance(Duration::minutes(16));
        let asked = challenge(&world, &Holder::Session(me.session.id), me.session.person);
        prove(None, Some(Answer::Passkey(phone.get(&asked)))).map_err(|_| "a passkey alone").unwrap();
        assert!(proved());
        for _ in 0..5 {
            assert_eq!(because(prove(Some("wrong"), None)), ProofRefusal::Wrong);
        }
        assert!(matches!(because(prove(Some(PASSWORD), code())), ProofRefusal::Wait(_)));
    });
}

#[test]
fn nothing_about_signing_in_changes_without_a_proof() {
    each_database(|db| {
        let world = World::new(db);
        let me = somebody(&world, EMAIL);
        totp(&world, &me.session);
        passkey(&world, &me.session, 7);
        let own = world.db.read(|tx| actions::factors(tx, me.session.person)).unwrap();
        let stale = Session { proved_at: None, ..me.session.clone() };
        let (sealer, nature) = (world.gate().sealer(), &world.nature);
        let db = &world.db;
        let new = NewPasskey { name: "x".to_owned(), response: String::new() };
        let unproved = |failure: Option<Failure>| matches!(failure, Some(Failure::Unproved));
        let of = |refused: Refused<TotpRefusal>| match refused {
            Refused::Failed(failure) => failure,
            Refused::Because(_) => Failure::NotFound,
        };
        assert!(unproved(db.write(|tx| actions::totp_offer(tx, sealer, &stale)).err()));
        assert!(unproved(db.write(|tx| actions::totp_add(tx, sealer, &stale, "1")).err().map(of)));
        assert!(unproved(db.write(|tx| actions::totp_remove(tx, nature, &stale)).err()));
        assert!(unproved(db.write(|tx| actions::codes_make(tx, nature, &stale)).err()));
        assert!(unproved(db.write(|tx| actions::passkey_offer(tx, sealer, &relying(), &stale)).err()));
        let id = own.passkeys[0].id;
        assert!(unproved(db.write(|tx| actions::passkey_remove(tx, nature, &stale, id)).err()));
        let added = actions::passkey_add(&world.gate(), &relying(), &stale, &new);
        assert!(matches!(added, Err(Refused::Failed(Failure::Unproved))));
        assert_eq!(db.read(|tx| actions::factors(tx, me.session.person)).unwrap(), own);
    });
}

#[test]
fn a_demand_closes_one_organisation_to_who_has_no_factor() {
    each_database(|db| {
        let world = World::new(db);
        let me = somebody(&world, EMAIL);
        let other = world.organisation("みどり薬局");
        let nurse = world.member(me.house, "kango@example.jp", Role::Staff);
        world.join(other, nurse.person(), Role::Director);
        let demand =
            |scope: &Scope, on| world.db.write(|tx| actions::demand_set(tx, &world.nature, scope, on));
        assert_eq!(because(demand(&me.scope, true)), DemandRefusal::OwnFirst);
        assert!(matches!(demand(&nurse, true), Err(Refused::Failed(Failure::Denied(_)))));
        totp(&world, &me.session);
        for _ in 0..2 {
            demand(&me.scope, true).map_err(|_| "demanded").unwrap();
        }
        let seen = world.db.read(|tx| actions::demand(tx, &me.scope)).unwrap();
        assert!(
            seen.since.is_some() && seen.kinds[&me.scope.person()].totp && !seen.kinds[&nurse.person()].any()
        );
        let of = |person| {
            let sessions = world.db.read(|tx| Sessions::of(tx, person, world.nature.now())).unwrap();
            sessions.into_iter().next().unwrap()
        };
        assert!(of(me.scope.person()).scope().is_some());
        let begun = world.session(nurse.person());
        assert!(world.db.write(|tx| Sessions::switch(tx, &begun, me.house)).unwrap());
        let session = of(nurse.person());
        assert!(session.owes_factor && session.scope().is_none(), "no scope there");
        assert!(world.db.write(|tx| Sessions::switch(tx, &session, other)).unwrap());
        assert!(of(nurse.person()).scope().is_some(), "elsewhere nothing has changed");
        world.db.write(|tx| Sessions::switch(tx, &session, me.house)).unwrap();
        passkey(&world, &session, 7);
        assert!(of(nurse.person()).scope().is_some(), "a passkey is enough");
        demand(&me.scope, false).map_err(|_| "lifted").unwrap();
        let log = told(&world, &me.scope);
        assert_eq!(log.iter().filter(|action| *action == "second_factor_demand").count(), 2, "{log:?}");
    });
}

#[test]
fn an_invitation_does_not_lead_past_the_second_factor() {
    each_database(|db| {
        let world = World::new(db);
        let me = somebody(&world, EMAIL);
        let known = world.session(world.person("known@example.jp"));
        totp(&world, &known);
        let new = people::NewInvitation {
            id: komainu_people::InvitationId(world.nature.id()),
            name: "事務長".to_owned(),
            role: Role::Staff,
            title: String::new(),
        };
        let invited = world.db.write(|tx| people::member_invite(tx, &world.nature, &me.scope, &new)).unwrap();
        let newcomer = people::Newcomer {
            name: "事務長".to_owned(),
            name_kana: String::new(),
            email: "known@example.jp".parse().unwrap(),
            password: Password::typed(PASSWORD),
            lang: komainu_i18n::Lang::Ja,
            address: "192.0.2.7".parse().unwrap(),
            user_agent: "test".to_owned(),
        };
        let accepted = people::invitation_accept(&world.gate(), &invited.token, &newcomer);
        assert_eq!(because(accepted.map(drop)), NewcomerRefusal::SecondStep);
        assert_eq!(world.db.read(|tx| people::members(tx, &me.scope)).unwrap().len(), 1);
    });
}

#[test]
fn the_console_takes_factors_away_and_tells_it() {
    each_database(|db| {
        let world = World::new(db);
        let me = somebody(&world, EMAIL);
        totp(&world, &me.session);
        passkey(&world, &me.session, 7);
        door(&world, EMAIL);
        let reset = |email| world.db.write(|tx| people::factors_reset(tx, &world.nature, email));
        assert_eq!(because(reset("nobody@example.jp")), ConsoleRefusal::Unknown);
        reset("SOUMU@example.jp").map_err(|_| "reset").unwrap();
        assert_eq!(alive(&world, me.session.person), 0);
        let own = world.db.read(|tx| actions::factors(tx, me.session.person)).unwrap();
        assert_eq!((own.kinds().any(), own.codes_left), (false, 0));
        inside(password(&world, EMAIL));
        let log = world.log(&me.scope);
        assert_eq!((log[0].action.as_str(), log[0].person_name.as_str()), ("factors_reset", "komainu user"));
    });
}

#[test]
fn no_secret_reaches_the_log() {
    each_database(|db| {
        let world = World::new(db);
        let me = somebody(&world, EMAIL);
        let (secret, codes) = totp(&world, &me.session);
        passkey(&world, &me.session, 7);
        second(&world, &door(&world, EMAIL), Answer::Recovery(codes[0].clone())).map_err(|_| "in").unwrap();
        let text = format!("{:?}", world.log(&me.scope));
        for secret in [secret.text(), secret.text().replace(' ', ""), codes[0].text(), "電話".to_owned()] {
            assert!(!text.contains(&secret), "{secret} in {text}");
        }
    });
}

#[test]
fn outdated_gates_are_none() {
    // A gate seals with the key it is given: what another key sealed is no pending sign-in of this one.
    each_database(|db| {
        let world = World::new(db);
        let me = somebody(&world, EMAIL);
        totp(&world, &me.session);
        let browser = door(&world, EMAIL);
        let folder = tempfile::tempdir().unwrap();
        let key = Key::open(&folder.path().join("key"), &komainu_clock::Nature::real()).unwrap();
        let gate = Gate { key: &key, ..world.gate() };
        let looked = world.db.read(|tx| actions::second_look(tx, gate.sealer(), &browser));
        assert!(matches!(looked, Err(Failure::Internal(_))));
    });
}
