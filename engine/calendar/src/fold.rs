//! Making two spellings of the same words equal.

use unicode_normalization::UnicodeNormalization;

/// The form in which texts are compared and searched, never shown.
///
/// Compatibility forms (NFKC), letter case, hiragana and katakana, the long vowel at the end of a word of three
/// or more sounds (サーバー, サーバ), hyphens and dashes, invisible characters, common variants of kanji in names
/// (髙, 高) and spaces beside anything but ASCII letters and digits (山田 太郎, 山田太郎) make no difference.
/// Folding twice changes nothing.
pub fn fold(text: &str) -> String {
    let plain = text.nfkc().filter(|c| !is_invisible(*c)).collect::<String>().to_lowercase();
    let plain = squeeze(&plain.nfkc().map(unify).collect::<String>());
    let mut out = String::with_capacity(plain.len());
    // Where the word of kana that is being written began.
    let mut word = None;
    // Without its spaces the text may hold a mark right behind the letter it composes with.
    for c in plain.nfkc() {
        if is_kana(c) {
            word.get_or_insert(out.len());
            out.push(c);
        } else if is_hyphen(c) {
            out.push(if word.is_some() { 'ー' } else { '-' });
        } else {
            end_word(&mut out, word.take());
            out.push(c);
        }
    }
    end_word(&mut out, word);
    out
}

/// The digits alone, half width: `０３－１２３４` is `031234`. For telephone numbers, postcodes and codes.
pub fn digits(text: &str) -> String {
    text.nfkc().filter(char::is_ascii_digit).collect()
}

/// Whether the character is one of the many that people type for a hyphen, the long vowel mark among them.
pub fn is_hyphen(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2500}' | '\u{30FC}' | '\u{FF0D}' | '\u{FF70}'
    )
}

/// Drops the long vowel at the end of a word that keeps three sounds without it (JIS Z 8301's old habit).
fn end_word(out: &mut String, word: Option<usize>) {
    let Some(start) = word else { return };
    let kept = out[start..].trim_end_matches('ー');
    if kept.chars().count() >= 3 {
        out.truncate(start + kept.len());
    }
}

/// Spaces stay, as one each, only between two ASCII letters or digits.
fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut words = text.split_whitespace();
    out.push_str(words.next().unwrap_or_default());
    for word in words {
        if out.ends_with(|c: char| c.is_ascii_alphanumeric())
            && word.starts_with(|c: char| c.is_ascii_alphanumeric())
        {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{3099}' | '\u{309A}' | '\u{309D}' | '\u{309E}' | '\u{30F7}'..='\u{30FA}')
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{E0100}'..='\u{E01EF}')
}

fn unify(c: char) -> char {
    match c {
        'ヵ' | 'ゕ' => 'か',
        'ヶ' | 'ゖ' => 'け',
        // Katakana stand 0x60 above hiragana.
        'ァ'..='ヴ' | 'ヽ' | 'ヾ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        '〜' => '~',
        'ー' => c,
        _ if is_hyphen(c) => '-',
        '髙' => '高',
        '﨑' => '崎',
        '濵' | '濱' => '浜',
        '邊' | '邉' => '辺',
        '齊' => '斉',
        '齋' => '斎',
        '澤' => '沢',
        '櫻' => '桜',
        '廣' => '広',
        '德' => '徳',
        '嶋' | '嶌' => '島',
        '冨' => '富',
        '眞' => '真',
        '國' => '国',
        '瀨' => '瀬',
        '槇' => '槙',
        '𠮷' => '吉',
        '龍' => '竜',
        '條' => '条',
        '惠' => '恵',
        '榮' => '栄',
        '靜' => '静',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_the_same_are_equal() {
        for (one, other) in [
            ("サーバー", "サーバ"),
            ("ｻｰﾊﾞｰ", "さーば"),
            ("サ－バ", "サーバ"),
            ("プリンター室", "プリンタ室"),
            ("ＶＰＮ装置", "vpn装置"),
            ("山田　太郎", "山田太郎"),
            ("髙橋", "高橋"),
            ("渡邉", "渡辺"),
            ("辻\u{E0100}", "辻"),
            ("𠮷野", "吉野"),
            ("1−2−3", "１－２－３"),
            ("東京都千代田区1‐2", "東京都千代田区1-2"),
            ("霞ヶ関", "霞ケ関"),
            ("FortiGate  60F", "fortigate 60f"),
            ("㈱さくら", "(株)サクラ"),
            ("リモート〜接続", "リモート～接続"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} {other}");
        }
    }

    #[test]
    fn different_words_stay_different() {
        for (one, other) in
            [("ビール", "ビル"), ("コピー", "コピ"), ("さば", "サーバ"), ("ハハ", "パパ"), ("1-2", "12")]
        {
            assert_ne!(fold(one), fold(other), "{one} {other}");
        }
    }

    #[test]
    fn digits_of_numbers() {
        for (input, expected) in
            [("０３－１２３４－５６７８", "0312345678"), ("〒100-8916", "1008916"), ("なし", "")]
        {
            assert_eq!(digits(input), expected);
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "[ -~ぁ-んァ-ヶｦ-ﾟ゛゜ー‐－−　〜①-⑳Ａ-ｚ山田髙\u{3099}\u{309A}]{0,24}|\\PC{0,24}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
