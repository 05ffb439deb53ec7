//! Things of the ledger, evidence, duties, sheets, reports, the end, and what leaves the house.

use super::lead::happened;
use super::{
    AssetShown, CaseShown, DutiesShown, ExhibitShown, ReportLine, ReportShown, SheetShown, ToldShown, case,
};
use crate::actions::{self, CloseRefusal, DutyNote, NewExhibit, Shared, incident_see};
use crate::files::{self, Desk};
use crate::model::{
    AssetState, CustodyDetail, Exhibit, ExhibitDetail, ExhibitId, Fact, Fields, IncidentId, Report, Sheet,
};
use crate::pages::{LESSONS, export, house, refusal, report_as};
use crate::words::report_how;
use crate::{rules, t};
use axum::body::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use komainu_access::Scope;
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_institution::parts::{LONG, SHORT, text};
use komainu_inventory::AssetId;
use komainu_web::api::{Caller, Day, FileBytes, IfMatch, Json, Path, Query};
use komainu_web::{Conflict, Failure, FieldErrors, Form, Outcome, Refused, attachment};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A thing of an incident.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct AssetPath {
    /// The incident.
    id: IncidentId,
    /// The thing of the ledger.
    asset: AssetId,
}

/// A piece of evidence of an incident.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ExhibitPath {
    /// The incident.
    id: IncidentId,
    /// The piece.
    exhibit: ExhibitId,
}

/// A piece of this very incident.
fn exhibit_of(tx: &mut Tx<'_>, scope: &Scope, path: ExhibitPath) -> Result<Exhibit, Failure> {
    let exhibit = actions::exhibit_get(tx, scope, path.exhibit)?;
    if exhibit.incident == path.id { Ok(exhibit) } else { Err(Failure::NotFound) }
}

/// A duty of an incident.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct DutyPath {
    /// The incident.
    id: IncidentId,
    /// A duty of the catalogue, such as `police`.
    duty: String,
}

/// A sheet of an incident.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct SheetPath {
    /// The incident.
    id: IncidentId,
    /// What it is about.
    #[param(inline)]
    sheet: Sheet,
}

/// A report of an incident.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ReportPath {
    /// The incident.
    id: IncidentId,
    /// Which.
    #[param(inline)]
    report: Report,
}

/// A report of an incident as a file.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ReportFilePath {
    /// The incident.
    id: IncidentId,
    /// Which.
    #[param(inline)]
    report: Report,
    /// `word`, `pdf` or `text`.
    file: String,
}

/// How a thing stands. `If-Match: "0"` marks one that nobody marked yet.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IncidentAssetBody)]
pub struct AssetBody {
    state: AssetState,
    #[serde(default)]
    #[schema(max_length = 2000)]
    note: String,
}

/// What evidence is; the file, if there is one, is the body.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExhibitQuery {
    /// What it is.
    #[param(max_length = 100)]
    what: String,
    /// The file's name.
    #[serde(default)]
    #[param(max_length = 100)]
    name: String,
    /// From which device or place.
    #[serde(default)]
    #[param(max_length = 2000)]
    source: String,
    /// By which means.
    #[serde(default)]
    #[param(max_length = 2000)]
    means: String,
    /// Where it is kept.
    #[serde(default)]
    #[param(max_length = 2000)]
    kept: String,
    /// Who took it.
    #[param(max_length = 100)]
    taken_by: String,
    /// When it was taken; now where it is left out.
    #[serde(default)]
    #[serde(skip_serializing)]
    taken_at: Option<DateTime<Utc>>,
}

/// Evidence passed on.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IncidentCustodyBody)]
pub struct CustodyBody {
    #[schema(max_length = 100)]
    from: String,
    #[schema(max_length = 100)]
    to: String,
    #[serde(default)]
    #[schema(max_length = 2000)]
    why: String,
    /// When it passed on; now where it is left out.
    #[serde(default)]
    #[serde(skip_serializing)]
    handed_at: Option<DateTime<Utc>>,
}

