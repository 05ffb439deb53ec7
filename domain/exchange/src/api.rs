//! Files of the ledger over the API.

use crate::actions::{
    self, ApplyRefusal, import_apply, import_choose, import_let_go, import_map, import_preview, import_start,
};
use crate::model::{
    Column, Counts, Decision, Every, FileKind, Import, ImportId, Mapping, Outcome as RowOutcome, Reason,
    Seen, Sheet, State, Table,
};
use crate::pages::{ExportForm, desk, file_of, make, named, read_at_bench};
use crate::rules::{Namer, body_cell};
use crate::t;
use crate::vocabulary::Vocabulary;
use crate::words::{fault_text, refusal_text, warning_text};
use axum::body::Bytes;
use axum::http::HeaderValue;
use chrono::{DateTime, Utc};
use komainu_db::Tx;
use komainu_db::uuid::Uuid;
use komainu_exposure::model::ConnectionKind;
use komainu_files::clean_name;
use komainu_i18n::Lang;
use komainu_inventory::AssetKind;
use komainu_web::api::{Caller, FileBytes, IfMatch, Json, Page, Paging, Path, Query, Resource};
use komainu_web::{Conflict, Failure, FieldErrors, Outcome, Refused};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// The header that tells how many characters a file could not hold.
const REPLACED: &str = "x-komainu-replaced";

/// A file's name.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportName {
    /// Its name; what it is is told by its content.
    #[param(max_length = 200)]
    name: String,
}

/// What is taken out of the ledger.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// How it is written.
    #[param(inline)]
    format: ExportForm,
    /// Which sheet, of a text file; things where it is left out.
    #[param(inline)]
    sheet: Option<Sheet>,
    /// Whether a bill of materials tells where devices are reached; it does not where this is left out.
    addresses: Option<bool>,
}

/// An import.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LedgerImport)]
pub struct ImportShown {
    id: ImportId,
    state: State,
    /// The files' names.
    files: Vec<String>,
    /// What they are.
    kinds: Vec<FileKind>,
    created_at: DateTime<Utc>,
    version: i64,
    /// The revision of the ledger that the rows were held against; null once it is done.
    revision: Option<i64>,
    /// The tables of CSV files and workbooks, and what their columns are; empty once it is done.
    tables: Vec<TableShown>,
    /// What becomes, or became, of how many rows.
    counts: Counts,
    /// Whether nothing stands in the way of applying it.
    ready: bool,
    /// What rows are that may be something that is there and are not decided by themselves.
    duplicates: Option<Every>,
    /// Zones and places that are made because rows name them.
    creations: Vec<CreationShown>,
}

/// A table of an import.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LedgerImportTable)]
pub struct TableShown {
    name: String,
    /// How many rows it has, headings and all.
    rows: usize,
    /// What stands in the row of headings.
    headings: Vec<String>,
    /// What it is.
    mapping: TableBody,
}

/// What a table is.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LedgerImportMapping)]
pub struct TableBody {
    /// What its rows are; null where it is left out.
    sheet: Option<Sheet>,
    /// The row of headings, from 0; null where there is none.
    heading: Option<usize>,
    /// What each column is: `id`, `remove`, `kind`, `name`, `zone`, `fact.serial`, `control.updates` … as our own files
    /// have them; null where it is left out.
    columns: Vec<Option<String>>,
    /// What things are where their row does not say.
    thing_kind: Option<AssetKind>,
    /// What lines are where their row does not say.
    #[schema(value_type = Option<String>)]
    line_kind: Option<ConnectionKind>,
}

/// A zone or place that rows name and nobody has written down.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LedgerImportCreation)]
pub struct CreationShown {
    kind: AssetKind,
    name: String,
    /// How many rows name it.
    rows: usize,
    /// Whether it is made.
    wanted: bool,
}

