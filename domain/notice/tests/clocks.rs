//! Reminders of the clocks of an incident: each once, through restarts and while the mail server is away.
#![allow(clippy::unwrap_used)]

#[path = "../../institution/tests/common/mod.rs"]
mod common;
mod mail;

use chrono::{Duration, NaiveDate};
use common::House;
use komainu_catalog::Catalog;
use komainu_db::Db;
use komainu_db::testing::each_database;
use komainu_files::{Files, Key};
use komainu_incident::actions::{Declare, DutyNote, declare, duty_note, incident_see, sheet_save};
use komainu_incident::{Detail, Fields, IncidentId, Level, Sheet};
use komainu_jobs::routine::{Clockwork, Routine};
use komainu_jobs::{Worker, failed_everywhere};
use komainu_notice::jobs::ClockReminders;
use komainu_notify::testing::{MailServer, Taken};
use komainu_web::{App, Settings};
use mail::mail_queue;
use std::sync::{Arc, LazyLock};

static CATALOG: LazyLock<Arc<Catalog>> = LazyLock::new(|| Arc::new(Catalog::embedded().unwrap()));

/// A port on which no mail server listens.
const NOWHERE: u16 = 1;

/// The program as it runs.
struct Program {
    app: App,
    worker: Worker,
    clockwork: Clockwork,
}

struct Site {
    house: House,
    folder: tempfile::TempDir,
}

impl Site {
    fn new(db: Db) -> Site {
        Site { house: House::new(db), folder: tempfile::tempdir().unwrap() }
    }

    /// Starts the program, again where it ran before.
    fn start(&self, port: u16) -> Program {
        let nature = &self.house.nature;
        let key = Key::open(&self.folder.path().join("key"), nature).unwrap();
        let files = Files::open(&self.folder.path().join("files"), key).unwrap();
        let queue = mail_queue(port, &files);
        let settings = Settings {
            public_url: "https://komainu.example.jp".to_owned(),
            mail: Some(queue.clone()),
            ..Settings::default()
        };
        let app = App::new(self.house.db.clone(), nature.clone(), Arc::clone(&CATALOG), files, settings);
        let works: Vec<Box<dyn komainu_jobs::Work>> = vec![Box::new(queue.work(nature))];
        let worker = Worker::new(app.db.clone(), nature.clone(), works);
        let clocks: Box<dyn Routine> = Box::new(ClockReminders(app.clone()));
        let clockwork = Clockwork::new(app.db.clone(), nature.clone(), vec![clocks]);
        clockwork.once(&|| false).unwrap();
        Program { app, worker, clockwork }
    }

    /// An incident of today about which the commission and others are told.
    fn declared(&self, program: &Program) -> IncidentId {
        let (house, director) = (&self.house, &self.house.director);
        let wish = Declare {
            kind: "ransomware".to_owned(),
            level: Level::Serious,
            drill: false,
            near_miss: None,
            detail: Detail { title: "電子カルテが開かない".to_owned(), ..Detail::default() },
            first_knew_at: house.nature.now(),
        };
        let id = house.write(|tx| declare(tx, &house.nature, director, &program.app.catalog, &wish)).unwrap();
        let answers = Fields::from([("wrongful".to_owned(), "yes".to_owned())]);
        let sheet = (id, Sheet::Duties, 0);
        house
            .write(|tx| sheet_save(tx, &house.nature, director, sheet, &answers))
            .map_err(|refused| format!("{refused:?}"))
            .unwrap();
        id
    }

    fn today(&self) -> NaiveDate {
        self.house.nature.today()
    }
}

