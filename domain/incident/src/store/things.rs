//! Things of the ledger, evidence and whose hands it went through.

use super::{
    ASSET, ASSET_ADD, ASSET_ID, ASSET_SAVE, ASSETS, ASSETS_RUNNING, CUSTODY, CUSTODY_ADD, EXHIBIT,
    EXHIBIT_ADD, EXHIBIT_GET, EXHIBITS, PASSED, code, json, text,
};
use crate::model::{
    AssetDetail, Custody, CustodyDetail, Exhibit, ExhibitDetail, ExhibitId, IncidentId, Marked,
};
use komainu_access::Scope;
use komainu_db::uuid::Uuid;
use komainu_db::{DbError, Row, Tx, params};
use komainu_inventory::AssetId;

fn exhibit(row: &Row<'_>) -> Result<Exhibit, DbError> {
    let id: ExhibitId = row.get(0)?;
    let detail: ExhibitDetail = json(&EXHIBIT.open(row, 6, &[id.0.as_bytes()])?, "evidence")?;
    Ok(Exhibit {
        id,
        incident: row.get(1)?,
        file: row.get(2)?,
        name: row.get(3)?,
        size: row.get(4)?,
        media_type: row.get(5)?,
        detail,
        taken_at: row.get(7)?,
        taken_by_name: row.get(8)?,
        added_at: row.get(9)?,
        added_by_name: row.get(10)?,
        custody: Vec::new(),
    })
}

fn marked(row: &Row<'_>) -> Result<Marked, DbError> {
    let id: Uuid = row.get(0)?;
    let detail: AssetDetail = json(&ASSET.open(row, 3, &[id.as_bytes()])?, "a thing")?;
    Ok(Marked {
        asset: row.get(1)?,
        state: code(&row.get::<String>(2)?, "the state of a thing")?,
        detail,
        changed_at: row.get(4)?,
        changed_by_name: row.get(5)?,
        version: row.get(6)?,
    })
}

pub(crate) fn assets(tx: &mut Tx<'_>, scope: &Scope, of: IncidentId) -> Result<Vec<Marked>, DbError> {
    tx.all(scope, ASSETS, params![of], marked)
}

/// Of all incidents that are not over, each with whose it is.
pub(crate) fn assets_running(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<(IncidentId, Marked)>, DbError> {
    tx.all(scope, ASSETS_RUNNING, &[], |row| Ok((row.get(7)?, marked(row)?)))
}

/// Keeps how a thing stands; false where somebody else said so first. Version 0 is a thing that was not marked yet.
pub(crate) fn asset_save(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (of, fresh, version): (IncidentId, Uuid, i64),
    new: &Marked,
) -> Result<bool, DbError> {
    let asset: AssetId = new.asset;
    let stored: Option<Uuid> = tx.maybe(scope, ASSET_ID, params![of, asset], |row| row.get(0))?;
    let id = stored.unwrap_or(fresh);
    let detail = ASSET.close(tx, &[id.as_bytes()], &text(&new.detail)?)?;
    let (state, at, by) = (new.state.code(), new.changed_at, &new.changed_by_name);
    if stored.is_some() {
        return Ok(tx.run(scope, ASSET_SAVE, params![id, version, state, detail, at, by])? > 0);
    }
    if version == 0 {
        tx.run(scope, ASSET_ADD, params![id, of, asset, state, detail, at, by])?;
    }
    Ok(version == 0)
}

pub(crate) fn exhibit_add(tx: &mut Tx<'_>, scope: &Scope, new: &Exhibit) -> Result<(), DbError> {
    let detail = EXHIBIT.close(tx, &[new.id.0.as_bytes()], &text(&new.detail)?)?;
    let values = params![
        new.id,
        new.incident,
        &new.file,
        &new.name,
        new.size,
        &new.media_type,
        detail,
        new.taken_at,
        &new.taken_by_name,
        new.added_at,
        &new.added_by_name
    ];
    tx.run(scope, EXHIBIT_ADD, values).map(drop)
}

pub(crate) fn exhibit_get(tx: &mut Tx<'_>, scope: &Scope, id: ExhibitId) -> Result<Option<Exhibit>, DbError> {
    let Some(found) = tx.maybe(scope, EXHIBIT_GET, params![id], exhibit)? else { return Ok(None) };
    let passed = custody(tx, scope, found.incident)?;
    let custody = passed.into_iter().filter(|(of, _)| *of == id).map(|(_, one)| one).collect();
    Ok(Some(Exhibit { custody, ..found }))
}

/// With who had each.
pub(crate) fn exhibits(tx: &mut Tx<'_>, scope: &Scope, of: IncidentId) -> Result<Vec<Exhibit>, DbError> {
    let mut all = tx.all(scope, EXHIBITS, params![of], exhibit)?;
    for (whose, one) in custody(tx, scope, of)? {
        if let Some(exhibit) = all.iter_mut().find(|exhibit| exhibit.id == whose) {
            exhibit.custody.push(one);
        }
    }
    Ok(all)
}

fn custody(tx: &mut Tx<'_>, scope: &Scope, of: IncidentId) -> Result<Vec<(ExhibitId, Custody)>, DbError> {
    tx.all(scope, CUSTODY, params![of], |row| {
        let id: Uuid = row.get(0)?;
        let detail: CustodyDetail = json(&PASSED.open(row, 2, &[id.as_bytes()])?, "custody")?;
        let one =
            Custody { detail, handed_at: row.get(3)?, written_at: row.get(4)?, written_by_name: row.get(5)? };
        Ok((row.get(1)?, one))
    })
}

pub(crate) fn custody_add(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (id, of, exhibit): (Uuid, IncidentId, ExhibitId),
    new: &Custody,
) -> Result<(), DbError> {
    let detail = PASSED.close(tx, &[id.as_bytes()], &text(&new.detail)?)?;
    let values = params![id, of, exhibit, detail, new.handed_at, new.written_at, &new.written_by_name];
    tx.run(scope, CUSTODY_ADD, values).map(drop)
}
