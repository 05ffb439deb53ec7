//! The installation's key, in a file that only the program's user may read.

use komainu_clock::Nature;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use thiserror::Error;
use zeroize::Zeroizing;

/// The secret that seals files; wiped from memory when it is dropped.
pub struct Key(pub(crate) Zeroizing<[u8; 32]>);

/// The key cannot be used.
#[derive(Debug, Error)]
pub enum KeyError {
    /// It cannot be read or made.
    #[error("the key file {0} cannot be used: {1}")]
    Io(String, io::Error),
    /// It is not 32 bytes long.
    #[error("the key file {0} is damaged: restore it from your backup; without it no evidence can be opened")]
    Damaged(String),
    /// Others on this computer could read it.
    #[error("the key file {0} can be read by others: run chmod 600 on it")]
    Open(String),
}

impl Key {
    /// Reads the key, or makes one where there is none yet.
    pub fn open(path: &Path, nature: &Nature) -> Result<Key, KeyError> {
        let name = path.display().to_string();
        let io = |error| KeyError::Io(name.clone(), error);
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Ok(mut file) => {
                let key = Zeroizing::new(nature.bytes::<32>());
                file.write_all(&*key).and_then(|()| file.sync_all()).map_err(io)?;
                return Ok(Key(key));
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(io(error)),
        }
        if fs::metadata(path).map_err(io)?.permissions().mode() & 0o077 != 0 {
            return Err(KeyError::Open(name));
        }
        let bytes = Zeroizing::new(fs::read(path).map_err(io)?);
        let key: [u8; 32] = bytes.as_slice().try_into().map_err(|_| KeyError::Damaged(name.clone()))?;
        Ok(Key(Zeroizing::new(key)))
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}
