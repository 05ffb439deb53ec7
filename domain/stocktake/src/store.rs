//! The SQL of stock-takes.

use crate::model::{Line, LineId, Mark, StockTake, StockTakeId};
use chrono::{DateTime, Utc};
use komainu_access::Scope;
use komainu_db::{DbError, Part, Row, Tx, params};
use komainu_inventory::AssetId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::str::FromStr;

komainu_db::statements! {
    TAKE_ADD = "INSERT INTO stock_take (organisation_id, id, name, fiscal_year, started_at, started_by_name, version)
        VALUES ($1, $2, $3, $4, $5, $6, 1)";
    TAKES = "SELECT id, name, fiscal_year, started_at, started_by_name, closed_at, closed_by_name, version FROM stock_take
        WHERE organisation_id = $1 ORDER BY started_at DESC, id DESC";
    TAKES_PART = "SELECT id, name, fiscal_year, started_at, started_by_name, closed_at, closed_by_name, version
        FROM stock_take WHERE organisation_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    TAKE_GET = "SELECT id, name, fiscal_year, started_at, started_by_name, closed_at, closed_by_name, version
        FROM stock_take WHERE organisation_id = $1 AND id = $2";
    TAKE_OPEN = "SELECT id, name, fiscal_year, started_at, started_by_name, closed_at, closed_by_name, version
        FROM stock_take WHERE organisation_id = $1 AND closed_at IS NULL";
    TAKE_BEFORE = "SELECT id, name, fiscal_year, started_at, started_by_name, closed_at, closed_by_name, version
        FROM stock_take WHERE organisation_id = $1 AND closed_at IS NOT NULL AND closed_at < $2
        ORDER BY closed_at DESC, id DESC LIMIT 1";
    /// Also keeps it open until the change is committed: whoever closes it waits, and finds the change done.
    TAKE_HOLD = "UPDATE stock_take SET name = name WHERE organisation_id = $1 AND id = $2 AND closed_at IS NULL";
    TAKE_CLOSE = "UPDATE stock_take SET closed_at = $4, closed_by_name = $5, version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND version = $3 AND closed_at IS NULL";
    LINES = "SELECT id, asset_id, kind, detail, outcome, finding, added, checked_at, checked_by_name, taken_at,
            taken_by_name, version
        FROM stock_take_line WHERE organisation_id = $1 AND stock_take_id = $2 ORDER BY id";
    LINE_GET = "SELECT id, asset_id, kind, detail, outcome, finding, added, checked_at, checked_by_name, taken_at,
            taken_by_name, version
        FROM stock_take_line WHERE organisation_id = $1 AND stock_take_id = $2 AND asset_id = $3";
    /// Of two who say something about a newcomer at once, the second finds the line there.
    LINE_ADD = "INSERT INTO stock_take_line (organisation_id, id, stock_take_id, asset_id, kind, detail, outcome, finding,
            added, checked_at, checked_by_name, taken_at, taken_by_name, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, '', $12)
        ON CONFLICT (organisation_id, stock_take_id, asset_id) DO NOTHING";
    LINE_SAVE = "UPDATE stock_take_line SET outcome = $4, finding = $5, checked_at = $6, checked_by_name = $7,
            taken_at = NULL, taken_by_name = '', version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND version = $3";
    LINE_TAKEN = "UPDATE stock_take_line SET taken_at = $4, taken_by_name = $5, version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND version = $3";
}

komainu_db::sealed_columns! {
    DETAIL = "stock_take_line"."detail" by "id";
    FINDING = "stock_take_line"."finding" by "id";
}

fn take(row: &Row<'_>) -> Result<StockTake, DbError> {
    Ok(StockTake {
        id: row.get(0)?,
        name: row.get(1)?,
        fiscal_year: i32::try_from(row.get::<i64>(2)?)
            .map_err(|_| DbError::Other("a stock-take's year is none".to_owned()))?,
        started_at: row.get(3)?,
        started_by_name: row.get(4)?,
        closed_at: row.get(5)?,
        closed_by_name: row.get(6)?,
        version: row.get(7)?,
    })
}

