//! The words and marks people answer with, in drop-downs and in printed choices such as `□はい □いいえ`.

use serde::{Deserialize, Serialize};

use crate::fold::squeeze;

/// An answer to one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// はい
    Yes,
    /// いいえ
    No,
    /// 該当なし, where the form allows it.
    NotApplicable,
    /// Not answered: what the cell holds as its answer is taken away.
    #[default]
    Blank,
}

const YES: &[&str] = &[
    "はい",
    "○",
    "〇",
    "◯",
    "●",
    "◎",
    "yes",
    "y",
    "✓",
    "✔",
    "☑",
    "レ",
    "有",
    "あり",
    "済",
    "済み",
    "可",
    "適",
    "適合",
    "実施",
    "実施済",
    "実施済み",
    "対応済",
    "対応済み",
    "実施している",
    "できている",
    "true",
    "ok",
];
const NO: &[&str] = &[
    "いいえ",
    "×",
    "✕",
    "✖",
    "✗",
    "✘",
    "x",
    "no",
    "n",
    "無",
    "なし",
    "未",
    "否",
    "不可",
    "不適",
    "不適合",
    "未実施",
    "未対応",
    "実施していない",
    "できていない",
    "false",
    "ng",
];
const NOT_APPLICABLE: &[&str] = &[
    "該当なし",
    "該当無し",
    "対象外",
    "非該当",
    "該当しない",
    "-",
    "―",
    "‐",
    "n/a",
    "na",
    "不要",
    "/",
    "該当せず",
];

/// Boxes to tick.
const EMPTY_BOX: &[char] = &['□', '☐', '◻', '▢'];
const TICKED_BOX: &[char] = &['■', '☑', '☒', '◼', '✅'];

/// What a value of a drop-down, or a mark in a cell, means.
pub(crate) fn meaning(text: &str) -> Option<Answer> {
    let squeezed = squeeze(text);
    let bare = squeezed.trim_matches(|c: char| {
        EMPTY_BOX.contains(&c)
            || TICKED_BOX.contains(&c) && squeezed.chars().count() > 1
            || ".。:()[]".contains(c)
    });
    // A word that somebody has ringed.
    let bare = if bare.chars().count() > 2 { bare.trim_start_matches('○') } else { bare };
    // `1:はい`, `2.いいえ`
    let bare = bare.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches(['.', ':', ')']);
    let is = |words: &[&str]| words.contains(&bare);
    // Longer forms: `はい（実施済み）`. Not for marks, where one letter may begin anything.
    let begins =
        |word: &str| bare.strip_prefix(word).is_some_and(|rest| rest.starts_with(['(', ':', '、', '-']));
    if is(YES) || begins("はい") {
        Some(Answer::Yes)
    } else if is(NO) || begins("いいえ") {
        Some(Answer::No)
    } else if is(NOT_APPLICABLE) || begins("該当なし") || begins("対象外") {
        Some(Answer::NotApplicable)
    } else {
        None
    }
}

/// Whether the text is a box to tick and nothing else.
pub(crate) fn is_box(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|c| EMPTY_BOX.contains(&c) || TICKED_BOX.contains(&c))
        && characters.next().is_none()
}

/// Whether a cell of its own prints one answer to be marked: a box, `□はい`, `はい`.
pub(crate) fn is_markable(text: &str) -> bool {
    let text = text.trim();
    is_box(text) || meaning(text).is_some() && text.contains(|c: char| c.is_alphabetic())
}

/// The text of such a cell, marked or not.
pub(crate) fn mark(text: &str, marked: bool) -> String {
    const RING: char = '○';
    let boxes = |c: char| EMPTY_BOX.contains(&c) || TICKED_BOX.contains(&c);
    if text.contains(boxes) {
        return text.replace(boxes, if marked { "☑" } else { "□" });
    }
    let word = text.trim_start_matches(RING);
    if marked { format!("{RING}{word}") } else { word.to_owned() }
}

/// Whether the values of a drop-down are answers: at least one yes and one no.
pub(crate) fn is_answer_list(values: &[String]) -> bool {
    let has = |answer| values.iter().any(|value| meaning(value) == Some(answer));
    has(Answer::Yes) && has(Answer::No)
}

/// A cell that prints its choices: `はい・いいえ`, `□はい　□いいえ`, `はい・いいえ（　/　）`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// The printed word for yes.
    pub yes: String,
    /// The printed word for no.
    pub no: String,
    /// The printed word for not applicable, if it is among them.
    pub not_applicable: Option<String>,
    /// Whether there are boxes to tick before the words.
    pub boxed: bool,
    /// The blank for a date in the same cell, if there is one.
    pub date_blank: Option<String>,
}

const PAIRS: &[(&str, &str)] = &[
    ("はい", "いいえ"),
    ("有", "無"),
    ("あり", "なし"),
    ("○", "×"),
    ("〇", "×"),
    ("yes", "no"),
    ("済", "未"),
    ("適", "否"),
];

