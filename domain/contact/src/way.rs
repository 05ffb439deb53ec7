//! Ways to reach a contact.

use chrono::{DateTime, Timelike, Utc};
use komainu_calendar::{YearEnd, is_business_day};
use serde::Serialize;
use utoipa::ToSchema;

komainu_db::id! {
    /// A way to reach a contact.
    WayId
}

komainu_db::coded! {
    /// How somebody is reached.
    WayKind as "ContactWayKind", "way to reach somebody":
    /// Somebody telephones.
    Call = "call",
    /// A short message to a number.
    Sms = "sms",
    /// Mail.
    Mail = "mail",
    /// A message to the address of a chat room.
    Chat = "chat",
    /// A message to a browser that asked for it.
    Push = "push",
}

komainu_db::coded! {
    /// When a way is of use.
    #[derive(Default)]
    WayHours as "ContactWayHours", "hours of a way":
    /// By day and by night.
    #[default]
    Always = "always",
    /// On business days from 8 to 18 o'clock.
    Day = "day",
    /// At every other time.
    Night = "night",
}

impl WayKind {
    /// Whether its address opens something to whoever knows it, so that it is not shown, printed or logged.
    pub const fn is_secret(self) -> bool {
        matches!(self, WayKind::Push | WayKind::Chat)
    }
}

impl WayHours {
    /// Whether a way is of use by day, or else at night.
    pub fn suits(self, day: bool) -> bool {
        match self {
            WayHours::Always => true,
            WayHours::Day => day,
            WayHours::Night => !day,
        }
    }

    /// When a way is of use that is of use at these hours and at others.
    #[must_use]
    pub fn and(self, other: WayHours) -> WayHours {
        if self == other { self } else { WayHours::Always }
    }
}

/// A way to reach a contact, beside its two numbers and its mail address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "ShownWay")]
pub struct Way {
    /// Its id.
    pub id: WayId,
    /// How.
    pub kind: WayKind,
    /// A number, a mail address, the address of a chat room, or what a browser gave.
    pub address: String,
    /// How the house calls it; may be empty.
    pub label: String,
    /// When it is of use.
    pub hours: WayHours,
}

/// A way as it is shown and logged. What a browser gave and the address of a chat room are nobody's to read: whoever has
/// one can write there.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ContactWay)]
pub struct ShownWay {
    /// Its id.
    id: WayId,
    /// How.
    kind: WayKind,
    /// The number or mail address; empty for a browser and for a chat room.
    address: String,
    /// How the house calls it; may be empty.
    label: String,
    /// When it is of use.
    hours: WayHours,
}

impl From<Way> for ShownWay {
    fn from(way: Way) -> ShownWay {
        let Way { id, kind, address, label, hours } = way;
        let address = if kind.is_secret() { String::new() } else { address };
        ShownWay { id, kind, address, label, hours }
    }
}

/// Whether a moment is by day in Japan: from 8 to 18 o'clock on a business day.
pub fn is_day(at: DateTime<Utc>) -> bool {
    let here = komainu_clock::in_japan(at);
    is_business_day(here.date_naive(), YearEnd::Closed) && (8..18).contains(&here.hour())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_is_a_business_days_working_hours_in_japan() {
        for (moment, day) in [
            ("2026-11-26T23:00:00Z", true),
            ("2026-11-26T22:59:59Z", false),
            ("2026-11-27T08:59:59Z", true),
            ("2026-11-27T09:00:00Z", false),
            ("2026-11-28T03:00:00Z", false),
            ("2026-11-23T03:00:00Z", false),
        ] {
            assert_eq!(is_day(moment.parse().unwrap()), day, "{moment}");
            let suiting = WayHours::ALL.iter().filter(|hours| hours.suits(day)).count();
            assert_eq!(suiting, 2);
        }
    }

    #[test]
    fn what_opens_a_browser_or_a_chat_room_is_not_shown() {
        let way = |kind| Way {
            id: WayId(komainu_db::uuid::Uuid::nil()),
            kind,
            address: "090-0000-0000".into(),
            label: String::new(),
            hours: WayHours::Always,
        };
        for kind in WayKind::ALL.iter().copied() {
            assert_eq!(kind.code().parse(), Ok(kind));
            let shown = serde_json::to_string(&way(kind)).unwrap();
            assert_eq!(shown.contains("090"), !matches!(kind, WayKind::Push | WayKind::Chat), "{shown}");
        }
    }
}
