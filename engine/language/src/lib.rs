//! The three languages of the house, a text that exists in all of them, and which characters are no text.
//!
//! Japanese is the reference; English and Simplified Chinese are complete. A [`Text`] cannot be built with a
//! language missing, so nothing that carries one can fall back silently.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A language that pages, documents and messages are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Japanese, the reference.
    #[default]
    Ja,
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// Every language, reference first.
    pub const ALL: [Lang; 3] = [Lang::Ja, Lang::En, Lang::Zh];

    /// The short code used in file names, forms and the language cookie: `ja`, `en` or `zh`.
    pub const fn code(self) -> &'static str {
        match self {
            Lang::Ja => "ja",
            Lang::En => "en",
            Lang::Zh => "zh",
        }
    }

    /// The BCP 47 tag for the HTML `lang` attribute and document metadata.
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::Ja => "ja",
            Lang::En => "en",
            Lang::Zh => "zh-Hans",
        }
    }

    /// The language's own name, for the switch.
    pub const fn name(self) -> &'static str {
        match self {
            Lang::Ja => "日本語",
            Lang::En => "English",
            Lang::Zh => "简体中文",
        }
    }

    /// The best of the three for an `Accept-Language` header; Japanese where none is asked for.
    pub fn negotiate(accept_language: &str) -> Lang {
        let mut best = (0.0_f32, Lang::Ja);
        for part in accept_language.split(',') {
            let mut fields = part.trim().split(';');
            let tag = fields.next().unwrap_or_default().trim().to_ascii_lowercase();
            let quality =
                fields.find_map(|f| f.trim().strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
            let primary = tag.split(['-', '_']).next().unwrap_or_default();
            if let Ok(lang) = primary.parse::<Lang>()
                && quality > best.0
            {
                best = (quality, lang);
            }
        }
        best.1
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The code is none of `ja`, `en`, `zh`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownLang;

impl FromStr for Lang {
    type Err = UnknownLang;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Lang::ALL.into_iter().find(|lang| lang.code() == code).ok_or(UnknownLang)
    }
}

/// The same sentence in every language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

impl Text {
    /// The text in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ja => &self.ja,
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

/// Whether a character only steers what stands around it: control characters, invisible joiners, direction marks and
/// overrides, tags, noncharacters. They cannot be printed, and an override makes a name read as another one.
pub fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fdd0}'..='\u{fdef}'
            | '\u{e0000}'..='\u{e007f}')
        || u32::from(c) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_of_what_does_not_steer() {
        assert!("髙﨑 葛\u{e0100}城 か\u{3099} ｶﾞ－Ａ".chars().all(|c| !steers(c)));
        assert!("\0\n\t\u{1b}\u{7f}\u{85}\u{202e}\u{2066}\u{feff}\u{e0041}\u{1fffe}".chars().all(steers));
    }

    #[test]
    fn negotiation_prefers_quality_and_falls_back_to_japanese() {
        for (header, expected) in [
            ("", Lang::Ja),
            ("fr", Lang::Ja),
            ("en-US,en;q=0.9,ja;q=0.8", Lang::En),
            ("fr, zh-CN;q=0.7, en;q=0.3", Lang::Zh),
            ("ja;q=0.5, en;q=0.5", Lang::Ja),
            ("zh_TW;q=nonsense", Lang::Zh),
        ] {
            assert_eq!(Lang::negotiate(header), expected, "{header}");
        }
    }
}
