//! A link that is shown once, to be printed or handed over, with what to do in all three languages.

use askama::Template;
use komainu_web::{Member, Section, Shell, qr_svg};

/// What a slip says.
pub(crate) struct SlipWords {
    /// The page's title.
    pub(crate) title: String,
    /// For whom it is.
    pub(crate) lead: String,
    /// What to do before the page is closed.
    pub(crate) once: String,
    /// The slip itself, once a language.
    pub(crate) texts: Vec<SlipText>,
}

/// The slip in one language.
#[derive(Clone)]
pub(crate) struct SlipText {
    pub(crate) tag: &'static str,
    pub(crate) title: String,
    pub(crate) facts: Vec<String>,
    pub(crate) steps: [String; 3],
    pub(crate) warning: String,
}

#[derive(Template)]
#[template(path = "slip.html")]
pub(crate) struct SlipPage {
    page: Shell,
    words: SlipWords,
    link: String,
    qr: String,
    /// The link leads to this very computer and works on no other.
    only_here: bool,
    /// Where the link was sent too.
    mailed: Option<String>,
}

impl SlipPage {
    /// The same, telling that the link was sent there too.
    pub(crate) fn mailed_to(self, mailed: Option<String>) -> SlipPage {
        SlipPage { mailed, ..self }
    }
}

/// The page with the slip for a path of ours.
pub(crate) fn slip(member: &Member, path: &str, words: SlipWords) -> SlipPage {
    let public_url = &member.app.settings.public_url;
    let link = format!("{public_url}{path}");
    SlipPage {
        // The link cannot be shown again, so a change of language leads back to the list.
        page: Shell { path: "/people".to_owned(), ..member.shell(&words.title, Section::People) },
        words,
        mailed: None,
        qr: qr_svg(&link),
        link,
        only_here: member.app.settings.only_here(),
    }
}
