//! One's own second factors.

use super::{PasskeyPart, asks_proof};
use crate::factors::actions;
use crate::factors::model::Factors;
use crate::factors::rules::{CODES, FEW_CODES};
use crate::t;
use askama::Template;
use komainu_web::{Outcome, Shell, SignedIn, moment_text, page};

struct PasskeyRow {
    id: String,
    name: String,
    times: String,
}

#[derive(Template)]
#[template(path = "factors/own.html")]
struct FactorsPage {
    page: Shell,
    /// The organisation that demands a second factor which is not there; empty for none.
    owed_to: String,
    /// Since when the app is set up; empty where it is not.
    totp_since: String,
    passkeys: Vec<PasskeyRow>,
    passkey: PasskeyPart,
    any: bool,
    codes_left: i64,
    few_codes: bool,
}

/// `GET /account/factors`
pub async fn factors(signed: SignedIn) -> Outcome {
    if let Some(elsewhere) = asks_proof(signed.visit(), &signed.session) {
        return Ok(elsewhere);
    }
    let lang = signed.lang;
    let person = signed.session.person;
    let own: Factors = signed.read(move |tx| Ok(actions::factors(tx, person)?)).await?;
    let owed = signed.session.place.as_ref().filter(|_| signed.session.owes_factor);
    let any = own.kinds().any();
    page(&FactorsPage {
        page: signed.shell(&t!(lang, "factors-title")),
        owed_to: owed.map(|(_, name, _)| name.clone()).unwrap_or_default(),
        totp_since: own.totp.map(|since| moment_text(lang, since)).unwrap_or_default(),
        passkeys: own
            .passkeys
            .into_iter()
            .map(|passkey| PasskeyRow {
                id: passkey.id.to_string(),
                times: match passkey.used_at {
                    Some(used) => t!(
                        lang,
                        "passkey-times",
                        since = moment_text(lang, passkey.created_at),
                        used = moment_text(lang, used)
                    ),
                    None => t!(lang, "passkey-unused", since = moment_text(lang, passkey.created_at)),
                },
                name: passkey.name,
            })
            .collect(),
        passkey: PasskeyPart::of(signed.visit()),
        any,
        codes_left: own.codes_left,
        few_codes: any && own.codes_left <= FEW_CODES,
    })
}

/// How many codes a set has, as the pages say it.
fn codes() -> String {
    CODES.to_string()
}