impl Program {
    /// Looks at the clocks now and sends what came of it; answers the mails.
    fn look(&self, server: &MailServer) -> Vec<Taken> {
        self.clockwork.once(&|| false).unwrap();
        let mut mails = Vec::new();
        while self.worker.once().unwrap() {
            mails.push(server.mail());
        }
        mails
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn each_stage_of_each_clock_is_told_once() {
    let Some(server) = MailServer::start(&[]) else { return };
    each_database(|db| {
        let site = Site::new(db);
        let (house, director) = (&site.house, &site.house.director);
        // Monday, 23 November 2026, ten in the morning in Japan.
        let mut program = site.start(server.port);
        let id = site.declared(&program);
        house.fake.advance(Duration::hours(20));
        assert!(program.look(&server).is_empty(), "people sleep at six");
        house.fake.advance(Duration::hours(1));
        let mut told = Vec::new();
        while site.today() < day("2027-01-24") {
            let mails = program.look(&server);
            for mail in &mails {
                assert_eq!(mail.to, [format!("{}@example.jp", director.person())]);
                assert!(mail.text.contains(&format!("https://komainu.example.jp/incidents/{id}/duties")));
                assert!(mail.text.contains("未確認"), "{}", mail.text);
                assert!(!mail.text.contains("電子カルテ") && !mail.headers["subject"].contains("電子カルテ"));
                let preliminary = mail.text.contains("個人情報保護委員会（速報）");
                told.push((site.today().to_string(), preliminary));
            }
            let mut until_tomorrow = 24;
            if !mails.is_empty() {
                // Again on the same day, by a program that was killed and started anew: nothing more.
                program = site.start(server.port);
                house.fake.advance(Duration::hours(1));
                until_tomorrow -= 1;
                assert!(program.look(&server).is_empty());
            }
            house.fake.advance(Duration::hours(until_tomorrow));
            if site.today() == day("2026-12-01") {
                // The commission has the first report now.
                let note = DutyNote { done_at: Some(house.nature.now()), ..DutyNote::default() };
                let which = (id, "ppc-preliminary", 0);
                let catalog = &program.app.catalog;
                house
                    .write(|tx| duty_note(tx, &house.nature, director, catalog, which, &note))
                    .map_err(|refused| format!("{refused:?}"))
                    .unwrap();
            }
        }
        let expected = [
            ("2026-11-24", true),
            ("2026-11-25", true),
            ("2026-11-27", true),
            ("2026-11-28", true),
            // Sixty days after the first; it presses two weeks before.
            ("2027-01-07", false),
            ("2027-01-21", false),
            ("2027-01-22", false),
        ];
        assert_eq!(told, expected.map(|(day, preliminary)| (day.to_owned(), preliminary)));
        let case = house.read(|tx| incident_see(tx, director, id)).unwrap();
        assert_eq!(case.reminded.len(), expected.len(), "and each stands with the incident");
    });
    assert!(server.is_empty());
}

#[test]
fn a_reminder_waits_for_a_mail_server_that_is_away() {
    let Some(server) = MailServer::start(&[]) else { return };
    each_database(|db| {
        let site = Site::new(db);
        let program = site.start(NOWHERE);
        site.declared(&program);
        site.house.fake.advance(Duration::hours(21));
        assert_eq!(program.clockwork.once(&|| false).unwrap(), 1);
        assert!(program.worker.once().unwrap(), "it is tried");
        assert!(!program.worker.once().unwrap(), "and waits");
        // Killed, and started where the server is back.
        drop(program);
        let program = site.start(server.port);
        site.house.fake.advance(Duration::hours(1));
        assert_eq!(program.look(&server).len(), 1);
        site.house.fake.advance(Duration::hours(1));
        assert!(program.look(&server).is_empty());
    });
    assert!(server.is_empty());
}

#[test]
fn what_still_presses_is_told_anew_once_a_mail_was_given_up() {
    let Some(server) = MailServer::start(&[]) else { return };
    each_database(|db| {
        let site = Site::new(db);
        let program = site.start(NOWHERE);
        site.declared(&program);
        // Seven in the morning of the day after the last one; then a day and a night without the house's mail server.
        site.house.fake.advance(Duration::hours(21 + 4 * 24));
        for _ in 0..24 {
            program.clockwork.once(&|| false).unwrap();
            while program.worker.once().unwrap() {}
            site.house.fake.advance(Duration::hours(1));
        }
        let failed = |program: &Program| program.app.db.read(|tx| failed_everywhere(tx, 9)).unwrap().len();
        assert_eq!(failed(&program), 1, "one mail, and it was given up");
        drop(program);
        let program = site.start(server.port);
        site.house.fake.advance(Duration::hours(8));
        let mails = program.look(&server);
        assert_eq!(mails.len(), 1);
        assert!(mails[0].text.contains("個人情報保護委員会（速報）"), "{}", mails[0].text);
        for _ in 0..3 {
            site.house.fake.advance(Duration::hours(16));
            assert!(program.look(&server).is_empty(), "once");
        }
        assert_eq!(failed(&program), 1);
    });
    assert!(server.is_empty());
}
