//! What an archive says about itself, and what restoring it found.

use chrono::{DateTime, Utc};
use komainu_access::OrganisationId;
use komainu_db::{Step, Table};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::ops::ControlFlow;
use uuid::Uuid;

/// The format's name, so that another program's archive is not taken for ours.
pub(crate) const FORMAT: &str = "komainu-archive";
/// The format's version; a reader takes its own and older ones.
pub(crate) const VERSION: u32 = 1;

/// Who made it, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The archive's own name.
    pub id: Uuid,
    /// When it was begun.
    pub at: DateTime<Utc>,
    /// The program's version.
    pub program: String,
}

/// The first entry: what follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub(crate) format: String,
    pub(crate) version: u32,
    /// Who made it, and when.
    #[serde(flatten)]
    pub origin: Origin,
    /// The steps of the schema that the rows fit.
    pub schema: Vec<Step>,
    /// Whether evidence and secrets are in it, or only the database.
    pub(crate) evidence: bool,
    /// The tables, in the order in which their rows come.
    pub tables: Vec<Table>,
}

/// The last entry: what restoring must reproduce.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct End {
    /// One a table, in the manifest's order.
    pub(crate) tallies: Vec<Tally>,
    /// Evidence files in the archive.
    pub(crate) files: u64,
    /// Their bytes.
    pub(crate) bytes: u64,
    /// Files that could not be opened when the archive was made; nothing could be put in for them.
    pub(crate) unreadable: Vec<Unreadable>,
}

/// Number and checksum of a table's rows, whatever their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How many rows.
    pub rows: u64,
    /// The sum of the rows' hashes.
    #[serde(with = "hex")]
    sum: u128,
}

impl Tally {
    pub(crate) fn add(&mut self, line: &[u8]) {
        let digest = Sha256::digest(line);
        let half = digest[..16].try_into().map(u128::from_be_bytes).unwrap_or_default();
        self.sum = self.sum.wrapping_add(half);
        self.rows += 1;
    }
}

mod hex {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(sum: &u128, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&format!("{sum:032x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u128, D::Error> {
        let text = String::deserialize(from)?;
        u128::from_str_radix(&text, 16).map_err(D::Error::custom)
    }
}

/// An evidence file that was listed but could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreadable {
    /// Whose it is.
    pub organisation: OrganisationId,
    /// SHA-256 of what it should be.
    pub digest: String,
}

/// A log that does not hold together. It was so when the archive was made: the rows are proved to be the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BrokenChain {
    /// Whose log it is.
    pub organisation: OrganisationId,
    /// The first entry that is changed, missing, or beyond the end.
    pub entry: i64,
}

/// What was restored, and what its proof found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Who made the archive, and when.
    #[serde(flatten)]
    pub origin: Origin,
    /// The last step of the schema that it has.
    pub schema: i64,
    /// Rows by table.
    pub tables: Vec<(String, u64)>,
    /// Evidence files that opened and hashed right.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Evidence files that could not be opened when the archive was made.
    pub unreadable: Vec<Unreadable>,
    /// Logs, one an organisation.
    pub logs: usize,
    /// Entries proved sound in all of them.
    pub entries: i64,
    /// Logs that do not hold together.
    pub broken: Vec<BrokenChain>,
}

impl Report {
    /// Whether nothing was found that somebody must look after.
    pub fn is_sound(&self) -> bool {
        self.unreadable.is_empty() && self.broken.is_empty()
    }

    /// Rows of all tables together.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|(_, rows)| rows).sum()
    }
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Rows go into the archive; counted in tables.
    Rows,
    /// Evidence goes into the archive; counted in files.
    Files,
    /// The archive is read; counted in bytes.
    Reading,
    /// What was written is read again and compared; counted in tables.
    Comparing,
}

/// Told how far the work is, often; `Break` stops it.
pub type Watch<'a> = &'a dyn Fn(Stage, u64, u64) -> ControlFlow<()>;

/// Nobody watches.
pub fn unwatched(_: Stage, _: u64, _: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}
