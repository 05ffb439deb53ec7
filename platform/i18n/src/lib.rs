//! Every word a user reads, in three languages.
//!
//! Each crate keeps its own messages in `i18n/{ja,en,zh}/<crate>.ftl` and calls [`messages!`] once. Afterwards
//! `t!(lang, "key")` and `t!(lang, "key", name = value)` give the message: an unknown key or a wrong argument does not
//! compile. Japanese is the reference; that the other two have the same keys is checked by `cargo xtask messages`.
#![expect(clippy::crate_in_macro_def, reason = "the messages belong to the crate that calls the macro")]

use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed::{I18nAssets, LanguageLoader};
use icu_collator::CollatorBorrowed;
use icu_collator::options::CollatorOptions;
use icu_locale::locale;
use std::cmp::Ordering;
use std::sync::LazyLock;
use unic_langid::LanguageIdentifier;

pub use komainu_language::{Lang, Text, UnknownLang, steers};

#[doc(hidden)]
pub use i18n_embed;
#[doc(hidden)]
pub use i18n_embed_fl;
#[doc(hidden)]
pub use rust_embed;

/// One crate's messages, one loader a language.
pub struct Tongues([FluentLanguageLoader; 3]);

impl Tongues {
    /// Loads a crate's messages from what was built into it.
    ///
    /// # Panics
    /// When a message file is missing or broken; the files are part of the program, so this is found by any test.
    pub fn load(crate_name: &str, assets: &dyn I18nAssets) -> Tongues {
        Tongues(Lang::ALL.map(|lang| {
            let loader = FluentLanguageLoader::new(crate_name, identifier(Lang::Ja));
            loader.load_languages(assets, &[identifier(lang)]).expect("the messages were built in");
            // Marks around arguments would be copied into documents and mails.
            loader.set_use_isolating(false);
            loader
        }))
    }

    /// The loader that answers in `lang`.
    pub fn get(&self, lang: Lang) -> &FluentLanguageLoader {
        &self.0[lang as usize]
    }
}

fn identifier(lang: Lang) -> LanguageIdentifier {
    lang.code().parse().expect("the three codes are valid tags")
}

/// Declares a crate's messages: the function `tongue(lang)` and the macro `t!(lang, "key", …)`.
#[macro_export]
macro_rules! messages {
    () => {
        $crate::messages! { @inside $ }
    };
    (@inside $d:tt) => {
        #[derive($crate::rust_embed::RustEmbed)]
        #[crate_path = "komainu_i18n::rust_embed"]
        #[folder = "i18n/"]
        struct Messages;

        static TONGUES: std::sync::LazyLock<$crate::Tongues> =
            std::sync::LazyLock::new(|| $crate::Tongues::load(env!("CARGO_PKG_NAME"), &Messages));

        /// This crate's messages in one language.
        pub(crate) fn tongue(lang: $crate::Lang) -> &'static $crate::i18n_embed::fluent::FluentLanguageLoader {
            TONGUES.get(lang)
        }

        /// `t!(lang, "key", name = value)`: one message of this crate.
        macro_rules! t {
            ($d lang:expr, $d key:literal $d ( , $d name:ident = $d value:expr )* $d (,)?) => {
                komainu_i18n::i18n_embed_fl::fl!(crate::tongue($d lang), $d key $d ( , $d name = $d value )*)
            };
        }
        pub(crate) use t;
    };
}

/// Compares two names as a reader of `lang` expects them to be sorted.
pub fn collate(lang: Lang, left: &str, right: &str) -> Ordering {
    static COLLATORS: LazyLock<Option<[CollatorBorrowed<'static>; 3]>> = LazyLock::new(|| {
        let make = |locale: icu_locale::Locale| {
            CollatorBorrowed::try_new(locale.into(), CollatorOptions::default()).ok()
        };
        Some([make(locale!("ja"))?, make(locale!("en"))?, make(locale!("zh"))?])
    });
    match &*COLLATORS {
        Some(collators) => collators[lang as usize].compare(left, right),
        None => left.cmp(right),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_as_readers_expect() {
        let mut names = ["b", "あ", "A", "ア", "い"];
        names.sort_by(|a, b| collate(Lang::Ja, a, b));
        assert_eq!(names, ["A", "b", "あ", "ア", "い"]);
    }
}