/// What is decided about an import.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportBody {
    /// What each table is; as the import shows it where this is left out.
    tables: Option<Vec<TableBody>>,
    /// By the row's place among all rows: `same:` and the record's id, `other`, or `skip`.
    #[serde(default)]
    rows: BTreeMap<usize, String>,
    /// What rows are that may be something that is there and are not decided by themselves.
    duplicates: Option<Every>,
    /// Zones and places that are not to be made: `zone:` or `place:` and the name.
    #[serde(default)]
    not_made: Vec<String>,
}

/// What was looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyBody {
    /// The ledger's revision, as the import showed it.
    revision: i64,
}

/// A row of an import.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LedgerImportRow)]
pub struct RowShown {
    /// Its place among all rows, from 0.
    row: usize,
    /// The table or file.
    source: String,
    /// The line or row in it; 0 where it has none.
    number: u64,
    outcome: RowOutcome,
    /// What it is about; empty where that cannot be told.
    name: String,
    /// The record that it changes, removes or adds.
    #[schema(value_type = Option<String>)]
    target: Option<Uuid>,
    /// What it may be about.
    candidates: Vec<CandidateShown>,
    /// What was decided; null where nothing was.
    decision: Option<String>,
    changes: Vec<ChangeShown>,
    /// What is left out of it, in words.
    warnings: Vec<String>,
    /// What is wrong with it and what to do, in words.
    faults: Vec<String>,
}

/// A record that a row may be about.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LedgerImportCandidate)]
pub struct CandidateShown {
    #[schema(value_type = String)]
    id: Uuid,
    reason: Reason,
}

/// A field that a row changes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LedgerImportChange)]
pub struct ChangeShown {
    /// The column.
    #[schema(value_type = String)]
    column: Column,
    old: String,
    new: String,
}

/// Imports of whoever asks, newest first; they are let go after a day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LedgerImports)]
pub struct ImportList {
    items: Vec<ImportSummary>,
}

/// An import in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LedgerImportSummary)]
pub struct ImportSummary {
    id: ImportId,
    state: State,
    files: Vec<String>,
    kinds: Vec<FileKind>,
    created_at: DateTime<Utc>,
    version: i64,
}

