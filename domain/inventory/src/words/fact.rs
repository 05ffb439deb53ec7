//! What can be known, as people read it.

use crate::{Fact, FactFault, FactType, t, tongue};
use komainu_i18n::Lang;
use komainu_web::date_text;

/// The name of a fact.
pub fn fact_label(lang: Lang, fact: Fact) -> String {
    tongue(lang).get(match fact {
        Fact::Number => "fact-number",
        Fact::Maker => "fact-maker",
        Fact::Model => "fact-model",
        Fact::Serial => "fact-serial",
        Fact::Count => "fact-count",
        Fact::Keeper => "fact-keeper",
        Fact::Installed => "fact-installed",
        Fact::Os => "fact-os",
        Fact::Software => "fact-software",
        Fact::SupportEnds => "fact-support-ends",
        Fact::Patchable => "fact-patchable",
        Fact::Address => "fact-address",
        Fact::Mac => "fact-mac",
        Fact::Hostname => "fact-hostname",
        Fact::RemotePrograms => "fact-remote-programs",
        Fact::Approval => "fact-approval",
        Fact::DeviceClass => "fact-device-class",
        Fact::HoldsRecords => "fact-holds-records",
        Fact::ReadsMail => "fact-reads-mail",
        Fact::TakesMedia => "fact-takes-media",
        Fact::HowToDisconnect => "fact-how-to-disconnect",
        Fact::RecoveryHours => "fact-recovery-hours",
        Fact::CopyRhythm => "fact-copy-rhythm",
        Fact::CopiesKept => "fact-copies-kept",
        Fact::RestoreTriedOn => "fact-restore-tried-on",
        Fact::KnownBy => "fact-known-by",
        Fact::Administrator => "fact-administrator",
        Fact::ChangedOn => "fact-changed-on",
        Fact::Urgency => "fact-urgency",
        Fact::PaperWay => "fact-paper-way",
        Fact::Protocol => "fact-protocol",
        Fact::LineNumber => "fact-line-number",
        Fact::OpenedBy => "fact-opened-by",
        Fact::LastUsed => "fact-last-used",
        Fact::HowToCut => "fact-how-to-cut",
    })
}

/// A line that helps whoever has to find it out; none where the name says enough.
pub fn fact_hint(lang: Lang, fact: Fact) -> Option<String> {
    let key = match fact {
        Fact::Number => "fact-number-hint",
        Fact::Count => "fact-count-hint",
        Fact::Keeper => "fact-keeper-hint",
        Fact::Os => "fact-os-hint",
        Fact::Software => "fact-software-hint",
        Fact::SupportEnds => "fact-support-ends-hint",
        Fact::Patchable => "fact-patchable-hint",
        Fact::Address => "fact-address-hint",
        Fact::RemotePrograms => "fact-remote-programs-hint",
        Fact::Approval => "fact-approval-hint",
        Fact::HowToDisconnect => "fact-how-to-disconnect-hint",
        Fact::RecoveryHours => "fact-recovery-hours-hint",
        Fact::CopiesKept => "fact-copies-kept-hint",
        Fact::Urgency => "fact-urgency-hint",
        Fact::PaperWay => "fact-paper-way-hint",
        Fact::Protocol => "fact-protocol-hint",
        Fact::OpenedBy => "fact-opened-by-hint",
        Fact::HowToCut => "fact-how-to-cut-hint",
        Fact::Maker
        | Fact::Model
        | Fact::Serial
        | Fact::Installed
        | Fact::Mac
        | Fact::Hostname
        | Fact::DeviceClass
        | Fact::HoldsRecords
        | Fact::ReadsMail
        | Fact::TakesMedia
        | Fact::CopyRhythm
        | Fact::RestoreTriedOn
        | Fact::KnownBy
        | Fact::Administrator
        | Fact::ChangedOn
        | Fact::LineNumber
        | Fact::LastUsed => return None,
    };
    Some(tongue(lang).get(key))
}

