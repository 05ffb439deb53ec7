//! Posts go where they may, and nowhere else.
#![allow(clippy::unwrap_used)]

use komainu_notify::{IpNet, Outbound, PostError, Roots, Url, WireError};
use rustls_pki_types::PrivateKeyDer;
use std::io::{Read as _, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// A server that tells what it was sent and answers with one status, over TLS or not.
fn server(status: &'static str, tls: Option<Arc<rustls::ServerConfig>>) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (told, requests) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            let request = match &tls {
                Some(tls) => {
                    let mut session = rustls::ServerConnection::new(tls.clone()).unwrap();
                    exchange(&mut rustls::Stream::new(&mut session, &mut stream), status)
                }
                None => exchange(&mut stream, status),
            };
            if told.send(request).is_err() {
                return;
            }
        }
    });
    (port, requests)
}

fn exchange(stream: &mut (impl std::io::Read + Write), status: &str) -> String {
    let mut request = Vec::new();
    let mut part = [0; 4096];
    while !request.ends_with(b"}") {
        match stream.read(&mut part) {
            Ok(0) | Err(_) => break,
            Ok(read) => request.extend_from_slice(&part[..read]),
        }
    }
    let answer = format!("HTTP/1.1 {status}\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n");
    let _ = stream.write_all(answer.as_bytes());
    String::from_utf8_lossy(&request).into_owned()
}

fn outbound(allowed: &[&str], roots: &Roots) -> Outbound {
    Outbound::new(allowed.iter().map(|net| net.parse::<IpNet>().unwrap()).collect(), roots)
}

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

#[test]
fn a_post_brings_headers_and_body_and_answers_the_status() {
    let here = outbound(&["127.0.0.0/8"], &Roots::default());
    for (status, expected) in [("200 OK", 200), ("204 No Content", 204), ("302 Found", 302), ("500 Oh", 500)]
    {
        let (port, requests) = server(status, None);
        let to = url(&format!("http://127.0.0.1:{port}/hook?key=1"));
        let sent = here.post(&to, &[("webhook-id", "msg_1".to_owned())], "{\"a\":1}");
        assert_eq!(sent.unwrap(), expected);
        let request = requests.recv_timeout(Duration::from_secs(5)).unwrap();
        assert!(request.starts_with("POST /hook?key=1 HTTP/1.1\r\n"), "{request}");
        assert!(request.contains(&format!("host: 127.0.0.1:{port}\r\n")), "{request}");
        assert!(request.contains("webhook-id: msg_1\r\n") && request.ends_with("{\"a\":1}"), "{request}");
        // The redirect was not followed: nobody asked again.
        assert!(requests.recv_timeout(Duration::from_millis(100)).is_err());
    }
}

#[test]
fn nothing_inside_is_reached_unless_it_is_allowed() {
    let (port, requests) = server("200 OK", None);
    for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "0x7f.1"] {
        let to = url(&format!("http://{host}:{port}/"));
        let sent = outbound(&["10.0.0.0/8"], &Roots::default()).post(&to, &[], "{}");
        assert!(matches!(sent, Err(PostError::Forbidden(_))), "{host}: {sent:?}");
    }
    assert!(requests.recv_timeout(Duration::from_millis(100)).is_err(), "nobody was asked anything");
    let named = url(&format!("http://localhost:{port}/"));
    assert_eq!(
        outbound(&["127.0.0.0/8", "::1/128"], &Roots::default()).post(&named, &[], "{}").unwrap(),
        200
    );
}

#[test]
fn only_a_certificate_that_is_believed_will_do() {
    let own = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("authority.pem");
    std::fs::write(&path, own.cert.pem()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![own.cert.der().clone()],
            PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap(),
        )
        .unwrap();
    let (port, _requests) = server("200 OK", Some(Arc::new(tls)));
    let to = url(&format!("https://127.0.0.1:{port}/"));
    let stranger = outbound(&["127.0.0.1/32"], &Roots::default()).post(&to, &[], "{}");
    assert!(matches!(stranger, Err(PostError::Wire(WireError::Certificate))), "{stranger:?}");
    let roots = Roots::with_file(&path).unwrap();
    assert_eq!(outbound(&["127.0.0.1/32"], &roots).post(&to, &[], "{}").unwrap(), 200);
}

#[test]
fn failures_have_names() {
    let here = outbound(&["127.0.0.0/8"], &Roots::default());
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = here.post(&url(&format!("http://127.0.0.1:{free}/")), &[], "{}");
    assert!(matches!(nobody, Err(PostError::Wire(WireError::Unreachable))), "{nobody:?}");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut stream, _): (TcpStream, _) = listener.accept().unwrap();
        let _ = stream.write_all(b"220 I speak something else\r\n");
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
    });
    let garbled = here.post(&url(&format!("http://127.0.0.1:{port}/")), &[], "{}");
    assert!(matches!(garbled, Err(PostError::Wire(WireError::Garbled))), "{garbled:?}");
}
