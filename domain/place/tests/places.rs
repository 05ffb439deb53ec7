//! What can be done with shared places, on both databases.
#![allow(clippy::unwrap_used)]

#[path = "../../people/tests/common/mod.rs"]
mod common;

use chrono::Duration;
use common::authenticator::Authenticator;
use common::{World, because};
use komainu_access::{
    Found, OrganisationId, Permission, PersonId, PlaceToken, Role, Scope, Session, SessionToken, Sessions,
    SharedPlace,
};
use komainu_db::testing::each_database;
use komainu_db::{DbError, Outside, Statement, params};
use komainu_people::factors::actions::{
    self as factors, Holder, NewPasskey, Relying, passkey_add, passkey_challenge, passkey_offer,
};
use komainu_people::factors::model::Means;
use komainu_people::model::Token;
use komainu_place::actions::{
    self, Arrival, Claim, ClaimRefusal, Deposit, EnterRefusal, Entered, PinAsker, PinAttempt, PlaceRefusal,
};
use komainu_place::model::{Pin, PlaceCode};
use komainu_place::rules::{PIN_TRIES, PinFault};
use komainu_web::{Failure, Refused};

const PIN: &str = "482913";
const OTHER_PIN: &str = "905174";

/// An institution with a director, and a browser at its ward.
struct Ward {
    world: World,
    house: OrganisationId,
    director: Scope,
    token: PlaceToken,
}

impl Ward {
    fn new(db: komainu_db::Db) -> Ward {
        let world = World::new(db);
        let house = world.organisation("あおぞら病院");
        let director = world.member(house, "incho@example.jp", Role::Director);
        let session = world.session(director.person());
        let token = world
            .db
            .write(|tx| actions::place_register(tx, &world.nature, (&session, &director), "2階病棟"))
            .map_err(|_| "registered")
            .unwrap();
        Ward { world, house, director, token }
    }

    fn place(&self) -> Option<SharedPlace> {
        self.world.db.read(|tx| SharedPlace::find(tx, &self.token)).map_err(|error: DbError| error).unwrap()
    }

    /// A member with a PIN.
    fn nurse(&self, email: &str, pin: &str) -> Scope {
        let scope = self.world.member(self.house, email, Role::Staff);
        self.set(&scope, pin).map_err(|_| "set").unwrap();
        scope
    }

    fn set(&self, scope: &Scope, pin: &str) -> Result<(), Refused<PinFault>> {
        let session = self.world.session(scope.person());
        actions::pin_set(&self.world.gate(), &PinAsker::of(&session).unwrap(), &Pin::typed(pin))
    }

    fn arrival(&self, person: PersonId, previous: Option<Session>) -> Arrival {
        Arrival { place: self.place().unwrap(), person, user_agent: "ward".to_owned(), previous }
    }

    fn try_pin(&self, person: PersonId, pin: &str) -> Result<Entered, Refused<EnterRefusal>> {
        let attempt = PinAttempt { arrival: self.arrival(person, None), pin: Pin::typed(pin) };
        actions::pin_enter(&self.world.gate(), &attempt)
    }

    fn look(&self, token: &SessionToken, browser: Option<&SharedPlace>) -> Option<Found> {
        let now = self.world.nature.now();
        self.world
            .db
            .read(|tx| Sessions::look(tx, token, browser, now))
            .map_err(|error: DbError| error)
            .unwrap()
    }

    fn alive(&self, token: &SessionToken) -> Option<Session> {
        match self.look(token, self.place().as_ref()) {
            Some(Found::Alive(session) | Found::Arrived(session)) => Some(session),
            _ => None,
        }
    }

    fn actions(&self) -> Vec<(String, String, String)> {
        let log = self.world.log(&self.director);
        log.into_iter().map(|entry| (entry.action, entry.person_name, entry.place_name)).collect()
    }
}

fn told(action: &str, person: &str, place: &str) -> (String, String, String) {
    (action.to_owned(), person.to_owned(), place.to_owned())
}

