//! Printed item numbers in their many shapes: `1-①`, `1－①`, `(1)`, `2-(13)`, `⑬`, `2.13`, `13`.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// An item's number: the section if it is printed there, and the place in the section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ItemNumber {
    /// The section's number, if known.
    pub section: Option<u32>,
    /// The number inside the section.
    pub item: u32,
}

impl fmt::Display for ItemNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.section {
            Some(section) => write!(f, "{section}-{}", self.item),
            None => write!(f, "{}", self.item),
        }
    }
}

/// A number no form has; larger ones are something else (a year, a price, an extension).
const MAX_NUMBER: u32 = 60;

impl ItemNumber {
    /// Reads a text that is a number and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        if text.chars().count() > 16 {
            return None;
        }
        let plain = plain(text);
        let plain = ["第", "問", "no.", "no", "項番", "q"]
            .iter()
            .find_map(|lead| plain.strip_prefix(lead))
            .unwrap_or(&plain);
        let plain = plain.trim_end_matches(['.', ':', '項', '番', '-']);
        let (first, rest) = digits(plain);
        match (first, rest) {
            (None, rest) => Some(Self { section: None, item: in_brackets(rest)? }),
            (Some(item), "" | ")") => Some(Self { section: None, item }),
            (Some(section), rest) => {
                let rest = rest.strip_prefix(['-', '.']).unwrap_or(rest);
                let item = match digits(rest) {
                    (Some(item), "") if rest.len() < plain.len() - section.to_string().len() => item,
                    _ => in_brackets(rest)?,
                };
                Some(Self { section: Some(section), item })
            }
        }
    }

    /// Splits a leading number off a sentence: `① 台帳を…`, `2-(3)…`, `4. …`. A number without any mark is part of the sentence.
    pub fn split(text: &str) -> Option<(Self, &str)> {
        let text = text.trim_start();
        let ends = text.char_indices().skip(1).take(10).map(|(at, _)| at);
        let mut best = None;
        for end in ends {
            let (head, rest) = text.split_at(end);
            let marked = head.chars().any(|c| !c.is_alphanumeric() || circled(c).is_some());
            let rest_continues = rest.starts_with(|c: char| c.is_numeric() || ")）-－ー.．".contains(c));
            if !marked || rest_continues {
                continue;
            }
            if let Some(number) = Self::parse(head) {
                best = Some((number, rest.trim_start()));
            }
        }
        best
    }
}

/// A section's heading such as `１　体制構築`, `第2章 …`, `Ⅲ．…`: its number and its words.
pub(crate) fn heading(text: &str) -> Option<(u32, String)> {
    let text = crate::fold::tidy(text);
    let text = text.trim_start_matches(['【', '[', '［', '■', '●', '◆', '〔']).trim_start_matches('第');
    if text.starts_with(|c| circled(c).is_some() || "(（".contains(c)) {
        return None;
    }
    let head: String = text.chars().take_while(|c| c.is_numeric()).collect();
    let number: u32 = plain(&head).parse().ok().filter(|n| (1..=20).contains(n))?;
    let words = text[head.len()..]
        .trim_start_matches(['章', '】', ']', '］', '〕', '.', '．', '、', ':', '：', '-', '－'])
        .trim();
    // `2要素認証` and `13文字以上` begin with a number and are none.
    let counts = ["要素", "段階", "因子", "回目", "文字", "年", "月", "日", "つ", "名", "台", "種類"];
    if counts.iter().any(|unit| words.starts_with(unit)) {
        return None;
    }
    let words_follow =
        words.chars().next().is_some_and(|c| !c.is_ascii_digit() && c != '(' && circled(c).is_none());
    (words_follow && words.chars().count() <= 40).then(|| (number, words.to_owned()))
}

fn digits(text: &str) -> (Option<u32>, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number = text[..end].parse().ok().filter(|n| (1..=MAX_NUMBER).contains(n));
    (number, if number.is_some() { &text[end..] } else { text })
}

fn in_brackets(text: &str) -> Option<u32> {
    let inner = text.strip_prefix('(').unwrap_or(text).strip_suffix(')')?;
    match digits(inner) {
        (Some(item), "") => Some(item),
        _ => None,
    }
}

