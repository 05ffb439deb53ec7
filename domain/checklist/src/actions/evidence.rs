//! Evidence: files, and records inside Komainu.

use super::{Closed, ROW, answerable, hold, record, require_answer, row_object, sight};
use crate::model::{Evidence, EvidenceId, EvidenceTarget, RoundId};
use crate::neighbours;
use crate::store;
use komainu_access::{Permission, Scope};
use komainu_catalog::{Catalog, PlacementId};
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_files::{FileError, Files, Refusal, clean_name};
use komainu_web::{Failure, Refused};
use serde::Serialize;

/// Why evidence was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceRefusal {
    /// The round is closed.
    Closed,
    /// The file is not taken.
    File(Refusal),
    /// There is no such record, or no such file here.
    NoRecord,
}

impl From<Closed> for EvidenceRefusal {
    fn from(_: Closed) -> Self {
        EvidenceRefusal::Closed
    }
}

#[derive(Serialize)]
struct EvidenceLog<'a> {
    kind: &'a str,
    target: String,
    name: &'a str,
    size: i64,
}

fn log(evidence: &Evidence) -> EvidenceLog<'_> {
    EvidenceLog {
        kind: evidence.target.kind(),
        target: evidence.target.key(),
        name: &evidence.name,
        size: evidence.size,
    }
}

/// Asks for all that adding to a row needs.
fn ready(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    row: (RoundId, &PlacementId),
) -> Result<(), Refused<EvidenceRefusal>> {
    let (id, placement) = row;
    answerable(tx, scope, catalog, id, placement)?;
    hold(tx, scope, id, nature.now())
}

fn add(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, new: &Evidence) -> Result<(), Failure> {
    // The same thing twice on one row says nothing more; a repeated send adds nothing.
    if store::evidence_held(tx, scope, new.round, &new.placement, &new.target)? {
        return Ok(());
    }
    store::evidence_insert(tx, scope, new)?;
    let object = row_object(new.round, &new.placement);
    record(tx, scope, nature.now(), ("evidence_add", ROW, &object), ((), log(new)))
}

fn new(
    nature: &Nature,
    scope: &Scope,
    row: (RoundId, &PlacementId),
    target: EvidenceTarget,
    name: &str,
) -> Evidence {
    Evidence {
        id: EvidenceId(nature.id()),
        round: row.0,
        placement: row.1.clone(),
        target,
        name: name.to_owned(),
        size: 0,
        media_type: String::new(),
        added_at: nature.now(),
        added_by_name: scope.person_name().to_owned(),
    }
}

/// Takes a file as evidence of a row, and answers what it is called here. Its bytes are on the disk before the row says so.
pub fn evidence_add_file(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    files: &Files,
    row: (RoundId, &PlacementId),
    file: (&str, &[u8]),
) -> Result<EvidenceTarget, Refused<EvidenceRefusal>> {
    ready(tx, nature, scope, catalog, row)?;
    let (name, bytes) = file;
    let stored = files.put(tx, scope, nature, bytes).map_err(|error| match error {
        FileError::Refused(refusal) => Refused::Because(EvidenceRefusal::File(refusal)),
        FileError::Db(error) => Refused::Failed(error.into()),
        other => Refused::Failed(Failure::internal(other)),
    })?;
    let name = file_name(name, stored.kind.ending);
    let mut evidence = new(nature, scope, row, EvidenceTarget::File(stored.digest), &name);
    evidence.size = stored.size;
    stored.kind.media_type.clone_into(&mut evidence.media_type);
    add(tx, nature, scope, &evidence)?;
    Ok(evidence.target)
}

/// Takes a record of the ledger, or a file that is here already, as evidence of a row.
pub fn evidence_add_record(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    row: (RoundId, &PlacementId),
    target: &EvidenceTarget,
) -> Result<(), Refused<EvidenceRefusal>> {
    ready(tx, nature, scope, catalog, row)?;
    let evidence = match target {
        EvidenceTarget::File(_) => {
            known_files(tx, scope)?.into_iter().find(|file| file.target == *target).map(|file| Evidence {
                size: file.size,
                media_type: file.media_type,
                ..new(nature, scope, row, target.clone(), &file.name)
            })
        }
        EvidenceTarget::System(id) => neighbours::systems(tx, scope)?
            .into_iter()
            .find(|system| system.id == *id)
            .map(|system| new(nature, scope, row, target.clone(), &system.name)),
        EvidenceTarget::Vendor(id) => neighbours::suppliers(tx, scope)?
            .into_iter()
            .find(|supplier| supplier.id == *id)
            .map(|supplier| new(nature, scope, row, target.clone(), &supplier.name)),
        EvidenceTarget::Contact(id) => neighbours::contacts(tx, scope)?
            .into_iter()
            .find(|contact| contact.id == *id)
            .map(|contact| new(nature, scope, row, target.clone(), &contact.name)),
    };
    let evidence = evidence.ok_or(Refused::Because(EvidenceRefusal::NoRecord))?;
    Ok(add(tx, nature, scope, &evidence)?)
}

