//! Posts to other programs, and only to where one may.

use crate::Roots;
use crate::wire::{self, WireError};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::SendRequest;
use hyper::header::{CONNECTION, HOST, USER_AGENT};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::cell::Cell;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use url::{Host, Url};

/// How long all of it may take, from the name to the answer's first line.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest address that is kept.
const LONGEST: usize = 500;

/// Networks that no public address lies in: private, shared, link-local, documentation, benchmarks, multicast, reserved.
///
/// Source: the IANA special-purpose address registries for IPv4 and IPv6.
const SPECIAL: [&str; 22] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "192.175.48.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/3",
    // Ways into the other protocol, and documentation, inside the public half of IPv6.
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "3ffe::/16",
    "3fff::/20",
];

/// Why an address is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It is no address of a page.
    NoAddress,
    /// It is not encrypted, and not on this very computer.
    Plain,
    /// It carries a name and password, which would be kept and shown.
    Credentials,
}

/// An address that may be posted to, as far as its text tells: `https`, or `http` to this very computer.
pub fn allowed_url(text: &str) -> Result<Url, Unfit> {
    let url = Url::parse(text.trim()).map_err(|_| Unfit::NoAddress)?;
    if url.as_str().len() > LONGEST || url.fragment().is_some() {
        return Err(Unfit::NoAddress);
    }
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Err(Unfit::NoAddress),
    };
    match url.scheme() {
        _ if !url.username().is_empty() || url.password().is_some() => Err(Unfit::Credentials),
        "https" => Ok(url),
        "http" if here => Ok(url),
        "http" => Err(Unfit::Plain),
        _ => Err(Unfit::NoAddress),
    }
}

/// Whether an address lies on the open internet, so that nothing of this house can be reached by it.
pub fn is_public(address: IpAddr) -> bool {
    let address = address.to_canonical();
    let global = match address {
        IpAddr::V4(_) => true,
        // Everything that is given out to networks lies in 2000::/3.
        IpAddr::V6(six) => six.segments()[0] & 0xe000 == 0x2000 && six != Ipv6Addr::UNSPECIFIED,
    };
    global
        && SPECIAL
            .iter()
            .all(|network| network.parse::<IpNet>().is_ok_and(|network| !network.contains(&address)))
}

/// Why a post came to nothing.
#[derive(Debug, Error)]
pub enum PostError {
    /// The name leads to an address that may not be reached from here.
    #[error("address {0} is not allowed")]
    Forbidden(IpAddr),
    /// The way there, or the answer, was no good.
    #[error(transparent)]
    Wire(#[from] WireError),
}

/// A request for another program.
pub(crate) struct Call<'a> {
    pub(crate) method: Method,
    pub(crate) url: &'a Url,
    /// Beside those that every request has.
    pub(crate) headers: &'a [(&'a str, &'a str)],
    pub(crate) body: Vec<u8>,
    /// How much of the answer is read, in bytes; 0 for no more than its status.
    pub(crate) reads: usize,
    /// How long all of it may take.
    pub(crate) patience: Duration,
}

/// What another program answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// A request came to nothing.
pub(crate) struct Broken {
    pub(crate) error: PostError,
    /// Whether it may have reached the other side all the same.
    pub(crate) sent: bool,
}

/// The way to other programs, there where it is switched on. It follows no redirect and uses no proxy, and a post reads no
/// more of its answer than the status.
#[derive(Clone)]
pub struct Outbound {
    allowed: Arc<[IpNet]>,
    tls: Arc<rustls::ClientConfig>,
}

impl Outbound {
    /// The way to public addresses, and to those in `allowed`.
    pub fn new(allowed: Vec<IpNet>, roots: &Roots) -> Outbound {
        Outbound { allowed: allowed.into(), tls: wire::tls(roots) }
    }

    /// The way to any address, for one that whoever runs the installation has named.
    pub(crate) fn anywhere(roots: &Roots) -> Outbound {
        Outbound::new(vec![IpNet::V4(Ipv4Net::default()), IpNet::V6(Ipv6Net::default())], roots)
    }

    /// The networks beside the public ones that may be reached.
    pub fn allowed(&self) -> &[IpNet] {
        &self.allowed
    }

    /// The address in a URL that may not be reached, where one stands there in digits; what a name leads to is looked at
    /// when something is sent.
    pub fn forbids(&self, url: &Url) -> Option<IpAddr> {
        let address = match url.host()? {
            Host::Ipv4(address) => address.into(),
            Host::Ipv6(address) => address.into(),
            Host::Domain(_) => return None,
        };
        (!self.may_reach(address)).then_some(address)
    }

