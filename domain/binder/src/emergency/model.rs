//! The binder as it was made, and the words that open its copy.

use chrono::{DateTime, Utc};
use komainu_i18n::Lang;

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

impl Passphrase {
    /// Fewest characters: whoever finds the stick may try as long as they wish.
    pub const FEWEST: usize = 12;

    /// Words that are long enough and not all the same.
    pub fn new(words: &str) -> Option<Passphrase> {
        let mut letters: Vec<char> = words.chars().collect();
        let long = letters.len() >= Self::FEWEST;
        letters.sort_unstable();
        letters.dedup();
        (long && letters.len() > 4).then(|| Passphrase(words.to_owned()))
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
