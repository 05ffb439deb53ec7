//! How much is taken, when something happened, and when people are called.

use crate::model::PosterAt;
use chrono::{DateTime, Duration, Utc};
use komainu_access::LinkId;
use komainu_catalog::Symptom;
use komainu_inventory::AssetId;

/// The longest report, in characters.
pub const MOST_WORDS: usize = 2_000;
/// The longest place or name, in characters.
pub const MOST_NAME: usize = 100;
/// The longest message of a reporter, in characters.
pub const MOST_MESSAGE: usize = 1_000;
/// Photographs of a report.
pub const MOST_PHOTOS: usize = 3;
/// Messages that a reporter may write about one report.
pub const MOST_MESSAGES: usize = 20;
/// Reports that come by one poster within a day. A hospital in which everybody reports the same stays below it.
pub const A_DAY_BY_A_POSTER: i64 = 1_000;
/// Bytes of photographs that come by posters into a house within a day; what is more is not kept, the report is.
pub const PHOTO_BYTES_A_DAY: i64 = 1_000_000_000;
/// Posters that are made at once, a page each.
pub const MOST_POSTERS: usize = 100;
/// Contacts that posters show: more nobody reads who is in a hurry.
pub const MOST_CONTACTS: usize = 4;

/// Earlier than this, the clock of the telephone is not believed.
const OLDEST: Duration = Duration::days(400);
/// Of one event many tell: for a symptom at a poster the network is called out once within this time.
const SAME_EVENT: Duration = Duration::minutes(15);
/// So often within an hour the network is called out by posters; who keeps tapping calls nobody any more.
const CALLS_AN_HOUR: usize = 10;

/// When it was written down and when it was seen, by the telephone's clock and what was said of how long ago it was. What
/// cannot be is put right: nothing is written after it came in, and a clock that is years behind is none.
pub fn moments(
    written: Option<DateTime<Utc>>,
    minutes_ago: i64,
    received: DateTime<Utc>,
) -> (DateTime<Utc>, DateTime<Utc>) {
    let believed = written.filter(|at| received - *at < OLDEST);
    let written = believed.map_or(received, |at| at.min(received));
    let ago = Duration::minutes(minutes_ago.clamp(0, AGO[AGO.len() - 1]));
    (written, written - ago)
}

/// How long ago something was seen, in minutes, as the page offers it.
pub const AGO: [i64; 6] = [0, 10, 60, 180, 1_440, 10_080];

/// An urgent report that came by a poster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrgentReport {
    /// Its symptom.
    pub symptom: String,
    /// By which poster.
    pub link: LinkId,
    /// When.
    pub received_at: DateTime<Utc>,
}

/// Whether an urgent report calls the network out, after those of the last hours. Through a poster it does so once for what many
/// see at one place, and again while it goes on; and not more often in an hour than people can answer: whoever taps on for fun
/// rings nobody's telephone all night. What is not called out stands in the list all the same.
pub fn calls_out(now: &UrgentReport, before: &[UrgentReport]) -> bool {
    let mut before: Vec<&UrgentReport> = before.iter().collect();
    before.sort_by_key(|one| one.received_at);
    // Only what called counts: of a hundred who report the same, one did.
    let mut calls: Vec<&UrgentReport> = Vec::new();
    for one in before {
        if would_call(one, &calls) {
            calls.push(one);
        }
    }
    would_call(now, &calls)
}

fn would_call(one: &UrgentReport, calls: &[&UrgentReport]) -> bool {
    let lately = |call: &UrgentReport, time: Duration| one.received_at - call.received_at < time;
    let same = |call: &UrgentReport| call.symptom == one.symptom && call.link == one.link;
    !calls.iter().any(|call| same(call) && lately(call, SAME_EVENT))
        && calls.iter().filter(|call| lately(call, Duration::hours(1))).count() < CALLS_AN_HOUR
}

/// What was tapped, as codes in the order of the questions, of what the symptom offers; anything else is left out.
pub fn taps_of<'a>(symptom: &Symptom, chosen: impl Fn(&str) -> Option<&'a str>) -> Vec<String> {
    let answers = symptom.taps.iter().filter_map(|tap| Some(tap.code(tap.option(chosen(&tap.id)?)?)));
    answers.collect()
}

