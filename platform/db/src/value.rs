//! Values that go into a statement and columns that come out of a row, the same for both databases.

use crate::DbError;
use crate::sealed::Cabinet;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use postgres::types::{IsNull, Type, to_sql_checked};
use rusqlite::types::{ToSqlOutput, ValueRef};
use std::error::Error;
use uuid::Uuid;

/// One parameter of a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// No value, whatever the column's type.
    Null,
    /// `BOOLEAN`.
    Bool(bool),
    /// `BIGINT`.
    Int(i64),
    /// `DOUBLE PRECISION`.
    Real(f64),
    /// `TEXT`.
    Text(String),
    /// `BYTEA`.
    Bytes(Vec<u8>),
    /// `UUID`.
    Uuid(Uuid),
    /// `TIMESTAMPTZ`, to the microsecond.
    Time(DateTime<Utc>),
    /// `DATE`.
    Date(NaiveDate),
}

macro_rules! into_value {
    ($($from:ty => $variant:ident),* $(,)?) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                Value::$variant(value.into())
            }
        }

        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Self {
                value.map_or(Value::Null, Value::from)
            }
        }
    )*};
}

into_value! {
    bool => Bool, i64 => Int, i32 => Int, u32 => Int, f64 => Real, String => Text, &str => Text, Vec<u8> => Bytes,
    &[u8] => Bytes, Uuid => Uuid, DateTime<Utc> => Time, NaiveDate => Date,
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Value::Text(text.clone())
    }
}

/// The text a moment has in SQLite: fixed width, so that text order is time order.
fn moment_text(moment: &DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Micros, true)
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        use rusqlite::types::Value as Owned;
        Ok(match self {
            Value::Null => ToSqlOutput::Owned(Owned::Null),
            Value::Bool(value) => ToSqlOutput::Owned(Owned::Integer(i64::from(*value))),
            Value::Int(value) => ToSqlOutput::Owned(Owned::Integer(*value)),
            Value::Real(value) => ToSqlOutput::Owned(Owned::Real(*value)),
            Value::Text(value) => ToSqlOutput::Borrowed(ValueRef::Text(value.as_bytes())),
            Value::Bytes(value) => ToSqlOutput::Borrowed(ValueRef::Blob(value)),
            Value::Uuid(value) => ToSqlOutput::Borrowed(ValueRef::Blob(value.as_bytes())),
            Value::Time(value) => ToSqlOutput::Owned(Owned::Text(moment_text(value))),
            Value::Date(value) => ToSqlOutput::Owned(Owned::Text(value.to_string())),
        })
    }
}

impl postgres::types::ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Bool(value) => value.to_sql_checked(kind, out),
            Value::Int(value) if *kind == Type::INT4 => i32::try_from(*value)?.to_sql_checked(kind, out),
            Value::Int(value) => value.to_sql_checked(kind, out),
            Value::Real(value) => value.to_sql_checked(kind, out),
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

/// One row of an answer; columns are read by position.
pub struct Row<'a> {
    side: RowSide<'a>,
    pub(crate) cabinet: Option<&'a Cabinet>,
}

enum RowSide<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a postgres::Row),
}

impl<'a> Row<'a> {
    pub(crate) fn sqlite(row: &'a rusqlite::Row<'a>, cabinet: Option<&'a Cabinet>) -> Row<'a> {
        Row { side: RowSide::Sqlite(row), cabinet }
    }

    pub(crate) fn postgres(row: &'a postgres::Row, cabinet: Option<&'a Cabinet>) -> Row<'a> {
        Row { side: RowSide::Postgres(row), cabinet }
    }

    /// The column at `index`, from 0.
    pub fn get<T: Column>(&self, index: usize) -> Result<T, DbError> {
        T::read(self, index)
    }
}

/// A type that a column can be read as.
pub trait Column: Sized {
    /// Reads the column at `index`.
    ///
    /// # Errors
    /// [`DbError::Other`] when the stored value is of another type.
    fn read(row: &Row<'_>, index: usize) -> Result<Self, DbError>;
}

macro_rules! column {
    ($($type:ty, $value:ident => $from_sqlite:expr;)*) => {$(
        impl Column for Option<$type> {
            fn read(row: &Row<'_>, index: usize) -> Result<Self, DbError> {
                match row.side {
                    RowSide::Sqlite(row) => match row.get_ref(index)? {
                        ValueRef::Null => Ok(None),
                        $value => $from_sqlite.map(Some).ok_or_else(|| wrong_type::<$type>(index)),
                    },
                    RowSide::Postgres(row) => Ok(row.try_get(index)?),
                }
            }
        }

        impl Column for $type {
            fn read(row: &Row<'_>, index: usize) -> Result<Self, DbError> {
                row.get::<Option<$type>>(index)?.ok_or_else(|| wrong_type::<$type>(index))
            }
        }
    )*};
}

column! {
    bool, value => value.as_i64().ok().map(|number| number != 0);
    i64, value => value.as_i64().ok();
    f64, value => value.as_f64().ok();
    String, value => value.as_str().ok().map(str::to_owned);
    Vec<u8>, value => value.as_blob().ok().map(<[u8]>::to_vec);
    Uuid, value => value.as_blob().ok().and_then(|bytes| Uuid::from_slice(bytes).ok());
    DateTime<Utc>, value => value.as_str().ok()
        .and_then(|text| DateTime::parse_from_rfc3339(text).ok()).map(|moment| moment.to_utc());
    NaiveDate, value => value.as_str().ok().and_then(|text| text.parse().ok());
}

fn wrong_type<T>(index: usize) -> DbError {
    DbError::Other(format!("column {index} is not a {}", std::any::type_name::<T>()))
}
