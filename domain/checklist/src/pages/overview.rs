//! A year at a glance: how far it is, what is missing, where to go on.

use super::{form_of, form_title, item_path, name_of, numbered, waiting_states, year_of};
use crate::actions::{self, form_of_round, own_round, round_before, round_by_key, round_view};
use crate::model::{AnswerKind, FormKey, Round, RoundSummary, RoundView, RowState, RowView};
use crate::neighbours::{self, Colleague, House, Supplier};
use crate::official::{OwnRow, own_rows};
use crate::pages::rounds::OpenPage;
use crate::words::{self, Mark};
use crate::{rules, t};
use askama::Template;
use axum::extract::{Path, Query};
use komainu_access::Permission;
use komainu_catalog::{Catalog, Form, FormUse, fiscal_year_of};
use komainu_i18n::Lang;
use komainu_web::{
    Member, NoticeKind, Outcome, Section, Shell, Tab, date_text, moment_text, page, redirect, with_flash,
};
use serde::Deserialize;

/// Which rows of the list to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Show {
    #[default]
    All,
    Waiting,
    No,
    Confirm,
    Vendor,
    Mine,
}

/// What stands behind the question mark.
#[derive(Debug, Default, Deserialize)]
pub struct Filter {
    #[serde(default)]
    show: Show,
}

