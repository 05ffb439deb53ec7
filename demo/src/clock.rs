//! The clock that walks through two years and never overtakes today.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use komainu_calendar::FiscalYear;
use komainu_catalog::Catalog;
use komainu_clock::{Fake, Nature, in_japan};
use komainu_web::Failure;

/// When a day's work begins: half past nine in Japan, in UTC.
const MORNING: NaiveTime = NaiveTime::from_hms_opt(0, 30, 0).expect("a time of day");

/// Time and chance of the story.
pub(crate) struct Clock {
    /// What the actions are given.
    pub(crate) nature: Nature,
    hand: Fake,
    end: DateTime<Utc>,
    /// The year of the newest form that is in force.
    year: i32,
    first: NaiveDate,
    present: NaiveDate,
}

impl Clock {
    /// A clock whose present is `now`, or the end of the newest form's year where that is past.
    pub(crate) fn new(catalog: &Catalog, now: DateTime<Utc>) -> Result<Clock, Failure> {
        let today = in_japan(now).date_naive();
        let edition =
            catalog.edition_for_date(today).ok_or_else(|| Failure::internal("no form is in force yet"))?;
        let year = FiscalYear::try_from(*edition.fiscal_year).map_err(Failure::internal)?;
        let (nature, hand) = Nature::fake(now);
        let present = today.min(year.last_day());
        Ok(Clock { nature, hand, end: now, year: *edition.fiscal_year, first: year.first_day(), present })
    }

    /// The fiscal year, so many years before the newest form's.
    pub(crate) fn year(&self, back: i32) -> i32 {
        self.year - back
    }

    /// A day of the fiscal year so many years back; where there is no such day, that year's first.
    pub(crate) fn day(&self, back: i32, month: u32, day: u32) -> NaiveDate {
        let year = self.year(back) + i32::from(month < 4);
        NaiveDate::from_ymd_opt(year, month, day).unwrap_or(self.first)
    }

    /// So many days before the present, but inside this year: a form's dates must be.
    pub(crate) fn ago(&self, days: i64) -> NaiveDate {
        (self.present - Duration::days(days)).max(self.first)
    }

    /// So many days after the present, but inside this year.
    pub(crate) fn ahead(&self, days: i64) -> NaiveDate {
        (self.present + Duration::days(days)).min(self.last())
    }

    /// This year's last day.
    pub(crate) fn last(&self) -> NaiveDate {
        self.day(0, 3, 31)
    }

    /// Begins a story: the only way back.
    pub(crate) fn begin(&self, day: NaiveDate) {
        self.set(day.and_time(MORNING).and_utc());
    }

    /// Goes on to the morning of a day, never back.
    pub(crate) fn go(&self, day: NaiveDate) {
        self.set(day.and_time(MORNING).and_utc().max(self.nature.now() + Duration::minutes(1)));
    }

    /// A few minutes pass.
    pub(crate) fn tick(&self) {
        self.set(self.nature.now() + Duration::minutes(4));
    }

    fn set(&self, moment: DateTime<Utc>) {
        self.hand.advance(moment.min(self.end) - self.nature.now());
    }
}
