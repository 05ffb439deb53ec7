//! Many institutions in a database that the program made: copies of one of them, by SQL alone.
//!
//! Columns are taken as the schema has them, so that a later migration changes nothing here.

use crate::Trouble;
use rusqlite::{Connection, Statement, Transaction, params};

/// Lets a demo's database pass for a real installation's, so that `komainu serve` starts on it.
pub(crate) fn real(path: &str) -> Result<(), Trouble> {
    let changed = Connection::open(path)?
        .execute("UPDATE installation_note SET value = 'no' WHERE name = 'demo' AND value = 'yes'", [])?;
    if changed == 1 { Ok(()) } else { Err("this is no demo's database".into()) }
}

/// Leaves the institution of that name alone in the database, then puts `count - 1` copies beside it: organisation,
/// particulars, a member, the newest round and its answers.
pub(crate) fn grow(path: &str, name: &str, count: i64) -> Result<(), Trouble> {
    let mut db = Connection::open(path)?;
    // A write-ahead log would hold all of it once more.
    db.pragma_update(None, "journal_mode", "DELETE")?;
    db.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144;")?;
    let tx = db.transaction()?;
    let house: String =
        tx.query_row("SELECT quote(id) FROM organisation WHERE name = ?1", [name], |row| row.get(0))?;
    leave_alone(&tx, &house)?;
    multiply(&tx, &house, count)?;
    let found: i64 = tx.query_row("SELECT count(*) FROM institution", [], |row| row.get(0))?;
    if found != count {
        return Err(format!("{found} institutions instead of {count}").into());
    }
    tx.commit()?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    println!("{{\"institutions\": {found}}}");
    Ok(())
}

fn leave_alone(tx: &Transaction<'_>, house: &str) -> Result<(), Trouble> {
    let mut tables = tx.prepare(
        "SELECT t.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c
        WHERE t.type = 'table' AND c.name = 'organisation_id'",
    )?;
    let tables: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for table in tables {
        tx.execute(&format!("DELETE FROM {table} WHERE organisation_id <> {house}"), [])?;
    }
    tx.execute(&format!("DELETE FROM organisation WHERE id <> {house}"), [])?;
    tx.execute("UPDATE organisation SET parent_id = NULL", [])?;
    Ok(())
}

fn multiply(tx: &Transaction<'_>, house: &str, count: i64) -> Result<(), Trouble> {
    let own = format!("organisation_id = {house}");
    let first = |sql: String| tx.query_row(&sql, [], |row| row.get::<_, String>(0));
    let person = first(format!(
        "SELECT quote(person_id) FROM membership WHERE {own} AND ended_at IS NULL ORDER BY created_at LIMIT 1"
    ))?;
    let round = first(format!(
        "SELECT quote(id) FROM checklist_round WHERE {own} AND subject = 'own' ORDER BY fiscal_year DESC LIMIT 1"
    ))?;
    let mut organisation = copier(tx, "organisation", &["id"], &format!("id = {house}"))?;
    let mut particulars = copier(tx, "institution", &["organisation_id"], &own)?;
    let mut people = copier(tx, "person", &["id", "email", "email_folded"], &format!("id = {person}"))?;
    let member = format!("{own} AND person_id = {person}");
    let mut members = copier(tx, "membership", &["organisation_id", "person_id"], &member)?;
    let mut rounds =
        copier(tx, "checklist_round", &["organisation_id", "id"], &format!("{own} AND id = {round}"))?;
    let of_round = format!("{own} AND round_id = {round}");
    let mut answers = copier(tx, "checklist_answer", &["organisation_id", "round_id"], &of_round)?;
    for number in 1..count {
        let (organisation_id, person_id, round_id) = (id(1, number), id(2, number), id(3, number));
        let mail = format!("institution-{number}@growth.example");
        organisation.execute(params![organisation_id])?;
        particulars.execute(params![organisation_id])?;
        people.execute(params![person_id, mail, mail])?;
        members.execute(params![organisation_id, person_id])?;
        rounds.execute(params![organisation_id, round_id])?;
        answers.execute(params![organisation_id, round_id])?;
    }
    Ok(())
}

/// A statement that copies the rows meant by `of`, with other values in the columns `fresh`.
fn copier<'a>(
    tx: &'a Transaction<'_>,
    table: &str,
    fresh: &[&str],
    of: &str,
) -> Result<Statement<'a>, Trouble> {
    let mut columns = tx.prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid")?;
    let columns: Vec<String> = columns.query_map([table], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let value = |column: &String| match fresh.iter().position(|name| name == column) {
        Some(at) => format!("?{}", at + 1),
        None => column.clone(),
    };
    let values: Vec<String> = columns.iter().map(value).collect();
    let (columns, values) = (columns.join(", "), values.join(", "));
    Ok(tx.prepare(&format!("INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE {of}"))?)
}

/// A UUID of version 7 of some moment, growing with the number as the program's own do.
fn id(kind: u8, number: i64) -> [u8; 16] {
    let mut bytes = [0x01, 0x90, 0, 0, 0, 0, 0x70, kind, 0, 0, 0, 0, 0, 0, 0, 0];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    bytes[8] = 0x80;
    bytes
}
