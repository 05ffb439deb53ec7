//! Sealing bytes for one purpose.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use komainu_clock::Nature;
use sha2::Sha256;
use thiserror::Error;
use zeroize::Zeroizing;

const NONCE: usize = 24;
/// How a sealed text begins, in a column that may still hold open ones.
const MARK: &str = "sealed:";

/// Sealed bytes were changed, belong to another row or purpose, or need a generation that this key file does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("what is sealed as {0} was changed, moved, or sealed with another key")]
pub struct Unsealable(pub &'static str);

/// What seals and opens for one purpose ([`crate::Key::seal`]).
#[derive(Clone)]
pub struct Seal {
    purpose: &'static str,
    /// One for each generation of the key, oldest first.
    subkeys: Zeroizing<Vec<[u8; 32]>>,
}

impl Seal {
    pub(crate) fn new(purpose: &'static str, generations: &[[u8; 32]]) -> Seal {
        let subkeys = generations.iter().map(|generation| subkey(generation, purpose)).collect();
        Seal { purpose, subkeys: Zeroizing::new(subkeys) }
    }

    /// Seals bytes with the newest generation, for the row that these parts of its key name.
    pub fn close(&self, nature: &Nature, row: &[&[u8]], plain: &[u8]) -> Vec<u8> {
        let newest = self.subkeys.len() - 1;
        let nonce: [u8; NONCE] = nature.bytes();
        let payload = Payload { msg: plain, aad: &self.bound(row) };
        let cipher = XChaCha20Poly1305::new((&self.subkeys[newest]).into())
            .encrypt(&XNonce::from(nonce), payload)
            .expect("whatever fits into memory can be sealed");
        let generation = u8::try_from(newest).expect("a key has 256 generations at most");
        [&[generation][..], &nonce, &cipher].concat()
    }

    /// The bytes that were sealed for this purpose and row.
    pub fn open(&self, row: &[&[u8]], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unsealable> {
        let opened = || {
            let (generation, rest) = sealed.split_first()?;
            let (nonce, cipher) = rest.split_first_chunk::<NONCE>()?;
            let subkey = self.subkeys.get(usize::from(*generation))?;
            let payload = Payload { msg: cipher, aad: &self.bound(row) };
            XChaCha20Poly1305::new(subkey.into()).decrypt(&XNonce::from(*nonce), payload).ok()
        };
        opened().map(Zeroizing::new).ok_or(Unsealable(self.purpose))
    }

    /// Whether the newest generation sealed it; if not, it is to be sealed anew when it is next in hand.
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        sealed.first().is_some_and(|generation| usize::from(*generation) == self.subkeys.len() - 1)
    }

    /// Seals a text so that it is a text again: `sealed:`, the generation, and the bytes in base64. Nothing stays nothing,
    /// so that a query can still ask whether something is there.
    pub fn close_text(&self, nature: &Nature, row: &[&[u8]], plain: &str) -> String {
        if plain.is_empty() {
            return String::new();
        }
        let sealed = self.close(nature, row, plain.as_bytes());
        self.current_mark() + &STANDARD_NO_PAD.encode(sealed)
    }

    /// The text that was sealed for this purpose and row, or an open one as it is: it was written before its column was
    /// sealed.
    pub fn open_text(&self, row: &[&[u8]], text: &str) -> Result<String, Unsealable> {
        let Some(sealed) = text.strip_prefix(MARK) else { return Ok(text.to_owned()) };
        let bytes = sealed.split_once(':').and_then(|(_, bytes)| STANDARD_NO_PAD.decode(bytes).ok());
        let plain = self.open(row, &bytes.ok_or(Unsealable(self.purpose))?)?;
        String::from_utf8(plain.to_vec()).map_err(|_| Unsealable(self.purpose))
    }

    /// How every text begins that the newest generation sealed.
    pub fn current_mark(&self) -> String {
        format!("{MARK}{}:", self.subkeys.len() - 1)
    }

    /// Purpose and row, each part with its length before it, so that no two rows read the same.
    fn bound(&self, row: &[&[u8]]) -> Vec<u8> {
        [self.purpose.as_bytes()].iter().chain(row).fold(Vec::new(), |mut bound, part| {
            bound.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            bound.extend_from_slice(part);
            bound
        })
    }
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Seal({})", self.purpose)
    }
}

/// The one block of HKDF-Expand (RFC 5869, 2.3); the generation is random enough to be the pseudorandom key itself.
fn subkey(generation: &[u8; 32], purpose: &str) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(generation).expect("any length is a key");
    mac.update(b"komainu seal ");
    mac.update(purpose.as_bytes());
    mac.update(&[1]);
    mac.finalize().into_bytes().into()
}
