//! Calling people out, on both databases: who is asked when, by which way, and that nothing is sent twice.
#![allow(clippy::unwrap_used)]

#[path = "../../institution/tests/common/mod.rs"]
mod common;

use chrono::{DateTime, Duration, Utc};
use common::{House, because, denied, missing};
use komainu_access::{Role, Scope};
use komainu_catalog::Catalog;
use komainu_contact::actions::{contact_add, contact_change, contact_gaps, contact_get};
use komainu_contact::{ContactDetails, ContactId, Way, WayHours, WayId, WayKind};
use komainu_db::Db;
use komainu_db::testing::each_database;
use komainu_db::uuid::Uuid;
use komainu_escalation::actions::*;
use komainu_escalation::driver::Driver;
use komainu_escalation::{
    Call, CallState, EscalationId, Kind, KnownHow, MessageState, PlanDetails, PlanId, StartsWith, State,
    Step, Told,
};
use komainu_files::{Files, Key};
use komainu_jobs::Watch;
use komainu_notify::testing::Recorder;
use komainu_notify::{Medium, NotSent, Note, Provider, Providers};
use komainu_web::{App, Failure, Settings};
use std::sync::{Arc, Mutex};

struct World {
    house: House,
    app: App,
    sms: Arc<Recorder>,
    mail: Arc<Recorder>,
    _folder: tempfile::TempDir,
}

/// A way that hands nothing over while its door is shut.
struct Shut(Mutex<()>);

impl Provider for Shut {
    fn medium(&self) -> Medium {
        Medium::Sms
    }

    fn send(&self, _: &str, _: &Note, _: DateTime<Utc>) -> Result<String, NotSent> {
        drop(self.0.lock());
        Err(NotSent::Unknown("too slow".to_owned()))
    }
}

impl World {
    fn new(db: Db) -> World {
        World::with(db, None)
    }

    /// With this in place of the way that takes every text message.
    fn with(db: Db, slow: Option<Arc<dyn Provider>>) -> World {
        let house = House::new(db);
        let folder = tempfile::tempdir().unwrap();
        let key = Key::open(&folder.path().join("key"), &house.nature).unwrap();
        let files = Files::open(&folder.path().join("files"), key).unwrap();
        let (sms, mail) = (Recorder::new(Medium::Sms), Recorder::new(Medium::Mail));
        let providers = Providers::default().with(sms.clone()).with(mail.clone());
        let settings = Settings {
            public_url: "https://komainu.example".to_owned(),
            providers: match slow {
                Some(slow) => providers.with(slow),
                None => providers,
            },
            ..Settings::default()
        };
        let catalog = Arc::new(Catalog::embedded().unwrap());
        let app = App::new(house.db.clone(), house.nature.clone(), catalog, files, settings);
        World { house, app, sms, mail, _folder: folder }
    }

    /// Somebody with a number for messages, a mail address, and a telephone.
    fn person(&self, name: &str, sms: &str, mail: &str, phone: &str) -> ContactId {
        let way = Way {
            id: WayId(self.house.nature.id()),
            kind: WayKind::Sms,
            address: sms.to_owned(),
            label: String::new(),
            hours: WayHours::Always,
        };
        let details = ContactDetails {
            name: name.to_owned(),
            duty: "deputy".to_owned(),
            phone: phone.to_owned(),
            email: mail.to_owned(),
            ways: if sms.is_empty() { Vec::new() } else { vec![way] },
            ..ContactDetails::default()
        };
        let (nature, scope) = (&self.house.nature, &self.house.director);
        self.house.write(|tx| contact_add(tx, nature, scope, &details)).unwrap()
    }

    fn stands_in(&self, contact: ContactId, stand_in: ContactId) {
        self.change(contact, |details| details.stand_ins = vec![stand_in]);
    }

