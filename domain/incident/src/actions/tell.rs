//! Who was told, and the sheets that people fill in together.

use super::lead::written_at;
use super::{Changed, INCIDENT, led, log, running, touch};
use crate::model::{EntryKind, ExhibitId, Fields, Filled, IncidentId, Sheet, Told};
use crate::store;
use chrono::{DateTime, Utc};
use komainu_access::Scope;
use komainu_catalog::Catalog;
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_web::{Conflict, Failure, Refused};
use serde_json::json;

/// What is noted of a duty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DutyNote {
    /// To whom, by which way, under which number.
    pub note: String,
    /// When they were told; none while they were not.
    pub done_at: Option<DateTime<Utc>>,
    /// Evidence that proves it.
    pub proof: Option<ExhibitId>,
}

/// Notes that somebody was told, or anything else about it. Version 0 where nothing is noted yet.
///
/// # Errors
/// A conflict where somebody else noted something first; [`Failure::NotFound`] for a duty that there is not, or proof of another
/// incident.
pub fn duty_note(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    (id, duty, version): (IncidentId, &str, i64),
    input: &DutyNote,
) -> Result<(), Changed<Told>> {
    let incident = running(tx, scope, id)?;
    catalog.reporting_duty(duty).ok_or(Failure::NotFound)?;
    if let Some(proof) = input.proof {
        let known = store::exhibit_get(tx, scope, proof)?.filter(|exhibit| exhibit.incident == id);
        known.ok_or(Failure::NotFound)?;
    }
    let find = |all: Vec<Told>| all.into_iter().find(|told| told.duty == duty);
    let before = find(store::told(tx, scope, id)?);
    let done_before = before.as_ref().and_then(|told| told.done_at);
    // Who told stays who told when somebody else adds a note.
    let by = match &before {
        Some(told) if done_before == input.done_at => told.done_by_name.clone(),
        _ if input.done_at.is_some() => scope.person_name().to_owned(),
        _ => String::new(),
    };
    let new = Told {
        duty: duty.to_owned(),
        note: input.note.clone(),
        done_at: input.done_at,
        done_by_name: by,
        proof: input.proof,
        version,
    };
    let said = |told: &Told| json!({ "told": told.duty, "done_at": told.done_at, "note": told.note });
    let mut after = said(&new);
    after["number"] = json!(incident.number_text());
    let states = (before.as_ref().map(said), after);
    log(tx, nature, scope, ("incident_duty_note", INCIDENT, &id.to_string()), states)?;
    if !store::told_save(tx, scope, (id, nature.id()), &new)? {
        let now = find(store::told(tx, scope, id)?);
        return Err(Refused::Because(Conflict(Box::new(now.unwrap_or(new)))));
    }
    if done_before != input.done_at {
        let (state, at) = match input.done_at {
            Some(at) => ("done", at),
            None => ("open", nature.now()),
        };
        let words = format!("{state} {duty}");
        written_at(tx, nature, scope, (id, at), (EntryKind::Told, &words, &input.note))?;
    }
    Ok(touch(tx, scope, id)?)
}

/// Keeps a sheet. Version 0 where nobody wrote on it yet.
///
/// # Errors
/// A conflict with the sheet as it stands where somebody else wrote on it first.
pub fn sheet_save(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (id, sheet, version): (IncidentId, Sheet, i64),
    fields: &Fields,
) -> Result<(), Changed<Filled>> {
    let incident = running(tx, scope, id)?;
    let find =
        |all: Vec<(Sheet, Filled)>| all.into_iter().find(|(which, _)| *which == sheet).map(|(_, it)| it);
    let old = find(store::sheets(tx, scope, id)?).unwrap_or_default();
    if old.version == version && old.fields == *fields {
        return Ok(());
    }
    let said = |fields: &Fields| json!({ "number": incident.number_text(), "sheet": sheet.code(), "fields": fields });
    let states = (said(&old.fields), said(fields));
    log(tx, nature, scope, ("incident_sheet_save", INCIDENT, &id.to_string()), states)?;
    let what = (version, fields, nature.now(), scope.person_name());
    if !store::sheet_save(tx, scope, (id, sheet, nature.id()), what)? {
        let now = find(store::sheets(tx, scope, id)?).unwrap_or_default();
        return Err(Refused::Because(Conflict(Box::new(now))));
    }
    Ok(touch(tx, scope, id)?)
}

/// Notes in the log that the whole case left the house in one archive.
pub fn export_note(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (id, sha256): (IncidentId, &str),
) -> Result<(), Failure> {
    let incident = led(tx, scope, id)?;
    let after = json!({ "number": incident.number_text(), "sha256": sha256 });
    log(tx, nature, scope, ("incident_export", INCIDENT, &id.to_string()), ((), after))
}
