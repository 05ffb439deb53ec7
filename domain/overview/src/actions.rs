//! Reading back. Nothing here changes anything.

use crate::model::{Filter, ItemHistory, LogPart, Progress, SectionProgress, YearProgress};
use crate::{rules, store};
use chrono::{DateTime, Days, NaiveDate, TimeZone as _, Utc};
use komainu_access::{Permission, PersonId, Scope};
use komainu_audit::Verdict;
use komainu_calendar::FiscalYear;
use komainu_catalog::{Catalog, ItemId};
use komainu_checklist::actions::{round_view, rounds};
use komainu_checklist::model::RoundView;
use komainu_checklist::rules::counts;
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_institution::actions::institution_get;
use komainu_web::Failure;

/// How many years are looked back at.
const YEARS: usize = 6;

/// The institution's own rounds of the last years; none where none was opened yet.
pub fn progress(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
) -> Result<Option<Progress>, Failure> {
    scope.require(Permission::HistoryRead)?;
    let own = rounds(tx, scope, catalog)?.into_iter().filter(|round| round.vendor.is_none());
    let ids: Vec<_> = own.map(|round| round.id).take(YEARS).collect();
    let views: Vec<RoundView> =
        ids.into_iter().map(|id| round_view(tx, scope, catalog, id)).collect::<Result<_, _>>()?;
    if views.is_empty() {
        return Ok(None);
    }
    let kind = institution_get(tx, scope)?.kind;
    let years = views.iter().map(|view| year(view, nature.today())).collect::<Result<_, _>>()?;
    Ok(Some(Progress { kind, years, items: items(&views) }))
}

fn year(view: &RoundView, today: NaiveDate) -> Result<YearProgress, Failure> {
    let mut numbers: Vec<u8> = view.rows.iter().filter_map(|row| row.section).collect();
    numbers.dedup();
    let sections = numbers.into_iter().map(|number| {
        let rows = view.rows.iter().filter(|row| row.section == Some(number));
        let rows = rows.map(|row| (row.level, &row.state, row.settled()));
        SectionProgress { number, counts: counts(rows) }
    });
    let checked: Vec<NaiveDate> = view
        .rows
        .iter()
        .filter(|row| row.settled().is_some())
        .filter_map(|row| row.answer.as_ref()?.content.checked.first().copied().flatten())
        .collect();
    let fiscal_year = FiscalYear::try_from(view.round.fiscal_year).map_err(Failure::internal)?;
    Ok(YearProgress {
        round: view.round.clone(),
        counts: view.counts,
        sections: sections.collect(),
        months: rules::months(&checked, fiscal_year, today),
    })
}

/// Every item of these years with its mark in each.
fn items(views: &[RoundView]) -> Vec<ItemHistory> {
    let mut all: Vec<&ItemId> = Vec::new();
    for row in views.iter().flat_map(|view| &view.rows) {
        if !all.contains(&&row.item) {
            all.push(&row.item);
        }
    }
    let mark = |view: &RoundView, item: &ItemId| {
        let rows = view.rows.iter().filter(|row| row.item == *item);
        rules::mark(rows.map(|row| (&row.state, row.settled())))
    };
    all.into_iter()
        .map(|item| ItemHistory {
            item: item.clone(),
            marks: views.iter().map(|view| mark(view, item)).collect(),
        })
        .collect()
}

/// How many entries a page of the log shows.
const PAGE: usize = 50;

/// A part of the log.
pub fn log(tx: &mut Tx<'_>, scope: &Scope, filter: &Filter) -> Result<LogPart, Failure> {
    scope.require(Permission::LogRead)?;
    let from = filter.from.map_or(DateTime::UNIX_EPOCH, start_of);
    let until = filter.to.and_then(|to| to.checked_add_days(Days::new(1)));
    let until = until.map_or(DateTime::<Utc>::MAX_UTC, start_of).min(far());
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut entries = store::log(tx, scope, filter, (from, until), limit)?;
    let more = entries.len() > PAGE;
    entries.truncate(PAGE);
    let older = entries.last().filter(|_| more).map(|entry| entry.seq);
    let (length, hash) = store::log_end(tx, scope)?;
    let end = hash.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    Ok(LogPart { entries, older, length, end })
}

/// Midnight in Japan.
fn start_of(day: NaiveDate) -> DateTime<Utc> {
    Utc.from_utc_datetime(&day.and_time(chrono::NaiveTime::MIN)) - chrono::Duration::hours(9)
}

/// A moment after every entry that both databases can hold.
fn far() -> DateTime<Utc> {
    start_of(NaiveDate::from_ymd_opt(9999, 1, 1).unwrap_or(NaiveDate::MAX))
}

/// Everyone who may stand in the log.
pub fn log_writers(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<(PersonId, String)>, Failure> {
    scope.require(Permission::LogRead)?;
    Ok(store::writers(tx, scope)?)
}

/// Proves the organisation's chain from beginning to end.
pub fn log_prove(tx: &mut Tx<'_>, scope: &Scope) -> Result<Verdict, Failure> {
    scope.require(Permission::LogRead)?;
    Ok(komainu_audit::verify(tx, scope.organisation())?)
}
