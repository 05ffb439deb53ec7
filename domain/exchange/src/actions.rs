//! What can be done with files of the ledger: each function one use case.

use crate::model::{
    Choices, Content, Counts, Detail, Fault, Import, ImportId, Mapping, Row, Settled, State, Table, Why,
};
use crate::rules::{Read, fault_of, fingerprint, found_rows, guess, guess_under, settle, table_rows};
use crate::store;
use crate::vocabulary::Vocabulary;
use crate::words::found_words;
use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, Permission, Scope};
use komainu_audit::{Change, record};
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_files::Files;
use komainu_i18n::Lang;
use komainu_inventory::Ledger;
use komainu_inventory::actions::{EditRefusal, ledger, ledger_edit};
use komainu_web::{Conflict, Failure, Refused};
use std::sync::Arc;

/// At most so many imports of one person at a time.
pub const MOST_IMPORTS: usize = 20;
/// So many tables of an institution are remembered, those first that were said last.
pub const MOST_MAPPINGS: i64 = 200;

/// What an import is done with, and the language that its person reads.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// Time and chance.
    pub nature: &'a Nature,
    /// Where what was handed in lies.
    pub files: &'a Files,
    /// The person's language.
    pub lang: Lang,
}

/// An import with all that it is decided by.
#[derive(Debug)]
pub struct Preview {
    /// The import.
    pub import: Import,
    /// Its tables.
    pub tables: Vec<Table>,
    /// The names of its tables and files, in the order in which rows name them.
    pub sources: Vec<String>,
    /// What was left out of the files of other programs.
    pub remarks: Vec<komainu_discovery::Remark>,
    /// The ledger as it is.
    pub ledger: Arc<Ledger>,
    /// What becomes of the rows.
    pub settled: Settled,
}

/// Why an import was not done. Nothing of it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApplyRefusal {
    /// The import or the ledger changed after the person looked.
    Stale,
    /// Rows are faulty or undecided.
    NotReady,
    /// The changes do not stand, although all was well when they were looked at; the row, where it can be told.
    Row(Option<usize>, Fault),
}

/// The name under which an import's content lies.
fn aside(id: ImportId) -> String {
    format!("ledger-import/{id}")
}

