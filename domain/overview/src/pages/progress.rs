//! `/progress`: how far the year is, and how it was before and elsewhere.

use crate::actions::progress as read;
use crate::chart::{HEIGHT, MonthChart, WIDTH};
use crate::model::{Mark, Progress, YearProgress};
use crate::{t, words};
use askama::Template;
use chrono::Datelike as _;
use komainu_catalog::{Catalog, InstitutionKind, ItemId, SurveyFigure};
use komainu_checklist::model::Counts;
use komainu_i18n::Lang;
use komainu_web::{Member, Outcome, Section, Shell, page};

struct SectionLine {
    title: String,
    done: u32,
    needed: u32,
    text: String,
    words: String,
}

struct MonthLine {
    name: String,
    now: String,
    before: String,
}

struct ItemLine {
    title: String,
    /// Year, badge kind, sign, word.
    marks: Vec<(String, &'static str, &'static str, String)>,
}

struct Figure {
    measure: String,
    percent: String,
    width: u32,
    year: String,
    population: String,
    sources: Vec<(String, String)>,
    confirmed: bool,
    better: String,
    own: Option<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "progress.html")]
struct ProgressPage {
    page: Shell,
    lang: Lang,
    path: String,
    year: String,
    counts: Counts,
    summary: String,
    sections: Vec<SectionLine>,
    chart: MonthChart,
    chart_text: String,
    months: Vec<MonthLine>,
    before: Option<String>,
    years: Vec<String>,
    items: Vec<ItemLine>,
    figures: Vec<Figure>,
    width: u32,
    height: u32,
}

#[derive(Template)]
#[template(path = "progress_none.html")]
struct NonePage {
    page: Shell,
    lang: Lang,
}

/// How far the year is, and how it was before and elsewhere.
pub async fn progress(member: Member) -> Outcome {
    let (app, scope) = (member.app.clone(), member.scope.clone());
    let found = member.read(move |tx| read(tx, &app.nature, &scope, &app.catalog)).await?;
    let lang = member.lang;
    let shell = member.shell(&t!(lang, "progress-title"), Section::Overview);
    let Some(found) = found else { return page(&NonePage { page: shell, lang }) };
    let Some(now) = found.years.first() else { return page(&NonePage { page: shell, lang }) };
    let catalog = &member.app.catalog;
    let before = found.years.get(1);
    let year = words::year(lang, now.round.fiscal_year);
    let chart = MonthChart::new(
        &now.months,
        before.map(|before| before.months.as_slice()).unwrap_or_default(),
        now.counts.needed + now.counts.reference,
        |end| end.month.month().to_string(),
    );
    let years: Vec<String> = found.years.iter().map(|of| words::year(lang, of.round.fiscal_year)).collect();
    page(&ProgressPage {
        page: shell,
        lang,
        path: now.round.path(),
        counts: now.counts,
        summary: summary(lang, now.counts),
        sections: sections(lang, catalog, now),
        chart_text: chart_text(lang, &year, now),
        chart,
        months: months(lang, now, before),
        before: before.map(|before| words::year(lang, before.round.fiscal_year)),
        items: items(lang, catalog, &found, &years),
        figures: figures(lang, catalog, &found),
        years,
        year,
        width: WIDTH,
        height: HEIGHT,
    })
}

/// The year in one sentence.
fn summary(lang: Lang, counts: Counts) -> String {
    let no = counts.no + counts.not_sure;
    t!(
        lang,
        "progress-summary",
        needed = counts.needed.to_string(),
        answered = counts.answered.to_string(),
        yes = counts.yes.to_string(),
        no = no.to_string()
    )
}

