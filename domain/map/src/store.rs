//! The SQL of the map.

use crate::model::{Mark, Point, Spots};
use komainu_access::Scope;
use komainu_db::{DbError, Tx, params};

komainu_db::statements! {
    SPOTS = "SELECT mark, x, y FROM map_spot WHERE organisation_id = $1";
    SPOT_PUT = "INSERT INTO map_spot (organisation_id, mark, x, y) VALUES ($1, $2, $3, $4)
        ON CONFLICT (organisation_id, mark) DO UPDATE SET x = excluded.x, y = excluded.y";
    SPOT_DROP = "DELETE FROM map_spot WHERE organisation_id = $1 AND mark = $2";
    SPOTS_DROP = "DELETE FROM map_spot WHERE organisation_id = $1";
}

pub(crate) fn spots(tx: &mut Tx<'_>, scope: &Scope) -> Result<Spots, DbError> {
    let rows = tx.all(scope, SPOTS, &[], |row| {
        let mark: String = row.get(0)?;
        let mark: Mark = mark.parse().map_err(|()| DbError::Other(format!("a spot of {mark}")))?;
        let number = |value: i64| i32::try_from(value).map_err(|error| DbError::Other(error.to_string()));
        Ok((mark, Point { x: number(row.get(1)?)?, y: number(row.get(2)?)? }))
    })?;
    Ok(rows.into_iter().collect())
}

pub(crate) fn spot_put(tx: &mut Tx<'_>, scope: &Scope, mark: Mark, at: Point) -> Result<(), DbError> {
    tx.run(scope, SPOT_PUT, params![mark.to_string(), at.x, at.y]).map(drop)
}

pub(crate) fn spot_drop(tx: &mut Tx<'_>, scope: &Scope, mark: Mark) -> Result<(), DbError> {
    tx.run(scope, SPOT_DROP, params![mark.to_string()]).map(drop)
}

/// How many there were.
pub(crate) fn spots_drop(tx: &mut Tx<'_>, scope: &Scope) -> Result<usize, DbError> {
    tx.run(scope, SPOTS_DROP, &[])
}
