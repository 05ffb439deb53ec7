//! The morning of the demo's world: one mail a person at most, and never which items.
#![allow(clippy::unwrap_used)]

mod mail;

use chrono::{Duration, NaiveDate};
use komainu_access::{Role, Session, SessionId};
use komainu_catalog::Catalog;
use komainu_checklist::actions::{AssignInput, assignment_set, round_view};
use komainu_clock::{Fake, Nature};
use komainu_db::testing::each_database;
use komainu_db::{Db, Tx};
use komainu_demo::{Figure, Place, World, fill};
use komainu_files::{Files, Key};
use komainu_i18n::Lang;
use komainu_jobs::routine::{Clockwork, Routine};
use komainu_jobs::{Worker, failed_everywhere, open_everywhere};
use komainu_notice::actions::{Tried, mail_test};
use komainu_notice::jobs::{ReminderWork, Reminders};
use komainu_notify::testing::{MailServer, Taken};
use komainu_people::actions::reminders_want;
use komainu_web::{App, Failure, Settings};
use mail::mail_queue;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A Monday noon in Japan: tomorrow morning is a Tuesday.
const NOON: &str = "2026-11-23T03:00:00Z";

struct House {
    app: App,
    fake: Fake,
    world: World,
    worker: Worker,
    clockwork: Clockwork,
    _folder: tempfile::TempDir,
}

fn house(db: Db, port: u16) -> House {
    let folder = tempfile::tempdir().unwrap();
    let (nature, fake) = Nature::fake(NOON.parse().unwrap());
    let key = Key::open(&folder.path().join("key"), &nature).unwrap();
    let files = Files::open(&folder.path().join("files"), key).unwrap();
    let queue = mail_queue(port, &files);
    let settings = Settings {
        public_url: "https://komainu.example.jp".to_owned(),
        mail: Some(queue.clone()),
        demo: true,
        ..Settings::default()
    };
    let app = App::new(db, nature, Arc::new(Catalog::embedded().unwrap()), files, settings);
    fill(&app).unwrap();
    let world = app.db.read(|tx| World::find(tx, &app.catalog)).unwrap();
    let works: Vec<Box<dyn komainu_jobs::Work>> =
        vec![Box::new(ReminderWork(app.clone())), Box::new(queue.work(&app.nature))];
    let worker = Worker::new(app.db.clone(), app.nature.clone(), works);
    let reminders: Box<dyn Routine> = Box::new(Reminders(app.clone()));
    let clockwork = Clockwork::new(app.db.clone(), app.nature.clone(), vec![reminders]);
    assert_eq!(clockwork.once(&|| false).unwrap(), 0, "its time is still to come");
    House { app, fake, world, worker, clockwork, _folder: folder }
}

impl House {
    fn read<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, Failure>) -> T {
        self.app.db.read(work).unwrap()
    }

    /// The next morning, until everything is done; answers the mails by whom they went to.
    fn morning(&self, server: &MailServer) -> BTreeMap<String, Taken> {
        self.fake.advance(Duration::days(1));
        assert_eq!(self.clockwork.once(&|| false).unwrap(), 1);
        assert_eq!(self.clockwork.once(&|| false).unwrap(), 0, "once a day");
        while self.worker.once().unwrap() {}
        let left = self.read(|tx| Ok((open_everywhere(tx, 9)?, failed_everywhere(tx, 9)?)));
        assert!(left.0.is_empty() && left.1.is_empty(), "{left:?}");
        let mut mails = BTreeMap::new();
        while let Some(mail) = server.next() {
            assert_eq!(mail.to.len(), 1);
            let to = mail.to[0].clone();
            assert!(mails.insert(to.clone(), mail).is_none(), "{to} got two mails");
        }
        mails
    }

    /// Gives the first open rows of the hospital's round to somebody.
    fn give(&self, rows: usize, figure: &Figure, due: Option<NaiveDate>) {
        let place: &Place = &self.world.hospital;
        let chief = place.scope(Role::SafetyManager).unwrap();
        let round =
            place.rounds.iter().find(|round| round.closed_at.is_none() && round.vendor.is_none()).unwrap().id;
        let app = &self.app;
        let view = self.read(|tx| round_view(tx, &chief, &app.catalog, round));
        let open = view.rows.iter().filter(|row| row.settled().is_none() && row.assignment.is_none());
        let placements: Vec<_> = open.take(rows).map(|row| row.placement.clone()).collect();
        assert_eq!(placements.len(), rows, "the demo has as many open rows");
        let input = AssignInput { placements, person: Some(figure.person), due };
        let given = app
            .db
            .write(|tx| assignment_set(tx, &app.nature, &chief, &app.catalog, round, &input))
            .map_err(|_| "refused")
            .unwrap();
        assert_eq!(given, rows);
    }

    fn session(&self, figure: &Figure, administrator: bool) -> Session {
        let now = self.app.nature.now();
        Session {
            id: SessionId(self.app.nature.id()),
            person: figure.person,
            person_name: figure.name.clone(),
            administrator,
            place: None,
            shared: None,
            created_at: now,
            seen_at: now,
            user_agent: String::new(),
            proved_at: Some(now),
            owes_factor: false,
        }
    }
}

