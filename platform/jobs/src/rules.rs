//! How long to wait after a try, and when something daily is due.

use chrono::{DateTime, Days, Duration, NaiveTime, TimeZone as _, Utc};
use komainu_clock::in_japan;

/// The pause after the first try; each further one is four times as long.
const FIRST_PAUSE: Duration = Duration::seconds(30);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::hours(6);
/// By how much a pause is stretched at most, in hundredths, so that what failed together does not come back together.
const JITTER: u64 = 25;

/// The pause after so many tries.
pub(crate) fn pause(tries: i64, random: u64) -> Duration {
    let doublings = 2 * u32::try_from(tries.saturating_sub(1)).unwrap_or(0).min(12);
    let pause = (FIRST_PAUSE * 2_i32.pow(doublings)).min(LONGEST_PAUSE);
    let hundredths = i32::try_from(random % (JITTER + 1)).unwrap_or(0);
    pause + pause / 100 * hundredths
}

/// The next moment after `now` at which the clock in Japan shows `time`, for what is done once a day.
pub fn daily(now: DateTime<Utc>, time: NaiveTime) -> DateTime<Utc> {
    let local = in_japan(now);
    let today = local.date_naive();
    let day = if local.time() < time { today } else { today.checked_add_days(Days::new(1)).unwrap_or(today) };
    // Japan has no summer time, so every time of day is there once.
    local.timezone().from_local_datetime(&day.and_time(time)).earliest().map_or(now, |at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_limit_and_are_never_shorter_than_said() {
        let whole: Vec<i64> = (1..=8).map(|tries| pause(tries, 0).num_seconds()).collect();
        assert_eq!(whole, [30, 120, 480, 1920, 7680, 21600, 21600, 21600]);
        for tries in [0, 1, 3, 8, 1_000_000, i64::MAX] {
            for random in [0, 1, 25, 26, u64::MAX] {
                let (least, this) = (pause(tries, 0), pause(tries, random));
                assert!(least <= this && this <= least + least / 4, "{tries} {random}: {this}");
            }
        }
    }

    #[test]
    fn a_days_work_is_due_at_its_time_in_japan() {
        let time = NaiveTime::from_hms_opt(7, 0, 0).unwrap();
        for (now, expected) in [
            ("2026-11-23T21:59:59Z", "2026-11-23T22:00:00Z"),
            ("2026-11-23T22:00:00Z", "2026-11-24T22:00:00Z"),
            ("2026-11-24T03:00:00Z", "2026-11-24T22:00:00Z"),
            ("2026-12-31T22:00:01Z", "2027-01-01T22:00:00Z"),
        ] {
            assert_eq!(
                daily(now.parse().unwrap(), time),
                expected.parse::<DateTime<Utc>>().unwrap(),
                "{now}"
            );
        }
    }
}
