//! What is kept of a browser's way to the sign-in service and back, and what it comes back with.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use komainu_clock::Nature;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

/// The secrets of one way there and back; kept by the server, sealed, and used once.
#[derive(Clone, Serialize, Deserialize)]
pub struct Flow {
    /// Comes back with the browser.
    pub(crate) state: String,
    /// Comes back inside the ID token.
    pub(crate) nonce: String,
    /// Shown to the token endpoint alone (PKCE).
    pub(crate) verifier: String,
    /// Since when the person must have signed in there; none where an older sign-in is good enough.
    pub(crate) fresh_since: Option<DateTime<Utc>>,
}

impl Flow {
    /// A new one. With `fresh` the person has to sign in there again.
    pub(crate) fn new(nature: &Nature, fresh: bool) -> Flow {
        let secret = || URL_SAFE_NO_PAD.encode(nature.bytes::<32>());
        Flow {
            state: secret(),
            nonce: secret(),
            verifier: secret(),
            fresh_since: fresh.then(|| nature.now()),
        }
    }

    /// Whether the browser came back from this very way. How much of it fits cannot be told from the time it takes.
    pub fn is_of(&self, state: &str) -> bool {
        self.state.as_bytes().ct_eq(state.as_bytes()).into()
    }
}

/// Its secrets are for nobody's log.
impl std::fmt::Debug for Flow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Flow")
    }
}

/// What a browser comes back with.
#[derive(Clone, Default)]
pub struct Returned {
    /// Which way it comes back from.
    pub state: String,
    /// What the token endpoint gives an ID token for; empty where the service refused.
    pub code: String,
    /// Why the service refused; empty where it did not.
    pub error: String,
    /// Who says so (RFC 9207); empty where the service does not tell.
    pub issuer: String,
}

impl std::fmt::Debug for Returned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Returned")
    }
}
