//! Messages to browsers that asked for them (web push).
//!
//! The browser's maker runs the push service, which carries a message to the browser (RFC 8030) and cannot read it
//! ([`sealed`], RFC 8291). We are known to it by a key of the installation's own ([`PushKey`], RFC 8292).

mod sealed;
mod vapid;

pub use vapid::{PushFault, PushKey};

use crate::asked::{Entry, PATIENCE, ask, said};
use crate::outbound::Call;
use crate::provider::cut;
use crate::{Medium, NotSent, Note, Outbound, Provider, allowed_url};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use hyper::Method;
use komainu_clock::Nature;
use p256::SecretKey;
use serde::Deserialize;
use serde_json::json;
use std::str::FromStr;
use thiserror::Error;
use url::Url;

/// How long a push service keeps a message for a browser that is away, in seconds: four hours. Later, somebody else has been
/// reached or the page says more.
const KEPT: &str = "14400";
/// Longest title, in characters.
const TITLE: usize = 100;
/// Longest text, in characters, where its bytes are few enough.
const TEXT: usize = 800;

/// Longest of what a browser gives, in bytes.
const LONGEST: usize = 2_000;

/// The text is not what a browser gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not what a browser gives to be told")]
pub struct NotAPushAddress;

/// What a browser gave to be told: the push service's address and its keys, as `JSON.stringify(subscription)` writes them.
#[derive(Clone, PartialEq, Eq)]
pub struct PushAddress {
    /// Where the push service takes messages for it.
    pub(crate) endpoint: Url,
    /// The browser's public key, an uncompressed point of P-256.
    pub(crate) key: [u8; 65],
    /// What only the browser and we know.
    pub(crate) secret: [u8; 16],
}

#[derive(Deserialize)]
struct Subscription {
    endpoint: String,
    keys: Keys,
}

#[derive(Deserialize)]
struct Keys {
    p256dh: String,
    auth: String,
}

impl FromStr for PushAddress {
    type Err = NotAPushAddress;

    fn from_str(text: &str) -> Result<Self, NotAPushAddress> {
        if text.len() > LONGEST {
            return Err(NotAPushAddress);
        }
        let given: Subscription = serde_json::from_str(text).map_err(|_| NotAPushAddress)?;
        Ok(PushAddress {
            endpoint: allowed_url(&given.endpoint).map_err(|_| NotAPushAddress)?,
            key: bytes(&given.keys.p256dh)?,
            secret: bytes(&given.keys.auth)?,
        })
    }
}

/// So many bytes in base64url, with or without the signs that fill it up.
fn bytes<const N: usize>(text: &str) -> Result<[u8; N], NotAPushAddress> {
    let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| NotAPushAddress)?;
    bytes.try_into().map_err(|_| NotAPushAddress)
}

/// Whoever holds it can have messages sent to the browser: not for the log.
impl std::fmt::Debug for PushAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PushAddress")
    }
}

/// Hands messages to the push services of browsers. They are out in the internet; whose address leads into the house is not
/// asked, unless the settings allow it.
#[derive(Clone)]
pub struct PushWay {
    key: PushKey,
    out: Outbound,
    nature: Nature,
}

impl PushWay {
    /// The way to what `out` reaches, known there by a key.
    pub fn new(key: &PushKey, out: &Outbound, nature: &Nature) -> PushWay {
        PushWay { key: key.clone(), out: out.clone(), nature: nature.clone() }
    }

    /// A key for one message.
    fn fresh(&self) -> SecretKey {
        loop {
            // One number in four thousand millions is none of the curve's.
            if let Ok(key) = SecretKey::from_slice(&self.nature.bytes::<32>()) {
                return key;
            }
        }
    }
}

impl Provider for PushWay {
    fn medium(&self) -> Medium {
        Medium::Push
    }