fn sections(lang: Lang, catalog: &Catalog, year: &YearProgress) -> Vec<SectionLine> {
    let form = catalog.form_of(year.round.fiscal_year, year.round.variant);
    let title = |number: u8| {
        let sections = form.as_ref().map(|form| form.edition.section.as_slice()).unwrap_or_default();
        let found = sections.iter().find(|section| *section.number == number);
        found.map_or_else(|| number.to_string(), |section| format!("{number} {}", section.title.get(lang)))
    };
    year.sections
        .iter()
        .map(|section| {
            let counts = section.counts;
            SectionLine {
                title: title(section.number),
                done: counts.answered,
                needed: counts.needed.max(1),
                text: format!("{} / {}", counts.answered, counts.needed),
                words: t!(
                    lang,
                    "progress-section",
                    yes = counts.yes.to_string(),
                    no = (counts.no + counts.not_sure).to_string(),
                    open = (counts.needed - counts.answered).to_string()
                ),
            }
        })
        .collect()
}

/// What the picture shows, for those who do not see it.
fn chart_text(lang: Lang, year: &str, now: &YearProgress) -> String {
    let latest = now.months.iter().rev().find_map(|end| end.checked).unwrap_or(0);
    t!(lang, "progress-chart-text", year = year, checked = latest.to_string())
}

fn months(lang: Lang, now: &YearProgress, before: Option<&YearProgress>) -> Vec<MonthLine> {
    let number = |checked: Option<u32>| checked.map_or_else(|| "–".to_owned(), |checked| checked.to_string());
    now.months
        .iter()
        .enumerate()
        .map(|(at, end)| MonthLine {
            name: t!(lang, "progress-month", month = end.month.month()),
            now: number(end.checked),
            before: before
                .and_then(|before| before.months.get(at))
                .map_or_else(String::new, |end| number(end.checked)),
        })
        .collect()
}

fn title(lang: Lang, catalog: &Catalog, item: &ItemId) -> String {
    catalog.item(item).map_or_else(|| item.to_string(), |item| item.title.get(lang).to_owned())
}

fn items(lang: Lang, catalog: &Catalog, found: &Progress, years: &[String]) -> Vec<ItemLine> {
    found
        .items
        .iter()
        .map(|history| ItemLine {
            title: title(lang, catalog, &history.item),
            marks: years
                .iter()
                .zip(&history.marks)
                .map(|(year, mark)| {
                    let (kind, sign, word) = words::mark(lang, *mark);
                    (year.clone(), kind, sign, word)
                })
                .collect(),
        })
        .collect()
}

/// The published figures that speak of this kind of institution, those about our items first and newest first.
fn figures(lang: Lang, catalog: &Catalog, found: &Progress) -> Vec<Figure> {
    let fits = |figure: &&SurveyFigure, kind: InstitutionKind| figure.kinds.contains(&kind);
    let of_items = found.items.iter().flat_map(|history| {
        let own = history.marks.first().copied();
        catalog.survey_for(&history.item).into_iter().map(move |figure| (figure, own))
    });
    let others = catalog.figures().iter().filter(|figure| figure.item.is_none()).map(|figure| (figure, None));
    of_items
        .chain(others)
        .filter(|(figure, _)| fits(figure, found.kind))
        .map(|(figure, own)| figure_line(lang, catalog, figure, own))
        .collect()
}

fn figure_line(lang: Lang, catalog: &Catalog, figure: &SurveyFigure, own: Option<Mark>) -> Figure {
    // A share lies between 0 and 100; the catalogue checks that.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
    let width = figure.percent.clamp(0.0, 100.0).round() as u32;
    Figure {
        measure: figure.measure.get(lang).to_owned(),
        percent: format!("{}%", figure.percent),
        width,
        year: figure.year.to_string(),
        population: figure.population.get(lang).to_owned(),
        sources: catalog
            .sources(&figure.sources)
            .into_iter()
            .map(|source| (source.what.get(lang).to_owned(), source.url.clone().unwrap_or_default()))
            .collect(),
        confirmed: figure.confirmed,
        better: if figure.more_is_better { t!(lang, "figure-more") } else { t!(lang, "figure-less") },
        own: own.filter(|own| *own != Mark::Absent).map(|own| {
            let (kind, _, word) = words::mark(lang, own);
            (kind, word)
        }),
    }
}
