//! The SQL of lines.

use super::detail::Detail;
use crate::model::{AssetId, Connection, ConnectionDetails, ConnectionId, End, SystemId, Thing};
use chrono::{DateTime, Utc};
use komainu_access::Scope;
use komainu_db::{DbError, Part, Row, Tx, params};
use komainu_vendor::VendorId;

komainu_db::statements! {
    CONNECTIONS = "SELECT id, name, kind, from_asset, from_system, from_vendor, to_asset, to_system, to_vendor, both_ways,
        vendor_id, detail, version FROM connection WHERE organisation_id = $1 ORDER BY created_at, id";
    CONNECTIONS_PART = "SELECT id, name, kind, from_asset, from_system, from_vendor, to_asset, to_system, to_vendor,
        both_ways, vendor_id, detail, version FROM connection WHERE organisation_id = $1 AND id > $2
        ORDER BY id LIMIT $3";
    CONNECTION_GET = "SELECT id, name, kind, from_asset, from_system, from_vendor, to_asset, to_system, to_vendor, both_ways,
        vendor_id, detail, version FROM connection WHERE organisation_id = $1 AND id = $2";
    CONNECTION_ADD = "INSERT INTO connection (organisation_id, id, name, kind, from_asset, from_system, from_vendor, to_asset,
        to_system, to_vendor, both_ways, vendor_id, detail, created_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1)";
    CONNECTION_SAVE = "UPDATE connection SET name = $4, kind = $5, from_asset = $6, from_system = $7, from_vendor = $8,
        to_asset = $9, to_system = $10, to_vendor = $11, both_ways = $12, vendor_id = $13, detail = $14,
        version = version + 1 WHERE organisation_id = $1 AND id = $2 AND version = $3";
    CONNECTION_REMOVE = "DELETE FROM connection WHERE organisation_id = $1 AND id = $2 AND version = $3";
    ENDS_AT_ASSET = "SELECT COUNT(*) FROM connection WHERE organisation_id = $1 AND (from_asset = $2 OR to_asset = $2)";
    ENDS_AT_SYSTEM = "SELECT COUNT(*) FROM connection
        WHERE organisation_id = $1 AND (from_system = $2 OR to_system = $2)";
}

komainu_db::sealed_columns! {
    DETAIL = "connection"."detail" by "id";
}

/// The end in three columns from `first` on; the Internet where all are empty.
fn end(row: &Row<'_>, first: usize) -> Result<End, DbError> {
    if let Some(asset) = row.get::<Option<AssetId>>(first)? {
        return Ok(End::Thing(Thing::Asset(asset)));
    }
    if let Some(system) = row.get::<Option<SystemId>>(first + 1)? {
        return Ok(End::Thing(Thing::System(system)));
    }
    Ok(row.get::<Option<VendorId>>(first + 2)?.map_or(End::Internet, End::Vendor))
}

fn asset(end: End) -> Option<AssetId> {
    end.thing().and_then(Thing::asset)
}

fn system(end: End) -> Option<SystemId> {
    end.thing().and_then(Thing::system)
}

fn connection(row: &Row<'_>) -> Result<Connection, DbError> {
    let id: ConnectionId = row.get(0)?;
    let Detail { facts, controls, note } = Detail::open(&DETAIL, row, 11, id.0)?;
    Ok(Connection {
        id,
        details: ConnectionDetails {
            name: row.get(1)?,
            kind: super::code(row.get(2)?)?,
            from: end(row, 3)?,
            to: end(row, 6)?,
            both_ways: row.get(9)?,
            vendor: row.get(10)?,
            facts,
            controls,
            note,
        },
        version: row.get(12)?,
    })
}

pub(crate) fn connections(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Connection>, DbError> {
    tx.all(scope, CONNECTIONS, &[], connection)
}

pub(crate) fn connections_part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<ConnectionId>,
) -> Result<Vec<Connection>, DbError> {
    tx.all(scope, CONNECTIONS_PART, params![part.after_id(), part.limit], connection)
}

pub(crate) fn connection_get(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: ConnectionId,
) -> Result<Option<Connection>, DbError> {
    tx.maybe(scope, CONNECTION_GET, params![id], connection)
}

fn detail(tx: &Tx<'_>, id: ConnectionId, new: &ConnectionDetails) -> Result<String, DbError> {
    let detail = Detail { facts: new.facts.clone(), controls: new.controls.clone(), note: new.note.clone() };
    detail.close(&DETAIL, tx, id.0)
}

pub(crate) fn connection_add(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: ConnectionId,
    new: &ConnectionDetails,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let detail = detail(tx, id, new)?;
    let (from, to) = (new.from, new.to);
    tx.run(
        scope,
        CONNECTION_ADD,
        params![
            id,
            &new.name,
            new.kind.code(),
            asset(from),
            system(from),
            from.vendor(),
            asset(to),
            system(to),
            to.vendor(),
            new.both_ways,
            new.vendor,
            detail,
            now
        ],
    )
    .map(drop)
}

/// False where the stored version is another.
pub(crate) fn connection_save(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: ConnectionId,
    version: i64,
    new: &ConnectionDetails,
) -> Result<bool, DbError> {
    let detail = detail(tx, id, new)?;
    let (from, to) = (new.from, new.to);
    tx.run(
        scope,
        CONNECTION_SAVE,
        params![
            id,
            version,
            &new.name,
            new.kind.code(),
            asset(from),
            system(from),
            from.vendor(),
            asset(to),
            system(to),
            to.vendor(),
            new.both_ways,
            new.vendor,
            detail
        ],
    )
    .map(|rows| rows > 0)
}

/// False where the stored version is another.
pub(crate) fn connection_remove(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: ConnectionId,
    version: i64,
) -> Result<bool, DbError> {
    tx.run(scope, CONNECTION_REMOVE, params![id, version]).map(|rows| rows > 0)
}

/// How many lines end at a thing or system.
pub(crate) fn lines_at(tx: &mut Tx<'_>, scope: &Scope, thing: Thing) -> Result<i64, DbError> {
    match thing {
        Thing::Asset(id) => tx.one(scope, ENDS_AT_ASSET, params![id], |row| row.get(0)),
        Thing::System(id) => tx.one(scope, ENDS_AT_SYSTEM, params![id], |row| row.get(0)),
    }
}
