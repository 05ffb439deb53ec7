//! Pages: the list, declaring, the board of an incident and what stands beside it.

mod assets;
mod board;
mod close;
mod declare;
mod duties;
mod evidence;
mod facts;
mod list;
mod map;
mod quiet;
mod reports;
mod steps;

pub use assets::{asset_mark, assets};
pub use board::{board, board_live, entry_write};
pub use close::{close, close_submit};
pub use declare::{declare, declare_new, edit, edit_save};
pub use duties::{answers_save, duties, duty_note};
pub use evidence::{EVIDENCE_BODY, custody_add, evidence, evidence_add, evidence_file};
pub use facts::{facts, facts_save};
pub use list::incidents;
pub use map::{map_a3, map_data, map_page};
pub use quiet::quiet;
pub use reports::{case_file, report, report_file, reports};
pub use steps::{role_give, state_set, task_add, task_save};

pub(crate) use close::FIELDS as LESSONS;
pub(crate) use evidence::refusal;
pub(crate) use reports::{export, report_as};

use crate::files::House;
use crate::model::{Case, Incident, IncidentId, State};
use crate::{rules, t, words};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use komainu_access::{Permission, Scope};
use komainu_calendar::parse_date;
use komainu_clock::in_japan;
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_institution::actions::institution_get;
use komainu_web::{Crumb, Failure, FieldErrors, Form, Member, NoticeKind, Tab, redirect, with_flash};

/// Where they are.
const HOME: &str = "/incidents";
/// What is wrong with what was sent.
const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

fn id_of(text: &str) -> Result<IncidentId, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

fn path_of(id: IncidentId) -> String {
    format!("{HOME}/{id}")
}

fn version_of(form: &Form) -> i64 {
    form.parse("version").unwrap_or_default()
}

/// The map with what an incident marks brought into sight; empty where there is nothing of it to see for this reader.
fn on_map(member: &Member, case: &Case) -> String {
    let seen = case.incident.state != State::Closed
        && !case.assets.is_empty()
        && member.scope.may(Permission::LedgerRead);
    if seen { format!("/map?incident={}", case.incident.id) } else { String::new() }
}

/// Off to a page, which says what was done.
fn done(member: &Member, to: &str, text: &str) -> Response {
    with_flash(&member.app, redirect(to), NoticeKind::Success, text)
}

/// The pages of an incident that stand side by side.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Board,
    Duties,
    Facts,
    Reports,
    Assets,
    Evidence,
    Quiet,
}

/// What stands over every page of an incident.
struct Head {
    crumbs: Vec<Crumb>,
    title: String,
    level: String,
    level_sign: &'static str,
    state: String,
    state_sign: &'static str,
    /// What happens, in a line.
    kind: String,
    drill: bool,
    sides: String,
    tabs: Vec<Tab>,
}

fn head(member: &Member, incident: &Incident, current: Side) -> Head {
    let (lang, path) = (member.lang, path_of(incident.id));
    let tab = |side, end: &str, label| Tab { href: format!("{path}{end}"), label, current: side == current };
    let tabs = vec![
        tab(Side::Board, "", t!(lang, "tab-board")),
        tab(Side::Duties, "/duties", t!(lang, "tab-duties")),
        tab(Side::Facts, "/facts", t!(lang, "tab-facts")),
        tab(Side::Reports, "/reports", t!(lang, "tab-reports")),
        tab(Side::Assets, "/assets", t!(lang, "tab-assets")),
        tab(Side::Evidence, "/evidence", t!(lang, "tab-evidence")),
        tab(Side::Quiet, "/quiet", t!(lang, "tab-quiet")),
    ];
    Head {
        crumbs: vec![Crumb { href: HOME.to_owned(), label: t!(lang, "list-title") }],
        title: words::title_text(lang, incident),
        level: words::level_text(lang, incident.level),
        level_sign: words::level_badge(incident.level),
        state: words::state_text(lang, incident.state),
        state_sign: words::state_badge(incident.state),
        kind: words::kind_text(&member.app.catalog, lang, &incident.kind),
        drill: incident.drill,
        sides: t!(lang, "sides"),
        tabs,
    }
}

