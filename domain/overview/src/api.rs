//! Progress and the log over the API.

use crate::actions;
use crate::model::{Filter, LogEntry, Mark, Progress, YearProgress};
use chrono::{DateTime, NaiveDate, Utc};
use komainu_access::PersonId;
use komainu_audit::Broken;
use komainu_catalog::ItemId;
use komainu_checklist::model::Counts;
use komainu_web::Outcome;
use komainu_web::api::{Caller, Day, Page, Query, Resource, key_of};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// How far the institution is, and how it was before.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Progress)]
pub struct ProgressShown {
    /// The years, newest first; none where no round was opened.
    years: Vec<YearShown>,
    /// The items of all these years.
    items: Vec<ItemShown>,
}

/// One year of the institution's own checklist.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressYear)]
pub struct YearShown {
    /// The fiscal year by its first calendar year.
    fiscal_year: i32,
    counts: Counts,
    sections: Vec<SectionShown>,
    /// April to March.
    months: Vec<MonthShown>,
}

/// A section of the form.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressSection)]
pub struct SectionShown {
    number: u8,
    counts: Counts,
}

/// The checks done up to the end of a month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressMonth)]
pub struct MonthShown {
    /// The first day of the month.
    month: NaiveDate,
    /// Rows with a first check by then; null while the month has not begun.
    checked: Option<u32>,
}

/// An item in every year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressItem)]
pub struct ItemShown {
    #[schema(value_type = String)]
    item: ItemId,
    /// What it asks.
    title: String,
    /// A mark for each of the years, newest first.
    marks: Vec<Mark>,
}

/// An entry of the log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LogEntry)]
pub struct EntryShown {
    /// Its number in the chain.
    seq: i64,
    at: DateTime<Utc>,
    /// The name of whoever made the change, at the time.
    person_name: String,
    /// The link with which somebody without an account made it; null for everybody else.
    link_name: Option<String>,
    /// The action's name, such as `vendor_change`.
    action: String,
    /// To what kind of thing.
    object_kind: String,
    /// To which one.
    object_id: String,
    /// The state before; null where there was none.
    before: Value,
    /// The state after; null where nothing is left.
    after: Value,
}

/// Which entries are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LogQuery {
    /// What `next` of the part before said; leave it out for the newest.
    after: Option<String>,
    /// Only this kind of thing, such as `vendor`.
    kind: Option<String>,
    /// Only what this person did.
    #[param(inline)]
    person: Option<PersonId>,
    /// Only from this day on.
    #[param(inline)]
    from: Option<Day>,
    /// Only up to this day.
    #[param(inline)]
    to: Option<Day>,
}

/// The proof of the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct Proof {
    /// Entries proved sound, from the beginning.
    sound: i64,
    /// The hash of the last sound entry: written down elsewhere, it proves later that nothing was cut off.
    end: String,
    /// The first entry that was changed or is missing; null where the chain is whole.
    broken: Option<i64>,
}

impl Resource for ProgressShown {}
impl Resource for Proof {}

impl From<YearProgress> for YearShown {
    fn from(year: YearProgress) -> Self {
        let sections = year.sections.into_iter();
        let months = year.months.into_iter();
        YearShown {
            fiscal_year: year.round.fiscal_year,
            counts: year.counts,
            sections: sections.map(|one| SectionShown { number: one.number, counts: one.counts }).collect(),
            months: months.map(|one| MonthShown { month: one.month, checked: one.checked }).collect(),
        }
    }
}

impl From<LogEntry> for EntryShown {
    fn from(entry: LogEntry) -> Self {
        let state = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
        EntryShown {
            seq: entry.seq,
            at: entry.at,
            person_name: entry.person_name,
            link_name: Some(entry.link_name).filter(|name| !name.is_empty()),
            action: entry.action,
            object_kind: entry.object_kind,
            object_id: entry.object_id,
            before: state(&entry.before),
            after: state(&entry.after),
        }
    }
}

fn shown(at: &Caller, progress: Progress) -> ProgressShown {
    let title = |item: &ItemId| {
        let found = at.app.catalog.item(item);
        found.map(|item| item.title.get(at.lang).to_owned()).unwrap_or_default()
    };
    let items = progress.items.into_iter();
    ProgressShown {
        years: progress.years.into_iter().map(YearShown::from).collect(),
        items: items
            .map(|one| ItemShown { title: title(&one.item), item: one.item, marks: one.marks })
            .collect(),
    }
}

/// How far the year is, and how it was before
#[utoipa::path(get, path = "/progress", responses((status = 200, body = ProgressShown)))]
pub async fn progress(caller: Caller) -> Outcome {
    caller
        .show(|tx, at| {
            let found = actions::progress(tx, &at.app.nature, &at.scope, &at.app.catalog)?;
            let none = || ProgressShown { years: Vec::new(), items: Vec::new() };
            Ok(found.map_or_else(none, |found| shown(at, found)))
        })
        .await
}

/// Who changed what, newest first
#[utoipa::path(get, path = "/log", params(LogQuery), responses((status = 200, body = Page<EntryShown>)))]
pub async fn log(caller: Caller, Query(query): Query<LogQuery>) -> Outcome {
    let filter = Filter {
        before: key_of(caller.lang, query.after.as_deref())?,
        kind: query.kind.unwrap_or_default(),
        person: query.person,
        from: query.from.map(|day| day.0),
        to: query.to.map(|day| day.0),
    };
    caller
        .show(move |tx, at| {
            let part = actions::log(tx, &at.scope, &filter)?;
            Ok(Page::of(part.entries.into_iter().map(EntryShown::from).collect(), part.older))
        })
        .await
}

/// Prove the log from its beginning to its end
#[utoipa::path(get, path = "/log/proof", responses((status = 200, body = Proof)))]
pub async fn log_prove(caller: Caller) -> Outcome {
    caller
        .show(|tx, at| {
            let verdict = actions::log_prove(tx, &at.scope)?;
            let broken = verdict.broken.map(|broken| match broken {
                Broken::Changed(entry) | Broken::Missing(entry) | Broken::Beyond(entry) => entry,
            });
            Ok(Proof { sound: verdict.sound, end: verdict.end, broken })
        })
        .await
}