#[derive(Template)]
#[template(path = "round.html")]
#[expect(clippy::struct_excessive_bools, reason = "a page shows its parts or leaves them out")]
struct RoundPage {
    page: Shell,
    lang: Lang,
    years: Vec<Tab>,
    form_title: String,
    notices: Vec<(&'static str, String)>,
    closed: Option<String>,
    gate: Option<Line>,
    gate_shut: bool,
    progress_text: String,
    needed: u32,
    answered: u32,
    facts: Vec<String>,
    go_on: Option<String>,
    to_confirm: bool,
    can_carry: bool,
    filters: Vec<Tab>,
    sections: Vec<(String, Vec<Line>)>,
    vendors: Option<Vendors>,
    /// May load the ministry's own workbook, and nobody has.
    invite: bool,
    /// Ways to the ministry's own workbook.
    official: Vec<(String, String)>,
    path: String,
    may_answer: bool,
    may_manage: bool,
    may_assign: bool,
    may_ask: bool,
}

/// A row in the list.
struct Line {
    href: String,
    title: String,
    mark: Mark,
    lacks: Vec<String>,
    facts: Vec<String>,
    unconfirmed: bool,
    reference: bool,
}

/// The vendor forms of the year.
struct Vendors {
    lines: Vec<VendorLine>,
}

struct VendorLine {
    name: String,
    /// Where its round is; empty where none was opened.
    href: String,
    text: String,
    id: String,
}

/// This year.
pub async fn overview(member: Member, Query(filter): Query<Filter>) -> Outcome {
    let year = fiscal_year_of(member.app.nature.today());
    show(member, year, None, filter.show).await
}

/// A year.
pub async fn overview_of_year(
    member: Member,
    Path(year): Path<String>,
    Query(filter): Query<Filter>,
) -> Outcome {
    show(member, year_of(&year)?, None, filter.show).await
}

/// A round, such as a vendor's.
pub async fn overview_of_form(
    member: Member,
    Path((year, form)): Path<(String, String)>,
    Query(filter): Query<Filter>,
) -> Outcome {
    let (year, key) = form_of(&year, &form)?;
    show(member, year, Some(key), filter.show).await
}

/// On to the next row that waits for somebody.
pub async fn next(member: Member, Path((year, form)): Path<(String, String)>) -> Outcome {
    let (year, key) = form_of(&year, &form)?;
    let (scope, catalog) = (member.scope.clone(), member.app.catalog.clone());
    let view = member
        .read(move |tx| {
            let round = round_by_key(tx, &scope, year, key)?;
            round_view(tx, &scope, &catalog, round.id)
        })
        .await?;
    Ok(match next_path(&view, None) {
        Some(path) => redirect(&path),
        None => done(&member, &view),
    })
}

/// The address of the row to go on with after `current`, if one waits.
pub(crate) fn next_path(view: &RoundView, current: Option<&str>) -> Option<String> {
    let rows: Vec<&RowView> = view.all().collect();
    let states = waiting_states(&rows);
    let states: Vec<_> = states.iter().map(|(level, state)| (*level, state)).collect();
    let index = current.and_then(|current| rows.iter().position(|row| row.placement.as_str() == current));
    rules::next_waiting(&states, index).map(|next| item_path(&view.round, &rows[next].placement))
}

/// Back to the round, with the news that nothing waits any more.
pub(crate) fn done(member: &Member, view: &RoundView) -> axum::response::Response {
    let text = if view.gate_shut() {
        t!(member.lang, "round-gate-shut-saved")
    } else {
        t!(member.lang, "round-all-done")
    };
    let to = if member.scope.may(Permission::ChecklistRead) {
        view.round.path()
    } else {
        "/checklist/mine".to_owned()
    };
    with_flash(&member.app, redirect(&to), NoticeKind::Success, &text)
}

/// What is read for the page.
struct Read {
    house: House,
    /// The years of which there are rounds.
    years: Vec<i32>,
    /// The year's rounds about vendors.
    of_vendors: Vec<RoundSummary>,
    view: Option<RoundView>,
    before: Option<Round>,
    colleagues: Vec<Colleague>,
    suppliers: Vec<Supplier>,
    /// The rows that only the ministry's own workbook has.
    own: Vec<OwnRow>,
}

async fn show(member: Member, year: i32, key: Option<FormKey>, show: Show) -> Outcome {
    if !member.scope.may(Permission::ChecklistRead) {
        return Ok(redirect("/checklist/mine"));
    }
    let (scope, catalog) = (member.scope.clone(), member.app.catalog.clone());
    let read = member
        .read(move |tx| {
            let round = match key {
                Some(key) => Some(round_by_key(tx, &scope, year, key)?),
                None => own_round(tx, &scope, year)?,
            };
            let view = match &round {
                Some(round) => Some(round_view(tx, &scope, &catalog, round.id)?),
                None => None,
            };
            let own = match &round {
                Some(Round { variant, vendor, .. }) => {
                    let key = FormKey { variant: *variant, vendor: *vendor };
                    own_rows(tx, &scope, &catalog, year, key)?.2
                }
                None => Vec::new(),
            };
            let (years, of_vendors) = actions::rounds_beside(tx, &scope, &catalog, year)?;
            Ok(Read {
                own,
                house: neighbours::house(tx, &scope)?,
                years,
                of_vendors,
                before: round_before(tx, &scope, year, key.and_then(|key| key.vendor))?,
                view,
                colleagues: neighbours::colleagues(tx, &scope)?,
                suppliers: neighbours::suppliers(tx, &scope)?,
            })
        })
        .await?;
    let catalog = member.app.catalog.clone();
    if let Some(view) = &read.view {
        let form = form_of_round(&catalog, &view.round)?;
        return page(&round_page(&member, &form, view, &read, show));
    }
    let years = year_tabs(&member, &read.years, year);
    page(&OpenPage::new(&member, year, read.house.kind, read.before.as_ref(), years))
}

fn round_page(member: &Member, form: &Form<'_>, view: &RoundView, read: &Read, show: Show) -> RoundPage {
    let lang = member.lang;
    let round = &view.round;
    let title = match round.vendor {
        None => t!(lang, "round-title", year = words::year(lang, round.fiscal_year)),
        Some(vendor) => t!(
            lang,
            "round-vendor-title",
            year = words::year(lang, round.fiscal_year),
            vendor = super::vendor_name(lang, &read.suppliers, vendor)
        ),
    };
    let counts = view.counts;
    let open = round.closed_at.is_none();
    let answers = member.scope.may(Permission::ChecklistAnswer);
    RoundPage {
        page: member.shell(&title, Section::Checklist),
        lang,
        years: year_tabs(member, &read.years, round.fiscal_year),
        form_title: form_title(lang, form.data.title.get(lang), round, &read.suppliers),
        notices: notices(lang, form, view, &member.app.catalog),
        closed: round.closed_at.map(|at| t!(lang, "round-closed", at = moment_text(lang, at))),
        gate: view.gate.as_ref().zip(form.gate.as_ref()).map(|(row, of)| line(lang, view, row, of, read)),
        gate_shut: view.gate_shut(),
        progress_text: format!("{} / {}", counts.answered, counts.needed),
        needed: counts.needed,
        answered: counts.answered,
        facts: facts(lang, view),
        go_on: (open && answers && next_path(view, None).is_some()).then(|| format!("{}/next", round.path())),
        to_confirm: open && answers && view.all().any(|row| row.state == RowState::ToConfirm),
        can_carry: open && read.before.as_ref().is_some_and(|before| round.carried_from != Some(before.id)),
        filters: filters(lang, view, show, member),
        sections: sections(lang, form, view, read, |row| shown(row, show, member))
            .into_iter()
            .chain(own_section(lang, round, read, show))
            .collect(),
        vendors: round.vendor.is_none().then(|| vendors(lang, round.fiscal_year, read)),
        invite: member.scope.may(Permission::OfficialFormManage) && !has_official(view),
        official: official_links(member, view),
        path: round.path(),
        may_answer: answers,
        may_manage: member.scope.may(Permission::RoundManage),
        may_assign: open && member.scope.may(Permission::ChecklistAssign),
        may_ask: open && answers && member.scope.may(Permission::LedgerRead),
    }
}

/// The address of a round's part of the ministry's workbook.
fn official_path(round: &Round, part: &str) -> String {
    let key = FormKey { variant: round.variant, vendor: round.vendor };
    format!("/official/{}/{key}/{part}", round.fiscal_year)
}

/// The rows that only the ministry's workbook has, below ours.
fn own_section(lang: Lang, round: &Round, read: &Read, show: Show) -> Option<(String, Vec<Line>)> {
    let line = |row: &OwnRow| {
        let kind = row.answer.as_ref().and_then(|answer| answer.content.kind);
        let fits = match show {
            Show::All => true,
            Show::Waiting => kind.is_none(),
            Show::No => kind.is_some_and(AnswerKind::counts_as_no),
            Show::Confirm | Show::Vendor | Show::Mine => false,
        };
        let badge = match kind {
            None => "neutral",
            Some(kind) if kind.counts_as_no() => "attention",
            Some(_) => "ok",
        };
        fits.then(|| Line {
            href: official_path(round, "own"),
            title: format!("{} {}", row.number, row.sentence).trim().to_owned(),
            mark: Mark { kind: badge, text: words::answer(lang, kind) },
            lacks: Vec::new(),
            facts: Vec::new(),
            unconfirmed: false,
            reference: false,
        })
    };
    let lines: Vec<Line> = read.own.iter().filter_map(line).collect();
    (!lines.is_empty()).then(|| (t!(lang, "official-own-title"), lines))
}

/// The ministry's sentences stand beside ours.
fn has_official(view: &RoundView) -> bool {
    view.all().any(|row| row.official.is_some())
}

/// Ways to the ministry's workbook: to load it, and back to it with the answers in it.
fn official_links(member: &Member, view: &RoundView) -> Vec<(String, String)> {
    let (lang, scope) = (member.lang, &member.scope);
    let filled = (has_official(view) && scope.may(Permission::PackMake))
        .then(|| (t!(lang, "official-to-filled"), official_path(&view.round, "filled")));
    let manage = scope
        .may(Permission::OfficialFormManage)
        .then(|| (t!(lang, "official-title"), "/official".to_owned()));
    filled.into_iter().chain(manage).collect()
}

/// What has to be known about the form itself.
fn notices(lang: Lang, form: &Form<'_>, view: &RoundView, catalog: &Catalog) -> Vec<(&'static str, String)> {
    let mut notices = Vec::new();
    if let FormUse::SelfCheck(rule) = form.usage {
        notices.push(("info", rule.text.get(lang).to_owned()));
    }
    if view.rows.iter().any(|row| !row.confirmed) {
        notices.push(("warning", t!(lang, "round-unconfirmed")));
    }
    let newest =
        catalog.latest_edition().is_some_and(|edition| *edition.fiscal_year == view.round.fiscal_year);
    if !newest {
        notices.push(("info", t!(lang, "round-earlier")));
    }
    notices
}

fn facts(lang: Lang, view: &RoundView) -> Vec<String> {
    let counts = view.counts;
    let lacking = view.rows.iter().filter(|row| matches!(row.state, RowState::Lacks(_))).count();
    let waiting = view.rows.iter().filter(|row| row.waits_for_vendor().is_some()).count();
    let replied = view.rows.iter().filter(|row| row.replies_waiting > 0).count();
    let all = [
        (counts.yes, t!(lang, "fact-yes", n = counts.yes.to_string())),
        (counts.no + counts.not_sure, t!(lang, "fact-no", n = (counts.no + counts.not_sure).to_string())),
        (counts.not_applicable, t!(lang, "fact-not-applicable", n = counts.not_applicable.to_string())),
        (count(lacking), t!(lang, "fact-lacking", n = lacking.to_string())),
        (counts.to_confirm, t!(lang, "fact-to-confirm", n = counts.to_confirm.to_string())),
        (count(waiting), t!(lang, "fact-waiting", n = waiting.to_string())),
        (count(replied), t!(lang, "fact-replied", n = replied.to_string())),
        (
            counts.reference,
            t!(
                lang,
                "fact-reference",
                n = counts.reference.to_string(),
                answered = counts.reference_answered.to_string()
            ),
        ),
    ];
    all.into_iter().filter(|(n, _)| *n > 0).map(|(_, text)| text).collect()
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn shown(row: &RowView, show: Show, member: &Member) -> bool {
    match show {
        Show::All => true,
        Show::Waiting => row.state.is_waiting(),
        Show::No => row.settled().is_some_and(AnswerKind::counts_as_no),
        Show::Confirm => row.state == RowState::ToConfirm,
        Show::Vendor => row.waits_for_vendor().is_some() || row.replies_waiting > 0,
        Show::Mine => row.assigned_to == Some(member.scope.person()),
    }
}

fn filters(lang: Lang, view: &RoundView, current: Show, member: &Member) -> Vec<Tab> {
    let all = [
        (Show::All, "all", t!(lang, "filter-all")),
        (Show::Waiting, "waiting", t!(lang, "filter-waiting")),
        (Show::No, "no", t!(lang, "filter-no")),
        (Show::Confirm, "confirm", t!(lang, "filter-confirm")),
        (Show::Vendor, "vendor", t!(lang, "filter-vendor")),
        (Show::Mine, "mine", t!(lang, "filter-mine")),
    ];
    all.into_iter()
        .filter_map(|(show, code, label)| {
            let n = view.rows.iter().filter(|row| shown(row, show, member)).count();
            (n > 0 || show == Show::All || show == current).then(|| Tab {
                href: format!("{}?show={code}", view.round.path()),
                label: format!("{label} {n}"),
                current: show == current,
            })
        })
        .collect()
}

fn sections(
    lang: Lang,
    form: &Form<'_>,
    view: &RoundView,
    read: &Read,
    shown: impl Fn(&RowView) -> bool,
) -> Vec<(String, Vec<Line>)> {
    form.sections()
        .filter_map(|(section, rows)| {
            let lines: Vec<Line> = rows
                .into_iter()
                .filter_map(|of| view.row(&of.id).map(|row| (row, of)))
                .filter(|(row, _)| shown(row))
                .map(|(row, of)| line(lang, view, row, of, read))
                .collect();
            let title = format!("{}　{}", *section.number, section.title.get(lang));
            (!lines.is_empty()).then_some((title, lines))
        })
        .collect()
}

fn line(lang: Lang, view: &RoundView, row: &RowView, of: &komainu_catalog::FormRow<'_>, read: &Read) -> Line {
    let mut facts = Vec::new();
    if let Some(assignment) = row.assignment {
        let name = name_of(lang, &read.colleagues, assignment.person);
        facts.push(match assignment.due {
            Some(due) => t!(lang, "line-assigned-due", name = name, due = date_text(lang, due)),
            None => t!(lang, "line-assigned", name = name),
        });
    }
    let target =
        row.answer.as_ref().filter(|answer| !answer.carried).and_then(|answer| answer.content.target);
    if let Some(target) = target {
        facts.push(t!(lang, "line-target", date = date_text(lang, target)));
    }
    if let Some(ask) = row.waits_for_vendor() {
        let vendor = super::vendor_name(lang, &read.suppliers, ask.vendor);
        facts.push(t!(lang, "line-asked", vendor = vendor, date = date_text(lang, ask.asked_on)));
    }
    if row.replies_waiting > 0 {
        facts.push(t!(lang, "line-replied"));
    }
    if row.evidence_count > 0 {
        facts.push(t!(lang, "line-evidence", n = row.evidence_count.to_string()));
    }
    Line {
        href: item_path(&view.round, &row.placement),
        title: numbered(row.number.as_deref(), &words::title(lang, of)),
        mark: words::mark(lang, row),
        lacks: words::lacking(lang, &row.state),
        facts,
        unconfirmed: !row.confirmed,
        reference: row.level == komainu_catalog::Level::Reference,
    }
}

fn vendors(lang: Lang, year: i32, read: &Read) -> Vendors {
    let round_of = |vendor| read.of_vendors.iter().find(|summary| summary.vendor == Some(vendor));
    let lines = read
        .suppliers
        .iter()
        .map(|supplier| match round_of(supplier.id) {
            Some(summary) => VendorLine {
                name: supplier.name.clone(),
                href: format!(
                    "/checklist/{year}/{}",
                    FormKey { variant: summary.variant, vendor: summary.vendor }
                ),
                text: t!(
                    lang,
                    "vendor-progress",
                    answered = summary.counts.answered.to_string(),
                    needed = summary.counts.needed.to_string()
                ),
                id: supplier.id.to_string(),
            },
            None => VendorLine {
                name: supplier.name.clone(),
                href: String::new(),
                text: t!(lang, "vendor-not-opened"),
                id: supplier.id.to_string(),
            },
        })
        .collect();
    Vendors { lines }
}

/// The years with a form, newest first; those that have not begun are left out.
fn year_tabs(member: &Member, with_rounds: &[i32], current: i32) -> Vec<Tab> {
    let this_year = fiscal_year_of(member.app.nature.today());
    let mut years: Vec<i32> =
        member.app.catalog.editions().iter().map(|edition| *edition.fiscal_year).collect();
    years.extend(with_rounds);
    years.extend([this_year, current]);
    years.retain(|year| *year <= this_year);
    years.sort_unstable_by(|a, b| b.cmp(a));
    years.dedup();
    years
        .into_iter()
        .map(|year| Tab {
            href: format!("/checklist/{year}"),
            label: words::year(member.lang, year),
            current: year == current,
        })
        .collect()
}
