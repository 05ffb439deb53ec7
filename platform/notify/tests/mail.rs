//! Mails through a real server: they arrive once, wait when they must, and tell when they cannot.
#![allow(clippy::unwrap_used)]

use chrono::Duration;
use komainu_access::{OrganisationId, PersonId, Role, Scope};
use komainu_clock::{Fake, Nature};
use komainu_db::testing::each_database;
use komainu_db::uuid::Uuid;
use komainu_db::{Db, DbError, Outside, Statement, params};
use komainu_jobs::{Job, State, Worker, recent, retry};
use komainu_notify::testing::MailServer;
use komainu_notify::{MAIL, Mail, MailError, MailQueue, MailSettings, Roots, Security, Sender};
use komainu_seal::Key;
use zeroize::Zeroizing;

const LINK: &str = "https://komainu.example.jp/invitation/s3cret";

fn scope() -> Scope {
    Scope::new(PersonId(Uuid::from_u128(1)), "事務長", OrganisationId(Uuid::from_u128(2)), Role::Director)
}

fn settings(port: u16) -> MailSettings {
    MailSettings {
        server: "127.0.0.1".to_owned(),
        port,
        security: Security::None,
        credentials: None,
        from: "狛犬 <komainu@example.jp>".to_owned(),
        roots: Roots::default(),
    }
}

fn mail(to: &str) -> Mail {
    let text = format!("事務長 さん\n\n{LINK}\n.\n長い一行{}\n", "あ".repeat(600));
    Mail::new(to, "見本病院 への招待\r\nBcc: thief@example.com", &text).unwrap()
}

/// A database with an institution, a queue to a port, and whoever empties it.
struct House {
    db: Db,
    nature: Nature,
    fake: Fake,
    queue: MailQueue,
    worker: Worker,
    _folder: tempfile::TempDir,
}

fn house(db: Db, port: u16) -> House {
    let folder = tempfile::tempdir().unwrap();
    let (nature, fake) = Nature::fake("2026-11-23T00:00:00Z".parse().unwrap());
    let key = Key::open(&folder.path().join("key"), &nature).unwrap();
    let make = Statement {
        name: "MAKE",
        sql: "INSERT INTO organisation (id, kind, name, name_kana, folded, created_at) VALUES ($1, 'institution', '', '', '', $2)",
    };
    db.write(|tx| tx.run(&Outside("a test"), make, params![Uuid::from_u128(2), nature.now()]).map(drop))
        .map_err(|error: DbError| error)
        .unwrap();
    let queue = MailQueue::new(Sender::new(&settings(port)).unwrap(), &key);
    let worker = Worker::new(db.clone(), nature.clone(), vec![Box::new(queue.work(&nature))]);
    House { db, nature, fake, queue, worker, _folder: folder }
}

impl House {
    fn post(&self, to: &str, key: &str) {
        self.db
            .write(|tx| self.queue.post(tx, &self.nature, &scope(), &mail(to), key))
            .map_err(|error: DbError| error)
            .unwrap();
    }

    fn work(&self) {
        while self.worker.once().unwrap() {}
    }

    fn job(&self) -> Job {
        let jobs = self.db.read(|tx| recent(tx, &scope(), MAIL, 9)).map_err(|error: DbError| error).unwrap();
        jobs.into_iter().next().unwrap()
    }
}

#[test]
fn a_mail_waits_sealed_arrives_as_it_was_written_and_is_forgotten() {
    let Some(server) = MailServer::start(&[]) else { return };
    each_database(|db| {
        let house = house(db, server.port);
        house.post("soumu@example.jp", "");
        let waiting = house.job().payload;
        assert!(
            !waiting.is_empty() && !waiting.contains("soumu") && !waiting.contains("s3cret"),
            "{waiting}"
        );
        house.work();
        let mail = server.mail();
        assert_eq!(
            (mail.from.as_str(), mail.to.as_slice()),
            ("komainu@example.jp", &["soumu@example.jp".to_owned()][..])
        );
        assert_eq!(mail.headers["subject"], "見本病院 への招待 Bcc: thief@example.com");
        assert_eq!(mail.headers["from"], "狛犬 <komainu@example.jp>");
        assert_eq!(mail.headers["auto-submitted"], "auto-generated");
        assert_eq!(mail.headers["message-id"], format!("<{}@example.jp>", house.job().id));
        assert!(!mail.headers.contains_key("bcc"), "{:?}", mail.headers);
        assert!(
            mail.text.replace("\r\n", "\n").contains(&format!("\n\n{LINK}\n.\n長い一行")),
            "{}",
            mail.text
        );
        let job = house.job();
        assert_eq!((job.state, job.payload.as_str()), (State::Done, ""));
        assert!(job.result.contains("taken"), "{}", job.result);
        assert!(server.is_empty(), "one mail is one mail");
    });
}

#[test]
fn a_key_makes_one_mail_of_two_and_a_rolled_back_change_none() {
    let Some(server) = MailServer::start(&[]) else { return };
    each_database(|db| {
        let house = house(db, server.port);
        house.post("soumu@example.jp", "reminder/2026-11-23");
        house.post("soumu@example.jp", "reminder/2026-11-23");
        let undone: Result<(), DbError> = house.db.write(|tx| {
            house.queue.post(tx, &house.nature, &scope(), &mail("undone@example.jp"), "")?;
            Err(DbError::Other("the change failed".to_owned()))
        });
        assert!(undone.is_err());
        house.work();
        assert_eq!(server.mail().to, ["soumu@example.jp"]);
        assert!(server.is_empty());
    });
}

