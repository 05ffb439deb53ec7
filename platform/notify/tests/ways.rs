//! Short messages against real servers on this computer: what arrives, and what is told of what did not.
#![allow(clippy::unwrap_used)]

use aes_gcm::aead::{Aead as _, KeyInit as _};
use aes_gcm::{Aes128Gcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use hkdf::Hkdf;
use komainu_clock::Nature;
use komainu_db::uuid::Uuid;
use komainu_notify::testing::MailServer;
use komainu_notify::{
    ChatWay, IpNet, MailSettings, MailWay, Medium, NotSent, Note, Numbers, Outbound, Provider, Providers,
    PushKey, PushWay, Roots, Security, Sender, SmsForm, SmsMethod, SmsWay,
};
use p256::{PublicKey, SecretKey};
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const URL: &str = "https://komainu.example.jp/l/ack/s3cret";
const NUMBER: &str = "090-0000-1234";

/// A request as a server got it.
struct Asked {
    line: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

/// A server on this computer.
struct Server {
    port: u16,
    asked: Receiver<Asked>,
}

impl Server {
    /// One that answers everybody with this status and body; with an empty status it hangs up instead.
    fn start(status: &'static str, body: &'static str) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (told, asked) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some(request) = read(&mut stream) else { continue };
                if !status.is_empty() {
                    let length = body.len();
                    let head =
                        format!("HTTP/1.1 {status}\r\nlocation: /\r\ncontent-length: {length}\r\n\r\n");
                    let _ = stream.write_all((head + body).as_bytes());
                }
                if told.send(request).is_err() {
                    return;
                }
            }
        });
        Server { port, asked }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn asked(&self) -> Asked {
        self.asked.recv_timeout(Duration::from_secs(5)).expect("somebody asked")
    }

    fn is_unasked(&self) -> bool {
        self.asked.recv_timeout(Duration::from_millis(100)).is_err()
    }
}

fn read(stream: &mut TcpStream) -> Option<Asked> {
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    let (mut bytes, mut part) = (Vec::new(), [0; 4096]);
    loop {
        let count = stream.read(&mut part).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&part[..count]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
        let mut lines = head.split("\r\n");
        let line = lines.next()?.to_owned();
        let headers: BTreeMap<String, String> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
        if bytes.len() >= end + 4 + length {
            return Some(Asked { line, headers, body: bytes[end + 4..].to_vec() });
        }
    }
}

fn note() -> Note {
    Note {
        title: "訓練：返事をください".to_owned(),
        text: "\"電子カルテ\"が\\動きません & <至急>".to_owned(),
        url: URL.to_owned(),
        urgent: true,
        key: Uuid::from_u128(7),
    }
}

fn now() -> DateTime<Utc> {
    "2026-11-23T00:00:00Z".parse().unwrap()
}

fn here() -> Vec<IpNet> {
    vec!["127.0.0.0/8".parse().unwrap()]
}

/// An address on this computer at which nobody listens.
fn nobody() -> String {
    format!("http://127.0.0.1:{}/", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port())
}

fn form(url: String) -> SmsForm {
    SmsForm {
        url,
        method: SmsMethod::Post,
        content_type: "application/json".to_owned(),
        body: r#"{"to":"{to}","text":"{text}","id":"{key}"}"#.to_owned(),
        accepted: None,
        numbers: Numbers::International,
        longest: 200,
    }
}

fn sms(form: &SmsForm, headers: &str) -> SmsWay {
    SmsWay::new(form, headers, &Roots::default()).unwrap()
}

#[test]
fn a_gateway_is_asked_as_it_was_described() {
    let server = Server::start("200 OK", "{\"status\":\"ok\"}");
    let way = sms(&form(server.url("/send?a=b")), "Authorization: Bearer s3cret\nX-Account: 1\n");
    assert_eq!(way.send(NUMBER, &note(), now()), Ok("HTTP 200".to_owned()));
    let asked = server.asked();
    assert_eq!(asked.line, "POST /send?a=b HTTP/1.1");
    assert_eq!(asked.headers["authorization"], "Bearer s3cret");
    assert_eq!(asked.headers["x-account"], "1");
    assert_eq!(asked.headers["content-type"], "application/json");
    let body: Value = serde_json::from_slice(&asked.body).unwrap();
    assert_eq!(body["to"], "+819000001234");
    assert_eq!(body["id"], note().key.to_string());
    assert_eq!(body["text"], format!("{}\n{}\n{URL}", note().title, note().text));

    let get = SmsForm {
        url: server.url("/send?to={to}&text={text}"),
        method: SmsMethod::Get,
        body: String::new(),
        numbers: Numbers::National,
        ..form(String::new())
    };
    assert!(sms(&get, "").send(NUMBER, &note(), now()).is_ok());
    let asked = server.asked();
    assert!(asked.line.starts_with("GET /send?to=09000001234&text=%E8%A8%93"), "{}", asked.line);
    assert!(asked.line.contains("%26%20%3C") && asked.line.contains("%2Fl%2Fack%2Fs3cret"), "{}", asked.line);
    assert!(asked.body.is_empty() && !asked.headers.contains_key("content-type"));
}

