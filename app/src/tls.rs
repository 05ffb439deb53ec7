//! TLS by the program itself: certificate and key from files, read again when they change.

use crate::config::TlsFiles;
use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::signal::unix::Signal;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(60);

/// Reads certificate and key.
///
/// # Errors
/// Which setting is wrong and why, in a line.
pub(crate) fn open(files: &TlsFiles) -> Result<RustlsConfig, String> {
    read(files).map(RustlsConfig::from_config)
}

fn read(files: &TlsFiles) -> Result<Arc<ServerConfig>, String> {
    let wrong = |name: &str, path: &Path, error: &dyn std::fmt::Display| {
        format!("{name} {}: {error}", path.display())
    };
    let chain = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| wrong("--tls-certificate", &files.certificate, &error))?;
    let key =
        PrivateKeyDer::from_pem_file(&files.key).map_err(|error| wrong("--tls-key", &files.key, &error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| wrong("--tls-certificate", &files.certificate, &error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// When the files were written last.
fn stamp(files: &TlsFiles) -> [Option<SystemTime>; 2] {
    [&files.certificate, &files.key]
        .map(|path| std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok())
}

/// Reads the files again at SIGHUP and when they have changed; what cannot be used leaves the old ones in force. Without
/// TLS a SIGHUP does nothing.
pub(crate) async fn keep_fresh(tls: Option<(TlsFiles, RustlsConfig)>, hangups: std::io::Result<Signal>) {
    let Ok(mut asked) = hangups else { return };
    let Some((files, config)) = tls else {
        while asked.recv().await.is_some() {}
        return;
    };
    let mut seen = stamp(&files);
    loop {
        let told = tokio::select! {
            _ = asked.recv() => true,
            () = tokio::time::sleep(LOOK) => false,
        };
        let now = stamp(&files);
        if !told && now == seen {
            continue;
        }
        seen = now;
        match read(&files) {
            Ok(fresh) => {
                config.reload_from_config(fresh);
                tracing::info!("the certificate was read again");
            }
            Err(error) => tracing::error!(%error, "the new certificate cannot be used; the old one stays"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_the_setting_and_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let files = TlsFiles { certificate: path("certificate.pem"), key: path("key.pem") };
        let refused = || open(&files).err().unwrap();
        assert!(refused().starts_with("--tls-certificate ") && refused().contains("certificate.pem"));
        let own = rcgen::generate_simple_self_signed(vec!["komainu.example.jp".to_owned()]).unwrap();
        std::fs::write(&files.certificate, own.cert.pem()).unwrap();
        assert!(refused().starts_with("--tls-key "), "{}", refused());
        let other = rcgen::generate_simple_self_signed(vec!["other.example.jp".to_owned()]).unwrap();
        std::fs::write(&files.key, other.signing_key.serialize_pem()).unwrap();
        assert!(refused().starts_with("--tls-certificate "), "a key of another certificate: {}", refused());
        std::fs::write(&files.key, own.signing_key.serialize_pem()).unwrap();
        assert!(open(&files).is_ok());
    }
}
