//! The morning's reminders.

use crate::actions::{reminder_gather, reminders_begin, reminders_share};
use crate::model::Errand;
use crate::words;
use chrono::NaiveTime;
use komainu_db::{DbError, Tx};
use komainu_jobs::{Job, Progress, Routine, Work, WorkError};
use komainu_web::{App, Failure};

/// The kind of job that prepares reminders.
pub const KIND: &str = "reminder";

/// Begins the reminders every morning.
pub struct Reminders(pub App);

impl Routine for Reminders {
    fn name(&self) -> &'static str {
        "reminders"
    }

    fn time(&self) -> NaiveTime {
        NaiveTime::from_hms_opt(7, 0, 0).unwrap_or_default()
    }

    fn ask(&self, tx: &mut Tx<'_>) -> Result<(), DbError> {
        reminders_begin(tx, &self.0)
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

    fn kept(&self) -> chrono::Duration {
        chrono::Duration::days(7)
    }
}
