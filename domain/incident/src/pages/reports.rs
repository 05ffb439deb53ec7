//! Reports: what each lacks, how it reads, and as files; the whole case for those who look into it.

use super::{Head, Side, head, house, id_of, leads, path_of, seen};
use crate::files::{self, Desk, EVIDENCE_LIMIT, Export, House, Written};
use crate::model::{Case, ExhibitId, IncidentId, Report};
use crate::{actions, rules, t, words};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use komainu_access::Scope;
use komainu_i18n::Lang;
use komainu_web::{App, Failure, Member, Outcome, Section, Shell, attachment, inline_file, page};

struct ReportRow {
    href: String,
    title: String,
    how: String,
    missing: String,
    sign: &'static str,
}

#[derive(Template)]
#[template(path = "incident_reports.html")]
struct ReportsPage {
    page: Shell,
    lang: Lang,
    head: Head,
    leads: bool,
    rows: Vec<ReportRow>,
    path: String,
}

/// `GET /incidents/{id}/reports`
pub async fn reports(member: Member, Path(id): Path<String>) -> Outcome {
    let case = seen(&member, id_of(&id)?).await?;
    let (lang, path) = (member.lang, path_of(case.incident.id));
    let fitting = Report::ALL.iter().filter(|report| match report {
        Report::Ransomware => case.incident.kind == "ransomware",
        Report::Denial => case.incident.kind == "denial-of-service",
        _ => true,
    });
    let row = |report: &Report| {
        let missing = rules::missing(&case, *report).len();
        ReportRow {
            href: format!("{path}/reports/{}", report.code()),
            title: words::report_text(lang, *report),
            how: words::report_how(lang, *report),
            missing: if missing == 0 {
                t!(lang, "report-whole")
            } else {
                t!(lang, "report-missing", n = missing.to_string())
            },
            sign: if missing == 0 { "ok" } else { "attention" },
        }
    };
    page(&ReportsPage {
        page: member.shell(&words::title_text(lang, &case.incident), Section::Incident),
        lang,
        head: head(&member, &case.incident, Side::Reports),
        leads: leads(&member),
        rows: fitting.map(row).collect(),
        path: path.clone(),
    })
}

#[derive(Template)]
#[template(path = "incident_report.html")]
struct ReportPage {
    page: Shell,
    lang: Lang,
    head: Head,
    report_title: String,
    how: String,
    /// What should not stand in a text for everybody.
    revealing: Vec<String>,
    /// What is missing, with where it is written.
    missing: Vec<(String, String)>,
    lines: Vec<(String, String)>,
    opening: String,
    closing: String,
    plain: String,
    path: String,
    facts: String,
}

/// The case with the house that it belongs to.
async fn with_house(member: &Member, id: IncidentId) -> Result<(Case, House), Failure> {
    let scope = member.scope.clone();
    member.read(move |tx| Ok((actions::incident_see(tx, &scope, id)?, house(tx, &scope)?))).await
}

fn written(app: &App, lang: Lang, (case, house): (&Case, &House), report: Report) -> Written {
    let desk = Desk { lang, catalog: &app.catalog, house, at: app.nature.now() };
    files::fill(&desk, case, report)
}

/// `GET /incidents/{id}/reports/{report}`
pub async fn report(member: Member, Path((id, report)): Path<(String, String)>) -> Outcome {
    let (id, report): (_, Report) = (id_of(&id)?, report.parse().map_err(|_| Failure::NotFound)?);
    let (case, house) = with_house(&member, id).await?;
    let (lang, path) = (member.lang, path_of(id));
    let written = written(&member.app, lang, (&case, &house), report);
    let facts = format!("{path}/facts");
    page(&ReportPage {
        page: member.shell(&words::report_text(lang, report), Section::Incident),
        lang,
        head: head(&member, &case.incident, Side::Reports),
        report_title: written.title.clone(),
        how: words::report_how(lang, report),
        revealing: written.revealing.clone(),
        missing: written
            .missing
            .iter()
            .map(|fact| (format!("{facts}#f-{}", fact.code()), words::fact_text(lang, *fact)))
            .collect(),
        plain: files::plain(&written),
        lines: written.lines,
        opening: written.opening,
        closing: written.closing,
        path: format!("{path}/reports/{}", report.code()),
        facts,
    })
}

