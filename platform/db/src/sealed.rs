//! Columns that are sealed at rest: whoever holds the database's file or a copy of it cannot read them.
//!
//! A store names such a column once ([`sealed_columns!`](crate::sealed_columns!)), closes what it binds and opens what
//! it reads; the key comes with the [`Db`](crate::Db). An open text in such a column, from before it was sealed, is read
//! as it is, and sealed by [`Db::seal_rest`](crate::Db::seal_rest). The database sees of a sealed text how long it is,
//! and whether there is any: nothing stays nothing.

use crate::{Db, DbError, Outside, Row, Statement, Tx, params};
use komainu_clock::Nature;
use komainu_seal::{Key, Seal};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use uuid::Uuid;

/// Rows sealed in one transaction, so that nobody waits long for the writer.
const STRIDE: i64 = 200;
const REST: Outside =
    Outside("sealing anew concerns every organisation's rows and changes none of their texts");

/// A sealed column.
#[derive(Clone, Copy, Debug)]
pub struct Sealed {
    /// `table.column`; the purpose under which it is sealed.
    pub name: &'static str,
    /// Finds texts that the newest key did not seal, and seals one anew; none for what is never written again.
    pub renewal: Option<(Statement, Statement)>,
}

/// Declares sealed columns as constants, with the statements that seal anew what was open or under an older key, and all
/// of them as the list `SEALED`: `NAME = table.column by key;`. The key is the column that names the row among those of
/// its organisation. A store of several files writes `pub(super) NAME = …` for what another of them binds or reads.
#[macro_export]
macro_rules! sealed_columns {
    ($($(#[$doc:meta])* $vis:vis $name:ident = $table:literal . $column:literal by $key:literal;)*) => {
        $($(#[$doc])* $vis const $name: $crate::Sealed = $crate::Sealed {
            name: concat!($table, ".", $column),
            renewal: Some((
                $crate::Statement {
                    name: concat!(stringify!($name), "_STALE"),
                    sql: concat!(
                        "SELECT organisation_id, ", $key, ", ", $column, " FROM ", $table, " WHERE ", $column,
                        " <> '' AND ", $column, " NOT LIKE $1 LIMIT $2"
                    ),
                },
                $crate::Statement {
                    name: concat!(stringify!($name), "_RENEW"),
                    sql: concat!(
                        "UPDATE ", $table, " SET ", $column, " = $4 WHERE organisation_id = $1 AND ", $key,
                        " = $2 AND ", $column, " = $3"
                    ),
                },
            )),
        };)*

        /// Every sealed column of this store, for whoever seals anew.
        pub const SEALED: &[$crate::Sealed] = &[$($name),*];
    };
}

impl Sealed {
    /// A column whose rows are written once and never again.
    pub const fn once(name: &'static str) -> Sealed {
        Sealed { name, renewal: None }
    }

    /// The text as it is to be bound for the row that these parts name.
    ///
    /// # Errors
    /// [`DbError::Other`] where the database was opened without a key.
    pub fn close(&self, tx: &Tx<'_>, row: &[&[u8]], plain: &str) -> Result<String, DbError> {
        Ok(match tx.cabinet {
            _ if plain.is_empty() => String::new(),
            Some(cabinet) => cabinet.seal(self.name).close_text(&cabinet.nature, row, plain),
            None => return Err(no_key(self.name)),
        })
    }

    /// The text of the column at `index` of the row that these parts name.
    ///
    /// # Errors
    /// [`DbError::Other`] where it was sealed for another row or with another key, or where the database was opened
    /// without one.
    pub fn open(&self, row: &Row<'_>, index: usize, named: &[&[u8]]) -> Result<String, DbError> {
        let text: String = row.get(index)?;
        match row.cabinet {
            Some(cabinet) => cabinet
                .seal(self.name)
                .open_text(named, &text)
                .map_err(|error| DbError::Other(error.to_string())),
            None if text.is_empty() => Ok(text),
            None => Err(no_key(self.name)),
        }
    }
}

fn no_key(column: &str) -> DbError {
    DbError::Other(format!("{column} is sealed and there is no key"))
}

/// The key that a database's columns are sealed with.
pub(crate) struct Cabinet {
    key: Key,
    nature: Nature,
    /// A seal is derived once for each column.
    seals: RwLock<HashMap<&'static str, Arc<Seal>>>,
}

impl Cabinet {
    pub(crate) fn new(key: Key) -> Cabinet {
        // Nonces only have to differ, so nothing is gained by a chance that a test can repeat.
        Cabinet { key, nature: Nature::real(), seals: RwLock::default() }
    }

    fn seal(&self, column: &'static str) -> Arc<Seal> {
        if let Some(seal) = self.seals.read().unwrap_or_else(PoisonError::into_inner).get(column) {
            return Arc::clone(seal);
        }
        let mut seals = self.seals.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(seals.entry(column).or_insert_with(|| Arc::new(self.key.seal(column))))
    }
}

impl Db {
    /// Seals what still lies open in a column, or under an older key, and answers how many texts it sealed. A text that
    /// somebody changes meanwhile is theirs: it is sealed already.
    pub fn seal_rest(&self, column: &Sealed) -> Result<usize, DbError> {
        let (Some(cabinet), Some((stale, renew))) = (&self.cabinet, column.renewal) else { return Ok(0) };
        let (seal, mut sealed) = (cabinet.seal(column.name), 0);
        loop {
            // Whoever writes need not wait while the table is searched.
            let rows = self.read(|tx| {
                tx.all(&REST, stale, params![seal.current_mark() + "%", STRIDE], |row| {
                    Ok((row.get::<Uuid>(0)?, row.get::<Uuid>(1)?, row.get::<String>(2)?))
                })
            })?;
            let found = rows.len();
            if found > 0 {
                self.write(|tx| {
                    rows.iter().try_for_each(|row| renew_one(tx, cabinet, &seal, (renew, row)).map(drop))
                })?;
            }
            sealed += found;
            if i64::try_from(found).is_ok_and(|found| found < STRIDE) {
                return Ok(sealed);
            }
        }
    }
}

/// Seals one text anew, if it still is what was read.
fn renew_one(
    tx: &mut Tx<'_>,
    cabinet: &Cabinet,
    seal: &Seal,
    (renew, (organisation, id, old)): (Statement, &(Uuid, Uuid, String)),
) -> Result<usize, DbError> {
    let named: &[&[u8]] = &[id.as_bytes()];
    let plain = seal.open_text(named, old).map_err(|error| DbError::Other(error.to_string()))?;
    let new = seal.close_text(&cabinet.nature, named, &plain);
    tx.run(&REST, renew, params![*organisation, *id, old, new])
}