    /// Posts JSON and answers the status. It blocks, at most for some seconds.
    pub fn post(&self, url: &Url, headers: &[(&'static str, String)], body: &str) -> Result<u16, PostError> {
        let given = headers.iter().map(|(name, value)| (*name, value.as_str()));
        let headers: Vec<(&str, &str)> = given.chain([("content-type", "application/json")]).collect();
        let (method, body) = (Method::POST, body.as_bytes().to_vec());
        let call = Call { method, url, headers: &headers, body, reads: 0, patience: PATIENCE };
        self.call(call).map(|answer| answer.status).map_err(|broken| broken.error)
    }

    /// Asks once and answers what was said. It blocks, not longer than the call has patience.
    pub(crate) fn call(&self, call: Call<'_>) -> Result<Answer, Broken> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|_| Broken { error: WireError::Unreachable.into(), sent: false })?;
        let sent = Cell::new(false);
        let answer = runtime.block_on(async {
            let exchange = tokio::time::timeout(call.patience, self.exchange(&call, &sent));
            exchange.await.unwrap_or(Err(WireError::Slow.into()))
        });
        // A name that is still being looked up is not waited for.
        runtime.shutdown_background();
        answer.map_err(|error| Broken { error, sent: sent.get() })
    }

    /// Asks; `sent` tells from when on the other side may have got it.
    async fn exchange(&self, call: &Call<'_>, sent: &Cell<bool>) -> Result<Answer, PostError> {
        let url = call.url;
        let mut request = Request::builder()
            .method(call.method.clone())
            .uri(&url[url::Position::BeforePath..url::Position::AfterQuery])
            .header(HOST, wire::host(url))
            .header(USER_AGENT, "Komainu")
            .header(CONNECTION, "close");
        for (name, value) in call.headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::from(call.body.clone())));
        let request = request.map_err(|_| WireError::Garbled)?;
        let stream = self.connect(url).await?;
        if url.scheme() == "http" {
            sent.set(true);
            return Ok(send(stream, request, call.reads).await?);
        }
        let stream = wire::secure(&self.tls, url, stream).await?;
        sent.set(true);
        Ok(send(stream, request, call.reads).await?)
    }

    /// A connection to an address that was looked at. The name is not asked for a second time in between, so that it
    /// cannot lead elsewhere then.
    async fn connect(&self, url: &Url) -> Result<TcpStream, PostError> {
        let addresses = wire::addresses(url).await?;
        // A name that also leads into the house is none to be trusted.
        if let Some(inside) = addresses.iter().find(|address| !self.may_reach(address.ip())) {
            return Err(PostError::Forbidden(inside.ip()));
        }
        Ok(wire::connect(&addresses).await?)
    }

    fn may_reach(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address) || self.allowed.iter().any(|network| network.contains(&address))
    }
}

impl std::fmt::Debug for Outbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Outbound").field(&self.allowed).finish()
    }
}

async fn send<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    request: Request<Full<Bytes>>,
    reads: usize,
) -> Result<Answer, WireError> {
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|_| WireError::Garbled)?;
    let driven = tokio::spawn(connection);
    let answer = answered(&mut sender, request, reads).await;
    driven.abort();
    answer
}

/// The answer, with as much of its body as is wanted.
async fn answered(
    sender: &mut SendRequest<Full<Bytes>>,
    request: Request<Full<Bytes>>,
    reads: usize,
) -> Result<Answer, WireError> {
    let answer = sender.send_request(request).await.map_err(|_| WireError::Garbled)?;
    let status = answer.status().as_u16();
    let (mut coming, mut body) = (answer.into_body(), Vec::new());
    while body.len() < reads {
        let Some(frame) = coming.frame().await else { break };
        let frame = frame.map_err(|_| WireError::Garbled)?;
        body.extend_from_slice(frame.data_ref().map_or(&[][..], |data| &data[..]));
    }
    body.truncate(reads);
    Ok(Answer { status, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_encrypted_addresses_or_this_very_computer() {
        for (text, expected) in [
            ("https://hook.example.jp/komainu?x=1", Ok(())),
            ("https://192.168.1.5:8443/", Ok(())),
            (" http://127.0.0.1:9000/hook ", Ok(())),
            ("http://localhost/hook", Ok(())),
            ("http://[::1]:9000/", Ok(())),
            ("http://hook.example.jp/", Err(Unfit::Plain)),
            ("http://127.0.0.1.example.jp/", Err(Unfit::Plain)),
            ("https://user:password@hook.example.jp/", Err(Unfit::Credentials)),
            ("https://hook.example.jp/#part", Err(Unfit::NoAddress)),
            ("ftp://hook.example.jp/", Err(Unfit::NoAddress)),
            ("file:///etc/passwd", Err(Unfit::NoAddress)),
            ("hook.example.jp", Err(Unfit::NoAddress)),
            ("", Err(Unfit::NoAddress)),
        ] {
            assert_eq!(allowed_url(text).map(drop), expected, "{text}");
        }
        assert!(allowed_url(&format!("https://hook.example.jp/{}", "a".repeat(LONGEST))).is_err());
    }

    #[test]
    fn what_lies_inside_the_house_is_not_public_in_any_disguise() {
        for (address, public) in [
            ("8.8.8.8", true),
            ("2606:4700::1111", true),
            ("2400:cb00::1", true),
            ("127.0.0.1", false),
            ("10.1.2.3", false),
            ("172.31.255.255", false),
            ("172.32.0.1", true),
            ("192.168.0.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("0.0.0.0", false),
            ("255.255.255.255", false),
            ("224.0.0.1", false),
            ("203.0.113.9", false),
            ("::", false),
            ("::1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", true),
            ("fe80::1", false),
            ("fd00::1", false),
            ("fec0::1", false),
            ("ff02::1", false),
            ("64:ff9b::7f00:1", false),
            ("2002:7f00:1::", false),
            ("2001:0:7f00:1::", false),
            ("2001:db8::1", false),
        ] {
            assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
        }
    }
}
