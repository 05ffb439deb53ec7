//! The folder of sealed files.

use crate::{Kind, Refusal, kind_of, store};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use komainu_access::{OrganisationId, Scope};
use komainu_clock::Nature;
use komainu_db::{DbError, Tx};
use komainu_seal::{Key, Seal};
use sha2::{Digest as _, Sha256};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thiserror::Error;

/// Written first, so that formats can be told apart.
const MARK: &[u8; 4] = b"KMN2";
/// The format before keys had generations: a nonce, and the cipher under the first of them.
const FIRST_MARK: &[u8; 4] = b"KMN1";

/// A file could not be kept or fetched.
#[derive(Debug, Error)]
pub enum FileError {
    /// It is not taken.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The folder failed.
    #[error("the folder of files: {0}")]
    Io(#[from] io::Error),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The sealed bytes were changed, or belong to another key.
    #[error("the sealed file {0} is damaged or was sealed with another key")]
    Damaged(String),
}

/// A file as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// SHA-256 of the plain bytes, lower-case hexadecimal.
    pub digest: String,
    /// Size of the plain bytes.
    pub size: i64,
    /// What it is.
    pub kind: Kind,
}

/// The sealed files of an installation; cheap to clone.
#[derive(Clone)]
pub struct Files(Arc<Parts>);

struct Parts {
    folder: PathBuf,
    key: Key,
    seal: Seal,
}

impl Files {
    /// Opens the folder, or makes it.
    pub fn open(folder: &Path, key: Key) -> io::Result<Files> {
        fs::create_dir_all(folder)?;
        let seal = key.seal("files");
        Ok(Files(Arc::new(Parts { folder: folder.to_owned(), key, seal })))
    }

    /// The key that seals them, and everything else of the installation.
    pub fn key(&self) -> &Key {
        &self.0.key
    }