/// What is noted of a duty. `If-Match: "0"` where nothing is noted yet.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IncidentDutyBody)]
pub struct DutyBody {
    /// To whom, by which way, under which number.
    #[serde(default)]
    #[schema(max_length = 2000)]
    note: String,
    /// When they were told; null while they were not.
    #[serde(default)]
    #[serde(skip_serializing)]
    done_at: Option<DateTime<Utc>>,
    /// Evidence of this incident that proves it.
    #[serde(default)]
    proof: Option<ExhibitId>,
}

/// The fields of a sheet. `If-Match: "0"` where nothing is written yet.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IncidentSheetBody)]
pub struct SheetBody {
    /// By the codes of the sheet's fields; fields left out are emptied.
    fields: Fields,
}

/// How an incident ends.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IncidentClosing)]
pub struct CloseBody {
    /// What everybody may learn, without names; it is taken over among the near misses. Empty: what the lessons say is, where
    /// there are measures, and else nothing.
    #[serde(default)]
    #[schema(max_length = 2000)]
    learning: String,
    /// What is to be done: measures of that near miss, which are a step of the plan while they are open.
    #[serde(default)]
    #[serde(skip_serializing)]
    #[schema(max_items = 20)]
    measures: Vec<ClosingMeasure>,
}

/// Something to be done after an incident.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IncidentClosingMeasure)]
pub struct ClosingMeasure {
    #[schema(min_length = 1, max_length = 2000)]
    what: String,
    #[serde(default)]
    due_on: Option<Day>,
}

/// Say how a thing of the ledger stands
#[utoipa::path(put, path = "/incidents/{id}/assets/{asset}", params(AssetPath, IfMatch), request_body = AssetBody,
    responses((status = 200, body = AssetShown)))]
pub async fn incident_asset_mark(
    caller: Caller,
    Path(path): Path<AssetPath>,
    IfMatch(version): IfMatch,
    Json(body): Json<AssetBody>,
) -> Outcome {
    let (form, mut faults) = (Form::of(&body)?, FieldErrors::default());
    let note = text(&form, caller.lang, &mut faults, "note", LONG, false);
    faults.into_result()?;
    caller
        .change(move |tx, at| {
            let (which, wish) = ((path.id, path.asset, version), (body.state, note.as_str()));
            match actions::asset_mark(tx, &at.app.nature, &at.scope, which, wish) {
                Ok(()) => {}
                Err(Refused::Because(Conflict(now))) => {
                    return Err(Failure::outdated(&AssetShown::from(*now)));
                }
                Err(Refused::Failed(failure)) => return Err(failure),
            }
            case(tx, at, path.id)?.into_asset(path.asset).ok_or(Failure::NotFound)
        })
        .await
}

/// Take evidence: a file of up to 25 MB, of any kind, or without a body a thing that is kept elsewhere
#[utoipa::path(post, path = "/incidents/{id}/evidence", params(IncidentId, ExhibitQuery),
    request_body(content = inline(FileBytes), content_type = "application/octet-stream"),
    responses((status = 201, body = ExhibitShown)))]
pub async fn incident_evidence_add(
    caller: Caller,
    Path(id): Path<IncidentId>,
    Query(query): Query<ExhibitQuery>,
    bytes: Bytes,
) -> Outcome {
    let (form, lang, mut faults) = (Form::of(&query)?, caller.lang, FieldErrors::default());
    let detail = ExhibitDetail {
        what: text(&form, lang, &mut faults, "what", SHORT, true),
        source: text(&form, lang, &mut faults, "source", LONG, false),
        means: text(&form, lang, &mut faults, "means", LONG, false),
        kept: text(&form, lang, &mut faults, "kept", LONG, false),
    };
    let taken_by_name = text(&form, lang, &mut faults, "taken_by", SHORT, true);
    let name = text(&form, lang, &mut faults, "name", SHORT, false);
    let taken_at = happened(&caller, &mut faults, ("taken_at", query.taken_at));
    faults.into_result()?;
    let file = (!bytes.is_empty()).then(|| (name, bytes.to_vec()));
    let new = NewExhibit { file, detail, taken_at, taken_by_name };
    caller
        .create(move |tx, at| {
            let app = &at.app;
            match actions::exhibit_add(tx, &app.nature, &at.scope, &app.files, (id, &new)) {
                Ok(made) => Ok(ExhibitShown::from(actions::exhibit_get(tx, &at.scope, made)?)),
                Err(Refused::Because(reason)) => Err(Failure::Refused(refusal(at.lang, reason))),
                Err(Refused::Failed(failure)) => Err(failure),
            }
        })
        .await
}