impl Resource for ImportShown {
    fn place(&self) -> String {
        format!("/ledger/imports/{}", self.id)
    }

    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl Resource for ImportList {}

impl TableShown {
    fn of(table: &Table, mapping: &Mapping) -> TableShown {
        let heading = mapping.heading.and_then(|heading| table.rows.get(heading));
        TableShown {
            name: table.name.clone(),
            rows: table.rows.len(),
            headings: heading.map(|row| row.cells.clone()).unwrap_or_default(),
            mapping: TableBody {
                sheet: mapping.sheet,
                heading: mapping.heading,
                columns: mapping.columns.iter().map(|column| column.map(Column::code)).collect(),
                thing_kind: mapping.thing_kind,
                line_kind: mapping.line_kind,
            },
        }
    }
}

fn blank(import: Import) -> ImportShown {
    ImportShown {
        id: import.id,
        state: import.state,
        files: import.detail.files,
        kinds: import.detail.kinds,
        created_at: import.created_at,
        version: import.version,
        revision: None,
        tables: Vec::new(),
        counts: import.detail.result.unwrap_or_default(),
        ready: false,
        duplicates: None,
        creations: Vec::new(),
    }
}

fn shown(tx: &mut Tx<'_>, at: &Caller, id: ImportId) -> Result<ImportShown, Failure> {
    let import = actions::import_get(tx, &at.scope, id)?;
    if import.state == State::Applied {
        return Ok(blank(import));
    }
    let preview = import_preview(tx, desk(&at.app, at.lang), &at.scope, id)?;
    let (settled, detail) = (preview.settled, &preview.import.detail);
    let pairs = preview.tables.iter().zip(&detail.mappings);
    let creations = settled.creations.into_iter();
    Ok(ImportShown {
        revision: Some(settled.revision),
        tables: pairs.map(|(table, mapping)| TableShown::of(table, mapping)).collect(),
        counts: settled.counts,
        ready: settled.counts.ready() && import.state == State::Preview,
        duplicates: detail.choices.every,
        creations: creations
            .map(|one| CreationShown { kind: one.kind, name: one.name, rows: one.rows, wanted: one.wanted })
            .collect(),
        ..blank(import)
    })
}

fn row(lang: Lang, place: usize, seen: &Seen, preview: &actions::Preview, namer: &Namer<'_>) -> RowShown {
    let body = seen.after.as_ref().or(seen.before.as_ref());
    let cell = |body: Option<&crate::model::Body>, column| {
        body.map(|body| body_cell(lang, column, body, namer)).unwrap_or_default()
    };
    let change = |column: &Column| ChangeShown {
        column: *column,
        old: cell(seen.before.as_ref(), *column),
        new: cell(seen.after.as_ref(), *column),
    };
    let candidates = seen.candidates.iter();
    RowShown {
        row: place,
        source: preview.sources.get(seen.source).cloned().unwrap_or_default(),
        number: seen.number,
        outcome: seen.outcome,
        name: body.map(|body| named(lang, body, namer).0).unwrap_or_default(),
        target: seen.target,
        candidates: candidates.map(|one| CandidateShown { id: one.id, reason: one.reason }).collect(),
        decision: seen.decision.map(|decision| match decision {
            Decision::Same(id) => format!("same:{id}"),
            Decision::Other => "other".to_owned(),
            Decision::Skip => "skip".to_owned(),
        }),
        changes: seen.changes.iter().map(change).collect(),
        warnings: seen.warnings.iter().map(|warning| warning_text(lang, warning)).collect(),
        faults: seen.faults.iter().map(|fault| fault_text(lang, fault)).collect(),
    }
}

/// The imports of whoever asks, newest first
#[utoipa::path(get, path = "/ledger/imports", responses((status = 200, body = ImportList)))]
pub async fn ledger_imports(caller: Caller) -> Outcome {
    caller
        .show(|tx, at| {
            let imports = actions::imports(tx, &at.scope)?;
            let items = imports.into_iter().map(|import| ImportSummary {
                id: import.id,
                state: import.state,
                files: import.detail.files,
                kinds: import.detail.kinds,
                created_at: import.created_at,
                version: import.version,
            });
            Ok(ImportList { items: items.collect() })
        })
        .await
}

/// Hand in a file of up to 50 MB; nothing in the ledger is changed before it is applied
///
/// CSV (UTF-8, UTF-16, Shift_JIS), Excel, the XML of nmap, an inventory of GLPI, CycloneDX in JSON, or a recording of
/// traffic (pcap, pcapng), told by its content.
#[utoipa::path(post, path = "/ledger/imports", params(ImportName),
    request_body(content = inline(FileBytes), content_type = "application/octet-stream"),
    responses((status = 201, body = ImportShown)))]
pub async fn ledger_import_start(caller: Caller, Query(file): Query<ImportName>, bytes: Bytes) -> Outcome {
    let lang = caller.lang;
    let name = clean_name(&file.name);
    let name = if name.is_empty() { t!(lang, "file-nameless") } else { name };
    let read = read_at_bench(vec![(name.clone(), bytes.to_vec())]).await?;
    let read = read.map_err(|(file, why)| {
        let refusal = refusal_text(lang, &file, &why);
        let mut faults = FieldErrors::default();
        faults.add("body", format!("{} {}", refusal.what, refusal.todo));
        Failure::Invalid(faults)
    })?;
    caller
        .create(move |tx, at| {
            let id = import_start(tx, desk(&at.app, lang), &at.scope, &[name], &read)?;
            shown(tx, at, id)
        })
        .await
}

