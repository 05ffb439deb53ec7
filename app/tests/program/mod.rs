//! The program itself as a process, and a small client for it.
#![allow(dead_code, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The running program.
pub struct Program {
    child: Child,
    pub port: u16,
    /// What it said at its start, up to its address and the line after it.
    pub greeting: Arc<Mutex<String>>,
    log: Arc<Mutex<String>>,
}

/// An answer of the program.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

impl Program {
    /// Starts `komainu COMMAND` on a free port of the loopback interface.
    pub fn start(command: &str, data: &Path, options: &[&str]) -> Program {
        let own = if options.contains(&"--listen") { &[][..] } else { &["--listen", "127.0.0.1"] };
        let mut child = Command::new(env!("CARGO_BIN_EXE_komainu"))
            .arg(command)
            .args(own)
            .args(["--port", "0", "--data"])
            .arg(data)
            .args(options)
            .env_clear()
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = gather(child.stderr.take().unwrap());
        let greeting = gather(child.stdout.take().unwrap());
        let mut program = Program { child, port: 0, greeting, log };
        program.port = program.find_port();
        program
    }

    /// A public address hides the port, which the kernel still knows.
    fn find_port(&mut self) -> u16 {
        for _ in 0..600 {
            let greeted = self.greeting.lock().unwrap().contains("http");
            if greeted && let Some(port) = listening(self.child.id()) {
                return port;
            }
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("the program ended with {status}: {}", self.log.lock().unwrap());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the program does not listen: {}", self.log.lock().unwrap());
    }

    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits until the log holds some words.
    pub fn told(&self, words: &str) {
        for _ in 0..200 {
            if self.log.lock().unwrap().contains(words) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the log does not say {words:?}: {}", self.log.lock().unwrap());
    }

    /// Ends it as systemd does, and answers its whole log.
    pub fn stop(mut self) -> String {
        self.signal("TERM");
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}: {}", self.log.lock().unwrap());
        std::thread::sleep(Duration::from_millis(100));
        self.log.lock().unwrap().clone()
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream
    }

    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        ask(&mut self.connect(), "GET", path, headers, "")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn gather(source: impl Read + Send + 'static) -> Arc<Mutex<String>> {
    let text = Arc::new(Mutex::new(String::new()));
    let kept = text.clone();
    std::thread::spawn(move || {
        for line in BufReader::new(source).lines().map_while(Result::ok) {
            let mut text = kept.lock().unwrap();
            text.push_str(&line);
            text.push('\n');
        }
    });
    text
}

/// The port of the loopback interface on which a process listens.
fn listening(pid: u32) -> Option<u16> {
    let sockets: Vec<String> = std::fs::read_dir(format!("/proc/{pid}/fd"))
        .ok()?
        .filter_map(|entry| Some(std::fs::read_link(entry.ok()?.path()).ok()?.display().to_string()))
        .filter_map(|link| Some(link.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
        .collect();
    let table = std::fs::read_to_string(format!("/proc/{pid}/net/tcp")).ok()?;
    table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (own, state, inode) = (fields.get(1)?, fields.get(3)?, fields.get(9)?);
        let listens = *state == "0A" && sockets.iter().any(|socket| socket == inode);
        let port = own.split_once(':')?.1;
        listens.then(|| u16::from_str_radix(port, 16).ok()).flatten()
    })
}

/// One request on a connection of its own.
pub fn ask(
    stream: &mut (impl Read + Write),
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let mut all = BTreeMap::from([("host", "127.0.0.1:8420"), ("connection", "close")]);
    all.extend(headers.iter().copied());
    let length = body.len().to_string();
    if method == "POST" {
        all.extend([("content-length", length.as_str()), ("sec-fetch-site", "same-origin")]);
        all.insert("content-type", "application/x-www-form-urlencoded");
    }
    let head: String = all.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    stream.write_all(format!("{method} {path} HTTP/1.1\r\n{head}\r\n{body}").as_bytes()).unwrap();
    let mut bytes = Vec::new();
    // A TLS peer that closes without a farewell has still said everything.
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer to {path}: {text:?}"));
    let status = head.split_whitespace().nth(1).and_then(|status| status.parse().ok()).unwrap();
    let headers = head.lines().skip(1).filter_map(|line| line.split_once(": "));
    Answer {
        status,
        headers: headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect(),
        body: body.to_owned(),
    }
}