    fn change(&self, contact: ContactId, change: impl FnOnce(&mut ContactDetails)) {
        let (nature, scope) = (&self.house.nature, &self.house.director);
        let old = self.house.read(|tx| contact_get(tx, scope, contact)).unwrap();
        let mut new = old.details();
        change(&mut new);
        self.house.write(|tx| contact_change(tx, nature, scope, contact, old.version, &new)).unwrap();
    }

    fn plan(&self, everyone: bool, steps: &[ContactId]) -> PlanId {
        let step = |contact: &ContactId| Step { contact: *contact, wait_minutes: 10 };
        let details = PlanDetails {
            name: "急報".to_owned(),
            starts_with: StartsWith::NearMiss,
            everyone,
            steps: steps.iter().map(step).collect(),
        };
        let (nature, scope) = (&self.house.nature, &self.house.director);
        self.house.write(|tx| plan_add(tx, nature, scope, &details)).unwrap()
    }

    fn start(&self, plan: PlanId) -> EscalationId {
        let start = Start { plan, title: "カルテが開かない".to_owned(), words: String::new() };
        let (nature, scope) = (&self.house.nature, &self.house.director);
        self.house.write(|tx| escalation_start(tx, nature, scope, &start)).unwrap()
    }

    /// Goes on until there is nothing to do.
    fn go(&self) {
        for _ in 0..50 {
            if !Driver(self.app.clone()).look().unwrap() {
                return;
            }
        }
        panic!("it never rests");
    }

    fn calls(&self, id: EscalationId) -> Vec<Call> {
        self.house.read(|tx| escalation_get(tx, &self.house.director, id)).unwrap().calls
    }

    fn states(&self, id: EscalationId) -> Vec<CallState> {
        self.calls(id).into_iter().map(|call| call.state).collect()
    }

    fn state(&self, id: EscalationId) -> State {
        self.house.read(|tx| escalation_get(tx, &self.house.director, id)).unwrap().escalation.state
    }

    /// The secret of the last message to an address.
    fn secret(&self, to: &str) -> String {
        let mut all = self.sms.handed().into_iter().chain(self.mail.handed());
        let url = all.rfind(|handed| handed.to == to).unwrap().note.url;
        url.strip_prefix("https://komainu.example/ack/").unwrap().to_owned()
    }

    fn answer(&self, secret: &str, can: bool) {
        self.house.write(|tx| ack_answer(tx, &self.house.nature, secret, can)).unwrap();
        self.go();
    }
}

fn each(test: impl Fn(World)) {
    each_database(|db| test(World::new(db)));
}

use CallState::{Asked, Declined, Known, NotNeeded, Silent, Unreachable, Waiting};

#[test]
fn one_tap_ends_it_and_nobody_else_is_asked() {
    each(|world| {
        let first = world.person("一", "090-1", "a@x.example", "");
        let second = world.person("二", "090-2", "", "");
        let id = world.start(world.plan(false, &[first, second]));
        world.go();
        assert_eq!(
            (world.sms.addresses(), world.states(id)),
            (vec!["090-1".to_owned()], vec![Asked, Waiting])
        );
        let note = world.sms.handed()[0].note.clone();
        assert!(note.title.contains("カルテが開かない") && note.urgent, "{}", note.title);
        world.answer(&world.secret("090-1"), true);
        assert_eq!((world.state(id), world.states(id)), (State::Known, vec![Known, NotNeeded]));
        world.answer(&world.secret("090-1"), true);
        world.house.fake.advance(Duration::hours(2));
        world.go();
        assert_eq!((world.sms.handed().len(), world.mail.handed().len()), (1, 0));
        assert_eq!(world.calls(id)[0].known_how, Some(KnownHow::Link));
        let log = world.house.log(&world.house.director);
        let tail = &log[log.len() - 3..];
        assert_eq!(tail, ["escalation_start", "escalation_known", "escalation_end"]);
    });
}