#[test]
fn registering_needs_the_right_role_and_a_fresh_proof_and_ends_the_session() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら病院");
        let director = world.member(house, "incho@example.jp", Role::Director);
        let session = world.session(director.person());
        let register = |session: &Session, scope: &Scope, name: &str| {
            world.db.write(|tx| actions::place_register(tx, &world.nature, (session, scope), name))
        };
        for role in Role::ALL.into_iter().filter(|role| !role.may(Permission::MembersManage)) {
            let other = Scope::new(director.person(), "", house, role);
            assert!(
                matches!(register(&session, &other, "病棟"), Err(Refused::Failed(Failure::Denied(_)))),
                "{role}"
            );
        }
        let stale = Session { proved_at: None, ..session.clone() };
        assert!(matches!(register(&stale, &director, "病棟"), Err(Refused::Failed(Failure::Unproved))));
        let token = register(&session, &director, "病棟").map_err(|_| "registered").unwrap();
        let left = world.db.read(|tx| Sessions::of(tx, director.person(), world.nature.now())).unwrap();
        assert!(left.is_empty(), "nobody's own session stays behind");
        let again = world.session(director.person());
        assert_eq!(because(register(&again, &director, "病棟")), PlaceRefusal::NameTaken);
        let found =
            world.db.read(|tx| SharedPlace::find(tx, &token)).map_err(|error: DbError| error).unwrap();
        let found = found.unwrap();
        assert_eq!((found.organisation, found.name.as_str()), (house, "病棟"));
        assert_eq!(found.lock_after, Duration::minutes(5));
        let unknown = world.db.read(|tx| SharedPlace::find(tx, &PlaceToken::new([9; 32])));
        assert_eq!(unknown.map_err(|error: DbError| error).unwrap(), None);
    });
}

#[test]
fn a_code_registers_one_browser_once_and_for_some_minutes() {
    each_database(|db| {
        let world = World::new(db);
        let house = world.organisation("あおぞら病院");
        let director = world.member(house, "incho@example.jp", Role::Director);
        let offer = |name: &str| {
            let session = world.session(director.person());
            world.db.write(|tx| actions::place_offer(tx, &world.nature, (&session, &director), name))
        };
        let claim = |code: Option<PlaceCode>, previous: Option<Session>| {
            let address = "192.0.2.1".parse().unwrap();
            let claim = Claim { code, address, user_agent: "ward".to_owned(), previous };
            actions::place_claim(&world.db, &world.nature, &claim)
        };
        let new = offer("受付").map_err(|_| "offered").unwrap();
        assert_eq!(because(offer("受付")), PlaceRefusal::NameTaken);
        for wrong in [None, Some(PlaceCode::new([1; 5]))] {
            assert_eq!(because(claim(wrong, None)), ClaimRefusal::Wrong);
        }
        let there = world.session(world.person("kango@example.jp"));
        claim(Some(new.code.clone()), Some(there.clone())).map_err(|_| "claimed").unwrap();
        let left = world.db.read(|tx| Sessions::of(tx, there.person, world.nature.now())).unwrap();
        assert!(left.is_empty(), "whoever was signed in there is not any more");
        assert_eq!(because(claim(Some(new.code), None)), ClaimRefusal::Wrong, "once");
        let late = offer("外来").map_err(|_| "offered").unwrap();
        world.fake.advance(Duration::minutes(15));
        assert_eq!(because(claim(Some(late.code), None)), ClaimRefusal::Wrong, "too late");
        let listed = world.db.read(|tx| actions::places(tx, &director, world.nature.now())).unwrap();
        assert_eq!(listed.iter().map(|place| place.name.as_str()).collect::<Vec<_>>(), ["受付"]);
        assert_eq!((listed[0].user_agent.as_str(), listed[0].used_at), ("ward", None));
        let waits =
            (0..40).any(|_| matches!(claim(None, None), Err(Refused::Because(ClaimRefusal::Wait(_)))));
        assert!(waits, "guessing codes is slowed down");
    });
}

