//! Whole tables, in and out: what an archive and a move between the two databases stand on.
//!
//! The schema is asked of the database itself, so that a table that a later step adds is never forgotten.

use crate::tx::TxSide;
use crate::{Backend, DbError, Row, Tx, Value, postgres_side, sqlite_side};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a column holds, the same on both databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `BOOLEAN`.
    Bool,
    /// `BIGINT`.
    Int,
    /// `DOUBLE PRECISION`.
    Real,
    /// `TEXT`.
    Text,
    /// `BYTEA`.
    Bytes,
    /// `UUID`.
    Uuid,
    /// `TIMESTAMPTZ`.
    Time,
    /// `DATE`.
    Date,
}

impl Kind {
    /// The kind of a column by the type's name, as the schema or either database writes it.
    pub(crate) fn named(name: &str) -> Option<Kind> {
        Some(match name.to_ascii_lowercase().as_str() {
            "boolean" => Kind::Bool,
            "bigint" => Kind::Int,
            "double precision" => Kind::Real,
            "text" => Kind::Text,
            "bytea" => Kind::Bytes,
            "uuid" => Kind::Uuid,
            "timestamptz" | "timestamp with time zone" => Kind::Time,
            "date" => Kind::Date,
            _ => return None,
        })
    }

    fn read(self, row: &Row<'_>, index: usize) -> Result<Value, DbError> {
        Ok(match self {
            Kind::Bool => row.get::<Option<bool>>(index)?.into(),
            Kind::Int => row.get::<Option<i64>>(index)?.into(),
            Kind::Real => row.get::<Option<f64>>(index)?.into(),
            Kind::Text => row.get::<Option<String>>(index)?.into(),
            Kind::Bytes => row.get::<Option<Vec<u8>>>(index)?.into(),
            Kind::Uuid => row.get::<Option<Uuid>>(index)?.into(),
            Kind::Time => row.get::<Option<DateTime<Utc>>>(index)?.into(),
            Kind::Date => row.get::<Option<NaiveDate>>(index)?.into(),
        })
    }
}

/// A table and its columns, in their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Name and kind of each column.
    pub columns: Vec<(String, Kind)>,
}

impl Table {
    pub(crate) fn new(name: &str, columns: Vec<(String, String)>) -> Result<Table, DbError> {
        let known = |(column, kind): (String, String)| match Kind::named(&kind) {
            Some(kind) => Ok((column, kind)),
            None => Err(DbError::Other(format!("{name}.{column} is of the unknown type {kind}"))),
        };
        Ok(Table {
            name: name.to_owned(),
            columns: columns.into_iter().map(known).collect::<Result<_, _>>()?,
        })
    }

    pub(crate) fn quoted(&self) -> String {
        quoted(&self.name)
    }

    pub(crate) fn column_list(&self) -> String {
        self.columns.iter().map(|(name, _)| quoted(name)).collect::<Vec<_>>().join(", ")
    }

    fn explain(&self, error: DbError) -> DbError {
        match error {
            DbError::Other(text) => DbError::Other(format!("table {}: {text}", self.name)),
            other => other,
        }
    }
}

/// The references between tables while they are set aside.
#[must_use = "the references must be put back"]
pub struct References(Vec<postgres_side::Reference>);

/// A name as both databases take it, whatever is in it.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Tx<'_> {
    /// Every table there is, by name.
    ///
    /// # Errors
    /// [`DbError::Other`] for a column of a type that [`Kind`] does not know.
    pub fn tables(&mut self) -> Result<Vec<Table>, DbError> {
        let mut tables = match &mut self.side {
            TxSide::Sqlite(connection) => sqlite_side::tables(connection)?,
            TxSide::Postgres(tx) => tx.tables()?,
        };
        tables.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(tables)
    }

    /// Shows every row of a table, one after the other, in no particular order.
    pub fn table_rows<E: From<DbError>>(
        &mut self,
        table: &Table,
        mut visit: impl FnMut(Vec<Value>) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = format!("SELECT {} FROM {}", table.column_list(), table.quoted());
        self.stream(&sql, &[], |row| {
            let kinds = table.columns.iter().enumerate();
            let values = kinds.map(|(index, (_, kind))| kind.read(row, index)).collect::<Result<_, _>>();
            visit(values.map_err(|error| table.explain(error))?)
        })
    }

    /// Puts rows into a table, each with a value for every column in the table's order.
    pub fn table_fill(&mut self, table: &Table, rows: &[Vec<Value>]) -> Result<(), DbError> {
        if let Some(row) = rows.iter().find(|row| row.len() != table.columns.len()) {
            return Err(table.explain(DbError::Other(format!("a row of {} values", row.len()))));
        }
        match &mut self.side {
            TxSide::Sqlite(connection) => sqlite_side::fill(connection, table, rows),
            TxSide::Postgres(tx) => tx.fill(table, rows),
        }
        .map_err(|error| table.explain(error))
    }

    /// Lets rows refer to rows that come later, until [`Tx::references_back`].
    pub fn references_aside(&mut self) -> Result<References, DbError> {
        Ok(References(match &mut self.side {
            TxSide::Sqlite(connection) => {
                connection.execute_batch("PRAGMA defer_foreign_keys = ON")?;
                Vec::new()
            }
            TxSide::Postgres(tx) => tx.references_drop()?,
        }))
    }

    /// Asks again that every reference leads somewhere; SQLite answers at the end of the transaction.
    pub fn references_back(&mut self, references: References) -> Result<(), DbError> {
        match &mut self.side {
            TxSide::Sqlite(_) => Ok(()),
            TxSide::Postgres(tx) => tx.references_make(&references.0),
        }
    }

    /// Bytes that the database takes on its disk, without what waits to be written there.
    pub fn size(&mut self) -> Result<i64, DbError> {
        let sql = match self.backend() {
            Backend::Sqlite => "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
            Backend::Postgres => "SELECT pg_database_size(current_database())",
        };
        let mut size = 0;
        self.stream(sql, &[], |row| row.get(0).map(|found| size = found))?;
        Ok(size)
    }

    /// Name and version of the database program.
    pub fn server(&mut self) -> Result<String, DbError> {
        let sql = match self.backend() {
            Backend::Sqlite => "SELECT 'SQLite ' || sqlite_version()",
            Backend::Postgres => "SELECT 'PostgreSQL ' || current_setting('server_version')",
        };
        let mut server = String::new();
        self.stream(sql, &[], |row| row.get(0).map(|found| server = found))?;
        Ok(server)
    }

    /// Shows the rows of a query as they come; memory stays bounded however many there are.
    pub(crate) fn stream<E: From<DbError>>(
        &mut self,
        sql: &str,
        params: &[Value],
        visit: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        match &mut self.side {
            TxSide::Sqlite(connection) => sqlite_side::stream(connection, sql, params, visit),
            TxSide::Postgres(tx) => postgres_side::stream(tx, sql, params, visit),
        }
    }
}