#[test]
fn without_an_answer_the_other_way_then_who_stands_in_then_the_next_step() {
    each(|world| {
        let first = world.person("一", "090-1", "a@x.example", "");
        let second = world.person("二", "090-2", "", "");
        let third = world.person("三", "090-3", "", "");
        world.stands_in(first, second);
        let id = world.start(world.plan(false, &[first, third]));
        world.go();
        assert_eq!(world.mail.handed().len(), 0);
        world.house.fake.advance(Duration::minutes(5));
        world.go();
        assert_eq!(world.mail.addresses(), ["a@x.example"], "the ways share the wait");
        world.house.fake.advance(Duration::minutes(5));
        world.go();
        assert_eq!(world.states(id), [Silent, Asked, Waiting]);
        world.answer(&world.secret("090-2"), false);
        assert_eq!(world.states(id), [Silent, Declined, Asked]);
        assert_eq!(world.sms.addresses(), ["090-1", "090-2", "090-3"]);
        // Who was silent before knows in the end.
        world.answer(&world.secret("a@x.example"), true);
        assert_eq!((world.state(id), world.states(id)), (State::Known, vec![Known, Declined, NotNeeded]));
    });
}

#[test]
fn a_lost_provider_gives_way_to_the_next_at_once() {
    each(|world| {
        let first = world.person("一", "090-1", "a@x.example", "");
        let second = world.person("二", "090-2", "", "");
        world.sms.always(Some(NotSent::Unreachable("away".to_owned())));
        let id = world.start(world.plan(false, &[first, second]));
        world.go();
        assert_eq!(
            (world.sms.addresses(), world.mail.addresses()),
            (vec!["090-1".to_owned()], vec!["a@x.example".to_owned()])
        );
        world.house.fake.advance(Duration::minutes(10));
        world.go();
        assert_eq!((world.states(id), world.state(id)), (vec![Silent, Unreachable], State::Exhausted));
        let seen = world.house.read(|tx| escalation_get(tx, &world.house.director, id)).unwrap();
        let states: Vec<_> = seen.messages.iter().map(|message| message.state).collect();
        assert_eq!(states, [MessageState::Failed, MessageState::Sent, MessageState::Failed]);
        // A late answer still counts.
        world.answer(&world.secret("a@x.example"), true);
        assert_eq!(world.state(id), State::Known);
    });
}

#[test]
fn what_nobody_knows_of_is_not_sent_again_by_that_way() {
    each(|world| {
        let first = world.person("一", "090-1", "a@x.example", "");
        world.sms.next("090-1", NotSent::Unknown("line broke".to_owned()));
        let id = world.start(world.plan(false, &[first]));
        world.go();
        assert_eq!((world.sms.handed().len(), world.mail.handed().len()), (1, 1));
        assert_eq!(world.states(id), [Asked]);
    });
}

#[test]
fn a_slow_way_keeps_nobody_waiting_who_is_called_by_another() {
    each_database(|db| {
        let shut = Arc::new(Shut(Mutex::new(())));
        let world = World::with(db, Some(shut.clone()));
        let slow = world.start(world.plan(false, &[world.person("一", "090-1", "", "")]));
        let quick = world.plan(false, &[world.person("二", "", "b@x.example", "")]);
        let door = shut.0.lock().unwrap();
        std::thread::scope(|threads| {
            let driver = Driver(world.app.clone());
            let looking = threads.spawn(move || driver.look().unwrap());
            let quick = world.start(quick);
            while world.mail.handed().is_empty() && !looking.is_finished() {
                std::thread::yield_now();
            }
            assert_eq!((world.mail.handed().len(), looking.is_finished()), (1, false));
            // Whoever answers meanwhile is heard.
            let secret = world.secret("b@x.example");
            world.house.write(|tx| ack_answer(tx, &world.house.nature, &secret, true)).unwrap();
            drop(door);
            assert!(looking.join().unwrap());
            world.go();
            assert_eq!((world.state(quick), world.states(slow)), (State::Known, vec![Asked]));
        });
    });
}

