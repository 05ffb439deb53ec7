//! Facts, controls and references as other programs send them: codes and texts, every fault at its field.

use crate::words::fact_fault_text;
use crate::{Fact, Facts, Subject, t};
use komainu_exposure::model::{Control, Controls, Place, State};
use komainu_i18n::Lang;
use komainu_web::FieldErrors;
use std::collections::BTreeMap;

/// Texts by code.
pub(super) type Texts = BTreeMap<String, String>;

/// Reads facts: each by its code, in its own form (a day as `2026-04-01`).
pub(super) fn facts(lang: Lang, texts: &Texts, subject: Subject, faults: &mut FieldErrors) -> Facts {
    let mut facts = Facts::default();
    for (code, text) in texts {
        let field = format!("facts.{code}");
        let Ok(fact) = code.parse::<Fact>() else {
            faults.add(&field, t!(lang, "code-unknown", code = code.as_str()));
            continue;
        };
        if fact.asked(subject).is_none() {
            faults.add(&field, t!(lang, "code-not-here", code = code.as_str()));
        } else if let Err(fault) = facts.set(fact, text) {
            faults.add(&field, fact_fault_text(lang, fault));
        }
    }
    facts
}

/// Reads controls: `present`, `absent` or `unknown` by code.
pub(super) fn controls(
    lang: Lang,
    texts: &Texts,
    place: Option<Place>,
    faults: &mut FieldErrors,
) -> Controls {
    let mut controls = Controls::new();
    for (code, text) in texts {
        let field = format!("controls.{code}");
        let (Ok(control), Ok(state)) = (code.parse::<Control>(), text.parse::<State>()) else {
            let wrong = if code.parse::<Control>().is_ok() { text } else { code };
            faults.add(&field, t!(lang, "code-unknown", code = wrong.as_str()));
            continue;
        };
        if place.is_none_or(|place| !control.fits(place)) {
            faults.add(&field, t!(lang, "code-not-here", code = code.as_str()));
        } else if state != State::Unknown {
            controls.insert(control, state);
        }
    }
    controls
}

/// Facts as they are shown.
pub(super) fn fact_texts(facts: &Facts) -> Texts {
    facts.iter().map(|(fact, text)| (fact.code().to_owned(), text.to_owned())).collect()
}

/// Controls as they are shown.
pub(super) fn control_texts(controls: &Controls) -> Texts {
    controls.iter().map(|(control, state)| (control.code().to_owned(), state.code().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AssetKind;

    fn texts(all: &[(&str, &str)]) -> Texts {
        all.iter().map(|(code, text)| ((*code).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn each_fault_stands_at_its_field() {
        let mut faults = FieldErrors::default();
        let sent = texts(&[
            ("maker", "画像社"),
            ("count", "0"),
            ("support_ends", "令和8年"),
            ("colour", "red"),
            ("urgency", "3"),
        ]);
        let read = facts(Lang::Ja, &sent, Subject::Asset(AssetKind::Server), &mut faults);
        assert_eq!(fact_texts(&read), texts(&[("maker", "画像社")]));
        let fields: Vec<&str> = faults.0.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["facts.colour", "facts.count", "facts.support_ends", "facts.urgency"]);

        let mut faults = FieldErrors::default();
        let sent = texts(&[
            ("updates", "present"),
            ("antivirus", "unknown"),
            ("two_factor", "perhaps"),
            ("magic", "present"),
            ("source_limited", "absent"),
        ]);
        let read = controls(Lang::Ja, &sent, Some(Place::Node), &mut faults);
        assert_eq!(control_texts(&read), texts(&[("updates", "present")]));
        let fields: Vec<&str> = faults.0.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["controls.magic", "controls.source_limited", "controls.two_factor"]);
    }
}
