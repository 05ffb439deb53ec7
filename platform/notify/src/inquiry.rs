//! Questions to a service that the settings name, with their answers read.

use crate::wire::{self, WireError};
use crate::{Roots, Url, allowed_url};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{CONNECTION, HOST, HeaderValue, USER_AGENT};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinSet;

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
    /// The way there, or the answer, was no good.
    #[error(transparent)]
    Wire(#[from] WireError),
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
        tokio::time::timeout(PATIENCE, self.exchange(request)).await.unwrap_or(Err(WireError::Slow.into()))
    }

    async fn exchange(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, AskError> {
        let url = allowed_url(&request.uri().to_string()).map_err(|_| AskError::Forbidden)?;
        let plain = url.scheme() == "http";
        if plain && !self.plain {
            return Err(AskError::Forbidden);
        }
        let request = addressed(&url, request)?;
        let stream = wire::connect(&wire::addresses(&url).await?).await?;
        if plain {
            return Ok(answer(stream, request).await?);
        }
        Ok(answer(wire::secure(&self.tls, &url, stream).await?, request).await?)
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
    let host = HeaderValue::from_str(&wire::host(url)).map_err(|_| WireError::NoName)?;
    parts.headers.insert(HOST, host);
    parts.headers.insert(USER_AGENT, HeaderValue::from_static("Komainu"));
    parts.headers.insert(CONNECTION, HeaderValue::from_static("close"));
    Ok(Request::from_parts(parts, Full::new(Bytes::from(body))))
}

async fn answer<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    request: Request<Full<Bytes>>,
) -> Result<Response<Vec<u8>>, WireError> {
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|_| WireError::Garbled)?;
    // Whoever gives up waiting drops this, and with it the connection.
    let mut driven = JoinSet::new();
    driven.spawn(connection);
    let (parts, body) = sender.send_request(request).await.map_err(|_| WireError::Garbled)?.into_parts();
    let body = Limited::new(body, LONGEST).collect().await.map_err(|_| WireError::Garbled)?;
    Ok(Response::from_parts(parts, body.to_bytes().to_vec()))
}
