//! One loaded workbook: what its rows are.

use super::form_of;
use crate::actions::rounds;
use crate::model::FormKey;
use crate::official::actions::{
    Choices, ChooseRefusal, FormView, form_choose as choose, form_remove as remove, form_view,
};
use crate::official::model::{OfficialRow, Usage};
use crate::official::words;
use crate::{neighbours, t};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use komainu_catalog::{Form as CatalogForm, PlacementId, Variant};
use komainu_i18n::Lang;
use komainu_web::{
    Choice, Crumb, Failure, Form, Member, NoticeKind, Outcome, Refused, Section, Shell, moment_text,
    page_with_status, redirect, with_flash,
};
use komainu_workbook::Confidence;
use std::collections::{BTreeMap, BTreeSet};

struct Line {
    field: String,
    place: String,
    number: String,
    section: String,
    sentence: String,
    choices: Vec<Choice>,
    also: Vec<String>,
    badge: (&'static str, String),
    why: Vec<String>,
    hidden: bool,
    twice: bool,
    /// What somebody else chose meanwhile.
    theirs: Option<String>,
}

#[derive(Template)]
#[template(path = "official/form.html")]
struct FormPage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    action: String,
    file_name: String,
    sheet: String,
    loaded: String,
    confirmed: Option<String>,
    version: i64,
    lines: Vec<Line>,
    counts: Vec<(&'static str, String, String)>,
    look: usize,
    missing: Vec<String>,
    /// The year that the workbook names, where it is another one.
    other_year: Option<String>,
    conflict: bool,
    own: usize,
    rounds: Vec<RoundLink>,
}

struct RoundLink {
    name: String,
    own: String,
    filled: String,
}

/// What the page is made of, read in one transaction.
struct Read {
    view: FormView,
    rounds: Vec<(FormKey, String)>,
}

async fn read(member: &Member, key: (i32, Variant)) -> Result<Read, Failure> {
    let (app, scope) = (member.app.clone(), member.scope.clone());
    member
        .read(move |tx| {
            let view = form_view(tx, &scope, key.0, key.1)?;
            let suppliers = neighbours::suppliers(tx, &scope)?;
            let rounds = rounds(tx, &scope, &app.catalog)?;
            let rounds = rounds.into_iter().filter(|round| (round.fiscal_year, round.variant) == key);
            let name = |vendor| {
                let found = suppliers.iter().find(|supplier| Some(supplier.id) == vendor);
                found.map(|supplier| supplier.name.clone()).unwrap_or_default()
            };
            let rounds = rounds
                .map(|round| (FormKey { variant: round.variant, vendor: round.vendor }, name(round.vendor)));
            Ok(Read { view, rounds: rounds.collect() })
        })
        .await
}

/// A loaded workbook with all its rows.
pub async fn form(member: Member, Path(path): Path<(String, String)>) -> Outcome {
    let key = form_of(&path)?;
    let read = read(&member, key).await?;
    show(&member, &read, &BTreeMap::new(), StatusCode::OK)
}

/// Shows the form; with choices, as a person made them while somebody else changed it.
fn show(member: &Member, read: &Read, mine: &BTreeMap<usize, String>, status: StatusCode) -> Outcome {
    let (lang, catalog) = (member.lang, &member.app.catalog);
    let FormView { form, rows } = &read.view;
    let known = catalog.form_of(form.fiscal_year, form.variant).ok_or(Failure::NotFound)?;
    let name = format!(
        "{} {}",
        words::year(lang, form.fiscal_year),
        words::form_name(lang, catalog, form.fiscal_year, form.variant)
    );
    let twice = read.view.twice();
    let lines: Vec<Line> =
        rows.iter().map(|row| line(lang, &read.view, &known, row, &twice, mine.get(&row.position))).collect();
    let own = rows.iter().filter(|row| matches!(row.usage, Usage::Own(_))).count();
    let named = form.recognition.fiscal_year.filter(|named| *named != form.fiscal_year);
    let page = FormPage {
        page: member.shell(&name, Section::Checklist),
        lang,
        crumbs: vec![Crumb { href: "/official".into(), label: t!(lang, "official-title") }],
        action: form.path(),
        file_name: form.file_name.clone(),
        sheet: form.recognition.sheet.clone(),
        loaded: t!(
            lang,
            "official-loaded-by",
            moment = moment_text(lang, form.loaded_at),
            person = form.loaded_by_name.as_str()
        ),
        confirmed: form.confirmed.as_ref().map(|(at, by)| {
            t!(lang, "official-confirmed-by", moment = moment_text(lang, *at), person = by.as_str())
        }),
        version: form.version,
        counts: counts(lang, &read.view),
        look: lines.iter().filter(|line| matches!(line.badge.0, "attention" | "unconfirmed")).count(),
        lines,
        missing: read.view.missing(&known).into_iter().map(|row| words::item(lang, row)).collect(),
        other_year: named.map(|named| words::year(lang, named)),
        conflict: status == StatusCode::CONFLICT,
        own,
        rounds: read
            .rounds
            .iter()
            .map(|(key, vendor)| RoundLink {
                name: vendor.clone(),
                own: format!("/official/{}/{key}/own", form.fiscal_year),
                filled: format!("/official/{}/{key}/filled", form.fiscal_year),
            })
            .collect(),
    };
    page_with_status(status, &page)
}

fn counts(lang: Lang, view: &FormView) -> Vec<(&'static str, String, String)> {
    use Confidence::{Likely, Sure, Unknown, Unsure};
    let rows = &view.form.recognition.rows;
    [Sure, Likely, Unsure, Unknown]
        .into_iter()
        .map(|confidence| {
            let (kind, word) = words::confidence(lang, confidence);
            let count = rows.iter().filter(|row| row.confidence == confidence).count();
            (kind, word, count.to_string())
        })
        .collect()
}

fn line(
    lang: Lang,
    view: &FormView,
    known: &CatalogForm<'_>,
    row: &OfficialRow,
    twice: &BTreeSet<PlacementId>,
    mine: Option<&String>,
) -> Line {
    let found = view.form.found(row);
    let stored = value(&row.usage);
    let chosen = mine.unwrap_or(&stored);
    let recognised = found.and_then(|found| found.key.clone()).unwrap_or_else(|| "own".to_owned());
    let badge = if stored == recognised {
        words::confidence(lang, found.map_or(Confidence::Unknown, |found| found.confidence))
    } else {
        ("neutral", t!(lang, "official-by-hand"))
    };
    let choices = choices(lang, known, chosen);
    let theirs = mine.filter(|mine| **mine != stored).map(|_| {
        let offered = choices.iter().find(|choice| choice.value == stored);
        offered.map_or_else(|| stored.clone(), |choice| choice.label.clone())
    });
    Line {
        field: format!("row{}", row.position),
        place: found.map(|found| found.at.to_string()).unwrap_or_default(),
        number: row.number.clone(),
        section: found.and_then(|found| found.section.clone()).unwrap_or_default(),
        sentence: row.sentence.clone(),
        also: row.also.iter().filter_map(|id| known.row(id)).map(|also| words::item(lang, also)).collect(),
        badge,
        why: found
            .map(|found| found.reasons.iter().map(|reason| words::reason(lang, known, reason)).collect())
            .unwrap_or_default(),
        hidden: found.is_some_and(|found| found.hidden),
        twice: row.covers().any(|placement| twice.contains(placement)),
        choices,
        theirs,
    }
}

/// What the list of choices calls a usage.
pub(crate) fn value(usage: &Usage) -> String {
    match usage {
        Usage::Item(placement) => placement.to_string(),
        Usage::Own(_) => "own".to_owned(),
        Usage::Ignored => "none".to_owned(),
    }
}

fn choices(lang: Lang, known: &CatalogForm<'_>, chosen: &str) -> Vec<Choice> {
    let ours = known.gate.iter().chain(&known.rows);
    let ours = ours.map(|row| Choice::new(row.id.as_str(), words::item(lang, row)));
    let others = [
        Choice::new("own", t!(lang, "official-use-own")),
        Choice::new("none", t!(lang, "official-use-none")),
    ];
    ours.chain(others)
        .map(|choice| {
            let is = choice.value == chosen;
            choice.chosen(is)
        })
        .collect()
}

/// Keeps what a person says the rows are, and confirms them.
pub async fn form_choose(member: Member, Path(path): Path<(String, String)>, form: Form) -> Outcome {
    let key = form_of(&path)?;
    let lang = member.lang;
    let before = read(&member, key).await?;
    let rows = before.view.rows.iter().filter_map(|row| {
        let field = format!("row{}", row.position);
        form.has(&field).then(|| (row.position, form.text(&field).to_owned()))
    });
    let choices = Choices {
        version: form.parse("version").unwrap_or(0),
        rows: rows.collect(),
        confirm: form.text("go") == "confirm",
    };
    let (app, scope, sent) = (member.app.clone(), member.scope.clone(), choices.clone());
    let kept = member.write(move |tx| choose(tx, &app.nature, &scope, &app.catalog, key, &sent)).await;
    match kept {
        Ok(()) => {
            let text =
                if choices.confirm { t!(lang, "official-confirmed") } else { t!(lang, "official-kept") };
            let to = redirect(&before.view.form.path());
            Ok(with_flash(&member.app, to, NoticeKind::Success, &text))
        }
        Err(Refused::Because(ChooseRefusal::Changed(now))) => {
            let read = Read { view: *now, rounds: before.rounds };
            show(&member, &read, &choices.rows, StatusCode::CONFLICT)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// Takes a workbook away.
pub async fn form_remove(member: Member, Path(path): Path<(String, String)>, form: Form) -> Outcome {
    let key = form_of(&path)?;
    let version = form.parse("version").unwrap_or(0);
    let (app, scope) = (member.app.clone(), member.scope.clone());
    member.write(move |tx| remove(tx, &app.nature, &scope, key, version)).await?;
    let text = t!(member.lang, "official-removed");
    Ok(with_flash(&member.app, redirect("/official"), NoticeKind::Success, &text))
}
