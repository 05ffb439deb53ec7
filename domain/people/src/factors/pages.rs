//! Pages about second factors, and the parts of other pages that speak of them.

mod codes;
mod confirm;
mod demand;
mod own;
mod passkeys;
mod second;
mod totp;

pub use codes::codes_make;
pub use confirm::{confirm, confirm_options, confirm_submit};
pub use demand::demand_save;
pub use own::factors;
pub use passkeys::{passkey_new, passkey_new_options, passkey_remove, passkey_save};
pub use second::{passkey_sign_in, passkey_sign_in_options, second, second_options, second_submit};
pub use totp::{totp, totp_remove, totp_save};

pub(crate) use demand::{DemandPart, kinds_text};

use super::actions::{self, Relying};
use super::model::Means;
use super::rules::{self, Ground};
use crate::pages::path::with_next;
use crate::t;
use axum::response::Response;
use komainu_access::Session;
use komainu_i18n::Lang;
use komainu_web::{Failure, Visit, redirect};

/// Where passkeys work, seen from this request.
fn ground(visit: &Visit) -> Ground {
    rules::ground(&visit.app.settings.public_url, &visit.host)
}

/// The installation as passkeys know it, where they work for this request.
pub fn relying(visit: &Visit) -> Result<Option<Relying>, Failure> {
    actions::relying(&ground(visit))
}

/// The same, for what only the pages of passkeys ask for.
fn relying_here(visit: &Visit) -> Result<Relying, Failure> {
    relying(visit)?.ok_or(Failure::NotFound)
}

/// What a page says of passkeys.
pub struct PasskeyPart {
    /// Whether they work here.
    pub here: bool,
    /// Where else they work; empty for nowhere.
    pub elsewhere: String,
}

impl PasskeyPart {
    /// Where they work, seen from this request.
    pub fn of(visit: &Visit) -> PasskeyPart {
        match ground(visit) {
            Ground::Here { .. } => PasskeyPart { here: true, elsewhere: String::new() },
            Ground::Elsewhere(elsewhere) => PasskeyPart { here: false, elsewhere },
            Ground::Nowhere => PasskeyPart { here: false, elsewhere: String::new() },
        }
    }
}

/// To the page that asks for a proof and leads back here, unless there is a fresh one.
pub fn asks_proof(visit: &Visit, session: &Session) -> Option<Response> {
    let fresh = rules::proved(session.proved_at, visit.app.nature.now(), rules::PROOF_FRESH);
    (!fresh).then(|| redirect(&with_next("/account/confirm", &visit.path)))
}

/// How somebody came in.
pub(crate) fn means_text(lang: Lang, means: Means) -> String {
    match means {
        Means::Password => t!(lang, "means-password"),
        Means::PasswordTotp => t!(lang, "means-password-totp"),
        Means::PasswordPasskey => t!(lang, "means-password-passkey"),
        Means::PasswordRecovery => t!(lang, "means-password-recovery"),
        Means::Passkey => t!(lang, "means-passkey"),
        Means::Openid => t!(lang, "means-openid"),
        Means::OpenidTotp => t!(lang, "means-openid-totp"),
        Means::OpenidPasskey => t!(lang, "means-openid-passkey"),
        Means::OpenidRecovery => t!(lang, "means-openid-recovery"),
        Means::Pin => t!(lang, "means-pin"),
        Means::Joined => t!(lang, "means-joined"),
        Means::Demo => t!(lang, "means-demo"),
        Means::Refused => t!(lang, "means-refused"),
    }
}
