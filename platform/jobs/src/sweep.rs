//! Letting go of the rows of jobs that were over long ago.

use crate::routine::{Routine, Turn};
use crate::{rules, store};
use chrono::{DateTime, Duration, NaiveTime, Utc};
use komainu_clock::Nature;
use komainu_db::{Db, DbError};

/// Clears away every night.
pub(crate) struct Sweep {
    pub(crate) db: Db,
    pub(crate) nature: Nature,
    /// For how long the rows of a kind are kept.
    pub(crate) kept: Vec<(&'static str, Duration)>,
}

impl Routine for Sweep {
    fn name(&self) -> &'static str {
        "sweep"
    }

    fn next(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        NaiveTime::from_hms_opt(3, 40, 0).map(|time| rules::daily(after, time))
    }

    fn run(&self, _: &Turn<'_>) -> Result<(), Duration> {
        let now = self.nature.now();
        let swept = self.db.write(|tx| {
            for (kind, kept) in &self.kept {
                store::sweep(tx, kind, now - *kept)?;
            }
            Ok(())
        });
        swept.map_err(|error: DbError| {
            tracing::warn!(%error, "old jobs could not be cleared away");
            Duration::minutes(10)
        })
    }
}