/// An import, what its columns are and what becomes of how many rows
#[utoipa::path(get, path = "/ledger/imports/{id}", params(ImportId), responses((status = 200, body = ImportShown)))]
pub async fn ledger_import(caller: Caller, Path(id): Path<ImportId>) -> Outcome {
    caller.show(move |tx, at| shown(tx, at, id)).await
}

/// What becomes of each row of an import, in the ledger as it is now
#[utoipa::path(get, path = "/ledger/imports/{id}/rows", params(ImportId, Paging),
    responses((status = 200, body = Page<RowShown>)))]
pub async fn ledger_import_rows(
    caller: Caller,
    Path(id): Path<ImportId>,
    Query(paging): Query<Paging>,
) -> Outcome {
    let key = |row: &RowShown| row.row;
    caller
        .list(&paging, key, move |tx, at, part| {
            let import = actions::import_get(tx, &at.scope, id)?;
            if import.state == State::Applied {
                return Ok(Vec::new());
            }
            let preview = import_preview(tx, desk(&at.app, at.lang), &at.scope, id)?;
            let settled = &preview.settled;
            let namer = Namer::new(Vocabulary::of(at.lang), &preview.ledger, &settled.names);
            let first = part.after.map_or(0, |after: usize| after.saturating_add(1));
            let most = usize::try_from(part.limit).unwrap_or(usize::MAX);
            let rows = settled.rows.iter().enumerate().skip(first).take(most);
            Ok(rows.map(|(place, seen)| row(at.lang, place, seen, &preview, &namer)).collect())
        })
        .await
}

/// Say what the columns are and what is decided about rows
#[utoipa::path(put, path = "/ledger/imports/{id}", params(ImportId, IfMatch), request_body = ImportBody,
    responses((status = 200, body = ImportShown)))]
pub async fn ledger_import_choose(
    caller: Caller,
    Path(id): Path<ImportId>,
    IfMatch(version): IfMatch,
    Json(body): Json<ImportBody>,
) -> Outcome {
    let (said, decisions) = read_body(caller.lang, &body)?;
    caller
        .change(move |tx, at| {
            let mut version = version;
            let known = actions::import_get(tx, &at.scope, id)?;
            let guessed = || (known.state == State::Mapping).then(|| known.detail.mappings.clone());
            if let Some(said) = &said.or_else(guessed) {
                let mapped = import_map(tx, desk(&at.app, at.lang), &at.scope, (id, version), said, false);
                outdated(tx, at, mapped)?;
                version = actions::import_get(tx, &at.scope, id)?.version;
            }
            let mut choices = actions::import_get(tx, &at.scope, id)?.detail.choices;
            choices.rows.clone_from(&decisions);
            choices.every = body.duplicates;
            choices.not_made.clone_from(&body.not_made);
            let chosen = import_choose(tx, &at.scope, (id, version), &choices);
            outdated(tx, at, chosen)?;
            shown(tx, at, id)
        })
        .await
}

