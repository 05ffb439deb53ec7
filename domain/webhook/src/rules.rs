//! Which entries are events, how a message is signed, when a webhook is given up.

use crate::model::{Event, SigningSecret};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Duration, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// For how long nothing may get through before a webhook is stopped; nor is told what is older than this.
pub const PATIENCE: Duration = Duration::days(3);
/// How many webhooks an institution may have.
pub const MOST: usize = 10;

/// The event that an action of the log is, if it is one.
pub fn event_of(action: &str) -> Option<Event> {
    Some(match action {
        "answer_set" | "answer_confirm" => Event::ItemAnswered,
        "assignment_set" => Event::ItemAssigned,
        "reply_give" => Event::ReplyReceived,
        "evidence_add" => Event::EvidenceAdded,
        "evidence_remove" => Event::EvidenceRemoved,
        "round_open" | "round_reopen" => Event::RoundOpened,
        "round_close" => Event::RoundClosed,
        "system_add" | "system_change" | "system_remove" | "vendor_add" | "vendor_change"
        | "vendor_remove" | "contact_add" | "contact_change" | "contact_move" | "contact_remove"
        | "asset_add" | "asset_change" | "asset_remove" | "connection_add" | "connection_change"
        | "connection_remove" | "ledger_edit" => Event::LedgerChanged,
        "invitation_accept" => Event::MemberJoined,
        "member_end" => Event::MemberEnded,
        "pack_make" => Event::PackMade,
        "near_miss_report" => Event::NearMissReported,
        _ => return None,
    })
}

/// The signature of a message, after the Standard Webhooks specification: by HMAC-SHA256 over the message's id, the
/// moment of sending in seconds, and the body.
pub fn sign(secret: &SigningSecret, id: &str, at: DateTime<Utc>, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret.0).expect("any length is a key");
    mac.update(format!("{id}.{}.{body}", at.timestamp()).as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// Whether to stop a webhook to which nothing has got through since then.
pub fn gives_up(failing_since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - failing_since >= PATIENCE
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The value was computed with another implementation (Python's hmac).
    #[test]
    fn the_signature_is_that_of_the_specification() {
        let secret = SigningSecret(b"a secret of the house, 32 bytes.".to_vec());
        let at = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        assert_eq!(
            sign(&secret, "msg_1", at, r#"{"type":"test"}"#),
            "v1,4k5bMtTSgKQzHPQlvZCfQHuZqqKpOsd0e7eF7DhacJg="
        );
        assert_eq!(secret.text(), "whsec_YSBzZWNyZXQgb2YgdGhlIGhvdXNlLCAzMiBieXRlcy4=");
    }

    #[test]
    fn every_event_has_one_name_and_an_action() {
        let actions = [
            "answer_set",
            "assignment_set",
            "reply_give",
            "evidence_add",
            "evidence_remove",
            "round_open",
            "round_close",
            "vendor_change",
            "invitation_accept",
            "member_end",
            "pack_make",
            "near_miss_report",
        ];
        let told: Vec<Event> = actions.iter().filter_map(|action| event_of(action)).collect();
        assert_eq!(told, Event::ALL);
        for event in Event::ALL {
            assert_eq!(Event::from_code(event.code()), Some(event));
            assert_eq!(serde_json::to_string(&event).unwrap(), format!("\"{}\"", event.code()));
        }
        assert_eq!(event_of("password_change"), None);
    }

    #[test]
    fn three_days_of_silence_are_enough() {
        let since: DateTime<Utc> = "2026-11-23T00:00:00Z".parse().unwrap();
        assert!(!gives_up(since, since + Duration::hours(71)));
        assert!(gives_up(since, since + Duration::hours(72)));
        assert!(!gives_up(since, since - Duration::hours(1)), "a clock that was set back gives nothing up");
    }
}
