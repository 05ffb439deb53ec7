//! The PostgreSQL half: a bounded pool of connections, each with its prepared statements.

use crate::bulk::{Table, quoted};
use crate::sealed::Cabinet;
use crate::shelf::Shelf;
use crate::tx::TxSide;
use crate::{DbError, Pool, Row, Statement, Tx, Value};
use postgres::binary_copy::BinaryCopyInWriter;
use postgres::types::{ToSql, Type};
use postgres::{Client, Config, IsolationLevel, NoTls};
use std::collections::HashMap;
use std::sync::{Condvar, Mutex, PoisonError};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Connections one node may hold.
const CONNECTIONS: usize = 16;
/// Rows fetched at a time while a whole table is read.
const STRIDE: i32 = 500;
/// How the server names our connections, so that a node can be told from other programs.
const PROGRAM: &str = "komainu";

pub(crate) struct Postgres {
    config: Config,
    idle: Mutex<(Vec<Connection>, usize)>,
    freed: Condvar,
    /// One beyond those, for what presses: it does not wait until one of the others is free.
    spare: Mutex<Option<Connection>>,
}

struct Connection {
    client: Client,
    prepared: HashMap<&'static str, postgres::Statement>,
}

/// A transaction on one connection, with that connection's prepared statements.
pub(crate) struct PgTx<'a> {
    tx: postgres::Transaction<'a>,
    prepared: &'a mut HashMap<&'static str, postgres::Statement>,
}

impl Postgres {
    /// Remembers where the server is and proves that it answers.
    pub(crate) fn open(mut config: Config) -> Result<Postgres, DbError> {
        config.application_name(PROGRAM);
        let pool = Postgres {
            config,
            idle: Mutex::new((Vec::new(), 0)),
            freed: Condvar::new(),
            spare: Mutex::default(),
        };
        drop(pool.borrow(false)?);
        Ok(pool)
    }

    /// Runs `work` in a transaction and commits it when the work answers `Ok`. With a shelf it only reads.
    pub(crate) fn transaction<T, E: From<DbError>>(
        &self,
        (shelf, cabinet): (Option<&Shelf>, Option<&Cabinet>),
        pressing: bool,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let read_only = shelf.is_some();
        // A read sees one moment; a write sees what others commit while it waits for their locks.
        let isolation =
            if read_only { IsolationLevel::RepeatableRead } else { IsolationLevel::ReadCommitted };
        // Connections that died while they rested are only found dead now; each is left behind for the next.
        for _ in 0..CONNECTIONS {
            let mut borrowed = self.borrow(pressing)?;
            let Connection { client, prepared } = borrowed.connection()?;
            let start = client.build_transaction().isolation_level(isolation).read_only(read_only);
            let error = match start.start() {
                Ok(tx) => return run(PgTx { tx, prepared }, (cabinet, shelf), work),
                Err(error) => error,
            };
            if !is_dead(&error) {
                return Err(DbError::from(error).into());
            }
            borrowed.connection = None;
        }
        Err(DbError::Unavailable("every connection was found dead".into()).into())
    }

    fn borrow(&self, pressing: bool) -> Result<Borrowed<'_>, DbError> {
        let connection = if pressing { self.take_spare()? } else { self.take()? };
        Ok(Borrowed { pool: self, connection: Some(connection), pressing })
    }

    fn take_spare(&self) -> Result<Connection, DbError> {
        let kept = self.spare.lock().unwrap_or_else(PoisonError::into_inner).take();
        match kept.filter(|connection| !connection.client.is_closed()) {
            Some(connection) => Ok(connection),
            None => self.connect(),
        }
    }

    pub(crate) fn pool(&self) -> Pool {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        Pool { open: idle.1, idle: idle.0.len(), limit: CONNECTIONS }
    }

    fn take(&self) -> Result<Connection, DbError> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            while let Some(connection) = idle.0.pop() {
                if !connection.client.is_closed() {
                    return Ok(connection);
                }
                idle.1 -= 1;
            }
            if idle.1 < CONNECTIONS {
                idle.1 += 1;
                drop(idle);
                return self.connect().inspect_err(|_| self.forget());
            }
            idle = self.freed.wait(idle).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn connect(&self) -> Result<Connection, DbError> {
        Ok(Connection { client: connect(&self.config)?, prepared: HashMap::new() })
    }

    fn forget(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).1 -= 1;
        self.freed.notify_one();
    }
}

