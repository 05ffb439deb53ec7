//! A passkey in software: what a device and a browser do together (`WebAuthn` level 3), with every knob a forger would turn.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use komainu_access::PersonId;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Flags of the authenticator data: somebody was there, was verified, a credential is attached.
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ATTACHED: u8 = 0x40;

#[derive(Clone)]
pub struct Authenticator {
    key: SigningKey,
    pub id: Vec<u8>,
    /// Goes up with every use.
    pub counter: u32,
    /// The page's origin, as the browser writes it down.
    pub origin: String,
    /// The name that the browser hashes.
    pub name: String,
    /// Whether the device checks who holds it.
    pub verifies: bool,
    /// Whose passkey the device says it is.
    pub whose: Option<PersonId>,
}

impl Authenticator {
    pub fn new(seed: u8, origin: &str, name: &str) -> Authenticator {
        Authenticator {
            key: SigningKey::from_slice(&[seed; 32]).unwrap(),
            id: vec![seed; 20],
            counter: 0,
            origin: origin.to_owned(),
            name: name.to_owned(),
            verifies: true,
            whose: None,
        }
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let data = json!({
            "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false,
        });
        data.to_string().into_bytes()
    }

    fn data(&mut self, more: u8) -> Vec<u8> {
        self.counter += 1;
        let flags = PRESENT | more | if self.verifies { VERIFIED } else { 0 };
        [&Sha256::digest(&self.name)[..], &[flags], &self.counter.to_be_bytes()].concat()
    }

    /// Makes a credential, as `navigator.credentials.create` answers it.
    pub fn create(&mut self, options: &Value) -> String {
        let whose = URL_SAFE_NO_PAD.decode(options["user"]["id"].as_str().unwrap()).unwrap();
        self.whose = Some(PersonId(uuid::Uuid::from_slice(&whose).unwrap()));
        let point = self.key.verifying_key().to_sec1_point(false);
        let (x, y) = (point.x().unwrap(), point.y().unwrap());
        // COSE: EC2, ES256, P-256, x, y.
        let cose = [&[0xA5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32][..], x, &[0x22, 0x58, 32], y].concat();
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        let data = [&self.data(ATTACHED)[..], &[0; 16], &length, &self.id, &cose].concat();
        // A map of three: fmt "none", an empty attStmt, authData.
        let size = u16::try_from(data.len()).unwrap().to_be_bytes();
        let object = [&b"\xA3\x63fmt\x64none\x67attStmt\xA0\x68authData\x59"[..], &size, &data].concat();
        self.answer(json!({
            "attestationObject": URL_SAFE_NO_PAD.encode(object),
            "clientDataJSON": URL_SAFE_NO_PAD.encode(self.client_data("webauthn.create", options)),
            "transports": ["internal"],
        }))
    }

    /// Answers a challenge, as `navigator.credentials.get` answers it.
    pub fn get(&mut self, options: &Value) -> String {
        let (data, client) = (self.data(0), self.client_data("webauthn.get", options));
        let signed = [&data[..], &Sha256::digest(&client)].concat();
        let signature: Signature = self.key.sign(&signed);
        self.answer(json!({
            "authenticatorData": URL_SAFE_NO_PAD.encode(data),
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client),
            "signature": URL_SAFE_NO_PAD.encode(signature.to_der()),
            "userHandle": self.whose.map(|person| URL_SAFE_NO_PAD.encode(person.0.as_bytes())),
        }))
    }

    fn answer(&self, response: Value) -> String {
        let id = URL_SAFE_NO_PAD.encode(&self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response }).to_string()
    }
}
