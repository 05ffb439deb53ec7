//! What holds of reports whatever is stored: receipt codes, the clock of a telephone, photographs, states; the parts of an
//! analysis, a meeting's list, a year in figures.

mod analysis;
mod figures;
mod meeting;
mod photo;
mod telltale;

pub use analysis::{
    AnalysisFault, Edit, List, MOST_CELL, MOST_CONCLUSION, MOST_ROWS, MOST_WHEN, Method, changed, cleaned,
    edited, faults, open_methods, why_order,
};
pub use figures::{Figures, MeasureCounts, calendar_month, figures, is_late};
pub use meeting::{MOST_CASES, MOST_TITLE, MOST_WORDS, MeetingFault, Turn, meeting_faults, tidied, turned};
pub use photo::{PhotoFault, bare_photo};
pub use telltale::telltale;

use crate::model::{MeasureState, NearMiss, State};
use chrono::{DateTime, Duration, Utc};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::str::FromStr;

/// Letters of a receipt code: none that is taken for another when it is read aloud or copied by hand.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Letters of a code: 60 bits, which nobody guesses over a network.
const LENGTH: usize = 12;
/// Letters that stand together.
const GROUP: usize = 4;

/// The code with which whoever reported asks what became of it. The telephone makes it, so that it is there without a
/// network; the database keeps its hash alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt(String);

impl Receipt {
    /// A code made of chance.
    pub fn new(chance: [u8; LENGTH]) -> Receipt {
        Receipt(chance.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect())
    }

    /// What the database keeps.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

impl fmt::Display for Receipt {
    /// In groups, as it is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups: Vec<&str> =
            (0..LENGTH).step_by(GROUP).filter_map(|from| self.0.get(from..from + GROUP)).collect();
        f.write_str(&groups.join("-"))
    }
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Receipt")
    }
}

/// The text is no receipt code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no receipt code")]
pub struct NoReceipt;

impl FromStr for Receipt {
    type Err = NoReceipt;

    /// Reads what people type: small or wide letters, with or without hyphens and spaces.
    fn from_str(text: &str) -> Result<Self, NoReceipt> {
        let folded = komainu_calendar::fold(text).to_ascii_uppercase();
        let code: String = folded.chars().filter(char::is_ascii_alphanumeric).collect();
        let known = code.bytes().all(|letter| LETTERS.contains(&letter));
        if known && code.len() == LENGTH { Ok(Receipt(code)) } else { Err(NoReceipt) }
    }
}

/// How long a report may wait on a telephone without a network; one that says to be older has a wrong clock.
const OLDEST: Duration = Duration::days(30);
/// How far a telephone's clock may be ahead.
const AHEAD: Duration = Duration::minutes(5);

/// When a report was written, by the telephone's clock where that can be; else now.
pub fn written(told: Option<DateTime<Utc>>, now: DateTime<Utc>) -> DateTime<Utc> {
    told.filter(|told| (now - OLDEST..=now + AHEAD).contains(told)).map_or(now, |told| told.min(now))
}

/// How long before the report it was seen: the choices of the page, in minutes.
pub const AGO: [i64; 5] = [0, 30, 120, 720, 1440];

/// When it was seen; a choice that the page does not have counts as now.
pub fn seen(written: DateTime<Utc>, minutes_ago: i64) -> DateTime<Utc> {
    let ago = if AGO.contains(&minutes_ago) { minutes_ago } else { 0 };
    written - Duration::minutes(ago)
}

/// The states that may follow a state by hand. Triage itself leads out of "new".
pub const fn next_states(state: State) -> &'static [State] {
    match state {
        State::New => &[State::SetAside],
        State::Triaged => &[State::Measures, State::Closed, State::SetAside],
        State::Measures => &[State::Closed, State::Triaged],
        State::Closed | State::SetAside => &[State::Triaged],
    }
}

/// Whether a case is over in a state.
pub const fn ends(state: State) -> bool {
    matches!(state, State::Closed | State::SetAside)
}

/// Whether a measure that comes to a state needs a word of why: what is given up, and what is open after all. That it is done
/// needs none.
pub const fn wants_reason(state: MeasureState) -> bool {
    !matches!(state, MeasureState::Done)
}

/// Whether a state may follow by hand. What was set aside before anybody judged it comes back by being judged, or it would
/// stand among what was judged without a level.
pub fn may_follow(near_miss: &NearMiss, state: State) -> bool {
    let unjudged = near_miss.level.is_none() && state == State::Triaged;
    next_states(near_miss.state).contains(&state) && !unjudged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = Receipt::new([0, 1, 2, 3, 31, 30, 29, 28, 8, 9, 10, 255]);
        assert_eq!(code.to_string(), "2345-ZYXW-ABCZ");
        for typed in ["2345-ZYXW-ABCZ", "2345zyxwabcz", " 2345 zyxw abcz ", "２３４５－ＺＹＸＷ－ＡＢＣＺ"]
        {
            assert_eq!(typed.parse::<Receipt>(), Ok(code.clone()), "{typed}");
        }
        for wrong in ["", "2345-ZYXW-ABC", "2345-ZYXW-ABCZZ", "2345-ZYXW-ABC0", "2345-ZYXW-ABCI", "あ"] {
            assert_eq!(wrong.parse::<Receipt>(), Err(NoReceipt), "{wrong}");
        }
        assert_eq!(format!("{code:?}"), "Receipt", "no log holds one");
    }

    #[test]
    fn a_wrong_clock_is_not_believed() {
        let now = at("2026-11-27T00:00:00Z");
        for (told, expected) in [
            (None, "2026-11-27T00:00:00Z"),
            (Some("2026-11-26T20:00:00Z"), "2026-11-26T20:00:00Z"),
            (Some("2026-11-27T00:03:00Z"), "2026-11-27T00:00:00Z"),
            (Some("2026-11-27T00:06:00Z"), "2026-11-27T00:00:00Z"),
            (Some("2026-10-01T00:00:00Z"), "2026-11-27T00:00:00Z"),
        ] {
            assert_eq!(written(told.map(at), now), at(expected), "{told:?}");
        }
        assert_eq!(seen(now, 120), at("2026-11-26T22:00:00Z"));
        assert_eq!(seen(now, 7), now);
    }

    #[test]
    fn only_what_is_done_needs_no_reason() {
        let reasons: Vec<_> = MeasureState::ALL.iter().filter(|state| wants_reason(**state)).collect();
        assert_eq!(reasons, [&MeasureState::Open, &MeasureState::Dropped]);
    }

    #[test]
    fn every_state_leads_on_and_none_back_to_new() {
        for state in State::ALL {
            assert!(!next_states(*state).is_empty(), "{state:?}");
            assert!(!next_states(*state).contains(&State::New), "{state:?}");
            assert!(!next_states(*state).contains(state), "{state:?}");
        }
    }
}
