//! An institution, and another program that is told.
#![allow(dead_code, clippy::unwrap_used)]

use komainu_access::{OrganisationId, PersonId, Role, Scope};
use komainu_catalog::Catalog;
use komainu_clock::{Fake, Nature};
use komainu_db::testing::each_database;
use komainu_db::{Db, DbError, Outside, Statement, Tx, params};
use komainu_files::{Files, Key};
use komainu_jobs::{Watch as _, Worker};
use komainu_notify::{Outbound, Roots};
use komainu_web::{App, Failure, Settings};
use komainu_webhook::WebhookId;
use komainu_webhook::jobs::{Follower, WebhookWork};
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver as Channel, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const OUTSIDE: Outside = Outside("a test");

/// A message as the other program got it.
pub struct Message {
    pub headers: BTreeMap<String, String>,
    pub body: String,
    pub json: serde_json::Value,
}

/// Another program on this computer.
pub struct Receiver {
    pub url: String,
    status: Arc<Mutex<&'static str>>,
    messages: Channel<Message>,
}

impl Receiver {
    pub fn start(status: &'static str) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let status = Arc::new(Mutex::new(status));
        let (told, messages) = channel();
        let answer = status.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let (mut text, mut part) = (Vec::new(), [0; 4096]);
                // The body is one JSON object, which the head cannot end like.
                while !text.ends_with(b"}}") {
                    match stream.read(&mut part) {
                        Ok(0) | Err(_) => break,
                        Ok(read) => text.extend_from_slice(&part[..read]),
                    }
                }
                let status = *answer.lock().unwrap();
                let _ =
                    stream.write_all(format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").as_bytes());
                let text = String::from_utf8(text).unwrap();
                let (head, body) = text.split_once("\r\n\r\n").unwrap();
                let headers = head.lines().skip(1).filter_map(|line| line.split_once(": "));
                let message = Message {
                    headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
                    body: body.to_owned(),
                    json: serde_json::from_str(body).unwrap(),
                };
                if told.send(message).is_err() {
                    return;
                }
            }
        });
        Receiver { url, status, messages }
    }

    /// From now on it answers this.
    pub fn answer(&self, status: &'static str) {
        *self.status.lock().unwrap() = status;
    }

    pub fn next(&self) -> Message {
        self.messages.recv_timeout(Duration::from_secs(10)).expect("a message arrives")
    }

    /// Takes a message away if there is one; true where there was none.
    pub fn is_empty(&self) -> bool {
        self.messages.recv_timeout(Duration::from_millis(50)).is_err()
    }
}

/// A program with one institution and its safety manager.
pub struct House {
    pub app: App,
    pub fake: Fake,
    pub chief: Scope,
    worker: Worker,
    _folder: tempfile::TempDir,
}

fn organisation(db: &Db, nature: &Nature) -> OrganisationId {
    let make = Statement {
        name: "ORGANISATION",
        sql: "INSERT INTO organisation (id, kind, name, name_kana, folded, created_at)
            VALUES ($1, 'institution', '医院', '', '', $2)",
    };
    let id = OrganisationId(nature.id());
    db.write(|tx| tx.run(&OUTSIDE, make, params![id, nature.now()]).map(drop))
        .map_err(|e: DbError| e)
        .unwrap();
    id
}

pub fn each_house(allowed: &[&str], test: impl Fn(House)) {
    each_database(|db| {
        let folder = tempfile::tempdir().unwrap();
        let (nature, fake) = Nature::fake("2026-11-23T00:00:00Z".parse().unwrap());
        let key = Key::open(&folder.path().join("key"), &nature).unwrap();
        let files = Files::open(&folder.path().join("files"), key).unwrap();
        let allowed = allowed.iter().map(|network| network.parse().unwrap()).collect();
        let settings = Settings {
            public_url: "http://localhost".into(),
            outbound: Some(Outbound::new(allowed, &Roots::default())),
            ..Settings::default()
        };
        let home = organisation(&db, &nature);
        let chief = Scope::new(PersonId(nature.id()), "院長", home, Role::SafetyManager);
        let app = App::new(db, nature, Arc::new(Catalog::embedded().unwrap()), files, settings);
        let worker =
            Worker::new(app.db.clone(), app.nature.clone(), vec![Box::new(WebhookWork(app.clone()))]);
        test(House { app, fake, chief, worker, _folder: folder });
    });
}

impl House {
    pub fn write<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.app.db.write(work)
    }

    #[track_caller]
    pub fn read<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, Failure>) -> T {
        self.app.db.read(work).unwrap()
    }

    /// Reads on in the log and delivers, until there is nothing left to do now.
    pub fn work(&self) {
        while Follower(self.app.clone()).look().unwrap() {}
        while self.worker.once().unwrap() {}
    }

    /// The safety manager of another institution.
    pub fn elsewhere(&self) -> Scope {
        let other = organisation(&self.app.db, &self.app.nature);
        Scope::new(PersonId(self.app.nature.id()), "よその人", other, Role::SafetyManager)
    }

    fn entries(&self) -> Vec<komainu_audit::Entry> {
        let page = komainu_audit::Page { limit: 100, ..komainu_audit::Page::default() };
        self.app
            .db
            .read(|tx| komainu_audit::entries(tx, &self.chief, &page))
            .map_err(|error: DbError| error)
            .unwrap()
    }

    pub fn log(&self) -> Vec<(String, String)> {
        self.entries().into_iter().map(|entry| (entry.action, entry.person_name)).collect()
    }

    pub fn log_text(&self) -> String {
        format!("{:?}", self.entries())
    }

    pub fn sealed_secret(&self, id: WebhookId) -> Vec<u8> {
        let secret = Statement { name: "SECRET", sql: "SELECT secret FROM webhook WHERE id = $1" };
        self.app
            .db
            .read(|tx| tx.one(&OUTSIDE, secret, params![id], |row| row.get(0)))
            .map_err(|error: DbError| error)
            .unwrap()
    }
}