/// Reads a cell that prints its choices.
pub(crate) fn printed_choices(text: &str) -> Option<Choices> {
    if text.chars().count() > 60 {
        return None;
    }
    let squeezed = squeeze(text);
    let filler =
        |c: char| "・/|,、.。()[]:~-".contains(c) || EMPTY_BOX.contains(&c) || TICKED_BOX.contains(&c);
    let lead = squeezed.trim_start_matches(filler);
    let (yes, no, rest) = PAIRS.iter().find_map(|(yes, no)| {
        let rest = lead.strip_prefix(yes)?.trim_start_matches(filler);
        Some((*yes, *no, rest.strip_prefix(no)?))
    })?;
    let after = rest.trim_start_matches(filler);
    let not_applicable =
        NOT_APPLICABLE.iter().find(|word| word.chars().count() > 2 && after.starts_with(**word));
    let tail = not_applicable.map_or(rest, |word| &after[word.len()..]);
    let blank = tail.trim_start_matches(|c: char| EMPTY_BOX.contains(&c) || "・|,、.。".contains(c));
    let date_blank = is_date_blank(blank).then(|| blank.to_owned());
    if date_blank.is_none() && !blank.trim_matches(filler).is_empty() {
        return None;
    }
    Some(Choices {
        yes: yes.to_owned(),
        no: no.to_owned(),
        not_applicable: not_applicable.map(|word| (*word).to_owned()),
        boxed: squeezed.contains(EMPTY_BOX) || squeezed.contains(TICKED_BOX),
        date_blank,
    })
}

/// Whether the text is the empty frame of a date: `（　/　）`, `令和　年　月　日`, `R8. . `.
pub(crate) fn is_date_blank(text: &str) -> bool {
    let squeezed = squeeze(text);
    let allowed = |c: char| c.is_ascii_digit() || "年月日/.-()令和西暦r_:".contains(c);
    let framed = squeezed.contains('/') || squeezed.contains('月') || squeezed.matches('.').count() == 2;
    framed && squeezed.chars().all(allowed) && squeezed.chars().filter(char::is_ascii_digit).count() <= 4
}

/// The answer a printed-choice cell reads with that answer chosen; `None` if the form does not offer it.
pub(crate) fn choose(text: &str, choices: &Choices, answer: Answer, date: Option<&str>) -> Option<String> {
    let word = match answer {
        Answer::Yes => Some(&choices.yes),
        Answer::No => Some(&choices.no),
        Answer::NotApplicable => Some(choices.not_applicable.as_ref()?),
        Answer::Blank => None,
    };
    let chosen =
        if choices.boxed { tick(text, choices, word) } else { word.map_or(text.to_owned(), String::clone) };
    Some(match (date, &choices.date_blank) {
        (Some(date), Some(_)) if choices.boxed => format!("{} {date}", without_blank(&chosen)),
        (Some(date), Some(_)) if word.is_some() => format!("{chosen} {date}"),
        _ => chosen,
    })
}

/// Ticks the box before the word and clears the others.
fn tick(text: &str, choices: &Choices, word: Option<&String>) -> String {
    let words = [Some(&choices.yes), Some(&choices.no), choices.not_applicable.as_ref()];
    let characters: Vec<char> = text.chars().collect();
    let is_box = |c: char| EMPTY_BOX.contains(&c) || TICKED_BOX.contains(&c);
    characters
        .iter()
        .enumerate()
        .map(|(at, character)| {
            if !is_box(*character) {
                return *character;
            }
            let following: String = characters[at + 1..].iter().collect();
            let following = squeeze(&following);
            let next = words.iter().flatten().find(|candidate| following.starts_with(candidate.as_str()));
            if next.is_some() && next.copied() == word { '☑' } else { '□' }
        })
        .collect()
}

fn without_blank(text: &str) -> &str {
    text.find(['(', '（']).map_or(text, |at| &text[..at]).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_words_have_meanings() {
        for yes in ["はい", "○", "◯", "YES", "1:はい", "はい（実施済み）", "済", "✔", "□はい"]
        {
            assert_eq!(meaning(yes), Some(Answer::Yes), "{yes}");
        }
        for no in ["いいえ", "×", "2．いいえ", "未実施", "ＮＯ", "いいえ（目標日あり）"]
        {
            assert_eq!(meaning(no), Some(Answer::No), "{no}");
        }
        for other in ["該当なし", "－", "対象外"] {
            assert_eq!(meaning(other), Some(Answer::NotApplicable), "{other}");
        }
        for none in ["", "はいしゃ", "田中", "1", "nothing", "有給"] {
            assert_eq!(meaning(none), None, "{none}");
        }
    }

    #[test]
    fn printed_choices_are_chosen_in_place() {
        let pick = |text: &str, answer, date| {
            let choices = printed_choices(text).unwrap_or_else(|| panic!("{text}"));
            choose(text, &choices, answer, date)
        };
        assert_eq!(pick("はい・いいえ", Answer::No, None).as_deref(), Some("いいえ"));
        assert_eq!(pick("□はい　□いいえ", Answer::Yes, None).as_deref(), Some("☑はい　□いいえ"));
        assert_eq!(
            pick("☑はい □いいえ □該当なし", Answer::NotApplicable, None).as_deref(),
            Some("□はい □いいえ ☑該当なし")
        );
        assert_eq!(
            pick("はい・いいえ\n（　/　）", Answer::Yes, Some("(6/1)")).as_deref(),
            Some("はい (6/1)")
        );
        assert_eq!(
            pick("□はい □いいえ（ / ）", Answer::No, Some("(6/1)")).as_deref(),
            Some("□はい ☑いいえ (6/1)")
        );
        assert_eq!(pick("はい・いいえ", Answer::NotApplicable, None), None);
        for no in ["はい", "有無を確認", "はいといいえの違い", "令和　年　月　日"] {
            assert_eq!(printed_choices(no), None, "{no}");
        }
        for blank in ["（　／　）", "令和　年　月　日", "　月　日", "R8.  .  ", "/"] {
            assert!(is_date_blank(blank), "{blank}");
        }
        for no in ["2026/06/01", "", "日", "1.2", "台帳"] {
            assert!(!is_date_blank(no), "{no}");
        }
    }
}