#[test]
fn what_cannot_be_sent_now_is_sent_later() {
    each_database(|db| {
        // A server of its own, as the next database draws the same numbers and it would know the address.
        let Some(server) = MailServer::start(&[]) else { return };
        let house = house(db, server.port);
        // A server that wants to see whether we come back.
        let grey = format!("grey@{}.example.jp", house.nature.id());
        house.post(&grey, "");
        house.work();
        assert!(server.is_empty());
        let job = house.job();
        assert_eq!(job.state, State::Waiting);
        assert!(job.result.contains("451") && job.result.contains("come again"), "{}", job.result);
        house.fake.advance(job.run_at - house.nature.now());
        house.work();
        assert_eq!(server.mail().to, [grey]);
        assert_eq!(house.job().state, State::Done);
    });
}

#[test]
fn a_server_that_is_away_loses_nothing() {
    each_database(|db| {
        let Some(server) = MailServer::start(&[]) else { return };
        let port = server.port;
        drop(server);
        let house = house(db, port);
        house.post("soumu@example.jp", "");
        house.work();
        let job = house.job();
        assert_eq!((job.state, job.tries), (State::Waiting, 1), "{}", job.result);
        house.fake.advance(job.run_at - house.nature.now());
        let back = MailServer::start(&["--port", &port.to_string()]).unwrap();
        house.work();
        assert_eq!(back.mail().to, ["soumu@example.jp"]);
    });
}

#[test]
fn what_is_refused_fails_at_once_with_the_servers_words_and_can_be_tried_again() {
    let Some(server) = MailServer::start(&[]) else { return };
    each_database(|db| {
        let house = house(db, server.port);
        house.post("refused@example.jp", "");
        house.work();
        let job = house.job();
        assert_eq!((job.state, job.tries), (State::Failed, 1));
        assert!(job.result.contains("550") && job.result.contains("no such mailbox"), "{}", job.result);
        assert!(house.db.write(|tx| retry(tx, &house.nature, &scope(), job.id)).unwrap());
        house.work();
        assert_eq!((house.job().state, house.job().attempts), (State::Failed, 2));
        // An address that nobody repairs is given up in the end, even if the server is only away.
        house.fake.advance(Duration::days(1));
        house.work();
        assert!(server.is_empty());
    });
}

/// A certificate for the loopback interface, with its files.
fn certificate(folder: &std::path::Path, name: &str) -> [String; 2] {
    let own = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let [certificate, key] = ["pem", "key"].map(|end| folder.join(format!("{name}.{end}")));
    std::fs::write(&certificate, own.cert.pem()).unwrap();
    std::fs::write(&key, own.signing_key.serialize_pem()).unwrap();
    [certificate, key].map(|path| path.to_str().unwrap().to_owned())
}

#[test]
fn passwords_and_mails_travel_encrypted_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let [certificate_path, key] = certificate(folder.path(), "own");
    let [other, _] = certificate(folder.path(), "other");
    let keys = ["--certificate", &certificate_path, "--key", &key, "--login", "komainu:s3cret"];
    let send = |settings: &MailSettings| {
        let nature = Nature::real();
        Sender::new(settings).unwrap().send(&mail("soumu@example.jp"), nature.id(), nature.now())
    };
    for (security, option) in [(Security::Starttls, None), (Security::Tls, Some("--tls"))] {
        let options: Vec<&str> = keys.into_iter().chain(option).collect();
        let Some(server) = MailServer::start(&options) else { return };
        let login = |password: &str| Some(("komainu".to_owned(), Zeroizing::new(password.to_owned())));
        let good = MailSettings {
            security,
            credentials: login("s3cret"),
            roots: Roots::with_file(certificate_path.as_ref()).unwrap(),
            ..settings(server.port)
        };
        send(&good).unwrap();
        let taken = server.mail();
        assert_eq!((taken.tls, taken.user.as_deref()), (true, Some("komainu")), "{security:?}");
        let stranger = MailSettings { roots: Roots::with_file(other.as_ref()).unwrap(), ..good.clone() };
        assert!(matches!(send(&stranger), Err(MailError::Later(_))), "an unknown authority");
        let wrong = MailSettings { credentials: login("wrong"), ..good };
        // The password says nothing about this mail: it waits until somebody puts it right.
        assert!(matches!(send(&wrong), Err(MailError::Later(_))), "{:?}", send(&wrong));
        assert!(server.is_empty());
    }
    let Some(plain) = MailServer::start(&[]) else { return };
    let demanding = MailSettings { security: Security::Starttls, ..settings(plain.port) };
    assert!(send(&demanding).is_err(), "nothing is sent to a server that cannot encrypt");
    assert!(plain.is_empty());
}

#[test]
fn wrong_settings_are_told() {
    let from = MailSettings { from: "komainu".to_owned(), ..settings(25) };
    assert!(Sender::new(&from).err().unwrap().contains("komainu@example.jp"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("authorities.pem");
    assert!(Roots::with_file(&path).unwrap_err().to_string().contains("authorities.pem"));
    std::fs::write(&path, "no certificate\n").unwrap();
    assert!(Roots::with_file(&path).is_err());
}
