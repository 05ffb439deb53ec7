//! Secrets at rest: the installation's key, and what is sealed with it.
//!
//! ```text
//! key file ── Key ── seal("table.column") ── Seal ── close(row, plain) ─► generation · nonce · cipher
//!                                                  └─ open(row, sealed) ─► plain
//! ```
//!
//! - The key has *generations*: the newest seals, every one opens. So the key can be changed while what lies sealed is
//!   sealed anew little by little ([`Seal::is_current`]).
//! - A generation itself encrypts nothing: each purpose, such as `totp.secret`, has a subkey of its own.
//! - Sealed bytes open only for the purpose and the row that they were sealed for: nobody who can write to the database
//!   can move one person's secret to another.
//!
//! XChaCha20-Poly1305 with 192-bit random nonces; subkeys by HMAC-SHA-256, as HKDF (RFC 5869) expands a key.

mod key;
mod seal;

pub use key::{Key, KeyError};
pub use seal::{Seal, Unsealable};