#[test]
fn only_members_with_pin_or_passkey_are_named_and_only_in_their_house() {
    each_database(|db| {
        let ward = Ward::new(db);
        let nurse = ward.nurse("kango@example.jp", PIN);
        ward.world.member(ward.house, "jimu@example.jp", Role::Staff);
        let elsewhere = ward.world.organisation("よその医院");
        let stranger = ward.world.member(elsewhere, "yoso@example.jp", Role::Staff);
        ward.set(&stranger, PIN).map_err(|_| "set").unwrap();
        let place = ward.place().unwrap();
        let named = || {
            let found =
                ward.world.db.read(|tx| actions::candidates(tx, &place)).map_err(|error: DbError| error);
            found.unwrap().into_iter().map(|one| one.person).collect::<Vec<_>>()
        };
        assert_eq!(named(), [nurse.person()]);
        assert!(matches!(ward.try_pin(stranger.person(), PIN), Err(Refused::Failed(Failure::NotFound))));
        // A PIN of one house opens nothing in another, even for somebody who belongs to both.
        ward.world.join(ward.house, stranger.person(), Role::Staff);
        assert_eq!(named(), [nurse.person()]);
        assert!(matches!(ward.try_pin(stranger.person(), PIN), Err(Refused::Failed(Failure::NotFound))));
        let end = |person| {
            let (db, nature) = (&ward.world.db, &ward.world.nature);
            db.write(|tx| komainu_people::actions::member_end(tx, nature, &ward.director, person, true))
        };
        end(nurse.person()).map_err(|_| "ended").unwrap();
        assert!(named().is_empty());
        ward.world.join(ward.house, nurse.person(), Role::Staff);
        assert!(named().is_empty(), "a PIN does not outlive the membership");
    });
}

#[test]
fn a_pin_is_set_with_a_proof_and_kept_sealed() {
    each_database(|db| {
        let ward = Ward::new(db);
        let nurse = ward.world.member(ward.house, "kango@example.jp", Role::Staff);
        assert_eq!(because(ward.set(&nurse, "123456")), PinFault::Guessable);
        let stale = Session { proved_at: None, ..ward.world.session(nurse.person()) };
        let asker = PinAsker::of(&stale).unwrap();
        let set = actions::pin_set(&ward.world.gate(), &asker, &Pin::typed(PIN));
        assert!(matches!(set, Err(Refused::Failed(Failure::Unproved))));
        ward.set(&nurse, PIN).map_err(|_| "set").unwrap();
        let kept = Statement { name: "KEPT", sql: "SELECT hash FROM pin WHERE person_id = $1" };
        let hash: Vec<u8> = ward
            .world
            .db
            .read(|tx| tx.one(&Outside("a test"), kept, params![nurse.person()], |row| row.get(0)))
            .map_err(|error: DbError| error)
            .unwrap();
        assert!(!String::from_utf8_lossy(&hash).contains("argon2"), "the hash itself is not to be read");
        assert!(ward.try_pin(nurse.person(), " ４８２-９１３ ").is_ok());
        // It stays usable when the key gets another generation, and is sealed anew with it.
        let path = ward.world.folder.path().join("files.key");
        let key = komainu_seal::Key::rotate(&path, &ward.world.nature).unwrap();
        let gate = komainu_people::actions::Gate { key: &key, ..ward.world.gate() };
        let attempt = PinAttempt { arrival: ward.arrival(nurse.person(), None), pin: Pin::typed(PIN) };
        actions::pin_enter(&gate, &attempt).map_err(|_| "the PIN is right").unwrap();
        assert!(
            matches!(ward.try_pin(nurse.person(), PIN), Err(Refused::Failed(Failure::Internal(_)))),
            "the old key opens it no more"
        );
        let own = |session: &Session| PinAsker::of(session).unwrap();
        let session = ward.world.session(nurse.person());
        ward.world.db.write(|tx| actions::pin_remove(tx, &ward.world.nature, &own(&session))).unwrap();
        let gone =
            ward.world.db.read(|tx| actions::pin_own(tx, &own(&session))).map_err(|error: DbError| error);
        assert_eq!(gone.unwrap(), None);
        assert!(ward.actions().contains(&told("pin_set", "kango", "")));
    });
}

