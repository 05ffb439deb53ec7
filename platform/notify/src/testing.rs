//! A real mail server for tests (`tests/support/smtp.py`, on Debian's `python3-aiosmtpd`), and a way that only remembers.

mod recorder;

pub use recorder::{Handed, Recorder};

use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/support/smtp.py");
const LIBRARY: &str = "/usr/lib/python3/dist-packages/aiosmtpd";

/// A mail as the server took it.
#[derive(Debug, Deserialize)]
pub struct Taken {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// The headers by their names in small letters, decoded.
    pub headers: BTreeMap<String, String>,
    /// The text, decoded.
    pub text: String,
    /// Whether it came over TLS.
    pub tls: bool,
    /// Who had signed in.
    pub user: Option<String>,
}

/// A running mail server; it ends with this value.
pub struct MailServer {
    child: Child,
    /// Where it listens on the loopback interface.
    pub port: u16,
    mails: Receiver<Taken>,
}

impl MailServer {
    /// Starts a server with the script's options; none where its library is missing, except where `CI` is set.
    ///
    /// # Panics
    /// When the server does not start, or is missing in CI.
    pub fn start(options: &[&str]) -> Option<MailServer> {
        if !std::path::Path::new(LIBRARY).exists() {
            assert!(std::env::var_os("CI").is_none(), "python3-aiosmtpd is not installed: run ./check");
            eprintln!("skipped: there is no {LIBRARY}");
            return None;
        }
        let mut child = Command::new("/usr/bin/python3")
            .arg(SCRIPT)
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the mail server starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let port = lines.next().and_then(|line| line.ok()?.parse().ok()).expect("the server names its port");
        let (sender, mails) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let mail = serde_json::from_str(&line).expect("a mail in JSON");
                if sender.send(mail).is_err() {
                    return;
                }
            }
        });
        Some(MailServer { child, port, mails })
    }

    /// The next mail, which must come soon.
    ///
    /// # Panics
    /// When none comes.
    pub fn mail(&self) -> Taken {
        self.mails.recv_timeout(Duration::from_secs(20)).expect("a mail arrives")
    }

    /// The next mail, if one has come.
    pub fn next(&self) -> Option<Taken> {
        self.mails.recv_timeout(Duration::from_millis(200)).ok()
    }

    /// Whether no further mail has come.
    pub fn is_empty(&self) -> bool {
        self.next().is_none()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
