//! What the columns of tables are.

use super::{IMPORT, crumbs, desk, find};
use crate::actions::{content, import_map};
use crate::model::{Column, Import, Mapping, Sheet, State, Table};
use crate::rules::HEADING_ROWS;
use crate::t;
use crate::words::{column_label, sheet_text};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use komainu_exposure::model::ConnectionKind;
use komainu_i18n::Lang;
use komainu_inventory::AssetKind;
use komainu_inventory::words::{asset_kind_text, connection_kind_text};
use komainu_web::{
    Choice, Conflict, Crumb, Form, Member, Outcome, Refused, Section, Shell, page_with_status, redirect,
};

/// So many values of a column are shown.
const VALUES: usize = 3;
/// A value is shown with so many characters.
const VALUE: usize = 40;

/// A column of a table as the page shows it.
struct Asked {
    field: String,
    heading: String,
    values: Vec<String>,
    means: Vec<Choice>,
    known: bool,
}

/// A table.
struct Group {
    number: usize,
    title: String,
    amount: usize,
    sheets: Vec<Choice>,
    headings: Vec<Choice>,
    things: Vec<Choice>,
    ways: Vec<Choice>,
    columns: Vec<Asked>,
}

#[derive(Template)]
#[template(path = "import_columns.html")]
struct ColumnsPage {
    page: Shell,
    lang: Lang,
    path: Vec<Crumb>,
    action: String,
    version: i64,
    groups: Vec<Group>,
    stale: bool,
}

/// Asks what the columns are.
pub async fn columns(member: Member, Path(id): Path<String>) -> Outcome {
    let import = find(&member, &id).await?;
    if import.state == State::Applied || import.detail.mappings.is_empty() {
        return Ok(redirect(&format!("{IMPORT}/{}", import.id)));
    }
    page_of(&member, import, false).await
}

pub(super) async fn page_of(member: &Member, import: Import, stale: bool) -> Outcome {
    let (app, scope, lang, id) = (member.app.clone(), member.scope.clone(), member.lang, import.id);
    let content = member.read(move |_| content(desk(&app, lang), &scope, id)).await?;
    let pairs = content.tables.iter().zip(&import.detail.mappings).enumerate();
    let page = ColumnsPage {
        page: member.shell(&t!(lang, "columns-title"), Section::Ledger),
        lang,
        path: crumbs(lang),
        action: format!("{IMPORT}/{id}/columns"),
        version: import.version,
        groups: pairs.map(|(number, (table, mapping))| group(lang, number, table, mapping)).collect(),
        stale,
    };
    page_with_status(if stale { StatusCode::CONFLICT } else { StatusCode::OK }, &page)
}

fn group(lang: Lang, number: usize, table: &Table, mapping: &Mapping) -> Group {
    let first = mapping.heading.map_or(0, |heading| heading + 1);
    let heading = mapping.heading.and_then(|heading| table.rows.get(heading));
    let asked = |(place, column): (usize, &Option<Column>)| {
        let own = heading.and_then(|row| row.cells.get(place)).map(|cell| cut(cell)).unwrap_or_default();
        let cells = table.rows.iter().skip(first).filter_map(|row| row.cells.get(place));
        Asked {
            field: format!("t{number}-c{place}"),
            heading: if own.is_empty() {
                t!(lang, "columns-nameless", number = (place + 1).to_string())
            } else {
                own
            },
            values: cells.filter(|cell| !cell.is_empty()).take(VALUES).map(|cell| cut(cell)).collect(),
            means: meanings(lang, *column),
            known: column.is_some(),
        }
    };
    let sheet = |sheet: Sheet| {
        Choice::new(sheet.code(), sheet_text(lang, sheet)).chosen(mapping.sheet == Some(sheet))
    };
    let things = AssetKind::ALL.iter().map(|kind| {
        Choice::new(kind.code(), asset_kind_text(lang, *kind)).chosen(mapping.thing_kind == Some(*kind))
    });
    let ways = ConnectionKind::ALL.iter().map(|kind| {
        Choice::new(kind.code(), connection_kind_text(lang, *kind)).chosen(mapping.line_kind == Some(*kind))
    });
    Group {
        number,
        title: table.name.clone(),
        amount: table.rows.len().saturating_sub(first),
        sheets: Sheet::ALL.into_iter().map(sheet).collect(),
        headings: heading_rows(lang, table, mapping),
        things: things.collect(),
        ways: ways.collect(),
        columns: mapping.columns.iter().enumerate().map(asked).collect(),
    }
}

/// The rows that may hold the headings.
fn heading_rows(lang: Lang, table: &Table, mapping: &Mapping) -> Vec<Choice> {
    let rows = table.rows.iter().take(HEADING_ROWS).enumerate();
    let choice = |(place, row): (usize, &crate::model::Record)| {
        let cells: Vec<&str> =
            row.cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).take(4).collect();
        let label =
            t!(lang, "columns-heading-row", number = row.number.to_string(), cells = cut(&cells.join(" / ")));
        Choice::new(place.to_string(), label).chosen(mapping.heading == Some(place))
    };
    rows.map(choice).collect()
}

/// What a column may be: the columns of both sheets, each once.
fn meanings(lang: Lang, chosen: Option<Column>) -> Vec<Choice> {
    let mut all = Sheet::Things.columns();
    let more = Sheet::Lines.columns().into_iter().filter(|column| !all.contains(column)).collect::<Vec<_>>();
    all.extend(more);
    all.into_iter()
        .map(|column| Choice::new(column.code(), column_label(lang, column)).chosen(chosen == Some(column)))
        .collect()
}

fn cut(text: &str) -> String {
    let mut short: String = text.chars().take(VALUE).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Notes what the columns are, or guesses anew under other headings.
pub async fn columns_save(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let import = find(&member, &id).await?;
    let (app, scope, lang, id) = (member.app.clone(), member.scope.clone(), member.lang, import.id);
    let said: Vec<Mapping> =
        import.detail.mappings.iter().enumerate().map(|(number, old)| read(&form, number, old)).collect();
    let (version, again) = (form.parse("version").unwrap_or_default(), form.text("go") == "again");
    let saved =
        member.write(move |tx| import_map(tx, desk(&app, lang), &scope, (id, version), &said, again)).await;
    match saved {
        Ok(()) => Ok(redirect(&format!("{IMPORT}/{id}"))),
        Err(Refused::Because(Conflict(now))) if now.state == State::Applied => {
            Ok(redirect(&format!("{IMPORT}/{id}")))
        }
        Err(Refused::Because(Conflict(now))) => page_of(&member, *now, true).await,
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// What a form says of a table.
fn read(form: &Form, number: usize, old: &Mapping) -> Mapping {
    let field = |name: &str| format!("t{number}-{name}");
    Mapping {
        sheet: form.parse(&field("sheet")),
        heading: form.parse(&field("heading")),
        columns: (0..old.columns.len()).map(|place| form.parse(&field(&format!("c{place}")))).collect(),
        thing_kind: form.parse(&field("thing")),
        line_kind: form.parse(&field("way")),
    }
}
