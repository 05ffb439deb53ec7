//! What holds of incidents whatever is stored: states, clocks, the timeline, times as people type them, reports.

mod clock;
mod public;
mod remind;
mod report;
mod timeline;

pub use clock::{Due, DutyRow, Left, Turn, due, duties, duties_of, left, question_answer};
pub use public::{is_public, names, withheld};
pub use remind::{Colleague, lead, recipients, stage};
pub use report::{lines, missing, said, said_in, wanted};
pub use timeline::{Moment, What, timeline};

use crate::model::{Fields, State};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use komainu_calendar::fold;

/// The states that may follow a state by hand; closing asks for what was learned.
pub const fn next_states(state: State) -> &'static [State] {
    match state {
        State::Open => &[State::Contained, State::Recovering],
        State::Contained => &[State::Recovering, State::Open],
        State::Recovering => &[State::Contained, State::Open],
        State::Closed => &[State::Recovering],
    }
}

/// How far Japan's clocks are ahead, in hours.
const JAPAN_AHEAD: i64 = 9;
/// How far ahead a moment that happened may lie: clocks differ.
const AHEAD: Duration = Duration::minutes(10);

/// A time of day as people type it: `14:05`, `１４時５分`, `1405`, `9時`.
pub fn time_of_day(text: &str) -> Option<NaiveTime> {
    let folded = fold(text).replace('時', ":").replace('分', "");
    let (hour, minute) = match folded.split_once(':') {
        Some((hour, "")) => (hour.to_owned(), "0".to_owned()),
        Some((hour, minute)) => (hour.to_owned(), minute.to_owned()),
        None if folded.len() == 4 && folded.is_ascii() => (folded[..2].to_owned(), folded[2..].to_owned()),
        None => return None,
    };
    let number = |digits: &str| {
        let plain = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse::<u32>().ok()).flatten()
    };
    NaiveTime::from_hms_opt(number(&hour)?, number(&minute)?, 0)
}

/// The moment at which clocks in Japan show this.
pub fn moment(day: NaiveDate, time: NaiveTime) -> Option<DateTime<Utc>> {
    let local = day.and_time(time);
    Some(local.checked_sub_signed(Duration::hours(JAPAN_AHEAD))?.and_utc())
}

/// Whether a moment lies in a time that incidents know; typing errors and hostile numbers do not.
pub fn is_sane(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    /// How far ahead something may be due, in days.
    const AHEAD_AT_MOST: i64 = 3660;
    (DateTime::UNIX_EPOCH..=now + Duration::days(AHEAD_AT_MOST)).contains(&at)
}

/// Whether something can have happened then: not later than now.
pub fn has_happened(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    at <= now + AHEAD
}

/// Fields without those that are empty, so that two sheets that read alike are alike.
pub fn filled(fields: Fields) -> Fields {
    fields.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_type_them() {
        for (typed, read) in [
            ("14:05", Some((14, 5))),
            ("9:5", Some((9, 5))),
            ("１４：０５", Some((14, 5))),
            ("１４時５分", Some((14, 5))),
            ("9時", Some((9, 0))),
            ("0905", Some((9, 5))),
            ("24:00", None),
            ("12:60", None),
            ("-1:00", None),
            ("12", None),
            ("正午", None),
            ("", None),
        ] {
            let expected = read.and_then(|(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0));
            assert_eq!(time_of_day(typed), expected, "{typed}");
        }
    }

    #[test]
    fn clocks_are_those_of_japan() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let at = moment(day, NaiveTime::from_hms_opt(8, 30, 0).unwrap()).unwrap();
        assert_eq!(at.to_rfc3339(), "2026-11-22T23:30:00+00:00");
        assert!(has_happened(at, at) && has_happened(at, at - Duration::minutes(9)));
        assert!(!has_happened(at, at - Duration::minutes(11)));
        for (moment, sane) in [
            ("1969-12-31T23:59:59Z", false),
            ("1970-01-01T00:00:00Z", true),
            ("2026-11-23T00:00:00Z", true),
            ("2036-11-01T00:00:00Z", true),
            ("2037-11-23T00:00:00Z", false),
            ("9999-12-31T23:59:59Z", false),
        ] {
            assert_eq!(is_sane(moment.parse().unwrap(), at), sane, "{moment}");
        }
    }

    #[test]
    fn only_lessons_lead_to_the_end_and_from_there_one_way_leads_back() {
        for state in State::ALL {
            assert!(!next_states(*state).contains(&State::Closed), "{state:?}");
            assert!(!next_states(*state).contains(state), "{state:?}");
        }
        assert_eq!(next_states(State::Closed), [State::Recovering]);
    }
}
