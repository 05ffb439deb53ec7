//! The installation's key, in a file that only the program's user may read.

use crate::Seal;
use komainu_clock::Nature;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use tempfile::NamedTempFile;
use thiserror::Error;
use zeroize::Zeroizing;

/// Bytes of one generation.
const LENGTH: usize = 32;
/// Most generations: a sealed text names its own in one byte.
const MOST: usize = 256;

/// The secret behind every seal; cheap to clone, wiped from memory when the last clone is dropped.
///
/// The file holds the generations one after the other, oldest first; nothing else.
#[derive(Clone)]
pub struct Key(Arc<Zeroizing<Vec<[u8; LENGTH]>>>);

/// The key cannot be used.
#[derive(Debug, Error)]
pub enum KeyError {
    /// It cannot be read or made.
    #[error("the key file {0} cannot be used: {1}")]
    Io(String, io::Error),
    /// It does not hold whole generations.
    #[error(
        "the key file {0} is damaged: restore it from your backup; without it nothing that was sealed can be opened"
    )]
    Damaged(String),
    /// Others on this computer could read it.
    #[error("the key file {0} can be read by others: run chmod 600 on it")]
    Open(String),
    /// There is no number left for another generation.
    #[error("the key file {0} holds {MOST} generations and cannot take another")]
    Full(String),
}

impl Key {
    /// Reads the key, or makes one where there is none yet.
    pub fn open(path: &Path, nature: &Nature) -> Result<Key, KeyError> {
        let io = |error| KeyError::Io(path.display().to_string(), error);
        if path.exists() {
            return read(path);
        }
        let first = Zeroizing::new(vec![nature.bytes()]);
        match written_beside(path, &first).map_err(io)?.persist_noclobber(path) {
            Ok(_) => Ok(Key(Arc::new(first))),
            // Another process was quicker: its key is the key.
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => read(path),
            Err(error) => Err(io(error.error)),
        }
    }

    /// The same key in every test and every run, in no file.
    #[cfg(feature = "testing")]
    pub fn testing() -> Key {
        Key(Arc::new(Zeroizing::new(vec![[7; LENGTH]])))
    }

    /// Adds a generation, which seals from now on. A program that runs knows it after its next start.
    pub fn rotate(path: &Path, nature: &Nature) -> Result<Key, KeyError> {
        let io = |error| KeyError::Io(path.display().to_string(), error);
        let mut generations = Zeroizing::new(read(path)?.0.to_vec());
        if generations.len() == MOST {
            return Err(KeyError::Full(path.display().to_string()));
        }
        generations.push(nature.bytes());
        written_beside(path, &generations).map_err(io)?.persist(path).map_err(|error| io(error.error))?;
        Ok(Key(Arc::new(generations)))
    }

    /// The seal of a purpose, by a name that is used for nothing else: `table.column`, `files`.
    pub fn seal(&self, purpose: &'static str) -> Seal {
        Seal::new(purpose, &self.0)
    }

    /// The first generation as it is, for what was sealed and named before there were purposes.
    pub fn oldest(&self) -> &[u8; LENGTH] {
        &self.0[0]
    }

    /// How many generations there are.
    pub fn generations(&self) -> usize {
        self.0.len()
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

fn read(path: &Path) -> Result<Key, KeyError> {
    let name = path.display().to_string();
    let io = |error| KeyError::Io(name.clone(), error);
    if fs::metadata(path).map_err(io)?.permissions().mode() & 0o077 != 0 {
        return Err(KeyError::Open(name));
    }
    let bytes = Zeroizing::new(fs::read(path).map_err(io)?);
    let (generations, rest) = bytes.as_chunks::<LENGTH>();
    if generations.is_empty() || generations.len() > MOST || !rest.is_empty() {
        return Err(KeyError::Damaged(name));
    }
    Ok(Key(Arc::new(Zeroizing::new(generations.to_vec()))))
}

/// The generations in a file of the same folder, for the owner only and safe on the disk, so that a crash leaves no half
/// key under the real name.
fn written_beside(path: &Path, generations: &[[u8; LENGTH]]) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(generations.as_flattened())?;
    file.as_file().sync_all()?;
    Ok(file)
}