/// A piece of evidence
#[utoipa::path(get, path = "/incidents/{id}/evidence/{exhibit}", params(ExhibitPath),
    responses((status = 200, body = ExhibitShown)))]
pub async fn incident_evidence(caller: Caller, Path(path): Path<ExhibitPath>) -> Outcome {
    caller.show(move |tx, at| Ok(ExhibitShown::from(exhibit_of(tx, &at.scope, path)?))).await
}

/// The file of a piece of evidence, as it came in; it may be hostile
#[utoipa::path(get, path = "/incidents/{id}/evidence/{exhibit}/file", params(ExhibitPath),
    responses((status = 200, content_type = "application/octet-stream", body = inline(FileBytes))))]
pub async fn incident_evidence_file(caller: Caller, Path(path): Path<ExhibitPath>) -> Outcome {
    let (scope, files) = (caller.scope.clone(), caller.app.files.clone());
    let (exhibit, bytes) = caller
        .read(move |tx| {
            exhibit_of(tx, &scope, path)?;
            actions::exhibit_bytes(tx, &scope, &files, path.exhibit)
        })
        .await?;
    Ok(attachment(&exhibit.name, "application/octet-stream", bytes))
}

/// Write down that evidence passed from hand to hand
#[utoipa::path(post, path = "/incidents/{id}/evidence/{exhibit}/custody", params(ExhibitPath),
    request_body = CustodyBody,
    responses((status = 200, body = ExhibitShown)))]
pub async fn incident_custody_add(
    caller: Caller,
    Path(path): Path<ExhibitPath>,
    Json(body): Json<CustodyBody>,
) -> Outcome {
    let (form, lang, mut faults) = (Form::of(&body)?, caller.lang, FieldErrors::default());
    let detail = CustodyDetail {
        from: text(&form, lang, &mut faults, "from", SHORT, true),
        to: text(&form, lang, &mut faults, "to", SHORT, true),
        why: text(&form, lang, &mut faults, "why", LONG, false),
    };
    let handed_at = happened(&caller, &mut faults, ("handed_at", body.handed_at));
    faults.into_result()?;
    caller
        .change(move |tx, at| {
            let nature = &at.app.nature;
            exhibit_of(tx, &at.scope, path)?;
            actions::custody_add(tx, nature, &at.scope, path.exhibit, (&detail, handed_at))?;
            Ok(ExhibitShown::from(exhibit_of(tx, &at.scope, path)?))
        })
        .await
}

/// Who is to be told, by when and on which ground
#[utoipa::path(get, path = "/incidents/{id}/duties", params(IncidentId),
    responses((status = 200, body = DutiesShown)))]
pub async fn incident_duties(caller: Caller, Path(id): Path<IncidentId>) -> Outcome {
    caller
        .show(move |tx, at| {
            let case = incident_see(tx, &at.scope, id)?;
            Ok(DutiesShown::new(&at.app.catalog, at.lang, &case))
        })
        .await
}

/// Note that somebody was told, or anything else about a duty
#[utoipa::path(put, path = "/incidents/{id}/duties/{duty}", params(DutyPath, IfMatch), request_body = DutyBody,
    responses((status = 200, body = ToldShown)))]
