//! The load: connections that stay open, each asking again as soon as it was answered.
//!
//! Blocking sockets and a thread for each, since on a small machine the load takes its time from the server's.

use crate::Trouble;
use crate::took::{Took, joined};
use serde::Deserialize;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// What stands on standard input, in JSON.
#[derive(Deserialize)]
struct Plan {
    port: u16,
    seconds: f64,
    connections: Vec<Asked>,
}

/// What one connection asks.
#[derive(Deserialize)]
struct Asked {
    /// Request line and headers, without a length and without the empty line. Here and in the body the version of the last
    /// answer goes where `{version}` stands, so that every save is one.
    head: String,
    /// What is sent; none for a request that only asks.
    body: Option<String>,
    #[serde(default)]
    version: i64,
}

struct Connection {
    stream: BufReader<TcpStream>,
    asked: Asked,
}

/// Does what standard input says.
pub(crate) fn load() -> Result<Took, Trouble> {
    let plan: Plan = serde_json::from_reader(std::io::stdin())?;
    let mut connections = Vec::new();
    let mut bytes = 0;
    for asked in plan.connections {
        let stream = TcpStream::connect(("127.0.0.1", plan.port))?;
        stream.set_nodelay(true)?;
        let mut connection = Connection { stream: BufReader::new(stream), asked };
        // The first answer is not counted: what is made once for a connection is made now.
        bytes = connection.ask()?;
        connections.push(connection);
    }
    let began = Instant::now();
    let end = began + Duration::from_secs_f64(plan.seconds);
    let times = std::thread::scope(|threads| {
        joined(connections.iter_mut().map(|one| threads.spawn(move || one.until(end))).collect())
    });
    let all = began.elapsed();
    let versions = connections.iter().map(|connection| connection.asked.version).collect();
    let mut took = Took::new(times?, all);
    (took.bytes, took.versions) = (bytes, versions);
    Ok(took)
}

impl Connection {
    /// Asks until then; answers how long each answer took.
    fn until(&mut self, end: Instant) -> Result<Vec<Duration>, Trouble> {
        let mut times = Vec::new();
        loop {
            let began = Instant::now();
            if began >= end {
                return Ok(times);
            }
            self.ask()?;
            times.push(began.elapsed());
        }
    }

    /// Asks once; answers the length of the body.
    fn ask(&mut self) -> Result<usize, Trouble> {
        let head = &self.asked.head;
        let request = match &self.asked.body {
            None => format!("{head}\r\n\r\n"),
            Some(body) => {
                let version = self.asked.version.to_string();
                let (head, body) = (head.replace("{version}", &version), body.replace("{version}", &version));
                format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
            }
        };
        self.stream.get_mut().write_all(request.as_bytes())?;
        let body = self.answer()?;
        if self.asked.body.is_some() {
            let saved: serde_json::Value = serde_json::from_slice(&body)?;
            self.asked.version = saved["version"].as_i64().ok_or("the answer tells no version")?;
        }
        Ok(body.len())
    }

    /// Reads an answer; anything but 200 ends the measure.
    fn answer(&mut self) -> Result<Vec<u8>, Trouble> {
        let status = self.line()?;
        let (mut length, mut chunked) = (0, false);
        loop {
            let header = self.line()?.to_ascii_lowercase();
            match header.split_once(':').map(|(name, value)| (name, value.trim())) {
                None => break,
                Some(("content-length", value)) => length = value.parse()?,
                Some(("transfer-encoding", value)) => chunked = value == "chunked",
                Some(_) => {}
            }
        }
        let body = if chunked { self.chunks()? } else { self.bytes(length)? };
        if status.split(' ').nth(1) != Some("200") {
            let request = self.asked.head.lines().next().unwrap_or_default();
            let text: String = String::from_utf8_lossy(&body).chars().take(400).collect();
            return Err(format!("{request}: {status} {text}").into());
        }
        Ok(body)
    }

    fn chunks(&mut self) -> Result<Vec<u8>, Trouble> {
        let mut body = Vec::new();
        loop {
            let size = usize::from_str_radix(&self.line()?, 16)?;
            body.extend(self.bytes(size)?);
            self.line()?;
            if size == 0 {
                return Ok(body);
            }
        }
    }

    fn bytes(&mut self, size: usize) -> Result<Vec<u8>, Trouble> {
        let mut bytes = vec![0; size];
        self.stream.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn line(&mut self) -> Result<String, Trouble> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err("the connection was closed".into());
        }
        line.truncate(line.trim_end().len());
        Ok(line)
    }
}
