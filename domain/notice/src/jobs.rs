//! The morning's reminders.

use crate::actions::{reminder_gather, reminders_begin, reminders_share};
use crate::model::Errand;
use crate::words;
use chrono::{DateTime, Duration, NaiveTime, Utc};
use komainu_db::DbError;
use komainu_jobs::routine::{Routine, Turn};
use komainu_jobs::{Job, Progress, Work, WorkError, daily};
use komainu_web::{App, Failure};

/// The kind of job that prepares reminders.
pub const KIND: &str = "reminder";

/// Begins the reminders every morning.
pub struct Reminders(pub App);

impl Routine for Reminders {
    fn name(&self) -> &'static str {
        "reminders"
    }

    fn next(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        NaiveTime::from_hms_opt(7, 0, 0).map(|time| daily(after, time))
    }

    fn run(&self, _: &Turn<'_>) -> Result<(), Duration> {
        self.0.db.write(|tx| reminders_begin(tx, &self.0)).map_err(|error: DbError| {
            tracing::warn!(%error, "the reminders could not be begun");
            Duration::minutes(1)
        })
    }
}

/// Prepares reminders.
pub struct ReminderWork(pub App);

impl Work for ReminderWork {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn run(&self, job: &Job, _: &Progress<'_>) -> Result<String, WorkError> {
        let app = &self.0;
        let Some(mail) = &app.settings.mail else { return Err(WorkError::Cancelled) };
        match serde_json::from_str(&job.payload)? {
            Errand::Everybody => app.db.write(|tx| reminders_share(tx, app, &job.scope))?,
            Errand::Person(person) => {
                let Some(reminder) = app.db.read(|tx| reminder_gather(tx, app, person))? else {
                    return Ok(String::new());
                };
                let reminder = words::reminder(&reminder, &app.settings.public_url)?;
                let key = format!("reminder/{}/{person}", job.created_at.date_naive());
                app.db.write(|tx| {
                    Ok::<_, Failure>(mail.post(tx, &app.nature, &job.scope, &reminder, &key)?)
                })?;
            }
        }
        Ok(String::new())
    }

    fn kept(&self) -> Duration {
        Duration::days(7)
    }
}
