//! Signing in by the house's own service: what its word opens here, and what it does not. The service itself is asked in
//! `platform/openid/tests`, and a real one in `tests/browser/openid.test.mjs`.
#![allow(clippy::unwrap_used)]

mod common;

use chrono::Duration;
use common::{PASSWORD, Site, World, because, on_each};
use komainu_access::{Role, Scope, Session, Sessions};
use komainu_db::testing::each_database;
use komainu_notify::Roots;
use komainu_openid::{Identity, Provider, ProviderSettings};
use komainu_people::actions::{self as people, Opened};
use komainu_people::factors::actions::{self as factors, Proof, ProofRefusal, SecondStep};
use komainu_people::factors::model::{Answer, Means, TotpSecret};
use komainu_people::model::{Password, Token};
use komainu_people::openid::actions::{self, Arrival, LinkRefusal, Proven, Unlinked};
use komainu_people::openid::model::{Errand, Way};
use komainu_web::{Failure, Refused};
use serde_json::json;
use zeroize::Zeroizing;

const EMAIL: &str = "soumu@example.jp";
const SERVICE: &str = "https://login.example.jp";

/// A member with a fresh session.
fn somebody(world: &World, email: &str) -> (Scope, Session) {
    let house = world.organisation("あおぞら医院");
    let scope = world.member(house, email, Role::Director);
    let session = world.session(scope.person());
    (scope, session)
}

fn identity(subject: &str) -> Identity {
    Identity { issuer: SERVICE.to_owned(), subject: subject.to_owned(), second_factor: false }
}

fn link(world: &World, session: &Session, subject: &str) -> Result<(), Refused<LinkRefusal>> {
    world.db.write(|tx| actions::link(tx, &world.nature, session, &identity(subject)))
}

fn arrive(world: &World, subject: &str, vouched: bool) -> Result<Opened, Refused<Unlinked>> {
    let arrival =
        Arrival { identity: identity(subject), vouched, user_agent: "test".to_owned(), previous: None };
    world.db.write(|tx| actions::arrive(tx, world.gate().sealer(), &arrival))
}

/// Whom the service's word lets in; nobody for who is not linked, and for who is asked for more.
fn enters(world: &World, subject: &str, vouched: bool) -> Option<Session> {
    let opened = match arrive(world, subject, vouched) {
        Ok(opened) => opened,
        Err(Refused::Because(Unlinked)) => return None,
        Err(Refused::Failed(failure)) => panic!("{failure}"),
    };
    match opened {
        Opened::Inside(entered) => {
            world.db.read(|tx| Sessions::find(tx, &entered.token, world.nature.now())).unwrap()
        }
        Opened::Door(_) => None,
    }
}

fn digits(world: &World, secret: &TotpSecret) -> String {
    let plain = secret.text().replace(' ', "");
    let secret = base32::decode(base32::Alphabet::Rfc4648 { padding: false }, &plain).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(world.nature.now().timestamp()).unwrap()).to_string()
}

fn totp(world: &World, session: &Session) -> TotpSecret {
    let sealer = world.gate().sealer();
    let offer = world.db.write(|tx| factors::totp_offer(tx, sealer, session)).unwrap();
    let code = digits(world, &offer.secret);
    world.db.write(|tx| factors::totp_add(tx, sealer, session, &code)).map_err(|_| "set up").unwrap();
    world.fake.advance(Duration::seconds(30));
    offer.secret
}

fn told(world: &World, scope: &Scope) -> Vec<String> {
    world.log(scope).into_iter().map(|entry| entry.action).collect()
}

fn means(world: &World, session: &Session) -> Means {
    world.db.read(|tx| factors::sign_ins(tx, session.person)).unwrap()[0].means
}

/// What waits for a browser that went to the service.
fn way(errand: Errand) -> Way {
    let flow = json!({ "state": "its state", "nonce": "n", "verifier": "v", "fresh_since": null });
    Way { errand, flow: serde_json::from_value(flow).unwrap(), next: "/plan".to_owned() }
}

#[test]
fn a_way_back_is_taken_once_by_the_browser_that_went() {
    each_database(|db| {
        let world = World::new(db);
        let sealer = world.gate().sealer();
        let sign_in = way(Errand::SignIn);
        let leave = || world.db.write(|tx| actions::leave(tx, sealer, None, &sign_in)).unwrap();
        let back = |browser: &Token, state: &str| {
            world.db.write(|tx| actions::come_back(tx, sealer, browser, state)).unwrap()
        };
        let browser = leave();
        let other = Token::new(world.nature.bytes());
        for (whose, state) in [(&other, "its state"), (&browser, "another"), (&browser, "")] {
            assert!(back(whose, state).is_none(), "{state}");
        }
        let came = back(&browser, "its state").unwrap();
        assert_eq!((came.errand, came.next.as_str()), (Errand::SignIn, "/plan"));
        assert!(back(&browser, "its state").is_none(), "a second time");
        let slow = leave();
        world.fake.advance(Duration::minutes(11));
        assert!(back(&slow, "its state").is_none(), "too late");
    });
}