#[test]
fn after_a_crash_nothing_is_sent_twice_and_the_next_way_is_taken() {
    each(|world| {
        let first = world.person("一", "090-1", "a@x.example", "");
        let id = world.start(world.plan(false, &[first]));
        // The node dies with the message in its hand: whether it went is never written.
        assert_eq!(Driver(world.app.clone()).begin().unwrap(), 1);
        world.go();
        assert_eq!(world.mail.handed().len(), 0, "the node may still have it in hand");
        world.house.fake.advance(Duration::seconds(61));
        world.go();
        assert_eq!((world.sms.handed().len(), world.mail.addresses()), (0, vec!["a@x.example".to_owned()]));
        assert_eq!(world.states(id), [Asked]);
        let seen = world.house.read(|tx| escalation_get(tx, &world.house.director, id)).unwrap();
        assert_eq!(seen.messages[0].state, MessageState::Unknown);
    });
}

#[test]
fn what_a_crash_left_may_have_gone_and_its_answer_is_waited_for() {
    each(|world| {
        let (first, second) = (world.person("一", "090-1", "", ""), world.person("二", "090-2", "", ""));
        let id = world.start(world.plan(false, &[first, second]));
        assert_eq!(Driver(world.app.clone()).begin().unwrap(), 1);
        world.house.fake.advance(Duration::seconds(61));
        world.go();
        assert_eq!(world.states(id), [Asked, Waiting], "there is no other way, and the message may be there");
        world.house.fake.advance(Duration::minutes(10));
        world.go();
        assert_eq!(
            (world.states(id), world.sms.addresses()),
            (vec![Silent, Asked], vec!["090-2".to_owned()])
        );
    });
}

#[test]
fn an_older_page_takes_back_no_answer() {
    each(|world| {
        let (first, second) = (world.person("一", "090-1", "", ""), world.person("二", "090-2", "", ""));
        let id = world.start(world.plan(false, &[first, second]));
        world.go();
        world.answer(&world.secret("090-1"), true);
        world.answer(&world.secret("090-1"), false);
        assert_eq!((world.state(id), world.states(id)), (State::Known, vec![Known, NotNeeded]));
    });
}

#[test]
fn somebody_without_a_way_has_nobody_else_told_twice() {
    each(|world| {
        let (none, other) = (world.person("一", "", "", ""), world.person("二", "090-2", "b@x.example", ""));
        let id = world.start(world.plan(true, &[none, other]));
        world.go();
        assert_eq!(world.states(id), [Unreachable, Asked]);
        assert_eq!((world.sms.handed().len(), world.mail.handed().len()), (1, 0));
    });
}

#[test]
fn who_stands_in_for_two_is_asked_for_the_one_that_is_silent() {
    each(|world| {
        let third = world.person("三", "090-3", "", "");
        let (first, second) = (world.person("一", "090-1", "", ""), world.person("二", "090-2", "", ""));
        world.stands_in(first, third);
        world.stands_in(second, third);
        let id = world.start(world.plan(true, &[first, second]));
        world.go();
        world.answer(&world.secret("090-1"), true);
        world.house.fake.advance(Duration::minutes(10));
        world.go();
        assert_eq!(world.states(id), [Known, NotNeeded, Silent, Asked]);
        world.answer(&world.secret("090-3"), true);
        assert_eq!(world.state(id), State::Known);
        let mut told = world.sms.addresses();
        told.sort();
        assert_eq!(told, ["090-1", "090-2", "090-3"]);
    });
}

