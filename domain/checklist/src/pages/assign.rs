//! Who answers what: several rows at once, and the list of one's own.

use super::{crumbs, form_of, form_title, item_path, name_of, numbered};
use crate::actions::{
    self, AssignInput, AssignRefusal, assignment_set, form_of_round, round_by_key, round_view,
};
use crate::model::{Round, RoundView};
use crate::neighbours::{self, Colleague, Supplier};
use crate::t;
use crate::words::{self, Mark};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use komainu_access::PersonId;
use komainu_calendar::parse_date;
use komainu_catalog::PlacementId;
use komainu_i18n::Lang;
use komainu_web::{
    Choice, Crumb, Failure, FieldErrors, Form, Member, NoticeKind, Outcome, Refused, Section, Shell,
    date_text, page, page_with_status, redirect, with_flash,
};
use serde::Deserialize;
use std::collections::BTreeSet;

/// The members who can be given rows.
pub(crate) fn member_choices(lang: Lang, colleagues: &[Colleague], current: Option<PersonId>) -> Vec<Choice> {
    colleagues
        .iter()
        .filter(|colleague| actions::can_answer(colleague))
        .map(|colleague| {
            let label = format!("{}（{}）", colleague.name, komainu_web::role_text(lang, colleague.role));
            Choice::new(colleague.person.to_string(), label).chosen(Some(colleague.person) == current)
        })
        .collect()
}

#[derive(Template)]
#[template(path = "assign.html")]
struct AssignPage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    errors: FieldErrors,
    rows: Vec<Choice>,
    members: Vec<Choice>,
    due: String,
    action: String,
    back: String,
}

/// A row that is chosen already.
#[derive(Debug, Default, Deserialize)]
pub struct Preset {
    #[serde(default)]
    item: String,
}

struct Read {
    view: RoundView,
    colleagues: Vec<Colleague>,
    suppliers: Vec<Supplier>,
}

async fn load(member: &Member, path: &(String, String)) -> Result<Read, Failure> {
    let (year, key) = form_of(&path.0, &path.1)?;
    let (scope, catalog) = (member.scope.clone(), member.app.catalog.clone());
    member
        .read(move |tx| {
            let round = round_by_key(tx, &scope, year, key)?;
            Ok(Read {
                view: round_view(tx, &scope, &catalog, round.id)?,
                colleagues: neighbours::colleagues(tx, &scope)?,
                suppliers: neighbours::suppliers(tx, &scope)?,
            })
        })
        .await
}

/// The list to choose from.
pub async fn assign(
    member: Member,
    Path(path): Path<(String, String)>,
    Query(preset): Query<Preset>,
) -> Outcome {
    let read = load(&member, &path).await?;
    let chosen = BTreeSet::from([preset.item]);
    page(&assign_page(&member, &read, &chosen, "", "", FieldErrors::default())?)
}

fn assign_page(
    member: &Member,
    read: &Read,
    chosen: &BTreeSet<String>,
    person: &str,
    due: &str,
    errors: FieldErrors,
) -> Result<AssignPage, Failure> {
    let lang = member.lang;
    let round = &read.view.round;
    let form = form_of_round(&member.app.catalog, round)?;
    let rows = read.view.all().filter_map(|row| {
        let of = form.row(&row.placement)?;
        let label = numbered(row.number.as_deref(), &words::title(lang, of));
        let hint = match row.assigned_to {
            Some(person) => t!(lang, "line-assigned", name = name_of(lang, &read.colleagues, person)),
            None => t!(lang, "line-unassigned"),
        };
        let mut hint = format!("{} ・ {hint}", words::mark(lang, row).text);
        if !row.confirmed {
            hint = format!("{hint} ・ {}", t!(lang, "unconfirmed"));
        }
        Some(
            Choice::new(row.placement.as_str(), label)
                .hint(hint)
                .chosen(chosen.contains(row.placement.as_str())),
        )
    });
    let title = form_title(lang, form.data.title.get(lang), round, &read.suppliers);
    Ok(AssignPage {
        page: member.shell(&t!(lang, "assign-title"), Section::Checklist),
        lang,
        crumbs: crumbs(lang, round, &title),
        errors,
        rows: rows.collect(),
        members: member_choices(lang, &read.colleagues, person.parse().ok()),
        due: due.to_owned(),
        action: format!("{}/assign", round.path()),
        back: round.path(),
    })
}

