//! The folder of sealed files.

use crate::{Key, Kind, Refusal, kind_of, store};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use komainu_access::{OrganisationId, Scope};
use komainu_clock::Nature;
use komainu_db::{DbError, Tx};
use sha2::{Digest as _, Sha256};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thiserror::Error;

/// Written before the nonce, so that a later format can be told apart.
const MARK: &[u8; 4] = b"KMN1";
const NONCE: usize = 24;

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
pub struct Files(Arc<(PathBuf, Key)>);

impl Files {
    /// Opens the folder, or makes it.
    pub fn open(folder: &Path, key: Key) -> io::Result<Files> {
        fs::create_dir_all(folder)?;
        Ok(Files(Arc::new((folder.to_owned(), key))))
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
        let digest = hex(&Sha256::digest(bytes));
        let path = self.path(scope.organisation(), &digest);
        if !path.exists() {
            self.seal_to(scope.organisation(), &digest, bytes, nature.bytes(), &path)?;
        }
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        store::insert(tx, scope, &digest, size, media_type, nature.now())?;
        Ok(digest)
    }

    /// The plain bytes of a file of this organisation.
    pub fn get(&self, organisation: OrganisationId, digest: &str) -> Result<Vec<u8>, FileError> {
        let sealed = fs::read(self.path(organisation, digest))?;
        let damaged = || FileError::Damaged(digest.to_owned());
        let plain = self.open_sealed(&sealed, &bound(organisation, digest)).ok_or_else(damaged)?;
        if hex(&Sha256::digest(&plain)) == digest { Ok(plain) } else { Err(damaged()) }
    }

    /// Seals a short secret that lies in the database. It opens only for the same `purpose`.
    pub fn seal(&self, nature: &Nature, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, FileError> {
        let nonce = nature.bytes::<NONCE>();
        let payload = Payload { msg: plain, aad: purpose.as_bytes() };
        let cipher = self.cipher().encrypt(&XNonce::from(nonce), payload);
        let cipher = cipher.map_err(|_| FileError::Damaged(purpose.to_owned()))?;
        Ok([&MARK[..], &nonce, &cipher].concat())
    }

    /// Opens what [`Files::seal`] sealed.
    pub fn unseal(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, FileError> {
        self.open_sealed(sealed, purpose.as_bytes()).ok_or_else(|| FileError::Damaged(purpose.to_owned()))
    }

    /// The plain bytes, if they were sealed with this key and bound to this.
    fn open_sealed(&self, sealed: &[u8], bound: &[u8]) -> Option<Vec<u8>> {
        let body = sealed.strip_prefix(MARK).filter(|body| body.len() >= NONCE)?;
        let (nonce, cipher) = body.split_at(NONCE);
        let nonce = XNonce::try_from(nonce).ok()?;
        self.cipher().decrypt(&nonce, Payload { msg: cipher, aad: bound }).ok()
    }

    /// Room left on the disk that the folder lies on, in bytes.
    pub fn room(&self) -> io::Result<u64> {
        let disk = rustix::fs::statvfs(&self.0.0)?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    fn seal_to(
        &self,
        organisation: OrganisationId,
        digest: &str,
        bytes: &[u8],
        nonce: [u8; NONCE],
        path: &Path,
    ) -> Result<(), FileError> {
        let bound = bound(organisation, digest);
        let payload = Payload { msg: bytes, aad: &bound };
        let cipher = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| FileError::Damaged(digest.to_owned()))?;
        let folder = path.parent().unwrap_or(path);
        fs::create_dir_all(folder)?;
        // Written beside its place and renamed: a crash leaves no half file under a real name.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        for part in [&MARK[..], &nonce, &cipher] {
            file.write_all(part)?;
        }
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        fs::File::open(folder)?.sync_all()?;
        Ok(())
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.0.1.0).into())
    }

    fn path(&self, organisation: OrganisationId, digest: &str) -> PathBuf {
        let mut mac =
            <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&*self.0.1.0).expect("any length is a key");
        mac.update(&bound(organisation, digest));
        let name = hex(&mac.finalize().into_bytes());
        self.0.0.join(&name[..2]).join(name)
    }
}

/// Ties a sealed file to its organisation and digest, so that files cannot be exchanged in the folder.
fn bound(organisation: OrganisationId, digest: &str) -> Vec<u8> {
    [organisation.0.as_bytes(), digest.as_bytes()].concat()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
