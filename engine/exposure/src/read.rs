//! From bytes to a network that holds together.

use crate::check::check;
use crate::fault::{Fault, FaultCode};
use crate::model::Network;
use serde_json::error::Category;

/// At most this many faults are told; a file with more is no better understood by all of them.
pub const MAX_FAULTS: usize = 100;

/// A size in bytes up to which a caller can well accept files: some two million connections.
///
/// The engine works on bytes in memory and sets no limit of its own. Whoever reads a stranger's file must stop
/// reading at a limit, as a file of 10 GB would fill the memory before it came here. Parsing takes memory in
/// proportion to the file, and nesting is limited to 128 levels.
pub const SUGGESTED_MAX_BYTES: u64 = 512 << 20;

/// A network whose references, numbers and circles have been checked. Only [`read`] and [`accept`] make one.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked(Network);

impl Checked {
    /// Gives the network back, to change it.
    pub fn into_inner(self) -> Network {
        self.0
    }
}

impl std::ops::Deref for Checked {
    type Target = Network;

    fn deref(&self) -> &Network {
        &self.0
    }
}

/// Reads a network from JSON and checks it.
///
/// # Errors
/// Every fault found, at most [`MAX_FAULTS`], in the order of the file. One that keeps the parser from going on
/// (syntax, an unknown field, a wrong type) comes alone.
pub fn read(json: &[u8]) -> Result<Checked, Vec<Fault>> {
    let mut parser = serde_json::Deserializer::from_slice(json);
    let network = serde_path_to_error::deserialize(&mut parser).map_err(|error| vec![parse_fault(&error)])?;
    parser.end().map_err(|error| vec![Fault::new(FaultCode::Syntax, "", error)])?;
    accept(network)
}

/// Checks a network that was made in memory.
///
/// # Errors
/// As [`read`].
pub fn accept(network: Network) -> Result<Checked, Vec<Fault>> {
    let faults = check(&network);
    if faults.is_empty() { Ok(Checked(network)) } else { Err(faults) }
}

/// What stopped the parser. serde has no codes for these; the beginnings of its messages are stable and tested here.
fn parse_fault(error: &serde_path_to_error::Error<serde_json::Error>) -> Fault {
    let inner = error.inner();
    let message = inner.to_string();
    let code = match inner.classify() {
        Category::Data if message.starts_with("unknown field") => FaultCode::UnknownField,
        Category::Data if message.starts_with("missing field") => FaultCode::MissingField,
        Category::Data if message.starts_with("duplicate field") => FaultCode::DuplicateId,
        Category::Data => FaultCode::WrongValue,
        // serde_json cannot hold 1e999 and says so as a fault of syntax.
        _ if message.starts_with("number out of range") => FaultCode::OutOfRange,
        _ => FaultCode::Syntax,
    };
    let path = error.path().to_string();
    Fault::new(code, if path == "." { String::new() } else { path }, message)
}
