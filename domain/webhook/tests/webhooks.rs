//! Other programs are told once, signed, of everything they asked for, and of nothing while they must not be.
#![allow(clippy::unwrap_used)]

mod common;

use chrono::Duration;
use common::{House, Receiver, each_house};
use komainu_access::{Role, Scope};
use komainu_audit::Change;
use komainu_db::DbError;
use komainu_jobs::{State, Watch as _};
use komainu_web::Refused;
use komainu_webhook::actions::{self, WebhookRefusal};
use komainu_webhook::jobs::Follower;
use komainu_webhook::model::{Event, Wanted};
use komainu_webhook::rules::{MOST, PATIENCE, sign};
use komainu_webhook::{STATEMENTS, WebhookId};

/// Writes an entry of the log, as a domain's action does.
fn happen(house: &House, action: &'static str, id: &str) {
    let change =
        Change { action, object_kind: "checklist_row", object_id: id, before: (), after: "a secret" };
    house
        .app
        .db
        .write(|tx| komainu_audit::record(tx, &house.chief, house.app.nature.now(), &change))
        .map_err(|error: DbError| error)
        .unwrap();
}

fn wanted(url: &str, events: &[Event]) -> Wanted {
    Wanted { url: url.parse().unwrap(), events: events.iter().copied().collect() }
}

fn add(house: &House, url: &str, events: &[Event]) -> WebhookId {
    let wanted = wanted(url, events);
    house.write(|tx| actions::webhook_add(tx, &house.app, &house.chief, &wanted)).unwrap().0
}

#[test]
fn statements() {
    komainu_db::testing::each_database(|db| komainu_db::prepare_all(&db, STATEMENTS).unwrap());
}

