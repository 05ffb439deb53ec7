//! Letting go of what was handed in and never finished.

use crate::actions::imports_forget;
use chrono::{DateTime, Duration, Timelike as _, Utc};
use komainu_jobs::routine::{Routine, Turn};
use komainu_web::App;

/// For how long an import is kept.
const KEPT: Duration = Duration::days(1);
/// Imports cleared away in one transaction.
const STRIDE: i64 = 50;

/// Clears away old imports every hour.
pub struct Forgetting(pub App);

impl Routine for Forgetting {
    fn name(&self) -> &'static str {
        "ledger_imports"
    }

    /// The next full hour.
    fn next(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let hour = after.with_minute(0)?.with_second(0)?.with_nanosecond(0)?;
        Some(hour + Duration::hours(1))
    }

    fn run(&self, turn: &Turn<'_>) -> Result<(), Duration> {
        let app = &self.0;
        let before = app.nature.now() - KEPT;
        loop {
            match app.db.write(|tx| imports_forget(tx, &app.files, before, STRIDE)) {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "old imports could not be cleared away");
                    return Err(Duration::minutes(10));
                }
            }
            if turn.step("", 0, 0).is_break() {
                return Err(Duration::minutes(10));
            }
        }
    }
}
