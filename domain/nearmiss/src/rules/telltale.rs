//! What in a text may tell whom it is about, so that whoever puts it on the board looks once more. It finds what is likely,
//! not everything, and is wrong now and then: a person decides.

use std::collections::BTreeSet;

/// So many digits in a row are a patient's number or a telephone more often than a count.
const DIGITS: usize = 5;
/// Letters of a name before a title, at most.
const NAME: usize = 6;
/// What is counted, and therefore numbers nobody.
const UNITS: &str = "円件人台枚回年万点歳秒分";
/// What stands behind a name. The second says which letters behind it make another word of it.
const TITLES: [(&str, &str); 9] = [
    ("さん", ""),
    ("様", "子式々態相な"),
    ("氏", "名"),
    ("くん", "れ"),
    ("ちゃん", "と"),
    ("先生", ""),
    ("殿", ""),
    ("女士", ""),
    ("小姐", ""),
];
/// What stands before a title and names nobody.
const GENERAL: [&str; 36] = [
    "患者",
    "業者",
    "看護師",
    "薬剤師",
    "技師",
    "医師",
    "院長",
    "主治医",
    "担当",
    "担当者",
    "管理者",
    "責任者",
    "職員",
    "同僚",
    "先輩",
    "受付",
    "事務",
    "家族",
    "本人",
    "客",
    "皆",
    "各位",
    "父",
    "母",
    "兄",
    "姉",
    "弟",
    "妹",
    "奥",
    "子",
    "仕",
    "同",
    "模",
    "異",
    "有",
    "貴",
];

/// Pieces of a text as they stand in it; `known` are names that are known, of whoever reported and of colleagues.
pub fn telltale(text: &str, known: &[&str]) -> Vec<String> {
    let mut found = numbers(text);
    found.extend(addresses(text));
    found.extend(titled(text));
    found.extend(known.iter().filter_map(|name| named(text, name)));
    let mut seen = BTreeSet::new();
    found.retain(|piece| seen.insert(piece.clone()));
    found
}

/// The longest parts of a text that are made of such letters, each with the letter behind it.
fn runs(text: &str, inside: impl Fn(char) -> bool) -> Vec<(String, Option<char>)> {
    let (mut all, mut run) = (Vec::new(), String::new());
    for c in text.chars() {
        if inside(c) {
            run.push(c);
        } else if !run.is_empty() {
            all.push((std::mem::take(&mut run), Some(c)));
        }
    }
    if !run.is_empty() {
        all.push((run, None));
    }
    all
}

fn digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

fn hyphen(c: char) -> bool {
    matches!(c, '-' | '－' | '‐' | '−')
}

fn numbers(text: &str) -> Vec<String> {
    let long = |run: &str| run.chars().filter(|c| digit(*c)).count() >= DIGITS;
    let counted = |next: Option<char>| next.is_some_and(|next| UNITS.contains(next));
    runs(text, |c| digit(c) || hyphen(c))
        .into_iter()
        .map(|(run, next)| (run.trim_matches(hyphen).to_owned(), next))
        .filter(|(run, next)| long(run) && !counted(*next) && !is_day(run))
        .map(|(run, _)| run)
        .collect()
}

/// A day as `2026-11-27`.
fn is_day(run: &str) -> bool {
    let lengths: Vec<usize> = run.split(hyphen).map(|part| part.chars().count()).collect();
    matches!(lengths[..], [4, 1 | 2, 1 | 2])
}

fn addresses(text: &str) -> Vec<String> {
    let inside = |c: char| c.is_ascii_alphanumeric() || "._%+-@".contains(c);
    let whole =
        |run: &String| run.split_once('@').is_some_and(|(one, other)| !one.is_empty() && other.contains('.'));
    runs(text, inside).into_iter().map(|(run, _)| run).filter(whole).collect()
}

/// A name in kanji or katakana before a title, or a name behind an English one.
fn titled(text: &str) -> Vec<String> {
    let letter = |c: &char| matches!(c, '\u{4e00}'..='\u{9fff}' | '々' | 'ァ'..='ヺ' | 'ー');
    let mut found = Vec::new();
    for (title, others) in TITLES {
        for (at, _) in text.match_indices(title) {
            let (before, behind) = (&text[..at], &text[at + title.len()..]);
            let mut name: Vec<char> = before.chars().rev().take_while(letter).take(NAME).collect();
            name.reverse();
            let name: String = name.into_iter().collect();
            let other = behind.chars().next().is_some_and(|next| others.contains(next));
            if !name.is_empty() && !other && !GENERAL.iter().any(|general| name.ends_with(general)) {
                found.push(format!("{name}{title}"));
            }
        }
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    for pair in words.windows(2) {
        let title = matches!(pair[0].trim_end_matches('.'), "Mr" | "Mrs" | "Ms" | "Dr");
        if title && pair[1].starts_with(|c: char| c.is_ascii_uppercase()) {
            found.push(pair.join(" "));
        }
    }
    found
}

/// A name that is known, whole or its first part; one letter alone is in too many words.
fn named(text: &str, name: &str) -> Option<String> {
    let first = name.split_whitespace().next()?;
    let there = |part: &str| part.chars().count() > 1 && text.contains(part);
    [name, first].into_iter().find(|part| there(part)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_tell_whom_it_is_about_is_found() {
        for (text, expected) in [
            ("3階の山田さんの画面が固まった", vec!["山田さん"]),
            ("林さんと佐々木先生が見つけた。", vec!["林さん", "佐々木先生"]),
            ("スズキ様の伝票", vec!["スズキ様"]),
            ("患者番号００１２３４５を誤って送った", vec!["００１２３４５"]),
            (
                "電話は03-9999-0000、メールはtaro.y@mihon.exampleへ",
                vec!["03-9999-0000", "taro.y@mihon.example"],
            ),
            ("Mr. Tanaka saw it, and so did Dr Sato", vec!["Mr. Tanaka", "Dr Sato"]),
            ("王女士的电脑", vec!["王女士"]),
            // What names nobody.
            ("患者さんやご家族様、看護師さん、皆様に知らせた", vec![]),
            ("氏名の欄と様子、仕様、同様、様々なことを見た", vec![]),
            ("2026-11-27に150000円の紙が12345枚出た", vec![]),
            ("プリンターが止まらず、院長先生に知らせた", vec![]),
            ("たくさんの紙。みなさん気を付けて。", vec![]),
            ("192.168.10.5のサーバー", vec![]),
        ] {
            assert_eq!(telltale(text, &[]), expected, "{text}");
        }
    }

    #[test]
    fn names_that_are_known_are_found_without_a_title() {
        let known = ["鈴木 一郎", "林", "", "夜勤"];
        assert_eq!(telltale("鈴木が見つけ、林に知らせた", &known), ["鈴木"]);
        assert_eq!(telltale("鈴木さんが見つけた", &known), ["鈴木さん", "鈴木"]);
        assert!(telltale("紙が止まらなかった", &known).is_empty());
    }
}
