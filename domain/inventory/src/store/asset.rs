//! The SQL of things and of what they have to do with others.

use super::detail::Detail;
use crate::model::{Asset, AssetDetails, AssetId, AssetKind, RelationKind, Relations, SystemId, Thing};
use chrono::{DateTime, Utc};
use komainu_access::Scope;
use komainu_db::{DbError, Part, Row, Tx, Value, params};
use std::collections::HashMap;

komainu_db::statements! {
    ASSETS = "SELECT id, kind, name, zone_id, place_id, system_id, vendor_id, detail, version FROM asset
        WHERE organisation_id = $1 ORDER BY created_at, id";
    ASSETS_PART = "SELECT id, kind, name, zone_id, place_id, system_id, vendor_id, detail, version FROM asset
        WHERE organisation_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    ASSET_GET = "SELECT id, kind, name, zone_id, place_id, system_id, vendor_id, detail, version FROM asset
        WHERE organisation_id = $1 AND id = $2";
    ASSET_ADD = "INSERT INTO asset (organisation_id, id, kind, name, zone_id, place_id, system_id, vendor_id, detail,
        created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)";
    /// The same of [`MANY`] things at once: on PostgreSQL each statement is a way there and back.
    ASSET_ADD_MANY = "INSERT INTO asset (organisation_id, id, kind, name, zone_id, place_id, system_id, vendor_id, detail,
        created_at, version) VALUES
            ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1),
            ($1, $11, $12, $13, $14, $15, $16, $17, $18, $19, 1),
            ($1, $20, $21, $22, $23, $24, $25, $26, $27, $28, 1),
            ($1, $29, $30, $31, $32, $33, $34, $35, $36, $37, 1),
            ($1, $38, $39, $40, $41, $42, $43, $44, $45, $46, 1),
            ($1, $47, $48, $49, $50, $51, $52, $53, $54, $55, 1),
            ($1, $56, $57, $58, $59, $60, $61, $62, $63, $64, 1),
            ($1, $65, $66, $67, $68, $69, $70, $71, $72, $73, 1),
            ($1, $74, $75, $76, $77, $78, $79, $80, $81, $82, 1),
            ($1, $83, $84, $85, $86, $87, $88, $89, $90, $91, 1),
            ($1, $92, $93, $94, $95, $96, $97, $98, $99, $100, 1),
            ($1, $101, $102, $103, $104, $105, $106, $107, $108, $109, 1),
            ($1, $110, $111, $112, $113, $114, $115, $116, $117, $118, 1),
            ($1, $119, $120, $121, $122, $123, $124, $125, $126, $127, 1),
            ($1, $128, $129, $130, $131, $132, $133, $134, $135, $136, 1),
            ($1, $137, $138, $139, $140, $141, $142, $143, $144, $145, 1),
            ($1, $146, $147, $148, $149, $150, $151, $152, $153, $154, 1),
            ($1, $155, $156, $157, $158, $159, $160, $161, $162, $163, 1),
            ($1, $164, $165, $166, $167, $168, $169, $170, $171, $172, 1),
            ($1, $173, $174, $175, $176, $177, $178, $179, $180, $181, 1),
            ($1, $182, $183, $184, $185, $186, $187, $188, $189, $190, 1),
            ($1, $191, $192, $193, $194, $195, $196, $197, $198, $199, 1),
            ($1, $200, $201, $202, $203, $204, $205, $206, $207, $208, 1),
            ($1, $209, $210, $211, $212, $213, $214, $215, $216, $217, 1),
            ($1, $218, $219, $220, $221, $222, $223, $224, $225, $226, 1)";
    ASSET_SAVE = "UPDATE asset SET kind = $4, name = $5, zone_id = $6, place_id = $7, system_id = $8, vendor_id = $9,
        detail = $10, version = version + 1 WHERE organisation_id = $1 AND id = $2 AND version = $3";
    ASSET_REMOVE = "DELETE FROM asset WHERE organisation_id = $1 AND id = $2 AND version = $3";
    RELATIONS = "SELECT asset_id, kind, to_asset, to_system FROM asset_relation WHERE organisation_id = $1";
    RELATIONS_PART = "SELECT asset_id, kind, to_asset, to_system FROM asset_relation
        WHERE organisation_id = $1 AND asset_id IN (SELECT id FROM asset WHERE organisation_id = $1 AND id > $2
            ORDER BY id LIMIT $3)";
    RELATIONS_OF = "SELECT asset_id, kind, to_asset, to_system FROM asset_relation
        WHERE organisation_id = $1 AND asset_id = $2";
    RELATION_ADD = "INSERT INTO asset_relation (organisation_id, asset_id, kind, to_key, to_asset, to_system)
        VALUES ($1, $2, $3, $4, $5, $6)";
    RELATIONS_REMOVE = "DELETE FROM asset_relation WHERE organisation_id = $1 AND asset_id = $2";
    RELATIONS_TO = "DELETE FROM asset_relation WHERE organisation_id = $1 AND to_key = $2";
    NAMING = "SELECT id, name FROM asset WHERE organisation_id = $1 AND id <> $2 AND (zone_id = $2 OR place_id = $2
            OR id IN (SELECT asset_id FROM asset_relation WHERE organisation_id = $1 AND to_key = $3))
        ORDER BY created_at, id";
    NAMING_SYSTEM = "SELECT id, name FROM asset WHERE organisation_id = $1 AND (system_id = $2
            OR id IN (SELECT asset_id FROM asset_relation WHERE organisation_id = $1 AND to_key = $3))
        ORDER BY created_at, id";
    LEAVE_ZONE = "UPDATE asset SET zone_id = NULL, version = version + 1 WHERE organisation_id = $1 AND zone_id = $2";
    LEAVE_PLACE = "UPDATE asset SET place_id = NULL, version = version + 1 WHERE organisation_id = $1 AND place_id = $2";
    LEAVE_SYSTEM = "UPDATE asset SET system_id = NULL, version = version + 1
        WHERE organisation_id = $1 AND system_id = $2";
}