pub async fn incident_duty_note(
    caller: Caller,
    Path(path): Path<DutyPath>,
    IfMatch(version): IfMatch,
    Json(body): Json<DutyBody>,
) -> Outcome {
    let (form, mut faults) = (Form::of(&body)?, FieldErrors::default());
    let note = text(&form, caller.lang, &mut faults, "note", LONG, false);
    let done_at = body.done_at.map(|at| happened(&caller, &mut faults, ("done_at", Some(at))));
    faults.into_result()?;
    let input = DutyNote { note, done_at, proof: body.proof };
    caller
        .change(move |tx, at| {
            let (app, which) = (&at.app, (path.id, path.duty.as_str(), version));
            match actions::duty_note(tx, &app.nature, &at.scope, &app.catalog, which, &input) {
                Ok(()) => {}
                Err(Refused::Because(Conflict(now))) => {
                    return Err(Failure::outdated(&ToldShown::from(*now)));
                }
                Err(Refused::Failed(failure)) => return Err(failure),
            }
            case(tx, at, path.id)?.into_told(&path.duty).ok_or(Failure::NotFound)
        })
        .await
}

/// A sheet that people fill in together
#[utoipa::path(get, path = "/incidents/{id}/sheets/{sheet}", params(SheetPath),
    responses((status = 200, body = SheetShown)))]
pub async fn incident_sheet(caller: Caller, Path(path): Path<SheetPath>) -> Outcome {
    caller
        .show(move |tx, at| {
            let case = incident_see(tx, &at.scope, path.id)?;
            Ok(SheetShown::new(path.id, path.sheet, case.sheet(path.sheet).clone()))
        })
        .await
}

/// What may stand on a sheet; a fault for what may not.
fn read_sheet(caller: &Caller, sheet: Sheet, fields: &Fields, faults: &mut FieldErrors) -> Fields {
    let known = |name: &str| match sheet {
        Sheet::Facts => name.parse::<Fact>().is_ok(),
        Sheet::Duties => caller.app.catalog.duty_question(name).is_some(),
        Sheet::Lessons => LESSONS.contains(&name),
    };
    let form = Form::new(fields.iter().map(|(name, said)| (name.clone(), said.clone())).collect());
    let mut read = Fields::new();
    for name in fields.keys() {
        let said = text(&form, caller.lang, faults, name, LONG, false);
        let fits = sheet != Sheet::Duties || matches!(said.as_str(), "" | "yes" | "no");
        if !known(name) || !fits {
            faults.add(name, t!(caller.lang, "sheet-field-unknown"));
        }
        read.insert(name.clone(), said);
    }
    rules::filled(read)
}

/// Write a sheet
#[utoipa::path(put, path = "/incidents/{id}/sheets/{sheet}", params(SheetPath, IfMatch), request_body = SheetBody,
    responses((status = 200, body = SheetShown)))]
pub async fn incident_sheet_save(
    caller: Caller,
    Path(path): Path<SheetPath>,
    IfMatch(version): IfMatch,
    Json(body): Json<SheetBody>,
) -> Outcome {
    let mut faults = FieldErrors::default();
    let fields = read_sheet(&caller, path.sheet, &body.fields, &mut faults);
    faults.into_result()?;
    caller
        .change(move |tx, at| {
            let which = (path.id, path.sheet, version);
            match actions::sheet_save(tx, &at.app.nature, &at.scope, which, &fields) {
                Ok(()) => {}
                Err(Refused::Because(Conflict(now))) => {
                    return Err(Failure::outdated(&SheetShown::new(path.id, path.sheet, *now)));
                }
                Err(Refused::Failed(failure)) => return Err(failure),
            }
            let case = incident_see(tx, &at.scope, path.id)?;
            Ok(SheetShown::new(path.id, path.sheet, case.sheet(path.sheet).clone()))
        })
        .await
}

/// How a report reads now, and what it lacks
#[utoipa::path(get, path = "/incidents/{id}/reports/{report}", params(ReportPath),
    responses((status = 200, body = ReportShown)))]
pub async fn incident_report(caller: Caller, Path(path): Path<ReportPath>) -> Outcome {
    caller
        .show(move |tx, at| {
            let (case, house) = (incident_see(tx, &at.scope, path.id)?, house(tx, &at.scope)?);
            let now = at.app.nature.now();
            let desk = Desk { lang: at.lang, catalog: &at.app.catalog, house: &house, at: now };
            let written = files::fill(&desk, &case, path.report);
            let lines = written.lines.into_iter().map(|(name, text)| ReportLine { name, text });
            Ok(ReportShown {
                title: written.title,
                how: report_how(at.lang, path.report),
                drill: case.incident.drill,
                revealing: written.revealing,
                lines: lines.collect(),
                missing: written.missing.iter().map(|fact| fact.code()).collect(),
            })
        })
        .await
}

