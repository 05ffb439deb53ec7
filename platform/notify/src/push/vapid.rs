//! By what push services know us (VAPID, RFC 8292).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use p256::SecretKey;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::json;
use std::sync::Arc;
use thiserror::Error;
use url::Url;

/// How many hours a word to a push service counts; the standard allows 24.
const HOURS: i64 = 12;

/// Key or contact are no good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PushFault {
    /// The key is none.
    #[error("there is no private key of P-256 inside, neither as PEM nor in base64url")]
    Key,
    /// The push services cannot reach whoever runs the installation.
    #[error("it is like mailto:komainu@example.jp, or an address that begins with https://")]
    Contact,
}

/// The installation's key towards push services. Browsers are bound to its public half when they ask to be told: whoever
/// changes it has to have all of them ask again. Cheap to clone.
#[derive(Clone)]
pub struct PushKey(Arc<Parts>);

struct Parts {
    key: SigningKey,
    public: String,
    contact: String,
}

impl PushKey {
    /// A private key, as PEM (PKCS #8 or SEC 1) or as its 32 bytes in base64url, and by what the push services reach whoever
    /// sends too much.
    pub fn new(private: &str, contact: &str) -> Result<PushKey, PushFault> {
        let key = SecretKey::from_pem(private.trim()).ok().or_else(|| bare(private)).ok_or(PushFault::Key)?;
        let contact = contact.trim();
        let named = match Url::parse(contact) {
            Ok(url) if url.scheme() == "mailto" => crate::Mail::new(url.path(), "", "").is_ok(),
            Ok(url) => url.scheme() == "https",
            Err(_) => false,
        };
        if !named {
            return Err(PushFault::Contact);
        }
        Ok(PushKey(Arc::new(Parts {
            public: URL_SAFE_NO_PAD.encode(key.public_key().to_sec1_bytes()),
            key: SigningKey::from(&key),
            contact: contact.to_owned(),
        })))
    }

    /// The public half, as browsers are shown it.
    pub fn public(&self) -> &str {
        &self.0.public
    }

    /// What a push service is shown with a message.
    pub(super) fn authorization(&self, endpoint: &Url, at: DateTime<Utc>) -> String {
        let head = json!({ "typ": "JWT", "alg": "ES256" });
        let claims = json!({
            "aud": endpoint.origin().ascii_serialization(),
            "exp": (at + Duration::hours(HOURS)).timestamp(),
            "sub": self.0.contact,
        });
        let [head, claims] = [head, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let said = format!("{head}.{claims}");
        let signature: Signature = self.0.key.sign(said.as_bytes());
        format!("vapid t={said}.{}, k={}", URL_SAFE_NO_PAD.encode(signature.to_bytes()), self.0.public)
    }
}

/// A key as its bare bytes in the first line.
fn bare(private: &str) -> Option<SecretKey> {
    let line = private.lines().next()?.trim().trim_end_matches('=');
    SecretKey::from_slice(&URL_SAFE_NO_PAD.decode(line).ok()?).ok()
}

/// Whoever holds the key can speak as the installation.
impl std::fmt::Debug for PushKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PushKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::ecdsa::VerifyingKey;
    use p256::ecdsa::signature::Verifier as _;
    use serde_json::Value;

    const BARE: &str = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
    const PUBLIC: &str =
        "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";
    const CONTACT: &str = "mailto:komainu@example.jp";

    #[test]
    fn a_key_is_read_however_it_was_made() {
        let secret = bare(BARE).unwrap();
        let pem = secret.to_sec1_pem(p256::pkcs8::LineEnding::default()).unwrap();
        for private in [BARE.to_owned(), format!("{BARE}=\n"), format!("\n{}", pem.as_str())] {
            assert_eq!(PushKey::new(&private, CONTACT).unwrap().public(), PUBLIC);
        }
        for private in ["", "s3cret", &BARE[..20], &pem[..60]] {
            assert_eq!(PushKey::new(private, CONTACT).err(), Some(PushFault::Key), "{private}");
        }
        assert!(PushKey::new(BARE, "https://komainu.example.jp/").is_ok());
        for contact in ["", "komainu@example.jp", "mailto:komainu", "http://komainu.example.jp/"] {
            assert_eq!(PushKey::new(BARE, contact).err(), Some(PushFault::Contact), "{contact}");
        }
    }

    #[test]
    fn a_push_service_can_prove_who_speaks_to_it_and_until_when() {
        let key = PushKey::new(BARE, CONTACT).unwrap();
        let endpoint = "https://push.example.net:8443/send/abc?d=e".parse().unwrap();
        let at: DateTime<Utc> = "2026-11-23T00:00:00Z".parse().unwrap();
        let authorization = key.authorization(&endpoint, at);
        let (token, public) =
            authorization.strip_prefix("vapid t=").and_then(|rest| rest.split_once(", k=")).unwrap();
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let (said, signature) = token.rsplit_once('.').unwrap();
        let signature = Signature::from_slice(&bytes(signature)).unwrap();
        VerifyingKey::from_sec1_bytes(&bytes(public)).unwrap().verify(said.as_bytes(), &signature).unwrap();
        let parts: Vec<Value> =
            said.split('.').map(|part| serde_json::from_slice(&bytes(part)).unwrap()).collect();
        assert_eq!(parts[0], json!({ "typ": "JWT", "alg": "ES256" }));
        assert_eq!(parts[1]["aud"], "https://push.example.net:8443");
        assert_eq!(parts[1]["sub"], CONTACT);
        assert_eq!(parts[1]["exp"], (at + Duration::hours(12)).timestamp());
    }
}