#[test]
fn one_person_in_two_duties_is_one_with_the_ways_of_both() {
    each(|world| {
        let person = Some(world.house.director.person());
        let (first, second) =
            (world.person("一", "090-1", "", ""), world.person("一", "", "a@x.example", ""));
        world.change(first, |details| details.person = person);
        world.change(second, |details| {
            details.person = person;
            // The same telephone once more, written otherwise, and the same mailbox in the list.
            let way = |kind, address: &str| Way {
                id: WayId(world.house.nature.id()),
                kind,
                address: address.to_owned(),
                label: String::new(),
                hours: WayHours::Always,
            };
            details.ways = vec![way(WayKind::Sms, "0901"), way(WayKind::Mail, "A@x.example")];
        });
        let (nature, scope) = (&world.house.nature, &world.house.director);
        let test = || world.house.write(|tx| contact_test(tx, nature, scope, &Told::default())).unwrap();
        let id = test();
        let kinds = |id| -> Vec<Vec<WayKind>> {
            let ways = |call: Call| call.callee.ways.into_iter().map(|way| way.kind).collect();
            world.calls(id).into_iter().map(ways).collect()
        };
        assert_eq!(kinds(id), [[WayKind::Sms, WayKind::Mail]]);
        assert_eq!(kinds(world.start(world.plan(false, &[first, second]))), [[WayKind::Sms, WayKind::Mail]]);
        assert_eq!(test(), id, "while a test runs there is no second one");
    });
}

#[test]
fn a_button_pressed_twice_calls_nobody_twice() {
    each(|world| {
        let first = world.person("一", "090-1", "", "");
        let plan = world.plan(false, &[first]);
        let id = world.start(plan);
        assert_eq!(world.start(plan), id);
        world.house.fake.advance(Duration::seconds(61));
        assert_ne!(world.start(plan), id, "later it is meant");
    });
}

#[test]
fn a_message_names_the_number_by_which_one_answers_but_not_to_whoever_sits_there() {
    each(|world| {
        let (desk, other) =
            (world.person("受付", "090-1", "", "03-1234-5678"), world.person("二", "090-2", "", ""));
        world.change(desk, |details| details.for_reporters = true);
        world.start(world.plan(true, &[desk, other]));
        world.go();
        let text = |to: &str| {
            let handed = world.sms.handed();
            handed.into_iter().find(|handed| handed.to == to).unwrap().note.text
        };
        assert!(text("090-2").contains("03-1234-5678"), "{}", text("090-2"));
        assert!(!text("090-1").contains("03-1234-5678"), "{}", text("090-1"));
    });
}

#[test]
fn who_can_only_be_telephoned_is_shown_and_written_down() {
    each(|world| {
        let first = world.person("一", "", "", "03-1234-5678");
        let id = world.start(world.plan(false, &[first]));
        world.go();
        assert_eq!(world.states(id), [Asked]);
        let call = world.calls(id)[0].id;
        let (nature, scope) = (&world.house.nature, &world.house.director);
        world.house.write(|tx| call_told(tx, nature, scope, (id, call))).unwrap();
        world.go();
        assert_eq!((world.state(id), world.calls(id)[0].known_how), (State::Known, Some(KnownHow::Call)));
        assert_eq!(world.calls(id)[0].known_by_name, scope.person_name());
    });
}

#[test]
fn an_event_starts_each_plan_once_whoever_tells_of_it() {
    each(|world| {
        let first = world.person("一", "090-1", "", "");
        world.plan(false, &[first]);
        let event = Event {
            subject_kind: "near_miss",
            subject_id: Uuid::from_u128(7),
            title: "脅しの文".to_owned(),
            words: String::new(),
            path: "/near-miss/7".to_owned(),
        };
        let stranger = world.house.role(Role::Link);
        let tell = |starts: StartsWith, scope: &Scope| {
            let nature = &world.house.nature;
            world
                .house
                .write(|tx| komainu_escalation::actions::event(tx, nature, scope, starts, &event))
                .unwrap()
                .len()
        };
        assert_eq!(tell(StartsWith::Incident, &stranger), 0);
        assert_eq!((tell(StartsWith::NearMiss, &stranger), tell(StartsWith::NearMiss, &stranger)), (1, 0));
        assert_eq!(
            tell(StartsWith::NearMiss, &world.house.neighbour),
            0,
            "another house has plans of its own"
        );
        world.go();
        assert_eq!(world.sms.addresses(), ["090-1"]);
    });
}