#[test]
fn only_a_link_opens_an_account() {
    each_database(|db| {
        let world = World::new(db);
        let (scope, session) = somebody(&world, EMAIL);
        let (_, other) = somebody(&world, "kango@example.jp");
        // Nobody is known by an address or by anything else that was not linked.
        assert!(enters(&world, EMAIL, true).is_none());
        link(&world, &session, "soumu-1").map_err(|_| "linked").unwrap();
        link(&world, &session, "soumu-1").map_err(|_| "linked already").unwrap();
        assert_eq!(because(link(&world, &other, "soumu-1")), LinkRefusal::Taken);
        assert_eq!(because(link(&world, &session, "soumu-2")), LinkRefusal::Other);
        assert_eq!(told(&world, &scope)[0], "openid_link");
        let entered = enters(&world, "soumu-1", false).unwrap();
        assert_eq!((entered.person, means(&world, &entered)), (session.person, Means::Openid));
        assert!(entered.proved_at.is_some(), "signing in is a proof");
        let elsewhere = Arrival {
            identity: Identity { issuer: "https://login.example.com".to_owned(), ..identity("soumu-1") },
            vouched: true,
            user_agent: String::new(),
            previous: None,
        };
        let outcome = world.db.write(|tx| actions::arrive(tx, world.gate().sealer(), &elsewhere));
        assert!(matches!(outcome, Err(Refused::Because(Unlinked))), "the same name at another service");
        let links = world.db.read(|tx| actions::links(tx, session.person)).unwrap();
        assert!(links.len() == 1 && links[0].used_at.is_some());
        let unlink =
            |session: &Session| world.db.write(|tx| actions::unlink(tx, &world.nature, session, links[0].id));
        assert!(matches!(unlink(&other), Err(Failure::NotFound)), "somebody else's");
        unlink(&session).unwrap();
        assert_eq!(told(&world, &scope)[0], "openid_unlink");
        assert!(enters(&world, "soumu-1", true).is_none());
    });
}

#[test]
fn linking_asks_for_a_proof_and_a_closed_account_stays_closed() {
    each_database(|db| {
        let world = World::new(db);
        let (_, session) = somebody(&world, EMAIL);
        link(&world, &session, "soumu-1").map_err(|_| "linked").unwrap();
        world.fake.advance(Duration::minutes(16));
        let (_, other) = somebody(&world, "kango@example.jp");
        world.fake.advance(Duration::minutes(16));
        assert!(matches!(link(&world, &other, "kango-1"), Err(Refused::Failed(Failure::Unproved))));
        let sealer = world.gate().sealer();
        let errand = Errand::Link(other.id);
        let leave = world.db.write(|tx| actions::leave(tx, sealer, Some(&other), &way(errand)));
        assert!(matches!(leave, Err(Failure::Unproved)));
        world.db.write(|tx| people::user_disable(tx, &world.nature, EMAIL)).map_err(|_| "closed").unwrap();
        assert!(enters(&world, "soumu-1", true).is_none());
    });
}

#[test]
fn a_second_factor_is_asked_for_unless_the_service_vouches() {
    each_database(|db| {
        let world = World::new(db);
        let (scope, session) = somebody(&world, EMAIL);
        let nurse = world.member(scope.organisation(), "kango@example.jp", Role::Staff);
        link(&world, &world.session(nurse.person()), "kango-1").map_err(|_| "linked").unwrap();
        link(&world, &session, "soumu-1").map_err(|_| "linked").unwrap();
        let secret = totp(&world, &session);
        let Ok(Opened::Door(browser)) = arrive(&world, "soumu-1", false) else { panic!("not asked") };
        let step = SecondStep {
            browser,
            answer: Answer::typed(&digits(&world, &secret)),
            address: "192.0.2.1".parse().unwrap(),
            user_agent: "test".to_owned(),
            previous: None,
        };
        factors::second_step(&world.gate(), None, &step).map_err(|_| "in").unwrap();
        assert_eq!(means(&world, &session), Means::OpenidTotp);
        assert!(enters(&world, "soumu-1", true).is_some(), "the service asked for one");
        // What the organisation demands is owed by who has none, unless the service vouches for one.
        world
            .db
            .write(|tx| factors::demand_set(tx, &world.nature, &scope, true))
            .map_err(|_| "demanded")
            .unwrap();
        assert!(enters(&world, "kango-1", false).unwrap().scope().is_none());
        assert!(enters(&world, "kango-1", true).unwrap().scope().is_some());
    });
}