/// A conflict with the import as it is now.
fn outdated(
    tx: &mut Tx<'_>,
    at: &Caller,
    outcome: Result<(), Refused<Conflict<Import>>>,
) -> Result<(), Failure> {
    match outcome {
        Ok(()) => Ok(()),
        Err(Refused::Because(Conflict(now))) => {
            let now = shown(tx, at, now.id)?;
            Err(Failure::outdated(&now))
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

type Said = (Option<Vec<Mapping>>, BTreeMap<usize, Decision>);

/// What a body says, with every fault named.
fn read_body(lang: Lang, body: &ImportBody) -> Result<Said, Failure> {
    let mut faults = FieldErrors::default();
    let mut mappings = Vec::new();
    for (number, table) in body.tables.iter().flatten().enumerate() {
        let mut columns = Vec::with_capacity(table.columns.len());
        for (place, code) in table.columns.iter().enumerate() {
            let column: Option<Column> = code.as_ref().and_then(|code| code.parse().ok());
            if code.is_some() && column.is_none() {
                faults.add(&format!("tables.{number}.columns.{place}"), t!(lang, "problem-column"));
            }
            columns.push(column);
        }
        mappings.push(Mapping {
            sheet: table.sheet,
            heading: table.heading,
            columns,
            thing_kind: table.thing_kind,
            line_kind: table.line_kind,
        });
    }
    let mut decisions = BTreeMap::new();
    for (place, word) in &body.rows {
        let decision = match (word.as_str(), word.strip_prefix("same:").map(str::parse)) {
            (_, Some(Ok(id))) => Some(Decision::Same(id)),
            ("other", _) => Some(Decision::Other),
            ("skip", _) => Some(Decision::Skip),
            _ => None,
        };
        match decision {
            Some(decision) => drop(decisions.insert(*place, decision)),
            None => faults.add(&format!("rows.{place}"), t!(lang, "problem-decision")),
        }
    }
    let mappings = body.tables.is_some().then_some(mappings);
    faults.into_result().map(|()| (mappings, decisions))
}

/// Take everything into the ledger, or nothing
#[utoipa::path(post, path = "/ledger/imports/{id}/apply", params(ImportId, IfMatch), request_body = ApplyBody,
    responses((status = 200, body = ImportShown)))]
pub async fn ledger_import_apply(
    caller: Caller,
    Path(id): Path<ImportId>,
    IfMatch(version): IfMatch,
    Json(body): Json<ApplyBody>,
) -> Outcome {
    let answer = caller
        .change(move |tx, at| {
            let desk = desk(&at.app, at.lang);
            match import_apply(tx, desk, &at.scope, (id, version), body.revision) {
                Ok(_) => shown(tx, at, id),
                Err(Refused::Failed(failure)) => Err(failure),
                Err(Refused::Because(ApplyRefusal::Stale)) => Err(Failure::outdated(&shown(tx, at, id)?)),
                Err(Refused::Because(ApplyRefusal::NotReady)) => {
                    Err(Failure::Refused(t!(at.lang, "told-not-ready-do")))
                }
                Err(Refused::Because(ApplyRefusal::Row(_, fault))) => {
                    Err(Failure::Refused(fault_text(at.lang, &fault)))
                }
            }
        })
        .await?;
    import_let_go(&caller.app.files, caller.scope.organisation(), id);
    Ok(answer)
}

/// Give up an import, or clear away one that is done
#[utoipa::path(delete, path = "/ledger/imports/{id}", params(ImportId), responses((status = 204)))]
pub async fn ledger_import_remove(caller: Caller, Path(id): Path<ImportId>) -> Outcome {
    let answer = caller.remove(move |tx, at| actions::import_remove(tx, &at.scope, id)).await?;
    import_let_go(&caller.app.files, caller.scope.organisation(), id);
    Ok(answer)
}

/// The ledger as a file; the log tells who took it out
///
/// The header `X-Komainu-Replaced` tells how many characters Shift_JIS does not have; 〓 stands for each.
#[utoipa::path(get, path = "/ledger/export", params(ExportQuery),
    responses((status = 200, content(
        (inline(FileBytes) = "text/csv"),
        (inline(FileBytes) = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (serde_json::Value = "application/vnd.cyclonedx+json")))))]
pub async fn ledger_export(caller: Caller, Query(wish): Query<ExportQuery>) -> Outcome {
    let (app, scope, lang) = (caller.app.clone(), caller.scope.clone(), caller.lang);
    let made = caller
        .write(move |tx| {
            let ledger = actions::ledger_export(tx, &app.nature, &scope, wish.format.code())?;
            let what = (wish.format, wish.sheet.unwrap_or(Sheet::Things));
            make(&app, lang, &ledger, what, wish.addresses == Some(true))
        })
        .await?;
    let replaced = HeaderValue::from(made.replaced);
    let mut answer = file_of(made);
    answer.headers_mut().insert(REPLACED, replaced);
    Ok(answer)
}
