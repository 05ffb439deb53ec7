//! The PostgreSQL half: a bounded pool of connections, each with its prepared statements.

use crate::{DbError, Pool, Statement, Tx, Value};
use postgres::types::ToSql;
use postgres::{Client, Config, IsolationLevel, NoTls};
use std::collections::HashMap;
use std::sync::{Condvar, Mutex, PoisonError};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Connections one node may hold.
const CONNECTIONS: usize = 16;

pub(crate) struct Postgres {
    config: Config,
    idle: Mutex<(Vec<Connection>, usize)>,
    freed: Condvar,
}

struct Connection {
    client: Client,
    prepared: HashMap<&'static str, postgres::Statement>,
}

/// A transaction on one connection, with that connection's prepared statements.
pub struct PgTx<'a> {
    tx: postgres::Transaction<'a>,
    prepared: &'a mut HashMap<&'static str, postgres::Statement>,
}

impl Postgres {
    /// Remembers where the server is and proves that it answers.
    pub(crate) fn open(config: Config) -> Result<Postgres, DbError> {
        let pool = Postgres { config, idle: Mutex::new((Vec::new(), 0)), freed: Condvar::new() };
        let first = pool.take()?;
        drop(Borrowed { pool: &pool, connection: Some(first) });
        Ok(pool)
    }

    /// Runs `work` in a transaction and commits it when the work answers `Ok`.
    pub(crate) fn transaction<T, E: From<DbError>>(
        &self,
        read_only: bool,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut borrowed = Borrowed { pool: self, connection: Some(self.take()?) };
        let Some(Connection { client, prepared }) = borrowed.connection.as_mut() else {
            return Err(DbError::Other("no connection".into()).into());
        };
        // A read sees one moment; a write sees what others commit while it waits for their locks.
        let isolation =
            if read_only { IsolationLevel::RepeatableRead } else { IsolationLevel::ReadCommitted };
        let tx = client
            .build_transaction()
            .isolation_level(isolation)
            .read_only(read_only)
            .start()
            .map_err(DbError::from)?;
        let mut tx = Tx::Postgres(PgTx { tx, prepared });
        // On an error the transaction is dropped, which rolls it back.
        let value = work(&mut tx)?;
        if let Tx::Postgres(PgTx { tx, .. }) = tx {
            tx.commit().map_err(DbError::from)?;
        }
        Ok(value)
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
        let client = if self.config.get_ssl_mode() == postgres::config::SslMode::Disable {
            self.config.connect(NoTls)
        } else {
            self.config.connect(tls())
        };
        Ok(Connection { client: client?, prepared: HashMap::new() })
    }

    fn forget(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).1 -= 1;
        self.freed.notify_one();
    }
}

/// A connection on loan: it goes back to the pool even when the work panics.
struct Borrowed<'a> {
    pool: &'a Postgres,
    connection: Option<Connection>,
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        let mut idle = self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner);
        match self.connection.take() {
            Some(connection) if !connection.client.is_closed() => idle.0.push(connection),
            _ => idle.1 -= 1,
        }
        drop(idle);
        self.pool.freed.notify_one();
    }
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