/// A report as a Word file, PDF or text
#[utoipa::path(get, path = "/incidents/{id}/reports/{report}/{file}", params(ReportFilePath),
    responses((status = 200, content_type = "*/*", body = inline(FileBytes))))]
pub async fn incident_report_file(caller: Caller, Path(path): Path<ReportFilePath>) -> Outcome {
    let (scope, id) = (caller.scope.clone(), path.id);
    let read = caller.read(move |tx| Ok((incident_see(tx, &scope, id)?, house(tx, &scope)?))).await?;
    report_as(caller.app.clone(), caller.lang, read, (path.report, path.file)).await
}

/// Close an incident whose lessons are written
#[utoipa::path(post, path = "/incidents/{id}/close", params(IncidentId, IfMatch), request_body = CloseBody,
    responses((status = 200, body = CaseShown)))]
pub async fn incident_close(
    caller: Caller,
    Path(id): Path<IncidentId>,
    IfMatch(version): IfMatch,
    Json(body): Json<CloseBody>,
) -> Outcome {
    let (form, lang, mut faults) = (Form::of(&body)?, caller.lang, FieldErrors::default());
    // Measures belong to what was learned; without it they would be lost in silence.
    let words = text(&form, lang, &mut faults, "learning", LONG, !body.measures.is_empty());
    let measures = read_measures(lang, body.measures, &mut faults);
    faults.into_result()?;
    let shares = !words.is_empty() || !measures.is_empty();
    let shared = shares.then_some(Shared { words, measures, lang });
    caller
        .change(move |tx, at| {
            let (app, which) = (&at.app, (id, version));
            match actions::close(tx, &app.nature, &at.scope, &app.files, which, shared.as_ref()) {
                Ok(()) => case(tx, at, id),
                Err(Refused::Because(CloseRefusal::NoLessons)) => {
                    Err(Failure::Refused(t!(at.lang, "close-no-lessons")))
                }
                Err(Refused::Because(CloseRefusal::Changed(now))) => {
                    Err(Failure::outdated(&case(tx, at, now.id)?))
                }
                Err(Refused::Failed(failure)) => Err(failure),
            }
        })
        .await
}

/// Measures that are taken over at once, at most.
const MEASURES: usize = 20;

fn read_measures(
    lang: Lang,
    measures: Vec<ClosingMeasure>,
    faults: &mut FieldErrors,
) -> Vec<(String, Option<NaiveDate>)> {
    let bad = |one: &ClosingMeasure| one.what.trim().is_empty() || one.what.chars().count() > LONG;
    if measures.len() > MEASURES || measures.iter().any(bad) {
        faults.add("measures", t!(lang, "close-measures-wrong"));
    }
    measures.into_iter().map(|one| (one.what, one.due_on.map(|day| day.0))).collect()
}

/// The whole case in one archive: what was written, timeline, STIX 2.1, reports, evidence, and the hash of each
#[utoipa::path(post, path = "/incidents/{id}/export", params(IncidentId),
    responses((status = 200, content_type = "application/zip", body = inline(FileBytes))))]
pub async fn incident_export(caller: Caller, Path(id): Path<IncidentId>) -> Outcome {
    let scope = caller.scope.clone();
    let read = caller.read(move |tx| Ok((incident_see(tx, &scope, id)?, house(tx, &scope)?))).await?;
    let (case, house) = read;
    let name = format!("{}.zip", files::named(caller.lang, &case.incident));
    let (app, lang, scope) = (caller.app.clone(), caller.lang, caller.scope.clone());
    let work = move || export(&app, lang, &scope, (&case, &house));
    let export = tokio::task::spawn_blocking(work).await.map_err(Failure::internal)??;
    let (app, scope, sha256) = (caller.app.clone(), caller.scope.clone(), export.sha256.clone());
    caller.write(move |tx| actions::export_note(tx, &app.nature, &scope, (id, &sha256))).await?;
    Ok(attachment(&name, "application/zip", export.bytes))
}
