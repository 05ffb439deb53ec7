//! Short messages into a channel of a chat service, by its incoming webhook.

use crate::asked::{Entry, PATIENCE, ask, said};
use crate::outbound::Call;
use crate::provider::lines;
use crate::{IpNet, Medium, NotSent, Note, Outbound, Provider, Roots, allowed_url};
use chrono::{DateTime, Utc};
use hyper::Method;
use serde_json::json;

/// Longest message, in characters.
const LONGEST: usize = 2_000;

/// Posts `{"text": …}`, which the incoming webhooks of many chat services take. The address is the secret: it is shown to
/// nobody, and leads out of the house unless the settings allow otherwise.
#[derive(Clone)]
pub struct ChatWay(Outbound);

impl ChatWay {
    /// The way to public addresses, and to those in `allowed`.
    pub fn new(allowed: Vec<IpNet>, roots: &Roots) -> ChatWay {
        ChatWay(Outbound::new(allowed, roots))
    }
}

impl Provider for ChatWay {
    fn medium(&self) -> Medium {
        Medium::Chat
    }

    fn send(&self, to: &str, note: &Note, _: DateTime<Utc>) -> Result<String, NotSent> {
        let url = allowed_url(to).map_err(|_| NotSent::Refused("address not allowed".to_owned()))?;
        let key = note.key.to_string();
        let call = Call {
            method: Method::POST,
            url: &url,
            headers: &[("content-type", "application/json"), ("idempotency-key", key.as_str())],
            body: json!({ "text": text(note) }).to_string().into_bytes(),
            reads: 0,
            patience: PATIENCE,
        };
        ask(&self.0, call, Entry::Theirs).map(|answer| said(answer.status))
    }
}

/// The message as a channel shows it. What the services read as their own signs, such as a call to everybody in the
/// channel, becomes a sign that only looks like it; the page's address stays as it is.
fn text(note: &Note) -> String {
    let plain = |text: &str| -> String {
        text.chars()
            .map(|c| match c {
                '&' => '＆',
                '<' => '＜',
                '>' => '＞',
                '@' => '＠',
                other => other,
            })
            .collect()
    };
    lines(&Note { title: plain(&note.title), text: plain(&note.text), ..note.clone() }, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use komainu_db::uuid::Uuid;

    #[test]
    fn nobody_is_called_by_a_word_in_a_report() {
        let note = Note {
            title: "<!channel> R&D".to_owned(),
            text: "@here <https://evil.example|click>".to_owned(),
            url: "https://komainu.example.jp/l/ack/abc".to_owned(),
            urgent: true,
            key: Uuid::from_u128(1),
        };
        assert_eq!(
            text(&note),
            "＜!channel＞ R＆D\n＠here ＜https://evil.example|click＞\nhttps://komainu.example.jp/l/ack/abc"
        );
    }
}
