//! What can be wrong in a file.

use serde::Serialize;
use std::fmt;

/// A kind of fault. The code in JSON is its name in small letters with underscores; it does not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultCode {
    /// Not JSON (or TOML), or cut off.
    Syntax,
    /// A field that the format does not have.
    UnknownField,
    /// A field that must be there is not.
    MissingField,
    /// A value of the wrong type, or a word that is none of the allowed ones.
    WrongValue,
    /// An id that is empty, too long, or reserved.
    BadId,
    /// The same id twice.
    DuplicateId,
    /// A reference to something that is not in the file.
    UnknownEnd,
    /// A reference to a thing of a kind that cannot stand there.
    WrongKind,
    /// A line from a thing to itself.
    SelfLoop,
    /// A circle where none may be.
    Cycle,
    /// A probability outside 0 to 1, or none at all.
    BadProbability,
    /// A number out of its range.
    OutOfRange,
    /// A control on something that it cannot be on.
    ControlMisplaced,
}

/// A fault: what, where, and the words of the file that it is about. Messages for people are made of these by the
/// caller; [`fmt::Display`] makes an English one for the command line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
pub struct Fault {
    /// What is wrong.
    pub code: FaultCode,
    /// Where: a path such as `nodes[3].zone`; empty for the whole file.
    pub path: String,
    /// The offending id, word or number of the file, or the parser's remark where there is none.
    pub detail: String,
}

impl Fault {
    pub(crate) fn new(code: FaultCode, path: impl Into<String>, detail: impl ToString) -> Fault {
        Fault { code, path: path.into(), detail: detail.to_string() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { code, path, detail } = self;
        if !path.is_empty() {
            write!(f, "{path}: ")?;
        }
        match code {
            FaultCode::Syntax => write!(f, "this cannot be read: {detail}"),
            FaultCode::UnknownField => write!(f, "there is no such field: {detail}"),
            FaultCode::MissingField => write!(f, "a field is missing: {detail}"),
            FaultCode::WrongValue => write!(f, "this value does not fit here: {detail}"),
            FaultCode::BadId => {
                write!(f, "{detail:?} cannot be an id (1 to 200 bytes, and not \"internet\")")
            }
            FaultCode::DuplicateId => write!(f, "the id {detail:?} was used before"),
            FaultCode::UnknownEnd => write!(f, "nothing in this file has the id {detail:?}"),
            FaultCode::WrongKind => write!(f, "{detail:?} is of a kind that cannot stand here"),
            FaultCode::SelfLoop => write!(f, "{detail:?} is connected with itself"),
            FaultCode::Cycle => write!(f, "this goes round in a circle: {detail}"),
            FaultCode::BadProbability => write!(f, "{detail} is not a probability between 0 and 1"),
            FaultCode::OutOfRange => write!(f, "{detail} is out of range"),
            FaultCode::ControlMisplaced => write!(f, "the control {detail} cannot be on this"),
        }
    }
}
