//! A sign-in service on this computer that says whatever a test tells it to.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

pub const CLIENT: &str = "komainu";

type Asked = (String, BTreeMap<String, String>);

#[derive(Default)]
struct Said {
    base: String,
    keys: Vec<Value>,
    /// The ID token to be given; none refuses the code.
    token: Option<String>,
    asked: Option<Asked>,
    asked_for_keys: usize,
}

type Shared = Arc<Mutex<Said>>;

pub struct Fake {
    pub base: String,
    said: Shared,
}

impl Fake {
    /// Starts one that signs with the first key.
    pub async fn start() -> Fake {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let said = Said { base: base.clone(), keys: vec![Key::new(1).public()], ..Said::default() };
        let said: Shared = Arc::new(Mutex::new(said));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(metadata))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(said.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Fake { base, said }
    }

    pub fn says(&self, token: &str) {
        self.said.lock().unwrap().token = Some(token.to_owned());
    }

    pub fn refuses(&self) {
        self.said.lock().unwrap().token = None;
    }

    pub fn signs_with(&self, key: &Key) {
        self.said.lock().unwrap().keys = vec![key.public()];
    }

    pub fn asked_for_keys(&self) -> usize {
        self.said.lock().unwrap().asked_for_keys
    }

    /// How the token endpoint was asked last.
    pub fn was_asked(&self) -> Asked {
        self.said.lock().unwrap().asked.clone().unwrap()
    }
}

async fn metadata(State(said): State<Shared>) -> Json<Value> {
    let base = said.lock().unwrap().base.clone();
    Json(json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "jwks_uri": format!("{base}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
    }))
}

async fn keys(State(said): State<Shared>) -> Json<Value> {
    let mut said = said.lock().unwrap();
    said.asked_for_keys += 1;
    Json(json!({ "keys": said.keys }))
}

async fn token(
    State(said): State<Shared>,
    headers: HeaderMap,
    Form(form): Form<BTreeMap<String, String>>,
) -> Response {
    let authorization = headers.get("authorization").map(|value| value.to_str().unwrap().to_owned());
    let mut said = said.lock().unwrap();
    said.asked = Some((authorization.unwrap_or_default(), form));
    match &said.token {
        Some(token) => Json(json!({ "access_token": "unused", "token_type": "Bearer", "id_token": token }))
            .into_response(),
        None => (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response(),
    }
}

/// A key of a service.
#[derive(Clone)]
pub struct Key {
    key: SigningKey,
    name: String,
}

impl Key {
    pub fn new(seed: u8) -> Key {
        Key { key: SigningKey::from_slice(&[seed; 32]).unwrap(), name: format!("key-{seed}") }
    }

    pub fn called(self, name: &str) -> Key {
        Key { name: name.to_owned(), ..self }
    }

    fn public(&self) -> Value {
        let point = self.key.verifying_key().to_sec1_point(false);
        let (x, y) = (URL_SAFE_NO_PAD.encode(point.x().unwrap()), URL_SAFE_NO_PAD.encode(point.y().unwrap()));
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.name, "x": x, "y": y })
    }

    pub fn signed(&self, claims: &Value) -> String {
        let said = joined(&json!({ "alg": "ES256", "typ": "JWT", "kid": self.name }), claims);
        let signature: Signature = self.key.sign(said.as_bytes());
        format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }
}

fn joined(header: &Value, claims: &Value) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()))
}

pub fn unsigned(claims: &Value) -> String {
    format!("{}.", joined(&json!({ "alg": "none", "typ": "JWT" }), claims))
}

/// HMAC-SHA-256 by hand (RFC 2104): whoever knows the secret that both sides share could make this.
pub fn signed_with_secret(claims: &Value, secret: &[u8]) -> String {
    let said = joined(&json!({ "alg": "HS256", "typ": "JWT" }), claims);
    let mut block = [0_u8; 64];
    block[..secret.len()].copy_from_slice(secret);
    let pad = |with: u8| block.map(|byte| byte ^ with);
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(said.as_bytes()).finalize();
    let outer = Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize();
    format!("{said}.{}", URL_SAFE_NO_PAD.encode(outer))
}

/// The token with other claims under the same signature.
pub fn with_claims(token: &str, claims: &Value) -> String {
    let parts: Vec<&str> = token.split('.').collect();
    format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(claims.to_string()), parts[2])
}

/// The challenge that belongs to a verifier (RFC 7636, S256).
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}