    /// Room left on the disk that the folder lies on, in bytes.
    pub fn room(&self) -> io::Result<u64> {
        let disk = rustix::fs::statvfs(&self.0.folder)?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// Checks and seals a file and lists it in the scope's organisation, in the caller's transaction.
    ///
    /// The bytes are on the disk before the transaction can be committed. If it is rolled back they stay behind,
    /// sealed and unlisted, and serve the next attempt.
    pub fn put(
        &self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        nature: &Nature,
        bytes: &[u8],
    ) -> Result<Stored, FileError> {
        let kind = kind_of(bytes)?;
        let digest = self.keep(tx, scope, nature, bytes, kind.media_type)?;
        Ok(Stored { digest, size: i64::try_from(bytes.len()).unwrap_or(i64::MAX), kind })
    }

    /// Seals and lists what the program made itself, whatever its kind and size; answers its digest.
    pub fn keep(
        &self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        nature: &Nature,
        bytes: &[u8],
        media_type: &str,
    ) -> Result<String, FileError> {
        let digest = digest_of(bytes);
        if !self.path(scope.organisation(), &digest).exists() {
            self.write(scope.organisation(), &digest, nature, bytes)?;
        }
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        store::insert(tx, scope, &digest, size, media_type, nature.now())?;
        Ok(digest)
    }

    /// Seals again what the database lists already, as after a move to another machine.
    ///
    /// # Errors
    /// [`FileError::Damaged`] where the bytes are not those of the digest.
    pub fn put_back(
        &self,
        organisation: OrganisationId,
        digest: &str,
        nature: &Nature,
        bytes: &[u8],
    ) -> Result<(), FileError> {
        if digest_of(bytes) != digest {
            return Err(FileError::Damaged(digest.to_owned()));
        }
        self.write(organisation, digest, nature, bytes)
    }

    fn write(
        &self,
        organisation: OrganisationId,
        digest: &str,
        nature: &Nature,
        bytes: &[u8],
    ) -> Result<(), FileError> {
        let sealed = self.0.seal.close(nature, &[&bound(organisation, digest)], bytes);
        Ok(write(&self.path(organisation, digest), &sealed)?)
    }

    /// The plain bytes of a file of this organisation.
    pub fn get(&self, organisation: OrganisationId, digest: &str) -> Result<Vec<u8>, FileError> {
        let sealed = fs::read(self.path(organisation, digest))?;
        let damaged = || FileError::Damaged(digest.to_owned());
        let (mark, body) = sealed.split_first_chunk::<4>().ok_or_else(damaged)?;
        let plain = match mark {
            MARK => {
                let mut plain =
                    self.0.seal.open(&[&bound(organisation, digest)], body).map_err(|_| damaged())?;
                std::mem::take(&mut *plain)
            }
            FIRST_MARK => self.open_first(organisation, digest, body).ok_or_else(damaged)?,
            _ => return Err(damaged()),
        };
        if digest_of(&plain) == digest { Ok(plain) } else { Err(damaged()) }
    }

    fn open_first(&self, organisation: OrganisationId, digest: &str, body: &[u8]) -> Option<Vec<u8>> {
        let (nonce, cipher) = body.split_first_chunk::<24>()?;
        let payload = Payload { msg: cipher, aad: &bound(organisation, digest) };
        XChaCha20Poly1305::new(self.0.key.oldest().into()).decrypt(&XNonce::from(*nonce), payload).ok()
    }

    /// Seals bytes for a while under a name of the caller's, in the place of what lay there. Nothing lists them: no backup
    /// holds them, and whoever put them there lets them go.
    pub fn lay_aside(
        &self,
        organisation: OrganisationId,
        name: &str,
        nature: &Nature,
        bytes: &[u8],
    ) -> Result<(), FileError> {
        let name = aside(name);
        let sealed = self.0.seal.close(nature, &[&bound(organisation, &name)], bytes);
        Ok(write(&self.path(organisation, &name), &sealed)?)
    }

    /// What was laid aside under a name; none where nothing is.
    pub fn laid_aside(&self, organisation: OrganisationId, name: &str) -> Result<Option<Vec<u8>>, FileError> {
        let name = aside(name);
        let sealed = match fs::read(self.path(organisation, &name)) {
            Ok(sealed) => sealed,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let damaged = || FileError::Damaged(name.clone());
        let body = sealed.strip_prefix(MARK).ok_or_else(damaged)?;
        let mut plain = self.0.seal.open(&[&bound(organisation, &name)], body).map_err(|_| damaged())?;
        Ok(Some(std::mem::take(&mut *plain)))
    }

    /// Lets go of what was laid aside under a name, if anything is there.
    pub fn let_go(&self, organisation: OrganisationId, name: &str) -> Result<(), FileError> {
        match fs::remove_file(self.path(organisation, &aside(name))) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Where a file lies. Its name stays when the key gets a new generation: it opens nothing.
    fn path(&self, organisation: OrganisationId, digest: &str) -> PathBuf {
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(self.0.key.oldest())
            .expect("any length is a key");
        mac.update(&bound(organisation, digest));
        let name = hex(&mac.finalize().into_bytes());
        self.0.folder.join(&name[..2]).join(name)
    }
}

/// Writes beside the place and renames: a crash leaves no half file under a real name.
fn write(path: &Path, sealed: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(MARK)?;
    file.write_all(sealed)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    fs::File::open(folder)?.sync_all()
}

/// Ties a sealed file to its organisation and digest, so that files cannot be exchanged in the folder.
fn bound(organisation: OrganisationId, digest: &str) -> Vec<u8> {
    [organisation.0.as_bytes(), digest.as_bytes()].concat()
}

/// The name of what is laid aside, which no digest can be.
fn aside(name: &str) -> String {
    format!("aside/{name}")
}

/// The SHA-256 of bytes as files are named by it, lower-case hexadecimal.
pub fn digest_of(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