/// A fact's canonical text as people read it.
pub fn fact_text(lang: Lang, fact: Fact, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    match fact.kind() {
        FactType::Day => text.parse().map_or_else(|_| text.to_owned(), |day| date_text(lang, day)),
        FactType::YesNo => match text {
            "yes" | "no" => super::known_text(lang, Some(text == "yes")),
            // Stored under another form, and shown as it is.
            _ => text.to_owned(),
        },
        FactType::Choice(_) => fact_word(lang, fact, text),
        FactType::Line(_) | FactType::Text(_) | FactType::Number(..) => text.to_owned(),
    }
}

/// One of the words that a fact is chosen from.
pub fn fact_word(lang: Lang, fact: Fact, word: &str) -> String {
    let key = match (fact, word) {
        (Fact::DeviceClass, "1") => "device-class-1",
        (Fact::DeviceClass, "2") => "device-class-2",
        (Fact::DeviceClass, "3") => "device-class-3",
        (Fact::DeviceClass, "4") => "device-class-4",
        (Fact::CopyRhythm, "continuous") => "copy-rhythm-continuous",
        (Fact::CopyRhythm, "daily") => "copy-rhythm-daily",
        (Fact::CopyRhythm, "weekly") => "copy-rhythm-weekly",
        (Fact::CopyRhythm, "monthly") => "copy-rhythm-monthly",
        (Fact::CopyRhythm, "rarely") => "copy-rhythm-rarely",
        _ => return word.to_owned(),
    };
    tongue(lang).get(key)
}

/// That what is stored cannot stand for its fact any more, and what to write instead.
pub(crate) fn fact_stale_text(lang: Lang, text: &str, fault: FactFault) -> String {
    let mut shown: String = text.chars().take(STALE).collect();
    if text.chars().nth(STALE).is_some() {
        shown.push('…');
    }
    t!(lang, "fact-stale", text = shown, why = fact_fault_text(lang, fault))
}

/// Characters of a stored text that are told with what is wrong with it.
const STALE: usize = 30;

/// What is wrong with a text, and what to write instead.
pub fn fact_fault_text(lang: Lang, fault: FactFault) -> String {
    match fault {
        FactFault::TooLong(most) => t!(lang, "fact-fault-too-long", most = most),
        FactFault::NoDay => t!(lang, "fact-fault-no-day"),
        FactFault::NeitherYesNorNo => t!(lang, "fact-fault-yes-no"),
        FactFault::NoNumber(least, most) => {
            // As text: a large number gets no marks between its digits.
            t!(lang, "fact-fault-no-number", least = least.to_string(), most = most.to_string())
        }
        FactFault::NoChoice => t!(lang, "fact-fault-no-choice"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{COPY_RHYTHMS, DEVICE_CLASSES};

    #[test]
    fn every_fact_has_its_words_in_every_language() {
        for lang in Lang::ALL {
            for fact in Fact::ALL {
                let texts = [Some(fact_label(lang, *fact)), fact_hint(lang, *fact)];
                for text in texts.into_iter().flatten() {
                    assert!(!text.is_empty() && !text.contains("No localization"), "{lang}: {text}");
                }
            }
            for (fact, words) in [(Fact::DeviceClass, DEVICE_CLASSES), (Fact::CopyRhythm, COPY_RHYTHMS)] {
                for word in words {
                    let text = fact_text(lang, fact, word);
                    assert!(text != *word && !text.contains("No localization"), "{lang}: {text}");
                }
            }
        }
    }

    #[test]
    fn a_fact_reads_as_people_write_it() {
        for (fact, text, read) in [
            (Fact::SupportEnds, "2026-04-01", "令和8年4月1日"),
            (Fact::Patchable, "no", "いいえ"),
            (Fact::CopyRhythm, "daily", "毎日"),
            (Fact::Maker, "画像社", "画像社"),
            (Fact::Count, "1200", "1200"),
            (Fact::SupportEnds, "", ""),
            (Fact::SupportEnds, "そのうち", "そのうち"),
            (Fact::Patchable, "maybe", "maybe"),
            (Fact::CopyRhythm, "yearly", "yearly"),
        ] {
            assert_eq!(fact_text(Lang::Ja, fact, text), read);
        }
    }
}
