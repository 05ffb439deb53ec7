//! The recovery key on a sheet of paper.

use crate::t;
use chrono::{DateTime, Utc};
use komainu_archive::RecoveryKey;
use komainu_i18n::Lang;
use komainu_paper::{Paper, PaperError, Pdf, Template, qr};
use serde_json::json;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;

const KEY: Template = Template { name: "key.typ", main: include_str!("../paper/key.typ"), helpers: &[] };

/// Sets the page that an institution prints and locks away.
pub fn key_page(key: &RecoveryKey, lang: Lang, place: &str, at: DateTime<Utc>) -> Result<Pdf, PaperError> {
    let text = key.text();
    let data = json!({
        "title": t!(lang, "key-title"),
        "owner": place,
        "lead": t!(lang, "key-lead"),
        "key": text.as_str(),
        "qr": qr(&text).unwrap_or_default(),
        "qr_alt": t!(lang, "key-qr"),
        "heading": t!(lang, "key-steps"),
        "steps": [t!(lang, "key-step-print"), t!(lang, "key-step-away"), t!(lang, "key-step-file"), t!(lang, "key-step-tell")],
        "worst": t!(lang, "key-worst"),
        "command": "komainu restore FILE --data NEW-FOLDER",
        "without": t!(lang, "key-without"),
        "foreign": "age -d FILE | zstd -d | tar -x",
        "signers": [t!(lang, "key-keeper"), t!(lang, "key-place"), t!(lang, "key-day")],
    });
    Paper::new(NonZeroUsize::MIN).render(&KEY, &data, lang, at, &|_| ControlFlow::Continue(()))
}