komainu_db::sealed_columns! {
    DETAIL = "asset"."detail" by "id";
}

fn asset(row: &Row<'_>) -> Result<Asset, DbError> {
    let id: AssetId = row.get(0)?;
    let Detail { facts, controls, note } = Detail::open(&DETAIL, row, 7, id.0)?;
    Ok(Asset {
        id,
        details: AssetDetails {
            kind: super::code(row.get(1)?)?,
            name: row.get(2)?,
            zone: row.get(3)?,
            place: row.get(4)?,
            system: row.get(5)?,
            vendor: row.get(6)?,
            facts,
            controls,
            relations: Relations::new(),
            note,
        },
        version: row.get(8)?,
    })
}

/// Whose a relation is, and what it is.
type OwnedRelation = (AssetId, (RelationKind, Thing));

fn relation(row: &Row<'_>) -> Result<OwnedRelation, DbError> {
    let to = match row.get::<Option<AssetId>>(2)? {
        Some(asset) => Thing::Asset(asset),
        None => Thing::System(row.get(3)?),
    };
    Ok((row.get(0)?, (super::code(row.get(1)?)?, to)))
}

/// Gives each thing its relations.
fn related(mut assets: Vec<Asset>, relations: Vec<OwnedRelation>) -> Vec<Asset> {
    let mut of: HashMap<AssetId, Relations> = HashMap::new();
    for (asset, relation) in relations {
        of.entry(asset).or_default().insert(relation);
    }
    for asset in &mut assets {
        asset.details.relations = of.remove(&asset.id).unwrap_or_default();
    }
    assets
}

pub(crate) fn assets(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Asset>, DbError> {
    let assets = tx.all(scope, ASSETS, &[], asset)?;
    Ok(related(assets, tx.all(scope, RELATIONS, &[], relation)?))
}

pub(crate) fn assets_part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<AssetId>,
) -> Result<Vec<Asset>, DbError> {
    let assets = tx.all(scope, ASSETS_PART, params![part.after_id(), part.limit], asset)?;
    let relations = tx.all(scope, RELATIONS_PART, params![part.after_id(), part.limit], relation)?;
    Ok(related(assets, relations))
}

pub(crate) fn asset_get(tx: &mut Tx<'_>, scope: &Scope, id: AssetId) -> Result<Option<Asset>, DbError> {
    let Some(found) = tx.maybe(scope, ASSET_GET, params![id], asset)? else { return Ok(None) };
    let relations = tx.all(scope, RELATIONS_OF, params![id], relation)?;
    Ok(related(vec![found], relations).pop())
}