/// Gives the chosen rows to a person, or takes them back.
pub async fn assign_save(member: Member, Path(path): Path<(String, String)>, form: Form) -> Outcome {
    let lang = member.lang;
    let today = member.app.nature.today();
    let chosen: BTreeSet<String> = form.all("item").map(str::to_owned).collect();
    let placements: Option<Vec<PlacementId>> = chosen.iter().map(|id| id.parse().ok()).collect();
    let placements = placements.ok_or(Failure::NotFound)?;
    let mut errors = FieldErrors::default();
    let due = match form.text("due") {
        "" => None,
        text => parse_date(text, today)
            .map_err(|error| errors.add("due", words::date_error(lang, &error, &date_text(lang, today))))
            .ok(),
    };
    let person = match form.text("person") {
        "" => None,
        text => Some(text.parse::<PersonId>().map_err(|_| Failure::NotFound)?),
    };
    let (year, key) = form_of(&path.0, &path.1)?;
    if errors.is_empty() {
        let (app, scope) = (member.app.clone(), member.scope.clone());
        let input = AssignInput { placements, person, due };
        let result = member
            .write(move |tx| {
                let round = round_by_key(tx, &scope, year, key)?;
                assignment_set(tx, &app.nature, &scope, &app.catalog, round.id, &input).map(|_| round)
            })
            .await;
        match result {
            Ok(round) => return Ok(assigned(&member, &round, form.text("back"), person.is_some())),
            Err(Refused::Because(reason)) => {
                let (field, text) = refusal(lang, reason);
                errors.add(field, text);
            }
            Err(Refused::Failed(failure)) => return Err(failure),
        }
    }
    let read = load(&member, &path).await?;
    let page = assign_page(&member, &read, &chosen, form.text("person"), form.text("due"), errors)?;
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn assigned(member: &Member, round: &Round, back: &str, given: bool) -> axum::response::Response {
    let to = match back.parse::<PlacementId>() {
        Ok(placement) => item_path(round, &placement),
        Err(_) => round.path(),
    };
    let text = if given { t!(member.lang, "assigned") } else { t!(member.lang, "unassigned") };
    with_flash(&member.app, redirect(&to), NoticeKind::Success, &text)
}

pub(crate) fn refusal(lang: Lang, reason: AssignRefusal) -> (&'static str, String) {
    match reason {
        AssignRefusal::Closed => ("item", t!(lang, "refused-closed")),
        AssignRefusal::NoRow => ("item", t!(lang, "assign-no-row")),
        AssignRefusal::NoMember => ("person", t!(lang, "assign-no-member")),
        AssignRefusal::PastDue => ("due", t!(lang, "assign-past-due")),
    }
}

#[derive(Template)]
#[template(path = "mine.html")]
struct MinePage {
    page: Shell,
    lang: Lang,
    rounds: Vec<(String, Vec<MineLine>)>,
    go_on: Option<String>,
}

struct MineLine {
    href: String,
    title: String,
    mark: Mark,
    lacks: Vec<String>,
    due: Option<String>,
    unconfirmed: bool,
}

/// What is assigned to the asker.
pub async fn mine(member: Member) -> Outcome {
    let (scope, catalog) = (member.scope.clone(), member.app.catalog.clone());
    let (views, suppliers) = member
        .read(move |tx| Ok((actions::mine(tx, &scope, &catalog)?, neighbours::suppliers(tx, &scope)?)))
        .await?;
    let lang = member.lang;
    let mut rounds = Vec::new();
    for view in &views {
        let form = form_of_round(&member.app.catalog, &view.round)?;
        let title = form_title(lang, form.data.title.get(lang), &view.round, &suppliers);
        let lines = view.all().filter_map(|row| {
            let of = form.row(&row.placement)?;
            Some(MineLine {
                href: item_path(&view.round, &row.placement),
                title: numbered(row.number.as_deref(), &words::title(lang, of)),
                mark: words::mark(lang, row),
                lacks: words::lacking(lang, &row.state),
                due: row
                    .assignment
                    .and_then(|a| a.due)
                    .map(|due| t!(lang, "line-due", due = date_text(lang, due))),
                unconfirmed: !row.confirmed,
            })
        });
        let year = words::year(lang, view.round.fiscal_year);
        rounds.push((format!("{year}　{title}"), lines.collect()));
    }
    page(&MinePage {
        page: member.shell(&t!(lang, "mine-title"), Section::Checklist),
        lang,
        go_on: views.iter().find_map(|view| super::overview::next_path(view, None)),
        rounds,
    })
}
