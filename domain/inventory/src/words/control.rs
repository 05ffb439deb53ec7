//! What stands in an attacker's way: its name, and the question that a form asks.

use crate::{t, tongue};
use komainu_exposure::model::{Control, State};
use komainu_i18n::Lang;

/// The name of a control.
pub fn control_label(lang: Lang, control: Control) -> String {
    tongue(lang).get(match control {
        Control::Updates => "control-updates",
        Control::Supported => "control-supported",
        Control::Antivirus => "control-antivirus",
        Control::AntivirusLocked => "control-antivirus-locked",
        Control::HostFirewall => "control-host-firewall",
        Control::ServicesStopped => "control-services-stopped",
        Control::UsersNotAdmin => "control-users-not-admin",
        Control::StrongPassword => "control-strong-password",
        Control::Lockout => "control-lockout",
        Control::TwoFactor => "control-two-factor",
        Control::CredentialsChanged => "control-credentials-changed",
        Control::UniquePassword => "control-unique-password",
        Control::CredentialProtected => "control-credential-protected",
        Control::SourceLimited => "control-source-limited",
        Control::OnDemand => "control-on-demand",
        Control::Filtered => "control-filtered",
        Control::LogWatched => "control-log-watched",
        Control::MediaLimited => "control-media-limited",
        Control::MailFiltered => "control-mail-filtered",
        Control::OutboundLimited => "control-outbound-limited",
        Control::OfflineCopy => "control-offline-copy",
        Control::Generations => "control-generations",
        Control::RestoreTested => "control-restore-tested",
        Control::SeparateFromDomain => "control-separate-from-domain",
    })
}

/// The question about a control, to be answered with yes, no or not sure.
pub fn control_question(lang: Lang, control: Control) -> String {
    tongue(lang).get(match control {
        Control::Updates => "control-updates-ask",
        Control::Supported => "control-supported-ask",
        Control::Antivirus => "control-antivirus-ask",
        Control::AntivirusLocked => "control-antivirus-locked-ask",
        Control::HostFirewall => "control-host-firewall-ask",
        Control::ServicesStopped => "control-services-stopped-ask",
        Control::UsersNotAdmin => "control-users-not-admin-ask",
        Control::StrongPassword => "control-strong-password-ask",
        Control::Lockout => "control-lockout-ask",
        Control::TwoFactor => "control-two-factor-ask",
        Control::CredentialsChanged => "control-credentials-changed-ask",
        Control::UniquePassword => "control-unique-password-ask",
        Control::CredentialProtected => "control-credential-protected-ask",
        Control::SourceLimited => "control-source-limited-ask",
        Control::OnDemand => "control-on-demand-ask",
        Control::Filtered => "control-filtered-ask",
        Control::LogWatched => "control-log-watched-ask",
        Control::MediaLimited => "control-media-limited-ask",
        Control::MailFiltered => "control-mail-filtered-ask",
        Control::OutboundLimited => "control-outbound-limited-ask",
        Control::OfflineCopy => "control-offline-copy-ask",
        Control::Generations => "control-generations-ask",
        Control::RestoreTested => "control-restore-tested-ask",
        Control::SeparateFromDomain => "control-separate-from-domain-ask",
    })
}

/// The answer to the question about a control.
pub fn state_text(lang: Lang, state: State) -> String {
    match state {
        State::Present => t!(lang, "state-present"),
        State::Absent => t!(lang, "state-absent"),
        State::Unknown => t!(lang, "state-unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_control_has_its_words_in_every_language() {
        for lang in Lang::ALL {
            for control in Control::ALL {
                for text in [control_label(lang, *control), control_question(lang, *control)] {
                    assert!(!text.is_empty() && !text.contains("No localization"), "{lang}: {text}");
                }
            }
        }
    }
}
