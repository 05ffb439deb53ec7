//! Why a document was not made: the inside message for the log, the outside one for people.

use crate::words::Words;
use crate::{DATA_LIMIT, Stage};
use fluent_bundle::FluentArgs;
use komainu_language::Lang;

/// A document was not made. `Display` is for the log; [`PaperError::outside`] is for people.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// The binary was built before the fonts were fetched.
    #[error("no fonts in this build: run `npm ci` in ui/, then `cargo xtask fonts`, and build again")]
    FontsMissing,
    /// A face inside the binary does not unpack.
    #[error(
        "the face {0} in this build is damaged: remove target/fonts, run `cargo xtask fonts` and build again"
    )]
    FontsDamaged(&'static str),
    /// The template has a fault or misses something in the data.
    #[error("the template {template} could not be set:\n{problems}")]
    Template {
        /// The template's name.
        template: &'static str,
        /// One problem a line, with file and line where known.
        problems: String,
    },
    /// The caller broke off before this stage.
    #[error("setting a document was broken off at the stage {0:?}")]
    Cancelled(Stage),
    /// More data than [`DATA_LIMIT`].
    #[error("{bytes} bytes of data for one document; the limit is {DATA_LIMIT}")]
    TooLarge {
        /// Size of the data as JSON.
        bytes: usize,
    },
}

impl PaperError {
    /// What happened and what to do, in words for people.
    pub fn outside(&self, lang: Lang) -> String {
        let key = match self {
            PaperError::FontsMissing | PaperError::FontsDamaged(_) => "error-fonts",
            PaperError::Template { .. } => "error-template",
            PaperError::Cancelled(_) => "error-cancelled",
            PaperError::TooLarge { .. } => "error-too-large",
        };
        let mut args = FluentArgs::new();
        args.set("limit", (DATA_LIMIT / 1_000_000).to_string());
        Words::new(lang).get(key, &args)
    }
}
