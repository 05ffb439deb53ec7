//! A new set of recovery codes, shown once.

use crate::factors::actions;
use crate::factors::model::RecoveryCode;
use crate::t;
use askama::Template;
use komainu_web::{Form, Outcome, Shell, SignedIn, moment_text, page};

#[derive(Template)]
#[template(path = "factors/codes.html")]
struct CodesPage {
    page: Shell,
    /// What happened just before; empty for nothing.
    done: String,
    codes: Vec<String>,
    made_at: String,
}

/// The page that shows a set. A change of language leads back to the list, as the codes cannot be shown again.
pub(super) fn shown(signed: &SignedIn, done: String, codes: &[RecoveryCode]) -> Outcome {
    let lang = signed.lang;
    page(&CodesPage {
        page: Shell { path: "/account/factors".to_owned(), ..signed.shell(&t!(lang, "codes-title")) },
        done,
        codes: codes.iter().map(RecoveryCode::text).collect(),
        made_at: moment_text(lang, signed.app.nature.now()),
    })
}

/// `POST /account/factors/codes`
pub async fn codes_make(signed: SignedIn, _: Form) -> Outcome {
    let (nature, session) = (signed.app.nature.clone(), signed.session.clone());
    let codes = signed.write(move |tx| actions::codes_make(tx, &nature, &session)).await?;
    shown(&signed, String::new(), &codes)
}