/// The name with the ending that its content has: what is called `.pdf` and is a picture gets the picture's ending behind it.
fn file_name(given: &str, ending: &str) -> String {
    let clean = clean_name(given);
    let given_ending =
        clean.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let fits = match ending {
        "jpg" => matches!(given_ending.as_str(), "jpg" | "jpeg"),
        "tif" => matches!(given_ending.as_str(), "tif" | "tiff"),
        "heic" => matches!(given_ending.as_str(), "heic" | "heif"),
        // The newer ones too: behind a password they are in the old container.
        "doc" => matches!(given_ending.as_str(), "doc" | "xls" | "ppt" | "docx" | "xlsx" | "pptx"),
        "txt" => matches!(given_ending.as_str(), "txt" | "csv" | "log" | "md"),
        other => given_ending == other,
    };
    match (clean.is_empty(), fits) {
        (true, _) => format!("file.{ending}"),
        (false, true) => clean,
        (false, false) => format!("{clean}.{ending}"),
    }
}

/// Takes a piece off its row. The file stays in the house, and the log knows of it.
pub fn evidence_remove(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: EvidenceId,
) -> Result<Evidence, Refused<EvidenceRefusal>> {
    let evidence = store::evidence_get(tx, scope, id, sight(scope)?)?.ok_or(Failure::NotFound)?;
    require_answer(tx, scope, evidence.round, &evidence.placement)?;
    hold(tx, scope, evidence.round, nature.now())?;
    if store::evidence_remove(tx, scope, id, nature.now())? {
        let object = row_object(evidence.round, &evidence.placement);
        record(tx, scope, nature.now(), ("evidence_remove", ROW, &object), (log(&evidence), ()))?;
    }
    Ok(evidence)
}

/// A piece of evidence, for whoever may open it: those who read evidence, and staff for their own rows.
pub fn evidence_get(tx: &mut Tx<'_>, scope: &Scope, id: EvidenceId) -> Result<Evidence, Failure> {
    let own = if scope.may(Permission::EvidenceRead) {
        None
    } else {
        scope.require(Permission::ChecklistAnswerAssigned)?;
        Some(scope.person())
    };
    store::evidence_get(tx, scope, id, own)?.ok_or(Failure::NotFound)
}

/// A file of evidence, for whoever may open it.
pub fn evidence_bytes(
    tx: &mut Tx<'_>,
    scope: &Scope,
    files: &Files,
    id: EvidenceId,
) -> Result<(Evidence, Vec<u8>), Failure> {
    let evidence = evidence_get(tx, scope, id)?;
    let EvidenceTarget::File(digest) = &evidence.target else { return Err(Failure::NotFound) };
    let bytes = files.get(scope.organisation(), digest).map_err(Failure::internal)?;
    Ok((evidence, bytes))
}

/// The evidence of a row.
pub fn evidence_of_row(
    tx: &mut Tx<'_>,
    scope: &Scope,
    round: RoundId,
    placement: &PlacementId,
) -> Result<Vec<Evidence>, Failure> {
    if let Some(person) = sight(scope)?
        && !store::assigned(tx, scope, round, placement, person)?
    {
        return Err(Failure::NotFound);
    }
    Ok(store::evidence_of_row(tx, scope, round, placement)?)
}

/// All evidence of a round, by row.
pub fn evidence_of_round(tx: &mut Tx<'_>, scope: &Scope, round: RoundId) -> Result<Vec<Evidence>, Failure> {
    scope.require(Permission::EvidenceRead)?;
    Ok(store::evidence_of_round(tx, scope, round)?)
}

/// How many of the newest files are offered for another use.
const KNOWN: i64 = 300;

/// The newest files of the institution, each once, to be used again on other rows and in other years.
pub fn known_files(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Evidence>, Failure> {
    if !scope.may(Permission::EvidenceRead) {
        return Ok(Vec::new());
    }
    let mut files = store::files(tx, scope, KNOWN)?;
    let mut seen = std::collections::HashSet::new();
    files.retain(|file| seen.insert(file.target.clone()));
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn names_lose_folders_and_gain_their_true_ending() {
        for (given, ending, name) in [
            ("点検.pdf", "pdf", "点検.pdf"),
            ("C:\\Users\\a\\写真.JPEG", "jpg", "写真.JPEG"),
            ("../../etc/passwd", "txt", "passwd.txt"),
            ("請求書.pdf", "png", "請求書.pdf.png"),
            ("a\u{202e}fdp.exe", "pdf", "afdp.exe.pdf"),
            ("", "pdf", "file.pdf"),
            ("...", "pdf", "file.pdf"),
            ("表\n.csv", "txt", "表.csv"),
        ] {
            assert_eq!(file_name(given, ending), name, "{given:?}");
        }
    }
}
