//! Evidence: what was taken, with its hash, and who had it.

use super::{EXHIBIT, log, running, touch};
use crate::model::{Custody, CustodyDetail, Exhibit, ExhibitDetail, ExhibitId, IncidentId};
use crate::store;
use chrono::{DateTime, Utc};
use komainu_access::{Permission, Scope};
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_files::{FileError, Files, LIMIT, clean_name, kind_of};
use komainu_web::{Failure, Refused};
use serde_json::json;

/// The largest file of evidence, in bytes.
pub const MOST_EVIDENCE: usize = LIMIT;
/// What is no document may be hostile; it is kept as bytes and only ever handed out to be kept.
const BYTES: &str = "application/octet-stream";

/// A piece of evidence that comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewExhibit {
    /// A file, as its name and bytes; none for a thing that is kept elsewhere.
    pub file: Option<(String, Vec<u8>)>,
    /// What it is.
    pub detail: ExhibitDetail,
    /// When it was taken.
    pub taken_at: DateTime<Utc>,
    /// By whom.
    pub taken_by_name: String,
}

/// Why evidence was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExhibitRefusal {
    /// The file has nothing in it.
    Empty,
    /// It is larger than [`MOST_EVIDENCE`].
    TooLarge,
}

/// Takes evidence: seals the file and keeps its hash.
///
/// # Errors
/// [`ExhibitRefusal`].
pub fn exhibit_add(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    files: &Files,
    (id, new): (IncidentId, &NewExhibit),
) -> Result<ExhibitId, Refused<ExhibitRefusal>> {
    let incident = running(tx, scope, id)?;
    let mut exhibit = Exhibit {
        id: ExhibitId(nature.id()),
        incident: id,
        file: String::new(),
        name: String::new(),
        size: 0,
        media_type: String::new(),
        detail: new.detail.clone(),
        taken_at: new.taken_at,
        taken_by_name: new.taken_by_name.clone(),
        added_at: nature.now(),
        added_by_name: scope.person_name().to_owned(),
        custody: Vec::new(),
    };
    if let Some((name, bytes)) = &new.file {
        if bytes.is_empty() {
            return Err(Refused::Because(ExhibitRefusal::Empty));
        }
        if bytes.len() > MOST_EVIDENCE {
            return Err(Refused::Because(ExhibitRefusal::TooLarge));
        }
        let media_type = kind_of(bytes).map_or(BYTES, |kind| kind.media_type);
        exhibit.file = files.keep(tx, scope, nature, bytes, media_type).map_err(unkept)?;
        exhibit.name =
            Some(clean_name(name)).filter(|name| !name.is_empty()).unwrap_or_else(|| "evidence".to_owned());
        exhibit.size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        media_type.clone_into(&mut exhibit.media_type);
    }
    let after = json!({
        "number": incident.number_text(), "title": exhibit.detail.what, "file_name": exhibit.name, "sha256": exhibit.file,
    });
    log(tx, nature, scope, ("incident_evidence_add", EXHIBIT, &exhibit.id.to_string()), ((), after))?;
    store::exhibit_add(tx, scope, &exhibit)?;
    touch(tx, scope, id)?;
    Ok(exhibit.id)
}

fn unkept(error: FileError) -> Failure {
    match error {
        FileError::Db(error) => error.into(),
        other => Failure::internal(other),
    }
}

/// A piece of evidence with who had it.
pub fn exhibit_get(tx: &mut Tx<'_>, scope: &Scope, id: ExhibitId) -> Result<Exhibit, Failure> {
    scope.require(Permission::IncidentSee)?;
    store::exhibit_get(tx, scope, id)?.ok_or(Failure::NotFound)
}

/// Its file; the bytes are those that came in, as their hash proves.
///
/// # Errors
/// [`Failure::NotFound`] for a thing that is kept elsewhere.
pub fn exhibit_bytes(
    tx: &mut Tx<'_>,
    scope: &Scope,
    files: &Files,
    id: ExhibitId,
) -> Result<(Exhibit, Vec<u8>), Failure> {
    let exhibit = exhibit_get(tx, scope, id)?;
    if exhibit.file.is_empty() {
        return Err(Failure::NotFound);
    }
    let bytes = files.get(scope.organisation(), &exhibit.file).map_err(unkept)?;
    Ok((exhibit, bytes))
}

/// Writes down that evidence passed from hand to hand.
pub fn custody_add(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: ExhibitId,
    (detail, handed_at): (&CustodyDetail, DateTime<Utc>),
) -> Result<(), Failure> {
    scope.require(Permission::IncidentLead)?;
    let exhibit = exhibit_get(tx, scope, id)?;
    running(tx, scope, exhibit.incident)?;
    let after = json!({ "title": exhibit.detail.what, "from": detail.from, "to": detail.to });
    log(tx, nature, scope, ("incident_evidence_pass", EXHIBIT, &id.to_string()), ((), after))?;
    let new = Custody {
        detail: detail.clone(),
        handed_at,
        written_at: nature.now(),
        written_by_name: scope.person_name().to_owned(),
    };
    store::custody_add(tx, scope, (nature.id(), exhibit.incident, id), &new)?;
    touch(tx, scope, exhibit.incident)
}
