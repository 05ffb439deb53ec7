//! What every way out over HTTP shares: whom TLS believes, and what the other side is called.

use crate::Roots;
use rustls_pki_types::ServerName;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use thiserror::Error;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::{Host, Url};

/// What can go wrong on the way to the other side, and there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum WireError {
    /// The name leads nowhere.
    #[error("name not found")]
    NoName,
    /// There is no connection.
    #[error("no connection")]
    Unreachable,
    /// The other side's certificate is not believed.
    #[error("certificate not accepted")]
    Certificate,
    /// It took too long.
    #[error("no answer in time")]
    Slow,
    /// It answered something that is no HTTP, or too much of it.
    #[error("no HTTP answer")]
    Garbled,
}

/// TLS that believes these authorities.
pub(crate) fn tls(roots: &Roots) -> Arc<rustls::ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the ring provider supports the default protocol versions")
        .with_root_certificates(roots.store())
        .with_no_client_auth();
    Arc::new(tls)
}

/// The addresses that a name leads to at this moment.
pub(crate) async fn addresses(url: &Url) -> Result<Vec<SocketAddr>, WireError> {
    let port = url.port_or_known_default().ok_or(WireError::NoName)?;
    let addresses: Vec<SocketAddr> = match url.host() {
        Some(Host::Domain(name)) => {
            tokio::net::lookup_host((name, port)).await.map_err(|_| WireError::NoName)?.collect()
        }
        Some(Host::Ipv4(address)) => vec![SocketAddr::new(address.into(), port)],
        Some(Host::Ipv6(address)) => vec![SocketAddr::new(address.into(), port)],
        None => Vec::new(),
    };
    if addresses.is_empty() { Err(WireError::NoName) } else { Ok(addresses) }
}

/// A connection to the first of these that takes one.
pub(crate) async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, WireError> {
    for address in addresses {
        if let Ok(stream) = TcpStream::connect(address).await {
            return Ok(stream);
        }
    }
    Err(WireError::Unreachable)
}

/// The connection, encrypted, with the other side's certificate believed.
pub(crate) async fn secure(
    tls: &Arc<rustls::ClientConfig>,
    url: &Url,
    stream: TcpStream,
) -> Result<TlsStream<TcpStream>, WireError> {
    let name = server_name(url).ok_or(WireError::NoName)?;
    TlsConnector::from(tls.clone()).connect(name, stream).await.map_err(|_| WireError::Certificate)
}

/// Whose certificate is expected; none for an address without a host.
fn server_name(url: &Url) -> Option<ServerName<'static>> {
    match url.host()? {
        Host::Domain(name) => ServerName::try_from(name.to_owned()).ok(),
        Host::Ipv4(address) => Some(ServerName::from(IpAddr::V4(address))),
        Host::Ipv6(address) => Some(ServerName::from(IpAddr::V6(address))),
    }
}

/// What stands in the header `Host`.
pub(crate) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
