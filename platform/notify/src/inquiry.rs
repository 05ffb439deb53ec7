//! Questions to a service that the settings name, with their answers read.

use crate::{Roots, Url, allowed_url, wire};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{CONNECTION, HOST, HeaderValue, USER_AGENT};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use url::Host;

/// How long one question may take, from the name to the answer's last byte.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest answer that is read, in bytes.
const LONGEST: usize = 256 * 1024;

/// Why a question was not answered.
#[derive(Debug, Error)]
pub enum AskError {
    /// The address is none that may be asked: not encrypted, or no address at all.
    #[error("address not allowed")]
    Forbidden,
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
    #[error("no usable HTTP answer")]
    Garbled,
}

/// The way to a service of the house's own choice. Whoever runs the installation named it, so it may stand inside the
/// house. No redirect is followed, no proxy used, and nothing unencrypted is asked but on this very computer.
#[derive(Clone)]
pub struct Inquiry {
    tls: Arc<rustls::ClientConfig>,
    /// Whether questions may go unencrypted to this very computer.
    plain: bool,
}

impl Inquiry {
    /// The way to a service that begins at `address`; only where that is unencrypted, others of it may be.
    pub fn new(address: &Url, roots: &Roots) -> Inquiry {
        Inquiry { tls: wire::tls(roots), plain: address.scheme() == "http" }
    }

    /// Asks, and reads the whole answer.
    pub async fn ask(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, AskError> {
        tokio::time::timeout(PATIENCE, self.exchange(request)).await.unwrap_or(Err(AskError::Slow))
    }

    async fn exchange(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, AskError> {
        let url = allowed_url(&request.uri().to_string()).map_err(|_| AskError::Forbidden)?;
        let plain = url.scheme() == "http";
        if plain && !self.plain {
            return Err(AskError::Forbidden);
        }
        let request = addressed(&url, request)?;
        let stream = connect(&url).await?;
        if plain {
            return answer(stream, request).await;
        }
        let name = wire::server_name(&url).ok_or(AskError::NoName)?;
        let connected = TlsConnector::from(self.tls.clone()).connect(name, stream).await;
        answer(connected.map_err(|_| AskError::Certificate)?, request).await
    }
}

impl std::fmt::Debug for Inquiry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Inquiry")
    }
}

/// The request as it goes over the wire.
fn addressed(url: &Url, request: Request<Vec<u8>>) -> Result<Request<Full<Bytes>>, AskError> {
    let (mut parts, body) = request.into_parts();
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    parts.uri = path.parse().map_err(|_| AskError::Forbidden)?;
    let host = HeaderValue::from_str(&wire::host(url)).map_err(|_| AskError::NoName)?;
    parts.headers.insert(HOST, host);
    parts.headers.insert(USER_AGENT, HeaderValue::from_static("Komainu"));
    parts.headers.insert(CONNECTION, HeaderValue::from_static("close"));
    Ok(Request::from_parts(parts, Full::new(Bytes::from(body))))
}

async fn connect(url: &Url) -> Result<TcpStream, AskError> {
    let port = url.port_or_known_default().ok_or(AskError::NoName)?;
    let addresses: Vec<SocketAddr> = match url.host() {
        Some(Host::Domain(name)) => {
            tokio::net::lookup_host((name, port)).await.map_err(|_| AskError::NoName)?.collect()
        }
        Some(Host::Ipv4(address)) => vec![SocketAddr::new(address.into(), port)],
        Some(Host::Ipv6(address)) => vec![SocketAddr::new(address.into(), port)],
        None => Vec::new(),
    };
    for address in &addresses {
        if let Ok(stream) = TcpStream::connect(address).await {
            return Ok(stream);
        }
    }
    Err(if addresses.is_empty() { AskError::NoName } else { AskError::Unreachable })
}

async fn answer<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    request: Request<Full<Bytes>>,
) -> Result<Response<Vec<u8>>, AskError> {
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|_| AskError::Garbled)?;
    // Whoever gives up waiting drops this, and with it the connection.
    let mut driven = JoinSet::new();
    driven.spawn(connection);
    let (parts, body) = sender.send_request(request).await.map_err(|_| AskError::Garbled)?.into_parts();
    let body = Limited::new(body, LONGEST).collect().await.map_err(|_| AskError::Garbled)?;
    Ok(Response::from_parts(parts, body.to_bytes().to_vec()))
}