/// The imports of the person who asks, newest first.
pub fn imports(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Import>, Failure> {
    scope.require(Permission::LedgerEdit)?;
    Ok(store::imports(tx, scope)?)
}

/// One of them.
pub fn import_get(tx: &mut Tx<'_>, scope: &Scope, id: ImportId) -> Result<Import, Failure> {
    scope.require(Permission::LedgerEdit)?;
    store::import_get(tx, scope, id)?.ok_or(Failure::NotFound)
}

/// Begins an import of files that were read; `names` are theirs.
///
/// # Errors
/// [`Failure::Refused`] where the person has begun too many.
pub fn import_start(
    tx: &mut Tx<'_>,
    desk: Desk<'_>,
    scope: &Scope,
    names: &[String],
    read: &Read,
) -> Result<ImportId, Failure> {
    let begun = imports(tx, scope)?.iter().filter(|import| import.state != State::Applied).count();
    if begun >= MOST_IMPORTS {
        return Err(Failure::Refused(crate::words::too_many_imports(desk.lang, MOST_IMPORTS)));
    }
    let tables = &read.content.tables;
    let mut mappings = Vec::with_capacity(tables.len());
    for table in tables {
        mappings.push(mapping_of(tx, desk, scope, table, tables.len() == 1)?);
    }
    let import = Import {
        id: ImportId(desk.nature.id()),
        state: if tables.is_empty() { State::Preview } else { State::Mapping },
        detail: Detail { files: names.to_vec(), kinds: read.kinds.clone(), mappings, ..Detail::default() },
        created_at: desk.nature.now(),
        version: 1,
    };
    let content = serde_json::to_vec(&read.content).map_err(Failure::internal)?;
    desk.files
        .lay_aside(scope.organisation(), &aside(import.id), desk.nature, &content)
        .map_err(Failure::internal)?;
    store::import_add(tx, scope, &import)?;
    Ok(import.id)
}

/// What a table's columns were the last time under the same headings, else a guess.
fn mapping_of(
    tx: &mut Tx<'_>,
    desk: Desk<'_>,
    scope: &Scope,
    table: &Table,
    alone: bool,
) -> Result<Mapping, Failure> {
    let guessed = guess(table, Vocabulary::of(desk.lang), desk.nature.today(), alone);
    let Some(fingerprint) = fingerprint(table, guessed.heading) else { return Ok(guessed) };
    let (heading, width) = (guessed.heading, guessed.columns.len());
    let known = store::mapping(tx, scope, &fingerprint)?.filter(|known| known.columns.len() == width);
    Ok(known.map_or(guessed, |known| Mapping { heading, ..known }))
}

/// What was handed in.
pub fn content(desk: Desk<'_>, scope: &Scope, id: ImportId) -> Result<Content, Failure> {
    let laid = desk.files.laid_aside(scope.organisation(), &aside(id)).map_err(Failure::internal)?;
    serde_json::from_slice(&laid.ok_or(Failure::NotFound)?).map_err(Failure::internal)
}

/// Says what the columns are. With `again` they are guessed under the headings that are pointed out, and are to be looked at
/// once more.
///
/// # Errors
/// A conflict where the import changed meanwhile, or is done.
pub fn import_map(
    tx: &mut Tx<'_>,
    desk: Desk<'_>,
    scope: &Scope,
    (id, version): (ImportId, i64),
    said: &[Mapping],
    again: bool,
) -> Result<(), Refused<Conflict<Import>>> {
    let mut import = import_get(tx, scope, id)?;
    if import.version != version || import.state == State::Applied {
        return Err(Refused::Because(Conflict(Box::new(import))));
    }
    let content = content(desk, scope, id)?;
    let (mut mappings, mut kept) = (Vec::with_capacity(content.tables.len()), false);
    for (place, table) in content.tables.iter().enumerate() {
        let old = import.detail.mappings.get(place).cloned().unwrap_or_default();
        let mut mapping = sound(table, said.get(place).cloned().unwrap_or_else(|| old.clone()));
        if again && (mapping.heading, mapping.sheet) != (old.heading, old.sheet) {
            let sheet = mapping.sheet.unwrap_or(crate::model::Sheet::Things);
            let words = Vocabulary::of(desk.lang);
            mapping.columns = guess_under(table, mapping.heading, sheet, words, desk.nature.today());
        } else if !again
            && mapping.sheet.is_some()
            && let Some(fingerprint) = fingerprint(table, mapping.heading)
        {
            store::mapping_keep(tx, scope, &fingerprint, &mapping, desk.nature.now())?;
            kept = true;
        }
        mappings.push(mapping);
    }
    if kept {
        store::mappings_forget(tx, scope, MOST_MAPPINGS)?;
    }
    if mappings != import.detail.mappings {
        // The rows are others now.
        import.detail.choices = Choices::default();
    }
    import.detail.mappings = mappings;
    import.state = if again { State::Mapping } else { State::Preview };
    save(tx, scope, version, &import)
}

/// A mapping that fits the table: no column twice, none of the other sheet.
fn sound(table: &Table, mut mapping: Mapping) -> Mapping {
    mapping.columns.resize(table.width(), None);
    mapping.heading = mapping.heading.filter(|heading| *heading < table.rows.len());
    let known = mapping.sheet.map(crate::model::Sheet::columns).unwrap_or_default();
    let mut seen = std::collections::HashSet::new();
    for column in &mut mapping.columns {
        *column = column.filter(|column| known.contains(column) && seen.insert(*column));
    }
    mapping
}

/// Notes what a person decided about the rows.
///
/// # Errors
/// A conflict where the import changed meanwhile, or is done.
pub fn import_choose(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (id, version): (ImportId, i64),
    choices: &Choices,
) -> Result<(), Refused<Conflict<Import>>> {
    let mut import = import_get(tx, scope, id)?;
    if import.version != version || import.state == State::Applied {
        return Err(Refused::Because(Conflict(Box::new(import))));
    }
    if import.detail.choices == *choices {
        return Ok(());
    }
    import.detail.choices.clone_from(choices);
    save(tx, scope, version, &import)
}

fn save(
    tx: &mut Tx<'_>,
    scope: &Scope,
    version: i64,
    import: &Import,
) -> Result<(), Refused<Conflict<Import>>> {
    if store::import_save(tx, scope, version, import).map_err(Failure::from)? {
        return Ok(());
    }
    Err(Refused::Because(Conflict(Box::new(import_get(tx, scope, import.id)?))))
}

/// What would become of the rows in the ledger as it is now.
pub fn import_preview(
    tx: &mut Tx<'_>,
    desk: Desk<'_>,
    scope: &Scope,
    id: ImportId,
) -> Result<Preview, Failure> {
    let import = import_get(tx, scope, id)?;
    let content = content(desk, scope, id)?;
    let ledger = ledger(tx, scope)?;
    let rows = rows(desk, &content, &import.detail);
    let settled = settle(&ledger, &rows, &import.detail.choices, &mut || desk.nature.id());
    let tables = content.tables.iter().map(|table| table.name.clone());
    let found = content.found.iter().map(|file| file.name.clone());
    let sources = tables.chain(found).collect();
    let remarks = content.found.iter().flat_map(|file| file.findings.remarks.iter().copied()).collect();
    Ok(Preview { import, tables: content.tables, sources, remarks, ledger, settled })
}

/// The rows of everything that was handed in.
fn rows(desk: Desk<'_>, content: &Content, detail: &Detail) -> Vec<Row> {
    let (words, today) = (Vocabulary::of(desk.lang), desk.nature.today());
    let mut rows = Vec::new();
    for (source, (table, mapping)) in content.tables.iter().zip(&detail.mappings).enumerate() {
        rows.extend(table_rows(source, table, mapping, words, today));
    }
    let found = found_rows(content.tables.len(), rows.len(), &content.found, &found_words(desk.lang));
    rows.extend(found);
    rows
}

/// Takes everything into the ledger, or nothing. `revision` is that of the ledger which the person looked at. What was
/// handed in is let go afterwards, once the transaction is kept: [`import_let_go`].
///
/// # Errors
/// [`ApplyRefusal`]; the caller's transaction must then not be kept.
pub fn import_apply(
    tx: &mut Tx<'_>,
    desk: Desk<'_>,
    scope: &Scope,
    (id, version): (ImportId, i64),
    revision: i64,
) -> Result<Counts, Refused<ApplyRefusal>> {
    let known = import_get(tx, scope, id)?;
    if known.version != version || known.state != State::Preview {
        return Err(Refused::Because(ApplyRefusal::Stale));
    }
    let Preview { mut import, settled, ledger, .. } = import_preview(tx, desk, scope, id)?;
    if settled.revision != revision {
        return Err(Refused::Because(ApplyRefusal::Stale));
    }
    if !settled.counts.ready() {
        return Err(Refused::Because(ApplyRefusal::NotReady));
    }
    let source = import.detail.source();
    ledger_edit(tx, desk.nature, scope, Some(revision), &source, &settled.edits)
        .map_err(|refused| not_taken(refused, &settled, &ledger))?;
    import.state = State::Applied;
    import.detail.result = Some(settled.counts);
    import.detail.choices = Choices::default();
    if !store::import_save(tx, scope, version, &import).map_err(Failure::from)? {
        return Err(Refused::Because(ApplyRefusal::Stale));
    }
    Ok(settled.counts)
}

fn not_taken(refused: Refused<EditRefusal>, settled: &Settled, ledger: &Ledger) -> Refused<ApplyRefusal> {
    let refusal = match refused {
        Refused::Because(refusal) => refusal,
        Refused::Failed(failure) => return Refused::Failed(failure),
    };
    let row = |position: usize| settled.row_of.get(position).copied().flatten();
    let name = |id| {
        let known = ledger.assets.iter().find(|asset| asset.id == id);
        known.map(|asset| &asset.details.name).or_else(|| settled.names.get(&id)).cloned().unwrap_or_default()
    };
    Refused::Because(match refusal {
        EditRefusal::Stale => ApplyRefusal::Stale,
        // What does not stand together is no one row's.
        EditRefusal::Together(flaw) => ApplyRefusal::Row(None, fault_of(&flaw, name)),
        EditRefusal::Asset(at, _) | EditRefusal::Connection(at) => {
            ApplyRefusal::Row(row(at), Fault { column: None, text: String::new(), why: Why::NotThat })
        }
    })
}

/// Gives up an import, or clears away one that is done.
pub fn import_remove(tx: &mut Tx<'_>, scope: &Scope, id: ImportId) -> Result<(), Failure> {
    import_get(tx, scope, id)?;
    Ok(store::import_remove(tx, scope, id)?)
}

/// Lets go of what was handed in, after its import was done or given up.
pub fn import_let_go(files: &Files, organisation: OrganisationId, id: ImportId) {
    if let Err(error) = files.let_go(organisation, &aside(id)) {
        tracing::warn!(%error, "what was handed in for an import could not be let go");
    }
}

/// Clears away imports from before a moment, so many at most; answers how many.
pub fn imports_forget(
    tx: &mut Tx<'_>,
    files: &Files,
    before: DateTime<Utc>,
    most: i64,
) -> Result<usize, Failure> {
    let expired = store::expired(tx, before, most)?;
    for (organisation, id) in &expired {
        store::import_remove(tx, &Scope::of_program(*organisation), *id)?;
        files.let_go(*organisation, &aside(*id)).map_err(Failure::internal)?;
    }
    Ok(expired.len())
}

/// The whole ledger, to be taken out; the log tells who did, and in which form.
pub fn ledger_export(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    form: &str,
) -> Result<Arc<Ledger>, Failure> {
    let ledger = ledger(tx, scope)?;
    let change =
        Change { action: "ledger_export", object_kind: "ledger", object_id: form, before: (), after: () };
    record(tx, scope, nature.now(), &change)?;
    Ok(ledger)
}
