//! What a meeting may hold, and how its list of cases changes.

use crate::model::{MeetingCase, MeetingContent, NearMissId};
use komainu_db::UnknownCode;
use std::str::FromStr;

/// Cases on one list.
pub const MOST_CASES: usize = 50;
/// Letters of a title and of a place.
pub const MOST_TITLE: usize = 100;
/// Letters of any other text.
pub const MOST_WORDS: usize = 2_000;

/// What a button of the form does to the list of cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The chosen case comes to the end of the list.
    Add,
    /// The case changes places with the one before.
    Up(usize),
    /// The case leaves the list.
    Remove(usize),
}

impl FromStr for Turn {
    type Err = UnknownCode;

    /// Reads what a button sends, such as `add` or `up.2`.
    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let unknown = UnknownCode("button of a meeting");
        let row = |text: &str| text.parse::<usize>().map_err(|_| unknown);
        match text.split_once('.') {
            None if text == "add" => Ok(Turn::Add),
            Some(("up", at)) => Ok(Turn::Up(row(at)?)),
            Some(("remove", at)) => Ok(Turn::Remove(row(at)?)),
            _ => Err(unknown),
        }
    }
}

/// The list with a case more, less or elsewhere. What cannot be done changes nothing.
#[must_use]
pub fn turned(mut content: MeetingContent, turn: Turn, chosen: Option<NearMissId>) -> MeetingContent {
    let cases = &mut content.cases;
    match turn {
        Turn::Add => {
            let new = chosen.filter(|id| cases.iter().all(|case| case.near_miss != *id));
            if let Some(near_miss) = new.filter(|_| cases.len() < MOST_CASES) {
                cases.push(MeetingCase { near_miss, words: String::new() });
            }
        }
        Turn::Up(at) if (1..cases.len()).contains(&at) => cases.swap(at - 1, at),
        Turn::Remove(at) if at < cases.len() => {
            cases.remove(at);
        }
        Turn::Up(_) | Turn::Remove(_) => {}
    }
    content
}

/// What is wrong at a place of a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeetingFault {
    /// Nothing is written.
    Missing,
    /// More than so many letters.
    TooLong(usize),
    /// More than [`MOST_CASES`] cases.
    TooMany,
    /// A case stands on the list twice.
    Twice,
}

/// Every fault of a meeting, with the place's name as in `cases.0.words`.
pub fn meeting_faults(content: &MeetingContent) -> Vec<(String, MeetingFault)> {
    let mut faults = Vec::new();
    if content.title.is_empty() {
        faults.push(("title".to_owned(), MeetingFault::Missing));
    }
    let texts = [
        ("title", &content.title, MOST_TITLE),
        ("place", &content.place, MOST_TITLE),
        ("present", &content.present, MOST_WORDS),
        ("minutes", &content.minutes, MOST_WORDS),
        ("decided", &content.decided, MOST_WORDS),
    ];
    let long = texts.into_iter().filter(|(_, text, most)| text.chars().count() > *most);
    faults.extend(long.map(|(place, _, most)| (place.to_owned(), MeetingFault::TooLong(most))));
    for (at, case) in content.cases.iter().enumerate() {
        if case.words.chars().count() > MOST_WORDS {
            faults.push((format!("cases.{at}.words"), MeetingFault::TooLong(MOST_WORDS)));
        }
        if content.cases.iter().take(at).any(|earlier| earlier.near_miss == case.near_miss) {
            faults.push((format!("cases.{at}.near_miss"), MeetingFault::Twice));
        }
    }
    if content.cases.len() > MOST_CASES {
        faults.push(("cases".to_owned(), MeetingFault::TooMany));
    }
    faults
}

/// The content without spaces around its texts.
#[must_use]
pub fn tidied(content: MeetingContent) -> MeetingContent {
    let tidy = |text: String| text.replace("\r\n", "\n").trim().to_owned();
    let cases = content.cases.into_iter();
    MeetingContent {
        title: tidy(content.title),
        place: tidy(content.place),
        present: tidy(content.present),
        cases: cases.map(|case| MeetingCase { words: tidy(case.words), ..case }).collect(),
        minutes: tidy(content.minutes),
        decided: tidy(content.decided),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use komainu_db::uuid::Uuid;

    fn case(number: u128) -> MeetingCase {
        MeetingCase { near_miss: NearMissId(Uuid::from_u128(number)), words: number.to_string() }
    }

    fn of(cases: &[u128]) -> MeetingContent {
        let cases = cases.iter().map(|number| case(*number)).collect();
        MeetingContent { title: "第1回".to_owned(), cases, ..MeetingContent::default() }
    }

    #[test]
    fn cases_come_go_and_change_places() {
        let chosen = Some(case(9).near_miss);
        for (before, turn, chosen, after) in [
            (&[1, 2][..], "add", chosen, &[1, 2, 9][..]),
            (&[1, 9][..], "add", chosen, &[1, 9][..]),
            (&[1][..], "add", None, &[1][..]),
            (&[1, 2, 3][..], "up.2", None, &[1, 3, 2][..]),
            (&[1, 2, 3][..], "up.0", None, &[1, 2, 3][..]),
            (&[1, 2, 3][..], "up.3", None, &[1, 2, 3][..]),
            (&[1, 2, 3][..], "remove.1", None, &[1, 3][..]),
            (&[1][..], "remove.1", None, &[1][..]),
        ] {
            let done = turned(of(before), turn.parse().unwrap(), chosen);
            let left: Vec<u128> = done.cases.iter().map(|case| case.near_miss.0.as_u128()).collect();
            assert_eq!(left, after, "{turn}");
        }
        for wrong in ["", "up", "up.x", "add.1", "save"] {
            assert!(wrong.parse::<Turn>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_a_meeting_may_not_hold_is_told() {
        assert!(meeting_faults(&of(&[1, 2])).is_empty());
        let numbers: Vec<u128> = (1..=51).collect();
        let untitled = MeetingContent { title: String::new(), ..of(&[1]) };
        let mut long = of(&[1, 2]);
        long.cases[1].words = "あ".repeat(2_001);
        long.present = "い".repeat(2_001);
        for (content, expected) in [
            (untitled, vec![("title", MeetingFault::Missing)]),
            (of(&[1, 1]), vec![("cases.1.near_miss", MeetingFault::Twice)]),
            (of(&numbers), vec![("cases", MeetingFault::TooMany)]),
            (
                long,
                vec![
                    ("present", MeetingFault::TooLong(2_000)),
                    ("cases.1.words", MeetingFault::TooLong(2_000)),
                ],
            ),
        ] {
            let told = meeting_faults(&content);
            let told: Vec<(&str, MeetingFault)> =
                told.iter().map(|(place, fault)| (place.as_str(), *fault)).collect();
            assert_eq!(told, expected);
        }
        let full: Vec<u128> = (1..=50).collect();
        let more = turned(of(&full), Turn::Add, Some(case(99).near_miss));
        assert_eq!(more.cases.len(), MOST_CASES);
    }
}
