//! What came of an import.

use super::crumbs;
use crate::model::{Import, Outcome};
use crate::t;
use crate::words::outcome_text;
use askama::Template;
use komainu_i18n::Lang;
use komainu_web::{Crumb, Member, Outcome as Answer, Section, Shell, page};

#[derive(Template)]
#[template(path = "import_done.html")]
struct DonePage {
    page: Shell,
    lang: Lang,
    path: Vec<Crumb>,
    files: String,
    figures: Vec<(String, usize)>,
    /// How many zones and places were made.
    made: usize,
}

pub(super) fn page_of(member: &Member, import: &Import) -> Answer {
    let (lang, counts) = (member.lang, import.detail.result.unwrap_or_default());
    let told = [Outcome::New, Outcome::Change, Outcome::Remove, Outcome::Same, Outcome::Skipped];
    page(&DonePage {
        page: member.shell(&t!(lang, "done-title"), Section::Ledger),
        lang,
        path: crumbs(lang),
        files: import.detail.files.join(", "),
        figures: told.map(|outcome| (outcome_text(lang, outcome), outcome.of(&counts))).to_vec(),
        made: counts.made,
    })
}
