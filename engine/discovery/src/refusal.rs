//! Why a file is not read.

use crate::findings::Source;
use serde::{Deserialize, Serialize};

/// Why a file is not read. Words for people are made outside; these are for the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Larger than such a file ever is.
    #[error("{bytes} bytes; at most {limit} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// Packed (gzip, zip, xz, zstd): unpack it first.
    #[error("the file is packed; unpack it first")]
    Packed,
    /// Not what it is said to be.
    #[error("this is not the file of {expected:?} that it is said to be")]
    NotThis {
        /// What it is said to be.
        expected: Source,
    },
    /// A format of the same program that is not read.
    #[error("{format:?} is not read")]
    NotSupported {
        /// The format.
        format: OtherFormat,
    },
    /// A version of the format that is not known.
    #[error("version {found:?} of the format is not known")]
    Version {
        /// What the file says.
        found: String,
    },
    /// A document type with more than a name: it could define entities.
    #[error("line {line}: the document type defines something")]
    DocumentType {
        /// The line.
        line: usize,
    },
    /// An entity that XML itself does not define.
    #[error("line {line}: an entity of its own")]
    Entity {
        /// The line.
        line: usize,
    },
    /// Nested more deeply than such a file ever is.
    #[error("line {line}: nested too deeply")]
    TooDeep {
        /// The line.
        line: usize,
    },
    /// The file ends before it should: a scan that was broken off, a copy that failed.
    #[error("the file ends early, in line {line}")]
    EndedEarly {
        /// The last line.
        line: usize,
    },
    /// Not well-formed.
    #[error("line {line}, column {column}: not well-formed")]
    Syntax {
        /// The line, counted from 1.
        line: usize,
        /// The column in bytes, counted from 1; 0 if unknown.
        column: usize,
    },
    /// Well-formed, but a thing stands where another must.
    #[error("line {line}, column {column}: this cannot stand here")]
    Shape {
        /// The line, counted from 1.
        line: usize,
        /// The column in bytes; 0 if unknown.
        column: usize,
    },
    /// A recording that contradicts itself.
    #[error("damaged at byte {at}")]
    Damaged {
        /// The place in bytes from the beginning.
        at: usize,
    },
}

impl Refusal {
    /// Why JSON could not be read. serde has no codes for these; the beginning of the one message is tested here.
    pub(crate) fn of_json(error: &serde_json::Error) -> Refusal {
        let (line, column) = (error.line(), error.column());
        match error.classify() {
            serde_json::error::Category::Eof => Refusal::EndedEarly { line },
            serde_json::error::Category::Data => Refusal::Shape { line, column },
            _ if error.to_string().starts_with("recursion limit") => Refusal::TooDeep { line },
            _ => Refusal::Syntax { line, column },
        }
    }
}

/// A format that is known and not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OtherFormat {
    /// What nmap writes for people or for grep; `-oX` writes what is read.
    NmapText,
    /// The older inventories in XML.
    GlpiXml,
    /// A bill of materials in XML.
    CycloneDxXml,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_json_is_refused_for() {
        let refusal = |json: &str| {
            let error = serde_json::from_str::<serde_json::Value>(json).unwrap_err();
            Refusal::of_json(&error)
        };
        assert_eq!(refusal("{\n\"a\": "), Refusal::EndedEarly { line: 2 });
        assert_eq!(refusal(&"[".repeat(200)), Refusal::TooDeep { line: 1 });
        assert!(matches!(refusal("{\n\"a\": nix}"), Refusal::Syntax { line: 2, .. }));
    }
}
