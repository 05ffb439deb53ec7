//! The words that every document shares (page x of y, the answer marks, notices), from `i18n/*/komainu-paper.ftl`.

use chrono::{DateTime, Datelike, Duration, Timelike, Utc};
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use komainu_language::Lang;
use serde_json::{Map, Value};
use unic_langid::LanguageIdentifier;

const JA: &str = include_str!("../i18n/ja/komainu-paper.ftl");
const EN: &str = include_str!("../i18n/en/komainu-paper.ftl");
const ZH: &str = include_str!("../i18n/zh/komainu-paper.ftl");

/// Japan's only time zone, without summer time: the documents are read there.
const JAPAN: Duration = Duration::hours(9);

/// The messages of one language, with no fallback: `cargo xtask messages` sees that the three files hold the same keys.
pub(crate) struct Words {
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    pub(crate) fn new(lang: Lang) -> Words {
        let text = match lang {
            Lang::Ja => JA,
            Lang::En => EN,
            Lang::Zh => ZH,
        };
        let tag: LanguageIdentifier = lang.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![tag]);
        // Paper shows no isolation marks, and the faces do not have them.
        bundle.set_use_isolating(false);
        // A message that does not parse is left out here and caught by this module's tests.
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(rest, _)| rest);
        bundle.add_resource_overriding(resource);
        Words { bundle }
    }

    /// One message; the key itself if it is missing, which the tests forbid.
    pub(crate) fn get(&self, key: &str, args: &FluentArgs<'_>) -> String {
        match self.bundle.get_message(key).and_then(|message| message.value()) {
            Some(pattern) => self.bundle.format_pattern(pattern, Some(args), &mut Vec::new()).into_owned(),
            None => key.to_owned(),
        }
    }

    /// What templates see as `words`. `page` and `total` stay as `{page}` and `{total}`: only layout knows them.
    pub(crate) fn for_templates(&self, made_at: DateTime<Utc>) -> Value {
        let made = made_at + JAPAN;
        let mut args = FluentArgs::new();
        args.set("page", "{page}");
        args.set("total", "{total}");
        args.set("year", made.year().to_string());
        // A number, which English selects the month's name by.
        args.set("month", made.month());
        args.set("day", made.day().to_string());
        args.set("time", format!("{:02}:{:02}", made.hour(), made.minute()));
        let words: Map<String, Value> =
            TEMPLATE_KEYS.iter().map(|key| ((*key).to_owned(), self.get(key, &args).into())).collect();
        words.into()
    }
}

/// The messages that the house style uses.
const TEMPLATE_KEYS: [&str; 18] = [
    "page-of",
    "made-at",
    "contents",
    "answer-yes",
    "answer-no",
    "answer-unsure",
    "answer-not-applicable",
    "answer-none",
    "unconfirmed",
    "notice-info",
    "notice-caution",
    "notice-danger",
    "notice-done",
    "signature-date",
    "seal",
    "checked",
    "unchecked",
    "product",
];

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn the_house_style_uses_every_word() {
        let style =
            concat!(include_str!("../templates/house.typ"), include_str!("../templates/house-marks.typ"));
        let style: String = style.split_whitespace().collect();
        for key in TEMPLATE_KEYS {
            assert!(style.contains(&format!("words.{key}")), "the house style does not use {key}");
        }
    }

    #[test]
    fn every_message_parses_and_needs_no_other_variable() {
        let made = Utc.with_ymd_and_hms(2026, 12, 31, 15, 4, 0).unwrap();
        for (lang, text) in [(Lang::Ja, JA), (Lang::En, EN), (Lang::Zh, ZH)] {
            assert!(FluentResource::try_new(text.to_owned()).is_ok(), "{lang}");
            for (key, word) in Words::new(lang).for_templates(made).as_object().unwrap() {
                assert!(!word.as_str().unwrap().contains('$') && word != key, "{lang} {key} {word}");
            }
        }
    }

    #[test]
    fn the_moment_is_told_in_japanese_time() {
        let made = Utc.with_ymd_and_hms(2026, 12, 31, 15, 4, 0).unwrap();
        let told = |lang| Words::new(lang).for_templates(made)["made-at"].as_str().unwrap().to_owned();
        assert!(told(Lang::Ja).contains("2027年1月1日 00:04"), "{}", told(Lang::Ja));
        assert!(told(Lang::En).contains("1 January 2027, 00:04"), "{}", told(Lang::En));
        assert!(told(Lang::Zh).contains("2027年1月1日 00:04"), "{}", told(Lang::Zh));
    }
}