#[test]
fn wrong_pins_wait_and_stop_until_somebody_lets_them_work_again() {
    each_database(|db| {
        let ward = Ward::new(db);
        let (nurse, other) = (ward.nurse("kango@example.jp", PIN), ward.nurse("jimu@example.jp", OTHER_PIN));
        let fail = |person| {
            for left in (0..PIN_TRIES).rev() {
                ward.world.fake.advance(Duration::minutes(15));
                let expected = if left == 0 { EnterRefusal::Stopped } else { EnterRefusal::Wrong(left) };
                assert_eq!(because(ward.try_pin(person, OTHER_PIN)), expected);
            }
        };
        assert!((0..5).all(|_| ward.try_pin(nurse.person(), "111111").is_err()));
        assert!(
            matches!(because(ward.try_pin(nurse.person(), PIN)), EnterRefusal::Wait(_)),
            "even the right one waits"
        );
        ward.world.fake.advance(Duration::minutes(15));
        ward.try_pin(nurse.person(), PIN).map_err(|_| "after the wait").unwrap();
        fail(nurse.person());
        ward.world.fake.advance(Duration::days(30));
        assert_eq!(
            because(ward.try_pin(nurse.person(), PIN)),
            EnterRefusal::Stopped,
            "no time lets it work again"
        );
        ward.try_pin(other.person(), OTHER_PIN).map_err(|_| "another's works").unwrap();
        let stops = ward.actions().into_iter().filter(|(action, ..)| action == "pin_lock");
        assert_eq!(stops.collect::<Vec<_>>(), [told("pin_lock", "PIN", "2階病棟")]);
        let lift = |scope: &Scope| {
            ward.world.db.write(|tx| actions::pin_lift(tx, &ward.world.nature, scope, nurse.person()))
        };
        assert!(matches!(lift(&other), Err(Failure::Denied(_))));
        lift(&ward.director).unwrap();
        assert!(matches!(lift(&ward.director), Err(Failure::NotFound)), "there is nothing to lift");
        ward.try_pin(nurse.person(), PIN).map_err(|_| "it works again").unwrap();
        fail(nurse.person());
        let session = ward.world.session(nurse.person());
        let own = PinAsker::of(&session).unwrap();
        ward.world.db.write(|tx| actions::pin_lift_own(tx, &ward.world.nature, &own)).unwrap();
        ward.world.fake.advance(Duration::minutes(15));
        ward.try_pin(nurse.person(), PIN).map_err(|_| "the owner lifted it").unwrap();
    });
}

#[test]
fn a_place_slows_down_who_tries_many_peoples_pins() {
    each_database(|db| {
        let ward = Ward::new(db);
        let people: Vec<Scope> = (0..8).map(|n| ward.nurse(&format!("p{n}@example.jp"), PIN)).collect();
        let mut tries = people.iter().cycle().take(60);
        let waits =
            tries.any(|one| matches!(because(ward.try_pin(one.person(), "111111")), EnterRefusal::Wait(_)));
        assert!(waits);
    });
}

