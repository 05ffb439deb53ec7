//! The floor of a save: a transaction that changes one row, and nothing around it.

use crate::Trouble;
use crate::took::{Took, joined};
use postgres::{Client, Config, NoTls};
use rusqlite::Connection;
use std::time::{Duration, Instant};

const NOTE: &str = "As long as what somebody types into a row of the checklist.";

/// On a SQLite file, set up as `komainu-db` sets up its writer.
pub(crate) fn sqlite(path: &str, count: usize) -> Result<Took, Trouble> {
    let db = Connection::open(path)?;
    db.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;",
    )?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.execute_batch(
        "CREATE TABLE IF NOT EXISTS answer (id INTEGER PRIMARY KEY, note TEXT NOT NULL, version BIGINT NOT NULL);
        INSERT OR IGNORE INTO answer VALUES (1, '', 0);",
    )?;
    let mut times = Vec::with_capacity(count);
    let began = Instant::now();
    for turn in 0..count {
        let one = Instant::now();
        db.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        let mut change =
            db.prepare_cached("UPDATE answer SET note = ?1, version = version + 1 WHERE id = 1")?;
        change.execute([format!("{NOTE} {turn}")])?;
        db.prepare_cached("COMMIT")?.execute([])?;
        times.push(one.elapsed());
    }
    Ok(Took::new(times, began.elapsed()))
}

/// On PostgreSQL, each connection with a row of its own, in a database beside the program's.
pub(crate) fn postgres(url: &str, count: usize, connections: usize) -> Result<Took, Trouble> {
    let mut config: Config = url.parse()?;
    let mut first = config.connect(NoTls)?;
    if first.query_opt("SELECT 1 FROM pg_database WHERE datname = 'floor'", &[])?.is_none() {
        first.batch_execute("CREATE DATABASE floor")?;
    }
    config.dbname("floor");
    let mut clients = Vec::new();
    for _ in 0..connections.max(1) {
        clients.push(config.connect(NoTls)?);
    }
    clients[0].batch_execute(
        "CREATE TABLE IF NOT EXISTS answer (id BIGINT PRIMARY KEY, note TEXT NOT NULL, version BIGINT NOT NULL);
        INSERT INTO answer SELECT n, '', 0 FROM generate_series(1, 100) n ON CONFLICT DO NOTHING;",
    )?;
    let share = count.div_ceil(clients.len());
    let began = Instant::now();
    let times = std::thread::scope(|threads| {
        let with_rows = clients.iter_mut().zip(1..);
        joined(with_rows.map(|(client, id)| threads.spawn(move || row(client, id, share))).collect())
    });
    Ok(Took::new(times?, began.elapsed()))
}

fn row(client: &mut Client, id: i64, count: usize) -> Result<Vec<Duration>, Trouble> {
    let change = client.prepare("UPDATE answer SET note = $2, version = version + 1 WHERE id = $1")?;
    let mut times = Vec::with_capacity(count);
    for turn in 0..count {
        let one = Instant::now();
        let mut tx = client.transaction()?;
        tx.execute(&change, &[&id, &format!("{NOTE} {turn}")])?;
        tx.commit()?;
        times.push(one.elapsed());
    }
    Ok(times)
}
