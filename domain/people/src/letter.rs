//! The mail that brings an invitation.

use crate::model::{Email, Invitation};
use crate::t;
use komainu_i18n::Lang;
use komainu_notify::{Mail, NotAnAddress};
use komainu_web::{moment_text, role_text};

/// The same words in every language, the inviter's first: which one the invited person reads is not known yet.
pub(crate) fn invitation(
    lang: Lang,
    to: &Email,
    organisation: &str,
    invitation: &Invitation,
    link: &str,
) -> Result<Mail, NotAnAddress> {
    let others = Lang::ALL.into_iter().filter(|other| *other != lang);
    let parts: Vec<String> = [lang]
        .into_iter()
        .chain(others)
        .map(|lang| {
            t!(
                lang,
                "letter-invitation",
                name = invitation.name.as_str(),
                inviter = invitation.inviter.as_str(),
                organisation = organisation,
                role = role_text(lang, invitation.role),
                until = moment_text(lang, invitation.expires_at),
                link = link
            )
        })
        .collect();
    Mail::new(to.shown(), &t!(lang, "slip-title", organisation = organisation), &parts.join("\n\n----\n\n"))
}
