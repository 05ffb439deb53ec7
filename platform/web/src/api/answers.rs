//! Creations that may be sent again: a key names the request, and the answer is kept for a day.
//!
//! The answer may hold what is shown only once, such as the link of an invitation. So it is sealed with a key that is made
//! of the token's secret: the database alone opens nothing.

use super::{BASE, Resource, store};
use crate::Failure;
use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, ETAG, HeaderName, HeaderValue, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use chrono::Duration;
use komainu_access::{Scope, TokenId, TokenSecret};
use komainu_clock::Nature;
use komainu_db::{DbError, Tx};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The header that names a creation.
pub(super) const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Longest key, in bytes.
pub(super) const LONGEST: usize = 200;
/// How long an answer is given again.
const KEPT: Duration = Duration::hours(24);
const NONCE: usize = 24;

/// How a creation names itself.
#[derive(Clone)]
pub(crate) struct Naming {
    name: String,
    fingerprint: Vec<u8>,
    key: [u8; 32],
}

/// An answer to a creation.
#[derive(Serialize, Deserialize)]
pub(super) struct Created {
    location: String,
    etag: Option<String>,
    body: String,
}

impl Naming {
    /// What the request says of itself; none where it has no key.
    pub(super) fn of(parts: &Parts, body: &Bytes, secret: TokenSecret) -> Result<Option<Naming>, Failure> {
        let Some(value) = parts.headers.get(KEY) else { return Ok(None) };
        let name = value.to_str().unwrap_or_default();
        if !(1..=LONGEST).contains(&name.len()) || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Failure::Malformed(format!("{KEY}: 1 to {LONGEST} visible ASCII characters")));
        }
        let mut digest = Sha256::new();
        for part in [parts.method.as_str().as_bytes(), parts.uri.to_string().as_bytes(), body] {
            digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            digest.update(part);
        }
        let fingerprint = digest.finalize().to_vec();
        Ok(Some(Naming { name: name.to_owned(), fingerprint, key: secret.key_for("kept answers") }))
    }

    /// The answer to this very request, if it was given before.
    pub(super) fn again(
        &self,
        tx: &mut Tx<'_>,
        nature: &Nature,
        scope: &Scope,
        token: TokenId,
    ) -> Result<Option<Created>, Failure> {
        store::answers_sweep(tx, scope, token, nature.now() - KEPT)?;
        let Some((fingerprint, sealed)) = store::answer(tx, scope, token, &self.name)? else {
            return Ok(None);
        };
        if fingerprint != self.fingerprint {
            return Err(Failure::KeyReused);
        }
        self.open(&sealed).map(Some)
    }

    /// Keeps an answer in the transaction of the change that it tells of. Of two requests at once only one gets here
    /// first; the other's change is rolled back.
    pub(super) fn keep(
        &self,
        tx: &mut Tx<'_>,
        nature: &Nature,
        scope: &Scope,
        token: TokenId,
        answer: &Created,
    ) -> Result<(), Failure> {
        let sealed = self.seal(answer, nature.bytes())?;
        match store::answer_keep(tx, scope, token, &self.name, (&self.fingerprint, &sealed), nature.now()) {
            Err(DbError::Duplicate(_)) => Err(Failure::KeyBusy),
            kept => Ok(kept?),
        }
    }

    fn seal(&self, answer: &Created, nonce: [u8; NONCE]) -> Result<Vec<u8>, Failure> {
        let plain = serde_json::to_vec(answer).map_err(Failure::internal)?;
        let payload = Payload { msg: &plain, aad: &self.fingerprint };
        let cipher = self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(Failure::internal)?;
        Ok([&nonce[..], &cipher].concat())
    }

    fn open(&self, sealed: &[u8]) -> Result<Created, Failure> {
        let damaged = || Failure::internal("a kept answer is damaged");
        let (nonce, cipher) = sealed.split_at_checked(NONCE).ok_or_else(damaged)?;
        let nonce = XNonce::try_from(nonce).map_err(|_| damaged())?;
        let payload = Payload { msg: cipher, aad: &self.fingerprint };
        let plain = self.cipher().decrypt(&nonce, payload).map_err(|_| damaged())?;
        serde_json::from_slice(&plain).map_err(Failure::internal)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&self.key).into())
    }
}

impl Created {
    pub(super) fn new(made: &impl Resource) -> Result<Created, Failure> {
        Ok(Created {
            location: format!("{BASE}{}", made.place()),
            etag: made.etag(),
            body: serde_json::to_string(made).map_err(Failure::internal)?,
        })
    }
}

impl IntoResponse for Created {
    fn into_response(self) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, text) in [(LOCATION, Some(self.location)), (ETAG, self.etag)] {
            if let Some(Ok(value)) = text.map(|text| HeaderValue::from_str(&text)) {
                headers.insert(name, value);
            }
        }
        (StatusCode::CREATED, headers, self.body).into_response()
    }
}