/// Width folded, circled and Roman numbers spelt out, every dash one dash, white space gone.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        if let Some(number) = circled(character) {
            out.extend(["(", &number.to_string(), ")"]);
            continue;
        }
        if let Some(number) = roman(character) {
            out.push_str(&number.to_string());
            continue;
        }
        for character in std::iter::once(character).nfkc() {
            match character {
                '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | 'ー' | 'ｰ' | '─' | '_' => {
                    out.push('-');
                }
                '・' | '。' | '、' | ',' => out.push('.'),
                '〔' | '【' | '[' | '{' => out.push('('),
                '〕' | '】' | ']' | '}' => out.push(')'),
                other if other.is_whitespace() => {}
                other => out.extend(other.to_lowercase()),
            }
        }
    }
    out
}

fn circled(character: char) -> Option<u32> {
    let code = u32::from(character);
    let run =
        |from: u32, count: u32, first: u32| (from..from + count).contains(&code).then(|| code - from + first);
    run(0x2460, 20, 1) // ①
        .or_else(|| run(0x2474, 20, 1)) // ⑴
        .or_else(|| run(0x3251, 15, 21)) // ㉑
        .or_else(|| run(0x32B1, 15, 36)) // ㊱
        .or_else(|| run(0x2776, 10, 1)) // ❶
        .or_else(|| run(0x24EB, 10, 11)) // ⓫
        .or_else(|| run(0x24F5, 10, 1)) // ⓵
        .or_else(|| run(0x2780, 10, 1)) // ➀
        .or_else(|| run(0x278A, 10, 1)) // ➊
}

fn roman(character: char) -> Option<u32> {
    let code = u32::from(character);
    [0x2160, 0x2170].iter().find_map(|from| (*from..from + 12).contains(&code).then(|| code - from + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(section: impl Into<Option<u32>>, item: u32) -> ItemNumber {
        ItemNumber { section: section.into(), item }
    }

    #[test]
    fn reads_every_printed_shape() {
        for text in [
            "2-⑬",
            "２－⑬",
            "2‐(13)",
            "2-13",
            "2.13",
            "２．１３",
            "2(13)",
            "2－（１３）",
            "2 ー ⑬",
            "2-⒀",
            "Ⅱ-13",
            "2⑬",
        ] {
            assert_eq!(ItemNumber::parse(text), Some(number(2, 13)), "{text}");
        }
        for text in ["⑬", "(13)", "（１３）", "13", "１３", "13.", "No.13", "問13", "⓭", "13)", "［13］"]
        {
            assert_eq!(ItemNumber::parse(text), Some(number(None, 13)), "{text}");
        }
        for text in
            ["", "-", "0", "2026", "台帳", "1-2-3-4", "はい", "13a", "(x)", "99999999999", "2--3", "()"]
        {
            assert_eq!(ItemNumber::parse(text), None, "{text}");
        }
    }

    #[test]
    fn splits_a_number_off_a_sentence() {
        assert_eq!(ItemNumber::split("① 台帳を作る"), Some((number(None, 1), "台帳を作る")));
        assert_eq!(ItemNumber::split("2-⑬接続元"), Some((number(2, 13), "接続元")));
        assert_eq!(ItemNumber::split("(3) 開示書"), Some((number(None, 3), "開示書")));
        assert_eq!(ItemNumber::split("４．規程"), Some((number(None, 4), "規程")));
        for plain in ["13文字以上のパスワード", "2要素認証を使う", "台帳", "3", "1回目"]
        {
            assert_eq!(ItemNumber::split(plain), None, "{plain}");
        }
    }

    #[test]
    fn tells_headings() {
        assert_eq!(heading("１　体制構築"), Some((1, "体制構築".to_owned())));
        assert_eq!(heading("第2章 運用"), Some((2, "運用".to_owned())));
        assert_eq!(heading("Ⅲ．備え"), Some((3, "備え".to_owned())));
        assert_eq!(heading("【4】規程類"), Some((4, "規程類".to_owned())));
        for no in ["体制構築", "① 責任者", "(1) 台帳", "2-① 台帳", "13", "2026年度", "2要素認証"]
        {
            assert_eq!(heading(no), None, "{no}");
        }
    }
}
