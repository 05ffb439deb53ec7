//! The bare handler on PostgreSQL: connections from a pool, each with its prepared statements.

use crate::Trouble;
use crate::script::{Call, Request, Transaction};
use std::collections::HashMap;
use std::hint::black_box;
use std::sync::{Mutex, PoisonError};
use tokio::sync::Semaphore;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, NoTls, Statement};

/// As many as the program holds.
const CONNECTIONS: usize = 16;

pub(crate) struct Postgres {
    config: Config,
    free: Semaphore,
    idle: Mutex<Vec<Connection>>,
}

struct Connection {
    client: Client,
    prepared: HashMap<String, Statement>,
}

/// A connection, whose other half runs by itself.
pub(crate) async fn connect(config: &Config) -> Result<Client, Trouble> {
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

impl Postgres {
    pub(crate) fn open(url: &str) -> Result<Postgres, Trouble> {
        Ok(Postgres { config: url.parse()?, free: Semaphore::new(CONNECTIONS), idle: Mutex::default() })
    }

    /// Runs a request's statements.
    pub(crate) async fn run(&self, request: &Request) -> Result<(), Trouble> {
        let turn = request.turn();
        let _permit = self.free.acquire().await?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => Connection { client: connect(&self.config).await?, prepared: HashMap::new() },
        };
        for transaction in &request.transactions {
            connection.run(transaction, turn).await?;
        }
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        Ok(())
    }
}

impl Connection {
    async fn run(&mut self, transaction: &Transaction, turn: i64) -> Result<(), Trouble> {
        self.client.batch_execute(&transaction.begin).await?;
        let mut returned = 0;
        for call in &transaction.calls {
            let prepared = self.prepared(call).await?;
            let values: Vec<_> = call.values(turn, returned).collect();
            let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| &**value as _).collect();
            let rows = self.client.query(&prepared, &values).await?;
            if call.returns() {
                returned = rows.first().ok_or("nothing was returned")?.try_get(0)?;
            }
            black_box(rows);
        }
        self.client.batch_execute("COMMIT").await?;
        Ok(())
    }

    async fn prepared(&mut self, call: &Call) -> Result<Statement, Trouble> {
        if let Some(prepared) = self.prepared.get(&call.sql) {
            return Ok(prepared.clone());
        }
        let prepared = self.client.prepare(&call.sql).await?;
        self.prepared.insert(call.sql.clone(), prepared.clone());
        Ok(prepared)
    }
}
