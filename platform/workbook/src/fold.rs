//! Text made comparable: width, case, kana and punctuation folded away.

use unicode_normalization::UnicodeNormalization;

/// Folds full and half width, case, hiragana and katakana, small kana, the long-vowel mark at a word's end (サーバー, サーバ), kanji
/// numerals in front of 要素 and 段階, and drops everything that is neither letter nor digit. Inside a word the long-vowel mark
/// stays, or ルータ would be found in するために.
pub(crate) fn fold(text: &str) -> String {
    let mut characters = text.nfkc().flat_map(char::to_lowercase).peekable();
    let mut folded = String::with_capacity(text.len());
    while let Some(character) = characters.next() {
        let goes_on = characters.peek().is_some_and(|next| ('ァ'..='ヺ').contains(next));
        if character == 'ー' && goes_on {
            folded.push(character);
        } else {
            folded.extend(fold_character(character));
        }
    }
    folded.replace("二要素", "2要素").replace("二段階", "2段階").replace("二因子", "2因子")
}

fn fold_character(character: char) -> Option<char> {
    let kana = match character {
        'ぁ'..='ゖ' => char::from_u32(u32::from(character) + 0x60).unwrap_or(character),
        other => other,
    };
    match kana {
        'ー' | '〜' => None,
        'ァ' => Some('ア'),
        'ィ' => Some('イ'),
        'ゥ' => Some('ウ'),
        'ェ' => Some('エ'),
        'ォ' => Some('オ'),
        'ッ' => Some('ツ'),
        'ャ' => Some('ヤ'),
        'ュ' => Some('ユ'),
        'ョ' => Some('ヨ'),
        other if other.is_alphanumeric() => Some(other),
        _ => None,
    }
}

/// Width folded, all white space gone, marks kept: for labels and headers.
pub(crate) fn squeeze(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Lines joined and runs of white space made one, as a sentence is shown.
pub(crate) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        // Japanese lines are broken anywhere; only between Latin words is a space part of the text.
        let spaced = out.ends_with(|c: char| c.is_ascii_alphanumeric())
            && line.starts_with(|c: char| c.is_ascii_alphanumeric());
        if spaced {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_however_it_is_typed() {
        assert_eq!(fold("サーバー"), fold("ｻｰﾊﾞ"));
        assert_eq!(fold("ウィルス・ＵＳＢ"), fold("ウイルスusb"));
        assert_eq!(fold("二要素 認証"), fold("２要素認証"));
        assert_eq!(fold("ぱすわど"), fold("パスワド"));
        assert!(!fold("するために").contains(&fold("ルータ")));
        assert_eq!(squeeze("Ｎｏ．"), "no.");
        assert_eq!(tidy(" 機器の\n　台帳を\r\nkeep up\nto date "), "機器の台帳をkeep up to date");
    }
}