#[test]
fn a_test_asks_five_hundred_and_knows_every_state_in_the_end() {
    each(|world| {
        for n in 0..500 {
            world.person(&format!("人{n}"), &format!("090-{n}"), "", "");
        }
        world.sms.next("090-7", NotSent::Refused("no such number".to_owned()));
        let (nature, scope) = (&world.house.nature, &world.house.director);
        let id = world.house.write(|tx| contact_test(tx, nature, scope, &Told::default())).unwrap();
        world.go();
        assert_eq!(world.sms.handed().len(), 500);
        assert!(!world.sms.handed()[0].note.urgent);
        for n in (0..500).step_by(5) {
            let secret = world.secret(&format!("090-{n}"));
            world.house.write(|tx| ack_answer(tx, nature, &secret, true)).unwrap();
        }
        world.house.fake.advance(Duration::hours(1));
        world.go();
        let states = world.states(id);
        let count = |state: CallState| states.iter().filter(|one| **one == state).count();
        assert_eq!((count(Known), count(Silent), count(Unreachable)), (100, 399, 1));
        assert_eq!(world.state(id), State::Exhausted);
        let last = world.house.read(|tx| last_test_day(tx, scope)).unwrap();
        assert_eq!(last, Some("2026-11-23".parse().unwrap()));
        assert_eq!(world.house.read(|tx| last_test_silent(tx, scope)).unwrap(), 400);
        let counted = world.house.read(|tx| counted(tx, scope)).unwrap();
        assert_eq!(counted.get(&id), Some(&(500, 100)));
        assert_eq!(world.house.read(|tx| last_test_silent(tx, &world.house.neighbour)).unwrap(), 0);
        let seen = world.house.read(|tx| escalation_get(tx, scope, id)).unwrap();
        assert_eq!((seen.escalation.kind, seen.calls.len()), (Kind::Test, 500));
    });
}

#[test]
fn nobody_is_asked_twice_in_one_calling_out() {
    each(|world| {
        let (first, second) = (world.person("一", "090-1", "", ""), world.person("二", "090-2", "", ""));
        world.stands_in(first, second);
        world.stands_in(second, first);
        let who = |everyone| {
            let id = world.start(world.plan(everyone, &[first, second, first]));
            world.calls(id).into_iter().map(|call| (call.step, call.place, call.contact)).collect::<Vec<_>>()
        };
        assert_eq!(who(false), [(0, 0, first), (0, 1, second)]);
        assert_eq!(who(true), [(0, 0, first), (1, 0, second)]);
    });
}

#[test]
fn stopping_ends_it_and_what_was_sent_can_still_be_answered() {
    each(|world| {
        let (first, second) = (world.person("一", "090-1", "", ""), world.person("二", "090-2", "", ""));
        let id = world.start(world.plan(true, &[first, second]));
        world.go();
        assert_eq!(world.states(id), [Asked, Asked], "everyone at once");
        let (nature, scope) = (&world.house.nature, &world.house.director);
        world.house.write(|tx| escalation_stop(tx, nature, scope, id)).unwrap();
        world.answer(&world.secret("090-1"), true);
        assert_eq!((world.state(id), world.states(id)), (State::Stopped, vec![Known, NotNeeded]));
        world.house.fake.advance(Duration::days(8));
        let secret = world.secret("090-2");
        let over = world.house.write(|tx| ack_answer(tx, nature, &secret, true));
        assert!(matches!(over, Err(Failure::LinkOver)), "{over:?}");
    });
}

