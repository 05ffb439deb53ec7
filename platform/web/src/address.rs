//! Where a request really comes from.

use axum::extract::ConnectInfo;
use axum::http::header::HOST;
use axum::http::{Extensions, HeaderMap};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// By which a proxy says for whom it asks.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of whoever asks: the other end of the connection, or, where that is one of our own proxies, whom it says it
/// asks for. What anybody else claims is not believed.
pub(crate) fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let trusted = |address: IpAddr| proxies.iter().any(|proxy| proxy.contains(&address.to_canonical()));
    let claims: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let mut address = peer;
    // The last one was written by the nearest proxy; each is as good as whoever wrote it down.
    for claim in claims.iter().rev() {
        if !trusted(address) {
            break;
        }
        let Some(claimed) = read(claim.trim()) else { break };
        address = claimed;
    }
    address
}

/// An address with or without a port.
fn read(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

/// The other end of the connection; this very computer where there is none, as in tests.
pub(crate) fn peer(extensions: &Extensions) -> IpAddr {
    extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |info| info.0.ip())
}

/// Whether a program on this very computer asks, and not a proxy for somebody else.
pub fn from_this_computer(extensions: &Extensions, headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let here = name == "localhost" || read(name).is_some_and(|address| address.is_loopback());
    let forwarded = headers.keys().any(|name| {
        name.as_str().starts_with("x-forwarded-")
            || matches!(name.as_str(), "forwarded" | "via" | "x-real-ip")
    });
    peer(extensions).to_canonical().is_loopback() && here && !forwarded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&str, &str)]) -> HeaderMap {
        lines
            .iter()
            .map(|(name, value)| (name.parse::<axum::http::HeaderName>().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn only_our_own_proxy_is_believed() {
        let proxies: Vec<IpNet> = vec!["127.0.0.1/32".parse().unwrap(), "10.0.0.0/24".parse().unwrap()];
        for (peer, claim, expected) in [
            ("203.0.113.7", "", "203.0.113.7"),
            ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
            ("127.0.0.1", "", "127.0.0.1"),
            ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("127.0.0.1", "198.51.100.1:5000", "198.51.100.1"),
            ("127.0.0.1", "[2001:db8::1]:5000", "2001:db8::1"),
            ("127.0.0.1", "2001:db8::1", "2001:db8::1"),
            // What the visitor wrote before the proxy's own word does not count.
            ("127.0.0.1", "192.0.2.9, 198.51.100.1", "198.51.100.1"),
            ("127.0.0.1", "192.0.2.9, 198.51.100.1, 10.0.0.5", "198.51.100.1"),
            ("127.0.0.1", "nonsense", "127.0.0.1"),
            ("127.0.0.1", "198.51.100.1, nonsense", "127.0.0.1"),
        ] {
            let headers = if claim.is_empty() { headers(&[]) } else { headers(&[(FORWARDED_FOR, claim)]) };
            let found = client(peer.parse().unwrap(), &headers, &proxies);
            assert_eq!(found, expected.parse::<IpAddr>().unwrap(), "{peer} {claim}");
            let bare = client(peer.parse().unwrap(), &headers, &[]);
            assert_eq!(bare, peer.parse::<IpAddr>().unwrap(), "nobody is believed without the setting");
        }
        let twice = headers(&[(FORWARDED_FOR, "192.0.2.9")]);
        let mut twice = twice;
        twice.append(FORWARDED_FOR, "198.51.100.1".parse().unwrap());
        assert_eq!(client("127.0.0.1".parse().unwrap(), &twice, &proxies).to_string(), "198.51.100.1");
    }

    #[test]
    fn a_proxy_on_this_computer_is_not_this_computer() {
        for (peer, lines, here) in [
            ("127.0.0.1:5000", &[("host", "127.0.0.1:8420")][..], true),
            ("[::1]:5000", &[("host", "[::1]:8420")], true),
            ("127.0.0.1:5000", &[("host", "localhost:8420")], true),
            ("192.0.2.1:5000", &[("host", "127.0.0.1:8420")], false),
            ("127.0.0.1:5000", &[("host", "komainu.example.jp")], false),
            ("127.0.0.1:5000", &[("host", "127.0.0.1:8420"), ("x-forwarded-for", "192.0.2.1")], false),
            ("127.0.0.1:5000", &[("host", "127.0.0.1:8420"), ("via", "1.1 proxy")], false),
        ] {
            let mut extensions = Extensions::new();
            extensions.insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
            assert_eq!(from_this_computer(&extensions, &headers(lines)), here, "{peer} {lines:?}");
        }
    }
}
