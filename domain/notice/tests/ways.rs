//! Trying a way: what became of the message is told, to whoever runs the installation and to nobody else.
#![allow(clippy::unwrap_used)]

use komainu_access::{PersonId, Session, SessionId};
use komainu_catalog::Catalog;
use komainu_clock::Nature;
use komainu_db::Db;
use komainu_db::testing::each_database;
use komainu_files::{Files, Key};
use komainu_i18n::Lang;
use komainu_notice::actions::{WayTried, way_test};
use komainu_notify::testing::Recorder;
use komainu_notify::{Medium, NotSent, Providers};
use komainu_web::{App, Failure, Settings};
use std::sync::Arc;

const NUMBER: &str = "090-0000-1234";

struct House {
    app: App,
    _folder: tempfile::TempDir,
}

fn house(db: Db, providers: Providers) -> House {
    let folder = tempfile::tempdir().unwrap();
    let (nature, _) = Nature::fake("2026-11-23T03:00:00Z".parse().unwrap());
    let key = Key::open(&folder.path().join("key"), &nature).unwrap();
    let files = Files::open(&folder.path().join("files"), key).unwrap();
    let settings =
        Settings { public_url: "https://komainu.example.jp".to_owned(), providers, ..Settings::default() };
    let app = App::new(db, nature, Arc::new(Catalog::embedded().unwrap()), files, settings);
    House { app, _folder: folder }
}

impl House {
    fn session(&self, administrator: bool) -> Session {
        let now = self.app.nature.now();
        Session {
            id: SessionId(self.app.nature.id()),
            person: PersonId(self.app.nature.id()),
            person_name: "システム担当".to_owned(),
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

    fn try_it(&self, administrator: bool, medium: Medium, to: &str) -> Result<WayTried, Failure> {
        way_test(&self.app, &self.session(administrator), Lang::Ja, medium, to)
    }
}

#[test]
fn a_try_tells_what_became_of_the_message() {
    each_database(|db| {
        let gateway = Recorder::new(Medium::Sms);
        let house = house(db, Providers::default().with(gateway.clone()));
        assert_eq!(house.try_it(true, Medium::Sms, NUMBER).unwrap(), WayTried::Taken("taken".to_owned()));
        let handed = gateway.take();
        assert_eq!((handed.len(), handed[0].to.as_str()), (1, NUMBER));
        let note = &handed[0].note;
        assert!(note.title.contains("試し") && !note.urgent, "{}", note.title);
        assert_eq!(note.url, "https://komainu.example.jp");
        let why = "HTTP 503".to_owned();
        for (answer, expected) in [
            (NotSent::Unreachable(why.clone()), WayTried::Unreachable(why.clone())),
            (NotSent::Refused(why.clone()), WayTried::Refused(why.clone())),
            (NotSent::Unknown(why.clone()), WayTried::Unknown(why.clone())),
        ] {
            gateway.next(NUMBER, answer);
            assert_eq!(house.try_it(true, Medium::Sms, NUMBER).unwrap(), expected);
        }
        let keys: Vec<_> = gateway.take().iter().map(|handed| handed.note.key).collect();
        assert!(keys[0] != keys[1] && keys[1] != keys[2], "each try is a message of its own");
    });
}

#[test]
fn nothing_goes_to_what_is_no_address_by_a_way_that_is_off_or_for_anybody_else() {
    each_database(|db| {
        let gateway = Recorder::new(Medium::Sms);
        let house = house(db, Providers::default().with(gateway.clone()));
        assert_eq!(house.try_it(true, Medium::Sms, "soumu@example.jp").unwrap(), WayTried::NoAddress);
        assert!(matches!(house.try_it(false, Medium::Sms, NUMBER), Err(Failure::NotFound)));
        assert!(matches!(house.try_it(true, Medium::Mail, "soumu@example.jp"), Err(Failure::NotFound)));
        assert!(gateway.handed().is_empty());
    });
}