#[test]
fn plans_are_of_their_house_and_of_those_who_may() {
    each(|world| {
        let first = world.person("一", "090-1", "", "");
        let plan = world.plan(false, &[first]);
        let (nature, scope, other) = (&world.house.nature, &world.house.director, &world.house.neighbour);
        let stored = world.house.read(|tx| plan_get(tx, scope, plan)).unwrap();
        missing(world.house.read(|tx| plan_get(tx, other, plan)));
        missing(world.house.write(|tx| plan_add(tx, nature, other, &stored.details)));
        let changed = PlanDetails { everyone: true, ..stored.details.clone() };
        world.house.write(|tx| plan_change(tx, nature, scope, (plan, 1), &changed)).unwrap();
        let theirs =
            because(world.house.write(|tx| plan_change(tx, nature, scope, (plan, 1), &stored.details)));
        assert!(theirs.0.details.everyone);
        because(world.house.write(|tx| plan_remove(tx, nature, scope, (plan, 1))));
        for role in [Role::Staff, Role::Inspector] {
            denied(world.house.read(|tx| plans(tx, &world.house.role(role))));
            denied(world.house.read(|tx| escalations(tx, &world.house.role(role))));
        }
        world.house.write(|tx| plan_remove(tx, nature, scope, (plan, 2))).unwrap();
        assert_eq!(world.house.read(|tx| plans(tx, scope)).unwrap(), []);
        let schedule = world.house.read(|tx| schedule_get(tx, scope, nature.today())).unwrap();
        world.house.write(|tx| schedule_set(tx, nature, scope, schedule.version, 3)).unwrap();
        because(world.house.write(|tx| schedule_set(tx, nature, scope, schedule.version, 6)));
        let set = world.house.read(|tx| schedule_get(tx, scope, nature.today())).unwrap();
        assert_eq!((set.months, set.next_on), (3, "2027-02-23".parse().unwrap()));
        world.house.fake.advance(Duration::days(30));
        world.house.write(|tx| schedule_set(tx, nature, scope, set.version, 3)).unwrap();
        let again = world.house.read(|tx| schedule_get(tx, scope, nature.today())).unwrap();
        assert_eq!(again, set, "saved again as it is, it is not put off");
    });
}

#[test]
fn a_browser_that_is_not_there_any_more_leaves_the_network_and_the_check_says_so() {
    let push = Recorder::new(Medium::Push);
    each_database(|db| {
        push.take();
        let world = World::with(db, Some(push.clone()));
        let (director, nature) = (&world.house.director, &world.house.nature);
        let chief = world.person("院長", "090-1", "", "");
        let browser = |address: &str| Way {
            id: WayId(nature.id()),
            kind: WayKind::Push,
            address: address.to_owned(),
            label: "診察室".to_owned(),
            hours: WayHours::Always,
        };
        world.change(chief, |details| {
            let mut ways = vec![browser("gone"), browser("away"), browser("here")];
            ways.append(&mut details.ways);
            details.ways = ways;
            details.checked_on = Some(nature.today());
        });
        push.next("gone", NotSent::Gone("HTTP 410".to_owned()));
        push.next("away", NotSent::Unreachable("HTTP 503".to_owned()));
        let plan = world.plan(false, &[chief]);
        let id = world.start(plan);
        world.go();
        assert_eq!(push.addresses(), ["gone", "away", "here"], "the next way was taken at once");
        let said: Vec<_> = world
            .house
            .read(|tx| escalation_get(tx, director, id))
            .unwrap()
            .messages
            .into_iter()
            .map(|message| (message.state, message.said))
            .collect();
        assert!(said.contains(&(MessageState::Failed, "HTTP 410".to_owned())), "{said:?}");
        let contact = world.house.read(|tx| contact_get(tx, director, chief)).unwrap();
        let left: Vec<_> = contact.ways.iter().map(|way| way.address.as_str()).collect();
        assert_eq!(left, ["away", "here", "090-1"]);
        let gaps = world.house.read(|tx| contact_gaps(tx, director, nature.today())).unwrap();
        assert!(gaps.iter().any(|gap| gap.code() == "unchecked"), "{gaps:?}");
        let page = komainu_audit::Page { limit: 100, ..komainu_audit::Page::default() };
        let entries = world.house.read(|tx| Ok(komainu_audit::entries(tx, director, &page)?)).unwrap();
        let gone: Vec<_> = entries.iter().filter(|entry| entry.action == "contact_way_gone").collect();
        assert_eq!(gone.len(), 1);
        assert_eq!(gone[0].person_name, "komainu", "no person did it");
        assert!(!gone[0].before.contains("gone"), "what opens a browser is in no log");
    });
}
