//! What was seen and tapped, what became of it, and what is wrong with a photograph, in words.

use crate::model::{PhotoFault, State};
use crate::rules::{MOST_PHOTOS, PHOTO_BYTES};
use crate::t;
use komainu_catalog::{Catalog, Symptom};
use komainu_i18n::Lang;

/// The title of a symptom; its code where the catalogue has it no more.
pub fn symptom_text(catalog: &Catalog, lang: Lang, code: &str) -> String {
    catalog.symptom(code).map_or_else(|| code.to_owned(), |symptom| symptom.title.get(lang).to_owned())
}

/// What was tapped after a symptom: each question with its answer. What the catalogue has no more is left out.
pub fn tap_texts(lang: Lang, symptom: &Symptom, taps: &[String]) -> Vec<(String, String)> {
    let answers = taps.iter().filter_map(|code| symptom.answer(code));
    answers
        .map(|(tap, option)| (tap.question.get(lang).to_owned(), option.label.get(lang).to_owned()))
        .collect()
}

/// Where a report stands, for whoever sent it: a badge's kind and a sentence.
pub(crate) fn receipt_state(lang: Lang, state: State) -> (&'static str, String) {
    match state {
        State::New => ("neutral", t!(lang, "receipt-state-new")),
        State::Triaged => ("info", t!(lang, "receipt-state-triaged")),
        State::Analysis => ("info", t!(lang, "receipt-state-analysis")),
        State::Measures => ("info", t!(lang, "receipt-state-measures")),
        State::Closed => ("ok", t!(lang, "receipt-state-closed")),
        State::SetAside => ("ok", t!(lang, "receipt-state-set-aside")),
    }
}

/// How long ago something was seen, of [`crate::rules::AGO`].
pub(crate) fn ago_text(lang: Lang, minutes: i64) -> String {
    match minutes {
        0 => t!(lang, "report-ago-now"),
        1..=10 => t!(lang, "report-ago-minutes"),
        11..=60 => t!(lang, "report-ago-hour"),
        61..=180 => t!(lang, "report-ago-hours"),
        181..=1_440 => t!(lang, "report-ago-day"),
        _ => t!(lang, "report-ago-longer"),
    }
}

/// Why a photograph was not kept, and that the report was.
pub(crate) fn photo_fault_text(lang: Lang, fault: PhotoFault) -> String {
    match fault {
        PhotoFault::TooLarge => {
            t!(lang, "report-photo-too-large", most = (PHOTO_BYTES / 1_000_000).to_string())
        }
        PhotoFault::Kind => t!(lang, "report-photo-kind"),
        PhotoFault::TooMany => t!(lang, "report-photo-too-many", most = MOST_PHOTOS.to_string()),
        PhotoFault::NoRoom => t!(lang, "report-photo-no-room"),
    }
}