#[test]
fn a_gateways_answer_tells_whether_another_way_is_safe() {
    let said = "{\"status\":\"error\",\"to\":\"+81 09000001234\"}";
    for (status, accepted, expected) in [
        ("202 Accepted", None, "taken"),
        ("200 OK", Some("\"status\":\"error\""), "taken"),
        ("200 OK", Some("\"status\":\"ok\""), "unreachable"),
        ("400 Bad Request", None, "refused"),
        ("401 Unauthorized", None, "unreachable"),
        ("302 Found", None, "unreachable"),
        ("429 Too Many Requests", None, "unreachable"),
        ("500 Internal Server Error", None, "unknown"),
        ("503 Service Unavailable", None, "unreachable"),
        ("", None, "unknown"),
    ] {
        let server = Server::start(status, said);
        let form = SmsForm { accepted: accepted.map(str::to_owned), ..form(server.url("/")) };
        let (became, why) = match sms(&form, "").send(NUMBER, &note(), now()) {
            Ok(said) => ("taken", said),
            Err(NotSent::Refused(why)) => ("refused", why),
            Err(NotSent::Gone(why)) => ("gone", why),
            Err(NotSent::Unreachable(why)) => ("unreachable", why),
            Err(NotSent::Unknown(why)) => ("unknown", why),
        };
        assert_eq!(became, expected, "{status} {accepted:?}: {why}");
        assert!(!why.contains("00001234"), "what is kept holds no number: {why}");
        if became != "taken" && !status.is_empty() {
            assert!(why.starts_with("HTTP ") && why.contains("error"), "{why}");
        }
        // Asked once, whatever was answered: nobody follows and nobody repeats.
        server.asked();
        assert!(server.is_unasked(), "{status}");
    }
    let away = sms(&form(nobody()), "").send(NUMBER, &note(), now());
    assert!(matches!(away, Err(NotSent::Unreachable(_))), "{away:?}");
    let unasked = Server::start("200 OK", "");
    let no_number = sms(&form(unasked.url("/")), "").send("soumu@example.jp", &note(), now());
    assert!(matches!(no_number, Err(NotSent::Refused(_))) && unasked.is_unasked(), "{no_number:?}");
}

/// A browser that asked to be told.
struct Browser {
    key: SecretKey,
    secret: [u8; 16],
}

impl Browser {
    fn address(&self, endpoint: &str) -> String {
        json!({
            "endpoint": endpoint,
            "keys": {
                "p256dh": URL_SAFE_NO_PAD.encode(self.key.public_key().to_sec1_bytes()),
                "auth": URL_SAFE_NO_PAD.encode(self.secret),
            },
        })
        .to_string()
    }

    /// What a push service brought, opened as a browser does it.
    fn opened(&self, body: &[u8]) -> Value {
        let (salt, rest) = body.split_at(16);
        assert_eq!(rest[..5], [0, 0, 16, 0, 65], "one record of 4096 and a key of 65 bytes");
        let (theirs, record) = rest[5..].split_at(65);
        let shared = self.key.diffie_hellman(&PublicKey::from_sec1_bytes(theirs).unwrap());
        let info = [&b"WebPush: info\0"[..], &self.key.public_key().to_sec1_bytes()[..], theirs].concat();
        let mut secret = [0u8; 32];
        Hkdf::<Sha256>::new(Some(&self.secret[..]), shared.raw_secret_bytes())
            .expand(&info, &mut secret)
            .unwrap();
        let keys = Hkdf::<Sha256>::new(Some(salt), &secret);
        let (mut key, mut nonce) = ([0u8; 16], [0u8; 12]);
        keys.expand(b"Content-Encoding: aes128gcm\0", &mut key).unwrap();
        keys.expand(b"Content-Encoding: nonce\0", &mut nonce).unwrap();
        let plain = Aes128Gcm::new((&key).into()).decrypt(&Nonce::from(nonce), record).unwrap();
        let (last, plain) = plain.split_last().unwrap();
        assert_eq!(*last, 2, "the last record");
        serde_json::from_slice(plain).unwrap()
    }
}

fn push(allowed: Vec<IpNet>) -> PushWay {
    let key = PushKey::new("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", "mailto:komainu@example.jp");
    PushWay::new(&key.unwrap(), &Outbound::new(allowed, &Roots::default()), &Nature::real())
}

#[test]
fn only_the_browser_reads_what_its_push_service_carries() {
    let server = Server::start("201 Created", "");
    let browser = Browser { key: SecretKey::from_slice(&[9; 32]).unwrap(), secret: [3; 16] };
    let address = browser.address(&server.url("/push/abc"));
    let way = push(here());
    let mut bodies = Vec::new();
    for _ in 0..2 {
        assert_eq!(way.send(&address, &note(), now()), Ok("HTTP 201".to_owned()));
        let asked = server.asked();
        assert_eq!(asked.line, "POST /push/abc HTTP/1.1");
        for (name, value) in [("ttl", "14400"), ("urgency", "high"), ("content-encoding", "aes128gcm")] {
            assert_eq!(asked.headers[name], value);
        }
        assert_eq!(asked.headers["topic"], note().key.simple().to_string());
        assert!(asked.headers["authorization"].starts_with("vapid t="), "{}", asked.headers["authorization"]);
        let shown = browser.opened(&asked.body);
        assert_eq!((&shown["title"], &shown["url"]), (&json!(note().title), &json!(URL)));
        assert_eq!(shown["urgent"], true);
        bodies.push(asked.body);
    }
    assert_ne!(bodies[0], bodies[1], "each message has a key and a salt of its own");
}