fn detail(tx: &Tx<'_>, id: AssetId, new: &AssetDetails) -> Result<String, DbError> {
    let detail = Detail { facts: new.facts.clone(), controls: new.controls.clone(), note: new.note.clone() };
    detail.close(&DETAIL, tx, id.0)
}

/// Adds a thing without its relations, which may lead to things that are added after it.
pub(crate) fn asset_add(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: AssetId,
    new: &AssetDetails,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let values = added(tx, id, new, now)?;
    tx.run(scope, ASSET_ADD, &values).map(drop)
}

/// How many things one statement adds.
const MANY: usize = 25;

/// Adds things without their relations, in this order.
pub(crate) fn assets_add(
    tx: &mut Tx<'_>,
    scope: &Scope,
    new: &[&Asset],
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let (chunks, rest) = new.as_chunks::<MANY>();
    for chunk in chunks {
        let mut values = Vec::new();
        for asset in chunk {
            values.extend(added(tx, asset.id, &asset.details, now)?);
        }
        tx.run(scope, ASSET_ADD_MANY, &values)?;
    }
    rest.iter().try_for_each(|asset| asset_add(tx, scope, asset.id, &asset.details, now))
}

fn added(tx: &Tx<'_>, id: AssetId, new: &AssetDetails, now: DateTime<Utc>) -> Result<[Value; 9], DbError> {
    let detail = detail(tx, id, new)?;
    Ok([
        Value::from(id),
        Value::from(new.kind.code()),
        Value::from(&new.name),
        Value::from(new.zone),
        Value::from(new.place),
        Value::from(new.system),
        Value::from(new.vendor),
        Value::from(detail),
        Value::from(now),
    ])
}

/// Saves a thing without its relations. False where the stored version is another.
pub(crate) fn asset_save(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: AssetId,
    version: i64,
    new: &AssetDetails,
) -> Result<bool, DbError> {
    let detail = detail(tx, id, new)?;
    tx.run(
        scope,
        ASSET_SAVE,
        params![id, version, new.kind.code(), &new.name, new.zone, new.place, new.system, new.vendor, detail],
    )
    .map(|rows| rows > 0)
}

/// Writes a thing's relations anew.
pub(crate) fn relations_save(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: AssetId,
    relations: &Relations,
    first: bool,
) -> Result<(), DbError> {
    if !first {
        tx.run(scope, RELATIONS_REMOVE, params![id])?;
    }
    for (kind, thing) in relations {
        let to = params![id, kind.code(), thing.to_string(), thing.asset(), thing.system()];
        tx.run(scope, RELATION_ADD, to)?;
    }
    Ok(())
}

/// The things, by id and name, that name a thing or system.
pub(crate) fn named_by(
    tx: &mut Tx<'_>,
    scope: &Scope,
    thing: Thing,
) -> Result<Vec<(AssetId, String)>, DbError> {
    let key = thing.to_string();
    let named = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    match thing {
        Thing::Asset(id) => tx.all(scope, NAMING, params![id, key], named),
        Thing::System(id) => tx.all(scope, NAMING_SYSTEM, params![id, key], named),
    }
}

/// Removes a thing and every mention of it by others. False where the stored version is another.
pub(crate) fn asset_remove(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: AssetId,
    kind: AssetKind,
    version: i64,
) -> Result<bool, DbError> {
    tx.run(scope, RELATIONS_REMOVE, params![id])?;
    tx.run(scope, RELATIONS_TO, params![Thing::Asset(id).to_string()])?;
    match kind {
        AssetKind::Zone => tx.run(scope, LEAVE_ZONE, params![id])?,
        AssetKind::Place => tx.run(scope, LEAVE_PLACE, params![id])?,
        _ => 0,
    };
    tx.run(scope, ASSET_REMOVE, params![id, version]).map(|rows| rows > 0)
}

/// Takes a system out of every thing that mentions it.
pub(crate) fn system_forget(tx: &mut Tx<'_>, scope: &Scope, id: SystemId) -> Result<(), DbError> {
    tx.run(scope, RELATIONS_TO, params![Thing::System(id).to_string()])?;
    tx.run(scope, LEAVE_SYSTEM, params![id]).map(drop)
}
