//! Ways to reach a contact.

use chrono::{DateTime, Timelike, Utc};
use komainu_calendar::{YearEnd, is_business_day};
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use utoipa::ToSchema;

komainu_db::id! {
    /// A way to reach a contact.
    WayId
}

/// How somebody is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ContactWayKind)]
pub enum WayKind {
    /// Somebody telephones.
    Call,
    /// A short message to a number.
    Sms,
    /// Mail.
    Mail,
    /// A message to a browser that asked for it.
    Push,
    /// A message to the address of a chat room.
    Chat,
}

impl WayKind {
    /// All of them, in the order of forms.
    pub const ALL: [WayKind; 5] = [WayKind::Call, WayKind::Sms, WayKind::Mail, WayKind::Chat, WayKind::Push];

    /// The word stored in the database and used in forms.
    pub const fn code(self) -> &'static str {
        match self {
            WayKind::Call => "call",
            WayKind::Sms => "sms",
            WayKind::Mail => "mail",
            WayKind::Push => "push",
            WayKind::Chat => "chat",
        }
    }
}

impl FromStr for WayKind {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        WayKind::ALL.into_iter().find(|kind| kind.code() == code).ok_or(())
    }
}

/// When a way is of use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ContactWayHours)]
pub enum WayHours {
    /// By day and by night.
    #[default]
    Always,
    /// On business days from 8 to 18 o'clock.
    Day,
    /// At every other time.
    Night,
}

impl WayHours {
    /// All of them, in the order of forms.
    pub const ALL: [WayHours; 3] = [WayHours::Always, WayHours::Day, WayHours::Night];

    /// The word stored in the database and used in forms.
    pub const fn code(self) -> &'static str {
        match self {
            WayHours::Always => "always",
            WayHours::Day => "day",
            WayHours::Night => "night",
        }
    }

    /// Whether a way is of use by day, or else at night.
    pub fn suits(self, day: bool) -> bool {
        match self {
            WayHours::Always => true,
            WayHours::Day => day,
            WayHours::Night => !day,
        }
    }
}

impl FromStr for WayHours {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        WayHours::ALL.into_iter().find(|hours| hours.code() == code).ok_or(())
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

/// A way as it is shown and logged. What a browser gave is nobody's to read: whoever has it can write to that browser.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ContactWay)]
pub struct ShownWay {
    /// Its id.
    id: WayId,
    /// How.
    kind: WayKind,
    /// The number or address; empty for a browser.
    address: String,
    /// How the house calls it; may be empty.
    label: String,
    /// When it is of use.
    hours: WayHours,
}

impl From<Way> for ShownWay {
    fn from(way: Way) -> ShownWay {
        let Way { id, kind, address, label, hours } = way;
        let address = if kind == WayKind::Push { String::new() } else { address };
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
            let suiting = WayHours::ALL.into_iter().filter(|hours| hours.suits(day)).count();
            assert_eq!(suiting, 2);
        }
    }

    #[test]
    fn what_a_browser_gave_is_not_shown() {
        let way = |kind| Way {
            id: WayId(komainu_db::uuid::Uuid::nil()),
            kind,
            address: "090-0000-0000".into(),
            label: String::new(),
            hours: WayHours::Always,
        };
        for kind in WayKind::ALL {
            assert_eq!(kind.code().parse(), Ok(kind));
            let shown = serde_json::to_string(&way(kind)).unwrap();
            assert_eq!(shown.contains("090"), kind != WayKind::Push, "{shown}");
        }
    }
}
