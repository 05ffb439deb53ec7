//! How a link stands, and how long it can work.

use crate::model::{Given, State};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use komainu_access::Purpose;

/// How far the clocks of Japan are ahead of UTC.
const JAPAN: Duration = Duration::hours(9);

/// How a link stands at a moment. What somebody did to it says more than the clock.
pub fn state(link: &Given, now: DateTime<Utc>) -> State {
    if link.revoked_at.is_some() {
        State::Withdrawn
    } else if link.most_uses.is_some_and(|most| link.uses >= most) {
        State::UsedUp
    } else if link.expires_at <= now {
        State::Expired
    } else {
        State::Works
    }
}

/// Until when a link works that is wished to work until then.
pub fn until(purpose: Purpose, wished: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    wished.min(now + purpose.longest())
}

/// The last second of a day in Japan.
pub fn end_of(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() + Duration::days(1) - Duration::seconds(1) - JAPAN
}

#[cfg(test)]
mod tests {
    use super::*;
    use komainu_access::LinkId;
    use komainu_db::uuid::Uuid;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn states() {
        let link = |uses, revoked: Option<&str>| Given {
            id: LinkId(Uuid::nil()),
            purpose: "letter_reply".to_owned(),
            name: String::new(),
            made_by: String::new(),
            created_at: at("2026-11-01T00:00:00Z"),
            expires_at: at("2026-12-01T00:00:00Z"),
            most_uses: Some(1),
            uses,
            used_at: None,
            revoked_at: revoked.map(at),
            revoked_by: None,
        };
        for (name, link, now, expected) in [
            ("new", link(0, None), "2026-11-01T00:00:00Z", State::Works),
            ("the last moment", link(0, None), "2026-11-30T23:59:59Z", State::Works),
            ("its end", link(0, None), "2026-12-01T00:00:00Z", State::Expired),
            ("used", link(1, None), "2026-11-02T00:00:00Z", State::UsedUp),
            ("used and over", link(1, None), "2026-12-02T00:00:00Z", State::UsedUp),
            ("withdrawn", link(0, Some("2026-11-02T00:00:00Z")), "2026-11-03T00:00:00Z", State::Withdrawn),
            (
                "used, then withdrawn",
                link(1, Some("2026-11-02T00:00:00Z")),
                "2026-11-03T00:00:00Z",
                State::Withdrawn,
            ),
        ] {
            assert_eq!(state(&link, at(now)), expected, "{name}");
        }
        let often = Given { most_uses: None, ..link(1000, None) };
        assert_eq!(state(&often, at("2026-11-02T00:00:00Z")), State::Works);
    }

    #[test]
    fn no_link_outlives_its_purpose() {
        let now = at("2026-11-01T00:00:00Z");
        for purpose in Purpose::ALL {
            let longest = now + purpose.longest();
            assert_eq!(until(purpose, longest + Duration::seconds(1), now), longest);
            assert_eq!(until(purpose, longest - Duration::seconds(1), now), longest - Duration::seconds(1));
        }
    }

    #[test]
    fn a_day_ends_by_the_clock_in_japan() {
        assert_eq!(end_of("2026-12-07".parse().unwrap()), at("2026-12-07T14:59:59Z"));
    }
}
