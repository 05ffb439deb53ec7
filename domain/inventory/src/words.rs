//! Names of kinds, facts, controls and answers, in the reader's language: plain words first, the official term second.

mod control;
mod fact;
mod kind;

pub use control::{control_label, control_question, state_text};
pub(crate) use fact::fact_stale_text;
pub use fact::{fact_fault_text, fact_hint, fact_label, fact_text, fact_word};
pub use kind::{
    asset_kind_hint, asset_kind_text, connection_kind_hint, connection_kind_text, end_text, item_title,
    relation_hint, relation_text,
};

use crate::{Hosting, t};
use komainu_catalog::{Catalog, SystemKindId};
use komainu_i18n::Lang;

/// The name of a kind of system; "another system" for one that the catalogue does not have.
pub fn kind_name(catalog: &Catalog, lang: Lang, kind: &SystemKindId) -> String {
    let known = catalog.system_kinds().iter().find(|known| *known.id == *kind);
    known.map_or_else(|| t!(lang, "kind-other"), |known| known.name.get(lang).to_owned())
}

/// Where a system runs, in a few words.
pub fn hosting_text(lang: Lang, hosting: Hosting) -> String {
    match hosting {
        Hosting::OnPremises => t!(lang, "hosting-on-premises"),
        Hosting::Cloud => t!(lang, "hosting-cloud"),
        Hosting::Unknown => t!(lang, "hosting-unknown"),
    }
}

/// Yes, no or not known.
pub fn known_text(lang: Lang, answer: Option<bool>) -> String {
    match answer {
        Some(true) => t!(lang, "known-yes"),
        Some(false) => t!(lang, "known-no"),
        None => t!(lang, "known-unknown"),
    }
}
