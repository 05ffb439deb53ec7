//! What of a record is sealed at rest: all that an attacker would want to know.

use crate::model::Facts;
use komainu_db::uuid::Uuid;
use komainu_db::{DbError, Row, Sealed, Tx};
use komainu_exposure::model::Controls;
use serde::{Deserialize, Serialize};

/// What a sealed column holds, as JSON.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Detail {
    pub facts: Facts,
    pub controls: Controls,
    pub note: String,
}

impl Detail {
    /// What stands in the column at `index` of the row with this id.
    pub fn open(column: &Sealed, row: &Row<'_>, index: usize, id: Uuid) -> Result<Detail, DbError> {
        let json = column.open(row, index, &[id.as_bytes()])?;
        serde_json::from_str(&json).map_err(|error| DbError::Other(format!("{}: {error}", column.name)))
    }

    /// The text of the column for the row with this id.
    pub fn close(&self, column: &Sealed, tx: &Tx<'_>, id: Uuid) -> Result<String, DbError> {
        let json = serde_json::to_string(self)
            .map_err(|error| DbError::Other(format!("{}: {error}", column.name)))?;
        column.close(tx, &[id.as_bytes()], &json)
    }
}
