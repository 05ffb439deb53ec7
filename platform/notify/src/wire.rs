//! What every way out over HTTP shares: whom TLS believes, and what the other side is called.

use crate::Roots;
use rustls_pki_types::ServerName;
use std::net::IpAddr;
use std::sync::Arc;
use url::{Host, Url};

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

/// Whose certificate is expected; none for an address without a host.
pub(crate) fn server_name(url: &Url) -> Option<ServerName<'static>> {
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