#[test]
fn a_browser_that_went_away_is_told_from_a_service_that_did() {
    let browser = Browser { key: SecretKey::from_slice(&[9; 32]).unwrap(), secret: [3; 16] };
    let sent = |endpoint: &str| push(here()).send(&browser.address(endpoint), &note(), now());
    for (status, expected) in [
        ("410 Gone", NotSent::Gone("HTTP 410".to_owned())),
        ("404 Not Found", NotSent::Gone("HTTP 404".to_owned())),
        ("403 Forbidden", NotSent::Refused("HTTP 403".to_owned())),
        ("429 Slow", NotSent::Unreachable("HTTP 429".to_owned())),
        ("503 No", NotSent::Unreachable("HTTP 503".to_owned())),
    ] {
        let server = Server::start(status, "");
        assert_eq!(sent(&server.url("/push")), Err(expected), "{status}");
    }
    assert!(matches!(sent(&nobody()), Err(NotSent::Unreachable(_))));
    // What a browser gives is a stranger's word: it leads nowhere inside.
    let inside = Server::start("201 Created", "");
    let became = push(Vec::new()).send(&browser.address(&inside.url("/")), &note(), now());
    assert!(matches!(became, Err(NotSent::Unreachable(_))) && inside.is_unasked(), "{became:?}");
    assert!(matches!(push(here()).send("{}", &note(), now()), Err(NotSent::Refused(_))));
}

#[test]
fn a_channel_gets_the_message_and_nobody_hears_its_address() {
    let server = Server::start("200 OK", "ok");
    let way = ChatWay::new(here(), &Roots::default());
    let channel = server.url("/hook/s3cret-channel");
    assert_eq!(way.send(&channel, &note(), now()), Ok("HTTP 200".to_owned()));
    let asked = server.asked();
    let body: Value = serde_json::from_slice(&asked.body).unwrap();
    let text = body["text"].as_str().unwrap();
    assert!(text.starts_with(&note().title) && text.ends_with(URL) && text.contains("＜至急＞"), "{text}");
    let gone = Server::start("404 Not Found", "no such s3cret-channel");
    let became = way.send(&gone.url("/hook/s3cret-channel"), &note(), now());
    assert_eq!(became, Err(NotSent::Refused("HTTP 404".to_owned())));
    let inside = ChatWay::new(Vec::new(), &Roots::default()).send(&channel, &note(), now());
    assert!(matches!(inside, Err(NotSent::Unreachable(_))) && server.is_unasked(), "{inside:?}");
}

fn mail(port: u16) -> MailWay {
    let sender = Sender::new(&MailSettings {
        server: "127.0.0.1".to_owned(),
        port,
        security: Security::None,
        credentials: None,
        from: "komainu@example.jp".to_owned(),
        roots: Roots::default(),
    });
    MailWay::new(&sender.unwrap())
}

#[test]
fn a_mail_goes_at_once_or_leaves_another_way() {
    let Some(server) = MailServer::start(&[]) else { return };
    let way = mail(server.port);
    let said = way.send("soumu@example.jp", &note(), now()).unwrap();
    assert!(said.contains("taken") && !said.contains("soumu"), "{said}");
    let taken = server.mail();
    assert_eq!(taken.headers["subject"], note().title);
    assert!(taken.text.contains(URL), "{}", taken.text);
    let refused = way.send("refused@example.jp", &note(), now());
    assert!(matches!(&refused, Err(NotSent::Refused(why)) if !why.contains("refused@")), "{refused:?}");
    let grey = way.send("grey@new.example.jp", &note(), now());
    assert!(matches!(grey, Err(NotSent::Unreachable(_))), "{grey:?}");
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let away = mail(nobody).send("soumu@example.jp", &note(), now());
    assert!(matches!(away, Err(NotSent::Unreachable(_))), "{away:?}");
    assert!(server.is_empty());
}

#[test]
fn providers_hold_one_way_a_medium() {
    let [first, second] = ["201 Created", "202 Accepted"].map(|status| Server::start(status, ""));
    let way = |server: &Server| Arc::new(sms(&form(server.url("/")), ""));
    let all = Providers::default().with(way(&first)).with(way(&second)).with_push_key("key");
    assert!(all.has(Medium::Sms) && !all.has(Medium::Push));
    assert_eq!(all.push_key(), Some("key"));
    let said = all.get(Medium::Sms).unwrap().send(NUMBER, &note(), now());
    assert_eq!(said, Ok("HTTP 202".to_owned()), "the later one");
    assert!(first.is_unasked());
}
