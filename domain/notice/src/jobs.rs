//! The morning's reminders, and those of the clocks of incidents.

use crate::actions::{clocks_remind, reminder_gather, reminders_begin, reminders_share};
use crate::model::Errand;
use crate::{rules, words};
use chrono::{DateTime, Duration, NaiveTime, Utc};
use komainu_db::DbError;
use komainu_incident::actions::incidents_everywhere;
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

/// Reminds those who lead an incident of its clocks, every hour of the day.
pub struct ClockReminders(pub App);

impl Routine for ClockReminders {
    fn name(&self) -> &'static str {
        "clock-reminders"
    }

    fn next(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        rules::clocks_next(after)
    }

    fn run(&self, turn: &Turn<'_>) -> Result<(), Duration> {
        let app = &self.0;
        let Some(mail) = app.settings.mail.as_ref().filter(|_| rules::clocks_speak(app.nature.now())) else {
            return Ok(());
        };
        let again = Duration::minutes(1);
        let open = app.db.read(incidents_everywhere).map_err(|error| {
            tracing::warn!(%error, "the clocks of incidents could not be looked at");
            again
        })?;
        let mut all_told = Ok(());
        let steps = i64::try_from(open.len()).unwrap_or(i64::MAX);
        for (step, (organisation, incident)) in (0..).zip(open) {
            if turn.step("", step, steps).is_break() {
                // Taken up again at the next start, or by another node.
                return Err(again);
            }
            // What stands in the way of one keeps no other from being told.
            if let Err(failure) = clocks_remind(app, mail, organisation, incident) {
                tracing::warn!(inside = %failure, "nobody could be reminded of the clocks of an incident");
                all_told = Err(again);
            }
        }
        all_told
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