#[test]
fn a_session_lives_at_its_place_only_and_locks_itself() {
    each_database(|db| {
        let ward = Ward::new(db);
        let nurse = ward.nurse("kango@example.jp", PIN);
        let entered = ward.try_pin(nurse.person(), PIN).map_err(|_| "in").unwrap();
        let token = &entered.token;
        let session = ward.alive(token).unwrap();
        assert_eq!((session.proved_at, session.administrator), (None, false));
        assert_eq!(session.scope().unwrap().shared().unwrap().1, "2階病棟");
        assert!(ward.look(token, None).is_none(), "the cookie alone, carried elsewhere, opens nothing");
        let foreign =
            SharedPlace { id: komainu_access::PlaceId(ward.world.nature.id()), ..ward.place().unwrap() };
        assert!(ward.look(token, Some(&foreign)).is_none());
        let step = |minutes, seconds| {
            ward.world.fake.advance(Duration::minutes(minutes) + Duration::seconds(seconds));
        };
        let touch = || ward.world.write(|tx| Sessions::touch(tx, session.id, ward.world.nature.now()));
        step(4, 59);
        assert!(ward.alive(token).is_some());
        touch();
        step(4, 59);
        assert!(ward.alive(token).is_some(), "use keeps it awake");
        step(0, 1);
        assert!(matches!(ward.look(token, ward.place().as_ref()), Some(Found::Locked(_))));
        let minutes = |minutes| {
            ward.world
                .db
                .write(|tx| actions::lock_minutes_set(tx, &ward.world.nature, &ward.director, minutes))
        };
        for out in [0, 16, -1] {
            assert!(matches!(minutes(out), Err(Refused::Because(_))), "{out}");
        }
        minutes(15).map_err(|_| "set").unwrap();
        assert!(ward.alive(token).is_some(), "the organisation chooses");
        ward.world.write(|tx| Sessions::lock(tx, session.id, ward.world.nature.now()));
        assert!(ward.alive(token).is_none(), "locked by hand");
        let again = ward.try_pin(nurse.person(), PIN).map_err(|_| "in").unwrap();
        for _ in 0..72 {
            step(10, 0);
            let Some(session) = ward.alive(&again.token) else { break };
            ward.world.write(|tx| Sessions::touch(tx, session.id, ward.world.nature.now()));
        }
        assert!(ward.alive(&again.token).is_none(), "twelve hours are a working day");
    });
}

#[test]
fn one_person_at_a_time_and_withdrawing_ends_it() {
    each_database(|db| {
        let ward = Ward::new(db);
        let (nurse, other) = (ward.nurse("kango@example.jp", PIN), ward.nurse("jimu@example.jp", OTHER_PIN));
        let first = ward.try_pin(nurse.person(), PIN).map_err(|_| "in").unwrap();
        let second = ward.try_pin(other.person(), OTHER_PIN).map_err(|_| "in").unwrap();
        assert!(ward.look(&first.token, ward.place().as_ref()).is_none(), "gone, not only locked");
        assert!(!second.same);
        let locked = ward.alive(&second.token).unwrap();
        let attempt =
            PinAttempt { arrival: ward.arrival(other.person(), Some(locked)), pin: Pin::typed(OTHER_PIN) };
        let back = actions::pin_enter(&ward.world.gate(), &attempt).map_err(|_| "in").unwrap();
        assert!(back.same);
        let used =
            ward.world.db.read(|tx| actions::places(tx, &ward.director, ward.world.nature.now())).unwrap();
        assert_eq!(used[0].used_at, Some(ward.world.nature.now()));
        let revoke = |scope: &Scope| {
            ward.world.db.write(|tx| actions::place_revoke(tx, &ward.world.nature, scope, used[0].id))
        };
        assert!(matches!(revoke(&other), Err(Failure::Denied(_))));
        let elsewhere =
            ward.world.member(ward.world.organisation("よその医院"), "yoso@example.jp", Role::Director);
        assert!(matches!(revoke(&elsewhere), Err(Failure::NotFound)));
        revoke(&ward.director).unwrap();
        assert!(ward.place().is_none());
        assert!(ward.look(&back.token, None).is_none());
        assert!(matches!(revoke(&ward.director), Err(Failure::NotFound)));
        assert!(ward.actions().contains(&told("place_revoke", "incho@example.jp", "")));
    });
}

