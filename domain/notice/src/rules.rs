//! When a day is worth a mail.

use crate::model::Waiting;
use chrono::{
    DateTime, Datelike as _, Days, Duration, DurationRound as _, NaiveDate, TimeZone as _, Timelike as _,
    Utc, Weekday,
};
use komainu_checklist::actions::Pending;
use komainu_clock::in_japan;

/// How many days ahead a day is near.
pub const NEAR: u64 = 7;

/// The last day that is near.
pub fn near_until(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(Days::new(NEAR)).unwrap_or(NaiveDate::MAX)
}

/// Midnight in Japan, at which a day begins.
pub fn beginning(day: NaiveDate) -> DateTime<Utc> {
    Utc.from_utc_datetime(&day.and_time(chrono::NaiveTime::MIN)) - chrono::Duration::hours(9)
}

/// Whether a day is mentioned today: a week and a day before, on the day itself, and on Mondays once it has passed. What
/// is said every day is soon read by nobody.
pub fn speaks(today: NaiveDate, due: NaiveDate) -> bool {
    match (due - today).num_days() {
        7 | 1 | 0 => true,
        left => left < 0 && today.weekday() == Weekday::Mon,
    }
}

/// The hour in Japan from which on clocks are spoken of; before it people sleep, or are at work on the incident itself.
const MORNING: u32 = 7;

/// Whether clocks of incidents are spoken of at a moment: from the morning to midnight in Japan.
pub fn clocks_speak(now: DateTime<Utc>) -> bool {
    in_japan(now).hour() >= MORNING
}

/// The next moment at which clocks of incidents are looked at: every full hour, as an incident is declared at any time.
pub fn clocks_next(after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let hour = Duration::hours(1);
    after.duration_trunc(hour).ok()?.checked_add_signed(hour)
}

/// What to tell about an institution; none where there is nothing to say today.
pub fn waiting(today: NaiveDate, pending: &[Pending]) -> Option<Waiting> {
    let yesterday = today.pred_opt().unwrap_or(today);
    let (from, to) = (beginning(yesterday), beginning(today));
    let given = |item: &&Pending| item.given_at.is_some_and(|at| from <= at && at < to);
    let days: Vec<NaiveDate> = pending.iter().filter_map(|item| item.due).collect();
    let near: Vec<NaiveDate> =
        days.iter().copied().filter(|day| (today..=near_until(today)).contains(day)).collect();
    let waiting = Waiting {
        given: pending.iter().filter(given).count(),
        near: near.len(),
        first: near.iter().min().copied(),
        late: days.iter().filter(|day| **day < today).count(),
    };
    (waiting.given > 0 || days.iter().any(|day| speaks(today, *day))).then_some(waiting)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn due(text: &str) -> Pending {
        Pending { due: Some(day(text)), given_at: None }
    }

    #[test]
    fn days_are_mentioned_in_good_time_and_then_once_a_week() {
        // 25 November 2026 is a Wednesday, 30 November a Monday.
        for (today, due, spoken) in [
            ("2026-11-25", "2026-12-02", true),
            ("2026-11-25", "2026-12-01", false),
            ("2026-11-25", "2026-11-26", true),
            ("2026-11-25", "2026-11-25", true),
            ("2026-11-25", "2026-11-24", false),
            ("2026-11-30", "2026-11-24", true),
            ("2026-11-30", "2026-06-01", true),
            ("2026-12-01", "2026-06-01", false),
        ] {
            assert_eq!(speaks(day(today), day(due)), spoken, "{due} on {today}");
        }
    }

    #[test]
    fn clocks_are_looked_at_every_hour_and_let_people_sleep() {
        for (now, next, spoken) in [
            ("2026-11-24T21:59:59Z", "2026-11-24T22:00:00Z", false),
            ("2026-11-24T22:00:00Z", "2026-11-24T23:00:00Z", true),
            ("2026-11-25T03:20:00Z", "2026-11-25T04:00:00Z", true),
            ("2026-11-25T14:59:59Z", "2026-11-25T15:00:00Z", true),
            ("2026-11-25T15:00:00Z", "2026-11-25T16:00:00Z", false),
        ] {
            let now: DateTime<Utc> = now.parse().unwrap();
            assert_eq!(clocks_next(now), next.parse().ok(), "{now}");
            assert_eq!(clocks_speak(now), spoken, "{now}");
        }
    }

    #[test]
    fn a_mail_counts_everything_near_once_there_is_a_reason_for_one() {
        let today = day("2026-11-25");
        let quiet = [due("2026-11-28"), due("2026-11-01"), due("2027-03-31")];
        assert_eq!(waiting(today, &quiet), None);
        assert_eq!(waiting(today, &[]), None);
        let mut all = quiet.to_vec();
        all.push(due("2026-11-26"));
        let expected = Waiting { given: 0, near: 2, first: Some(day("2026-11-26")), late: 1 };
        assert_eq!(waiting(today, &all), Some(expected));
    }

    #[test]
    fn what_was_given_is_mentioned_on_the_next_morning_only() {
        let today = day("2026-11-25");
        for (at, mentioned) in [
            ("2026-11-23T14:59:59Z", false),
            ("2026-11-23T15:00:00Z", true),
            ("2026-11-24T14:59:59Z", true),
            ("2026-11-24T15:00:00Z", false),
        ] {
            let item = Pending { due: None, given_at: Some(at.parse().unwrap()) };
            assert_eq!(waiting(today, &[item]).is_some(), mentioned, "{at}");
        }
    }
}
