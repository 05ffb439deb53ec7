//! One transaction, and the ways to ask something in it.

use crate::sealed::Cabinet;
use crate::shelf::Shelf;
use crate::{Backend, DbError, Row, Value, postgres_side::PgTx};
use std::any::Any;
use std::sync::Arc;
use uuid::Uuid;

/// What a query belongs to: an organisation, whose id is bound as `$1`, or nothing.
pub trait Tenancy {
    /// The organisation to bind as the first parameter, if there is one.
    fn organisation(&self) -> Option<Uuid>;
}

/// A query that belongs to no organisation, and why that is right.
#[derive(Clone, Copy, Debug)]
pub struct Outside(pub &'static str);

impl Tenancy for Outside {
    fn organisation(&self) -> Option<Uuid> {
        None
    }
}

/// One SQL text, known by name.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// The constant's name.
    pub name: &'static str,
    /// The text, in the dialect that both databases understand.
    pub sql: &'static str,
}

/// Declares a store's statements as constants and as the list `STATEMENTS` that a test prepares on both databases.
#[macro_export]
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:expr;)*) => {
        $($(#[$doc])* const $name: $crate::Statement = $crate::Statement { name: stringify!($name), sql: $sql };)*

        /// Every statement of this store, for the test that prepares them on both databases.
        pub const STATEMENTS: &[$crate::Statement] = &[$($name),*];
    };
}

/// Builds the parameters of a statement, in order; with a scope they start at `$2`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::Value::from($value)),*] };
}

/// A running transaction.
pub struct Tx<'a> {
    pub(crate) side: TxSide<'a>,
    pub(crate) cabinet: Option<&'a Cabinet>,
    /// Where reading transactions keep what they made; a writing one has none.
    pub(crate) shelf: Option<&'a Shelf>,
    /// Whether to tell listeners once it is durable.
    pub(crate) rings: bool,
}

pub(crate) enum TxSide<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(PgTx<'a>),
}

impl Tx<'_> {
    /// Which database this runs on; for `platform/jobs`, which must claim work differently.
    pub fn backend(&self) -> Backend {
        match self.side {
            TxSide::Sqlite(_) => Backend::Sqlite,
            TxSide::Postgres(_) => Backend::Postgres,
        }
    }

    /// What a reading transaction kept of this type of the organisation. Whoever takes it makes sure that it still holds.
    pub fn kept<T: Any + Send + Sync>(&self, within: &impl Tenancy) -> Option<Arc<T>> {
        self.shelf?.take(within.organisation()?)
    }

    /// Keeps something for later transactions of this process; a writing transaction keeps nothing.
    pub fn keep<T: Any + Send + Sync>(&self, within: &impl Tenancy, value: &Arc<T>) {
        if let (Some(shelf), Some(whose)) = (self.shelf, within.organisation()) {
            shelf.put(whose, Arc::clone(value));
        }
    }

    /// Has whoever listens ([`crate::Db::listen`]) told, once this transaction is durable.
    pub fn ring(&mut self) {
        self.rings = true;
    }

    /// All rows, each turned into a `T`.
    pub fn all<T>(
        &mut self,
        within: &impl Tenancy,
        statement: Statement,
        params: &[Value],
        mut make: impl FnMut(&Row<'_>) -> Result<T, DbError>,
    ) -> Result<Vec<T>, DbError> {
        let (tenant, cabinet) = (within.organisation().map(Value::Uuid), self.cabinet);
        match &mut self.side {
            TxSide::Sqlite(connection) => {
                let mut prepared = connection.prepare_cached(statement.sql)?;
                crate::sqlite_side::bind(&mut prepared, statement, tenant.as_ref(), params)?;
                let mut rows = prepared.raw_query();
                let mut all = Vec::new();
                while let Some(row) = rows.next()? {
                    all.push(make(&Row::sqlite(row, cabinet))?);
                }
                Ok(all)
            }
            TxSide::Postgres(tx) => tx
                .query(statement, tenant.as_ref(), params)?
                .iter()
                .map(|row| make(&Row::postgres(row, cabinet)))
                .collect(),
        }
    }

    /// The only row, or none.
    ///
    /// # Errors
    /// [`DbError::Other`] when there is more than one.
    pub fn maybe<T>(
        &mut self,
        within: &impl Tenancy,
        statement: Statement,
        params: &[Value],
        make: impl FnMut(&Row<'_>) -> Result<T, DbError>,
    ) -> Result<Option<T>, DbError> {
        let mut rows = self.all(within, statement, params, make)?;
        if rows.len() > 1 {
            return Err(DbError::Other(format!("{} answered {} rows", statement.name, rows.len())));
        }
        Ok(rows.pop())
    }

    /// The one row that must be there.
    ///
    /// # Errors
    /// [`DbError::Other`] when there is none, or more than one.
    pub fn one<T>(
        &mut self,
        within: &impl Tenancy,
        statement: Statement,
        params: &[Value],
        make: impl FnMut(&Row<'_>) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        self.maybe(within, statement, params, make)?
            .ok_or_else(|| DbError::Other(format!("{} answered no row", statement.name)))
    }

    /// Runs a change and answers how many rows it touched.
    pub fn run(
        &mut self,
        within: &impl Tenancy,
        statement: Statement,
        params: &[Value],
    ) -> Result<usize, DbError> {
        let tenant = within.organisation().map(Value::Uuid);
        match &mut self.side {
            TxSide::Sqlite(connection) => {
                let mut prepared = connection.prepare_cached(statement.sql)?;
                crate::sqlite_side::bind(&mut prepared, statement, tenant.as_ref(), params)?;
                Ok(prepared.raw_execute()?)
            }
            TxSide::Postgres(tx) => tx.execute(statement, tenant.as_ref(), params),
        }
    }

    /// Checks that the database understands a statement, without running it.
    pub fn prepare(&mut self, statement: Statement) -> Result<(), DbError> {
        match &mut self.side {
            TxSide::Sqlite(connection) => connection.prepare(statement.sql).map(drop).map_err(DbError::from),
            TxSide::Postgres(tx) => tx.prepare_only(statement),
        }
    }
}
