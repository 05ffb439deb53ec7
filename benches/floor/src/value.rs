//! Parameters, for both drivers as the program gives them.

use crate::Trouble;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use std::error::Error;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, Type, to_sql_checked};
use uuid::Uuid;

#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
    Uuid(Uuid),
    Time(DateTime<Utc>),
    Date(NaiveDate),
}

impl Value {
    /// Reads a parameter as PostgreSQL's log writes it.
    pub(crate) fn read(kind: &str, text: String) -> Result<Value, Trouble> {
        Ok(match kind {
            "bool" => Value::Bool(text == "t"),
            "int4" | "int8" => Value::Int(text.parse()?),
            "text" => Value::Text(text),
            "bytea" => Value::Bytes(bytes(&text).ok_or("not written as bytea")?),
            "uuid" => Value::Uuid(text.parse()?),
            "timestamptz" => {
                Value::Time(DateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S%.f%#z")?.to_utc())
            }
            "date" => Value::Date(text.parse()?),
            other => return Err(format!("a parameter of the type {other}").into()),
        })
    }
}

/// `\x0123…`
fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("\\x")?;
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()).collect()
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef};
        Ok(match self {
            Value::Null => ToSqlOutput::Owned(Owned::Null),
            Value::Bool(value) => ToSqlOutput::Owned(Owned::Integer(i64::from(*value))),
            Value::Int(value) => ToSqlOutput::Owned(Owned::Integer(*value)),
            Value::Text(value) => ToSqlOutput::Borrowed(ValueRef::Text(value.as_bytes())),
            Value::Bytes(value) => ToSqlOutput::Borrowed(ValueRef::Blob(value)),
            Value::Uuid(value) => ToSqlOutput::Borrowed(ValueRef::Blob(value.as_bytes())),
            Value::Time(value) => {
                ToSqlOutput::Owned(Owned::Text(value.to_rfc3339_opts(SecondsFormat::Micros, true)))
            }
            Value::Date(value) => ToSqlOutput::Owned(Owned::Text(value.to_string())),
        })
    }
}

impl tokio_postgres::types::ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Bool(value) => value.to_sql_checked(kind, out),
            Value::Int(value) if *kind == Type::INT4 => i32::try_from(*value)?.to_sql_checked(kind, out),
            Value::Int(value) => value.to_sql_checked(kind, out),
            Value::Text(value) => value.to_sql_checked(kind, out),
            Value::Bytes(value) => value.to_sql_checked(kind, out),
            Value::Uuid(value) => value.to_sql_checked(kind, out),
            Value::Time(value) => value.to_sql_checked(kind, out),
            Value::Date(value) => value.to_sql_checked(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
