//! Whose certificates are believed.

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use std::path::Path;
use thiserror::Error;

/// The public certificate authorities, and those that a house runs itself.
#[derive(Clone, Debug, Default)]
pub struct Roots {
    own: Vec<CertificateDer<'static>>,
}

/// The file of certificate authorities cannot be used.
#[derive(Debug, Error)]
pub enum RootsError {
    /// It cannot be read, or is no PEM.
    #[error("{0}: {1}")]
    Unreadable(String, String),
    /// It holds no certificate.
    #[error("{0}: there is no certificate inside")]
    Empty(String),
}

impl Roots {
    /// The public authorities, and those in a PEM file.
    pub fn with_file(path: &Path) -> Result<Roots, RootsError> {
        let name = path.display().to_string();
        let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let own = read.map_err(|error| RootsError::Unreadable(name.clone(), error.to_string()))?;
        if own.is_empty() { Err(RootsError::Empty(name)) } else { Ok(Roots { own }) }
    }

    /// The house's own authorities.
    pub(crate) fn own(&self) -> &[CertificateDer<'static>] {
        &self.own
    }

    /// All of them, for TLS.
    pub(crate) fn store(&self) -> rustls::RootCertStore {
        let mut store = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        // What cannot be an authority believes nobody; the rest still counts.
        store.add_parsable_certificates(self.own.iter().cloned());
        store
    }
}