#[test]
fn what_happened_is_told_once_signed_and_without_what_was_written() {
    each_house(&["127.0.0.0/8"], |house| {
        let receiver = Receiver::start("200 OK");
        let wanted = wanted(&receiver.url, &[Event::ItemAnswered, Event::RoundClosed]);
        happen(&house, "answer_set", "before");
        let (id, secret) =
            house.write(|tx| actions::webhook_add(tx, &house.app, &house.chief, &wanted)).unwrap();
        house.work();
        assert!(receiver.is_empty(), "nothing of the past, and not of itself");
        happen(&house, "answer_set", "row-1");
        happen(&house, "member_end", "somebody");
        happen(&house, "round_close", "round-1");
        // Two nodes read on at the same time.
        std::thread::scope(|threads| {
            for _ in 0..3 {
                threads.spawn(|| while Follower(house.app.clone()).look().unwrap() {});
            }
        });
        house.work();
        let mut messages = vec![receiver.next(), receiver.next()];
        assert!(receiver.is_empty(), "each of them once");
        messages.sort_by_key(|message| message.json["data"]["entry"].as_i64());
        let kinds: Vec<&str> =
            messages.iter().map(|message| message.json["type"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["item.answered", "round.closed"]);
        let data = &messages[0].json["data"];
        assert_eq!(data["object"], serde_json::json!({ "kind": "checklist_row", "id": "row-1" }));
        assert_eq!(data["organisation"], house.chief.organisation().to_string());
        for message in &messages {
            assert!(!message.body.contains("a secret") && !message.body.contains("院長"), "{}", message.body);
            let (name, at) = (&message.headers["webhook-id"], &message.headers["webhook-timestamp"]);
            let at = chrono::DateTime::from_timestamp(at.parse().unwrap(), 0).unwrap();
            assert_eq!(message.headers["webhook-signature"], sign(&secret, name, at, &message.body));
        }
        let sent = house.read(|tx| actions::deliveries(tx, &house.chief, id));
        assert_eq!(sent.len(), 2);
        assert!(sent.iter().all(|(job, _)| job.state == State::Done && job.result == "status 200"));
    });
}

#[test]
fn what_does_not_get_through_is_sent_again_and_a_person_can_send_it_once_more() {
    each_house(&["127.0.0.0/8"], |house| {
        let receiver = Receiver::start("503 Busy");
        let id = add(&house, &receiver.url, &[Event::ItemAnswered]);
        happen(&house, "answer_set", "row-1");
        house.work();
        let first = receiver.next();
        let job = || house.read(|tx| actions::deliveries(tx, &house.chief, id)).remove(0).0;
        let get = || house.read(|tx| actions::webhook_get(tx, &house.chief, id));
        assert_eq!((job().state, job().result.as_str()), (State::Waiting, "status 503"));
        assert!(get().failing_since.is_some());
        receiver.answer("200 OK");
        house.fake.advance(job().run_at - house.app.nature.now());
        house.work();
        let second = receiver.next();
        assert_eq!((first.body, &first.headers["webhook-id"]), (second.body, &second.headers["webhook-id"]));
        assert_eq!((job().state, get().failing_since), (State::Done, None));
        let again = job().id;
        house.write(|tx| actions::delivery_resend(tx, &house.app, &house.chief, id, again)).unwrap();
        house.work();
        receiver.next();
        assert_eq!((job().state, job().attempts), (State::Done, 3));
    });
}

#[test]
fn a_webhook_to_which_nothing_gets_through_is_stopped_and_can_be_resumed() {
    each_house(&["127.0.0.0/8"], |house| {
        let receiver = Receiver::start("500 Oh");
        let id = add(&house, &receiver.url, &[Event::ItemAnswered]);
        let get = || house.read(|tx| actions::webhook_get(tx, &house.chief, id));
        happen(&house, "answer_set", "row-1");
        house.work();
        house.fake.advance(PATIENCE);
        happen(&house, "answer_set", "row-2");
        house.work();
        let stopped = get().stopped.expect("it is stopped");
        assert_eq!(stopped.by, None);
        let log = house.log();
        assert!(log.iter().any(|(action, who)| action == "webhook_give_up" && who == "komainu"), "{log:?}");
        while !receiver.is_empty() {}
        happen(&house, "answer_set", "row-3");
        house.fake.advance(Duration::days(1));
        house.work();
        assert!(receiver.is_empty(), "a stopped one is told nothing");
        receiver.answer("200 OK");
        house.write(|tx| actions::webhook_resume(tx, &house.app, &house.chief, id)).unwrap();
        happen(&house, "answer_set", "row-4");
        house.work();
        assert_eq!(receiver.next().json["data"]["object"]["id"], "row-4");
        assert!(receiver.is_empty() && get().stopped.is_none());
    });
}

#[test]
fn addresses_inside_and_too_many_are_refused_and_a_name_is_looked_at_when_it_is_used() {
    each_house(&[], |house| {
        let add = |url: &str| {
            let wanted = wanted(url, &[Event::ItemAnswered]);
            house.write(|tx| actions::webhook_add(tx, &house.app, &house.chief, &wanted))
        };
        let forbidden = add("https://192.168.1.5/hook").err().unwrap();
        assert!(matches!(forbidden, Refused::Because(WebhookRefusal::Forbidden(_))), "{forbidden:?}");
        let receiver = Receiver::start("200 OK");
        let named = receiver.url.replace("127.0.0.1", "localhost");
        let (id, _) = add(&named).unwrap();
        happen(&house, "answer_set", "row-1");
        house.work();
        assert!(receiver.is_empty());
        let (job, _) = house.read(|tx| actions::deliveries(tx, &house.chief, id)).remove(0);
        assert!(job.result.starts_with("address "), "{}", job.result);
        for number in 1..MOST {
            add(&format!("https://hook-{number}.example.jp/")).unwrap();
        }
        let many = add("https://one-more.example.jp/").err().unwrap();
        assert!(matches!(many, Refused::Because(WebhookRefusal::TooMany)), "{many:?}");
    });
}

#[test]
fn only_those_who_run_the_systems_look_after_webhooks_and_only_their_own() {
    each_house(&["127.0.0.0/8"], |house| {
        let id = add(&house, "https://hook.example.jp/", &[Event::ItemAnswered]);
        let as_role = |role| Scope::new(house.chief.person(), "誰か", house.chief.organisation(), role);
        for role in Role::ALL {
            let may =
                matches!(role, Role::Director | Role::SafetyManager | Role::SystemOperator | Role::Service);
            let listed: Result<_, komainu_web::Failure> =
                house.app.db.read(|tx| actions::webhooks(tx, &as_role(role)));
            assert_eq!(listed.is_ok(), may, "{role}");
        }
        let elsewhere = house.elsewhere();
        let app = &house.app;
        assert!(house.read(|tx| actions::webhooks(tx, &elsewhere)).is_empty());
        assert!(house.write(|tx| actions::webhook_test(tx, app, &elsewhere, id)).is_err());
        assert!(house.write(|tx| actions::webhook_remove(tx, app, &elsewhere, id)).is_err());
        assert!(house.write(|tx| actions::webhook_secret_renew(tx, app, &elsewhere, id)).is_err());
        let other = wanted("https://other.example.jp/", &[Event::PackMade]);
        assert!(house.write(|tx| actions::webhook_change(tx, app, &elsewhere, id, &other, 1)).is_err());
        // Two people change one: the second is told, unless both want the same.
        let change =
            |wanted: &Wanted| house.write(|tx| actions::webhook_change(tx, app, &house.chief, id, wanted, 1));
        change(&other).unwrap();
        change(&other).unwrap();
        assert_eq!(house.read(|tx| actions::webhook_get(tx, &house.chief, id)).version, 2);
        let third = wanted("https://third.example.jp/", &[Event::PackMade]);
        let stale = change(&third).err().unwrap();
        assert!(matches!(stale, Refused::Because(WebhookRefusal::Stale(_))), "{stale:?}");
        house.write(|tx| actions::webhook_remove(tx, app, &house.chief, id)).unwrap();
        assert!(house.read(|tx| actions::webhooks(tx, &house.chief)).is_empty());
    });
}

#[test]
fn the_secret_lies_sealed_and_the_log_keeps_no_path() {
    each_house(&["127.0.0.0/8"], |house| {
        let url = wanted("https://hook.example.jp/path-with-a-key", &[Event::ItemAnswered]);
        let (id, secret) =
            house.write(|tx| actions::webhook_add(tx, &house.app, &house.chief, &url)).unwrap();
        let kept = house.sealed_secret(id);
        let plain = secret.text();
        assert!(!String::from_utf8_lossy(&kept).contains(&plain[6..20]) && kept.len() > 60);
        let renewed =
            house.write(|tx| actions::webhook_secret_renew(tx, &house.app, &house.chief, id)).unwrap();
        assert_ne!(renewed.text(), plain);
        assert_ne!(house.sealed_secret(id), kept);
        assert!(!house.log_text().contains("path-with-a-key"), "{}", house.log_text());
    });
}
