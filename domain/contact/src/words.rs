//! Names of duties and remarks on outside parties, in the reader's language.

use crate::{Duty, t};
use komainu_i18n::Lang;

/// The name of a stored duty: of a known one in the reader's language, of any other as it was written.
pub fn duty_text(lang: Lang, stored: &str) -> String {
    let Ok(duty) = stored.parse::<Duty>() else { return stored.to_owned() };
    match duty {
        Duty::Director => t!(lang, "duty-director"),
        Duty::SafetyManager => t!(lang, "duty-safety-manager"),
        Duty::SystemOperator => t!(lang, "duty-system-operator"),
        Duty::Deputy => t!(lang, "duty-deputy"),
        Duty::JmaEmergency => t!(lang, "duty-jma-emergency"),
        Duty::JmaGuideline => t!(lang, "duty-jma-guideline"),
        Duty::Ministry => t!(lang, "duty-ministry"),
        Duty::Prefecture => t!(lang, "duty-prefecture"),
        Duty::Police => t!(lang, "duty-police"),
        Duty::PrivacyCommission => t!(lang, "duty-privacy-commission"),
        Duty::Ipa => t!(lang, "duty-ipa"),
    }
}

/// What to know about an outside party: hours, for whom, what is missing. Empty for the people of the house.
pub fn party_note(lang: Lang, duty: Duty) -> String {
    match duty {
        Duty::JmaEmergency => t!(lang, "party-jma-emergency"),
        Duty::JmaGuideline => t!(lang, "party-jma-guideline"),
        Duty::Ministry => t!(lang, "party-ministry"),
        Duty::Prefecture => t!(lang, "party-prefecture"),
        Duty::Police => t!(lang, "party-police"),
        Duty::PrivacyCommission => t!(lang, "party-privacy-commission"),
        Duty::Ipa => t!(lang, "party-ipa"),
        Duty::Director | Duty::SafetyManager | Duty::SystemOperator | Duty::Deputy => String::new(),
    }
}
