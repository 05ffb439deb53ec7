//! A year in figures: on the page, as a file and on paper.

use super::{FIGURES, Side, tabs};
use crate::rules::Figures;
use crate::words::{FigurePart, figure_parts};
use crate::{actions, document, t};
use askama::Template;
use axum::extract::RawQuery;
use komainu_calendar::FiscalYear;
use komainu_catalog::Catalog;
use komainu_exchange::rules::{Encoding, write_csv};
use komainu_i18n::Lang;
use komainu_web::{
    Failure, Form, Member, Outcome, Section, Shell, Tab, Visit, attachment, inline_file, page,
};

#[derive(Template)]
#[template(path = "figures.html")]
struct FiguresPage {
    page: Shell,
    lang: Lang,
    tabs: Vec<Tab>,
    sides: String,
    years: Vec<Tab>,
    csv: String,
    paper: String,
    parts: Vec<FigurePart>,
}

/// The year that is asked for; this one where none is.
fn year_of(member: &Member, query: Option<String>) -> Result<FiscalYear, Failure> {
    let query = Form::read(query.unwrap_or_default().as_bytes())?;
    if !query.has("year") {
        return Ok(FiscalYear::of(member.app.nature.today()));
    }
    let number: i32 = query.parse("year").ok_or(Failure::NotFound)?;
    FiscalYear::try_from(number).map_err(|_| Failure::NotFound)
}

/// `GET /near-miss/figures`
pub async fn figures(member: Member, RawQuery(query): RawQuery) -> Outcome {
    let (lang, year) = (member.lang, year_of(&member, query)?);
    let (scope, today) = (member.scope.clone(), member.app.nature.today());
    let (figures, mut years) = member
        .read(move |tx| {
            let figures = actions::figures_get(tx, &scope, (year, today))?;
            Ok((figures, actions::figure_years(tx, &scope)?))
        })
        .await?;
    if !years.contains(&year) {
        years.push(year);
        years.sort_unstable_by(|one, other| other.cmp(one));
    }
    let year_tab = |one: FiscalYear| Tab {
        href: format!("{FIGURES}?year={one}"),
        label: one.name(lang),
        current: one == year,
    };
    page(&FiguresPage {
        page: member.shell(&t!(lang, "figures-title"), Section::NearMiss),
        lang,
        tabs: tabs(lang, &member.scope, Side::Figures),
        sides: t!(lang, "sides"),
        years: years.into_iter().map(year_tab).collect(),
        csv: format!("{FIGURES}/csv?year={year}"),
        paper: format!("{FIGURES}/paper?year={year}"),
        parts: figure_parts(lang, &member.app.catalog, &figures),
    })
}

async fn counted(member: &Member, query: Option<String>) -> Result<Figures, Failure> {
    let year = year_of(member, query)?;
    let (scope, today) = (member.scope.clone(), member.app.nature.today());
    member.read(move |tx| actions::figures_get(tx, &scope, (year, today))).await
}

/// The figures as lines of a table.
pub(crate) fn csv(lang: Lang, catalog: &Catalog, figures: &Figures) -> Vec<u8> {
    let year = figures.year.name(lang);
    let head = [
        t!(lang, "figures-year"),
        t!(lang, "figures-kind"),
        t!(lang, "figures-what"),
        t!(lang, "figures-count"),
    ];
    let mut lines = vec![head.to_vec()];
    for part in figure_parts(lang, catalog, figures) {
        let line = |(name, number): (String, String)| vec![year.clone(), part.heading.clone(), name, number];
        lines.extend(part.lines.into_iter().map(line));
    }
    write_csv(&lines, Encoding::Utf8).bytes
}

/// Sets the figures off the async threads.
pub(crate) async fn paper(visit: &Visit, figures: Figures, owner: String) -> Outcome {
    let (lang, made_at, catalog) = (visit.lang, visit.app.nature.now(), visit.app.catalog.clone());
    let name = document::figures_name(lang, &figures, "pdf");
    let pdf =
        tokio::task::spawn_blocking(move || document::figures(lang, &catalog, &figures, (&owner, made_at)));
    let pdf = pdf.await.map_err(Failure::internal)?.map_err(Failure::internal)?;
    if !pdf.remarks.is_empty() {
        tracing::warn!(remarks = pdf.remarks, "typst remarked on a year's figures");
    }
    Ok(inline_file(&name, "application/pdf", pdf.bytes))
}

/// `GET /near-miss/figures/csv`
pub async fn figures_csv(member: Member, RawQuery(query): RawQuery) -> Outcome {
    let (lang, figures) = (member.lang, counted(&member, query).await?);
    let name = document::figures_name(lang, &figures, "csv");
    Ok(attachment(&name, "text/csv; charset=utf-8", csv(lang, &member.app.catalog, &figures)))
}

/// `GET /near-miss/figures/paper`
pub async fn figures_paper(member: Member, RawQuery(query): RawQuery) -> Outcome {
    let figures = counted(&member, query).await?;
    paper(&member, figures, member.organisation_name.clone()).await
}
