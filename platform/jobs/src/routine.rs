//! What is done every day, once among all nodes.

use crate::rules;
use chrono::{DateTime, NaiveTime, Utc};
use komainu_clock::Nature;
use komainu_db::{Db, DbError, Outside, Tx, params};

const HOUSE: Outside = Outside("a routine belongs to the installation");

komainu_db::statements! {
    SET_UP = "INSERT INTO routine (name, due_at, ran_at, trouble) VALUES ($1, $2, NULL, '') ON CONFLICT (name) DO NOTHING";
    DUE_AT = "SELECT due_at FROM routine WHERE name = $1";
    /// Of several nodes only the one that finds the time as it saw it moves it on.
    MOVE_ON = "UPDATE routine SET due_at = $3, ran_at = $4, trouble = '' WHERE name = $1 AND due_at = $2";
    TROUBLE = "UPDATE routine SET trouble = $2 WHERE name = $1";
    ROUTINES = "SELECT name, due_at, ran_at, trouble FROM routine ORDER BY due_at, name";
}

/// Something to do every day. It asks for jobs and does nothing that takes long itself.
pub trait Routine: Send + Sync {
    /// Its name.
    fn name(&self) -> &'static str;

    /// When, by the clock in Japan. Where no node was running then, it is made up for as soon as one is.
    fn time(&self) -> NaiveTime;

    /// Asks for the day's jobs. With an error nothing of it stays, and it is tried again within a minute.
    fn ask(&self, tx: &mut Tx<'_>) -> Result<(), DbError>;
}

/// How a routine stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoutineState {
    /// Its name.
    pub name: String,
    /// When it is due next.
    pub due_at: DateTime<Utc>,
    /// When it was done last.
    pub ran_at: Option<DateTime<Utc>>,
    /// Why the last attempt came to nothing; empty where it did not.
    pub trouble: String,
}

/// The routines of this installation, the next one first.
pub fn routines(tx: &mut Tx<'_>) -> Result<Vec<RoutineState>, DbError> {
    tx.all(&HOUSE, ROUTINES, &[], |row| {
        Ok(RoutineState {
            name: row.get(0)?,
            due_at: row.get(1)?,
            ran_at: row.get(2)?,
            trouble: row.get(3)?,
        })
    })
}

/// Does a routine if its time has come and no other node was quicker; answers whether it did.
pub(crate) fn keep(db: &Db, nature: &Nature, routine: &dyn Routine) -> Result<bool, DbError> {
    let now = nature.now();
    let seen = db.read(|tx| tx.maybe(&HOUSE, DUE_AT, params![routine.name()], |row| row.get(0)))?;
    let due_at: DateTime<Utc> = match seen {
        None => return db.write(|tx| set_up(tx, routine, now)),
        Some(due_at) if due_at > now => return Ok(false),
        Some(due_at) => due_at,
    };
    let done = db.write(|tx| {
        let next = rules::next(now, routine.time());
        if tx.run(&HOUSE, MOVE_ON, params![routine.name(), due_at, next, now])? == 0 {
            return Ok(false);
        }
        routine.ask(tx)?;
        Ok(true)
    });
    if let Err(error) = &done {
        let error: &DbError = error;
        db.write(|tx| tx.run(&HOUSE, TROUBLE, params![routine.name(), error.to_string()]).map(drop))?;
    }
    done
}

fn set_up(tx: &mut Tx<'_>, routine: &dyn Routine, now: DateTime<Utc>) -> Result<bool, DbError> {
    tx.run(&HOUSE, SET_UP, params![routine.name(), rules::next(now, routine.time())])?;
    Ok(false)
}
