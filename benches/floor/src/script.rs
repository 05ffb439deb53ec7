//! What a bare handler does: the statements that the program was seen to run for a request, and its answer.

use crate::Trouble;
use crate::value::Value;
use serde::Deserialize;
use std::borrow::Cow;
use std::sync::atomic::{AtomicI64, Ordering};

/// A request, as it was recorded.
#[derive(Deserialize)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    pub(crate) transactions: Vec<Transaction>,
    /// How often it was answered: what counts up from save to save counts from here.
    #[serde(skip)]
    turn: AtomicI64,
}

#[derive(Deserialize)]
pub(crate) struct Transaction {
    /// As PostgreSQL is told to begin it.
    pub(crate) begin: String,
    pub(crate) calls: Vec<Call>,
}

/// A statement with its parameters in the order of their numbers.
#[derive(Deserialize)]
pub(crate) struct Call {
    pub(crate) sql: String,
    #[serde(deserialize_with = "parameters")]
    pub(crate) parameters: Vec<Parameter>,
}

pub(crate) enum Parameter {
    /// The same each time.
    Fixed(Value),
    /// One more each time.
    Count(i64),
    /// What an earlier statement of the transaction returned.
    Returned,
}

/// How the recorder writes a parameter.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Recorded {
    Null,
    Text { kind: String, text: String },
    Count(i64),
    Returned,
}

impl Transaction {
    /// Whether it changes nothing.
    pub(crate) fn reads(&self) -> bool {
        self.begin.contains("READ ONLY")
    }
}

impl Request {
    /// The number of this answer, from 0.
    pub(crate) fn turn(&self) -> i64 {
        self.turn.fetch_add(1, Ordering::Relaxed)
    }
}

impl Call {
    /// The parameters of the turn, after what was returned last.
    pub(crate) fn values(&self, turn: i64, returned: i64) -> impl Iterator<Item = Cow<'_, Value>> {
        self.parameters.iter().map(move |parameter| match parameter {
            Parameter::Fixed(value) => Cow::Borrowed(value),
            Parameter::Count(first) => Cow::Owned(Value::Int(first + turn)),
            Parameter::Returned => Cow::Owned(Value::Int(returned)),
        })
    }

    /// Whether it answers what later statements need.
    pub(crate) fn returns(&self) -> bool {
        self.sql.contains(" RETURNING ")
    }
}

/// Reads the script from standard input.
pub(crate) fn read() -> Result<Vec<Request>, Trouble> {
    Ok(serde_json::from_reader(std::io::stdin())?)
}

fn parameters<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<Parameter>, D::Error> {
    let recorded = Vec::<Recorded>::deserialize(from)?;
    let parameter = |one: Recorded| match one {
        Recorded::Null => Ok(Parameter::Fixed(Value::Null)),
        Recorded::Text { kind, text } => Value::read(&kind, text).map(Parameter::Fixed),
        Recorded::Count(first) => Ok(Parameter::Count(first)),
        Recorded::Returned => Ok(Parameter::Returned),
    };
    recorded.into_iter().map(parameter).collect::<Result<_, Trouble>>().map_err(serde::de::Error::custom)
}
