//! The whole installation in one portable, encrypted file, and the way back.
//!
//! An archive is an [age](https://age-encryption.org/v1) file under the [`RecoveryKey`], inside it a zstd stream, inside
//! that a tar: with the key on paper it opens without this program, too (`age -d FILE | zstd -d | tar -x`).
//!
//! ```text
//! manifest.json                  format, program, moment, steps of the schema, tables with their columns
//! secrets/NAME                   what is needed to open what is sealed
//! tables/TABLE/00000001.jsonl    rows, one JSON list a line, about a megabyte an entry
//! files/ORGANISATION/DIGEST      evidence in plain; sealed again where it is restored
//! end.json                       rows and checksum of every table, number of files: what restoring must reproduce
//! ```
//!
//! Everything is a stream of such entries, so memory stays bounded by the largest single file, and one code serves all:
//!
//! ```text
//! snapshot (one moment of a database) ──►  Writer ──► file          backup
//! file ──► Archive ──► Loader (one transaction of an empty database) restore, and the proof of a backup
//! snapshot ──────────► Loader                                       a move between SQLite and PostgreSQL
//! ```
//!
//! The loader reads everything back before it lets the transaction be committed, and compares: all or nothing.

mod error;
mod key;
mod lines;
mod load;
mod model;
mod read;
mod snapshot;
mod write;

pub use error::ArchiveError;
pub use key::{KeyFileError, RecoveryKey, WrongKey};
pub use load::{Landing, Nowhere, copy_over, prove, restore};
pub use model::{BrokenChain, Manifest, Origin, Report, Stage, Tally, Unreadable, Watch, unwatched};
pub use read::Archive;
pub use snapshot::{FILES_KEY, RECOVERY_KEY, SECRETS, Secret, Source};
pub use write::{ENDING, Made, backup, clear_halves, file_name, made_at};

/// Takes the entries of an archive, one after the other.
trait Sink {
    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), ArchiveError>;
}