/// `GET /incidents/{id}/reports/{report}/{file}`: `word`, `pdf` or `text`.
pub async fn report_file(
    member: Member,
    Path((id, report, file)): Path<(String, String, String)>,
) -> Outcome {
    let (id, report): (_, Report) = (id_of(&id)?, report.parse().map_err(|_| Failure::NotFound)?);
    let (case, house) = with_house(&member, id).await?;
    report_as(member.app.clone(), member.lang, (case, house), (report, file)).await
}

/// A report as a file.
pub(crate) async fn report_as(
    app: App,
    lang: Lang,
    (case, house): (Case, House),
    (report, file): (Report, String),
) -> Result<Response, Failure> {
    let written = written(&app, lang, (&case, &house), report);
    let title = komainu_files::clean_name(&written.title);
    let name = format!("{}_{title}", files::named(lang, &case.incident));
    let at = app.nature.now();
    match file.as_str() {
        "text" => {
            let text = files::plain(&written).into_bytes();
            Ok(attachment(&format!("{name}.txt"), "text/plain; charset=utf-8", text))
        }
        "word" => {
            let bytes = files::docx(&written, at).map_err(Failure::internal)?;
            Ok(attachment(&format!("{name}.docx"), WORD, bytes))
        }
        "pdf" => {
            let pdf = tokio::task::spawn_blocking(move || files::pdf(lang, &written, at));
            let pdf = pdf.await.map_err(Failure::internal)?.map_err(Failure::internal)?;
            Ok(inline_file(&format!("{name}.pdf"), "application/pdf", pdf.bytes))
        }
        _ => Err(Failure::NotFound),
    }
}

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// `GET /incidents/{id}/files/{file}`: `timeline`, `stix`, or `whole` for who leads.
pub async fn case_file(member: Member, Path((id, file)): Path<(String, String)>) -> Outcome {
    let id = id_of(&id)?;
    let (case, house) = with_house(&member, id).await?;
    let (lang, app) = (member.lang, member.app.clone());
    let name = files::named(lang, &case.incident);
    let desk = Desk { lang, catalog: &app.catalog, house: &house, at: app.nature.now() };
    match file.as_str() {
        "timeline" => {
            let text = files::timeline_csv(&desk, &case);
            Ok(attachment(&format!("{name}_timeline.csv"), "text/csv; charset=utf-8", text))
        }
        "stix" => {
            let text = serde_json::to_vec_pretty(&files::bundle(&desk, &case)).map_err(Failure::internal)?;
            Ok(attachment(&format!("{name}_stix.json"), "application/stix+json;version=2.1", text))
        }
        "whole" if leads(&member) => {
            let name = files::file_name(&desk, &case);
            let scope = member.scope.clone();
            let work = move || export(&app, lang, &scope, (&case, &house));
            let export = tokio::task::spawn_blocking(work).await.map_err(Failure::internal)??;
            let (app, scope, sha256) = (member.app.clone(), member.scope.clone(), export.sha256.clone());
            member.write(move |tx| actions::export_note(tx, &app.nature, &scope, (id, &sha256))).await?;
            Ok(attachment(&name, "application/zip", export.bytes))
        }
        _ => Err(Failure::NotFound),
    }
}

/// Reads the evidence, up to what one archive holds, and packs it. Blocks.
pub(crate) fn export(
    app: &App,
    lang: Lang,
    scope: &Scope,
    (case, house): (&Case, &House),
) -> Result<Export, Failure> {
    let mut evidence: Vec<(ExhibitId, Vec<u8>)> = Vec::new();
    let mut room = EVIDENCE_LIMIT;
    for exhibit in case.evidence.iter().filter(|exhibit| !exhibit.file.is_empty()) {
        let size = usize::try_from(exhibit.size).unwrap_or(usize::MAX);
        if size <= room {
            room -= size;
            let bytes = app.files.get(scope.organisation(), &exhibit.file).map_err(Failure::internal)?;
            evidence.push((exhibit.id, bytes));
        }
    }
    let desk = Desk { lang, catalog: &app.catalog, house, at: app.nature.now() };
    files::archive(&desk, case, &evidence).map_err(Failure::internal)
}