fn connect(config: &Config) -> Result<Client, DbError> {
    Ok(if config.get_ssl_mode() == postgres::config::SslMode::Disable {
        config.connect(NoTls)
    } else {
        config.connect(tls())
    }?)
}

/// Whether a node is connected to the database.
pub(crate) fn in_use(config: &Config) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = $1 AND pid <> pg_backend_pid()";
    let nodes: i64 = connect(config)?.query_one(sql, &[&PROGRAM])?.try_get(0)?;
    Ok(nodes > 0)
}

/// A connection on loan: it goes back to the pool even when the work panics.
struct Borrowed<'a> {
    pool: &'a Postgres,
    connection: Option<Connection>,
    pressing: bool,
}

impl Borrowed<'_> {
    fn connection(&mut self) -> Result<&mut Connection, DbError> {
        self.connection.as_mut().ok_or_else(|| DbError::Other("no connection".into()))
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        if self.pressing {
            let alive = self.connection.take().filter(|connection| !connection.client.is_closed());
            *self.pool.spare.lock().unwrap_or_else(PoisonError::into_inner) = alive;
            return;
        }
        let mut idle = self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner);
        match self.connection.take() {
            Some(connection) if !connection.client.is_closed() => idle.0.push(connection),
            _ => idle.1 -= 1,
        }
        drop(idle);
        self.pool.freed.notify_one();
    }
}

/// Runs `work` and commits it when it answers `Ok`; on an error the transaction is dropped, which rolls it back.
fn run<T, E: From<DbError>>(
    tx: PgTx<'_>,
    (cabinet, shelf): (Option<&Cabinet>, Option<&Shelf>),
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let mut tx = Tx { side: TxSide::Postgres(tx), cabinet, shelf, rings: false };
    let value = work(&mut tx)?;
    if let TxSide::Postgres(PgTx { tx, .. }) = tx.side {
        tx.commit().map_err(DbError::from)?;
    }
    Ok(value)
}

/// Whether the connection is gone: found closed, or ended by the server (class 57P, as when it is shut down).
fn is_dead(error: &postgres::Error) -> bool {
    error.is_closed()
        || error.code().is_some_and(|code| code.code().starts_with("57P"))
        || std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
}

impl PgTx<'_> {
    pub(crate) fn query(
        &mut self,
        statement: Statement,
        tenant: Option<&Value>,
        params: &[Value],
    ) -> Result<Vec<postgres::Row>, DbError> {
        let prepared = self.prepared(statement)?;
        Ok(self.tx.query(&prepared, &bound(&prepared, statement, tenant, params)?)?)
    }

    pub(crate) fn execute(
        &mut self,
        statement: Statement,
        tenant: Option<&Value>,
        params: &[Value],
    ) -> Result<usize, DbError> {
        let prepared = self.prepared(statement)?;
        let touched = self.tx.execute(&prepared, &bound(&prepared, statement, tenant, params)?)?;
        Ok(usize::try_from(touched).unwrap_or(usize::MAX))
    }

    pub(crate) fn prepare_only(&mut self, statement: Statement) -> Result<(), DbError> {
        self.tx.prepare(statement.sql)?;
        Ok(())
    }

    pub(crate) fn script(&mut self, sql: &str) -> Result<(), DbError> {
        Ok(self.tx.batch_execute(sql)?)
    }

    fn prepared(&mut self, statement: Statement) -> Result<postgres::Statement, DbError> {
        if let Some(prepared) = self.prepared.get(statement.sql) {
            return Ok(prepared.clone());
        }
        let prepared = self.tx.prepare(statement.sql)?;
        self.prepared.insert(statement.sql, prepared.clone());
        Ok(prepared)
    }
}

