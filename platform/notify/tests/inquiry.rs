//! Questions go to where they may, and no more of an answer is read than is of use.
#![allow(clippy::unwrap_used)]

use hyper::Request;
use komainu_notify::{AskError, Inquiry, Roots, Url, WireError};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

/// A server that gives everybody the same answer.
fn server(answer: Vec<u8>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(&answer);
        }
    });
    port
}

fn answer(status: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn inquiry(address: &str) -> Inquiry {
    Inquiry::new(&address.parse::<Url>().unwrap(), &Roots::default())
}

async fn ask(inquiry: &Inquiry, address: &str) -> Result<(u16, Vec<u8>), AskError> {
    let request = Request::get(address).body(Vec::new()).unwrap();
    let answer = inquiry.ask(request).await?;
    Ok((answer.status().as_u16(), answer.into_body()))
}

#[tokio::test]
async fn an_answer_is_read_and_a_redirect_is_not_followed() {
    let port = server(answer("200 OK", b"{}"));
    let address = format!("http://127.0.0.1:{port}/a?b=c");
    assert_eq!(ask(&inquiry(&address), &address).await.unwrap(), (200, b"{}".to_vec()));
    let address = format!("http://127.0.0.1:{}/", server(answer("302 Found", b"")));
    assert_eq!(ask(&inquiry(&address), &address).await.unwrap().0, 302);
}

#[tokio::test]
async fn nothing_unencrypted_is_asked_outside_this_computer() {
    let here = inquiry("http://127.0.0.1:1");
    assert!(matches!(ask(&here, "http://login.example.jp/").await, Err(AskError::Forbidden)));
    // A service that is encrypted has no address that is not.
    let away = inquiry("https://login.example.jp");
    let port = server(answer("200 OK", b"{}"));
    let plain = ask(&away, &format!("http://127.0.0.1:{port}/")).await;
    assert!(matches!(plain, Err(AskError::Forbidden)));
}

#[tokio::test]
async fn what_is_no_answer_is_told() {
    let here = inquiry("http://127.0.0.1:1");
    assert!(matches!(ask(&here, "http://127.0.0.1:1/").await, Err(AskError::Wire(WireError::Unreachable))));
    let garbled = format!("http://127.0.0.1:{}/", server(b"what?\r\n\r\n".to_vec()));
    assert!(matches!(ask(&here, &garbled).await, Err(AskError::Wire(WireError::Garbled))));
    let endless = format!("http://127.0.0.1:{}/", server(answer("200 OK", &vec![b'x'; 300 * 1024])));
    assert!(matches!(ask(&here, &endless).await, Err(AskError::Wire(WireError::Garbled))));
}