    fn send(&self, to: &str, note: &Note, at: DateTime<Utc>) -> Result<String, NotSent> {
        let address: PushAddress =
            to.parse().map_err(|error: NotAPushAddress| NotSent::Refused(error.to_string()))?;
        let body = sealed::sealed(&address, &payload(note), &self.fresh(), self.nature.bytes())
            .ok_or_else(|| NotSent::Refused(NotAPushAddress.to_string()))?;
        let authorization = self.key.authorization(&address.endpoint, at);
        // The same message takes its own place where it still waits.
        let topic = note.key.simple().to_string();
        let headers = [
            ("authorization", authorization.as_str()),
            ("content-encoding", "aes128gcm"),
            ("content-type", "application/octet-stream"),
            ("ttl", KEPT),
            ("urgency", if note.urgent { "high" } else { "normal" }),
            ("topic", topic.as_str()),
        ];
        let (method, url) = (Method::POST, &address.endpoint);
        let call = Call { method, url, headers: &headers, body, reads: 0, patience: PATIENCE };
        ask(&self.out, call, Entry::Lent).map(|answer| said(answer.status))
    }
}

/// What the browser's worker reads. The text gives way until it fits into what every push service takes.
fn payload(note: &Note) -> Vec<u8> {
    let title = cut(note.title.trim(), TITLE);
    let mut most = TEXT;
    loop {
        let text = cut(note.text.trim(), most);
        let payload = json!({
            "title": title,
            "text": text,
            "url": note.url,
            "urgent": note.urgent,
            "key": note.key.to_string(),
        });
        let payload = payload.to_string().into_bytes();
        if payload.len() <= sealed::LONGEST || most == 0 {
            return payload;
        }
        most /= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use komainu_db::uuid::Uuid;

    #[test]
    fn a_payload_fits_and_keeps_title_and_address() {
        let mut note = Note {
            title: "題".repeat(300),
            text: "文".repeat(3_000),
            url: "https://komainu.example.jp/l/ack/abc".to_owned(),
            urgent: true,
            key: Uuid::from_u128(7),
        };
        let read = |note: &Note| -> serde_json::Value {
            let payload = payload(note);
            assert!(payload.len() <= sealed::LONGEST, "{}", payload.len());
            serde_json::from_slice(&payload).unwrap()
        };
        let shown = read(&note);
        assert_eq!(shown["url"], note.url.as_str());
        assert_eq!(shown["title"].as_str().unwrap().chars().count(), TITLE);
        assert_eq!(shown["text"].as_str().unwrap().chars().count(), TEXT);
        // Signs that JSON writes with six.
        note.text = "\u{1}".repeat(3_000);
        assert_eq!(read(&note)["url"], note.url.as_str());
    }

    #[test]
    fn what_a_browser_gives_is_read_whole_or_not_at_all() {
        let key = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
        let given = |endpoint: &str, key: &str, auth: &str| {
            json!({ "endpoint": endpoint, "expirationTime": null, "keys": { "p256dh": key, "auth": auth } })
                .to_string()
                .parse::<PushAddress>()
        };
        let (endpoint, auth) = ("https://push.example.net/send/abc", "BTBZMqHH6r4Tts7J_aSIgg");
        assert!(given(endpoint, key, auth).is_ok());
        assert!(given(endpoint, &format!("{key}="), &format!("{auth}==")).is_ok());
        for (endpoint, key, auth) in [
            ("http://push.example.net/send/abc", key, auth),
            (endpoint, &key[..80], auth),
            (endpoint, key, "BTBZMqHH6r4"),
            (endpoint, "", ""),
        ] {
            assert_eq!(given(endpoint, key, auth), Err(NotAPushAddress));
        }
        assert_eq!("{}".parse::<PushAddress>(), Err(NotAPushAddress));
        let shown = format!("{:?}", given(endpoint, key, auth).unwrap());
        assert_eq!(shown, "PushAddress", "whoever holds it can send to it");
    }
}