/// A reference between tables that was set aside: its table, its name, and its rule as PostgreSQL writes it.
pub(crate) type Reference = (String, String, String);

impl PgTx<'_> {
    /// Every table of the schema in use.
    pub(crate) fn tables(&mut self) -> Result<Vec<Table>, DbError> {
        let names = self.tx.query(
            "SELECT table_name::text FROM information_schema.tables
                WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'",
            &[],
        )?;
        names
            .iter()
            .map(|row| {
                let name: String = row.try_get(0)?;
                let columns = self.tx.query(
                    "SELECT column_name::text, data_type::text FROM information_schema.columns
                        WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position",
                    &[&name],
                )?;
                let columns = columns.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?)));
                Table::new(&name, columns.collect::<Result<_, DbError>>()?)
            })
            .collect()
    }

    /// Puts rows into a table by `COPY`, several times quicker than by statements.
    pub(crate) fn fill(&mut self, table: &Table, rows: &[Vec<Value>]) -> Result<(), DbError> {
        let (name, columns) = (table.quoted(), table.column_list());
        let types: Vec<Type> = self
            .tx
            .prepare(&format!("SELECT {columns} FROM {name}"))?
            .columns()
            .iter()
            .map(|column| column.type_().clone())
            .collect();
        let into = self.tx.copy_in(&format!("COPY {name} ({columns}) FROM STDIN (FORMAT binary)"))?;
        let mut writer = BinaryCopyInWriter::new(into, &types);
        for row in rows {
            let row: Vec<&(dyn ToSql + Sync)> =
                row.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
            writer.write(&row)?;
        }
        writer.finish()?;
        Ok(())
    }

    /// Drops the references between tables and answers them, so that they can be made again.
    pub(crate) fn references_drop(&mut self) -> Result<Vec<Reference>, DbError> {
        let found = self.tx.query(
            "SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid) FROM pg_constraint
                WHERE contype = 'f' AND connamespace = current_schema()::regnamespace",
            &[],
        )?;
        let references = found
            .iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))
            .collect::<Result<Vec<Reference>, DbError>>()?;
        for (table, name, _) in &references {
            self.script(&format!("ALTER TABLE {table} DROP CONSTRAINT {}", quoted(name)))?;
        }
        Ok(references)
    }

    /// Makes references again, which fails where one leads nowhere.
    pub(crate) fn references_make(&mut self, references: &[Reference]) -> Result<(), DbError> {
        for (table, name, rule) in references {
            self.script(&format!("ALTER TABLE {table} ADD CONSTRAINT {} {rule}", quoted(name)))?;
        }
        Ok(())
    }
}

/// Shows the rows of a query, a few hundred at a time: a portal keeps the rest at the server.
pub(crate) fn stream<E: From<DbError>>(
    tx: &mut PgTx<'_>,
    sql: &str,
    params: &[Value],
    mut visit: impl FnMut(&Row<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
    let portal = tx.tx.bind(sql, &params).map_err(DbError::from)?;
    loop {
        let rows = tx.tx.query_portal(&portal, STRIDE).map_err(DbError::from)?;
        for row in &rows {
            visit(&Row::postgres(row, None))?;
        }
        if i32::try_from(rows.len()).is_ok_and(|count| count < STRIDE) {
            return Ok(());
        }
    }
}

/// The parameters in the order of their numbers, the tenant first; as many as the statement asks for.
fn bound<'a>(
    prepared: &postgres::Statement,
    statement: Statement,
    tenant: Option<&'a Value>,
    params: &'a [Value],
) -> Result<Vec<&'a (dyn ToSql + Sync)>, DbError> {
    let wanted = prepared.params().len();
    let all: Vec<&(dyn ToSql + Sync)> =
        tenant.into_iter().chain(params).take(wanted).map(|value| value as &(dyn ToSql + Sync)).collect();
    if all.len() < wanted {
        return Err(DbError::Other(format!("{}: a parameter is missing", statement.name)));
    }
    Ok(all)
}

/// TLS with the public certificate authorities.
fn tls() -> MakeRustlsConnect {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the ring provider supports the default protocol versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    MakeRustlsConnect::new(config)
}
