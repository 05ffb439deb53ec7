//! Words for kinds of work, and for why some failed.

use crate::t;
use komainu_i18n::Lang;
use komainu_jobs::{GIVEN_UP, Job, State};
use komainu_web::moment_text;

/// What a kind of work does; the bare code where this version does not know it.
pub(crate) fn kind_text(lang: Lang, kind: &str) -> String {
    match kind {
        "pack" => t!(lang, "kind-pack"),
        "mail" => t!(lang, "kind-mail"),
        "webhook" => t!(lang, "kind-webhook"),
        "reminder" => t!(lang, "kind-reminder"),
        "exposure" => t!(lang, "kind-exposure"),
        other => other.to_owned(),
    }
}

/// How a job stands: a badge's kind and its words.
pub(crate) fn state_text(lang: Lang, job: &Job) -> (&'static str, String) {
    match job.state {
        State::Running => ("info", t!(lang, "state-running")),
        State::Failed => ("stop", t!(lang, "state-failed")),
        State::Waiting if job.tries > 0 => {
            ("attention", t!(lang, "state-again", at = moment_text(lang, job.run_at)))
        }
        State::Waiting | State::Done | State::Cancelled => ("neutral", t!(lang, "state-waiting")),
    }
}

/// What went wrong and what to do, in plain words; empty where nothing did.
pub(crate) fn trouble_text(lang: Lang, job: &Job) -> String {
    match (job.result.as_str(), job.kind.as_str()) {
        ("", _) => String::new(),
        (GIVEN_UP, _) => t!(lang, "trouble-given-up"),
        (_, "mail") => t!(lang, "trouble-mail"),
        (_, "webhook") => t!(lang, "trouble-webhook"),
        _ => t!(lang, "trouble-other"),
    }
}