#[test]
fn whoever_signs_in_with_a_password_at_a_place_is_bound_to_it() {
    each_database(|db| {
        let ward = Ward::new(db);
        let place = ward.place().unwrap();
        let token = SessionToken::new(ward.world.nature.bytes());
        let id = komainu_access::SessionId(ward.world.nature.id());
        ward.world.write(|tx| {
            Sessions::begin(tx, id, &token, ward.director.person(), "ward", ward.world.nature.now())
        });
        let Some(Found::Arrived(session)) = ward.look(&token, Some(&place)) else { panic!("to be bound") };
        let scope = session.scope().unwrap();
        assert!(!scope.may(Permission::MembersManage) && scope.may(Permission::PlanSeeOwn));
        ward.world.write(|tx| Sessions::bind(tx, session.id, place.id));
        assert!(matches!(ward.look(&token, Some(&place)), Some(Found::Alive(_))));
        assert!(ward.look(&token, None).is_none(), "without the place's mark there is no session to find");
        ward.world.fake.advance(Duration::minutes(5));
        assert!(matches!(ward.look(&token, Some(&place)), Some(Found::Locked(_))));
    });
}

#[test]
fn where_a_second_factor_is_demanded_a_place_and_a_pin_are_two() {
    each_database(|db| {
        let ward = Ward::new(db);
        let nurse = ward.nurse("kango@example.jp", PIN);
        let demand = Statement {
            name: "DEMAND",
            sql: "UPDATE organisation SET second_factor_since = $2 WHERE id = $1",
        };
        ward.world
            .write(|tx| tx.run(&Outside("a test"), demand, params![ward.house, ward.world.nature.now()]));
        let own = ward.world.session(nurse.person());
        assert!(own.owes_factor && own.scope().is_none());
        assert!(PinAsker::of(&own).is_some(), "setting a PIN is not what the demand keeps anybody from");
        let entered = ward.try_pin(nurse.person(), PIN).map_err(|_| "in").unwrap();
        let session = ward.alive(&entered.token).unwrap();
        assert!(!session.owes_factor && session.scope().is_some());
    });
}

#[test]
fn a_passkey_opens_a_place_for_its_owner_only() {
    each_database(|db| {
        let ward = Ward::new(db);
        let (world, gate) = (&ward.world, ward.world.gate());
        let ground =
            komainu_people::factors::rules::ground("https://komainu.example.jp", "komainu.example.jp");
        let relying: Relying = factors::relying(&ground).unwrap().unwrap();
        let (nurse, other) = (
            ward.world.member(ward.house, "kango@example.jp", Role::Staff),
            ward.nurse("jimu@example.jp", PIN),
        );
        let session = world.session(nurse.person());
        let mut phone = Authenticator::new(7, "https://komainu.example.jp", "komainu.example.jp");
        let offer = world.db.write(|tx| passkey_offer(tx, gate.sealer(), &relying, &session)).unwrap();
        let new = NewPasskey { name: "鍵".to_owned(), response: phone.create(&offer) };
        passkey_add(&gate, &relying, &session, &new).map_err(|_| "registered").unwrap();
        let holder = Holder::Browser(ward.token.text().parse::<Token>().unwrap());
        let challenge = || {
            let asked =
                world.db.write(|tx| passkey_challenge(tx, gate.sealer(), &relying, &holder, nurse.person()));
            asked.unwrap().unwrap()
        };
        let enter = |person, response: &str| {
            actions::passkey_enter(&gate, &relying, &holder, &ward.arrival(person, None), response)
        };
        let answer = phone.get(&challenge());
        assert_eq!(because(enter(other.person(), &answer)), EnterRefusal::Passkey, "not in another's name");
        let answer = phone.get(&challenge());
        let entered = enter(nurse.person(), &answer).map_err(|_| "in").unwrap();
        assert!(ward.alive(&entered.token).is_some_and(|session| session.proved_at.is_none()));
        assert_eq!(because(enter(nurse.person(), &answer)), EnterRefusal::Passkey, "an answer works once");
        let ins = world
            .db
            .read(|tx| factors::sign_ins(tx, nurse.person()))
            .map_err(|error: DbError| error)
            .unwrap();
        assert_eq!((ins[0].means, ins[0].user_agent.as_str()), (Means::Passkey, "ward"));
    });
}

