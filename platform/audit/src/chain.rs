//! The hash chain and its proof.

use crate::store::{self, Entry, Knows};
use chrono::SecondsFormat;
use komainu_access::OrganisationId;
use komainu_db::{DbError, Tx};
use sha2::{Digest, Sha256};

/// Entries read at a time while proving a chain.
const STRIDE: i64 = 1_000;

/// The hash of an entry: over the hash before it and every field, each with its length, so that no two different
/// entries give the same bytes. What was done at a shared place has two more fields, what was done through a link three;
/// everything else hashes as it did before there were any.
pub(crate) fn hash(previous: &[u8], organisation: OrganisationId, entry: &Entry) -> Vec<u8> {
    let at = entry.at.to_rfc3339_opts(SecondsFormat::Micros, true);
    let seq = entry.seq.to_string();
    let person = entry.person.map(|person| person.to_string()).unwrap_or_default();
    let organisation = organisation.to_string();
    let place = entry.place.map(|place| place.to_string()).unwrap_or_default();
    let somewhere = entry.place.is_some() || !entry.place_name.is_empty();
    let where_done = if somewhere { vec![place.as_bytes(), entry.place_name.as_bytes()] } else { Vec::new() };
    let link = entry.link.map(|link| link.to_string()).unwrap_or_default();
    let through = entry.link.is_some() || !entry.link_name.is_empty();
    // The word keeps a link from being read as a place.
    let how_done =
        if through { vec![&b"link"[..], link.as_bytes(), entry.link_name.as_bytes()] } else { Vec::new() };
    let mut digest = Sha256::new();
    for field in [
        previous,
        organisation.as_bytes(),
        seq.as_bytes(),
        at.as_bytes(),
        person.as_bytes(),
        entry.person_name.as_bytes(),
        entry.action.as_bytes(),
        entry.object_kind.as_bytes(),
        entry.object_id.as_bytes(),
        entry.before.as_bytes(),
        entry.after.as_bytes(),
    ]
    .into_iter()
    .chain(where_done)
    .chain(how_done)
    {
        digest.update(u64::try_from(field.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(field);
    }
    digest.finalize().to_vec()
}

/// What the proof of one chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whose chain it is.
    pub organisation: OrganisationId,
    /// Entries proved sound, from the beginning.
    pub sound: i64,
    /// Hash of the last sound entry, hexadecimal: written down elsewhere, it proves later that nothing was cut off.
    pub end: String,
    /// The first fault, if there is one.
    pub broken: Option<Broken>,
}

/// The first fault of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// This entry was changed, or an entry before it was replaced.
    Changed(i64),
    /// This entry is not there, though later ones are or the chain's end says so.
    Missing(i64),
    /// There are entries after the chain's end.
    Beyond(i64),
}

/// Proves one organisation's chain from its beginning to its end.
pub fn verify(tx: &mut Tx<'_>, organisation: OrganisationId) -> Result<Verdict, DbError> {
    let knows = store::knows(tx)?;
    prove(tx, organisation, knows)
}

/// Proves every organisation's chain and hands each verdict over. What the schema knows is asked once: on PostgreSQL that
/// is a question for every table, more than most chains take.
pub fn verify_all(tx: &mut Tx<'_>, mut judge: impl FnMut(Verdict)) -> Result<(), DbError> {
    let knows = store::knows(tx)?;
    for organisation in store::organisations(tx)? {
        judge(prove(tx, organisation, knows)?);
    }
    Ok(())
}

fn prove(tx: &mut Tx<'_>, organisation: OrganisationId, knows: Knows) -> Result<Verdict, DbError> {
    let head = store::head(tx, organisation)?;
    let mut previous = Vec::new();
    let mut sound = 0;
    let broken = 'chain: loop {
        let entries = store::after(tx, organisation, (sound, STRIDE), knows)?;
        let full = i64::try_from(entries.len()).unwrap_or(i64::MAX) == STRIDE;
        for entry in entries {
            if entry.seq != sound + 1 {
                break 'chain Some(Broken::Missing(sound + 1));
            }
            if hash(&previous, organisation, &entry) != entry.hash {
                break 'chain Some(Broken::Changed(entry.seq));
            }
            previous = entry.hash;
            sound = entry.seq;
        }
        if !full {
            break match &head {
                Some((seq, _)) if *seq > sound => Some(Broken::Missing(sound + 1)),
                Some((seq, _)) if *seq < sound => Some(Broken::Beyond(*seq + 1)),
                Some((_, hash)) if *hash != previous => Some(Broken::Changed(sound)),
                None if sound > 0 => Some(Broken::Beyond(1)),
                _ => None,
            };
        }
    };
    let end = previous.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    Ok(Verdict { organisation, sound, end, broken })
}