#[test]
fn a_proof_by_the_service_stands_in_for_the_password_alone() {
    each_database(|db| {
        let world = World::new(db);
        let (_, session) = somebody(&world, EMAIL);
        let (_, other) = somebody(&world, "kango@example.jp");
        link(&world, &session, "soumu-1").map_err(|_| "linked").unwrap();
        link(&world, &other, "kango-1").map_err(|_| "linked").unwrap();
        let sealer = world.gate().sealer();
        let prove = |subject: &str, vouched| {
            world.db.write(|tx| actions::prove(tx, sealer, &session, (&identity(subject), vouched)))
        };
        assert_eq!(because(prove("kango-1", true)), Unlinked, "somebody else");
        assert!(matches!(prove("soumu-1", false), Ok(Proven::Whole)));
        let secret = totp(&world, &session);
        let half = || world.db.read(|tx| actions::half_proven(tx, sealer, &session)).unwrap();
        let code = |password: Option<&str>, typed: &str| {
            let proof = Proof {
                password: password.map(Password::typed),
                answer: Some(Answer::typed(typed)),
                address: "192.0.2.1".parse().unwrap(),
            };
            factors::prove(&world.gate(), None, &session, &proof)
        };
        assert_eq!(because(code(None, &digits(&world, &secret))), ProofRefusal::Wrong, "a code alone");
        world.fake.advance(Duration::seconds(30));
        assert!(matches!(prove("soumu-1", false), Ok(Proven::Half)) && half());
        assert_eq!(because(code(None, "000000")), ProofRefusal::Wrong);
        code(None, &digits(&world, &secret)).map_err(|_| "proved").unwrap();
        assert!(!half(), "it is used up");
        world.fake.advance(Duration::seconds(30));
        assert_eq!(because(code(None, &digits(&world, &secret))), ProofRefusal::Wrong, "it is used up");
        world.fake.advance(Duration::seconds(60));
        code(Some(PASSWORD), &digits(&world, &secret)).map_err(|_| "by password").unwrap();
    });
}

#[test]
fn whoever_is_let_back_in_is_linked_no_longer() {
    each_database(|db| {
        let world = World::new(db);
        let (_, session) = somebody(&world, EMAIL);
        link(&world, &session, "soumu-1").map_err(|_| "linked").unwrap();
        world.db.write(|tx| people::factors_reset(tx, &world.nature, EMAIL)).map_err(|_| "reset").unwrap();
        assert!(enters(&world, "soumu-1", true).is_none());
    });
}

/// A house whose service is named but does not answer.
fn away() -> Provider {
    let settings = ProviderSettings {
        issuer: "http://127.0.0.1:1".to_owned(),
        client_id: "komainu".to_owned(),
        client_secret: Zeroizing::new("a secret".to_owned()),
        name: "病院アカウント".to_owned(),
        trusted_factor: false,
        roots: Roots::default(),
    };
    Provider::new(settings, "http://localhost/sign-in/openid/return").unwrap()
}

#[test]
fn without_a_service_there_is_nothing_of_it() {
    on_each(|db| async move {
        let (site, _) = Site::settled(db);
        let mut browser = site.browser();
        assert!(!browser.get("/sign-in").await.body.contains("/sign-in/openid"));
        assert_eq!(browser.get("/sign-in/openid/return?code=a&state=b").await.status, 404);
        assert_eq!(browser.post("/sign-in/openid", &[]).await.status, 404);
        let mut browser = site.signed_in("incho@example.jp").await;
        assert!(!browser.get("/account").await.body.contains("/account/openid"));
        assert_eq!(browser.post("/account/openid", &[]).await.status, 404);
    });
}

#[test]
fn a_service_that_is_away_leaves_the_password() {
    on_each(|db| async move {
        let (site, _) = Site::settled_with_service(db, away());
        let mut browser = site.browser();
        let door = browser.get("/sign-in?next=%2Fpeople").await;
        assert!(door.body.contains("「病院アカウント」でサインインする"), "{}", door.body);
        let gone = browser.post("/sign-in/openid", &[("next", "/people")]).await;
        assert_eq!(gone.to(), "/sign-in?next=%2Fpeople");
        assert!(browser.get(gone.to()).await.body.contains("「病院アカウント」から応答がありません"));
        let back = browser.get("/sign-in/openid/return?code=a&state=b").await;
        assert_eq!(back.to(), "/sign-in", "nobody went");
        assert!(browser.get("/sign-in/openid/unknown").await.body.contains("まだつながっていません"));
        let mut elsewhere = browser.clone();
        "127.0.0.1".clone_into(&mut elsewhere.host);
        let door = elsewhere.get("/sign-in").await;
        assert!(door.body.contains("http://localhost/sign-in") && !door.body.contains("\"/sign-in/openid\""));
        assert_eq!(elsewhere.post("/sign-in/openid", &[]).await.status, 404);
        let mut inside = site.signed_in("incho@example.jp").await;
        assert!(inside.get("/account").await.body.contains("action=\"/account/openid\""));
        assert_eq!(inside.post("/account/openid", &[]).await.to(), "/account");
        site.fake.advance(Duration::minutes(6));
        let asked = inside.post("/account/openid", &[]).await;
        assert_eq!(asked.to(), "/account/confirm?next=%2Faccount");
    });
}