#[test]
fn what_was_typed_is_held_for_its_owner_and_for_nobody_else() {
    each_database(|db| {
        let ward = Ward::new(db);
        let (nurse, other) = (ward.nurse("kango@example.jp", PIN), ward.nurse("jimu@example.jp", OTHER_PIN));
        let entered = ward.try_pin(nurse.person(), PIN).map_err(|_| "in").unwrap();
        ward.world.fake.advance(Duration::minutes(5));
        let Some(Found::Locked(locked)) = ward.look(&entered.token, ward.place().as_ref()) else {
            panic!("locked")
        };
        let sealer = ward.world.gate().sealer();
        let hold = |session: &Session, form: &str, text: &str| {
            let entries = vec![("note".to_owned(), text.to_owned())];
            let deposit = Deposit { form: form.to_owned(), entries };
            ward.world.db.write(|tx| actions::draft_hold(tx, sealer, session, &deposit))
        };
        hold(&locked, "/checklist/2026/x/items/a#answer", "書きかけ").unwrap();
        hold(&locked, "/checklist/2026/x/items/a#answer", "書きかけの続き").unwrap();
        assert!(hold(&locked, "//elsewhere#x", &"長".repeat(30_000)).is_err());
        assert!(hold(&ward.world.session(nurse.person()), "/a#b", "x").is_err(), "nothing is held elsewhere");
        let held = |scope: &Scope| ward.world.db.read(|tx| actions::drafts(tx, sealer, scope)).unwrap();
        assert!(held(&other).is_empty());
        let mine = held(&nurse);
        assert_eq!((mine.len(), mine[0].entries[0].1.as_str()), (1, "書きかけの続き"));
        assert_eq!(mine[0].path(), "/checklist/2026/x/items/a");
        let plain = Statement { name: "PLAIN", sql: "SELECT entries FROM held_draft WHERE person_id = $1" };
        let stored: Vec<u8> = ward
            .world
            .db
            .read(|tx| tx.one(&Outside("a test"), plain, params![nurse.person()], |row| row.get(0)))
            .map_err(|error: DbError| error)
            .unwrap();
        assert!(!String::from_utf8_lossy(&stored).contains("書きかけ"));
        let back = ward.try_pin(nurse.person(), PIN).map_err(|_| "in").unwrap();
        assert_eq!(back.drafts, 1);
        let drop =
            |scope: &Scope| ward.world.db.write(|tx| actions::draft_drop(tx, scope, &mine[0].form)).unwrap();
        assert!(!drop(&other) && drop(&nurse) && !drop(&nurse));
        for number in 0..25 {
            ward.world.fake.advance(Duration::seconds(1));
            hold(&locked, &format!("/a/{number}#b"), "x").unwrap();
        }
        assert_eq!(held(&nurse).len(), 20, "the oldest go");
        ward.world.fake.advance(Duration::days(30));
        assert!(held(&nurse).is_empty());
    });
}

#[test]
fn who_comes_back_after_a_loss_has_no_pin() {
    each_database(|db| {
        let ward = Ward::new(db);
        let nurse = ward.nurse("kango@example.jp", PIN);
        let (db, nature) = (&ward.world.db, &ward.world.nature);
        let reset = db.write(|tx| komainu_people::actions::factors_reset(tx, nature, "kango@example.jp"));
        reset.map_err(|_| "reset").unwrap();
        assert!(matches!(ward.try_pin(nurse.person(), PIN), Err(Refused::Failed(Failure::NotFound))));
    });
}
