//! The binder as it was made, and the words that open its copy.

use chrono::{DateTime, Utc};
use komainu_i18n::Lang;
use unicode_normalization::UnicodeNormalization as _;

/// The binder as it was made last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binder {
    /// Its language.
    pub lang: Lang,
    /// SHA-256 of what it says.
    pub content: Vec<u8>,
    /// SHA-256 of the file, under which it is kept; empty until it was made.
    pub file: String,
    /// Its pages.
    pub pages: i64,
    /// When it was made; none while it is being made for the first time.
    pub made_at: Option<DateTime<Utc>>,
    /// Up to where the log was looked at.
    pub seen_seq: i64,
}

/// Words that open the copy on a USB stick.
#[derive(Clone)]
pub struct Passphrase(String);

/// What is tried first, by programs that try millions.
const TRIED: [&str; 9] =
    ["password", "passw0rd", "qwerty", "asdfgh", "123456", "abcdef", "komainu", "hospital", "admin"];

impl Passphrase {
    /// Fewest characters: whoever finds the stick may try as long as they wish.
    pub const FEWEST: usize = 12;

    /// Words that are long enough, not nearly all the same, not digits alone (telephone numbers, days) and not what is tried
    /// first. Wide and narrow letters are the same, as keyboards differ.
    pub fn new(words: &str) -> Option<Passphrase> {
        let words: String = words.nfkc().collect();
        let own = TRIED.iter().fold(words.to_lowercase(), |rest, tried| rest.replace(tried, ""));
        let mut letters: Vec<char> = own.chars().collect();
        let long = words.chars().count() >= Self::FEWEST && letters.len() >= Self::FEWEST - 4;
        let digits = letters.iter().all(|letter| letter.is_numeric() || !letter.is_alphanumeric());
        letters.sort_unstable();
        letters.dedup();
        (long && !digits && letters.len() > 4).then_some(Passphrase(words))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_guessed_open_nothing() {
        for poor in [
            "",
            "短い言葉",
            "1234567890123456",
            "2026-11-27 09:00",
            "０９０－１２３４－５６７８",
            "password1234",
            "Qwertyuiop12",
            "aaaabbbbcccd",
            "Hospital2026",
        ] {
            assert!(Passphrase::new(poor).is_none(), "{poor}");
        }
        assert!(Passphrase::new(&"あ".repeat(30)).is_none());
        for good in ["桜の木の下で待つ犬と猫たち", "correct horse battery", "kumo-ni-noru 7 hiki"]
        {
            assert!(Passphrase::new(good).is_some(), "{good}");
        }
        let same = |words: &str| Passphrase::new(words).map(|words| words.bytes().to_vec());
        assert_eq!(same("ｋｕｍｏ　ｎｉ　ｎｏｒｕ　ｉｎｕ"), same("kumo ni noru inu"));
        assert_eq!(same("か\u{3099}まんつよいいぬとねこたち"), same("がまんつよいいぬとねこたち"));
    }
}