#[test]
fn everybody_gets_one_mail_at_most_and_who_said_no_gets_none() {
    let Some(server) = MailServer::start(&[]) else { return };
    each_database(|db| {
        let house = house(db, server.port);
        // Whatever the demo's own dates make of the first mornings.
        let first = house.morning(&server);
        let staff: Vec<Figure> =
            house.world.hospital.people.iter().filter(|f| f.role == Role::Staff).cloned().collect();
        let (nurse, clerk) = (&staff[0], &staff[1]);
        house.give(2, nurse, None);
        house.give(1, clerk, None);
        let refuses = house.session(clerk, false);
        house.app.db.write(|tx| reminders_want(tx, &refuses, false)).unwrap();
        let mails = house.morning(&server);
        let mail = &mails[&nurse.email];
        assert!(mail.text.contains("新しく任された項目：2件"), "{}", mail.text);
        assert!(mail.text.contains("https://komainu.example.jp/account"), "{}", mail.text);
        assert!(!mails.contains_key(&clerk.email), "who said no");
        let titles: Vec<String> =
            house.app.catalog.items().iter().map(|item| item.title.get(Lang::Ja).to_owned()).collect();
        assert!(titles.len() > 10);
        for mail in first.values().chain(mails.values()) {
            let text = &mail.text;
            assert!(
                titles.iter().all(|title| !text.contains(title.as_str())),
                "a mail names an item: {text}"
            );
        }
        // What was given yesterday is no news on the day after.
        assert!(!house.morning(&server).get(&nurse.email).is_some_and(|mail| mail.text.contains("新しく")));
    });
}

#[test]
fn a_day_that_comes_near_is_mentioned_a_week_and_a_day_before() {
    let Some(server) = MailServer::start(&[]) else { return };
    each_database(|db| {
        let house = house(db, server.port);
        let nurse = house.world.hospital.people.iter().find(|f| f.role == Role::Staff).unwrap().clone();
        let due = house.app.nature.today() + Duration::days(9);
        house.give(1, &nurse, Some(due));
        let mentions: Vec<i64> = (1..=9)
            .filter(|_| {
                house
                    .morning(&server)
                    .get(&nurse.email)
                    .is_some_and(|mail| mail.text.contains("期限が7日以内"))
            })
            .map(|_| (due - house.app.nature.today()).num_days())
            .collect();
        assert!(mentions.contains(&7) && mentions.contains(&1) && mentions.contains(&0), "{mentions:?}");
    });
}

#[test]
fn somebody_in_two_institutions_gets_one_mail_about_both() {
    let Some(server) = MailServer::start(&[]) else { return };
    each_database(|db| {
        let house = house(db, server.port);
        let both = house
            .world
            .clinic
            .people
            .iter()
            .find(|figure| house.world.hospital.people.iter().any(|other| other.person == figure.person));
        let both = both.expect("the demo has somebody in two institutions").clone();
        house.give(1, &both, None);
        let mails = house.morning(&server);
        assert!(mails[&both.email].text.contains("新しく任された項目：1件"), "{}", mails[&both.email].text);
    });
}

#[test]
fn a_test_tells_what_the_server_says() {
    let Some(server) = MailServer::start(&[]) else { return };
    each_database(|db| {
        let house = house(db, server.port);
        let figure = house.world.hospital.people[0].clone();
        let (chief, nobody) = (house.session(&figure, true), house.session(&figure, false));
        let try_it = |session, to| mail_test(&house.app, session, Lang::Ja, to);
        assert!(
            matches!(try_it(&chief, "soumu@example.jp"), Ok(Tried::Taken(said)) if said.contains("taken"))
        );
        assert_eq!(server.mail().headers["subject"], "Komainu（狛犬）からの試しのメール");
        assert!(
            matches!(try_it(&chief, "refused@example.jp"), Ok(Tried::Refused(said)) if said.contains("no such mailbox"))
        );
        assert_eq!(try_it(&chief, "soumu").unwrap(), Tried::NoAddress);
        assert!(matches!(try_it(&nobody, "soumu@example.jp"), Err(Failure::NotFound)));
        assert!(house.read(|tx| Ok(open_everywhere(tx, 9)?)).is_empty(), "nothing of it waits anywhere");
    });
}