/// Where posters are to hang: each once, in the order given, as far as the ledger has such a place.
pub fn poster_places(wanted: &[PosterAt], known: &[(AssetId, String)]) -> Option<Vec<(PosterAt, String)>> {
    let mut places: Vec<(PosterAt, String)> = Vec::new();
    for at in wanted {
        let name = match at.place() {
            None => String::new(),
            Some(place) => known.iter().find(|(id, _)| *id == place)?.1.clone(),
        };
        if !places.iter().any(|(there, _)| there == at) {
            places.push((*at, name));
        }
    }
    Some(places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use komainu_db::uuid::Uuid;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn what_a_telephones_clock_says_is_believed_as_far_as_it_can_be() {
        let received = at("2026-11-27T10:00:00Z");
        for (name, written, ago, expected) in [
            ("just now", Some("2026-11-27T09:59:30Z"), 0, ("2026-11-27T09:59:30Z", "2026-11-27T09:59:30Z")),
            (
                "an hour before it was written",
                Some("2026-11-26T22:00:00Z"),
                60,
                ("2026-11-26T22:00:00Z", "2026-11-26T21:00:00Z"),
            ),
            (
                "a clock that is ahead",
                Some("2026-11-27T12:00:00Z"),
                10,
                ("2026-11-27T10:00:00Z", "2026-11-27T09:50:00Z"),
            ),
            (
                "a clock that was reset",
                Some("2000-01-01T00:00:00Z"),
                0,
                ("2026-11-27T10:00:00Z", "2026-11-27T10:00:00Z"),
            ),
            ("no clock", None, 10, ("2026-11-27T10:00:00Z", "2026-11-27T09:50:00Z")),
            ("nonsense", None, -5, ("2026-11-27T10:00:00Z", "2026-11-27T10:00:00Z")),
            ("ages ago", None, i64::MAX, ("2026-11-27T10:00:00Z", "2026-11-20T10:00:00Z")),
        ] {
            let (written, seen) = moments(written.map(at), ago, received);
            assert_eq!((written, seen), (at(expected.0), at(expected.1)), "{name}");
        }
    }

    fn urgent(symptom: &str, poster: u128, time: &str) -> UrgentReport {
        let link = LinkId(Uuid::from_u128(poster));
        UrgentReport { symptom: symptom.to_owned(), link, received_at: at(&format!("2026-11-27T{time}:00Z")) }
    }

    #[test]
    fn one_event_calls_once_and_nobody_calls_all_night() {
        let now = urgent("ransom-note", 1, "10:00");
        let ten = |minute: &str| -> Vec<UrgentReport> {
            (10..20).map(|poster| urgent("record-gone", poster, minute)).collect()
        };
        for (name, before, expected) in [
            ("the first", vec![], true),
            ("the same a moment ago", vec![urgent("ransom-note", 1, "09:50")], false),
            ("the same long ago", vec![urgent("ransom-note", 1, "09:40")], true),
            ("the same elsewhere", vec![urgent("ransom-note", 2, "09:59")], true),
            ("something else here", vec![urgent("record-gone", 1, "09:59")], true),
            ("a hundred who saw one thing", vec![urgent("record-gone", 3, "09:50"); 100], true),
            (
                "it goes on, and the last call is over",
                vec![urgent("ransom-note", 1, "09:59"), urgent("ransom-note", 1, "09:45")],
                true,
            ),
            (
                "it goes on, and somebody was called just now",
                vec![
                    urgent("ransom-note", 1, "09:58"),
                    urgent("ransom-note", 1, "09:50"),
                    urgent("ransom-note", 1, "09:30"),
                ],
                false,
            ),
            ("nine calls within the hour", ten("09:30").split_off(1), true),
            ("ten calls within the hour", ten("09:30"), false),
            ("ten calls, but earlier", ten("08:30"), true),
        ] {
            assert_eq!(calls_out(&now, &before), expected, "{name}");
        }
    }

    #[test]
    fn posters_hang_where_the_ledger_has_a_place() {
        let place = |number| AssetId(Uuid::from_u128(number));
        let known = vec![(place(1), "受付".to_owned()), (place(2), "病棟".to_owned())];
        let ward = PosterAt::Place(place(2));
        let found = poster_places(&[ward, PosterAt::House, ward], &known).unwrap();
        assert_eq!(found, [(ward, "病棟".to_owned()), (PosterAt::House, String::new())]);
        assert_eq!(poster_places(&[PosterAt::Place(place(3))], &known), None);
    }
}
