//! The timeline: what people wrote among what the case knows itself.

use crate::model::{Case, Custody, Entry, Exhibit, Marked, RoleHeld, Task, Told};
use chrono::{DateTime, Utc};

/// What a moment of the timeline is.
#[derive(Clone, Copy, Debug)]
pub enum What<'a> {
    /// The house first knew.
    Known,
    /// The incident was declared.
    Declared,
    /// Somebody wrote it.
    Entry(&'a Entry),
    /// Somebody took a role.
    Role(&'a RoleHeld),
    /// A task was done or dropped.
    Task(&'a Task),
    /// A thing of the ledger stands as it does.
    Asset(&'a Marked),
    /// Evidence was taken.
    Taken(&'a Exhibit),
    /// Evidence passed on.
    Passed(&'a Exhibit, &'a Custody),
    /// Somebody was told.
    Told(&'a Told),
}

/// A moment of the timeline.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// When it happened.
    pub at: DateTime<Utc>,
    /// When it was written.
    pub written_at: DateTime<Utc>,
    /// By whom.
    pub by: &'a str,
    /// What.
    pub what: What<'a>,
}

/// Everything of a case in the order of happening, the oldest first.
pub fn timeline(case: &Case) -> Vec<Moment<'_>> {
    let incident = &case.incident;
    let by = incident.declared_by_name.as_str();
    let declared = incident.declared_at;
    let mut all = vec![
        Moment { at: incident.first_knew_at, written_at: declared, by, what: What::Known },
        Moment { at: declared, written_at: declared, by, what: What::Declared },
    ];
    all.extend(case.entries.iter().map(|entry| Moment {
        at: entry.happened_at,
        written_at: entry.written_at,
        by: &entry.written_by_name,
        what: What::Entry(entry),
    }));
    all.extend(case.roles.iter().map(|held| at_once(held.since, "", What::Role(held))));
    all.extend(
        case.tasks
            .iter()
            .filter_map(|task| Some(at_once(task.settled_at?, &task.settled_by_name, What::Task(task)))),
    );
    all.extend(
        case.assets
            .iter()
            .map(|marked| at_once(marked.changed_at, &marked.changed_by_name, What::Asset(marked))),
    );
    for exhibit in &case.evidence {
        all.push(Moment {
            at: exhibit.taken_at,
            written_at: exhibit.added_at,
            by: &exhibit.added_by_name,
            what: What::Taken(exhibit),
        });
        all.extend(exhibit.custody.iter().map(|custody| Moment {
            at: custody.handed_at,
            written_at: custody.written_at,
            by: &custody.written_by_name,
            what: What::Passed(exhibit, custody),
        }));
    }
    all.extend(
        case.told
            .iter()
            .filter_map(|told| Some(at_once(told.done_at?, &told.done_by_name, What::Told(told)))),
    );
    // A stable sort: what happened at the same minute stays in the order of writing.
    all.sort_by_key(|moment| (moment.at, moment.written_at));
    all
}

/// What was written in the moment of happening.
fn at_once<'a>(at: DateTime<Utc>, by: &'a str, what: What<'a>) -> Moment<'a> {
    Moment { at, written_at: at, by, what }
}
