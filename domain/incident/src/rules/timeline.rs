//! The timeline: what people wrote among what the case knows itself. Nothing leaves it: a task that is opened again was done once.

use crate::model::{Case, Custody, Entry, Exhibit, RoleHeld};
use chrono::{DateTime, Utc};

/// What a moment of the timeline is.
#[derive(Clone, Copy, Debug)]
pub enum What<'a> {
    /// The house first knew.
    Known,
    /// The incident was declared.
    Declared,
    /// Somebody wrote it, or the program with a change.
    Entry(&'a Entry),
    /// Somebody took a role.
    Role(&'a RoleHeld),
    /// Evidence was taken.
    Taken(&'a Exhibit),
    /// Evidence passed on.
    Passed(&'a Exhibit, &'a Custody),
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
    all.extend(case.roles.iter().map(|held| Moment {
        at: held.since,
        written_at: held.since,
        by: "",
        what: What::Role(held),
    }));
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
    // A stable sort: what happened at the same minute stays in the order of writing.
    all.sort_by_key(|moment| (moment.at, moment.written_at));
    all
}
