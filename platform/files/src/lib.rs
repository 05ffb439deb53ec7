//! Files that people hand in: checked by content, sealed, kept once.
//!
//! The bytes lie in a folder beside the database, sealed under the installation's key (`komainu-seal`) and named by a
//! keyed hash, so that neither the content nor what it is can be told from outside. The database lists them by
//! the SHA-256 of the plain bytes, *per organisation*: the same file handed in twice is kept once, and nobody can learn
//! from that whether another organisation has it.

mod kind;
mod store;
mod vault;

pub use kind::{Kind, Refusal, kind_of};
pub use komainu_seal::{Key, KeyError};
pub use store::STATEMENTS;
pub use vault::{FileError, Files, Stored};

/// The largest file that is taken, in bytes (25 MB).
pub const LIMIT: usize = 25 * 1000 * 1000;