fn leads(member: &Member) -> bool {
    member.scope.may(Permission::IncidentLead)
}

/// Whether the reader may write on an incident: what is over is read.
fn writes(member: &Member, incident: &Incident) -> bool {
    leads(member) && incident.state != State::Closed
}

async fn seen(member: &Member, id: IncidentId) -> Result<Case, Failure> {
    let scope = member.scope.clone();
    member.read(move |tx| crate::actions::incident_see(tx, &scope, id)).await
}

/// A clock that runs.
struct ClockView {
    to: String,
    kind: String,
    due: String,
    left: String,
    sign: &'static str,
    /// Whether the duty or the way of counting was not confirmed.
    unconfirmed: bool,
}

/// Everybody who is still to be told, those with clocks first, the nearest day first, with clocks that run while nobody knows yet
/// whether they apply; and how many hang on open questions.
fn clocks(member: &Member, case: &Case) -> (Vec<ClockView>, usize) {
    let (lang, today) = (member.lang, member.app.nature.today());
    let rows = rules::duties(&member.app.catalog, case);
    let open = rows.iter().filter(|row| row.answer.applies == komainu_catalog::Applies::Open).count();
    let mut waiting: Vec<_> = rows.into_iter().filter(|row| row.waits() || row.looms()).collect();
    waiting.sort_by_key(|row| row.due.map_or((true, today), |due| (false, due.keep())));
    let view = |row: rules::DutyRow<'_>| ClockView {
        to: row.answer.duty.to.get(lang).to_owned(),
        kind: {
            let kind = words::duty_kind_text(lang, row.answer.duty.kind);
            if row.looms() { t!(lang, "clock-looms", kind = kind) } else { kind }
        },
        due: row
            .due
            .map_or_else(|| row.answer.duty.when.get(lang).to_owned(), |due| words::due_text(lang, due)),
        left: row.due.map(|due| words::left_text(lang, due, today)).unwrap_or_default(),
        sign: row.due.map_or("neutral", |due| words::left_badge(due, today)),
        unconfirmed: !row.answer.duty.standing.confirmed
            || row.answer.duty.clock.as_ref().is_some_and(|clock| !clock.counting_confirmed),
    };
    (waiting.into_iter().map(view).collect(), open)
}

/// A moment from the fields `day` and `time` of a form; now where both are empty. What lies ahead is a fault.
fn when(form: &Form, lang: Lang, errors: &mut FieldErrors, now: DateTime<Utc>) -> DateTime<Utc> {
    let (day, time) = (form.text("day"), form.text("time"));
    if day.is_empty() && time.is_empty() {
        return now;
    }
    let today = in_japan(now).date_naive();
    let day = if day.is_empty() { Some(today) } else { parse_date(day, today).ok() };
    if day.is_none() {
        errors.add("day", t!(lang, "day-wrong"));
    }
    let time = rules::time_of_day(time);
    if time.is_none() {
        errors.add("time", t!(lang, "time-wrong"));
    }
    let at = day.zip(time).and_then(|(day, time)| rules::moment(day, time)).unwrap_or(now);
    if !rules::has_happened(at, now) {
        errors.add("day", t!(lang, "day-ahead"));
    } else if !rules::is_sane(at, now) {
        errors.add("day", t!(lang, "day-wrong"));
    }
    at
}

/// The fields `day` and `time` of a moment.
fn fields_of(at: DateTime<Utc>) -> (String, String) {
    (in_japan(at).date_naive().to_string(), words::clock_text(at))
}

/// The house as it stands in reports.
pub(crate) fn house(tx: &mut Tx<'_>, scope: &Scope) -> Result<House, Failure> {
    let known = institution_get(tx, scope)?;
    let postal =
        if known.postal_code.is_empty() { String::new() } else { format!("〒{} ", known.postal_code) };
    let address = if known.address.is_empty() {
        String::new()
    } else {
        format!("{postal}{}{}", known.prefecture.name(Lang::Ja), known.address)
    };
    Ok(House { name: known.name, address, phone: known.phone })
}
