//! Messages to browsers that asked for them (web push).

use crate::allowed_url;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use std::str::FromStr;
use thiserror::Error;
use url::Url;

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