/// A code of ours out of a column.
fn code<T: FromStr>(text: String) -> Result<T, DbError> {
    text.parse().map_err(|_| DbError::Other(format!("unknown code {text}")))
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, DbError> {
    serde_json::from_str(json).map_err(|error| DbError::Other(format!("a stock-take's line: {error}")))
}

fn write<T: Serialize>(value: &T) -> Result<String, DbError> {
    serde_json::to_string(value).map_err(|error| DbError::Other(format!("a stock-take's line: {error}")))
}

/// A line, and what its row is called.
fn line(row: &Row<'_>) -> Result<(LineId, Line), DbError> {
    let id: LineId = row.get(0)?;
    let named = [&id.0.as_bytes()[..]];
    let line = Line {
        asset: row.get(1)?,
        kind: code(row.get(2)?)?,
        was: read(&DETAIL.open(row, 3, &named)?)?,
        mark: Mark { outcome: code(row.get(4)?)?, finding: read(&FINDING.open(row, 5, &named)?)? },
        added: row.get(6)?,
        checked_at: row.get(7)?,
        checked_by_name: row.get(8)?,
        taken_at: row.get(9)?,
        taken_by_name: row.get(10)?,
        version: row.get(11)?,
    };
    Ok((id, line))
}

pub(crate) fn take_add(tx: &mut Tx<'_>, scope: &Scope, new: &StockTake) -> Result<(), DbError> {
    let row = params![new.id, &new.name, new.fiscal_year, new.started_at, &new.started_by_name];
    tx.run(scope, TAKE_ADD, row).map(drop)
}

/// Every stock-take, newest first.
pub(crate) fn takes(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<StockTake>, DbError> {
    tx.all(scope, TAKES, &[], take)
}

pub(crate) fn takes_part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<StockTakeId>,
) -> Result<Vec<StockTake>, DbError> {
    tx.all(scope, TAKES_PART, params![part.after_id(), part.limit], take)
}

pub(crate) fn take_get(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: StockTakeId,
) -> Result<Option<StockTake>, DbError> {
    tx.maybe(scope, TAKE_GET, params![id], take)
}

/// The one that is under way.
pub(crate) fn take_open(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<StockTake>, DbError> {
    tx.maybe(scope, TAKE_OPEN, &[], take)
}

/// The one that was closed last before a moment.
pub(crate) fn take_before(
    tx: &mut Tx<'_>,
    scope: &Scope,
    before: DateTime<Utc>,
) -> Result<Option<StockTake>, DbError> {
    tx.maybe(scope, TAKE_BEFORE, params![before], take)
}

/// False where it is closed.
pub(crate) fn take_hold(tx: &mut Tx<'_>, scope: &Scope, id: StockTakeId) -> Result<bool, DbError> {
    tx.run(scope, TAKE_HOLD, params![id]).map(|rows| rows > 0)
}

/// False where it is closed already, or another version is stored.
pub(crate) fn take_close(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: StockTakeId,
    version: i64,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    tx.run(scope, TAKE_CLOSE, params![id, version, now, scope.person_name()]).map(|rows| rows > 0)
}

pub(crate) fn lines(tx: &mut Tx<'_>, scope: &Scope, id: StockTakeId) -> Result<Vec<Line>, DbError> {
    let lines = tx.all(scope, LINES, params![id], line)?;
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}

pub(crate) fn line_get(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: StockTakeId,
    asset: AssetId,
) -> Result<Option<(LineId, Line)>, DbError> {
    tx.maybe(scope, LINE_GET, params![id, asset], line)
}

/// Stores a line that is not there yet; false where it is.
pub(crate) fn line_add(
    tx: &mut Tx<'_>,
    scope: &Scope,
    take: StockTakeId,
    id: LineId,
    new: &Line,
) -> Result<bool, DbError> {
    let named = [&id.0.as_bytes()[..]];
    let detail = DETAIL.close(tx, &named, &write(&new.was)?)?;
    let finding = FINDING.close(tx, &named, &write(&new.mark.finding)?)?;
    let row = params![
        id,
        take,
        new.asset,
        new.kind.code(),
        detail,
        new.mark.outcome.code(),
        finding,
        new.added,
        new.checked_at,
        &new.checked_by_name,
        new.version
    ];
    tx.run(scope, LINE_ADD, row).map(|rows| rows > 0)
}

/// Writes what was said; what was taken over before no longer counts. False where the stored version is another.
pub(crate) fn line_save(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: LineId,
    version: i64,
    new: &Line,
) -> Result<bool, DbError> {
    let finding = FINDING.close(tx, &[&id.0.as_bytes()[..]], &write(&new.mark.finding)?)?;
    let row = params![id, version, new.mark.outcome.code(), finding, new.checked_at, &new.checked_by_name];
    tx.run(scope, LINE_SAVE, row).map(|rows| rows > 0)
}

/// Notes that what was found is in the ledger now. False where the stored version is another.
pub(crate) fn line_taken(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: LineId,
    version: i64,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    tx.run(scope, LINE_TAKEN, params![id, version, now, scope.person_name()]).map(|rows| rows > 0)
}
